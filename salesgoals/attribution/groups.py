"""The gap of a team: its people's rates, its total work, and between whom that work was shared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesgoals.attribution.chain import CHAIN, MONEY, Chain, find_rates, split_gap
from salesgoals.attribution.fen import close_sums

VOLUME = ("capacity", "ramp", "activity")
MIX = "people_mix"


def split_gap_by(groups: pd.Series, actual: pd.DataFrame, base: pd.DataFrame, goal: pd.Series | None = None,
                 chain: Chain = CHAIN, volume: Sequence[str] = VOLUME) -> pd.DataFrame:
    """Say for each team what its gap consists of, with the shift of work between people on a line of its own.

    Parameters
    ----------
    groups : pandas.Series
        Team of each unit, same index as actual; one text for all gives the whole company.
    actual, base, goal, chain
        As in :func:`salesgoals.attribution.chain.split_gap`.
    volume : sequence of str
        The chain's first factors that say how much work was done; the others say what came of it.

    Returns
    -------
    pandas.DataFrame
        One line a team (index, sorted). Columns units (how many), goal, base, actual, gap, goal_error, the
        factors, people_mix; goal_error, factors and people_mix add up to the gap. A goal that is not set for
        some unit leaves goal, gap and goal_error of its team empty.

    Notes
    -----
    Work is taken from the team's totals, rates from its people one by one. What is left is the mix: the same
    work, done to a larger part by people with better or worse rates. A team of one has none.

    Examples
    --------
    >>> actual = pd.DataFrame({"visits": [5.0, 15.0], "amount": [500.0, 150.0]}, index=["a", "b"])
    >>> base = pd.DataFrame({"visits": [10.0, 10.0], "amount": [1000.0, 100.0]}, index=["a", "b"])
    >>> chain = (("activity", "visits"), ("yield", "amount"))
    >>> found = split_gap_by(pd.Series("T1", index=actual.index), actual, base, chain=chain)
    >>> found[["gap", "activity", "yield", "people_mix"]].iloc[0].round(6).tolist()
    [-450.0, 0.0, 0.0, -450.0]
    """
    rows = split_gap(actual, base, goal, chain)
    rates = find_rates(actual, base.reindex(actual.index), chain)
    factors, levels = [factor for factor, _ in chain], [level for _, level in chain]
    teams = groups.reindex(actual.index)
    count = rows.groupby(teams).size()
    sums = rows.groupby(teams)[list(MONEY)].sum(skipna=False).join(rows.groupby(teams)[factors].sum())
    now, expected = (pd.DataFrame(values, index=actual.index, columns=levels).groupby(teams).sum()
                     for values in (rates.levels_now, rates.levels_base))
    totals = split_gap(now, expected, chain=chain)
    work = [factor for factor in factors if factor in set(volume)]
    several = (count > 1).to_numpy()[:, None]
    whole = np.where(several, totals[work].to_numpy(float), sums[work].to_numpy(float))
    sums[MIX] = (sums[work].to_numpy(float) - whole).sum(axis=1)
    sums[work] = whole
    causes = ["goal_error", *factors, MIX]
    sums[causes] = close_sums(sums[causes].to_numpy(float), sums.gap.to_numpy(float))
    return sums.assign(units=count)[["units", *MONEY, *factors, MIX]]


def rank_causes(split: pd.DataFrame, causes: Sequence[str]) -> pd.DataFrame:
    """List the causes of each unit's gap, the heaviest in the gap's own direction first.

    Parameters
    ----------
    split : pandas.DataFrame
        From :func:`split_gap_by` or :func:`salesgoals.attribution.chain.split_gap`.
    causes : sequence of str
        Its columns to rank, such as goal_error, the factors and people_mix.

    Returns
    -------
    pandas.DataFrame
        Columns unit, cause, effect (money), share (of the gap; may exceed 1 where causes work against each
        other; empty without a gap), rank (1 = pushed most towards the gap), one line for each unit and cause.

    Examples
    --------
    >>> split = pd.DataFrame({"gap": [-10.0], "price": [2.0], "activity": [-12.0]}, index=["7"])
    >>> rank_causes(split, ["price", "activity"])[["cause", "share", "rank"]].values.tolist()
    [['activity', 1.2, 1], ['price', -0.2, 2]]
    """
    wide = split[list(causes)].rename_axis(index="unit", columns="cause")
    long = wide.stack().rename("effect").reset_index()
    gap = long.unit.map(split.gap)
    long["share"] = (long.effect / gap).where(gap != 0)
    towards = long.effect * np.where(gap < 0, -1, 1)
    long["rank"] = towards.groupby(long.unit).rank(method="first", ascending=False).astype("int64")
    order = {unit: place for place, unit in enumerate(split.index)}
    return long.sort_values(["unit", "rank"], key=lambda values: values.map(order)
                            if values.name == "unit" else values, ignore_index=True)
