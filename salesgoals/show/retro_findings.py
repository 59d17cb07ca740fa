"""Was it the goal or the work, the KPI review and the mark for the forecast, as people read them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.period_reports import PeriodReport
from salesgoals.show.charts_base import join_names
from salesgoals.show.charts_retro import chart_forecast_grade, chart_goal_or_work
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_share,
)
from salesgoals.show.process_parts import name_units
from salesgoals.words import say

VERDICTS = ("both", "work", "goal_too_high", "goal_too_low", "better", "luck", "unknown")
SHARES, MONEY = ("win_rate", "quote_rate"), ("deal_value",)
FEWER, MORE = "lower", "higher"
MOST_PEOPLE = 12
MOST_NAMED = 8
Row = Any


def say_verdict(row: Row) -> str:
    """Say of a unit whether the goal or the work was wrong, with the chance the goal had at the start."""
    chance = format_chance(row.goal_chance) if pd.notna(row.goal_chance) else ""
    if row.verdict == "unknown":
        return say("retro_page.judged_unknown")
    goal = say(f"retro_page.goal_{row.goal_was}", chance=chance) if row.goal_was != "unknown" else ""
    work = say(f"retro_page.work_{row.work_was}", low=format_money(row.low), high=format_money(row.high))
    return say("retro_page.judged", goal=goal, work=work) if goal else work


def show_verdicts(verdicts: pd.DataFrame, currency: str = "", people: pd.DataFrame | None = None,
                  rows: int = MOST_PEOPLE) -> Part:
    """Show for the company, each team and the people that stand out: was it the goal or the work?

    Parameters
    ----------
    verdicts : pandas.DataFrame
        From :func:`salesgoals.retro.goal_or_work`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        Columns person_id, person or name: how people are called.
    rows : int
        How many people are listed at most.
    """
    whole, teams = verdicts[verdicts.by == "all"], verdicts[verdicts.by == "team"]
    single = verdicts[verdicts.by == "person"]
    lead = whole if len(whole) or len(teams) != 1 else teams
    said = [f"<p><strong>{escape(say_verdict(row))}</strong></p>" for row in lead.itertuples(index=False)]
    said += [f"<p>{escape(line)}</p>" for line in _counts(single)]
    order = single.assign(_order=single.verdict.map(VERDICTS.index), _luck=single.luck.fillna(1.0))
    loud = order[~order.verdict.isin(["luck", "unknown"])].sort_values(["_order", "_luck"], kind="stable")
    shown = pd.concat([whole, teams, loud.head(rows)])
    return Part("".join(said) + _verdict_table(shown, currency, people))


def _counts(single: pd.DataFrame) -> list[str]:
    """Say how many people there are of each verdict, and that some of them are called so by luck."""
    if len(single) < 2:
        return []
    counts = single.verdict.value_counts()
    said = [say("retro_page.count_verdict", n=int(counts[name]), verdict=say(f"retro_page.verdict_{name}"))
            for name in VERDICTS if name in counts]
    return [say("retro_page.people_judged", n=len(single), said=say("smart.comma").join(said))]


def _verdict_table(shown: pd.DataFrame, currency: str, people: pd.DataFrame | None) -> str:
    if shown.forecast.isna().all():
        return ""
    columns = [Column(say("retro_page.unit"), name_units(shown, people), number=False, one_line=True)]
    if shown.goal.notna().any():
        columns += [Column(say("retro_page.goal"), [format_exact(value) for value in shown.goal]),
                    Column(say("retro_page.chance_then"),
                           [format_chance(value) for value in shown.goal_chance],
                           bars=shown.goal_chance.tolist(), tint="chance")]
    columns += [
        Column(say("retro_page.expected_then"), [format_money(value) for value in shown.forecast]),
        Column(say("retro_page.replay_span"), [_span(low, high) for low, high in
                                               zip(shown.low, shown.high, strict=True)]),
        Column(say("retro_page.result"), [format_exact(round(value)) for value in shown.actual]),
        Column(say("retro_page.verdict"), [say(f"retro_page.verdict_{name}") for name in shown.verdict],
               number=False, one_line=True)]
    return write_table(columns)


def _span(low: float, high: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    return say("retro_page.span", low=format_money(low), high=format_money(high))


def show_kpi_review(review: pd.DataFrame, currency: str = "", people: pd.DataFrame | None = None,
                    by: str = "all", unit: str = "all") -> Part:
    """Show each KPI of one unit beside the usual one, and name the others where it clearly changed.

    Parameters
    ----------
    review : pandas.DataFrame
        From :func:`salesgoals.retro.kpi_review`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        Columns person_id, person or name: how people are called.
    by, unit : str
        Whose table is shown: all, team or person, and which.
    """
    own = review[(review.by == by) & (review.unit == unit)]
    known = own[own.verdict != "not_recorded"]
    absent = own.kpi[own.verdict == "not_recorded"].tolist()
    parts = []
    if len(known):
        parts.append(write_table([
            Column(say("retro_page.kpi"), [say(f"retro_page.kpi_{kpi}") for kpi in known.kpi], number=False),
            Column(say("retro_page.usual"), [_amount(kpi, value, currency) for kpi, value in
                                             zip(known.kpi, known.usual, strict=True)]),
            Column(say("retro_page.done"), [_amount(kpi, value, currency) for kpi, value in
                                            zip(known.kpi, known.done, strict=True)]),
            Column(say("retro_page.change"), [format_growth(value) for value in known.change]),
            Column(say("retro_page.verdict"), [say(f"retro_page.kpi_is_{name}") for name in known.verdict],
                   number=False, one_line=True)]))
    if absent:
        names = join_names([say(f"retro_page.kpi_{kpi}") for kpi in absent])
        parts.append(f'<p class="quiet">{escape(say("retro_page.kpi_absent", names=names))}</p>')
    others = review[(review.unit != unit) & review.verdict.isin([FEWER, MORE])]
    return Part("".join(parts) + _changed(others, people))


def _amount(kpi: str, value: float, currency: str) -> str:
    if pd.isna(value):
        return NOTHING
    if kpi in MONEY:
        return format_money(value, currency)
    return format_share(value) if kpi in SHARES else f"{value:.1f}"


def _changed(others: pd.DataFrame, people: pd.DataFrame | None) -> str:
    """Name for each KPI the teams and people in whom it clearly fell or rose."""
    if others.empty:
        return ""
    named = others.assign(name=name_units(others, people))
    lines = []
    for (kpi, verdict), rows in named.groupby(["kpi", "verdict"], sort=False):
        ranked = rows.sort_values("p", kind="stable")
        names = [say("retro_page.name_change", name=row.name, change=format_growth(row.change))
                 for row in ranked.head(MOST_NAMED)[["name", "change"]].itertuples(index=False)]
        rest = len(rows) - len(names)
        lines.append(say("retro_page.kpi_changed", kpi=say(f"retro_page.kpi_{kpi}"),
                         verdict=say(f"retro_page.kpi_went_{verdict}"), names=join_names(names))
                     + (say("retro_page.and_more", n=rest) if rest else ""))
    return write_list(lines)


def show_forecast_grade(grades: pd.DataFrame) -> Part:
    """Show how far the forecast of the start was off, beside the plainest one, and whether its band held.

    Parameters
    ----------
    grades : pandas.DataFrame
        Columns measure, value, naive, n, grade.
    """
    known = grades[grades.grade != "unknown"]
    if known.empty:
        return Part(f"<p>{escape(say('retro_page.no_forecast'))}</p>")
    table = write_table([
        Column(say("retro_page.measure_of"), [say(f"retro_page.measure_{name}") for name in known.measure],
               number=False),
        Column(say("retro_page.forecast_off"), [_grade_value(row.measure, row.value)
                                                for row in known.itertuples(index=False)]),
        Column(say("retro_page.plain_off"), [_grade_value(row.measure, row.naive)
                                             for row in known.itertuples(index=False)]),
        Column(say("retro_page.rests_on"), [say("retro_page.cases", n=int(n)) for n in known.n],
               number=False),
        Column(say("retro_page.verdict"), [say(f"retro_page.grade_{name}") for name in known.grade],
               number=False)])
    return Part(table + f'<p class="quiet">{escape(say("retro_page.one_period"))}</p>')


def _grade_value(measure: str, value: float) -> str:
    return format_growth(value, 1) if measure == "total" else format_share(value)


def verdict_section(report: PeriodReport) -> list[Any]:
    """Put together whether it was the goal or the work, for whichever reader."""
    verdicts = report.study("retro_verdict")
    if verdicts.empty:
        return []
    parts: list[Any] = [show_verdicts(verdicts, report.currency, report.people)]
    if report.by == "person":
        parts = [Part(f"<p>{escape(say_verdict(row))}</p>") for row in verdicts.itertuples(index=False)]
    return [*parts, chart_goal_or_work(verdicts, report.currency, report.people)]


def kpi_section(report: PeriodReport) -> list[Any]:
    """Put the KPI review together: the reader's own table, and who else clearly changed."""
    review = report.study("retro_kpi")
    if review.empty or not (review.verdict != "not_recorded").any():
        return [say("retro_page.no_kpis")] if report.by == "all" else []
    unit = "all" if report.by == "all" else report.name
    return [show_kpi_review(review, report.currency, report.people, report.by, unit)]


def forecast_section(report: PeriodReport) -> list[Any]:
    """Grade the forecast for the reader of the company, who alone sees its total."""
    grades = report.study("retro_grades")
    if report.by != "all" or grades.empty:
        return []
    chart = chart_forecast_grade(report.study("retro_forecast"), report.currency)
    return [show_forecast_grade(grades), chart]
