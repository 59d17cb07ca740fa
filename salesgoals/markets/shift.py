"""Own growth taken apart: what the market gave, what the choice of parts gave, what was won or lost."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from salesgoals.markets.benchmark import UNKNOWN, grow_over, main_source, plain_name
from salesgoals.markets.lines import Years, part_names
from salesgoals.markets.noise import growth_errors, growth_range, sum_by_customer

COLUMNS = ["by", "part", "before", "now", "change", "growth", "low", "high", "customers", "market_growth",
           "market", "mix", "share", "large", "basis", "market_from", "months", "market_months"]


def shift_share(years: Years, series: pd.DataFrame, by: str | None,
                large: Collection[str] = ()) -> pd.DataFrame:
    """Split each part's change into market, mix and share; the three add up to the change.

    Parameters
    ----------
    years : Years
        From :func:`salesgoals.markets.lines.same_months`.
    series : pandas.DataFrame
        From :func:`salesgoals.markets.benchmark.read_series`.
    by : str or None
        Dimension of the parts.
    large : collection of str
        Orders that bend the comparison.

    Returns
    -------
    pandas.DataFrame
        See :func:`salesgoals.market.growth_against_market`.
    """
    if not len(years.months):
        return pd.DataFrame(columns=COLUMNS)
    before, now = (lines.assign(part=part_names(lines, by)) for lines in (years.before, years.now))
    table = sum_by_customer(before, now, "part", ["amount"])
    found = table.groupby("part").agg(before=("amount_before", "sum"), now=("amount_now", "sum"),
                                      customers=("customer", "nunique"))
    errors = growth_errors(table, "part").reindex(found.index)
    found["low"], found["high"] = growth_range(errors)
    single = now[now.order_id.isin(list(large))].groupby("part").amount.sum()
    found["large"] = single.reindex(found.index).fillna(0.0)
    found["change"] = found.now - found.before
    found["growth"] = (found.change / found.before).where(found.before > 0)
    used = main_source(series)
    whole = grow_over(used, years.months)
    plain = used.segment.map(plain_name)
    rows = []
    for part in found.index:
        own = grow_over(used[plain == plain_name(part)], years.months) if part and by else UNKNOWN
        basis = "own" if own.source != "unknown" else "total" if whole.source != "unknown" else "unknown"
        chosen = own if basis == "own" else whole
        rows.append((chosen.growth, basis, chosen.source, chosen.months))
    columns = ["market_growth", "basis", "market_from", "market_months"]
    found = found.join(pd.DataFrame(rows, index=found.index, columns=columns))
    found["market"] = found.before * whole.growth
    found["mix"] = found.before * (found.market_growth - whole.growth)
    found["share"] = found.change - found.market - found.mix
    found = found.assign(by=by or "", months=len(years.months)).reset_index()
    order = np.lexsort([found.part, -found.now, found.part == ""])
    return found.iloc[order].reset_index(drop=True)[COLUMNS]
