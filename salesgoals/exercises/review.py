"""Exercise of lesson 6 on fairness: an equal split, and who carries too much under it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.decompose import plan_goals
from salesgoals.exercises.checking import RIGHT, judges
from salesgoals.plans import PLAN_FILE, estimate, load_plan
from salesgoals.review import judge_fairness
from salesgoals.workspace import Workspace

NEARLY = .01    # loads that differ by less are the same


def _team_loads(workspace: Workspace) -> pd.Series:
    """How much heavier each team's goals are than the others' when the total is split equally."""
    forecast = estimate(workspace)[0]
    start, months = forecast.unit_months.month.iloc[0], len(forecast.unit_months)
    total = max(round(float(forecast.unit["mean"])), 1)
    if (workspace.folder / "plan" / PLAN_FILE).exists():
        total = int(load_plan(workspace).parameters["total"])
    plan = plan_goals(workspace.tables, total, start, months, method="equal")
    groups = judge_fairness(plan, forecast, workspace.tables).groups
    teams = groups[(groups.question == "teams") & groups.load.notna()]
    return teams.set_index("node").load.astype(float)


@judges("6.1", case=lambda workspace: len(_team_loads(workspace)) > 1)
def _heaviest_team(workspace: Workspace, answer: Any) -> str:
    if not isinstance(answer, str):
        return "not_yet"
    loads, said = _team_loads(workspace), answer.strip()
    named = [node for node in loads.index if said in (node, node.split("/")[-1])]
    if not named:
        return "unknown"
    if loads[named].max() >= loads.max() - NEARLY:
        return RIGHT
    return "lightest" if loads[named].min() <= loads.min() + NEARLY else "not_yet"
