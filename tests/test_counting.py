"""Counts: the chance of reaching so many, against scipy.stats, and what to expect of people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from salesgoals.measuring.counting import chance_of_count, expect_counts


@given(mean=st.floats(.1, 500), more=st.floats(0, 4), goal=st.integers(1, 800))
@settings(deadline=None, max_examples=80)
def test_the_chance_is_that_of_scipy(mean: float, more: float, goal: int) -> None:
    variance = mean * (1 + more)
    if more > 1e-6:
        size = mean ** 2 / (variance - mean)
        expected = nbinom.sf(goal - 1, size, size / (size + mean))
    else:
        expected = poisson.sf(goal - 1, mean)
    assert chance_of_count(np.array([mean]), np.array([variance]), np.array([goal]))[0] == pytest.approx(
        expected, abs=1e-6)


def test_no_goal_is_reached_and_nothing_known_stays_unknown() -> None:
    found = chance_of_count(np.array([3., 0., np.nan, 3.]), np.array([3., 1., 1., np.nan]),
                            np.array([0, 2, 2, 2]))
    assert found[0] == 1
    assert found[1] == 0
    assert np.isnan(found[2:]).all()


def test_the_more_the_less_likely() -> None:
    chances = chance_of_count(np.full(50, 20.), np.full(50, 35.), np.arange(50))
    assert (np.diff(chances) <= 1e-12).all()


def test_people_who_differ_by_luck_alone_are_drawn_together() -> None:
    draw = np.random.default_rng(5)
    counts = draw.poisson(2., (40, 24)).astype(float)
    found = expect_counts(counts, np.ones_like(counts), np.full(40, 12.))
    own = counts.mean(1) * 12
    assert found.mean.std() < own.std() / 2
    assert found.rate == pytest.approx(2, abs=.2)
    assert found.clumping == pytest.approx(1, abs=.15)


def test_people_who_really_differ_stay_apart() -> None:
    draw = np.random.default_rng(6)
    rates = np.repeat([1., 8.], 15)[:, None]
    counts = draw.poisson(rates, (30, 24)).astype(float)
    found = expect_counts(counts, np.ones_like(counts), np.full(30, 12.))
    assert found.mean[:15].max() < 30 < 70 < found.mean[15:].min()


def test_the_chance_holds_in_repeated_years() -> None:
    """Of simulated years with clumps, the goal is reached about as often as the chance says."""
    draw = np.random.default_rng(7)
    reached, said = [], []
    for _ in range(60):
        rate = draw.gamma(4, .5, 12)
        lots = draw.gamma(1.5, 1 / 1.5, (12, 36))
        months = draw.poisson(rate[:, None] * lots).astype(float)
        found = expect_counts(months[:, :24], np.ones((12, 24)), np.full(12, 12.))
        goal = np.ceil(found.mean * 1.1)
        said.append(chance_of_count(found.mean, found.variance, goal))
        reached.append(months[:, 24:].sum(1) >= goal)
    assert np.mean(reached) == pytest.approx(np.mean(said), abs=.06)


def test_newcomers_are_measured_by_full_months() -> None:
    counts = np.vstack([np.full((5, 24), 4.), np.r_[np.full(20, np.nan), 1, 2, 2, 3][None, :]])
    exposure = np.ones_like(counts)
    exposure[5] = np.r_[np.zeros(20), .25, .5, .5, .75]
    found = expect_counts(counts, exposure, np.full(6, 12.))
    assert found.mean[5] == pytest.approx(48, rel=.02)


def test_too_little_says_so() -> None:
    found = expect_counts(np.array([[2.]]), np.ones((1, 1)), np.array([12.]))
    assert found.mean[0] == 24
    assert np.isnan(found.variance[0])
    nothing = expect_counts(np.full((2, 3), np.nan), np.zeros((2, 3)), np.ones(2))
    assert np.isnan(nothing.mean).all()
