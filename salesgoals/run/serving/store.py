"""What a session keeps: seats, claims and the state of the round, on disk before anybody is told "kept"."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salesgoals.problems import Problem, SalesgoalsError

FOLDER = "served"
TABLES = """
CREATE TABLE IF NOT EXISTS seats (person_id TEXT PRIMARY KEY, holder TEXT NOT NULL UNIQUE,
    since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS claims (id INTEGER PRIMARY KEY AUTOINCREMENT, person_id TEXT NOT NULL,
    amount INTEGER, reason TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
START: dict[str, Any] = {"open": True, "amounts": False, "rule": "", "published": 0, "written": 0}


@dataclass(frozen=True)
class Said:
    """The last word of one person.

    Parameters
    ----------
    number : int
        The later, the higher.
    amount : int or None
        Currency units; None where the claim was taken back.
    reason : str
        As it was typed.
    at : datetime
        When, in UTC.
    """

    number: int
    amount: int | None
    reason: str
    at: datetime


class Store:
    """The file of one session: seats, every claim that was ever made, and whether the round is open.

    Parameters
    ----------
    path : Path
        Made if it is not there. A process that is killed loses nothing that was acknowledged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with in_sentences(path):
            self._book = sqlite3.connect(path, isolation_level=None)
            self._book.execute("PRAGMA synchronous = FULL")
            self._book.executescript(TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def state(self) -> dict[str, Any]:
        """Whether the round is open, amounts are shown to all, which rule pays, and how far it was told."""
        kept = {name: json.loads(value) for name, value in self._ask("SELECT name, value FROM state")}
        return {**START, **kept}

    def set_state(self, **values: Any) -> None:
        """Keep some of the state."""
        for name, value in values.items():
            self._ask("INSERT OR REPLACE INTO state VALUES (?, ?)", name, json.dumps(value))

    def seats(self) -> dict[str, datetime]:
        """Who sits where since when, by person_id."""
        return {person: datetime.fromisoformat(since)
                for person, since in self._ask("SELECT person_id, since FROM seats")}

    def seat_of(self, holder: str) -> str | None:
        """Whose figures a device may see."""
        found = self._ask("SELECT person_id FROM seats WHERE holder = ?", holder)
        return found[0][0] if found else None

    def take_seat(self, person: str, holder: str) -> bool:
        """Give a seat to a device; False where it is taken, or where the device has another one."""
        self._ask("INSERT OR IGNORE INTO seats VALUES (?, ?, ?)", person, holder, _now())
        return self.seat_of(holder) == person

    def free_seat(self, person: str) -> None:
        """Let somebody else take a seat; what was claimed from it stays."""
        self._ask("DELETE FROM seats WHERE person_id = ?", person)

    def claim(self, person: str, amount: int | None, reason: str) -> None:
        """Keep a claim, or by None that it is taken back; it is on disk when this returns."""
        self._ask("INSERT INTO claims (person_id, amount, reason, at) VALUES (?, ?, ?, ?)", person, amount,
                  reason, _now())

    def said(self, until: int | None = None) -> dict[str, Said]:
        """The last word of each person, by person_id; with ``until`` as of that claim."""
        rows = self._ask("SELECT person_id, MAX(id), amount, reason, at FROM claims WHERE id <= ?"
                         " GROUP BY person_id ORDER BY person_id", 2**62 if until is None else until)
        return {person: Said(number, amount, reason, datetime.fromisoformat(at))
                for person, number, amount, reason, at in rows}

    def _ask(self, words: str, *values: Any) -> list[tuple]:
        with in_sentences(self.path):
            return self._book.execute(words, values).fetchall()


@contextmanager
def in_sentences(path: Path) -> Iterator[None]:
    """Say what is wrong with the file so that a trainer knows what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise SalesgoalsError(Problem("serve.not_kept", file=str(path), found=str(error))) from error


@contextmanager
def only_server(folder: Path) -> Iterator[None]:
    """Let one server at a time serve a workspace; one that was killed is in nobody's way."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "running.db"
    with in_sentences(path):
        turn = sqlite3.connect(path, timeout=0.2, isolation_level=None)
        try:
            turn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            turn.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise SalesgoalsError(Problem("serve.running", folder=str(folder.parent))) from error
    try:
        yield
    finally:
        turn.close()


def kept_secret(folder: Path, name: str, made: str = "") -> str:
    """Read a secret of the session, made at the first call and readable by this computer's user only."""
    path, draft = folder / name, folder / f"{name}.new"
    kept = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
    if not kept:  # an empty one would sign nothing and keep nobody out
        kept = made or secrets.token_hex(32)
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(kept)
        draft.replace(path)
    return kept


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
