"""Drawing figures towards the peers': against brute force over all that is unknown, and a second library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from salesgoals.abilities.shrink import NO_SPREAD, SPREADS, WIDEST_RATE, shrink_means, shrink_rates

RANDOM = np.random.default_rng(3)


def beliefs(widest: float) -> tuple[np.ndarray, np.ndarray]:
    return np.r_[0, np.linspace(widest / SPREADS, widest, SPREADS)], np.r_[
        NO_SPREAD, np.full(SPREADS, (1 - NO_SPREAD) / SPREADS)]


@pytest.mark.parametrize("spread", [0.0, 0.2, 0.6])
def test_means_are_those_of_brute_force(spread: float) -> None:
    error = RANDOM.uniform(0.1, 0.4, 9)
    seen = 2 + RANDOM.normal(0, spread, 9) + RANDOM.normal(0, error)
    spreads, belief = beliefs(1.0)
    center = np.linspace(-1, 5, 1201)
    weight = np.zeros((len(spreads), len(center)))
    for place, width in enumerate(spreads):
        likely = stats.norm.logpdf(seen[:, None], center, np.sqrt(width**2 + error**2)[:, None]).sum(0)
        weight[place] = belief[place] * np.exp(likely)
    weight /= weight.sum()
    found = shrink_means(seen, error, np.zeros(9, int), 1.0, 0.1)
    for person in range(9):
        above, mean, near = 0.0, 0.0, weight[0].sum()
        for place, width in enumerate(spreads[1:], 1):
            trust = width**2 / (width**2 + error[person] ** 2)
            own = center + trust * (seen[person] - center)
            doubt = np.sqrt(trust) * error[person]
            above += (weight[place] * stats.norm.sf(center, own, doubt)).sum()
            near += (weight[place] * (stats.norm.cdf(center + 0.1, own, doubt)
                                      - stats.norm.cdf(center - 0.1, own, doubt))).sum()
            mean += (weight[place] * own).sum()
        assert found.above[person] == pytest.approx(above, abs=2e-3)
        assert found.near[person] == pytest.approx(near, abs=2e-3)
        assert found.mean[person] == pytest.approx(mean / weight[1:].sum(), abs=2e-3)


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.25])
def test_rates_are_those_of_brute_force(spread: float) -> None:
    tries = RANDOM.integers(5, 120, 12).astype(float)
    rate = 0.35 if spread == 0 else RANDOM.beta(0.35 * (1 / spread**2 - 1), 0.65 * (1 / spread**2 - 1), 12)
    hits = RANDOM.binomial(tries.astype(int), rate).astype(float)
    spreads, belief = beliefs(WIDEST_RATE)
    logit = np.linspace(-2.5, 1.5, 401)
    center = 1 / (1 + np.exp(-logit))
    weight = np.zeros((len(spreads), len(center)))
    for place, width in enumerate(spreads):
        if width == 0:
            likely = stats.binom.logpmf(hits[:, None], tries[:, None], center).sum(0)
        else:
            size = 1 / width**2 - 1
            likely = stats.betabinom.logpmf(hits[:, None], tries[:, None], center * size,
                                            (1 - center) * size).sum(0)
        weight[place] = belief[place] * np.exp(likely)
    weight /= weight.sum()
    found = shrink_rates(hits, tries, np.zeros(12, int), 0.05)
    for person in range(12):
        above = mean = 0.0
        for place, width in enumerate(spreads[1:], 1):
            size = 1 / width**2 - 1
            own = stats.beta(center * size + hits[person], (1 - center) * size + tries[person] - hits[person])
            above += (weight[place] * own.sf(center)).sum()
            mean += (weight[place] * own.mean()).sum()
        assert found.above[person] == pytest.approx(above, abs=0.03)
        assert found.mean[person] == pytest.approx(mean / weight[1:].sum(), abs=0.01)


def test_the_spread_agrees_with_a_meta_analysis() -> None:
    random = np.random.default_rng(8)
    error = random.uniform(0.1, 0.3, 400)
    seen = random.normal(0, 0.25, 400) + random.normal(0, error)
    other = combine_effects(seen, error**2, method_re="iterated")
    found = shrink_means(seen, error, np.zeros(400, int), 1.0, 0.1)
    assert found.spread == pytest.approx(np.sqrt(other.tau2), abs=0.02)
    assert found.center[0] == pytest.approx(other.mean_effect_re, abs=0.01)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 12), st.floats(0.05, 1.0))
def test_an_estimate_lies_between_what_was_seen_and_the_peers(seed: int, people: int, widest: float) -> None:
    random = np.random.default_rng(seed)
    seen, error = random.normal(0, 1, people), random.uniform(0.05, 1, people)
    group = random.integers(0, 2, people)
    group = np.unique(group, return_inverse=True)[1]
    found = shrink_means(seen, error, group, widest, 0.1)
    slack = 1e-9
    least = np.array([seen[group == number].min() for number in group])
    most = np.array([seen[group == number].max() for number in group])
    assert ((found.mean <= most + slack) & (found.mean >= least - slack)).all()
    even = shrink_means(seen, np.full(people, error[0]), group, widest, 0.1)    # one centre for every spread
    assert ((even.mean <= np.maximum(seen, even.center) + slack)
            & (even.mean >= np.minimum(seen, even.center) - slack)).all()
    assert ((found.low < found.mean) & (found.mean < found.high)).all()
    for chance in (found.above, found.below, found.near):
        assert ((chance >= -slack) & (chance <= 1 + slack)).all()
    assert (found.above + found.below <= 1 + slack).all()
    moved = shrink_means(seen + 7, error, group, widest, 0.1)
    assert moved.difference == pytest.approx(found.difference, abs=1e-8)
    assert moved.mean == pytest.approx(found.mean + 7, abs=1e-8)


def test_ten_of_ten_says_less_than_hundred_of_hundred() -> None:
    hits = np.array([10.0, 100.0, *[50.0] * 8])
    tries = np.array([10.0, 100.0, *[100.0] * 8])
    found = shrink_rates(hits, tries, np.zeros(10, int), 0.05)
    assert 0.5 < found.mean[0] < found.mean[1] < 1
    assert found.high[0] - found.low[0] > found.high[1] - found.low[1]
    assert found.above[1] > 0.999


def test_figures_without_any_chance_break_nothing() -> None:
    same = shrink_means(np.full(6, 3.0), np.zeros(6), np.zeros(6, int), 1.0, 0.1)
    assert same.mean == pytest.approx(np.full(6, 3.0))
    assert (same.near > 0.9).all()
    other = shrink_means(np.array([3.0, 3, 3, 3, 3, 4]), np.zeros(6), np.zeros(6, int), 1.0, 0.1)
    assert other.mean[5] == pytest.approx(4, abs=0.01)
    none = shrink_rates(np.zeros(6), np.full(6, 10.0), np.zeros(6, int), 0.05)
    assert np.isfinite(none.mean).all()
    assert none.mean.max() < 0.1


def test_groups_have_their_own_middle_and_share_the_spread() -> None:
    seen = np.r_[np.zeros(8), np.full(8, 5.0)] + np.tile([0.1, -0.1], 8)
    found = shrink_means(seen, np.full(16, 0.1), np.repeat([0, 1], 8), 1.0, 0.1)
    assert found.center[:8] == pytest.approx(np.zeros(8), abs=0.05)
    assert found.center[8:] == pytest.approx(np.full(8, 5), abs=0.05)
    assert max(found.above.max(), found.below.max()) < 0.95


@pytest.mark.filterwarnings("error")
def test_ten_thousand_equals_are_equals_and_not_unknown() -> None:
    """So many equal people leave "there is a spread" a chance that no float can hold."""
    people, group = 10_000, np.zeros(10_000, int)
    for found in (shrink_means(np.zeros(people), np.full(people, .1), group, 2., .1),
                  shrink_rates(np.full(people, 50.), np.full(people, 100.), group, .05)):
        assert np.isfinite(found.mean).all()
        assert np.ptp(found.mean) < 1e-9
        assert (found.above < .01).all()
