"""Margin rates of product lines, then and now, told apart from the ups and downs of single months."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.history import credited_sales, first_of_month

FALL = .02         # points of margin that matter
NOISE = 3.0        # standard errors that a fall must exceed
LEAST_SHARE = .02  # of sales; smaller lines are left alone
COLUMNS = ["product_line", "before", "now", "rate_before", "rate_now", "falls"]


def line_margins(tables: Mapping[str, pd.DataFrame], start: pd.Timestamp) -> pd.DataFrame:
    """Set each product line's sales and margin rate beside those of the period before.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    start : Timestamp
        Only records before it.

    Returns
    -------
    DataFrame
        Columns product_line, before, now (sales), rate_before, rate_now (margin over sales) and falls: the
        rate fell by 2 points or more, by more than 3 standard errors of its months. The last 12 months
        against the 12 before them; with less than two years on record, the last 6 against the 6 before.
        Empty without costs or with less than a year.
    """
    sales = credited_sales(tables)
    orders = tables["orders"].reset_index(drop=True)
    nothing = pd.DataFrame(columns=COLUMNS)
    if sales.empty or not len(orders):
        return nothing
    sales = sales.assign(month=first_of_month(sales.date), cost=sales.cost * orders.credit_share.fillna(1.0))
    whole = float(sales.amount[sales.date < start].sum())
    sales = sales[(sales.date < start) & sales.cost.notna() & sales.product_line.notna()]
    if sales.empty:
        return nothing
    last = sales.month.max()
    months = (last.year - sales.month.min().year) * 12 + last.month - sales.month.min().month + 1
    half = 12 if months >= 24 else 6
    if months < 2 * half:
        return nothing
    sums = sales.assign(margin=sales.amount - sales.cost).groupby(["product_line", "month"])[
        ["amount", "margin"]].sum().reset_index()
    new = sums.month > last - pd.DateOffset(months=half)
    old = ~new & (sums.month > last - pd.DateOffset(months=2 * half))
    rows = []
    for line in sums.product_line.unique():
        mine = sums.product_line == line
        (before, was, doubt), (now, is_now, doubt_now) = (_rate(sums[mine & part]) for part in (old, new))
        error = np.hypot(doubt, doubt_now)
        falls = now >= LEAST_SHARE * half / months * whole and was - is_now >= max(FALL, NOISE * error)
        rows.append((line, before, now, was, is_now, bool(falls)))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("now", ascending=False, ignore_index=True)


def _rate(months: pd.DataFrame) -> tuple[float, float, float]:
    """Return sales, margin rate and the standard error of the rate, from its months."""
    amount = float(months.amount.sum())
    if len(months) < 3 or amount <= 0:
        return amount, float("nan"), float("nan")
    rate = float(months.margin.sum()) / amount
    misses = (months.margin - rate * months.amount).to_numpy(float)
    return amount, rate, float(np.sqrt((misses ** 2).sum() * len(misses) / (len(misses) - 1)) / amount)
