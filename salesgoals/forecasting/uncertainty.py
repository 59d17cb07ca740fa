"""How wrong the forecast may be, learnt from how wrong it would have been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from salesgoals.forecasting.season import LEAST_FOR_TREND, LEAST_MONTHS, Array, safe_divide
from salesgoals.forecasting.smoothing import Trial

UNKNOWN_SEASON = .25  # what an unknown season adds to the relative error of a month
UNKNOWN_SPREAD = .5  # relative error of a month where nothing can be measured
ENOUGH_CELLS = 12
MOST_RELATIVE_ERROR = 4.
DEFAULT_MONTH_CORRELATION = .5
DEFAULT_PEOPLE_CORRELATION = .3
LEAST_MONTH_CORRELATION = .1
LEVEL_ERROR = .07  # of a person's period, beyond what past errors show: they are few, and they overlap
FEW_PEOPLE = 2  # so few cannot tell season from luck within one year
QUANTILE_FAITH = 10  # people needed before the pool's own error quantiles count as much as the bell curve's


class Errors(NamedTuple):
    """Sizes and correlations of relative forecast errors, all as shares of the mean."""

    spread: Array  # (people, horizon) standard deviation of one month
    month_correlation: float  # between months of one person
    people_correlation: float  # between people, for the period as a whole
    low_score: float  # how many standard deviations (of the log) the band reaches down
    high_score: float


def level_floor(months_of_history: int) -> float:
    """Say how far off a whole unit's year may be at the least, however smooth its history looks.

    Parameters
    ----------
    months_of_history : int
        Months that the forecast rests on.

    Returns
    -------
    float
        Least standard deviation of the unit's year, as a share of its mean.

    Notes
    -----
    Source: measured on 33 territories through the crash of 2008. People taken as independent cover 18 to 46 %
    of the unit's years instead of 80 %, because a short history has seen no recession; a floor of .08 was
    too low even at four years of history. docs/coverage.md shows what this floor reaches.

    Examples
    --------
    >>> level_floor(3), level_floor(12), level_floor(30)
    (0.25, 0.12, 0.1)
    """
    floors = ((6, .25), (12, .15), (24, .12))
    return next((floor for below, floor in floors if months_of_history < below), .10)


def learn_errors(trials: Sequence[Trial], people: int, horizon: int, coverage: float) -> Errors:
    """Learn size, growth with the horizon, and togetherness of errors from the pool's past forecasts.

    Parameters
    ----------
    trials : sequence of Trial
        Forecasts from earlier days and what happened.
    people, horizon : int
        How many people and months ahead.
    coverage : float
        Share of outcomes that the band of a month should hold.

    Returns
    -------
    Errors
        Relative standard deviations and correlations.

    Notes
    -----
    Source of method: empirical prediction intervals (Williams and Goodman 1971; Chatfield 1993, section 4.6),
    pooled over people; each person's own error size is drawn half-way (on the log scale) to the pool's
    middle. Month errors of a person are correlated by r, see :func:`year_spread`.
    """
    centre = float(-ndtri((1 - coverage) / 2))
    relative = [_relative(trial) for trial in trials]
    counted = [trial.counted for trial in trials]
    cells = sum((mask.sum(1) for mask in counted), start=np.zeros(people))
    squares = sum((((error ** 2) * mask).sum(1) for error, mask in zip(relative, counted, strict=True)),
                  start=np.zeros(people))
    total_cells = float(cells.sum())
    own = np.sqrt(safe_divide(squares, cells))
    measured = (cells >= min(6, max(float(cells.max(initial=0)), 1))) & (own > 0)
    if not measured.any():
        flat = np.full((people, horizon), UNKNOWN_SPREAD)
        return Errors(flat, DEFAULT_MONTH_CORRELATION, DEFAULT_PEOPLE_CORRELATION, centre, centre)
    typical = float(np.exp(np.log(own[measured]).mean()))
    size = np.where(measured, np.sqrt(own * typical), typical)
    steps = _growth_with_horizon(relative, counted, size, horizon)
    share = min(total_cells / ENOUGH_CELLS, 1.)
    spread = np.sqrt(share * size[:, None] ** 2 * steps + (1 - share) * UNKNOWN_SPREAD ** 2)
    standard = [safe_divide(error, size[:, None]) * mask
                for error, mask in zip(relative, counted, strict=True)]
    estimate = _month_correlation(standard, counted)
    month = max(estimate, LEAST_MONTH_CORRELATION)
    low, high = _scores(trials, spread, coverage, centre)
    return Errors(spread, month, _people_correlation(standard, counted), low, high)


def doubt_season(errors: Errors, months_of_history: int, people: int) -> Errors:
    """Widen what past errors could not show: a season never seen, or seen once by one or two people.

    Parameters
    ----------
    errors : Errors
        From :func:`learn_errors`.
    months_of_history, people : int
        Months of records, and people with a year of them.

    Returns
    -------
    Errors
        The same with wider months where the season is in doubt.

    Examples
    --------
    >>> known = Errors(np.full((1, 1), .3), .5, .3, 1.28, 1.28)
    >>> [round(float(doubt_season(known, months, 1).spread[0, 0]), 2) for months in (6, 12, 24)]
    [0.39, 0.42, 0.3]
    """
    if months_of_history < LEAST_MONTHS:
        return errors._replace(spread=np.sqrt(errors.spread ** 2 + UNKNOWN_SEASON ** 2))
    if months_of_history < LEAST_FOR_TREND and people <= FEW_PEOPLE:  # indices are as much luck as season
        return errors._replace(spread=errors.spread * np.sqrt(2))
    return errors


def year_spread(spreads: Array, month_correlation: float, level: Array | float = 0.) -> Array:
    """Add up the months of each person to a period, with errors that lean the same way.

    Parameters
    ----------
    spreads : array (people, months)
        Standard deviation of each month, in money.
    month_correlation : float
        Correlation r between the errors of two months of one person.
    level : array (people,) or float
        Further standard deviation of the whole period, in money.

    Returns
    -------
    array (people,)
        Standard deviation of each person's period.

    Notes
    -----
    var(period) = (1 - r) sum of variances + r (sum of standard deviations)^2 + level^2. Measured with an 80 %
    band: months taken as independent cover 36 to 50 % of the years of territories and 53 to 63 % of people's;
    r as estimated 73 to 81 and 79 to 82 %; r = .5 for all 76 to 81 % but 92 to 97 % of people's years, twice
    as wide as need be; r as estimated with a level error of 7 % 77 to 86 and 82 to 86 % (docs/coverage.md).

    Examples
    --------
    >>> ones = np.ones((1, 4))
    >>> year_spread(ones, 0.).tolist(), year_spread(ones, 1.).tolist()
    ([2.0], [4.0])
    """
    apart = (spreads ** 2).sum(1)
    together = spreads.sum(1) ** 2
    return np.asarray(np.sqrt((1 - month_correlation) * apart + month_correlation * together + level ** 2))


def band(mean: Array, spread: Array, low_score: float, high_score: float) -> tuple[Array, Array]:
    """Turn mean and standard deviation into a band of the log-normal with these two moments.

    Examples
    --------
    >>> low, high = band(np.array([100.]), np.array([0.]), 1.28, 1.28)
    >>> low.tolist(), high.tolist()
    ([100.0], [100.0])
    """
    variance = np.log1p(safe_divide(spread, mean) ** 2)
    size = np.sqrt(variance)
    return (np.asarray(mean * np.exp(-variance / 2 - low_score * size)),
            np.asarray(mean * np.exp(-variance / 2 + high_score * size)))


def _relative(trial: Trial) -> Array:
    scale = np.maximum(trial.forecast, .1 * trial.forecast.mean(1, keepdims=True))
    error = safe_divide(trial.actual - trial.forecast, scale)
    return np.clip(error, -MOST_RELATIVE_ERROR, MOST_RELATIVE_ERROR) * trial.counted


def _growth_with_horizon(relative: Sequence[Array], counted: Sequence[Array], size: Array,
                         horizon: int) -> Array:
    """Squared error by months ahead over its average: a straight line that does not fall."""
    top, bottom = np.zeros(horizon), np.zeros(horizon)
    for error, mask in zip(relative, counted, strict=True):
        ahead = error.shape[1]
        top[:ahead] += (safe_divide(error, size[:, None]) ** 2 * mask).sum(0)
        bottom[:ahead] += mask.sum(0)
    seen = bottom > 0
    square = top[seen] / bottom[seen]
    step = np.arange(horizon)
    if square.mean() <= 0:
        return np.ones(horizon)
    slope = max(float(np.polyfit(step[seen], square, 1)[0]), 0.) if seen.sum() >= 3 else 0.
    line = square.mean() + slope * (step - step[seen].mean())
    return np.maximum(line, .25 * square.mean())


def _month_correlation(standard: Sequence[Array], counted: Sequence[Array]) -> float:
    top = bottom = 0.
    for error, mask in zip(standard, counted, strict=True):
        ahead = error.shape[1]
        whole = mask.sum(1) == ahead
        if ahead >= 3 and whole.any():
            kept = error[whole]
            top += float((kept.sum(1) ** 2 - (kept ** 2).sum(1)).mean()) / (ahead * (ahead - 1))
            bottom += float((kept ** 2).mean())
    return float(np.clip(top / bottom, 0, 1)) if bottom > 0 else DEFAULT_MONTH_CORRELATION


def _people_correlation(standard: Sequence[Array], counted: Sequence[Array]) -> float:
    top = bottom = 0.
    for error, mask in zip(standard, counted, strict=True):
        here = mask.sum(1) == error.shape[1]
        if here.sum() > 3 and error.shape[1] >= 3:
            mean = error[here].mean(1)
            top += float(mean.sum() ** 2 - (mean ** 2).sum()) / (len(mean) * (len(mean) - 1))
            bottom += float((mean ** 2).mean())
    return float(np.clip(top / bottom, 0, 1)) if bottom > 0 else DEFAULT_PEOPLE_CORRELATION


def _scores(trials: Sequence[Trial], spread: Array, coverage: float, centre: float) -> tuple[float, float]:
    """How far past outcomes lay from the forecast, in standard deviations of the log, at the band's ends."""
    found, people = [], 0
    for trial in trials:
        ahead = trial.forecast.shape[1]
        variance = np.log1p(spread[:, :ahead] ** 2)
        counted = (trial.counted > 0) & (trial.forecast > 0)
        ratio = safe_divide(trial.actual, trial.forecast, 1.)
        score = (np.log(np.maximum(ratio, 1e-9)) + variance / 2) / np.sqrt(np.maximum(variance, 1e-18))
        found.append(score[counted])
        people = max(people, int(counted.any(1).sum()))
    scores = np.concatenate(found)
    if len(scores) < ENOUGH_CELLS:
        return centre, centre
    low, high = np.quantile(scores, [(1 - coverage) / 2, (1 + coverage) / 2])
    faith = people / (people + QUANTILE_FAITH)
    ends = [faith * end + (1 - faith) * centre for end in (-float(low), float(high))]
    reach = np.clip(ends, .8 * centre, 1.6 * centre)
    return float(reach[0]), float(reach[1])
