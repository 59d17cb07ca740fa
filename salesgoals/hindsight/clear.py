"""Is a cause more than luck? Each effect beside what luck alone does to the rate behind it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, stdtr

from salesgoals.attribution.chain import find_rates
from salesgoals.hindsight.expected import RATES, Before
from salesgoals.hindsight.gap import CAUSES, Sides
from salesgoals.hindsight.levels import FACTORS, STEPS
from salesgoals.hindsight.noise import measure_noise

CLEAR = .05
FREEDOM = 10     # the luck in a rate is itself only learnt from a year's months
COUNTS = ("activity", "quote_rate", "win_rate")   # so many of so many; the others are mean sizes
EVENTS = {"activity": "visits", "quote_rate": "quotes", "win_rate": "wins", "product_mix": "wins",
          "deal_size": "wins", "price": "wins"}
FACTS = ("capacity", "no_person")                 # what dates and records say, no estimate
COLUMNS = ["by", "unit", "cause", "effect", "share", "rank", "base_rate", "rate", "p", "clear"]
MATTERS = .005                                    # of the base: less is a rounding, not a finding


def weigh_causes(gap: pd.DataFrame, sides: Sides, before: Before) -> pd.DataFrame:
    """List the causes of every gap, the heaviest in its direction first, and say which are more than luck.

    Parameters
    ----------
    gap : DataFrame
        From :func:`salesgoals.hindsight.gap.take_apart`.
    sides : Sides
        What was done and what was to be expected.
    before : Before
        What was known; its noise says how far rates stray by luck.

    Returns
    -------
    DataFrame
        Columns by, unit, cause, effect (currency units), share (of the gap), rank (1 = pushed most towards
        the gap), base_rate, rate (of one person; empty for groups), p (chance of so large a change by luck;
        empty where no rate is behind it), clear.
    """
    if sides.basis == "none":
        return pd.DataFrame(columns=COLUMNS)
    long = gap.melt(["by", "unit", "gap", "base", "actual", "goal"], CAUSES, "cause", "effect")
    long = long[long.effect.notna()]
    found = _rates_by_unit(sides, before)
    long = long.merge(found, on=["by", "unit", "cause"], how="left")
    long = long.merge(_goal_by_luck(gap, sides), on=["by", "unit", "cause"], how="left",
                      suffixes=("", "_goal"))
    long["p"] = long.p.fillna(long.p_goal)
    long["p"] = long.p.where(long.effect != 0)
    tests = long.p.notna().groupby([long.by, long.unit]).transform("sum")
    matters = long.effect.abs() >= MATTERS * long[["base", "goal", "actual"]].abs().max(axis=1)
    order = long.groupby(["by", "unit"]).p.rank(method="first")
    single = long.assign(single=long.p * (tests - order + 1), order=order).sort_values("order")
    holds = single.groupby(["by", "unit"]).single.cummax().reindex(long.index) < CLEAR
    long["clear"] = (holds | long.cause.isin(FACTS) & (long.effect != 0)) & matters
    measure = long.gap.where(long.gap.notna(), long.actual - long.base)
    long["share"] = (long.effect / measure).where(measure != 0)
    towards = long.effect * np.where(measure < 0, -1, 1)
    long["rank"] = towards.groupby([long.by, long.unit]).rank(method="first", ascending=False).astype("int64")
    return long.sort_values(["by", "unit", "rank"], kind="stable", ignore_index=True)[COLUMNS]


def _rates_by_unit(sides: Sides, before: Before) -> pd.DataFrame:
    """Give base rate, rate and chance of luck for each person, each team and all."""
    person = sides.people.person_id
    now, base = (table.groupby(person).sum() for table in (sides.now, sides.base))
    rates = find_rates(now, base, STEPS)
    places = [FACTORS.index(rate) for rate in RATES]
    held = pd.DataFrame(sides.held, index=person).groupby(level=0).any().reindex(now.index).to_numpy()
    known = ~(rates.held | held)[:, places] & (base.amount.to_numpy() > 0)[:, None] & (
        now.time.to_numpy() > 0)[:, None]
    came, usual = rates.now[:, places], rates.base[:, places]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known, came / usual, np.nan)
    spread = before.noise.spread_of(now.index)
    if sides.basis == "forecast":
        past = before.noise.events.reindex(now.index).fillna(0.0).to_numpy()
    else:
        past = np.column_stack([base[EVENTS[rate]] for rate in RATES])
    counts = np.array([rate in COUNTS for rate in RATES])
    happened = np.column_stack([now[EVENTS[rate]] for rate in RATES])
    due = np.where(counts, happened / np.where(ratio > 0, ratio, np.nan), happened)
    due = np.where(counts & (ratio == 0), rates.levels_now[:, [place - 1 for place in places]] * usual, due)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = spread / np.maximum(due, 1.0) + spread / np.maximum(past, 1.0)
        change = np.where(counts, ratio - 1, np.log(np.where(ratio > 0, ratio, np.nan)))
    parts = [_table("person", now.index, change / np.sqrt(variance), known).assign(
        base_rate=np.where(known, usual, np.nan).ravel(), rate=np.where(known, came, np.nan).ravel())]
    money = (now.amount.to_numpy() + base.amount.to_numpy()) / 2
    weighted = np.where(known, np.nan_to_num(change) * money[:, None], 0.0)
    squares = np.where(known, np.nan_to_num(variance) * money[:, None] ** 2, 0.0)
    home = sides.people.drop_duplicates("person_id").set_index("person_id").node.reindex(now.index)
    for by, groups in (("team", home.to_numpy()), ("all", np.full(len(now), "all", dtype=object))):
        sums, errors, any_known = (pd.DataFrame(values, index=now.index).groupby(groups).sum()
                                   for values in (weighted, squares, known))
        whole = _together(before, pd.Series(groups, index=now.index), sums.index)
        due_all, past_all, size = (pd.DataFrame(values, index=now.index).groupby(groups).sum().to_numpy()
                                   for values in (np.where(known, due, 0), np.where(known, past, 0),
                                                  np.where(known, money[:, None], 0)))
        common = (whole / np.maximum(due_all, 1.0) + whole / np.maximum(past_all, 1.0)) * size ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            score = sums.to_numpy() / np.sqrt(np.maximum(errors.to_numpy(), common))
        parts.append(_table(by, sums.index, score, any_known.to_numpy() > 0))
    return pd.concat(parts, ignore_index=True)


def _together(before: Before, groups: pd.Series, units: pd.Index) -> np.ndarray:
    """Learn the luck in the rates of whole groups: good and bad months that many people share count too."""
    ids = before.rates.index
    member = groups.reindex(ids)
    cubes = {}
    for level, values in before.cube.items():
        known = ~np.isnan(values)
        rows = [np.flatnonzero((member == unit).to_numpy()) for unit in units]
        cubes[level] = np.vstack([np.where(known[own].any(axis=0), np.nansum(values[own], axis=0), np.nan)
                                  if len(own) else np.zeros(values.shape[1]) for own in rows])
    return measure_noise(cubes, units).spread_of(units)


def _table(by: str, units: pd.Index, score: np.ndarray, known: np.ndarray) -> pd.DataFrame:
    p = np.where(known, 2 * stdtr(FREEDOM, -np.abs(score)), np.nan)
    return pd.DataFrame({"by": by, "unit": np.repeat(units.to_numpy(), len(RATES)),
                         "cause": np.tile(RATES, len(units)), "base_rate": np.nan, "rate": np.nan,
                         "p": p.ravel()})


def _goal_by_luck(gap: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Say how likely so large a difference between goal and forecast would be if the goal were right."""
    table = gap[["by", "unit", "goal_error"]].assign(cause="goal_error", p_goal=np.nan)
    if sides.basis == "forecast":
        keys = pd.MultiIndex.from_frame(table[["by", "unit"]])
        known = sides.spread.sd.reindex(keys).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.abs(table.goal_error.to_numpy() / known)
            table["p_goal"] = np.where(known > 0, 2 * ndtr(-score), np.nan)
    return table.drop(columns="goal_error").rename(columns={"p_goal": "p"})
