"""Goals beside the amount: measured by an independent count, exact in every sum, chances by simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from company import true_workspace
from hypothesis import given, settings
from hypothesis import strategies as st
from sales_team import last_year, make_team

from salesgoals.allocation.proof import GOAL_COLUMNS
from salesgoals.decompose import Plan, plan_goals
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.history import monthly_sales
from salesgoals.measuring.sharing import Pattern, share_out
from salesgoals.metrics import METRICS, explain_metrics, measure_metrics, plan_metrics, study_metrics
from salesgoals.plans import all_goals, load_plan, make_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workspace import Workspace

START = "2026-01"
Case = tuple[dict[str, pd.DataFrame], Plan, Forecast]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return true_workspace(tmp_path_factory.mktemp("metrics") / "w")


@pytest.fixture(scope="module")
def truth(company: Workspace) -> Case:
    tables = company.tables
    plan = plan_goals(tables, 170_000_000, "2026-07", unit=100)
    return tables, plan, forecast_sales(monthly_sales(tables), "2026-07", people=tables["people"])


def shop(rows: list[tuple[str, str, str, str, float, float | None]]) -> dict[str, pd.DataFrame]:
    tables = {name: empty_table(name) for name in TABLES}
    tables["orders"] = as_table("orders", pd.DataFrame(
        rows, columns=["date", "person_id", "account_id", "product_line", "amount", "cost"]).assign(
        date=lambda table: pd.to_datetime(table.date)))
    return tables


def value(tables: dict[str, pd.DataFrame], metric: str, person: str, month: str) -> float:
    found = measure_metrics(tables)
    found = found[(found.metric == metric) & (found.person_id == person) & (found.month == month)]
    return float(found.value.iloc[0]) if len(found) else float("nan")


def test_each_metric_means_what_its_definition_says() -> None:
    tables = shop([
        ("2024-01-05", "1", "A", "x", 100., 60.), ("2025-02-03", "1", "A", "x", 50., 30.),
        ("2025-02-20", "1", "A", "y", 20., 5.), ("2025-02-21", "2", "A", "x", 10., 5.),
        ("2025-02-09", "2", "B", "x", 7., None), ("2025-03-01", "1", "B", "x", 10., 8.)])
    assert value(tables, "margin", "1", "2025-02-01") == 35
    assert value(tables, "repeat", "1", "2025-02-01") == 1   # A, bought before; once a month
    assert value(tables, "repeat", "2", "2025-02-01") == 0   # A is counted for its first seller
    assert value(tables, "new_customers", "2", "2025-02-01") == 1
    assert value(tables, "repeat", "1", "2025-03-01") == 1
    assert value(tables, "mix", "1", "2025-02-01") == 1
    assert value(tables, "mix", "2", "2025-02-01") == 0
    assert np.isnan(value(tables, "new_customers", "1", "2024-01-01"))  # too early to know who is new


def test_credit_shares_count_in_margin_and_unknown_costs_are_not_zero() -> None:
    tables = shop([("2025-01-05", "1", "A", "x", 100., 60.), ("2025-01-06", "2", "A", "x", 1., None)])
    tables["orders"]["credit_share"] = [.5, 1.]
    assert value(tables, "margin", "1", "2025-01-01") == 20
    assert np.isnan(value(tables, "margin", "2", "2025-01-01"))
    few = shop([("2025-01-05", "1", "A", "x", 100., 60.), ("2025-01-06", "2", "A", "x", 100., None)])
    known = explain_metrics(few).set_index("metric")
    assert not known.known["margin"]
    assert (known.reason["margin"], known.covered["margin"]) == ("few_costs", .5)


@pytest.mark.parametrize(("change", "reasons"), [
    ({"cost": None}, {"margin": "no_cost"}),
    ({"account_id": None}, dict.fromkeys(("new_customers", "repeat", "mix"), "no_customers")),
    ({"product_line": "x"}, {"mix": "no_lines"}),
    ({}, {"new_customers": "too_short", "activities": "no_activities", "opportunities": "no_opportunities"})])
def test_what_is_missing_is_named(change: dict[str, object], reasons: dict[str, str]) -> None:
    rows = [(f"2025-0{month}-05", "1", f"A{month}", "xy"[month % 2], 100., 60.) for month in range(1, 8)]
    tables = shop(rows)
    tables["orders"] = as_table("orders", tables["orders"].assign(**change))
    known = explain_metrics(tables).set_index("metric")
    for metric, reason in reasons.items():
        assert (known.known[metric], known.reason[metric]) == (False, reason)
    assert known.known["amount"]


def test_new_customers_of_the_sample_are_those_marked(company: Workspace) -> None:
    orders = company.tables["orders"]
    marked = orders[orders.new_customer.fillna(False).astype(bool) & (orders.amount > 0)]
    known = explain_metrics(company.tables).set_index("metric")
    recent = marked.groupby("account_id").date.min()
    assert known.last_12["new_customers"] == (recent >= "2025-07-01").sum()
    assert known.known.all()
    measured = measure_metrics(company.tables)
    assert measured[measured.metric == "amount"].value.sum() == pytest.approx(orders.amount.sum())
    assert measured[measured.metric == "margin"].value.sum() == pytest.approx(
        (orders.amount - orders.cost).sum())
    done = company.tables["activities"]["count"].sum()
    assert measured[measured.metric == "activities"].value.sum() == done


def test_every_sum_of_every_metric_is_exact(truth: Case) -> None:
    tables, plan, forecast = truth
    asked = {"margin": "", "new_customers": 161, "repeat": "+3%", "activities": "43,000"}
    found = plan_metrics(plan, tables, forecast, asked)
    assert list(found.totals.metric) == ["margin", "new_customers", "repeat", "activities"]
    assert not found.proof.difference.any()
    assert set(found.proof.metric) == set(asked)
    for row in found.totals.itertuples():
        goals = found.goals[found.goals.metric == row.metric]
        assert goals.goal.sum() == row.goal
        assert (goals.goal % row.unit == 0).all()
        assert (goals.goal >= 0).all()
        own = found.people[found.people.metric == row.metric].set_index("person_id").goal
        assert goals.groupby("person_id").goal.sum().reindex(own.index).equals(own)
    totals = found.totals.set_index("metric")
    assert totals.goal["new_customers"] == 161
    assert totals.goal["repeat"] == round(totals.last_12["repeat"] * 1.03)
    assert totals.goal["activities"] == 43_000
    assert list(found.goals.columns) == GOAL_COLUMNS


def test_a_derived_margin_keeps_the_rates_of_the_lines(
        truth: Case) -> None:
    tables, plan, forecast = truth
    totals = plan_metrics(plan, tables, forecast).totals.set_index("metric")
    orders = tables["orders"][tables["orders"].date >= "2025-07-01"]
    rates = orders.groupby("product_line")[["amount", "cost"]].sum()
    goals = plan.goals.groupby("product_line").goal.sum()
    plain = float((goals * (1 - rates.cost / rates.amount)).sum())
    assert totals.goal["margin"] == pytest.approx(plain, rel=.01)
    assert (totals.origin == "derived").all()
    assert totals.goal["repeat"] / 170_000_000 == pytest.approx(
        totals.last_12["repeat"] / orders.amount.sum(), rel=.001)


def test_a_newcomer_gets_more_than_the_few_months_on_record_show(
        truth: Case) -> None:
    tables, plan, forecast = truth
    own = plan_metrics(plan, tables, forecast).people.query("person_id == '00054'").set_index("metric")
    assert own.goal["repeat"] > 5 * own.last_12["repeat"]
    assert own.chance.between(.02, .95).all()


def test_months_before_joining_have_no_goal() -> None:
    tables = make_team()
    tables["orders"] = tables["orders"].assign(cost=tables["orders"].amount * .6)
    plan = plan_goals(tables, last_year(tables), START, unit=100)
    forecast = forecast_sales(monthly_sales(tables), START, people=tables["people"])
    goals = plan_metrics(plan, tables, forecast).goals.query("metric == 'margin'")
    assert goals[goals.person_id == "P004"].month.min() == pd.Timestamp("2026-03-01")
    assert goals[goals.person_id == "P005"].month.max() == pd.Timestamp("2026-06-01")


@pytest.mark.parametrize(("wishes", "code"), [
    ({"marign": 5}, "metrics.unknown"), ({"amount": 5}, "metrics.unknown"),
    ({"new_customers": 1.5}, "metrics.wish_unusable"), ({"new_customers": -3}, "metrics.wish_unusable"),
    ({"margin": 150}, "metrics.wish_unusable"), ({"repeat": "many"}, "metrics.wish_unusable"),
    ({"repeat": True}, "metrics.wish_unusable"), ({"margin": 180_000_000}, "metrics.margin_above_amount")])
def test_wishes_that_cannot_be_met_are_refused(truth: Case,
                                               wishes: dict[str, object], code: str) -> None:
    tables, plan, forecast = truth
    with pytest.raises(SalesgoalsError) as stopped:
        plan_metrics(plan, tables, forecast, wishes)
    assert stopped.value.problems[0].code == code


def test_goals_that_do_not_fit_together_are_doubted(
        truth: Case) -> None:
    tables, plan, forecast = truth
    found = plan_metrics(plan, tables, forecast, {"margin": 90_000_000, "new_customers": 400})
    assert {note.code for note in found.notes} == {"metrics.margin_rate_unheard", "metrics.unlikely"}
    quiet = plan_metrics(plan, tables, forecast, {"margin": 55_000_000, "new_customers": 120})
    assert quiet.notes == []


def test_the_chance_of_a_count_falls_as_the_goal_rises(
        truth: Case) -> None:
    tables, plan, forecast = truth
    chances = [plan_metrics(plan, tables, forecast, {"new_customers": goal}).totals.chance[0]
               for goal in (80, 120, 160)]
    assert 1 > chances[0] > chances[1] > chances[2] > 0


@given(weights=st.lists(st.floats(0, 50), min_size=2, max_size=7), total=st.integers(0, 60),
       months=st.integers(1, 5), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_shared_out_totals_are_exact_whatever_the_weights(weights: list[float], total: int, months: int,
                                                          seed: int) -> None:
    draw = np.random.default_rng(seed)
    share = draw.dirichlet(np.ones(months), len(weights)) * (draw.random((len(weights), 1)) > .2)
    if not share.any():
        share[0, 0] = 1
    people = pd.DataFrame({"person_id": [str(i) for i in range(len(weights))], "goal": 1,
                           "department": [f"d{i % 2}" for i in range(len(weights))],
                           "team": [f"t{i % 3}" for i in range(len(weights))]})
    pattern = Pattern(people, pd.date_range("2026-01-01", periods=months, freq="MS"), share)
    cells, decided = share_out(pattern, np.array(weights), total * 100, 100)
    assert cells.sum() == total * 100
    assert (cells >= 0).all()
    assert (cells % 100 == 0).all()
    assert not cells[share == 0].any()
    assert decided["month"].tolist() == cells.sum(0).tolist()
    assert decided["person"].tolist() == cells.sum(1).tolist()
    team = (people.department + "/" + people.team).to_numpy()
    assert all(cells[team == name].sum() == units for name, units in decided["team"].items())


def test_a_saved_plan_keeps_its_metrics_apart_from_its_amounts(company: Workspace) -> None:
    saved = make_plan(company, 170_000_000, "2026-07", unit=100, metrics={"new_customers": 150,
                                                                          "milestone": ""})
    save_plan(company, saved)
    goals = pd.read_csv(company.folder / "plan" / "goals.csv")
    sums = goals.groupby("metric").goal.sum()
    assert sums["amount"] == 170_000_000
    assert sums["new_customers"] == 150
    assert set(sums.index) == {"amount", "new_customers", "milestone"}
    proof = pd.read_csv(company.folder / "plan" / "goals_metrics_proof.csv")
    assert not proof.difference.any()
    assert load_plan(company).plan.goals.goal.sum() == 170_000_000
    origins = saved.studies["metrics_totals"].set_index("metric").origin
    assert (origins["new_customers"], origins["repeat"]) == ("wished", "derived")
    plain = replace(saved, parameters={})
    assert set(all_goals(plain).metric) == {"amount"}


def test_the_study_holds_every_table(truth: Case) -> None:
    tables, plan, forecast = truth
    study = study_metrics(tables, forecast, plan)
    assert set(study) == {f"metrics_{name}" for name in (
        "goals", "people", "totals", "known", "months", "milestones", "proof", "notes")}
    assert set(study["metrics_totals"].metric) <= set(METRICS)
    assert study["metrics_milestones"].person_id.unique().tolist() == ["00054"]
    dated = study["metrics_goals"].query("metric == 'milestone'")
    assert dated.goal.sum() == len(study["metrics_milestones"])
