"""Which rows below a header are records, and which are totals, footers, repeated headers or blank."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from salesgoals.problems import Problem
from salesgoals.sources.heading import Heading, header_text
from salesgoals.sources.looks import is_label_row, is_pair_row, looks
from salesgoals.sources.sheet import Grid
from salesgoals.sources.totals import find_totals, is_total_label

_FOOTER = re.compile(
    r"(?:制表|制单|填表|填报|编制|审核|审批|复核|批准|经办|导出|打印|生成|统计|查询|报表|数据)"
    r"(?:人|员|者|时间|日期|单位|部门|范围|条件|来源|截止|截至)|"
    r"(?:单位|部门|财务|销售)?(?:负责人|主管|经理)\s*[:：]|"
    r"(?:制表|制单|审核|复核|批准|备注|说明|附注|注)\s*[:：]|注\d|※|\*{1,3}\s?\D|"
    r"第\s*\d+\s*页|共\s*\d+\s*[条行页项]|以上(?:数据|为|均|金额)|"
    r"Confidential\b|Copyright\b|©|\(c\)|"
    r"(?:Generated|Exported|Printed|Prepared|Approved) (?:by|on|at|from)\b|"
    r"(?:Source|Notes?|Remarks?)\s*[:：]|Page\s+\d|Report (?:generated|date|run|as of)\b|"
    r"As of\s|Filter(?:ed by|s?\s*[:：])|Total records\b|\d+ (?:rows|records)\b", re.IGNORECASE)
_FEW = 0.5               # a footer fills at most this share of the columns


@dataclass
class RowKinds:
    """The rows below the header, sorted; rows count from 0."""

    records: list[int] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)     # row -> reason
    problems: list[Problem] = field(default_factory=list)


def sort_rows(grid: Grid, filled: np.ndarray, heading: Heading) -> RowKinds:
    """Sort the rows below a header into records and everything else.

    Parameters
    ----------
    grid : Grid
        Rows of equal length.
    filled : bool array, rows x columns
        Where it holds anything.
    heading : Heading
        The header that was found.

    Returns
    -------
    RowKinds
        Every row below the header once: in ``records``, or in ``aside`` with its reason.
    """
    kinds = RowKinds()
    first = heading.bottom + 1
    blank = np.flatnonzero(~filled[first:].any(axis=1)) + first
    kinds.aside.update(dict.fromkeys(blank.tolist(), "blank"))
    kinds.aside.update(_repeats(grid, filled, heading, first))
    open_rows = [row for row in range(first, len(grid.rows)) if row not in kinds.aside]
    naming, numeric = _profile(grid, filled, open_rows)
    used = sum(1 for name in heading.names if name)
    footers = _footers(grid, filled, open_rows, numeric, used)
    kinds.aside.update(dict.fromkeys(footers, "footer"))
    open_rows = [row for row in open_rows if row not in kinds.aside]
    totals, kinds.problems = find_totals(grid, filled, open_rows, naming, numeric)
    kinds.aside.update(dict.fromkeys(totals, "subtotal"))
    kinds.records = [row for row in open_rows if row not in kinds.aside]
    _doubt_second_table(grid, numeric, kinds)
    return kinds


def _repeats(grid: Grid, filled: np.ndarray, heading: Heading, first: int) -> dict[int, str]:
    """Find headers and titles that come back at page breaks."""
    found: dict[int, str] = {}
    lines = [[header_text(cell) for cell in grid.rows[row]] for row in range(heading.top, heading.bottom + 1)]
    for line in lines:
        named = [column for column, text in enumerate(line) if text]
        if len(named) < 2 and len(lines) == 1:
            continue
        lead, start = line[named[0]], named[0]
        for row in range(first, len(grid.rows)):
            cell = grid.rows[row][start]
            if cell is None or (isinstance(cell, str) and lead not in (cell, header_text(cell))):
                continue
            texts = [header_text(value) for value in grid.rows[row]]
            if texts == line:
                found[row] = "repeated_header"
    titles = {tuple(cell for cell in grid.rows[row] if cell is not None) for row in range(heading.top)} - {()}
    if titles:
        for row in np.flatnonzero(filled.sum(axis=1) <= max(map(len, titles))).tolist():
            if row >= first and tuple(cell for cell in grid.rows[row] if cell is not None) in titles:
                found[row] = "title"
    return found


def _profile(grid: Grid, filled: np.ndarray, rows: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Tell the columns that tell records apart (words, codes, dates) from the columns of numbers."""
    full = [row for row in rows if filled[row].sum() > 1] or rows   # lone lines are no records
    sample = full if len(full) <= 400 else [full[i] for i in np.linspace(0, len(full) - 1, 400).astype(int)]
    width = filled.shape[1]
    numeric, naming = np.zeros(width, dtype=bool), np.zeros(width, dtype=bool)
    for column in range(width):
        seen = [looks(grid.rows[row][column]) for row in sample]
        known = [kind for kind in seen if kind != "empty"]
        if not known:
            continue
        numbers = known.count("number") + sum(
            looks(cell) == "period" and (isinstance(cell, int) or str(cell).isdecimal())
            for cell in (grid.rows[row][column] for row in sample))
        numeric[column] = numbers > 0.6 * len(known)
        naming[column] = not numeric[column] and len(known) >= 0.4 * len(seen)
    return np.flatnonzero(naming), np.flatnonzero(numeric)


# ---- footers

def _footers(grid: Grid, filled: np.ndarray, rows: list[int], numeric: np.ndarray, used: int) -> list[int]:
    """Find the lines below the records (and between pages) that speak about the table."""
    found = []
    in_tail = True
    widths = filled.sum(axis=1)
    for row in reversed(rows):
        if not in_tail and widths[row] > max(2, _FEW * used):
            continue
        cells = [cell for cell in grid.rows[row] if cell is not None]
        if any(isinstance(cell, str) and is_total_label(cell) for cell in cells):
            continue
        pairs = is_pair_row(cells)
        few = len(cells) <= max(2, _FEW * used) and len(cells) < max(used, 2)
        figures = any(looks(grid.rows[row][column]) == "number" for column in numeric if column > 0)
        if figures and not pairs:
            in_tail = False
            continue
        words = all(isinstance(cell, str) and looks(cell) == "text" for cell in cells)
        stated = isinstance(cells[0], str) and _FOOTER.match(cells[0].strip()) is not None and (few or pairs)
        lone = len(cells) == 1 and used >= 3 and (len(str(cells[0])) > 30 or _blank_above(filled, row))
        if stated or (in_tail and words and ((few and pairs) or lone)):
            found.append(row)
        elif not few or not words:
            in_tail = False
    return found


def _blank_above(filled: np.ndarray, row: int) -> bool:
    """Say whether a blank row stands above, with nothing but lone lines between."""
    above = filled[:row + 1].sum(axis=1)
    others = np.flatnonzero(above != 1)
    return bool(len(others)) and int(above[others[-1]]) == 0


def _doubt_second_table(grid: Grid, numeric: np.ndarray, kinds: RowKinds) -> None:
    """Notice a row of labels after a blank row where the records hold numbers: another table below."""
    for row in kinds.records:
        if kinds.aside.get(row - 1) != "blank":
            continue
        cells = grid.rows[row]
        labelled = sum(1 for column in numeric if looks(cells[column]) == "text")
        if labelled and is_label_row(cells) and sum(cell is not None for cell in cells) >= 2:
            found = " | ".join(str(cell) for cell in cells if cell is not None)
            kinds.problems.append(Problem("sources.second_table", level="doubt", file=grid.file,
                                          sheet=grid.sheet, row=row + 1, found=found))
            return
