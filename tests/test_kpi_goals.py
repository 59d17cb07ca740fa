"""KPI goals: the funnel can be checked by hand, weeks add up exactly, nothing of the future is used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coaching_team import PEOPLE, coaching_team, goals_of
from company_of_truth import true_tables
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesgoals.coaching.pipeline import weigh_pipeline
from salesgoals.history import as_known_on
from salesgoals.in_force import goals_of_exports, within
from salesgoals.kpi_goals import (
    missing_levels,
    own_rates,
    set_kpi_goals,
    study_kpi_goals,
    weekly_milestones,
)
from salesgoals.periods import Period, read_period
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workdays import working_days
from salesgoals.workspace import Settings

JUNE = read_period("2026-06")
MIDDLE = "2026-06-12"


@pytest.fixture(scope="module")
def team() -> dict[str, pd.DataFrame]:
    return coaching_team()


@pytest.fixture(scope="module")
def truth() -> dict[str, pd.DataFrame]:
    return true_tables()


def test_rates_come_close_to_what_was_planted(team: dict[str, pd.DataFrame]) -> None:
    rates = own_rates(team).pivot(index="person_id", columns="rate", values="value")
    assert len(rates) == len(PEOPLE)
    for rate, planted in {"visits_a_quote": 2., "follow_ups_a_quote": 3., "quotes_a_deal": 2.,
                          "deal_size": 10_000., "win_rate": .5}.items():
        assert rates[rate].to_numpy() == pytest.approx(planted, rel=.2), rate


def test_alike_people_are_drawn_together_and_one_deal_tells_little(team: dict[str, pd.DataFrame]) -> None:
    found = own_rates(team)
    for rate in ("visits_a_quote", "deal_size"):
        rows = found[found.rate == rate]
        assert rows.value.std() < .7 * rows.own.std()
    orders = team["orders"]
    one = orders.index[orders.person_id == "P0"][:1]
    few = team | {"orders": orders[(orders.person_id != "P0") | orders.index.isin(one)].assign(
        date=lambda rows: rows.date.where(rows.person_id != "P0", pd.Timestamp("2026-06-01")),
        amount=lambda rows: rows.amount.where(rows.person_id != "P0", 90_000.))}
    row = own_rates(few).set_index(["person_id", "rate"]).loc[("P0", "deal_size")]
    assert row.own == 90_000
    assert row.n == 1
    assert row.value < 30_000  # eight colleagues with hundreds of deals weigh more than one order
    assert row.low < 12_000 < row.high


def test_the_funnel_can_be_checked_with_a_calculator(team: dict[str, pd.DataFrame]) -> None:
    needed = set_kpi_goals(team, goals_of(JUNE, 400_000.), JUNE, MIDDLE)
    rates = own_rates(as_known_on(team, MIDDLE), MIDDLE).pivot(index="person_id", columns="rate",
                                                             values="value")
    table = needed.pivot(index="person_id", columns="kpi", values="needed")
    first = needed.drop_duplicates("person_id").set_index("person_id")
    surplus = first.pipeline - first.usual_pipeline
    assert np.allclose(first.still, first.goal - first.so_far - surplus)
    assert np.allclose(table.amount, first.still)
    assert np.allclose(table.deals, table.amount / rates.deal_size)
    assert np.allclose(table.quotes, table.deals * rates.quotes_a_deal / first.season)
    assert np.allclose(table.visits, table.quotes * rates.visits_a_quote)
    assert np.allclose(table.follow_ups, table.quotes * rates.follow_ups_a_quote)
    left = int(working_days("2026-06-13", "2026-06-30").working.sum())
    assert set(needed.working_days_left) == {left}
    assert np.allclose(needed.a_day * left, needed.needed)
    assert np.allclose(needed.a_week, 5 * needed.a_day)
    work = needed[needed.kpi != "amount"]
    assert (work.low < work.needed).all()
    assert (work.needed < work.high).all()


def test_what_is_usual_is_enough_for_what_is_usual(team: dict[str, pd.DataFrame]) -> None:
    """A goal of what a month usually brings asks for the usual visits, on average over people and months."""
    asked, usual = [], []
    for month in ("2026-02", "2026-03", "2026-04", "2026-05"):
        period = read_period(month)
        days = int(working_days(period.start, period.end).working.sum())
        eve = period.start - pd.Timedelta(days=1)
        found = set_kpi_goals(team, goals_of(period, days * 2_500.), period, eve)
        visits = found[found.kpi == "visits"]
        asked.append((visits.a_week * visits.season).mean())
        usual.append(visits.usual_a_week.mean())
    assert np.mean(asked) == pytest.approx(np.mean(usual), rel=.12)


def test_the_verdict_follows_from_need_usual_and_best(team: dict[str, pd.DataFrame]) -> None:
    goals = goals_of(JUNE, 55_000.)
    goals.loc[goals.person_id == "P1", "goal"] = 1.
    goals.loc[goals.person_id == "P2", "goal"] = 5_000_000.
    goals = goals[goals.person_id != "P3"]
    found = set_kpi_goals(team, goals, JUNE, MIDDLE)
    verdict = found[found.kpi == "visits"].set_index("person_id")
    assert verdict.enough["P1"] == "keep_on"
    assert verdict.needed["P1"] == 0
    assert verdict.enough["P2"] == "beyond"
    assert found[found.person_id == "P3"][["kpi", "enough"]].to_numpy().tolist() == [["amount", "no_goal"]]
    for row in found[found.enough.isin(["usual", "more", "beyond"]) & (found.kpi == "visits")].itertuples():
        expected = "usual" if row.a_week <= 1.05 * row.usual_a_week else (
            "more" if row.a_week <= row.best_a_week else "beyond")
        assert row.enough == expected
    money = found[found.kpi == "amount"].set_index("person_id").enough
    assert (money[verdict.index] == verdict.enough).all()  # it is the work that can be done or not
    over = set_kpi_goals(team, goals_of(JUNE, 9e6), JUNE, "2026-06-30")
    assert set(over.enough) == {"over"}
    assert over.a_week.isna().all()


def test_the_future_is_not_used(team: dict[str, pd.DataFrame]) -> None:
    goals = goals_of(JUNE, 60_000.)
    found = set_kpi_goals(team, goals, JUNE, MIDDLE)
    pd.testing.assert_frame_equal(found, set_kpi_goals(as_known_on(team, MIDDLE), goals, JUNE, MIDDLE))
    later = team | {"orders": team["orders"].assign(amount=lambda rows: rows.amount.where(
        rows.date <= MIDDLE, rows.amount * 50))}
    pd.testing.assert_frame_equal(found, set_kpi_goals(later, goals, JUNE, MIDDLE))


def test_more_open_deals_than_usual_take_something_off(team: dict[str, pd.DataFrame]) -> None:
    known = as_known_on(team, MIDDLE)
    deals = known["opportunities"]
    rates = pd.Series(.5, index=PEOPLE)
    before = weigh_pipeline(known, pd.Timestamp(MIDDLE), 18, rates)
    # alike people over a steady year: open deals bring about what they usually bring
    assert before.in_time.sum() == pytest.approx(before.usual_in_time.sum(), rel=.15)
    more = deals[(deals.status == "open") & (deals.person_id == "P0")]
    again = more.assign(opportunity_id="X" + more.opportunity_id)
    twice = known | {"opportunities": pd.concat([deals, again])}
    after = weigh_pipeline(twice, pd.Timestamp(MIDDLE), 18, rates)
    assert after.value["P0"] == 2 * before.value["P0"]
    assert after.in_time["P0"] > 1.5 * before.in_time["P0"]
    goals = goals_of(JUNE, 200_000.)
    less = set_kpi_goals(twice, goals, JUNE, MIDDLE).set_index(["person_id", "kpi"]).still
    usual = set_kpi_goals(known, goals, JUNE, MIDDLE).set_index(["person_id", "kpi"]).still
    assert less[("P0", "amount")] < usual[("P0", "amount")]


def test_what_open_deals_bring_in_time_is_right_on_average() -> None:
    """The forecast of the pipeline against what it brought, over teams and days."""
    told, came = 0., 0.
    for seed in range(3):
        team = coaching_team(seed, activities=False, orders=False)
        deals = team["opportunities"]
        for day in pd.to_datetime(["2025-12-15", "2026-02-10", "2026-04-10"]):
            known = as_known_on(team, day)
            told += weigh_pipeline(known, day, 30, pd.Series(.5, index=PEOPLE)).in_time.sum()
            there = (deals.created <= day) & (deals.closed > day)
            in_time = deals.closed <= day + pd.Timedelta(days=30)
            came += deals.amount[there & in_time & (deals.status == "won")].sum()
    assert told == pytest.approx(came, rel=.12)


@pytest.mark.parametrize(("missing", "levels", "codes"), [
    ({"activities": False}, ["amount", "deals", "quotes"], ["kpi_goals.no_visits"]),
    ({"activities": False, "opportunities": False}, ["amount", "deals"],
     ["kpi_goals.only_deals", "kpi_goals.no_pipeline"]),
    ({"activities": False, "orders": False}, ["amount", "deals", "quotes"], ["kpi_goals.no_visits"]),
    ({"opportunities": False, "orders": False}, [], ["kpi_goals.no_deals"])])
def test_levels_that_are_not_recorded_are_skipped_and_said(missing: dict[str, bool], levels: list[str],
                                                           codes: list[str]) -> None:
    team = coaching_team(**missing)
    found = set_kpi_goals(team, goals_of(JUNE, 120_000.), JUNE, MIDDLE)
    assert [name for name in ("amount", "deals", "quotes", "visits") if name in set(found.kpi)] == levels
    assert [problem.code for problem in missing_levels(team)] == codes
    assert all(problem.text() for problem in missing_levels(team))


def test_goals_that_nobody_works_for_are_said(team: dict[str, pd.DataFrame]) -> None:
    gone = team | {"people": team["people"].assign(leave_date=team["people"].person_id.map(
        {"P1": pd.Timestamp("2026-05-31")}))}
    goals = goals_of(JUNE, 60_000.)
    assert "P1" not in set(set_kpi_goals(gone, goals, JUNE, MIDDLE).person_id)
    assert [problem.code for problem in missing_levels(gone, goals, MIDDLE)] == ["kpi_goals.people_left"]
    assert missing_levels(team, goals, MIDDLE) == []
    teams = goals.assign(person_id=None)
    assert [problem.code for problem in missing_levels(team, teams, MIDDLE)] == ["kpi_goals.team_goals"]
    assert set(set_kpi_goals(team, teams, JUNE, MIDDLE).enough) == {"no_goal"}


def test_a_silent_log_is_not_idleness(team: dict[str, pd.DataFrame]) -> None:
    log = team["activities"]
    stopped = team | {"activities": log[~((log.person_id == "P0") & (log.date > "2026-03-31"))]}
    found = set_kpi_goals(stopped, goals_of(JUNE, 120_000.), JUNE, MIDDLE)
    usual = found[found.kpi == "visits"].set_index("person_id").usual_a_week
    assert usual["P0"] == pytest.approx(5., rel=.25)
    rate = own_rates(stopped).set_index(["person_id", "rate"]).value
    assert rate[("P0", "quotes_a_deal")] == pytest.approx(2., rel=.3)


day = st.integers(0, 500)


@given(visits=st.lists(st.tuples(day, st.sampled_from("AB"), st.integers(0, 9)), max_size=20),
       orders=st.lists(st.tuples(day, st.sampled_from("AB"), st.floats(-5e4, 1e5)), max_size=20),
       deals=st.lists(st.tuples(day, st.sampled_from("AB"), st.sampled_from(["won", "lost", "open"])),
                      max_size=12))
@settings(deadline=None, max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_nothing_divides_by_zero(visits: list[tuple[int, str, int]], orders: list[tuple[int, str, float]],
                                 deals: list[tuple[int, str, str]]) -> None:
    first = pd.Timestamp("2025-01-01")
    tables = {name: empty_table(name) for name in TABLES}
    tables["people"] = as_table("people", pd.DataFrame({"person_id": list("AB"), "name": list("AB")}))
    rows = [(first + pd.Timedelta(days=at), who, count, kind) for at, who, count in visits
            for kind in ("visit", "quote")]
    tables["activities"] = as_table("activities", pd.DataFrame(
        rows, columns=["date", "person_id", "count", "type"]))
    tables["orders"] = as_table("orders", pd.DataFrame(
        [(first + pd.Timedelta(days=at), who, round(amount, 2)) for at, who, amount in orders],
        columns=["date", "person_id", "amount"]))
    tables["opportunities"] = as_table("opportunities", pd.DataFrame(
        [(str(number), who, status, first + pd.Timedelta(days=at), first + pd.Timedelta(days=at + 20))
         for number, (at, who, status) in enumerate(deals)],
        columns=["opportunity_id", "person_id", "status", "created", "closed"]))
    period = read_period("2026-05")
    rates = own_rates(tables, "2026-05-10")
    assert np.isfinite(rates[["value", "low", "high"]].to_numpy(float)).all()
    assert (rates.value > 0).all()
    found = set_kpi_goals(tables, goals_of(period, 1e5, list("AB")), period, "2026-05-10")
    assert np.isfinite(found.needed.to_numpy(float)).all()
    assert (found.needed >= 0).all()


amounts = st.one_of(st.integers(0, 10**9).map(float), st.integers(0, 10**11).map(lambda fen: fen / 100))
windows = st.tuples(st.dates(pd.Timestamp("2024-01-01").date(), pd.Timestamp("2026-10-01").date()),
                    st.integers(0, 100))


@given(rows=st.lists(st.tuples(amounts, windows), min_size=1, max_size=6),
       unit=st.sampled_from([1, 100, 1000]))
@settings(deadline=None, max_examples=25)
def test_weeks_add_up_to_the_goal_exactly(rows: list[tuple[float, tuple[object, int]]], unit: int) -> None:
    starts = [pd.Timestamp(window[0]) for _, window in rows]
    ends = [start + pd.Timedelta(days=window[1]) for start, (_, window) in zip(starts, rows, strict=True)]
    goals = pd.DataFrame({"person_id": [str(n) for n in range(len(rows))], "goal": [goal for goal, _ in rows],
                          "metric": "amount", "period_start": starts, "period_end": ends})
    period = Period("all", min(starts), max(ends))
    weeks = weekly_milestones(goals, period, unit=unit)
    for row in goals.itertuples():
        own = weeks[weeks.person_id == row.person_id]
        fen = (own.goal * 100).round().astype("int64")
        assert fen.sum() == round(row.goal * 100)
        assert (own.goal >= 0).all()
        assert own.cumulative.iloc[-1] == pytest.approx(row.goal, abs=1e-9)
        if row.goal % unit == 0:
            assert (own.goal % unit == 0).all()
        assert own.start.iloc[0] == row.period_start
        assert own.end.iloc[-1] == row.period_end
        assert (own.start.iloc[1:].to_numpy() == (own.end + pd.Timedelta(days=1)).iloc[:-1].to_numpy()).all()
        assert (own.start.dt.day_of_week.iloc[1:] == 0).all()
        if own.working_days.sum() > 0:
            assert (own.goal[own.working_days == 0] == 0).all()
            assert (own.reward[own.goal == 0] == "").all()


def test_the_profile_moves_milestones_to_the_end(team: dict[str, pd.DataFrame]) -> None:
    orders = team["orders"]
    late = orders.date.dt.day > 20
    uneven = team | {"orders": orders.assign(amount=orders.amount.where(~late, orders.amount * 6))}
    goals = goals_of(JUNE, 100_000.)
    plain, shaped = (weekly_milestones(goals, JUNE, tables=tables) for tables in (None, uneven))
    last = plain.start >= "2026-06-22"
    assert shaped.goal[last].sum() > 1.4 * plain.goal[last].sum()
    assert shaped.groupby("person_id").goal.sum().tolist() == [100_000.] * len(PEOPLE)


def test_goals_partly_outside_are_left_out() -> None:
    goals = goals_of(read_period("2026-Q2"), 100.)
    assert weekly_milestones(goals, JUNE).empty
    assert weekly_milestones(pd.DataFrame(), JUNE).empty


def test_the_tired_team_needs_far_more_visits_than_it_makes(truth: dict[str, pd.DataFrame]) -> None:
    period = read_period("2026-05")
    goals = within(goals_of_exports(truth), period)
    assert len(goals) > 30
    found = set_kpi_goals(truth, goals, period, "2026-05-15")
    visits = found[found.kpi == "visits"].groupby("team")[["a_week", "usual_a_week"]].sum()
    usual = found[found.kpi == "visits"].groupby("team").usual_a_week.mean()
    assert usual.idxmin() == "华南二组"
    assert visits.a_week["华南二组"] > 2 * visits.usual_a_week["华南二组"]
    assert found.season.between(.8, 1.3).all()


def test_studies_hold_codes_and_figures(truth: dict[str, pd.DataFrame]) -> None:
    period = read_period("2026-05")
    frames = study_kpi_goals(truth, within(goals_of_exports(truth), period), period,
                             pd.Timestamp("2026-05-15"), Settings(company="x"))
    assert set(frames) == {"kpi_goals_needed", "kpi_goals_rates", "kpi_goals_weeks", "kpi_goals_missing"}
    for name, table in frames.items():
        assert "person_id" in table or name == "kpi_goals_missing"
        assert not table.attrs
    weeks = frames["kpi_goals_weeks"]
    assert weeks.goal.sum() == within(goals_of_exports(truth), period).goal.sum()
