"""Exercises of lesson 5: who has the hardest goal, and what is fair to a newcomer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.decompose import compare_methods
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_choice, read_number
from salesgoals.forecast import Forecast
from salesgoals.goal import chance_of_people
from salesgoals.lessons import newest_person
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace

EVEN, NEAR = 0.50, 0.02


def _people(workspace: Workspace) -> tuple[Forecast, pd.DataFrame]:
    forecast, _ = estimate(workspace)
    total = round(float(forecast.unit["last_12"]))
    start = f"{forecast.months.month.min():%Y-%m}"
    return forecast, compare_methods(workspace.tables, total, start).set_index("person_id")


@kept
def _chances(workspace: Workspace) -> tuple[pd.Series, list[str], pd.Series]:
    """Chance of an equal goal by person, the lowest of them, and the names."""
    forecast, methods = _people(workspace)
    chances = chance_of_people(forecast, methods.equal).reindex(methods.index)
    lowest = chances.index[chances <= max(chances.min() + 0.005, 0.01)]  # what no reader can tell apart
    return chances, list(lowest), methods.person


@judges("5.1", case=lambda workspace: len(_chances(workspace)[0]) > 0)
def _hardest_equal_goal(workspace: Workspace, answer: Any) -> str:
    chances, lowest, names = _chances(workspace)
    named = read_choice(answer, {str(key): (str(name),) for key, name in names.items()})
    if not named:
        return "nobody"
    if len(named) > 1:
        return "shared_name"
    if named[0] in lowest:
        return RIGHT
    return "easiest" if chances[named[0]] >= chances.max() - 0.005 else "not_yet"


@plans("5.1")
def _people_planned(workspace: Workspace) -> Planned:
    chances, lowest, names = _chances(workspace)
    shared = names[names.duplicated(keep=False) & names.notna()]
    wrong: dict[str, tuple[Any, ...]] = {"nobody": ("?", "nobody", 999_999)}
    wrong |= {"shared_name": (shared.iloc[0],)} if len(shared) else {}
    wrong |= {"easiest": (chances.idxmax(),)} if chances.idxmax() not in lowest else {}
    middle = chances.drop(lowest).sort_values(kind="stable")
    middle = middle[middle < chances.max() - 0.005]
    wrong |= {"not_yet": (middle.index[0],)} if len(middle) else {}
    hardest = lowest[0]
    own = [] if hardest in shared.index or pd.isna(names[hardest]) else [names[hardest]]
    return Planned((hardest, f" {hardest} ", *own), wrong)


@kept
def _newest(workspace: Workspace) -> tuple[Forecast, str]:
    return estimate(workspace)[0], newest_person(workspace)


@judges("5.2", case=lambda workspace: _newest(workspace)[1] in _newest(workspace)[0].people.index)
def _fair_newcomer_goal(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    if 0 < value <= 1:
        return "a_chance"
    reached = _chance_of_newest(workspace, value)
    if abs(reached - EVEN) <= NEAR:
        return RIGHT
    return "too_high" if reached < EVEN else "too_low"


def _chance_of_newest(workspace: Workspace, goal: float) -> float:
    forecast, newcomer = _newest(workspace)
    return float(chance_of_people(forecast, pd.Series({newcomer: goal}))[newcomer])


@plans("5.2")
def _newcomer_planned(workspace: Workspace) -> Planned:
    forecast, newcomer = _newest(workspace)
    low, high = (float(forecast.people[end][newcomer]) for end in ("low", "high"))
    for _ in range(60):
        right = (low + high) / 2
        low, high = (right, high) if _chance_of_newest(workspace, right) > EVEN else (low, right)
    return Planned((right, f"{right:,.0f}"), {
        "too_high": (right * 2,), "too_low": (right / 2,), "a_chance": (EVEN,), "needs_number": ("half",)})
