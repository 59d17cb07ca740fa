"""Rules of pay for claims: published examples, honest claims by brute force, pay by Monte Carlo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.claiming.menus import check_menu, make_menu
from salesgoals.claiming.rules import Gonik, JointBase, Menu, gonik, joint_base
from salesgoals.claiming.worth import (
    best_claim,
    chance_of,
    check_joint_base,
    compare_claims,
    expected_pay,
    with_chance,
)
from salesgoals.problems import SalesgoalsError

amounts = st.floats(1, 1e9)
means, shares_of_mean = st.floats(10, 1e8), st.floats(.02, 1.2)


def draws(mean: float, sd: float, count: int = 200_001) -> np.ndarray:
    """Evenly spread quantiles of the log-normal: as good as millions of random draws."""
    from scipy.stats import lognorm

    variance = np.log1p((sd / mean) ** 2)
    return lognorm.ppf((np.arange(count) + .5) / count, np.sqrt(variance), scale=mean / np.exp(variance / 2))


def test_published_examples_of_gonik() -> None:
    assert gonik(50, 25, 50) == 90
    assert gonik(50, 50, 50) == 120
    assert gonik(50, 50, 25) == 30
    assert Gonik(50).pay(25, 50) == 90


def test_joint_base_with_the_usual_half_half_and_seven_tenths() -> None:
    """A person who will sell 50: what each claim pays, worked out by hand with a company's number of 40."""
    assert [round(joint_base(40, claim, 50), 6) for claim in (30, 40, 50, 60)] == [.5, 2.0, 3.5, 0.0]
    claims = np.arange(0, 101)
    assert claims[np.argmax(joint_base(40, claims, 50))] == 50
    assert JointBase(40, scale=2).pay(50, 50) == pytest.approx(7)


@settings(deadline=None, max_examples=60)
@given(amounts, amounts, st.floats(0, 1e9))
def test_whoever_knows_the_result_does_best_to_say_it(company: float, actual: float, other: float) -> None:
    for pay in (Gonik(company).pay, JointBase(company).pay):
        assert pay(actual, actual) >= pay(other, actual) - 1e-6 * (1 + abs(pay(actual, actual)))
        assert pay(other, actual * 1.1) > pay(other, actual)      # selling more always pays


@settings(deadline=None, max_examples=25)
@given(means, shares_of_mean, st.floats(.3, 3), st.sampled_from(["gonik", "joint", "menu"]))
def test_expected_pay_is_what_brute_force_finds(mean: float, spread: float, asked: float, kind: str) -> None:
    sd, sold = spread * mean, draws(mean, spread * mean)
    rule = {"gonik": Gonik(mean * .9), "joint": JointBase(mean * 1.1, .4, .5, .8, scale=.02),
            "menu": Menu((mean * .8, mean, mean * 1.3), (60., 100., 170.))}[kind]
    brute = float(np.mean(rule.pay(np.full(len(sold), asked * mean), sold)))
    size = 100 if kind != "joint" else .02 * mean
    assert expected_pay(rule, mean, sd, asked * mean) == pytest.approx(brute, abs=2e-3 * size)


@settings(deadline=None, max_examples=25)
@given(means, shares_of_mean, st.floats(.3, .7), st.floats(.05, .9), st.floats(.05, .9))
def test_best_claims_are_the_quantiles_of_the_literature(mean: float, spread: float, weight: float,
                                                         fine: float, more: float) -> None:
    sd = spread * mean
    median = float(np.median(draws(mean, sd, 20_001)))
    assert best_claim(Gonik(mean * 2), mean, sd).claim == pytest.approx(median, rel=1e-3)
    over = fine + more * fine / weight * (1 - weight)     # above the fine, and weight x over below it
    rule = JointBase(mean * 1.2, weight, fine, over)
    assert check_joint_base(rule) == []
    honest = best_claim(rule, mean, sd)
    assert honest.chance == pytest.approx(weight * over / fine)
    tried = np.linspace(.2, 3, 400) * mean
    assert float(np.max(expected_pay(rule, mean, sd, tried))) <= honest.expected + 1e-9 * mean


def test_the_usual_joint_base_is_best_at_the_30th_percentile_and_gonik_at_the_median() -> None:
    for mean, sd in ((100., 30.), (52.3, 17.)):
        sold = draws(mean, sd)
        assert best_claim(JointBase(80.), mean, sd).claim == pytest.approx(np.quantile(sold, .3), rel=1e-3)
        assert best_claim(JointBase(80.), mean, sd).chance == pytest.approx(.7)
        assert best_claim(Gonik(80.), mean, sd).claim == pytest.approx(np.quantile(sold, .5), rel=1e-3)


def test_a_joint_base_with_other_numbers_says_what_it_invites() -> None:
    assert [p.code for p in check_joint_base(JointBase(100, .5, .3, .7))] == ["claims.joint_understating"]
    assert [p.code for p in check_joint_base(JointBase(100, .5, .8, .7))] == ["claims.joint_no_drive"]
    assert [p.code for p in check_joint_base(JointBase(100, 0, .5, .7))] == ["claims.joint_no_weight"]
    with pytest.raises(SalesgoalsError, match="lowest claim is the best"):
        best_claim(JointBase(100, .5, .3, .7), 100, 30)
    low, high = (expected_pay(JointBase(100, .5, .3, .7), 100, 30, claim) for claim in (10, 96))
    assert low > high      # and so it is: the lowest claim pays best


@settings(deadline=None, max_examples=40)
@given(st.floats(1000, 1e8), st.floats(.05, .9), st.sampled_from([(.7, .5, .3), (.8, .6, .4, .2), (.9, .4)]))
def test_a_menu_made_here_pays_the_honest_choice_best(mean: float, spread: float,
                                                      chances: tuple[float, ...]) -> None:
    menu = make_menu(mean, spread * mean, chances=chances)
    log_spread = float(np.sqrt(np.log1p(spread ** 2)))
    assert check_menu(menu, log_spread) == []
    goals = np.asarray(menu.goals)
    for expects in np.exp(np.linspace(np.log(goals[0]) - .3, np.log(goals[-1]) + .3, 41)):
        own_mean = expects * np.exp(log_spread ** 2 / 2)
        own_sd = own_mean * np.sqrt(np.expm1(log_spread ** 2))
        gap = np.sort(np.abs(np.log(goals / expects)))
        if gap[1] - gap[0] > 1e-3:     # not exactly between two goals
            assert best_claim(menu, own_mean, own_sd).claim == goals[int(menu.option(expects))]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(1, 1000), min_size=2, max_size=4, unique=True), st.data(), st.floats(.05, .8))
def test_what_check_menu_says_is_what_brute_force_finds(goals: list[float], data: st.DataObject,
                                                        spread: float) -> None:
    goals = sorted(round(goal, 1) for goal in goals)
    if len(set(goals)) < len(goals):
        return
    rewards = [round(data.draw(st.floats(1, 500)), 1) for _ in goals]
    menu = Menu(goals, rewards)
    codes = [(problem.code, problem.values["goal"]) for problem in check_menu(menu, spread)]
    centres = np.linspace(np.log(goals[0]) - 6 * spread, np.log(goals[-1]) + 6 * spread, 3001)
    from scipy.stats import norm

    worth = np.log(rewards) + norm.logcdf((centres[:, None] - np.log(goals)) / spread)
    chosen = set(np.asarray(goals)[worth.argmax(1)])
    for goal in goals:
        if goal in chosen:
            assert ("claims.menu_for_nobody", goal) not in codes
        own = np.log(rewards) + norm.logcdf((np.log(goal) - np.log(goals)) / spread)
        best = own.max()
        if own[goals.index(goal)] < best - 1e-6:
            assert ("claims.menu_dishonest", goal) in codes
        if own[goals.index(goal)] == best and (np.sort(own)[-2] < best - 1e-6):
            assert ("claims.menu_dishonest", goal) not in codes
    for low, high, pays, pays_more in zip(goals, goals[1:], rewards, rewards[1:], strict=False):
        assert (("claims.menu_pays_no_more", high) in codes) == (pays_more <= pays), (low, high)


def test_claims_beside_the_honest_one_cost_something() -> None:
    table = compare_claims(JointBase(100., scale=.01), 100, 30)
    assert isinstance(table, pd.DataFrame)
    assert table.lost.min() == pytest.approx(0, abs=1e-9)
    assert table.loc[table.share == 1, "lost"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert (table.lost[table.share != 1] > 0).all()
    menu = make_menu(100., 30.)
    assert compare_claims(menu, 100, 30).claim.tolist() == list(menu.goals)


def test_the_best_claim_under_a_rule_of_ones_own_is_searched_for() -> None:
    class Own:
        name = "own"
        pay, pieces = staticmethod(Gonik(80.).pay), staticmethod(Gonik(80.).pieces)

    found, known = best_claim(Own(), 100., 30.), best_claim(Gonik(80.), 100., 30.)
    assert found.claim == pytest.approx(known.claim, rel=1e-3)
    assert found.expected == pytest.approx(known.expected)


def test_a_certain_result_is_its_own_best_claim() -> None:
    assert best_claim(Gonik(50), 80., 0.).claim == 80
    assert best_claim(JointBase(50), 80., 0.).expected == pytest.approx(joint_base(50, 80, 80))
    assert (chance_of(80., 0., 80.), chance_of(80., 0., 81.)) == (1, 0)
    assert with_chance(80., 0., .3) == 80


@pytest.mark.parametrize(("make", "says"), [
    (lambda: Gonik(0), "above 0"), (lambda: Gonik(float("nan")), "above 0"), (lambda: Gonik(True), "above 0"),
    (lambda: gonik(50, -1, 50), "0 or more"), (lambda: JointBase(-1), "0 or more"),
    (lambda: JointBase(100, 1.5), "from 0 to 1"), (lambda: JointBase(100, over=0), "above 0"),
    (lambda: JointBase(100, under="half"), "0 or more"), (lambda: Menu((100, 90), (1, 2)), "must rise"),
    (lambda: Menu((100,), (1,)), "at least two"), (lambda: Menu((0, 100), (1, 2)), "above 0"),
    (lambda: make_menu(100, 30, chances=(.3, .5)), "falling"),
    (lambda: make_menu(100, 0), "told apart"), (lambda: make_menu(100, 30, unit=1000), "told apart"),
    (lambda: best_claim(Gonik(50), 0., 1.), "without a forecast"),
    (lambda: check_menu(Menu((1, 2), (1, 2)), 0), "above 0")])
def test_parameters_that_cannot_be_meant_get_a_sentence(make: object, says: str) -> None:
    with pytest.raises(SalesgoalsError, match=says):
        make()


def test_all_problems_of_a_rule_come_at_once() -> None:
    with pytest.raises(SalesgoalsError) as stopped:
        JointBase(-1, 2, -1, 0)
    assert len(stopped.value.problems) == 4
