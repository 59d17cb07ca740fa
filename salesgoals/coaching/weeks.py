"""The weeks of a goal: milestones that add up to it exactly, on the usual profile and the working days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.alarms.days import lay_out
from salesgoals.alarms.profile import learn_habits
from salesgoals.allocation.allocate import round_groups
from salesgoals.history import credited_sales
from salesgoals.workdays import working_days

PLACES = 10_000  # money has at most four decimals
LEAST_MONTHS = 6  # whole months that a profile within the month is learnt from
REWARDS = ("praise", "tea", "cinema", "choice")  # small, on the spot, one a week in turn
COLUMNS = ["person_id", "person", "department", "team", "product_line", "period_start", "period_end", "week",
           "start", "end", "working_days", "share", "goal", "cumulative", "reward"]


def weigh_days(first: pd.Timestamp, last: pd.Timestamp, country: str,
               tables: Mapping[str, pd.DataFrame] | None, before: pd.Timestamp) -> pd.DataFrame:
    """Weigh the days of a span: working days alike or, with sales records, by how sales come in a month.

    Returns
    -------
    DataFrame
        Columns date, working (bool), weight.
    """
    days = working_days(first, last, country)[["date", "working"]]
    days["weight"] = days.working.astype(float)
    if tables is None:
        return days
    sales = credited_sales(tables)
    start = before.replace(day=1)
    sales = sales[(sales.date < start) & sales.date.notna()].assign(unit="all")
    months = 0 if sales.empty else (start.year - sales.date.min().year) * 12 + (
        start.month - sales.date.min().month)
    if months < LEAST_MONTHS:
        return days
    units = pd.Index(["all"], name="unit")
    past = lay_out(sales[["date", "unit", "amount"]], units, start - pd.DateOffset(months=min(months, 12)),
                   start - pd.Timedelta(days=1), country)
    ahead = lay_out(sales.iloc[:0][["date", "unit", "amount"]], units, first, last, country)
    profile = pd.Series(learn_habits(past).weights[0][ahead.place], index=ahead.dates)
    return days.assign(weight=days.date.map(profile).fillna(0.) * days.working)


def split_into_weeks(goals: pd.DataFrame, days: pd.DataFrame, unit: int) -> pd.DataFrame:
    """Split each goal into the weeks of its window, Monday to Sunday, in whole units.

    Parameters
    ----------
    goals : DataFrame
        Columns period_start, period_end, goal, and whatever names the goal.
    days : DataFrame
        From :func:`weigh_days`, over all windows.
    unit : int
        Size of a unit, in currency units; a goal that is no multiple of it is split to the fen.

    Returns
    -------
    DataFrame
        A row for each goal and week, in order; the weeks of a goal add up to it exactly.
    """
    windows = goals[["period_start", "period_end"]].drop_duplicates()
    weeks = pd.concat([_weeks_of(start, end, days) for start, end in windows.itertuples(index=False)],
                      ignore_index=True)
    numbered = goals.assign(number=range(len(goals)))
    rows = numbered.merge(weeks, on=["period_start", "period_end"]).sort_values(["number", "week"],
                                                                                ignore_index=True)
    whole = np.round(goals.goal.to_numpy(float) * PLACES).astype(np.int64)
    size = np.full(len(whole), unit * PLACES, np.int64)
    size = np.where(whole % size == 0, size, np.where(whole % 100 == 0, 100, 1))
    group = rows.number.to_numpy()
    units = round_groups(rows.share.to_numpy() * (np.abs(whole) // size)[group], group, np.abs(whole) // size)
    part = units * (size * np.sign(whole))[group]
    rows["goal"] = part / PLACES
    rows["cumulative"] = pd.Series(part).groupby(group).cumsum().to_numpy() / PLACES
    suggested = np.array(REWARDS)[(rows.week.to_numpy() - 1) % len(REWARDS)]
    rows["reward"] = np.where(part > 0, suggested, "")
    return rows.drop(columns="number").reindex(columns=COLUMNS)


def _weeks_of(start: pd.Timestamp, end: pd.Timestamp, days: pd.DataFrame) -> pd.DataFrame:
    inside = days[(days.date >= start) & (days.date <= end)]
    monday = inside.date - pd.to_timedelta(inside.date.dt.day_of_week, unit="D")
    found = inside.groupby(monday).agg(start=("date", "min"), end=("date", "max"),
                                       working_days=("working", "sum"), weight=("weight", "sum"))
    total = found.weight.sum()
    share = found.weight / total if total > 0 else np.full(len(found), 1 / len(found))
    return found.assign(share=share, week=range(1, len(found) + 1), period_start=start,
                        period_end=end).drop(columns="weight").reset_index(drop=True)
