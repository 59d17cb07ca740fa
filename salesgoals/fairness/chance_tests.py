"""How often would chance alone make a difference as large as this? Answered by shuffling, not by a table."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

SHUFFLES = 4999
MOST_EXACT = 5000    # ways to choose a group that are all gone through
MOST_SHUFFLED = 300  # people beyond whom the normal curve is as good as shuffling
SEED = 7             # the same records give the same p-value on every machine
TINY = 1e-12


class Shuffler:
    """Tells how unusual the mean of a group is among all groups of that size.

    Parameters
    ----------
    values : array (people,)
        One figure for each person.

    Notes
    -----
    Source of method: permutation test (Fisher 1935; Pitman 1937). All groups are gone through where there
    are few, else 4,999 shuffles are drawn once and serve groups of every size; beyond 300 people the normal
    curve with the exact variance of sampling without replacement is used.

    Examples
    --------
    >>> test = Shuffler(np.array([1., 2., 3., 10., 11., 12.]))
    >>> test.p_value(np.array([False, False, False, True, True, True]))   # 2 of 20 groups are as extreme
    0.1
    """

    def __init__(self, values: Array) -> None:
        self.values = np.asarray(values, float)
        self.centred = self.values - self.values.mean() if len(self.values) else self.values
        self._sums: Array | None = None

    def p_value(self, inside: NDArray[np.bool_]) -> float:
        """Return the two-sided p-value of the mean of those inside; 1 for nobody or everybody."""
        people, size = len(self.values), int(inside.sum())
        if size in (0, people):
            return 1.
        found = abs(float(self.centred[inside].sum()))
        if found <= TINY * max(1., float(np.abs(self.values).sum())):
            return 1.
        least = found * (1 - 1e-9)
        if comb(people, size) <= MOST_EXACT:
            chosen = np.array(list(combinations(range(people), size)))
            return float((np.abs(self.centred[chosen].sum(1)) >= least).mean())
        if people > MOST_SHUFFLED:
            variance = size * (people - size) / (people - 1) * float((self.centred ** 2).mean())
            return float(2 * ndtr(-found / np.sqrt(variance)))
        drawn = np.abs(self._shuffled()[:, size - 1])
        return float((1 + (drawn >= least).sum()) / (1 + SHUFFLES))

    def _shuffled(self) -> Array:
        if self._sums is None:
            random = np.random.default_rng(SEED)
            rows = np.tile(self.centred, (SHUFFLES, 1))
            self._sums = random.permuted(rows, axis=1).cumsum(1)
        return self._sums


def p_of_slope(change: Array, size: Array) -> float:
    """Tell whether goals are spread wider, or less wide, than expectations: the larger carry more, or less.

    Parameters
    ----------
    change : array (people,)
        Log of goal over expected sales.
    size : array (people,)
        Mean of the logs of goal and expected sales.

    Returns
    -------
    float
        Two-sided p-value.

    Notes
    -----
    Source of method: Pitman (1939) and Morgan (1939): the difference of two figures is related to their sum
    only if one of them varies more. Put this way a lucky year makes no alarm by itself: luck in the figure
    that goals are divided by would otherwise look like a relation with size. The p-value comes from swapping
    goal and expectation at random, person by person; all ways are gone through up to 12 people.

    Examples
    --------
    >>> size = np.arange(8.)
    >>> p_of_slope(size - size.mean(), size) < .01, p_of_slope(np.zeros(8), size)
    (True, 1.0)
    """
    people = len(change)
    change, size = change - change.mean(), size - size.mean()
    found = abs(float(change @ size))
    if found <= TINY * max(1., float(np.abs(size).sum())):
        return 1.
    if people > MOST_SHUFFLED:
        return float(2 * ndtr(-found / np.sqrt(float(((change * size) ** 2).sum()))))
    if people <= 12:
        signs = 1. - 2. * ((np.arange(2 ** people)[:, None] >> np.arange(people)) & 1)
        return float((np.abs(signs @ (change * size)) >= found * (1 - 1e-9)).mean())
    signs = np.random.default_rng(SEED).choice([-1., 1.], (SHUFFLES, people))
    drawn = np.abs(signs @ (change * size))
    return float((1 + (drawn >= found * (1 - 1e-9)).sum()) / (1 + SHUFFLES))


def p_of_relation(one: Array, other: Array, rounds: NDArray[np.int64]) -> tuple[float, float]:
    """Tell how far two figures rise together, and how often chance alone does as much.

    Parameters
    ----------
    one, other : array (rows,)
        Two figures of each row.
    rounds : array of int (rows,)
        Rows of one round (year) are compared with each other only.

    Returns
    -------
    tuple of float
        Rank correlation over all rounds, -1 to 1, and its two-sided p-value; NaN and 1 where nothing varies.

    Notes
    -----
    Source of method: Spearman (1904), ranks within each round, shuffled within rounds.

    Examples
    --------
    >>> relation, p = p_of_relation(np.arange(9.), np.arange(9.), np.zeros(9, int))
    >>> round(relation, 6), p < .01
    (1.0, True)
    """
    first, second = ranks_within(one, rounds), ranks_within(other, rounds)
    scale = float(np.sqrt((first ** 2).sum() * (second ** 2).sum()))
    if scale <= TINY:
        return float("nan"), 1.
    found = float(first @ second) / scale
    random = np.random.default_rng(SEED)
    if len(first) > MOST_SHUFFLED:
        variance = sum(float((first[rounds == at] ** 2).sum() * (second[rounds == at] ** 2).sum())
                       / max(int((rounds == at).sum()) - 1, 1) for at in np.unique(rounds))
        return found, float(2 * ndtr(-abs(found) * scale / np.sqrt(variance)))
    drawn = np.zeros(SHUFFLES)
    for at in np.unique(rounds):
        here = rounds == at
        drawn += random.permuted(np.tile(first[here], (SHUFFLES, 1)), axis=1) @ second[here]
    return found, float((1 + (np.abs(drawn) >= abs(found) * scale * (1 - 1e-9)).sum()) / (1 + SHUFFLES))


def ranks_within(values: Array, rounds: NDArray[np.int64]) -> Array:
    """Rank figures within each round, centred and scaled to -1 .. 1; equal figures share their rank.

    Examples
    --------
    >>> ranks_within(np.array([5., 7., 9., 1., 1.]), np.array([0, 0, 0, 1, 1])).round(2).tolist()
    [-0.67, 0.0, 0.67, 0.0, 0.0]
    """
    ranks = np.zeros(len(values))
    for at in np.unique(rounds):
        here = np.flatnonzero(rounds == at)
        ordered = np.sort(values[here])
        middle = (np.searchsorted(ordered, values[here], "left")
                  + np.searchsorted(ordered, values[here], "right")) / 2
        ranks[here] = 2 * middle / len(here) - 1
    return ranks


def holm(p_values: Array) -> Array:
    """Correct p-values for having asked several questions.

    Notes
    -----
    Source of method: Holm (1979).

    Examples
    --------
    >>> holm(np.array([.01, .04, .03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    count = len(p_values)
    stepped = np.maximum.accumulate(p_values[order] * (count - np.arange(count)))
    corrected = np.empty(count)
    corrected[order] = np.minimum(stepped, 1.)
    return corrected


def gini(values: Array) -> float:
    """Measure how unequal figures are: 0 all the same, towards 1 all with one person.

    Examples
    --------
    >>> gini(np.array([1., 1., 1.])), round(gini(np.array([0., 0., 3.])), 3)
    (0.0, 0.667)
    """
    ordered = np.sort(values[values >= 0])
    total, count = float(ordered.sum()), len(ordered)
    if total <= 0:
        return float("nan")
    return float(abs(2 * (np.arange(1, count + 1) @ ordered) / (count * total) - (count + 1) / count))
