"""Sheets for participants to write on: each an A4 page, in a file of its own and all in one file to print."""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.export import LANGUAGE_TAGS, page_style, template, write_page
from salesgoals.run.places import notebooks_folder
from salesgoals.words import language, say
from salesgoals.workspace import writing

_PACKAGE = Path(__file__).resolve().parents[1]
#: the funnel's example: missing, deal size, win rate, quotes a visit, weeks left, visits in the best week
EXAMPLE = (600_000, 50_000, .4, .5, 5, 10)
SMART_RULES = ("specific", "measurable", "achievable", "relevant", "time_bound")
ERROR_RULES = ("only_revenue", "market_ignored", "one_size", "no_process")
ALL = "all"
Block = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One page: its name in file names, its title, and what stands on it from top to bottom."""

    name: str
    title: str
    blocks: list[Block]


def write_sheets(folder: str | Path) -> tuple[list[Path], Path]:
    """Write all sheets in the language in use, as HTML files to print on A4.

    Parameters
    ----------
    folder : str or Path
        Where they go; made if it is not there. Both languages fit into one folder.

    Returns
    -------
    list of Path, Path
        A file for each sheet, and the one file with all of them.

    Raises
    ------
    SalesgoalsError
        If the lessons or the glossary, from which sheets are made, are not there.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    sheets = make_sheets()
    files = [_write(target, sheet.name, sheet.title, [sheet]) for sheet in sheets]
    return files, _write(target, ALL, say("print.all_title"), sheets)


def make_sheets() -> list[Sheet]:
    """Fill the sheets in the language in use: forms, checks, glossary card, one sheet for each lesson."""
    return [_claim(), _morning(), _retro(), _smart(), _funnel(), _glossary(), _findings(), *_lessons()]


def work_backwards(missing: float, deal: float, win: float, quoted: float, weeks: int) -> list[int]:
    """Count what has to be done: deals, quotes, visits, quotes a week, visits a week.

    Examples
    --------
    >>> work_backwards(600_000, 50_000, .4, .5, 5)
    [12, 30, 60, 6, 12]
    """
    deals = math.ceil(missing / deal)
    quotes = math.ceil(deals / win - 1e-9)
    visits = math.ceil(quotes / quoted - 1e-9)
    return [deals, quotes, visits, math.ceil(quotes / weeks), math.ceil(visits / weeks)]


def _write(folder: Path, name: str, title: str, sheets: list[Sheet]) -> Path:
    page = template("sheets.html.j2").render(
        sheets=sheets, title=title, tongue=LANGUAGE_TAGS[language()], style=page_style("sheets.css"),
        foot=say("print.foot"))
    path = folder / f"{name}.{language()}.html"
    with writing(path) as draft:
        write_page(page, draft)
    return path


def _items(name: str) -> list[str]:
    return say(f"print.{name}").split("|")


def _start(name: str) -> list[Block]:
    return [{"kind": "lead", "text": say(f"print.{name}_lead")},
            {"kind": "fields", "labels": _items(f"{name}_fields")}]


def _lines(key: str, n: int, grow: bool = False) -> Block:
    return {"kind": "lines", "title": say(f"print.{key}"), "n": n, "grow": grow}


def _table(heads: list[str], rows: list[list[str]], widths: tuple[int, ...], css: str = "",
           title: str = "") -> Block:
    filled = [[*row, *[""] * (len(heads) - len(row))] for row in rows]
    return {"kind": "table", "heads": heads, "rows": filled, "widths": widths, "css": css, "title": title}


def _sheet(name: str, blocks: list[Block]) -> Sheet:
    return Sheet(name, say(f"print.{name}_title"), [*_start(name), *blocks])


def _claim() -> Sheet:
    sources = zip(_items("claim_rows"), _items("claim_sources"), strict=True)
    rows = [[row, "", source] for row, source in sources]
    return _sheet("claim", [
        _table(_items("claim_heads"), rows, (52, 28, 20), "last"), _lines("claim_why", 4, grow=True),
        _lines("claim_need", 2), _lines("claim_week", 1),
        {"kind": "ticks", "title": say("print.claim_ticks_title"), "texts": _items("claim_ticks")},
        {"kind": "fields", "labels": _items("claim_signed")}])


def _morning() -> Sheet:
    asked = [say("meetings.item.ask_today"), say("meetings.item.ask_help")]
    return _sheet("morning", [
        _table(_items("morning_heads"), [[row] for row in _items("morning_rows")], (32, 18, 20, 16, 14),
               title=say("print.morning_facts")),
        {"kind": "ticks", "title": say("print.morning_questions"), "texts": []},
        *[{"kind": "lines", "title": text, "n": 2, "grow": True} for text in asked],
        _table(_items("decision_heads"), [[""]] * 4, (40, 17, 14, 19, 10), "tall",
               title=say("print.morning_decisions")),
        {"kind": "lead", "text": say("print.decision_note")}])


def _retro() -> Sheet:
    return _sheet("retro", [
        _table(_items("retro_heads"), [[""]], (14, 18, 14, 18, 18, 18), "tall",
               title=say("meetings.part_facts")),
        _table(_items("retro_cause_heads"), [[""]] * 6, (40, 16, 8, 8, 10, 18),
               title=say("print.retro_causes")),
        {"kind": "columns", "texts": _items("retro_three")},
        _table(_items("decision_heads"), [[""]] * 4, (40, 17, 14, 19, 10), title=say("print.retro_actions")),
        {"kind": "lead", "text": say("print.decision_note")}])


def _smart() -> Sheet:
    heads = [say("print.smart_question"), *_items("yes_no"), say("print.smart_evidence")]
    tables = [_table(heads, [[say(f"smart.rule_{rule}")] for rule in rules], (34, 7, 7, 9, 43), "tall",
                     title=say(f"print.smart_{kind}"))
              for kind, rules in (("good", SMART_RULES), ("errors", ERROR_RULES))]
    return _sheet("smart", [*tables, _lines("smart_first", 2, grow=True)])


def _funnel() -> Sheet:
    missing, deal, win, quoted, weeks, best = EXAMPLE
    deals, quotes, visits, quotes_a_week, visits_a_week = work_backwards(missing, deal, win, quoted, weeks)
    shown = [f"{missing:,}", f"{deal:,}", f"{deals}", f"{win:.0%}", f"{quotes}", f"{quoted:.0%}", f"{visits}",
             f"{weeks}", f"{quotes_a_week}", f"{visits_a_week}", f"{best}"]
    rows = [list(row) for row in zip(_items("funnel_steps"), _items("funnel_how"), shown, strict=True)]
    return _sheet("funnel", [
        _table(_items("funnel_heads"), rows, (34, 26, 16, 24)),
        {"kind": "lead", "text": say("print.funnel_verdict", needed=visits_a_week, best=best)},
        _lines("funnel_one", 3, grow=True)])


def _glossary() -> Sheet:
    other = {"zh": "en", "en": "zh"}[language()]
    rows = [[term[language()], term[other], term[f"meaning_{language()}"]] for term in read_glossary()]
    table = _table(["", "", ""], rows, (19, 20, 61), "terms")
    return Sheet("glossary", say("print.glossary_title"),
                 [{"kind": "lead", "text": say("print.glossary_lead")}, table])


def _findings() -> Sheet:
    return _sheet("findings", [
        _table(_items("findings_heads"), [[""]] * 8, (33, 20, 13, 14, 20), "tall"),
        _lines("findings_last", 2, grow=True)])


def read_glossary() -> list[dict[str, str]]:
    """Read the glossary: beside the package in a checkout, inside it when installed."""
    places = [root / "teaching" / "glossary.toml" for root in (_PACKAGE.parent, _PACKAGE / "_project")]
    for place in places:
        if place.is_file():
            return list(tomllib.loads(place.read_text(encoding="utf-8"))["term"])
    raise SalesgoalsError(Problem("print.no_glossary", file=str(places[0])))


def _lessons() -> list[Sheet]:
    folder = notebooks_folder() / language()
    books = sorted(path for path in folder.glob("*.ipynb") if path.name[:2].isdigit() and path.name < "90")
    if not books:
        raise SalesgoalsError(Problem("print.no_notebooks", folder=str(folder)))
    return [_lesson(path) for path in books]


def _lesson(path: Path) -> Sheet:
    """Take question, exercises and quick check out of a lesson, and leave room beside each."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    title = re.search(r"^# (.+)$", prose[0], re.M)
    question = re.search(r"^\*\*(.+)\*\*$", prose[0], re.M)
    mark = re.escape(say("print.lesson_mark_exercise"))
    asked = [(found[1], found[2]) for text in prose for found in re.finditer(
        rf"^## ({mark} \d+\.\d)\n(.+?)(?=^## |\Z)", text, re.M | re.S)]
    turn, quick = (_section(prose, say(f"print.lesson_heading_{name}")) for name in ("turn", "quick"))
    blocks: list[Block] = [
        {"kind": "fields", "labels": _items("lesson_fields")},
        {"kind": "prose", "title": say("print.lesson_question"), "text": question[1] if question else ""},
        {"kind": "prose", "title": say("print.lesson_heading_turn"), "text": turn}, _lines("lesson_guess", 1)]
    for heading, text in asked:
        blocks += [{"kind": "prose", "title": heading, "text": text}, _lines("lesson_answer", 2, grow=True)]
    blocks += [{"kind": "prose", "title": say("print.lesson_quick"), "text": quick}, _lines("lesson_own", 1)]
    return Sheet(f"lesson_{path.stem}", title[1] if title else path.stem, blocks)


def _section(prose: list[str], heading: str) -> str:
    """Give what stands under a heading, up to the next one."""
    wanted = re.compile(rf"^## {re.escape(heading)}\n(.+?)(?=^## |\Z)", re.M | re.S)
    return next((found[1] for text in prose if (found := wanted.search(text))), "")
