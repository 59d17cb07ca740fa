"""Month indices against a known truth and against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from salesgoals.forecasting.season import month_indices, pool_course

TRUE = np.array([0.7, 0.6, 1.1, 1.0, 1.05, 1.2, 0.9, 0.95, 1.15, 1.0, 1.05, 1.3])
TRUE = TRUE / TRUE.mean()


def pool_of(people: int, months: int, noise: float, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    level = random.lognormal(3, 0.6, people)[:, None]
    return level * TRUE[np.arange(months) % 12] * random.lognormal(-(noise**2) / 2, noise, (people, months))


def indices_of(sales: np.ndarray, present: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    present = np.ones(sales.shape) if present is None else present
    return month_indices(sales, present, np.arange(sales.shape[1]) % 12, np.ones(len(sales), bool))


@pytest.mark.parametrize("months", [12, 24, 30, 36])
def test_without_noise_the_truth_comes_back(months: int) -> None:
    own, pool = indices_of(pool_of(5, months, 0.0))
    assert pool == pytest.approx(TRUE, abs=0.01)
    assert own == pytest.approx(np.tile(TRUE, (5, 1)), abs=0.02)


def test_growth_does_not_look_like_season() -> None:
    months = np.arange(36)
    growing = pool_of(5, 36, 0.0) * np.exp(0.02 * months)
    assert indices_of(growing)[1] == pytest.approx(TRUE, abs=0.01)


def test_agrees_with_statsmodels_on_one_long_series() -> None:
    seasonal = pytest.importorskip("statsmodels.tsa.seasonal")
    sales = pool_of(1, 60, 0.05)
    theirs = seasonal.seasonal_decompose(sales[0], model="multiplicative", period=12).seasonal[:12]
    assert indices_of(sales)[1] == pytest.approx(theirs, abs=0.04)


def test_pooling_beats_each_for_oneself() -> None:
    sales = pool_of(30, 24, 0.4)
    pooled = np.abs(indices_of(sales)[0] - TRUE).mean()
    alone = np.mean([np.abs(indices_of(row[None])[0] - TRUE).mean() for row in sales])
    assert pooled < 0.5 * alone


def test_noise_without_season_is_drawn_to_flat() -> None:
    kept = []
    for seed in range(10):
        noise = np.random.default_rng(seed).lognormal(0, 0.4, (30, 24))
        raw = noise.mean(0).reshape(2, 12).mean(0)
        kept.append(np.abs(indices_of(noise)[1] - 1).mean() / np.abs(raw / raw.mean() - 1).mean())
    assert np.mean(kept) < 0.6


def test_below_a_year_all_months_are_alike_and_given_indices_are_used() -> None:
    sales = pool_of(4, 8, 0.1)
    assert indices_of(sales)[1].tolist() == [1.0] * 12
    given = month_indices(sales, np.ones(sales.shape), np.arange(8), np.ones(4, bool), TRUE * 7)
    assert given[1] == pytest.approx(TRUE)


def test_one_wild_person_does_not_make_the_pools_season() -> None:
    sales = pool_of(10, 24, 0.1)
    wild = np.zeros((1, 24))
    wild[0, [2, 14]] = 1e7
    calm = indices_of(sales)[1]
    assert indices_of(np.r_[sales, wild])[1] == pytest.approx(calm, abs=0.05)


def test_course_and_levels_do_not_depend_on_who_is_missing_when() -> None:
    sales = pool_of(6, 36, 0.0)
    present = np.ones(sales.shape)
    present[0, :15] = 0
    pool = pool_course(sales * present, present)
    assert pool.level == pytest.approx(sales.mean(1) / sales.mean() * pool.level.mean(), rel=0.02)
    assert np.isfinite(pool.course).all()


def test_empty_months_and_returns_leave_no_hole() -> None:
    sales = pool_of(4, 24, 0.2)
    sales[:, 5] = 0
    sales[1, 7] = -3 * sales[1, 7]
    for values in indices_of(sales):
        assert np.isfinite(values).all()
        assert (values > 0).all()
        assert values.mean(-1) == pytest.approx(1.0)
