"""The parts of looking back: absences, silent logs, months of the books, verdicts, ratchets, rushes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.attribution.prices import value_at_base_prices
from salesgoals.hindsight.gap import base_span
from salesgoals.hindsight.grading import sum_up_grades
from salesgoals.hindsight.guards import check_bunching, check_claims, check_ends
from salesgoals.hindsight.levels import split_stays
from salesgoals.hindsight.months import months_of
from salesgoals.hindsight.ratchet import measure_ratchet, pair_goals
from salesgoals.hindsight.verdicts import hold_with_few_false, name_verdict
from salesgoals.hindsight.windfalls import without_windfalls
from salesgoals.hindsight.work import find_gaps, grown_share, read_work, time_there
from salesgoals.periods import read_period
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workdays import working_days

Tables = dict[str, pd.DataFrame]
DAY = pd.Timedelta(days=1)


def tables_of(**rows: object) -> Tables:
    tables = {name: empty_table(name) for name in TABLES}
    return tables | {name: as_table(name, pd.DataFrame(columns)) for name, columns in rows.items()}


def busy(person: str, first: str, last: str) -> pd.DataFrame:
    """A sale on each working day."""
    days = working_days(first, last, "CN")
    return pd.DataFrame({"date": days.date[days.working], "person_id": person})


def test_a_long_silence_of_somebody_busy_is_an_absence_and_a_holiday_is_none() -> None:
    signs = pd.concat([
        busy("a", "2025-01-01", "2025-03-31"), busy("a", "2025-06-02", "2025-12-31"),
        busy("b", "2025-01-01", "2025-05-02"), busy("b", "2025-05-25", "2025-12-31"),
        busy("c", "2025-01-01", "2025-12-31").iloc[::40], busy("d", "2025-01-01", "2025-09-30")])
    gaps = find_gaps(signs).set_index("person_id")
    assert set(gaps.index) == {"a", "d"}  # b was off for three weeks, c seldom sells anyway
    assert gaps.loc["a", "first"] == pd.Timestamp("2025-04-01")
    assert gaps.loc["a", "last"] == pd.Timestamp("2025-06-02")  # a holiday
    assert gaps.loc["d", "last"] == pd.Timestamp("2025-12-31")
    assert find_gaps(signs.iloc[:0]).empty


def test_days_without_any_record_of_anybody_are_nobodys_absence() -> None:
    signs = pd.concat([busy(name, first, last) for name in "abc"
                       for first, last in (("2025-01-01", "2025-04-30"), ("2025-07-01", "2025-12-31"))])
    assert find_gaps(signs).empty


def test_time_counts_joining_leaving_and_absence() -> None:
    orders = pd.concat([busy("a", "2025-01-01", "2025-03-31"), busy("a", "2025-06-01", "2025-12-31"),
                        busy("b", "2025-07-01", "2025-12-31"), busy("c", "2025-01-01", "2025-12-31")])
    tables = tables_of(
        orders=orders.assign(amount=10.0, order_id=[str(n) for n in range(len(orders))]),
        people={"person_id": ["a", "b", "c"], "name": ["a", "b", "c"],
                "hire_date": pd.to_datetime(["2020-01-01", "2025-07-01", "2020-01-01"]),
                "leave_date": pd.to_datetime([None, None, "2025-12-31"])})
    work = read_work(tables)
    ids = pd.Index(["a", "b", "c", "nobody"])
    starts, ends = (np.array([pd.Timestamp(day).to_datetime64()]) for day in ("2025-01-01", "2025-12-31"))
    there = time_there(work, ids, starts, ends)[:, 0] * 365
    away = (work.away["last"] - work.away["first"]).dt.days.iloc[0] + 1
    assert np.allclose(there, [365 - away, 184, 365, 0])
    share = grown_share(work, ids, pd.DatetimeIndex(["2025-07-01"]), np.ones((4, 1)))
    assert share[1] < .2
    assert share[0] > .99
    assert share[3] == 1


def test_a_log_that_stops_while_sales_go_on_is_silence_not_absence() -> None:
    orders = busy("a", "2025-01-01", "2025-12-31").assign(amount=10.0)
    log = pd.concat([busy("a", "2025-01-01", "2025-08-31"), busy("b", "2025-01-01", "2025-12-31")])
    tables = tables_of(orders=orders, activities=log.assign(type="visit", count=3),
                       people={"person_id": ["a", "b"], "name": ["a", "b"]})
    work = read_work(tables)
    assert work.away.empty
    assert work.silent.person_id.tolist() == ["a"]
    assert work.silent["first"].iloc[0] == pd.Timestamp("2025-08-30")  # Friday the 29th was the last


@pytest.mark.parametrize(("text", "first", "months"), [
    ("2026-H1", "2026-01-01", 6.0), ("2011-12-29..2012-03-29", "2012-01-01", 3.0),
    ("2012-06-30..2012-09-27", "2012-07-01", 3.0),
    ("2026-01-16..2026-02-15", "2026-01-01", 16 / 31 + 15 / 28)])
def test_windows_that_begin_days_before_a_month_are_that_months(text: str, first: str, months: float) -> None:
    goals = {} if text.startswith("2026") else {"goals": {
        "person_id": "1", "goal": 5.0,
        "period_start": pd.to_datetime(["2011-12-29", "2012-03-30", "2012-06-30", "2012-09-28"])}}
    found = months_of(tables_of(**goals), read_period(text))
    assert found.first == pd.Timestamp(first)
    assert found.length == pytest.approx(months)


def test_spans_to_compare_with() -> None:
    for text, basis, first, last in (("2026-Q1", "last_year", "2025-01-01", "2025-03-31"),
                                     ("2026-Q1", "before", "2025-10-01", "2025-12-31"),
                                     ("2026-01-05..2026-01-11", "before", "2025-12-29", "2026-01-04")):
        assert base_span(read_period(text), basis) == (pd.Timestamp(first), pd.Timestamp(last))


def test_a_windfall_is_cut_and_nothing_else() -> None:
    amounts = [100.0, 120.0] * 20 + [50_000.0]
    tables = tables_of(orders={
        "person_id": "a", "order_id": [str(n) for n in range(41)], "amount": amounts, "quantity": 2.0,
        "date": pd.date_range("2025-01-01", periods=41), "cost": 1.0})
    cut, found = without_windfalls(tables)
    assert found.amount.tolist() == [50_000.0]
    assert cut["orders"].amount[:40].tolist() == amounts[:40]
    assert cut["orders"].amount[40] < 1000
    assert cut["orders"].amount[40] / 50_000 == pytest.approx(cut["orders"].quantity[40] / 2)
    assert tables["orders"].amount[40] == 50_000


def test_a_year_of_nothing_but_returns_has_no_windfall() -> None:
    returns = pd.DataFrame({"person_id": ["7", "8"], "order": ["a", "b"], "account_id": "c",
                            "date": pd.Timestamp("2025-03-01"), "amount": [-50.0, 0.0]})
    found = cut_windfalls(returns)
    assert found.kept.tolist() == [-50, 0]
    assert not found.windfall.any()


def test_prices_of_an_empty_base_are_the_own_ones() -> None:
    now = tables_of(orders={"person_id": ["a"], "product_id": "p", "quantity": 2.0, "amount": 9.0})["orders"]
    valued = value_at_base_prices(now.iloc[:0], now, "person_id")[1]
    assert valued.loc["a"].tolist() == [2.0, 9.0, 9.0, 1.0]
    assert split_stays(pd.Index(["a\x1fD/T"])).iloc[0].tolist() == ["a", "D/T"]


def test_marks_with_few_false_ones_are_those_of_benjamini_and_hochberg() -> None:
    draw = np.random.default_rng(5)
    for _ in range(40):
        p = pd.Series(draw.uniform(0, 1, 30) ** draw.uniform(1, 6))
        p[draw.random(30) < .1] = np.nan
        family = pd.Series(draw.integers(0, 2, 30))
        marked = hold_with_few_false(p, family)
        for one in (0, 1):
            rows = (family == one) & p.notna()
            assert (marked[rows] == (false_discovery_control(p[rows]) <= .10)).all()
        assert not marked[p.isna()].any()


@pytest.mark.parametrize(("goal", "work", "verdict"), [
    ("too_high", "below", "both"), ("right", "below", "work"), ("too_low", "below", "work"),
    ("too_high", "above", "goal_too_high"), ("too_low", "as_expected", "goal_too_low"),
    ("right", "above", "better"), ("unknown", "as_expected", "luck"), ("right", "unknown", "unknown")])
def test_every_pair_has_a_verdict(goal: str, work: str, verdict: str) -> None:
    assert name_verdict(goal, work) == verdict


def drawn_pairs(beat: float, miss: float, seed: int = 3, people: int = 120) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    over = draw.normal(0, .25, people)
    change = .05 + beat * np.maximum(over, 0) + miss * np.minimum(over, 0) + draw.normal(0, .03, people)
    return pd.DataFrame({"person_id": [f"{n}" for n in range(people)], "year": 0, "goal": 100.0,
                         "actual": 100 * (1 + over), "next_goal": 100 * (1 + change)})


@pytest.mark.parametrize(("beat", "miss", "verdict"), [
    (.9, .1, "ratchet"), (.9, .9, "follows"), (0.0, 0.0, "apart")])
def test_ratchets_are_told_from_goals_that_follow(beat: float, miss: float, verdict: str) -> None:
    found = measure_ratchet(drawn_pairs(beat, miss)).set_index("measure")
    assert set(found.verdict) == {verdict}
    for measure, slope in (("after_beat", beat), ("after_miss", miss)):
        assert found.loc[measure, "low"] - .05 <= slope <= found.loc[measure, "high"] + .05
        assert found.loc[measure, "value"] == pytest.approx(slope, abs=.08)
    assert (found.loc["after_beat", "p"] < .01) == (beat > 0)
    assert measure_ratchet(drawn_pairs(beat, miss, people=5)).verdict.tolist() == ["too_few"]


def test_goals_are_paired_with_the_same_windows_a_year_later() -> None:
    starts = pd.date_range("2024-01-01", periods=24, freq="MS")
    tables = tables_of(
        goals={"person_id": "a", "period_start": starts, "period_end": starts + pd.offsets.MonthEnd(0),
               "metric": "amount", "goal": [10.0] * 12 + [11.0] * 12},
        orders={"person_id": "a", "date": starts + 9 * DAY, "amount": 12.0})
    pairs = pair_goals(tables)
    assert pairs[["goal", "actual", "next_goal", "windows"]].values.tolist() == [[120, 144, 132, 12]]
    assert pair_goals(tables_of()).empty


def rushing(share: float, seed: int = 1) -> Tables:
    """Two orders a working day on average; a share of a quarter's orders falls on its last six days."""
    draw = np.random.default_rng(seed)
    rows = []
    for start in pd.date_range("2024-01-01", "2025-12-31", freq="QS"):
        days = working_days(start, start + pd.offsets.QuarterEnd(0), "CN")
        work = days.date[days.working].to_numpy()
        late = draw.choice(work[-6:], round(120 * share))
        rows += [*late, *draw.choice(work[:-6], 120 - len(late))]
    return tables_of(orders={"date": rows, "person_id": draw.choice(["a", "b"], len(rows)), "amount": 10.0,
                             "order_id": [str(n) for n in range(len(rows))]})


def test_a_rush_at_the_end_of_quarters_is_found_and_even_quarters_have_none() -> None:
    period = read_period("2025-Q4")
    for share, verdict in ((.3, "rush"), (.1, "even")):
        found = check_ends(read_work(rushing(share)), True, period, "CN")
        rush = found[(found.check == "rush") & (found.by == "all")].iloc[0]
        assert rush.verdict == verdict
        assert rush.value == pytest.approx(share, abs=.02)
        assert rush.usual == pytest.approx(.1, abs=.01)
        assert (found[found.check == "pushed"].verdict != "pushed").all()


def test_one_quarter_pushed_by_more_than_usual_is_named() -> None:
    tables = rushing(.12)
    orders = tables["orders"]
    late = orders.date >= "2025-10-01"
    moved = orders.date.where(~(late & (orders.index % 3 == 0)), pd.Timestamp("2025-12-30"))
    found = check_ends(read_work(tables | {"orders": orders.assign(date=moved)}), True,
                       read_period("2025-Q4"), "CN")
    pushed = found[(found.check == "pushed") & (found.by == "all")].iloc[0]
    assert (pushed.verdict, pushed.n) == ("pushed", 7)
    assert pushed.value > 2 * pushed.usual


def test_sales_booked_on_few_days_have_no_end_of_a_quarter() -> None:
    days = pd.date_range("2023-01-31", periods=36, freq="ME")
    tables = tables_of(orders={"date": days.repeat(20), "person_id": "a", "amount": 10.0,
                               "order_id": [str(n) for n in range(720)]})
    found = check_ends(read_work(tables), True, read_period("2025-Q4"), "CN")
    assert found.verdict.tolist() == ["too_few"]
    assert check_ends(read_work(tables_of()), True, read_period("2025-Q4"), "CN").empty


def test_goals_just_reached_are_counted_beside_those_just_missed() -> None:
    people = [str(n) for n in range(40)]
    reached = [102.0] * 28 + [97.0] * 4 + [130.0] * 8
    tables = tables_of(
        goals={"person_id": people, "period_start": pd.Timestamp("2025-01-01"), "goal": 100.0,
               "period_end": pd.Timestamp("2025-03-31"), "metric": "amount"},
        orders={"person_id": [*people, "z"], "amount": [*reached, 1.0],
                "date": [*[pd.Timestamp("2025-02-03")] * 40, pd.Timestamp("2025-05-05")]})
    found = check_bunching(tables).iloc[0]
    assert (found.value, found.n, found.verdict) == (28 / 32, 32, "bunching")
    even = tables | {"orders": tables["orders"].assign(
        amount=[102.0, 97.0] * 16 + [130.0] * 8 + [1.0])}
    assert check_bunching(even).verdict.tolist() == ["even"]
    assert check_bunching(tables_of()).empty


def test_a_low_claim_is_one_far_below_the_forecast_that_was_beaten() -> None:
    judged = pd.DataFrame({"by": "person", "unit": ["a", "b", "c"], "forecast": 100.0, "low": 80.0,
                           "actual": [110.0, 110.0, 60.0]})
    claims = pd.DataFrame({"person_id": ["a", "b", "c"], "claimed": [50.0, 95.0, 50.0]})
    assert check_claims(claims, judged).verdict.tolist() == ["low_claim", "fair", "fair"]
    assert check_claims(None, judged).empty


def test_grades_are_sums_of_errors_over_sums_of_results() -> None:
    months = pd.to_datetime(["2026-01-01", "2026-02-01"])
    graded = pd.DataFrame({
        "by": ["person"] * 4 + ["all"] * 3, "unit": ["a", "a", "b", "b", "all", "all", "all"],
        "month": [*months, *months, *months, pd.NaT], "actual": [10.0, 20, 30, 40, 40, 60, 100],
        "error": [1.0, -2, 3, -4, 4, -6, -2], "naive_error": [5.0, 5, -5, 5, 0, 10, 10],
        "share": .02, "naive": 90.0, "inside": [True, True, True, False, True, True, True]})
    found = sum_up_grades(graded, .8).set_index("measure")
    assert found.loc["person_month", ["value", "naive", "grade"]].tolist() == [.10, .20, "better"]
    assert found.loc["total_month", ["value", "naive", "grade"]].tolist() == [.10, .10, "alike"]
    assert found.loc["person", "grade"] == "unknown"
    assert found.loc["total", "grade"] == "inside"
    assert found.loc["band", ["value", "grade"]].tolist() == [.75, "held"]
