"""Goals joined to sales by their own windows: public data with a known answer, and brute force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.windows import attainment, attainment_summary, close_windows

Tables = dict[str, pd.DataFrame]


def tables_of(**rows: dict[str, object]) -> Tables:
    tables = {name: empty_table(name) for name in TABLES}
    return tables | {name: as_table(name, pd.DataFrame(columns)) for name, columns in rows.items()}


@pytest.fixture(scope="module")
def adventure_works(shared_data: Path) -> Tables:
    folder = shared_data / "adventureworks_dw"
    sales, quota = (
        pd.read_parquet(folder / f"Fact{name}.parquet") for name in ("ResellerSales", "SalesQuota")
    )
    return tables_of(
        orders={
            "date": sales.OrderDate,
            "person_id": sales.EmployeeKey.astype(str),
            "amount": sales.SalesAmount.astype(float),
        },
        goals={
            "person_id": quota.EmployeeKey.astype(str),
            "period_start": quota.Date,
            "goal": quota.SalesAmountQuota.astype(float),
        },
    )


def test_all_quotas_of_adventure_works_match_by_their_own_windows(adventure_works: Tables) -> None:
    attained = attainment(adventure_works)
    summary = attainment_summary(attained)
    assert (summary.goals, summary.matched) == (163, 163)
    assert summary.attainment == pytest.approx(0.8405, abs=5e-5)
    assert summary["mean"] == pytest.approx(0.8548, abs=5e-5)
    assert summary["median"] == pytest.approx(0.8479, abs=5e-5)
    assert (attained.attainment >= 1).sum() == 8
    assert summary.share_at_goal == pytest.approx(8 / 163)
    assert summary.actual == pytest.approx(80_450_596.98, abs=0.01)  # every sale stands in one window
    assert summary.complete == 146  # the records end inside the last window


def test_calendar_quarters_would_be_wrong(adventure_works: Tables) -> None:
    goals = adventure_works["goals"].copy()
    quarter = goals.period_start.dt.to_period("Q")
    goals["period_start"], goals["period_end"] = quarter.dt.start_time, quarter.dt.end_time.dt.normalize()
    assert attainment_summary(attainment(adventure_works | {"goals": goals})).matched < 163


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 100_000))
def test_actuals_equal_a_plain_loop(seed: int) -> None:
    random = np.random.default_rng(seed)
    pick: Callable[[list, int], list] = lambda of, size: [of[i] for i in random.integers(0, len(of), size)]  # noqa: E731
    days = pd.date_range("2024-01-01", "2024-12-31")
    count = 60
    orders = pd.DataFrame(
        {
            "date": pick(list(days), count),
            "person_id": pick(["a", "b", "c", None], count),
            "product_line": pick(["x", "y"], count),
            "amount": random.normal(100, 80, count).round(2),
            "quantity": random.integers(1, 9, count),
        }
    )
    starts = pd.DatetimeIndex(pick(list(days), 12))
    goals = pd.DataFrame(
        {
            "person_id": pick(["a", "b", "d", None], 12),
            "product_line": pick(["x", None], 12),
            "metric": pick(["amount", "quantity", "deals", None], 12),
            "period_start": starts,
            "period_end": starts + pd.to_timedelta(random.integers(0, 90, 12), unit="D"),
            "goal": 100.0,
        }
    )
    found = attainment(tables_of(orders=orders, goals=goals))
    first, last = orders.date.min(), orders.date.max()
    for row, goal in goals.iterrows():
        mine = orders[(orders.date >= goal.period_start) & (orders.date <= goal.period_end)]
        for column in ("person_id", "product_line"):
            if isinstance(goal[column], str):
                mine = mine[mine[column] == goal[column]]
        metric = goal.metric if isinstance(goal.metric, str) else "amount"
        expected = len(mine) if metric == "deals" else mine[metric].sum()
        if goal.period_end < first or goal.period_start > last:
            assert np.isnan(found.actual[row])
        else:
            assert found.actual[row] == pytest.approx(expected, abs=1e-6)
            assert found.sales[row] == len(mine)


def test_both_days_of_a_window_count() -> None:
    orders = {
        "date": pd.to_datetime(["2024-12-31", "2025-01-01", "2025-03-31", "2025-04-01"]),
        "person_id": "a",
        "amount": [1.0, 10.0, 100.0, 1000.0],
    }
    goals = {
        "person_id": ["a"],
        "period_start": pd.to_datetime(["2025-01-01"]),
        "period_end": pd.to_datetime(["2025-03-31"]),
        "goal": [100.0],
    }
    assert attainment(tables_of(orders=orders, goals=goals)).actual.tolist() == [110.0]


def test_a_teams_goal_counts_what_was_sold_in_the_team_also_by_people_who_moved_on() -> None:
    orders = {
        "date": pd.to_datetime(["2025-01-10", "2025-02-10", "2025-02-11"]),
        "person_id": ["a", "a", "b"],
        "amount": [10.0, 100.0, 1000.0],
    }
    membership = {
        "person_id": ["a", "a", "b"],
        "department": "east",
        "team": ["one", "two", "one"],
        "valid_from": pd.to_datetime(["2020-01-01", "2025-02-01", "2020-01-01"]),
        "valid_to": pd.to_datetime(["2025-01-31", None, None]),
    }
    goals = {
        "department": "east",
        "team": ["one", "two", None],
        "goal": 100.0,
        "period_start": pd.to_datetime(["2025-01-01"] * 3),
        "period_end": pd.to_datetime(["2025-02-28"] * 3),
    }
    found = attainment(tables_of(orders=orders, membership=membership, goals=goals))
    assert found.actual.tolist() == [1010.0, 100.0, 1110.0]
    # the person's own goal goes along with the person
    own = goals | {"person_id": "a"}
    assert (
        attainment(tables_of(orders=orders, membership=membership, goals=own)).actual.tolist() == [110.0] * 3
    )


def test_unknown_is_not_zero() -> None:
    orders = {"date": pd.to_datetime(["2025-01-10", "2025-03-10"]), "person_id": "a", "amount": [10.0, 10.0]}
    starts = pd.to_datetime(["2025-01-01", "2025-02-01", "2026-01-01", "2025-03-01", "2025-03-01"])
    goals = {
        "person_id": "a",
        "period_start": starts,
        "period_end": starts + pd.offsets.MonthEnd(0),
        "goal": [10.0, 10.0, 10.0, 0.0, 10.0],
        "metric": ["amount", "amount", "amount", "amount", "smiles"],
    }
    found = attainment(tables_of(orders=orders, goals=goals))
    assert found.actual[:2].tolist() == [10.0, 0.0]
    assert found.attainment[:2].tolist() == [1.0, 0.0]
    assert found.actual[[2, 4]].isna().all()
    assert found.attainment[2:].isna().all()
    assert found.complete.tolist() == [True, True, False, False, False]
    summary = attainment_summary(found)
    assert (summary.goals, summary.matched, summary.goal) == (5, 2, 20)


def test_no_goals_or_no_sales_give_empty_answers() -> None:
    assert attainment(tables_of()).empty
    goals = {"person_id": ["a"], "period_start": pd.to_datetime(["2025-01-01"]), "goal": [5.0]}
    found = attainment(tables_of(goals=goals))
    assert found.actual.isna().all()
    assert np.isnan(attainment_summary(found).attainment)


def starts_of(*days: str) -> pd.DataFrame:
    return as_table(
        "goals", pd.DataFrame({"person_id": "a", "period_start": pd.to_datetime(list(days)), "goal": 1.0})
    )


@pytest.mark.parametrize(
    ("starts", "last_end"),
    [
        (["2025-01-01", "2025-02-01"], "2025-02-28"),
        (["2025-01-01", "2025-04-01"], "2025-06-30"),
        (["2024-01-01", "2025-01-01"], "2025-12-31"),
        (["2024-04-01", "2024-06-30", "2024-10-01", "2025-03-31"], "2025-06-28"),  # a year earlier: 90 days
        (["2025-01-06", "2025-01-13"], "2025-01-19"),
    ],
)
def test_the_last_window_is_as_long_as_a_year_earlier_or_as_the_one_before(
    starts: list[str], last_end: str
) -> None:
    assert close_windows(starts_of(*starts)).period_end.iloc[-1] == pd.Timestamp(last_end)


def test_windows_do_not_overlap_or_leave_gaps_and_known_ends_stay() -> None:
    goals = starts_of("2025-03-01", "2025-01-01", "2025-02-01")
    goals.loc[1, "period_end"] = pd.Timestamp("2025-01-15")
    before = goals.copy()
    closed = close_windows(goals)
    assert closed.period_end.dt.strftime("%m-%d").tolist() == ["03-31", "01-15", "02-28"]
    pd.testing.assert_frame_equal(goals, before)
    assert close_windows(starts_of("2025-01-01")).period_end.isna().all()
    assert close_windows(goals.iloc[:0]).empty
