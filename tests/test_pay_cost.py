"""The cost of a pay plan: closed forms against numeric integration and against plain simulation."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paying_team import make_forecast, make_goals, make_plan
from scipy.integrate import quad
from test_incentives import curves

import salesgoals as sg
from salesgoals.paying.curve import pay_share, pieces
from salesgoals.paying.expected import chance_between, expected_results
from salesgoals.paying.ladder import build_ladder, chance_of_nothing, moments, pay_of_luck
from salesgoals.paying.scheme import Curve

DRAWS = 40_000
CURVE = "threshold = 0.7\npay_at_threshold = 0.4\ntiers = [{from = 1, rate = 2}]\ncap = 2"


@given(curves(), curves(), st.floats(.3, 3), st.floats(.1, 1.5), st.floats(-.5, .3))
@settings(deadline=None, max_examples=25)
def test_moments_agree_with_numeric_integration(one: Curve, two: Curve, scale: float, spread: float,
                                                centre: float) -> None:
    parts = [(pieces(one), np.array([700.]), np.array([scale])),
             (pieces(two), np.array([300.]), np.array([1.]))]
    ladder = build_ladder(parts, np.array([50.]))

    def paid(luck: float) -> float:
        return 50 + 700 * float(pay_share(pieces(one), np.array([luck * scale]))[0]) + 300 * float(
            pay_share(pieces(two), np.array([luck]))[0])

    for luck in (.01, .5, .77, 1.3, 4.):
        assert pay_of_luck(ladder, np.array([luck]))[0] == pytest.approx(paid(luck), abs=1e-6)
    corners = sorted({(np.log(step) - centre) / spread for step in ladder.step[0] if 1e-4 < step < 1e4})
    ends = [-9., *(corner for corner in corners if -9 < corner < 9), 9.]
    mean, square = (sum(quad(lambda z, power=power: paid(float(np.exp(centre + spread * z))) ** power
                             * np.exp(-z * z / 2) / np.sqrt(2 * np.pi), low, high)[0]
                        for low, high in pairwise(ends)) for power in (1, 2))
    beside = sum(quad(lambda z: paid(float(np.exp(centre + spread * z)))
                      * np.exp(centre + spread * z - z * z / 2) / np.sqrt(2 * np.pi), low, high)[0]
                 for low, high in pairwise(ends))
    found, variance, together = moments(ladder, np.array([centre]), np.array([spread]))
    assert together[0] == pytest.approx(beside - mean * np.exp(centre + spread ** 2 / 2), rel=1e-3, abs=1e-2)
    assert found[0] == pytest.approx(mean, rel=1e-5)
    assert variance[0] == pytest.approx(square - mean ** 2, rel=1e-3, abs=1e-2)


def simulate(terms: sg.incentives.PayTerms, forecast: object, seed: int = 1) -> pd.DataFrame:
    """Draw years one by one: a common shock, everybody's own luck, and the rules of the curves."""
    draw = np.random.default_rng(seed)
    rows = expected_results(terms, forecast)
    rho = forecast.people_correlation
    shock, paid, sold = draw.standard_normal(DRAWS), {}, {}
    for row in rows.itertuples():
        luck = np.sqrt(rho) * shock + np.sqrt(1 - rho) * draw.standard_normal(DRAWS)
        sold[row.person_id] = np.exp(row.centre + row.spread * luck)
    team_goal = rows.groupby("team").goal.sum()
    for row in rows.itertuples():
        group = terms.plan.group_of(row.group)
        total = np.zeros(DRAWS)
        for part in group.metrics:
            curve = pieces(terms.plan.curves[part.curve])
            total += float(part.weight) * row.target * pay_share(curve, sold[row.person_id] / row.goal)
        if group.team_part:
            together = sum(sold[person] for person in rows.person_id[rows.team == row.team])
            curve = pieces(terms.plan.curves[group.team_part.curve])
            share = pay_share(curve, together / team_goal[row.team])
            total += float(group.team_part.weight) * row.target * share
        for prize in group.prizes:
            total += np.minimum(sold[row.person_id] * float(prize.each), float(prize.at_most))
        paid[row.person_id] = total
    return pd.DataFrame(paid)


TEAM = """target_pay = 12000
metrics = [{metric = "amount", weight = 0.6, curve = "c"}]
team_part = {weight = 0.4, curve = "c"}
prizes = [{title = "p", metric = "amount", each = 0.001, at_most = 900}]"""


STEPS = """kind = "retroactive"
tiers = [{from = 0, rate = 0.5}, {from = 1, rate = 1}, {from = 1.2, rate = 1.3}]"""


@pytest.mark.parametrize(("group", "curve"),
                         [("", CURVE), (TEAM, CURVE), (TEAM, "threshold = 0.5"), ("", STEPS)],
                         ids=["plain", "team", "slope", "steps"])
@pytest.mark.parametrize("rho", [0., .3, 1.])
def test_the_cost_agrees_with_simulation(group: str, curve: str, rho: float) -> None:
    people = 8
    goals = np.linspace(600_000, 1_500_000, people)
    forecast = make_forecast(goals * np.linspace(.7, 1.3, people), np.linspace(.15, .5, people), rho)
    terms = sg.pay_terms(make_plan(curve, group), make_goals(goals, teams=2))
    cost, drawn = sg.cost_of_plan(terms, forecast), simulate(terms, forecast)
    error = 4 * drawn.std() / np.sqrt(DRAWS)
    mine = cost.people.set_index("person_id").expected
    assert (np.abs(mine - drawn.mean()) <= error + .01 * mine).all()
    total = drawn.sum(axis=1)
    assert cost.total.expected == pytest.approx(total.mean(), rel=.01)
    assert cost.total.sd == pytest.approx(total.std(), rel=.06)
    for end, share in (("low", 5), ("high", 95)):  # eight people: their sum is no normal yet
        assert cost.total[end] == pytest.approx(np.percentile(total, share), rel=.08, abs=500)
    if not group:
        assert np.allclose(cost.people.high, drawn.quantile(.95), rtol=.03, atol=60)


def test_thousands_of_people_within_one_percent_of_simulation() -> None:
    people = 1500
    draw = np.random.default_rng(3)
    goals = draw.lognormal(13, .5, people)
    forecast = make_forecast(goals * draw.uniform(.8, 1.1, people), draw.uniform(.15, .6, people), .2)
    terms = sg.pay_terms(make_plan(CURVE), make_goals(goals))
    cost = sg.cost_of_plan(terms, forecast)
    rows = expected_results(terms, forecast)
    curve, total = pieces(terms.plan.curves["c"]), []
    for shock in draw.standard_normal(2000):
        luck = np.sqrt(.2) * shock + np.sqrt(.8) * draw.standard_normal(people)
        sold = np.exp(rows.centre.to_numpy() + rows.spread.to_numpy() * luck)
        total.append(float(rows.target.to_numpy() @ pay_share(curve, sold / rows.goal.to_numpy())))
    error = 3 * np.std(total) / np.sqrt(len(total))
    assert abs(cost.total.expected - np.mean(total)) <= error + .01 * cost.total.expected
    assert cost.total.sd == pytest.approx(np.std(total), rel=.06)  # the simulation itself knows it no better
    assert cost.total.low < np.mean(total) - np.std(total) < cost.total.expected < cost.total.high


def test_the_parts_of_the_cost_fit_together() -> None:
    goals = [900_000., 700_000., 400_000.]
    forecast = make_forecast([800_000., 800_000., 300_000.], [.3, .2, .5])
    terms = sg.pay_terms(make_plan(CURVE, top="budget = 30000"), make_goals(goals))
    cost = sg.cost_of_plan(terms, forecast)
    assert cost.people.expected.sum() == pytest.approx(cost.total.expected)
    assert cost.total.at_goal == 36_000
    assert cost.total.share == pytest.approx(cost.total.expected / 1_900_000)
    table = cost.distribution
    assert table.cost.is_monotonic_increasing
    assert table.chance.is_monotonic_increasing
    below = np.interp(30_000, table.cost, table.chance)
    assert cost.total.chance_over == pytest.approx(1 - below, abs=.01)
    weight = np.exp(-cost.years.shock ** 2 / 2)
    assert np.average(cost.years.cost, weights=weight) == pytest.approx(cost.total.expected, rel=1e-4)
    assert np.average(cost.years.sales, weights=weight) == pytest.approx(1_900_000, rel=1e-4)
    assert cost.years.cost.is_monotonic_increasing
    assert cost.total.without_shock_low > cost.total.low
    assert cost.total.without_shock_high < cost.total.high
    assert (cost.people.low < cost.people.expected).all()
    assert (cost.people.expected < cost.people.high).all()


def test_what_is_certain_costs_what_the_statement_says() -> None:
    for share in (.5, .7, 1., 1.31, 4.):
        goals = [1_000_000., 500_000.]
        forecast = make_forecast([goal * share for goal in goals], [1e-9, 1e-9])
        terms = sg.pay_terms(make_plan(CURVE.replace("0.7", "0.69")), make_goals(goals))
        stated = sum(float(sg.pay_at(terms, person, f"{share}").pay.sum()) for person in ("P00", "P01"))
        assert sg.cost_of_plan(terms, forecast).total.expected == pytest.approx(stated, rel=1e-4, abs=.01)


def test_months_that_start_anew_have_chances_of_their_own() -> None:
    group = ('target_pay = 12000\nperiod = "month"\ncumulative = {}\n'
             'metrics = [{{metric = "amount", weight = 1, curve = "c"}}]')
    forecast = make_forecast([1_000_000.], [.4], months=12)
    year, month = (sg.pay_terms(make_plan("threshold = 0.9", group.format(word)), make_goals([1_000_000.]))
                   for word in ("true", "false"))
    rows = expected_results(month, forecast)
    assert len(rows) == 12
    assert rows["mean"].sum() == pytest.approx(1_000_000)
    assert sg.cost_of_plan(month, forecast).total.at_goal == sg.cost_of_plan(year, forecast).total.at_goal
    # all months lean fully together here, so each month has the spread of the year
    assert np.allclose(rows.spread, expected_results(year, forecast).spread.iloc[0])
    assert np.allclose(chance_between(rows, 0, 1) + chance_between(rows, 1, np.inf), 1)


def test_who_has_no_forecast_counts_as_reaching_the_goal_and_it_is_said() -> None:
    terms = sg.pay_terms(make_plan(), make_goals([100_000., 200_000., 300_000.]))
    cost = sg.cost_of_plan(terms, make_forecast([100_000., 200_000.], [.2, .2]))
    assert "pay.not_forecast" in [note.code for note in cost.notes]
    people = cost.people.set_index("person_id").expected
    assert people["P02"] == pytest.approx(people["P00"], rel=.01)
    empty = 'target_pay = 1\nwho = {people = ["x"]}\nmetrics = [{metric = "amount", weight = 1, curve = "c"}]'
    nobody = sg.pay_terms(make_plan(group=empty), make_goals([1.]))
    assert sg.cost_of_plan(nobody, make_forecast([1.], [.2])).total.expected == 0


def test_nothing_comes_of_nothing() -> None:
    half = pieces(Curve(threshold=Decimal("0.5")))
    ladder = build_ladder([(half, np.array([10.]), np.array([1.]))], np.zeros(1))
    low = chance_of_nothing(ladder, np.array([0.]), np.array([.5]))
    drawn = np.exp(.5 * np.random.default_rng(0).standard_normal(200_000))
    assert low[0] == pytest.approx(float((drawn < .5).mean()), abs=.005)


def test_two_plans_are_compared_by_person_and_the_sums_are_the_costs() -> None:
    forecast = make_forecast([90_000., 130_000., 60_000.], [.3, .3, .6])
    goals = make_goals([100_000., 100_000., 100_000.])
    before, after = (sg.pay_terms(make_plan(curve), goals) for curve in (CURVE, "cap = 1"))
    table = sg.compare_pay(before, after, forecast)
    assert table.gain.is_monotonic_decreasing
    assert table.before.sum() == pytest.approx(sg.cost_of_plan(before, forecast).total.expected)
    assert table.after.sum() == pytest.approx(sg.cost_of_plan(after, forecast).total.expected)
    same = sg.compare_pay(before, before, forecast)
    assert (same.gain == 0).all()


def test_other_curves_are_tried_without_touching_the_plan() -> None:
    forecast, goals = make_forecast([100_000.], [.4]), make_goals([100_000.])
    terms = sg.pay_terms(make_plan(CURVE), goals)
    costs = [sg.cost_of_plan(sg.change_curves(terms, threshold, faster), forecast).total.expected
             for threshold, faster in ((None, None), (.9, None), (None, -1.), (.9, -1.))]
    assert costs[0] > max(costs[1:])
    assert min(costs[1], costs[2]) > costs[3]
    assert str(terms.plan.curves["c"].threshold) == "0.7"
