"""The growth curve of newcomers against simulated truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salesgoals.forecasting.ramp_fit import PRIOR_RAMP, Ramp, fit_ramp, fit_ramp_to_shares, ramp_share

TENURE = np.arange(1, 25)
TRUTHS = {
    "logistic": 1 / (1 + np.exp(-(TENURE - 6) / 1.8)),
    "exponential": 1 - np.exp(-TENURE / 5),
    "straight": np.minimum(TENURE / 9, 1),
}


def newcomers(random: np.random.Generator, people: int, truth: np.ndarray) -> np.ndarray:
    """Months of people followed 4 to 24 months, of different ability, noisy; some leave."""
    shares = np.full((people, 24), np.nan)
    for row in range(people):
        months = min(random.integers(4, 25), random.geometric(0.03) + 3)
        ability = random.lognormal(-(0.35**2) / 2, 0.35)
        shares[row, :months] = ability * truth[:months] * random.lognormal(-0.125, 0.5, months)
    return shares


def first_year(ramp: Ramp) -> float:
    return float(ramp_share(TENURE[:12], ramp).sum())


@pytest.mark.parametrize("shape", TRUTHS)
@pytest.mark.parametrize(("hires", "most"), [(5, 0.16), (15, 0.12), (50, 0.10)])
def test_error_of_a_first_year_is_as_small_as_measured(shape: str, hires: int, most: float) -> None:
    random = np.random.default_rng(1)
    truth = TRUTHS[shape]
    errors = [
        first_year(fit_ramp_to_shares(newcomers(random, hires, truth))) / truth[:12].sum() - 1
        for _ in range(60)
    ]
    assert np.sqrt(np.mean(np.square(errors))) < most


def test_few_stay_near_the_prior_and_many_follow_the_data() -> None:
    slow = 1 / (1 + np.exp(-(TENURE - 11) / 2))
    fitted = {
        hires: np.mean(
            [
                fit_ramp_to_shares(newcomers(np.random.default_rng(seed), hires, slow)).midpoint
                for seed in range(20)
            ]
        )
        for hires in (2, 50)
    }
    assert PRIOR_RAMP.midpoint < fitted[2] < 10.0
    assert fitted[50] == pytest.approx(11, abs=0.9)


def test_error_falls_with_the_number_of_hires() -> None:
    shares = newcomers(np.random.default_rng(0), 50, TRUTHS["logistic"])
    errors = [PRIOR_RAMP.error, *(fit_ramp_to_shares(shares[:hires]).error for hires in (1, 5, 20, 50))]
    assert errors == sorted(errors, reverse=True)


def test_curve_rises_from_nothing_to_all() -> None:
    share = ramp_share(np.arange(-3, 60))
    assert (share[:4] == 0).all()
    assert (np.diff(share) >= 0).all()
    assert share[-1] == pytest.approx(1)
    assert ramp_share(np.nan) == 1


def records(truth: np.ndarray, hires: int, season: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Thirty months of ten grown people and of newcomers who join one after the other."""
    random = np.random.default_rng(4)
    months = pd.date_range("2023-01-01", periods=30, freq="MS")
    course = (1 + 0.4 * np.sin(np.arange(30) * np.pi / 6) if season else 1.0) * 1.01 ** np.arange(30)
    rows, people = [], []
    for row in range(10):
        people.append((f"g{row}", pd.Timestamp("2015-03-01"), pd.NaT))
        rows += [
            (f"g{row}", month, amount)
            for month, amount in zip(months, 100 * course * random.lognormal(-0.02, 0.2, 30), strict=True)
        ]
    for row in range(hires):
        joined = 1 + row % 12
        people.append((f"n{row}", months[joined], pd.NaT))
        amounts = 100 * course[joined:] * np.resize(truth, 60)[: 30 - joined]
        amounts[24:] = 100 * course[joined + 24 :]
        rows += [(f"n{row}", month, amount) for month, amount in zip(months[joined:], amounts, strict=True)]
    return (
        pd.DataFrame(rows, columns=["person_id", "month", "amount"]),
        pd.DataFrame(people, columns=["person_id", "hire_date", "leave_date"]),
    )


def test_season_and_growth_of_the_market_do_not_look_like_learning() -> None:
    truth = 1 / (1 + np.exp(-(TENURE - 8) / 1.5))
    ramp = fit_ramp(*records(truth, 24))
    assert ramp.hires == 24
    assert ramp.midpoint == pytest.approx(8, abs=0.6)


def test_nobody_to_learn_from_means_the_prior() -> None:
    history, people = records(TRUTHS["straight"], 0)
    assert fit_ramp(history, people) == PRIOR_RAMP
    history, people = records(TRUTHS["straight"], 5)
    only_new = people.person_id.str.startswith("n")
    assert fit_ramp(history[history.person_id.str.startswith("n")], people[only_new]) == PRIOR_RAMP


def test_inputs_are_left_alone() -> None:
    history, people = records(TRUTHS["straight"], 5)
    before = history.copy(), people.copy()
    fit_ramp(history, people)
    pd.testing.assert_frame_equal(history, before[0])
    pd.testing.assert_frame_equal(people, before[1])
