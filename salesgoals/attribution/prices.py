"""Pieces sold, valued at the prices of the base: what the chain needs to tell price from product mix."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["pieces", "list", "amount", "measured"]


def value_at_base_prices(base: pd.DataFrame, now: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count each unit's pieces and value them at the prices of the base, for both periods.

    Parameters
    ----------
    base, now : pandas.DataFrame
        Sales lines of the two periods: columns product_id, quantity, amount and the column of the unit.
    by : str
        Column of the unit, such as person_id.

    Returns
    -------
    tuple of DataFrame
        For base and now, index the units of that period: pieces (net of returns), list (pieces at the
        product's mean price of the base), amount, measured (share of the amount with product and quantity;
        the rest is taken to be like it; where nothing is measured, pieces and list are empty). A product that
        the base does not know counts at its own price, so that it is mix and not price.

    Examples
    --------
    >>> base = pd.DataFrame({"who": ["7"], "product_id": ["a"], "quantity": [10.0], "amount": [100.0]})
    >>> now = pd.DataFrame({"who": ["7"], "product_id": ["a"], "quantity": [12.0], "amount": [108.0]})
    >>> value_at_base_prices(base, now, "who")[1].iloc[0].tolist()  # 12 pieces at 10, sold at 9
    [12.0, 120.0, 108.0, 1.0]
    """
    known = _prices(now)
    prices = pd.concat([known[~known.index.isin(_prices(base).index)], _prices(base)])
    return _value(base, prices, by), _value(now, prices, by)


def _measured(lines: pd.DataFrame) -> pd.Series:
    return lines.quantity.notna() & (lines.quantity != 0) & lines.product_id.notna() & lines.amount.notna()


def _prices(lines: pd.DataFrame) -> pd.Series:
    """Return the mean price of each product that was sold on balance."""
    sums = lines[_measured(lines)].groupby("product_id")[["quantity", "amount"]].sum()
    sums = sums[(sums.quantity > 0) & (sums.amount > 0)]
    return sums.amount / sums.quantity


def _value(lines: pd.DataFrame, prices: pd.Series, by: str) -> pd.DataFrame:
    priced = lines.product_id.map(prices).astype(float)
    usable = _measured(lines) & priced.notna()
    table = pd.DataFrame({by: lines[by], "pieces": lines.quantity.where(usable, 0.0),
                          "list": (lines.quantity * priced).where(usable, 0.0), "amount": lines.amount,
                          "known": lines.amount.where(usable, 0.0)})
    sums = table.groupby(by)[["pieces", "list", "amount", "known"]].sum()
    sums["measured"] = (sums.known / sums.amount).where(sums.amount != 0)
    scale = (sums.amount / sums.known).where(sums.known != 0)
    for column in ("pieces", "list"):
        sums[column] = (sums[column] * scale).where(sums[column] != 0)
    return sums[COLUMNS]
