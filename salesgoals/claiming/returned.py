"""Claim sheets that come back: what each row claims, and what happened to the sheets on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.allocation.finder import is_blank
from salesgoals.allocation.limits import parse_amount
from salesgoals.claiming.amounts import read_amount
from salesgoals.problems import Problem
from salesgoals.sources.inside import look_inside
from salesgoals.sources.kinds import tell_kind
from salesgoals.sources.sheet import Grid
from salesgoals.sources.text import read_text
from salesgoals.sources.workbook import read_workbook
from salesgoals.words import all_words

FORMAT = "salesgoals1"
CLAIM_COLUMNS = ["person_id", "claim", "reason", "file", "sheet", "row"]
COLUMNS = ("key", "person_id", "person", "proposal", "claim", "reason")
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv"}
LOCKS = ("~$", ".~")
Cell = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True)
class Proposal:
    """What the sheets were made from: the mark, the unit, and each person's name and proposed goal."""

    mark: str
    unit: int
    people: pd.DataFrame  # index person_id; columns person, goal

    def key(self, person_id: str, rows: int) -> str:
        """Write the hidden text of a row: it tells where the row belongs, wherever it is moved."""
        goal = int(self.people.goal[person_id])
        return f"{FORMAT}|{self.mark}|{rows}|{goal}|{person_id}"


@dataclass
class _Found:
    """One row that somebody filled in, and where."""

    person_id: str
    claim: int | None
    reason: str
    place: dict[str, Any]


@dataclass
class _State:
    """What has been read so far."""

    rows: list[_Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def list_claim_files(place: Path) -> tuple[list[Path], list[Problem]]:
    """List the files to read: one file, or all workbooks of a folder; anything else is named."""
    if place.is_dir():
        files = sorted(path for path in place.iterdir() if path.is_file()
                       and not path.name.startswith((*LOCKS, ".")))
        usable = [path for path in files if path.suffix.lower() in ENDINGS]
        others = [Problem("claims.file_not_read", level="note", file=path.name) for path in files
                  if path not in usable]
        return usable, others if usable else [*others, Problem("claims.no_files", folder=str(place))]
    if not place.is_file():
        return [], [Problem("claims.no_files", folder=str(place))]
    return [place], []


def read_returned(files: Sequence[Path], proposal: Proposal) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the claims out of sheets that came back; nothing in them is executed.

    Parameters
    ----------
    files : sequence of Path
        Workbooks, as Excel, WPS or LibreOffice saved them, or CSV.
    proposal : Proposal
        What the sheets were made from.

    Returns
    -------
    tuple of (DataFrame, list of Problem)
        One row for each person who claimed: person_id, claim, reason, file, sheet, row. The problems are
        all that were found in all files; with one of level stop, nothing should be recorded.
    """
    state = _State()
    for path in files:
        grids, empty, problems = _grids(path)
        state.problems += [p for p in problems if p.level != "note"]
        sheets = [(grid, head) for grid in grids if (head := _find_header(grid)) is not None]
        if not sheets and not any(p.level == "stop" for p in problems):
            state.problems.append(Problem("claims.not_a_claim_sheet", file=path.name))
        for grid, (at, columns) in sheets:
            _read_grid(grid, at, columns, empty.get(grid.sheet or "", set()), proposal, state)
    return _settle(state), state.problems


def _grids(path: Path) -> tuple[list[Grid], dict[str, set[Cell]], list[Problem]]:
    """Read the sheets of a file, and which of their cells hold a formula without a result."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return [], {}, [Problem("sources.cannot_open", file=path.name, reason=reason)]
    kind = tell_kind(data)
    if kind in WORKBOOKS:
        grids, problems = read_workbook(data, kind, path.name)
        empty = {name: set(inside.uncalculated) for name, inside in look_inside(data, kind).items()}
        return grids, empty, problems
    if kind == "text":
        return [read_text(data, path.name)], {}, []
    return [], {}, [Problem("claims.not_a_claim_sheet", file=path.name)]


def _labels() -> dict[str, str]:
    """Headers of both languages -> column; a unit in brackets behind them does not matter."""
    return {_plain_label(text): name for name in COLUMNS
            for text in all_words()[f"claims.sheet_{name}"].values()}


def _plain_label(value: Any) -> str:
    text = "" if value is None else str(value)
    return "".join(text.replace("（", "(").split("(")[0].lower().split())


def _find_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Find the row of headers: the first that names the claim and the person."""
    labels = _labels()
    for at, row in enumerate(grid.rows):
        columns = {labels[text]: place for place, cell in enumerate(row)
                   if (text := _plain_label(cell)) in labels}
        if {"claim", "person_id"} <= set(columns):
            return at, columns
    return None


def _read_grid(grid: Grid, at: int, columns: dict[str, int], empty: set[Cell], proposal: Proposal,
               state: _State) -> None:
    where: dict[str, Any] = {"file": grid.file, "sheet": grid.sheet}
    if "key" not in columns:
        state.problems.append(Problem("claims.key_missing", **where))
        return
    seen: set[str] = set()
    expected = 0
    for number, cells in enumerate(grid.rows[at + 1:], at + 2):
        row = {name: cells[place] if place < len(cells) else None for name, place in columns.items()}
        key = str(row["key"] or "").strip()
        parts = key.split("|", 4)
        if parts[0] != FORMAT or len(parts) < 5:
            state.problems += _odd_row(row, {**where, "row": number})
            continue
        if parts[1] != proposal.mark:
            state.problems.append(Problem("claims.other_plan", **where, found=parts[1],
                                          expected=proposal.mark))
            return
        expected = max(expected, int(parts[2]) if parts[2].isdigit() else 0)
        seen.add(parts[4])
        if row["claim"] is None and (number - 1, columns["claim"]) in empty:
            state.problems.append(Problem("claims.formula_without_result", **where, row=number))
            continue
        if (several := _rows_of_one_claim(grid, number - 1, columns["claim"])) > 1:
            state.problems.append(Problem("claims.cells_merged", **where, row=number, found=row["claim"],
                                          rows=several))
            continue
        _read_row(row, parts[4], proposal, {**where, "row": number}, state)
    if len(seen) < expected:
        state.problems.append(Problem("claims.rows_missing", level="doubt", **where,
                                      count=expected - len(seen), rows=expected))


def _rows_of_one_claim(grid: Grid, row: int, column: int) -> int:
    """Over how many rows a filled claim cell is merged: nobody can tell how they share the amount."""
    if is_blank(grid.rows[row][column] if column < len(grid.rows[row]) else None):
        return 1
    return max((last - first + 1 for first, left, last, right in grid.merges
                if first == row and left <= column <= right), default=1)


def _odd_row(row: dict[str, Any], place: dict[str, Any]) -> list[Problem]:
    """A row without our key: the row of sums, an empty one, or one that somebody put in."""
    said = [row.get(name) for name in ("person_id", "person", "proposal", "claim", "reason")]
    if all(is_blank(value) for value in said):
        return []
    sums = {text.lower() for text in all_words()["claims.sheet_sum"].values()}
    if any(str(value).strip().lower() in sums for value in said[:2]):
        return []
    if is_blank(row.get("person_id")) and is_blank(row.get("claim")):
        return []  # a remark below the table
    name = row.get("person") or row.get("person_id") or "-"
    return [Problem("claims.row_put_in", **place, node=str(name), found=row.get("claim"))]


def _read_row(row: dict[str, Any], person_id: str, proposal: Proposal, place: dict[str, Any],
              state: _State) -> None:
    if person_id not in proposal.people.index:
        state.problems.append(Problem("claims.person_unknown", **place, found=person_id, nearest="-"))
        return
    person = proposal.people.loc[person_id]
    shown = str(row.get("person_id") or "").strip()
    name = str(row.get("person") or "").strip()
    if _other_id(shown, person_id) or (name and name.lstrip("'") != str(person.person)):
        state.problems.append(Problem("claims.row_mixed_up", **place, found=f"{name} {shown}".strip(),
                                      meant=f"{person.person} {person_id}"))
        return
    proposed = row.get("proposal")
    if not is_blank(proposed) and parse_amount(proposed) != float(person.goal):
        state.problems.append(Problem("claims.proposal_edited", level="doubt", **place, found=proposed,
                                      node=str(person.person), proposal=int(person.goal)))
    claim, problems = read_amount(row.get("claim"), float(person.goal), proposal.unit,
                                  node=str(person.person), **place)
    reason = "" if is_blank(row.get("reason")) else " ".join(str(row["reason"]).split())
    if is_blank(row.get("claim")) and reason:
        problems.append(Problem("claims.reason_alone", level="doubt", **place, node=str(person.person)))
    state.problems += problems
    state.rows.append(_Found(person_id, claim, reason, place))


def _other_id(shown: str, person_id: str) -> bool:
    """Tell whether another id is shown; a spreadsheet may have taken the zeros from the front."""
    if not shown or shown.lstrip("'") == person_id:
        return False
    return shown.lstrip("0") != person_id.lstrip("0")


def _settle(state: _State) -> pd.DataFrame:
    """Take one claim for each person; two different ones for the same person stop."""
    first: dict[str, _Found] = {}
    for found in state.rows:
        if found.claim is None:
            continue
        before = first.setdefault(found.person_id, found)
        if before is found:
            continue
        if before.claim != found.claim:
            state.problems.append(Problem(
                "claims.claimed_twice", **found.place, node=found.person_id, found=found.claim,
                other=before.claim, other_file=before.place["file"], other_row=before.place["row"]))
        elif not before.reason:
            first[found.person_id] = found
    lines = [[found.person_id, found.claim, found.reason, found.place["file"], found.place["sheet"],
              found.place["row"]] for found in first.values()]
    table = pd.DataFrame(lines, columns=CLAIM_COLUMNS)
    return table.astype({"claim": "int64", "row": "int64"})
