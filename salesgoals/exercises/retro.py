"""Exercises of lesson 10: which team really fell short, and what one thing at a time leaves out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_choice, read_number
from salesgoals.exercises.review import team_spellings
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


@kept
def _worked_out(workspace: Workspace) -> tuple[pd.DataFrame, dict[str, float]]:
    """Give the teams' gaps, and what one thing at a time explains and leaves open of the furthest fall."""
    tables, country = workspace.tables, workspace.settings.calendar_country
    period = reviewed_period(workspace)
    goals = goals_in_force(workspace, period)
    gap = gap_report(tables, goals, period, country=country)
    ways = compare_explanations(tables, goals, period, *fell_furthest(gap), country)
    teams = gap[(gap.by == "team") & gap.base.notna()].set_index("unit")
    whole, alone = float(ways.fair.sum()), float(ways.alone.sum())
    return teams, {RIGHT: whole - alone, "whole": whole, "alone": alone}


@judges("10.1", case=lambda workspace: len(_worked_out(workspace)[0]) > 1)
def _fell_furthest(workspace: Workspace, answer: Any) -> str:
    teams = _worked_out(workspace)[0]
    named = read_choice(answer, team_spellings(teams.index))
    if not named:
        return "unknown"
    fallen = teams.actual - teams.base
    if fallen.idxmin() in named:
        return RIGHT
    if teams.gap.notna().any() and teams.gap.idxmin() in named:
        return "largest_gap"
    return "rose" if fallen.idxmax() in named else "not_yet"


@plans("10.1")
def _teams_planned(workspace: Workspace) -> Planned:
    teams = _worked_out(workspace)[0]
    fallen = teams.actual - teams.base
    most, gap = str(fallen.idxmin()), teams.gap.idxmin() if teams.gap.notna().any() else None
    wrong: dict[str, tuple[Any, ...]] = {"unknown": ("?", 12)}
    wrong |= {"largest_gap": (gap,)} if gap not in (None, most) else {}
    wrong |= {"rose": (fallen.idxmax(),)} if fallen.idxmax() not in (gap, most) else {}
    others = fallen.drop([name for name in (most, gap, fallen.idxmax()) if name in fallen.index])
    wrong |= {"not_yet": (others.index[0],)} if len(others) else {}
    return Planned((most, most.split("/")[-1], f" {most} ", tuple(most.split("/"))), wrong)


@judges("10.2", case=lambda workspace: abs(_worked_out(workspace)[1][RIGHT]) >= LEAST)
def _left_over(workspace: Workspace, answer: Any) -> str:
    value, sums = read_number(answer), _worked_out(workspace)[1]
    if value is None:
        return "needs_number"
    return next((name for name, total in sums.items() if abs(abs(value) - abs(total)) <= NEARLY * abs(total)),
                "not_yet")


@plans("10.2")
def _sums_planned(workspace: Workspace) -> Planned:
    sums = {name: abs(total) for name, total in _worked_out(workspace)[1].items()}
    right = sums[RIGHT]
    return Planned((right, f"{right:,.0f}", -right),
                   unlike(NEARLY * right, sums) | {"needs_number": ("a rest",), "not_yet": (0,)})
