"""Pay statements: exact to the fen, monotone, nothing lost between periods, nothing paid twice."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paying_team import make_goals, make_plan

import salesgoals as sg
from salesgoals.paying.curve import exact_lines, flats, jumps, pay_share, pieces, share_of_pay, to_fen
from salesgoals.paying.scheme import Curve
from salesgoals.problems import SalesgoalsError

hundredth = st.integers(0, 100).map(lambda number: Decimal(number) / 100)
rate = st.integers(0, 50).map(lambda number: Decimal(number) / 10)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    cap = draw(st.none() | st.integers(100, 400).map(lambda number: Decimal(number) / 100))
    if draw(st.booleans()):
        below = sorted(draw(st.lists(st.integers(0, 99), max_size=2, unique=True)))
        above = sorted(draw(st.lists(st.integers(101, 200), max_size=2, unique=True)))
        low = sorted(draw(st.lists(hundredth, min_size=len(below), max_size=len(below))))
        high = sorted(draw(st.lists(st.integers(100, 300), min_size=len(above), max_size=len(above))))
        tiers = [*zip(below, low, strict=True), (100, Decimal(1)),
                 *((start, Decimal(more) / 100) for start, more in zip(above, high, strict=True))]
        return Curve(kind="retroactive", cap=cap, tiers=[
            {"from": Decimal(start) / 100, "rate": share} for start, share in tiers])
    threshold = draw(hundredth)
    first = draw(hundredth) if threshold < 1 else Decimal(0)
    starts = sorted(draw(st.lists(st.integers(100, 250), max_size=3, unique=True)))
    return Curve(threshold=threshold, pay_at_threshold=first, cap=cap, tiers=[
        {"from": Decimal(start) / 100, "rate": draw(rate)} for start in starts])


def plainly(curve: Curve, result: Fraction) -> Fraction:
    """The same rules written down once more, step by step."""
    paid = Fraction(0)
    if curve.kind == "retroactive":
        for tier in curve.tiers:
            if result >= Fraction(tier.start):
                paid = Fraction(tier.rate) * result
    elif result >= 1:
        paid = Fraction(1)
        for place, tier in enumerate(curve.tiers):
            until = Fraction(curve.tiers[place + 1].start) if place + 1 < len(curve.tiers) else result
            paid += max(min(result, until) - Fraction(tier.start), 0) * Fraction(tier.rate)
    elif result >= Fraction(curve.threshold):
        start, first = Fraction(curve.threshold), Fraction(curve.pay_at_threshold)
        paid = first + (1 - first) * (result - start) / (1 - start)
    return paid if curve.cap is None else min(paid, Fraction(curve.cap))


@given(curves(), st.lists(st.fractions(0, 4, max_denominator=1000), min_size=2, max_size=6))
@settings(deadline=None, max_examples=80)
def test_a_curve_pays_what_its_rules_say_and_never_less_for_more(curve: Curve,
                                                                 results: list[Fraction]) -> None:
    lines = exact_lines(curve)
    corners = [line.start for line in lines]
    places = sorted({*results, *corners, Fraction(1)})
    paid = [share_of_pay(lines, place) for place in places]
    assert paid == [plainly(curve, place) for place in places]
    assert paid == sorted(paid)
    assert share_of_pay(lines, Fraction(1)) == 1
    assert share_of_pay(lines, Fraction(-1)) == 0
    floats = pay_share(pieces(curve), np.array([float(place) for place in places]))
    away = [all(abs(place - corner) > 1e-9 for corner in corners) for place in places]
    assert np.allclose(floats[away], [float(value) for value, kept in zip(paid, away, strict=True) if kept])


@given(curves())
@settings(deadline=None, max_examples=60)
def test_a_curve_jumps_only_where_it_says_so_and_is_flat_only_there(curve: Curve) -> None:
    lines, tiny = exact_lines(curve), Fraction(1, 10**9)
    stated = dict(jumps(curve))
    for line in lines[1:]:
        rise = share_of_pay(lines, line.start) - share_of_pay(lines, line.start - tiny)
        assert float(rise) == pytest.approx(stated.get(float(line.start), 0.), abs=1e-7)
    for begin, end in flats(curve):
        inside = Fraction(begin) + tiny, Fraction(min(end, begin + 1)) - tiny
        if inside[0] < inside[1]:
            assert share_of_pay(lines, inside[0]) == share_of_pay(lines, inside[1])


def test_the_curve_of_the_published_example() -> None:
    """Threshold 70 %, 40 % of the target pay there, accelerator 2, cap 200 %."""
    plan = make_plan("threshold = 0.7\npay_at_threshold = 0.4\ntiers = [{from = 1, rate = 2}]\ncap = 2")
    terms = sg.pay_terms(plan, make_goals([120_000]))
    results = ("0.69", "0.7", "1", "1.2", "9")
    paid = {result: str(sg.pay_at(terms, "P00", result).pay.sum()) for result in results}
    assert paid == {"0.69": "0.00", "0.7": "4800.00", "1": "12000.00", "1.2": "16800.00", "9": "24000.00"}


@given(st.fractions(-10_000, 10_000, max_denominator=100_000))
@settings(deadline=None, max_examples=120)
def test_rounding_is_half_up_to_the_fen(amount: Fraction) -> None:
    exactly = Decimal(amount.numerator) / Decimal(amount.denominator)  # 28 digits: far beyond a half fen
    assert to_fen(amount) == exactly.quantize(Decimal("0.01"), ROUND_HALF_UP)


TWO = """target_pay = {pay}
period = "{period}"
cumulative = {cumulative}
metrics = [
  {{metric = "amount", weight = 0.7, curve = "c"}},
  {{metric = "margin", weight = 0.3, curve = "c"}},
]"""
money = st.integers(-20_000_000, 40_000_000).map(lambda fen: fen / 100)


def terms_of(period: str, cumulative: bool, pay: str = "12345.67", top: str = "") -> sg.incentives.PayTerms:
    group = TWO.format(pay=pay, period=period, cumulative=str(cumulative).lower())
    curve = "threshold = 0.6\ntiers = [{from = 1, rate = 1.7}]\ncap = 2.5"
    goals = make_goals([1_200_000, 700_000], margin=[400_000, 200_000])
    return sg.pay_terms(make_plan(curve, group, top), goals)


def results_of(values: list[float], returned: list[float] | None = None) -> pd.DataFrame:
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    keys = [(person, month, metric) for person in ("P00", "P01") for metric in ("amount", "margin")
            for month in months]
    table = pd.DataFrame(keys, columns=["person_id", "month", "metric"])
    table["result"] = [values[place % len(values)] for place in range(len(keys))]
    if returned is not None:
        table["returned"] = [returned[place % len(returned)] for place in range(len(keys))]
    return table


@given(st.lists(money, min_size=3, max_size=9), st.sampled_from(["month", "quarter", "half"]))
@settings(deadline=None, max_examples=10)
def test_cumulative_periods_add_up_to_the_year_to_the_fen(values: list[float], period: str) -> None:
    results = results_of(values)
    year = sg.pay_totals(sg.pay(terms_of("year", True), results))
    parts = sg.pay(terms_of(period, True), results)
    assert sg.pay_totals(parts).pay.tolist() == year.pay.tolist()
    for _, lines in parts.groupby(["person_id", "period"]):
        assert all(value == value.quantize(Decimal("0.01")) for value in lines.pay)


@given(st.lists(money, min_size=3, max_size=9))
@settings(deadline=None, max_examples=10)
def test_periods_that_start_anew_are_paid_one_by_one(values: list[float]) -> None:
    results = results_of(values)
    terms = terms_of("quarter", False)
    statement = sg.pay(terms, results)
    assert not set(statement.line) & {"paid_before"}
    line = Fraction("12345.67") / 4
    lines = exact_lines(terms.plan.curves["c"])
    for row in statement.itertuples():
        mine = results[(results.person_id == row.person_id) & (results.metric == row.what)
                       & results.month.between(row.first, row.last)]
        reached = sum((Fraction(str(value)) for value in mine.result), Fraction(0))
        year = {("P00", "amount"): 1_200_000, ("P01", "amount"): 700_000,
                ("P00", "margin"): 400_000, ("P01", "margin"): 200_000}[row.person_id, row.what]
        monthly = Fraction(round(year / 12 * 10_000), 10_000)
        share = share_of_pay(lines, reached / (3 * monthly))
        assert row.pay == to_fen(line * Fraction(row.weight) * share)


@given(st.lists(money, min_size=3, max_size=9), st.lists(st.integers(0, 300_000).map(lambda fen: fen / 100),
                                                         min_size=2, max_size=5))
@settings(deadline=None, max_examples=10)
def test_what_comes_back_is_paid_as_if_it_had_never_been_sold(values: list[float], back: list[float]) -> None:
    results = results_of(values, back)
    net = results.assign(result=results.result - results.returned).drop(columns="returned")
    with_clawback = terms_of("quarter", True, top="[clawback]\nwithin_days = 90")
    kept = terms_of("quarter", True)
    taken, never = sg.pay(with_clawback, results), sg.pay(kept, net)
    assert sg.pay_totals(taken).pay.tolist() == sg.pay_totals(never).pay.tolist()
    gross = sg.pay(kept, results.drop(columns="returned"))
    assert sg.pay(kept, results).equals(gross)  # without a clawback what came back stays paid


def test_a_period_is_paid_when_it_is_over_and_blank_is_not_zero() -> None:
    terms = terms_of("quarter", True)
    results = results_of([120_000.])
    some = results[results.month < "2026-06-01"]
    assert sg.pay(terms, some).period.unique().tolist() == [1]
    blank = some.assign(result=some.result.where(some.metric != "margin"))
    lines = sg.pay(terms, blank)
    assert set(lines.status[lines.what == "margin"]) == {"no_result"}
    assert (lines.pay[lines.what == "margin"] == 0).all()
    assert set(lines.status[lines.what == "amount"]) == {""}
    unset = sg.pay_terms(make_plan(), make_goals([0, 100.]).assign(goal=lambda table: table.goal.where(
        table.person_id != "P00")))
    assert [note.code for note in unset.notes] == ["pay.no_goal"]
    paid = sg.pay(unset, pd.DataFrame({"person_id": ["P00"], "month": [pd.Timestamp("2026-12-01")],
                                       "metric": "amount", "result": 50.}))
    assert paid[paid.person_id == "P00"].status.tolist() == ["no_goal"]


def test_a_team_part_waits_for_the_whole_team() -> None:
    group = ('target_pay = 12000\nmetrics = [{metric = "amount", weight = 0.5, curve = "c"}]\n'
             'team_part = {weight = 0.5, curve = "c"}')
    terms = sg.pay_terms(make_plan(group=group), make_goals([1200, 1200, 1200, 1200]))
    months = pd.date_range("2026-01-01", periods=12, freq="MS")

    def results(people: dict[str, float]) -> pd.DataFrame:
        return pd.DataFrame([(person, month, "amount", value) for person, value in people.items()
                             for month in months], columns=["person_id", "month", "metric", "result"])

    whole = sg.pay(terms, results({"P00": 100., "P01": 100., "P02": 150., "P03": 50.}))
    team = whole[whole.line == "team"].set_index("person_id")
    assert team.attainment.round(9).to_dict() == {"P00": 1.25, "P01": .75, "P02": 1.25, "P03": .75}
    assert team.pay.astype(float).to_dict() == {"P00": 9000., "P01": 4500., "P02": 9000., "P03": 4500.}
    part = sg.pay(terms, results({"P00": 100., "P01": 100., "P03": 50.}))
    assert part[(part.line == "team") & (part.person_id == "P00")].status.tolist() == ["team_incomplete"]


def test_prizes_and_points_are_paid_once_and_capped() -> None:
    group = ('target_pay = 12000\nperiod = "quarter"\ncumulative = {}\n'
             'metrics = [{{metric = "amount", weight = 1, curve = "c"}}]\n'
             'prizes = [{{title = "new", metric = "new_customers", each = 200, at_most = 500}}]\n'
             'milestones = [{{key = "a", title = "A", points = 20}},\n'
             '              {{key = "b", title = "B", points = 30}}]\n'
             'rewards = [{{points = 50, title = "big", pay = 1000}},\n'
             '           {{points = 20, title = "small", pay = 300}}]')
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    rows = [("P00", month, "amount", 100.) for month in months]
    rows += [("P00", months[1], "new_customers", 2.), ("P00", months[2], "new_customers", 1.),
             ("P00", months[1], "milestone:a", 1.), ("P00", months[4], "milestone:b", 1.)]
    results = pd.DataFrame(rows, columns=["person_id", "month", "metric", "result"])
    for cumulative in ("true", "false"):
        terms = sg.pay_terms(make_plan(group=group.format(cumulative)), make_goals([1200]))
        statement = sg.pay(terms, results)
        rewards = statement[statement.line == "reward"]
        assert rewards.period.tolist() == [1, 2]
        assert rewards.pay.tolist() == [Decimal("300.00"), Decimal("1000.00")]
        assert statement.pay.sum() == Decimal("12000") + Decimal("500") + Decimal("1300")
    with pytest.raises(SalesgoalsError, match="milestone"):
        sg.pay(terms, results.assign(metric=results.metric.replace("milestone:a", "milestone:x")))
    assert sg.pay_at(terms, "P00", 1, milestones=["a"]).pay.sum() == Decimal("12300")


def test_every_mistake_in_results_is_named_at_once() -> None:
    terms = terms_of("year", True)
    with pytest.raises(SalesgoalsError, match="lacks result"):
        sg.pay(terms, pd.DataFrame(columns=["person_id", "month", "metric"]))
    wrong = pd.DataFrame({"person_id": ["nobody"], "month": [pd.Timestamp("2031-01-01")],
                          "metric": ["milestone:none"], "result": [1.]})
    with pytest.raises(SalesgoalsError) as caught:
        sg.pay(terms, wrong)
    assert [problem.code for problem in caught.value.problems] == [
        "pay.results_month", "pay.results_person", "pay.unknown_milestone"]
    with pytest.raises(SalesgoalsError, match="nobody"):
        sg.pay_at(terms, "nobody", 1)


def test_groups_are_chosen_from_the_top_and_target_pay_follows_months_and_salaries() -> None:
    text = """
title = "t"
[curves.c]
[[group]]
key = "new"
title = "new"
who = {tenure_below = 6}
share_of_goal = 0.02
metrics = [{metric = "amount", weight = 1, curve = "c"}]
[[group]]
key = "team"
title = "team"
who = {teams = ["D/T1"]}
salary_share = 0.25
metrics = [{metric = "amount", weight = 1, curve = "c"}]
[[group]]
key = "rest"
title = "rest"
who = {goal_at_least = 1000}
target_pay = 1000
metrics = [{metric = "amount", weight = 1, curve = "c"}]
[salaries]
P01 = 80000
"""
    from salesgoals.paying.scheme_file import parse_pay_plan

    plan = parse_pay_plan(text.encode())
    goals = make_goals([1200, 1200, 2400, 1200, 600])
    goals = goals[(goals.person_id != "P02") | (goals.month >= "2026-04-01")]
    people = pd.DataFrame({
        "person_id": [f"P0{place}" for place in range(5)],
        "hire_date": pd.to_datetime(["2020-01-01"] * 3 + ["2025-09-15", "2020-01-01"])})
    terms = sg.pay_terms(plan, goals, people)
    found = terms.people.set_index("person_id")
    assert found.group.fillna("-").to_dict() == {"P00": "rest", "P01": "team", "P02": "rest", "P03": "new",
                                                 "P04": "-"}
    assert found.target_pay.astype(float).to_dict() == {"P00": 1000., "P01": 20_000., "P02": 750., "P03": 24.,
                                                        "P04": 0.}
    assert "pay.no_group" in [note.code for note in terms.notes]
    with pytest.raises(SalesgoalsError, match="P03"):
        sg.pay_terms(plan, make_goals([1, 1, 1, 1]))


def test_terms_of_one_person_hold_nobody_else() -> None:
    terms = terms_of("quarter", True, top="[salaries]\nP00 = 1\nP01 = 2").only(["P01"])
    for table in (terms.people, terms.goals, terms.targets):
        assert set(table.person_id) == {"P01"}
    assert set(terms.plan.salaries) == {"P01"}
    assert len(terms.team_goals) == 0
    assert "P00" not in repr(terms)


def test_nothing_is_changed_by_paying() -> None:
    results = results_of([120_000.], [100.])
    before, goals = results.copy(deep=True), make_goals([1200.])
    kept = goals.copy(deep=True)
    sg.pay(terms_of("quarter", True), results)
    sg.pay_terms(make_plan(), goals)
    pd.testing.assert_frame_equal(results, before)
    pd.testing.assert_frame_equal(goals, kept)
