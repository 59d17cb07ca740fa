"""How many of something to expect of each person, and the chance of reaching so many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc

Array = NDArray[np.float64]

FEWEST_CELLS = 12  # months of people below which nothing is said about spread


@dataclass(frozen=True)
class Counts:
    """What to expect of each person in the months ahead.

    Parameters
    ----------
    mean, variance : array (people,)
        Expected count and its variance: luck of the months, and a rate that is only partly known.
    rate : float
        Count of a full month of one person, all people together.
    clumping : float
        Variance of a month's count over its mean; 1 = Poisson, more = they come in bunches.
    months_added : float
        Full months of the peers' rate that each own record is topped up with (inf: no difference between
        people can be told from luck).
    """

    mean: Array
    variance: Array
    rate: float
    clumping: float
    months_added: float


def expect_counts(counts: Array, exposure: Array, ahead: Array) -> Counts:
    """Expect of each person what the own record says, drawn to the peers as far as it may be luck.

    Parameters
    ----------
    counts : array (people, months)
        What was counted; NaN where unknown.
    exposure : array (people, months)
        Full months that stand behind each cell: presence times ramp times season.
    ahead : array (people,)
        Full months to come.

    Returns
    -------
    Counts
        NaN variance where there are too few months to know the spread.

    Notes
    -----
    Source of method: gamma-Poisson (negative binomial) with an empirical prior, in the manner of Buehlmann
    and Straub 1970; clumping is Pearson's chi-squared over its degrees of freedom.

    Examples
    --------
    >>> seen = np.array([[2., 3., 1., 2.] * 6, [8., 9., 7., 8.] * 6])
    >>> found = expect_counts(seen, np.ones((2, 24)), np.array([12., 12.]))
    >>> found.mean.round().tolist()
    [24.0, 96.0]
    """
    usable = np.isfinite(counts) & (exposure > 0)
    seen, full = np.where(usable, counts, 0.0), np.where(usable, exposure, 0.0)
    own_sum, own_full = seen.sum(1), full.sum(1)
    whole = own_full.sum()
    if whole <= 0:
        unknown = np.full(len(ahead), np.nan)
        return Counts(unknown, unknown, float("nan"), float("nan"), float("nan"))
    rate = float(own_sum.sum() / whole)
    own = np.divide(own_sum, own_full, out=np.full(len(own_full), rate), where=own_full > 0)
    expected = np.maximum(own[:, None] * full, 0)
    fits = usable & (expected > 0)
    freedom = int(fits.sum() - (fits.any(1)).sum())
    if rate <= 0 or freedom < FEWEST_CELLS:
        return Counts(rate * ahead, np.full(len(ahead), np.nan), rate, float("nan"), float("inf"))
    misses = (seen[fits] - expected[fits]) ** 2 / expected[fits]
    clumping = max(1.0, float(misses.sum() / freedom))
    between = float((own_full * (own - rate) ** 2).sum()) - clumping * rate * ((own_full > 0).sum() - 1)
    spread = max(0.0, between / max(whole - float((own_full ** 2).sum()) / whole, 1e-9))
    added = clumping * rate / spread if spread > 0 else float("inf")
    if np.isinf(added):
        drawn, doubt = np.full(len(own), rate), np.full(len(own), clumping * rate / whole)
    else:
        drawn = (own_sum + added * rate) / (own_full + added)
        doubt = clumping * drawn / (own_full + added)
    mean = drawn * ahead
    return Counts(mean, clumping * mean + ahead ** 2 * doubt, rate, clumping, added)


def chance_of_count(mean: Array, variance: Array, goal: Array) -> Array:
    """Say how likely a count reaches a goal: negative binomial, Poisson where it does not clump.

    Parameters
    ----------
    mean, variance : array
        Of the count.
    goal : array
        Whole numbers.

    Returns
    -------
    array
        P(count >= goal); NaN where mean, variance or goal are unknown; 1 for a goal of 0.

    Notes
    -----
    P(N >= g) is a regularised incomplete beta function (negative binomial) or gamma function (Poisson);
    checked against scipy.stats in the tests.

    Examples
    --------
    >>> chance_of_count(np.array([10., 10.]), np.array([10., 30.]), np.array([15, 15])).round(3).tolist()
    [0.083, 0.188]
    """
    mean, variance, goal = (np.asarray(value, float) for value in (mean, variance, goal))
    known = np.isfinite(mean) & np.isfinite(variance) & np.isfinite(goal)
    result = np.full(np.broadcast(mean, variance, goal).shape, np.nan)
    mean, variance, goal = np.broadcast_arrays(mean, variance, goal)
    result[known & (goal <= 0)] = 1.0
    result[known & (goal > 0) & (mean <= 0)] = 0.0
    moving = known & (goal > 0) & (mean > 0)
    m, v, g = mean[moving], variance[moving], goal[moving]
    clumps = v > m * (1 + 1e-9)
    size = np.where(clumps, m ** 2 / np.where(clumps, v - m, 1.0), 1.0)
    result[moving] = np.where(clumps, betainc(g, size, m / (m + size)), gammainc(g, m))
    return result
