"""The chance of a sum against closed forms and Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from salesgoals.forecasting.probability import (
    chance_of_total,
    chances_of_each,
    log_moments,
    outlook,
    total_with_chance,
    totals_with_chances,
)


def drawn(mean: np.ndarray, sd: np.ndarray, correlation: float, draws: int, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    centre, spread = log_moments(mean, sd)
    sums = np.empty(draws)
    batch = max(1, 2_000_000 // len(mean))
    for begin in range(0, draws, batch):
        size = min(batch, draws - begin)
        shock = random.standard_normal((size, 1))
        own = random.standard_normal((size, len(mean)))
        logs = centre + spread * (np.sqrt(correlation) * shock + np.sqrt(1 - correlation) * own)
        sums[begin : begin + size] = np.exp(logs).sum(1)
    return sums


@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.3, 0.6])
@pytest.mark.parametrize(("people", "draws"), [(1, 300_000), (3, 300_000), (10, 200_000), (300, 20_000)])
def test_against_monte_carlo(people: int, draws: int, correlation: float) -> None:
    random = np.random.default_rng(people)
    mean = random.lognormal(13, 0.5, people)
    sd = mean * random.uniform(0.2, 0.5, people)
    sums = drawn(mean, sd, correlation, draws)
    law = outlook(mean, sd, correlation)
    noise = 3 * 0.5 / np.sqrt(draws)  # three standard errors of the draws themselves
    for factor in (0.9, 1.0, 1.1, 1.3):
        total = mean.sum() * factor
        assert chance_of_total(law, total) == pytest.approx((sums >= total).mean(), abs=0.003 + noise)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_one_person_is_the_log_normal_itself(correlation: float) -> None:
    mean, sd = np.array([100.0]), np.array([35.0])
    centre, spread = log_moments(mean, sd)
    for total in (60.0, 100.0, 150.0, 200.0):
        exact = float(ndtr((centre[0] - np.log(total)) / spread[0]))
        assert chance_of_total(outlook(mean, sd, correlation), total) == pytest.approx(exact, abs=0.001)
        assert chances_of_each(mean, sd, np.array([total]))[0] == pytest.approx(exact)


def test_thousands_who_share_their_luck_are_not_a_staircase() -> None:
    mean, sd = np.full(5000, 1.0), np.full(5000, 0.3)
    law = outlook(mean, sd, 0.3)
    totals = np.linspace(4000, 6500, 400)
    steps = -np.diff([chance_of_total(law, total) for total in totals])
    assert (steps >= 0).all()
    assert np.abs(np.diff(steps)).max() < 0.2 * steps.max()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.floats(1, 1e8), st.floats(0, 2)), min_size=1, max_size=8),
    st.floats(0, 1),
    st.floats(0.02, 0.98),
)
def test_total_and_chance_are_each_others_inverse(
    people: list[tuple[float, float]], correlation: float, wanted: float
) -> None:
    mean = np.array([person[0] for person in people])
    sd = mean * np.array([person[1] for person in people])
    law = outlook(mean, sd, correlation)
    total = total_with_chance(law, wanted)
    assert np.isfinite(total)
    if (sd > 1e-3 * mean.sum()).any():
        assert chance_of_total(law, total) == pytest.approx(wanted, abs=1e-3)


def test_certain_people_shift_the_total() -> None:
    both = outlook(np.array([100.0, 50.0]), np.array([30.0, 0.0]), 0.3)
    alone = outlook(np.array([100.0]), np.array([30.0]), 0.3)
    assert total_with_chance(both, 0.7) == pytest.approx(total_with_chance(alone, 0.7) + 50)
    sure = outlook(np.array([100.0]), np.array([0.0]), 0.3)
    assert [chance_of_total(sure, total) for total in (99.0, 100.0, 101.0)] == [1.0, 1.0, 0.0]


def test_mean_and_spread_of_the_sum_are_those_of_its_parts() -> None:
    mean, sd = np.array([100.0, 200.0, 50.0]), np.array([30.0, 90.0, 10.0])
    sums = drawn(mean, sd, 0.4, 400_000)
    totals = totals_with_chances(outlook(mean, sd, 0.4), (0.9, 0.5, 0.1))
    assert totals == pytest.approx(np.quantile(sums, [0.1, 0.5, 0.9]), rel=0.01)


def test_no_goal_has_no_chance_and_no_sales_no_hope() -> None:
    chances = chances_of_each(
        np.array([100.0, 0.0, 100.0]), np.array([20.0, 0.0, 20.0]), np.array([np.nan, 5.0, 0.0])
    )
    assert np.isnan(chances[0])
    assert chances[1:].tolist() == [0.0, 1.0]
