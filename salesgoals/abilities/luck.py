"""Orders so much larger than everything else of a person that they must not be mistaken for ability."""

from __future__ import annotations

import numpy as np
import pandas as pd

FAR = 4.        # robust standard deviations of logs beyond which an order is out of the ordinary
KEPT = 2.       # at so many a large, but ordinary order lies: what a windfall is cut to
LARGE = .25     # and this share of a person's sales in the period
FEWEST = 8      # orders that it takes to know what is ordinary
NORMAL = 1.4826


def cut_windfalls(sales: pd.DataFrame) -> pd.DataFrame:
    """Add lines up to orders, and cut an order that is far out of the ordinary to a large, but ordinary one.

    Parameters
    ----------
    sales : DataFrame
        Columns person_id, order, account_id, date, amount.

    Returns
    -------
    DataFrame
        One row an order: person_id, order, account_id, date, amount, kept (amount, cut where it is a
        windfall), windfall (True where it is one).

    Notes
    -----
    Source of method: Winsorising by robust standard deviations of the log (median absolute deviation;
    Hampel 1974): beyond four an order counts as one of two. Only orders that make a quarter of a person's
    sales are cut: where it does not matter, nothing is touched.

    Examples
    --------
    >>> sales = pd.DataFrame({"person_id": "7", "order": [str(n) for n in range(20)], "account_id": "a",
    ...                       "date": pd.Timestamp("2025-01-01"), "amount": [100., 120.] * 9 + [90., 9e4]})
    >>> found = cut_windfalls(sales)
    >>> int(found.windfall.sum()), bool(found.kept.max() < 1000)
    (1, True)
    """
    orders = sales.groupby(["person_id", "order"], as_index=False, sort=True).agg(
        account_id=("account_id", "first"), date=("date", "min"), amount=("amount", "sum"))
    positive = orders[orders.amount > 0]
    if positive.empty:  # nothing, or nothing but returns
        return orders.assign(kept=orders.amount, windfall=np.zeros(len(orders), dtype=bool))
    log = np.log(positive.amount)
    person = positive.person_id
    middle = log.groupby(person).median()
    away = (log - person.map(middle)).abs()
    pooled = NORMAL * float(away.median())
    spread = (NORMAL * away.groupby(person).median()).clip(lower=max(pooled, .1))
    limit, kept = np.exp(middle + FAR * spread), np.exp(middle + KEPT * spread)
    count = positive.groupby("person_id").size()
    total = orders.groupby("person_id").amount.sum()
    most = orders.person_id.map(limit)
    windfall = ((orders.amount > most) & (orders.person_id.map(count) >= FEWEST)
                & (orders.amount > LARGE * orders.person_id.map(total)))
    ordinary = orders.person_id.map(kept)
    return orders.assign(kept=orders.amount.where(~windfall, ordinary), windfall=windfall)


def largest_orders(sales: pd.DataFrame) -> pd.DataFrame:
    """Tell for each person how much of the sales came from one order.

    Returns
    -------
    DataFrame
        Index person_id; columns order, date, amount (of the largest order, currency units), share (of the
        person's sales, NaN where these are not positive), windfall (True: far out of the ordinary).
    """
    orders = cut_windfalls(sales)
    if orders.empty:
        return pd.DataFrame(columns=["order", "date", "amount", "share", "windfall"])
    total = orders.groupby("person_id").amount.sum()
    largest = orders.loc[orders.groupby("person_id").amount.idxmax()].set_index("person_id")
    share = largest.amount / total.where(total > 0)
    return largest[["order", "date", "amount"]].assign(share=share, windfall=largest.windfall)
