from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.problems import SalesgoalsError
from salesgoals.words import in_language
from salesgoals.workdays import (
    COLUMNS,
    KINDS,
    count_working_days,
    decreed_until,
    name_holidays,
    place_in_month,
    share_elapsed,
    working_days,
)

days_of_years = st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2028-12-31").date())


@pytest.mark.parametrize("year", range(2015, 2027))
def test_china_agrees_with_a_second_source_on_every_day(year: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chinese_calendar
    days = working_days(f"{year}-01-01", f"{year}-12-31", "CN")
    assert len(days) >= 365
    assert days.decreed.all()
    other = [chinese_calendar.is_workday(day.date()) for day in days.date]
    assert days.date[days.working.to_numpy() != np.array(other)].tolist() == []


def test_china_in_one_go_is_china_year_by_year() -> None:
    whole = working_days("2015-01-01", "2026-12-31", "CN")
    parts = [working_days(f"{year}-01-01", f"{year}-12-31", "CN") for year in range(2015, 2027)]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))


def test_a_year_without_a_decree_says_so() -> None:
    until = decreed_until("CN")
    assert until is not None
    assert until >= pd.Timestamp("2026-12-31")
    days = working_days(until - pd.Timedelta(days=1), until + pd.Timedelta(days=40), "CN")
    assert days.decreed.tolist() == [True, True] + [False] * 40
    assert "holiday" in set(days.kind[~days.decreed])  # the law's holidays are known all the same


def test_a_country_of_plain_law_needs_no_decree() -> None:
    assert decreed_until("US") is None
    assert working_days("2035-01-01", "2035-01-31", "US").decreed.all()


@pytest.mark.parametrize(("country", "day", "kind"), [
    ("US", "2026-11-26", "holiday"), ("DE", "2026-10-03", "holiday"), ("AE", "2026-11-22", "weekend"),
    ("IL", "2026-11-22", "work"), ("CN", "2026-02-14", "make_up"), ("US", "2026-02-14", "weekend")])
def test_another_country_by_one_setting(country: str, day: str, kind: str) -> None:
    assert working_days(day, day, country).kind.tolist() == [kind]


def test_the_companys_own_days() -> None:
    days = working_days("2026-10-01", "2026-10-10", "CN", closed=["2026-10-09", "2026-10-01", "2026-10-10"],
                        opened=["2026-10-07", "2026-10-08"])
    assert dict(zip(days.date.dt.day, days.kind, strict=True)) == {
        1: "holiday", 2: "holiday", 3: "holiday", 4: "weekend", 5: "holiday", 6: "holiday", 7: "opened",
        8: "work", 9: "closed", 10: "closed"}
    assert days.working.sum() == 2


def test_refusals_name_what_was_found() -> None:
    with in_language("en"):
        with pytest.raises(SalesgoalsError, match="no country \"XX\""):
            working_days("2026-01-01", "2026-01-02", "XX")
        with pytest.raises(SalesgoalsError, match="before the first day 2026-01-02"):
            working_days("2026-01-02", "2026-01-01", "CN")
        with pytest.raises(SalesgoalsError, match="1 day both closed and open, such as 2026-01-02"):
            working_days("2026-01-01", "2026-01-03", "CN", closed=["2026-01-02"], opened=["2026-01-02"])


def test_names_follow_the_language() -> None:
    with in_language("zh"):
        assert working_days("2026-10-01", "2026-10-01", "CN").name.tolist() == ["国庆节"]
    with in_language("en"):
        assert working_days("2026-10-01", "2026-10-01", "CN").name.tolist() == ["National Day"]
    assert name_holidays("XX", 2026) == {}


@given(start=days_of_years, length=st.integers(0, 500), country=st.sampled_from(["CN", "US", "JP"]))
@settings(deadline=None, max_examples=25)
def test_months_and_weeks_add_up_to_the_days(start: object, length: int, country: str) -> None:
    first = pd.Timestamp(start)
    last = first + pd.Timedelta(days=length)
    days = working_days(first, last, country)
    assert list(days.columns) == COLUMNS
    assert set(days.kind) <= set(KINDS)
    for by in ("month", "week"):
        counted = count_working_days(first, last, country, by=by)
        assert counted.working_days.sum() == days.working.sum()
        assert counted.days.sum() == length + 1


@given(day=days_of_years)
@settings(deadline=None, max_examples=25)
def test_a_months_place_counts_from_none_to_all(day: object) -> None:
    month = pd.Timestamp(day).to_period("M")
    dates = pd.Series(pd.date_range(month.start_time, month.end_time.normalize()))
    place = place_in_month(dates, "CN")
    worked = working_days(dates.iloc[0], dates.iloc[-1], "CN").working
    assert place.position.diff().iloc[1:].tolist() == worked.iloc[1:].astype(int).tolist()
    assert place.position.iloc[-1] == worked.sum() == place.working_days.iloc[0]
    assert place.share.between(0, 1).all()
    assert share_elapsed(dates.iloc[-1]) == 1


def test_a_missing_day_has_no_place() -> None:
    place = place_in_month(pd.Series(pd.to_datetime(["2026-10-08", None]), index=["a", "b"]))
    assert place.loc["a", "position"] == 1
    assert place.loc["b"].isna().all()
