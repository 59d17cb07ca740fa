"""Law 7: functions take tables and return new tables - nothing printed, no input changed, no hidden state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesgoals.decompose import compare_methods, plan_goals, verify_plan
from salesgoals.forecast import forecast_sales
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.goal import attainment, chance, chance_of_people, close_windows, estimate_board, totals_at
from salesgoals.history import credited_sales, monthly_sales, roster, team_sales
from salesgoals.levels import set_levels
from salesgoals.metrics import measure_metrics, plan_metrics, plan_milestones
from salesgoals.overview import describe_records
from salesgoals.smart import check_goals
from salesgoals.tables import TABLES, as_table, check_relations, check_table, empty_table
from salesgoals.team import (
    capability_and_potential,
    compare_with_peers,
    describe_people,
    progress_of_newcomers,
    ramp_cohorts,
    sales_at_risk,
)

Tables = Mapping[str, pd.DataFrame]
START, TOTAL = "2026-01", 100_000


def chances(tables: Tables) -> Any:
    forecast = forecast_sales(monthly_sales(tables), START)
    return [chance(forecast, TOTAL), totals_at(forecast), chance_of_people(forecast, forecast.people["mean"]),
            estimate_board(tables, forecast)]


def further(tables: Tables) -> Any:
    plan = plan_goals(tables, TOTAL, START)
    forecast = forecast_sales(monthly_sales(tables), START)
    planned = plan_metrics(plan, tables, forecast)
    return [planned.goals, planned.totals, set_levels(forecast, plan), plan_milestones(plan, tables)]


STEPS: dict[str, Callable[[Tables], Any]] = {
    "as_table": lambda tables: as_table("orders", tables["orders"]),
    "check_table": lambda tables: check_table("orders", tables["orders"]),
    "check_relations": check_relations,
    "credited_sales": credited_sales,
    "monthly_sales": monthly_sales,
    "team_sales": team_sales,
    "roster": lambda tables: roster(tables, pd.Timestamp(START)),
    "describe_records": describe_records,
    "fit_ramp": lambda tables: fit_ramp(monthly_sales(tables), tables["people"]),
    "forecast and chances": chances,
    "attainment": attainment,
    "close_windows": lambda tables: close_windows(tables["goals"]),
    "plan_goals": lambda tables: plan_goals(tables, TOTAL, START).goals,
    "compare_methods": lambda tables: compare_methods(tables, TOTAL, START),
    "stock of the team": lambda tables: [
        describe_people(tables), compare_with_peers(tables), progress_of_newcomers(tables),
        sales_at_risk(tables), capability_and_potential(tables), ramp_cohorts(tables)],
    "measure_metrics": measure_metrics,
    "plan_metrics and levels": lambda tables: further(tables),
    "check_goals": lambda tables: check_goals(tables, tables["goals"]),
    "verify_plan": lambda tables: verify_plan(plan_goals(tables, TOTAL, START).goals, TOTAL),
}

sale = st.tuples(st.integers(0, 729), st.sampled_from(["1", "2", "3"]), st.sampled_from(["a", "b"]),
                 st.integers(-500, 5000))


def company(sales: list[tuple[int, str, str, int]]) -> dict[str, pd.DataFrame]:
    tables = {name: empty_table(name) for name in TABLES}
    day = pd.Timestamp("2024-01-01")
    sure = [(30 * month + 5, person, "a", 900) for month in range(24) for person in "123"]
    rows = [(day + pd.Timedelta(days=at), person, line, float(amount)) for at, person, line, amount in
            [*sure, *sales]]
    tables["orders"] = as_table("orders", pd.DataFrame(rows, columns=["date", "person_id", "product_line",
                                                                      "amount"]))
    named = {"person_id": list("123"), "name": ["Ann", "Ben", "Ben"]}
    tables["people"] = as_table("people", pd.DataFrame(named))
    tables["membership"] = as_table("membership", pd.DataFrame({
        "person_id": list("123"), "department": "D", "team": ["T1", "T1", "T2"]}))
    tables["goals"] = as_table("goals", pd.DataFrame({
        "person_id": list("123"), "goal": [12_000.0, 9_000.0, 0.0],
        "period_start": pd.Timestamp("2025-01-01"),
        "period_end": [pd.Timestamp("2025-12-31"), pd.NaT, pd.Timestamp("2025-06-30")]}))
    return tables


def as_text(result: Any) -> str:
    if isinstance(result, pd.DataFrame | pd.Series):
        return result.to_csv()
    return "\n".join(map(as_text, result)) if isinstance(result, list) else repr(result)


@pytest.mark.parametrize("step", STEPS)
@given(sales=st.lists(sale, max_size=25))
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_step_changes_nothing_and_says_nothing(step: str, sales: list[tuple[int, str, str, int]],
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    tables = company(sales)
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    first = as_text(STEPS[step](tables))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
    assert as_text(STEPS[step](tables)) == first  # a second call finds no state left by the first
    assert capsys.readouterr() == ("", "")
