"""The sheet of a retrospective in Excel: facts to read, yellow cells to fill in, read back by the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from salesgoals.looping.session import AGREED, KINDS, STATES, Session
from salesgoals.looping.sheet_back import DUE, NEW, SHEETS, key_of
from salesgoals.marks import mark
from salesgoals.show.numbers import format_money
from salesgoals.words import all_words, say
from salesgoals.workspace import Workspace, writing

HEAD_ROW = 3  # from 0: title, hint, empty line, header
STEPS = 5
EMPTY_DECISIONS, EMPTY_ACTIONS = 10, 20
INK, LINE, PAPER, INPUT = "#1F2933", "#D9DEE4", "#F1F3F5", "#FFF3BF"
#: column -> width; those that people fill in stand in OPEN
WIDTHS = {"key": 4, "unit": 22, "cause": 26, "amount": 16, "agreed": 14, "note": 44, "kind": 14, "text": 80,
          "id": 14, "what": 50, "owner": 14, "due": 13, "measure": 30, "status": 12}
OPEN = ("agreed", "note", "kind", "text", "what", "owner", "due", "measure", "status")


def name_cause(code: str) -> str:
    """Name a cause by its code; what people wrote themselves stays as it is.

    Examples
    --------
    >>> name_cause("our own words")
    'our own words'
    """
    keys = (f"cycle.cause_{code}", f"retro_page.cause_{code}")
    return next((say(key) for key in keys if key in all_words()), code)


def name_unit(by: str, unit: str, names: Mapping[str, str]) -> str:
    """Name whom a line is about: everybody, a team, a person."""
    if by == "all":
        return say("plans.whole_company")
    return f"{names.get(unit, unit)} {unit}" if by == "person" and unit in names else unit


def say_facts(session: Session, names: Mapping[str, str], currency: str) -> list[str]:
    """Write the facts of a session as sentences."""
    return [say(key, **{name: format_money(value, currency) if isinstance(value, float) and name in _MONEY
                        else value for name, value in fact.values.items()},
                who=name_unit(fact.by, fact.unit, names), n=int(float(fact.values.get("people", 0))),
                reached=int(float(fact.values.get("at_goal", 0))),
                count=int(float(fact.values.get("open", 0))), late=int(float(fact.values.get("overdue", 0))))
            for fact in session.facts
            for key in [f"cycle.fact_{fact.code}"
                        + ("" if fact.code != "result" or "goal" in fact.values else "_alone")]]


_MONEY = ("actual", "goal", "expected", "low", "high", "amount", "kept")


def write_session_sheet(workspace: Workspace, session: Session, path: str | Path) -> Path:
    """Write a session as a workbook that people fill in without Python.

    Parameters
    ----------
    workspace : Workspace
        For names and currency.
    session : Session
        From :func:`salesgoals.cycle.open_session` or :func:`salesgoals.cycle.load_session`.
    path : str or Path
        The .xlsx file; its folder is made if it is not there.

    Returns
    -------
    Path
        The file: what to do, facts, causes, decisions, actions. Texts are written as texts: nothing in them
        can become a formula. :func:`salesgoals.cycle.read_session_sheet` reads it back.
    """
    target = Path(path)
    target = target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")
    people = workspace.tables["people"].drop_duplicates("person_id")
    names = {str(key): str(name) for key, name in zip(people.person_id, people["name"], strict=True)}
    currency = workspace.settings.currency
    with writing(target) as draft:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(str(draft), options)
        looks = _looks(book)
        _write_cover(book, session, say_facts(session, names, currency), workspace.settings.company, looks)
        causes = [{"key": key_of(session, f"{cause.by}|{cause.unit}|{cause.code}"),
                   "unit": name_unit(cause.by, cause.unit, names), "cause": name_cause(cause.code),
                   "amount": cause.amount, "agreed": say(f"cycle.agreed_{cause.agreed}"), "note": cause.note}
                  for cause in session.causes]
        _write_rows(book, "causes", causes, looks, {"agreed": [say(f"cycle.agreed_{one}") for one in AGREED]})
        kinds = {one: say(f"cycle.kind_{one}") for one in KINDS}
        decisions = [{"key": key_of(session, mark(one.kind, one.text)), "kind": kinds[one.kind],
                      "text": one.text} for one in session.decisions]
        decisions += [{"key": key_of(session, NEW)}] * EMPTY_DECISIONS
        _write_rows(book, "decisions", decisions, looks, {"kind": list(kinds.values())})
        actions: list[dict[str, Any]] = [
            {**action.model_dump(), "key": key_of(session, action.id or NEW),
             "owner": f"{action.owner} {names[action.owner]}" if action.owner in names else action.owner,
             "cause": name_cause(action.cause), "status": say(f"cycle.status_{action.status}")}
            for action in session.actions]
        actions += [{"key": key_of(session, NEW)}] * EMPTY_ACTIONS
        named = list(dict.fromkeys(name_cause(cause.code) for cause in session.causes))
        _write_rows(book, "actions", actions, looks,
                    {"status": [say(f"cycle.status_{one}") for one in STATES], "cause": named})
        book.close()
    return target


def _looks(book: Any) -> dict[str, Any]:
    edge = {"border": 1, "border_color": LINE, "font_color": INK, "valign": "vcenter", "text_wrap": True}
    return {name: book.add_format(look) for name, look in {
        "title": {"bold": True, "font_size": 16, "font_color": INK}, "quiet": {"font_color": "#52606D"},
        "text": {"text_wrap": True, "valign": "top", "font_color": INK, "font_size": 11},
        "bold": {"bold": True, "font_size": 12, "font_color": INK},
        "head": {**edge, "bold": True, "bg_color": PAPER}, "cell": edge,
        "money": {**edge, "num_format": "#,##0"}, "open": {**edge, "bg_color": INPUT, "locked": False},
        "day": {**edge, "bg_color": INPUT, "locked": False, "num_format": "yyyy-mm-dd"}}.items()}


def _write_cover(book: Any, session: Session, facts: list[str], company: str, looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet(say("cycle.sheet_cover"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 100)
    sheet.write_string(1, 1, say("cycle.sheet_title", company=company, period=session.period), looks["title"])
    line = 2
    parts = [(say("cycle.sheet_how"), [say(f"cycle.sheet_step_{step}") for step in range(1, STEPS + 1)]),
             (say("cycle.sheet_facts"), facts)]
    for head, texts in parts:
        line += 1
        sheet.write_string(line, 1, head, looks["bold"])
        for text in texts:
            line += 1
            sheet.write_string(line, 1, text, looks["text"])
            sheet.set_row(line, 18 * (1 + len(text) // 90))
        line += 1
    sheet.protect("", {"format_columns": True})


def _write_rows(book: Any, name: str, rows: list[dict[str, Any]], looks: dict[str, Any],
                choices: dict[str, list[str]]) -> None:
    columns = SHEETS[name]
    sheet = book.add_worksheet(say(f"cycle.sheet_{name}"))
    sheet.write_string(0, 0, "")
    sheet.write_string(0, 1, say(f"cycle.sheet_{name}"), looks["title"])
    sheet.write_string(1, 1, say(f"cycle.sheet_hint_{name}"), looks["quiet"])
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column], None, {"hidden": True} if column == "key" else {})
        sheet.write_string(HEAD_ROW, place, say(f"cycle.head_{column}"), looks["head"])
    for line, row in enumerate(rows, HEAD_ROW + 1):
        for place, column in enumerate(columns):
            _write_cell(sheet, line, place, column, row.get(column), looks, name)
    last = HEAD_ROW + max(len(rows), 1)
    for column, texts in choices.items():
        if texts and sum(len(text) + 1 for text in texts) <= 250:  # Excel takes no longer list
            place = columns.index(column)
            sheet.data_validation(HEAD_ROW + 1, place, last, place, {
                "validate": "list", "source": texts, "ignore_blank": True, "error_type": "information"})
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


def _write_cell(sheet: Any, line: int, place: int, column: str, value: Any, looks: dict[str, Any],
                name: str) -> None:
    is_open = column in OPEN or (name == "actions" and column == "cause")
    look = looks["day" if column == DUE else "open" if is_open else "money" if column == "amount" else "cell"]
    if value is None or value == "" or value != value:
        sheet.write_blank(line, place, None, look)
    elif column == DUE:
        sheet.write_datetime(line, place, pd.Timestamp(value).to_pydatetime(), look)
    elif column == "amount":
        sheet.write_number(line, place, round(float(value), 2), look)
    else:
        sheet.write_string(line, place, str(value), look)
