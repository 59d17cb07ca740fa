"""Years that were made by one order, and goals that ask for such an order again."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

LEAST_SHARE = .4        # of the person's last 12 months
LEAST_EXCESS = 1.5       # goal over what is left without the order, grown like the whole plan
LEAST_ORDERS = 20        # records too short to know what an order usually looks like
ALPHA, ALPHA_IN_TAIL = .001, .05
TOPS = ((.95, 1.6449), (.99, 2.3263))   # quantiles of the orders, and where a bell curve has them
TAIL, LEAST_TAIL = .01, 10              # share and number of orders that show how heavy the tail is


def find_one_orders(sales: pd.DataFrame, people: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Find goals that rest on one order: without it the goal would ask for far more than the person sells.

    Parameters
    ----------
    sales : DataFrame
        Columns date, person_id, account_id, amount: every sale with the person credited.
    people : DataFrame
        Columns person_id, goal.
    start : Timestamp
        First day of the plan; the year before it is looked at.

    Returns
    -------
    DataFrame
        Columns person_id, date, amount, share (of the person's last 12 months), rest (what is left of
        them), excess (goal over the rest grown like the whole plan, minus 1), p.

    Notes
    -----
    Lines of one person, customer and day count as one order. Only people with more than a year of sales are
    looked at: of others nobody knows what is usual. An order stands out when, among the ratios of all other
    orders to their seller's usual one, hardly any company of this size would have such a one by chance: less
    than one in a thousand if orders are log-normal, less than one in twenty if their tail is a power law with
    the exponent of the top 1 % (Hill 1975). So companies that live on rare huge orders are not alarmed by
    each of them.

    Examples
    --------
    >>> days = pd.date_range("2024-12-01", periods=50, freq="7D")
    >>> sales = pd.DataFrame({"date": days, "person_id": "7", "account_id": "a",
    ...                       "amount": [10., 11., 9., 12., 8.] * 10})
    >>> sales.loc[30, "amount"] = 900.
    >>> found = find_one_orders(sales, pd.DataFrame({"person_id": ["7"], "goal": [1500.]}),
    ...                         pd.Timestamp("2026-01-01"))
    >>> found.amount.tolist(), found.share.round(2).tolist()
    ([900.0], [0.67])
    """
    columns = ["person_id", "date", "amount", "share", "rest", "excess", "p"]
    past = sales[sales.person_id.notna() & (sales.date < start)]
    keys = ["person_id", "date", "account_id"]
    orders = past.groupby(keys, dropna=False, as_index=False).amount.sum()
    orders = orders[orders.amount > 0]
    first = past.groupby("person_id").date.min()
    orders = orders[orders.person_id.map(first) < start - pd.DateOffset(years=1)]
    recent = orders.date >= start - pd.DateOffset(years=1)
    last_12 = past[past.date >= start - pd.DateOffset(years=1)].groupby("person_id").amount.sum()
    if len(orders) < LEAST_ORDERS or not recent.any():
        return pd.DataFrame(columns=columns)
    size = np.log(orders.amount)
    above = size - size.groupby(orders.person_id).transform("median")
    largest = orders[recent].groupby("person_id").amount.idxmax()
    table = orders.loc[largest, ["person_id", "date", "amount"]]
    year = table.person_id.map(last_12).astype(float)
    table["share"] = table.amount / year.where(year > 0)
    table["rest"] = year - table.amount
    goal = table.person_id.map(people.set_index("person_id").goal).astype(float)
    base = float(last_12.reindex(people.person_id).sum())
    growth = float(people.goal.sum()) / base if base > 0 else np.nan
    table["excess"] = goal / (table.rest.clip(lower=0) * growth).where(table.rest > 0) - 1
    matters = (table.share >= LEAST_SHARE) & goal.notna() & (
        (table.excess >= LEAST_EXCESS - 1) | (table.rest <= 0))
    table = table[matters]
    found = np.array([_by_chance(above.drop(at).to_numpy(float), float(above[at])) for at in table.index])
    found = found.reshape(-1, 2)
    table["p"] = found[:, 0]
    stands_out = (found < (ALPHA, ALPHA_IN_TAIL)).all(1)
    return table.loc[stands_out, columns].sort_values("share", ascending=False, ignore_index=True)


def _by_chance(others: NDArray[np.float64], order: float) -> tuple[float, float]:
    """How likely the largest of all orders lies so far out: for a log-normal, and for a power law."""
    upper = max(float(np.quantile(others, top)) / score for top, score in TOPS)
    spread = max(upper, 1.4826 * float(np.median(np.abs(others - np.median(others)))), .2)
    count = max(LEAST_TAIL, int(TAIL * len(others)))
    ordered = np.sort(others)[-count - 1:]
    beyond = float((ordered[1:] - ordered[0]).mean())
    in_tail = count * np.exp(-(order - ordered[0]) / beyond) if beyond > 0 else 0.
    return min(len(others) * float(ndtr(-order / spread)), 1.), min(float(in_tail), 1.)
