"""Exercises of lesson 4: a total and its chance."""

from __future__ import annotations

import math
from typing import Any

from salesgoals.decompose import plan_goals
from salesgoals.exercises.checking import RIGHT, judges, read_number, read_share
from salesgoals.goal import chance, totals_at
from salesgoals.levels import set_levels
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace


@judges("4.1")
def _total_at_60(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    if value <= 0:
        return "not_yet"
    reached = chance(estimate(workspace)[0], value)
    if abs(reached - 0.60) <= 0.01:
        return RIGHT
    return "too_high" if reached < 0.60 else "too_low"


def _market_total(workspace: Workspace) -> float:
    return float(estimate(workspace)[1].set_index("estimate").total["market"])


@judges("4.2", case=lambda workspace: not math.isnan(_market_total(workspace)))
def _chance_with_market(workspace: Workspace, answer: Any) -> str:
    forecast = estimate(workspace)[0]
    value = read_share(answer)
    if value is None:
        return "needs_number"
    if not 0 <= value <= 1:
        return "no_chance"
    wanted = chance(forecast, _market_total(workspace))
    if abs(value - wanted) <= 0.015:
        return RIGHT
    return "turned" if abs(value - (1 - wanted)) <= 0.015 else "not_yet"


@judges("4.3")
def _beyond_the_stretch(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    forecast = estimate(workspace)[0]
    start = f"{forecast.unit_months.month.iloc[0]:%Y-%m}"
    plan = plan_goals(workspace.tables, round(totals_at(forecast, (0.5,)).total[0]), start,
                      country=workspace.settings.calendar_country)
    place = set_levels(forecast, plan).place
    beyond = int((place == "above_stretch").sum())
    if value == beyond:
        return RIGHT
    return "others" if value == len(place) - beyond else "not_yet"
