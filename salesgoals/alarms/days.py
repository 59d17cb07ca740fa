"""Sales laid out by unit and working day: what pace is measured on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salesgoals.workdays import working_days

FROM_START, FROM_END = 5, 10  # places within a month that are told apart; the days between are one kind
PLACES = FROM_START + 1 + FROM_END


class Days(NamedTuple):
    """Sales by unit and working day."""

    units: pd.Index
    dates: pd.DatetimeIndex  # working days
    month: np.ndarray  # (days,) number of the month, from 0
    months: pd.DatetimeIndex  # first days
    position: np.ndarray  # (days,) within the month, from 1
    length: np.ndarray  # (days,) working days of the month
    place: np.ndarray  # (days,) kind of day, from 0
    sales: np.ndarray  # (units, days)
    deals: np.ndarray  # (units, days) how many


def lay_out(deals: pd.DataFrame, units: pd.Index, start: pd.Timestamp, end: pd.Timestamp, country: str,
            closed: Iterable[Any] = (), opened: Iterable[Any] = ()) -> Days:
    """Add up deals by unit and working day of whole months.

    Parameters
    ----------
    deals : pandas.DataFrame
        Columns date, unit, amount; other units and dates are left out.
    units : Index
        The units, in the order of the result.
    start, end : Timestamp
        First and last month (any day of it).
    country, closed, opened
        As in :func:`salesgoals.workdays.working_days`.

    Returns
    -------
    Days
        A deal on a day off counts with the working day before it, at the beginning of a month with the
        first one. A month without any working day keeps its deals nowhere, for it has no pace. What is
        below zero, a return, takes from the sales and is no deal.
    """
    first, last = pd.Timestamp(start).replace(day=1).normalize(), pd.Timestamp(end) + pd.offsets.MonthEnd(0)
    every = working_days(first, last.normalize(), country, closed=closed, opened=opened)
    worked = every[every.working]
    period = worked.date.dt.to_period("M")
    position = worked.groupby(period).cumcount().to_numpy() + 1
    length = worked.working.groupby(period).transform("size").to_numpy()
    months = pd.date_range(first, last, freq="MS")
    month = _month_number(pd.DatetimeIndex(worked.date), first)
    dates = pd.DatetimeIndex(worked.date)
    sales, counts = np.zeros((len(units), len(dates))), np.zeros((len(units), len(dates)))
    days = pd.to_datetime(deals.date)
    kept = deals[(days >= first) & (days <= last + pd.Timedelta(days=1)) & deals.unit.isin(units)]
    kept = kept[pd.to_datetime(kept.date).dt.normalize() <= last]
    if len(kept) and len(dates):
        day = pd.DatetimeIndex(kept.date).normalize()
        row, its_month = units.get_indexer(kept.unit), _month_number(day, first)
        column = np.searchsorted(dates, day, side="right") - 1
        begins = np.searchsorted(month, its_month, side="left")
        column = np.maximum(column, begins)
        real = (begins < len(month)) & (month[np.minimum(begins, len(month) - 1)] == its_month)
        np.add.at(sales, (row[real], column[real]), kept.amount.fillna(0.0).to_numpy(float)[real])
        np.add.at(counts, (row[real], column[real]), (~(kept.amount < 0)).to_numpy(float)[real])
    return Days(units, dates, month, months, position, length, place_of(position, length), sales, counts)


def _month_number(days: pd.DatetimeIndex, first: pd.Timestamp) -> np.ndarray:
    return np.asarray((days.year - first.year) * 12 + days.month - first.month)


def place_of(position: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Number the kind of each day: the first days, those between, the last days, which have the right of way.

    Examples
    --------
    >>> place_of(np.array([1, 8, 22]), np.array([22, 22, 22])).tolist()
    [0, 5, 15]
    """
    left = length - position
    early = np.minimum(position - 1, FROM_START)
    return np.where(left < FROM_END, PLACES - 1 - left, early)


def month_sums(values: np.ndarray, days: Days) -> np.ndarray:
    """Add up values by unit and day to values by unit and month."""
    sums = np.zeros((len(values), len(days.months)))
    starts = np.flatnonzero(np.r_[True, np.diff(days.month) > 0]) if len(days.month) else np.array([], int)
    if len(starts):
        sums[:, days.month[starts]] = np.add.reduceat(values, starts, axis=1)
    return sums


def pick_days(days: Days, which: np.ndarray) -> Days:
    """Keep some of the days; months keep their numbers."""
    return days._replace(
        dates=days.dates[which] if len(days.dates) else days.dates, month=days.month[which],
        position=days.position[which], length=days.length[which], place=days.place[which],
        sales=days.sales[:, which], deals=days.deals[:, which])


def cut_days(days: Days, start: pd.Timestamp, end: pd.Timestamp) -> Days:
    """Keep the working days between two days, both included; sales on days off at its ends stay in.

    Examples
    --------
    >>> deals = pd.DataFrame({"date": [pd.Timestamp("2026-06-20")], "unit": ["7"], "amount": [5.0]})
    >>> month = lay_out(deals, pd.Index(["7"]), pd.Timestamp("2026-06-01"), pd.Timestamp("2026-06-30"), "US")
    >>> cut_days(month, pd.Timestamp("2026-06-15"), pd.Timestamp("2026-06-30")).dates.size
    11
    """
    inside = np.flatnonzero((days.dates >= start) & (days.dates <= end))
    cut = pick_days(days, inside)
    if len(inside):
        # A deal on a day off that opens the period was laid on the working day before it.
        cut.sales[:, 0] += days.sales[:, :inside[0]].sum(1)
        cut.deals[:, 0] += days.deals[:, :inside[0]].sum(1)
    return cut
