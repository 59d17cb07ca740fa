"""Exercises of lesson 10: which team really fell short, and what one thing at a time leaves out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.hindsight.explanations import compare_explanations, fell_furthest
from salesgoals.in_force import goals_in_force
from salesgoals.looping.kept import FOLDER
from salesgoals.looping.session import SESSION_FILE
from salesgoals.periods import Period, read_period
from salesgoals.practice import period_to_review
from salesgoals.retro import gap_report
from salesgoals.workspace import Workspace, open_workspace

NEARLY = .02
LEAST = 1.0     # money: a change smaller than that leaves nothing to explain


def reviewed_period(workspace: Workspace) -> Period:
    """Take the period whose session was kept last, else the one a lesson would choose."""
    tables = workspace.require_tables()
    kept = sorted((workspace.folder / FOLDER).glob(f"*/{SESSION_FILE}"),
                  key=lambda path: path.stat().st_mtime_ns)
    return period_to_review(tables, kept[-1].parent.name if kept else "")


@lru_cache(maxsize=4)
def _work_out(folder: str, mark: str, name: str) -> tuple[pd.DataFrame, float]:
    """Give the teams' gaps, and what one thing at a time leaves open for the unit that fell furthest.

    Kept for data with one mark and one period: a learner tries more than once.
    """
    workspace = open_workspace(folder)
    tables, country = workspace.tables, workspace.settings.calendar_country
    period = read_period(name, tables)
    goals = goals_in_force(workspace, period)
    gap = gap_report(tables, goals, period, country=country)
    ways = compare_explanations(tables, goals, period, *fell_furthest(gap), country)
    teams = gap[(gap.by == "team") & gap.base.notna()].set_index("unit")
    return teams, float(ways.fair.sum() - ways.alone.sum())


def _worked_out(workspace: Workspace) -> tuple[pd.DataFrame, float]:
    return _work_out(str(workspace.folder), workspace.fingerprint, reviewed_period(workspace).name)


@judges("10.1", case=lambda workspace: len(_worked_out(workspace)[0]) > 1)
def _fell_furthest(workspace: Workspace, answer: Any) -> str:
    if not isinstance(answer, str):
        return "not_yet"
    teams, said = _worked_out(workspace)[0], answer.strip()
    named = [node for node in teams.index if said in (node, node.split("/")[-1])]
    if not named:
        return "unknown"
    if (teams.actual - teams.base).idxmin() in named:
        return RIGHT
    return "largest_gap" if teams.gap.notna().any() and teams.gap.idxmin() in named else "not_yet"


@judges("10.2", case=lambda workspace: abs(_worked_out(workspace)[1]) >= LEAST)
def _left_over(workspace: Workspace, answer: Any) -> str:
    value, rest = read_number(answer), _worked_out(workspace)[1]
    if value is None:
        return "not_yet"
    return RIGHT if abs(abs(value) - abs(rest)) <= NEARLY * abs(rest) else "not_yet"
