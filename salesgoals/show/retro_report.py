"""Opening a retrospective in a notebook: its first screen, its gap, how it was made."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.period_reports import PeriodReport, open_period_report
from salesgoals.practice import period_to_review
from salesgoals.show.charts_retro import chart_causes, chart_gap
from salesgoals.show.html import Column, Part, escape, write_heading, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_growth, format_money, format_share
from salesgoals.show.retro_findings import say_verdict
from salesgoals.show.retro_parts import Row, causes_of, causes_table, gap_columns, gap_words, say_gap
from salesgoals.words import say
from salesgoals.workspace import open_workspace

MOST_PEOPLE = 40
GOOD, FAIR = 1.0, .9    # attainment from which a result is shown as good, or no longer as bad


def open_retro_report(workspace: str = "", period: str = "", by: str = "all", name: str = "") -> PeriodReport:
    """Open what one reader may see of the retrospective of a period.

    Parameters
    ----------
    workspace : str
        Folder of a workspace; empty for the sample company.
    period : str
        As :func:`salesgoals.periods.read_period` takes it; empty: the last half-year, or the last window of
        goals where these do not fit into it.
    by, name : str
        The reader.
    """
    if workspace:
        company = open_workspace(workspace)
    else:
        # Only here: a report on a real workspace never needs the readers of exports.
        from salesgoals.sample import practice_workspace, sample_workspace

        company = practice_workspace(sample_workspace())
    chosen = period_to_review(company.require_tables(), period)
    return open_period_report(company, "retro", chosen, by, name)


def own_row(table: pd.DataFrame, report: PeriodReport) -> Row | None:
    """Pick the line that is about the reader: the company, the team or the person."""
    if table.empty:
        return None
    own = table[(table.by == report.by) & ((table.unit == report.name) | (report.by == "all"))]
    return next(own.itertuples(index=False), None)


def headline(report: PeriodReport) -> Part:
    """Open the report: goal, result, gap, what weighs most in money, was it the goal or the work."""
    row = own_row(report.study("retro_gap"), report)
    title = say("retro_page.title", who=report.title if report.by != "all" else report.company)
    source = str(report.parameters.get("source") or "none")
    about = say("retro_page.about", company=report.company, first=f"{report.period.start:%Y-%m-%d}",
                last=f"{report.day:%Y-%m-%d}", source=say(f"retro_page.source_{source}"))
    head = f'{write_heading(title, 1)}<p class="quiet">{escape(about)}</p>'
    if row is None:
        return Part(head + f"<p>{escape(say('retro_page.nothing'))}</p>")
    causes = causes_of(report.study("retro_gap"))
    verdict = own_row(report.study("retro_verdict"), report)
    lines = f"<p><strong>{escape(say_gap(row, report.currency))}</strong></p>"
    if verdict is not None:
        lines += f"<p><strong>{escape(say_verdict(verdict))}</strong></p>"
    words = gap_words(row, causes, report.currency, report.study("retro_causes"))
    return Part(head + _cards(row, report.currency) + lines + words.html)


def _cards(row: Row, currency: str) -> str:
    """Put goal, base, result and gap side by side."""
    cards = []
    if pd.notna(row.goal):
        cards.append(_card(say("retro_page.goal"), format_exact(round(row.goal), currency), ""))
    if pd.notna(row.base):
        cards.append(_card(say("retro_page.base"), format_money(row.base, currency),
                           say(f"retro_page.base_short_{row.basis}")))
    growth = row.actual / row.base - 1 if row.base > 0 else float("nan")
    cards.append(_card(say("retro_page.result"), format_exact(round(row.actual), currency), say(
        "retro_page.against_base", growth=format_growth(growth)) if growth == growth else ""))
    if pd.notna(row.goal):
        reached = row.actual / row.goal if row.goal > 0 else float("inf")
        grade = "good" if reached >= GOOD else "warn" if reached >= FAIR else "bad"
        cards.append(_card(say("retro_page.gap"), format_money(row.gap, currency), say(
            "retro_page.of_goal", share=format_share(reached, 1)), grade))
    return f'<div class="headline">{"".join(cards)}</div>'


def _card(label: str, value: str, note: str, grade: str = "") -> str:
    return (f'<div class="card" style="flex:1 1 150px"><div class="label">{escape(label)}</div>'
            f'<div class="value {grade}" style="white-space:nowrap">{escape(value)}</div>'
            f'<div class="note">{escape(note)}</div></div>')


def gap_section(report: PeriodReport) -> list[Any]:
    """Show the reader's own gap: the steps from goal to result, and every cause with its money."""
    gap = report.study("retro_gap")
    row = own_row(gap, report)
    if row is None:
        return []
    return [chart_gap(gap, report.by, report.name, report.currency),
            causes_table(row, causes_of(gap), report.currency, report.study("retro_causes")), _notes(row)]


def _notes(row: Row) -> Part:
    """Say what base was taken, and who had no goal."""
    notes = [say(f"retro_page.base_note_{row.basis}")] if row.basis != "none" else []
    if pd.notna(row.goal) and row.without_goal:
        notes.append(say("retro_page.without_goal", n=int(row.without_goal)))
    return Part("".join(f'<p class="quiet">{escape(note)}</p>' for note in notes))


def units_section(report: PeriodReport) -> list[Any]:
    """Show the gap of each team and person of the reader; a person has nobody else to show."""
    gap = report.study("retro_gap")
    if report.by == "person" or gap.empty:
        return []
    teams, people = gap[gap.by == "team"], gap[gap.by == "person"]
    parts: list[Any] = []
    if report.by == "all" and len(teams) > 1:
        parts.append(Part(write_table(gap_columns(teams, report.people, report.currency))))
    if len(people) > 1:
        off = people.actual - people.base
        far = off[off.abs().nlargest(MOST_PEOPLE).index].sort_values(kind="stable").index
        parts += [chart_causes(gap, report.currency, report.people),
                  Part(write_table(gap_columns(people.loc[far], report.people, report.currency)))]
    return parts


def provenance(report: PeriodReport) -> Part:
    """Say which period, which goals and which data the report was made from."""
    facts = report.parameters
    rows = {"period": f"{report.period.start:%Y-%m-%d} – {report.period.end:%Y-%m-%d}",
            "goals_from": say(f"retro_page.source_{facts.get('source') or 'none'}"),
            "fingerprint": str(facts.get("data_fingerprint") or NOTHING), "reader": report.title}
    if facts.get("left_out"):
        rows["left_out"] = say("retro_page.left_out_count", n=int(facts["left_out"]))
    return Part(write_table([
        Column(say("report.parameter"), [say(f"retro_page.parameter_{name}") for name in rows], number=False),
        Column(say("report.value"), list(rows.values()), number=False)]))
