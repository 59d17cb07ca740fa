"""Sheets of a retrospective that come back: what was agreed, decided and taken on; nothing in them is run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.allocation.finder import is_blank
from salesgoals.looping.actions import check_action
from salesgoals.looping.session import AGREED, KINDS, Action, Cause, Decision, Session
from salesgoals.marks import mark
from salesgoals.problems import Problem, raise_if_any
from salesgoals.sources.kinds import tell_kind
from salesgoals.sources.sheet import Grid
from salesgoals.sources.workbook import read_workbook
from salesgoals.words import all_words

FORMAT, DUE, NEW = "salesgoals-retro1", "due", "-"
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
SHEETS = {"causes": ("key", "unit", "cause", "amount", "agreed", "note"),
          "decisions": ("key", "kind", "text"),
          "actions": ("key", "id", "what", "owner", "due", "cause", "measure", "status", "note")}
NEEDED = {"causes": {"agreed", "cause"}, "decisions": {"kind", "text"}, "actions": {"what", "owner", "due"}}


@dataclass
class _Filled:
    """What has been read so far."""

    causes: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    decisions: list[tuple[str, Decision]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: set[str] = field(default_factory=set)
    day: str = ""


def key_of(session: Session, row: str) -> str:
    """Write the hidden text of a row: it tells where the row belongs, wherever it is moved."""
    return f"{FORMAT}|{session.period}|{session.day}|{row}"


def read_sheet(path: Path, session: Session, people: pd.DataFrame) -> tuple[Session, list[Problem]]:
    """Put what people filled in into a session.

    Parameters
    ----------
    path : Path
        The workbook, as Excel, WPS or LibreOffice saved it.
    session : Session
        The one that the sheet was made from.
    people : DataFrame
        Columns person_id, name: who can be an owner.

    Returns
    -------
    tuple of (Session, list of Problem)
        The session with it; doubts that do not stop. What the sheet does not hold (any more) stays.

    Raises
    ------
    SalesgoalsError
        With everything that cannot be read, at once; then nothing should be kept.
    """
    data = path.read_bytes() if path.is_file() else b""
    kind = tell_kind(data)
    if kind not in WORKBOOKS:
        raise_if_any([Problem("cycle.not_a_sheet", file=path.name)])
    grids, problems = read_workbook(data, kind, path.name)
    filled = _Filled(problems=[problem for problem in problems if problem.level == "stop"])
    labels = _labels()
    for grid in grids:
        for at, row in enumerate(grid.rows):
            columns = {labels[text]: place for place, cell in enumerate(row)
                       if (text := _plain(cell)) in labels}
            name = next((one for one, needed in NEEDED.items() if needed <= set(columns)), None)
            if name is not None:
                _read_grid(grid, at, columns, name, session, people, filled)
                break
    if not filled.sheets and not filled.problems:
        filled.problems.append(Problem("cycle.not_a_sheet", file=path.name))
    raise_if_any(filled.problems)
    return _merge(session, filled), filled.problems


def _read_grid(grid: Grid, at: int, columns: dict[str, int], name: str, session: Session,
               people: pd.DataFrame, filled: _Filled) -> None:
    filled.sheets.add(name)
    for number, cells in enumerate(grid.rows[at + 1:], at + 2):
        row = {column: cells[place] if place < len(cells) else None for column, place in columns.items()}
        place: dict[str, Any] = {"file": grid.file, "sheet": grid.sheet, "row": number}
        parts = str(row.get("key") or "").split("|", 3)
        key = parts[3] if parts[0] == FORMAT and len(parts) == 4 else ""
        if key and parts[1] != session.period:
            filled.problems.append(Problem("cycle.other_period", **place, found=parts[1],
                                           period=session.period))
            return
        if key and re.fullmatch(r"\d{4}-\d{2}-\d{2}", parts[2]):
            filled.day = parts[2]
        said = {column: value for column, value in row.items() if column not in ("key", "id", "status")}
        if all(is_blank(value) for value in said.values()):
            continue
        if name == "causes":
            _read_cause(row, key, place, filled)
        elif name == "decisions":
            _read_decision(row, key, place, filled)
        else:
            _read_action(row, key, place, session, people, filled)


def _read_cause(row: dict[str, Any], key: str, place: dict[str, Any], filled: _Filled) -> None:
    parts = key.split("|")
    if len(parts) != 3:
        filled.problems.append(Problem("cycle.cause_without_key", **place,
                                       found=str(row.get("cause") or "-")))
        return
    agreed = _word(row["agreed"], AGREED, "cycle.agreed_") if not is_blank(row["agreed"]) else "unsure"
    if agreed is None:
        filled.problems.append(Problem("cycle.agreed_unknown", **place, found=str(row["agreed"]),
                                       known=_known(AGREED, "cycle.agreed_")))
        return
    note = "" if is_blank(row.get("note")) else " ".join(str(row["note"]).split())
    filled.causes[parts[2], parts[1]] = (agreed, note)


def _read_decision(row: dict[str, Any], key: str, place: dict[str, Any], filled: _Filled) -> None:
    text = "" if is_blank(row["text"]) else " ".join(str(row["text"]).split())
    kind = _word(row["kind"], KINDS, "cycle.kind_")
    if not text:
        filled.problems.append(Problem("cycle.decision_without_text", **place, found=str(row["kind"])))
    elif kind is None:
        filled.problems.append(Problem("cycle.decision_kind", **place, found=str(row["kind"] or "-"),
                                       text=text, known=_known(KINDS, "cycle.kind_")))
    else:
        filled.decisions.append((key, Decision.model_validate({"kind": kind, "text": text})))


def _read_action(row: dict[str, Any], key: str, place: dict[str, Any], session: Session,
                 people: pd.DataFrame, filled: _Filled) -> None:
    known = {action.id for action in session.actions}
    own = key if key in known else ""
    codes = {_plain(text): code for code in {cause.code for cause in session.causes} for text in _names(code)}
    cause = "" if is_blank(row.get("cause")) else codes.get(_plain(row["cause"]), str(row["cause"]))
    owner = "" if is_blank(row.get("owner")) else " ".join(str(row["owner"]).split())
    head = owner.split(" ")[0]
    if head in set(people.person_id.astype(str)):  # the sheet writes id and name
        owner = head
    action, wrong = check_action({**row, "id": own, "cause": cause, "owner": owner}, people,
                                 pd.Timestamp(filled.day or session.day), known=bool(own), **place)
    filled.problems += wrong
    filled.actions += [action] if action is not None else []


def _merge(session: Session, filled: _Filled) -> Session:
    causes: list[Cause] = []
    for cause in session.causes:
        agreed, note = filled.causes.get((cause.code, cause.unit), (cause.agreed, cause.note))
        causes.append(cause.model_copy(update={"agreed": agreed, "note": note}))
    edited, known = dict(filled.decisions), [mark(one.kind, one.text) for one in session.decisions]
    decisions = [edited.get(key, one) for key, one in zip(known, session.decisions, strict=True)]
    decisions += [one for key, one in filled.decisions if key not in known and one not in decisions]
    changed = {action.id: action for action in filled.actions if action.id}
    actions = [changed.get(action.id, action) for action in session.actions]
    new = [action for action in filled.actions if not action.id and action not in
           [one.model_copy(update={"id": ""}) for one in session.actions]]  # the same sheet read twice
    return session.model_copy(update={"day": filled.day or session.day, "causes": causes,
                                      "actions": [*actions, *new], "decisions": decisions})


def _labels() -> dict[str, str]:
    columns = {column for group in SHEETS.values() for column in group}
    return {_plain(text): column for column in columns
            for text in all_words()[f"cycle.head_{column}"].values()}


def _plain(value: Any) -> str:
    return "" if value is None else "".join(str(value).lower().split())


def _word(value: Any, codes: tuple[str, ...], prefix: str) -> str | None:
    text = _plain(value)
    return next((code for code in codes if text in (
        code, *(_plain(word) for word in all_words()[prefix + code].values()))), None)


def _known(codes: tuple[str, ...], prefix: str) -> str:
    return ", ".join(dict.fromkeys(word for code in codes for word in all_words()[prefix + code].values()))


def _names(code: str) -> list[str]:
    found = [code]
    for key in (f"cycle.cause_{code}", f"retro_page.cause_{code}"):
        found += all_words().get(key, {}).values()
    return found
