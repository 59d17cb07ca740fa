"""The board of estimates: what is known, what is not, and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesgoals.estimates import estimate_board
from salesgoals.forecast import forecast_sales
from salesgoals.history import monthly_sales
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import in_language

Tables = dict[str, pd.DataFrame]


def company(
    months: int = 24,
    people: int = 4,
    market: dict[str, object] | None = None,
    hires: dict[str, str] | None = None,
) -> Tables:
    tables = {name: empty_table(name) for name in TABLES}
    days = pd.date_range("2024-01-01", periods=months, freq="MS") + pd.Timedelta(days=14)
    tables["orders"] = as_table(
        "orders",
        pd.DataFrame(
            [(f"p{row}", day, 100.0 * (row + 1)) for row in range(people) for day in days],
            columns=["person_id", "date", "amount"],
        ),
    )
    if market is not None:
        tables["market"] = as_table("market", pd.DataFrame(market))
    if hires is not None:
        tables["people"] = as_table(
            "people",
            pd.DataFrame(
                {
                    "person_id": list(hires),
                    "name": list(hires),
                    "hire_date": pd.to_datetime(list(hires.values())),
                }
            ),
        )
    return tables


def board_of(tables: Tables, **parameters: object) -> pd.DataFrame:
    people = tables["people"] if len(tables["people"]) else None
    forecast = forecast_sales(monthly_sales(tables), people=people, **parameters)  # type: ignore[arg-type]
    return estimate_board(tables, forecast).set_index("estimate")


def test_four_rows_and_the_last_year_is_exact() -> None:
    board = board_of(company())
    assert list(board.index) == ["last_12", "forecast", "market", "capacity"]
    assert list(board.columns) == ["total", "low", "high", "change", "basis"]
    assert board.total["last_12"] == pytest.approx(12_000)
    assert board.change["last_12"] == 0
    assert board.low["forecast"] < board.total["forecast"] < board.high["forecast"]
    assert board.total["capacity"] == pytest.approx(12_000, rel=0.01)
    assert board.basis.str.len().min() > 10


def test_unknown_is_nan_and_says_what_is_missing() -> None:
    board = board_of(company(months=7))
    assert board.total[["last_12", "market"]].isna().all()
    assert "7 months" in board.basis["last_12"]
    assert "table market" in board.basis["market"]
    assert board.change.isna().all()
    with in_language("zh"):
        assert "没有起点之前的市场数据" in board_of(company())["basis"]["market"]


def market_of(
    growth: list[float | None], level: list[float] | None = None, source: str = "office", segment: str = "all"
) -> dict[str, object]:
    months = pd.date_range("2024-01-01", periods=len(growth), freq="MS")
    return {"month": months, "segment": segment, "growth": growth, "level": level, "source": source}


def test_published_growth_is_used_and_disagreement_is_told() -> None:
    level = [100.0] * 12 + [103.0] * 12
    board = board_of(company(market=market_of([0.08] * 24, level)))
    assert board.total["market"] == pytest.approx(12_000 * 1.08)
    assert "disagree" in board.basis["market"]
    assert "+8.0%" in board.basis["market"]
    assert "+3.0%" in board.basis["market"]
    agreeing = board_of(company(market=market_of([0.04] * 24, level)))
    assert "disagree" not in agreeing.basis["market"]


def test_growth_of_levels_stands_in_where_nothing_is_published() -> None:
    board = board_of(company(market=market_of([None] * 24, [100.0] * 12 + [103.0] * 12)))
    assert board.total["market"] == pytest.approx(12_000 * 1.03)
    assert "levels" in board.basis["market"]
    alone = board_of(company(market=market_of([None] * 8, [100.0] * 8)))
    assert np.isnan(alone.total["market"])
    assert "no year before" in alone.basis["market"]


def test_big_segments_count_more_and_a_second_source_is_not_counted_twice() -> None:
    two = [
        market_of([0.10] * 24, [900.0] * 24, segment="big"),
        market_of([-0.10] * 24, [90.0] * 24, segment="small"),
    ]
    market = pd.concat([pd.DataFrame(part) for part in two])
    expected = (900 + 90) / (900 / 1.1 + 90 / 0.9) - 1
    assert board_of(company(market=market)).total["market"] == pytest.approx(12_000 * (1 + expected))
    other = pd.concat(
        [market, pd.DataFrame(market_of([0.5] * 24, [900.0] * 24, source="somebody", segment="big"))]
    )
    board = board_of(company(market=other))
    assert board.total["market"] == pytest.approx(12_000 * (1 + expected))
    assert "1 other source" in board.basis["market"]


def test_market_figures_from_after_the_start_are_not_used_and_old_ones_are_told() -> None:
    later = market_of([0.02] * 24 + [0.5] * 12)
    assert board_of(company(market=later)).total["market"] == pytest.approx(12_000 * 1.02)
    assert "end in 2024-12" in board_of(company(market=market_of([0.02] * 12))).basis["market"]


def test_the_restated_series_of_china_is_told(shared_data: Path) -> None:
    table = pd.read_csv(shared_data / "series" / "china_retail_monthly_2012_2018.csv")
    month = table.time.str.extract(r"(\d{4})年(?:1-)?(\d+)月").astype(int)
    market = pd.DataFrame(
        {
            "month": pd.to_datetime({"year": month[0], "month": month[1], "day": 1}),
            "segment": "all",
            "level": table.retailAmount,
            "growth": table.monthlyGrowth / 100,
            "source": "statistics",
        }
    )
    tables = company(market=market)
    tables["orders"] = tables["orders"].assign(date=tables["orders"].date - pd.DateOffset(years=7, months=7))
    board = board_of(tables)
    assert "disagree" in board.basis["market"]
    assert 0.09 < board.change["market"] < 0.11  # published; the levels say otherwise


def test_half_a_year_is_set_beside_the_same_half_of_last_year() -> None:
    board = board_of(company(), months=6)
    assert board.total["last_12"] == pytest.approx(6_000)
    assert "same months" in board.basis["last_12"]
    later = board_of(company(), start="2026-03", months=18)
    assert later.total["last_12"] == pytest.approx(18_000)


def test_capacity_knows_who_is_new_who_left_and_who_comes() -> None:
    hires = {f"p{row}": "2015-01-01" for row in range(4)}
    full = board_of(company(hires=hires)).total["capacity"]
    assert full == pytest.approx(12_000, rel=0.01)
    coming = board_of(company(hires=hires | {"new": "2026-04-01"})).total["capacity"]
    assert full < coming < full + 9 * 250
    tables = company(hires=hires)
    tables["people"].loc[3, "leave_date"] = pd.Timestamp("2026-06-30")
    assert board_of(tables).total["capacity"] == pytest.approx(full - 6 * 400, rel=0.02)
    assert "growth curve" in board_of(tables).basis["capacity"]
    assert "no joining dates" in board_of(company()).basis["capacity"]
