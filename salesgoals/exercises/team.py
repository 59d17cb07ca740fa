"""Exercises of lesson 3: luck and ability, and what leaves with a person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_share
from salesgoals.team import describe_people, sales_at_risk
from salesgoals.workspace import Workspace

NEAR = 0.015


def _luckiest(workspace: Workspace) -> pd.Series | None:
    described = describe_people(workspace.tables)
    known = described[described.largest_share.notna() & (described.sales > 0)]
    return None if known.empty else known.loc[known.largest_share.idxmax()]


def _most_needed(workspace: Workspace) -> pd.Series | None:
    risk = sales_at_risk(workspace.tables)
    known = risk[(risk.team_people >= 2) & risk.team_share.notna()]
    return None if known.empty else known.loc[known.team_share.idxmax()]


@judges("3.1", case=lambda workspace: _luckiest(workspace) is not None)
def _sales_without_luck(workspace: Workspace, answer: Any) -> str:
    """Share of the own sales that one order made, of the person with the largest such share."""
    value = read_share(answer)
    if value is None:
        return "needs_number"
    person = _luckiest(workspace)
    assert person is not None
    if abs(value - float(person.largest_share)) <= NEAR:
        return RIGHT
    return "turned" if abs(value - (1 - float(person.largest_share))) <= NEAR else "not_yet"


@judges("3.2", case=lambda workspace: _most_needed(workspace) is not None)
def _who_carries_the_team(workspace: Workspace, answer: Any) -> str:
    """Name or id of the person with the largest share of the own team's sales."""
    person = _most_needed(workspace)
    assert person is not None
    if not isinstance(answer, str):
        return "nobody"
    risk = sales_at_risk(workspace.tables)
    given = answer.strip()
    known = risk[(risk.team_people >= 2) & risk.team_share.notna()]
    nearly = known[known.team_share >= float(person.team_share) - .0005]
    if given in set(nearly.person_id):
        return RIGHT
    if (risk.person == given).sum() > 1:
        return "shared_name"
    if given in set(nearly.person):
        return RIGHT
    return "not_yet" if given in set(risk.person_id) | set(risk.person) else "nobody"
