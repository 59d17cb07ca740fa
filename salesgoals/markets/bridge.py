"""From one year's sales to the next: volume, mix, price, new and lost products, returns; to the last fen."""

from __future__ import annotations

import pandas as pd

from salesgoals.attribution.fen import to_the_fen
from salesgoals.markets.lines import Years, part_names, same_products

CAUSES = ["volume", "mix", "price", "new", "lost", "returns", "unmeasured"]
COLUMNS = ["by", "part", "before", "now", "change", *CAUSES]


def bridge_years(years: Years, by: str | None) -> pd.DataFrame:
    """Name the causes of each part's change; they add up to it exactly.

    Parameters
    ----------
    years : Years
        From :func:`salesgoals.markets.lines.same_months`.
    by : str or None
        Dimension of the parts.

    Returns
    -------
    pandas.DataFrame
        See :func:`salesgoals.market.price_volume_mix`.
    """
    if not len(years.months):
        return pd.DataFrame(columns=COLUMNS)
    sums = [_sums(lines.assign(part=part_names(lines, by)))
            for lines in same_products(years.before, years.now)]
    both = sums[0].merge(sums[1], on=["part", "kind", "item"], how="outer", suffixes=("_before", "_now"))
    both = both.fillna(dict.fromkeys(["amount_before", "amount_now", "quantity_before", "quantity_now"], 0.0))
    parts = both.groupby("part")[["amount_before", "amount_now"]].sum()
    parts.columns = ["before", "now"]
    bucket = both[both.kind != "sold"].groupby(["part", "kind"])[["amount_before", "amount_now"]].sum()
    change = (bucket.amount_now - bucket.amount_before).unstack("kind")
    causes = _price_and_volume(both[both.kind == "sold"])
    found = parts.join(causes).join(change.reindex(columns=["returns", "unmeasured"]))
    found[CAUSES] = found.reindex(columns=CAUSES).fillna(0.0)
    found[["before", "now"]] = found[["before", "now"]].round(2)
    found["change"] = found.now - found.before
    return to_the_fen(found, CAUSES, "change").assign(by=by or "").reset_index().sort_values(
        ["now", "part"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _sums(lines: pd.DataFrame) -> pd.DataFrame:
    """Add up by part and product: pieces sold at a price, goods that came back, and what has no quantity."""
    back = (lines.amount < 0) | (lines.quantity < 0)
    measured = (lines.quantity > 0) & (lines.amount >= 0) & lines.item.notna()
    kind = pd.Series("unmeasured", index=lines.index).where(~measured, "sold").where(~back, "returns")
    named = lines.assign(kind=kind, item=lines.item.where(kind == "sold", ""))
    return named.groupby(["part", "kind", "item"], as_index=False)[["amount", "quantity"]].sum()


def _price_and_volume(sold: pd.DataFrame) -> pd.DataFrame:
    """Split what kept products changed into volume, mix and price; products of one year stand apart."""
    kept = (sold.quantity_before > 0) & (sold.quantity_now > 0)
    new = sold[sold.quantity_before <= 0].groupby("part").amount_now.sum()
    lost = -sold[sold.quantity_now <= 0].groupby("part").amount_before.sum()
    table = sold[kept].copy()
    table["at_old_price"] = table.quantity_now * table.amount_before / table.quantity_before
    sums = table.groupby("part")[["amount_before", "amount_now", "quantity_before", "quantity_now",
                                  "at_old_price"]].sum()
    mean_price = sums.amount_before / sums.quantity_before
    causes = pd.DataFrame({"volume": (sums.quantity_now - sums.quantity_before) * mean_price,
                           "mix": sums.at_old_price - sums.quantity_now * mean_price,
                           "price": sums.amount_now - sums.at_old_price})
    return causes.join(pd.DataFrame({"new": new, "lost": lost}), how="outer")
