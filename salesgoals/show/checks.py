"""What speaks against a plan: what the rules found, with the evidence, and what to be careful about."""

from __future__ import annotations

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.readers import Report
from salesgoals.show.charts_base import join_names, name_people
from salesgoals.show.facts import Facts
from salesgoals.show.html import Part, escape, write_list
from salesgoals.show.numbers import format_exact, format_money
from salesgoals.show.smart_parts import readable_findings
from salesgoals.smart import check_own_goals
from salesgoals.words import say


def find_objections(report: Report) -> pd.DataFrame:
    """Return what the SMART questions and the four errors say about the reader's plan.

    Parameters
    ----------
    report : Report
        From :func:`salesgoals.readers.open_report`.

    Returns
    -------
    DataFrame
        As from :func:`salesgoals.smart.check_goals`. For a reader who does not see the whole company, only
        the rules that need nobody else's records.
    """
    found = report.study("smart_plan")
    if len(found):
        return found
    return check_own_goals(report.plan, report.forecast, report.history)


def _some(people: pd.DataFrame, most: int = 5) -> str:
    names = name_people(people).tolist()
    if len(names) <= most:
        return join_names(names)
    return say("report.and_others", names=say("chart.names_comma").join(names[:most]), n=len(names))


def objections(report: Report) -> Part:
    """Show what speaks against the plan, worst first."""
    return readable_findings(find_objections(report), report.currency)


def past_objections(report: Report) -> Part:
    """Show what speaks against the last goals that were imported, worst first; nothing without such goals."""
    past = report.study("smart_past")
    return readable_findings(past, report.currency) if len(past) else Part("")


def remarks(report: Report, facts: Facts) -> Part:
    """List what to be careful about: remarks of the plan and the forecast, and what nobody can know."""
    notes: list[Problem] = [*report.plan.notes, *report.forecast.notes]
    texts = list(dict.fromkeys(note.text() for note in notes))
    people = report.plan.people
    if len(people) > 1 and facts.goal < facts.expected:
        texts.append(say("report.goal_below_forecast", goal=format_money(facts.goal),
                         expected=format_money(facts.expected)))
    unknown = people[people.chance.isna() & (people.goal > 0)]
    if len(unknown):
        texts.append(say("report.chance_unknown", n=len(unknown), names=_some(unknown),
                         goal=format_exact(float(unknown.goal.sum()))))
    if not texts:
        return Part("")
    return Part(f'<div class="notice">{escape(texts[0]) if len(texts) == 1 else write_list(texts)}</div>')
