"""The forecast: laws on random inputs, hard cases by hand, coverage on public series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.goal import chance
from salesgoals.problems import SalesgoalsError


def history_of(sales: np.ndarray, start: str = "2023-01-01") -> pd.DataFrame:
    """Write a matrix (people, months) as a long table; NaN is left out."""
    months = pd.date_range(start, periods=sales.shape[1], freq="MS")
    rows, columns = np.nonzero(~np.isnan(sales))
    return pd.DataFrame(
        {
            "person_id": [f"p{row:02d}" for row in rows],
            "month": months[columns],
            "amount": sales[rows, columns],
        }
    )


def team(people: int = 12, months: int = 30, noise: float = 0.3, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    wave = 1 + 0.3 * np.sin(np.arange(months) * np.pi / 6)
    return (
        random.lognormal(4, 0.4, people)[:, None]
        * wave
        * random.lognormal(-(noise**2) / 2, noise, (people, months))
    )


def dates(rows: dict[str, tuple[str | None, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": list(rows),
            "hire_date": pd.to_datetime([r[0] for r in rows.values()]),
            "leave_date": pd.to_datetime([r[1] for r in rows.values()]),
        }
    )


def codes(forecast: Forecast) -> set[str]:
    return {note.code for note in forecast.notes}


def check_sound(forecast: Forecast) -> None:
    """What must be true of every forecast."""
    for table in (
        forecast.months.drop(columns="last_year"),
        forecast.people,
        forecast.unit_months.drop(columns="last_year"),
        forecast.unit.to_frame().T,
    ):
        numbers = table.select_dtypes("number").to_numpy(float)
        assert np.isfinite(numbers).all()
        assert (table["mean"] >= 0).all()
        assert (table.low >= 0).all()
        assert (table.low <= table.high).all()
    by_month = forecast.months.groupby("month")["mean"].sum()
    of_unit = forecast.unit_months.set_index("month")["mean"]
    assert by_month.reindex(of_unit.index).fillna(0).to_numpy() == pytest.approx(of_unit.to_numpy())
    assert forecast.people["mean"].sum() == pytest.approx(forecast.unit["mean"])
    assert forecast.months.groupby("person_id")["mean"].sum().reindex(forecast.people.index).fillna(
        0
    ).to_numpy() == pytest.approx(forecast.people["mean"].to_numpy())


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 6),
    st.integers(1, 40),
    st.integers(0, 10_000),
    st.floats(0, 0.95),
    st.floats(0, 0.3),
    st.integers(1, 14),
)
def test_any_history_gives_a_sound_forecast(
    people: int, months: int, seed: int, zeros: float, returns: float, ahead: int
) -> None:
    random = np.random.default_rng(seed)
    sales = random.lognormal(5, 1.5, (people, months)) * (random.random((people, months)) > zeros)
    sales = np.where(random.random(sales.shape) < returns, -sales, sales)
    sales[random.random(people) < 0.3, : random.integers(0, months)] = np.nan
    sales[0, -1] = 100.0
    history = history_of(sales)
    before = history.copy()
    check_sound(forecast_sales(history, months=ahead))
    pd.testing.assert_frame_equal(history, before)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.floats(1e-3, 1e6))
def test_another_currency_or_another_order_of_rows_changes_nothing(seed: int, factor: float) -> None:
    history = history_of(team(5, 26, seed=seed))
    plain = forecast_sales(history)
    scaled = forecast_sales(history.assign(amount=history.amount * factor).sample(frac=1, random_state=seed))
    columns = ["mean", "sd", "low", "high"]
    assert (scaled.people[columns] / factor).to_numpy() == pytest.approx(
        plain.people[columns].to_numpy(), rel=1e-6
    )


def test_what_comes_after_the_start_is_not_used() -> None:
    sales = team(8, 36)
    past = forecast_sales(history_of(sales[:, :24]))
    again = forecast_sales(history_of(sales), start="2025-01")
    pd.testing.assert_frame_equal(past.months, again.months)
    assert past.unit["last_12"] == pytest.approx(sales[:, 12:24].sum())


def test_without_noise_the_forecast_continues_season_and_level() -> None:
    forecast = forecast_sales(history_of(team(6, 36, noise=0.0)))
    assert forecast.unit_months["mean"].to_numpy() == pytest.approx(forecast.unit_months.last_year, rel=0.02)
    assert forecast.unit["mean"] == pytest.approx(forecast.unit["last_12"], rel=0.01)


def test_the_mean_is_a_mean_and_not_a_median() -> None:
    totals, expected = [], []
    for seed in range(20):
        sales = team(10, 48, noise=0.7, seed=seed)
        expected.append(forecast_sales(history_of(sales[:, :36])).unit["mean"])
        totals.append(sales[:, 36:].sum())
    assert np.sum(expected) / np.sum(totals) == pytest.approx(1, abs=0.04)  # a median would be 22 % too low


def test_extra_columns_are_summed_over() -> None:
    history = history_of(team(4, 24))
    halves = pd.concat([history.assign(amount=history.amount / 2, product_line=line) for line in "ab"])
    assert forecast_sales(halves).unit["mean"] == pytest.approx(forecast_sales(history).unit["mean"])


def test_nobody_sells_after_leaving_and_who_left_has_no_forecast() -> None:
    people = dates({"p00": (None, "2025-09-30"), "p01": (None, "2025-03-31")})
    forecast = forecast_sales(history_of(team()), people=people)
    check_sound(forecast)
    assert forecast.months[forecast.months.person_id == "p00"].month.max() == pd.Timestamp("2025-09-01")
    assert "p01" not in forecast.people.index
    assert "forecast.left_people" in codes(forecast)
    gone = next(note for note in forecast.notes if note.code == "forecast.left_people")
    last_12 = team()[:, -12:]
    assert gone.values["amount"] == pytest.approx(last_12[1].sum())
    assert forecast.unit["last_12"] == pytest.approx(last_12.sum())


def test_newcomers_ramp_up_to_the_typical_level() -> None:
    people = dates(
        {"soon": ("2025-07-01", None), "later": ("2026-01-10", None), "past": ("2011-01-01", None)}
    )
    forecast = forecast_sales(history_of(team()), people=people)
    soon = forecast.months[forecast.months.person_id == "soon"]["mean"].to_numpy()
    typical = forecast.people["mean"].drop(["soon", "later"]).median() / 12
    assert soon[0] < 0.2 * typical
    assert 0.7 * typical < soon[-1] < 1.3 * typical
    later = forecast.months[forecast.months.person_id == "later"]
    assert later.month.min() == pd.Timestamp("2026-01-01")
    assert later["mean"].sum() < soon.sum()
    assert {"forecast.newcomers", "forecast.never_sold"} <= codes(forecast)


def test_a_short_history_is_flat_wide_and_says_so() -> None:
    sales = team(8, 36)
    short, year, long = (forecast_sales(history_of(sales[:, -months:])) for months in (6, 12, 36))
    assert short.months.groupby("person_id")["mean"].std().max() == pytest.approx(0, abs=1e-6)
    assert short.season.tolist() == [1.0] * 12
    assert "forecast.short_history" in codes(short)
    assert "forecast.one_year" in codes(year)
    assert not codes(long)

    def width(f: Forecast) -> float:
        return float(((f.months.high - f.months.low) / f.months["mean"]).mean())

    assert width(short) > width(long)
    assert (short.unit.high - short.unit.low) / short.unit["mean"] > (
        long.unit.high - long.unit.low
    ) / long.unit["mean"]


def test_a_given_season_is_used_and_said() -> None:
    shape = {month: 1.0 + 0.5 * (month == 12) for month in range(1, 13)}
    forecast = forecast_sales(history_of(team(4, 5, noise=0.1)), season=shape)
    by_month = forecast.unit_months.set_index(forecast.unit_months.month.dt.month)["mean"]
    assert by_month[12] / by_month[11] == pytest.approx(1.5)
    assert "forecast.short_history_season_given" in codes(forecast)
    for bad in ({1: 1.0}, dict.fromkeys(range(1, 13), -1.0), dict.fromkeys(range(1, 13), "x")):
        with pytest.raises(SalesgoalsError) as caught:
            forecast_sales(history_of(team(4, 5)), season=bad)  # type: ignore[arg-type]
        assert caught.value.problems[0].code == "forecast.season_unusable"


@pytest.mark.parametrize(
    "sales",
    [[100.0], [100.0, 50.0], [5.0, 6.0, 7.0], [0.0] * 12, [-5.0] * 13, [3.0, -3.0] * 12, [0.0] * 30 + [50.0]],
)
def test_one_person_with_next_to_nothing(sales: list[float]) -> None:
    forecast = forecast_sales(history_of(np.array([sales])))
    check_sound(forecast)
    if len(sales) < 6:
        assert forecast.unit.sd > 0.25 * forecast.unit["mean"]
        assert "forecast.short_history" in codes(forecast)


def test_three_sales_in_two_years_do_not_become_a_fortune() -> None:
    rare = np.zeros((1, 24))
    rare[0, [2, 10, 23]] = 600.0
    forecast = forecast_sales(history_of(np.r_[team(8, 24), rare]))
    person = forecast.people.loc["p08"]
    assert 500 < person["mean"] < 1500
    assert person.low < 300
    assert (forecast.months[forecast.months.person_id == "p08"].low == 0).all()


def test_silent_people_are_told() -> None:
    silent = team(8, 30)
    silent[3, -13:] = 0
    forecast = forecast_sales(history_of(silent))
    assert forecast.people.loc["p03", "mean"] == 0
    assert "forecast.silent_people" in codes(forecast)


def test_an_unfinished_last_month_is_told() -> None:
    sales = team(8, 30)
    assert not codes(forecast_sales(history_of(sales)))
    sales[:, -1] *= 0.3
    assert codes(forecast_sales(history_of(sales))) == {"forecast.last_month_low"}


def test_the_units_total_is_never_surer_than_the_floor_and_its_band_comes_from_its_chance() -> None:
    for people in (1, 3, 40):
        forecast = forecast_sales(history_of(team(people, 36, noise=0.05)))
        assert forecast.unit.sd >= forecast.level_floor * forecast.unit["mean"] * (1 - 1e-9)
        assert chance(forecast, forecast.unit.low) == pytest.approx(0.9, abs=1e-3)
        assert chance(forecast, forecast.unit.high) == pytest.approx(0.1, abs=1e-3)


def test_people_are_not_taken_as_independent_when_one_recession_hits_all() -> None:
    random = np.random.default_rng(0)
    course = np.exp(np.cumsum(random.normal(0, 0.08, 36)))
    together = forecast_sales(history_of(team(20, 36, noise=0.1) * course))
    assert together.people_correlation > 0.3


def test_a_cut_for_some_people_holds_nothing_of_others() -> None:
    whole = forecast_sales(history_of(team()))
    some = whole.only(["p01", "p04"])
    check_sound(some)
    assert set(some.people.index) == set(some.months.person_id) == {"p01", "p04"}
    assert some.unit["mean"] == pytest.approx(whole.people.loc[["p01", "p04"], "mean"].sum())
    assert some.unit["last_12"] == pytest.approx(team()[[1, 4], -12:].sum())
    assert some.unit_months.last_year.sum() == pytest.approx(team()[[1, 4], -12:].sum())
    assert not some.notes


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"months": 0}, "forecast.months_outside"),
        ({"months": 61}, "forecast.months_outside"),
        ({"months": 3.5}, "forecast.months_outside"),
        ({"coverage": 1}, "forecast.coverage_outside"),
        ({"coverage": "80%"}, "forecast.coverage_outside"),
        ({"start": "next year"}, "forecast.not_a_month"),
        ({"start": "2001-01"}, "forecast.no_history"),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(parameters: dict[str, object], code: str) -> None:
    with pytest.raises(SalesgoalsError) as caught:
        forecast_sales(history_of(team(2, 12)), **parameters)  # type: ignore[arg-type]
    assert [problem.code for problem in caught.value.problems] == [code]


def rolling(series: list[np.ndarray], months: int) -> pd.DataFrame:
    """Forecast public series from several past days and see what the bands held."""
    rows = []
    for values in series:
        for day in range(months, values.shape[1] - 11, 12):
            past, came = values[:, day - months : day], values[:, day : day + 12]
            forecast = forecast_sales(history_of(past))
            wide = forecast.months.pivot(index="person_id", columns="month")
            mean, low, high = (wide[name].to_numpy() for name in ("mean", "low", "high"))
            rows.append(
                {
                    "months": ((came >= low) & (came <= high)).mean(),
                    "years": np.mean(
                        (came.sum(1) >= forecast.people.low.to_numpy())
                        & (came.sum(1) <= forecast.people.high.to_numpy())
                    ),
                    "unit": forecast.unit.low <= came.sum() <= forecast.unit.high,
                    "error": np.abs(came - mean).mean() / came.mean(),
                    "naive": np.abs(came - past[:, -12:]).mean() / came.mean(),
                    "flat": np.abs(came - past[:, -12:].mean(1, keepdims=True)).mean() / came.mean(),
                }
            )
    return pd.DataFrame(rows)


def test_bands_hold_on_weekly_sales_of_departments(shared_data: Path) -> None:
    """Seven departments of one shop, 2010 to 2012; mean weeks, for a month has four or five of them."""
    weeks = pd.read_csv(shared_data / "series" / "walmart_sales_weekly.csv", parse_dates=["Date"])
    months = (
        weeks.assign(month=weeks.Date.dt.to_period("M"))
        .pivot_table(index="id", columns="month", values="Weekly_Sales", aggfunc="mean")
        .iloc[:, :-1]
    )
    found = rolling([months.to_numpy()[:, -32:]], 20)
    assert len(found) == 1
    assert found.months.mean() > 0.6
    assert found.error.mean() < 1.1 * found.flat.mean()


def test_bands_hold_on_employment_of_sectors(shared_data: Path) -> None:
    """A dozen sectors of one economy: little noise, common swings."""
    table = pd.read_csv(shared_data / "series" / "us-employment.csv")
    sectors = [
        "construction",
        "manufacturing",
        "retail_trade",
        "information",
        "financial_activities",
        "leisure_and_hospitality",
        "other_services",
        "government",
        "utilities",
        "wholesale_trade",
    ]
    found = rolling([table[sectors].to_numpy(float).T], 36)
    assert len(found) == 7
    assert 0.5 < found.months.mean() <= 1
    assert found.years.mean() > 0.7
    assert found.unit.mean() > 0.8
    assert found.error.mean() < 0.75 * found.flat.mean()


def test_bands_hold_on_series_of_the_m4_competition(shared_data: Path) -> None:
    table = pd.read_csv(shared_data / "series" / "m4_monthly.csv")
    series = [group.value.to_numpy(float)[None, -84:] for _, group in table.groupby("id") if len(group) >= 84]
    found = rolling(series, 36)
    assert len(found) > 10
    assert 0.6 < found.months.mean() < 0.95
    assert found.years.mean() > 0.65
    assert found.error.mean() < found.flat.mean()
    assert found.error.mean() < 1.05 * found.naive.mean()
