"""What the ledger refuses, in a sentence, and the places it can lie in."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import PROJECT
from ledger_book import empty_workspace, fill, filled, goals_of, held, refused

from salesgoals.entries import store
from salesgoals.ledger import Ledger, open_ledger
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return empty_workspace(tmp_path / "client")


# --- refusals -------------------------------------------------------------------------------------------

def test_somebody_elses_change_in_between_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    workspace = filled(tmp_path / "client")
    with open_ledger(workspace) as ledger:
        seen = ledger.head
        assert seen is not None
        ledger.record("claimed", goals_of({"1": 130}), who="Li", why="more", based_on=seen)
        with pytest.raises(SalesgoalsError, match=r"Li changed some of them \(entry 5: more\)"):
            ledger.record("claimed", goals_of({"1": 140}), who="boss", why="less", based_on=seen)
        # another person's claim does not stand in the way, by number and by hash
        ledger.record("claimed", goals_of({"2": 50}), who="Wu", why="ok", based_on=seen.entry)
        ledger.record("claimed", goals_of({"3": 50}), who="Ed", why="ok", based_on=seen.hash[:12])
        assert held(ledger, version="claimed") == {
            ("claimed", person, "2026-01"): goal for person, goal in (("1", 130), ("2", 50), ("3", 50))}
    refused(workspace, None, "ledger.no_such_hash", lambda book: book.record(
        "claimed", goals_of({"1": 1}), who="a", why="b", based_on="f" * 64))


def test_undo_asks_for_later_changes_first(tmp_path: Path) -> None:
    workspace = empty_workspace(tmp_path / "client")
    with open_ledger(workspace) as ledger:
        for goal in (1, 2, 3):
            ledger.record("agreed", goals_of({"1": goal}), who="a", why="b")
        with pytest.raises(SalesgoalsError, match="changed again later \\(by 3, 2\\)"):
            ledger.undo(1, "a", "b")
        ledger.undo(3, "a", "b")
        with pytest.raises(SalesgoalsError, match="undone already by entry 4"):
            ledger.undo(3, "a", "b")
        ledger.undo(2, "a", "b")
        ledger.undo(1, "a", "b")
        assert held(ledger) == {}
        for number in (6, 5, 4):
            ledger.undo(number, "a", "again")
        assert held(ledger) == {("agreed", "1", "2026-01"): 3}
        assert ledger.verify().ok


@pytest.mark.parametrize(("code", "goals", "given"), [
    ("ledger.who_missing", goals_of({"1": 1}), {"who": " "}),
    ("ledger.why_missing", goals_of({"1": 1}), {"why": ""}),
    ("ledger.version_missing", goals_of({"1": 1}), {"version": ""}),
    ("ledger.strange_letters", goals_of({"1": 1}), {"why": "a\0b"}),
    ("ledger.strange_letters", goals_of({"1": 1}), {"who": "a\ud800b"}),
    ("ledger.columns_missing", goals_of({"1": 1}).drop(columns="goal"), {}),
    ("ledger.no_period", goals_of({"1": 1}).assign(month=None), {}),
    ("ledger.no_date", goals_of({"1": 1}).drop(columns="month").assign(period_start="soon"), {}),
    ("ledger.no_number", goals_of({"1": "much"}), {}),
    ("ledger.no_number", goals_of({"1": 1}).assign(goal=float("inf")), {}),
    ("ledger.no_number", goals_of({"1": 1}).assign(goal=True), {}),
    ("ledger.key_twice", pd.concat([goals_of({"1": 1}), goals_of({"1": 2})]), {}),
    ("ledger.replaces", goals_of({"1": 1}), {"replaces": "some"}),
    ("ledger.no_date", goals_of({"1": 1}), {"valid_from": "spring"})])
def test_what_cannot_be_recorded_is_refused_and_nothing_written(
        workspace: Workspace, code: str, goals: pd.DataFrame, given: dict[str, Any]) -> None:
    words = {"version": "proposed", "who": "a", "why": "b", **given}
    before = goals.copy(deep=True)
    refused(workspace, None, code, lambda ledger: ledger.record(words.pop("version"), goals, **words))
    pd.testing.assert_frame_equal(goals, before)
    with open_ledger(workspace) as ledger:
        assert ledger.history().empty


def test_unknown_points_and_versions_are_named(tmp_path: Path) -> None:
    workspace = filled(tmp_path / "client")
    assert "the last is 4" in refused(workspace, None, "ledger.no_entry", lambda ledger: ledger.as_of(5))
    refused(workspace, None, "ledger.no_entry", lambda ledger: ledger.undo(0, "a", "b"))
    refused(workspace, None, "ledger.point", lambda ledger: ledger.as_of("yesterday"))
    refused(workspace, None, "ledger.point", lambda ledger: ledger.as_of(True))
    assert "proposed, claimed" in refused(workspace, None, "ledger.no_version",
                                     lambda ledger: ledger.as_of(version="agreed"))


def test_no_ledger_yet_is_said(workspace: Workspace) -> None:
    for ask in (Ledger.as_of, lambda ledger: ledger.undo(1, "a", "b"), lambda ledger: ledger.diff(1, 2)):
        refused(workspace, None, "ledger.none_yet", ask)
    with open_ledger(workspace) as ledger:
        assert [problem.code for problem in ledger.verify().problems] == ["ledger.none_yet"]
    assert not (workspace.folder / "ledger.db").exists()


def test_a_file_that_is_no_ledger_is_left_as_it_is(workspace: Workspace) -> None:
    place = workspace.folder / "ledger.db"
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    for content in (b"no database, but long enough to look like something " * 20, place.read_bytes()):
        place.write_bytes(content)
        for ask in (Ledger.history, lambda ledger: ledger.record("a", goals_of({"1": 1}), who="a", why="b")):
            refused(workspace, None, "ledger.not_a_ledger", ask)
        with open_ledger(workspace) as ledger:
            assert not ledger.verify().ok
        assert place.read_bytes() == content


def test_a_ledger_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    workspace = filled(tmp_path / "client")
    file = sqlite3.connect(workspace.folder / "ledger.db")
    file.execute("UPDATE salesgoals_ledger SET format = 2")
    file.execute("ALTER TABLE salesgoals_entries ADD COLUMN mood TEXT")
    file.commit()
    file.close()
    for ask in (Ledger.history, lambda ledger: ledger.record("a", goals_of({"1": 1}), who="a", why="b")):
        assert "Upgrade" in refused(workspace, None, "ledger.newer", ask)


def test_a_ledger_somebody_else_writes_to_is_waited_for_and_then_said(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = filled(tmp_path / "client")
    monkeypatch.setattr(store, "PATIENCE", 0.1)
    busy = sqlite3.connect(workspace.folder / "ledger.db", isolation_level=None)
    busy.execute("BEGIN EXCLUSIVE")
    refused(workspace, None, "ledger.locked",
       lambda ledger: ledger.record("a", goals_of({"1": 1}), who="a", why="b"))
    busy.execute("ROLLBACK")
    busy.close()
    with open_ledger(workspace) as ledger:
        assert ledger.record("a", goals_of({"1": 1}), who="a", why="b").entry == 5


def test_entries_cannot_be_changed_or_deleted_by_hand(tmp_path: Path) -> None:
    file = sqlite3.connect(filled(tmp_path / "client").folder / "ledger.db")
    for command in ("UPDATE salesgoals_entries SET who = 'nobody'", "DELETE FROM salesgoals_entries"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            file.execute(command)
    file.close()


# --- places ---------------------------------------------------------------------------------------------

def set_ledger(workspace: Workspace, place: str) -> Workspace:
    file = workspace.folder / "workspace.toml"
    file.write_text(file.read_text(encoding="utf-8") + f'\nledger = "{place}"\n', encoding="utf-8")
    return open_workspace(workspace.folder)


def test_the_place_is_the_argument_the_variable_the_setting_or_the_file(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = empty_workspace(tmp_path / "plain")
    named = set_ledger(empty_workspace(tmp_path / "named"), f"sqlite:///{(tmp_path / 'set.db').as_posix()}")
    local = set_ledger(empty_workspace(tmp_path / "local"), "my.db")
    variable, given = (f"sqlite:///{(tmp_path / name).as_posix()}" for name in ("variable.db", "given.db"))
    for workspace, url, file in ((plain, None, "plain/ledger.db"), (plain, given, "given.db"),
                                 (named, None, "set.db"), (local, None, "local/my.db")):
        assert Path(open_ledger(workspace, url).url) == tmp_path / file
    monkeypatch.setenv("SALESGOALS_LEDGER", variable)
    for workspace, file in ((plain, tmp_path / "variable.db"), (named, tmp_path / "variable.db"),
                            (local, tmp_path / "local" / "my.db")):
        assert Path(open_ledger(workspace).url) == file
    with open_ledger(plain) as ledger:
        fill(ledger)
    assert (tmp_path / "variable.db").exists()
    assert not (tmp_path / "plain" / "ledger.db").exists()


def test_a_password_does_not_belong_into_the_file_that_is_mailed(tmp_path: Path) -> None:
    workspace = set_ledger(empty_workspace(tmp_path / "a"), "postgresql+psycopg://li:secret@db.example/goals")
    with pytest.raises(SalesgoalsError, match="SALESGOALS_LEDGER") as caught:
        open_ledger(workspace)
    assert "secret" not in str(caught.value)
    with open_ledger(workspace, "postgresql://li:secret@localhost/goals") as ledger:
        assert "secret" not in ledger.url
        assert "secret" not in repr(ledger)


@pytest.mark.parametrize("url", ["mysql://a/b", "nonsense", "postgresql://", "http://a:secret@b/c", "oracle://x/y"])
def test_places_that_cannot_be_used_are_refused(workspace: Workspace, url: str) -> None:
    sentence = refused(workspace, url, "ledger.url", lambda ledger: None)
    assert "secret" not in sentence


def test_no_connection_is_a_sentence(workspace: Workspace) -> None:
    url = "postgresql+psycopg://li:secret@127.0.0.1:9/goals?connect_timeout=2"
    sentence = refused(workspace, url, "ledger.no_connection", Ledger.history)
    assert "secret" not in sentence
    with open_ledger(workspace, url) as ledger:
        found = ledger.verify()
    assert not found.ok
    assert [problem.code for problem in found.problems] == ["ledger.no_connection"]


def test_a_missing_driver_is_a_sentence(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    monkeypatch.setitem(sys.modules, "psycopg", None)
    sentence = refused(workspace, "postgresql://127.0.0.1:9/goals", "ledger.no_driver", Ledger.history)
    assert "salesgoals[postgres]" in sentence


def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    workspace = empty_workspace(tmp_path / "a")
    with open_ledger(workspace, postgres_url) as ledger:
        assert ledger.head is None
        refused(workspace, postgres_url, "ledger.none_yet", Ledger.as_of)
        fill(ledger)
        here = ledger.as_of(3)
        assert ledger.verify().ok
        hashes = ledger.history().hash
        assert ledger.verify(expected_head=hashes[1][:10]).ok
        assert not ledger.verify(expected_head="0" * 10).ok
    assert not (workspace.folder / "ledger.db").exists()
    with open_ledger(filled(tmp_path / "b")) as ledger:
        pd.testing.assert_frame_equal(here, ledger.as_of(3))
    other = empty_workspace(tmp_path / "c", company="Other")
    sentence = refused(other, postgres_url, "ledger.other_company", Ledger.history)
    assert '"Small & Co"' in sentence
    engine = store.sa.create_engine(postgres_url)
    for command in ("UPDATE salesgoals_entries SET who = 'nobody'", "DELETE FROM salesgoals_entries",
                    "TRUNCATE salesgoals_entries"):
        with pytest.raises(store.sa.exc.DBAPIError, match="never changed"), engine.begin() as connection:
            connection.exec_driver_sql(command)
    with engine.begin() as connection:      # somebody with all rights takes the fence away
        connection.exec_driver_sql("DROP TRIGGER salesgoals_no_change ON salesgoals_entries")
        connection.exec_driver_sql("UPDATE salesgoals_entries SET why = 'nothing' WHERE entry = 2")
    engine.dispose()
    with open_ledger(workspace, postgres_url) as ledger:
        found = ledger.verify()
        assert {"ledger.damaged", "ledger.other_schema"} <= {problem.code for problem in found.problems}
    refused(workspace, postgres_url, "ledger.damaged", Ledger.history)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to the size of files there")
def test_a_full_disk_is_said_as_it_is_and_what_was_there_stays(tmp_path: Path) -> None:
    workspace = empty_workspace(tmp_path / "client")
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", goals_of({"1": 1}), who="a", why="b")
        size = (workspace.folder / "ledger.db").stat().st_size
    code = ("import resource, signal, sys\n"
            "from ledger_book import goals_of\n"
            "from salesgoals.ledger import open_ledger\n"
            "from salesgoals.workspace import open_workspace\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))\n"
            "goals = goals_of({str(number): number for number in range(20_000)})\n"
            "open_ledger(open_workspace(sys.argv[1])).record('agreed', goals, who='a', why='b')\n")
    done = subprocess.run([sys.executable, "-c", code, workspace.folder, str(size)], check=False, text=True,
                          capture_output=True, cwd=PROJECT / "tests", encoding="utf-8")
    assert "Nothing was recorded this time" in done.stderr
    assert "damaged" not in done.stderr.splitlines()[-1]
    with open_ledger(workspace) as ledger:
        assert ledger.verify().ok
        assert len(ledger.history()) == 1
