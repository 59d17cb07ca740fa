"""Exercises of lesson 5: who has the hardest goal, and what is fair to a newcomer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.decompose import compare_methods
from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.forecast import Forecast
from salesgoals.goal import chance_of_people
from salesgoals.lessons import newest_person
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace


def _people(workspace: Workspace) -> tuple[Forecast, pd.DataFrame]:
    forecast, _ = estimate(workspace)
    total = round(float(forecast.unit["last_12"]))
    start = f"{forecast.months.month.min():%Y-%m}"
    return forecast, compare_methods(workspace.tables, total, start)


@judges("5.1")
def _hardest_equal_goal(workspace: Workspace, answer: Any) -> str:
    if not isinstance(answer, str):
        return "nobody"
    forecast, methods = _people(workspace)
    goals = methods.set_index("person_id").equal
    chances = chance_of_people(forecast, goals).reindex(goals.index)
    lowest = chances.index[chances <= max(chances.min() + 0.005, 0.01)]  # what no reader can tell apart
    names = methods.set_index("person_id").person
    given = answer.strip()
    if given in lowest or (given in set(names[lowest]) and (names == given).sum() == 1):
        return RIGHT
    if (names == given).sum() > 1:
        return "shared_name"
    if given not in names.index and given not in set(names):
        return "nobody"
    return "not_yet"


@judges("5.2")
def _fair_newcomer_goal(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    forecast, _ = estimate(workspace)
    newcomer = newest_person(workspace)
    reached = float(chance_of_people(forecast, pd.Series({newcomer: value}))[newcomer])
    if abs(reached - 0.50) <= 0.02:
        return RIGHT
    return "too_high" if reached < 0.50 else "too_low"
