"""What reading gives: sheets of cells, the rows set aside, and what was noticed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; all from 0
ASIDE_COLUMNS = ["row", "reason", "text", "cells"]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One list of records as it stands in a file: every cell as written, every row accounted for.

    ``len(cells) + len(aside)`` plus the header rows is the number of rows of the source, up to its last
    row that holds anything.
    """

    file: str                 # name only
    sheet: str | None         # name of the worksheet, None where the format has none
    columns: list[str]        # unique header texts
    cells: pd.DataFrame       # dtype object: text as written, numbers, datetimes; None where empty
    rows: np.ndarray          # row number in the source (from 1) of each line of cells
    header_row: int           # last row of the header (from 1; 0 where the format keeps names apart)
    aside: pd.DataFrame       # row, reason (title|blank|subtotal|footer|repeated_header), text, cells
    encoding: str | None = None
    delimiter: str | None = None
    problems: list[Problem] = field(default_factory=list)
    unit: str | None = None   # unit of amounts that a title row states, such as "万元"
    header_rows: int = 1      # how many rows the header takes


@dataclass(frozen=True, eq=False)
class Reading:
    """All lists found in one file, and what concerns the file as a whole."""

    sheets: list[Sheet]
    problems: list[Problem]


@dataclass(eq=False)
class Grid:
    """Raw cells of one worksheet, before anybody knows which row is the header."""

    file: str
    sheet: str | None
    rows: list[list[Any]]
    merges: list[Merge] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    problems: list[Problem] = field(default_factory=list)
    titles: set[int] = field(default_factory=set)   # rows (from 0) known to stand outside the table
    lengths: list[int] = field(default_factory=list)  # cells of each line of a text file, before padding


def tidy_cell(value: Any) -> Any:
    """Give a cell its plain form: nothing as None, whole floats as int, dates as datetime, text untouched."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


def aside_table(lines: list[tuple[int, str, list[Any]]]) -> pd.DataFrame:
    """List the rows that are not records: row number, reason, their text and their cells."""
    ordered = sorted(lines, key=lambda line: line[0])
    frame = pd.DataFrame({
        "row": np.array([row for row, _, _ in ordered], dtype="int64"),
        "reason": pd.Series([reason for _, reason, _ in ordered], dtype="str"),
        "text": pd.Series([" | ".join(str(c) for c in cells if c is not None) for _, _, cells in ordered],
                          dtype="str"),
        "cells": pd.Series([list(cells) for _, _, cells in ordered], dtype="object"),
    })
    return frame[ASIDE_COLUMNS]


def name_rows(numbers: list[int], most: int = 8) -> str:
    """Write row numbers for a sentence, the first few of many.

    Examples
    --------
    >>> name_rows([3, 7, 9], most=2)
    '3, 7, ...'
    """
    return ", ".join(map(str, numbers[:most])) + (", ..." if len(numbers) > most else "")
