from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from salesgoals.alarms.days import FROM_END, PLACES, Days, lay_out, month_sums, place_of
from salesgoals.alarms.pacing import COLUMNS, VERDICTS, chance_of_rest, pace_course, pace_units
from salesgoals.alarms.profile import blur_of_rest, day_shares, learn_habits
from salesgoals.workdays import working_days

SHAPE = np.r_[np.ones(17), 1.6, 1.9, 2.3, 2.9, 3.6]
LENGTH = len(SHAPE)


def simulate(draw: np.random.Generator, units: int, months: int, deals: float, drop: float = 0.,
             first: int = 0) -> Days:
    """Back-loaded months of 22 working days; each month's level strays by 10 %."""
    level = draw.lognormal(-.005, .1, (units, months, 1))
    later = np.where(np.arange(LENGTH) >= first, 1 - drop, 1.)
    count = draw.poisson(deals * level * SHAPE / SHAPE.sum() * later)
    spread = np.expm1(.49)
    sales = np.where(count > 0, draw.gamma(np.maximum(count, 1) / spread) * spread, 0) / deals
    position = np.tile(np.arange(1, LENGTH + 1), months)
    month, length = np.repeat(np.arange(months), LENGTH), np.full(months * LENGTH, LENGTH)
    return Days(pd.RangeIndex(units), pd.DatetimeIndex([]), month,
                pd.date_range("2025-01-01", periods=months, freq="MS"), position, length,
                place_of(position, length), sales.reshape(units, -1), count.reshape(units, -1).astype(float))


def steady_deals(start: str, end: str, unit: str = "a", amount: float = 100.) -> pd.DataFrame:
    days = working_days(start, end, "CN")
    dates = days.date[days.working].repeat(4)
    return pd.DataFrame({"date": dates.to_numpy(), "unit": unit, "amount": amount})


def test_deals_are_laid_out_without_loss() -> None:
    dates = pd.to_datetime(["2026-10-01", "2026-10-10", "2026-10-11 14:30", "2026-10-31", "2026-11-30 23:59",
                            "2026-12-01", "2026-09-30"], format="mixed")
    deals = pd.DataFrame({"date": dates, "unit": list("aabaaaa"), "amount": [1., 2, 4, 8, 16, 32, 64]})
    days = lay_out(deals, pd.Index(list("abc")), pd.Timestamp("2026-10-15"), pd.Timestamp("2026-11-01"), "CN")
    assert month_sums(days.sales, days).tolist() == [[11, 16], [4, 0], [0, 0]]
    assert month_sums(days.deals, days).tolist() == [[3, 1], [1, 0], [0, 0]]
    worked = working_days("2026-10-01", "2026-11-30", "CN")
    assert list(days.dates) == list(worked.date[worked.working])
    assert days.sales[0, 0] == 1  # sold on National Day: counts with the first working day
    assert days.sales[1, days.dates == "2026-10-10"] == 4  # a Sunday: with the make-up Saturday before it


@given(length=st.integers(1, 25))
def test_the_last_days_have_the_right_of_way(length: int) -> None:
    places = place_of(np.arange(1, length + 1), np.full(length, length))
    assert places[-1] == PLACES - 1
    assert (np.diff(places) >= 0).all()
    assert places[max(0, length - FROM_END):].tolist() == list(range(PLACES - min(length, FROM_END), PLACES))


def test_the_profile_is_learnt_and_shares_add_up() -> None:
    days = simulate(np.random.default_rng(1), 5, 24, 400)
    habits = learn_habits(days)
    shares = day_shares(habits.weights, days)
    assert np.allclose(month_sums(shares, days), 1)
    truth = (SHAPE / SHAPE.sum()).cumsum()
    assert np.abs(shares[:, :LENGTH].cumsum(1) - truth).max() < .03
    assert .06 < habits.level < .15
    assert np.allclose(habits.luck, (1 + np.expm1(.49)) / 400, rtol=.25)
    assert np.allclose(habits.clustering, 1, atol=.2)
    blur = blur_of_rest(habits, days._replace(place=days.place[:LENGTH], month=days.month[:LENGTH],
                                              months=days.months[:1]))
    assert (blur >= 0).all()
    assert np.allclose(blur[:, -1], 0)


def test_clustered_deals_are_seen() -> None:
    draw = np.random.default_rng(2)
    days = simulate(draw, 10, 24, 60)
    lumps = days._replace(deals=days.deals * 3, sales=days.sales)
    assert np.allclose(learn_habits(lumps).clustering, 3, atol=.5)


@pytest.mark.parametrize(("mean", "variance", "size"), [(3., 4., 1.), (20., 30., 1.), (.5, .8, .5)])
def test_the_chance_of_the_rest_is_that_of_lumpy_deals(mean: float, variance: float, size: float) -> None:
    """Against draws from a compound Poisson with the same mean, variance and mean size."""
    draw = np.random.default_rng(3)
    number = draw.poisson(mean / size, 40_000)
    spread = variance / (mean * size) - 1
    shape = 1 / max(spread, .05)
    drawn = np.where(number > 0, draw.gamma(np.maximum(number, 1) * shape) * size / shape, 0)
    for needed in (.2 * mean, .7 * mean, mean, 1.3 * mean, 2 * mean):
        arrays = (np.array([value]) for value in (needed, mean, drawn.var(), size))
        assert abs(chance_of_rest(*arrays).item() - (drawn >= needed).mean()) < .03
    assert stats.describe(drawn).minmax[0] >= 0


@given(seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_a_higher_goal_is_less_likely_and_the_band_lies_around_the_forecast(seed: int) -> None:
    draw = np.random.default_rng(seed)
    habits = learn_habits(simulate(draw, 3, 12, 30))
    month = simulate(draw, 3, 1, 30)
    expected = habits.rate * habits.weights[:, month.place].sum(1)
    courses = [pace_course(month, expected, np.full(3, goal), habits) for goal in (.5, .8, 1.1, 1.5)]
    chances = np.array([course["chance"] for course in courses])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances, axis=0) <= 1e-12).all()
    course = courses[0]
    assert (course["low"] <= course["high"] + 1e-12).all()
    assert (course["low"] >= course["so_far"] - 1e-12).all()
    assert np.allclose(course["month_end"][:, -1], month.sales.sum(1))
    assert set(chances[:, :, -1].ravel()) <= {0., 1.}


def test_bands_cover_what_they_promise_and_chances_come_true() -> None:
    draw = np.random.default_rng(5)
    habits = learn_habits(simulate(draw, 300, 24, 60))
    month = simulate(draw, 300, 1, 60)
    expected = habits.rate * habits.weights[:, month.place].sum(1)
    course = pace_course(month, expected, expected, habits)
    total = month.sales.sum(1)
    for day in (5, 10, 15, 19):
        inside = (total >= course["low"][:, day]) & (total <= course["high"][:, day])
        assert .72 < inside.mean() < .95
        assert abs(course["chance"][:, day].mean() - (total >= expected).mean()) < .08


def test_alarms_stay_within_the_measured_rates() -> None:
    """The table of docs/alarms.md in small: 60 deals, the mean known, goal 95 % of it."""
    draw = np.random.default_rng(6)
    false_, found, good = 0, 0, 0
    for _ in range(40):
        habits = learn_habits(simulate(draw, 25, 12, 60))
        habits = habits._replace(unsure=np.zeros(25), unsure_size=np.zeros(25))
        usual, bad = simulate(draw, 25, 1, 60), simulate(draw, 25, 1, 60, .3, 5)
        goal, one = np.full(25, .95), np.ones(25)
        alarms = [(pace_course(month, one, goal, habits)["chance"][:, 4:-1] < .10).any(1)
                  for month in (usual, bad)]
        reached = usual.sales.sum(1) >= goal
        good += reached.sum()
        false_ += (alarms[0] & reached).sum()
        found += alarms[1].sum()
    assert good > 500
    assert false_ / good <= .06 + .015  # two standard errors
    assert found / 1000 >= .77 - .027


def test_every_verdict_is_given_where_it_belongs() -> None:
    deals = pd.concat([steady_deals("2025-10-01", "2026-10-23", unit) for unit in "abcde"])
    few = pd.DataFrame({"date": pd.date_range("2025-10-05", "2026-10-23", freq="9D"), "unit": "f",
                        "amount": 500.})
    goals = pd.Series({"a": 7200., "b": 100., "c": 9_000., "d": np.nan, "e": 7_600., "f": 1500., "new": 100.})
    found = pace_units(pd.concat([deals, few]), goals, "2026-10-23").set_index("unit")
    assert list(found.reset_index().columns) == COLUMNS
    assert set(found.verdict) <= set(VERDICTS)
    assert found.verdict[["b", "c", "d", "f", "new"]].tolist() == [
        "reached", "alarm", "no_goal", "too_small", "unknown"]
    assert found.alarm["c"]
    assert found.behind_linear["c"]
    assert found.chance[["d", "new"]].isna().all()
    assert found.position.eq(13).all()
    at_end = pace_units(deals[deals.date < "2026-10-01"], goals[["a"]], "2026-10-31").iloc[0]
    assert (at_end.verdict, at_end.chance) == ("missed", 0)


def test_the_month_as_it_went_is_the_same_as_day_by_day() -> None:
    deals = steady_deals("2026-01-01", "2026-10-31")
    goals = pd.Series({"a": 7200.})
    whole = pace_units(deals, goals, "2026-10-31", every_day=True)
    assert len(whole) == 19
    for row in (3, 9, 18):
        day = whole.date[row]
        single = pace_units(deals[deals.date <= day], goals, day).iloc[0]
        pd.testing.assert_series_equal(whole.iloc[row].drop("date"), single.drop("date"), check_names=False)


def test_a_forecast_may_say_what_is_to_be_expected() -> None:
    deals = steady_deals("2026-01-01", "2026-10-15")
    goals = pd.Series({"a": 7200.})
    plain, better = (pace_units(deals, goals, "2026-10-15", expected=level).iloc[0]
                     for level in (None, pd.Series({"a": 14_400.})))
    assert better.expected == 14_400
    assert better.month_end > plain.month_end
    assert better.chance >= plain.chance


def test_before_the_first_working_day_nothing_has_come() -> None:
    deals = steady_deals("2026-01-01", "2026-09-30")
    found = pace_units(deals, pd.Series({"a": 6800.}), "2026-10-03").iloc[0]
    assert (found.position, found.so_far, found.verdict) == (0, 0, "on_course")
    assert found.month_end == found.expected


def test_a_thousand_units_need_no_loop() -> None:
    draw = np.random.default_rng(8)
    dates = pd.date_range("2025-10-01", "2026-10-15")
    deals = pd.DataFrame({"date": dates[draw.integers(0, len(dates), 60_000)],
                          "unit": draw.integers(0, 1000, 60_000).astype(str),
                          "amount": draw.lognormal(8, .7, 60_000)})
    goals = pd.Series(draw.lognormal(10, .3, 1000), index=[str(unit) for unit in range(1000)])
    before = deals.copy(deep=True)
    found = pace_units(deals, goals, "2026-10-15")
    assert len(found) == 1000
    assert found.chance.between(0, 1).all()
    pd.testing.assert_frame_equal(deals, before)
