"""Months of the books: goal windows that begin a few days before a month are that month's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.periods import Period
from salesgoals.windows import close_windows

NEAR = 6          # days a window may begin before or after a month and still be that month's
DAY = pd.Timedelta(days=1)


class Months(NamedTuple):
    """A period in whole months of the books."""

    first: pd.Timestamp       # first day of its first month
    weights: np.ndarray       # share of each of its months that belongs to it
    shift: pd.Timedelta       # what has to be added to dates so that windows begin with months

    @property
    def number(self) -> int:
        """How many months it touches."""
        return len(self.weights)

    @property
    def length(self) -> float:
        """Length in months."""
        return float(self.weights.sum())


def months_of(tables: Mapping[str, pd.DataFrame], period: Period) -> Months:
    """Express a period in months; where goals begin a few days before a month, dates move by these days.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals.
    period : Period
        The period looked at.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> months_of(tables, read_period("2026-12-29..2027-03-30")).first.date().isoformat()
    '2027-01-01'
    """
    starts = close_windows(tables["goals"]).period_start.dropna().unique() if len(tables["goals"]) else []
    offsets = [_to_next_month(pd.Timestamp(day)) for day in [*starts, period.start]]
    near = [days for days in offsets if abs(days) <= NEAR]
    shift = pd.Timedelta(days=max(near) if len(near) == len(offsets) else 0)
    start, end = period.start + shift, period.end + shift
    if shift or (_near_month(start) and _near_month(end + DAY)):
        start, end = _snap(start), _snap(end + DAY) - DAY
    months = pd.date_range(start.replace(day=1), end, freq="MS")
    last = months + pd.offsets.MonthEnd(0)
    inside = (np.minimum(last, end) - np.maximum(months, start)) / DAY + 1
    return Months(months[0], np.asarray(inside / last.day, dtype=float), shift)


def _to_next_month(day: pd.Timestamp) -> int:
    """Days to the nearest beginning of a month, negative when it has passed."""
    first = day.replace(day=1)
    following = first + pd.DateOffset(months=1)
    back, ahead = (first - day).days, (following - day).days
    return back if -back <= ahead else ahead


def _near_month(day: pd.Timestamp) -> bool:
    return abs(_to_next_month(day)) <= NEAR and day.day != 1


def _snap(day: pd.Timestamp) -> pd.Timestamp:
    return day + pd.Timedelta(days=_to_next_month(day))


def shift_dates(tables: Mapping[str, pd.DataFrame], shift: pd.Timedelta) -> dict[str, pd.DataFrame]:
    """Move the dates of sales, deals and activities."""
    moved = dict(tables)
    if not shift:
        return moved
    for name, columns in (("orders", ["date"]), ("activities", ["date"]),
                          ("opportunities", ["created", "closed"])):
        if len(tables[name]):
            moved[name] = tables[name].assign(**{column: tables[name][column] + shift for column in columns})
    return moved
