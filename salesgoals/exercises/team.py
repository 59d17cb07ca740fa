"""Exercises of lesson 3: luck and ability, and what leaves with a person."""

from __future__ import annotations

from typing import Any

from salesgoals.exercises.checking import RIGHT, judges, read_share
from salesgoals.history import credited_sales, roster
from salesgoals.team import describe_people, sales_at_risk
from salesgoals.workspace import Workspace

NEAR = 0.015
NEARLY = 0.0005  # shares that no reader can tell apart


def _has_sales(workspace: Workspace) -> bool:
    sales = credited_sales(workspace.tables)
    return bool((sales.person_id.notna() & (sales.amount > 0)).any())


def _has_team(workspace: Workspace) -> bool:
    if not _has_sales(workspace):
        return False
    people = roster(workspace.tables, credited_sales(workspace.tables).date.max())
    return bool((people.groupby(["department", "team"], dropna=False).size() >= 2).any())


@judges("3.1", case=_has_sales)
def _share_of_one_order(workspace: Workspace, answer: Any) -> str:
    """Share of the own sales that one order made, of the person with the largest such share."""
    value = read_share(answer)
    if value is None:
        return "needs_number"
    largest = float(describe_people(workspace.tables).largest_share.max())
    if abs(value - largest) <= NEAR:
        return RIGHT
    return "turned" if abs(value - (1 - largest)) <= NEAR else "not_yet"


@judges("3.2", case=_has_team)
def _who_carries_the_team(workspace: Workspace, answer: Any) -> str:
    """Name or id of the person with the largest share of the own team's sales."""
    if not isinstance(answer, str):
        return "nobody"
    risk, given = sales_at_risk(workspace.tables), answer.strip()
    known = risk[risk.team_people >= 2]
    most = known[known.team_share >= known.team_share.max() - NEARLY]
    if given in set(most.person_id):
        return RIGHT
    if (risk.person == given).sum() > 1:
        return "shared_name"
    if given in set(most.person.dropna()):
        return RIGHT
    return "not_yet" if given in {*risk.person_id, *risk.person.dropna()} else "nobody"
