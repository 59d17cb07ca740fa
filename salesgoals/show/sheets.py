"""Claim sheets in Excel: handed out to teams, filled in anywhere, read back without trusting them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from salesgoals.claims import claim_board, levels_of, proposal_of
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.numbers import format_exact, name_span
from salesgoals.words import say
from salesgoals.workspace import Workspace, writing

BY = ("team", "all")
HEAD_ROW = 3  # from 0: title, hint, empty line, header
MOST_LETTERS = 31  # of a worksheet's name
STEPS = 6
INK, LINE, PAPER, INPUT = "#1F2933", "#D9DEE4", "#F1F3F5", "#FFF3BF"
#: column -> width
WIDTHS = {"key": 4, "person_id": 11, "person": 13, "department": 14, "team": 14, "last_12": 15,
          "proposal": 15, "chance": 10, "base": 13, "target": 13, "stretch": 13, "claim": 17, "reason": 46}


def write_claim_sheets(workspace: Workspace, folder: str | Path, by: str = "team") -> list[Path]:
    """Write claim sheets for everybody in the plan: a cover, then a row for each person with yellow cells.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    folder : str or Path
        Where the workbooks go; made if it is not there.
    by : str
        ``team``: one workbook for each team, with no other team's rows; ``all``: one for the company.

    Returns
    -------
    list of Path
        The workbooks. Texts are written as texts: no name in them can become a formula.
    """
    if by not in BY:
        raise SalesgoalsError(Problem("claims.sheets_by", found=by))
    people = _people(workspace)
    groups: list[tuple[str, pd.DataFrame]] = [(say("claims.sheets_everybody"), people)]
    if by == "team":
        groups = [(" ".join(dict.fromkeys(str(name) for name in pair if str(name))), group)
                  for pair, group in people.groupby(["department", "team"], sort=False)]
    written = []
    for name, group in groups:
        target = Path(folder) / f"{_file_name(say('claims.sheets_file', name=name))}.xlsx"
        while target in written:  # two names may differ only in letters that no file may have
            target = target.with_name(f"{target.stem}_.xlsx")
        with writing(target) as draft:
            _write_book(draft, workspace, name, group.reset_index(drop=True))
        written.append(target)
    return written


def _people(workspace: Workspace) -> pd.DataFrame:
    board = claim_board(workspace)
    people = board[["person_id", "person", "department", "team", "last_12", "proposed", "claimed", "why",
                    "chance"]].rename(columns={"proposed": "proposal", "claimed": "claim", "why": "reason"})
    levels = levels_of(workspace)
    known = [name for name in ("base", "target", "stretch") if name in levels]
    people = people.merge(levels[["person_id", *known]], on="person_id", how="left") if known else people
    return people.sort_values(["department", "team", "person_id"], ignore_index=True)


def _file_name(name: str) -> str:
    return re.sub(r"[\x00-\x1f<>:\"/\\|?*]+", "_", name).strip(" .")[:80] or "_"


def _write_book(path: Path, workspace: Workspace, name: str, people: pd.DataFrame) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": say("claims.sheets_file", name=name)})
    _write_cover(book, workspace, name)
    _write_people(book, workspace, name, people)
    book.close()


def _write_cover(book: Any, workspace: Workspace, name: str) -> None:
    sheet = book.add_worksheet(say("claims.sheet_cover"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 96)
    proposal = proposal_of(workspace)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
    text = book.add_format({"text_wrap": True, "valign": "top", "font_color": INK, "font_size": 11})
    sheet.write_string(1, 1, say("claims.cover_title", name=name), title)
    months = name_span(*proposal.span)
    about = say("claims.cover_about", company=workspace.settings.company, months=months)
    sheet.write_string(2, 1, about, text)
    for step in range(1, STEPS + 1):
        words = say(f"claims.cover_step_{step}", unit=format_exact(proposal.unit),
                    currency=workspace.settings.currency)
        sheet.write_string(3 + step, 1, f"{step}. {words}", text)
        sheet.set_row(3 + step, 33)
    sheet.protect("", {"format_columns": True})


def _write_people(book: Any, workspace: Workspace, name: str, people: pd.DataFrame) -> None:
    sheet = book.add_worksheet(_sheet_name(say("claims.sheet_claims")))
    sheet.activate()
    proposal, currency = proposal_of(workspace), workspace.settings.currency
    marked = proposal.sheet
    columns = ["key", *(column for column in WIDTHS if column in people)]
    made = _formats(book)
    sheet.write_string(0, 1, say("claims.cover_title", name=name), made["title"])
    sheet.write_string(1, 1, say("claims.sheet_hint", unit=format_exact(proposal.unit), currency=currency),
                       made["quiet"])
    for place, column in enumerate(columns):
        hidden = {"hidden": True} if column == "key" else {}
        sheet.set_column(place, place, WIDTHS[column], None, hidden)
        sheet.write_string(HEAD_ROW, place, say(f"claims.sheet_{column}", currency=currency), made["head"])
    sheet.set_row(HEAD_ROW, 33)
    for line, row in enumerate(people.itertuples(index=False), HEAD_ROW + 1):
        values = {**row._asdict(), "key": marked.key(row.person_id, len(people))}
        for place, column in enumerate(columns):
            _write_cell(sheet, line, place, column, values[column], made)
    _write_sums(sheet, columns, people, made)
    _guard(sheet, columns, people, proposal.unit)


def _formats(book: Any) -> dict[str, Any]:
    edge = {"border": 1, "border_color": LINE, "font_color": INK, "valign": "vcenter"}
    whole = {**edge, "num_format": "#,##0"}
    return {name: book.add_format(look) for name, look in {
        "title": {"bold": True, "font_size": 14, "font_color": INK},
        "quiet": {"font_color": "#52606D"},
        "head": {**edge, "bold": True, "bg_color": PAPER, "text_wrap": True},
        "text": edge, "money": whole, "chance": {**edge, "num_format": "0%"},
        "claim": {**whole, "bg_color": INPUT, "locked": False},
        "reason": {**edge, "bg_color": INPUT, "locked": False, "text_wrap": True},
        "sum": {**edge, "bold": True, "bg_color": PAPER},
        "sum_money": {**whole, "bold": True, "bg_color": PAPER}}.items()}


def _write_cell(sheet: Any, line: int, place: int, column: str, value: Any, made: dict[str, Any]) -> None:
    if column in ("last_12", "proposal", "base", "target", "stretch", "chance", "claim"):
        look = made[column] if column in ("chance", "claim") else made["money"]
        if pd.isna(value):
            sheet.write_blank(line, place, None, look)  # blank is not zero
        else:
            sheet.write_number(line, place, round(float(value), 2 if column == "chance" else 0), look)
    else:
        text = "" if value is None or value != value else str(value)
        look = made["reason"] if column == "reason" else made["text"]
        sheet.write_string(line, place, text, look) if text else sheet.write_blank(line, place, None, look)


def _write_sums(sheet: Any, columns: list[str], people: pd.DataFrame, made: dict[str, Any]) -> None:
    line = HEAD_ROW + 1 + len(people)
    for place, column in enumerate(columns):
        if column in ("last_12", "proposal", "claim"):
            top, bottom = (xlsxwriter.utility.xl_rowcol_to_cell(at, place) for at in (HEAD_ROW + 1, line - 1))
            known = people[column].fillna(0).sum()
            sheet.write_formula(line, place, f"=SUM({top}:{bottom})", made["sum_money"], round(float(known)))
        elif column == "person_id":
            sheet.write_string(line, place, say("claims.sheet_sum"), made["sum"])
        elif column != "key":
            sheet.write_blank(line, place, None, made["sum"])


def _guard(sheet: Any, columns: list[str], people: pd.DataFrame, unit: int) -> None:
    """Help whoever fills it in: only the yellow cells are open, and they say what belongs there."""
    claim, last = columns.index("claim"), HEAD_ROW + len(people)
    sheet.data_validation(HEAD_ROW + 1, claim, last, claim, {
        "validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True, "error_type": "warning",
        "input_title": say("claims.input_title"), "input_message": say("claims.input_message", unit=unit),
        "error_title": say("claims.input_title"), "error_message": say("claims.input_message", unit=unit)})
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.freeze_panes(HEAD_ROW + 1, columns.index("person") + 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", "_", name)[:MOST_LETTERS]
