"""Exercises of lesson 8: what the board knew earlier, and how many alarms ring for nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_number, read_share
from salesgoals.kpis import count_kpis
from salesgoals.periods import Period, list_periods, read_period
from salesgoals.practice import practice_day, practice_goals, working_day_before
from salesgoals.process import kpi_alarms, pace_board, sum_up_charts
from salesgoals.workspace import Workspace

EARLIER = 5         # working days
NEAR = .011         # chances are shown in whole percent
CHARTS, SHARE = .2, .05  # how near an expected number of alarms has to be: charts, or a share of it


def _period(workspace: Workspace) -> Period:
    return read_period("", workspace.tables)


def _today(workspace: Workspace) -> pd.Timestamp:
    return practice_day(_period(workspace), "", workspace.settings.calendar_country)


def _chance_at(workspace: Workspace, day: pd.Timestamp) -> float:
    """The company's chance on the board as it stood on a day."""
    period, country = _period(workspace), workspace.settings.calendar_country
    board = pace_board(workspace.tables, practice_goals(workspace, period), period, day, country)
    return float(board[board.by == "all"].iloc[0].chance)


@kept
def _has_goals(workspace: Workspace) -> bool:
    return bool(list_periods(workspace.tables)) and len(practice_goals(workspace, _period(workspace))) > 0


@kept
def _chances(workspace: Workspace) -> dict[str, float]:
    """The chance five working days before the lesson's day, and what is taken for it."""
    today = _today(workspace)
    before = working_day_before(today, EARLIER, workspace.settings.calendar_country)
    right = _chance_at(workspace, before)
    return {RIGHT: right, "today": _chance_at(workspace, today), "turned": 1 - right}


@judges("8.1", case=_has_goals)
def _chance_before(workspace: Workspace, answer: Any) -> str:
    value = read_share(answer)
    if value is None:
        return "needs_share"
    if not 0 <= value <= 1:
        return "not_yet"
    return next((name for name, chance in _chances(workspace).items() if abs(value - chance) <= NEAR),
                "not_yet")


@plans("8.1")
def _chances_planned(workspace: Workspace) -> Planned:
    chances = _chances(workspace)
    right = chances[RIGHT]
    return Planned((right, f"{right:.1%}"),
                   unlike(NEAR, chances) | {"needs_share": ("good",), "not_yet": (-.2, 7)})


@kept
def _has_figures(workspace: Workspace) -> bool:
    return bool(len(count_kpis(workspace.tables)))


@kept
def _counts(workspace: Workspace) -> dict[str, float]:
    """Charts that ring for nothing in a quarter, and what is taken for it."""
    charts = sum_up_charts(kpi_alarms(workspace.tables, _today(workspace),
                                      workspace.settings.calendar_country))
    return {RIGHT: float(charts.false_alarms.sum()), "ringing": float((charts.state == "alarm").sum()),
            "every_chart": float(len(charts))}


@judges("8.2", case=_has_figures)
def _false_alarms(workspace: Workspace, answer: Any) -> str:
    """How many charts would ring within a quarter if nothing had changed."""
    value = read_number(answer)
    if value is None:
        return "needs_number"
    counts = _counts(workspace)
    if abs(value - counts[RIGHT]) <= _near(counts[RIGHT]):
        return RIGHT
    return next((name for name in ("ringing", "every_chart") if value == counts[name]), "not_yet")


def _near(count: float) -> float:
    return max(CHARTS, SHARE * count)


@plans("8.2")
def _counts_planned(workspace: Workspace) -> Planned:
    counts = _counts(workspace)
    right = counts[RIGHT]
    return Planned((right, f"{right:.1f}"),
                   unlike(_near(right), counts) | {"needs_number": ("few",)})
