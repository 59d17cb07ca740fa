"""Opening a progress report in a notebook, and its first screen: goal, chance, what to do."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.period_reports import PeriodReport, open_period_report
from salesgoals.show.html import Part, escape, write_heading, write_table
from salesgoals.show.numbers import NOTHING, format_chance, format_exact, format_money, format_share
from salesgoals.show.process_parts import board_columns, count_verdicts, in_order
from salesgoals.show.watch_parts import alarm_lines
from salesgoals.words import say
from salesgoals.workspace import open_workspace

GRADES = {"reached": "good", "on_course": "good", "at_risk": "warn", "alarm": "bad", "missed": "bad"}
WEEK = 5


def open_progress_report(workspace: str = "", period: str = "", day: str = "", by: str = "all",
                         name: str = "") -> PeriodReport:
    """Open what one reader may see of a running period.

    Parameters
    ----------
    workspace : str
        Folder of a workspace; empty for the sample company, two thirds into its last month.
    period, day : str
        As :func:`salesgoals.period_reports.make_period_report` takes them.
    by, name : str
        The reader.

    Returns
    -------
    PeriodReport
    """
    if workspace:
        return open_period_report(open_workspace(workspace), "progress", period, by, name, day or None)
    # Only here: the report on a real workspace never needs the readers of exports.
    from salesgoals.periods import read_period
    from salesgoals.practice import practice_day
    from salesgoals.sample import practice_workspace, sample_workspace

    example = practice_workspace(sample_workspace())
    asked = read_period(period, example.tables)
    known = practice_day(asked, day, example.settings.calendar_country)
    return open_period_report(example, "progress", asked, by, name, known)


def own_rows(report: PeriodReport, frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that are about the reader as a whole: the company, the team, the person."""
    if not {"by", "unit"} <= set(frame):
        return frame.iloc[:0]
    return frame[(frame.by == report.by) & (frame.unit == report.name)].reset_index(drop=True)


def headline(report: PeriodReport) -> Part:
    """Open the report: for whom and for when, goal, sold so far, chance with its range, what is needed."""
    title = say("progress.title", who=report.company if report.by == "all" else report.title)
    about = say("progress.about", company=report.company, period=report.period.name,
                day=f"{report.day:%Y-%m-%d}")
    start = f'{write_heading(title, 1)}<p class="quiet">{escape(about)}</p>'
    rows = own_rows(report, report.study("process_pace"))
    if rows.empty:
        return Part(start + f'<p class="notice">{escape(say("progress.nothing_sold"))}</p>')
    row = rows.iloc[0]
    if pd.isna(row.goal):
        sold = say("progress.sold_without_goal", so_far=format_exact(row.so_far, report.currency))
        return Part(start + f"<p>{escape(sold)} {escape(say('progress.no_goals'))}</p>")
    return Part(f'{start}<div class="headline">{"".join(_cards(report, row))}</div>'
                f"<p>{escape(_sentence(report, row))}</p>")


def _cards(report: PeriodReport, row: Any) -> list[str]:
    so_far = say("progress.card_share", share=_share(row.so_far, row.goal))
    if report.running and pd.notna(row.usual_so_far):
        so_far = say("progress.card_usual", share=_share(row.so_far, row.goal),
                     usual=_share(row.usual_so_far, row.goal))
    cards = [_card(say("progress.goal"), format_exact(row.goal, report.currency), _basis(report), wide=True),
             _card(say("progress.so_far"), format_money(row.so_far, report.currency), so_far)]
    verdict = say(f"progress.verdict_{row.verdict}")
    if not report.running:
        return [*cards, _card(say("progress.verdict"), verdict, "", GRADES.get(row.verdict, ""))]
    ends = say("progress.card_end", end=format_money(row.month_end, like=row.goal),
               low=format_money(row.low, like=row.goal), high=format_money(row.high, like=row.goal))
    if row.judgeable:
        cards.append(_card(say("progress.chance"), format_chance(row.chance), ends,
                           GRADES.get(row.verdict, "")))
    elif pd.notna(row.month_end):  # no chance is told, but where it will probably end
        span = say("progress.card_span", low=format_money(row.low, like=row.month_end),
                   high=format_money(row.high, like=row.month_end))
        cards.append(_card(say("progress.month_end"), format_money(row.month_end), span))
    left = int(row.working_days - row.position)
    if row.needed_a_day > 0 and left > 0:
        week = min(left, WEEK)
        cards.append(_card(say("progress.card_needed", n=week), format_money(row.needed_a_day * week),
                           say("progress.card_left", n=left, usual=_usual(row, week, left))))
    return [*cards, _card(say("progress.verdict"), verdict, "", GRADES.get(row.verdict, ""))]


def _usual(row: Any, week: int, left: int) -> str:
    """Say what so many of the days that are left usually bring."""
    usual = (row.expected - row.usual_so_far) / left * week
    return format_money(usual) if pd.notna(usual) and usual > 0 else NOTHING


def _basis(report: PeriodReport) -> str:
    source = report.parameters.get("source") or ""
    return say(f"progress.source_{source}") if source else ""


def _share(part: float, whole: float) -> str:
    return format_share(part / whole) if whole > 0 else NOTHING


def _card(label: str, value: str, note: str = "", grade: str = "", wide: bool = False) -> str:
    style = "flex:1.6 1 150px" if wide else "flex:1 1 118px"
    return (f'<div class="card" style="{style}"><div class="label">{escape(label)}</div>'
            f'<div class="value {grade}" style="white-space:nowrap">{escape(value)}</div>'
            f'<div class="note">{escape(note)}</div></div>')


def _sentence(report: PeriodReport, row: Any) -> str:
    """Say in two sentences how it stands."""
    gone = say("progress.words_day", day=f"{report.day:%Y-%m-%d}", position=int(row.position),
               days=int(row.working_days))
    if not report.running:
        return say("progress.words_closed", so_far=format_money(row.so_far, report.currency),
                   share=_share(row.so_far, row.goal))
    missing = row.goal - row.so_far
    if missing <= 0:
        return gone + say("progress.words_reached")
    return gone + say("progress.words_missing", missing=format_money(missing, report.currency),
                      a_day=format_money(row.needed_a_day),
                      usual=_usual(row, 1, max(int(row.working_days - row.position), 1)))


def alarms_part(report: PeriodReport) -> Part:
    """Say what rings and why, one line each; for the whole company also that nothing does."""
    lines = alarm_lines(report)
    return Part("".join(f"<p>{escape(line)}</p>" for line in lines))


def standing_part(report: PeriodReport) -> Part:
    """Show how every team and person of the reader stands, or without goals what each sold."""
    board = report.study("process_pace")
    if report.by == "person" or board.empty:
        return Part("")
    inner = in_order(board[~((board.by == report.by) & (board.unit == report.name))])
    set_goals = (board.verdict != "no_goal").any()
    if set_goals:
        inner = inner[inner.verdict != "no_goal"]
    if inner.empty:
        return Part("")
    table = write_table(board_columns(inner, report.people, "", report.running), small=True)
    if not set_goals:
        return Part(table)
    lines = count_verdicts(inner[inner.by == "person"])
    return Part(table + "".join(f"<p>{escape(line)}</p>" for line in lines))
