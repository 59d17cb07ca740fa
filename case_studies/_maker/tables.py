"""How each export is written: text files in three encodings, and workbooks as an ERP prints them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "data" / "samples"))

from _make.workbooks import write_workbook

FULL_WIDTH = {ord("."): chr(0xFF0E)} | {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
Rows = list[list[Any]]


def write_text(path: Path, head: Sequence[str], rows: Rows, encoding: str = "utf-8", sign: str = ",",
               footer: Sequence[str] = ()) -> None:
    """Write a table as text; a footer stands in the first column below it."""
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=sign, lineterminator="\n" if sign == "\t" else "\r\n")
        table.writerow(head)
        table.writerows(rows)
        table.writerows([line] for line in footer)


def write_ledger(path: Path, title: str, head: Sequence[str], rows: Rows, months: Sequence[int], money: int,
                 footer: str) -> None:
    """Write a workbook with a title, a subtotal after each month, a total and who made it."""
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("明细")
        bold = book.add_format({"bold": True, "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, len(head) - 1, title, bold)
        sheet.write_row(1, 0, head, bold)
        place, total = 2, 0
        for _, group in groupby(zip(months, rows, strict=True), key=lambda pair: pair[0]):
            listed = [row for _, row in group]
            for row in listed:
                _write_row(sheet, place, row, day)
                place += 1
            month = sum(row[money] for row in listed if isinstance(row[money], int))
            sheet.write(place, 0, "小计", bold)
            sheet.write_number(place, money, month)
            place, total = place + 1, total + month
        sheet.write(place, 0, "合计", bold)
        sheet.write_number(place, money, total)
        sheet.write(place + 1, 0, footer)
        sheet.set_column(0, len(head) - 1, 13)

    write_workbook(path, fill)


def _write_row(sheet: Any, place: int, row: Sequence[Any], day: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, pd.Timestamp):
            sheet.write_datetime(place, column, value.to_pydatetime(), day)
        elif isinstance(value, str):
            sheet.write_string(place, column, value)
        elif value is not None and value == value:
            sheet.write_number(place, column, value)


def write_sheets(path: Path, sheets: dict[str, tuple[str, Sequence[str], Rows]]) -> None:
    """Write a workbook of plain sheets: name -> title line (may be empty), head, rows."""
    def fill(book: Any) -> None:
        bold = book.add_format({"bold": True, "border": 1})
        day = book.add_format({"num_format": "yyyy/m/d"})
        for name, (title, head, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            first = 0
            if title:
                sheet.merge_range(0, 0, 0, len(head) - 1, title, bold)
                first = 1
            sheet.write_row(first, 0, head, bold)
            for place, row in enumerate(rows, first + 1):
                _write_row(sheet, place, row, day)
            sheet.set_column(0, len(head) - 1, 12)

    write_workbook(path, fill)


Writer = Callable[[Path], None]
