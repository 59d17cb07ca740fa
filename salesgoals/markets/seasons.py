"""The shape of the year per working day: holidays move, and February has fewer days to sell on."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from salesgoals.forecasting.festival import COUNTRIES, festival_share

LEAST_MONTHS, TREND_FROM = 12, 24
FESTIVAL = .5           # from this share of the festival's weeks on, it is the festival's month
MONTHS = ["month", "amount", "working_days", "per_day", "index", "festival", "decreed"]
INDICES = ["calendar_month", "index", "low", "high", "years", "festival"]


@cache
def _calendar(country: str) -> object:
    import holidays  # only when asked: costs a tenth of a second

    return holidays.country_holidays(country) if country in holidays.list_supported_countries() else None


def working_days(months: pd.DatetimeIndex, country: str) -> pd.DataFrame:
    """Count the working days of months, make-up days included, and say which are not decreed yet.

    Parameters
    ----------
    months : DatetimeIndex
        First days.
    country : str
        Two letters; where no calendar is known, Mondays to Fridays are counted.

    Returns
    -------
    pandas.DataFrame
        Columns month, working_days, decreed (False in years whose make-up days the government has not named
        yet: the days are then those of the law alone). Source: package ``holidays``.

    Examples
    --------
    >>> working_days(pd.date_range("2026-01-01", periods=3, freq="MS"), "CN").working_days.tolist()
    [21, 16, 22]
    """
    known = _calendar(country)
    ends = months + pd.offsets.MonthEnd(0)
    if known is None:
        days = np.busday_count(months.values.astype("datetime64[D]"),
                               (ends + pd.Timedelta(days=1)).values.astype("datetime64[D]")).tolist()
        return pd.DataFrame({"month": months, "working_days": days, "decreed": True})
    days = [known.get_working_days_count(first.date(), last.date())  # type: ignore[attr-defined]
            for first, last in zip(months, ends, strict=True)]
    made_up = {day.year for day in getattr(known, "weekend_workdays", ())}
    decreed = [not made_up or year <= max(made_up) for year in months.year]
    return pd.DataFrame({"month": months, "working_days": days, "decreed": decreed})


def month_course(lines: pd.DataFrame, country: str) -> pd.DataFrame:
    """Give each month's sales per working day against a normal month, as ``market.seasons`` says."""
    sold = lines.groupby("month").amount.sum()
    if len(sold) < 2:
        return pd.DataFrame(columns=MONTHS)
    months = pd.date_range(sold.index.min(), sold.index.max(), freq="MS")
    table = working_days(months, country)
    table["amount"] = sold.reindex(months).to_numpy()      # a month without records is not a month of 0
    table["per_day"] = table.amount / table.working_days.clip(lower=1)
    share = festival_share(months) if country in COUNTRIES else np.zeros(len(months))
    table["festival"] = share >= FESTIVAL
    table["index"] = _against_trend(table.per_day.to_numpy(), months.month.to_numpy(), share)
    return table[MONTHS]


def _against_trend(per_day: np.ndarray, month: np.ndarray, festival: np.ndarray) -> np.ndarray:
    """Divide by level and growth: from two years on both are fitted together with the month indices."""
    months = len(per_day)
    if months < LEAST_MONTHS or not (per_day > 0).any():
        return np.full(months, np.nan)
    used = per_day > 0
    level = np.full(months, np.log(per_day[used].mean()))
    if months >= TREND_FROM and used.sum() > 14:
        dummies = (month[:, None] == np.arange(1, 13)).astype(float)
        time = np.arange(months) - (months - 1) / 2
        design = np.c_[time, festival, dummies]
        gram = design[used].T @ design[used] + np.diag([1e-6, .1, *[1e-6] * 12])
        found = np.linalg.solve(gram, design[used].T @ np.log(per_day[used]))
        shape = np.exp(found[2:])
        level = np.log(shape.mean()) + found[0] * time
    return np.asarray(per_day / np.exp(level))


def sum_up_year(course: pd.DataFrame) -> pd.DataFrame:
    """Sum up the calendar months over the years; see :func:`salesgoals.market.season_indices`."""
    known = course[course["index"].notna()] if len(course) else course
    if not len(known):
        return pd.DataFrame(columns=INDICES)
    table = known.assign(calendar_month=known.month.dt.month).groupby("calendar_month")
    found = table.agg(index=("index", "mean"), low=("index", "min"), high=("index", "max"),
                      years=("index", "size"), festival=("festival", "sum"))
    return found.reset_index()[INDICES]
