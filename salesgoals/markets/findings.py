"""Strengths and weaknesses that the figures can carry: beyond the luck of a few customers, or plain facts.

Many parts are looked at together, and one of twenty would look special by chance alone. So a difference is
only reported when its chance of being luck, times the number of looks, is below 5 % (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.markets.benchmark import grow_over, main_source, plain_name
from salesgoals.markets.customers import measure_concentration, rank_customers
from salesgoals.markets.lines import DIMENSIONS, WHOLE, Years
from salesgoals.markets.margins import lines_below_cost, margin_shift
from salesgoals.markets.noise import growth_errors, growth_range, sum_by_customer, two_sided

RISK = .05              # of one false finding among all
LEAST_GAP = .05         # points of growth that are worth a word
LEAST_POINTS = .02      # points of margin that are worth a word
LEAST_PART = .03        # of all sales
HEAVY_TOP = 1 / 3       # of sales made by five customers
MANY_BELOW = .05        # of lines below cost
COLUMNS = ["code", "side", "by", "part", "amount", "figure", "low", "high", "compared", "market", "cause",
           "month", "n", "p"]
SIDES = {"growth_above": "strength", "share_won": "strength", "margin_rising": "strength",
         "growth_below": "weakness", "share_lost": "weakness", "losing_line": "weakness",
         "margin_falling": "weakness", "below_cost": "weakness", "one_order": "caution",
         "few_customers": "caution", "market_restated": "caution"}
Row = dict[str, Any]


def find_all(lines: pd.DataFrame, years: Years, plain_years: Years, series: pd.DataFrame,
             large: pd.DataFrame) -> pd.DataFrame:
    """List everything worth saying, ranked by money; see :func:`salesgoals.market.strengths_and_weaknesses`.

    Parameters
    ----------
    lines : pandas.DataFrame
        From :func:`salesgoals.markets.lines.sales_lines`.
    years, plain_years : Years
        The two years as they were, and without orders so large that they bend every comparison.
    series : pandas.DataFrame
        From :func:`salesgoals.markets.benchmark.read_series`.
    large : pandas.DataFrame
        From :func:`salesgoals.markets.lines.large_orders`.
    """
    tested = pd.DataFrame([*_tested_growth(plain_years, series), *_tested_margins(plain_years)])
    rows = list(_plain_facts(lines, years, series, large))
    if len(tested):
        looks = int(tested.p.notna().sum())
        rows += tested[(tested.p * looks < RISK) & tested.pop("matters")].to_dict("records")
    found = pd.DataFrame(_said_once(rows), columns=COLUMNS)
    found["side"] = found.code.map(SIDES)
    order = np.lexsort([found.part.astype(str), found.code, -found.amount.abs().fillna(-1.0)])
    kinds = dict.fromkeys(("amount", "figure", "low", "high", "compared", "market", "p"), "float64")
    texts = dict.fromkeys(("code", "side", "by", "part", "cause"), "str")
    return found.iloc[order].reset_index(drop=True).astype(
        {**kinds, **texts, "n": "Int64", "month": "datetime64[us]"})


def _said_once(rows: list[Row]) -> list[Row]:
    """Say one thing of a part: of two parts only the better one; against the others before the market."""
    named = {(row["by"], row["part"]) for row in rows if row["code"].startswith("growth")}
    ups = {row["by"] for row in rows if row["code"] == "growth_above" and row.pop("parts", 0) == 2}
    return [row for row in rows
            if not (row["code"].startswith("share") and (row["by"], row["part"]) in named)
            and not (row["code"] == "growth_below" and row["by"] in ups)]


def _tested_growth(years: Years, series: pd.DataFrame) -> Iterator[Row]:
    if not len(years.months):
        return
    used = main_source(series)
    whole = grow_over(used, years.months).growth
    total = float(years.now.amount.sum())
    yield from _against_market(years, whole)
    for by in DIMENSIONS:
        table = sum_by_customer(years.before, years.now, by, ["amount"])
        sums = table.groupby(by)[["amount_before", "amount_now"]].sum()
        large = sums[(sums.amount_now > LEAST_PART * total) | (sums.amount_before > LEAST_PART * total)]
        names = [name for name in large.index if name]
        if len(sums) < 2 or not names:
            continue
        errors = growth_errors(table, by).loc[names]
        counts = table.groupby(by).customer.nunique()
        p = two_sided((errors.own - errors.rest).to_numpy(),
                      errors[["own_variance", "rest_variance"]].to_numpy(),
                      errors[["own_count", "rest_count"]].to_numpy())
        low, high = growth_range(errors)
        for place, name in enumerate(names):
            own, rest = np.expm1(errors.own[name]), np.expm1(errors.rest[name])
            market = grow_over(used[used.segment.map(plain_name) == plain_name(name)], years.months).growth
            row = {"by": by, "part": name, "figure": own, "low": low[place], "high": high[place],
                   "market": market, "n": int(counts[name])}
            gained = sums.amount_now[name] - sums.amount_before[name] * (1 + rest)
            yield {**row, "code": "growth_above" if own > rest else "growth_below", "amount": gained,
                   "compared": rest, "p": p[place], "parts": len(sums),
                   "matters": abs(own - rest) >= LEAST_GAP}
            if np.isfinite(market):
                yield {**_share_row(errors.loc[name], market, sums.loc[name]), **row}


def _against_market(years: Years, whole: float) -> Iterator[Row]:
    """Compare the whole company with the whole market."""
    if not np.isfinite(whole):
        return
    table = sum_by_customer(years.before.assign(part=WHOLE), years.now.assign(part=WHOLE), "part", ["amount"])
    found = growth_errors(table, "part")
    errors, (low, high) = found.iloc[0], growth_range(found)
    sums = table[["amount_before", "amount_now"]].sum()
    yield {**_share_row(errors, whole, sums), "by": "", "part": WHOLE, "figure": np.expm1(errors.own),
           "low": low[0], "high": high[0], "market": whole, "n": int(table.customer.nunique())}


def _share_row(errors: pd.Series, market: float, sums: pd.Series) -> Row:
    gap = float(errors.own - np.log1p(market))
    p = two_sided(np.array([gap]), np.array([[errors.own_variance, 0.0]]),
                  np.array([[errors.own_count, np.inf]]))[0]
    return {"code": "share_won" if gap > 0 else "share_lost", "compared": market, "p": p,
            "amount": sums.amount_now - sums.amount_before * (1 + market),
            "matters": abs(np.expm1(errors.own) - market) >= LEAST_GAP}


def _tested_margins(years: Years) -> Iterator[Row]:
    table = margin_shift(years, "product_line")
    total = float(years.now.amount.sum())
    for row in table[(table.part != "") & (table.now > LEAST_PART * total)].itertuples(index=False):
        if not np.isfinite(row.points):
            continue
        causes = {name: getattr(row, name) for name in ("price", "cost", "mix")}
        known = {name: value for name, value in causes.items() if np.isfinite(value)}
        falls = row.points < 0
        code = ("losing_line" if row.growth > 0 else "margin_falling") if falls else "margin_rising"
        cause = (min if falls else max)(known, key=lambda name: known[name], default="")
        yield {"code": code, "by": "product_line", "part": row.part, "amount": row.money,
               "figure": row.margin_now, "compared": row.margin_before, "market": row.growth, "cause": cause,
               "p": row.p, "matters": abs(row.points) >= LEAST_POINTS}


def _plain_facts(lines: pd.DataFrame, years: Years, series: pd.DataFrame,
                 large: pd.DataFrame) -> Iterator[Row]:
    """Facts that need no test: they were counted, not estimated."""
    near = years.months.union(years.months - pd.DateOffset(years=1))
    for order in large[large.month.isin(near)].itertuples(index=False):
        yield {"code": "one_order", "by": "", "part": order.order_id, "amount": order.amount,
               "figure": order.share, "month": order.month, "cause": "", "n": 1}
    recent = lines[lines.month > lines.month.max() - pd.DateOffset(years=1)] if len(lines) else lines
    ranked = rank_customers(recent)
    top = measure_concentration(ranked).top_5
    if top >= HEAVY_TOP:
        yield {"code": "few_customers", "by": "", "part": "", "figure": top, "cause": "", "n": 5,
               "amount": float(ranked.amount.head(5).sum())}
    below = lines_below_cost(recent, None)
    if len(below) and below.share[0] >= MANY_BELOW:
        yield {"code": "below_cost", "by": "", "part": "", "figure": below.share[0], "cause": "",
               "amount": -float(below.loss[0]), "n": int(below.below[0])}
    used = main_source(series)
    apart = used[used.disagree]
    if len(apart):
        worst = apart.loc[apart.difference.abs().idxmax()]
        yield {"code": "market_restated", "by": "", "part": worst.segment, "amount": np.nan, "cause": "",
               "figure": worst.published, "compared": worst.from_levels, "month": worst.month,
               "n": int(apart.month.nunique())}
