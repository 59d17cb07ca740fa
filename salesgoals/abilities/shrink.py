"""How much of a difference between people is ability, how much is luck: partial pooling, with its doubt.

Two models, one idea. People's true values differ around the mean of their group by an unknown spread, which
may be none at all; what was seen differs from the true values by chance of a known size. The more chance
there is in a figure, the closer the estimate stays to the group's mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, expit, logit, ndtr, ndtri

from salesgoals.forecasting.season import Array

SPREADS = 40          # grid points of the unknown spread
NO_SPREAD = .5        # belief, before any data, that people of a group do not differ at all
WIDEST_RATE = .5      # spread of rates, as a share of sqrt(rate * (1 - rate))
COVERAGE = .8
LEAST_ERROR = 1e-3    # of the widest spread
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
Groups = NDArray[np.intp]


@dataclass(frozen=True)
class Shrunk:
    """What is believed of each person after seeing the figures; arrays with one entry a person.

    Parameters
    ----------
    mean, low, high
        Estimate and range (80 %) of the person's own true value, granted that people differ at all.
    center
        Mean of the person's group.
    difference
        Expected difference between the person's true value and the group's mean, granted the same.
    above, below
        Probability that the true value lies above, below the mean of the group; that nobody differs is
        possible, too.
    near
        Probability that it lies so close to it that nobody would mind.
    spread : float
        Estimated spread of true values between people (0 = all alike).
    """

    mean: Array
    low: Array
    high: Array
    center: Array
    difference: Array
    above: Array
    below: Array
    near: Array
    spread: float

    def table(self) -> pd.DataFrame:
        """Return everything that belongs to single people as a table."""
        names = ("mean", "low", "high", "center", "difference", "above", "below", "near")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def shrink_means(value: Array, error: Array, group: Groups, widest: float, small: float,
                 coverage: float = COVERAGE) -> Shrunk:
    """Draw people's means towards their group's, each as far as its own chance error asks for.

    Parameters
    ----------
    value, error : array (people,)
        What was seen (on a scale on which errors are even, such as logs) and its standard error.
    group : array of int (people,)
        Whom to compare with, counted from 0.
    widest : float
        Largest spread between people that is thought possible.
    small : float
        A difference below this is none to anybody.
    coverage : float
        Of the ranges.

    Returns
    -------
    Shrunk

    Notes
    -----
    Source of method: normal-normal hierarchical model (Gelman et al., "Bayesian Data Analysis", 5.4): group
    means have flat priors, the spread between people is 0 with probability one half and otherwise anything
    up to ``widest``; both are integrated over, so that ranges hold their doubt too.

    Examples
    --------
    >>> seen = np.array([0., 0., 0., 0., 0., 3.])
    >>> found = shrink_means(seen, np.full(6, .1), np.zeros(6, int), 2., .1)
    >>> bool(found.above[5] > .99), round(float(found.mean[5]), 1)
    (True, 3.0)
    >>> found = shrink_means(seen, np.full(6, 3.), np.zeros(6, int), 2., .1)
    >>> bool(found.above[5] < .8), round(float(found.mean[5]), 1)
    (True, 0.7)
    """
    groups = int(group.max()) + 1
    error = np.maximum(error, widest * LEAST_ERROR)  # nothing is known without any error
    spreads = np.r_[0., np.linspace(widest / SPREADS, widest, SPREADS)]
    belief = np.log(np.r_[NO_SPREAD, np.full(SPREADS, (1 - NO_SPREAD) / SPREADS)])
    total = spreads[:, None] ** 2 + error ** 2
    weight = 1 / total
    member = np.eye(groups)[group]
    weights = weight @ member
    center = (weight * value) @ member / weights
    missed = value - center[:, group]
    likely = belief - .5 * ((missed ** 2 * weight).sum(1) + np.log(total).sum(1) + np.log(weights).sum(1))
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    trust = spreads[:, None] ** 2 * weight
    difference = trust * missed
    own_doubt = trust * error ** 2
    center_doubt = (1 / weights)[:, group]
    doubt = np.sqrt(own_doubt + trust ** 2 * center_doubt)
    mean = center[:, group] + difference
    variance = own_doubt + (1 - trust) ** 2 * center_doubt
    real = spreads > 0
    safe = np.where(doubt > 0, doubt, 1.)

    def over(limit: float) -> Array:
        return chance[real] @ ndtr((difference - limit)[real] / safe[real])

    differ = _given_a_spread(likely, real)
    expected = differ @ mean
    spread_of_mean = np.sqrt(differ @ (variance + (mean - expected) ** 2))
    z = ndtri((1 + coverage) / 2)
    return Shrunk(expected, expected - z * spread_of_mean, expected + z * spread_of_mean,
                  (differ @ center)[group], differ @ difference, over(0.), chance[real].sum() - over(0.),
                  chance[0] + over(-small) - over(small), float(chance @ spreads))


def _given_a_spread(likely: Array, real: Array) -> Array:
    """Weigh the spreads above 0 among themselves, even where "no spread" leaves them next to no chance."""
    weight = np.exp(np.where(real, likely - likely[real].max(), -np.inf))
    return weight / weight.sum()


def shrink_rates(hits: Array, tries: Array, group: Groups, small: float,
                 coverage: float = COVERAGE) -> Shrunk:
    """Draw people's rates (deals won of deals closed) towards their group's, few tries more than many.

    Parameters
    ----------
    hits, tries : array (people,)
        Counts; they may be fractions where counts that hang together were made fewer.
    group : array of int (people,)
        Whom to compare with, counted from 0.
    small : float
        A difference below this is none to anybody.
    coverage : float
        Of the ranges.

    Returns
    -------
    Shrunk

    Notes
    -----
    Source of method: beta-binomial with the spread of true rates integrated over a grid that holds "no
    spread" with probability one half, the groups' means by Laplace's approximation with five nodes
    (Skellam 1948; Gelman et al., "Bayesian Data Analysis", 5.3).

    Examples
    --------
    >>> found = shrink_rates(np.array([3., 30., 30., 30.]), np.array([3., 100., 100., 100.]),
    ...                      np.zeros(4, int), .05)
    >>> bool(found.mean[0] < .5), bool(found.above[0] < .9)
    (True, True)
    """
    groups = int(group.max()) + 1
    member = np.eye(groups)[group]
    relative = np.r_[0., np.linspace(WIDEST_RATE / SPREADS, WIDEST_RATE, SPREADS)]
    belief = np.log(np.r_[NO_SPREAD, np.full(SPREADS, (1 - NO_SPREAD) / SPREADS)])
    likely, centers, doubts = np.empty(len(relative)), [], []
    for place, spread in enumerate(relative):
        weight = tries / (1 + (tries - 1).clip(0) * spread ** 2)
        mass = weight @ member
        rate = ((weight * hits / np.maximum(tries, 1e-9)) @ member + .5) / (mass + 1)
        doubt = 1 / np.sqrt((mass + 1) * rate * (1 - rate))  # of the logit
        likely[place] = belief[place] + _log_likelihood(hits, tries, rate[group], spread) + np.log(
            doubt).sum()
        centers.append(rate)
        doubts.append(doubt)
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    differ = _given_a_spread(likely, relative > 0)
    kept = np.flatnonzero(differ > 1e-3)
    differ = differ / differ[kept].sum()
    parts = [(differ[place] * part, relative[place],
              expit(logit(centers[place]) + node * doubts[place])[group])
             for place in kept for node, part in zip(NODES, WEIGHTS / WEIGHTS.sum(), strict=True)]
    real = float(chance[1:].sum())
    mean, square, above, near, middle, wide = (np.zeros(len(hits)) for _ in range(6))
    for share, spread, rate in parts:
        size = 1 / spread ** 2 - 1
        a, b = rate * size + hits, (1 - rate) * size + tries - hits
        own = a / (a + b)
        middle = middle + share * rate
        wide = wide + share * spread * np.sqrt(rate * (1 - rate))
        mean = mean + share * own
        square = square + share * (own * (1 - own) / (a + b + 1) + own ** 2)
        above = above + share * (1 - betainc(a, b, rate))
        near = near + share * (betainc(a, b, np.minimum(rate + small, 1)) - betainc(
            a, b, np.maximum(rate - small, 0)))
    variance = np.maximum(square - mean ** 2, 1e-12)
    size = np.maximum(mean * (1 - mean) / variance - 1, 1e-6)
    tail = (1 - coverage) / 2
    low = betaincinv(mean * size, (1 - mean) * size, tail)
    high = betaincinv(mean * size, (1 - mean) * size, 1 - tail)
    return Shrunk(mean, low, high, middle, mean - middle, real * above, real * (1 - above),
                  1 - real + real * near, float(real * wide.mean()))


def _log_likelihood(hits: Array, tries: Array, rate: Array, spread: float) -> float:
    if spread == 0:
        return float((hits * np.log(rate) + (tries - hits) * np.log1p(-rate)).sum())
    size = 1 / spread ** 2 - 1
    return float((betaln(rate * size + hits, (1 - rate) * size + tries - hits)
                  - betaln(rate * size, (1 - rate) * size)).sum())
