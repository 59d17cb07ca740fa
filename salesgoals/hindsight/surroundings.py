"""What stands beside the gap: the market's own surprise, and who joined, left, moved or was away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.hindsight.expected import Before
from salesgoals.hindsight.work import DAY, Work
from salesgoals.markets.benchmark import grow_over, main_source, read_series
from salesgoals.periods import Period

MARKET = ["market_before", "market_now", "surprise", "money", "months", "source"]
PEOPLE = ["person_id", "change", "first", "last", "node", "to_node", "amount"]
YEAR = 12


def market_surprise(tables: Mapping[str, pd.DataFrame], period: Period, base: float) -> pd.DataFrame:
    """Say how the market grew in the period against what was known of it before.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses market.
    period : Period
        The period looked back at.
    base : float
        What was to be expected of all together (currency units).

    Returns
    -------
    DataFrame
        At most one row: market_before (growth over the 12 months known before), market_now (growth over the
        period's months), surprise (points), money (base times the surprise: part of goal error and of the
        rates, not a further cause), months (of the period that the series knows), source. Empty without a
        series that knows both.
    """
    series = main_source(read_series(tables["market"])) if len(tables["market"]) else None
    if series is None or series.empty:
        return pd.DataFrame(columns=MARKET)
    whole = series[series.segment == ""] if (series.segment == "").any() else series
    first = period.start.replace(day=1)
    past = pd.date_range(end=first - DAY, periods=YEAR, freq="MS")
    then, now = grow_over(whole[whole.month < first], past), grow_over(whole, period.months)
    if not np.isfinite(then.growth) or not np.isfinite(now.growth):
        return pd.DataFrame(columns=MARKET)
    surprise = now.growth - then.growth
    money = base * surprise / (1 + then.growth) if then.growth > -1 else np.nan
    return pd.DataFrame([(then.growth, now.growth, surprise, money, now.months, str(whole.source.iloc[0]))],
                        columns=MARKET)


def list_changes(work: Work, period: Period, before: Before) -> pd.DataFrame:
    """List who joined, left, moved, was away or stopped logging in the period, and what luck came before.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.people_changes`.
    """
    start, end = period.start, period.end
    parts = []

    def add(rows: pd.DataFrame, change: str, **columns: pd.Series) -> None:
        parts.append(pd.DataFrame({"person_id": rows.person_id.to_numpy(), **{
            name: values.to_numpy() for name, values in columns.items()}}).assign(change=change))

    people = work.people.reset_index()
    joined = people[people.hired.between(start, end) & people.known]
    add(joined, "joined", first=joined.hired)
    left = people[people.left.between(start, end)]
    add(left, "left", last=left.left)
    for spans, change in ((work.away, "away"), (work.silent, "not_logged")):
        inside = spans[(spans["first"] <= end) & (spans["last"] >= start)]
        inside = inside[~inside.person_id.isin(left.person_id) | (change != "away")]
        add(inside, change, first=inside["first"], last=inside["last"])
    homes = work.homes.sort_values(["person_id", "first"])
    homes = homes.assign(was=homes.groupby("person_id").node.shift())
    moved = homes[homes["first"].between(start, end) & homes.was.notna() & (homes.was != homes.node)]
    add(moved, "moved", first=moved["first"], node=moved.was, to_node=moved.node)
    lucky = before.windfalls
    lucky = lucky[lucky.date > start - pd.DateOffset(years=1)] if len(lucky) else lucky
    add(lucky, "windfall", first=lucky.date, amount=lucky.amount)
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table = table.reindex(columns=PEOPLE)
    for column in ("first", "last"):
        table[column] = pd.to_datetime(table[column])
    for column in ("node", "to_node"):
        table[column] = table[column].astype(object).fillna("").astype("str")
    table["amount"] = table.amount.astype(float)
    return table.sort_values(["person_id", "first"], ignore_index=True)
