"""How a unit's sales usually spread over the month, and how much of them is luck."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salesgoals.alarms.days import PLACES, Days, month_sums, pick_days

POOL_TRUST = 4.  # deals a kind of day must hold before its own rate outweighs "a day like any other"
OWN_TRUST = 30.  # the same for a unit's own rate against everybody's
LUCK_MONTHS = 3.  # months of a unit's own days that weigh as much as everybody's measure of luck
LEVEL, LEVEL_MONTHS = .10, 24.  # how far a month's level strays, and how many months that belief weighs
LEAST_LEVEL, MOST_LEVEL = .05, .35
LEAST_CLUSTER = .5
LEAST_SIZES = .05  # least squared deviation of sizes, as a share of the mean size
NOBODY_KNOWS = .25  # variance of the number of deals of a unit that has none behind it: off by half
ROUNDS = 3


class Habits(NamedTuple):
    """What the past months say about each unit."""

    weights: np.ndarray  # (units, places) sales of a kind of day, relative to an ordinary one
    blur: np.ndarray  # (units, places) variance of these weights: how unsure the profile is
    rate: np.ndarray  # (units,) expected sales of an ordinary working day
    size: np.ndarray  # (units,) mean size of a deal
    luck: np.ndarray  # (units,) variance of sales per unit of expected sales: lumpy deals, clustered days
    clustering: np.ndarray  # (units,) the same for the number of deals: 1 = deals come one by one
    unsure: np.ndarray  # (units,) variance of the learnt number of deals, as a share: few were seen
    unsure_size: np.ndarray  # (units,) the same of the learnt mean size
    months: np.ndarray  # (units,) how many months were seen
    level: float  # how far a month's number of deals strays from the expected, as a share


def day_shares(weights: np.ndarray, days: Days) -> np.ndarray:
    """Return the usual share of its month for each unit and day."""
    by_day = weights[:, days.place]
    total = month_sums(by_day, days)[:, days.month]
    return np.divide(by_day, total, out=np.zeros_like(by_day), where=total > 0)


def from_nothing(values: np.ndarray) -> np.ndarray:
    """Add up along the days, beginning with nothing on the eve of the first one."""
    return np.pad(values, ((0, 0), (1, 0))).cumsum(1)


def blur_of_rest(habits: Habits, days: Days) -> np.ndarray:
    """Return the variance of a month's share that is still to come: at its beginning, then after each day."""
    kinds = np.zeros((len(days.place) + 1, PLACES))
    kinds[np.arange(len(days.place)) + 1, days.place] = 1
    gone = kinds.cumsum(0)
    rest = 1 - from_nothing(day_shares(habits.weights, days))
    total = np.maximum(habits.weights[:, days.place].sum(1), 1e-12)[:, None, None]
    pull = ((gone[-1:] - gone)[None] - rest[:, :, None] * gone[-1:][None]) / total
    return (pull ** 2 * habits.blur[:, None]).sum(2)


def blur_by_month(habits: Habits, days: Days, part: np.ndarray) -> np.ndarray:
    """Return the variance of a period's share that is still to come; only the month under way is unsure.

    Parameters
    ----------
    habits : Habits
        Of the units.
    days : Days
        Of one month or several.
    part : array (units, months)
        Share of the period that each month is expected to bring.
    """
    found = np.zeros((len(habits.weights), len(days.place) + 1))
    for month in np.unique(days.month):
        inside = np.flatnonzero(days.month == month)
        blur = blur_of_rest(habits, pick_days(days, inside)) * part[:, [month]] ** 2
        found[:, inside[0]] = blur[:, 0]
        found[:, inside + 1] = blur[:, 1:]
    return found


def learn_habits(days: Days) -> Habits:
    """Learn each unit's profile, luck and level from whole past months.

    Parameters
    ----------
    days : Days
        Past months only. A unit counts from its first month with a deal on.

    Returns
    -------
    Habits

    Notes
    -----
    Profile: sales of each kind of day (the first 5 working days of a month, the last 10, those between)
    over what they would be were all days alike; everybody's is shrunk to flat, a unit's own to everybody's.
    Luck: sum of (day - share x month)^2 / share over sum of month x (days - 1), the dispersion of a compound
    Poisson process with clustering included (for single Poisson deals: E[size^2] / E[size]).
    Level: what month totals stray beyond their luck, pooled over units and shrunk to 10 %. How unsure what
    was learnt is: luck and stray over what was seen. A unit without a deal gets everybody's habits.
    """
    sales, deals = days.sales, days.deals
    totals, counts = month_sums(sales, days), month_sums(deals, days)
    seen = np.maximum.accumulate(counts > 0, axis=1)
    flat = np.ones((1, PLACES))
    pool = flat
    for _ in range(ROUNDS):
        alike = np.repeat(pool, len(sales), axis=0)
        pooled = _pooled(_squares(sales, totals, alike, days))
        pool, blur = _rates(sales.sum(0, keepdims=True), totals.sum(0, keepdims=True), pool, flat,
                            np.array([pooled]), POOL_TRUST, 0 * flat, days)
    weights = np.repeat(pool, len(sales), axis=0)
    months = seen.sum(1)
    size = _divide(totals.sum(1), counts.sum(1))
    size = np.where(size > 0, size, np.nan)
    size = np.where(np.isfinite(size), size, np.nanmedian(size) if np.isfinite(size).any() else np.nan)
    trust = months / (months + LUCK_MONTHS)
    luck = _shrunk(_divide(*_squares(sales, totals, weights, days)) / size, trust) * size
    luck = np.where(np.isfinite(luck), luck, pooled)
    clustering = np.maximum(_shrunk(_divide(*_squares(deals, counts, weights, days)), trust), LEAST_CLUSTER)
    weights, blur = _rates(sales, totals, weights, pool, luck, OWN_TRUST, blur, days)
    work = month_sums(weights[:, days.place], days)
    rate = _divide((totals * seen).sum(1), (work * seen).sum(1))
    expected = np.nan_to_num(rate)[:, None] * work * seen
    level = _level(totals, expected, luck, seen)
    count = counts.sum(1)
    unsure = _divide(clustering, count) + level ** 2 * _divide(np.ones(len(sales)), months)
    sizes = _divide(np.maximum(luck / size - clustering, LEAST_SIZES), count)
    unsure, sizes = (np.where(np.isfinite(found), found, NOBODY_KNOWS) for found in (unsure, sizes))
    return Habits(weights, blur, rate, size, luck, clustering, unsure, sizes, months, level)


def _shrunk(own: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Move each unit's own measure towards everybody's as far as it has few months."""
    known = np.isfinite(own)
    everybody = float(np.median(own[known])) if known.any() else 1.
    return np.where(known, trust * np.nan_to_num(own) + (1 - trust) * everybody, everybody)


def _divide(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    return np.divide(over, under, out=np.full(np.broadcast(over, under).shape, np.nan), where=under > 0)


def _squares(sales: np.ndarray, totals: np.ndarray, weights: np.ndarray,
             days: Days) -> tuple[np.ndarray, np.ndarray]:
    shares = day_shares(weights, days)
    expected = shares * np.maximum(totals, 0)[:, days.month]
    off = np.divide((sales - expected) ** 2, shares, out=np.zeros_like(sales),
                    where=(shares > 0) & (expected > 0))
    length = np.zeros(len(days.months))
    length[days.month] = days.length
    return off.sum(1), (np.maximum(totals, 0) * np.maximum(length - 1, 0)).sum(1)


def _pooled(squares: tuple[np.ndarray, np.ndarray]) -> float:
    return float(squares[0].sum() / squares[1].sum()) if squares[1].sum() > 0 else np.nan


def _rates(sales: np.ndarray, totals: np.ndarray, weights: np.ndarray, prior: np.ndarray, luck: np.ndarray,
           trust: float, blur: np.ndarray, days: Days) -> tuple[np.ndarray, np.ndarray]:
    """Return each kind of day's sales over its even share, shrunk to a prior, and how unsure that is."""
    work = month_sums(weights[:, days.place], days)
    per_day = _divide(totals, work)
    which = np.zeros((len(days.place), PLACES))
    which[np.arange(len(days.place)), days.place] = 1
    came = np.maximum(sales @ which, 0)
    alike = np.maximum(np.nan_to_num(per_day)[:, days.month] @ which, 0)
    unit = np.where(np.isfinite(luck) & (luck > 0), luck, np.inf)[:, None]
    found = (came / unit + trust * prior) / (alike / unit + trust)
    return found, found / (alike / unit + trust) + (trust / (alike / unit + trust)) ** 2 * blur


def _level(totals: np.ndarray, expected: np.ndarray, luck: np.ndarray, seen: np.ndarray) -> float:
    """Return how far months stray beyond luck, pooled over units and shrunk to the usual 10 %."""
    usable = seen & (expected > 0) & np.isfinite(luck)[:, None]
    if not usable.any():
        return LEVEL
    of = np.where(usable, expected, 1.)
    extra = ((totals - of) / of) ** 2 - luck[:, None] / of
    weight = np.where(usable, 1 / (LEVEL ** 2 + luck[:, None] / of) ** 2, 0)
    belief = LEVEL_MONTHS / LEVEL ** 4
    variance = ((weight * extra).sum() + belief * LEVEL ** 2) / (weight.sum() + belief)
    return float(np.sqrt(np.clip(variance, LEAST_LEVEL ** 2, MOST_LEVEL ** 2)))
