"""Spring Festival: its dates, its effect found, and nothing found where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salesgoals.forecast import forecast_sales
from salesgoals.forecasting.festival import festival_share, new_year
from salesgoals.words import in_language


def company(effect: float, months: int, seed: int = 0, start: str = "2021-01-01") -> pd.DataFrame:
    """Twenty people whose sales sink by the effect (on the log) when the festival falls into a month."""
    random = np.random.default_rng(seed)
    dates = pd.date_range(start, periods=months, freq="MS")
    course = (1 + 0.25 * np.sin(np.arange(months) * np.pi / 6)) * np.exp(effect * festival_share(dates))
    sales = random.lognormal(4, 0.4, 20)[:, None] * course * random.lognormal(-0.08, 0.4, (20, months))
    return pd.DataFrame(
        {
            "person_id": np.repeat([f"{row:02d}" for row in range(20)], months),
            "month": np.tile(dates, 20),
            "amount": sales.ravel(),
        }
    )


def error_of_two_months(effect: float, country: str | None, years: int = 2) -> float:
    """Mean error of the unit's January and February over early and late festivals."""
    errors = []
    for year in range(2018, 2028):
        history = company(effect, 12 * years + 2, seed=year, start=f"{year - years}-01-01")
        forecast = forecast_sales(history, start=f"{year}-01", months=2, country=country)
        came = history[history.month >= f"{year}-01-01"].groupby("month").amount.sum().to_numpy()
        errors.append(np.abs(forecast.unit_months["mean"].to_numpy() / came - 1).mean())
    return float(np.mean(errors))


def test_new_years_days_are_those_of_the_calendar() -> None:
    known = {
        2012: "01-23",
        2015: "02-19",
        2018: "02-16",
        2020: "01-25",
        2023: "01-22",
        2027: "02-06",
        2028: "01-26",
    }
    assert {year: f"{new_year(year):%m-%d}" for year in known} == known


def test_the_whole_festival_is_in_every_year() -> None:
    months = pd.date_range("2012-01-01", "2030-12-01", freq="MS")
    share = pd.Series(festival_share(months), index=months.year)
    assert share.groupby(level=0).sum().to_numpy() == pytest.approx(1)
    assert (festival_share(months)[months.month > 3] == 0).all()


def test_following_a_festival_that_matters_halves_the_error_and_costs_little_where_it_does_not() -> None:
    assert error_of_two_months(-0.7, "CN") < 0.65 * error_of_two_months(-0.7, None)
    assert error_of_two_months(0.0, "CN") < error_of_two_months(0.0, None) + 0.02


def test_it_is_told_in_words_and_other_countries_are_left_alone() -> None:
    history = company(-0.7, 36)
    forecast = forecast_sales(history, country="CN")
    note = next(note for note in forecast.notes if note.code == "forecast.festival")
    assert -0.65 < note.values["change"] < -0.3
    with in_language("zh"):
        assert "春节" in note.text()
    short = forecast_sales(history, start="2022-03", country="CN")
    assert "forecast.festival_unknown" in {note.code for note in short.notes}
    for country in (None, "US"):
        pd.testing.assert_frame_equal(
            forecast_sales(history, country=country).months, forecast_sales(history).months
        )


def test_the_last_12_months_stay_as_they_were_sold() -> None:
    history = company(-0.7, 36)
    forecast = forecast_sales(history, country="CN")
    assert forecast.unit["last_12"] == pytest.approx(history.amount[history.month >= "2023-01-01"].sum())
    assert forecast.unit_months["mean"].sum() == pytest.approx(forecast.unit["mean"])


def test_the_strength_of_a_month_holds_season_and_festival() -> None:
    forecast = forecast_sales(company(-.7, 36), country="CN")
    strength = forecast.unit_months.set_index("month").strength
    assert strength["2024-02-01"] < .7 * forecast.season[2]  # the festival of 2024 lies wholly in February
    assert strength["2024-06-01"] == pytest.approx(forecast.season[6])
    assert forecast.only(["01", "02"]).unit_months.strength.tolist() == pytest.approx(strength.tolist())
    plain = forecast_sales(company(0., 36))
    assert plain.unit_months.strength.tolist() == pytest.approx(plain.season.tolist())
