from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statprocon import XmR

from salesgoals.alarms.charts import RUN, follow_scores, xmr_limits, xmr_signals
from salesgoals.alarms.kpi import COLUMNS, LEAST_BASELINE, season_of_weeks, watch_kpis, week_loads
from salesgoals.alarms.reasons import find_reasons
from salesgoals.alarms.run_length import (
    CUSUM,
    EWMA,
    Rule,
    alarm_chances,
    false_alarm_chance,
    findable_shift,
    limit_for,
    run_length,
)

WEEKS = pd.date_range("2026-01-05", periods=39, freq="W-MON")
STATES = {"ok", "alarm", "better", "too_small", "too_short", "unknown"}
# Montgomery, Introduction to Statistical Quality Control: tables 9.1 (mean 10, deviation 1) and 6.6.
SHIFTED = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08,
           9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31,
           10.52]
VISCOSITY = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12,
             33.84]


@pytest.mark.parametrize(("rule", "shift", "both_sides", "published"), [
    (Rule("cusum", .5, 4), 0, True, 168), (Rule("cusum", .5, 5), 0, True, 465),
    (Rule("cusum", .5, 5), 0, False, 930), (Rule("cusum", .5, 4), -1, False, 8.38),
    (Rule("cusum", .5, 5), -1, False, 10.4), (Rule("cusum", .5, 4), -2, False, 3.34),
    (Rule("ewma", .05, 2.615), 0, True, 500), (Rule("ewma", .1, 2.814), 0, True, 500),
    (Rule("ewma", .25, 2.998), 0, True, 500), (Rule("ewma", .4, 3.054), 0, True, 500),
    (Rule("ewma", .1, 2.814), 1, True, 10.3), (Rule("ewma", .25, 2.998), 1, True, 11.1)])
def test_run_lengths_are_the_published_ones(rule: Rule, shift: float, both_sides: bool,
                                            published: float) -> None:
    assert run_length(rule, shift, both_sides=both_sides) == pytest.approx(published, rel=.005)


@pytest.mark.parametrize("rule", [EWMA, CUSUM, Rule("ewma", .4, 2.2), Rule("cusum", 1., 2.5)])
@pytest.mark.parametrize("shift", [0., -.8])
def test_chances_of_alarm_agree_with_simulation(rule: Rule, shift: float) -> None:
    scores = np.random.default_rng(1).normal(shift, 1, (60_000, 13))
    alarms = np.maximum.accumulate(follow_scores(scores, rule) > 1, axis=1).mean(0)
    assert np.abs(alarm_chances(rule, 13, shift) - alarms).max() < .007
    assert alarms[-1] > .005


@pytest.mark.parametrize("rule", [EWMA, CUSUM])
@pytest.mark.parametrize("baseline", [12, 26])
def test_the_stated_false_alarms_hold_when_the_past_is_estimated(rule: Rule, baseline: int) -> None:
    values = np.random.default_rng(2).normal(50, 7, (60_000, baseline + 13))
    past = values[:, :baseline]
    mean, spread = past.mean(1, keepdims=True), past.std(1, ddof=1, keepdims=True)
    scores = (values[:, baseline:] - mean) / spread / np.sqrt(1 + 1 / baseline)
    measured = (follow_scores(scores, rule) > 1).any(1).mean()
    assert false_alarm_chance(rule, baseline=baseline) == pytest.approx(measured, abs=.007)
    assert measured > alarm_chances(rule)[-1]  # a past known exactly would promise too much


def test_a_wanted_rate_gives_its_limit_and_the_findable_fall_is_found() -> None:
    assert false_alarm_chance(limit_for(.05)) == pytest.approx(.05, abs=1e-4)
    assert alarm_chances(EWMA, shift=-findable_shift())[-1] == pytest.approx(.8, abs=1e-4)


def test_cusum_and_ewma_are_the_textbooks() -> None:
    rises = -(np.array([SHIFTED]) - 10)  # our charts look for falls
    cusum = follow_scores(rises, Rule("cusum", .5, 5.))[0] * 5
    assert cusum[[27, 28, 29]].round(2).tolist() == [4.47, 5.28, 5.30]
    assert int((cusum > 5).argmax()) + 1 == 29
    ewma = follow_scores(rises, Rule("ewma", .1, 2.7))[0]
    # Printed there: 9.945 against an upper limit of 10.27, then 9.7495 against 10.36.
    assert ewma[:2] == pytest.approx([-.055 / .27, -.2505 / .3632], rel=1e-3)


def test_natural_limits_are_the_textbooks_and_another_packages() -> None:
    limits = xmr_limits(np.array([VISCOSITY]))
    assert [round(limits[name].item(), 2) for name in ("centre", "low", "high", "range_high")] == [
        33.52, 32.24, 34.80, 1.57]
    other = XmR(SHIFTED)
    ours = xmr_limits(np.array([SHIFTED]))
    for name, theirs in (("centre", other.x_central_line()), ("low", other.lower_natural_process_limit()),
                         ("high", other.upper_natural_process_limit()),
                         ("range_high", other.upper_range_limit())):
        assert ours[name].item() == pytest.approx(float(np.ravel(theirs)[0]), rel=2e-3)


def test_signals_of_the_chart_to_look_at() -> None:
    limits = xmr_limits(np.array([[10., 12, 11, 13, 10, 12, 11, 12]]))
    values = np.array([[11.] * 3 + [20] + [11.4] * RUN + [14.2, 14.2, 11, 14.2]])
    signals = xmr_signals(values, limits)
    assert np.flatnonzero(signals["outside"][0]).tolist() == [3]
    assert np.flatnonzero(signals["near_limit"][0]).tolist() == [15]
    run = xmr_signals(np.full((1, 10), 11.), limits)["run"]
    assert np.flatnonzero(run[0]).tolist() == [7, 8, 9]


def test_limits_skip_missing_weeks_and_need_ranges() -> None:
    assert np.isnan(xmr_limits(np.array([[1., np.nan, 2.]]))["low"]).all()
    with_gap = xmr_limits(np.array([[10., 12, np.nan, 11, 13]]))
    assert with_gap["centre"].item() == 11.5
    assert with_gap["sigma"].item() == pytest.approx(2 / 1.128)


def team_of(draw: np.random.Generator, charts: int, trials: float, rate: float, fall: float) -> pd.DataFrame:
    of = draw.poisson(trials, (charts, len(WEEKS)))
    chance = np.where(np.arange(len(WEEKS)) >= 26, rate * (1 - fall), rate)
    value = draw.binomial(of, np.broadcast_to(chance, of.shape))
    units = np.repeat([f"{row}" for row in range(charts)], len(WEEKS))
    return pd.DataFrame({"unit": units, "kpi": "win_rate", "period": np.tile(WEEKS, charts),
                         "value": value.ravel().astype(float), "of": of.ravel().astype(float)})


def test_weekly_alarms_stay_within_the_measured_rates() -> None:
    """The table of docs/alarms.md in small: at most 8 false alarms in 60 charts, .80 found in 4 weeks."""
    draw = np.random.default_rng(4)
    usual = watch_kpis(team_of(draw, 2000, 120, .25, 0), WEEKS[26], rates=["win_rate"])
    assert usual.alarm.mean() * 60 * 13 <= 8
    assert usual.groupby("unit").alarm.any().mean() <= usual.false_alarms.iloc[0]
    fallen = watch_kpis(team_of(draw, 1000, 120, .25, .3), WEEKS[26], rates=["win_rate"])
    assert fallen[fallen.period < WEEKS[30]].groupby("unit").alarm.any().mean() >= .80


def test_one_person_with_few_quotes_is_too_small_to_judge() -> None:
    found = watch_kpis(team_of(np.random.default_rng(5), 60, 6, .25, 0), WEEKS[26], rates=["win_rate"])
    assert (found.state == "too_small").mean() > .8
    assert found.smallest_fall.median() > .5
    assert set(found.state) <= STATES


def series(values: list[float], **columns: object) -> pd.DataFrame:
    weeks = WEEKS[:len(values)]
    return pd.DataFrame({"unit": "7", "kpi": "visits", "period": weeks, "value": values} | columns)


def test_a_short_week_is_not_a_bad_week() -> None:
    draw = np.random.default_rng(6)
    days = np.array([5.] * 30 + [2., 2., 5., 2., 5., 5.])
    visits = draw.poisson(8 * days).astype(float)
    with_load = watch_kpis(series(visits.tolist(), of=days), WEEKS[26], counts=["visits"])
    without = watch_kpis(series(visits.tolist(), of=5.), WEEKS[26], counts=["visits"])
    assert not with_load.alarm.any()
    assert without.alarm.any()
    loads = week_loads(pd.DatetimeIndex(["2026-02-16", "2026-02-23"]), "CN")
    assert loads.tolist() == [0., 5.]  # Spring Festival; then a Saturday makes up for the Monday
    assert week_loads(pd.DatetimeIndex([])).empty


def test_a_week_without_work_or_record_changes_nothing() -> None:
    values = [40., 44, 36, 42, 38] * 5 + [41.] + [22., np.nan, 22.]
    loads = [5.] * 27 + [0., 5.]
    found = watch_kpis(series(values, of=loads), WEEKS[26], counts=["visits"])
    assert found.signal.iloc[1] == found.signal.iloc[0]
    assert found.state.tolist()[1] in {"unknown", "alarm"}
    assert found.value.isna().tolist() == [False, True, False]


def test_a_rise_can_be_the_bad_news_and_a_short_past_says_so() -> None:
    values = [40., 44, 36, 42, 38] * 5 + [41.] + [70.] * 4
    assert (watch_kpis(series(values), WEEKS[26]).state == "better").any()
    assert (watch_kpis(series(values), WEEKS[26], high_is_bad=["visits"]).state == "alarm").any()
    short = watch_kpis(series(values), WEEKS[LEAST_BASELINE - 1])
    assert set(short.state) == {"too_short"}
    assert not short.alarm.any()
    assert list(watch_kpis(series(values), WEEKS[-1]).columns) == COLUMNS
    assert watch_kpis(series(values), WEEKS[-1]).empty


def test_no_success_at_all_gives_no_false_certainty() -> None:
    found = watch_kpis(series([0.] * 30 + [1.], of=10.).assign(kpi="wins"), WEEKS[26], rates=["wins"])
    assert not found.alarm.any()
    assert np.isfinite(found.score).all()


@given(seed=st.integers(0, 1000), factor=st.sampled_from([.01, 3., 1000.]))
@settings(deadline=None, max_examples=15)
def test_units_of_money_and_load_do_not_matter(seed: int, factor: float) -> None:
    draw = np.random.default_rng(seed)
    table = series(draw.lognormal(3, .3, 35).tolist(), of=draw.integers(3, 6, 35).astype(float))
    before = table.copy(deep=True)
    plain = watch_kpis(table, WEEKS[26])
    scaled = watch_kpis(table.assign(value=table.value * factor, of=table.of * 2), WEEKS[26])
    assert np.allclose(plain.score, scaled.score, equal_nan=True)
    assert plain.state.tolist() == scaled.state.tolist()
    pd.testing.assert_frame_equal(table, before)


def test_a_season_seen_before_is_expected_again() -> None:
    weeks = pd.date_range("2023-01-02", periods=52 * 3, freq="W-MON")
    height = np.where(weeks.month == 12, 15., 10.)
    past = pd.DataFrame({"period": weeks, "value": height})
    season = season_of_weeks(past, weeks[-60:])
    assert season[season.index.month == 12].iloc[2] > 1.25
    assert season[season.index.month == 6].between(.9, 1).all()
    assert (season_of_weeks(past.head(40), weeks[:5]) == 1).all()


def test_sixty_charts_and_a_thousand_people_in_one_call() -> None:
    found = watch_kpis(team_of(np.random.default_rng(9), 1000, 30, .3, 0), WEEKS[26], rates=["win_rate"])
    assert len(found) == 13_000


FUNNEL = {"visits": 80., "quotes": 40., "wins": 10., "pieces": 20., "list": 2000., "amount": 1900.}


@pytest.mark.parametrize(("moved", "share", "reason"), [
    ("visits", .5, "visits"), ("quotes", .5, "quotes"), ("wins", .2, "conversion"),
    ("pieces", .4, "deal_size"), ("list", .4, "mix"), ("amount", .4, "price")])
def test_the_step_that_moved_is_named_first(moved: str, share: float, reason: str) -> None:
    names = list(FUNNEL)
    place = names.index(moved)
    now = {name: value * (share if step >= place else 1) for step, (name, value) in enumerate(FUNNEL.items())}
    found = find_reasons(pd.DataFrame(now, index=["7"]), pd.DataFrame(FUNNEL, index=["7"]))
    first = found[found["rank"] == 1].iloc[0]
    assert (first.reason, round(first.change, 9), bool(first.clear)) == (reason, round(share - 1, 9), True)
    assert found.effect.sum() == pytest.approx(now["amount"] - FUNNEL["amount"])
    assert found.clear.sum() == 1


def test_a_thin_pipeline_is_a_reason_and_small_numbers_are_luck() -> None:
    columns = ["quotes", "wins", "amount", "pipeline", "needed"]
    usual = pd.DataFrame([[4., 1, 100, 300, 100]], columns=columns, index=["7"])
    now = pd.DataFrame([[4., 0, 0, 120, 100]], columns=columns, index=["7"])
    found = find_reasons(now, usual, (("quotes", "quotes"), ("conversion", "wins"), ("deal_size", "amount")))
    assert found.set_index("reason").clear.to_dict() == {
        "quotes": False, "conversion": False, "deal_size": False, "pipeline": True}
    pipeline = found.set_index("reason").loc["pipeline"]
    assert (pipeline.usual, pipeline.now, pipeline.effect) == (3, 1.2, -180)
    assert found.set_index("reason").p["conversion"] == pytest.approx(.75 ** 4)
    assert np.isnan(found.set_index("reason").p["deal_size"])


def test_the_goal_reached_leaves_no_pipeline_missing() -> None:
    one = pd.DataFrame({"visits": [4.], "amount": [100.], "pipeline": [300.], "needed": [0.]}, index=["7"])
    found = find_reasons(one, one.assign(needed=100.), (("visits", "visits"), ("deal_size", "amount")))
    assert found.set_index("reason").effect["pipeline"] == 0
    assert not found.clear.any()


def test_a_load_that_strays_by_luck_makes_alarms_harder() -> None:
    weeks = pd.date_range("2026-01-05", periods=34, freq="W-MON")
    quotes = pd.DataFrame({"unit": "7", "kpi": "quotes_a_visit", "period": weeks, "of": 5.0,
                           "value": [40.0, 44.0, 36.0, 42.0, 38.0] * 5 + [41.0] + [33.0] * 8})
    plain = watch_kpis(quotes, weeks[26], counts=["quotes_a_visit"])
    wide = watch_kpis(quotes, weeks[26], counts=["quotes_a_visit"], widen={"quotes_a_visit": 4.0})
    assert np.allclose(wide.score * 2, plain.score)
    assert (wide.smallest_fall > plain.smallest_fall).all()
    assert np.allclose(wide.usual, plain.usual)
