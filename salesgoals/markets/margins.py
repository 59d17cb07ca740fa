"""What is left after cost: over time, and why it changed - prices, costs, or which products were sold."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pandas as pd

from salesgoals.markets.lines import Years, part_names, same_products
from salesgoals.markets.noise import Array, sum_by_customer, two_sided

HALF_YEAR = 6
FACTORS = ("price", "cost", "mix")
COURSE = ["by", "part", "period_start", "period_end", "amount", "margin", "known"]
CAUSES = ["by", "part", "before", "now", "growth", "margin_before", "margin_now", "points", *FACTORS, "other",
          "money", "known", "p"]
BELOW = ["by", "part", "lines", "below", "share", "loss"]


def margin_periods(lines: pd.DataFrame, by: str | None, months: int = HALF_YEAR) -> pd.DataFrame:
    """Work out the margin of each part in stretches of some months, counted back from the last month.

    Returns
    -------
    pandas.DataFrame
        See :func:`salesgoals.market.margin_course`.
    """
    priced = lines[lines.cost.notna()]
    if not len(priced):
        return pd.DataFrame(columns=COURSE)
    last = lines.month.max()
    ago = (last.year - lines.month.dt.year) * 12 + last.month - lines.month.dt.month
    back = ago // months
    whole = back <= (ago.max() + 1) // months - 1       # an unfinished stretch at the start is left out
    parts = part_names(lines, by)[whole]
    table = lines[whole].assign(part=parts, back=back[whole])
    table["priced"] = table.amount.where(table.cost.notna(), 0.0)
    sums = table.groupby(["part", "back"])[["amount", "priced", "cost"]].sum().reset_index()
    sums["margin"] = (1 - sums.cost / sums.priced).where(sums.priced > 0)
    sums["known"] = (sums.priced / sums.amount).where(sums.amount > 0)
    ends = [last - pd.DateOffset(months=int(step) * months) for step in sums.back]
    sums["period_start"] = pd.to_datetime([end - pd.DateOffset(months=months - 1) for end in ends])
    sums["period_end"] = pd.to_datetime([end + pd.offsets.MonthEnd(0) for end in ends])
    return sums.assign(by=by or "").sort_values(["part", "period_start"], ignore_index=True)[COURSE]


def margin_shift(years: Years, by: str | None) -> pd.DataFrame:
    """Split each part's change of margin into price, cost and mix, each with its fair share (Shapley).

    Returns
    -------
    pandas.DataFrame
        See :func:`salesgoals.market.margin_causes`.
    """
    before, now = (lines.assign(part=part_names(lines, by)) for lines in (years.before, years.now))
    if not len(years.months) or not now.cost.notna().any() or not before.cost.notna().any():
        return pd.DataFrame(columns=CAUSES)
    sales = [lines.groupby("part").amount.sum() for lines in (before, now)]
    priced = [lines[lines.cost.notna()] for lines in (before, now)]
    sums = [lines.groupby("part")[["amount", "cost"]].sum() for lines in priced]
    parts = sales[0].index.union(sales[1].index)
    found = pd.DataFrame({"before": sales[0], "now": sales[1]}, index=parts).fillna(0.0)
    found["growth"] = (found.now / found.before - 1).where(found.before > 0)
    for year, total in zip(("before", "now"), sums, strict=True):
        total = total.reindex(parts).fillna(0.0)
        found[f"margin_{year}"] = (1 - total.cost / total.amount).where(total.amount > 0)
    found["known"] = (sums[1].amount.reindex(parts).fillna(0.0) / found.now).where(found.now > 0)
    found["points"] = found.margin_now - found.margin_before
    found = found.join(_shapley(*same_products(*priced)).reindex(parts))
    found["other"] = found.points - found[list(FACTORS)].sum(axis=1, min_count=1)
    found["money"] = found.points * sums[1].amount.reindex(parts)
    found["p"] = _chance_alone(priced[0], priced[1], found.points)
    return found.assign(by=by or "").rename_axis("part").reset_index().sort_values(
        ["now", "part"], ascending=[False, True], ignore_index=True)[CAUSES]


def _shapley(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Average, over all orders in which price, cost and quantities can change, what each one changes."""
    sums = [lines[(lines.quantity > 0) & lines.item.notna()].groupby(["part", "item"])[
        ["quantity", "amount", "cost"]].sum() for lines in (before, now)]
    index = sums[0].index.union(sums[1].index)
    quantity, price, cost = [], [], []
    for table in (table.reindex(index) for table in sums):
        quantity.append(table.quantity.fillna(0.0))
        price.append(table.amount / table.quantity)
        cost.append(table.cost / table.quantity)
    # A product sold in one year only has no second price: held, so that it counts as mix.
    price = [price[0].fillna(price[1]), price[1].fillna(price[0])]
    cost = [cost[0].fillna(cost[1]), cost[1].fillna(cost[0])]
    margin: dict[tuple[int, ...], pd.Series] = {}
    for p, c, q in product((0, 1), repeat=3):
        amount = (quantity[q] * price[p]).groupby(level=0).sum()
        margin[p, c, q] = 1 - (quantity[q] * cost[c]).groupby(level=0).sum() / amount.where(amount > 0)
    shares = dict.fromkeys(FACTORS, 0.0 * margin[0, 0, 0])
    orders = list(permutations(range(len(FACTORS))))
    for order in orders:
        state = [0, 0, 0]
        for factor in order:
            was = margin[tuple(state)]
            state[factor] = 1
            shares[FACTORS[factor]] = shares[FACTORS[factor]] + (margin[tuple(state)] - was) / len(orders)
    return pd.DataFrame(shares)


def _chance_alone(before: pd.DataFrame, now: pd.DataFrame, points: pd.Series) -> Array:
    """Return how often luck alone would change a margin as much, with errors over customers."""
    table = sum_by_customer(before, now, "part", ["amount", "cost"])
    sums = table.groupby("part")[["amount_before", "amount_now", "cost_before", "cost_now"]].transform("sum")
    pull = pd.Series(0.0, index=table.index)
    for year, sign in (("now", 1.0), ("before", -1.0)):
        total, cost = sums[f"amount_{year}"], sums[f"cost_{year}"]
        own = (table[f"amount_{year}"] * cost / total - table[f"cost_{year}"]) / total
        pull = pull + sign * own.where(total > 0, 0.0)
    squares = pd.DataFrame({"part": table.part, "two": pull ** 2, "four": pull ** 4}).groupby("part").sum()
    variance = squares.two.reindex(points.index).fillna(0.0).to_numpy()
    fourth = squares.four.reindex(points.index).to_numpy()
    count = np.divide(variance ** 2, fourth, out=np.zeros(len(points)), where=fourth > 0)
    exact = np.zeros(len(points))
    return two_sided(points.to_numpy(), np.c_[variance, exact], np.c_[count, exact + np.inf])


def lines_below_cost(lines: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Count the lines sold below cost; see :func:`salesgoals.market.below_cost`."""
    priced = lines[lines.cost.notna() & (lines.amount > 0)]
    if not len(priced):
        return pd.DataFrame(columns=BELOW)
    under = priced.amount < priced.cost
    table = priced.assign(part=part_names(priced, by), under=under,
                          loss=(priced.cost - priced.amount).where(under, 0.0))
    found = table.groupby("part").agg(lines=("under", "size"), below=("under", "sum"), loss=("loss", "sum"))
    found["share"] = found.below / found.lines
    return found.assign(by=by or "").reset_index().sort_values(
        ["loss", "part"], ascending=[False, True], ignore_index=True)[BELOW]
