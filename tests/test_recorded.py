"""A plan that was saved stands in the ledger, whatever happens in between."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_company import small_company

from salesgoals import plans, recorded
from salesgoals.ledger import open_ledger
from salesgoals.plans import SavedPlan, load_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.readers import open_report
from salesgoals.recorded import Trail, read_receipt, read_trail, record_plan
from salesgoals.sample import practice_workspace
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_company(tmp_path_factory.mktemp("made"), people=6, months=24, lines=2)


@pytest.fixture
def workspace(made: Workspace, tmp_path: Path) -> Workspace:
    return open_workspace(shutil.copytree(made.folder, tmp_path / "client"))


def history(workspace: Workspace) -> pd.DataFrame:
    with open_ledger(workspace) as ledger:
        assert ledger.verify().ok
        return ledger.history()


def changed(saved: SavedPlan, version: str = "proposed") -> SavedPlan:
    """The same plan with 100 moved from one person to another."""
    goals = saved.plan.goals.copy()
    first, last = (goals.person_id == goals.person_id.iloc[place] for place in (0, -1))
    assert goals.team.iloc[0] != goals.team.iloc[-1]
    for rows, step in ((goals.index[first][:1], -100), (goals.index[last][:1], 100)):
        goals.loc[rows, "goal"] += step
    plan = dataclasses.replace(saved.plan, goals=goals.assign(version=version))
    return dataclasses.replace(saved, plan=plan)


def test_saving_a_plan_is_an_entry_with_who_and_why(workspace: Workspace) -> None:
    first = history(workspace).iloc[0]
    saved = load_plan(workspace)
    assert first.rows == len(saved.plan.goals)
    assert first.after == saved.plan.goals.goal.sum()
    assert first.who
    assert f"{first.after:,}" in first.why
    save_plan(workspace, changed(saved), who="Wang", why="after the meeting")
    second = history(workspace).iloc[1]
    assert (second.who, second.why, second.action) == ("Wang", "after the meeting", "proposed")
    assert second.rows == 2
    assert second.before == second.after
    receipt = read_receipt(workspace)
    assert receipt is not None
    assert (receipt["entry"], receipt["hash"]) == (2, second.hash)
    with open_ledger(workspace) as ledger:
        goals = ledger.as_of()
    wanted = changed(saved).plan.goals
    keys = ["person_id", "month", "product_line"]
    found = goals.assign(month=goals.period_start)[[*keys, "goal"]].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(
        found, wanted[[*keys, "goal"]].sort_values(keys, ignore_index=True), check_dtype=False)


def test_the_same_plan_twice_is_one_entry_in_either_language(workspace: Workspace) -> None:
    for language in ("en", "zh", "en"):
        with in_language(language):
            save_plan(workspace, load_plan(workspace), who="Wang", why="again")
    assert len(history(workspace)) == 1
    receipt = read_receipt(workspace)
    assert receipt is not None
    assert receipt["entry"] == 1


def test_versions_stand_beside_each_other(workspace: Workspace) -> None:
    save_plan(workspace, changed(load_plan(workspace), "agreed"), who="all", why="agreed")
    save_plan(workspace, changed(load_plan(workspace), "agreed"), who="Wang", why="correction")
    assert history(workspace).action.tolist() == ["proposed", "agreed", "adjusted"]
    with open_ledger(workspace) as ledger:
        assert ledger.as_of(version="proposed").goal.sum() == ledger.as_of(version="agreed").goal.sum()
        assert len(ledger.diff("proposed", "agreed")) == 2


def test_a_process_killed_before_the_entry_is_mended_by_the_next(
        workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = changed(load_plan(workspace))
    with monkeypatch.context() as patched:
        patched.setattr(plans, "record_plan", lambda workspace: None)    # killed right after the folder
        save_plan(workspace, saved, who="Wang", why="just before the lights went out")
        assert len(history(workspace)) == 1
    load_plan(workspace)
    assert history(workspace).iloc[-1].who == "Wang"
    assert len(history(workspace)) == 2


def test_a_process_killed_after_the_entry_records_nothing_twice(
        workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = changed(load_plan(workspace))
    save_plan(workspace, saved, who="Wang", why="once")
    (workspace.folder / "plan" / "ledger.json").unlink()                 # killed before the receipt
    with open_ledger(workspace) as ledger:
        ledger.undo(2, "Li", "not so")                                   # and somebody has gone on since
    load_plan(workspace)
    assert history(workspace).action.tolist() == ["proposed", "proposed", "undone"]
    receipt = read_receipt(workspace)
    assert receipt is not None
    assert receipt["entry"] == 2


def test_a_ledger_out_of_reach_leaves_the_plan_saved_and_is_tried_again(
        workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = changed(load_plan(workspace))
    monkeypatch.setenv("SALESGOALS_LEDGER", "postgresql://li:secret@127.0.0.1:9/goals?connect_timeout=2")
    with pytest.raises(SalesgoalsError) as caught:
        save_plan(workspace, saved, who="Wang", why="offline")
    assert [problem.code for problem in caught.value.problems] == ["ledger.no_connection"]
    assert load_plan(workspace).plan.goals.goal.tolist() == saved.plan.goals.goal.tolist()
    report = open_report(workspace)
    assert [problem.code for problem in report.ledger.problems] == ["ledger.no_connection"]
    monkeypatch.delenv("SALESGOALS_LEDGER")
    load_plan(workspace)
    assert history(workspace).who.tolist()[-1] == "Wang"


def test_a_plan_that_was_replaced_meanwhile_is_not_recorded_over_the_newer_one(
        workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between this process's folder and its turn at the ledger, another process saves another plan."""
    mine = load_plan(workspace)
    theirs = changed(mine)
    turn = recorded._record
    calls: list[str] = []

    def slow(*given: Any) -> Any:
        calls.append("")
        if len(calls) == 1:
            save_plan(workspace, theirs, who="them", why="theirs")
        return turn(*given)

    monkeypatch.setattr(recorded, "_record", slow)
    save_plan(workspace, changed(theirs), who="me", why="mine")
    found = history(workspace)
    assert found.who.tolist()[1:] == ["them"]
    receipt = read_receipt(workspace)
    assert receipt is not None
    assert receipt["hash"] == found.hash.iloc[-1]
    assert load_plan(workspace).plan.goals.goal.tolist() == theirs.plan.goals.goal.tolist()


def test_plans_from_before_there_were_ledgers_still_open(workspace: Workspace) -> None:
    file = workspace.folder / "plan" / "plan.json"
    plain = json.loads(file.read_text(encoding="utf-8"))
    del plain["entry"]
    file.write_text(json.dumps(plain), encoding="utf-8")
    (workspace.folder / "plan" / "entry_goals.parquet").unlink()
    (workspace.folder / "plan" / "ledger.json").unlink()
    (workspace.folder / "ledger.db").unlink()
    assert len(load_plan(workspace).plan.goals)
    assert record_plan(workspace) is None
    assert open_report(workspace).ledger.rows.empty
    assert open_report(workspace).ledger.head == Trail().head == ""


def test_practice_never_reaches_the_ledger_of_the_original(
        workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = workspace.folder / "workspace.toml"
    far = f'ledger = "sqlite:///{(tmp_path / "far.db").as_posix()}"'
    settings.write_text(settings.read_text(encoding="utf-8") + far + "\n", encoding="utf-8")
    monkeypatch.setenv("SALESGOALS_LEDGER", f"sqlite:///{(tmp_path / 'further.db').as_posix()}")
    practice = practice_workspace(open_workspace(workspace.folder))
    save_plan(practice, changed(load_plan(practice)), who="pupil", why="try")
    assert history(practice).who.tolist()[-1] == "pupil"
    assert not (tmp_path / "far.db").exists()
    assert not (tmp_path / "further.db").exists()


def test_what_readers_see_of_the_ledger_is_their_own(workspace: Workspace) -> None:
    saved = load_plan(workspace)
    people = saved.plan.people
    own, other = people.person_id.iloc[0], people.person_id.iloc[-1]
    assert people.team.iloc[0] != people.team.iloc[-1]
    save_plan(workspace, changed(saved), who="Wang", why="took it from one and gave it to another")
    with open_ledger(workspace) as ledger:
        goals = ledger.as_of()
        mine = goals[goals.person_id == own].iloc[:1]
        ledger.record("proposed", mine.assign(goal=mine.goal + 100), who="Li", why="my own wish")
    whole = open_report(workspace)
    assert set(whole.ledger.rows.person_id) == set(people.person_id)
    assert whole.ledger.rows.why.ne("").all()
    assert whole.ledger.head.startswith("3:")
    team = open_report(workspace, "team", f"{people.department.iloc[0]}/{people.team.iloc[0]}")
    members = set(people.person_id[people.team == people.team.iloc[0]])
    assert set(team.ledger.rows.person_id) == members
    person = open_report(workspace, "person", own)
    assert set(person.ledger.rows.person_id) == {own}
    for view in (team, person):
        reasons = view.ledger.rows.groupby("entry").why.first().to_dict()
        assert reasons == {1: "", 2: "", 3: "my own wish"}
    assert set(open_report(workspace, "person", other).ledger.rows.entry) <= {1, 2}


def test_reports_read_the_ledger_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_trail(workspace)
    monkeypatch.setattr("salesgoals.ledger.Ledger.trail", lambda *given: pytest.fail("read again"))
    again = read_trail(workspace)
    pd.testing.assert_frame_equal(first.rows, again.rows)
    assert first.head == again.head
