"""Growth of newcomers, learnt from those who joined before, as far as they are enough to learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares

from salesgoals.forecasting.book import Staffed, staff_book
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp, ramp_share
from salesgoals.forecasting.season import Array, pool_course, safe_divide

__all__ = ["PRIOR_RAMP", "Ramp", "Watched", "fit_ramp", "fit_ramp_to_shares", "ramp_share",
           "watch_newcomers"]

GROWN = 18  # months after which a person counts as fully grown
WATCHED = 24  # months of tenure that a curve is fitted to
LEAST_MONTHS = 2
NOISE = .6  # relative spread of one newcomer's month around the curve, where it cannot be measured
MIDPOINT_DOUBT, SPEED_DOUBT, PLATEAU_DOUBT = 2.5, .5, .15  # months, log scale, share: how sure the prior is


def fit_ramp(history: pd.DataFrame, people: pd.DataFrame) -> Ramp:
    """Learn how fast newcomers grow from those who joined within the records.

    Parameters
    ----------
    history : DataFrame
        Columns month, person_id, amount (currency units).
    people : DataFrame
        Columns person_id, hire_date, leave_date.

    Returns
    -------
    Ramp
        With few people who joined it stays near the prior (half of full sales in month 6); from about ten on
        it follows the data. ``hires`` says how many there were; ``PRIOR_RAMP`` where there is nobody to
        learn from or nobody fully grown to compare with.

    Notes
    -----
    Source of method: logistic curve by least squares with a prior on its midpoint, speed and plateau
    (Bayesian ridge); newcomers' months are taken relative to the grown people's level and course, so that
    season and growth of the market do not look like learning. Leavers stay in. Measured in simulation:
    error of a first year's sales .12 / .09 / .07 with 5 / 15 / 50 people (plain table by tenure
    .21 / .12 / .07, no curve at all .50 or more).

    Examples
    --------
    >>> months = pd.date_range("2024-01-01", periods=12, freq="MS")
    >>> history = pd.DataFrame({"month": months, "person_id": "7", "amount": 100.})
    >>> people = pd.DataFrame({"person_id": ["7"], "hire_date": pd.to_datetime(["2019-05-01"]),
    ...                        "leave_date": pd.to_datetime([None])})
    >>> fit_ramp(history, people) == PRIOR_RAMP
    True
    """
    watched = watch_newcomers(staff_book(history, people=people))
    return PRIOR_RAMP if watched is None else fit_ramp_to_shares(watched.shares)


@dataclass(frozen=True)
class Watched:
    """Newcomers month by month since joining, beside what a fully grown person would have sold.

    Parameters
    ----------
    rows : array of int (newcomers,)
        Their places in the book.
    shares : array (newcomers, months since joining)
        Sales over those of a fully grown person in the same month, NaN where somebody was not there.
    full : array (newcomers, months since joining)
        Those sales of a fully grown person, in currency units; NaN as above.
    level : array (people of the book,)
        Sales of a normal month of everybody who is fully grown, NaN for the others.
    """

    rows: NDArray[np.intp]
    shares: Array
    full: Array
    level: Array


def watch_newcomers(staffed: Staffed) -> Watched | None:
    """Put the months of those who joined within the records beside the months of grown people.

    Returns
    -------
    Watched or None
        None where nobody joined, or nobody is fully grown to compare with.
    """
    book = staffed.book
    columns = staffed.months.year * 12 + staffed.months.month - 1
    tenure = columns.to_numpy(float) - staffed.hired[:, None] + 1
    joined_before = np.isnan(staffed.hired) | (staffed.hired <= columns[0] - GROWN)
    sold_from_start = (book.sales != 0)[:, :3].any(1)
    grown = joined_before & (sold_from_start | ~np.isnan(staffed.hired)) & (book.sales.sum(1) > 0)
    joined = ~np.isnan(staffed.hired) & (staffed.hired >= columns[0])
    newcomer = joined & (book.present.sum(1) >= LEAST_MONTHS)
    if not grown.any() or not newcomer.any():
        return None
    pool = pool_course(book.sales[grown], book.present[grown])
    typical = float(pool.level[pool.level > 0].mean()) if (pool.level > 0).any() else 0.
    if typical <= 0:
        return None
    level = np.full(len(book.sales), np.nan)
    level[grown] = pool.level
    full_month = typical * np.maximum(pool.course, .05)
    seen = (book.present[newcomer] > 0) & (tenure[newcomer] >= 1) & (tenure[newcomer] <= WATCHED)
    rows, places = np.nonzero(seen)
    since = tenure[newcomer][rows, places].astype(int) - 1
    shares = np.full((int(newcomer.sum()), WATCHED), np.nan)
    full = shares.copy()
    shares[rows, since] = safe_divide(book.sales[newcomer], full_month)[rows, places]
    full[rows, since] = full_month[places]
    return Watched(np.flatnonzero(newcomer), shares, full, level)


def fit_ramp_to_shares(shares: Array) -> Ramp:
    """Fit the growth curve to months of newcomers given as shares of a grown person's sales.

    Parameters
    ----------
    shares : array (people, months since joining)
        Sales over those of a fully grown person, NaN where a person was not there (any more or yet).

    Returns
    -------
    Ramp
        The curve, see :func:`fit_ramp`.

    Examples
    --------
    >>> curve = ramp_share(np.arange(1, 25), Ramp(9., 2.))
    >>> round(fit_ramp_to_shares(np.tile(curve, (60, 1))).midpoint, 1)
    9.0
    """
    seen = (~np.isnan(shares)).sum(0)
    hires = int((~np.isnan(shares)).any(1).sum())
    if not hires:
        return PRIOR_RAMP
    month = np.flatnonzero(seen > 0)
    mean = np.nansum(shares[:, month], 0) / seen[month]
    rest = (shares[:, month] - mean)[~np.isnan(shares[:, month])]
    degrees = rest.size - len(month)
    noise = NOISE
    if degrees >= 12:
        noise = max(float(np.sqrt((rest ** 2).sum() / degrees)), .1)
    weight = np.sqrt(seen[month]) / noise

    def misses(guess: Array) -> Array:
        midpoint, log_speed, plateau = guess
        curve = plateau / (1 + np.exp(-(month + 1 - midpoint) / np.exp(log_speed)))
        return np.r_[(curve - mean) * weight, (midpoint - PRIOR_RAMP.midpoint) / MIDPOINT_DOUBT,
                     (log_speed - np.log(PRIOR_RAMP.speed)) / SPEED_DOUBT, (plateau - 1) / PLATEAU_DOUBT]

    found = least_squares(misses, [PRIOR_RAMP.midpoint, np.log(PRIOR_RAMP.speed), 1.],
                          bounds=([.5, np.log(.3), .2], [24., np.log(8.), 3.])).x
    return Ramp(float(found[0]), float(np.exp(found[1])), float(found[2]), hires, expected_error(hires))


def expected_error(hires: int) -> float:
    """Say how far a newcomer's first year may be off by a curve fitted to so many people.

    Returns
    -------
    float
        Root mean square error, as a share of the predicted year; from simulation with true curves drawn from
        the prior, people of different ability (.35) and noisy months (.5), watched 4 to 24 months.

    Examples
    --------
    >>> expected_error(0), expected_error(5), expected_error(500)
    (0.28, 0.17, 0.08)
    """
    return float(np.interp(hires, (0, 1, 2, 5, 10, 15, 50), (.28, .24, .19, .17, .13, .12, .08)))
