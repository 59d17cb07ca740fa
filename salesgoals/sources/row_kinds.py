"""Which rows below a header are records, and which are totals, footers, repeated headers or blank."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from salesgoals.problems import Problem
from salesgoals.sources.heading import Heading, header_text
from salesgoals.sources.looks import is_label_row, is_pair_row, looks
from salesgoals.sources.numbers import is_empty_mark, parse_number
from salesgoals.sources.sheet import Grid

_TOTAL_WORDS = (r"(?:本页|本月|本季度?|本年|全年|累计|数量|金额)?(?:合计|小计|总计|共计|累计|总和|汇总)(?:金额|数量|数)?|"
                r"平均值?|均值|grandtotals?|sub-?totals?|totals?|averages?")
_TOTAL_HINT = re.compile("计|总和|汇\\s*总|均|total|average", re.IGNORECASE)
_TOTAL_EXACT = re.compile(rf"(?:{_TOTAL_WORDS})(?:[(\[（【].*[)\]）】])?[::]?", re.IGNORECASE)
_TOTAL_AFTER = re.compile(r"(?:.*\S)?\s*(?:合计|小计|总计|累计|汇总|\b(?:Grand Total|Sub-?total|Total))s?\s*"
                          r"(?:[(（][^()（）]*[)）])?\s*[::]?", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:制表|制单|填表|填报|编制|审核|审批|复核|批准|经办|导出|打印|生成|统计|查询|报表|数据)(?:人|员|者|时间|日期|单位|部门|范围|条件|来源|截止|截至)|"
    r"(?:单位|部门|财务|销售)?(?:负责人|主管|经理)\s*[::]|(?:制表|制单|审核|复核|批准|备注|说明|附注|注)\s*[::]|注\d|※|\*{1,3}\s?\D|"
    r"第\s*\d+\s*页|共\s*\d+\s*[条行页项]|以上(?:数据|为|均|金额)|"
    r"Confidential\b|Copyright\b|©|\(c\)|(?:Generated|Exported|Printed|Prepared|Approved) (?:by|on|at|from)\b|"
    r"(?:Source|Notes?|Remarks?)\s*[::]|Page\s+\d|Report (?:generated|date|run|as of)\b|As of\s|Filter(?:ed by|s?\s*[::])|"
    r"Total records\b|\d+ (?:rows|records)\b", re.IGNORECASE)
_AVERAGE = re.compile("平均|均值|average", re.IGNORECASE)
_FEW = 0.5               # a footer fills at most this share of the columns
_CENT = Decimal("0.011")  # sums agree when they differ by no more than a rounded cent


@dataclass
class RowKinds:
    """The rows below the header, sorted; rows count from 0."""

    records: list[int] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)     # row -> reason
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Profile:
    """What the columns of the body mostly hold."""

    numeric: np.ndarray     # mostly numbers
    naming: np.ndarray      # mostly filled, with words, codes or dates: what tells records apart


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
    widths = filled.sum(axis=1)
    kinds.aside.update(dict.fromkeys((np.flatnonzero(widths[first:] == 0) + first).tolist(), "blank"))
    kinds.aside.update(_repeats(grid, filled, heading, first))
    open_rows = [row for row in range(first, len(grid.rows)) if row not in kinds.aside]
    profile = _profile(grid, filled, open_rows)
    used = sum(1 for name in heading.names if name)
    footers = _footers(grid, filled, open_rows, kinds, profile, used)
    kinds.aside.update(dict.fromkeys(footers, "footer"))
    open_rows = [row for row in open_rows if row not in kinds.aside]
    _set_totals_aside(grid, filled, open_rows, profile, kinds)
    kinds.records = [row for row in open_rows if row not in kinds.aside]
    _doubt_second_table(grid, profile, kinds)
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
        for row in np.flatnonzero(filled.sum(axis=1) <= max(map(len, titles))):
            if row >= first and tuple(cell for cell in grid.rows[row] if cell is not None) in titles:
                found[int(row)] = "title"
    return found


def _profile(grid: Grid, filled: np.ndarray, rows: list[int]) -> _Profile:
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
    return _Profile(numeric, naming)


# ---- footers

def _footers(grid: Grid, filled: np.ndarray, rows: list[int], kinds: RowKinds, profile: _Profile,
             used: int) -> list[int]:
    """Find the lines below the records (and between pages) that speak about the table."""
    found = []
    in_tail = True
    widths = filled.sum(axis=1)
    for row in reversed(rows):
        if not in_tail and widths[row] > max(2, _FEW * used):
            continue
        cells = [cell for cell in grid.rows[row] if cell is not None]
        if any(isinstance(cell, str) and _is_total_label(cell) for cell in cells):
            continue
        pairs = is_pair_row(cells)
        few = len(cells) <= max(2, _FEW * used) and len(cells) < max(used, 2)
        figures = any(looks(grid.rows[row][column]) == "number"
                      for column in np.flatnonzero(filled[row] & profile.numeric) if column > 0)
        if figures and not pairs:
            in_tail = False
            continue
        words = all(isinstance(cell, str) and looks(cell) == "text" for cell in cells)
        stated = isinstance(cells[0], str) and _FOOTER.match(cells[0].strip()) is not None and (few or pairs)
        lone = len(cells) == 1 and used >= 3 and (len(str(cells[0])) > 30 or _blank_above(filled, row))
        if stated or (in_tail and words and (few and pairs or lone)):
            found.append(row)
        elif not few or not words:
            in_tail = False
    return found


def _blank_above(filled: np.ndarray, row: int) -> bool:
    """Say whether a blank row stands above, with nothing but lone lines between."""
    while row > 0 and filled[row].sum() == 1:
        row -= 1
    return not filled[row].any()


# ---- totals

def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u3000\u00a0]+", "", text)


def _is_total_word(text: str) -> bool:
    return len(text) < 40 and _TOTAL_EXACT.fullmatch(_squeeze(text)) is not None


def _is_total_label(text: str) -> bool:
    return _TOTAL_HINT.search(text) is not None and len(text) < 60 and (_is_total_word(text) or _TOTAL_AFTER.fullmatch(text.strip()) is not None)


def _set_totals_aside(grid: Grid, filled: np.ndarray, rows: list[int], profile: _Profile,
                      kinds: RowKinds) -> None:
    labels = _total_labels(grid, rows)
    naming = np.flatnonzero(profile.naming)
    unnamed_end = len(rows) > 2 and len(naming) and not filled[rows[-1]][naming].any()
    if not labels and not unnamed_end:
        return
    sums = _Sums(grid, np.flatnonzero(profile.numeric).tolist())
    wrong: list[tuple[int, Decimal, Decimal]] = []
    for row in rows:
        column = labels.get(row)
        if column is None:
            if unnamed_end and row == rows[-1] and sums.is_total_of_all(row):
                kinds.aside[row] = "subtotal"
            else:
                sums.add(row)
            continue
        agrees = sums.agrees(row)
        verdict = _judge_total(grid.rows[row], column, naming, agrees)
        if verdict:
            kinds.aside[row] = "subtotal"
            if not agrees and sums.seen and sums.numbers(row) and not _AVERAGE.search(str(grid.rows[row][column])):
                wrong.append((row, *sums.compare(row)))
            sums.close(row)
            continue
        if verdict is None:
            kinds.problems.append(Problem("sources.maybe_total", level="doubt", file=grid.file, sheet=grid.sheet,
                                          row=row + 1, found=str(grid.rows[row][column]).strip()))
        sums.add(row)
    if wrong:
        row, stated, summed = wrong[-1]
        kinds.problems.append(Problem("sources.total_disagrees", level="doubt", file=grid.file, sheet=grid.sheet,
                                      row=row + 1, found=str(grid.rows[row][labels[row]]).strip(),
                                      count=len(wrong), stated=f"{stated:,}", summed=f"{summed:,}"))


def _total_labels(grid: Grid, rows: list[int]) -> dict[int, int]:
    """Find the cells that read like the label of a total: row -> first such column."""
    labels: dict[int, int] = {}
    for column in range(len(grid.rows[0]) - 1, -1, -1):
        words = {grid.rows[row][column] for row in rows if isinstance(grid.rows[row][column], str)}
        totals = {word for word in words if _is_total_label(word)}
        if totals:
            labels.update({row: column for row in rows
                           if isinstance(grid.rows[row][column], str) and grid.rows[row][column] in totals})
    return labels


def _judge_total(cells: list[Any], column: int, naming: np.ndarray, agrees: bool) -> bool | None:
    """True: a total. False: a record whose name only sounds like one. None: cannot be told."""
    label = str(cells[column])
    others = [c for c in naming if c != column]
    after = [c for c in others if c > column]
    blank = {c for c in others if is_empty_mark(cells[c]) or (isinstance(cells[c], str) and _is_total_label(cells[c]))}
    mostly_blank = bool(others) and 2 * len(blank) >= len(others)
    if (others and len(blank) == len(others)) or (after and blank.issuperset(after)):
        return True
    if _is_total_word(label):
        return True if agrees or mostly_blank or not others else None
    if mostly_blank or not others:
        return True if agrees else None
    return False


class _Sums:
    """Running sums of the numeric columns, with a mark after each total: what a total row may be the sum of."""

    def __init__(self, grid: Grid, columns: list[int]) -> None:
        self.grid, self.columns = grid, columns
        self.whole = dict.fromkeys(columns, Decimal(0))
        self.marks = [dict(self.whole)]
        self.seen = 0

    def numbers(self, row: int) -> dict[int, Decimal]:
        read = {column: _number(self.grid.rows[row][column]) for column in self.columns}
        return {column: number for column, number in read.items() if number}

    def add(self, row: int) -> None:
        self.seen += 1
        for column, number in self.numbers(row).items():
            self.whole[column] += number

    def _mark_of(self, row: int) -> int | None:
        """Find the last mark since which the records add up to this row in some column."""
        numbers = self.numbers(row)
        for place in [*range(len(self.marks) - 1, max(0, len(self.marks) - 60), -1), 0]:
            mark = self.marks[place]
            if any(abs(self.whole[c] - mark[c] - number) <= _CENT for c, number in numbers.items()):
                return place
        return None

    def agrees(self, row: int) -> bool:
        return self.seen > 0 and self._mark_of(row) is not None

    def is_total_of_all(self, row: int) -> bool:
        numbers = self.numbers(row)
        return bool(numbers) and all(abs(self.whole[c] - number) <= _CENT for c, number in numbers.items())

    def close(self, row: int) -> None:
        """Begin a new part; a total of a higher level ends all parts within it."""
        place = self._mark_of(row)
        if place is not None:
            del self.marks[place + 1:]
        self.marks.append(dict(self.whole))

    def compare(self, row: int) -> tuple[Decimal, Decimal]:
        """Give the largest number of a total row, and the sum of records that comes nearest to it."""
        column, stated = max(self.numbers(row).items(), key=lambda item: abs(item[1]))
        sums = [self.whole[column] - mark[column] for mark in (self.marks[-1], self.marks[0])]
        return stated, min(sums, key=lambda summed: abs(summed - stated))


def _number(cell: Any) -> Decimal | None:
    if isinstance(cell, bool) or cell is None or isinstance(cell, dt.date | dt.time | dt.timedelta):
        return None
    if isinstance(cell, str):
        return None if is_empty_mark(cell) else parse_number(cell)[0]
    number = cell if isinstance(cell, Decimal) else Decimal(repr(cell))
    return number if number.is_finite() else None


def _doubt_second_table(grid: Grid, profile: _Profile, kinds: RowKinds) -> None:
    """Notice a row of labels after a blank row where the records hold numbers: another table below."""
    for row in kinds.records:
        if kinds.aside.get(row - 1) != "blank":
            continue
        cells = grid.rows[row]
        labelled = sum(1 for column in np.flatnonzero(profile.numeric) if looks(cells[column]) == "text")
        if labelled and is_label_row(cells) and sum(cell is not None for cell in cells) >= 2:
            kinds.problems.append(Problem("sources.second_table", level="doubt", file=grid.file, sheet=grid.sheet,
                                          row=row + 1, found=" | ".join(str(c) for c in cells if c is not None)))
            return
