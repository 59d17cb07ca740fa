"""Exercise of lesson 6 on fairness: an equal split, and who carries too much under it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.decompose import plan_goals
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_choice
from salesgoals.plans import PLAN_FILE, estimate, load_plan
from salesgoals.review import judge_fairness
from salesgoals.workspace import Workspace

NEARLY = .01    # loads that differ by less are the same


@kept
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


def team_spellings(nodes: pd.Index) -> dict[str, tuple[str, ...]]:
    """Let a team be called by its own name too, without its department."""
    return {str(node): (str(node).split("/")[-1],) for node in nodes}


@judges("6.1", case=lambda workspace: len(_team_loads(workspace)) > 1)
def _heaviest_team(workspace: Workspace, answer: Any) -> str:
    loads = _team_loads(workspace)
    named = read_choice(answer, team_spellings(loads.index))
    if not named:
        return "unknown"
    if loads[named].max() >= loads.max() - NEARLY:
        return RIGHT
    return "lightest" if loads[named].min() <= loads.min() + NEARLY else "not_yet"


@plans("6.1")
def _teams_planned(workspace: Workspace) -> Planned:
    loads = _team_loads(workspace).sort_values(kind="stable")
    most = loads.index[-1]
    wrong: dict[str, tuple[Any, ...]] = {"unknown": ("?", 12)}
    wrong |= {"lightest": (loads.index[0],)} if loads.iloc[0] < loads.iloc[-1] - NEARLY else {}
    between = loads[(loads < loads.iloc[-1] - NEARLY) & (loads > loads.iloc[0] + NEARLY)]
    wrong |= {"not_yet": (between.index[0],)} if len(between) else {}
    return Planned((most, most.split("/")[-1], f" {most} ", tuple(most.split("/"))), wrong)
