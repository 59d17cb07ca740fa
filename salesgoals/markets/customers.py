"""On how many customers the year rests, and which of them came, stayed, or left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.markets.lines import Years

FEW_CUSTOMERS = 10      # below, a share of the largest says nothing
MOST = .8
RANKED = ["rank", "account_id", "amount", "share", "cumulative"]
MEASURES = ["customers", "top_1", "top_5", "top_10", "for_80", "hhi", "gini"]
KINDS = ["kept_more", "kept_less", "new", "back", "lost"]


def rank_customers(lines: pd.DataFrame) -> pd.DataFrame:
    """Rank customers by what they bought; see :func:`salesgoals.market.customer_shares`."""
    bought = lines[lines.account_id.notna()].groupby("account_id").amount.sum()
    bought = bought[bought > 0].sort_values(ascending=False, kind="stable")
    total = float(bought.sum())
    table = pd.DataFrame({"rank": range(1, len(bought) + 1), "account_id": bought.index.astype("str"),
                          "amount": bought.to_numpy(dtype="float64")})
    table["share"] = table.amount / total if total > 0 else np.nan
    table["cumulative"] = table.share.cumsum()
    return table[RANKED]


def measure_concentration(ranked: pd.DataFrame) -> pd.Series:
    """Sum up how unevenly sales are spread over customers; NaN where there are fewer than ten.

    Returns
    -------
    pandas.Series
        customers, top_1, top_5, top_10 (shares), for_80 (customers who make 80 %), hhi (sum of squared
        shares, 0 to 1; Hirschman 1945, Herfindahl 1950), gini (0 even to 1).
    """
    share, n = ranked.share.to_numpy(dtype="float64"), len(ranked)
    found = dict.fromkeys(MEASURES, np.nan) | {"customers": float(n) if n else np.nan}
    if n >= FEW_CUSTOMERS:
        found |= {f"top_{k}": float(share[:k].sum()) for k in (1, 5, 10)}
        found["for_80"] = float(np.searchsorted(share.cumsum(), MOST - 1e-12) + 1)
        found["hhi"] = float((share ** 2).sum())
        found["gini"] = float(1 - 2 * ((share[::-1].cumsum() - share[::-1] / 2).sum() / n))
    return pd.Series(found, dtype="float64")


def follow_customers(years: Years, lines: pd.DataFrame) -> pd.DataFrame:
    """Count customers kept, new, back and lost; see :func:`salesgoals.market.customer_changes`."""
    columns = ["kind", "customers", "before", "now", "change"]
    if not len(years.months) or not lines.account_id.notna().any():
        return pd.DataFrame(columns=columns)
    before, now = (part[part.account_id.notna()].groupby("account_id").amount.sum()
                   for part in (years.before, years.now))
    both = pd.DataFrame({"before": before, "now": now})
    here, there = both.now.notna(), both.before.notna()
    first = lines[lines.account_id.notna()].groupby("account_id").month.min().reindex(both.index)
    kind = np.select([here & there & (both.now >= both.before), here & there,
                      here & (first >= years.months[0]), here], KINDS[:4], KINDS[4])
    sums = both.fillna(0.0).groupby(kind).agg(customers=("now", "size"), before=("before", "sum"),
                                              now=("now", "sum")).reindex(KINDS, fill_value=0)
    sums["change"] = sums.now - sums.before
    return sums.rename_axis("kind").reset_index()[columns]
