from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sales_team import last_year, make_team

from salesgoals.allocation.limits import parse_limit
from salesgoals.allocation.proof import GOAL_COLUMNS, PROOF_COLUMNS, verify_plan
from salesgoals.decompose import METHODS, Plan, compare_methods, gains_and_losses, plan_goals
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import in_language

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return make_team()


@pytest.fixture(scope="module")
def total(tables: Tables) -> int:
    return last_year(tables)


@pytest.fixture(scope="module")
def plan(tables: Tables, total: int) -> Plan:
    return plan_goals(tables, total, "2026-01", unit=100)


def limits(*forms: str) -> pd.DataFrame:
    """Read "floor P001=500" and the like."""
    return pd.DataFrame([parse_limit(form.split(" ", 1)[1], form.split(" ", 1)[0]) for form in forms])


def amount(plan: Plan, **where: str) -> int:
    goals = plan.goals
    for column, value in where.items():
        goals = goals[goals[column] == (pd.Timestamp(value) if column == "month" else value)]
    return int(goals.goal.sum())


def assert_exact(plan: Plan, total: int, unit: int) -> None:
    """Recompute everything from the long table alone, with plain sums."""
    goals = plan.goals
    assert list(goals.columns) == GOAL_COLUMNS
    assert goals.goal.dtype == "int64"
    assert int(goals.goal.sum()) == total
    assert (goals.goal >= 0).all()
    assert (goals.goal % unit == 0).all()
    assert not goals.duplicated(["person_id", "month", "product_line"]).any()
    assert list(plan.proof.columns) == PROOF_COLUMNS
    assert (plan.proof.difference == 0).all()
    by_person = goals.groupby("person_id").goal.sum()
    assert plan.people.set_index("person_id").goal[by_person.index].tolist() == by_person.tolist()
    assert (verify_plan(goals, total).difference == 0).all()


def test_a_plan_adds_up_along_every_line(plan: Plan, total: int) -> None:
    assert_exact(plan, total, 100)
    levels = plan.proof.level.value_counts()
    named = ["company", "department", "team", "person", "month", "product_line"]
    assert levels[named].tolist() == [1, 2, 4, 11, 12, 3]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10 ** 8), st.sampled_from([1, 10, 100]), st.sampled_from(METHODS),
       st.sampled_from(["2026-01", "2026-04", "2025-11"]), st.integers(1, 14))
def test_any_total_unit_method_and_length_is_exact(tables: Tables, units: int, unit: int, method: str,
                                                   start: str, months: int) -> None:
    if method == "potential":
        method = "history"
    plan = plan_goals(tables, units * unit, start, months, method, unit)
    assert_exact(plan, units * unit, unit)
    assert plan.goals.month.nunique() == months


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 100_000))
def test_random_limits_hold_or_are_refused_by_name(tables: Tables, total: int, plan: Plan, seed: int) -> None:
    draw = np.random.default_rng(seed)
    names = ["P000", "P001", "P009", "P007@2026-02", "P008/L0", "T1", "T2@2026-03", "D0", "D1/L1", "2026-05",
             "L1"]
    wanted = []
    for name in draw.choice(names, 5, replace=False):
        place, _, month = name.partition("@")
        place, _, line = place.partition("/")
        where = {}
        if month:
            where["month"] = month
        if line:
            where["product_line"] = line
        columns = {"P": "person_id", "T": "team", "D": "department", "L": "product_line", "2": "month"}
        column = columns[place[0]]
        now = amount(plan, **{column: place}, **where)
        kind = str(draw.choice(["floor", "cap", "pin"]))
        level = int(now * draw.choice([.8, .9, 1.1, 1.2]) // 100 * 100)
        wanted.append((kind, name, column, place, where, level))
    table, refused = limits(*(f"{kind} {name}={level}" for kind, name, *_, level in wanted)), []
    try:
        result = plan_goals(tables, total, "2026-01", unit=100, limits=table)
    except SalesgoalsError as error:
        refused = [problem.code for problem in error.problems]
    assert set(refused) <= {"decompose.wishes_clash", "decompose.sum_impossible"}
    if refused:
        return
    assert_exact(result, total, 100)
    for kind, _, column, place, where, level in wanted:
        found = amount(result, **{column: place}, **where)
        assert found >= level or kind == "cap"
        assert found <= level or kind == "floor"


def test_all_kinds_of_limits_together(tables: Tables, total: int) -> None:
    plan = plan_goals(tables, total, "2026-01", unit=100, limits=limits(
        "pin P000=200000", "floor T1=800000", "cap 2026-02=150000", "pin L1=900000", "pin P001@2026-03=9000",
        "pin P002/L0=30000", "pin P007@2026-01/L0=1200", "floor P008@2026-04=11000", "cap P009@2026-04=5000",
        "pin D1/T3@2026-05=50000", "floor D0/L0=600000", "pin P002@2026-02=7000"))
    assert_exact(plan, total, 100)
    assert amount(plan, person_id="P000") == 200000
    assert amount(plan, team="T1") >= 800000
    assert amount(plan, month="2026-02") <= 150000
    assert amount(plan, product_line="L1") == 900000
    assert amount(plan, person_id="P001", month="2026-03") == 9000
    assert amount(plan, person_id="P002", product_line="L0") == 30000
    assert amount(plan, person_id="P007", month="2026-01", product_line="L0") == 1200
    assert amount(plan, person_id="P008", month="2026-04") >= 11000
    assert amount(plan, person_id="P009", month="2026-04") <= 5000
    assert amount(plan, team="T3", month="2026-05") == 50000
    assert amount(plan, department="D0", product_line="L0") >= 600000
    assert amount(plan, person_id="P002", month="2026-02") == 7000


def test_a_floor_for_everybody_and_month_under_a_tight_month(tables: Tables, total: int) -> None:
    forms = [f"floor P{n:03d}@2026-{m:02d}=2000"
             for n in range(12) for m in range(1, 13) if n not in (4, 5, 6)]
    plan = plan_goals(tables, total, "2026-01", unit=100, limits=limits(*forms, "cap 2026-01=100000"))
    assert_exact(plan, total, 100)
    there = plan.goals[~plan.goals.person_id.isin(["P004", "P005"])]
    assert there.groupby(["person_id", "month"]).goal.sum().min() >= 2000
    assert amount(plan, month="2026-01") <= 100000


def test_newcomers_and_leavers(plan: Plan) -> None:
    months = plan.goals.groupby("person_id").month.agg(["min", "max"])
    assert months.loc["P004", "min"] == pd.Timestamp("2026-03-01")
    assert months.loc["P005", "max"] == pd.Timestamp("2026-06-01")
    assert "P006" not in months.index
    people = plan.people.set_index("person_id")
    assert people.ramp["P004"] < people.ramp["P000"] == 1
    assert np.isnan(people.growth["P004"])
    assert people.growth["P000"] == pytest.approx(people.goal["P000"] / people.last_12["P000"] - 1)
    rising = plan.goals[plan.goals.person_id == "P004"].groupby("month").goal.sum()
    assert rising.iloc[1] < rising.iloc[-1]


def test_blank_is_not_zero_in_goals(plan: Plan) -> None:
    never_sold = (plan.goals.person_id == "P001") & (plan.goals.product_line == "L2")
    assert not never_sold.any()
    small = plan_goals(make_team(), 100, "2026-01", unit=100)
    assert (small.goals.goal == 0).sum() > 50  # one unit for all: the others have a goal of 0, and it says so
    assert small.goals.goal.sum() == 100


def test_lines_never_sold_are_opened_only_if_needed(tables: Tables, total: int, plan: Plan) -> None:
    assert "decompose.lines_opened" not in [note.code for note in plan.notes]
    forced = plan_goals(tables, total, "2026-01", unit=100, limits=limits("pin P001/L2=10000"))
    assert_exact(forced, total, 100)
    assert amount(forced, person_id="P001", product_line="L2") == 10000
    note, = (note for note in forced.notes if note.code == "decompose.lines_opened")
    assert (note.values["line"], note.values["count"], note.values["amount"]) == ("L2", 1, 10000)


def test_two_runs_are_the_same_and_inputs_stay(tables: Tables, total: int, plan: Plan) -> None:
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    again = plan_goals(tables, total, "2026-01", unit=100)
    pd.testing.assert_frame_equal(plan.goals, again.goals)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_order_of_rows_changes_nothing(tables: Tables, total: int, plan: Plan) -> None:
    mixed = {name: table.sample(frac=1, random_state=1).reset_index(drop=True) if len(table) else table
             for name, table in tables.items()}
    other = plan_goals(mixed, total, "2026-01", unit=100)
    one, two = (made.goals.set_index(["person_id", "month", "product_line"]).goal.sort_index()
                for made in (plan, other))
    assert (one != two).mean() < .01  # sums of sales in another order may turn a tie


def test_a_thousand_times_larger_company_has_the_same_plan(total: int, tables: Tables, plan: Plan) -> None:
    larger = {**tables, "orders": tables["orders"].assign(amount=tables["orders"].amount * 1000)}
    goals = plan_goals(larger, total * 1000, "2026-01", unit=100_000).goals
    assert (goals.goal // 1000 != plan.goals.goal).mean() < .01
    assert goals.goal.sum() == total * 1000


def test_a_stranger_can_check_the_csv(plan: Plan, total: int) -> None:
    text = plan.goals.assign(month=plan.goals.month.dt.strftime("%Y-%m")).to_csv(index=False)
    read = pd.read_csv(io.StringIO(text), dtype={"person_id": str})
    assert (verify_plan(read, total).difference == 0).all()
    read.loc[5, "goal"] += 100
    with pytest.raises(SalesgoalsError, match="100 off"):
        verify_plan(read, total)


@pytest.mark.parametrize(("change", "code"), [
    ({"total": float("nan")}, "total_not_finite"), ({"total": float("inf")}, "total_not_finite"),
    ({"total": -5}, "total_not_positive"), ({"total": 0}, "total_not_positive"),
    ({"total": "1000"}, "total_not_number"), ({"total": None}, "total_not_number"),
    ({"total": True}, "total_not_number"), ({"total": 150}, "total_not_multiple"),
    ({"total": 100.5}, "total_not_multiple"), ({"start": "2026-13"}, "start_wrong"),
    ({"start": "January"}, "start_wrong"), ({"start": None}, "start_wrong"),
    ({"months": 0}, "months_wrong"), ({"months": 2.5}, "months_wrong"), ({"months": "12"}, "months_wrong"),
    ({"unit": 0}, "unit_wrong"), ({"unit": 1.5}, "unit_wrong"), ({"method": "histroy"}, "method_unknown"),
    ({"method": "potential"}, "no_potential"), ({"start": "2020-01"}, "no_sales")])
def test_wrong_parameters_are_named(tables: Tables, change: dict[str, object], code: str) -> None:
    asked = {"total": 1000, "start": "2026-01", "unit": 100, **change}
    with pytest.raises(SalesgoalsError) as error:
        plan_goals(tables, **asked)  # type: ignore[arg-type]
    assert [problem.code for problem in error.value.problems] == [f"decompose.{code}"]
    for language in ("zh", "en"):
        with in_language(language):
            assert len(str(error.value)) > 20


def test_everything_wrong_is_told_at_once(tables: Tables) -> None:
    with pytest.raises(SalesgoalsError) as error:
        plan_goals(tables, -1, "2026-01", unit=100, method="x",
                   limits=limits("pin P999=100", "cap Wang Wei=5"))
    assert [problem.code.removeprefix("decompose.") for problem in error.value.problems] == [
        "total_not_positive", "method_unknown", "unknown.any", "name_shared"]


def test_a_total_between_two_units_offers_both(tables: Tables) -> None:
    with pytest.raises(SalesgoalsError, match=r"1,200 and 1,300"):
        plan_goals(tables, 1234, "2026-01", unit=100)


def test_wishes_that_only_the_calendar_forbids_are_named(tables: Tables, total: int) -> None:
    with pytest.raises(SalesgoalsError, match='"2026-01"'):  # the newcomer of March cannot sell in January
        plan_goals(tables, total, "2026-01", unit=100,
                   limits=limits(f"pin 2026-01={total - 100000}", "floor P004=500000"))


def test_one_person_alone() -> None:
    tables = {name: empty_table(name) for name in TABLES}
    tables["orders"] = as_table("orders", pd.DataFrame({
        "date": pd.date_range("2025-10-05", periods=3, freq="MS"), "person_id": "1",
        "amount": [5.0, 7.0, 6.0]}))
    plan = plan_goals(tables, 1001, "2026-01")
    assert_exact(plan, 1001, 1)
    assert plan.goals.department.unique().tolist() == ["whole company"]
    assert plan.goals.product_line.unique().tolist() == ["all products"]


def test_people_without_team_and_teams_without_people(tables: Tables, total: int) -> None:
    membership = tables["membership"]
    fewer = membership[membership.person_id != "P000"]
    empty = as_table("membership", pd.DataFrame({"person_id": ["x"], "department": ["D9"], "team": ["T9"]}))
    joined = pd.concat([fewer, empty], ignore_index=True)
    plan = plan_goals({**tables, "membership": joined}, total, "2026-01", unit=100)
    assert_exact(plan, total, 100)
    assert plan.people.set_index("person_id").team["P000"] == "no team"
    codes = [note.code for note in plan.notes]
    assert "decompose.without_team" in codes
    assert "D9/T9" in next(note for note in plan.notes if note.code == "decompose.empty_teams").text()


def test_a_move_within_the_plan_is_told(tables: Tables, total: int) -> None:
    moved = tables["membership"].copy()
    moved.loc[moved.person_id == "P000", "valid_to"] = pd.Timestamp("2026-03-31")
    later = as_table("membership", pd.DataFrame({"person_id": ["P000"], "department": ["D1"], "team": ["T1"],
                                                 "valid_from": [pd.Timestamp("2026-04-01")]}))
    joined = pd.concat([moved, later], ignore_index=True)
    plan = plan_goals({**tables, "membership": joined}, total, "2026-01", unit=100)
    assert plan.people.set_index("person_id").team["P000"] == "T0"
    assert "decompose.moves_ahead" in [note.code for note in plan.notes]


def test_methods_side_by_side_all_add_up(tables: Tables, total: int) -> None:
    table = compare_methods(tables, total, "2026-01", unit=100)
    assert list(table.columns) == ["person_id", "person", "department", "team", "last_12", *METHODS]
    for method in METHODS:
        if method == "potential":
            assert table.potential.isna().all()
            continue
        assert table[method].sum() == total
        assert (table[method] % 100 == 0).all()
        alone = plan_goals(tables, total, "2026-01", unit=100, method=method).people
        assert alone.set_index("person_id").goal[table.person_id].tolist() == table[method].tolist()
    assert "decompose.no_potential" in [note.code for note in table.attrs["notes"]]


def test_who_gains_and_who_loses(tables: Tables, total: int) -> None:
    table = compare_methods(tables, total, "2026-01", unit=100)
    changes = gains_and_losses(table)
    assert set(changes.method) == {"equal", "capability", "equal_chance"}
    assert (changes.groupby("method").change.sum() == 0).all()
    equal = changes[changes.method == "equal"]
    smallest = table.sort_values("history").person_id[table.person_id.isin(equal.person_id)]
    assert equal.person_id.iloc[0] in smallest.iloc[:5].tolist()
    assert equal.change.is_monotonic_decreasing


def test_limits_hold_in_the_comparison_too(tables: Tables, total: int) -> None:
    table = compare_methods(tables, total, "2026-01", unit=100, limits=limits("pin P000=100000"))
    assert table.set_index("person_id").loc["P000", ["equal", "history"]].tolist() == [100000, 100000]


def test_chances_stand_beside_the_goals(tables: Tables) -> None:
    modest = plan_goals(tables, last_year(tables, .7), "2026-01", unit=100).people
    bold = plan_goals(tables, last_year(tables, 1.6), "2026-01", unit=100).people
    old = ~modest.person_id.isin(["P003", "P004", "P005"])
    assert modest.chance[old].min() > .7
    assert bold.chance[old].max() < .3


def test_notes_say_each_thing_once_in_both_languages(tables: Tables, total: int) -> None:
    late = plan_goals(tables, total, "2026-04", unit=100)
    codes = [note.code for note in late.notes]
    assert len(codes) == len(set(codes))
    assert "decompose.sales_end_early" in codes
    for language in ("zh", "en"):
        with in_language(language):
            assert all("{" not in note.text() for note in late.notes)
