"""Pace: the chance to reach a month's goal, day by day, and who is too small a sample to judge by sales."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaincc, gammaincinv

from salesgoals.alarms.days import Days, lay_out
from salesgoals.alarms.profile import Habits, blur_of_rest, day_shares, from_nothing, learn_habits

ALARM = .10
WATCHED_FROM = 4  # working day of the month: before it a month has said next to nothing
TOO_LUCKY = .25  # a month's luck above which sales amounts say nothing about the work (about 25 deals)
BAND = .80
FADING = .95  # weight of a day against the next one
TURNING = 3.  # how the variance of the days to come grows on that of whole months: a month may turn bad
SIZE_DOUBT = .03  # how far the mean size of deals strays from month to month beyond luck
LEAST_DOUBT, LEAST_LEVEL = .03, .02
VERDICTS = ("no_goal", "reached", "missed", "too_small", "alarm", "at_risk", "on_course")
COLUMNS = ["unit", "date", "position", "working_days", "goal", "expected", "so_far", "usual_so_far",
           "linear_so_far", "month_end", "low", "high", "chance", "alarm", "behind_linear", "months_seen",
           "deals_a_month", "luck", "judgeable", "verdict"]


def chance_of_rest(needed: np.ndarray, mean: np.ndarray, variance: np.ndarray,
                   size: np.ndarray) -> np.ndarray:
    """Return the chance that what is still to come reaches what is needed.

    Parameters
    ----------
    needed, mean, variance : array
        What is missing to the goal; mean and variance of the sales still to come.
    size : array
        Mean size of a deal: a rest of few deals may well be nothing.

    Returns
    -------
    array
        0 to 1. A gamma distribution with mean and variance of the rest beside a chance of no deal at all.

    Examples
    --------
    >>> one, no = np.array([1.0]), np.array([0.0])
    >>> chance_of_rest(no, one, one, one).item(), chance_of_rest(one, no, no, one).item()
    (1.0, 0.0)
    """
    shape, scale, none = _rest(mean, variance, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (1 - none) * gammaincc(shape, np.maximum(needed, 0) / scale)
    return np.where(needed <= 0, 1., np.where(mean <= 0, 0., found))


def _rest(mean: np.ndarray, variance: np.ndarray,
          size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Match a gamma distribution, given that there is a deal at all."""
    with np.errstate(invalid="ignore", divide="ignore"):
        none = np.where(size > 0, np.exp(-np.minimum(mean / size, 700)), 0.)
        # Clustered deals may make the rest more uncertain than single ones, never less likely to be nothing.
        none = np.minimum(none, .999)
        given = mean / (1 - none)
        spread = np.maximum((variance + mean ** 2) / (1 - none) - given ** 2, 1e-9 * given ** 2)
        shape = given ** 2 / spread
        return shape, spread / given, none


def pace_course(month: Days, expected: np.ndarray, goal: np.ndarray, habits: Habits,
                band: float = BAND) -> dict[str, np.ndarray]:
    """Follow each unit through a month: forecast of its end, band and chance, day by day.

    Parameters
    ----------
    month : Days
        The sales of one month, zeros after the last day that is in.
    expected, goal : array (units,)
        Expected sales of the month before it began, and the goal.
    habits : Habits
        Luck, doubt and size of deals of the units.
    band : float
        Coverage of the band.

    Returns
    -------
    dict of array (units, 1 + days)
        At the beginning of the month and after every working day: so_far, usual_so_far, month_end, low,
        high, chance.

    Notes
    -----
    The month's level is how many deals come times how large they are, each against its past and each moved
    only as far as it is more than luck: weight = doubt^2 / (doubt^2 + luck / seen so far). A person with few
    deals hardly moves it. Counting deals tells more than adding up amounts, whose luck holds the sizes too;
    recent days weigh more, for a month may turn bad in its middle. The band and the chance also hold how
    unsure the profile is.
    """
    luck, clustering, size = (values[:, None] for values in (habits.luck, habits.clustering, habits.size))
    by_day = day_shares(habits.weights, month)
    shares, so_far, deals = (from_nothing(values) for values in (by_day, month.sales, month.deals))
    usual = expected[:, None] * shares
    turned = 1 + TURNING * shares
    recent, base = faded(month.deals), faded(by_day)
    with np.errstate(invalid="ignore", divide="ignore"):
        number, of_number = _level(recent, expected[:, None] * base / size, clustering,
                                   turned * np.maximum(habits.doubt ** 2, LEAST_DOUBT ** 2)[:, None])
        sizes, of_sizes = _level(so_far, deals * size, np.maximum(luck - clustering * size, .05 * size),
                                 turned * SIZE_DOUBT ** 2)
        rest = expected[:, None] * np.maximum(1 - shares, 0)
        rest = np.where(rest < 1e-9 * expected[:, None], 0., rest)
        mean = number * sizes * rest
        blur = expected[:, None] ** 2 * blur_of_rest(habits, month) * (rest > 0)
        variance = (of_number + of_sizes) * rest ** 2 + luck * mean + blur
    chance = chance_of_rest(goal[:, None] - so_far, mean, variance, size)
    chance = np.where(np.isnan(goal[:, None] + mean + variance), np.nan, chance)
    low, high = (_quantile(mean, variance, size, tail) for tail in ((1 - band) / 2, (1 + band) / 2))
    return {"so_far": so_far, "usual_so_far": usual, "month_end": so_far + mean, "low": so_far + low,
            "high": so_far + high, "chance": chance}


def faded(values: np.ndarray) -> np.ndarray:
    """Add up along the days, older days fading: a month may turn bad in its middle."""
    sums = np.zeros((len(values), values.shape[1] + 1))
    for day in range(values.shape[1]):
        sums[:, day + 1] = values[:, day] + FADING * sums[:, day]
    return sums


def _level(came: np.ndarray, usual: np.ndarray, luck: np.ndarray,
           doubt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the level that what came speaks for, shrunk to 1, and the variance that is left."""
    seen = usual > 0
    weight = np.where(seen, doubt / (doubt + luck / usual), 0.)
    level = np.maximum(1 + weight * np.where(seen, came / usual - 1, 0.), LEAST_LEVEL)
    return level, doubt * (1 - weight)


def _quantile(mean: np.ndarray, variance: np.ndarray, size: np.ndarray, tail: float) -> np.ndarray:
    shape, scale, none = _rest(mean, variance, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = gammaincinv(shape, np.clip((tail - none) / (1 - none), 0, 1)) * scale
    return np.where(mean <= 0, 0., np.where(np.isnan(mean), np.nan, found))


def pace_units(deals: pd.DataFrame, goals: pd.Series, day: pd.Timestamp | str, *, country: str = "CN",
               months: int = 12, expected: pd.Series | None = None, whole_month: bool = False,
               closed: Iterable[Any] = (), opened: Iterable[Any] = ()) -> pd.DataFrame:
    """Say for each person or team how likely this month's goal still is, given the sales so far.

    Parameters
    ----------
    deals : pandas.DataFrame
        One line a deal: date, unit (person, team, company ...), amount; the past months and this one.
    goals : pandas.Series
        Goal of the month by unit; empty = not set. These units are looked at.
    day : Timestamp or str
        The last day whose sales are in.
    country, closed, opened
        The working calendar, as in :func:`salesgoals.workdays.working_days`.
    months : int
        How many whole months before this one are learnt from.
    expected : pandas.Series, optional
        Expected sales of the month by unit, such as the forecast's; by default the mean of the past months,
        working days and profile considered.
    whole_month : bool
        True: a line for each unit at the beginning of the month and after each working day up to that day,
        as it stood then; False: that day only.

    Returns
    -------
    pandas.DataFrame
        Columns unit, date (the last working day that is in, on position 0 the first of the month), position
        and working_days (of the month), goal, expected (whole month), so_far,
        usual_so_far (expected by this day), linear_so_far (goal x days / days), month_end, low, high (80 %
        band), chance (of reaching the goal), alarm (chance below 10 %, from working day 4 until a day before
        the end), behind_linear (the plain rule: behind linear_so_far), months_seen, deals_a_month, luck (how
        far a month strays by luck alone, as a share), judgeable (luck below 25 %), verdict: reached, missed,
        alarm, at_risk (below 50 %), on_course, too_small (sales amounts do not tell luck from work; look at
        visits and quotes, or at a quarter), no_goal.

    Notes
    -----
    Error rates, measured on simulated and public sales: docs/alarms.md.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", "2026-06-30")
    >>> deals = pd.DataFrame({"date": days, "unit": "all", "amount": 10.0})
    >>> known = deals[deals.date <= "2026-06-15"]
    >>> found = pace_units(known, pd.Series({"all": 270.0}), "2026-06-15", country="CN")
    >>> found.so_far.item(), found.month_end.round(-1).item(), found.verdict.item()
    (150.0, 290.0, 'on_course')
    """
    last = pd.Timestamp(day).normalize()
    first = last.replace(day=1)
    units = pd.Index(goals.index, name="unit")
    habits = learn_habits(lay_out(deals, units, first - pd.DateOffset(months=months),
                                  first - pd.Timedelta(days=1), country, closed, opened))
    now = lay_out(deals[pd.to_datetime(deals.date) < last + pd.Timedelta(days=1)], units, last, last,
                  country, closed, opened)
    weights = habits.weights[:, now.place]
    own = habits.rate * weights.sum(1)
    level = own if expected is None else expected.reindex(units).to_numpy(float)
    goal, length = goals.to_numpy(float), len(now.dates)
    course = pace_course(now, level, goal, habits)
    so_far = course["so_far"]
    luck = np.sqrt(np.divide(habits.luck, level, out=np.full(len(units), np.nan), where=level > 0))
    position = np.broadcast_to(np.arange(length + 1), so_far.shape)
    alarm = (course["chance"] < ALARM) & (position >= WATCHED_FROM) & (position < length)
    linear = goal[:, None] * position / max(length, 1)
    dates, size = now.dates.insert(0, first), habits.size
    spread = {name: np.broadcast_to(values[:, None], so_far.shape) for name, values in {
        "goal": goal, "expected": level, "months_seen": habits.months, "luck": luck,
        "deals_a_month": np.divide(level, size, out=np.full(len(units), np.nan), where=size > 0)}.items()}
    columns = {"unit": np.broadcast_to(units.to_numpy()[:, None], so_far.shape),
               "date": np.broadcast_to(dates.to_numpy(), so_far.shape), "position": position,
               "working_days": np.full(so_far.shape, length), "linear_so_far": linear, "alarm": alarm,
               "behind_linear": so_far < linear, **spread, **course}
    columns["judgeable"] = spread["luck"] <= TOO_LUCKY
    columns["verdict"] = _verdicts(columns, length)
    count = int((now.dates <= last).sum())
    shown = slice(0 if whole_month else count, count + 1)
    return pd.DataFrame({name: columns[name][:, shown].ravel() for name in COLUMNS})


def _verdicts(columns: dict[str, np.ndarray], length: int) -> np.ndarray:
    goal, chance = columns["goal"], columns["chance"]
    return np.select(
        [np.isnan(goal), columns["so_far"] >= goal, columns["position"] >= length, ~columns["judgeable"],
         columns["alarm"], chance < .5],
        ["no_goal", "reached", "missed", "too_small", "alarm", "at_risk"], "on_course").astype(object)
