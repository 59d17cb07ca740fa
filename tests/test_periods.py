"""Periods as people write them, the records as they were known on a day, and the work counted."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.history import as_known_on, credited_sales
from salesgoals.kpis import KPIS, count_kpis, kpis_by
from salesgoals.periods import list_periods, months_from, read_period
from salesgoals.problems import SalesgoalsError
from salesgoals.sample import sample_workspace
from salesgoals.tables import TABLES, as_table, empty_table


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return dict(sample_workspace("zh").tables)


@pytest.mark.parametrize(("text", "name", "end"), [
    ("2026-06", "2026-06", "2026-06-30"), ("2026年6月", "2026-06", "2026-06-30"),
    ("202602", "2026-02", "2026-02-28"), ("2026Q2", "2026-Q2", "2026-06-30"),
    ("2026 年第二季度", "2026-Q2", "2026-06-30"), ("2026上半年", "2026-H1", "2026-06-30"),
    ("２０２６", "2026", "2026-12-31"), ("2026年1月至2026年3月", "2026-Q1", "2026-03-31"),
    ("2026年1月5日～2026年2月1日", "2026-01-05..2026-02-01", "2026-02-01"),
    ("2025-11..2026-02", "2025-11..2026-02", "2026-02-28")])
def test_every_usual_spelling_is_read(text: str, name: str, end: str) -> None:
    found = read_period(text)
    assert (found.name, f"{found.end:%Y-%m-%d}") == (name, end)
    assert read_period(found.name) == found


@pytest.mark.parametrize("text", ["2026-13", "20261", "June", "2026-Q5", "2026-06-31", "2026-02..2026-01"])
def test_what_is_no_period_is_refused_with_what_is_one(text: str) -> None:
    with pytest.raises(SalesgoalsError, match="2026-Q2"):
        read_period(text)


@given(st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2090-12-31").date()), st.integers(1, 30))
@settings(deadline=None, max_examples=60)
def test_whole_months_read_back(day: object, months: int) -> None:
    period = months_from(pd.Timestamp(day), months)
    assert read_period(period.name) == period
    assert len(period.months) == months
    assert period.whole_months


def test_without_a_wish_the_last_whole_period(company: dict[str, pd.DataFrame]) -> None:
    assert read_period("", company).name == "2026-06"
    assert read_period("", as_known_on(company, "2026-06-12")).name == "2026-05"
    assert [period.name for period in list_periods(company, "half")][-2:] == ["2025-H2", "2026-H1"]


def test_quota_windows_are_periods() -> None:
    starts = pd.to_datetime(["2012-12-29", "2013-03-30", "2013-06-30"])
    tables = {name: empty_table(name) for name in TABLES}
    tables["goals"] = as_table("goals", pd.DataFrame({"person_id": "7", "goal": 1.0, "period_start": starts,
                                                      "period_end": [*starts[1:] - pd.Timedelta(days=1),
                                                                     pd.Timestamp("2013-09-28")]}))
    tables["orders"] = as_table("orders", pd.DataFrame({
        "person_id": "7", "date": pd.to_datetime(["2013-01-05", "2013-08-30"]), "amount": 5.0}))
    assert read_period("2013-03-30", tables).name == "2013-03-30..2013-06-29"
    assert read_period("", tables).name == "2013-03-30..2013-06-29"
    with pytest.raises(SalesgoalsError, match="2013-06-30"):
        read_period("2013-03-31", tables)


def test_nothing_of_the_future_is_known(company: dict[str, pd.DataFrame]) -> None:
    day = pd.Timestamp("2025-09-18")
    known = as_known_on(company, day)
    assert credited_sales(known).date.max() <= day
    assert known["activities"].date.max() <= day
    deals = known["opportunities"]
    assert deals.created.max() < day + pd.Timedelta(days=1)
    assert not (deals.status.isin(["won", "lost"]) & (deals.closed > day)).any()
    before = company["opportunities"]
    decided = before.status.isin(["won", "lost"]) & (before.closed <= day)
    assert deals.status.isin(["won", "lost"]).sum() == decided.sum() > 1000
    assert "00054" not in set(known["people"].person_id) | set(known["membership"].person_id)
    left = known["people"].set_index("person_id").leave_date
    assert pd.isna(left["00024"])
    assert left["00031"] == pd.Timestamp("2024-11-30")
    whole = as_known_on(company, "2030-01-01")
    assert all(len(whole[name]) == len(company[name]) for name in TABLES)


def test_sums_of_the_work_agree_with_the_records(company: dict[str, pd.DataFrame]) -> None:
    counted = count_kpis(company).groupby("kpi").value.sum()
    log = company["activities"].groupby("type")["count"].sum()
    assert counted["visits"] == log["拜访"]
    assert counted["quotes"] == log["报价"]
    assert counted["follow_ups"] == log["电话"]
    sold = credited_sales(company)
    assert counted["amount"] == pytest.approx(sold[sold.person_id.notna()].amount.sum(), abs=.01)
    for freq in ("M", "W-SUN"):
        table = kpis_by(company, freq)
        for kpi in KPIS:
            assert table[kpi].sum() == pytest.approx(counted[kpi], rel=1e-12)


def test_what_was_not_recorded_is_blank_and_nothing_done_is_zero(company: dict[str, pd.DataFrame]) -> None:
    months = kpis_by(company, "M").set_index(["person_id", "period"])
    assert months.visits[("00003", pd.Timestamp("2024-06-01"))] != months.visits[
        ("00003", pd.Timestamp("2024-06-01"))]  # the log began in 2025
    assert months.amount[("00048", pd.Timestamp("2026-04-01"))] == 0
    assert ("00054", pd.Timestamp("2025-06-01")) not in months.index
    assert ("00031", pd.Timestamp("2025-03-01")) not in months.index
