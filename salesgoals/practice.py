"""What the lessons on a running month start from: a day in its middle, and goals where none are set."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.follow_up import study_follow_up
from salesgoals.history import as_known_on, monthly_sales, roster
from salesgoals.in_force import COLUMNS, goals_in_force, only_partly
from salesgoals.kpi_goals import study_kpi_goals
from salesgoals.meetings import study_meetings
from salesgoals.periods import Period, list_periods, read_period
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workdays import working_days
from salesgoals.workspace import Workspace

TWO_THIRDS = 2 / 3      # late enough to know something, early enough to do something
GROWTH = .05            # of goals made up for practice
LEARNT_MONTHS = 12
KNOWN_BEFORE = 6        # months of records from which something can be expected


def practice_day(period: Period, day: str | pd.Timestamp = "", country: str = "CN") -> pd.Timestamp:
    """Choose the day from which a lesson looks at a period: the one asked for, or two thirds into it.

    Parameters
    ----------
    period : Period
        From :func:`salesgoals.periods.read_period`.
    day : str or Timestamp
        A day within the period; empty: the working day on which two thirds of the working days are gone.
    country : str
        Two letters, for the working days.

    Raises
    ------
    SalesgoalsError
        If the day cannot be read or lies outside the period.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> practice_day(read_period("2026-06")).date().isoformat()
    '2026-06-18'
    """
    if day == "":
        worked = _working(period.start, period.end, country)
        return worked[max(round(len(worked) * TWO_THIRDS) - 1, 0)] if len(worked) else period.end
    chosen = pd.to_datetime(str(day), errors="coerce")
    if pd.isna(chosen) or not period.contains(chosen.normalize()):
        raise SalesgoalsError(Problem("period.day_outside", found=str(day), period=period.name,
                                      first=f"{period.start:%Y-%m-%d}", last=f"{period.end:%Y-%m-%d}"))
    return chosen.normalize()


def working_day_before(day: pd.Timestamp, days: int, country: str = "CN") -> pd.Timestamp:
    """Go so many working days back.

    Parameters
    ----------
    day : Timestamp
        From here.
    days : int
        How many working days earlier; 1 is the last working day before it.
    country : str
        Two letters.

    Examples
    --------
    >>> working_day_before(pd.Timestamp("2026-06-18"), 5).date().isoformat()
    '2026-06-11'
    """
    last = pd.Timestamp(day).normalize()
    worked = _working(last - pd.Timedelta(days=14 + 3 * days), last - pd.Timedelta(days=1), country)
    return worked[-days]


def _working(first: pd.Timestamp, last: pd.Timestamp, country: str) -> pd.DatetimeIndex:
    days = working_days(first, last, country)
    return pd.DatetimeIndex(days.date[days.working])


def practice_goals(workspace: Workspace, period: Period) -> pd.DataFrame:
    """Give the goals of a period; where none are set, goals to practise with: what is usual and 5 % more.

    Parameters
    ----------
    workspace : Workspace
        Any workspace with sales.
    period : Period
        The period.

    Returns
    -------
    pandas.DataFrame
        As :func:`salesgoals.in_force.goals_in_force`; goals to practise with have the source ``practice``:
        the mean of the person's months within the last 12 before the period, times its months, and 5 % more.
    """
    goals = goals_in_force(workspace, period)
    if len(goals):
        return goals
    eve = period.start - pd.Timedelta(days=1)
    before = as_known_on(workspace.require_tables(), eve)
    sold = monthly_sales(before)
    sold = sold[(sold.person_id != "") & (sold.month >= period.start - pd.DateOffset(months=LEARNT_MONTHS))]
    first = sold.groupby("person_id").month.min()
    months = (eve.year - first.dt.year) * 12 + eve.month - first.dt.month + 1
    usual = sold.groupby("person_id").amount.sum() / months * len(period.months) * (1 + GROWTH)
    people = roster(before, eve)
    people = people[people.person_id.isin(usual.index[usual > 0])]
    return people.assign(
        period_start=period.start, period_end=period.end, product_line=None, metric="amount",
        goal=people.person_id.map(usual).round(), unit=workspace.settings.currency,
        source="practice").reindex(columns=COLUMNS).reset_index(drop=True)


def facts_for_meeting(workspace: Workspace, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
                      period: Period, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Gather what a meeting in a running period is about: what is to be done, by whom, who is ahead.

    Parameters
    ----------
    workspace : Workspace
        For its settings, and the pulse forms in its folder.
    tables : mapping of str to DataFrame
        The canonical tables as known on that day.
    goals : DataFrame
        From :func:`practice_goals`.
    period : Period
        The period.
    day : Timestamp
        The last day that is known.

    Returns
    -------
    dict of str to DataFrame
        What :func:`salesgoals.meetings.agenda` takes: kpi_goals_needed, kpi_goals_weeks, follow_up_coverage,
        follow_up_neglected, follow_up_doubly, follow_up_lag, meetings_stories, meetings_contest and more.
    """
    settings = workspace.settings
    return {**study_kpi_goals(tables, goals, period, day, settings),
            **study_follow_up(tables, goals, period, day, settings),
            **study_meetings(tables, goals, period, day, settings, workspace.folder)}


def period_to_review(tables: Mapping[str, pd.DataFrame], period: str = "") -> Period:
    """Choose the period that a retrospective looks back at: the one asked for, or the last half-year.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    period : str
        As :func:`salesgoals.periods.read_period` takes it. Empty: the last half-year with 6 months of records
        before it, else the last such quarter; where windows of goals reach beyond its ends, or the records
        are shorter, the last window or whole month.
    """
    first = monthly_sales(tables).month.min()
    for length in () if period else ("half", "quarter"):
        known = [one for one in list_periods(tables, length)
                 if one.start >= first + pd.DateOffset(months=KNOWN_BEFORE)]
        if known and not len(only_partly(tables["goals"], known[-1])):
            return known[-1]
    return read_period(period, tables)
