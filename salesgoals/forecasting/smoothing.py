"""Level and trend: how much a person sells in a normal month now, and where that is heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salesgoals.forecasting.book import Book
from salesgoals.forecasting.season import LEAST_FOR_TREND, LEAST_MONTHS, Array, month_indices, safe_divide

SMOOTHINGS = (.03, .08, .15, .3, .5)  # share of the level that the last month decides
STEADIEST = SMOOTHINGS[0]
DAMPING = .9  # each further month adds this share of the growth of the month before
TREND_SHARE = .3  # the part of a past trend that is worth believing (half, times .6 measured)
MOST_LAG = 6
SPARSE = .25  # with more months without sales, the last ones say too little to follow them
TUNING_PEOPLE = 1000  # one smoothing for the pool: so many people settle it


class Projection(NamedTuple):
    """A forecast of fully ramped sales for people who stay, and what it rests on."""

    level: Array  # (people,) sales of a normal month
    shape: Array  # (people, horizon) growth x season, as shares of the level
    pool_indices: Array  # (12,)

    def mean(self) -> Array:
        """Return the expected sales (people, horizon)."""
        return np.asarray(self.level[:, None] * self.shape)


def smoothed_level(book: Book, indices: Array, smoothing: float) -> Array:
    """Average each person's sales, corrected for season and ramp, recent months counting more.

    Parameters
    ----------
    book : Book
        Sales, presence, ramp.
    indices : array (people, 12)
        Month indices.
    smoothing : float
        Weight of the last month; the weight falls by this share with each month of age.

    Returns
    -------
    array (people,)
        Sales of a normal month in whole currency units, not below 0.

    Notes
    -----
    Source of method: exponential smoothing in its discounted-sums form (Brown 1963), the season and ramp as
    exposure: sum of sales over sum of what one unit of level would have sold. Months with nothing sold need
    no logarithm, and the level of a person with three sales in two years is those sales over two years.

    Examples
    --------
    >>> book = Book(np.array([[0., 30., 0., 30.]]), np.ones((1, 4)), np.ones((1, 4)), np.arange(4))
    >>> smoothed_level(book, np.ones((1, 12)), 1e-9).round(3).tolist()
    [15.0]
    """
    age = np.arange(book.sales.shape[1])[::-1]
    weight = (1 - smoothing) ** age
    exposure = indices[:, book.month] * book.ramp * book.present
    return np.maximum(safe_divide((book.sales * book.present) @ weight, exposure @ weight), 0)


def growth_rates(book: Book, indices: Array) -> Array:
    """Estimate everybody's growth per month, people's own rates drawn towards the pool's.

    Parameters
    ----------
    book : Book
        Sales, presence, ramp.
    indices : array (people, 12)
        Month indices.

    Returns
    -------
    array (people,)
        Growth a month as a share of the level; 0 below two years of history.

    Notes
    -----
    Source of method: least squares on the deseasonalised months; shrinkage as for random coefficients
    (Swamy 1970), with medians so that a few wild people do not decide it.
    """
    months = book.sales.shape[1]
    none = np.zeros(len(book.sales))
    able = (book.present.sum(1) >= LEAST_FOR_TREND) & ((book.sales * book.present).sum(1) > 0)
    if months < LEAST_FOR_TREND or not able.any():
        return none
    present = book.present[able]
    exposure = indices[able][:, book.month] * book.ramp[able]
    level = safe_divide((book.sales[able] * present).sum(1), (exposure * present).sum(1))
    ratio = safe_divide(book.sales[able], level[:, None] * exposure)
    time = np.arange(months) - (months - 1) / 2
    middle = (present @ time) / present.sum(1)
    centred = (time - middle[:, None]) * present
    spread = (centred ** 2).sum(1)
    slope = (ratio * centred).sum(1) / spread
    rest = (ratio - 1 - slope[:, None] * centred) * present
    variance = np.maximum((rest ** 2).sum(1) / present.sum(1) / spread, 1e-12)
    slope = np.clip(slope, -.1, .1)
    weight = np.minimum(1 / variance, 10 * np.median(1 / variance))
    common = float(np.average(slope, weights=weight))
    if able.sum() > 3:
        signal = max(float(np.median((slope - common) ** 2)) / .455 - float(np.median(variance)), 0)
    else:
        signal = max(float(slope.var() - variance.mean()), 0)
    rates = none + common
    rates[able] = common + signal / (signal + variance) * (slope - common)
    return rates


def project(book: Book, future_month: NDArray[np.intp], smoothings: Sequence[float],
            given: Array | None = None) -> list[Projection]:
    """Carry level, damped trend and season forward, once for each degree of smoothing.

    Parameters
    ----------
    book : Book
        Sales until now.
    future_month : array (horizon,)
        Calendar months ahead, 0 to 11, the first right after the book ends.
    smoothings : sequence of float
        Degrees of smoothing to try.
    given : array (12,), optional
        Month indices known from outside.

    Returns
    -------
    list of Projection
        One for each smoothing, means never negative.

    Notes
    -----
    Source of method: damped trend of Gardner and McKenzie (1985), at less than half weight. Measured with
    ``benchmarks/coverage.py``; the table is docs/coverage.md.
    """
    indices, pool_indices = month_indices(book.sales, book.present, book.month, book.established(), given)
    growth = growth_rates(book, indices)[:, None]
    calm = smoothed_level(book, indices, STEADIEST)
    sparse = ((book.sales <= 0) & (book.present > 0)).sum(1) > SPARSE * book.present.sum(1)
    ahead = np.cumsum(DAMPING ** np.arange(1, len(future_month) + 1))
    found = []
    for smoothing in smoothings:
        level = np.where(sparse, calm, smoothed_level(book, indices, smoothing))
        lag = min((1 - smoothing) / smoothing, book.sales.shape[1] / 2, MOST_LAG)
        drift = np.exp(np.clip(growth * TREND_SHARE * (lag + ahead), -1, 1))
        found.append(Projection(level, drift * indices[:, future_month], pool_indices))
    return found


class Trial(NamedTuple):
    """A forecast made as if it were an earlier day, and what then happened (people, months ahead)."""

    forecast: Array
    actual: Array
    counted: Array


def past_trials(book: Book, horizon: int, smoothings: Sequence[float],
                given: Array | None = None) -> list[list[Trial]]:
    """Repeat the forecast from up to a dozen earlier days and set what happened beside it.

    Parameters
    ----------
    book : Book
        Sales until now.
    horizon : int
        At most so many months ahead.
    smoothings : sequence of float
        Degrees of smoothing to try.
    given : array (12,), optional
        Month indices known from outside.

    Returns
    -------
    list of list of Trial
        For each smoothing, the trials from the earliest day to the latest; empty below three months.

    Notes
    -----
    Source of method: rolling-origin evaluation (Tashman 2000).
    """
    months = book.sales.shape[1]
    origins = list(range(max(6, months - 12, months // 2), months - 2))
    if not origins:
        origins = [day for day in (max(2, months - 3),) if day < months]
    trials: list[list[Trial]] = [[] for _ in smoothings]
    for origin in origins:
        end = min(months, origin + horizon)
        known = book.until(origin).present.sum(1) >= min(3, origin)
        projections = project(book.until(origin), book.month[origin:end], smoothings, given)
        for place, projection in enumerate(projections):
            counted = book.present[:, origin:end] * (known & (projection.level > 0))[:, None]
            trials[place].append(Trial(projection.mean() * book.ramp[:, origin:end],
                                       book.sales[:, origin:end], counted))
    return trials


def best_smoothing(book: Book, horizon: int, given: Array | None = None) -> float:
    """Choose how quickly the level follows, by the pool's own past errors.

    Parameters
    ----------
    book : Book
        Sales until now.
    horizon : int
        Months ahead that the choice should be good for.
    given : array (12,), optional
        Month indices known from outside.

    Returns
    -------
    float
        One of ``SMOOTHINGS``; the steadiest below a year, when there is nothing to choose by.

    Examples
    --------
    >>> steady = np.full((1, 36), 10.)
    >>> best_smoothing(Book(steady, np.ones((1, 36)), np.ones((1, 36)), np.arange(36) % 12), 12)
    0.03
    """
    if book.sales.shape[1] < LEAST_MONTHS:
        return STEADIEST
    if len(book.sales) > TUNING_PEOPLE:
        order = np.argsort((book.sales * book.present).sum(1), kind="stable")
        book = book.of(order[np.linspace(0, len(order) - 1, TUNING_PEOPLE).astype(np.intp)])
    sold = np.abs(book.sales * book.present).sum(1)
    scale = np.maximum(safe_divide(sold, book.present.sum(1)), 1e-9)
    trials = past_trials(book, horizon, SMOOTHINGS, given)
    losses = np.array([sum(_loss_of_sum(trial, scale) for trial in of_one) for of_one in trials])
    as_good = losses <= losses.min() * (1 + 1e-9) + 1e-9
    return SMOOTHINGS[int(np.argmax(as_good))]


def _loss_of_sum(trial: Trial, scale: Array) -> float:
    """How far each person's sum of months was off; single months would reward guessing low for rare deals."""
    off = np.abs(((trial.actual - trial.forecast) * trial.counted).sum(1)) / scale
    return float(np.minimum(off, 3 * trial.counted.sum(1)).sum())
