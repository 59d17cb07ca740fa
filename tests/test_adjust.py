"""Adjusting goals: sums exact, the past untouched, the total kept or changed as asked, all of it undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sales_team import make_team
from small_company import small_company

import salesgoals as sg
from salesgoals.adjust import (
    Adjustment,
    Join,
    Leave,
    MarketShock,
    MoveCustomers,
    MovePerson,
    OutOfReach,
    Wish,
    approve_adjustment,
    list_changes,
    propose_adjustment,
    undo_adjustment,
)
from salesgoals.adjusting.asking import ask
from salesgoals.adjusting.base import ROW, Base, goals_after, make_base, share_gone
from salesgoals.adjusting.case import Case
from salesgoals.adjusting.prospect import Prospect, look_ahead
from salesgoals.adjusting.settling import settle
from salesgoals.adjusting.telling import prove_change
from salesgoals.in_force import goals_in_force
from salesgoals.ledger import open_ledger
from salesgoals.plans import load_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import as_table, write_table
from salesgoals.workspace import Workspace, new_workspace, open_workspace

TEAM = make_team()
KEYS = ["person_id", "period_start", "period_end", "product_line"]
PEOPLE = ["P000", "P001", "P002", "P003", "P007", "P009"]
PLACES = {person: (f"D{number % 2}", f"T{number % 3}") for number, person in enumerate(PEOPLE)}


def make_goals(seed: int, people: int, every: int, windows: int, lines: int, unit: int) -> pd.DataFrame:
    """Random goals from 2026-01 on; some are 0, some are not set."""
    draw = np.random.default_rng(seed)
    rows = []
    for person in PEOPLE[:people]:
        for window in range(windows):
            first = pd.Timestamp("2026-01-01") + pd.DateOffset(months=window * every)
            for line in range(lines):
                if draw.random() < .15 and window:
                    continue
                rows.append({
                    "department": PLACES[person][0], "team": PLACES[person][1], "person_id": person,
                    "person": f"Name {person}", "period_start": first, "metric": "amount", "unit": str(unit),
                    "period_end": first + pd.DateOffset(months=every) - pd.Timedelta(days=1),
                    "product_line": f"L{line}" if lines > 1 else None,
                    "goal": int(draw.integers(0, 300)) * unit if draw.random() > .1 else 0})
    return pd.DataFrame(rows)[ROW]


def guess(base: Base, seed: int) -> Prospect:
    """Random expectations; some people are not known at all."""
    draw = np.random.default_rng(seed)
    people = pd.DataFrame(draw.lognormal(8, 1, (len(base.people), 6)), index=base.people.person_id,
                          columns=["so_far", "to_come", "sd", "since", "rest", "rest_sd"])
    people["to_come"] = people["rest"] + people.to_come
    people.loc[draw.random(len(people)) < .15, ["to_come", "sd", "rest", "rest_sd"]] = np.nan
    return Prospect(people, .2, pd.Timestamp("2025-12-31"))


def change(goals: pd.DataFrame, event: Any, unit: int, running: str = "split",
           seed: int | None = None) -> tuple[Any, ...]:
    """What a proposal does, without a workspace around it."""
    base = make_base(goals, pd.Timestamp(event.day), unit, "CN", running)
    case = Case(base, look_ahead(TEAM, base) if seed is None else guess(base, seed), TEAM)
    asked = ask(case, event)
    cells, notes = settle(base, asked)
    after = goals_after(base, asked.people, cells, asked.gone)
    return base, asked, cells, after, [note.code for note in notes]


@st.composite
def cases(draw: Any) -> tuple[pd.DataFrame, Any, int, str]:
    unit = draw(st.sampled_from([1, 100]))
    people = draw(st.integers(2, 6))
    every = draw(st.sampled_from([1, 3]))
    goals = make_goals(draw(st.integers(0, 10**6)), people, every, draw(st.integers(1, 5)),
                       draw(st.integers(1, 3)), unit)
    day = draw(st.dates(pd.Timestamp("2025-12-20").date(), goals.period_end.max().date())).isoformat()
    one, two = draw(st.permutations(PEOPLE[:people]))[:2]
    teams = ["/".join(PLACES[person]) for person in PEOPLE[:people]]
    share = draw(st.sampled_from([-.5, -.2, .1, .35]))
    event = draw(st.sampled_from([
        Leave(one, day), Leave(one, day, "all"), Leave(one, day, [two]), Leave(one, day, "vacancy"),
        Leave(one, day, "nobody"), Join("N1", teams[0], day), Join("N1", teams[-1], day, "all"),
        Join("N1", teams[0], day, "nobody"), MovePerson(one, teams[-1], day),
        MovePerson(one, teams[0], day, with_goal=False), MoveCustomers(one, two, day),
        MarketShock(share, day), MarketShock(share, day, "product_line", "L1"),
        MarketShock(share, day, "product_line", "L0", "kept"), OutOfReach(day, limit=.6),
        OutOfReach(day, limit=.6, counts="whole"), OutOfReach(day, one, .9, .3, "kept"),
        Wish("all", f"{share:+.0%}", day), Wish(one, f"{share:+.0%}", day, "all"),
        Wish(teams[0], "+10%", day, "peers"), Wish(one, f"{share:+.0%}", day, [two])]))
    return goals, event, unit, draw(st.sampled_from(["split", "kept"]))


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(cases())
def test_sums_are_exact_and_the_past_is_untouched(given_case: tuple[pd.DataFrame, Any, int, str]) -> None:
    goals, event, unit, running = given_case
    kept = goals.copy(deep=True)
    try:
        base, asked, cells, after, codes = change(goals, event, unit, running, len(goals))
    except SalesgoalsError:
        assume(False)
    pd.testing.assert_frame_equal(goals, kept)
    day = pd.Timestamp(event.day)
    proof = prove_change(base, asked, cells, after)
    assert len(proof) > 5
    assert (proof.difference == 0).all()
    assert (after.goal >= 0).all()
    assert (after.goal % unit == 0).all()
    assert not after.duplicated(KEYS).any()
    both = goals.merge(after, on=KEYS, how="left", suffixes=("", "_after"))
    over = both.period_end < day
    assert (both.goal_after[over] == both.goal[over]).all()
    assert (both.team_after[over] == both.team[over]).all()
    begun = (both.period_start < day) & ~over
    gone = [share_gone(row.period_start, row.period_end, day, "CN") for row in both[begun].itertuples()]
    if running == "kept":
        assert (both.goal_after[begun] == both.goal[begun]).all()
    least = both.goal[begun] * np.array(gone)
    assert (both.goal_after[begun] >= least - unit / 2).all()
    total = int(after.goal.sum() - goals.goal.sum())
    handed_on = isinstance(event, (Leave, Join)) and "nobody" not in str(event)
    absorbed = getattr(event, "absorbed", "nobody") != "nobody" or getattr(event, "total", "") == "kept"
    if isinstance(event, (MovePerson, MoveCustomers)) or handed_on or absorbed:
        assert total == 0
        if "adjust.sums_move" not in codes:
            for column in ("period_start", "product_line"):
                sums = [table.assign(product_line=table.product_line.fillna("")).groupby(column).goal.sum()
                        for table in (goals, after)]
                moved = (sums[0] - sums[1].reindex(sums[0].index).fillna(0)).abs()
                assert moved.max() == 0
    elif isinstance(event, Wish):
        asked_for = round(goals.goal.sum() * (1 + float(event.amount[:-1]) / 100) / unit) * unit
        assert after.goal.sum() == asked_for
    elif isinstance(event, (OutOfReach, Leave)):
        assert total <= 0
    changed = {person for group, _ in asked.groups for person in asked.people.person_id[group]}
    still = goals[~goals.person_id.isin(changed)][[*KEYS, "goal"]]
    alike = after[after.person_id.isin(still.person_id)][[*KEYS, "goal"]]
    pd.testing.assert_frame_equal(still.sort_values(KEYS, ignore_index=True),
                                  alike.sort_values(KEYS, ignore_index=True), check_dtype=False)
    if isinstance(event, Leave):
        left = after[after.person_id == event.person]
        assert (left.period_start < day).all()


def test_a_team_s_wish_is_met_to_the_unit() -> None:
    goals = make_goals(3, 6, 1, 5, 2, 100)
    team = "D0/T0"
    own = goals.department + "/" + goals.team == team
    *_, after, _ = change(goals, Wish(team, 400_000, "2026-03-01", "peers"), 100)
    assert after.goal[after.department + "/" + after.team == team].sum() == 400_000
    assert after.goal.sum() == goals.goal.sum()
    assert goals.goal[own].sum() != 400_000


@pytest.mark.parametrize(("event", "codes"), [
    (Wish("P000", 5, "2026-04-01"), {"adjust.amount_not_multiple"}),
    (Wish("P000", 0, "2026-04-01", "all"), {"adjust.wish_past"}),
    (Wish("all", 0, "2026-04-01", "peers"), {"adjust.wish_past", "adjust.nobody_left"}),
    (Wish("P000", "+900%", "2026-04-01", ["P001"]), {"adjust.absorb_too_little"}),
    (Wish("P000", "soon", "2026-04-01"), {"adjust.amount"}),
    (Leave("nobody known", "2026-04-01"), {"claims.person_unknown"}),
    (Join("N1", "T9", "2026-04-01"), {"adjust.team_unknown"}),
    (Join("P000", "D0/T0", "2026-04-01"), {"adjust.has_goal"}),
    (MovePerson("P000", "D0/T0", "2026-04-01"), {"adjust.already_there"}),
    (MoveCustomers("P000", "P000", "2026-04-01"), {"adjust.same_person"}),
    (MoveCustomers("P000", "P001", "2026-04-01", ["A1"]), {"adjust.account_unknown"}),
    (MarketShock(-1.5, "2026-04-01", "region", "north", "half"),
     {"adjust.shock_size", "adjust.market_unknown", "adjust.choice"}),
    (OutOfReach("2026-04-01", limit=2, total="up"), {"goal.chance_outside", "adjust.choice"}),
    (OutOfReach("2026-04-01", limit=.99, chance=.99, total="kept"), {"adjust.no_room"}),
    (Leave("P000", "2031-01-01"), {"adjust.all_past"}),
    (Leave("who", "2026-04-01", ["P001", "whom"]), {"claims.person_unknown"}),
    (Join("N1", "T9", "2026-04-01", "whom"), {"adjust.team_unknown", "claims.person_unknown"}),
    (MovePerson("who", "T9", "2026-04-01"), {"claims.person_unknown", "adjust.team_unknown"}),
    (MoveCustomers("who", "P001", "2026-04-01", ["A1"]), {"claims.person_unknown", "adjust.account_unknown"}),
    (Wish("who", -5, "2026-04-01", "whom"), {"claims.person_unknown", "adjust.amount"}),
    (OutOfReach("2026-04-01", "who", limit=2), {"claims.person_unknown", "goal.chance_outside"})])
def test_what_cannot_be_is_refused_with_all_reasons(event: Any, codes: set[str]) -> None:
    with pytest.raises(SalesgoalsError) as caught:
        change(make_goals(1, 6, 1, 5, 2, 100), event, 100)
    assert {problem.code for problem in caught.value.problems} == codes
    assert "\n\n" not in str(caught.value)


def test_a_goal_follows_the_sales_of_customers() -> None:
    tables = dict(TEAM)
    orders = tables["orders"].copy()
    own = orders.index[orders.person_id == "P000"]
    orders["account_id"] = orders.account_id.astype(object)
    orders.loc[own, "account_id"] = ["A1" if n % 4 else "A2" for n in range(len(own))]
    tables["orders"] = as_table("orders", orders)
    recent = orders[(orders.person_id == "P000") & (orders.date > orders.date.max() - pd.DateOffset(years=1))]
    share = recent.amount[recent.account_id == "A2"].sum() / recent.amount.sum()
    goals = make_goals(5, 3, 1, 4, 1, 1)
    base = make_base(goals, pd.Timestamp("2026-02-01"), 1)
    asked = ask(Case(base, look_ahead(tables, base), tables),
                MoveCustomers("P000", "P001", "2026-02-01", ["A2"]))
    open_goal = goals.goal[(goals.person_id == "P000") & (goals.period_start >= "2026-02-01")].sum()
    moved = base.cells[base.person("P000")].sum() - asked.wished[base.person("P000")].sum()
    assert moved == pytest.approx(open_goal * share)


def test_a_goal_out_of_reach_gets_the_stated_chance() -> None:
    workspace_goals = make_goals(7, 6, 1, 5, 1, 1).assign(goal=2_000_000)
    base, asked, cells, *_ = change(workspace_goals, OutOfReach("2026-01-01", chance=.4), 1)
    found = sg_chances(base, asked, cells)
    assert found.rest_chance.round(3).tolist() == [.4] * 6


def sg_chances(base: Any, asked: Any, cells: Any) -> pd.DataFrame:
    from salesgoals.adjusting.prospect import chances

    after = goals_after(base, asked.people, cells, asked.gone)
    table = chances(base, asked.prospect, asked.people, after, cells)
    return table[table.by == "person"]


def test_a_share_of_a_window_is_counted_in_working_days() -> None:
    window = pd.Timestamp("2026-02-01"), pd.Timestamp("2026-02-28")
    # 16 working days, 11 of them (with the make-up Saturday 14th) before Spring Festival
    assert share_gone(*window, pd.Timestamp("2026-02-15"), "CN") == pytest.approx(11 / 16)
    assert share_gone(*window, pd.Timestamp("2026-02-01"), "CN") == 0


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    with sg.words.in_language("en"):
        return small_company(tmp_path_factory.mktemp("adjust") / "w", people=8, months=24, lines=2)


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> bool:
    columns = [*KEYS, "goal", "team"]
    frames = [table[columns].assign(goal=table.goal.astype(float), product_line=table.product_line.fillna(""))
              .sort_values(columns, ignore_index=True).astype(object) for table in (found, wanted)]
    return frames[0].equals(frames[1])


def test_a_year_of_events_is_kept_rebuilt_and_undone(planned: Workspace) -> None:
    first = load_plan(planned)
    steps: list[tuple[int, Adjustment]] = []
    for event in (Leave("P003", "2026-03-01"), MovePerson("P004", "North 2", "2026-05-01"),
                  Wish("all", "+3%", "2026-06-15")):
        found = propose_adjustment(planned, event)
        assert (found.proof.difference == 0).all()
        entry = approve_adjustment(planned, found, "boss", "because")
        assert (entry.action, entry.valid_from) == ("adjusted", f"{pd.Timestamp(event.day):%Y-%m-%d}")
        assert same(goals_in_force(planned, found.period), found.after)
        assert load_plan(planned).plan.goals.goal.sum() == found.after.goal.sum()
        with pytest.raises(SalesgoalsError, match="changed since"):
            approve_adjustment(planned, found, "boss", "twice")
        steps.append((entry.entry, found))
    without = propose_adjustment(planned, Wish("all", "+0%", "2026-07-01")).chances
    left = without[without.unit == "P003"].iloc[0]
    assert left.open_before == left.rest_expected_before == 0  # nobody counts on who has left
    assert without.expected_before[0] < steps[0][1].chances.expected_before[0]
    with open_ledger(planned) as ledger:
        for number, found in steps:
            assert same(ledger.as_of(number, "proposed"), found.after)
            assert same(ledger.as_of(number - 1, "proposed"), found.before)
        assert ledger.verify().ok
    log = list_changes(planned)
    assert set(log.entry) == {number for number, _ in steps}
    assert log[log.entry == steps[0][0]].change.sum() == 0
    written = pd.read_csv(planned.folder / "plan" / "goals.csv", dtype={"person_id": str})
    assert (sg.verify_plan(written, int(steps[-1][1].after.goal.sum())).difference == 0).all()
    report = sg.open_report(planned, "team", "North/North 2")
    assert set(report.plan.people.person_id) == {"P002", "P004", "P006"}
    assert "P003" not in str(report.parameters)
    number, found = steps[-1]
    undo_adjustment(planned, number, "boss", "not after all")
    assert same(goals_in_force(planned, found.period), found.before)
    assert load_plan(planned).plan.goals.goal.sum() == first.plan.goals.goal.sum()


def test_a_plan_of_older_data_is_adjusted_with_new_sales(planned: Workspace, tmp_path: Path) -> None:
    copy = sg.practice_workspace(planned)
    orders = copy.tables["orders"]
    new = orders[orders.date >= "2025-01-01"].assign(
        date=lambda rows: rows.date + pd.DateOffset(years=1), amount=lambda rows: rows.amount * .5)
    write_table(copy.folder / "tables", "orders", pd.concat([orders, new[new.date < "2026-05-01"]]))
    copy = open_workspace(copy.folder)
    with pytest.raises(SalesgoalsError):
        load_plan(copy)
    found = propose_adjustment(copy, OutOfReach("2026-05-01", limit=.3))
    whole = found.chances.iloc[0]
    sold = new[new.date < "2026-05-01"].amount.sum()
    assert whole.so_far == pytest.approx(sold)
    assert whole.chance_before < .1 < whole.rest_chance_after
    assert found.change < 0
    approve_adjustment(copy, found, "boss", "half the sales are gone")
    assert load_plan(copy).plan.goals.goal.sum() == found.after.goal.sum()


def test_a_window_that_is_to_be_kept_has_begun_with_its_first_day_worked_or_not() -> None:
    goals = make_goals(3, 4, 1, 2, 1, 1)  # 1 January is a holiday: no working day of the window is over
    base, _, _, after, _ = change(goals, Wish("all", "+50%", "2026-01-02"), 1, "kept")
    assert base.windows.period_start.tolist() == [pd.Timestamp("2026-02-01")]
    was, became = (table[table.period_start == "2026-01-01"].set_index(KEYS[:3]).goal
                   for table in (goals, after))
    assert (became.reindex(was.index) == was).all()


def test_nobody_who_has_left_takes_over(tmp_path: Path) -> None:
    workspace = with_exported_goals(tmp_path / "w", 11)
    for event in (MovePerson("P007", "D0/T0", "2026-02-01"), Leave("P000", "2026-03-01", ["P001"])):
        approve_adjustment(workspace, propose_adjustment(workspace, event), "boss", "left")
    with pytest.raises(SalesgoalsError, match="nobody can take over"):
        propose_adjustment(workspace, Leave("P007", "2026-04-01"))
    shared = propose_adjustment(workspace, Leave("P007", "2026-04-01", "all")).who_absorbs
    assert "P001" in set(shared.person_id[shared.change > 0])
    assert "P000" not in set(shared.person_id)


def test_a_wrong_day_does_not_hide_the_other_reasons(tmp_path: Path) -> None:
    workspace = with_exported_goals(tmp_path / "w", 11)
    before = sorted(path for path in workspace.folder.rglob("*"))
    for day, code in (("soon", "adjust.day_unreadable"), ("2031-01-01", "adjust.all_past")):
        with pytest.raises(SalesgoalsError) as caught:
            propose_adjustment(workspace, Wish("who", -5, day, "whom"), running="half")
        assert [problem.code for problem in caught.value.problems] == [
            "adjust.choice", code, "claims.person_unknown", "claims.person_unknown", "adjust.amount"]
    assert sorted(path for path in workspace.folder.rglob("*")) == before


def test_of_two_who_approve_at_once_the_second_is_refused(planned: Workspace, tmp_path: Path) -> None:
    copy = sg.practice_workspace(planned)
    wishes = [propose_adjustment(copy, Wish(person, "+10%", "2026-07-01")) for person in ("P001", "P002")]
    with ThreadPoolExecutor(2) as pool:
        turns = [pool.submit(approve_adjustment, copy, wish, "boss", "more") for wish in wishes]
    refused = [turn.exception() for turn in turns if turn.exception()]
    assert len(refused) == 1
    assert "changed since" in str(refused[0])
    kept = next(wish for wish, turn in zip(wishes, turns, strict=True) if not turn.exception())
    assert same(goals_in_force(copy, kept.period), kept.after)
    assert load_plan(copy).plan.goals.goal.sum() == kept.after.goal.sum()


def test_who_is_killed_while_approving_leaves_all_or_nothing(planned: Workspace,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    copy = sg.practice_workspace(planned)
    first, late = (propose_adjustment(copy, Wish(who, "+10%", "2026-07-01")) for who in ("P001", "P002"))
    with monkeypatch.context() as patched:
        patched.setattr("salesgoals.plans.record_plan", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):  # the folder is written, the ledger is not
            approve_adjustment(copy, first, "boss", "more")
    with pytest.raises(SalesgoalsError, match="changed since"):  # not on top of what the ledger said last
        approve_adjustment(copy, late, "boss", "more")
    assert same(goals_in_force(copy, first.period), first.after)
    with open_ledger(copy) as ledger:
        assert ledger.history().action.tolist()[-1] == "adjusted"
        assert ledger.history().action.tolist().count("adjusted") == 1 + len(
            list_changes(planned).query("action == 'adjusted'").entry.unique())


def with_exported_goals(folder: Path, seed: int) -> Workspace:
    workspace = new_workspace(folder, language="en")
    goals = make_goals(seed, 5, 1, 4, 2, 1).drop(columns="unit")
    write_table(workspace.folder / "tables", "goals", as_table("goals", goals))
    return workspace


EVENTS = [Leave("P001", "2026-02-01"), Leave("P002", "2026-02-10", "vacancy"),
          Leave("P003", "2026-03-01", "all"),
          Join("N1", "D0/T0", "2026-02-05"), MovePerson("P000", "D1/T1", "2026-03-01"),
          MoveCustomers("P007", "P000", "2026-02-17"), MarketShock(-.3, "2026-03-09", total="kept"),
          MarketShock(.15, "2026-02-20"), Wish("P007", "+20%", "2026-04-10", "all"),
          Wish("all", "-5%", "2026-03-20")]


@settings(deadline=None, max_examples=4, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6),
       events=st.lists(st.sampled_from(EVENTS), min_size=2, max_size=3, unique_by=id))
def test_any_sequence_can_be_rebuilt_and_undone(tmp_path_factory: pytest.TempPathFactory, seed: int,
                                                events: list[Any]) -> None:
    workspace = with_exported_goals(tmp_path_factory.mktemp("sequence") / "w", seed)
    steps: list[tuple[int, Adjustment]] = []
    for event in events:
        try:
            found = propose_adjustment(workspace, event)
            entry = approve_adjustment(workspace, found, "boss", "because")
        except SalesgoalsError:  # nothing changes, or nobody can take it over
            continue
        assert (found.proof.difference == 0).all()
        assert same(goals_in_force(workspace, found.period), found.after)
        steps.append((entry.entry, found))
    assume(steps)
    with open_ledger(workspace) as ledger:
        for number, found in steps:
            assert same(ledger.as_of(number), found.after)
            assert same(ledger.as_of(number - 1), found.before)
    for number, found in reversed(steps):
        undo_adjustment(workspace, number, "boss", "not after all")
        assert same(goals_in_force(workspace, found.period), found.before)


def test_goals_of_exports_are_adjusted_in_the_ledger(tmp_path: Path) -> None:
    workspace = with_exported_goals(tmp_path / "w", 11)
    found = propose_adjustment(workspace, Leave("P001", "2026-02-01", to="all"))
    assert found.source == "export"
    assert found.notes[0].code == "adjust.no_sales"
    assert found.chances.chance_before.isna().any()
    entry = approve_adjustment(workspace, found, "boss", "resigned")
    assert same(goals_in_force(workspace, found.period), found.after)
    undo_adjustment(workspace, entry.entry, "boss", "stays")
    assert same(goals_in_force(workspace, found.period), found.before)
    with pytest.raises(SalesgoalsError):
        approve_adjustment(workspace, found, "", "resigned")
