"""SMART and the four errors: every rule is seen to pass and to fail, on plans made for the purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from company import true_workspace

from salesgoals.decompose import plan_goals
from salesgoals.forecast import forecast_sales
from salesgoals.history import monthly_sales
from salesgoals.judging.lines import line_margins
from salesgoals.problems import SalesgoalsError
from salesgoals.show.smart_parts import readable_findings, say_finding
from salesgoals.smart import check_goals, check_own_goals, check_past_goals, goals_of_year
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import all_words, in_language

Tables = dict[str, pd.DataFrame]
LEVELS = np.array([80., 100., 130., 160., 200., 90., 110., 150.]) * 1000
MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")
FIRST_YEAR = pd.date_range("2024-01-01", periods=12, freq="MS")
MID_YEAR = pd.date_range("2024-06-01", periods=12, freq="MS")
RULES = ("specific", "measurable", "achievable", "relevant", "time_bound", "only_revenue", "market_ignored",
         "one_size", "no_process")


@lru_cache
def make_tables(market: float | None = .05, activities: bool = True, cost: bool = True,
                falling: bool = False) -> Tables:
    """Eight people of different size, two product lines, two years of calm records."""
    draw = np.random.default_rng(11)
    tables = {name: empty_table(name) for name in TABLES}
    ids = [f"P{number}" for number in range(len(LEVELS))]
    rows = []
    for at, month in enumerate(pd.date_range("2024-01-01", periods=24, freq="MS")):
        for person, level in zip(ids, LEVELS, strict=True):
            for line, share in (("pumps", .6), ("filters", .4)):
                amount = round(level * share * draw.lognormal(0, .08), 2)
                rate = .38 - (.10 if falling and line == "pumps" and at >= 12 else 0) + draw.normal(0, .005)
                rows.append((month + pd.Timedelta(days=9), person, f"A{at}{person}", line, amount,
                             round(amount * (1 - rate), 2) if cost else None))
    tables["orders"] = as_table("orders", pd.DataFrame(
        rows, columns=["date", "person_id", "account_id", "product_line", "amount", "cost"]))
    tables["people"] = as_table("people", pd.DataFrame(
        {"person_id": ids, "name": ids, "hire_date": pd.Timestamp("2020-01-01")}))
    tables["membership"] = as_table("membership", pd.DataFrame(
        {"person_id": ids, "department": "D", "team": "T", "valid_from": pd.Timestamp("2020-01-01")}))
    if market is not None:
        tables["market"] = as_table("market", pd.DataFrame(
            {"month": pd.date_range("2024-01-01", periods=24, freq="MS"), "growth": market, "source": "s"}))
    if activities:
        tables["activities"] = as_table("activities", pd.DataFrame(
            {"date": pd.date_range("2025-01-05", periods=50, freq="W"), "person_id": "P0", "type": "visit"}))
    return tables


def make_goals(tables: Tables, growth: Any = None, shares: Any = None, months: pd.DatetimeIndex = MONTHS,
               length: int = 1, **columns: Any) -> pd.DataFrame:
    """Goals by person and month on last year's sales; by default everybody grows by something else."""
    sold = monthly_sales(tables)
    base = sold[sold.month >= "2025-01-01"].groupby("person_id").amount.sum()
    rises = np.linspace(-.03, .09, len(base)) if growth is None else growth
    yearly = base * (1 + pd.Series(rises, index=base.index)) if not isinstance(rises, pd.Series) else rises
    share = np.full(len(months), 1 / len(months)) if shares is None else np.asarray(shares)
    rows = [(person, month, month + pd.DateOffset(months=length) - pd.Timedelta(days=1), float(goal * part))
            for person, goal in yearly.items() for month, part in zip(months, share, strict=True)]
    table = pd.DataFrame(rows, columns=["person_id", "period_start", "period_end", "goal"])
    table = table.assign(**{"person": table.person_id, "department": "D", "team": "T", "metric": "amount",
                            "unit": "CNY", **columns})
    return as_table("goals", table)


def add(goals: pd.DataFrame, metric: str) -> pd.DataFrame:
    more = goals.assign(metric=metric, goal=3.)
    return pd.concat([goals, more], ignore_index=True)


def found(tables: Tables, goals: pd.DataFrame) -> pd.DataFrame:
    return check_goals(tables, goals).set_index("rule")


CALM = make_tables()
GOOD = make_goals(CALM)
FULL = add(add(GOOD, "margin"), "activities")
LATE = np.r_[np.full(9, .05), .15, .18, .22]
UNLIKE = np.r_[.16, .15, .14, np.full(8, .06), .07]

#: rule -> (goals that pass), (what fails it: tables, goals, verdict, code)
FAILS: dict[str, list[tuple[Callable[[], tuple[Tables, pd.DataFrame]], str, str]]] = {
    "specific": [
        (lambda: (CALM, GOOD[GOOD.person_id != "P3"]), "bad", "specific_missing"),
        (lambda: (CALM, GOOD[(GOOD.person_id != "P3") | (GOOD.period_start < "2026-07-01")]), "bad",
         "specific_missing"),
        (lambda: (CALM, GOOD.assign(person_id=None, goal=5.)), "bad", "specific_nobody"),
        (lambda: (CALM, GOOD.assign(metric=None)), "warn", "specific_unnamed"),
        (lambda: (CALM, GOOD.assign(goal=GOOD.goal.where(GOOD.person_id != "P3", 0.))), "warn",
         "specific_zero"),
    ],
    "measurable": [
        (lambda: (make_tables(cost=False), add(GOOD, "margin")), "bad", "measurable_no_cost"),
        (lambda: (make_tables(activities=False), add(GOOD, "activities")), "bad", "measurable_no_activities"),
        (lambda: (CALM, add(GOOD, "smiles")), "bad", "measurable_unknown"),
    ],
    "achievable": [
        (lambda: (CALM, make_goals(CALM, .5)), "bad", "achievable_people"),
        (lambda: (CALM, make_goals(CALM, np.r_[.9, np.full(7, -.12)])), "warn", "achievable_people"),
        (lambda: (CALM, make_goals(CALM, months=FIRST_YEAR)), "unknown", "achievable_unknown"),
    ],
    "relevant": [
        (lambda: (CALM, make_goals(CALM, .8)), "warn", "relevant_above"),
        (lambda: (CALM, make_goals(CALM, -.6)), "warn", "relevant_below"),
        (lambda: (CALM, make_goals(CALM, months=FIRST_YEAR)), "unknown", "relevant_unknown"),
    ],
    "time_bound": [
        (lambda: (CALM, make_goals(CALM, months=MONTHS[:1], length=12)), "bad", "time_long"),
        (lambda: (CALM, make_goals(CALM, months=MONTHS[::3], length=3)), "warn", "time_long"),
        (lambda: (CALM, make_goals(CALM, shares=LATE)), "bad", "time_late"),
        (lambda: (CALM, make_goals(CALM, shares=UNLIKE)), "warn", "time_unlike"),
    ],
    "only_revenue": [
        (lambda: (CALM, GOOD), "warn", "revenue_only"),
        (lambda: (make_tables(cost=False), GOOD), "warn", "revenue_no_cost"),
        (lambda: (make_tables(falling=True), GOOD), "bad", "revenue_falling"),
        (lambda: (make_tables(falling=True), add(GOOD, "new_customers")), "warn", "revenue_no_margin"),
        (lambda: (make_tables(falling=True), FULL), "warn", "revenue_margin_falling"),
    ],
    "market_ignored": [
        (lambda: (CALM, make_goals(CALM, .3)), "warn", "market_above"),
        (lambda: (make_tables(market=.25), GOOD), "warn", "market_below"),
        (lambda: (make_tables(market=None), GOOD), "unknown", "market_unknown"),
        (lambda: (CALM, make_goals(CALM, months=MID_YEAR)), "unknown", "market_no_base"),
    ],
    "one_size": [
        (lambda: (CALM, make_goals(CALM, .18)), "bad", "size_same_rise"),
        (lambda: (CALM, make_goals(CALM, pd.Series(1_500_000., index=[f"P{n}" for n in range(8)]))), "bad",
         "size_same_amount"),
        (lambda: (CALM, make_goals(CALM, np.r_[-.3, -.25, -.2, -.15, .15, .2, .25, .3])), "warn",
         "size_spread"),
        (lambda: (CALM, GOOD[GOOD.person_id.isin(["P1", "P2"])]), "unknown", "size_few"),
    ],
    "no_process": [
        (lambda: (CALM, GOOD), "warn", "process_possible"),
        (lambda: (make_tables(activities=False), GOOD), "warn", "process_no_records"),
    ]}


def test_good_goals_pass_every_rule() -> None:
    verdicts = found(CALM, FULL).verdict
    assert list(verdicts.index) == list(RULES)
    assert (verdicts == "good").all(), verdicts


@pytest.mark.parametrize(("rule", "number"), [(rule, at) for rule in RULES for at in range(len(FAILS[rule]))])
def test_a_rule_fails_where_it_should(rule: str, number: int) -> None:
    make, verdict, code = FAILS[rule][number]
    row = found(*make()).loc[rule]
    assert (row.verdict, row.code) == (verdict, code)
    assert isinstance(json.loads(row["values"]), dict)


def test_the_evidence_is_right() -> None:
    rise = json.loads(found(CALM, make_goals(CALM, .18)).loc["one_size", "values"])
    assert rise["growth"] == pytest.approx(.18, abs=1e-6)
    assert (rise["people"], rise["of"]) == (8, 8)
    late = json.loads(found(CALM, make_goals(CALM, shares=LATE)).loc["time_bound", "values"])
    assert late["share_late"] == pytest.approx(.55)
    assert late["share_usual"] == pytest.approx(.25, abs=.02)
    gone = json.loads(found(CALM, GOOD[GOOD.person_id != "P3"]).loc["specific", "values"])
    assert (gone["names"], gone["months"]) == (["P3"], 12)
    falling = json.loads(found(make_tables(falling=True), GOOD).loc["only_revenue", "values"])
    assert falling["line"] == "pumps"
    assert falling["share_before"] - falling["share_now"] == pytest.approx(.10, abs=.01)


def test_calm_margins_never_fall() -> None:
    alarms = 0
    for seed in range(30):
        draw = np.random.default_rng(seed)
        tables = {name: empty_table(name) for name in TABLES}
        month = np.repeat(pd.date_range("2024-01-01", periods=24, freq="MS"), 20)
        amount = draw.lognormal(9, .6, len(month))
        tables["orders"] = as_table("orders", pd.DataFrame({
            "date": month, "person_id": "1", "amount": amount,
            "product_line": draw.choice(list("abcde"), len(month)),
            "cost": amount * (.65 + draw.normal(0, .08, len(month)))}))
        alarms += int(line_margins(tables, pd.Timestamp("2026-01-01")).falls.any())
    assert alarms <= 4  # of 30 companies with 5 lines each


def test_a_plan_of_ours_can_be_checked_and_passes_where_it_is_sound() -> None:
    plan = plan_goals(CALM, 12_500_000, "2026-01", method="equal_chance", unit=100)
    forecast = forecast_sales(monthly_sales(CALM), "2026-01", people=CALM["people"])
    verdicts = check_goals(CALM, plan.goals, forecast).set_index("rule").verdict
    assert verdicts["specific"] == verdicts["measurable"] == verdicts["time_bound"] == "good"
    own = check_own_goals(plan, forecast, monthly_sales(CALM)).set_index("rule")
    assert set(own.index) == {"specific", "achievable", "relevant", "time_bound", "one_size"}
    assert own.verdict["specific"] == "good"


def test_inputs_stay_as_they_were() -> None:
    goals, before = GOOD.copy(), {name: table.copy() for name, table in CALM.items()}
    check_goals(CALM, goals)
    pd.testing.assert_frame_equal(goals, GOOD)
    for name, table in CALM.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_no_goals_is_a_sentence_or_nothing() -> None:
    with pytest.raises(SalesgoalsError, match="no goals to check"):
        check_goals(CALM, GOOD.iloc[:0])
    assert check_past_goals(CALM).empty
    assert goals_of_year(CALM).empty


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return dict(true_workspace(tmp_path_factory.mktemp("smart") / "w").tables)


@pytest.mark.parametrize(("year", "code", "rise"), [(2025, "size_same_rise", .18),
                                                    (2026, "size_same_share", .15)])
def test_the_planted_goals_are_found_out(sample: Tables, year: int, code: str, rise: float) -> None:
    rows = check_past_goals(sample, year, "CN").set_index("rule")
    assert (rows.verdict["one_size"], rows.code["one_size"]) == ("bad", code)
    assert json.loads(rows["values"]["one_size"])["growth"] == pytest.approx(rise, abs=.002)
    assert (rows.verdict["only_revenue"], rows.code["only_revenue"]) == ("bad", "revenue_falling")
    assert json.loads(rows["values"]["only_revenue"])["line"] == "商用净水机"
    assert rows.verdict["no_process"] == "warn"


def test_goals_are_picked_by_year(sample: Tables) -> None:
    assert goals_of_year(sample).period_start.dt.year.unique().tolist() == [2026]
    assert len(goals_of_year(sample, 2025)) + len(goals_of_year(sample, 2026)) == len(sample["goals"])


def test_every_finding_is_a_sentence_in_both_languages() -> None:
    tables = [check_goals(CALM, FULL), *(found(*cases[0][0]()).reset_index() for cases in FAILS.values())]
    rows = pd.concat(tables).drop_duplicates("code")
    assert len(rows) >= 18
    for language in ("zh", "en"):
        with in_language(language):
            for code, values in zip(rows.code, rows["values"], strict=True):
                text = say_finding(code, values, "CNY")
                assert not re.search(r"\{|nan|None", text), text
                assert bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh"), text
            assert len(repr(readable_findings(tables[0], "CNY")).splitlines()) == 10


def test_every_code_of_the_rules_has_words() -> None:
    folder = Path(line_margins.__code__.co_filename).parent
    text = "".join((folder / name).read_text(encoding="utf-8")
                   for name in ("smart_rules.py", "error_rules.py"))
    begins = "specific|measurable|achievable|relevant|time|revenue|market|size|process"
    codes = set(re.findall(rf'"((?:{begins})_\w+)"', text)) - {"market_ignored", "time_bound"}
    assert len(codes) > 30
    assert {f"smart.{code}" for code in codes} <= set(all_words())
