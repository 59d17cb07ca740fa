"""The trainer's answers: what is planted in each group's data, as pages to print and a workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import xlsxwriter

from salesgoals.groups import ANSWERS, LESSONS, Groups
from salesgoals.show.html import escape
from salesgoals.show.numbers import format_growth, format_money, format_share
from salesgoals.words import LANGUAGES, in_language, say
from salesgoals.workspace import writing

WORKBOOK = "answers.xlsx"
_CHANGES = {"sales_change", "visits_change", "quotes_change", "growth_last_12",
            "growth_of_others_without_the_big_deal"}
_SHARES = {"asked_more", "asked_of_others", "attainment", "attainment_of_others", "share", "of_team",
           "margin_2024_h1", "margin_2026_h1"}
COLUMNS = (("group", 6), ("company", 26), ("kind", 24), ("lesson", 9), ("figures", 70), ("where", 46))
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body{font:13px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif;color:#1F2933;
max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:1.6rem 0 .3rem}p{margin:.3rem 0 .7rem}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #D9DEE4;padding:.35rem .5rem;
text-align:left;vertical-align:top}th{background:#F1F3F5;font-weight:600}.yes{text-align:center}
.note{color:#52606D}code{font-size:.95em}.wide td:first-child{min-width:8em}
td:nth-child(2){white-space:nowrap}
@page{size:A4;margin:14mm}@media print{body{margin:0;max-width:none;font-size:11px}section{break-inside:avoid}
tr{break-inside:avoid}}
"""


def write_group_answers(made: Groups) -> list[Path]:
    """Write what is planted in each group's data, for the trainer alone: a page in each language, a workbook.

    Parameters
    ----------
    made : Groups
        Of :func:`salesgoals.groups.make_groups`.

    Returns
    -------
    list of Path
        The Chinese page, the English page, the workbook, in the folder ``answers``.
    """
    folder = made.folder / ANSWERS
    pages = []
    for name in LANGUAGES:
        page = folder / f"answers.{name}.html"
        with in_language(name), writing(page) as draft:
            draft.write_text(answers_page(made, name), encoding="utf-8", newline="\n")
        pages.append(page)
    with writing(folder / WORKBOOK) as draft:
        _write_book(draft, made)
    return [*pages, folder / WORKBOOK]


def answers_page(made: Groups, in_words: str) -> str:
    """Write the page in the language in use; it needs no network and no script."""
    parts = [f"<h1>{_text('groups.sheet_title')}</h1>",
             f"<p>{_text('groups.sheet_seed', groups=len(made.companies), seed=made.seed)}</p>",
             f"<p class='note'>{_text('groups.sheet_use')}</p>",
             f"<h2>{_text('groups.sheet_overview')}</h2>", _overview(made)]
    parts += [_section(made, company) for company in made.companies.itertuples()]
    return ("<!doctype html>\n"
            f"<html lang='{in_words}'><head><meta charset='utf-8'>"
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            "<meta name='viewport' content='width=device-width,initial-scale=1'>"
            f"<title>{_text('groups.sheet_title')}</title><style>{_STYLE}</style></head><body>"
            + "\n".join(parts) + "</body></html>\n")


def say_planted(kind: str, figures: dict[str, Any]) -> str:
    """Say one planted problem with its figures in the language in use."""
    written = {name: format_growth(value) if name in _CHANGES else format_share(value) if name in _SHARES
               else format_money(value, "CNY") if name == "amount"
               else f"{value:g}" if isinstance(value, float) else value for name, value in figures.items()}
    return say(f"groups.figures.{kind}", **written)


def _text(key: str, **values: Any) -> str:
    return escape(say(key, **values))


def _overview(made: Groups) -> str:
    numbers = made.companies.group.tolist()
    heads = "".join(f"<th class='yes'>{number}</th>" for number in numbers)
    has = {(row.group, row.kind) for row in made.planted.itertuples()}
    marks = {kind: "".join(f"<td class='yes'>{'●' if (number, kind) in has else ''}</td>"
                           for number in numbers) for kind in LESSONS}
    rows = "".join(f"<tr><td>{_text(f'groups.kind.{kind}')}</td><td>{_lessons(lessons)}</td>"
                   f"{marks[kind]}</tr>"
                   for kind, lessons in LESSONS.items())
    return (f"<table><tr><th>{_text('groups.head_kind')}</th><th>{_text('groups.head_lesson')}</th>"
            f"{heads}</tr>{rows}</table>")


def _lessons(numbers: tuple[int, ...]) -> str:
    return escape(say("groups.between").join(f"{number:02d}" for number in numbers))


def _company_name(company: Any) -> str:
    return f"{company.company} ({company.company_en})" if say("groups.between") == ", " else company.company


def _section(made: Groups, company: Any) -> str:
    planted = made.planted[made.planted.group == company.group]
    rows = "".join(
        f"<tr><td>{_text(f'groups.kind.{row.kind}')}</td><td>{_lessons(row.lessons)}</td>"
        f"<td>{escape(say_planted(row.kind, row.figures))}</td>"
        f"<td>{_with_code(say(f'groups.where.{row.kind}'))}</td></tr>" for row in planted.itertuples())
    heads = "".join(f"<th>{_text(f'groups.head_{name}')}</th>"
                    for name in ("kind", "lesson", "figures", "where"))
    missing = say("groups.between").join(say(f"groups.kind.{kind}") for kind in LESSONS
                                         if kind not in set(planted.kind))
    title = say("groups.sheet_group", group=company.group, company=_company_name(company))
    totals = say("groups.sheet_totals", people=company.people, teams=company.teams, lines=company.order_lines,
                 sales=f"{company.sales:,.2f}")
    return (f"<section><h2>{escape(title)}</h2><p>{escape(totals)}</p>"
            f"<table class='wide'><tr>{heads}</tr>{rows}</table>"
            f"<p class='note'>{_text('groups.sheet_left_out', kinds=missing)}</p></section>")


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _write_book(path: Path, made: Groups) -> None:
    """One sheet in each language; every cell is written as what it is, so none can become a formula."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#F1F3F5", "border": 1, "border_color": "#D9DEE4"})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9DEE4"})
    for name in LANGUAGES:
        with in_language(name):
            sheet = book.add_worksheet(say("groups.sheet_tab"))
            for column, (key, width) in enumerate(COLUMNS):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, say(f"groups.head_{key}"), head)
            companies = {company.group: company for company in made.companies.itertuples()}
            for line, row in enumerate(made.planted.itertuples(), 1):
                sheet.write_number(line, 0, row.group, wrap)
                texts = (_company_name(companies[row.group]), say(f"groups.kind.{row.kind}"),
                         say("groups.between").join(f"{number:02d}" for number in row.lessons),
                         say_planted(row.kind, row.figures), say(f"groups.where.{row.kind}").replace("`", ""))
                for column, text in enumerate(texts, 1):
                    sheet.write_string(line, column, text, wrap)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(made.planted), len(COLUMNS) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
    book.close()
