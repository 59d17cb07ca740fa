"""The shape of the year: month indices pooled over people, each person's own as far as the data carry it.

People's own month indices from two or three years are mostly noise; the pool's are not. So the indices are
estimated for the pool first, and a person departs from them only by the share of his or her departure that
is larger than chance would make it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
YEAR = 12
LEAST_MONTHS = 12  # below a full year, a month index would be the month's luck
LEAST_FOR_TREND = 24  # from two years on, growth can be told apart from season
LOWEST_INDEX = .05


class Pool(NamedTuple):
    """What all people have in common: each one's level and the pool's course, sales ~ level x course."""

    level: Array  # (people,)
    course: Array  # (months,), mean 1
    weight: Array  # (people,), how steady


def safe_divide(top: Array, bottom: Array, otherwise: float = 0.) -> Array:
    """Divide, and say ``otherwise`` where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.full(top.shape, otherwise), where=np.abs(bottom) > 1e-12)


def pool_course(sales: Array, present: Array, rounds: int = 4) -> Pool:
    """Split sales into each person's level and the course that all share, steady people counting more.

    Parameters
    ----------
    sales : array (people, months)
        Sales, 0 where nothing was sold; may be negative.
    present : array (people, months)
        1 where the person was there, 0 where not (before joining, after leaving, month without records).

    Returns
    -------
    Pool
        Level of each person, course of the pool (mean 1), weight of each person.

    Notes
    -----
    Source of method: alternating least squares of a two-way multiplicative table, rows weighted by the
    inverse of their relative variance (at most ten times the median, so that no one person is the pool).

    Examples
    --------
    >>> pool = pool_course(np.array([[1., 2., 3.], [10., 20., 30.]]), np.ones((2, 3)))
    >>> pool.level.round(6).tolist(), pool.course.round(6).tolist()
    ([2.0, 20.0], [0.5, 1.0, 1.5])
    """
    sold = sales * present
    seen = present.sum(1)
    total = sold.sum(1)
    course = np.ones(sales.shape[1])
    weight = np.ones(len(sales))
    for _ in range(rounds):
        level = np.maximum(safe_divide(total, present @ course), 0)
        usable = level > 1e-9
        relative = safe_divide(sold, level[:, None])
        spread = safe_divide(((relative - course) ** 2 * present).sum(1), seen - 1, np.inf)
        weight = np.where(usable, 1 / (.02 + spread), 0.)
        if usable.any():
            weight = np.minimum(weight, 10 * np.median(weight[usable]))
        course = np.maximum(safe_divide(weight @ relative, weight @ present), 0)
        recorded = present.any(0)
        course = course / course[recorded].mean() if course[recorded].sum() > 0 else np.ones(len(course))
    return Pool(np.maximum(safe_divide(total, present @ course), 0), course, weight)


def month_indices(sales: Array, present: Array, month: NDArray[np.intp], established: NDArray[np.bool_],
                  given: Array | None = None) -> tuple[Array, Array]:
    """Estimate how strong each calendar month is, for the pool and for each person (mean of a year = 1).

    Parameters
    ----------
    sales, present : array (people, months)
        As for :func:`pool_course`.
    month : array (months,)
        Calendar month of each column, 0 to 11.
    established : array of bool (people,)
        People there long enough to speak for the season.
    given : array (12,), optional
        Indices known from outside; then nothing is estimated.

    Returns
    -------
    tuple of array
        Indices of each person (people, 12) and of the pool (12,).

    Notes
    -----
    Source of method: classical multiplicative decomposition with a straight trend on the logs of the pool's
    course; shrinkage by signal / (signal + noise) in the manner of James and Stein (1961), as in Miller and
    Williams, "Shrinkage estimators of time series seasonal factors", Int. J. Forecasting 19 (2003).
    Without a year of history all indices are 1. docs/coverage.md has the measured errors.

    Examples
    --------
    >>> wave = 1 + .5 * np.sin(np.arange(24) * np.pi / 6)
    >>> own, pool = month_indices(np.outer([1., 5.], wave), np.ones((2, 24)), np.arange(24) % 12,
    ...                           np.array([True, True]))
    >>> bool(abs(pool - wave[:12]).max() < .01)
    True
    """
    people, months = sales.shape
    flat = np.ones(YEAR)
    if given is not None:
        flat = np.asarray(given, float) / np.mean(given)
    if given is not None or months < LEAST_MONTHS or not established.any():
        return np.tile(flat, (people, 1)), flat
    pool = pool_course(sales[established], present[established])
    shape, growth = _pool_shape(pool, sales[established], present[established], month)
    indices = np.tile(shape, (people, 1))
    if months >= LEAST_FOR_TREND and established.sum() > 1:
        indices[established] = _own_shapes(sales[established], present[established], month, shape, growth)
    return indices, shape


def _pool_shape(pool: Pool, sales: Array, present: Array, month: NDArray[np.intp]) -> tuple[Array, float]:
    """Indices of the pool, shrunk towards flat by what chance alone would make; and growth a month."""
    months = len(month)
    usable = (pool.course > LOWEST_INDEX) & present.any(0)
    if usable.sum() < LEAST_MONTHS - 2:  # too many empty months to speak of a shape
        return np.ones(YEAR), 0.
    course = np.log(np.maximum(pool.course, LOWEST_INDEX))
    dummies = np.zeros((months, YEAR))
    dummies[np.arange(months), month] = 1
    years = months / YEAR
    if months >= LEAST_FOR_TREND:
        time = np.arange(months) - (months - 1) / 2
        design = np.c_[time, dummies][usable]
        # a touch of ridge, for calendar months that never occur
        found = np.linalg.solve(design.T @ design + 1e-6 * np.eye(YEAR + 1), design.T @ course[usable])
        growth, shape = float(found[0]), found[1:] - found[1:].mean()
        rest = course[usable] - design @ np.r_[growth, found[1:]]
        noise = (rest ** 2).sum() / max(usable.sum() - YEAR - 1, 1) / years
    else:
        growth = 0.
        counts = dummies[usable].sum(0)
        shape = safe_divide(dummies[usable].T @ course[usable], counts)
        shape = np.where(counts > 0, shape - shape[counts > 0].mean(), 0)
        noise = _noise_of_one_year(pool, sales, present, usable) / years
    signal = max((shape ** 2).sum() / (YEAR - 1) - noise, 0)
    indices = np.exp(shape * signal / (signal + noise + 1e-12))
    return indices / indices.mean(), growth


def _noise_of_one_year(pool: Pool, sales: Array, present: Array, usable: NDArray[np.bool_]) -> float:
    """Variance of the log of one month of the course, from how much people differ (0 for one or two)."""
    if len(sales) < 3:
        return 0.
    relative = safe_divide(sales, pool.level[:, None])
    weight = pool.weight[:, None] * present
    share = safe_divide(weight, weight.sum(0))
    variance = (share * (relative - pool.course) ** 2).sum(0) * (share ** 2).sum(0)
    return float((variance[usable] / np.maximum(pool.course[usable], .1) ** 2).mean())


def _own_shapes(sales: Array, present: Array, month: NDArray[np.intp], shape: Array, growth: float) -> Array:
    """Each person's indices: the pool's, moved by the believable share of the person's own departure."""
    months = len(month)
    time = np.arange(months) - (months - 1) / 2
    expected = shape[month] * np.exp(growth * time)
    level = safe_divide((sales * present).sum(1), present @ expected)
    ratio = safe_divide(sales, np.maximum(level, 0)[:, None] * expected)
    slope = safe_divide(((ratio - 1) * present) @ time, present @ time ** 2)
    ratio = (ratio - slope[:, None] * time) * present
    dummies = np.zeros((months, YEAR))
    dummies[np.arange(months), month] = 1
    seen = present @ dummies
    own = safe_divide(ratio @ dummies, seen, 1.)
    own = safe_divide(own, own.mean(1, keepdims=True), 1.)
    degrees = present.sum(1) - YEAR - 1
    noise = safe_divide(((ratio - own[:, month] * present) ** 2).sum(1), degrees, np.inf)
    years = present.sum(1) / YEAR
    able = (level > 1e-9) & (present.sum(1) >= LEAST_FOR_TREND) & (seen.min(1) >= 1)
    if not able.any():
        return np.tile(shape, (len(sales), 1))
    signal = max(float(np.median(((own - 1) ** 2).mean(1)[able] - (noise / years)[able])), 0)
    steady_noise = (noise + np.median(noise[able])) / 2
    trust = np.where(able, signal / (signal + steady_noise / np.maximum(years, 1) + 1e-12), 0)
    indices = shape * np.maximum(1 + trust[:, None] * (own - 1), LOWEST_INDEX)
    return np.asarray(indices / indices.mean(1, keepdims=True))
