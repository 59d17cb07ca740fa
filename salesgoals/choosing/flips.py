"""How firm a choice is: what other weights would choose, and at which weight the winner changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.stats import beta

from salesgoals.choosing.scores import SAME, Scoring

DRAWS = 20_000
NEVER = 1e-7            # by how much a tool may miss the first place and still share it, in points
MIDDLE = (.025, .975)   # of the draws: the ranks that a tool takes in 95 % of them


@dataclass(frozen=True)
class Sensitivity:
    """What other weights would have chosen.

    Parameters
    ----------
    wins : DataFrame
        Columns tool, near (share of weights near the given ones under which it wins), anyhow (the same of
        all weights there are), can_win (whether any weights at all put it first), rank_low, rank_high (the
        ranks it takes in 95 % of the weights near the given ones).
    breakpoints : DataFrame
        Columns criterion, weight, lower and upper (the weights below and above at which another tool comes
        first, the other criteria keeping their proportions; NaN if none does), lower_winner, upper_winner.
    off_by : float
        How far "near" weights lie from the given ones: root mean square over the criteria.
    exact : bool
        True where the shares are worked out, False where they are counted in random draws.
    """

    wins: pd.DataFrame
    breakpoints: pd.DataFrame
    off_by: float
    exact: bool


def find_flips(scoring: Scoring, off_by: float, draws: int, seed: int) -> Sensitivity:
    """Try other weights; see :func:`salesgoals.tools.sensitivity`."""
    tools, weights = list(scoring.means.index), scoring.weights.to_numpy()
    missing = scoring.means.isna().to_numpy()
    exact = len(weights) == 2 and not missing.any() and len(tools) > 0
    near = near_parameters(weights, off_by)
    if not tools:
        wins = np.zeros((2, 0))
    elif exact:
        wins = np.array([_shares_of_two(scoring.filled, near), _shares_of_two(scoring.filled, np.ones(2))])
    rng = np.random.default_rng(seed)
    ranks = np.ones((1, len(tools)))
    if tools:
        ranks, counted = _draw(scoring, near, draws, rng)
        if not exact:
            wins = np.array([counted, _draw(scoring, np.ones(len(weights)), draws, rng)[1]])
    low, high = (np.quantile(ranks, at, axis=0, method="nearest") for at in MIDDLE)
    table = pd.DataFrame({"tool": tools, "near": wins[0], "anyhow": wins[1],
                          "can_win": [_can_win(scoring, at) for at in range(len(tools))],
                          "rank_low": low, "rank_high": high})
    order = {tool: place for place, tool in enumerate(scoring.ranking.tool)}
    table = table.sort_values("tool", key=lambda names: names.map(order), ignore_index=True)
    return Sensitivity(table, find_breakpoints(scoring), off_by, exact)


def near_parameters(weights: np.ndarray, off_by: float) -> np.ndarray:
    """Return the parameters of the Dirichlet distribution around weights that is off by so much on average.

    Examples
    --------
    >>> near_parameters(np.array([.5, .3, .2]), .05).round(1).tolist()
    [40.8, 24.5, 16.3]
    """
    used = weights[weights > 0]
    spread = float((used * (1 - used)).mean())
    strength = max(spread / off_by ** 2 - 1, 1.) if spread > 0 else 1.
    return np.asarray(strength * weights)


def _draw(scoring: Scoring, parameters: np.ndarray, draws: int,
          rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rank the tools under random weights (and random missing scores); return ranks and shares of wins."""
    drawn = np.zeros((draws, len(parameters)))
    used = parameters > 0
    drawn[:, used] = rng.dirichlet(parameters[used], draws)
    totals = drawn @ scoring.means.fillna(0.).to_numpy(float).T
    for tool, criterion in np.argwhere(scoring.means.isna().to_numpy()):
        totals[:, tool] += drawn[:, criterion] * rng.uniform(*scoring.scale, draws)
    first = totals >= totals.max(axis=1, keepdims=True) - SAME
    ranks = 1 + (totals[:, None, :] > totals[:, :, None] + SAME).sum(axis=2)
    return ranks, (first / first.sum(axis=1, keepdims=True)).mean(axis=0)


def _shares_of_two(scores: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    """With two criteria the weights lie on a line: cut it where lines cross, and measure the pieces."""
    slope, start = scores[:, 0] - scores[:, 1], scores[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = (start[None, :] - start[:, None]) / (slope[:, None] - slope[None, :])
    cuts = np.unique(np.concatenate([[0., 1.], crossing[(crossing > 0) & (crossing < 1)]]))
    shares = np.zeros(len(scores))
    if (parameters == 0).any():     # all weight on one criterion: nothing to vary
        first = scores[:, int(parameters.argmax())]
        first = first >= first.max() - SAME
        return np.asarray(first / first.sum())
    sizes = np.diff(beta.cdf(cuts, *parameters))
    for left, right, size in zip(cuts[:-1], cuts[1:], sizes, strict=True):
        totals = start + slope * (left + right) / 2
        first = totals >= totals.max() - SAME
        shares += size * first / first.sum()
    return shares


def _can_win(scoring: Scoring, at: int) -> bool:
    """Ask a linear programme for weights that put a tool first, its missing scores taken as the best."""
    low, high = scoring.scale
    mine = scoring.means.iloc[at].fillna(high).to_numpy(float)
    others = scoring.means.drop(index=scoring.means.index[at]).fillna(low).to_numpy(float)
    if not len(others):
        return True
    ahead = np.column_stack([others - mine, -np.ones(len(others))])     # others - mine <= slack
    whole = np.append(np.ones(len(mine)), 0.)[None, :]
    found = linprog(np.append(np.zeros(len(mine)), 1.), A_ub=ahead, b_ub=np.zeros(len(others)), A_eq=whole,
                    b_eq=[1.], bounds=[(0, None)] * len(mine) + [(None, None)], method="highs")
    return bool(found.success and found.fun <= NEVER)


def find_breakpoints(scoring: Scoring) -> pd.DataFrame:
    """Work out for each criterion at which weight another tool comes first, the others in proportion.

    Totals are straight lines in the weight of one criterion, so the crossing is exact.
    """
    columns = ["criterion", "weight", "lower", "lower_winner", "upper", "upper_winner"]
    tools = scoring.means.index
    rows = []
    for place, (criterion, weight) in enumerate(scoring.weights.items()):
        ends: list[object] = [np.nan, None, np.nan, None]
        if len(tools) > 1 and weight < 1:
            ends = _ends(*criterion_lines(scoring, place), float(weight), tools)
        rows.append((criterion, weight, *ends))
    return pd.DataFrame(rows, columns=columns).astype({"lower": float, "upper": float})


def criterion_lines(scoring: Scoring, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Return start and slope of every tool's total as the weight of one criterion goes from 0 to 1."""
    scores, weights = scoring.filled, scoring.weights.to_numpy().copy()
    own = scores[:, place]
    weights[place] = 0.
    rest = weights.sum()
    others = scores @ (weights / rest) if rest > 0 else np.zeros(len(scores))
    return others, own - others


def _ends(start: np.ndarray, slope: np.ndarray, weight: float, tools: pd.Index) -> list[object]:
    totals = start + slope * weight
    winner = int(np.flatnonzero(totals >= totals.max() - SAME)[0])
    found: list[object] = []
    for side in (-1, 1):
        steeper = side * (slope - slope[winner]) > SAME
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.where(steeper, (start[winner] - start) / (slope - slope[winner]), np.nan)
        at = np.where(np.abs(at - weight) <= SAME, weight, at)
        reached = steeper & (at >= 0) & (at <= 1) & (side * (at - weight) >= 0)
        if not reached.any():
            found += [np.nan, None]
            continue
        nearest = at[reached][np.abs(at[reached] - weight).argmin()]
        there = np.flatnonzero(reached & (np.abs(at - nearest) <= SAME))
        found += [float(nearest), tools[there[np.argmax(side * slope[there])]]]
    return found
