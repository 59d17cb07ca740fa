"""Is the split fair: the sample's planted facts are found, companies without any are left in peace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from company_of_truth import true_tables
from paths import load_benchmark
from scipy import stats

import salesgoals as sg
from salesgoals.allocation.crew import gather_crew
from salesgoals.allocation.weights import weigh_people
from salesgoals.fairness.one_order import find_one_orders
from salesgoals.fairness.yardsticks import weigh_goals
from salesgoals.history import credited_sales
from salesgoals.plans import make_plan, save_plan
from salesgoals.readers import open_report
from salesgoals.review import judge_fairness, judge_past_goals, study_review
from salesgoals.tables import as_table, empty_table, write_table
from salesgoals.workspace import new_workspace, open_workspace

SEEDS = range(1000, 1012)


BENCHMARK = load_benchmark("fairness")


@pytest.fixture(scope="module")
def truth() -> dict[str, pd.DataFrame]:
    return true_tables()


def unfair(questions: pd.DataFrame) -> list[str]:
    return questions.question[questions.verdict == "unfair"].tolist()


@pytest.fixture(scope="module")
def splits(truth: dict[str, pd.DataFrame]) -> dict[str, Any]:
    crew = gather_crew(truth, pd.Timestamp("2026-07-01"), 12)
    weights = weigh_people(crew, truth, 1.1 * float(crew.forecast.unit["mean"]))
    plans = {method: BENCHMARK.split(crew, weights, method, 1.1)
             for method in ("history", "equal_chance", "equal")}
    return {"crew": crew, "weights": weights, **plans}


def judged(splits: dict[str, Any], people: pd.DataFrame, tables: dict[str, pd.DataFrame], method: str) -> str:
    return str(BENCHMARK.judge(splits["crew"], people, splits["weights"], tables, method))


def test_the_sample_company_is_judged_as_it_was_planted(splits: dict[str, Any],
                                                        truth: dict[str, pd.DataFrame]) -> None:
    # the lucky veteran stands out under every method; an equal split wrongs those who sell little
    assert judged(splits, splits["history"], truth, "history") == "one_order"
    assert judged(splits, splits["equal_chance"], truth, "equal_chance") == "one_order"
    assert "size" in judged(splits, splits["equal"], truth, "equal")
    orders = find_one_orders(credited_sales(truth), splits["history"], pd.Timestamp("2026-07-01"))
    assert orders.person_id.tolist() == ["00008"]
    assert orders.share.iloc[0] == pytest.approx(.7937, abs=1e-4)


def test_the_past_goals_of_the_sample_were_unfair(truth: dict[str, pd.DataFrame]) -> None:
    past = judge_past_goals(truth)
    assert past.verdict == "unfair"
    assert unfair(past.questions) == ["newcomers", "ratchet"]
    rounds = past.rounds.set_index("round")
    assert rounds.attainment.round(4).to_dict() == {2025: 1.0385, 2026: .8488}
    assert rounds.people.to_dict() == {2025: 34, 2026: 34}
    assert (rounds.share_at_goal * rounds.people).round().to_dict() == {2025: 15, 2026: 14}
    assert rounds.uplift[2025] == pytest.approx(.18, abs=.005)
    assert (rounds.alike > .8).all()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[str]]:
    """24 random companies, each split fairly in three ways and unfairly in four."""
    found: dict[str, list[str]] = {}
    for seed in SEEDS:
        for make in (BENCHMARK.plain_company, BENCHMARK.monthly_company):
            draw, parts = np.random.default_rng(seed), make(seed)
            tables = BENCHMARK.canonical(parts)
            crew = gather_crew(tables, BENCHMARK.START, 12)
            weights = weigh_people(crew, tables, 1.1 * float(crew.forecast.unit["mean"]))
            plans = {name: BENCHMARK.split(crew, weights, name, 1.1)
                     for name in (*BENCHMARK.FAIR_METHODS, "equal")}
            plans["overloaded"] = BENCHMARK.overload(plans["history"], .25, draw)
            for name, people in plans.items():
                if people is not None:
                    found.setdefault(name, []).append(
                        BENCHMARK.judge(crew, people, weights, tables, name))
            found.setdefault("due", []).append(judge_past_goals(
                BENCHMARK.canonical(BENCHMARK.with_goals(parts, None, draw))).verdict)
    return found


def test_fair_plans_of_companies_without_a_story_are_rarely_blamed(verdicts: dict[str, list[str]]) -> None:
    most = stats.binom.ppf(.999, 2 * len(SEEDS), .05)
    for method in BENCHMARK.FAIR_METHODS:
        assert len(verdicts[method]) == 2 * len(SEEDS)
        assert sum(verdict not in ("fair", "too_few") for verdict in verdicts[method]) <= most
    assert sum(verdict == "unfair" for verdict in verdicts["due"]) <= most


def test_what_is_wrong_is_found(verdicts: dict[str, list[str]]) -> None:
    assert np.mean([verdict != "fair" for verdict in verdicts["equal"]]) >= .9
    assert np.mean(["teams" in verdict or "departments" in verdict
                    for verdict in verdicts["overloaded"]]) >= .7


def test_a_plan_made_and_read_as_users_do_says_the_same(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="random")
    parts = BENCHMARK.monthly_company(1003)
    for name in ("people", "membership", "orders"):
        write_table(workspace.folder / "tables", name, as_table(name, parts[name]))
    workspace = open_workspace(workspace.folder)
    total = round(float(parts["orders"].amount.sum()) / 2.5)
    verdict = {}
    for method in ("capability", "equal"):
        saved = make_plan(workspace, total, "2026-07", method=method, unit=1)
        save_plan(workspace, saved)
        direct = judge_fairness(saved.plan, saved.forecast, workspace.tables, saved.weights)
        report = open_report(workspace)
        assert report.study("review_verdict").verdict.tolist() == [direct.verdict]
        assert report.study("review_people").person_id.tolist() == direct.people.person_id.tolist()
        own = open_report(workspace, "person", direct.people.person_id[0])
        assert len(own.study("review_people")) == 1
        assert own.study("review_questions").empty
        verdict[method] = direct.verdict
    assert verdict == {"capability": "fair", "equal": "unfair"}


def test_loads_are_relative_and_know_nothing_of_units(splits: dict[str, Any]) -> None:
    people, parts = splits["history"], splits["weights"].parts
    loads = weigh_goals(people, splits["crew"].forecast, parts, "history")
    double = weigh_goals(people.assign(goal=people.goal * 2), splits["crew"].forecast, parts, "history")
    plain = ["records", "capability"]
    pd.testing.assert_frame_equal(loads.logs[plain], double.logs[plain])
    for name in loads.sizes:     # every yardstick shares out the same total
        assert np.exp(loads.sizes[name]).sum() == pytest.approx(float(people.goal.sum()))
    assert (loads.low <= loads.high).all()
    assert np.abs(loads.logs.records).max() < 1e-3


def test_heavy_single_goals_are_named(splits: dict[str, Any], truth: dict[str, pd.DataFrame]) -> None:
    people = splits["history"].copy()
    people.loc[people.person_id == "00014", "goal"] *= 4
    assert judged(splits, people, truth, "history") == "people+one_order"


def test_few_people_and_no_goals_are_said_to_be_too_few(truth: dict[str, pd.DataFrame],
                                                       splits: dict[str, Any]) -> None:
    few = splits["history"].head(4)
    assert judged(splits, few, truth, "history") == "too_few"
    nothing = judge_past_goals(truth | {"goals": empty_table("goals")})
    assert (nothing.verdict, len(nothing.questions), len(nothing.rounds)) == ("no_goals", 0, 0)
    goals = truth["goals"]
    three = goals[goals.person_id.isin(goals.person_id.dropna().unique()[:3])]
    assert judge_past_goals(truth | {"goals": three}).verdict == "too_few"


def test_goals_written_down_afterwards_are_doubted(truth: dict[str, pd.DataFrame]) -> None:
    attained = sg.attainment(truth)
    close = np.random.default_rng(1).normal(1.2, .02, len(attained))
    goals = truth["goals"].assign(goal=(attained.actual.clip(lower=1) * close).round())
    past = judge_past_goals(truth | {"goals": as_table("goals", goals)})
    assert past.verdict == "doubt"
    assert past.questions.set_index("question").verdict["afterwards"] == "doubt"


def test_goals_of_public_data_look_derived_from_the_results(shared_data: Path) -> None:
    sales, quota = (pd.read_parquet(shared_data / "adventureworks_dw" / f"Fact{name}.parquet")
                    for name in ("ResellerSales", "SalesQuota"))
    past = judge_past_goals(BENCHMARK.canonical({
        "orders": pd.DataFrame({"date": sales.OrderDate, "person_id": sales.EmployeeKey.astype(str),
                                "amount": sales.SalesAmount.astype(float)}),
        "goals": pd.DataFrame({"person_id": quota.EmployeeKey.astype(str), "period_start": quota.Date,
                               "goal": quota.SalesAmountQuota.astype(float)})}))
    assert past.verdict == "doubt"
    afterwards = past.questions.set_index("question").loc["afterwards"]
    assert afterwards.inside < .08 < .25 < afterwards.outside      # spread around goals, and around last year


def test_the_study_holds_no_words_and_names_nobody_it_should_not(truth: dict[str, pd.DataFrame]) -> None:
    start = "2026-07"
    plan = sg.plan_goals(truth, 180_000_000, start, unit=100)
    sales = sg.monthly_sales(truth).query("person_id != ''")
    forecast = sg.forecast_sales(sales, start, people=truth["people"])
    study = study_review(truth, forecast, plan)
    assert set(study) == {"review_verdict", "review_questions", "review_groups", "review_spread",
                          "review_people", "review_orders", "review_past", "review_past_rounds",
                          "review_past_people"}
    assert {name for name, table in study.items() if "person_id" in table} == {
        "review_people", "review_past_people"}
    assert len(study["review_people"]) == 34


def test_huge_orders_are_no_luck_where_they_are_the_trade() -> None:
    """Companies whose orders follow a power law live on rare huge orders: one of them is no finding."""
    found = 0
    for seed in range(40):
        draw = np.random.default_rng(seed)
        orders = 800
        sales = pd.DataFrame({
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 911, orders), unit="D"),
            "person_id": draw.integers(0, 20, orders).astype(str), "account_id": "a",
            "amount": 1000 * (1 + draw.pareto(1.3, orders))})
        recent = sales[sales.date >= "2025-07-01"].groupby("person_id", as_index=False).amount.sum()
        people = recent.rename(columns={"amount": "goal"})
        found += len(find_one_orders(sales, people, pd.Timestamp("2026-07-01"))) > 0
    assert found <= stats.binom.ppf(.999, 40, .05)
