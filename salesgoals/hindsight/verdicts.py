"""Was the goal wrong or the work? Goal, forecast made at the start and result, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.forecasting.probability import chances_of_each
from salesgoals.hindsight.expected import Before
from salesgoals.hindsight.gap import Sides

TOO_HIGH, TOO_LOW = .10, .90   # chance of reaching the goal, as it was at the start
FALSE_SHARE = .10              # of those called below or above expectation, so many by luck
COLUMNS = ["by", "unit", "goal", "forecast", "low", "high", "actual", "goal_chance", "luck", "goal_was",
           "work_was", "verdict", "by_luck"]


def judge_units(gap: pd.DataFrame, sides: Sides, before: Before) -> pd.DataFrame:
    """Judge goal and work of everybody, every team and all.

    Parameters
    ----------
    gap : DataFrame
        From :func:`salesgoals.hindsight.gap.take_apart`.
    sides : Sides
        For who belonged where.
    before : Before
        Its forecast was made the day before the period began.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.goal_or_work`.
    """
    table = gap[["by", "unit", "goal", "actual"]].copy()
    if before.forecast is None:
        words = dict.fromkeys(["goal_was", "work_was", "verdict"], "unknown")
        return table.assign(**words).reindex(columns=COLUMNS)
    spread = sides.spread.reindex(pd.MultiIndex.from_frame(table[["by", "unit"]])).set_axis(table.index)
    # Whom nobody expected cannot be judged by what was expected.
    known = ((spread["mean"] > 0) & (spread.sd > 0)).to_numpy()
    mean, sd = (np.where(known, spread[name], 1.0) for name in ("mean", "sd"))
    chance = chances_of_each(mean, sd, table.goal.fillna(0.0).to_numpy())
    chance = np.where(known & table.goal.notna(), chance, np.nan)
    above = chances_of_each(mean, sd, table.actual.to_numpy(dtype=float))
    luck = np.where(known, 2 * np.minimum(above, 1 - above), np.nan)
    table = table.assign(forecast=spread["mean"], low=spread.low, high=spread.high, goal_chance=chance,
                         luck=luck)
    table["goal_was"] = np.select([np.isnan(chance), chance < TOO_HIGH, chance > TOO_LOW],
                                  ["unknown", "too_high", "too_low"], "right")
    found = hold_with_few_false(table.luck, table.by)
    table["work_was"] = np.select([~known, found & (above > .5), found], ["unknown", "below", "above"],
                                  "as_expected")
    table["verdict"] = [name_verdict(*pair) for pair in zip(table.goal_was, table.work_was, strict=True)]
    table["by_luck"] = table.luck.notna().groupby(table.by).transform("sum") * (1 - before.forecast.coverage)
    return table[COLUMNS]


def name_verdict(goal_was: str, work_was: str) -> str:
    """Sum up goal and work in one code.

    Examples
    --------
    >>> name_verdict("too_high", "as_expected"), name_verdict("right", "below")
    ('goal_too_high', 'work')
    """
    if work_was == "unknown":
        return "unknown"
    if work_was == "below":
        return "both" if goal_was == "too_high" else "work"
    if goal_was in ("too_high", "too_low"):
        return f"goal_{goal_was}"
    return "better" if work_was == "above" else "luck"


def hold_with_few_false(p: pd.Series, family: pd.Series, share: float = FALSE_SHARE) -> np.ndarray:
    """Mark what is so unlikely by luck that, among all marked, only a small share is luck.

    Parameters
    ----------
    p : Series
        Chance of luck of each; empty ones are not marked.
    family : Series
        What is judged together.
    share : float
        Of those marked, so many may be luck.

    Notes
    -----
    Source of method: Benjamini and Hochberg 1995.

    Examples
    --------
    >>> hold_with_few_false(pd.Series([.001, .2, .04]), pd.Series(["a", "a", "a"])).tolist()
    [True, False, True]
    """
    marked = np.zeros(len(p), dtype=bool)
    for _, rows in p.dropna().groupby(family):
        ordered = rows.sort_values()
        passed = ordered.to_numpy() <= share * np.arange(1, len(ordered) + 1) / len(ordered)
        if passed.any():
            marked[p.index.get_indexer(ordered.index[:int(np.flatnonzero(passed)[-1]) + 1])] = True
    return marked
