"""The long holidays that move a company's months: Spring Festival, National Day and their like elsewhere."""

from __future__ import annotations

from functools import cache

import pandas as pd

from salesgoals.words import language, say
from salesgoals.workdays import name_holidays

OBSERVED = "(observed)"
LONG = 3  # a run of at least this many days under one name; single days hardly move a month


@cache
def _long_holidays(country: str, year: int) -> tuple[tuple[pd.Timestamp, str], ...]:
    found: list[tuple[pd.Timestamp, str]] = []
    run: list[tuple[pd.Timestamp, str]] = []
    for day, text in name_holidays(country, year).items():
        name = text.split(";")[0]
        if name.endswith(OBSERVED):
            continue  # days moved to a weekday are decreed year by year, the holiday itself is law
        if run and (name != run[-1][1] or (day - run[-1][0]).days != 1):
            run = []
        run.append((day, name))
        if len(run) == LONG:
            found.append(run[0])
    return tuple(found)


def find_long_holidays(country: str, months: pd.Series | pd.DatetimeIndex) -> pd.DataFrame:
    """Find the months that hold a long public holiday, so that a dip in sales is not mistaken for a failure.

    Parameters
    ----------
    country : str
        Two letters, such as CN. A country whose holidays are all single days has none here.
    months : Series or DatetimeIndex
        First days of the months looked at.

    Returns
    -------
    pandas.DataFrame
        Columns month (first day), holiday (name in the language in use where known). A holiday stands in the
        month of its first day. Source: package ``holidays``; years not decreed yet follow the rule of law.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     find_long_holidays("CN", pd.date_range("2026-01-01", periods=12, freq="MS")).holiday.tolist()
    ['Spring Festival', 'National Day']
    """
    asked = pd.DatetimeIndex(months)
    rows = [(day.to_period("M").to_timestamp(), _name(name))
            for year in sorted(set(asked.year)) for day, name in _long_holidays(country, int(year))]
    table = pd.DataFrame(rows, columns=["month", "holiday"]).astype({"month": "datetime64[us]"})
    return table[table.month.isin(asked)].drop_duplicates().reset_index(drop=True)


def _name(name: str) -> str:
    if "Spring Festival" in name:
        return say("chart.spring_festival")
    return say("chart.national_day") if name == "National Day" and language() == "zh" else name
