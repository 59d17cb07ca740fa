"""One entry of the ledger, its canonical text, and the hash that links it to the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from salesgoals.problems import Problem

FORMAT = 1
#: the fields of an entry that its hash covers, with the types each may have
FIELDS: dict[str, tuple[type, ...]] = {
    "entry": (int,), "at": (str,), "who": (str,), "why": (str,), "action": (str,), "version": (str,),
    "valid_from": (str, type(None)), "undoes": (int, type(None)), "mark": (str, type(None)), "rows": (int,),
    "metric": (str, type(None)), "before": (str, type(None)), "after": (str, type(None)),
    "payload_hash": (str,), "previous": (str,)}


@dataclass(frozen=True)
class Entry:
    """One entry: who changed which goals, when, why, from which total to which.

    Parameters
    ----------
    entry : int
        Its number; 0 for an empty ledger.
    at : str
        Time in UTC.
    rows : int
        How many goals were set, changed or taken back.
    before, after : str or None
        Sum of the changed goals of ``metric``, as exact texts; None where none was set.
    undoes : int or None
        The entry that this one takes back.
    mark : str or None
        What the entry was made from, such as the plan that was saved.
    payload_hash, previous, hash : str
        SHA-256 of the rows it changed, the hash of the entry before, and its own over all of this.
    recorded : bool
        False when nothing was to be changed: then no entry was written, and this is the last one.
    """

    entry: int
    at: str
    who: str
    why: str
    action: str
    version: str
    valid_from: str | None
    undoes: int | None
    mark: str | None
    rows: int
    metric: str | None
    before: str | None
    after: str | None
    payload_hash: str
    previous: str
    hash: str = ""
    recorded: bool = True
    notes: tuple[Problem, ...] = field(default=())


def hash_of(entry: dict[str, Any]) -> str:
    """Return the SHA-256 over all fields of an entry, among them the hash of its rows and that before it.

    The text that is hashed is JSON with sorted names and no spaces, in UTF-8. Anybody can recompute it with
    a few lines in any language.
    """
    return _digest({name: entry[name] for name in FIELDS})


def hash_of_payload(payload: bytes) -> str:
    """Return the SHA-256 of the rows that an entry changed, as they are stored."""
    return hashlib.sha256(payload).hexdigest()


def hash_of_start(head: dict[str, Any]) -> str:
    """Return what the first entry is linked to: the ledger's own number, company, day and format."""
    return _digest({name: head[name] for name in ("ledger", "company", "created", "format")})


def hash_of_head(entries: int, last: str) -> str:
    """Return the check of the record that says how many entries there are and what the last one is."""
    return _digest({"entries": entries, "hash": last})


def _digest(named: dict[str, Any]) -> str:
    text = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def well_formed(values: dict[str, Any]) -> bool:
    """Tell whether an entry's values have the types they were written with, and its hash is theirs."""
    typed = all(type(values[name]) in kinds for name, kinds in FIELDS.items())
    return typed and values["hash"] == hash_of(values)
