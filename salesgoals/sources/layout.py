"""From the raw cells of a worksheet to a list of records, with every row accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.blocks import NAMES_SOMETHING, fill_blocks
from salesgoals.sources.heading import Heading, find_heading, unique_names
from salesgoals.sources.refusals import is_pivot, no_header
from salesgoals.sources.row_kinds import RowKinds, sort_rows
from salesgoals.sources.sheet import Grid, Sheet, aside_table, name_rows
from salesgoals.sources.units import header_unit, unit_of_title


def arrange(grid: Grid, header: Sequence[str] = ()) -> tuple[Sheet | None, list[Problem]]:
    """Find header and records of a worksheet and set everything else aside with its reason.

    Parameters
    ----------
    grid : Grid
        The raw cells.
    header : sequence of str
        The names of the columns where the worksheet itself has none; every row is a record then.

    Returns
    -------
    sheet : Sheet or None
        None where the worksheet is no list of records.
    problems : list of Problem
        Why not: one problem of level ``stop``, or a note for an empty worksheet.
    """
    rows, filled = _square(grid)
    grid.rows = rows
    if not filled.any():
        return None, [Problem("sources.empty_sheet", level="note", file=grid.file, sheet=grid.sheet)]
    if pivot := is_pivot(grid):
        return None, [pivot]
    if header:
        named = Heading(0, -1, [*header, *[""] * filled.shape[1]][:max(filled.shape[1], 1)])
        return _build(grid, filled, named, sort_rows(grid, filled, named)), []
    heading = find_heading(grid, filled)
    if refusal := no_header(grid, filled, heading):
        return None, [refusal]
    assert heading is not None
    return _build(grid, filled, heading, sort_rows(grid, filled, heading)), []


def _square(grid: Grid) -> tuple[list[list[Any]], np.ndarray]:
    """Give all rows one length and end after the last row and column that hold anything."""
    rows = grid.rows
    last = len(rows)
    while last and all(cell is None for cell in rows[last - 1]):
        last -= 1
    width = max((len(row) for row in rows[:last]), default=0)
    square = [row if len(row) == width else row + [None] * (width - len(row)) for row in rows[:last]]
    filled = np.array([[cell is not None for cell in row] for row in square], dtype=bool).reshape(last, width)
    used = int(np.flatnonzero(filled.any(axis=0)).max(initial=-1)) + 1
    if used < width:
        square, filled = [row[:used] for row in square], filled[:, :used]
    return square, filled


def _build(grid: Grid, filled: np.ndarray, heading: Heading, kinds: RowKinds) -> Sheet:
    records = np.array(kinds.records, dtype="int64")
    in_use = filled[records].any(axis=0) if len(records) else np.zeros(filled.shape[1], dtype=bool)
    columns = [c for c in range(filled.shape[1]) if heading.names[c] or in_use[c]]
    names = unique_names([heading.names[c] for c in columns], columns)
    problems = [*grid.problems, *_doubt_ragged(grid, heading, columns, kinds), *kinds.problems]
    body, notes = _fill_merged(grid, heading, kinds, dict(zip(columns, names, strict=True)))
    problems += notes
    lines = [[body[row][c] for c in columns] for row in kinds.records]
    cells = pd.DataFrame(lines, columns=pd.Index(names, dtype="str"), dtype=object)
    cells, notes = fill_blocks(grid, cells)
    problems += notes
    aside = [(row + 1, "title" if any(c is not None for c in grid.rows[row]) else "blank", grid.rows[row])
             for row in range(heading.top)]
    aside += [(row + 1, reason, grid.rows[row]) for row, reason in kinds.aside.items()]
    unit = _title_unit(grid, heading, names)
    if unit:
        problems.append(Problem("sources.unit_in_title", level="doubt", file=grid.file, sheet=grid.sheet,
                                found=unit))
    if cells.empty:
        problems.append(Problem("sources.no_rows", level="note", file=grid.file, sheet=grid.sheet))
    return Sheet(grid.file, grid.sheet, names, cells, records + 1, heading.bottom + 1, aside_table(aside),
                 grid.encoding, grid.delimiter, problems, unit, heading.bottom - heading.top + 1)


def _title_unit(grid: Grid, heading: Heading, names: list[str]) -> str | None:
    if any(header_unit(name).power for name in names):
        return None  # the headers name their own
    for row in grid.rows[:heading.top]:
        for cell in row:
            unit = unit_of_title(cell) if isinstance(cell, str) else None
            if unit and header_unit(f"({unit})").power:
                return unit
    return None


def _doubt_ragged(grid: Grid, heading: Heading, columns: list[int], kinds: RowKinds) -> list[Problem]:
    """Name the lines of a text file that have more or fewer cells than its header."""
    if not grid.lengths:
        return []
    wanted = grid.lengths[heading.bottom] if heading.bottom >= 0 else len(heading.names)
    longer = [row + 1 for row in kinds.records
              if any(cell is not None for cell in grid.rows[row][wanted:])]
    shorter = [row + 1 for row in kinds.records if grid.lengths[row] < wanted]
    problems = []
    for code, rows in (("sources.extra_cells", longer), ("sources.missing_cells", shorter)):
        if rows:
            problems.append(Problem(code, level="doubt", file=grid.file, sheet=grid.sheet, row=rows[0],
                                    count=len(rows), rows=name_rows(rows), width=wanted))
    return problems


def _fill_merged(grid: Grid, heading: Heading, kinds: RowKinds,
                 names: dict[int, str]) -> tuple[list[list[Any]], list[Problem]]:
    """Carry what stands in a cell merged over several records to each of them; amounts are not repeated."""
    tall = [(r0, column, r1) for r0, column, r1, _ in grid.merges
            if r0 > heading.bottom and r1 > r0 and column in names]
    if not tall:
        return grid.rows, []
    body = list(grid.rows)
    records = set(kinds.records)
    carried: dict[int, list[int]] = {}
    single: dict[int, list[int]] = {}
    copied: set[int] = set()
    for r0, column, r1 in tall:
        value = grid.rows[r0][column] if r0 < len(grid.rows) else None
        below = [row for row in range(r0 + 1, min(r1 + 1, len(grid.rows)))
                 if row in records and grid.rows[row][column] is None]
        if value is None or not below:
            continue
        if not (isinstance(value, str | dt.datetime) or NAMES_SOMETHING.search(names[column])):
            single.setdefault(column, []).append(r0 + 1)
            continue
        for row in below:
            if row not in copied:
                body[row] = list(body[row])
                copied.add(row)
            body[row][column] = value
        carried.setdefault(column, []).extend(row + 1 for row in below)
    problems = [Problem("sources.filled_down", level="note", file=grid.file, sheet=grid.sheet,
                        column=names[column], count=len(rows)) for column, rows in carried.items()]
    problems += [Problem("sources.merged_number", level="doubt", file=grid.file, sheet=grid.sheet,
                         column=names[column], row=rows[0], count=len(rows), rows=name_rows(rows))
                 for column, rows in single.items()]
    return body, problems
