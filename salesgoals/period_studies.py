"""What each step finds in one period: the list behind the progress report and the retrospective."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals import retro
from salesgoals.adjust import study_adjust
from salesgoals.control import study_control
from salesgoals.cycle import study_cycle
from salesgoals.follow_up import study_follow_up
from salesgoals.kpi_goals import study_kpi_goals
from salesgoals.meetings import study_meetings
from salesgoals.periods import Period
from salesgoals.process import study_process
from salesgoals.workspace import Workspace


def study_progress(workspace: Workspace, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
                   period: Period, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Look at a period that is running, as it is known at the end of a day.

    Parameters
    ----------
    workspace : Workspace
        For its settings and what stands in its folder beside the tables.
    tables : mapping of str to DataFrame
        The canonical tables as known on that day.
    goals : pandas.DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period.
    day : Timestamp
        The last day that is known.

    Returns
    -------
    dict of str to DataFrame
        ``<step>_<name>`` -> table, cut to each reader by :mod:`salesgoals.period_reports`. Tables hold
        codes and figures, no words.
    """
    return {**study_process(tables, goals, period, day, workspace.settings),
            **study_kpi_goals(tables, goals, period, day, workspace.settings),
            **study_follow_up(tables, goals, period, day, workspace.settings),
            **study_meetings(tables, goals, period, day, workspace.settings, workspace.folder),
            **study_control(workspace, tables, goals, period, day),
            **study_adjust(workspace, period)}


def study_retro(workspace: Workspace, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
                period: Period) -> dict[str, pd.DataFrame]:
    """Look back at a period that is over.

    Parameters
    ----------
    workspace, tables, goals, period
        As for :func:`study_progress`; the tables hold all that is known today.

    Returns
    -------
    dict of str to DataFrame
        As for :func:`study_progress`.
    """
    claims = retro.claims_on_record(workspace, period)
    found = retro.study_retro(tables, goals, period, workspace.settings, claims)
    return {**found, **study_cycle(workspace, period, found["retro_causes"]),
            **study_control(workspace, tables, goals, period)}
