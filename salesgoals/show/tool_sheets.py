"""The empty score sheet: requirements, criteria and systems to fill in, one worksheet a rater."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from salesgoals.choosing.cost import COST_COLUMNS
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say
from salesgoals.workspace import writing

CRITERIA = ("roll_up", "own_data", "ease", "trail", "warning", "price")
MUSTS = ("get_out", "own_rows")
LETTERS = "ABC"
RATERS, STEPS = 3, 6
INK, LINE, PAPER, INPUT = "#1F2933", "#D9DEE4", "#F1F3F5", "#FFF3BF"
LOOKS = {"title": {"bold": True, "font_size": 16, "font_color": INK},
         "text": {"font_color": INK, "text_wrap": True, "valign": "top"},
         "cell": {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "vcenter"},
         "head": {"border": 1, "border_color": LINE, "bold": True, "bg_color": PAPER, "text_wrap": True},
         "open": {"border": 1, "border_color": LINE, "bg_color": INPUT, "valign": "vcenter"}}


def write_score_sheet(path: str | Path, tools: Sequence[str] = ()) -> Path:
    """Write an empty score sheet: suggested requirements and criteria, yellow cells for everything else.

    Parameters
    ----------
    path : str or Path
        Ends with .xlsx (one worksheet for each of three raters, and one for costs) or .csv (one rater).
    tools : sequence of str, optional
        Names of the systems to compare; by default three to be named.

    Returns
    -------
    Path
        The file; one that is there already is never overwritten. Weights stay empty on purpose.
    """
    target = Path(path)
    names = [str(name).strip() for name in tools] or [say("tools.sheet_tool", letter=letter)
                                                      for letter in LETTERS]
    problems = []
    if target.suffix.lower() not in (".xlsx", ".csv"):
        problems.append(Problem("tools.file_kind", found=target.name))
    elif target.exists():
        problems.append(Problem("tools.file_exists", found=target.name))
    if not all(names) or len(set(names)) < len(names):
        problems.append(Problem("tools.tools_named", found=", ".join(names)))
    if problems:
        raise SalesgoalsError(problems)
    with writing(target) as draft:
        if target.suffix.lower() == ".csv":
            with draft.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(_rows(names))
        else:
            _write_book(draft, names)
    return target


def _rows(names: list[str]) -> list[list[str]]:
    """Return heads, requirements and criteria, as they stand on every rater's sheet."""
    empty = [""] * len(names)
    return [[say("tools.head_criterion"), say("tools.head_weight"), say("tools.head_meaning"), *names],
            *([say(f"tools.must_{code}"), say("tools.must_word"), "", *empty] for code in MUSTS),
            *([say(f"tools.criterion_{code}"), "", say(f"tools.means_{code}"), *empty] for code in CRITERIA)]


def _write_book(path: Path, names: list[str]) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    looks = {name: book.add_format(look) for name, look in LOOKS.items()}
    cover = book.add_worksheet(say("tools.sheet_cover"))
    cover.hide_gridlines(2)
    cover.set_column(0, 0, 3)
    cover.set_column(1, 1, 96)
    cover.write_string(1, 1, say("tools.sheet_title"), looks["title"])
    for step in range(1, STEPS + 1):
        cover.write_string(2 + step, 1, f"{step}. {say(f'tools.sheet_step_{step}')}", looks["text"])
        cover.set_row(2 + step, 33)
    for number in range(1, RATERS + 1):
        _write_rater(book.add_worksheet(say("tools.sheet_rater", n=number)), names, number == 1, looks)
    costs = book.add_worksheet(say("tools.sheet_costs"))
    costs.set_column(0, len(COST_COLUMNS) - 1, 22)
    for place, name in enumerate(COST_COLUMNS):
        costs.write_string(0, place, say(f"tools.head_{name}"), looks["head"])
    for row, name in enumerate(names, 1):
        costs.write_string(row, 0, name, looks["cell"])
        for place in range(1, len(COST_COLUMNS)):
            costs.write_blank(row, place, None, looks["open"])
    book.close()


def _write_rater(sheet: Any, names: list[str], first: bool, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 44)
    sheet.set_column(3, 2 + len(names), 15)
    rows = _rows(names)
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            weight = place == 1 and first     # decided once: on the sheets of the others it may stay empty
            if text:
                sheet.write_string(at, place, text, looks["head" if at == 0 else "cell"])
            else:
                sheet.write_blank(at, place, None, looks["open" if place > 2 or weight else "cell"])
    last = 2 + len(names)
    sheet.data_validation(1, 3, len(MUSTS), last, {
        "validate": "list", "source": [say("lesson.yes"), say("lesson.no")], "ignore_blank": True})
    sheet.data_validation(1 + len(MUSTS), 3, len(rows) - 1, last, {
        "validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 5, "ignore_blank": True})
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
