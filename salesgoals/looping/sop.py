"""The standard process of the next cycle: steps with their days, figures, rules, open actions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from salesgoals.adjusting.cautions import OUT_OF_REACH
from salesgoals.alarms.pacing import BAND, LATE_BAR, TOO_LUCKY, WATCHED_FROM
from salesgoals.coaching.agendas import MINUTES
from salesgoals.in_force import goals_in_force
from salesgoals.kpi_goals import set_kpi_goals
from salesgoals.looping.learnt import Learnt
from salesgoals.periods import Period, months_from
from salesgoals.workdays import working_days
from salesgoals.workspace import Workspace

#: step -> the working day of the new period on which it is done; the first one closes the old period
STEPS = {"collect": 1, "retro": 3, "market_team": 4, "goal": 4, "decompose": 5, "claims": 6, "review": 8,
         "incentives": 8, "sign": 8}
MONTHLY = 3  # working day of each month on which the month before is looked at
LONGEST_BREAK = 40  # days: no holidays are longer


@dataclass(frozen=True)
class Sop:
    """What the standard process is filled in with.

    Parameters
    ----------
    period, following : Period
        The period that is over, and the one the process is for.
    steps : DataFrame
        Columns step, date, decreed (False: the days off of that year may still move).
    months : DataFrame
        Columns month, date, decreed: when each month is looked back at.
    kpis : DataFrame
        Columns kpi, people, a_week: what everybody's goals of the new period need, where these are set.
    actions : DataFrame
        Open actions, see :func:`salesgoals.cycle.open_actions`.
    learnt : Learnt
        Starting values.
    figures : dict
        Thresholds and lengths that the rules name.
    """

    period: Period
    following: Period
    steps: pd.DataFrame
    months: pd.DataFrame
    kpis: pd.DataFrame
    actions: pd.DataFrame
    learnt: Learnt
    figures: dict[str, float]


def following_period(period: Period) -> Period:
    """Give the period right after one, as long as it.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> following_period(read_period("2025-H2")).name
    '2026-H1'
    """
    begin = period.end + pd.Timedelta(days=1)
    if period.whole_months:
        return months_from(begin, len(period.months))
    end = period.end + (period.end - period.start) + pd.Timedelta(days=1)
    return Period(f"{begin:%Y-%m-%d}..{end:%Y-%m-%d}", begin, end)


def gather_sop(workspace: Workspace, period: Period, learnt: Learnt, actions: pd.DataFrame) -> Sop:
    """Fill the standard process from the workspace: days from the calendar, figures from the records."""
    country, following = workspace.settings.calendar_country, following_period(period)
    days = working_days(following.start, following.start + pd.Timedelta(days=LONGEST_BREAK), country)
    work = days[days.working].reset_index(drop=True)
    steps = pd.DataFrame([(step, work.date[number - 1], bool(work.decreed[number - 1]))
                          for step, number in STEPS.items()], columns=["step", "date", "decreed"])
    firsts = [month + pd.DateOffset(months=1) for month in following.months]
    months = pd.DataFrame([(month, *_working_day(first, MONTHLY, country))
                           for month, first in zip(following.months, firsts, strict=True)],
                          columns=["month", "date", "decreed"])
    goals = goals_in_force(workspace, following)
    kpis = pd.DataFrame(columns=["kpi", "people", "a_week"])
    if len(goals):
        found = set_kpi_goals(workspace.tables, goals, following, following.start, country)
        found = found[found.a_week.notna() & (found.kpi != "amount")]
        kpis = found.groupby("kpi", sort=False).agg(people=("person_id", "nunique"),
                                                    a_week=("a_week", "sum")).reset_index()
    figures = {"bar": LATE_BAR, "watched_from": float(WATCHED_FROM), "luck": TOO_LUCKY, "band": BAND,
               "reach": OUT_OF_REACH, **{f"{kind}_minutes": float(sum(parts))
                                         for kind, parts in MINUTES.items()}}
    return Sop(period, following, steps, months, kpis, actions, learnt, figures)


def _working_day(first: pd.Timestamp, number: int, country: str) -> tuple[pd.Timestamp, bool]:
    days = working_days(first, first + pd.Timedelta(days=LONGEST_BREAK), country)
    row = days[days.working].iloc[number - 1]
    return row["date"], bool(row.decreed)
