"""Chances and totals of a forecast, and the answer to "double it"."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import salesgoals.goal as goal
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.forecasting.probability import log_moments
from salesgoals.goal import chance, chance_of_people, judge_total, totals_at
from salesgoals.problems import SalesgoalsError


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    """Twenty people, 36 months, with noise and a common course."""
    random = np.random.default_rng(0)
    course = np.exp(np.cumsum(random.normal(0, 0.04, 36)))
    sales = random.lognormal(4, 0.4, 20)[:, None] * course * random.lognormal(-0.045, 0.3, (20, 36))
    months = pd.date_range("2023-01-01", periods=36, freq="MS")
    return forecast_sales(
        pd.DataFrame(
            [
                (f"p{row:02d}", month, amount)
                for row, line in enumerate(sales)
                for month, amount in zip(months, line, strict=True)
            ],
            columns=["person_id", "month", "amount"],
        )
    )


def test_chance_is_that_of_drawn_years(forecast: Forecast) -> None:
    random = np.random.default_rng(1)
    people, rho = forecast.people, forecast.people_correlation
    centre, spread = log_moments(people["mean"].to_numpy(), people.sd.to_numpy())
    shock, own = random.standard_normal((200_000, 1)), random.standard_normal((200_000, len(people)))
    years = np.exp(centre + spread * (np.sqrt(rho) * shock + np.sqrt(1 - rho) * own)).sum(1)
    for factor in (0.8, 1.0, 1.1, 1.3):
        total = forecast.unit["mean"] * factor
        assert chance(forecast, total) == pytest.approx((years >= total).mean(), abs=0.006)
    assert forecast.unit["mean"] == pytest.approx(years.mean(), rel=0.005)
    assert forecast.unit["sd"] == pytest.approx(years.std(), rel=0.06)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.03, 0.97))
def test_totals_and_chances_are_each_others_inverse(forecast: Forecast, wanted: float) -> None:
    total = totals_at(forecast, [wanted]).total[0]
    assert chance(forecast, total) == pytest.approx(wanted, abs=1e-3)


def test_more_is_never_likelier(forecast: Forecast) -> None:
    chances = [chance(forecast, forecast.unit["mean"] * factor) for factor in np.linspace(0.3, 3, 60)]
    assert chances[0] > 0.999
    assert chances[-1] < 1e-4
    assert (np.diff(chances) <= 0).all()


def test_double_it_is_answered_with_chance_assumptions_and_three_totals(forecast: Forecast) -> None:
    verdict = judge_total(forecast, 2 * forecast.unit["last_12"])
    assert verdict.times_last_12 == pytest.approx(2)
    assert verdict.chance < 0.01
    assert verdict.totals.chance.tolist() == [0.7, 0.5, 0.3]
    assert verdict.totals.total.is_monotonic_increasing
    assert len(verdict.assumptions) == 4
    assert "36 months" in verdict.assumptions[0]
    bold = judge_total(forecast, 1.15 * forecast.unit["mean"])
    assert bold.chance_if_independent < bold.chance  # shared luck makes far totals likelier


def test_chance_of_people_is_that_of_their_log_normal(forecast: Forecast) -> None:
    random = np.random.default_rng(2)
    person = forecast.people.iloc[3]
    centre, spread = log_moments(np.array([person["mean"]]), np.array([person.sd]))
    years = np.exp(centre + spread * random.standard_normal(300_000))
    goals = pd.Series({"p03": person["mean"] * 1.2, "stranger": 5.0, "p05": np.nan})
    chances = chance_of_people(forecast, goals)
    assert chances["p03"] == pytest.approx((years >= goals["p03"]).mean(), abs=0.004)
    assert chances[["stranger", "p05"]].isna().all()
    assert list(chances.index) == list(goals.index)


@pytest.mark.parametrize("total", [float("nan"), float("inf"), -1.0, 0.0, "1000", None, True])
def test_a_total_that_is_none_is_refused(forecast: Forecast, total: object) -> None:
    for ask in (chance, judge_total):
        with pytest.raises(SalesgoalsError) as caught:
            ask(forecast, total)  # type: ignore[operator]
        assert caught.value.problems[0].code == "goal.total_unusable"


def test_chances_out_of_range_and_people_twice_are_refused_together(forecast: Forecast) -> None:
    with pytest.raises(SalesgoalsError) as caught:
        totals_at(forecast, (0.0, 0.5, 1.2))
    assert [problem.values["found"] for problem in caught.value.problems] == [0.0, 1.2]
    with pytest.raises(SalesgoalsError) as caught:
        chance_of_people(forecast, pd.Series([1.0, 2.0, np.inf], index=["p01", "p01", "p02"]))
    assert [problem.code for problem in caught.value.problems] == ["goal.person_twice", "goal.total_unusable"]


def test_the_step_offers_its_whole_vocabulary() -> None:
    assert {name for name in goal.__all__ if not hasattr(goal, name)} == set()
