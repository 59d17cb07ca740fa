"""Exercises of lesson 4: a total and its chance."""

from __future__ import annotations

import math
from typing import Any

from salesgoals.decompose import plan_goals
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_number, read_share
from salesgoals.forecast import Forecast
from salesgoals.goal import chance, totals_at
from salesgoals.levels import set_levels
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace

WANTED, NEAR = 0.60, 0.01
NEAR_CHANCE = 0.015


@kept
def _forecast(workspace: Workspace) -> Forecast:
    return estimate(workspace)[0]


@judges("4.1", case=lambda workspace: len(_forecast(workspace).people) > 0)
def _total_at_60(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    if 0 <= value <= 100:
        return "a_chance"
    if value < 0:
        return "not_yet"
    reached = chance(_forecast(workspace), value)
    if abs(reached - WANTED) <= NEAR:
        return RIGHT
    return "too_high" if reached < WANTED else "too_low"


@plans("4.1")
def _totals_planned(workspace: Workspace) -> Planned:
    forecast = _forecast(workspace)
    high, right, low = totals_at(forecast, (.5, WANTED, .7)).total
    return Planned((right, f"{right:,.0f}"), {
        "too_high": (high, 2 * float(forecast.unit["last_12"])), "too_low": (low,),
        "a_chance": (WANTED, "60%"), "needs_number": ("more",), "not_yet": (-right,)})


@kept
def _market_total(workspace: Workspace) -> float:
    return float(estimate(workspace)[1].set_index("estimate").total["market"])


@judges("4.2", case=lambda workspace: not math.isnan(_market_total(workspace)))
def _chance_with_market(workspace: Workspace, answer: Any) -> str:
    value = read_share(answer)
    if value is None:
        return "needs_number"
    if not 0 <= value <= 1:
        return "a_total" if value > 10 else "no_chance"
    wanted = chance(_forecast(workspace), _market_total(workspace))
    if abs(value - wanted) <= NEAR_CHANCE:
        return RIGHT
    return "turned" if abs(value - (1 - wanted)) <= NEAR_CHANCE else "not_yet"


@plans("4.2")
def _chances_planned(workspace: Workspace) -> Planned:
    total = _market_total(workspace)
    right = chance(_forecast(workspace), total)
    return Planned((right, f"{right:.1%}"), unlike(NEAR_CHANCE, {RIGHT: right, "turned": 1 - right})
                   | {"a_total": (total,), "no_chance": (1.2, -.3), "needs_number": ("good",)})


@kept
def _places(workspace: Workspace) -> tuple[int, int]:
    """How many have a goal beyond what they stretch to, and how many have a goal."""
    forecast = _forecast(workspace)
    start = f"{forecast.unit_months.month.iloc[0]:%Y-%m}"
    plan = plan_goals(workspace.tables, round(totals_at(forecast, (0.5,)).total[0]), start,
                      country=workspace.settings.calendar_country)
    place = set_levels(forecast, plan).place
    return int((place == "above_stretch").sum()), len(place)


@judges("4.3", case=lambda workspace: _places(workspace)[1] > 0)
def _beyond_the_stretch(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    beyond, everybody = _places(workspace)
    if value == beyond:
        return RIGHT
    if value == everybody:
        return "everybody"
    return "others" if value == everybody - beyond else "not_yet"


@plans("4.3")
def _counts_planned(workspace: Workspace) -> Planned:
    beyond, everybody = _places(workspace)
    wrong = {"everybody": everybody, "others": everybody - beyond, "not_yet": -1}
    told = {name: (value,) for name, value in wrong.items()
            if value != beyond and (name != "others" or value != everybody)}
    return Planned((beyond, str(beyond), float(beyond)), told | {"needs_number": ("some",)})
