"""Follow-up: planted gaps and doubles are found, ordinary pauses and hand-overs are left in peace."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coaching_team import PEOPLE, coaching_team, goals_of
from company_of_truth import true_tables

from salesgoals.coaching.rhythm import judge_silence
from salesgoals.follow_up import (
    data_lag,
    doubly_worked,
    follow_up_rate,
    neglected_customers,
    open_deals,
    pipeline_coverage,
    study_follow_up,
)
from salesgoals.history import as_known_on
from salesgoals.periods import read_period
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workspace import Settings

JUNE, DAY = read_period("2026-06"), pd.Timestamp("2026-06-12")


@pytest.fixture(scope="module")
def team() -> dict[str, pd.DataFrame]:
    return coaching_team()


@pytest.fixture(scope="module")
def truth() -> dict[str, pd.DataFrame]:
    return true_tables()


def test_units_add_up_and_cover_is_what_it_says(team: dict[str, pd.DataFrame]) -> None:
    found = pipeline_coverage(team, goals_of(JUNE, 90_000.), JUNE, DAY)
    assert found.by.value_counts().to_dict() == {"all": 1, "team": 2, "person": len(PEOPLE)}
    for column in ("goal", "so_far", "missing", "open", "value", "weighted", "in_time", "overdue", "stale"):
        sums = found.groupby("by")[column].sum()
        assert sums["person"] == pytest.approx(sums["all"])
        assert sums["team"] == pytest.approx(sums["all"])
    known = as_known_on(team, DAY)["opportunities"]
    assert found.open.iloc[0] == (known.status == "open").sum()
    covered = found[found.missing > 0]
    assert np.allclose(covered.coverage, covered.weighted / covered.missing)
    assert (found.weighted < found.value).all()
    person = found[found.by == "person"]
    assert np.allclose(person.missing, (person.goal - person.so_far).clip(lower=0))


def test_no_opportunities_no_coverage() -> None:
    team = coaching_team(opportunities=False)
    assert pipeline_coverage(team, goals_of(JUNE, 90_000.), JUNE, DAY).empty
    assert open_deals(team, DAY).empty


def test_late_and_stale_deals_are_named() -> None:
    tables = {name: empty_table(name) for name in TABLES}
    won = [(f"w{n}", "won", "2025-01-01", f"2025-01-{10 + n}") for n in range(20)]
    rows = [*won, ("fresh", "open", "2026-06-01", "2026-07-01"), ("late", "open", "2026-06-01", "2026-06-10"),
            ("old", "open", "2025-12-01", None)]
    deals = pd.DataFrame(rows, columns=["opportunity_id", "status", "created", "closed"])
    tables["opportunities"] = as_table("opportunities", deals.assign(
        created=pd.to_datetime(deals.created), closed=pd.to_datetime(deals.closed), person_id="1",
        amount=100.))
    tables["people"] = as_table("people", pd.DataFrame({"person_id": ["1"], "name": ["Ann"]}))
    found = open_deals(tables, DAY).set_index("opportunity_id")
    assert found.problem.to_dict() == {"fresh": "", "late": "overdue", "old": "stale"}
    assert found.days_late["late"] == 2
    assert found.days_open["old"] > found.slow_from["old"]


def test_recorded_probabilities_order_deals_but_do_not_set_their_level(team: dict[str, pd.DataFrame]) -> None:
    deals = team["opportunities"]
    still = deals.status == "open"
    rosy = team | {"opportunities": deals.assign(probability=np.where(
        still, np.where(deals.index % 2 == 0, .95, .85), np.nan))}
    plain, told = (open_deals(tables, "2026-06-30") for tables in (team, rosy))
    assert told.chance.mean() == pytest.approx(plain.chance.mean(), rel=.03)
    assert told.chance.mean() < .6
    assert told.chance.nunique() > plain.chance.nunique()


def test_planted_neglect_is_found_and_ordinary_pauses_are_not(truth: dict[str, pd.DataFrame]) -> None:
    planted = {"001141", "000233", "000276"}
    found = neglected_customers(truth, "2026-04-30")
    mine = found[found.account_id.isin(planted)]
    assert set(mine.account_id) == planted
    assert set(mine.person_id) == {"00036"}
    assert set(mine.state) == {"neglected"}
    assert len(found) < 25  # of about 700 customers
    assert found.sales_12.is_monotonic_decreasing
    before = neglected_customers(truth, "2026-01-31")
    assert not planted & set(before.account_id)


def test_alike_customers_are_hardly_ever_called_neglected() -> None:
    called = asked = 0
    for seed in range(4):
        team = coaching_team(seed, opportunities=False)
        for day in ("2025-12-31", "2026-03-31", "2026-06-30"):
            called += len(neglected_customers(team, day))
            asked += 48
    assert called / asked < .03  # about one in a hundred is promised


def test_customers_of_a_silent_log_are_not_blamed(team: dict[str, pd.DataFrame]) -> None:
    log = team["activities"]
    stopped = team | {"activities": log[~((log.person_id == "P0") & (log.date > "2026-03-31"))]}
    found = neglected_customers(stopped, "2026-06-30")
    assert set(found.state[found.person_id == "P0"]) == {"unlogged"}
    gone = team | {"people": team["people"].assign(leave_date=team["people"].person_id.map(
        {"P1": pd.Timestamp("2026-05-31")}))}
    assert (neglected_customers(gone, "2026-06-30").state == "no_owner").sum() >= 4


def test_without_contacts_orders_stand_in() -> None:
    team = coaching_team(activities=False, often=.6)
    orders = team["orders"]
    mine = orders.account_id == "P0-0"
    quiet = team | {"orders": orders.assign(amount=orders.amount.where(~mine, orders.amount * 9))[
        ~(mine & (orders.date > "2026-02-15"))]}
    found = neglected_customers(quiet, "2026-06-30")
    assert set(found.basis) == {"orders"}
    assert found.account_id[0] == "P0-0"
    assert set(follow_up_rate(quiet, "2026-06-30").basis) == {"orders"}


def test_two_sellers_in_turns_are_found_hand_overs_and_teams_are_not() -> None:
    days = pd.date_range("2026-04-06", periods=10, freq="7D")
    cases = {"turns": "ABABABABAB", "handed": "AAAAABBBBB", "stand_in": "AAAABBAAAA", "once": "AAAABAAAAA"}
    rows = [(day, who, account) for account, order in cases.items() for day, who in zip(days, order,
                                                                                      strict=True)]
    rows += [(day, who, "together") for day in days for who in "AB"]
    log = pd.DataFrame(rows, columns=["date", "person_id", "account_id"])
    log = log.assign(date=log.date + pd.to_timedelta(np.arange(len(log)) // 10 % 5, unit="D"), type="visit",
                     count=1)
    log.loc[log.account_id == "together", "date"] = [day for day in days for _ in "AB"]
    spread = pd.DataFrame({"date": pd.date_range("2026-04-06", "2026-06-20"), "person_id": "C",
                           "account_id": "other", "type": "visit", "count": 1})
    tables = {name: empty_table(name) for name in TABLES}
    tables["activities"] = as_table("activities", pd.concat([log, spread]))
    found = doubly_worked(tables, "2026-06-30").set_index("account_id").kind.to_dict()
    assert found == {"turns": "double", "together": "team", "handed": "handed_over",
                     "stand_in": "handed_over"}
    shares = pd.DataFrame({"order_id": ["1", "1"], "date": pd.Timestamp("2026-05-05"), "account_id": "turns",
                           "person_id": ["A", "B"], "amount": 10., "credit_share": .5})
    tables["orders"] = as_table("orders", shares)
    assert doubly_worked(tables, "2026-06-30").set_index("account_id").kind["turns"] == "team"


def test_planted_doubles_are_found_and_a_move_is_a_hand_over(truth: dict[str, pd.DataFrame]) -> None:
    found = doubly_worked(truth, "2026-06-30")
    double = found[found.kind == "double"]
    assert len(double) >= 2
    assert set(double.person_id) == {"00025"}
    assert set(double.other_id) == {"00033"}
    moved = doubly_worked(truth, "2025-08-31")  # one seller changed teams in July
    assert len(moved) > 5
    assert set(moved.kind) == {"handed_over"}


def test_the_one_who_stopped_logging_is_named(truth: dict[str, pd.DataFrame]) -> None:
    found = data_lag(truth, "2026-06-12")
    late = found[~found.state.isin(["ok", "too_few"])]
    assert late[["unit", "source", "state"]].to_numpy().tolist() == [
        ["00046", "activities", "stopped_logging"]]
    assert late["last"].iloc[0] == pd.Timestamp("2026-05-15")
    before = data_lag(truth, "2026-05-15")
    assert set(before.state) <= {"ok", "too_few"}


def test_a_long_holiday_is_no_silence() -> None:
    """Days off are no waiting: around Spring Festival nobody is called silent."""
    team = coaching_team(end="2026-02-13", opportunities=False)
    found = data_lag(team, "2026-02-23")
    assert set(found.state) == {"ok"}
    assert found.waiting.max() <= 8


def test_absent_is_told_from_not_logging(team: dict[str, pd.DataFrame]) -> None:
    end = pd.Timestamp("2026-05-15")
    gone = {name: team[name][~((team[name].person_id == "P0") & (team[name].date > end))]
            for name in ("activities", "orders")}
    found = data_lag(team | gone, "2026-06-30").set_index(["unit", "source"]).state
    assert found[("P0", "activities")] == "absent"
    assert found[("P0", "sales")] == "absent"
    assert found[("P1", "activities")] == "ok"


def test_open_deals_past_their_day_are_counted(team: dict[str, pd.DataFrame]) -> None:
    deals = team["opportunities"]
    late = (deals.status == "open") & (deals.person_id == "P2")
    old = team | {"opportunities": deals.assign(closed=deals.closed.where(~late, pd.Timestamp("2026-06-20")))}
    found = data_lag(old, "2026-06-30")
    rows = found[found.source == "opportunities"].set_index("unit")
    assert rows.overdue["P2"] == rows.overdue["all"] == late.sum()


def test_silence_keeps_its_promise() -> None:
    """With a threshold t, about a share t of ordinary pauses is called a silence."""
    draw = np.random.default_rng(3)
    called = asked = 0
    for _ in range(30):
        gaps = draw.geometric(.2, (40, 40))
        places = gaps.cumsum(1)
        key = pd.Series(np.repeat([f"k{n}" for n in range(40)], 39))
        # the last gap is not over yet: it has just reached its full length
        now = pd.Series(places[:, -1], index=[f"k{n}" for n in range(40)])
        found = judge_silence(key, pd.Series(places[:, :-1].ravel()), now)
        called += int((found.p < .05).sum())
        asked += 40
    assert .02 < called / asked < .07


def test_the_rate_of_follow_up_counts_own_customers(team: dict[str, pd.DataFrame]) -> None:
    found = follow_up_rate(team, "2026-06-30", days=30).set_index("unit")
    assert found.customers["all"] == found.customers[found.by == "person"].sum() == 48
    log = team["activities"]
    kept = log[~((log.account_id.isin(["P0-0", "P0-1", "P0-2"])) & (log.date > "2026-05-31"))]
    less = follow_up_rate(team | {"activities": kept}, "2026-06-30", days=30).set_index("unit")
    assert less.share["P0"] == pytest.approx(.5, abs=.17)
    assert less.share["P1"] == found.share["P1"]


def test_nothing_of_the_future_leaks(team: dict[str, pd.DataFrame]) -> None:
    known = as_known_on(team, DAY)
    for step in (neglected_customers, doubly_worked, open_deals, data_lag, follow_up_rate):
        pd.testing.assert_frame_equal(step(team, DAY), step(known, DAY))


def test_a_seller_reads_neither_name_nor_figures_of_the_other(truth: dict[str, pd.DataFrame]) -> None:
    frames = study_follow_up(truth, goals_of(JUNE, 1.), JUNE, JUNE.end, Settings(company="x"))
    own = frames["follow_up_doubly_own"]
    assert {"00025", "00033"} <= set(own.person_id)
    assert list(own) == ["person_id", "account_id", "name", "own", "sold", "kind"]
    both = frames["follow_up_doubly"].set_index("seller").loc["00025"].iloc[0]
    mine = own[own.account_id == both.account_id].set_index("person_id").own
    assert (mine["00025"], mine[both.other]) == (both.contacts, both.other_contacts)
    assert not {"person_id", "unit"} & set(frames["follow_up_doubly"])  # so it is for the company alone
    for name, table in frames.items():
        assert {"by", "unit"} <= set(table) or "person_id" in table or name == "follow_up_doubly"
