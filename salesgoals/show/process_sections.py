"""The sections of a progress report, each for whichever reader: what to show, or nothing."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pandas as pd

from salesgoals.meetings import agenda
from salesgoals.period_reports import PeriodReport
from salesgoals.process import alarm_quality
from salesgoals.show.charts_alarms import chart_kpi
from salesgoals.show.charts_follow_up import chart_coverage
from salesgoals.show.charts_kpi_goals import chart_kpi_goals
from salesgoals.show.charts_meetings import chart_pulse
from salesgoals.show.charts_process import chart_pace
from salesgoals.show.coaching_parts import show_kpi_goals, show_milestones, show_person_goals
from salesgoals.show.follow_up_parts import (
    show_coverage,
    show_deals,
    show_doubly_worked,
    show_follow_up_rate,
    show_lag,
    show_neglected,
    show_own_doubly,
)
from salesgoals.show.html import Column, Part, escape, write_heading, write_list, write_table
from salesgoals.show.meeting_parts import show_contest, show_own_place, show_stories, show_team_contest
from salesgoals.show.meeting_sheets import show_agenda
from salesgoals.show.numbers import format_share
from salesgoals.show.process_parts import PACE, person_names
from salesgoals.show.progress_report import own_rows, standing_part
from salesgoals.show.watch_parts import (
    FALLEN,
    SILENT,
    alarm_lines,
    clearest_chart,
    show_kpi_alarms,
    show_reasons,
)
from salesgoals.words import say

MOST_CHARTS = 2
KPI_CHARTS = ["by", "unit", "kpi"]
ALL_PEOPLE = 60


def alarms_section(report: PeriodReport) -> list[Any]:
    """Say what rings and why; a team or a person for whom nothing rings sees no such section."""
    return [write_lines(alarm_lines(report))]


def write_lines(lines: list[str]) -> Part:
    """Write sentences as a list; one alone as a paragraph."""
    return Part(f"<p>{escape(lines[0])}</p>" if len(lines) == 1 else write_list(lines))


def pace_section(report: PeriodReport) -> list[Any]:
    """Show the course of the period, how everybody stands, and where those in danger lose it."""
    course = own_rows(report, report.study("process_course"))
    board = report.study("process_pace")
    reasons: Part | None = None
    if len(board) and report.by != "person":
        shown = show_reasons(report.study("process_reasons"), board, report.currency, report.people)
        reasons = shown if board.verdict.isin(("alarm", "at_risk", "missed")).any() else None
    return [chart_pace(course, report.currency) if len(course) else None, standing_part(report), reasons]


def work_section(report: PeriodReport) -> list[Any]:
    """Show what each person has to do a week; nothing once the period is over."""
    needs, missing = report.study("kpi_goals_needed"), report.study("kpi_goals_missing")
    codes = missing.code if len(missing) else None
    if not report.running:
        return []
    if report.by == "person":
        return [show_person_goals(needs, report.currency)] if _has_goals(needs) else []
    if not _has_goals(needs) and report.by != "all":
        return []
    return [chart_kpi_goals(needs) if _has_goals(needs) else None,
            show_kpi_goals(needs, report.currency, ALL_PEOPLE, codes)]


def _has_goals(needs: pd.DataFrame) -> bool:
    return bool(len(needs)) and bool((needs.enough != "no_goal").any())


def kpis_section(report: PeriodReport) -> list[Any]:
    """Show which weekly figures have fallen, the clearest of them as a chart to look at."""
    charts, weekly = report.study("process_charts"), report.study("process_kpi")
    if charts.empty:
        return [show_kpi_alarms(charts)] if report.by == "all" else []
    rings = charts[charts.state == FALLEN]
    if rings.empty and report.by != "all" and not (charts.state == SILENT).any():
        return []
    parts: list[Any] = [show_kpi_alarms(charts, report.people)]
    left = charts
    for _ in range(min(MOST_CHARTS, len(rings))):
        one = clearest_chart(weekly, left)
        parts.append(chart_kpi(one))
        left = left[~((left.by == one.by.iloc[0]) & (left.unit == one.unit.iloc[0])
                      & (left.kpi == one.kpi.iloc[0]))]
    return parts


def weeks_section(report: PeriodReport) -> list[Any]:
    """Show the weekly milestones of the reader's goal."""
    weeks = report.study("kpi_goals_weeks")
    if weeks.empty and report.by != "all":
        return []
    return [show_milestones(weeks, report.currency, own_rows(report, report.study("process_course")))]


def pipeline_section(report: PeriodReport) -> list[Any]:
    """Show open deals against what is missing, and those that do not move."""
    coverage = report.study("follow_up_coverage")
    if coverage.empty:
        return [show_coverage(coverage)] if report.by == "all" else []
    own = coverage if report.by == "all" else coverage[coverage.by.isin((report.by, "person"))]
    deals = show_deals(report.study("follow_up_deals"), report.people, report.currency,
                       owner=report.by != "person")
    if not report.running:  # nothing can be covered any more
        return [deals]
    part = {"all": "team", "team": "person"}.get(report.by, "")
    return [chart_coverage(own, part),
            show_coverage(own, report.currency, report.people, persons=report.by == "team"), deals]


def customers_section(report: PeriodReport) -> list[Any]:
    """Show customers left alone and customers that two people work on."""
    neglected = report.study("follow_up_neglected")
    rate = show_follow_up_rate(report.study("follow_up_rate"), report.by, report.name)
    whole = report.by == "all"
    parts: list[Any] = [rate]
    if len(neglected) or whole:
        parts.append(show_neglected(neglected, report.people, report.currency, owner=report.by != "person"))
    if whole:
        parts.append(show_doubly_worked(report.study("follow_up_doubly"), report.people))
    elif report.by == "person":
        parts.append(show_own_doubly(report.study("follow_up_doubly_own")))
    return parts


def team_section(report: PeriodReport) -> list[Any]:
    """Show stories and contest: the top to the company and the team, the own place alone to a person."""
    stories, standing = report.study("meetings_stories"), report.study("meetings_contest")
    if report.by == "all":
        pulse = report.study("meetings_pulse")
        return [show_stories(stories), show_contest(standing), chart_pulse(pulse) if len(pulse) else None]
    told = show_stories(stories) if len(stories) else None
    return [told, show_team_contest(standing) if report.by == "team" else show_own_place(standing)]


def agenda_section(report: PeriodReport) -> list[Any]:
    """Fill the agendas of the next morning meeting and weekly review; a single person holds no meeting."""
    if report.by == "person" or not report.running:
        return []
    names, parts = person_names(report.people), list[Any]()
    for kind in ("morning", "weekly"):
        items = agenda(kind, report.studies)
        items = items.assign(name=items.person_id.map(names).fillna(items["name"]))
        parts += [Part(write_heading(say(f"meetings.kind_{kind}"), 3)), show_agenda(items, report.currency)]
    return parts


def data_section(report: PeriodReport) -> list[Any]:
    """Say whose records have stopped."""
    lag = report.study("follow_up_lag")
    if lag.empty or (report.by != "all" and lag.state.isin(("ok", "too_few")).all()):
        return []
    left_out = int(report.parameters.get("left_out") or 0)
    note = say("progress.left_out", n=left_out) if left_out and report.by == "all" else None
    return [show_lag(lag, report.people), note]


def method_section(report: PeriodReport) -> list[Part]:
    """Say from which data and goals the report was made, and how often its alarms were wrong."""
    quality = alarm_quality()
    ours = quality[quality.ours & (quality.watched == PACE)]
    ours = ours.sort_values("deals")
    said = say("progress.quality_words", deals=say("chart.names_comma").join(f"{n:.0f}" for n in ours.deals),
               false=say("chart.names_comma").join(format_share(value) for value in ours.false_alarms),
               found=say("chart.names_comma").join(format_share(value) for value in ours.detected))
    source = report.parameters.get("source") or "none"
    rows = [(say("progress.parameter_period"), report.period.name),
            (say("progress.parameter_day"), f"{report.day:%Y-%m-%d}"),
            (say("progress.parameter_goals"), say(f"progress.source_{source}")),
            (say("report.parameter_data_fingerprint"), str(report.parameters.get("data_fingerprint", ""))),
            (say("report.parameter_salesgoals"), version("salesgoals")),
            (say("report.parameter_reader"), report.title)]
    table = write_table([Column(say("report.parameter"), [name for name, _ in rows], number=False),
                         Column(say("report.value"), [text for _, text in rows], number=False)])
    return [Part(f"<p>{escape(said)}</p>{table}")]
