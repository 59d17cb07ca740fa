"""What each person and the whole unit will probably sell, month by month, and how far off that may be.

Beside the forecast always stands the plain baseline, the last 12 months: for a year's total it is hard to
beat, and docs/coverage.md shows by how much. The forecast's gain is in the months.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from salesgoals.forecasting.book import FULL_YEAR, Staffed, month_of_year, staff_book
from salesgoals.forecasting.cautions import find_cautions
from salesgoals.forecasting.festival import follow_festival
from salesgoals.forecasting.newcomers import settle_levels
from salesgoals.forecasting.probability import outlook, total_with_chance
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.forecasting.season import Array, safe_divide
from salesgoals.forecasting.smoothing import best_smoothing, past_trials, project
from salesgoals.forecasting.uncertainty import (
    LEVEL_ERROR,
    band,
    doubt_season,
    learn_errors,
    level_floor,
    year_spread,
)
from salesgoals.problems import Problem, SalesgoalsError

RECENT = 24  # months that say how often a person sells nothing


@dataclass(frozen=True)
class Forecast:
    """Expected sales with their bands: of each person and month, of each person, and of the unit.

    Parameters
    ----------
    months : DataFrame
        Columns person_id, month, mean, low, high, sd, last_year (the same month a year before, NaN if not
        in the records; currency units); no rows after a person has left.
    people : DataFrame
        Index person_id; columns mean, sd, low, high for the whole period, last_12 (sold in the last 12
        months, or in as many as there are), months_seen.
    unit_months : DataFrame
        Columns month, mean, low, high, last_year (the same month a year before, NaN if unknown), strength
        (how strong the month is for one and the same staff: season and festival, 1 in a normal month).
    unit : Series
        mean, sd, low, high, last_12; the last with the sales of people who have left.
    month_correlation, people_correlation : float
        How far errors of two months of a person, and of two people, lean the same way.
    level_floor : float
        Least standard deviation of the unit's total, as a share of its mean.
    smoothing : float
        Share of a person's level that the last month decides.
    coverage : float
        Share of outcomes that each band is meant to hold.
    season : Series
        Month indices of the pool, 1 to 12, mean 1.
    history_months : int
        Months of records that the forecast rests on.
    notes : tuple of Problem
        What a reader should know before using it.
    """

    months: pd.DataFrame
    people: pd.DataFrame
    unit_months: pd.DataFrame
    unit: pd.Series
    month_correlation: float
    people_correlation: float
    level_floor: float
    smoothing: float
    coverage: float
    season: pd.Series
    history_months: int
    notes: tuple[Problem, ...] = field(default=())

    def only(self, people: Collection[str]) -> Forecast:
        """Cut the forecast down to some people, as if they were the unit.

        Parameters
        ----------
        people : collection of str
            Their person ids.

        Returns
        -------
        Forecast
            Nothing in it concerns anybody else: months, people and sums of these people alone, without the
            notes, which may name others. The last 12 months are those of these people.
        """
        months = self.months[self.months.person_id.isin(list(people))].reset_index(drop=True)
        table = self.people[self.people.index.isin(list(people))]
        grid = {name: months.pivot(index="person_id", columns="month", values=name).fillna(0.).to_numpy()
                for name in ("mean", "sd")}
        before = months.groupby("month").last_year.sum(min_count=1)
        strength = self.unit_months.set_index("month").strength
        return replace(
            self, months=months, people=table, notes=(),
            unit_months=_unit_months(pd.DatetimeIndex(before.index), grid["mean"], grid["sd"],
                                     before.to_numpy(), self.people_correlation, self.level_floor,
                                     _score(self.coverage)).assign(
                                         strength=before.index.map(strength).to_numpy(float)),
            unit=_unit(table, self.people_correlation, self.coverage, float(table.last_12.sum())))


def forecast_sales(history: pd.DataFrame, start: object = None, months: int = 12, coverage: float = .8, *,
                   people: pd.DataFrame | None = None, ramp: Ramp = PRIOR_RAMP,
                   season: Mapping[int, float] | pd.Series | None = None,
                   country: str | None = None) -> Forecast:
    """Forecast each person's sales month by month, with a band that says how far off it may be.

    Parameters
    ----------
    history : DataFrame
        Columns month, person_id, amount (currency units); other columns are summed over. A month without
        a row is a month in which the person sold nothing, from the first sale (or the joining date) on.
    start : month, optional
        First month to forecast (``"2026-01"`` or a date); by default the one after the records end. Records
        from then on are not used.
    months : int
        How many months, 1 to 60.
    coverage : float
        Share of outcomes the bands should hold, above 0 and below 1.
    people : DataFrame, optional
        Columns person_id, hire_date, leave_date. Nothing is forecast after a leaving date; who joined
        within a year, or will join, gets the typical level of the others times ``ramp``.
    ramp : Ramp, optional
        Growth curve of newcomers, from :func:`salesgoals.forecasting.ramp_fit.fit_ramp`.
    season : mapping of month (1 to 12) to index, optional
        The shape of the year when it is known from outside; then it is not estimated.
    country : str, optional
        ``"CN"``: the weeks of Spring Festival are followed from January to February and back, as strongly
        as two years or more of own history show; ``season`` is then the year without the festival.

    Returns
    -------
    Forecast
        Means are never negative; the unit's months are the sums of its people's.

    Raises
    ------
    SalesgoalsError
        If there is no history, a value is missing, or a parameter is out of range.

    Notes
    -----
    Source of method: month indices pooled over people and shrunk; level by exponential smoothing with one
    constant chosen on the pool's past errors; damped trend from 24 months on; bands from the pool's own past
    errors. Everything works on money, not on logarithms, so that months of 0 and returns need no exception
    and the means add up. Measured by ``benchmarks/coverage.py``, see docs/coverage.md: mean absolute scaled
    error of single months on 33 territories 1.08 / .96 / .96 with 12 / 24 / 36 months of history (seasonal
    naive 1.14, mean of the last 12 months 1.51), on noisy books of single people .81 / .80 / .80 (1.05, .85).

    Examples
    --------
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> forecast = forecast_sales(history)
    >>> round(forecast.unit["mean"]), round(forecast.unit["last_12"]), str(forecast.months.month[0].date())
    (1320, 1320, '2026-01-01')
    """
    if isinstance(coverage, bool) or not isinstance(coverage, (int, float)) or not 0 < coverage < 1:
        raise SalesgoalsError(Problem("forecast.coverage_outside", found=coverage))
    given = None if season is None else _given_season(season)
    staffed = staff_book(history, start, months, people, ramp)
    festival = follow_festival(staffed.book, staffed.months, staffed.future, country)
    book, seen = festival.book, staffed.book.sales.shape[1]
    horizon = len(staffed.future)
    smoothing = best_smoothing(book, horizon, given)
    projection = project(book, month_of_year(staffed.future), [smoothing], given)[0]
    trials = past_trials(book, horizon, [smoothing], given)[0]
    errors = learn_errors(trials, len(book.sales), horizon, coverage)
    if given is None:
        errors = doubt_season(errors, seen, int(book.established().sum()))
    level, doubt = settle_levels(staffed, projection, float(np.median(errors.spread[:, 0])), ramp)

    wanted = slice(horizon - int(months), horizon)
    mean = (level[:, None] * projection.shape * festival.lift * staffed.future_ramp
            * staffed.future_present)[:, wanted]
    own = mean * errors.spread[:, wanted]
    kept = ~staffed.left & (staffed.future_present[:, wanted].sum(1) > 0)
    period = mean.sum(1)
    sd = year_spread(own, errors.month_correlation, np.hypot(doubt, LEVEL_ERROR) * period)
    floor = level_floor(seen)
    sd, correlation = _common_shock(period, sd, kept, errors.people_correlation, floor)
    score = _score(coverage)

    month_sd = np.sqrt(own ** 2 + (np.hypot(doubt[:, None], festival.doubt[wanted]) * mean) ** 2)
    low, high = band(mean, month_sd, errors.low_score, errors.high_score)
    none = _share_without_sales(staffed)
    low[none >= (1 - coverage) / 2] = 0.
    year_low, year_high = band(period, sd, score, score)
    year_low[none ** int(months) >= (1 - coverage) / 2] = 0.
    last_12 = staffed.book.sales[:, -FULL_YEAR:].sum(1)
    table = pd.DataFrame({"mean": period, "sd": sd, "low": year_low, "high": year_high, "last_12": last_12,
                          "months_seen": book.present.sum(1).astype(int)},
                         index=pd.Index(staffed.ids, name="person_id"))[kept]
    ahead = staffed.future[wanted]
    return Forecast(
        months=_month_table(staffed, ahead, mean, low, high, month_sd,
                            kept[:, None] & (staffed.future_present > 0)[:, wanted]),
        people=table,
        unit_months=_unit_months(ahead, mean[kept], month_sd[kept], _a_year_before(staffed, ahead).sum(0),
                                 correlation, floor, score).assign(
                                     strength=(projection.pool_indices[month_of_year(staffed.future)]
                                               * festival.lift)[wanted]),
        unit=_unit(table, correlation, coverage, float(last_12.sum())),
        month_correlation=errors.month_correlation, people_correlation=correlation, level_floor=floor,
        smoothing=smoothing, coverage=float(coverage),
        season=pd.Series(projection.pool_indices, index=pd.RangeIndex(1, 13, name="month"), name="index"),
        history_months=seen,
        notes=(*staffed.notes, *festival.notes, *find_cautions(staffed, level, trials, given is not None)))


def _score(coverage: float) -> float:
    """Standard deviations that a band of this coverage reaches to either side."""
    return float(-ndtri((1 - coverage) / 2))


def _given_season(season: Mapping[int, float] | pd.Series) -> Array:
    try:
        values = np.array([float(season[month]) for month in range(1, 13)])
    except (KeyError, TypeError, ValueError):
        values = np.full(12, np.nan)
    if not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise SalesgoalsError(Problem("forecast.season_unusable"))
    return values


def _common_shock(mean: Array, sd: Array, kept: NDArray[np.bool_], correlation: float,
                  floor: float) -> tuple[Array, float]:
    """Raise the correlation between people, and only then their spread, until the total is unsure enough."""
    apart, together = float((sd[kept] ** 2).sum()), float(sd[kept].sum())
    least = floor * float(mean[kept].sum())
    if (1 - correlation) * apart + correlation * together ** 2 >= least ** 2 or not kept.any():
        return sd, correlation
    if together < least:
        wider = np.where(sd > 0, sd * least / together, 0.) if together > 0 else floor * mean
        return wider, 1.
    if together ** 2 - apart <= 1e-12 * together ** 2:
        return sd, correlation
    return sd, min((least ** 2 - apart) / (together ** 2 - apart), 1.)


def _share_without_sales(staffed: Staffed) -> Array:
    """Share of a person's recent months in which nothing, or less, was sold; 0 for newcomers."""
    sales, present = staffed.book.sales[:, -RECENT:], staffed.book.present[:, -RECENT:]
    share = safe_divide(((sales <= 0) * present).sum(1), present.sum(1))
    return np.asarray(np.where(staffed.book.established(), share, 0.))


def _a_year_before(staffed: Staffed, ahead: pd.DatetimeIndex) -> Array:
    """Sales of everybody in the same months a year before (people, months), NaN outside the records."""
    place = staffed.months.get_indexer(ahead - pd.DateOffset(years=1))
    return np.where(place >= 0, staffed.book.sales[:, place], np.nan)


def _month_table(staffed: Staffed, ahead: pd.DatetimeIndex, mean: Array, low: Array, high: Array, sd: Array,
                 shown: NDArray[np.bool_]) -> pd.DataFrame:
    rows, columns = np.nonzero(shown)
    before = _a_year_before(staffed, ahead)
    return pd.DataFrame({"person_id": staffed.ids[rows], "month": ahead[columns],
                         **{name: values[rows, columns] for name, values in {
                             "mean": mean, "low": low, "high": high, "sd": sd, "last_year": before}.items()}})


def _unit(table: pd.DataFrame, correlation: float, coverage: float, last_12: float) -> pd.Series:
    sd = table.sd.to_numpy()
    spread = float(np.sqrt((1 - correlation) * (sd ** 2).sum() + correlation * sd.sum() ** 2))
    people = outlook(table["mean"].to_numpy(), sd, correlation)
    low, high = (total_with_chance(people, share) for share in ((1 + coverage) / 2, (1 - coverage) / 2))
    return pd.Series({"mean": float(table["mean"].sum()), "sd": spread, "low": low, "high": high,
                      "last_12": last_12})


def _unit_months(ahead: pd.DatetimeIndex, mean: Array, sd: Array, before: Array, correlation: float,
                 floor: float, score: float) -> pd.DataFrame:
    total = mean.sum(0)
    spread = np.sqrt((1 - correlation) * (sd ** 2).sum(0) + correlation * sd.sum(0) ** 2)
    low, high = band(total, np.maximum(spread, floor * total), score, score)
    return pd.DataFrame({"month": ahead, "mean": total, "low": low, "high": high, "last_year": before})
