"""One changed byte of history is found; what is not found says nothing."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledger_book import filled, goals_of, saying

from salesgoals.entries.chain import FIELDS, hash_of, hash_of_head, hash_of_payload
from salesgoals.ledger import open_ledger
from salesgoals.workspace import Workspace, open_workspace

FLIPS = 70


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return filled(tmp_path_factory.mktemp("kept") / "client")


@pytest.fixture
def workspace(kept: Workspace, tmp_path: Path) -> Workspace:
    return open_workspace(shutil.copytree(kept.folder, tmp_path / "client"))


def codes(workspace: Workspace, expected_head: str | None = None) -> list[str]:
    with open_ledger(workspace) as ledger:
        found = ledger.verify(expected_head)
    assert found.ok == (not found.problems)
    assert all(problem.text() for problem in found.problems)
    return [problem.code for problem in found.problems]


def by_hand(workspace: Workspace, *commands: tuple[str, tuple[Any, ...]], fence: bool = True) -> None:
    """Change the file as somebody with a database tool would, putting the triggers back afterwards."""
    file = sqlite3.connect(workspace.folder / "ledger.db")
    triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert len(triggers) == 2
    for name, _ in triggers:
        file.execute(f"DROP TRIGGER {name}")
    for command, given in commands:
        file.execute(command, given)
    for _, text in triggers if fence else []:
        file.execute(text)
    file.commit()
    file.close()


def test_a_ledger_nobody_touched_is_whole(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        found = ledger.verify()
        assert ledger.head is not None
        assert (found.ok, found.entries, found.head) == (True, 4, ledger.head.hash)
        assert ledger.verify(found.head).ok
        assert ledger.verify(f"4:{found.head[:12]}").ok
    by_hand(workspace)
    assert codes(workspace) == []       # triggers that are put back are as good as before


OTHER = {"entry": 9, "at": "2026-01-01T00:00:00.000000Z", "who": "Nobody", "why": "x", "action": "agreed",
         "version": "agreed", "valid_from": "2025-01-01", "undoes": 1, "mark": "m", "rows": 7,
         "metric": "margin", "before": "1", "after": "999", "payload_hash": "0" * 64,
         "previous": "0" * 64, "hash": "0" * 64, "payload": b"change,a\n"}


@pytest.mark.parametrize("field", [*FIELDS, "hash", "payload"])
def test_every_field_of_an_entry_is_watched(workspace: Workspace, field: str) -> None:
    before = saying(workspace)
    by_hand(workspace, (f"UPDATE salesgoals_entries SET {field} = ? WHERE entry = 2", (OTHER[field],)))
    assert codes(workspace)
    assert saying(workspace) != before


@pytest.mark.parametrize("field", ["ledger", "company", "created", "format", "entries", "hash", "check"])
def test_every_field_of_the_head_is_watched(workspace: Workspace, field: str) -> None:
    other: Any = {"format": 0, "entries": 3}.get(field, "other")
    by_hand(workspace, (f'UPDATE salesgoals_ledger SET "{field}" = ?', (other,)))
    assert codes(workspace)


@pytest.mark.parametrize(("command", "code"), [
    ("DELETE FROM salesgoals_entries WHERE entry = 1", "ledger.numbers"),
    ("DELETE FROM salesgoals_entries WHERE entry = 2", "ledger.numbers"),
    ("DELETE FROM salesgoals_entries WHERE entry = 4", "ledger.head"),
    ("DELETE FROM salesgoals_entries", "ledger.head"),
    ("DELETE FROM salesgoals_ledger", "ledger.no_head"),
    ("INSERT INTO salesgoals_ledger SELECT 'b', company, created, format, entries, hash, \"check\""
     " FROM salesgoals_ledger", "ledger.heads"),
    ("UPDATE salesgoals_entries SET entry = CASE entry WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE entry END",
     "ledger.numbers"),
    ("CREATE TRIGGER quiet AFTER INSERT ON salesgoals_entries BEGIN SELECT 1; END", "ledger.other_schema"),
    ("DROP TABLE salesgoals_ledger", "ledger.not_a_ledger")])
def test_entries_deleted_moved_or_put_in_are_found(workspace: Workspace, command: str, code: str) -> None:
    by_hand(workspace, (command, ()))
    assert code in codes(workspace)


def test_a_fence_that_was_taken_away_is_found(workspace: Workspace) -> None:
    by_hand(workspace, fence=False)
    assert codes(workspace) == ["ledger.other_schema"]


def rehash(workspace: Workspace, change: Callable[[dict[str, Any]], None]) -> None:
    """Change entry 3 and put every hash after it in order, as somebody who knows the program would."""
    file = sqlite3.connect(workspace.folder / "ledger.db")
    file.row_factory = sqlite3.Row
    rows = [dict(row) for row in file.execute("SELECT * FROM salesgoals_entries ORDER BY entry")]
    file.close()
    last, commands = rows[1]["hash"], []
    for row in rows[2:]:
        if row["entry"] == 3:
            change(row)
        row["previous"], row["payload_hash"] = last, hash_of_payload(row["payload"])
        row["hash"] = last = hash_of(row)
        names = [*FIELDS, "payload", "hash"]
        commands.append(("UPDATE salesgoals_entries SET " + ", ".join(f"{name} = ?" for name in names)
                         + " WHERE entry = ?", (*(row[name] for name in names), row["entry"])))
    commands.append(('UPDATE salesgoals_ledger SET hash = ?, "check" = ?', (last, hash_of_head(4, last))))
    by_hand(workspace, *commands)


def other_before(row: dict[str, Any]) -> None:
    row["payload"] = row["payload"].replace(b'"200"', b'"210"')
    row["before"] = "510"


def other_sums(row: dict[str, Any]) -> None:
    row["after"] = "251"


def earlier(row: dict[str, Any]) -> None:
    row["at"] = "2020-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(("change", "code"), [
    (other_before, "ledger.before_wrong"), (other_sums, "ledger.sums"), (earlier, "ledger.earlier")])
def test_a_history_that_was_put_in_order_still_contradicts_itself(
        workspace: Workspace, change: Callable[[dict[str, Any]], None], code: str) -> None:
    rehash(workspace, change)
    assert code in codes(workspace)


def test_a_history_without_contradiction_is_found_by_a_hash_that_was_noted(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        noted = ledger.verify().head
        assert ledger.verify(noted[:8]).ok
    rehash(workspace, lambda row: row.update(why="another reason"))
    assert codes(workspace) == []
    assert codes(workspace, noted) == ["ledger.head_gone"]
    assert codes(workspace, "abc") == ["ledger.short_hash"]


def test_an_end_that_was_cut_off_is_found_by_a_hash_that_was_noted(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        noted = ledger.verify().head
        third = ledger.history().hash[2]
    by_hand(workspace, ("DELETE FROM salesgoals_entries WHERE entry = 4", ()),
            ('UPDATE salesgoals_ledger SET entries = 3, hash = ?, "check" = ?',
             (third, hash_of_head(3, third))))
    assert codes(workspace) == []
    assert codes(workspace, noted) == ["ledger.head_gone"]


def test_any_flipped_byte_is_found_or_says_nothing(workspace: Workspace) -> None:
    """Flip bits all over the file: what the ledger says stays the same, or verify finds it."""
    place = workspace.folder / "ledger.db"
    good, said = place.read_bytes(), saying(workspace)
    assert len(good) == 16384
    draw = random.Random(20261123)
    written = [number for number, byte in enumerate(good) if byte]
    places = draw.sample(written, FLIPS - 10) + draw.sample(range(len(good)), 10)
    changed = found = 0
    for number in places:
        flipped = bytearray(good)
        flipped[number] ^= 1 << draw.randrange(8)
        place.write_bytes(bytes(flipped))
        says_other, is_found = saying(workspace) != said, bool(codes(workspace))
        assert is_found or not says_other, f"byte {number}"
        changed, found = changed + says_other, found + is_found
    assert changed > FLIPS / 3
    assert found >= changed


@pytest.mark.parametrize("length", [0, 1, 100, 4096, 10000, 16383])
def test_a_file_that_was_cut_is_found(workspace: Workspace, length: int) -> None:
    place = workspace.folder / "ledger.db"
    place.write_bytes(place.read_bytes()[:length])
    assert codes(workspace)


def test_a_large_entry_is_kept_small_and_watched(kept: Workspace, tmp_path: Path) -> None:
    workspace = open_workspace(shutil.copytree(kept.folder, tmp_path / "client"))
    many = {f"P{number:04d}": 100 * number for number in range(2000)}
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", goals_of(many), who="a", why="b")
        assert ledger.as_of(version="agreed").goal.sum() == sum(many.values())
    file = sqlite3.connect(workspace.folder / "ledger.db")
    (payload,) = file.execute("SELECT payload FROM salesgoals_entries WHERE entry = 5").fetchone()
    file.close()
    assert len(payload) < 40_000        # of 160,000 letters
    for wrong in (payload + b"x", payload[:-1], payload[:500] + bytes([payload[500] ^ 1]) + payload[501:]):
        by_hand(workspace, ("UPDATE salesgoals_entries SET payload = ? WHERE entry = 5", (wrong,)))
        assert codes(workspace)
        assert "refused" in saying(workspace)
