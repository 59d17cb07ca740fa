"""P-values: exact where all groups can be listed, level on random figures, the same answer every time."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from salesgoals.fairness.chance_tests import (
    SHUFFLES,
    Shuffler,
    gini,
    holm,
    p_of_relation,
    p_of_slope,
    ranks_within,
)


def by_scipy(values: np.ndarray, inside: np.ndarray, shuffles: float) -> float:
    def apart(one: np.ndarray, other: np.ndarray, axis: int) -> np.ndarray:
        return one.mean(axis) - other.mean(axis)

    return float(stats.permutation_test((values[inside], values[~inside]), apart, vectorized=True,
                                        n_resamples=shuffles, rng=1).pvalue)


def test_a_small_group_is_compared_with_every_other_group_of_its_size() -> None:
    values = np.array([4., 1., 7., 2., 9., 3.])
    inside = np.array([True, False, True, False, True, False])
    exact = by_scipy(values, inside, np.inf)
    assert Shuffler(values).p_value(inside) == pytest.approx(exact)


@pytest.mark.parametrize("people", [40, 400])
def test_a_large_group_is_judged_as_a_rank_of_all_shuffles_would(people: int) -> None:
    draw = np.random.default_rng(3)
    values = draw.normal(size=people)
    inside = np.arange(people) < people // 4
    values[inside] += 2.2 / np.sqrt(people // 4)
    assert Shuffler(values).p_value(inside) == pytest.approx(by_scipy(values, inside, 9999), abs=.03)


def test_nobody_everybody_and_all_alike_are_no_finding() -> None:
    test = Shuffler(np.array([1., 2., 3., 4.]))
    assert test.p_value(np.zeros(4, bool)) == test.p_value(np.ones(4, bool)) == 1.
    assert Shuffler(np.ones(6)).p_value(np.arange(6) < 2) == 1.


def test_p_values_of_pure_luck_are_small_no_more_often_than_they_say() -> None:
    draw = np.random.default_rng(11)
    group, slope, relation = [], [], []
    for _ in range(150):
        values = draw.normal(size=14)
        group.append(Shuffler(values).p_value(np.arange(14) < 4))
        one, other = draw.normal(size=(2, 14))  # both vary alike: no slope
        slope.append(p_of_slope(one - other, (one + other) / 2))
        relation.append(p_of_relation(one, other, np.zeros(14, int))[1])
    most = stats.binom.ppf(.999, 150, .05)
    for found in (group, slope, relation):
        assert (np.array(found) < .05).sum() <= most
        assert np.median(found) > .3


def test_goals_spread_less_than_expectations_are_found_at_any_size() -> None:
    draw = np.random.default_rng(5)
    for people in (10, 40, 500):
        expected = draw.normal(0, .5, people)
        goals = draw.normal(0, .05, people)
        assert p_of_slope(goals - expected, (goals + expected) / 2) < .01


def test_a_relation_is_exact_for_few() -> None:
    one, other = np.array([1., 2., 3., 4., 5.]), np.array([2., 1., 4., 3., 5.])
    relation, p = p_of_relation(one, other, np.zeros(5, int))
    assert relation == pytest.approx(stats.spearmanr(one, other).statistic)
    ranks = ranks_within(one, np.zeros(5, int))
    reached = [abs(ranks @ np.array(order)) for order in permutations(ranks_within(other, np.zeros(5, int)))]
    exact = np.mean(np.array(reached) >= abs(ranks @ ranks_within(other, np.zeros(5, int))) - 1e-9)
    assert p == pytest.approx(exact, abs=.03)


def test_rounds_are_compared_only_with_themselves() -> None:
    one = np.array([1., 2., 3., 101., 102., 103.])
    other = np.array([3., 2., 1., 103., 102., 101.])
    relation, _ = p_of_relation(one, other, np.array([0, 0, 0, 1, 1, 1]))
    assert relation == pytest.approx(-1)
    assert p_of_relation(one, np.ones(6), np.zeros(6, int))[1] == 1.


def test_many_rows_are_judged_by_the_curve_as_by_shuffling() -> None:
    draw = np.random.default_rng(2)
    one = draw.normal(size=400)
    other = .09 * one + draw.normal(size=400)
    assert p_of_relation(one, other, np.zeros(400, int))[1] == pytest.approx(
        stats.spearmanr(one, other).pvalue, abs=.01)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_the_textbook(values: list[float]) -> None:
    p = np.array(values)
    corrected = holm(p)
    assert (corrected >= p - 1e-12).all()
    assert (corrected <= 1).all()
    assert corrected.min() == pytest.approx(min(1, len(p) * p.min()))
    assert (corrected[np.argsort(p, kind="stable")] == np.sort(corrected)).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20), st.floats(.1, 10))
def test_gini_is_the_mean_difference_over_twice_the_mean(values: list[float], scale: float) -> None:
    figures = np.array(values)
    brute = np.abs(figures[:, None] - figures).mean() / (2 * figures.mean())
    assert gini(figures) == pytest.approx(brute, abs=1e-9)
    assert gini(figures * scale) == pytest.approx(gini(figures), abs=1e-9)


def test_the_same_figures_give_the_same_p_value() -> None:
    values = np.random.default_rng(1).normal(size=30)
    inside = np.arange(30) < 7
    assert Shuffler(values).p_value(inside) == Shuffler(values).p_value(inside) >= 1 / (SHUFFLES + 1)
