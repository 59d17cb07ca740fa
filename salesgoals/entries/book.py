"""Reading the book of entries and writing the next one, inside a transaction that the store has opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
import sqlalchemy as sa

from salesgoals.entries.chain import FIELDS, Entry, hash_of, hash_of_head, hash_of_payload, well_formed
from salesgoals.entries.payload import read_payload, write_payload
from salesgoals.entries.rows import MAIN_METRIC, ROW, codes_of, exact_sum, find_changes, last_state
from salesgoals.entries.store import entries, head
from salesgoals.entries.times import now
from salesgoals.problems import Problem, SalesgoalsError

SHORTEST_HASH = 8
_LIGHT = [column for column in entries.c if column.name != "payload"]
NO_CHANGES = pd.DataFrame(columns=["entry", "version", "added", *ROW]).astype(
    {"entry": "int64", "added": "bool", **dict.fromkeys(["version", *ROW], "str")})


@dataclass(frozen=True)
class Change:
    """What somebody wants to have recorded."""

    version: str
    rows: pd.DataFrame
    who: str
    why: str
    action: str | None = None
    valid_from: str | None = None
    replaces: str = "same_keys"
    based_on: Entry | int | str | None = None
    mark: str | None = None


def entry_of(values: dict[str, Any]) -> Entry:
    """Make an entry of what the database holds; refuses what was not written like that."""
    if not well_formed(values):
        raise SalesgoalsError(Problem("ledger.damaged", entry=str(values.get("entry"))))
    return Entry(**{name: values[name] for name in [*FIELDS, "hash"]})


def read_entries(connection: sa.Connection) -> list[Entry]:
    """Read all entries in order, without what they changed."""
    rows = _rows(connection, sa.select(*_LIGHT).order_by(entries.c.entry))
    found = [entry_of(dict(row._mapping)) for row in rows]
    for before, entry in pairwise(found):
        if (entry.entry, entry.previous) != (before.entry + 1, before.hash):
            raise SalesgoalsError(Problem("ledger.link", entry=entry.entry))
    return found


def last_entry(connection: sa.Connection) -> Entry:
    """Read the last entry; an empty ledger gives entry 0."""
    found = _rows(connection, sa.select(*_LIGHT).order_by(entries.c.entry.desc()).limit(1))
    if found:
        return entry_of(dict(found[0]._mapping))
    start = connection.execute(sa.select(head.c.hash)).scalar_one()
    return Entry(0, "", "", "", "", "", None, None, None, 0, None, None, None, "", "", str(start),
                 recorded=False)


def read_changes(connection: sa.Connection, until: int | str | None = None, version: str | None = None,
                 only: int | None = None) -> pd.DataFrame:
    """Read what entries changed, in order: columns entry, version, added and ``ROW``.

    Raises
    ------
    SalesgoalsError
        If what an entry changed is not what was written: then nothing is said rather than something wrong.
    """
    query = sa.select(entries).order_by(entries.c.entry)
    if version is not None:
        query = query.where(entries.c.version == version)
    if only is not None:
        query = query.where(entries.c.entry == only)
    if until is not None:
        column = entries.c.entry if isinstance(until, int) else entries.c["at"]
        query = query.where(column <= until)
    tables = [NO_CHANGES]
    for row in _rows(connection, query):
        values = dict(row._mapping)
        tables.append(changes_of(entry_of(values), values["payload"]))
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else NO_CHANGES


def changes_of(entry: Entry, payload: Any) -> pd.DataFrame:
    """Read what one entry changed, after a look at its hash."""
    if not isinstance(payload, bytes) or hash_of_payload(payload) != entry.payload_hash:
        raise SalesgoalsError(Problem("ledger.damaged", entry=entry.entry))
    try:
        rows = read_payload(payload)
    except ValueError as error:
        raise SalesgoalsError(Problem("ledger.damaged", entry=entry.entry)) from error
    rows.insert(0, "version", entry.version)
    rows["version"] = rows.version.astype("str")
    rows.insert(0, "entry", entry.entry)
    return rows


def _rows(connection: sa.Connection, query: sa.Select) -> list[sa.Row]:
    try:
        return list(connection.execute(query))
    except (TypeError, ValueError, OverflowError) as error:  # a value of a type that was never written
        raise SalesgoalsError(Problem("ledger.damaged", entry="?")) from error


def read_state(connection: sa.Connection, until: int | str | None = None,
               version: str | None = None) -> pd.DataFrame:
    """Return what was set at a moment: columns version and ``ROW``."""
    if version is not None:
        known = list(dict.fromkeys(entry.version for entry in read_entries(connection)))
        if version not in known:
            raise SalesgoalsError(Problem("ledger.no_version", version=version, known=", ".join(known)))
    return last_state(read_changes(connection, until, version))


def write_entry(connection: sa.Connection, change: Change) -> Entry:
    """Write the next entry: what is set is read in the same transaction, so every "before" is true."""
    _check_words(change)
    last = last_entry(connection)
    if change.mark is not None:
        marked = _rows(connection, sa.select(*_LIGHT).where(entries.c.mark == change.mark))
        if marked:
            return unrecorded(entry_of(dict(marked[-1]._mapping)))
    changes = read_changes(connection, version=change.version)
    removed, added = find_changes(last_state(changes)[ROW], change.rows, change.replaces)
    if not len(removed) and not len(added):
        return unrecorded(last)
    _refuse_outdated(connection, change, changes, removed, added)
    action = change.action or _usual_action(change.version, changed=len(removed) > 0)
    first = pd.concat([removed.period_start, added.period_start]).min()
    return _append(connection, last, removed, added, {
        "who": change.who.strip(), "why": change.why.strip(), "action": action, "version": change.version,
        "valid_from": change.valid_from or first, "undoes": None, "mark": change.mark})


def _usual_action(version: str, changed: bool) -> str:
    """Goals are proposed and claimed as often as one likes; what was agreed is adjusted from then on."""
    if version in ("proposed", "claimed"):
        return version
    if changed:
        return "adjusted"
    return "agreed" if version == "agreed" else "proposed"


def unrecorded(entry: Entry) -> Entry:
    """Say that nothing was written and this is the last entry."""
    return Entry(**{**vars(entry), "recorded": False})


def _check_words(change: Change) -> None:
    problems = [Problem(f"ledger.{name}_missing") for name in ("who", "why", "version")
                if not getattr(change, name).strip()]
    words = " ".join([change.version, change.who, change.why, change.action or "", change.mark or ""])
    contents = [words, *(text for name in ROW for text in change.rows[name].dropna().unique())]
    if any("\0" in text or text.encode("utf-8", "replace").decode() != text for text in contents):
        problems.append(Problem("ledger.strange_letters"))
    if problems:
        raise SalesgoalsError(problems)


def _refuse_outdated(connection: sa.Connection, change: Change, changes: pd.DataFrame,
                     removed: pd.DataFrame, added: pd.DataFrame) -> None:
    """Stop when goals that are to be changed are no longer those that the person has seen."""
    if change.based_on is None:
        return
    seen = _number_of(connection, change.based_on)
    later = changes[changes.entry > seen]
    wanted = pd.concat([removed, added])
    both = pd.concat([later[ROW], wanted[ROW]], ignore_index=True)
    codes = pd.Series(codes_of(both))
    met = later.entry[codes[:len(later)].isin(codes[len(later):]).to_numpy()].unique()
    if len(met):
        other = next(entry for entry in read_entries(connection) if entry.entry == met[-1])
        raise SalesgoalsError(Problem("ledger.changed_meanwhile", who=other.who, why=other.why,
                                      entry=other.entry, seen=seen))


def _number_of(connection: sa.Connection, point: Entry | int | str) -> int:
    if isinstance(point, Entry):
        point = point.hash
    if isinstance(point, int):
        return point
    for entry in read_entries(connection):
        if len(point) >= SHORTEST_HASH and entry.hash.startswith(point):
            return entry.entry
    if point == connection.execute(sa.select(head.c.hash)).scalar_one():
        return 0
    raise SalesgoalsError(Problem("ledger.no_such_hash", found=point[:16]))


def write_undo(connection: sa.Connection, number: int, who: str, why: str) -> Entry:
    """Write an entry that puts back what another one changed."""
    found = read_changes(connection, only=number)
    known = {entry.entry: entry for entry in read_entries(connection)}
    undone = known[number]
    _check_words(Change(undone.version, found, who, why))
    before, after = (found[found.added == sign][ROW].reset_index(drop=True) for sign in (False, True))
    changes = read_changes(connection, version=undone.version)
    again = [entry.entry for entry in known.values() if entry.undoes == number]
    if again and not any(entry.undoes == again[-1] for entry in known.values()):
        raise SalesgoalsError(Problem("ledger.undone_before", entry=number, by=again[-1]))
    _refuse_overwritten(changes, found, after, number)
    return _append(connection, known[max(known)], after, before, {
        "who": who.strip(), "why": why.strip(), "action": "undone", "version": undone.version,
        "valid_from": undone.valid_from, "undoes": number, "mark": None})


def _refuse_overwritten(changes: pd.DataFrame, found: pd.DataFrame, after: pd.DataFrame, number: int) -> None:
    """Stop when the goals of an entry are no longer what it made them."""
    state = last_state(changes)
    both = pd.concat([state[ROW], after[ROW], found[ROW]], ignore_index=True)
    keys, contents = pd.Series(codes_of(both)), pd.Series(codes_of(both, whole_row=True))
    now_set, made = slice(0, len(state)), slice(len(state), len(state) + len(after))
    mine = keys[:len(state)].isin(keys[len(state):])
    if set(contents[now_set][mine]) == set(contents[made]):
        return
    later = changes[changes.entry > number]
    joined = pd.Series(codes_of(pd.concat([later[ROW], found[ROW]], ignore_index=True)))
    met = later.entry[joined[:len(later)].isin(joined[len(later):]).to_numpy()].unique()
    raise SalesgoalsError(Problem("ledger.changed_since", entry=number,
                                  later=", ".join(str(entry) for entry in met[::-1])))


def _append(connection: sa.Connection, last: Entry, removed: pd.DataFrame, added: pd.DataFrame,
            said: dict[str, Any]) -> Entry:
    clock = now()
    notes: tuple[Problem, ...] = ()
    if clock < last.at:
        notes = (Problem("ledger.clock", level="note", here=clock[:19], last=last.at[:19]),)
    payload = write_payload(removed, added)
    values: dict[str, Any] = {
        **said, "entry": last.entry + 1, "at": max(clock, last.at), "previous": last.hash,
        **summary_of(removed, added), "payload_hash": hash_of_payload(payload)}
    values["hash"] = hash_of(values)
    connection.execute(entries.insert().values(**values, payload=payload))
    connection.execute(head.update().values(entries=values["entry"], hash=values["hash"],
                                            check=hash_of_head(values["entry"], values["hash"])))
    return Entry(**values, notes=notes)


def summary_of(removed: pd.DataFrame, added: pd.DataFrame) -> dict[str, Any]:
    """Count the goals that change and add them up before and after, if they can be added up at all."""
    both = pd.concat([removed, added], ignore_index=True)
    goals = pd.Series(codes_of(both)).nunique()
    metrics = set(both.metric.dropna())
    metric = MAIN_METRIC if MAIN_METRIC in metrics else metrics.pop() if len(metrics) == 1 else None
    sums: Iterable[str | None] = (None, None)
    if metric is not None:
        sums = [exact_sum(rows.goal[rows.metric == metric]) for rows in (removed, added)]
    before, after = sums
    return {"rows": int(goals), "metric": metric, "before": before, "after": after}
