"""Sales as people by months, knowing who was there: blank before joining, 0 when nothing was sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp, ramp_share
from salesgoals.problems import Problem, SalesgoalsError

Array = NDArray[np.float64]
FULL_YEAR = 12
LONGEST_HORIZON = 60
LEAST_PEOPLE_FOR_GAP = 3


class Book(NamedTuple):
    """Sales of all people as matrices (people, months), with who was there and how far ramped."""

    sales: Array
    present: Array
    ramp: Array
    month: NDArray[np.intp]

    def until(self, column: int) -> Book:
        """Return the book as it stood before a month."""
        return Book(self.sales[:, :column], self.present[:, :column], self.ramp[:, :column],
                    self.month[:column])

    def of(self, rows: NDArray[np.intp]) -> Book:
        """Return the book of some people."""
        return Book(self.sales[rows], self.present[rows], self.ramp[rows], self.month)

    def established(self) -> NDArray[np.bool_]:
        """Tell who has been there a year, or all the time where there is less than a year."""
        return self.present.sum(1) >= min(FULL_YEAR, self.present.any(0).sum())


@dataclass(frozen=True)
class Staffed:
    """The book of everybody who ever sold or will, with dates: what the forecast is made from."""

    ids: pd.Index
    months: pd.DatetimeIndex
    book: Book
    future: pd.DatetimeIndex  # months from the end of the records to the end of the horizon
    future_present: Array  # (people, future months) share of each month that the person is employed
    future_ramp: Array
    left: NDArray[np.bool_]  # left before the horizon begins
    hired: Array  # month number of joining, NaN where unknown
    notes: list[Problem]


def month_number(dates: pd.Series | pd.DatetimeIndex) -> Array:
    """Count months from the year 0, NaN where there is no date.

    Examples
    --------
    >>> month_number(pd.DatetimeIndex(["2025-01-31", "2025-03-01"])).tolist()
    [24300.0, 24302.0]
    """
    index = pd.DatetimeIndex(dates)
    return np.asarray(index.year * 12 + index.month - 1, float)


def first_month(value: object, name: str) -> pd.Timestamp:
    """Read ``2026-01`` or a date as the first day of its month, or say what is wrong with it."""
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, TypeError):
        stamp = pd.NaT
    if pd.isna(stamp):
        raise SalesgoalsError(Problem("forecast.not_a_month", name=name, found=value))
    return pd.Timestamp(stamp.year, stamp.month, 1)


def sales_matrix(history: pd.DataFrame, before: pd.Timestamp | None = None) -> pd.DataFrame:
    """Add the history up to people by months, every month between the first and the last a column.

    Parameters
    ----------
    history : DataFrame
        Columns month (any day of it), person_id, amount (currency units); others are summed over.
    before : Timestamp, optional
        Leave out this month and later ones.

    Returns
    -------
    DataFrame
        Index person_id, columns month starts, 0 where a person sold nothing.

    Raises
    ------
    SalesgoalsError
        If a column or an amount is missing, an amount is infinite, or no sale is left.

    Examples
    --------
    >>> history = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-03-01"]),
    ...                         "person_id": ["7", "7"], "amount": [5., 8.]})
    >>> sales_matrix(history).loc["7"].tolist()
    [5.0, 0.0, 8.0]
    """
    missing = [name for name in ("month", "person_id", "amount") if name not in history]
    if missing:
        raise SalesgoalsError([Problem("forecast.column_missing", column=name) for name in missing])
    bad = {"month": int(history.month.isna().sum()), "person_id": int(history.person_id.isna().sum()),
           "amount": int((~np.isfinite(history.amount.astype(float))).sum())}
    if any(bad.values()):
        raise SalesgoalsError([Problem("forecast.value_missing", column=name, count=count)
                               for name, count in bad.items() if count])
    sold = pd.DataFrame({"month": pd.DatetimeIndex(history.month).to_period("M").to_timestamp(),
                         "person_id": history.person_id.astype(str), "amount": history.amount.astype(float)})
    if before is not None:
        sold = sold[sold.month < before]
    if sold.empty:
        raise SalesgoalsError(Problem("forecast.no_history"))
    wide = sold.pivot_table(index="person_id", columns="month", values="amount", aggfunc="sum")
    every = pd.date_range(wide.columns.min(), wide.columns.max(), freq="MS")
    return wide.reindex(columns=every).fillna(0.)


def staff_book(history: pd.DataFrame, start: object = None, months: int = 12,
               people: pd.DataFrame | None = None, ramp: Ramp = PRIOR_RAMP) -> Staffed:
    """Set out who sold what in which month, who was there, and who will be there.

    Parameters
    ----------
    history : DataFrame
        Columns month, person_id, amount.
    start : month, optional
        First month of the horizon; by default the one after the records end. Records from ``start`` on are
        left out, so that a past forecast can be repeated.
    months : int
        Length of the horizon.
    people : DataFrame, optional
        Columns person_id, hire_date, leave_date.
    ramp : Ramp
        Growth curve of newcomers.

    Returns
    -------
    Staffed
        Matrices and the notes that a reader should see.

    Raises
    ------
    SalesgoalsError
        If the history or a parameter cannot be used.
    """
    whole = isinstance(months, (int, np.integer)) and not isinstance(months, bool)
    if not whole or not 1 <= months <= LONGEST_HORIZON:
        raise SalesgoalsError(Problem("forecast.months_outside", found=months, most=LONGEST_HORIZON))
    begin = None if start is None else first_month(start, "start")
    wide = sales_matrix(history, begin)
    begin = begin if begin is not None else wide.columns[-1] + pd.DateOffset(months=1)
    last = begin + pd.DateOffset(months=int(months) - 1)
    future = pd.date_range(wide.columns[-1] + pd.DateOffset(months=1), last, freq="MS")
    columns, ahead = month_number(wide.columns), month_number(future)
    notes: list[Problem] = []
    wide, dates, silent = _with_newcomers(wide, people, columns[-1] - 11, ahead[-1])
    if silent:
        notes.append(Problem("forecast.never_sold", level="note", count=silent))
    hired, leaves = month_number(dates.hire_date), month_number(dates.leave_date)
    sales = wide.to_numpy(float)
    sold = sales != 0
    first = np.where(sold.any(1), columns[sold.argmax(1)], np.inf)
    early = np.isfinite(first) & (hired > first)
    if early.any():
        notes.append(Problem("forecast.sold_before_joining", level="doubt", count=int(early.sum()),
                             found=", ".join(wide.index[early][:3])))
        hired = np.where(early, np.nan, hired)
    begins = np.where(np.isnan(hired), first, hired)
    late = sold & (columns > np.where(np.isnan(leaves), np.inf, leaves)[:, None])
    last_seen = np.where(late.any(1), columns[-1] - sold[:, ::-1].argmax(1), -np.inf)
    ends = np.maximum(np.where(np.isnan(leaves), np.inf, leaves), last_seen)
    present = ((columns >= begins[:, None]) & (columns <= ends[:, None])).astype(float)
    empty = _unrecorded(sales, present)
    if empty.any():
        notes.append(Problem("forecast.empty_months", level="doubt", count=int(empty.sum()),
                             found=", ".join(wide.columns[empty].strftime("%Y-%m"))))
        present[:, empty] = 0
    tenure = columns - hired[:, None] + 1
    tenure_ahead = ahead - hired[:, None] + 1
    # the month of joining sells at least something; a share of 0 would divide by nothing
    book = Book(sales, present, np.maximum(ramp_share(tenure, ramp), .02), month_of_year(wide.columns))
    left = (dates.leave_date < begin).to_numpy()
    staying = _employed_share(future, dates.hire_date.where(~early), dates.leave_date)
    return Staffed(wide.index, pd.DatetimeIndex(wide.columns), book, future, staying,
                   ramp_share(tenure_ahead, ramp), left, hired, notes)


def month_of_year(months: pd.DatetimeIndex | pd.Index) -> NDArray[np.intp]:
    """Return 0 for January to 11 for December."""
    return (np.asarray(pd.DatetimeIndex(months).month) - 1).astype(np.intp)


def _with_newcomers(wide: pd.DataFrame, people: pd.DataFrame | None, recent: float,
                    end: float) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Add people who joined within a year, or will join, and have sold nothing yet."""
    if people is None:
        nothing = pd.Series(pd.NaT, index=wide.index, dtype="datetime64[us]")
        return wide, pd.DataFrame({"hire_date": nothing, "leave_date": nothing}), 0
    known = people.dropna(subset=["person_id"]).drop_duplicates("person_id")
    dates = pd.DataFrame({name: pd.to_datetime(known[name]).astype("datetime64[us]").to_numpy()
                          for name in ("hire_date", "leave_date")}, index=known.person_id.astype(str))
    joined = month_number(dates.hire_date)
    new = (joined >= recent) & (joined <= end) & ~dates.index.isin(wide.index)
    without = int((~new & ~dates.index.isin(wide.index)).sum())
    full = wide.reindex(wide.index.append(dates.index[new])).fillna(0.)
    return full, dates.reindex(full.index), without


def _unrecorded(sales: Array, present: Array) -> NDArray[np.bool_]:
    """Find months in which nobody sold anything though that is next to impossible: gaps in the records."""
    there = present > 0
    nobody = ~(there & (sales != 0)).any(0)
    if len(sales) < LEAST_PEOPLE_FOR_GAP or nobody.all():
        return np.zeros(sales.shape[1], bool)
    others = there[:, ~nobody]
    zero_share = float(((sales[:, ~nobody] == 0) & others).sum() / max(others.sum(), 1))
    return nobody & (zero_share ** np.maximum(there.sum(0), 1) < .01)


def _employed_share(months: pd.DatetimeIndex, hire: pd.Series, leave: pd.Series) -> Array:
    """Share of the days of each month on which each person is employed."""
    day = np.timedelta64(1, "D")
    begin = months.to_numpy().astype("datetime64[D]")
    end = (months + pd.offsets.MonthEnd(0)).to_numpy().astype("datetime64[D]") + day
    joins = hire.fillna(pd.Timestamp("1900-01-01")).to_numpy().astype("datetime64[D]")[:, None]
    goes = leave.fillna(pd.Timestamp("2200-01-01")).to_numpy().astype("datetime64[D]")[:, None] + day
    days = (np.minimum(end, goes) - np.maximum(begin, joins)) / day
    return np.asarray(np.clip(days, 0, None) / ((end - begin) / day), float)
