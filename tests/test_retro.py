"""The retrospective: planted causes come first, causes add up to the fen, nothing of the future is used."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from company_of_truth import TRUTH, make_true_company
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import PROJECT, load_benchmark

import salesgoals as sg
from salesgoals.attribution.chain import find_rates
from salesgoals.hindsight.expected import look_before
from salesgoals.hindsight.gap import CAUSES, COLUMNS, Sides, set_goals, set_sides, take_apart
from salesgoals.hindsight.levels import FACTORS, STEPS
from salesgoals.hindsight.lines import bridge_lines
from salesgoals.in_force import goals_in_force, goals_of_exports
from salesgoals.periods import list_periods, read_period
from salesgoals.retro import claims_on_record, study_retro
from salesgoals.show.charts_retro import (
    chart_causes,
    chart_forecast_grade,
    chart_gap,
    chart_goal_or_work,
)
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import in_language
from salesgoals.workspace import Settings, Workspace

FACTS = tomllib.loads((TRUTH / "facts.toml").read_text(encoding="utf-8"))
HALF = read_period("2026-H1")
WORKED = [cause for cause in CAUSES if cause != "goal_error"]
Studies = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("retro") / "w")


@pytest.fixture(scope="module")
def studies(company: Workspace) -> Iterator[Studies]:
    with in_language("en"):
        goals = goals_in_force(company, HALF)
        yield study_retro(company.tables, goals, HALF, company.settings)


def row_of(table: pd.DataFrame, by: str, unit: str) -> pd.Series:
    found = table[(table.by == by) & (table.unit == unit)]
    assert len(found) == 1
    return found.iloc[0]


def first_cause(causes: pd.DataFrame, by: str, unit: str) -> pd.Series:
    return causes[(causes.by == by) & (causes.unit == unit) & (causes["rank"] == 1)].iloc[0]


def check_sums(gap: pd.DataFrame) -> None:
    """To the fen where there are goals, and from base to result always."""
    known = gap[gap.base.notna()]
    fen = (known[[*CAUSES, "gap", "base", "actual"]] * 100).round()
    with_goal = known.gap.notna()
    assert (fen[with_goal][CAUSES].sum(axis=1) == fen[with_goal].gap).all()
    assert (fen[WORKED].sum(axis=1) == fen.actual - fen.base).all()
    for by in ("team", "person"):
        whole, parts = gap[gap.by == "all"], gap[gap.by == by]
        if len(parts):
            assert parts.goal.sum() == pytest.approx(whole.goal.iloc[0], abs=.01) or parts.goal.isna().any()


# --- what was planted in the sample company

def test_the_tired_team_is_named_by_its_visits(studies: Studies) -> None:
    unit = next(name for name in studies["retro_gap"].unit if name.endswith(FACTS["tired_team"]["team"]))
    found = first_cause(studies["retro_causes"], "team", unit)
    assert found.cause == "activity"
    assert found.clear
    visits = studies["retro_kpi"].query("kpi == 'visits'")
    team = row_of(visits, "team", unit)
    assert team.verdict == "lower"
    assert team.change == pytest.approx(FACTS["tired_team"]["visits_change"], abs=.05)
    others = visits[(visits.by == "team") & (visits.unit != unit)]
    assert (others.verdict == "as_usual").all()


def test_quotes_without_wins_push_down_most(studies: Studies) -> None:
    person = FACTS["quotes_without_wins"]["person_id"]
    own = row_of(studies["retro_gap"], "person", person)
    rates = own[FACTORS].astype(float)
    assert rates.idxmin() == "win_rate"
    assert row_of(studies["retro_kpi"].query("kpi == 'quotes'"), "person", person).verdict == "higher"


def test_the_lucky_order_is_a_goal_error_and_not_the_veterans_work(studies: Studies) -> None:
    person = FACTS["lucky_veteran"]["person_id"]
    found = first_cause(studies["retro_causes"], "person", person)
    assert (found.cause, found.clear) == ("goal_error", True)
    assert found.share > .8
    assert row_of(studies["retro_verdict"], "person", person).verdict == "goal_too_high"
    lucky = studies["retro_people"].query("change == 'windfall'")
    assert lucky.person_id.tolist() == [person]
    assert lucky.amount.iloc[0] == FACTS["lucky_veteran"]["amount"]


def test_the_newcomers_goal_was_a_grown_persons(studies: Studies) -> None:
    new = FACTS["joins"][-1]["person_id"]
    assert first_cause(studies["retro_causes"], "person", new).cause == "goal_error"
    assert row_of(studies["retro_verdict"], "person", new).verdict == "goal_too_high"


def test_a_log_that_stopped_is_said_and_not_charged(studies: Studies) -> None:
    person = FACTS["log_stopped"]["person_id"]
    own = row_of(studies["retro_gap"], "person", person)
    assert {"activity", "quote_rate"} <= set(own.held.split(","))
    assert own.activity == own.quote_rate == 0
    silent = studies["retro_people"].query("change == 'not_logged'")
    assert silent.person_id.tolist() == [person]
    assert abs((silent["first"].iloc[0] - pd.Timestamp(FACTS["log_stopped"]["first_day_without"])).days) <= 7


def test_prices_of_the_losing_line_fall_most(studies: Studies) -> None:
    lines = studies["retro_lines"].query("by == 'all'")
    assert lines.loc[lines.price.idxmin(), "part"] == FACTS["losing_line"]["product_line"]
    whole = studies["retro_causes"].query("by == 'all' and cause == 'price'").iloc[0]
    assert whole.effect < 0
    assert whole.clear


def test_parental_leave_and_a_leaver_are_capacity(company: Workspace) -> None:
    leave = FACTS["parental_leave"][0]
    for text, person in (("2025-H1", leave["person_id"]), ("2025-H2", FACTS["leaves"][-1]["person_id"])):
        period = read_period(text)
        causes = sg.rank_gap(company.tables, goals_in_force(company, period), period)
        own = causes[(causes.by == "person") & (causes.unit == person)].set_index("cause")
        assert own.effect[FACTORS].idxmin() == "capacity"
        assert own.loc["capacity", "clear"]
    changes = sg.people_changes(company.tables, read_period("2025"))
    away = changes[(changes.person_id == leave["person_id"]) & (changes.change == "away")]
    assert abs((away["first"].min() - pd.Timestamp(leave["first_day"])).days) <= 7
    moved = changes[changes.change == "moved"]
    assert moved[["person_id", "first"]].values.tolist() == [
        [move["person_id"], pd.Timestamp(move["first_day"])] for move in FACTS["moves"]]
    assert changes[changes.change == "left"].person_id.tolist() == [FACTS["leaves"][-1]["person_id"]]


def test_the_rush_at_the_end_of_quarters_is_found_and_nobody_is_called_a_cheat(studies: Studies) -> None:
    found = studies["retro_gaming"]
    assert row_of(found[found.check == "rush"], "all", "all").verdict == "rush"
    assert row_of(found[found.check == "pushed"], "all", "all").verdict == "as_usual"
    assert set(found.verdict) <= {"rush", "late_close", "pushed", "dip", "bunching", "low_claim", "even",
                                  "as_usual", "fair", "too_few"}


def test_goals_followed_last_years_results(studies: Studies) -> None:
    assert set(studies["retro_ratchet"].verdict) == {"follows"}


# --- sums and laws

@pytest.mark.parametrize("base", ["forecast", "last_year", "before"])
def test_causes_add_up_to_the_fen_for_everybody(company: Workspace, base: str) -> None:
    period = read_period("2025-10..2026-03")
    goals = goals_in_force(company, period)
    found = sg.gap_report(company.tables, goals, period, base)
    assert list(found) == COLUMNS
    assert (found.basis == base).all()
    check_sums(found)
    orders = company.tables["orders"]
    sold = orders.amount[orders.date.between(period.start, period.end)].sum()
    whole = row_of(found, "all", "all")
    assert whole.actual == pytest.approx(sold, abs=.005)
    assert whole.goal == goals.goal.sum()
    people = found[found.by == "person"]
    assert people.actual.sum() + whole.no_person == pytest.approx(whole.actual, abs=.02) or base != "forecast"
    assert found[found.by == "team"].base.sum() == pytest.approx(people.base.sum(), abs=.05)


def random_company(draw: np.random.Generator, teams: int) -> dict[str, pd.DataFrame]:
    """Many small teams at once; people without visits, quotes, orders, time or any of these."""
    sizes = draw.integers(1, 5, teams)
    team = np.repeat(np.arange(teams), sizes)
    ids = np.array([f"{n:05d}" for n in range(len(team))])
    months = pd.date_range("2025-01-01", "2026-03-01", freq="MS")
    grid = np.indices((len(ids), len(months)))
    who, when = grid[0].ravel(), grid[1].ravel()
    rate = np.where(draw.random((len(ids), 3)) < .15, 0, draw.uniform(.5, 3, (len(ids), 3)))
    counts = draw.poisson(rate[who])
    counts[(draw.random(len(ids)) < .1)[who] & (when >= 12)] = 0  # nothing at all in the period
    day = months.to_numpy()[when] + draw.integers(0, 28, len(who)).astype("timedelta64[D]")
    rows = np.repeat(np.arange(len(who)), counts[:, 2])
    joined = np.where(draw.random(len(ids)) < .1, "2026-02-01", "2020-01-01")
    left = np.where(draw.random(len(ids)) < .1, "2026-01-20", None)
    log = pd.concat([pd.DataFrame({"date": day, "person_id": ids[who], "type": kind,
                                   "count": counts[:, place]})
                     for place, kind in enumerate(("visit", "quote"))])
    tables = {name: empty_table(name) for name in TABLES}
    return tables | {
        "people": as_table("people", pd.DataFrame({
            "person_id": ids, "name": ids, "hire_date": pd.to_datetime(joined),
            "leave_date": pd.to_datetime(left)})),
        "membership": as_table("membership", pd.DataFrame({
            "person_id": ids, "department": "D", "team": team.astype(str),
            "valid_from": pd.Timestamp("2020-01-01")})),
        "activities": as_table("activities", log[log["count"] > 0]),
        "orders": as_table("orders", pd.DataFrame({
            "order_id": [str(n) for n in range(len(rows))], "date": day[rows], "person_id": ids[who[rows]],
            "product_id": draw.integers(0, 5, len(rows)).astype(str), "product_line": "x",
            "quantity": draw.integers(1, 9, len(rows)), "amount": draw.lognormal(6, 1, len(rows)).round(2)}))}


@pytest.fixture(scope="module")
def thousand() -> tuple[Sides, pd.DataFrame]:
    draw = np.random.default_rng(17)
    tables = random_company(draw, 1000)
    ids = tables["people"].person_id.to_numpy()
    goals = pd.DataFrame({"person_id": ids, "person": ids, "department": "D",
                          "team": tables["membership"].team, "period_start": pd.Timestamp("2026-01-01"),
                          "period_end": pd.Timestamp("2026-03-31"), "product_line": None, "metric": "amount",
                          "goal": draw.lognormal(7, 1, len(ids)).round(), "unit": "CNY"})
    period = read_period("2026-Q1")
    sides = set_sides(tables, period, look_before(tables, period, "CN", set(ids)), "forecast")
    return sides, take_apart(sides, set_goals(goals, period, sides.people))


def test_a_thousand_random_teams_add_up(thousand: tuple[Sides, pd.DataFrame]) -> None:
    found = thousand[1]
    assert (found.by == "team").sum() == 1000
    off = (found[CAUSES].sum(axis=1) - found.gap).abs()
    assert (off <= 1e-9 * found.gap.abs().clip(lower=1)).all()
    check_sums(found)
    assert np.isfinite(found[CAUSES].to_numpy()).all()
    assert (found.actual == 0).sum() > 50


def test_effects_of_people_are_the_mean_over_all_orders(thousand: tuple[Sides, pd.DataFrame]) -> None:
    sides, found = thousand
    rates = find_rates(sides.now, sides.base, STEPS)
    found = found[found.by == "person"].set_index("unit")
    rows = np.flatnonzero((sides.now.amount > 0).to_numpy() & (sides.base.amount > 0).to_numpy())[:4]
    for row in rows:
        now, base = rates.now[row], rates.base[row]
        share = np.zeros(len(FACTORS))
        for size in range(len(FACTORS)):
            weight = 1 / (len(FACTORS) * math.comb(len(FACTORS) - 1, size))
            for place in range(len(FACTORS)):
                others = [other for other in range(len(FACTORS)) if other != place]
                for chosen in itertools.combinations(others, size):
                    mixed = base.copy()
                    mixed[list(chosen)] = now[list(chosen)]
                    rest = np.delete(mixed, place).prod()
                    share[place] += weight * rest * (now[place] - base[place])
        person = sides.people.person_id.iloc[row]
        assert np.abs(found.loc[person, FACTORS].to_numpy(float) - share).max() <= .02  # both in whole fen
    assert len(rows) == 4


def test_nothing_after_the_first_day_changes_what_was_expected(company: Workspace) -> None:
    tables, goals = company.tables, goals_in_force(company, HALF)
    orders = tables["orders"]
    late = orders.date >= HALF.start
    doubled = dict(tables) | {"orders": orders.assign(amount=orders.amount.where(~late, orders.amount * 2))}
    first, second = (sg.gap_report(each, goals, HALF) for each in (tables, doubled))
    people = first.by == "person"
    assert (first.base[people].to_numpy() == second.base[second.by == "person"].to_numpy()).all()
    assert second.actual[people].sum() == pytest.approx(2 * first.actual[people].sum(), abs=.5)


def test_a_mover_takes_time_from_one_team_to_the_other() -> None:
    module = load_benchmark("retro")
    tables = module.draw_team(3, pd.Timestamp("2026-06-30"), people=6)
    member = tables["membership"]
    mover = member.person_id[0]
    day = pd.Timestamp("2026-04-01")
    last = member.valid_to.where(member.person_id != mover, pd.Timestamp("2026-03-31"))
    member = member.assign(team=np.where(member.index < 3, "T1", "T2"), valid_to=last)
    member = pd.concat([member, member[member.person_id == mover].assign(
        team="T2", valid_from=day, valid_to=pd.NaT)], ignore_index=True)
    found = sg.gap_report(tables | {"membership": member}, None, read_period("2026-H1"))
    check_sums(found)
    one, other = (row_of(found, "team", f"D/{name}") for name in ("T1", "T2"))
    assert one.capacity + one.people_mix < -.05 * one.base
    assert other.capacity > .05 * other.base
    assert row_of(found, "person", mover).capacity == 0
    teams = found[found.by == "team"]
    assert teams.actual.sum() == pytest.approx(row_of(found, "all", "all").actual, abs=.01)


# --- what is missing is said

def test_without_goals_the_result_stands_beside_the_base(company: Workspace) -> None:
    found = sg.gap_report(company.tables, None, HALF)
    assert found[["goal", "gap", "goal_error"]].isna().all(axis=None)
    assert (found.without_goal == 0).all()
    check_sums(found)
    verdicts = sg.goal_or_work(company.tables, None, HALF)
    assert set(verdicts.goal_was) == {"unknown"}
    assert (verdicts.verdict == "luck").any()


def test_the_first_months_have_no_yardstick_and_say_so(company: Workspace) -> None:
    first = read_period("2024-02")
    found = study_retro(company.tables, goals_in_force(company, first), first, company.settings)
    assert set(found["retro_gap"].basis) == {"before"}
    assert set(found["retro_verdict"].verdict) == {"unknown"}
    assert found["retro_forecast"].empty
    none = sg.gap_report(company.tables, None, read_period("2024-01"))
    assert set(none.basis) == {"none"}
    assert none[["base", *WORKED]].isna().all(axis=None)
    assert none.actual.sum() > 0


def test_no_sales_on_record_is_not_nothing_sold() -> None:
    tables = {name: empty_table(name) for name in TABLES}
    goals = as_table("goals", pd.DataFrame({
        "person_id": ["7"], "goal": [5.0], "metric": "amount", "period_start": pd.Timestamp("2026-01-01"),
        "period_end": pd.Timestamp("2026-01-31")})).assign(person="7", source="export")
    found = study_retro(tables, goals, read_period("2026-01"), Settings(company="x"))
    assert all(frame.empty for name, frame in found.items() if name not in ("retro_ratchet", "retro_grades"))
    assert set(found["retro_grades"].grade) <= {"unknown"}


@pytest.mark.parametrize("part", ["activities", "membership"])
def test_each_table_may_be_missing(company: Workspace, part: str) -> None:
    tables = dict(company.tables) | {part: empty_table(part)}
    found = sg.gap_report(tables, goals_in_force(company, HALF), HALF)
    check_sums(found)
    if part == "activities":
        assert (found[["activity"]] == 0).all(axis=None)
        assert found.held.str.contains("activity").all()
    if part == "membership":
        assert not (found.by == "team").any()


# --- goal or work, forecast, KPIs

def test_what_was_expected_does_not_depend_on_the_goal_and_verdicts_do(company: Workspace) -> None:
    goals = goals_in_force(company, HALF)
    plain, heavy = (sg.goal_or_work(company.tables, goals.assign(goal=goals.goal * factor), HALF)
                    for factor in (.9, 1.6))
    assert plain.forecast.equals(heavy.forecast)
    assert (plain.goal_chance >= heavy.goal_chance)[plain.goal_chance.notna()].all()
    assert (heavy.goal_was == "too_high").sum() > (plain.goal_was == "too_high").sum() + 5
    assert plain.luck.equals(heavy.luck)


def test_the_forecast_is_graded_by_month_and_whole(studies: Studies, company: Workspace) -> None:
    graded = studies["retro_forecast"]
    whole = graded[graded.month.isna()].set_index(["by", "unit"])
    months = graded[graded.month.notna()].groupby(["by", "unit"])[["forecast", "actual", "naive"]].sum()
    both = whole.join(months.add_suffix("_of_months"), how="inner")
    people = both.xs("person", level="by")
    assert np.allclose(people.forecast, people.forecast_of_months)
    assert np.allclose(people.actual, people.actual_of_months)
    orders = company.tables["orders"]
    last_year = orders[orders.date.between("2025-01-01", "2025-06-30") & orders.person_id.isin(people.index)]
    assert people.naive.sum() == pytest.approx(last_year.amount.sum())
    assert (graded.error == graded.actual - graded.forecast).all()
    grades = studies["retro_grades"].set_index("measure")
    assert grades.loc["person", "grade"] == "better"
    assert 0 < grades.loc["band", "value"] < 1


def test_frames_hold_codes_and_are_cut_by_unit(studies: Studies) -> None:
    for name, frame in studies.items():
        assert not frame.attrs
        if name in ("retro_grades", "retro_ratchet", "retro_market"):
            assert "person_id" not in frame
        elif name == "retro_people":
            assert "person_id" in frame
        else:
            assert set(frame.by) <= {"all", "team", "person"}
            assert (frame.unit != "").all()
    assert claims_on_record.__doc__


# --- random teams, a few of those that docs/retro.md measures

@given(seed=st.integers(0, 50))
@settings(deadline=None, max_examples=2)
def test_what_is_planted_in_a_team_moves_most(seed: int) -> None:
    module = load_benchmark("retro")
    period = module.PERIODS["half a year"]
    plain = module.draw_team(seed, period.end, people=8)
    usual = module.look(plain, period, 1.)[0].query("by == 'all'").set_index("cause").effect
    for name in ("visits and all after them x .6", "quotes a visit x .7", "price x .9", "goal x 1.3"):
        plant, cause, factor = module.CAUSES[name]
        tables = plant(plain, period, np.random.default_rng(seed))
        found = module.look(tables, period, factor)[0].query("by == 'all'").set_index("cause").effect
        assert (found - usual).idxmin() == cause


def test_the_printed_page_keeps_what_it_says() -> None:
    """docs/retro.md holds the figures of the full run, which is too long for a test."""
    page = (PROJECT / "docs" / "retro.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    table = [row for row in rows if len(row) == 9 and row[0] not in ("planted", "nothing")]
    assert len(table) == 2 * len(load_benchmark("retro").CAUSES)
    for name, first, moved, _, false, _, person_moved, _, person_false in table:
        small = name.startswith(("price", "one of the team"))
        assert float(first) >= .85 or small
        assert float(moved) >= .85
        assert float(person_moved) >= .75
        assert float(false) <= .13
        assert float(person_false) <= .08


# --- public data

def test_every_quota_of_adventure_works_is_looked_back_at(shared_data: Path) -> None:
    folder = shared_data / "adventureworks_dw"
    sales, quota = (pd.read_parquet(folder / f"Fact{name}.parquet")
                    for name in ("ResellerSales", "SalesQuota"))
    tables = {name: empty_table(name) for name in TABLES} | {
        "orders": as_table("orders", pd.DataFrame({
            "date": sales.OrderDate, "person_id": sales.EmployeeKey.astype(str),
            "order_id": sales.SalesOrderNumber, "product_id": sales.ProductKey.astype(str),
            "quantity": sales.OrderQuantity, "amount": sales.SalesAmount.astype(float)})),
        "goals": as_table("goals", pd.DataFrame({
            "person_id": quota.EmployeeKey.astype(str), "period_start": quota.Date, "metric": "amount",
            "goal": quota.SalesAmountQuota.astype(float)}))}
    goals, rows = goals_of_exports(tables), []
    for period in list_periods(tables, "goal"):
        found = sg.gap_report(tables, goals, period)
        check_sums(found)
        rows.append((row_of(found, "all", "all"), found[found.by == "person"].goal.notna().sum()))
    whole = pd.DataFrame([row for row, _ in rows])
    assert sum(count for _, count in rows) == 163
    assert whole.actual.sum() == pytest.approx(80_450_596.98, abs=.06)
    assert whole.actual.sum() / whole.goal.sum() == pytest.approx(.8405, abs=5e-5)
    assert whole.basis.tolist() == ["none", "before"] + ["forecast"] * 10


def test_wins_of_a_crm_without_goals_are_looked_back_at(shared_data: Path) -> None:
    deals = pd.read_csv(shared_data / "maven_crm" / "sales_pipeline.csv")
    tables = {name: empty_table(name) for name in TABLES} | {
        "opportunities": as_table("opportunities", pd.DataFrame({
            "opportunity_id": deals.opportunity_id, "person_id": deals.sales_agent,
            "account_id": deals.account, "product_id": deals["product"],
            "amount": deals.close_value.astype(float),
            "status": deals.deal_stage.map({"Won": "won", "Lost": "lost"}).fillna("open"),
            "created": pd.to_datetime(deals.engage_date), "closed": pd.to_datetime(deals.close_date)}))}
    total, wins = 0.0, 0.0
    for period in list_periods(tables, "month"):
        sides = set_sides(tables, period, look_before(tables, period), "forecast")
        found = take_apart(sides, set_goals(None, period, sides.people))
        check_sums(found)
        total += row_of(found, "all", "all").actual
        wins += sides.now.wins.sum()
    assert (total, wins) == (10_005_534, 4_238)


def test_product_lines_are_held_against_the_span_of_the_base(company: Workspace) -> None:
    """A second quarter is held against the first one, not against as many days: one base has one sum."""
    tables = dict(company.tables)
    orders = tables["orders"]
    tables["orders"] = orders[orders.date >= "2025-10-01"].reset_index(drop=True)
    found = bridge_lines(tables, read_period("2026-Q2"))
    first = orders[orders.date.between("2026-01-01", "2026-03-31")]
    assert set(found.basis) == {"before"}
    assert found[found.by == "all"].before.sum() == pytest.approx(
        (first.amount * first.credit_share.fillna(1)).sum(), abs=.01)


# --- charts

@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_say_what_they_show(studies: Studies, language: str) -> None:
    person = FACTS["lucky_veteran"]["person_id"]
    with in_language(language):
        drawn = [chart_gap(studies["retro_gap"]), chart_gap(studies["retro_gap"], "person", person, "CNY"),
                 chart_causes(studies["retro_gap"], "CNY"), chart_goal_or_work(studies["retro_verdict"]),
                 chart_forecast_grade(studies["retro_forecast"], "CNY")]
        for chart in drawn:
            assert chart is not None
            assert chart.description
            assert "nan" not in chart.to_json().casefold().split('"')


def test_a_chart_of_verdicts_tells_whom_it_leaves_out(studies: Studies) -> None:
    people = studies["retro_verdict"].query("by == 'person'")
    note = " ".join(chart_goal_or_work(people).to_dict()["title"]["subtitle"])
    with in_language("zh"):
        chinese = "".join(chart_goal_or_work(people).to_dict()["title"]["subtitle"])
    left_out = people.forecast.gt(0).sum() - (people.verdict == "unknown").sum() - 20
    assert left_out > 0
    assert f"{left_out} people nearer to the forecast" in note
    assert f"另有 {left_out} 人" in chinese
    assert "not drawn" not in " ".join(chart_goal_or_work(people.head(9)).to_dict()["title"]["subtitle"])


def test_charts_are_silent_without_figures(studies: Studies) -> None:
    gap = studies["retro_gap"]
    nothing = gap.iloc[:0]
    assert chart_gap(nothing) is None
    assert chart_gap(gap, "person", "nobody") is None
    assert chart_gap(gap.assign(base=np.nan)) is None
    assert chart_causes(nothing) is None
    assert chart_causes(gap[gap.by == "all"]) is None
    assert chart_goal_or_work(studies["retro_verdict"].assign(forecast=np.nan)) is None
    assert chart_forecast_grade(studies["retro_forecast"].iloc[:0]) is None
