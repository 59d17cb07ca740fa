"""What speaks against a plan: the SMART questions and the classic errors, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.readers import Report
from salesgoals.show.charts_base import join_names, name_people, say_change
from salesgoals.show.charts_methods import share_moved
from salesgoals.show.facts import Facts
from salesgoals.show.html import Part, escape, write_list
from salesgoals.show.numbers import format_chance, format_exact, format_money, format_share, name_month
from salesgoals.words import say

FINE, WATCH, WRONG = "good", "warn", "bad"
HOPELESS = 0.1       # a chance below it is a goal that nobody will believe in
POSSIBLE = 0.3
UNEQUAL = 0.3        # between the quarter of people with the best and with the worst chances
Finding = tuple[str, str, str]


def find_objections(report: Report, facts: Facts) -> list[Finding]:
    """Ask the SMART questions and look for the classic errors of goal setting.

    Parameters
    ----------
    report : Report
        From :func:`salesgoals.readers.open_report`.
    facts : Facts
        From :func:`salesgoals.show.facts.read_facts`.

    Returns
    -------
    list of tuple
        (question, verdict ``good``/``warn``/``bad``, evidence), evidence in the language in use. SMART:
        Doran 1981; the errors: one figure only, the market left out, one size for all, no goals for the
        work itself.
    """
    questions: list[Callable[[Report, Facts], Finding | None]] = [
        _specific, _measurable, _achievable, _relevant, _time_bound, _one_figure, _one_size, _no_process]
    return [finding for question in questions if (finding := question(report, facts))]


def _specific(report: Report, facts: Facts) -> Finding:
    people = report.plan.people
    without = people[(people.goal <= 0) | people.goal.isna()]
    if len(without):
        return (say("report.specific"), WATCH,
                say("report.specific_missing", n=len(without), names=_some(without)))
    return (say("report.specific"), FINE,
            say("report.specific_fine", n=len(report.plan.goals), people=len(people)))


def _measurable(report: Report, facts: Facts) -> Finding | None:
    if not len(report.history):
        return None
    return (say("report.measurable"), FINE,
            say("report.measurable_fine", last=name_month(report.history.month.max())))


def _achievable(report: Report, facts: Facts) -> Finding:
    low, high = facts.readings.chance.min(), facts.readings.chance.max()
    verdict = FINE if facts.chance >= POSSIBLE else WATCH if facts.chance >= HOPELESS else WRONG
    text = say("report.achievable", chance=format_chance(facts.chance), low=format_chance(low),
               high=format_chance(high))
    people = report.plan.people
    hopeless = people[people.chance < HOPELESS]
    if len(people) > 1 and len(hopeless):
        text += say("report.achievable_people", n=len(hopeless), limit=format_chance(HOPELESS),
                    names=_some(hopeless.sort_values("chance")))
        verdict = WATCH if verdict == FINE else verdict
    return say("report.attainable"), verdict, text


def _relevant(report: Report, facts: Facts) -> Finding | None:
    if not len(report.board):
        return None
    market = report.board[report.board.estimate == "market"]
    change = float(market.change.iloc[0]) if len(market) else float("nan")
    if pd.isna(change) or pd.isna(facts.growth):
        return say("report.relevant"), WATCH, say("report.relevant_unknown")
    verdict = FINE if facts.growth <= change + 0.1 else WATCH
    return (say("report.relevant"), verdict,
            say("report.relevant_known", market=say_change(change), goal=say_change(facts.growth)))


def _time_bound(report: Report, facts: Facts) -> Finding:
    months = report.plan.goals.groupby("month").goal.sum()
    return (say("report.time_bound"), FINE,
            say("report.time_bound_fine", months=facts.months, largest=name_month(months.idxmax()),
                share=format_share(float(months.max() / months.sum()))))


def _one_figure(report: Report, facts: Facts) -> Finding | None:
    metrics = report.plan.goals.metric.nunique()
    return (say("report.one_figure"), WATCH, say("report.one_figure_found")) if metrics == 1 else None


def _one_size(report: Report, facts: Facts) -> Finding | None:
    chances = report.plan.people.chance.dropna()
    if len(chances) < 4:
        return None
    low, high = float(chances.quantile(0.25)), float(chances.quantile(0.75))
    text = say("report.one_size_chances", low=format_chance(low), high=format_chance(high))
    moved = share_moved(report.methods) if "history" in report.methods else pd.Series(dtype="float64")
    if "equal" in moved:
        text += say("report.one_size_equal", share=format_share(moved["equal"]))
    return say("report.one_size"), WATCH if high - low > UNEQUAL else FINE, text


def _no_process(report: Report, facts: Facts) -> Finding:
    return say("report.no_process"), WATCH, say("report.no_process_found")


def _some(people: pd.DataFrame, most: int = 5) -> str:
    names = name_people(people).tolist()
    if len(names) <= most:
        return join_names(names)
    return say("report.and_others", names=say("chart.names_comma").join(names[:most]), n=len(names))


def objections(report: Report, facts: Facts) -> Part:
    """Show what speaks against the plan, worst first."""
    order = {WRONG: 0, WATCH: 1, FINE: 2}
    findings = sorted(find_objections(report, facts), key=lambda finding: order[finding[1]])
    heads = [say("report.question"), say("report.verdict"), say("report.evidence")]
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f'<td class="{verdict}" style="white-space:nowrap">{escape(say(f"report.is_{verdict}"))}</td>'
        f"<td>{escape(evidence)}</td></tr>" for name, verdict, evidence in findings)
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return Part(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")


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
