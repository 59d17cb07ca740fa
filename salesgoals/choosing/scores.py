"""Scores of tools: checked, knock-outs first, averaged over raters, and ranked with what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem, raise_if_any
from salesgoals.words import say

SCORE_COLUMNS = ["tool", "criterion", "rater", "score"]
KNOCK_OUT_COLUMNS = ["tool", "requirement", "met"]
RANKING_COLUMNS = ["tool", "rank", "rank_best", "rank_worst", "total", "lowest", "highest", "missing",
                   "failed", "open"]
SCALE = (1., 5.)
SAME = 1e-9
FAR_APART = .5      # of the scale: raters who differ by so much have not seen the same thing


@dataclass(frozen=True)
class Scoring:
    """Tools in order, with what is sure and what is not.

    Parameters
    ----------
    ranking : DataFrame
        Columns tool, rank (1 is best; NaN for tools that were knocked out), rank_best and rank_worst (where
        the tool can end up, whatever the missing scores turn out to be), total (weighted mean on the scale,
        NaN while scores are missing), lowest and highest (the total if every missing score were the worst or
        the best), missing (number of criteria), failed and open (tuples of requirements that are not met, or
        not known yet).
    means : DataFrame
        One row a tool that is still in, one column a criterion: mean of the raters, NaN where nobody scored.
    weights : Series
        By criterion; they sum to 1.
    scale : tuple of float
        Worst and best score there is.
    raters : DataFrame
        Columns rater, winner (tuple of tools, by the criteria that all raters scored for all tools), mean (of
        all the rater's scores), cells.
    agreement : float
        Kendall's W over the raters' orders of the tools: 1 all alike, 0 no agreement; NaN where fewer than
        two raters have a criterion in common.
    spread : DataFrame
        Columns tool, criterion, raters, low, mean, high.
    notes : list of Problem
        What a person should look at before the choice is made.
    """

    ranking: pd.DataFrame
    means: pd.DataFrame
    weights: pd.Series
    scale: tuple[float, float]
    raters: pd.DataFrame
    agreement: float
    spread: pd.DataFrame
    notes: list[Problem]

    @property
    def filled(self) -> np.ndarray:
        """The means with the middle of the scale where a score is missing: only to have some order."""
        return self.means.fillna(sum(self.scale) / 2).to_numpy(float)


def check_scores(scores: pd.DataFrame, weights: Mapping[str, float],
                 knock_outs: pd.DataFrame | None, scale: tuple[float, float]) -> list[Problem]:
    """Name everything that is wrong with scores, weights and knock-outs, all at once."""
    low, high = scale
    found = [Problem("tools.no_column", column=name) for name in ("tool", "criterion", "score")
             if name not in scores]
    if knock_outs is not None:
        found += [Problem("tools.no_column", column=name) for name in KNOCK_OUT_COLUMNS
                  if name not in knock_outs]
    if not low < high:
        found.append(Problem("tools.scale", found=f"{low:g}..{high:g}"))
    if found:
        return found
    given = scores.assign(rater=scores.get("rater", ""))
    numbers = pd.to_numeric(given.score, errors="coerce")
    outside = (given.score.notna() & numbers.isna()) | (numbers < low) | (numbers > high)
    for row in given[outside].itertuples():
        found.append(Problem("tools.score_outside", tool=row.tool, criterion=row.criterion, found=row.score,
                             low=low, high=high))
    twice = given[given.duplicated(["tool", "criterion", "rater"])].drop_duplicates(
        ["tool", "criterion", "rater"])
    found += [Problem("tools.scored_twice", tool=row.tool, criterion=row.criterion, rater=row.rater or "-")
              for row in twice.itertuples()]
    named = list(dict.fromkeys(given.criterion))
    found += [Problem("tools.no_weight", criterion=name) for name in named if name not in weights]
    found += [Problem("tools.no_scores", criterion=name) for name in weights if name not in named]
    values = pd.to_numeric(pd.Series(dict(weights), dtype=object), errors="coerce")
    bad = values[values.isna() | (values < 0) | np.isinf(values)]
    found += [Problem("tools.weight", criterion=name, found=weights[name]) for name in bad.index]
    if not len(bad) and not values.sum() > 0:
        found.append(Problem("tools.all_weights_zero"))
    if knock_outs is not None:
        strangers = [name for name in dict.fromkeys(knock_outs.tool) if name not in set(given.tool)]
        found += [Problem("tools.tool_unknown", found=name) for name in strangers]
        clash = knock_outs.dropna(subset=["met"]).groupby(["tool", "requirement"]).met.nunique()
        found += [Problem("tools.met_and_not", tool=tool, requirement=requirement)
                  for (tool, requirement), count in clash.items() if count > 1]
    return found


def rank_tools(scores: pd.DataFrame, weights: Mapping[str, float], knock_outs: pd.DataFrame | None,
               scale: tuple[float, float]) -> Scoring:
    """Rank the tools that meet every requirement; see :func:`salesgoals.tools.score_tools`."""
    raise_if_any(check_scores(scores, weights, knock_outs, scale))
    low, high = scale
    share = pd.Series({str(name): float(value) for name, value in weights.items()})
    share = share / share.sum()
    given = scores.assign(rater=scores.get("rater", ""),
                          score=pd.to_numeric(scores.score).astype(float))
    tools = list(dict.fromkeys(given.tool))
    failed, still_open = _requirements(knock_outs, tools)
    stay = [tool for tool in tools if not failed[tool]]
    means = given.groupby(["tool", "criterion"]).score.mean().unstack().reindex(
        index=pd.Index(tools, name="tool"), columns=pd.Index(share.index, name="criterion"))
    part = share.to_numpy()
    lowest, highest = (means.fillna(end).to_numpy(float) @ part for end in (low, high))
    missing = means.isna().to_numpy()[:, part > 0].sum(1)
    table = pd.DataFrame({"tool": tools, "total": np.where(missing == 0, lowest, np.nan), "lowest": lowest,
                          "highest": highest, "missing": missing, "failed": [failed[tool] for tool in tools],
                          "open": [still_open[tool] for tool in tools]})
    inside = np.array([tool in stay for tool in tools])
    bottom, top = (np.where(inside, values, -np.inf) for values in (lowest, highest))
    middle = (bottom + top) / 2
    for name, mine, others in (("rank", middle, middle), ("rank_best", top, bottom),
                               ("rank_worst", bottom, top)):
        above = (others[None, :] > mine[:, None] + SAME) & ~np.eye(len(tools), dtype=bool)
        table[name] = np.where(inside, 1. + above.sum(1), np.nan)
    table = table.sort_values(["rank", "highest"], ascending=[True, False], kind="stable",
                              ignore_index=True, na_position="last")[RANKING_COLUMNS]
    kept = given[given.tool.isin(stay)]
    spread = kept.dropna(subset=["score"]).groupby(["tool", "criterion"], sort=False).score.agg(
        raters="count", low="min", mean="mean", high="max").reset_index()
    raters, agreement = _raters(kept, share, stay)
    notes = _notes(table, spread, scale, agreement)
    return Scoring(table, means.loc[stay], share, scale, raters, agreement, spread, notes)


def _requirements(knock_outs: pd.DataFrame | None, tools: list[Any]) -> tuple[dict[Any, tuple[str, ...]],
                                                                           dict[Any, tuple[str, ...]]]:
    """Say for each tool which requirements it fails, and which nobody has checked yet."""
    if knock_outs is None or not len(knock_outs):
        return dict.fromkeys(tools, ()), dict.fromkeys(tools, ())
    asked = list(dict.fromkeys(knock_outs.requirement))
    known = {(row.tool, row.requirement): bool(row.met)
             for row in knock_outs.dropna(subset=["met"]).itertuples()}
    failed = {tool: tuple(name for name in asked if known.get((tool, name)) is False) for tool in tools}
    still_open = {tool: tuple(name for name in asked if (tool, name) not in known) for tool in tools}
    return failed, still_open


def _raters(given: pd.DataFrame, share: pd.Series, tools: list[Any]) -> tuple[pd.DataFrame, float]:
    """Say whom each rater puts first, and how far all agree, by the criteria that all of them scored."""
    known = given.dropna(subset=["score"])
    tables = {rater: own.pivot(index="tool", columns="criterion", values="score").reindex(
        index=tools, columns=share.index[share > 0]) for rater, own in known.groupby("rater", sort=False)}
    common = [name for name in share.index[share > 0]
              if all(table[name].notna().all() for table in tables.values())]
    rows, ranks = [], []
    for rater, table in tables.items():
        totals = (table[common] * share[common]).sum(axis=1)
        winner = tuple(totals.index[totals >= totals.max() - SAME]) if common else ()
        own = known.score[known.rater == rater]
        rows.append((rater, winner, float(own.mean()), len(own)))
        if common:
            ranks.append((totals / SAME).round().rank().to_numpy())
    return pd.DataFrame(rows, columns=["rater", "winner", "mean", "cells"]), kendall_w(np.array(ranks))


def kendall_w(ranks: np.ndarray) -> float:
    """Return Kendall's coefficient of concordance of ranks (raters by tools), corrected for ties.

    Examples
    --------
    >>> kendall_w(np.array([[1., 2., 3.], [1., 2., 3.]])), kendall_w(np.array([[1., 2.], [2., 1.]]))
    (1.0, 0.0)
    """
    if ranks.ndim != 2 or ranks.shape[0] < 2 or ranks.shape[1] < 2:
        return float("nan")
    raters, tools = ranks.shape
    ties = sum(float((counts ** 3 - counts).sum()) for row in ranks
               for counts in [np.unique(row, return_counts=True)[1]])
    sums = ranks.sum(axis=0)
    most = raters ** 2 * (tools ** 3 - tools) - raters * ties
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most) if most > 0 else float("nan")


def _join(names: Iterable[str]) -> str:
    return say("problem.comma").join(map(str, names))


def _notes(table: pd.DataFrame, spread: pd.DataFrame, scale: tuple[float, float],
           agreement: float) -> list[Problem]:
    found = [Problem("tools.knocked_out", level="note", tool=row.tool, names=_join(row.failed))
             for row in table[table["rank"].isna()].itertuples()]
    stay = table[table["rank"].notna()]
    found += [Problem("tools.not_checked", level="doubt", tool=row.tool, names=_join(row.open))
              for row in stay.itertuples() if row.open]
    missing = stay[stay.missing > 0]
    found += [Problem("tools.missing", level="doubt", tool=row.tool, count=int(row.missing),
                      low=float(row.lowest), high=float(row.highest)) for row in missing.itertuples()]
    if not len(stay):
        found.append(Problem("tools.none_left", level="doubt"))
    elif len(stay) == 1:
        found.append(Problem("tools.one_left", level="note", tool=stay.tool.iloc[0]))
    else:
        first = stay[stay["rank"] == 1]
        if len(first) > 1:
            found.append(Problem("tools.tie", level="doubt", names=_join(first.tool)))
    far = spread[spread.high - spread.low >= FAR_APART * (scale[1] - scale[0]) - SAME]
    found += [Problem("tools.raters_far_apart", level="doubt", tool=row.tool, criterion=row.criterion,
                      low=float(row.low), high=float(row.high), raters=int(row.raters))
              for row in far.itertuples()]
    return found
