from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_book import empty_workspace, fill, filled, goals_of, held

from salesgoals.entries import store, times
from salesgoals.entries.payload import read_payload, write_payload
from salesgoals.entries.rows import ROW, plain_rows
from salesgoals.ledger import Entry, Ledger, open_ledger, rows_of_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

Key = tuple[str, str]  # person, month


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return empty_workspace(tmp_path / "client")


# --- any sequence of records and undos, against a plain replay ------------------------------------------

values = st.one_of(st.none(), st.integers(-5, 10**13), st.decimals(0, 10**6, places=4, allow_nan=False))
changes = st.dictionaries(st.tuples(st.sampled_from("123"), st.sampled_from(["2026-01", "2026-02"])), values,
                          max_size=4)
steps = st.lists(st.one_of(
    st.tuples(st.just("record"), st.sampled_from(["proposed", "claimed", "Plan B"]), changes,
              st.sampled_from(["same_keys", "same_period", "all"])),
    st.tuples(st.just("undo"), st.integers(0, 5), st.none(), st.none())), min_size=1, max_size=7)


def table_of(rows: dict[Key, Any]) -> pd.DataFrame:
    parts = [goals_of({person: value}, month=f"{month}-01") for (person, month), value in rows.items()]
    return pd.concat(parts, ignore_index=True) if parts else goals_of({})


def expected_state(state: dict[Key, Any], rows: dict[Key, Any], replaces: str) -> dict[Key, Any]:
    """What is set afterwards, in a few plain lines."""
    months = [month for _, month in rows]
    gone = {key for key in state if replaces == "all" or key in rows or (
        replaces == "same_period" and months and min(months) <= key[1] <= max(months))}
    kept = {key: value for key, value in state.items() if key not in gone}
    return kept | {key: Decimal(value) for key, value in rows.items() if value is not None}


def replay(ledger: Ledger, wanted: list[Any]) -> None:
    states: list[dict[str, dict[Key, Any]]] = [{}]    # by entry: version -> what is set
    undoes: dict[int, int] = {}
    touched: list[tuple[str, dict[Key, Any], dict[Key, Any]]] = [("", {}, {})]
    for kind, what, rows, replaces in wanted:
        now, number = states[-1], len(states) - 1
        if kind == "record":
            before = now.get(what, {})
            after = expected_state(before, rows, replaces)
            entry = ledger.record(what, table_of(rows), who="Li", why="because", replaces=replaces)
            assert entry.recorded == (before != after)
        else:
            if not 1 <= what <= number:
                with pytest.raises(SalesgoalsError):
                    ledger.undo(what, "Wu", "mistake")
                continue
            version, old, new = touched[what]
            before = now.get(version, {})
            keys = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
            undone = any(undoes.get(later) == what for later in undoes) and not any(
                undoes.get(more) == later for more in undoes for later in undoes if undoes[later] == what)
            if undone or any(before.get(key) != new.get(key) for key in keys):
                with pytest.raises(SalesgoalsError):
                    ledger.undo(what, "Wu", "mistake")
                continue
            after = {**{k: v for k, v in before.items() if k not in keys},
                     **{key: old[key] for key in keys if key in old}}
            entry = ledger.undo(what, "Wu", "mistake")
            undoes[entry.entry] = what
            what = version
        if before != after:
            states.append({**now, what: after})
            touched.append((what, before, after))
    assert len(ledger.history()) == len(states) - 1
    for number, state in enumerate(states if len(states) > 1 else []):
        flat = {key: float(value) for key, value in flatten(state).items()}
        found = {key: float(value) for key, value in held(ledger, number).items()}
        assert found == flat
    check_differences(ledger, states)
    assert len(states) == 1 or ledger.verify().ok


def flatten(state: dict[str, dict[Key, Any]]) -> dict[tuple[str, ...], Any]:
    return {(version, *key): value for version, goals in state.items() for key, value in goals.items()}


def check_differences(ledger: Ledger, states: list[dict[str, dict[Key, Any]]]) -> None:
    for a, b in itertools.islice(itertools.pairwise(range(len(states))), 3):
        found = ledger.diff(a, b)
        old, new = flatten(states[a]), flatten(states[b])
        wanted = {key: (old.get(key), new.get(key)) for key in old.keys() | new.keys()
                  if old.get(key) != new.get(key)}
        keys = zip(found.version, found.person_id, found.period_start.dt.strftime("%Y-%m"), strict=True)
        for key, before, after, change in zip(keys, found.before, found.after, found.change, strict=True):
            then, now = wanted.pop(key)
            assert pd.isna(before) if then is None else float(before) == float(then)
            assert pd.isna(after) if now is None else float(after) == float(now)
            assert pd.isna(change) == (then is None or now is None)
        assert not wanted


@settings(deadline=None, max_examples=15)
@given(steps)
def test_any_past_state_is_that_of_a_plain_replay(wanted: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_ledger(empty_workspace(Path(folder) / "a")) as ledger:
        replay(ledger, wanted)


def test_any_past_state_is_that_of_a_plain_replay_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    workspace = empty_workspace(tmp_path / "a")

    @settings(deadline=None, max_examples=6)
    @given(steps)
    def examples(wanted: list[Any]) -> None:
        with open_ledger(workspace, postgres_url) as ledger:
            replay(ledger, wanted)
            with store.sa.create_engine(ledger._store.url).begin() as connection:
                connection.exec_driver_sql("DROP TABLE IF EXISTS salesgoals_entries, salesgoals_ledger")

    examples()


texts = st.one_of(st.none(), st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"),
                                     min_size=1, max_size=8))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts, texts, texts), max_size=5), st.integers(0, 3))
def test_what_is_written_down_is_read_again_whatever_the_letters(lines: list[Any], repeat: int) -> None:
    rows = pd.DataFrame([[a, b, c, d, "2026-01-01", None, a, "amount", "1", d] for a, b, c, d in lines] * (
        1 + repeat * 200), columns=ROW).astype("str")
    read = read_payload(write_payload(rows.iloc[:1], rows))
    assert read.added.tolist() == [False] * len(rows.iloc[:1]) + [True] * len(rows)
    pd.testing.assert_frame_equal(read[read.added][ROW].reset_index(drop=True), rows)


# --- what an entry says ---------------------------------------------------------------------------------

def test_an_entry_says_who_when_why_before_and_after(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        assert not (workspace.folder / "ledger.db").exists()     # opening and reading makes nothing
        assert ledger.head is None
        assert ledger.history().empty
        assert not (workspace.folder / "ledger.db").exists()
        fill(ledger)
        history = ledger.history()
    assert history.entry.tolist() == [1, 2, 3, 4]
    assert history.who.tolist() == ["Zhang", "Li", "Zhang", "Zhang"]
    assert history.action.tolist() == ["proposed", "claimed", "proposed", "undone"]
    assert history.rows.tolist() == [3, 1, 2, 2]
    assert history.before.fillna(-1).tolist() == [-1, -1, 500, 250.5]     # blank before the first, not 0
    assert history.after.tolist() == [600, 120, 250.5, 500]
    assert history.total.tolist() == [600, 120, 350.5, 600]
    assert history.undoes.fillna(0).tolist() == [0, 0, 0, 3]
    assert history["at"].is_monotonic_increasing
    assert (history.valid_from == pd.Timestamp("2026-01-01")).all()
    assert history.hash.str.fullmatch("[0-9a-f]{64}").all()
    assert history.hash.is_unique


def test_the_hash_can_be_recomputed_by_anybody_from_the_file(tmp_path: Path) -> None:
    import hashlib
    import json

    workspace = filled(tmp_path / "client")
    file = sqlite3.connect(workspace.folder / "ledger.db")
    file.row_factory = sqlite3.Row
    rows = [dict(row) for row in file.execute("SELECT * FROM salesgoals_entries ORDER BY entry")]
    file.close()
    assert len(rows) == 4
    for row in rows:
        payload, found = row.pop("payload"), row.pop("hash")
        assert row["payload_hash"] == hashlib.sha256(payload).hexdigest()
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == found
    assert [row["previous"] for row in rows[2:]] != [rows[0]["previous"]] * 2
    assert rows[0]["who"] == "Zhang"
    lines = payload.decode().splitlines()
    assert [line[:3] for line in lines[1:]] == ['"-"', '"+"', '"+"']   # anybody can read what it changed


def test_blank_is_not_zero(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", goals_of({"1": 0, "2": None}), who="a", why="b")
        assert held(ledger) == {("proposed", "1", "2026-01"): 0}
        ledger.record("proposed", goals_of({"1": None}), who="a", why="b")
        assert held(ledger) == {}
        found = ledger.diff(1, 2)
        assert found.before.tolist() == [0]
        assert found[["after", "change"]].isna().all(axis=None)


def test_very_large_goals_and_fractions_stay_exact(workspace: Workspace) -> None:
    large = 2**62 + 1
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", goals_of({"1": large}), who="a", why="b")
        assert ledger.as_of().goal.tolist() == [large]
        assert ledger.history().after.tolist() == [large]
        ledger.record("rates", goals_of({"1": 0.1, "2": Decimal("0.3333"), "3": np.float64(1 / 3)},
                                        metric="margin"), who="a", why="b")
        assert ledger.as_of(version="rates").goal.tolist() == [0.1, 0.3333, 0.3333]
        assert ledger.history().metric.tolist() == ["amount", "margin"]
        assert ledger.history().after.tolist()[1] == 0.7666


def test_a_person_who_moves_keeps_one_goal(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", goals_of({"1": 100}), who="a", why="b")
        entry = ledger.record("agreed", goals_of({"1": 100}).assign(team="North 2"), who="a", why="moved")
        assert (entry.rows, entry.before, entry.after, entry.action) == (1, "100", "100", "adjusted")
        assert ledger.as_of().team.tolist() == ["North 2"]
        moved = ledger.diff(1, 2)
        assert moved[["team", "before", "after", "change"]].values.tolist() == [["North 2", 100, 100, 0]]


def test_goals_of_a_team_are_known_by_the_team(workspace: Workspace) -> None:
    team = goals_of({"1": 100, "2": 50}).assign(person_id=None, person=None)
    team["team"] = ["North 1", "North 2"]
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", team, who="a", why="b")
        ledger.record("proposed", team.assign(goal=[100, 70]), who="a", why="b")
        assert ledger.as_of().goal.tolist() == [100, 70]
        assert ledger.history().rows.tolist() == [2, 1]


def test_names_of_our_own_are_the_same_goal_in_either_language(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", goals_of({"1": 5}, line="no product line"), who="a", why="b")
        with in_language("zh"):
            chinese = ledger.as_of()
            assert chinese.product_line.tolist() != ["no product line"]
            assert not ledger.record("proposed", chinese, who="a", why="b").recorded
        assert ledger.as_of().product_line.tolist() == ["no product line"]


def test_what_changes_nothing_is_not_an_entry(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        first = ledger.record("proposed", goals_of({"1": 5}), who="a", why="b")
        again = ledger.record("proposed", goals_of({"1": 5.0}), who="c", why="d")
        assert (again.recorded, again.entry, again.who) == (False, first.entry, "a")
        assert len(ledger.history()) == 1


def test_a_mark_is_recorded_once(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", goals_of({"1": 5}), who="a", why="b", mark="plan-1")
        ledger.record("proposed", goals_of({"1": 6}), who="a", why="b")
        again = ledger.record("proposed", goals_of({"1": 5}), who="a", why="b", mark="plan-1")
        assert (again.recorded, again.entry) == (False, 1)
        refused = ledger.record("proposed", goals_of({"1": 7}), who="a", why="b", only_if=lambda: False)
        assert not refused.recorded
        assert ledger.as_of().goal.tolist() == [6]


def test_plans_keep_the_months_before_them(workspace: Workspace) -> None:
    year = pd.concat([goals_of({"1": 10}, month=f"2026-{month:02d}-01") for month in range(1, 13)])
    later = pd.concat([goals_of({"1": 20, "2": 5}, month=f"2026-{month:02d}-01") for month in (7, 8)])
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", year, who="a", why="b")
        ledger.record("agreed", later, who="a", why="new", replaces="same_period")
        assert ledger.as_of().goal.sum() == 10 * 10 + 2 * 25
        ledger.record("agreed", later, who="a", why="only these", replaces="all")
        assert ledger.as_of().goal.sum() == 2 * 25
        ledger.undo(3, "a", "b")
        assert ledger.as_of().goal.sum() == 10 * 10 + 2 * 25


def test_rows_of_a_plan_get_their_last_day() -> None:
    rows = rows_of_plan(goals_of({"1": 5}, month="2028-02-01"))
    assert rows.period_start.tolist() == [pd.Timestamp("2028-02-01")]
    assert rows.period_end.tolist() == [pd.Timestamp("2028-02-29")]
    pd.testing.assert_frame_equal(rows_of_plan(rows), rows)
    assert list(plain_rows(rows).columns) == ROW


# --- moments --------------------------------------------------------------------------------------------

@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    shown = {"now": "2026-03-01T00:00:00.000000Z"}
    monkeypatch.setattr("salesgoals.entries.book.now", lambda: shown["now"])
    return shown


def test_a_day_ends_by_the_companys_clock(tmp_path: Path, clock: dict[str, str]) -> None:
    workspace = empty_workspace(tmp_path / "client")
    settings_file = workspace.folder / "workspace.toml"
    text = settings_file.read_text(encoding="utf-8").replace('"UTC"', '"Asia/Shanghai"')
    settings_file.write_text(text, encoding="utf-8")
    with open_ledger(open_workspace(workspace.folder)) as ledger:
        for goal, now in ((1, "2026-03-31T15:59:59.999999Z"), (2, "2026-03-31T16:00:00.000000Z")):
            clock["now"] = now
            ledger.record("agreed", goals_of({"1": goal}), who="a", why="b")
        for when, goal in (("2026-03-31", 1), (dt.date(2026, 3, 31), 1), ("2026-04-01", 2), (1, 1), ("2", 2),
                           ("2026-04-01 00:00", 2), ("2026-03-31 23:59:59", 0),
                           ("2026-03-31T16:00:00+00:00", 2), ("2026-03-31T15:59:59.999999Z", 1),
                           (pd.Timestamp("2026-03-31"), 0), (np.int64(1), 1), ("2026-03-30", 0), (0, 0)):
            assert ledger.as_of(when).goal.sum() == goal, when
        assert [f"{moment:%m-%d %H}" for moment in ledger.history()["at"]] == ["03-31 23", "04-01 00"]


def test_a_clock_that_goes_back_is_said_and_order_stays(workspace: Workspace, clock: dict[str, str]) -> None:
    with open_ledger(workspace) as ledger:
        assert ledger.record("agreed", goals_of({"1": 1}), who="a", why="b").notes == ()
        clock["now"] = "2025-12-31T00:00:00.000000Z"
        entry = ledger.record("agreed", goals_of({"1": 2}), who="a", why="b")
        assert entry.at == "2026-03-01T00:00:00.000000Z"
        assert [note.code for note in entry.notes] == ["ledger.clock"]
        assert ledger.as_of("2026-03-01").goal.tolist() == [2]
        assert ledger.verify().ok


def test_times_of_this_computer_grow_with_the_alphabet() -> None:
    seen = [times.now() for _ in range(3)]
    assert seen == sorted(seen)
    assert all(len(text) == 27 for text in seen)


def test_two_versions_can_be_compared(tmp_path: Path) -> None:
    with open_ledger(filled(tmp_path / "a")) as ledger:
        assert ledger.versions() == ["proposed", "claimed"]
        found = ledger.diff("proposed", "claimed")
    assert found.before.tolist() == [100, 200, 300]
    assert found.after.fillna(0).tolist() == [120, 0, 0]
    assert set(found.version) == {"claimed"} | ({"proposed"} & set(found.version))


def test_entries_are_entries(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        entry = ledger.record("proposed", goals_of({"1": 5}), who=" Li ", why=" ok ",
                              valid_from=dt.date(2026, 2, 1))
        assert isinstance(entry, Entry)
        assert (entry.who, entry.why, entry.valid_from) == ("Li", "ok", "2026-02-01")
        assert ledger.head == entry
