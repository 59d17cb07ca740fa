"""Read any export: told by its contents, never by its name, and never in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from salesgoals.problems import Problem
from salesgoals.sources.columnar import read_parquet
from salesgoals.sources.kinds import READABLE, tell_kind
from salesgoals.sources.layout import arrange
from salesgoals.sources.markup import read_html, read_mhtml, read_spreadsheetml
from salesgoals.sources.sheet import Grid, Reading, Sheet
from salesgoals.sources.text import is_prose, read_text
from salesgoals.sources.workbook import read_workbook
from salesgoals.words import say

__all__ = ["Reading", "Sheet", "read_file"]

_USUAL_NAMES = {"xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"}, "xls": {".xls", ".xlt", ".et"},
                "xlsb": {".xlsb"}, "ods": {".ods"}, "parquet": {".parquet", ".pq"}, "html": {".html", ".htm"},
                "mhtml": {".mht", ".mhtml"}, "spreadsheetml": {".xml"},
                "text": {".csv", ".tsv", ".txt", ".tab", ".psv", ".dat", ""}}
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}


def read_file(path: Path, headers: Mapping[str | None, Sequence[str]] | None = None) -> Reading:
    """Read an export as it came: CSV, Excel, OpenDocument, parquet, or a web page saved under the name .xls.

    Parameters
    ----------
    path : pathlib.Path
        The file. Nothing in it is executed, and it is not changed.
    headers : mapping, optional
        Names of the columns by worksheet (None in a file without worksheets), where it has no header row.

    Returns
    -------
    Reading
        ``sheets``: every list of records found, each row in its cells or set aside with a reason.
        ``problems``: what concerns the whole file. A file that holds no list gives no sheets and a problem of
        level ``stop`` that says what it really is; nothing is ever raised for a bad file.
    """
    name = Path(path).name
    if name.startswith(("~$", ".~lock.")) or name.lower() in _LITTER:
        return Reading([], [Problem("sources.lock_file", level="note", file=name)])
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return Reading([], [Problem("sources.cannot_open", file=name, reason=error.strerror or str(error))])
    kind = tell_kind(data)
    if kind not in READABLE:
        return Reading([], [Problem("sources.refused_empty", file=name) if kind == "empty" else
                            Problem("sources.refused_encrypted", file=name) if kind == "encrypted" else
                            Problem("sources.refused_kind", file=name, found=say(f"sources.kind_{kind}"))])
    problems = _note_name(name, kind)
    if kind == "parquet":
        sheets, refusals = read_parquet(data, name)
        return Reading(sheets, problems + refusals)
    grids, found = _read_grids(data, kind, name)
    problems += found
    return _arrange_all(name, grids, problems, headers or {})


def _read_grids(data: bytes, kind: str, name: str) -> tuple[list[Grid], list[Problem]]:
    if kind == "text":
        grid = read_text(data, name)
        return ([], [Problem("sources.refused_prose", file=name)]) if is_prose(grid) else ([grid], [])
    if kind == "html":
        return read_html(data, name)
    if kind == "mhtml":
        return read_mhtml(data, name)
    if kind == "spreadsheetml":
        return read_spreadsheetml(data, name)
    return read_workbook(data, kind, name)


def _note_name(name: str, kind: str) -> list[Problem]:
    """Note a name that promises something else than the file holds."""
    ending = Path(name).suffix.lower()
    if ending in _USUAL_NAMES[kind]:
        return []
    return [Problem("sources.other_kind", level="note", file=name, found=say(f"sources.kind_{kind}"))]


def _arrange_all(name: str, grids: list[Grid], problems: list[Problem],
                 headers: Mapping[str | None, Sequence[str]]) -> Reading:
    sheets: list[Sheet] = []
    refused: list[Problem] = []
    for grid in grids:
        sheet, found = arrange(grid, headers.get(grid.sheet, ()))
        if sheet is None:
            refused += found
            problems = problems + [problem for problem in grid.problems if problem.level != "note"]
        else:
            sheets.append(sheet)
    if not sheets and any(problem.level == "stop" for problem in refused + problems):
        return Reading([], problems + refused)
    if not sheets:
        return Reading([], [*problems, Problem("sources.refused_empty", file=name)])
    # beside usable sheets a refused one is not used, but does not stop the file
    return Reading(sheets, problems + [_soften(problem) for problem in refused])


def _soften(problem: Problem) -> Problem:
    if problem.level != "stop":
        return problem
    return Problem(problem.code, level="doubt", **problem.values)
