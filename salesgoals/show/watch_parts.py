"""What has fallen and why, as people read it: weekly figures in alarm, reasons, lines of the first screen."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.period_reports import PeriodReport
from salesgoals.show.charts_base import join_names
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import NOTHING, format_chance, format_growth, format_money, format_share
from salesgoals.show.process_parts import LOUD, in_order, name_units
from salesgoals.words import say

RATES = ("win_rate", "quotes_a_visit", "deals_a_quote")
NOT_JUDGED = ("too_small", "too_short", "unknown")
FALLEN, SILENT = "alarm", "no_records"
ROWS = 12
MOST_REASONS = 2
MOST_LINES = 8


def name_kpi(kpi: str) -> str:
    """Name a weekly figure."""
    return say(f"progress.kpi_{kpi}")


def show_kpi_alarms(charts: pd.DataFrame, people: pd.DataFrame | None = None, rows: int = ROWS) -> Part:
    """Show which weekly figures have fallen by more than luck, and how many would ring for nothing.

    Parameters
    ----------
    charts : pandas.DataFrame
        From :func:`salesgoals.process.sum_up_charts`.
    people : pandas.DataFrame, optional
        For names.
    rows : int
        How many at most, the company and teams first.
    """
    if charts.empty:
        return Part(f"<p>{escape(say('progress.no_figures'))}</p>")
    rings = charts[charts.state == FALLEN]
    judged = int((~charts.state.isin(NOT_JUDGED)).sum())
    lines = [say("progress.figures_ring", n=len(rings), of=judged,
                 expected=f"{charts.false_alarms.sum():.1f}") if judged else say("progress.figures_none")]
    small = charts[charts.state.isin(NOT_JUDGED)]
    if len(small):
        lines.append(say("progress.figures_small", n=len(small)))
    silent = charts[charts.state == SILENT]
    if len(silent):
        who = silent.drop_duplicates(["by", "unit"])
        lines.append(say("progress.figures_silent", names=join_names(name_units(who, people)[:ROWS])))
    table = ""
    if len(rings):
        shown = rings.head(rows)
        table = write_table([
            Column(say("progress.unit"), name_units(shown, people), number=False, one_line=True),
            Column(say("progress.figure"), [name_kpi(name) for name in shown.kpi], number=False),
            Column(say("progress.since"), [f"{day:%Y-%m-%d}" if pd.notna(day) else NOTHING
                                           for day in shown.since], number=False, one_line=True),
            Column(say("progress.four_weeks"), [format_growth(value) for value in shown.change]),
            Column(say("progress.false_by_itself"), [format_share(one, 1) for one in shown.false_alarms])])
        if len(rings) > rows:
            lines.append(say("progress.more_figures", n=len(rings) - rows))
    return Part(f"<p><strong>{escape(lines[0])}</strong></p>{table}"
                + "".join(f"<p>{escape(line)}</p>" for line in lines[1:]))


def clearest_chart(weekly: pd.DataFrame, charts: pd.DataFrame) -> pd.DataFrame:
    """Choose the chart most worth looking at: in alarm, of a team, with the clearest signal.

    Parameters
    ----------
    weekly, charts : pandas.DataFrame
        From :func:`salesgoals.process.kpi_alarms` and :func:`salesgoals.process.sum_up_charts`.

    Returns
    -------
    pandas.DataFrame
        The weeks of one chart; without any alarm those of the company's first figure; empty without figures.
    """
    if weekly.empty:
        return weekly
    last = weekly.groupby(["by", "unit", "kpi"], as_index=False).signal.last()
    rank = charts.merge(last, on=["by", "unit", "kpi"], how="left").fillna({"signal": 0.})
    rank["_state"] = (rank.state != FALLEN).astype(int)
    rank["_by"] = rank.by.map({"team": 0, "all": 1, "person": 2})
    best = rank.sort_values(["_state", "_by", "signal"], ascending=[True, True, False], kind="stable").iloc[0]
    chosen = (weekly.by == best.by) & (weekly.unit == best.unit) & (weekly.kpi == best.kpi)
    return weekly[chosen].reset_index(drop=True)


def reason_words(row: Any, currency: str = "") -> str:
    """Say one reason in words: what moved, from what to what, and what it costs."""
    effect = format_money(abs(row.effect), currency) if pd.notna(row.effect) else NOTHING
    if row.reason == "pipeline":
        return say("progress.reason_pipeline", now=_ratio(row.now), usual=_ratio(row.usual), effect=effect)
    return say(f"progress.reason_{row.reason}", change=format_growth(row.change), effect=effect)


def _ratio(value: float) -> str:
    return NOTHING if pd.isna(value) else f"{value:.1f}"


def worst_reasons(reasons: pd.DataFrame, by: str, unit: str, most: int = MOST_REASONS) -> pd.DataFrame:
    """Give the clear reasons of a unit that cost most; a step without the one before it is a plain count."""
    if reasons.empty:
        return reasons
    own = reasons[(reasons.by == by) & (reasons.unit == unit)]
    unknown = set(own.reason[own.usual.isna()])
    missing = {"quotes": "visits", "conversion": "quotes"}
    own = own.assign(reason=[f"{name}_alone" if missing.get(name) in unknown else name
                             for name in own.reason])
    return own[own.clear].sort_values("rank").head(most)


def show_reasons(reasons: pd.DataFrame, board: pd.DataFrame, currency: str = "",
                 people: pd.DataFrame | None = None, rows: int = ROWS) -> Part:
    """Show what each unit in danger lost on the way from visit to money, and whether it is clear.

    Parameters
    ----------
    reasons, board : pandas.DataFrame
        From :func:`salesgoals.process.name_reasons` and :func:`salesgoals.process.pace_board`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        For names.
    rows : int
        How many units at most.
    """
    if reasons.empty:
        return Part(f"<p>{escape(say('progress.no_reasons'))}</p>")
    order = in_order(board[board.verdict.isin(LOUD)]).head(rows)
    if order.empty:
        return Part(f"<p>{escape(say('progress.nobody_in_danger'))}</p>")
    said = []
    for row in order.itertuples():
        clear = worst_reasons(reasons, row.by, row.unit)
        said.append(say("progress.semicolon").join(reason_words(one, currency) for one in clear.itertuples())
                    if len(clear) else say("progress.no_clear_reason"))
    return Part(write_table([
        Column(say("progress.unit"), name_units(order, people), number=False, one_line=True),
        Column(say("progress.verdict"), [say(f"progress.verdict_{name}") for name in order.verdict],
               number=False),
        Column(say("progress.gap_to_usual"), [_signed_money(a - b) for a, b in
                                              zip(order.so_far, order.usual_so_far, strict=True)]),
        Column(say("progress.reasons"), said, number=False)]))


def _signed_money(value: float) -> str:
    if pd.isna(value) or round(value) == 0:
        return NOTHING
    return ("+" if value > 0 else "−") + format_money(abs(value))


def alarm_lines(report: PeriodReport) -> list[str]:
    """Say what rings in a report, each with its reason; what is quiet is said once, to the company only.

    Parameters
    ----------
    report : PeriodReport
        A progress report.
    """
    board, reasons = report.study("process_pace"), report.study("process_reasons")
    lines = []
    loud = in_order(board[board.alarm]) if len(board) else board
    shown = loud.head(MOST_LINES)
    for name, row in zip(name_units(shown, report.people), shown.itertuples(), strict=True):
        clear = worst_reasons(reasons, row.by, row.unit)
        why = say("progress.semicolon").join(reason_words(one, report.currency) for one in clear.itertuples())
        lines.append(say("progress.line_alarm" if why else "progress.line_alarm_only", name=name,
                         chance=format_chance(row.chance), why=why))
    if len(loud) > MOST_LINES:
        lines.append(say("progress.line_more", n=len(loud) - MOST_LINES))
    charts = report.study("process_charts")
    fallen = charts[charts.state == FALLEN] if len(charts) else charts
    shown = fallen.head(MOST_LINES)
    for name, row in zip(name_units(shown, report.people), shown.itertuples(), strict=True):
        lines.append(say("progress.line_kpi", name=name, kpi=name_kpi(row.kpi),
                         change=format_growth(row.change), since=f"{row.since:%Y-%m-%d}"))
    if len(fallen) > MOST_LINES:
        lines.append(say("progress.line_more_kpi", n=len(fallen) - MOST_LINES))
    if not lines and report.by == "all" and len(board):
        # Without goals, or once the period is over, there is no chance that could be low.
        told = report.running and (board.verdict != "no_goal").any()
        lines.append(say("progress.line_quiet" if told else "progress.line_quiet_kpi"))
    return lines
