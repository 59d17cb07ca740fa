"""The period that is looked at: who was there in it, what each sold, and how far each was grown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.forecasting.book import Staffed, first_month, staff_book
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.forecasting.season import Array, pool_course
from salesgoals.history import credited_sales, monthly_sales, roster

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Period:
    """Months looked at, with who was there and what was sold.

    Parameters
    ----------
    begin, end : Timestamp
        First day, and the first day after it.
    people : DataFrame
        Index person_id; columns person, department, team, role, hire_date (empty where sales contradict it),
        tenure (months at the end), present (months of the period), exposure (months times season and ramp),
        ramp (share of full sales to expect over the period).
    sales : DataFrame
        Sales of the period, one line each: person_id, account_id, order (text), date, amount, cost,
        new_customer.
    staffed : Staffed or None
        All records until the end as people by months; None without sales.
    course : array
        The months of the period relative to the mean month, as all grown people's sales went.
    ramp : Ramp
        Growth curve that was used.
    contradicted : int
        People whose sales begin before they were hired.
    """

    begin: pd.Timestamp
    end: pd.Timestamp
    people: pd.DataFrame
    sales: pd.DataFrame
    staffed: Staffed | None
    course: Array
    ramp: Ramp
    contradicted: int


def list_sales(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List every credited sale with its order, its cost and whether the customer was new.

    Returns
    -------
    DataFrame
        Columns person_id, account_id, order (text; won deals are orders where there are none), date, amount
        and cost (currency units times the credit share), new_customer.
    """
    sales = credited_sales(tables)
    if len(tables["orders"]):
        source = tables["orders"]
        share = source.credit_share.fillna(1.0).to_numpy()
        number, new = source.order_id, source.new_customer
    else:
        won = tables["opportunities"]
        source = won[won.status == "won"].dropna(subset=["closed"])
        share = np.ones(len(source))
        number = source.opportunity_id
        new = pd.Series(pd.NA, index=source.index, dtype="boolean")
    own = pd.Series([f"line {place}" for place in range(len(sales))])
    order = number.reset_index(drop=True).astype("str")
    return sales[["person_id", "account_id", "date", "amount"]].assign(
        cost=sales.cost * share, order=order.where(number.notna().to_numpy(), own),
        new_customer=new.reset_index(drop=True))


def look_at(tables: Mapping[str, pd.DataFrame], until: object = None, months: int = 12) -> Period:
    """Set out the last months of the records: who was there, how far grown, what was sold.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : month, optional
        Last month of the period, ``YYYY-MM``; by default the last month with sales.
    months : int
        Length of the period.

    Returns
    -------
    Period
        People who were employed at the end of the period; the others count only in totals.
    """
    history = monthly_sales(tables)
    history = history[history.person_id != ""]
    newest = history.month.max() if len(history) else first_month(until or "1970-01", "until")
    last = newest if until is None else min(first_month(until, "until"), newest)
    end = last + pd.DateOffset(months=1)
    begin = end - pd.DateOffset(months=months)
    history = history[history.month < end]
    people = _people(tables, end)
    if history.empty:
        people = people.assign(present=np.nan, exposure=np.nan, ramp=np.nan)
        return Period(begin, end, people, list_sales(tables).iloc[:0], None, np.ones(months), PRIOR_RAMP, 0)
    listed = tables["people"] if len(tables["people"]) else None
    ramp = fit_ramp(history, listed) if listed is not None else PRIOR_RAMP
    staffed = staff_book(history, end, 1, listed, ramp)
    book = staffed.book
    span = slice(-months, None)
    grown = book.established() & (book.sales.sum(1) > 0)
    chosen = grown if grown.any() else book.sales.sum(1) > 0
    course = pool_course(book.sales[chosen][:, span], book.present[chosen][:, span]).course
    at = staffed.ids.get_indexer(people.index)
    known = at >= 0
    dated_after = pd.Series(people.hire_date.notna().to_numpy(), index=people.index)
    doubted = known & dated_after & np.isnan(np.where(known, staffed.hired[at], 0))
    people = people.assign(
        hire_date=people.hire_date.where(~doubted), tenure=people.tenure.where(~doubted),
        present=np.where(known, book.present[at][:, span].sum(1), np.nan),
        exposure=np.where(known, (book.present * book.ramp)[at][:, span] @ course, np.nan),
        ramp=np.where(known, _mean_ramp(book.ramp[at][:, span], book.present[at][:, span]), np.nan))
    sold = list_sales(tables)
    inside = (sold.date >= begin) & (sold.date < end) & sold.person_id.notna()
    return Period(begin, end, people, sold[inside].reset_index(drop=True), staffed, course, ramp,
                  int(doubted.sum()))


def _people(tables: Mapping[str, pd.DataFrame], end: pd.Timestamp) -> pd.DataFrame:
    last_day = end - pd.Timedelta(days=1)
    people = roster(tables, last_day)
    people = people[people.hire_date.isna() | (people.hire_date < end)].drop_duplicates("person_id")
    roles = tables["people"].drop_duplicates("person_id").set_index("person_id").role
    people = people.set_index("person_id")
    tenure = (end - people.hire_date).dt.days / DAYS_A_MONTH
    return people[["person", "department", "team", "hire_date"]].assign(
        role=roles.reindex(people.index).astype("str"), tenure=tenure.astype("float64"))


def _mean_ramp(ramp: Array, present: Array) -> Array:
    months = present.sum(1)
    return np.where(months > 0, (ramp * present).sum(1) / np.maximum(months, 1), ramp[:, -1])
