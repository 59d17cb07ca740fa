"""Totals among records: 合计, 小计, Grand Total, told from names that only sound like one."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import numpy as np

from salesgoals.problems import Problem
from salesgoals.sources.numbers import is_empty_mark, parse_number
from salesgoals.sources.sheet import Grid

_TOTAL_WORDS = (r"(?:本页|本月|本季度?|本年|全年|累计|数量|金额)?(?:合计|小计|总计|共计|累计|总和|汇总)"
                r"(?:金额|数量|数)?|"
                r"平均值?|均值|grandtotals?|sub-?totals?|totals?|averages?")
_TOTAL_HINT = re.compile("计|总和|汇\\s*总|均|total|average", re.IGNORECASE)
_TOTAL_EXACT = re.compile(rf"(?:{_TOTAL_WORDS})(?:[(\[（【].*[)\]）】])?[:：]?", re.IGNORECASE)
_TOTAL_AFTER = re.compile(r"(?:.*\S)?\s*(?:合计|小计|总计|累计|汇总|\b(?:Grand Total|Sub-?total|Total))s?\s*"
                          r"(?:[(（][^()（）]*[)）])?\s*[:：]?", re.IGNORECASE)
_AVERAGE = re.compile("平均|均值|average", re.IGNORECASE)
_CENT = Decimal("0.011")  # sums agree when they differ by no more than a rounded cent


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u3000\u00a0]+", "", text)


def _is_total_word(text: str) -> bool:
    return len(text) < 40 and _TOTAL_EXACT.fullmatch(_squeeze(text)) is not None


def is_total_label(text: str) -> bool:
    """Say whether a text reads like the label of a total: 合计, 小 计:, 华东小计, Grand Total.

    Examples
    --------
    >>> [is_total_label(text) for text in ("合 计：", "East Total", "合计通", "Total Care")]
    [True, True, False, False]
    """
    if _TOTAL_HINT.search(text) is None or len(text) > 60:
        return False
    return _is_total_word(text) or _TOTAL_AFTER.fullmatch(text.strip()) is not None


def find_totals(grid: Grid, filled: np.ndarray, rows: list[int], naming: np.ndarray,
                numeric: np.ndarray) -> tuple[list[int], list[Problem]]:
    """Find the rows that are totals of others, by their label, their blanks and their sums.

    Parameters
    ----------
    grid : Grid
        The cells.
    filled : bool array, rows x columns
        Where it holds anything.
    rows : list of int
        Rows that may be records, in order.
    naming, numeric : int arrays
        Columns that tell records apart, and columns of numbers.

    Returns
    -------
    totals : list of int
        Rows that are totals.
    problems : list of Problem
        Rows that may be totals but were kept; totals that do not agree with the records.
    """
    totals: list[int] = []
    problems: list[Problem] = []
    labels = _total_labels(grid, rows)
    unnamed_end = len(rows) > 2 and len(naming) and not filled[rows[-1]][naming].any()
    if not labels and not unnamed_end:
        return totals, problems
    sums = _Sums(grid, numeric.tolist())
    wrong: list[tuple[int, Decimal, Decimal]] = []
    for row in rows:
        column = labels.get(row)
        if column is None:
            if unnamed_end and row == rows[-1] and sums.is_total_of_all(row):
                totals.append(row)
            else:
                sums.add(row)
            continue
        agrees = sums.agrees(row)
        verdict = _judge_total(grid.rows[row], column, naming, agrees)
        if verdict:
            totals.append(row)
            average = _AVERAGE.search(str(grid.rows[row][column]))
            if sums.seen and sums.numbers(row) and not average and not agrees:
                wrong.append((row, *sums.compare(row)))
            sums.close(row)
            continue
        if verdict is None:
            problems.append(Problem("sources.maybe_total", level="doubt", file=grid.file, sheet=grid.sheet,
                                    row=row + 1, found=str(grid.rows[row][column]).strip()))
        sums.add(row)
    if wrong:
        row, stated, summed = wrong[-1]
        problems.append(Problem("sources.total_disagrees", level="doubt", file=grid.file, sheet=grid.sheet,
                                row=row + 1, found=str(grid.rows[row][labels[row]]).strip(),
                                count=len(wrong), stated=f"{stated:,}", summed=f"{summed:,}"))
    return totals, problems


def _total_labels(grid: Grid, rows: list[int]) -> dict[int, int]:
    """Find the cells that read like the label of a total: row -> first such column."""
    labels: dict[int, int] = {}
    for column in range(len(grid.rows[0]) - 1, -1, -1):
        words = {grid.rows[row][column] for row in rows if isinstance(grid.rows[row][column], str)}
        totals = {word for word in words if is_total_label(word)}
        if totals:
            labels.update({row: column for row in rows
                           if isinstance(grid.rows[row][column], str) and grid.rows[row][column] in totals})
    return labels


def _judge_total(cells: list[Any], column: int, naming: np.ndarray, agrees: bool) -> bool | None:
    """True: a total. False: a record whose name only sounds like one. None: cannot be told."""
    label = str(cells[column])
    others = [c for c in naming if c != column]
    after = [c for c in others if c > column]
    blank = {c for c in others
             if is_empty_mark(cells[c]) or (isinstance(cells[c], str) and is_total_label(cells[c]))}
    mostly_blank = bool(others) and 2 * len(blank) >= len(others)
    if (others and len(blank) == len(others)) or (after and blank.issuperset(after)):
        return True
    if _is_total_word(label):
        return True if agrees or mostly_blank or not others else None
    if mostly_blank or not others:
        return True if agrees else None
    return False


class _Sums:
    """Running sums of the numeric columns, with a mark after each total: what a total may be the sum of."""

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
