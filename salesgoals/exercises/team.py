"""Exercises of lesson 3: luck and ability, and what leaves with a person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_choice, read_share
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


@kept
def _shares(workspace: Workspace) -> dict[str, float]:
    """The largest share of one order in somebody's sales, and what is taken for it."""
    people = describe_people(workspace.tables)
    largest = float(people.largest_share.max())
    return {RIGHT: largest, "turned": 1 - largest,
            "of_everybody": float(people.largest_order.max() / people.sales.sum())}


@judges("3.1", case=_has_sales)
def _share_of_one_order(workspace: Workspace, answer: Any) -> str:
    """Share of the own sales that one order made, of the person with the largest such share."""
    value = read_share(answer)
    if value is None:
        return "needs_number"
    return next((name for name, share in _shares(workspace).items() if abs(value - share) <= NEAR), "not_yet")


@plans("3.1")
def _shares_planned(workspace: Workspace) -> Planned:
    shares = _shares(workspace)
    right = shares[RIGHT]
    return Planned((right, f"{right:.1%}", round(right * 100, 1)),
                   unlike(NEAR, shares) | {"needs_number": ("most",)})


@kept
def _carriers(workspace: Workspace) -> tuple[pd.DataFrame, list[str]]:
    """Everybody whose leaving is judged, and who has the largest share of the own team."""
    risk = sales_at_risk(workspace.tables)
    known = risk[risk.team_people >= 2]
    return risk, list(known.person_id[known.team_share >= known.team_share.max() - NEARLY])


@judges("3.2", case=_has_team)
def _who_carries_the_team(workspace: Workspace, answer: Any) -> str:
    """Name or id of the person with the largest share of the own team's sales."""
    risk, most = _carriers(workspace)
    names = {str(row.person_id): (str(row.person),) for row in risk.itertuples()}
    named = read_choice(answer, names)
    if not named:
        return "nobody"
    if len(named) > 1:
        return "shared_name"
    if named[0] in most:
        return RIGHT
    return "sells_most" if named[0] == risk.loc[risk.sales.idxmax(), "person_id"] else "not_yet"


@plans("3.2")
def _carriers_planned(workspace: Workspace) -> Planned:
    risk, most = _carriers(workspace)
    shared = risk.person[risk.person.duplicated(keep=False) & risk.person.notna()]
    largest = risk.loc[risk.sales.idxmax(), "person_id"]
    wrong: dict[str, tuple[Any, ...]] = {"nobody": ("?", "nobody", 999_999)}
    wrong |= {"shared_name": (shared.iloc[0],)} if len(shared) else {}
    wrong |= {"sells_most": (largest,)} if largest not in most else {}
    others = risk.person_id[~risk.person_id.isin([*most, largest])]
    wrong |= {"not_yet": (others.iloc[-1],)} if len(others) else {}
    own = risk[risk.person_id == most[0]].person.iloc[0]
    alone = pd.notna(own) and own not in set(shared)
    return Planned((most[0], f"{most[0]} ", *([own, f"{own}（{most[0]}）"] if alone else [])), wrong)
