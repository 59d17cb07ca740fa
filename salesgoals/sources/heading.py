"""Where the header stands: below titles, over one row or several, merged or not, or nowhere at all."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesgoals.sources.looks import is_label_row, is_pair_row, looks
from salesgoals.sources.sheet import Grid, Merge
from salesgoals.words import say

MOST_TITLES = 60
MOST_HEADER_ROWS = 4
_ENOUGH = 0.6           # share of the columns in use that one header row must name
_UNIT_WORDS = re.compile(r"[(（]?(?:亿元|万元|千元|百万元|元|%|％|台|件|个|套|箱|人|吨|次|户|天|"
                         r"USD|RMB|CNY|pcs|units?)[)）]?")


@dataclass
class Heading:
    """The header of a table; rows count from 0."""

    top: int
    bottom: int
    names: list[str]      # one for each column of the grid, "" where it names none


def find_heading(grid: Grid, filled: np.ndarray) -> Heading | None:
    """Find the header rows of a grid.

    Parameters
    ----------
    grid : Grid
        Rows of equal length.
    filled : bool array, rows x columns
        Where the grid holds anything.

    Returns
    -------
    Heading or None
        None where records begin without any header.
    """
    starts = [row for row in np.flatnonzero(filled.any(axis=1)) if row not in grid.titles][:MOST_TITLES]
    below = filled.sum(axis=0) - np.cumsum(filled, axis=0)
    for row in starts:
        used = below[row] > 0.02 * max(1, int(below[row].max(initial=0)))
        nothing_follows = not used.any()
        if nothing_follows:
            used = filled[row]
        cells = grid.rows[row]
        covers = float((filled[row] & used).sum() / used.sum())
        several = int(filled[row].sum()) > 1 or (int(used.sum()) == 1 and not nothing_follows)
        if is_pair_row(cells) and covers < 1:
            continue
        if is_label_row(cells) or _names_one_year(grid, int(row)):
            if (covers >= _ENOUGH and several) or _starts_double(grid, filled, int(row), used):
                return _grow(grid, filled, int(row), used)
        elif covers >= _ENOUGH and several:
            return None
    return None


def _names_one_year(grid: Grid, row: int) -> bool:
    """Accept a header such as 产品 | 2024: a lone year over figures that are no years."""
    cells = grid.rows[row]
    years = [column for column, cell in enumerate(cells) if looks(cell) == "period" and str(cell).isdecimal()]
    others = [cell for column, cell in enumerate(cells) if column not in years]
    if len(years) != 1 or not is_label_row(others):
        return False
    below = [looks(line[years[0]]) for line in grid.rows[row + 1:row + 50]]
    return below.count("number") > below.count("period")


def _starts_double(grid: Grid, filled: np.ndarray, row: int, used: np.ndarray) -> bool:
    """Spot a header of two rows of which neither names most columns alone."""
    if row + 1 >= len(grid.rows) or filled[row].sum() < 2 or not is_label_row(grid.rows[row + 1]):
        return False
    either = (filled[row] | filled[row + 1]) & used
    below_only = filled[row + 1] & ~filled[row]
    holes_below = not filled[row + 1][filled[row]].all()
    return bool(either.sum() >= 0.9 * used.sum() and below_only.any() and holes_below)


def _grow(grid: Grid, filled: np.ndarray, row: int, used: np.ndarray) -> Heading:
    top = bottom = row
    while bottom + 1 < len(grid.rows) and bottom - top + 1 < MOST_HEADER_ROWS \
            and _continues(grid, filled, top, bottom, used):
        bottom += 1
    while top > 0 and bottom - top + 1 < MOST_HEADER_ROWS and _precedes(grid, filled, top, bottom, used):
        top -= 1
    return Heading(top, bottom, _names(grid, filled, top, bottom))


def _continues(grid: Grid, filled: np.ndarray, top: int, bottom: int, used: np.ndarray) -> bool:
    """Say whether the row below the header still belongs to it."""
    row = bottom + 1
    here = filled[row]
    if not here.any():
        return False
    if any(r0 <= bottom and r0 >= top and r1 >= row for r0, _, r1, _ in grid.merges):
        return True
    words = [cell for cell in grid.rows[row] if cell is not None]
    if all(isinstance(cell, str) and _UNIT_WORDS.fullmatch(cell.strip()) for cell in words):
        return True
    if not is_label_row(grid.rows[row]):
        return False
    groups = [merge for merge in grid.merges if top <= merge[0] <= bottom and merge[3] > merge[1]]
    if groups and all(any(c0 <= column <= c1 for _, c0, _, c1 in groups) for column in np.flatnonzero(here)):
        return True
    holes = used & ~filled[top:row].any(axis=0)
    allowed = holes.copy()
    allowed[:-1] |= holes[1:]    # the first column under a group's own name
    return bool((here & holes).any() and not (here & ~allowed).any() and not here[np.argmax(used)])


def _precedes(grid: Grid, filled: np.ndarray, top: int, bottom: int, used: np.ndarray) -> bool:
    """Say whether the row above the header belongs to it: names of groups, or of columns blank below."""
    row = top - 1
    cells, here = grid.rows[row], filled[row]
    if row in grid.titles or not here.any() or not is_label_row(cells) or is_pair_row(cells):
        return False
    if any(r0 == row and r1 >= top for r0, _, r1, _ in grid.merges):
        return True
    holes = used & ~filled[top:bottom + 1].any(axis=0)
    if (here & holes).any() and here.sum() >= 2:
        return True
    groups = [merge for merge in grid.merges if merge[0] == row and merge[3] > merge[1]]
    first = int(np.argmax(used))
    if groups and not here[first] and all(c1 - c0 + 1 < 0.8 * used.sum() for _, c0, _, c1 in groups):
        return True
    before = [name for name in _names(grid, filled, top, bottom) if name]
    after = [name for name in _names(grid, filled, row, bottom) if name]
    return here.sum() >= 2 and len(set(before)) < len(before) and len(set(after)) == len(after)


def _names(grid: Grid, filled: np.ndarray, top: int, bottom: int) -> list[str]:
    """Join the header rows column by column: "销售额 / 1月"."""
    width = filled.shape[1]
    parts: list[list[str]] = [[] for _ in range(width)]
    merges = [merge for merge in grid.merges if merge[0] <= bottom and merge[2] >= top]
    for row in range(top, bottom + 1):
        lower = np.asarray(filled[row + 1:bottom + 1].any(axis=0))
        line = [header_text(cell) for cell in grid.rows[row]]
        for column, text in enumerate(_spread(line, lower, row, merges)):
            if not text or (parts[column] and parts[column][-1] == text):
                continue
            if parts[column] and _UNIT_WORDS.fullmatch(text):
                parts[column][-1] += text if text[0] in "(（" else f"({text})"
            else:
                parts[column].append(text)
    return [" / ".join(texts) for texts in parts]


def _spread(line: list[str], lower: np.ndarray, row: int, merges: list[Merge]) -> list[str]:
    """Carry the name of a group to all its columns: by its merged cell, else over the blanks to its right."""
    spread = list(line)
    merged = [merge for merge in merges if merge[0] <= row <= merge[2] and merge[3] > merge[1]]
    for r0, c0, _, c1 in merged:
        if r0 == row and c0 < len(line):
            for column in range(c0, min(c1 + 1, len(spread))):
                spread[column] = line[c0]
    if not merged:
        for column in range(1, len(spread)):
            if not line[column] and lower[column] and lower[column - 1] and spread[column - 1]:
                spread[column] = spread[column - 1]
    return spread


def header_text(cell: Any) -> str:
    """Write a header cell as a name: line breaks and runs of spaces closed, months as 2025-01.

    Examples
    --------
    >>> header_text("销售额\\n(万元)"), header_text(dt.datetime(2025, 1, 1)), header_text(" Close  Date ")
    ('销售额(万元)', '2025-01', 'Close Date')
    """
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    text = str(cell).strip().replace("\u200b", "").replace("\ufeff", "")
    text = re.sub(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*|\s*[\r\n]+\s*(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text).strip()


def unique_names(names: list[str], numbers: list[int]) -> list[str]:
    """Make column names unique: a second 金额 becomes "金额 (2)"; a blank one is called by its place.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     unique_names(["金额", "金额", ""], [0, 1, 2])
    ['金额', '金额 (2)', 'column 3']
    """
    taken: set[str] = set()
    unique = []
    for name, number in zip(names, numbers, strict=True):
        base = name or say("sources.unnamed_column", n=number + 1)
        candidate, count = base, 1
        while candidate in taken or (candidate != base and candidate in names):
            count += 1
            candidate = f"{base} ({count})"
        taken.add(candidate)
        unique.append(candidate)
    return unique
