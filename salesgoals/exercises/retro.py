"""Exercises of lesson 10: which team really fell short, and what one thing at a time leaves out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.hindsight.explanations import compare_explanations, fell_furthest
from salesgoals.in_force import goals_in_force
from salesgoals.looping.kept import FOLDER
from salesgoals.looping.session import SESSION_FILE
from salesgoals.periods import Period
from salesgoals.practice import period_to_review
from salesgoals.retro import gap_report
from salesgoals.workspace import Workspace

NEARLY = .02
LEAST = 1.0     # money: a change smaller than that leaves nothing to explain


def reviewed_period(workspace: Workspace) -> Period:
    """Take the period whose session was kept last, else the one a lesson would choose."""
    tables = workspace.require_tables()
    kept = sorted((workspace.folder / FOLDER).glob(f"*/{SESSION_FILE}"),
                  key=lambda path: path.stat().st_mtime_ns)
    return period_to_review(tables, kept[-1].parent.name if kept else "")


def _gap(workspace: Workspace) -> pd.DataFrame:
    period = reviewed_period(workspace)
    return gap_report(workspace.tables, goals_in_force(workspace, period), period,
                      country=workspace.settings.calendar_country)


def _teams(workspace: Workspace) -> pd.DataFrame:
    gap = _gap(workspace)
    return gap[(gap.by == "team") & gap.base.notna()].set_index("unit")


@judges("10.1", case=lambda workspace: len(_teams(workspace)) > 1)
def _fell_furthest(workspace: Workspace, answer: Any) -> str:
    if not isinstance(answer, str):
        return "not_yet"
    teams, said = _teams(workspace), answer.strip()
    named = [node for node in teams.index if said in (node, node.split("/")[-1])]
    if not named:
        return "unknown"
    below = teams.actual - teams.base
    if below.idxmin() in named:
        return RIGHT
    return "largest_gap" if teams.gap.notna().any() and teams.gap.idxmin() in named else "not_yet"


@judges("10.2", case=lambda workspace: abs(_unexplained(workspace)) >= LEAST)
def _left_over(workspace: Workspace, answer: Any) -> str:
    value, rest = read_number(answer), _unexplained(workspace)
    if value is None:
        return "not_yet"
    if abs(abs(value) - abs(rest)) <= NEARLY * abs(rest):
        return RIGHT
    return "not_yet"


def _unexplained(workspace: Workspace) -> float:
    """Money that one thing at a time leaves unexplained for the unit that fell furthest below base."""
    period = reviewed_period(workspace)
    goals = goals_in_force(workspace, period)
    by, unit = fell_furthest(_gap(workspace))
    ways = compare_explanations(workspace.tables, goals, period, by, unit,
                                workspace.settings.calendar_country)
    return float(ways.fair.sum() - ways.alone.sum())
