"""Sheets that are no list of records: pasted pivots, records without a header."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from salesgoals.problems import Problem
from salesgoals.sources.heading import Heading
from salesgoals.sources.sheet import Grid

_CAPTION = re.compile(r"(?:行标签|列标签|Row Labels|Column Labels)\s*", re.IGNORECASE)
_MEASURE_ZH = re.compile(r"(?:求和项|计数项|平均值项|最大值项|最小值项|乘积项|数值计数项)\s*[:：].+")
_MEASURE_EN = re.compile(r"(?:Count|Sum|Average|Max|Min|Distinct Count) of \S.*", re.IGNORECASE)
_GRAND_TOTAL = re.compile(r"(?:Grand Total|总计)\s*", re.IGNORECASE)


def _matches(pattern: re.Pattern[str], cell: Any) -> bool:
    return isinstance(cell, str) and pattern.fullmatch(cell.strip()) is not None


def is_pivot(grid: Grid) -> Problem | None:
    """Tell a pasted pivot table by the captions that only pivots carry; a wide list is none.

    Parameters
    ----------
    grid : Grid
        The cells of one sheet.

    Returns
    -------
    Problem or None
        The refusal, which names what gave the pivot away.
    """
    measure: tuple[int, str] | None = None
    for number, row in enumerate(grid.rows[:2000]):
        filled = [cell for cell in row if cell is not None]
        if not filled:
            continue
        if number < 100:
            captions = [cell for cell in filled if _matches(_CAPTION, cell) or _matches(_MEASURE_ZH, cell)]
            if captions:
                return _refuse_pivot(grid, number, captions[0])
        if _matches(_MEASURE_EN, filled[0]):
            measure = number, filled[0]
        if measure and (_matches(_GRAND_TOTAL, filled[0]) or (number <= measure[0] + 3 and any(
                _matches(_GRAND_TOTAL, cell) for cell in filled))):
            return _refuse_pivot(grid, measure[0], measure[1])
        if measure is None and _matches(_GRAND_TOTAL, filled[-1]) and len(filled) > 1:
            following = next((r for r in grid.rows[number + 1:] if any(c is not None for c in r)), [])
            first = next((cell for cell in following if cell is not None), None)
            if _matches(_MEASURE_EN, first):
                return _refuse_pivot(grid, number, first)
    return None


def _refuse_pivot(grid: Grid, row: int, found: Any) -> Problem:
    return Problem("sources.refused_pivot", file=grid.file, sheet=grid.sheet, row=row + 1,
                   found=str(found).strip())


def no_header(grid: Grid, filled: np.ndarray, heading: Heading | None) -> Problem | None:
    """Tell records that begin without a header, also where every cell is a word.

    Parameters
    ----------
    grid : Grid
        The cells of one sheet.
    filled : bool array, rows x columns
        Where it holds anything.
    heading : Heading or None
        What was taken for the header.

    Returns
    -------
    Problem or None
        The refusal, with the first row as it stands.
    """
    if heading is None:
        widths = filled[:60].sum(axis=1)
        return _refuse_headless(grid, int(np.argmax(widths >= 0.6 * widths.max())))
    if heading.top != heading.bottom:
        return None
    # a header's words do not come back as values in their own columns; a record's do
    first = grid.rows[heading.bottom]
    named = [column for column, cell in enumerate(first) if isinstance(cell, str)]
    repeats = set()
    for row in grid.rows[heading.bottom + 1:]:
        same = [column for column in named if row[column] == first[column]]
        if len(same) < len(named):  # all the same: the header itself, at a page break
            repeats.update(same)
    if len(repeats) >= max(2, 0.4 * len(named)):
        return _refuse_headless(grid, heading.bottom)
    return None


def _refuse_headless(grid: Grid, row: int) -> Problem:
    shown = " | ".join(str(cell) for cell in grid.rows[row] if cell is not None)
    return Problem("sources.refused_no_header", file=grid.file, sheet=grid.sheet, row=row + 1,
                   found=shown if len(shown) <= 80 else shown[:79] + "…")
