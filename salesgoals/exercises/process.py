"""Exercises of lesson 8: what the board knew earlier, and how many alarms ring for nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_number, read_share
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


def _company_at(workspace: Workspace, day: pd.Timestamp) -> pd.Series:
    """The company's line of the board as it stood on a day."""
    period, country = _period(workspace), workspace.settings.calendar_country
    board = pace_board(workspace.tables, practice_goals(workspace, period), period, day, country)
    return board[board.by == "all"].iloc[0]


def _has_goals(workspace: Workspace) -> bool:
    return bool(list_periods(workspace.tables)) and len(practice_goals(workspace, _period(workspace))) > 0


@judges("8.1", case=_has_goals)
def _chance_before(workspace: Workspace, answer: Any) -> str:
    """The company's chance of its goal as it stood five working days before the lesson's day."""
    value = read_share(answer)
    if value is None:
        return "needs_share"
    today = _today(workspace)
    before = working_day_before(today, EARLIER, workspace.settings.calendar_country)
    if abs(value - _company_at(workspace, before).chance) <= NEAR:
        return RIGHT
    return "today" if abs(value - _company_at(workspace, today).chance) <= NEAR else "not_yet"


def _has_figures(workspace: Workspace) -> bool:
    return bool(len(count_kpis(workspace.tables)))


@judges("8.2", case=_has_figures)
def _false_alarms(workspace: Workspace, answer: Any) -> str:
    """How many charts would ring within a quarter if nothing had changed."""
    value = read_number(answer)
    if value is None:
        return "needs_number"
    today = _today(workspace)
    charts = sum_up_charts(kpi_alarms(workspace.tables, today, workspace.settings.calendar_country))
    expected = float(charts.false_alarms.sum())
    if abs(value - expected) <= max(CHARTS, SHARE * expected):
        return RIGHT
    return "ringing" if value == (charts.state == "alarm").sum() else "not_yet"
