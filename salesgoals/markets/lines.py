"""Every line sold with customer, segment and region; and two stretches of time that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.history import credited_sales, first_of_month
from salesgoals.problems import Problem, SalesgoalsError

DIMENSIONS = ("segment", "region", "product_line")
WHOLE = "company"      # the part's name where nothing is divided
YEAR = pd.DateOffset(years=1)
LARGE_ORDER = .03      # of a year's sales: an order that alone bends every comparison
MANY_ORDERS = 100      # below, each order is a large share of a year
EARLY_DAY, LOW_SHARE = 20, .5   # records that stop before this day of a month, with sales below this share


class Years(NamedTuple):
    """The same months of two years."""

    before: pd.DataFrame
    now: pd.DataFrame
    months: pd.DatetimeIndex    # of the later year
    notes: list[Problem]


def sales_lines(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List every line sold with the customer's segment and region.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders (or won opportunities), accounts, products.

    Returns
    -------
    pandas.DataFrame
        Columns date, month, order_id, account_id, segment, region, product_id, product (its name),
        product_line, quantity, amount, cost (the last three times the credit share). An unknown segment,
        region or line is "".
    """
    lines = credited_sales(tables)
    orders = tables["orders"]
    if len(orders):
        credit = orders.credit_share.fillna(1.0).to_numpy()
        lines = lines.assign(order_id=orders.order_id.to_numpy(), quantity=lines.quantity * credit,
                             cost=lines.cost * credit)
    else:
        lines["order_id"] = None
    for table, key, columns in (("accounts", "account_id", ["segment", "region"]),
                                ("products", "product_id", ["product"])):
        listed = tables[table].drop_duplicates(key).set_index(key)
        at = listed.index.get_indexer(lines[key].astype(object).to_numpy())
        for column in columns:
            values = np.append(listed[column].fillna("").to_numpy(dtype=object), "")[at]
            lines[column] = pd.Series(values, index=lines.index, dtype="str")
    lines["product_line"] = lines.product_line.fillna("").astype("str")
    lines["month"] = first_of_month(lines.date)
    return lines[["date", "month", "order_id", "account_id", "segment", "region", "product_id", "product",
                  "product_line", "quantity", "amount", "cost"]]


def same_products(before: pd.DataFrame, now: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Name each line's product so that it is found in both years: by its id or, if that changed, its name.

    Returns
    -------
    tuple of DataFrame
        Both years with a column item; NaN where no product is named.
    """
    ids = [set(lines.product_id.dropna()) for lines in (before, now)]
    both = ids[0] & ids[1]
    result = []
    for lines in (before, now):
        renamed = ~lines.product_id.isin(both) & (lines["product"] != "")
        named = (lines.product_line + "|" + lines["product"]).astype(object)
        result.append(lines.assign(item=lines.product_id.astype(object).where(~renamed, named)))
    return result[0], result[1]


def check_dimension(by: str | None) -> None:
    """Stop with a sentence where sales are to be divided by something else than the three dimensions."""
    if by is not None and by not in DIMENSIONS:
        raise SalesgoalsError(Problem("market.by", found=str(by), allowed=", ".join(DIMENSIONS)))


def part_names(lines: pd.DataFrame, by: str | None) -> pd.Series:
    """Name the part that each line belongs to; without a dimension all belong to one."""
    return pd.Series(WHOLE, index=lines.index, dtype="str") if by is None else lines[by]


def same_months(lines: pd.DataFrame, months: int = 12, until: str | None = None) -> Years:
    """Take the last months and the same months a year earlier, only where both are on record.

    Parameters
    ----------
    lines : pandas.DataFrame
        From :func:`sales_lines`.
    months : int
        How many months, at most.
    until : str, optional
        The last of them, ``YYYY-MM``; by default the last on record.

    Returns
    -------
    Years
        Lines of both stretches, the months of the later one, and notes: no year before, fewer months than
        asked, a last month that seems unfinished.
    """
    if not len(lines):
        return Years(lines, lines, pd.DatetimeIndex([]), [Problem("market.no_sales", level="note")])
    end = lines.month.max() if until is None else _month(until)
    sold = lines.groupby("month").amount.sum()
    wanted = pd.date_range(end=end, periods=max(int(months), 1), freq="MS")
    kept = wanted[wanted.isin(sold.index) & (wanted - YEAR).isin(sold.index)]
    notes = []
    if not len(kept):
        notes.append(Problem("market.no_year_before", level="note", first=f"{lines.month.min():%Y-%m}",
                             last=f"{lines.month.max():%Y-%m}"))
    elif len(kept) < len(wanted):
        notes.append(Problem("market.fewer_months", level="note", n=len(kept), asked=len(wanted),
                             listed=", ".join(f"{month:%Y-%m}" for month in wanted.difference(kept))))
    if len(kept) and kept[-1] == lines.month.max() and lines.date.max().day < EARLY_DAY:
        share = sold[kept[-1]] / sold[kept[-1] - YEAR] if sold[kept[-1] - YEAR] else np.nan
        if share < LOW_SHARE:
            notes.append(Problem("market.last_month_short", level="doubt", month=f"{kept[-1]:%Y-%m}",
                                 share=float(share), day=f"{lines.date.max():%Y-%m-%d}"))
    return Years(lines[lines.month.isin(kept - YEAR)], lines[lines.month.isin(kept)], kept, notes)


def last_months(lines: pd.DataFrame, months: int = 12, until: str | None = None,
                years_ago: int = 0) -> pd.DataFrame:
    """Take the last months, or the same stretch years ago; nothing where records do not reach back so far."""
    if not len(lines):
        return lines
    last = (lines.month.max() if until is None else _month(until)) - pd.DateOffset(years=years_ago)
    first = last - pd.DateOffset(months=months - 1)
    reached = years_ago == 0 or first >= lines.month.min()
    return lines[lines.month.between(first, last)] if reached else lines.iloc[:0]


def _month(text: str) -> pd.Timestamp:
    try:
        return pd.Period(text, "M").to_timestamp()
    except ValueError as error:
        raise SalesgoalsError(Problem("market.until", found=str(text))) from error


def large_orders(lines: pd.DataFrame) -> pd.DataFrame:
    """Find orders so large that one of them bends the comparison of a year.

    Returns
    -------
    pandas.DataFrame
        Columns order_id, month, account_id, amount, share (of the 12 months that end with its month or, at
        the start of the records, of the first 12), largest first; none among fewer than 100 orders.
    """
    columns = ["order_id", "month", "account_id", "amount", "share"]
    known = lines[lines.order_id.notna()]
    orders = known.groupby("order_id", as_index=False).agg(
        month=("month", "min"), account_id=("account_id", "first"), amount=("amount", "sum"))
    if len(orders) < MANY_ORDERS:
        return orders.assign(share=np.nan)[columns].iloc[:0]
    sold = lines.groupby("month").amount.sum()
    sold = sold.reindex(pd.date_range(sold.index.min(), sold.index.max(), freq="MS"), fill_value=0.0)
    year = sold.rolling(12, min_periods=12).sum().bfill() if len(sold) >= 12 else sold * 0 + sold.sum()
    orders["share"] = orders.amount / orders.month.map(year).clip(lower=1e-9)
    large = orders[(orders.share > LARGE_ORDER) & (orders.amount > 0)]
    return large.sort_values("amount", ascending=False, ignore_index=True)[columns]


def without_large_orders(lines: pd.DataFrame, large: pd.DataFrame | None = None) -> pd.DataFrame:
    """Leave out the orders that alone bend a comparison."""
    large = large_orders(lines) if large is None else large
    return lines[~lines.order_id.isin(large.order_id)] if len(large) else lines
