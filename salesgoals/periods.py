"""Periods in the words of people: a month, a quarter, a half-year, a year, or the window of a goal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from salesgoals.history import credited_sales
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.windows import close_windows
from salesgoals.words import all_words

_MONTH = r"(\d{4})(?:[-/.](?=\d)|(?=\d\d))(\d{1,2})"
DAYS_OFF = 4  # records that end so many days before a month does cover it: its end may be a holiday
_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Period:
    """A span of days.

    Parameters
    ----------
    name : str
        How people call it, such as ``2026-06`` or ``2026-Q2``; usable as the name of a folder.
    start, end : Timestamp
        First and last day, both included.
    """

    name: str
    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def months(self) -> pd.DatetimeIndex:
        """First days of the months that it touches."""
        return pd.date_range(self.start.replace(day=1), self.end, freq="MS")

    @property
    def whole_months(self) -> bool:
        """Whether it runs from the first day of a month to the last day of one."""
        return self.start.day == 1 and (self.end + pd.Timedelta(days=1)).day == 1

    def contains(self, day: pd.Timestamp) -> bool:
        """Say whether a day lies in it."""
        return bool(self.start <= day <= self.end)


def months_from(start: pd.Timestamp, months: int) -> Period:
    """Give the period of so many whole months.

    Examples
    --------
    >>> months_from(pd.Timestamp("2026-04-01"), 3).name, months_from(pd.Timestamp("2026-04-01"), 2).name
    ('2026-Q2', '2026-04..2026-05')
    """
    first = pd.Timestamp(start).normalize().replace(day=1)
    end = first + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    return Period(_name(first, end, months), first, end)


def _name(first: pd.Timestamp, end: pd.Timestamp, months: int) -> str:
    if months == 1:
        return f"{first:%Y-%m}"
    if months == 3 and first.month % 3 == 1:
        return f"{first.year}-Q{first.quarter}"
    if months == 6 and first.month in (1, 7):
        return f"{first.year}-H{1 if first.month == 1 else 2}"
    if months == 12 and first.month == 1:
        return str(first.year)
    return f"{first:%Y-%m}..{end:%Y-%m}"


def read_period(text: str = "", tables: Mapping[str, pd.DataFrame] | None = None) -> Period:
    """Read a period as people write it.

    Parameters
    ----------
    text : str
        ``2026-06``, ``2026-Q2``, ``2026-H1``, ``2026``, ``2026-01..2026-06``, ``2026-01-05..2026-02-01``, or
        the first day of a window of goals in the data; empty: the last window of goals that the records
        cover to its end, else their last whole month.
    tables : mapping of str to DataFrame, optional
        The canonical tables; needed for the last two ways.

    Raises
    ------
    SalesgoalsError
        If it cannot be read; the sentence says what can.

    Examples
    --------
    >>> read_period("2026-Q2").end.date().isoformat(), read_period("2026-01..2026-06").name
    ('2026-06-30', '2026-H1')
    """
    asked = str(text).strip()
    if not asked:
        return _last(tables)
    plain = _plain(asked)
    try:
        if ".." in plain:
            return _between(*plain.split("..", 1))
        if found := re.fullmatch(r"(\d{4})-?Q([1-4])", plain):
            return months_from(pd.Timestamp(int(found[1]), 3 * int(found[2]) - 2, 1), 3)
        if found := re.fullmatch(r"(\d{4})-?H([12])", plain):
            return months_from(pd.Timestamp(int(found[1]), 6 * int(found[2]) - 5, 1), 6)
        if re.fullmatch(r"\d{4}", plain):
            return months_from(pd.Timestamp(int(plain), 1, 1), 12)
        if found := re.fullmatch(_MONTH, plain):
            return months_from(pd.Timestamp(int(found[1]), int(found[2]), 1), 1)
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", plain) and tables is not None:
            day = pd.Timestamp(plain)
            windows = [period for period in list_periods(tables, "goal") if period.start == day]
            if windows:
                return windows[0]
    except (ValueError, OverflowError):
        pass
    known = [period.name for period in list_periods(tables, "goal")[-4:]] if tables is not None else []
    raise SalesgoalsError(Problem("period.unreadable" if not known else "period.unreadable_windows",
                                  found=asked, known=", ".join(known)))


def read_day(day: str | date | None = None) -> pd.Timestamp:
    """Read a day; today where none is given.

    Raises
    ------
    SalesgoalsError
        If it is no day.

    Examples
    --------
    >>> read_day("2026-07-03").date().isoformat()
    '2026-07-03'
    """
    try:
        found = pd.Timestamp(day or date.today()).normalize()
    except ValueError:
        found = pd.NaT
    if pd.isna(found):
        raise SalesgoalsError(Problem("period.day_unreadable", found=str(day)))
    return found


def _plain(asked: str) -> str:
    """Write it in the one way that is read: 2026-Q2 for every spelling of the second quarter."""
    plain = "".join(unicodedata.normalize("NFKC", asked).upper().split())
    for text in all_words()["period.spellings"].values():
        for pair in text.split():
            spelling, meant = pair.split("=")
            plain = plain.replace(spelling.upper(), meant)
    return plain.replace("--", "-").replace("-..", "..").rstrip("-")


def _between(first: str, last: str) -> Period:
    ends = []
    for text in (first.strip(), last.strip()):
        if found := re.fullmatch(_MONTH, text):
            ends.append((pd.Timestamp(int(found[1]), int(found[2]), 1), True))
        else:
            ends.append((pd.Timestamp(text).normalize(), False))
    (start, _), (end, whole) = ends
    if whole:
        end = end + pd.offsets.MonthEnd(0)
    if end < start:
        raise ValueError
    return _named(start, end)


def _named(start: pd.Timestamp, end: pd.Timestamp) -> Period:
    if start.day == 1 and (end + pd.Timedelta(days=1)).day == 1:
        return months_from(start, (end.year - start.year) * 12 + end.month - start.month + 1)
    return Period(f"{start:%Y-%m-%d}..{end:%Y-%m-%d}", start, end)


def list_periods(tables: Mapping[str, pd.DataFrame], every: str = "month") -> list[Period]:
    """List the periods that the records cover to their end, oldest first.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    every : str
        ``month``, ``quarter``, ``half``, ``year``, or ``goal``: the windows that goals of the data have; of
        these also such as lie beyond the records.
    """
    if every == "goal":
        goals = close_windows(tables["goals"]).dropna(subset=["period_start", "period_end"])
        pairs = goals[["period_start", "period_end"]].drop_duplicates()
        return [_named(start, end) for start, end in sorted(pairs.itertuples(index=False, name=None))]
    days = credited_sales(tables).date.dropna()
    if days.empty:
        return []
    first, last, length = days.min().replace(day=1).normalize(), days.max().normalize(), _LENGTHS[every]
    first = first.replace(month=(first.month - 1) // length * length + 1)
    months = range(0, (last.year - first.year) * 12 + last.month - first.month + 1, length)
    found = [months_from(first + pd.DateOffset(months=month), length) for month in months]
    return [period for period in found if _is_over(period.end, last)]


def _is_over(end: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Say whether records that end on a day cover a period; the last days of a month may be days off."""
    return bool(last >= end or (end - last <= pd.Timedelta(days=DAYS_OFF) and last.month == end.month))


def _last(tables: Mapping[str, pd.DataFrame] | None) -> Period:
    months = list_periods(tables, "month") if tables is not None else []
    if tables is None or not months:
        raise SalesgoalsError(Problem("period.no_records"))
    last = credited_sales(tables).date.max().normalize()
    windows = list_periods(tables, "goal")
    over = [period for period in windows if _is_over(period.end, last)]
    # Goals that ended long ago say nothing about the period that people look at now.
    return over[-1] if over and any(period.contains(last) for period in windows) else months[-1]
