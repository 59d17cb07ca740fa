"""Flaws of a pay plan: each is found where it was planted; a plain plan on fair goals has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from paying_team import make_forecast, make_goals, make_plan

import salesgoals as sg
from salesgoals.paying.records import credit_beyond_one, margin_rate, period_ends, share_returned
from salesgoals.problems import Problem
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import in_language

GOALS = [1_000_000.] * 8
BOTH = """target_pay = 12000
metrics = [{metric = "amount", weight = 0.6, curve = "c"}, {metric = "margin", weight = 0.4, curve = "c"}]"""
ONLY_SALES = 'target_pay = 1\nmetrics = [{metric = "amount", weight = 1, curve = "c"}]'
PLAIN = "tiers = [{from = 1, rate = 2}]"


def flaws_of(curve: str = PLAIN, group: str = BOTH, means: list[float] | None = None, top: str = "",
             tables: dict[str, pd.DataFrame] | None = None, **more: object) -> dict[str, Problem]:
    means = [1_050_000.] * 8 if means is None else means
    goals = make_goals(GOALS, margin=[goal * .3 for goal in GOALS])
    terms = sg.pay_terms(make_plan(curve, group, top), goals, **more)
    found = sg.find_flaws(terms, make_forecast(means, [.2] * 8), tables)
    for flaw in found:
        for name in ("zh", "en"):
            with in_language(name):
                assert flaw.text()
    levels = [flaw.level for flaw in found]
    assert levels == sorted(levels, key=["doubt", "note"].index)
    return {flaw.code: flaw for flaw in found}


def test_a_plain_plan_on_fair_goals_has_no_doubts() -> None:
    assert set(flaws_of()) <= {"pay.flaw_shape", "pay.flaw_sandbag"}


@pytest.mark.parametrize(("found", "curve", "group"), [
    ("pay.flaw_cliff", "threshold = 0.9\npay_at_threshold = 0.5", BOTH),
    ("pay.flaw_retroactive", 'kind = "retroactive"\ntiers = [{from = 0, rate = 0.5}, {from = 1, rate = 1}]',
     BOTH),
    ("pay.flaw_threshold", "threshold = 0.95", BOTH),
    ("pay.flaw_cap", "tiers = [{from = 1, rate = 2}]\ncap = 1.2", BOTH),
    ("pay.flaw_flat", "threshold = 0", BOTH),
    ("pay.flaw_price_unknown", PLAIN, ONLY_SALES),
    ("pay.flaw_reset", PLAIN, BOTH + '\nperiod = "month"\ncumulative = false'),
    ("pay.flaw_small_weight", PLAIN,
     BOTH.replace("0.6", "0.56") + '\nteam_part = {weight = 0.04, curve = "c"}'),
    ("pay.flaw_team_heavy", PLAIN, 'target_pay = 1\nteam_part = {weight = 0.9, curve = "c"}\n'
                                   'metrics = [{metric = "margin", weight = 0.1, curve = "c"}]'),
    ("pay.flaw_many", PLAIN, BOTH + "\nprizes = [" + ", ".join(
        f'{{title = "{name}", metric = "{name}", each = 1, at_most = 9}}' for name in "abc") + "]"),
])
def test_each_flaw_is_found_where_it_is(found: str, curve: str, group: str) -> None:
    assert found not in flaws_of()
    flaws = flaws_of(curve, group)
    assert found in flaws, list(flaws)


def test_a_cliff_says_what_it_is_worth_and_how_many_stand_near() -> None:
    flaw = flaws_of("threshold = 0.9\npay_at_threshold = 0.5", means=[900_000.] * 8)["pay.flaw_cliff"]
    assert flaw.values["at"] == .9
    assert flaw.values["amount"] == pytest.approx(12_000 * .5)  # both metrics jump, together with full weight
    assert 1 < flaw.values["near"] < 4


def test_a_threshold_names_those_who_cannot_reach_it() -> None:
    means = [1_200_000.] * 7 + [300_000.]
    flaw = flaws_of("threshold = 0.6", means=means)["pay.flaw_threshold"]
    assert (flaw.values["count"], flaw.values["names"]) == (1, "Person 7")


def test_goals_of_unequal_difficulty_make_pay_unequal() -> None:
    assert "pay.flaw_unequal" in flaws_of("threshold = 0.5", means=[1_300_000.] * 4 + [600_000.] * 4)


def test_a_budget_below_the_expected_cost_is_a_doubt() -> None:
    assert "pay.flaw_budget" in flaws_of(top="budget = 60000")
    assert "pay.flaw_budget" not in flaws_of(top="budget = 900000")


def test_newcomers_and_unstated_differences_are_seen() -> None:
    people = pd.DataFrame({"person_id": [f"P0{place}" for place in range(8)],
                           "hire_date": pd.to_datetime(["2018-01-01"] * 7 + ["2025-09-01"])})
    assert flaws_of(people=people)["pay.flaw_newcomers"].values["names"] == "Person 7"
    two = BOTH + '\nwho = {teams = ["T1"]}\n[[group]]\nkey = "rest"\ntitle = "rest"\n' + BOTH
    assert "pay.flaw_unstated" in flaws_of(group=two)
    assert "pay.flaw_unstated" not in flaws_of(group=two.replace("target_pay", 'why = "because"\ntarget_pay'))


def company(rows: list[tuple[str, str, float, float, float]], credit: list[float] | None = None) -> dict:
    tables = {name: empty_table(name) for name in TABLES}
    table = pd.DataFrame(rows, columns=["order_id", "date", "amount", "cost", "quantity"])
    table = table.assign(date=pd.to_datetime(table.date), credit_share=credit,
                         person_id=[f"P0{place % 8}" for place in range(len(table))])
    tables["orders"] = as_table("orders", table)
    return tables


def test_the_records_say_what_a_price_cut_loses_what_came_back_and_what_was_credited_twice() -> None:
    tables = company([(str(place), f"2025-{place % 12 + 1:02d}-10", 100., 70., 1.) for place in range(96)])
    flaw = flaws_of(group=ONLY_SALES, tables=tables)["pay.flaw_price"]
    assert margin_rate(tables, ["P00"]) == pytest.approx(.3)
    # 10 % off and 22 % more pieces: sales 110, cost 70 x 1.2222, margin 24.4 instead of 30
    assert flaw.values["lost"] == pytest.approx(1 - (110 - 70 / .9 * 1.1) / 30)
    below = company([(str(place), f"2025-{place % 12 + 1:02d}-10", 100., 104., 1.) for place in range(96)])
    sold_at_a_loss = flaws_of(group=ONLY_SALES, tables=below)  # costs are known: nothing says otherwise
    assert sold_at_a_loss["pay.flaw_price_loss"].values["rate"] == pytest.approx(-.04)
    assert not sold_at_a_loss.keys() & {"pay.flaw_price", "pay.flaw_price_unknown"}
    back = company([("a", "2025-05-10", 1000., 0., 1.), ("b", "2025-05-12", -50., 0., 1.)])
    assert share_returned(back) == {"share": .05, "amount": 50.}
    assert "pay.flaw_no_clawback" in flaws_of(tables=back)
    assert "pay.flaw_no_clawback" not in flaws_of(tables=back, top="[clawback]\nwithin_days = 90")
    twice = company([("a", "2025-05-10", 1000., 0., 1.)] * 2, credit=[.8, .5])
    assert credit_beyond_one(twice) == {"orders": 1., "amount": pytest.approx(300.)}
    assert "pay.flaw_split" in flaws_of(tables=twice)


def test_crowding_at_the_end_of_periods_is_measured() -> None:
    days = pd.date_range("2024-01-01", "2025-12-31")
    late = days.is_month_end | days.day.isin([28, 29, 30])
    rows = [(str(place), str(day.date()), 500. if end else 100., 0., 1.)
            for place, (day, end) in enumerate(zip(days, late, strict=True))]
    tables = company(rows)
    everybody = [f"P0{place}" for place in range(8)]
    crowd = period_ends(tables, 1, everybody)
    assert crowd["periods"] == 24
    assert crowd["last"] > 2 * crowd["even"] > crowd["first"]
    evenly = company([(number, day, 100., 0., 1.) for number, day, *_ in rows])
    level = period_ends(evenly, 1, everybody)
    assert level["last"] == pytest.approx(level["even"], abs=.01)
    monthly = BOTH + '\nperiod = "month"\ncumulative = '
    assert flaws_of(group=monthly + "true", tables=tables)["pay.flaw_period_end"].level == "note"
    assert flaws_of(group=monthly + "false", tables=tables)["pay.flaw_period_end"].level == "doubt"
    assert "pay.flaw_period_end" not in flaws_of(group=monthly + "false", tables=evenly)
    assert period_ends(company([]), 1, everybody)["periods"] == 0


def test_talking_goals_down_is_worth_what_it_is_worth() -> None:
    forecast = make_forecast([1_000_000.] * 8, [.2] * 8)
    terms = sg.pay_terms(make_plan(PLAIN, BOTH), make_goals(GOALS, margin=GOALS))
    lower = sg.pay_terms(make_plan(PLAIN, BOTH), make_goals([goal * .9 for goal in GOALS],
                                                           margin=[goal * .9 for goal in GOALS]))
    costs = [sg.cost_of_plan(one, forecast).total.expected for one in (terms, lower)]
    flaw = next(one for one in sg.find_flaws(terms, forecast) if one.code == "pay.flaw_sandbag")
    assert flaw.values["gain"] == pytest.approx(costs[1] / costs[0] - 1)
    share = 'share_of_goal = 0.01\nmetrics = [{metric = "amount", weight = 1, curve = "c"}]'
    commission = sg.pay_terms(make_plan("tiers = [{from = 1, rate = 1}]", share), make_goals(GOALS))
    found = [one.code for one in sg.find_flaws(commission, forecast)]
    assert "pay.flaw_sandbag" not in found  # a plain commission pays the same whatever the goal
    assert np.isclose(sg.cost_of_plan(commission, forecast).total.expected, 80_000)
