"""What the records say about pay: results, what came back, margins, crowding at the ends of periods."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from salesgoals.history import credited_sales, first_of_month

LAST_SHARE = .1  # of a period's days
YEARS_BACK = 3


def results_of_records(tables: Mapping[str, pd.DataFrame], months: pd.DatetimeIndex,
                       measured: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what each person reached in the months of a plan, and how much of it came back.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    months : DatetimeIndex
        The plan's months; those after the end of the records have no rows.
    measured : DataFrame, optional
        Columns month, person_id, metric, value: further metrics, net of what came back.

    Returns
    -------
    DataFrame
        Columns person_id, month, metric, result, returned. Sales of several people count by credit share.
        The records do not say when a sale that came back was made, so it counts in the month it came back.
    """
    sales = credited_sales(tables)
    sales = sales.assign(month=first_of_month(sales.date)) if len(sales) else sales.assign(month=pd.NaT)
    sales = sales[sales.month.isin(months) & sales.person_id.notna()]
    back = sales.amount.where(sales.amount < 0, 0.)
    own = sales.assign(result=sales.amount - back, returned=-back, metric="amount").groupby(
        ["person_id", "month", "metric"], as_index=False)[["result", "returned"]].sum()
    if measured is None:
        return own
    more = measured[measured.month.isin(months) & (measured.metric != "amount")]
    more = more.rename(columns={"value": "result"}).assign(returned=0.)
    return pd.concat([own, more[own.columns]], ignore_index=True)


def margin_rate(tables: Mapping[str, pd.DataFrame], people: Collection[str]) -> float:
    """Return margin over sales of some people in the last 12 months; NaN where costs are not known.

    It is 0 or less where goods were sold below cost.
    """
    sales = credited_sales(tables)
    sales = sales[sales.person_id.isin(list(people)) & sales.cost.notna()]
    if not len(sales):
        return float("nan")
    sales = sales[sales.date > sales.date.max() - pd.DateOffset(years=1)]
    sold = float(sales.amount.sum())
    rate = 1 - float(sales.cost.sum()) / sold if sold > 0 else np.nan
    return rate if rate < 1 else float("nan")


def share_returned(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return how much came back in the last 12 months, in money and as a share of what was sold."""
    sales = credited_sales(tables)
    if not len(sales):
        return {"share": 0., "amount": 0.}
    sales = sales[sales.date > sales.date.max() - pd.DateOffset(years=1)]
    back, sold = -float(sales.amount[sales.amount < 0].sum()), float(sales.amount[sales.amount > 0].sum())
    return {"share": back / sold if sold > 0 else 0., "amount": back}


def credit_beyond_one(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Count orders whose credit shares add up to more than the whole, and the money credited beyond it."""
    orders = tables["orders"]
    split = orders[orders.credit_share.notna() & orders.order_id.notna()]
    if not len(split):
        return {"orders": 0., "amount": 0.}
    keys = [split.order_id, split.line.fillna("")]
    lines = split.groupby(keys).agg(share=("credit_share", "sum"), amount=("amount", "max"))
    lines = lines[lines.share > 1 + 1e-6]
    return {"orders": float(lines.index.get_level_values(0).nunique()),
            "amount": float((lines.amount * (lines.share - 1)).sum())}


def period_ends(tables: Mapping[str, pd.DataFrame], months: int, people: Collection[str]) -> dict[str, float]:
    """Say how sales crowd at the ends of pay periods: share in the last and in the first tenth of the days.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    months : int
        Length of a period, 1, 3, 6 or 12, counted within the calendar year.
    people : collection of str
        Whose sales.

    Returns
    -------
    dict
        last, first (shares of sales), even (the share of days they are), periods (how many were seen whole).
    """
    sales = credited_sales(tables)
    nothing = {"last": 0., "first": 0., "even": LAST_SHARE, "periods": 0.}
    if not len(sales):
        return nothing
    ends = sales.date.max()
    sales = sales[sales.person_id.isin(list(people)) & (sales.date > ends - pd.DateOffset(years=YEARS_BACK))]
    number = (sales.date.dt.month - 1) // months
    begin = pd.to_datetime({"year": sales.date.dt.year, "month": number * months + 1, "day": 1})
    days = ((begin + pd.DateOffset(months=months)) - begin).dt.days
    place = (sales.date.dt.normalize() - begin).dt.days
    edge = np.maximum((days * LAST_SHARE).round(), 1)
    whole = (begin + pd.DateOffset(months=months) <= ends + pd.Timedelta(days=1)) & (
        begin >= sales.date.min().to_period("M").to_timestamp() if len(sales) else False)
    amount = sales.amount[whole]
    if not len(amount) or amount.sum() <= 0:
        return nothing
    return {"last": float(amount[(place >= days - edge)[whole]].sum() / amount.sum()),
            "first": float(amount[(place < edge)[whole]].sum() / amount.sum()),
            "even": float((edge / days)[whole].mean()), "periods": float(begin[whole].nunique())}
