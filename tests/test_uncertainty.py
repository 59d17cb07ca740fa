"""Sizes and correlations of errors against simulated truths."""

from __future__ import annotations

import numpy as np
import pytest

from salesgoals.forecasting.smoothing import Trial
from salesgoals.forecasting.uncertainty import band, learn_errors, level_floor, year_spread


def simulated_trials(
    people: int = 200, own: float = 0.0, common: float = 0.0, month: float = 0.3, count: int = 40
) -> list[Trial]:
    random = np.random.default_rng(5)
    trials = []
    for _ in range(count):
        level = random.normal(0, own, (people, 1)) + random.normal(0, common) if own or common else 0.0
        error = random.normal(0, month, (people, 12)) + level
        trials.append(Trial(np.full((people, 12), 100.0), 100 * (1 + error), np.ones((people, 12))))
    return trials


def test_size_is_found() -> None:
    errors = learn_errors(simulated_trials(month=0.25), 200, 12, 0.8)
    assert errors.spread.mean() == pytest.approx(0.25, rel=0.05)


def test_month_correlation_is_found() -> None:
    errors = learn_errors(simulated_trials(own=0.3, month=0.3), 200, 12, 0.8)
    assert errors.month_correlation == pytest.approx(0.5, abs=0.05)
    assert learn_errors(simulated_trials(), 200, 12, 0.8).month_correlation == pytest.approx(
        0.1
    )  # never less


def test_people_correlation_is_found() -> None:
    errors = learn_errors(
        simulated_trials(own=0.2, common=0.2, month=0.05, count=300, people=60), 60, 12, 0.8
    )
    assert errors.people_correlation == pytest.approx(0.5, abs=0.08)
    assert learn_errors(simulated_trials(own=0.2), 200, 12, 0.8).people_correlation < 0.05


def test_errors_that_grow_with_the_horizon_stay_growing() -> None:
    random = np.random.default_rng(1)
    walk = np.cumsum(random.normal(0, 0.1, (30, 100, 12)), 2)
    trials = [Trial(np.full((100, 12), 100.0), 100 * (1 + one), np.ones((100, 12))) for one in walk]
    spread = learn_errors(trials, 100, 12, 0.8).spread.mean(0)
    assert spread[-1] / spread[0] > 1.8
    assert spread[-1] == pytest.approx(0.1 * np.sqrt(12), rel=0.15)


def test_an_unsteady_person_has_a_wider_band_but_not_all_of_the_difference() -> None:
    calm, wild = simulated_trials(people=1, month=0.1), simulated_trials(people=1, month=0.6)
    trials = [
        Trial(np.r_[a.forecast, b.forecast], np.r_[a.actual, b.actual], np.r_[a.counted, b.counted])
        for a, b in zip(calm, wild, strict=True)
    ]
    spread = learn_errors(trials, 2, 12, 0.8).spread.mean(1)
    assert 1.8 < spread[1] / spread[0] < 4


def test_month_bands_hold_what_they_promise_on_what_they_were_learnt_from() -> None:
    trials = simulated_trials(month=0.3, people=100)
    errors = learn_errors(trials, 100, 12, 0.8)
    low, high = band(trials[0].forecast, 100 * errors.spread, errors.low_score, errors.high_score)
    inside = np.mean([((t.actual >= low) & (t.actual <= high)).mean() for t in trials])
    assert inside == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_year_spread_against_draws(correlation: float) -> None:
    random = np.random.default_rng(2)
    sizes = random.uniform(1, 5, (1, 12))
    shared = random.normal(size=(200_000, 1))
    each = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * random.normal(size=(200_000, 12))
    level = random.normal(0, 4, 200_000)
    assert year_spread(sizes, correlation, 4.0)[0] == pytest.approx(
        ((each * sizes).sum(1) + level).std(), rel=0.01
    )


def test_nothing_to_learn_from_is_wide() -> None:
    errors = learn_errors([], 3, 12, 0.8)
    assert (errors.spread == 0.5).all()
    few = [Trial(np.full((1, 1), 100.0), np.full((1, 1), 101.0), np.ones((1, 1)))]
    assert learn_errors(few, 1, 12, 0.8).spread.mean() > 0.4


def test_shorter_histories_have_higher_floors() -> None:
    floors = [level_floor(months) for months in (1, 5, 6, 11, 12, 23, 24, 60)]
    assert floors == sorted(floors, reverse=True)
    assert floors[-1] == 0.10
