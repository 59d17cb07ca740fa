"""The check of a whole ledger: is every byte that says something still the one that was written?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sqlalchemy as sa

from salesgoals.entries.book import SHORTEST_HASH, changes_of, entry_of, summary_of
from salesgoals.entries.chain import hash_of_head, hash_of_start
from salesgoals.entries.rows import codes_of
from salesgoals.entries.store import FENCES, Store, entries, head, metadata
from salesgoals.problems import Problem, SalesgoalsError

FENCE_STANDS = ("SELECT count(*) FROM pg_trigger WHERE tgname = 'salesgoals_no_change' AND tgenabled = 'O' "
                "AND tgrelid = 'salesgoals_entries'::regclass")
BATCH = 100  # entries held in memory at a time


@dataclass(frozen=True)
class Verification:
    """What the check of a ledger found.

    Parameters
    ----------
    ok : bool
        Nothing of level ``stop`` was found.
    entries : int
        How many entries were read.
    head : str
        The hash of the last one: to be noted outside the ledger.
    problems : list of Problem
        Every finding with its place.
    """

    ok: bool
    entries: int
    head: str
    problems: list[Problem] = field(default_factory=list)


def verify_ledger(store: Store, expected_head: str | None = None) -> Verification:
    """Recompute every hash and link, replay every before and after, look at the file and its head record."""
    problems: list[Problem] = []
    hashes: list[str] = []
    try:
        with store.reading() as connection:
            if connection is None:
                raise SalesgoalsError(Problem("ledger.none_yet", place=store.name))
            problems += _check_file(connection)
            _follow(connection, problems, hashes)
    except SalesgoalsError as error:
        problems += error.problems
    except (TypeError, ValueError, OverflowError, KeyError) as error:  # a value that was never written so
        problems.append(Problem("ledger.unreadable", place=store.name, found=str(error)))
    if expected_head is not None:
        problems += _check_expected(expected_head, hashes)
    stops = [problem for problem in problems if problem.level == "stop"]
    return Verification(not stops, max(len(hashes) - 1, 0), hashes[-1] if hashes else "", problems)


def _check_expected(expected: str, hashes: list[str]) -> Iterator[Problem]:
    wanted = expected.strip().lower().rpartition(":")[2]
    if len(wanted) < SHORTEST_HASH:
        yield Problem("ledger.short_hash", found=expected, least=SHORTEST_HASH)
    elif not any(found.startswith(wanted) for found in hashes):
        yield Problem("ledger.head_gone", found=wanted[:16])


def _check_file(connection: sa.Connection) -> Iterator[Problem]:
    """Let SQLite check its pages, and see that tables and triggers are those that were made."""
    if connection.dialect.name != "sqlite":
        if connection.exec_driver_sql(FENCE_STANDS).scalar_one() != 1:
            yield Problem("ledger.other_schema")
        return
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(5)").all():
        if found != "ok":
            yield Problem("ledger.unreadable", place=str(connection.engine.url.database or "ledger.db"),
                          found=str(found))
    made = sa.create_mock_engine("sqlite://", lambda statement, *_: wanted.append(
        str(statement.compile(dialect=connection.dialect))))
    wanted: list[str] = []
    metadata.create_all(made, checkfirst=False)
    wanted += FENCES["sqlite"]
    found_sql = [str(text) for (text,) in connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    if sorted(map(_plain, found_sql)) != sorted(map(_plain, wanted)):
        yield Problem("ledger.other_schema")


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _follow(connection: sa.Connection, problems: list[Problem], hashes: list[str]) -> None:
    """Walk along the chain from its beginning to its head."""
    heads = connection.execute(sa.select(head)).all()
    if len(heads) != 1:
        problems.append(Problem("ledger.heads", count=len(heads)))
        return
    record: dict[str, Any] = dict(heads[0]._mapping)
    hashes.append(hash_of_start(record))
    changes = []
    numbers = [row[0] for row in connection.execute(sa.select(entries.c.entry).order_by(entries.c.entry))]
    if numbers != list(range(1, len(numbers) + 1)):
        missing = sorted(set(range(1, len(numbers) + 1)) - set(numbers))
        problems.append(Problem("ledger.numbers", found=", ".join(map(str, (missing or numbers)[:10]))))
    latest = ""
    for start in range(0, len(numbers), BATCH):
        batch = sa.select(entries).where(entries.c.entry.in_(numbers[start:start + BATCH]))
        for row in connection.execute(batch.order_by(entries.c.entry)):
            values = dict(row._mapping)
            try:
                entry = entry_of(values)
                changed = changes_of(entry, values["payload"])
            except SalesgoalsError as error:
                problems += error.problems
                hashes.append(str(values["hash"]))
                continue
            if entry.previous != hashes[-1]:
                problems.append(Problem("ledger.link", entry=entry.entry))
            if entry.at < latest:
                problems.append(Problem("ledger.earlier", entry=entry.entry))
            if not _adds_up(vars(entry), changed):
                problems.append(Problem("ledger.sums", entry=entry.entry))
            latest = entry.at
            hashes.append(entry.hash)
            changes.append(changed)
    if changes:
        problems += _replay(pd.concat(changes, ignore_index=True))
    last = (len(hashes) - 1, hashes[-1])
    if last != (record["entries"], record["hash"]) or record["check"] != hash_of_head(*last):
        problems.append(Problem("ledger.head", entries=last[0], found=record["entries"]))


def _adds_up(entry: dict[str, Any], changed: pd.DataFrame) -> bool:
    removed, added = (changed[changed.added == sign] for sign in (False, True))
    found = summary_of(removed, added)
    return all(entry[name] == value for name, value in found.items())


def _replay(changes: pd.DataFrame) -> Iterator[Problem]:
    """Hold each "before" against what the entries before it had set, all goals at once."""
    keys, contents = codes_of(changes), codes_of(changes, whole_row=True)
    table = pd.DataFrame({"key": keys, "content": contents, "added": changes.added, "entry": changes.entry})
    table = table.sort_values(["key", "entry", "added"], kind="stable")
    earlier = table.groupby("key")[["content", "added"]].shift()
    taken = ~table.added
    was_set = earlier.added.fillna(False).astype(bool)
    wrong = (taken & ~(was_set & (earlier.content == table.content))) | (table.added & was_set)
    for entry in sorted(table.entry[wrong].unique())[:10]:
        yield Problem("ledger.before_wrong", entry=int(entry))


