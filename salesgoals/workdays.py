"""Working days: which days are worked in a country, how many a month has, how far a month has come."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import language

KINDS = ("work", "weekend", "holiday", "make_up", "closed", "opened")
COLUMNS = ["date", "working", "kind", "name", "decreed"]
TONGUES = {"zh": "zh_CN", "en": "en_US"}
# Countries that move days off, and make-up days of work, by a decree for each single year.
SHIFTED_BY_DECREE = ("AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "RU", "UZ", "VN")
FIRST_SEARCHED, LAST_SEARCHED = 2011, 2060


@cache
def _known_countries() -> frozenset[str]:
    import holidays  # only when days are asked for: costs a tenth of a second

    return frozenset(holidays.list_supported_countries())


@cache
def _calendar(country: str, year: int, tongue: str) -> Any:
    import holidays

    offered = holidays.list_localized_countries().get(country, [])
    shown = tongue if tongue in offered else "en_US" if "en_US" in offered else None
    return holidays.country_holidays(country, years=year, language=shown)


def _make_up_days(country: str, year: int, tongue: str) -> set[pd.Timestamp]:
    days = _calendar(country, year, tongue).weekend_workdays
    return {pd.Timestamp(day) for day in days if day.year == year}


def name_holidays(country: str, year: int, tongue: str = "en_US") -> dict[pd.Timestamp, str]:
    """Name the public holidays of a year, days off in lieu among them.

    Parameters
    ----------
    country : str
        Two letters, such as CN; a country that is not known has none.
    year : int
        The year.
    tongue : str
        Language of the names as ``holidays`` writes it; English, then the country's own where it is missing.

    Returns
    -------
    dict of Timestamp to str
        In the order of the days. Source: package ``holidays``.

    Examples
    --------
    >>> list(name_holidays("US", 2026).values())[0]
    "New Year's Day"
    """
    if country not in _known_countries():
        return {}
    days = _calendar(country, int(year), tongue)
    return {pd.Timestamp(day): text for day, text in sorted(days.items()) if day.year == year}


@cache
def decreed_until(country: str = "CN") -> pd.Timestamp | None:
    """Say until which day the working calendar is certain, because its decree has been published.

    Parameters
    ----------
    country : str
        Two letters.

    Returns
    -------
    Timestamp or None
        Last day of the last year whose decree the calendar holds; None for a country whose calendar is law
        once and for all. After that day the calendar follows the law alone: holidays yes, make-up days no.
        The next year's decree may still move a day or two around 31 December.

    Examples
    --------
    >>> decreed_until("CN") >= pd.Timestamp("2026-12-31"), decreed_until("US")
    (True, None)
    """
    _require(country)
    if country not in SHIFTED_BY_DECREE:
        return None
    last = FIRST_SEARCHED
    for year in range(FIRST_SEARCHED, LAST_SEARCHED):
        if _make_up_days(country, year, "en_US"):
            last = year
        elif year > last + 3:  # a year without a shifted day happens; three in a row are years to come
            break
    return pd.Timestamp(last, 12, 31)


def _require(country: str) -> None:
    if country not in _known_countries():
        raise SalesgoalsError(Problem("workdays.country_unknown", found=country))


def working_days(start: pd.Timestamp | str, end: pd.Timestamp | str, country: str = "CN", *,
                 closed: Iterable[Any] = (), opened: Iterable[Any] = ()) -> pd.DataFrame:
    """List every day between two days and say whether it is worked, and if not, why not.

    Parameters
    ----------
    start, end : Timestamp or str
        First and last day, both included.
    country : str
        Two letters: the setting ``calendar_country`` of the workspace.
    closed, opened : iterable of dates
        The company's own: working days on which it is closed, days off on which it works.

    Returns
    -------
    pandas.DataFrame
        Columns date, working (bool), kind (work, weekend, holiday, make_up, closed, opened), name (of the
        holiday, in the language in use where known, else empty), decreed (False: the decree for that year
        is not known yet, days off and make-up days may still move).

    Raises
    ------
    SalesgoalsError
        Country not known, last day before the first, a day both closed and opened.

    Notes
    -----
    Source: package ``holidays``; for China every day of 2015 to 2026 agrees with ``chinesecalendar`` (test).

    Examples
    --------
    >>> days = working_days("2026-02-13", "2026-02-16", "CN")
    >>> days.kind.tolist()  # the Saturday makes up for a day off after Spring Festival
    ['work', 'make_up', 'weekend', 'holiday']
    """
    first, last = pd.Timestamp(start).normalize(), pd.Timestamp(end).normalize()
    _require(country)
    if last < first:
        raise SalesgoalsError(Problem("workdays.end_before_start", start=f"{first:%Y-%m-%d}",
                                      end=f"{last:%Y-%m-%d}"))
    shut, open_ = (pd.DatetimeIndex([pd.Timestamp(day) for day in days]).normalize()
                   for days in (closed, opened))
    if len(both := shut.intersection(open_)):
        raise SalesgoalsError(Problem("workdays.closed_and_opened", found=f"{both[0]:%Y-%m-%d}",
                                      count=len(both)))
    days = pd.date_range(first, last)
    names: dict[pd.Timestamp, str] = {}
    made_up: set[pd.Timestamp] = set()
    off = np.zeros(len(days), dtype=bool)
    for year in range(first.year, last.year + 1):
        names |= name_holidays(country, year, TONGUES[language()])
        made_up |= _make_up_days(country, year, TONGUES[language()])
        weekend = set(_calendar(country, year, TONGUES[language()]).weekend)
        off |= np.asarray(days.year == year) & np.isin(days.day_of_week, list(weekend))
    holiday, make_up = days.isin(list(names)), days.isin(list(made_up))
    free = (off | holiday) & ~make_up
    kind = np.select([days.isin(shut) & ~free, days.isin(open_) & free, make_up, holiday, off],
                     ["closed", "opened", "make_up", "holiday", "weekend"], "work")
    until = decreed_until(country)
    return pd.DataFrame({
        "date": days.astype("datetime64[us]"), "working": np.isin(kind, ["work", "make_up", "opened"]),
        "kind": kind, "name": [names.get(day, "") for day in days],
        "decreed": True if until is None else np.asarray(days <= until)})[COLUMNS]


def count_working_days(start: pd.Timestamp | str, end: pd.Timestamp | str, country: str = "CN", *,
                       by: Literal["month", "week"] = "month", closed: Iterable[Any] = (),
                       opened: Iterable[Any] = ()) -> pd.DataFrame:
    """Count the working days of each month or week.

    Parameters
    ----------
    start, end : Timestamp or str
        First and last day, both included; a month or week cut off by them counts only what lies between.
    country, closed, opened
        As in :func:`working_days`.
    by : str
        ``"month"`` or ``"week"`` (Monday to Sunday).

    Returns
    -------
    pandas.DataFrame
        Columns period_start (first day of the month or week), days, working_days, decreed.

    Examples
    --------
    >>> count_working_days("2026-01-01", "2026-03-31", "CN").working_days.tolist()
    [21, 16, 22]
    """
    days = working_days(start, end, country, closed=closed, opened=opened)
    period = days.date.dt.to_period("M" if by == "month" else "W-SUN").dt.start_time
    found = days.assign(period_start=period.astype("datetime64[us]")).groupby("period_start").agg(
        days=("working", "size"), working_days=("working", "sum"), decreed=("decreed", "all"))
    return found.reset_index()


def place_in_month(dates: pd.Series, country: str = "CN", *, closed: Iterable[Any] = (),
                   opened: Iterable[Any] = ()) -> pd.DataFrame:
    """Tell how far its month has come at the end of each day, in working days.

    Parameters
    ----------
    dates : pandas.Series
        Days, any index.
    country, closed, opened
        As in :func:`working_days`.

    Returns
    -------
    pandas.DataFrame
        Index of the input. Columns position (working days of the month up to and with that day: a day off
        has the position of the working day before it, 0 at the beginning of a month), working_days (of the
        whole month), share (of the month's working days that are over, 0 to 1).

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-10-01", "2026-10-08", "2026-10-31"]))
    >>> place_in_month(days, "CN").position.tolist()
    [0, 1, 18]
    """
    asked = pd.DatetimeIndex(pd.to_datetime(dates)).normalize()
    known = asked[~asked.isna()]
    table = pd.DataFrame({"position": np.nan, "working_days": np.nan}, index=dates.index)
    if len(known):
        first, last = known.min().replace(day=1), known.max() + pd.offsets.MonthEnd(0)
        days = working_days(first, last, country, closed=closed, opened=opened)
        month = days.date.dt.to_period("M")
        places = pd.DataFrame({"position": days.working.groupby(month).cumsum(),
                               "working_days": days.working.groupby(month).transform("sum")})
        table = places.set_index(days.date).reindex(asked).set_axis(dates.index)
    table["share"] = (table.position / table.working_days).where(table.working_days > 0)
    return table if asked.hasnans else table.astype({"position": "int64", "working_days": "int64"})


def share_elapsed(day: pd.Timestamp | str, country: str = "CN", *, closed: Iterable[Any] = (),
                  opened: Iterable[Any] = ()) -> float:
    """Say what share of the month's working days is over at the end of a day.

    Examples
    --------
    >>> share_elapsed("2026-10-31")
    1.0
    """
    place = place_in_month(pd.Series([pd.Timestamp(day)]), country, closed=closed, opened=opened)
    return float(place.share.iloc[0])
