"""Level and trend against pandas, statsmodels and known truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salesgoals.forecasting.book import Book
from salesgoals.forecasting.smoothing import (
    SMOOTHINGS,
    best_smoothing,
    growth_rates,
    past_trials,
    project,
    smoothed_level,
)

FLAT = np.ones((1, 12))


def book_of(sales: np.ndarray, present: np.ndarray | None = None, ramp: np.ndarray | None = None) -> Book:
    ones = np.ones(sales.shape)
    return Book(
        sales,
        ones if present is None else present,
        ones if ramp is None else ramp,
        np.arange(sales.shape[1]) % 12,
    )


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_level_is_the_exponentially_weighted_mean_of_pandas(smoothing: float) -> None:
    sales = np.random.default_rng(0).lognormal(3, 0.5, (3, 30))
    theirs = pd.DataFrame(sales.T).ewm(alpha=smoothing, adjust=True).mean().iloc[-1].to_numpy()
    assert smoothed_level(book_of(sales), np.ones((3, 12)), smoothing) == pytest.approx(theirs)


def test_level_agrees_with_statsmodels_when_the_start_is_forgotten() -> None:
    holt = pytest.importorskip("statsmodels.tsa.holtwinters")
    sales = np.random.default_rng(0).lognormal(3, 0.3, (1, 80))
    model = holt.SimpleExpSmoothing(sales[0], initialization_method="known", initial_level=sales[0, 0])
    theirs = model.fit(smoothing_level=0.3, optimized=False).forecast(1)[0]
    assert smoothed_level(book_of(sales), FLAT, 0.3)[0] == pytest.approx(theirs, rel=1e-6)


def test_months_before_joining_and_the_ramp_are_not_weakness() -> None:
    ramp = np.r_[np.ones(6), 0.2, 0.4, 0.6, 0.8, 1.0, 1.0][None]
    present = np.r_[np.zeros(6), np.ones(6)][None]
    grown = smoothed_level(book_of(100 * ramp * present, present, ramp), FLAT, 0.1)
    assert grown[0] == pytest.approx(100)


def test_a_person_with_three_sales_in_two_years_has_their_average() -> None:
    sales = np.zeros((1, 24))
    sales[0, [3, 11, 20]] = 80.0
    assert smoothed_level(book_of(sales), FLAT, 1e-9)[0] == pytest.approx(10)
    wild = project(book_of(np.r_[sales, np.full((3, 24), 50.0)]), np.arange(12), [0.5])[0]
    assert 6 < wild.level[0] < 14  # the last month does not decide it


def test_growth_of_all_is_found_and_chance_growth_of_one_is_not_believed() -> None:
    random = np.random.default_rng(0)
    months = np.arange(36)
    steady = 100 * (1 + 0.01 * (months - 17.5)) * random.lognormal(-0.005, 0.1, (30, 36))
    rates = growth_rates(book_of(steady), np.ones((30, 12)))
    assert rates.mean() == pytest.approx(0.01, abs=0.002)
    raw = [np.polyfit(months, row / row.mean(), 1)[0] for row in steady]
    assert rates.std() < 0.7 * np.std(raw)
    assert (growth_rates(book_of(steady[:, :20]), np.ones((30, 12))) == 0).all()


def test_smoothing_follows_a_random_walk_and_rests_on_pure_noise() -> None:
    random = np.random.default_rng(3)
    walk = 100 * np.exp(np.cumsum(random.normal(0, 0.1, (30, 36)), 1))
    noise = 100 * random.lognormal(-0.08, 0.4, (30, 36))
    assert best_smoothing(book_of(walk), 12) >= 0.3
    assert best_smoothing(book_of(noise), 12) <= 0.08
    assert best_smoothing(book_of(walk[:, :8]), 12) == SMOOTHINGS[0]


def test_past_trials_know_nothing_of_their_future() -> None:
    sales = np.random.default_rng(0).lognormal(3, 0.3, (5, 30))
    changed = sales.copy()
    changed[:, 20:] *= 9
    for before, after in zip(
        past_trials(book_of(sales), 12, [0.1])[0], past_trials(book_of(changed), 12, [0.1])[0], strict=True
    ):
        reach = before.forecast.shape[1]
        if 30 - reach <= 20 and reach == 12:
            assert before.forecast == pytest.approx(after.forecast)
            break
    else:
        pytest.fail("no trial from before month 20")


def test_projection_is_finite_and_not_negative_for_returns_and_silence() -> None:
    sales = np.array([[5.0] * 24, [-5.0] * 24, [0.0] * 24, [1.0, -1.0] * 12])
    for projection in project(book_of(sales), np.arange(12), SMOOTHINGS):
        assert np.isfinite(projection.mean()).all()
        assert (projection.mean() >= 0).all()
