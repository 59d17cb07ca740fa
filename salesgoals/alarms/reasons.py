"""Why a person or team is behind: which step moved, how much it costs, and whether it may be luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import bdtr, ndtr, pdtr

from salesgoals.attribution.chain import Chain, find_rates, split_gap

FUNNEL = (("visits", "visits"), ("quotes", "quotes"), ("conversion", "wins"), ("deal_size", "pieces"),
          ("mix", "list"), ("price", "amount"))
SIZE_SPREAD = .8  # deviation of a deal's size as a share of its mean, where nothing better is known
CLEAR = .05
MATTERS = .1  # a change by less than a tenth is no reason, however sure
CLUSTERING = 1.5  # variance of visits and the like against single independent events
THIN = .9
COLUMNS = ["unit", "reason", "usual", "now", "change", "effect", "p", "clear", "rank"]


def find_reasons(now: pd.DataFrame, usual: pd.DataFrame, chain: Chain = FUNNEL, *,
                 spread: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Name for each unit what moved: visits, quotes, conversion, deal size, mix, price, or the pipeline.

    Parameters
    ----------
    now, usual : pandas.DataFrame
        One line a unit (index) with the levels of the chain: visits, quotes, wins, pieces, list (pieces at
        base prices), amount; usual is what the same working days usually bring (or what the goal takes).
        Levels that are missing are not recorded. Optional in both: pipeline (weighted open deals), needed
        (what is still missing to the goal); in usual, pipeline over needed is the coverage that suffices.
    chain : sequence of (reason, level)
        Another funnel.
    spread : mapping of str to float, optional
        Deviation of the size of a deal as a share of its mean, by reason; .8 by default.

    Returns
    -------
    pandas.DataFrame
        One line a unit and reason: unit, reason (code), usual, now (rates; for pipeline the coverage), change
        (share), effect (money; the reasons of the chain add up to amount now - usual; for the pipeline what
        is missing to the usual coverage, not part of that sum), p (chance of a change at least as bad by luck
        alone), clear (worse by a tenth or more, and p below 5 %), rank (1 = costs most).

    Notes
    -----
    Effects: exact Shapley shares. Chances: visits as events with clustering 1.5, rates as binomial,
    sizes as means with a deviation of .8 per deal; mix and price as sizes. They take the usual as
    known and are for pointing, not for proof.

    Examples
    --------
    >>> steps = ["visits", "quotes", "wins", "amount"]
    >>> usual = pd.DataFrame([[80.0, 40.0, 10.0, 1000.0]], columns=steps, index=["7"])
    >>> now = pd.DataFrame([[40.0, 20.0, 5.0, 520.0]], columns=steps, index=["7"])
    >>> found = find_reasons(now, usual)
    >>> found.loc[found["rank"] == 1, ["reason", "change", "clear"]].values.tolist()
    [['visits', -0.5, True]]
    """
    plain_now, plain_usual = (_levels_of(table, chain) for table in (now, usual))
    plain_usual = plain_usual.reindex(now.index)
    rates = find_rates(plain_now, plain_usual, chain)
    effects = split_gap(plain_now, plain_usual, chain=chain)
    trials = np.c_[np.ones(len(now)), rates.levels_now[:, :-1]]
    wins = _deals(rates.levels_now, chain)
    parts = []
    for step, (reason, level) in enumerate(chain):
        base, came = rates.base[:, step], rates.now[:, step]
        with np.errstate(invalid="ignore", divide="ignore"):
            change = np.where(base != 0, came / base - 1, np.nan)
            if level in ("quotes", "wins") and step:
                p = _share_by_luck(rates.levels_now[:, step], trials[:, step], base)
            else:
                error = (np.sqrt(CLUSTERING * np.abs(base)) if step == 0 else
                         (spread or {}).get(reason, SIZE_SPREAD) * np.abs(base) / np.sqrt(wins))
                p = np.where(error > 0, ndtr((came - base) / error), np.nan)
        unknown = rates.held[:, step]
        parts.append(pd.DataFrame({
            "unit": now.index, "reason": reason, "usual": np.where(unknown, np.nan, base),
            "now": np.where(unknown, np.nan, came), "change": np.where(unknown, np.nan, change),
            "effect": effects[reason].to_numpy(), "p": np.where(unknown, np.nan, p)}))
    if {"pipeline", "needed"} <= set(now) & set(usual):
        parts.append(_pipeline(now, usual.reindex(now.index)))
    found = pd.concat(parts, ignore_index=True)
    worse = (found.effect < 0) & (found.p < CLEAR) & (found.change < -MATTERS)
    thin = (found.reason == "pipeline") & (found.change < THIN - 1)
    found["clear"] = worse | thin
    found["rank"] = found.groupby("unit").effect.rank(method="first").fillna(len(chain) + 1).astype("int64")
    order = found.unit.map({unit: place for place, unit in enumerate(now.index)})
    return found.assign(order=order).sort_values(["order", "rank"], ignore_index=True)[COLUMNS]


def _levels_of(table: pd.DataFrame, chain: Chain) -> pd.DataFrame:
    return table[[level for _, level in chain if level in table]].astype(float)


def _share_by_luck(came: np.ndarray, trials: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Return the chance of so few successes or fewer: binomial, Poisson where a trial may bring several."""
    known = (trials > 0) & (came >= 0) & (usual > 0)
    count, among, share = (np.where(known, values, 1.) for values in (np.floor(came), trials, usual))
    binomial = bdtr(np.minimum(count, np.round(among)), np.round(among).astype(int), np.minimum(share, 1))
    return np.where(known, np.where(share > 1, pdtr(count, share * among), binomial), np.nan)


def _deals(levels: np.ndarray, chain: Chain) -> np.ndarray:
    """Return how many deals stand behind a mean size; without wins one can only say one."""
    names = [level for _, level in chain]
    return np.maximum(levels[:, names.index("wins")] if "wins" in names else np.ones(len(levels)), 1)


def _pipeline(now: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    """Compare the cover of what is still needed by open deals with the cover that usually suffices."""
    with np.errstate(invalid="ignore", divide="ignore"):
        cover, enough = now.pipeline / now.needed, usual.pipeline / usual.needed
        missing = -(enough * now.needed - now.pipeline)
        needed = now.needed > 0
    return pd.DataFrame({
        "unit": now.index, "reason": "pipeline", "usual": enough.to_numpy(),
        "now": cover.where(needed).to_numpy(), "change": (cover / enough - 1).where(needed).to_numpy(),
        "effect": missing.clip(upper=0).where(needed, 0.).to_numpy(), "p": np.nan})
