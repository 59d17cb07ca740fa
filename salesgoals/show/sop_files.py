"""The standard process as files: a page to print and a checklist to fill in; people's changes are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from salesgoals.cycle import open_actions, starting_values
from salesgoals.looping.kept import FOLDER
from salesgoals.looping.sop import Sop, gather_sop
from salesgoals.marks import mark
from salesgoals.periods import Period, read_day, read_period
from salesgoals.problems import Problem
from salesgoals.show.html import Column, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact
from salesgoals.words import in_language, say
from salesgoals.workspace import Workspace, writing

WRITTEN_FILE = "sop.json"  # marks of the files as they were written: a file with another mark was changed
RULES = ("past", "sums", "absorb", "reach", "who", "wish")
MEETINGS = ("morning", "weekly", "monthly", "retro")
ALARMS = ("pace", "judged", "weekly", "silent")
INK, LINE, PAPER, INPUT = "#1F2933", "#D9DEE4", "#F1F3F5", "#FFF3BF"
HEADS = ("done", "step", "what", "who", "date", "how")
SHORT = ("step", "date", "status")
WIDTHS = {"done": 8, "step": 18, "what": 60, "who": 18, "date": 14, "how": 42}
CSS = """body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1F2933;
max-width:60rem;margin:2rem auto;padding:0 1.5rem}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:1.8rem;
border-bottom:1px solid #D9DEE4}table{border-collapse:collapse;width:100%}th,td{border:1px solid #D9DEE4;
padding:.3rem .5rem;vertical-align:top;text-align:left}th{background:#F1F3F5}.quiet{color:#52606D}
@media print{body{margin:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}}"""


@dataclass(frozen=True)
class SopFiles:
    """Where the standard process lies.

    Parameters
    ----------
    page, checklist : Path
        The page (HTML) and the checklist (Excel) as they were written now.
    notes : list of Problem
        Which older file was left alone because somebody had changed it.
    """

    page: Path
    checklist: Path
    notes: list[Problem]


def write_sop(workspace: Workspace, path: str | Path, language: str | None = None,
              period: str | Period = "", day: str | pd.Timestamp | None = None) -> SopFiles:
    """Write the team's standard process for the next cycle: a page to print and a checklist to fill in.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    path : str or Path
        The page, ending with .html; the checklist stands beside it under the same name, ending with .xlsx.
    language : str, optional
        ``"zh"`` or ``"en"``; by default the one in use.
    period : str or Period
        The period that was looked back at; the process is for the one after it.
    day : str or Timestamp, optional
        Of this version; by default today.

    Returns
    -------
    SopFiles
        A file that somebody has changed since it was written is never overwritten: the new version goes
        beside it with the day in its name, and a note says so.
    """
    if language is not None:
        with in_language(language):
            return write_sop(workspace, path, None, period, day)
    asked = period if isinstance(period, Period) else read_period(period, workspace.require_tables())
    version = read_day(day)
    sop = gather_sop(workspace, asked, starting_values(workspace, asked), open_actions(workspace, version))
    target = Path(path)
    target = target if target.suffix.lower() in (".html", ".htm") else target.with_name(target.name + ".html")
    notes: list[Problem] = []
    page, checklist = (_write(workspace, one, version, write, notes) for one, write in (
        (target, lambda draft: draft.write_text(_page(workspace, sop, version), encoding="utf-8")),
        (target.with_suffix(".xlsx"), lambda draft: _book(draft, workspace, sop, version))))
    return SopFiles(page, checklist, notes)


def _write(workspace: Workspace, target: Path, version: pd.Timestamp, write: Callable[[Path], Any],
           notes: list[Problem]) -> Path:
    """Write a file where nobody has changed the one that is there; else beside it."""
    record = workspace.folder / FOLDER / WRITTEN_FILE
    written = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    free, number = target, 1
    while free.exists() and written.get(str(free.resolve())) != mark(free.read_bytes()):
        number += 1
        name = f"{target.stem}-{version:%Y-%m-%d}" + (f"-{number - 1}" if number > 2 else "")
        free = target.with_name(name + target.suffix)
    if free != target:
        notes.append(Problem("cycle.sop_changed", level="doubt", file=target.name, new=free.name))
    with writing(free) as draft:
        write(draft)
    with writing(record) as draft:
        kept = {**written, str(free.resolve()): mark(free.read_bytes())}
        draft.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    return free


def _page(workspace: Workspace, sop: Sop, version: pd.Timestamp) -> str:
    """Write the page; every text in it is escaped."""
    title = say("cycle.sop_title", company=workspace.settings.company, period=sop.following.name)
    parts = [f"<h1>{escape(title)}</h1>",
             f'<p class="quiet">{escape(_about(sop, version))}</p>']
    for name, html in (("steps", _steps(sop)), ("meetings", _meetings(sop)), ("kpis", _kpis(sop, workspace)),
                       ("alarms", write_list([_say_rule("alarm", one, sop) for one in ALARMS])),
                       ("adjusting", write_list([_say_rule("rule", one, sop) for one in RULES])),
                       ("learnt", write_list([note.text() for note in sop.learnt.notes()])),
                       ("actions", _actions(sop))):
        parts.append(f"<h2>{escape(say(f'cycle.sop_{name}'))}</h2>{html}")
    parts.append(f'<p class="quiet">{escape(say("cycle.sop_foot"))}</p>')
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{CSS}</style>'
    tongue = say("cycle.sop_tongue")
    return f'<!doctype html><html lang="{tongue}"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _about(sop: Sop, version: pd.Timestamp) -> str:
    return say("cycle.sop_about", version=f"{version:%Y-%m-%d}", before=sop.period.name,
               first=f"{sop.following.start:%Y-%m-%d}", last=f"{sop.following.end:%Y-%m-%d}")


def _day(value: pd.Timestamp, decreed: bool) -> str:
    return f"{value:%Y-%m-%d}" + ("" if decreed else say("cycle.sop_not_decreed"))


def _table(columns: list[tuple[str, list[str]]]) -> str:
    return write_table([Column(say(f"cycle.sop_head_{head}"), cells, number=False, one_line=head in SHORT)
                        for head, cells in columns])


def _steps(sop: Sop) -> str:
    steps = list(sop.steps.itertuples())
    return _table([("step", [say(f"cycle.step_{row.step}") for row in steps]),
                   ("what", [say(f"cycle.do_{row.step}") for row in steps]),
                   ("who", [say(f"cycle.by_{row.step}") for row in steps]),
                   ("date", [_day(row.date, row.decreed) for row in steps]),
                   ("how", [say(f"cycle.how_{row.step}") for row in steps])])


def _meetings(sop: Sop) -> str:
    listed = [say(f"cycle.meeting_{one}", minutes=int(sop.figures.get(f"{one}_minutes", 0)))
              for one in MEETINGS]
    days = say("cycle.sop_comma").join(_day(row.date, row.decreed) for row in sop.months.itertuples())
    return write_list(listed) + f"<p>{escape(say('cycle.sop_month_days', days=days))}</p>"


def _kpis(sop: Sop, workspace: Workspace) -> str:
    lines = [say("cycle.sop_kpi", kpi=say(f"cycle.kpi_{row.kpi}"), week=row.a_week, n=row.people)
             for row in sop.kpis.itertuples()]
    rates = [say(f"cycle.rate_{rate.name}", value=rate.value, n=rate.n,
                 money=format_exact(round(rate.value), workspace.settings.currency))
             for rate in sop.learnt.rates]
    lead = "" if lines else f"<p>{escape(say('cycle.sop_no_kpis', period=sop.following.name))}</p>"
    return lead + write_list(lines + rates)


def _say_rule(kind: str, name: str, sop: Sop) -> str:
    return say(f"cycle.{kind}_{name}", **sop.figures)


def _actions(sop: Sop) -> str:
    if sop.actions.empty:
        return f"<p>{escape(say('cycle.sop_no_actions'))}</p>"
    rows = list(sop.actions.itertuples())
    late = [say("cycle.sop_late", n=int(row.days_late)) if row.overdue else "" for row in rows]
    return _table([("what", [row.what for row in rows]), ("who", [row.owner for row in rows]),
                   ("date", [f"{row.due:%Y-%m-%d}{said}" for row, said in zip(rows, late, strict=True)]),
                   ("measure", [row.measure or NOTHING for row in rows]),
                   ("status", [say(f"cycle.status_{row.status}") for row in rows])])


def _book(path: Path, workspace: Workspace, sop: Sop, version: pd.Timestamp) -> None:
    """Write the checklist: a row for each step, month and open action, yellow where people tick and name."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    # Without a fixed day two files with the same content would differ.
    book.set_properties({"created": version.to_pydatetime()})
    edge = {"border": 1, "border_color": LINE, "font_color": INK, "valign": "vcenter", "text_wrap": True}
    head, cell = book.add_format({**edge, "bold": True, "bg_color": PAPER}), book.add_format(edge)
    ready = book.add_format({**edge, "bg_color": INPUT})
    sheet = book.add_worksheet(say("cycle.sop_sheet"))
    sheet.write_string(0, 0, say("cycle.sop_title", company=workspace.settings.company,
                                 period=sop.following.name), book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, _about(sop, version))
    for place, name in enumerate(HEADS):
        sheet.set_column(place, place, WIDTHS[name])
        sheet.write_string(3, place, say(f"cycle.sop_head_{name}"), head)
    rows = [(say(f"cycle.step_{row.step}"), say(f"cycle.do_{row.step}"), say(f"cycle.by_{row.step}"),
             _day(row.date, row.decreed), say(f"cycle.how_{row.step}")) for row in sop.steps.itertuples()]
    rows += [(say("cycle.step_month"), say("cycle.do_month", month=f"{row.month:%Y-%m}"),
              say("cycle.by_month"), _day(row.date, row.decreed), say("cycle.how_month"))
             for row in sop.months.itertuples()]
    rows += [(say("cycle.sop_action"), row.what, row.owner, f"{row.due:%Y-%m-%d}", row.measure)
             for row in sop.actions.itertuples()]
    for line, texts in enumerate(rows, 4):
        sheet.write_blank(line, 0, None, ready)
        for place, text in enumerate(texts, 1):
            sheet.write_string(line, place, str(text), ready if HEADS[place] in ("who", "date") else cell)
    sheet.data_validation(4, 0, 3 + len(rows), 0, {"validate": "list", "source": ["✓"], "ignore_blank": True})
    sheet.freeze_panes(4, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
