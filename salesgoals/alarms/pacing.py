"""Pace: the chance to reach a goal, day by day, and who is too small a sample to judge by sales."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.alarms.days import Days, cut_days, lay_out, month_sums
from salesgoals.alarms.profile import Habits, blur_by_month, day_shares, from_nothing, learn_habits
from salesgoals.alarms.rest import chance_of_rest, quantile_of_rest

EARLY_BAR, LATE_BAR = .02, .135  # chance below which there is an alarm, on the first and on the last day
BAR_POWER = 3.  # the bar stays low for long: a false alarm has the more days to come, the earlier it is
WATCHED_FROM = 4  # working day: before it a month has said next to nothing
TOO_LUCKY = .25  # luck above which sales amounts say nothing about the work (about 25 deals)
TOO_NEW = 3  # months with deals a unit needs before it is judged
TOO_FEW_DAYS, LUMP = 3., 2.  # deals that come on fewer days a month, two or more a day, have no pace
BAND = .80
FADING = .92  # weight of a day against the next one
TURNING = 3.  # how the variance of the days to come grows on that of whole months: a month may turn bad
SIZE_DOUBT = .01  # how far the mean size of deals strays from month to month beyond luck
LEAST_LEVEL = .02
VERDICTS = ("no_goal", "reached", "missed", "unknown", "too_new", "too_irregular", "too_small", "alarm",
            "at_risk", "on_course")
COLUMNS = ["unit", "date", "position", "working_days", "goal", "expected", "so_far", "usual_so_far",
           "linear_so_far", "month_end", "low", "high", "chance", "bar", "below_bar", "alarm",
           "behind_linear", "needed_a_day", "months_seen", "deals_expected", "days_with_deals", "luck",
           "judgeable", "verdict"]


def alarm_bar(position: np.ndarray, length: int) -> np.ndarray:
    """Return the chance below which there is an alarm: the earlier in the month, the surer it must be.

    Parameters
    ----------
    position : array
        Working days that are over.
    length : int
        Working days of the month or period.

    Returns
    -------
    array
        2 % at the beginning, rising with the third power of the share of days to 13.5 % at the end. A fixed
        bar of 10 % finds fewer bad months at the same number of false alarms (docs/alarms.md).

    Examples
    --------
    >>> alarm_bar(np.array([0, 11, 22]), 22).round(3).tolist()
    [0.02, 0.034, 0.135]
    """
    return EARLY_BAR + (LATE_BAR - EARLY_BAR) * (position / max(length, 1)) ** BAR_POWER


def pace_course(days: Days, expected: np.ndarray, goal: np.ndarray, habits: Habits, *,
                by_month: np.ndarray | None = None, doubt: np.ndarray | None = None,
                band: float = BAND) -> dict[str, np.ndarray]:
    """Follow each unit through a month or longer: forecast of its end, band and chance, day by day.

    Parameters
    ----------
    days : Days
        The working days of the period with its sales, zeros after the last day that is in.
    expected, goal : array (units,)
        Expected sales of the period before it began, and the goal.
    habits : Habits
        Luck, doubt and size of deals of the units.
    by_month : array (units, months), optional
        How the expected sales spread over the months of the period; by default as its working days do.
    doubt : array (units,), optional
        Variance of the expected sales beyond luck, as a share squared, where it is known to be larger than
        what the habits say.
    band : float
        Coverage of the band.

    Returns
    -------
    dict of array (units, 1 + days)
        At the beginning and after every working day: so_far, usual_so_far, month_end, low, high, chance.

    Notes
    -----
    The level is how many deals come times how large they are, each against its past and each moved only as
    far as it is more than luck: weight = doubt^2 / (doubt^2 + luck / seen so far). A person with few deals
    hardly moves it. Counting deals tells more than adding up amounts, whose luck holds the sizes too; recent
    days weigh more, for a month may turn bad in its middle. What was learnt from few deals is unsure for
    that reason too. The band and the chance also hold how unsure the profile is, and that each of the months
    to come will stray by itself.
    """
    luck, clustering, size = (values[:, None] for values in (habits.luck, habits.clustering, habits.size))
    part = _parts(days, habits, by_month)
    by_day = day_shares(habits.weights, days) * part[:, days.month]
    shares, so_far, deals = (from_nothing(values) for values in (by_day, days.sales, days.deals))
    usual = expected[:, None] * shares
    turned = 1 + TURNING * shares
    unsure = habits.unsure if doubt is None else np.fmax(doubt - habits.level ** 2, habits.unsure)
    recent, base = faded(days.deals), faded(by_day)
    with np.errstate(invalid="ignore", divide="ignore"):
        number, of_number = _level(recent, expected[:, None] * base / size, clustering,
                                   turned * habits.level ** 2 + unsure[:, None])
        sizes, of_sizes = _level(so_far, deals * size, np.maximum(luck - clustering * size, .05 * size),
                                 turned * SIZE_DOUBT ** 2 + habits.unsure_size[:, None])
        rest = expected[:, None] * np.maximum(1 - shares, 0)
        rest = np.where(rest < 1e-9 * expected[:, None], 0., rest)
        mean = number * sizes * rest
        blur = expected[:, None] ** 2 * blur_by_month(habits, days, part) * (rest > 0)
        fresh = (habits.level * expected[:, None]) ** 2 * _months_to_come(days, part)
        variance = (of_number + of_sizes) * rest ** 2 + luck * mean + blur + fresh
    chance = chance_of_rest(goal[:, None] - so_far, mean, variance, size)
    chance = np.where(np.isnan(goal[:, None] + mean + variance), np.nan, chance)
    low, high = (quantile_of_rest(mean, variance, size, tail) for tail in ((1 - band) / 2, (1 + band) / 2))
    return {"so_far": so_far, "usual_so_far": usual, "month_end": so_far + mean, "low": so_far + low,
            "high": so_far + high, "chance": chance}


def _parts(days: Days, habits: Habits, by_month: np.ndarray | None) -> np.ndarray:
    """Return the share of the period that each of its months is expected to bring."""
    work = month_sums(habits.weights[:, days.place], days)
    part = work if by_month is None else np.where(work > 0, by_month, 0.)
    total = part.sum(1, keepdims=True)
    return np.divide(part, total, out=work / np.maximum(work.sum(1, keepdims=True), 1e-12), where=total > 0)


def _months_to_come(days: Days, part: np.ndarray) -> np.ndarray:
    """Return the sum of squared shares of the months that have not begun: each will stray by itself."""
    later = np.cumsum((part ** 2)[:, ::-1], axis=1)[:, ::-1]
    after = np.pad(later, ((0, 0), (0, 1)))[:, 1:]
    return np.concatenate([after[:, days.month[:1]], after[:, days.month]], axis=1)


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


def pace_units(deals: pd.DataFrame, goals: pd.Series, day: pd.Timestamp | str, *, country: str = "CN",
               months: int = 12, start: pd.Timestamp | str | None = None,
               end: pd.Timestamp | str | None = None, expected: pd.Series | pd.DataFrame | None = None,
               spread: pd.Series | None = None, every_day: bool = False,
               closed: Iterable[Any] = (), opened: Iterable[Any] = ()) -> pd.DataFrame:
    """Say for each person or team how likely the goal of a month, a quarter or a year still is.

    Parameters
    ----------
    deals : pandas.DataFrame
        One line a deal: date, unit (person, team, company ...), amount; the past months and the period.
    goals : pandas.Series
        Goal of the period by unit; empty = not set. These units are looked at.
    day : Timestamp or str
        The last day whose sales are in.
    country, closed, opened
        The working calendar, as in :func:`salesgoals.workdays.working_days`.
    months : int
        How many whole months before the period are learnt from.
    start, end : Timestamp or str, optional
        First and last day of the period; by default the month of the day.
    expected : Series or DataFrame, optional
        Expected sales by unit, such as the forecast's: of the period, or of each whole calendar month that
        it touches (columns). By default the mean of the past months, working days and profile considered.
    spread : pandas.Series, optional
        Deviation of the expected sales of the period, luck included, as a share, by unit.
    every_day : bool
        True: a line for each unit at the beginning and after each working day up to that day, as it stood
        then; False: that day only.

    Returns
    -------
    pandas.DataFrame
        Columns unit, date (the last working day that is in, on position 0 the first of the period), position
        and working_days (of the period), goal, expected (whole period), so_far, usual_so_far (expected by
        this day), linear_so_far (goal x days / days), month_end (forecast of the period's end), low, high
        (80 % band), chance (of reaching the goal), bar (:func:`alarm_bar`), below_bar (chance below it, from
        working day 4 until a day before the end), alarm (below_bar, and judgeable), behind_linear (the plain
        rule: behind linear_so_far), needed_a_day (what is missing, over the working days left), months_seen,
        deals_expected, days_with_deals (a month), luck (how far the period strays by luck alone, as a
        share), judgeable, verdict: reached, missed, alarm, at_risk (chance below 50 %), on_course,
        too_small (luck above 25 %: sales amounts do not tell luck from work; look at visits and quotes, or
        at a longer period), too_irregular (deals come in lumps on fewer than 3 days a month), too_new (fewer
        than 3 months with deals), unknown (nothing to expect), no_goal.

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
    first = last.replace(day=1) if start is None else pd.Timestamp(start).normalize()
    until = last + pd.offsets.MonthEnd(0) if end is None else pd.Timestamp(end).normalize()
    units = pd.Index(goals.index, name="unit")
    begin = first.replace(day=1)
    past = lay_out(deals, units, begin - pd.DateOffset(months=months), begin - pd.Timedelta(days=1), country,
                   closed, opened)
    habits = learn_habits(past)
    known = deals[(deals.date < last + pd.Timedelta(days=1)) & (deals.date >= first)]
    whole = lay_out(known, units, first, until, country, closed, opened)
    now = cut_days(whole, first, until)
    level, by_month = _expect(expected, whole, now, habits)
    goal, length = goals.to_numpy(float), len(now.dates)
    luck = np.sqrt(_over(habits.luck, level))
    doubt = None if spread is None else np.maximum(
        spread.reindex(units).to_numpy(float) ** 2 - luck ** 2, 0.)
    course = pace_course(now, level, goal, habits, by_month=by_month, doubt=doubt)
    so_far = course["so_far"]
    seen = (past.deals > 0).sum(1) / np.maximum(habits.months, 1)
    lumps = (seen < TOO_FEW_DAYS) & (past.deals.sum(1) >= LUMP * (past.deals > 0).sum(1))
    position = np.broadcast_to(np.arange(length + 1), so_far.shape)
    bar = np.broadcast_to(alarm_bar(np.arange(length + 1), length), so_far.shape)
    below = (course["chance"] < bar) & (position >= WATCHED_FROM) & (position < length)
    linear = goal[:, None] * position / max(length, 1)
    dates = now.dates.insert(0, first)
    missing = np.maximum(goal[:, None] - so_far, 0)
    alike = {name: np.broadcast_to(values[:, None], so_far.shape) for name, values in {
        "goal": goal, "expected": level, "months_seen": habits.months, "luck": luck,
        "days_with_deals": seen, "lumps": lumps, "deals_expected": _over(level, habits.size)}.items()}
    columns = {"unit": np.broadcast_to(units.to_numpy()[:, None], so_far.shape),
               "date": np.broadcast_to(dates.to_numpy(), so_far.shape), "position": position,
               "working_days": np.full(so_far.shape, length), "linear_so_far": linear, "bar": bar,
               "below_bar": below, "behind_linear": so_far < linear,
               "needed_a_day": np.where(position < length,
                                        missing / np.maximum(length - position, 1), np.nan),
               **alike, **course}
    columns["judgeable"] = ((alike["luck"] <= TOO_LUCKY) & (alike["months_seen"] >= TOO_NEW)
                            & ~alike["lumps"])
    columns["alarm"] = below & columns["judgeable"]
    columns["verdict"] = _verdicts(columns, length)
    count = int((now.dates <= last).sum())
    shown = slice(0 if every_day else count, count + 1)
    return pd.DataFrame({name: columns[name][:, shown].ravel() for name in COLUMNS})


def _expect(expected: pd.Series | pd.DataFrame | None, whole: Days, now: Days,
            habits: Habits) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the expected sales of the period and how they spread over its months."""
    work = month_sums(habits.weights[:, now.place], now)
    if isinstance(expected, pd.Series):
        return expected.reindex(whole.units).to_numpy(float), None
    if expected is None:
        return habits.rate * work.sum(1), None
    full = month_sums(habits.weights[:, whole.place], whole)
    by_month = expected.reindex(whole.units).to_numpy(float) * _over(work, full, nothing=0.)
    return by_month.sum(1), by_month


def _over(value: np.ndarray, by: np.ndarray, nothing: float = np.nan) -> np.ndarray:
    return np.divide(value, by, out=np.full(np.broadcast(value, by).shape, nothing), where=by > 0)


def _verdicts(columns: dict[str, np.ndarray], length: int) -> np.ndarray:
    goal, chance = columns["goal"], columns["chance"]
    return np.select(
        [np.isnan(goal), columns["so_far"] >= goal, columns["position"] >= length, np.isnan(chance),
         columns["months_seen"] < TOO_NEW, columns["lumps"], ~(columns["luck"] <= TOO_LUCKY),
         columns["alarm"], chance < .5],
        ["no_goal", "reached", "missed", "unknown", "too_new", "too_irregular", "too_small", "alarm",
         "at_risk"], "on_course").astype(object)
