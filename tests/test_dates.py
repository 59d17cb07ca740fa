"""Dates are read by the whole column; where it proves nothing, nothing is guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesgoals.problems import SalesgoalsError
from salesgoals.sources.read import read_file
from salesgoals.sources.values import ParsedDates, parse_dates


def parse(cells: list[Any], **more: Any) -> ParsedDates:
    return parse_dates(pd.Series(cells, dtype=object, name="日期"), **more)


def days(cells: list[Any], **more: Any) -> list[str | None]:
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in parse(cells, **more).values]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025/1/2", "2025-01-02"),
        ("2025-01-02", "2025-01-02"),
        ("2025.1.2", "2025-01-02"),
        ("2025年1月2日", "2025-01-02"),
        ("2025年1月", "2025-01-01"),
        ("2025年1月份", "2025-01-01"),
        ("202501", "2025-01-01"),
        ("20250102", "2025-01-02"),
        ("2025-01", "2025-01-01"),
        ("２０２５／１／２", "2025-01-02"),
        ("2025-01-02T00:00:00", "2025-01-02"),
        ("2025-01-02 10:30:05.123", "2025-01-02"),
        ("2025/1/2 上午10:30", "2025-01-02"),
        ("2025-01-02T23:30:00+05:30", "2025-01-02"),
        ("20250102103000", "2025-01-02"),
        ("2-Jan-2025", "2025-01-02"),
        ("02-JAN-25", "2025-01-02"),
        ("Jan 2, 2025", "2025-01-02"),
        ("January 2nd, 2025", "2025-01-02"),
        ("2025 Jan", "2025-01-01"),
        ("Jan-25", "2025-01-01"),
        ("Thu, 2 Jan 2025", "2025-01-02"),
        ("2025-01-02 星期四", "2025-01-02"),
        ("02-1月-25", "2025-01-02"),
        ("25年1月2日", "2025-01-02"),
        ("2025年1月2日 10时30分", "2025-01-02"),
        (" 2025-1-2\u00a0", "2025-01-02"),
        ("2024-02-29", "2024-02-29"),
        (20250102, "2025-01-02"),
        (202501, "2025-01-01"),
        (45000, "2023-03-15"),
        (45000.75, "2023-03-15"),
        ("45000", "2023-03-15"),
        (1735689600000, "2025-01-01"),
        (1735689600, "2025-01-01"),
        ("1735689600000", "2025-01-01"),
        (dt.datetime(2025, 1, 2, 23, 59), "2025-01-02"),
        (dt.date(2025, 1, 2), "2025-01-02"),
        (pd.Timestamp("2025-01-02 10:00"), "2025-01-02"),
    ],
)
def test_spellings_without_doubt(written: Any, day: str) -> None:
    parsed = parse([written, None])
    assert days([written, None]) == [day, None]
    assert parsed.order == "ymd"
    assert not parsed.bad.any()
    assert parsed.doubt is None
    assert str(parsed.values.dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    "written",
    [
        "2025-02-30",
        "2025-13-01",
        "待定",
        "1900-01-00",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "2099-12-31",
        "1900-01-01",
        dt.datetime(1900, 1, 1),
        dt.time(0, 0),
        True,
        "12:30",
        "2025",
        2025,
        7,
        -3,
        1.5,
        "1/2",
        "32/13/2025",
        "2025-1-2-3",
        "2012年1-2月",
        "2025-01-02 25:61",
        float("inf"),
        dt.timedelta(days=1),
        "20251301",
        20250230,
    ],
)
def test_what_is_no_date_is_bad(written: Any) -> None:
    parsed = parse(["2025-01-02", written])
    assert parsed.values.notna().tolist() == [True, False]
    assert parsed.bad.tolist() == [False, True]


def test_empty_is_empty() -> None:
    parsed = parse([None, "", " ", "-", "/", "—", float("nan"), pd.NaT])
    assert parsed.values.isna().all()
    assert not parsed.bad.any()
    assert parsed.doubt is None
    assert parsed.order is None
    assert len(parse([]).values) == 0


# ---- day or month first


def test_a_part_over_12_decides_for_the_column() -> None:
    assert days(["31/5/2018", "2/7/2018"]) == ["2018-05-31", "2018-07-02"]
    assert days(["5/31/2018", "2/7/2018"]) == ["2018-05-31", "2018-02-07"]
    parsed = parse(["31/5/18", "2/7/18"])
    assert parsed.order == "dmy"
    assert "31/5/18" in parsed.evidence


def test_without_evidence_nothing_is_read() -> None:
    parsed = parse(["1/2/2025", "3/4/2025", None, "待定"])
    assert parsed.values.isna().all()
    assert parsed.bad.tolist() == [False, False, False, True]
    assert parsed.order is None
    assert parsed.doubt is not None
    assert (parsed.doubt.code, parsed.doubt.level, parsed.doubt.values["count"]) == (
        "sources.dates_ambiguous",
        "doubt",
        2,
    )
    assert "1/2/2025" in parsed.doubt.text()


def test_a_stated_order_answers_the_question() -> None:
    assert days(["1/2/2025", "3/4/2025"], order="dmy") == ["2025-02-01", "2025-04-03"]
    parsed = parse(["1/2/2025", "31/4/2025", "5/31/2025"], order="mdy")
    assert parsed.order == "mdy"
    assert parsed.doubt is None
    assert parsed.bad.tolist() == [False, True, False]
    assert days(["25/1/2"], order="ymd") == ["2025-01-02"]


def test_rows_that_run_in_time_decide() -> None:
    rising = [f"{day}/{month}/2025" for month in (1, 2, 3) for day in (2, 5, 9, 11)]
    parsed = parse(rising)
    assert parsed.order == "dmy"
    assert "in time" in parsed.evidence
    assert parse(rising[::-1]).order == "dmy"
    assert parse([f"{month}/{day}/2025" for month in (1, 2, 3) for day in (2, 5, 9, 11)]).order == "mdy"


def test_months_that_may_be_days_stay_a_question() -> None:
    assert parse([f"1/{month}/2025" for month in range(1, 13)]).order is None


def test_rows_roughly_in_time_decide_when_there_are_many() -> None:
    start = dt.date(2024, 1, 1)
    all_days = [start + dt.timedelta(days=n + (n * 7) % 5) for n in range(400)]
    early = [day for day in all_days if day.day <= 12]
    assert parse([f"{day.day}/{day.month}/{day.year}" for day in early]).order == "dmy"


def test_shuffled_rows_decide_nothing() -> None:
    import random

    chance = random.Random(3)
    for _ in range(20):
        cells = [f"{chance.randint(1, 12)}/{chance.randint(1, 12)}/2025" for _ in range(40)]
        assert parse(cells).order is None


def test_contradicting_rows_are_not_guessed() -> None:
    parsed = parse(["31/5/2018", "5/31/2018", "2/7/2018", "3/3/2018"])
    assert days(["31/5/2018", "5/31/2018", "2/7/2018", "3/3/2018"]) == [
        "2018-05-31",
        "2018-05-31",
        None,
        "2018-03-03",
    ]
    assert parsed.bad.tolist() == [False, False, True, False]
    assert parsed.doubt is not None
    assert parsed.doubt.code == "sources.dates_contradict"


def test_two_spellings_in_one_column_are_flagged_and_read_by_the_proof() -> None:
    cells = ["31/12/17", "10/4/2018", "14/6/18", "2/7/2018"]
    parsed = parse(cells)
    assert days(cells) == ["2017-12-31", "2018-04-10", "2018-06-14", "2018-07-02"]
    assert parsed.doubt is not None
    assert (parsed.doubt.code, parsed.doubt.values["four"], parsed.doubt.values["two"]) == (
        "sources.dates_mixed",
        2,
        2,
    )
    assert parsed.shapes.to_numpy().tolist() == [["n/n/yy", 2, "31/12/17"], ["n/n/yyyy", 2, "10/4/2018"]]


def test_two_spellings_that_prove_different_orders() -> None:
    parsed = parse(["31/12/17", "10/4/18", "12/31/2017", "2/7/2018"])
    assert days(["31/12/17", "10/4/18", "12/31/2017", "2/7/2018"]) == [
        "2017-12-31",
        "2018-04-10",
        "2017-12-31",
        "2018-02-07",
    ]
    assert parsed.order is None
    assert parsed.doubt is not None
    assert parsed.doubt.code == "sources.dates_two_orders"


def test_a_year_of_two_digits_in_front() -> None:
    assert days(["24-12-5", "25-1-2", "25-3-31", "25-4-1"]) == [
        "2024-12-05",
        "2025-01-02",
        "2025-03-31",
        "2025-04-01",
    ]
    assert days(["98-12-5", "99-1-2"]) == ["1998-12-05", "1999-01-02"]
    assert days(["25/1/2", "25/3/12"]) == ["2025-01-02", "2025-03-12"]
    doubted = parse(["25/1/12"])
    assert doubted.doubt is not None
    assert doubted.doubt.code == "sources.dates_year_place"


def test_a_column_that_excel_has_half_converted() -> None:
    real = [dt.datetime(2025, month, day) for month, day in [(1, 2), (2, 5), (3, 7), (4, 1), (6, 11)]]
    parsed = parse([*real, "31/5/2025", "14/6/2025"])
    assert parsed.doubt is not None
    assert (parsed.doubt.code, parsed.doubt.values["count"]) == ("sources.dates_half_converted", 5)


def test_excel_days_count_only_in_a_column_of_dates() -> None:
    assert days(["2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05", 45000]) == [
        "2025-01-02",
        "2025-01-03",
        "2025-01-04",
        "2025-01-05",
        "2023-03-15",
    ]
    parsed = parse([45000, "张三", "李四", "待定"])
    assert parsed.values.isna().all()
    assert parsed.bad.all()


# ---- time zones


def test_a_day_in_beijing_arrives_as_the_afternoon_before() -> None:
    cells = ["2024-12-31T16:00:00Z", "2024-12-31T16:00:00.000Z", 1735660800000, "2025-01-01T00:00:00+08:00"]
    assert days(cells, time_zone="Asia/Shanghai") == ["2025-01-01"] * 4
    assert parse(cells, time_zone="Asia/Shanghai").doubt is None
    doubted = parse(cells)
    assert doubted.doubt is not None
    assert (doubted.doubt.code, doubted.doubt.values["count"]) == ("sources.dates_in_utc", 3)


def test_midnights_in_utc_and_times_with_an_offset_need_no_zone() -> None:
    assert parse(["2025-01-02T00:00:00Z", "2018-12-07T23:11:53+05:30"]).doubt is None
    assert days(["2018-12-07T23:11:53+05:30"], time_zone="Asia/Shanghai") == ["2018-12-08"]
    aware = dt.datetime(2024, 12, 31, 16, tzinfo=dt.UTC)
    assert days([aware], time_zone="Asia/Shanghai") == ["2025-01-01"]


def test_unknown_zones_and_orders_are_refused() -> None:
    with pytest.raises(SalesgoalsError, match="Mars"):
        parse(["2025-01-02"], time_zone="Mars/Base")
    with pytest.raises(SalesgoalsError, match="dym"):
        parse(["2025-01-02"], order="dym")


# ---- laws

dates = st.dates(dt.date(1970, 1, 1), dt.date(2060, 12, 31))
RENDER: dict[str, Any] = {
    "dmy": lambda d, s: f"{d.day}{s}{d.month}{s}{d.year}",
    "mdy": lambda d, s: f"{d.month}{s}{d.day}{s}{d.year}",
}
CLEAR: list[Any] = [
    lambda d: f"{d.year}-{d.month}-{d.day}",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%d-%b-%Y}",
    lambda d: f"{d:%B %d, %Y}",
    lambda d: f"{d:%Y-%m-%d} 10:00",
    lambda d: d,
    lambda d: int(f"{d:%Y%m%d}"),
    lambda d: f"{d:%Y-%m-%d}T00:00:00.000Z",
]


@settings(deadline=None, max_examples=150)
@given(
    column=st.lists(dates, min_size=1, max_size=30),
    order=st.sampled_from(["dmy", "mdy"]),
    sign=st.sampled_from(["/", "-", "."]),
)
def test_one_proof_reads_the_column_back(column: list[dt.date], order: str, sign: str) -> None:
    assume(any(day.day > 12 for day in column))
    parsed = parse([RENDER[order](day, sign) for day in column])
    assert parsed.order == order
    assert parsed.values.dt.date.tolist() == column


@settings(deadline=None, max_examples=150)
@given(column=st.lists(st.tuples(dates, st.sampled_from(CLEAR)), min_size=1, max_size=20))
def test_clear_spellings_come_back_in_any_mixture(column: list[tuple[dt.date, Any]]) -> None:
    parsed = parse([render(day) for day, render in column])
    assert parsed.values.dt.date.tolist() == [day for day, _ in column]
    assert not parsed.bad.any()


@settings(deadline=None, max_examples=150)
@given(
    cells=st.lists(
        st.one_of(
            st.none(),
            st.text(max_size=12),
            st.integers(-(10**14), 10**14),
            st.floats(),
            st.booleans(),
            st.datetimes(),
            st.from_regex(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", fullmatch=True),
        ),
        max_size=12,
    )
)
def test_any_cells_are_dates_bad_empty_or_a_question(cells: list[Any]) -> None:
    parsed = parse(cells)
    assert not (parsed.bad & parsed.values.notna()).any()
    assert parsed.shapes["count"].sum() <= len(cells)
    undecided = (
        parsed.values.isna()
        & ~parsed.bad
        & pd.Series(
            [isinstance(c, str) and bool(c.strip()) and c.strip() not in "-—/–－" for c in cells], dtype=bool
        )
    )
    assert parsed.doubt is not None or not undecided.any()


def test_the_public_file_of_mixed_dates(shared_data: Path) -> None:
    cells = read_file(shared_data / "us_regional_sales" / "US_Regional_Sales_Data.csv").sheets[0].cells
    orders = parse_dates(cells["OrderDate"])
    assert orders.order == "dmy"
    assert not orders.bad.any()
    assert (orders.values.min(), orders.values.max()) == (
        pd.Timestamp("2018-05-31"),
        pd.Timestamp("2020-12-30"),
    )
    assert orders.doubt is not None
    assert orders.doubt.code == "sources.dates_mixed"
    month_first = parse_dates(cells["OrderDate"], order="mdy")
    assert int((month_first.values.notna() & (month_first.values != orders.values)).sum()) == 2812
    for name in ("ProcuredDate", "ShipDate", "DeliveryDate"):
        assert parse_dates(cells[name]).order == "dmy"
    assert (parse_dates(cells["ShipDate"]).values >= orders.values).all()
