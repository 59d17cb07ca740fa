"""Two files that must be refused with a sentence: a pasted pivot table, and a picture named .xlsx."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import xlsxwriter

from .sales import Line
from .setting import setting
from .tally import Tally
from .workbooks import write_picture, write_workbook


def export_pivot(folder: Path, lines: list[Line]) -> Tally:
    """Write 各组月度透视.xlsx: someone pasted a pivot of 2025 instead of the list it was made from."""
    tally = Tally("各组月度透视.xlsx", "refused: pivot")
    sold: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        if line.day.year == 2025:
            sold[setting().person(line.person_id).team_on(line.day), line.day.month] += line.amount

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(2, 0, ["求和项:价税合计", "列标签"])
        sheet.write_row(3, 0, ["行标签", *(f"{month}月" for month in range(1, 13)), "总计"])
        for row, team in enumerate([*setting().departments, "总计"], 4):
            months = [sum(fen for (name, m), fen in sold.items() if m == month and team in (name, "总计"))
                      for month in range(1, 13)]
            sheet.write_row(row, 0, [team, *(fen / 100 for fen in months), sum(months) / 100])

    write_workbook(folder / tally.file, fill)
    return tally


def export_picture(folder: Path) -> Tally:
    """Write 看板截图.xlsx, which is a PNG."""
    tally = Tally("看板截图.xlsx", "refused: picture")
    write_picture(folder / tally.file)
    return tally
