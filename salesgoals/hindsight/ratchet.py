"""Does the next goal rise after a beat more than it falls after a miss?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.windows import attainment

RATCHET = ["measure", "value", "low", "high", "p", "n", "verdict"]
DRAWS = 500
FEW_PAIRS = 10
MATTERS = .25     # of what was over or missing: less is no rule
YEAR_DAYS = 365.25
LONG_WINDOW = 60  # days


def pair_goals(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Set each person's goals and sales of a year beside the goals of the same windows a year later.

    Returns
    -------
    DataFrame
        Columns person_id, year, goal, actual, next_goal, windows: sums over the windows that both years
        have; quarters and longer windows stand for themselves. Without windows a year apart, consecutive
        ones.
    """
    reached = attainment(tables)
    known = reached.person_id.notna() & reached.actual.notna() & (reached.goal > 0) & (
        reached.metric.fillna("amount") == "amount")
    rows = reached[known].groupby(["person_id", "period_start"], as_index=False)[["goal", "actual"]].sum()
    goals = reached[reached.person_id.notna() & (reached.goal > 0)].groupby(
        ["person_id", "period_start"], as_index=False).goal.sum().rename(columns={"goal": "next_goal"})
    if rows.empty:
        return pd.DataFrame(columns=["person_id", "year", "goal", "actual", "next_goal", "windows"])
    later = goals.assign(near=goals.period_start - pd.DateOffset(years=1)).sort_values("near")
    found = pd.merge_asof(rows.sort_values("period_start"), later[["person_id", "near", "next_goal"]],
                          left_on="period_start", right_on="near", by="person_id", direction="nearest",
                          tolerance=pd.Timedelta(days=15)).dropna(subset=["next_goal"])
    if found.empty:
        ordered = rows.merge(goals, on=["person_id", "period_start"])
        ordered = ordered.sort_values(["person_id", "period_start"])
        found = ordered.assign(next_goal=ordered.groupby("person_id").next_goal.shift(-1)).dropna(
            subset=["next_goal"])
        year = found.period_start
    else:
        days = (found.period_start - found.period_start.min()).dt.days
        apart = rows.period_start.drop_duplicates().sort_values().diff().dt.days.median()
        # single months are too noisy a result: add up the year; quarters stand for themselves
        year = days // YEAR_DAYS if apart < LONG_WINDOW else found.period_start
    sums = found.groupby([found.person_id, year.rename("year")])[["goal", "actual", "next_goal"]].sum()
    sums["windows"] = found.groupby([found.person_id, year.rename("year")]).size()
    return sums.reset_index()


def measure_ratchet(pairs: pd.DataFrame, seed: int = 7) -> pd.DataFrame:
    """Measure how far the next goal rises after a beat and falls after a miss.

    Parameters
    ----------
    pairs : DataFrame
        From :func:`pair_goals`.
    seed : int
        Of the resampling.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.ratchet_check`.
    """
    if len(pairs) < FEW_PAIRS or pairs.actual.eq(pairs.goal).all():
        return pd.DataFrame([("pairs", float(len(pairs)), np.nan, np.nan, np.nan, len(pairs), "too_few")],
                            columns=RATCHET)
    over = ((pairs.actual - pairs.goal) / pairs.goal).clip(-1, 1).to_numpy()
    change = (pairs.next_goal / pairs.goal - 1).clip(-1, 3).to_numpy()
    year = pairs.year.astype("category").cat.codes.to_numpy()
    person = pairs.person_id.astype("category").cat.codes.to_numpy()
    slopes = _slopes(over, change, year)
    draw = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(person == number) for number in range(person.max() + 1)]
    again = []
    for _ in range(DRAWS):
        rows = np.concatenate([rows_of[number] for number in draw.integers(0, len(rows_of), len(rows_of))])
        again.append(_slopes(over[rows], change[rows], year[rows]))
    table = np.array(again)
    low, high = np.nanquantile(table, .05, axis=0), np.nanquantile(table, .95, axis=0)
    shuffled = np.array([_slopes(_shuffle(over, year, draw), change, year) for _ in range(DRAWS)])
    p = (1 + (np.abs(shuffled) >= np.abs(slopes) - 1e-12).sum(axis=0)) / (DRAWS + 1)
    n = [int((over > 0).sum()), int((over < 0).sum()), len(over)]
    follows = bool(low[0] > 0 and slopes[0] > MATTERS)
    falls = bool(low[1] > 0 and slopes[1] > MATTERS)
    verdict = "apart"
    if min(n[:2]) < FEW_PAIRS // 2:
        verdict = "too_few"
    elif follows and low[2] > 0:
        verdict = "ratchet"
    elif follows or falls:
        verdict = "follows"
    return pd.DataFrame({"measure": ["after_beat", "after_miss", "difference"], "value": slopes, "low": low,
                         "high": high, "p": p, "n": n, "verdict": verdict})[RATCHET]


def _slopes(over: np.ndarray, change: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Fit the change of the goal, as a share of it, on what was over and what was missing, year by year."""
    years = (year[:, None] == np.unique(year)[None, :]).astype(float)
    design = np.column_stack([np.maximum(over, 0), np.minimum(over, 0), years])
    fit = np.linalg.lstsq(design, change, rcond=None)[0]
    return np.array([fit[0], fit[1], fit[0] - fit[1]])


def _shuffle(over: np.ndarray, year: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    mixed = over.copy()
    for one in np.unique(year):
        rows = np.flatnonzero(year == one)
        mixed[rows] = over[draw.permutation(rows)]
    return mixed
