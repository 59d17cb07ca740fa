"""Agendas and the pulse form as people hold them: a page to read, and a sheet to print and write on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from salesgoals.coaching.agendas import KINDS
from salesgoals.coaching.pulse import HIGHEST, LOWEST, QUESTIONS
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.html import Part, escape, write_heading, write_list
from salesgoals.show.numbers import NOTHING, format_growth, format_money, format_share
from salesgoals.words import say
from salesgoals.workspace import writing

INK, LINE, PAPER, INPUT = "#1F2933", "#D9DEE4", "#F1F3F5", "#FFF3BF"
PARTS = ("facts", "questions", "decisions")
PULSE_ROWS = 30
WIDE, NARROW = 84, 16
_MONEY = ("so_far", "result", "rate_deal_size")
_VALUE_MONEY = ("deal_overdue", "deal_stale", "customer_neglected", "customer_quiet",
                "customer_no_owner")
_SHARES = ("coverage", "rate_win_rate")


def say_item(item: Any, currency: str = "") -> str:
    """Say one item of an agenda in the language in use.

    Parameters
    ----------
    item : row
        Of :func:`salesgoals.meetings.agenda`, as ``itertuples`` gives it.
    currency : str
        Currency code to name beside amounts.
    """
    code = item.code
    value, compared = (_figure(code, name, getattr(item, name), currency) for name in ("value", "compared"))
    count = NOTHING if pd.isna(item.count_) else f"{item.count_:,.0f}"
    day = NOTHING if pd.isna(item.day) else f"{item.day:%Y-%m}" if code.startswith("story_") else (
        f"{item.day:%Y-%m-%d}")
    about = say(f"meetings.pulse_{item.about}") if code == "pulse" else item.about
    return say(f"meetings.item.{code}", value=value, compared=compared, count=count, day=day,
               name=item.name or item.person_id, about=about)


def _figure(code: str, column: str, value: float, currency: str) -> str:
    if pd.isna(value):
        return NOTHING
    if code in _MONEY or (code in _VALUE_MONEY and column == "value"):
        return format_money(value, currency)
    if code.startswith("story_"):
        return format_growth(value)
    if code in _SHARES:
        return format_share(value)
    whole = float(value).is_integer() or abs(value) >= 10
    return f"{value:,.0f}" if whole else f"{value:.1f}"


def _items(agenda: pd.DataFrame, part: str) -> list[Any]:
    """Rows of one part, people of one name told apart; a row has a method ``count``, so that is renamed."""
    shared = agenda[agenda.name != ""].groupby("name").person_id.nunique()
    told = [say("chart.name_and_id", name=name, id=key) if shared.get(name, 0) > 1 else name
            for name, key in zip(agenda.name, agenda.person_id, strict=True)]
    rows = agenda.assign(name=told)[agenda.part == part].rename(columns={"count": "count_"})
    return list(rows.itertuples(index=False))


def _heading(agenda: pd.DataFrame, part: str) -> str:
    minutes = agenda.minutes[agenda.part == part].sum()
    return say("meetings.agenda_minutes", part=say(f"meetings.part_{part}"), n=int(minutes))


def show_agenda(agenda: pd.DataFrame, currency: str = "") -> Part:
    """Show an agenda as a page: facts, questions, and lines for decisions.

    Parameters
    ----------
    agenda : DataFrame
        From :func:`salesgoals.meetings.agenda`.
    currency : str
        Currency code to name beside amounts.
    """
    pieces = []
    for part in PARTS:
        items = [say_item(item, currency) for item in _items(agenda, part)]
        if part == "decisions":
            blank = f"{say('meetings.agenda_owner')} ______  {say('meetings.agenda_due')} ______"
            items = [f"{text} ____________  {blank}" for text in items]
        pieces.append(write_heading(_heading(agenda, part), 4) + write_list(items))
    return Part("".join(pieces) + f'<p class="quiet">{escape(say("meetings.agenda_note"))}</p>')


def write_agenda_sheet(agenda: pd.DataFrame, kind: str, folder: str | Path, name: str = "",
                       day: pd.Timestamp | str | None = None, currency: str = "") -> Path:
    """Write an agenda as a sheet to print: one page, with room for decisions, owners and dates.

    Parameters
    ----------
    agenda : DataFrame
        From :func:`salesgoals.meetings.agenda`.
    kind : str
        ``morning``, ``weekly`` or ``retro``: the heading.
    folder : str or Path
        Where the workbook goes; made if it is not there.
    name : str
        Of the team or company.
    day : Timestamp or str, optional
        Of the meeting; today by default.
    currency : str
        Currency code to name beside amounts.

    Returns
    -------
    Path
        The workbook. Texts are written as texts: nothing in them can become a formula.
    """
    if kind not in KINDS:
        raise SalesgoalsError(Problem("meetings.kind_unknown", found=kind, known=", ".join(KINDS)))
    when = pd.Timestamp.today() if day is None else pd.Timestamp(day)
    title = say("meetings.agenda_title", kind=say(f"meetings.kind_{kind}"), name=name or NOTHING,
                day=f"{when:%Y-%m-%d}")
    stem = say("meetings.agenda_file", kind=say(f"meetings.kind_{kind}"), day=f"{when:%Y-%m-%d}")
    suffix = re.sub(r"[\x00-\x1f<>:\"/\\|?*]+", "_", name).strip(" .")[:60]
    target = Path(folder) / f"{stem}{' ' if suffix else ''}{suffix}.xlsx"
    with writing(target) as draft:
        book = xlsxwriter.Workbook(str(draft), _SAFE)
        looks = _looks(book)
        sheet = book.add_worksheet(say(f"meetings.kind_{kind}"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, WIDE)
        sheet.set_column(1, 2, NARROW)
        sheet.write_string(0, 0, title, looks["title"])
        line = 2
        for part in PARTS:
            line = _write_part(sheet, line, agenda, part, currency, looks)
        sheet.write_string(line, 0, say("meetings.agenda_note"), looks["quiet"])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        book.close()
    return target


def _write_part(sheet: Any, line: int, agenda: pd.DataFrame, part: str, currency: str,
                looks: dict[str, Any]) -> int:
    heads = [_heading(agenda, part), say("meetings.agenda_owner"), say("meetings.agenda_due")]
    for place, text in enumerate(heads if part == "decisions" else heads[:1]):
        sheet.write_string(line, place, text, looks["head"])
    for at, item in enumerate(_items(agenda, part), line + 1):
        sheet.write_string(at, 0, say_item(item, currency), looks["text"])
        sheet.set_row(at, 34 if part != "questions" else 24)
        line = at
        if part == "decisions":
            for place, given in ((1, item.owner), (2, item.due)):
                sheet.write_string(at, place, given, looks["input"])
    return line + 2


_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def _looks(book: Any) -> dict[str, Any]:
    edge = {"border": 1, "border_color": LINE, "font_color": INK, "valign": "vcenter", "text_wrap": True}
    return {name: book.add_format(look) for name, look in {
        "title": {"bold": True, "font_size": 14, "font_color": INK}, "quiet": {"font_color": "#52606D"},
        "head": {**edge, "bold": True, "bg_color": PAPER}, "text": edge,
        "input": {**edge, "bg_color": INPUT, "locked": False},
        "date": {**edge, "bg_color": INPUT, "locked": False, "num_format": "yyyy-mm-dd"}}.items()}


def write_pulse_form(path: str | Path, week: pd.Timestamp | str | None = None, team: str = "") -> Path:
    """Write the pulse form: five short questions, a row an answer, no names.

    Parameters
    ----------
    path : str or Path
        A folder, or the file to write (.xlsx).
    week : Timestamp or str, optional
        Any day of the week asked about, filled in beforehand.
    team : str
        Filled in beforehand, where the answers of one team are asked for.

    Returns
    -------
    Path
        The workbook; :func:`salesgoals.meetings.read_pulse` reads it back.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        target = target / f"{say('meetings.pulse_file')}.xlsx"
    with writing(target) as draft:
        book = xlsxwriter.Workbook(str(draft), _SAFE)
        looks = _looks(book)
        sheet = book.add_worksheet(say("meetings.pulse_sheet"))
        sheet.set_column(0, 1, NARROW)
        sheet.set_column(2, 1 + len(QUESTIONS), 20)
        sheet.write_string(0, 0, say("meetings.pulse_title"), looks["title"])
        sheet.write_string(1, 0, say("meetings.pulse_hint"), looks["quiet"])
        for place, name in enumerate(("week", "team", *QUESTIONS)):
            sheet.write_string(3, place, say(f"meetings.pulse_{name}"), looks["head"])
        sheet.set_row(3, 33)
        for line in range(4, 4 + PULSE_ROWS):
            if week is None:
                sheet.write_blank(line, 0, None, looks["date"])
            else:
                sheet.write_datetime(line, 0, pd.Timestamp(week).to_pydatetime(), looks["date"])
            sheet.write_string(line, 1, team, looks["input"])
            for place in range(2, 2 + len(QUESTIONS)):
                sheet.write_blank(line, place, None, looks["input"])
        sheet.data_validation(4, 2, 3 + PULSE_ROWS, 1 + len(QUESTIONS), {
            "validate": "integer", "criteria": "between", "minimum": LOWEST, "maximum": HIGHEST,
            "ignore_blank": True, "error_type": "warning", "input_message": say("meetings.pulse_input"),
            "error_message": say("meetings.pulse_input")})
        sheet.protect("", {"format_columns": True})
        sheet.freeze_panes(4, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        book.close()
    return target
