"""Spring Festival wanders between January and February, and takes its quiet weeks along."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.forecasting.book import Book
from salesgoals.forecasting.season import LEAST_FOR_TREND, LOWEST_INDEX, YEAR, Array, pool_course
from salesgoals.problems import Problem
from salesgoals.workdays import name_holidays

DAYS_BEFORE, DAYS_AFTER = 7, 14
PRIOR_SPREAD = .5  # how strong an effect (on the log) is believed possible before seeing any data
LEAST_NOISE = .03
COUNTRIES = ("CN",)


@cache
def new_year(year: int) -> pd.Timestamp:
    """Return the first day of the lunar year.

    Examples
    --------
    >>> [f"{new_year(year):%m-%d}" for year in (2024, 2025, 2026)]
    ['02-10', '01-29', '02-17']
    """
    return min(day for day, name in name_holidays("CN", year).items()
               if ("Chinese New Year" in name or "Spring Festival" in name) and "Eve" not in name)


def festival_share(months: pd.DatetimeIndex) -> Array:
    """Say what share of the weeks around Spring Festival falls into each month.

    Parameters
    ----------
    months : DatetimeIndex
        First days of months.

    Returns
    -------
    array
        0 to 1 for each month; 1 over a year. Counted from a week before to two weeks after New Year's day.

    Examples
    --------
    >>> festival_share(pd.date_range("2025-01-01", periods=3, freq="MS")).round(2).tolist()
    [0.45, 0.55, 0.0]
    """
    shares = np.zeros(len(months))
    for year in sorted(set(months.year)):
        day = new_year(int(year))
        window = pd.date_range(day - pd.Timedelta(days=DAYS_BEFORE), day + pd.Timedelta(days=DAYS_AFTER))
        for month in (1, 2, 3):
            at = (months.year == year) & (months.month == month)
            shares[at] = float((window.month == month).mean())
    return shares


def festival_effect(book: Book, share: Array) -> tuple[float, float]:
    """Learn how much a month's sales change when the whole festival falls into it.

    Parameters
    ----------
    book : Book
        Sales, presence, ramp.
    share : array (months,)
        From :func:`festival_share`, for the months of the book.

    Returns
    -------
    tuple of float
        Effect on the logarithm of sales (-.7 = half), and how unsure it is (standard deviation); 0 and the
        prior's .5 below two years, when nothing can be learnt.

    Notes
    -----
    Source of method: regression of the pool's course on calendar months, trend and the festival's share, the
    last with a normal prior around 0 (ridge). Measured in simulation with 20 people, months off by 40 % each:
    error of the unit's January and February with two years of history .27 -> .15 when the festival takes
    half of a month, .10 -> .10 when it takes nothing; with three years .22 -> .12 and .09 -> .10.
    """
    months = len(share)
    pool = pool_course(book.sales, book.present)
    usable = (pool.course > LOWEST_INDEX) & book.present.any(0)
    if months < LEAST_FOR_TREND or usable.sum() < LEAST_FOR_TREND - 2:
        return 0., PRIOR_SPREAD
    dummies = np.zeros((months, YEAR))
    dummies[np.arange(months), book.month] = 1
    known = np.c_[np.arange(months) - (months - 1) / 2, dummies][usable]
    course = np.log(pool.course[usable])
    gram = known.T @ known + 1e-6 * np.eye(YEAR + 1)
    both = np.c_[share[usable], course]
    left = both - known @ np.linalg.solve(gram, known.T @ both)
    moved, rest = left[:, 0], left[:, 1]
    power = float((moved ** 2).sum())
    if power < 1e-6:
        return 0., PRIOR_SPREAD
    plain = float((moved * rest).sum()) / power
    degrees = max(int(usable.sum()) - YEAR - 2, 1)
    noise = max(float(((rest - plain * moved) ** 2).sum()) / degrees, LEAST_NOISE ** 2)
    trust = power / (power + noise / PRIOR_SPREAD ** 2)
    return plain * trust, float(np.sqrt(trust * noise / power))


class Followed(NamedTuple):
    """Sales without the festival, and what it does to the months ahead."""

    book: Book
    lift: Array  # (future months,) factor on the mean
    doubt: Array  # (future months,) how unsure that factor is, as a share
    notes: list[Problem]


def follow_festival(book: Book, months: pd.DatetimeIndex, future: pd.DatetimeIndex,
                    country: str | None) -> Followed:
    """Take the festival out of the past, and put it into the months ahead where it will fall.

    Parameters
    ----------
    book : Book
        Sales, presence, ramp.
    months, future : DatetimeIndex
        Months of the book and months ahead.
    country : str or None
        Nothing happens but for ``"CN"``.

    Returns
    -------
    Followed
        The book without the festival, factors for the months ahead, and a note.
    """
    ahead = np.ones(len(future))
    if country not in COUNTRIES:
        return Followed(book, ahead, 0 * ahead, [])
    share, share_ahead = festival_share(months), festival_share(future)
    effect, doubt = festival_effect(book, share)
    usual = np.array([share[months.month == month].mean() if (months.month == month).any() else 0.
                      for month in future.month])
    if effect == 0:
        return Followed(book, ahead, doubt * np.abs(share_ahead - usual),
                        [Problem("forecast.festival_unknown", level="note", months=len(months))])
    note = Problem("forecast.festival", level="note", change=float(np.exp(effect) - 1), doubt=doubt)
    return Followed(book._replace(sales=book.sales / np.exp(effect * share)), np.exp(effect * share_ahead),
                    doubt * np.abs(share_ahead - usual), [note])
