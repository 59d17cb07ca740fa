"""The parts of a goal report that are words and figures: first screen, remarks, how it was made."""

from __future__ import annotations

from salesgoals.readers import Report
from salesgoals.show.charts_base import GROWN, say_change
from salesgoals.show.facts import Facts
from salesgoals.show.html import Column, Part, escape, write_heading, write_table
from salesgoals.show.ledger_parts import say_version
from salesgoals.show.numbers import (
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_share,
    name_span,
)
from salesgoals.words import all_words, say

LIKELY, DOUBTFUL = 0.5, 0.2  # chances from which a figure is shown as good, or no longer as bad


def headline(report: Report, facts: Facts) -> Part:
    """Open the report: for whom and for when, the goal, its chance with the range, and three other totals."""
    title = say("report.title_person" if report.by == "person" else "report.title", who=report.title)
    about = say("report.about", company=report.company, months=name_span(facts.first, facts.last),
                made=report.parameters.get("made_on"),
                version=say_version(str(report.parameters.get("version") or "")))
    low, high = facts.readings.chance.min(), facts.readings.chance.max()
    ends = [format_chance(low), format_chance(high)]
    span = say("report.chance_range", low=ends[0], high=ends[1]) if ends[0] != ends[1] else ""
    cards = [_card(say("report.goal"), format_exact(facts.goal, report.currency), _against(facts), wide=True),
             _card(say("report.chance"), format_chance(facts.chance), span, _grade(facts.chance))]
    cards += [_card(say("report.total_at", chance=format_share(share)),
                    format_money(total, like=facts.goal),
                    "" if not facts.baseline > 0 else say("report.against", change=say_change(
                        total / facts.baseline - 1)))
              for share, total in facts.totals.itertuples(index=False) if facts.expected > 0]
    sentence = _baseline_words(report, facts) + _forecast_words(report, facts)
    return Part(f'{write_heading(title, 1)}<p class="quiet">{escape(about)}</p>'
                f'<div class="headline">{"".join(cards)}</div><p>{escape(sentence)}</p>')


def _baseline_words(report: Report, facts: Facts) -> str:
    goal = format_money(facts.goal, report.currency)
    if not facts.baseline > 0:
        return say("report.in_words_new", goal=goal)
    return say("report.in_words_before", goal=goal, before=format_money(facts.baseline, like=facts.goal))


def _forecast_words(report: Report, facts: Facts) -> str:
    if not facts.expected > 0:
        return say("report.in_words_unknown")
    return say("report.in_words", coverage=format_share(report.forecast.coverage),
               expected=format_money(facts.expected, like=facts.goal),
               low=format_money(facts.low, like=facts.goal), high=format_money(facts.high, like=facts.goal))


def _grade(share: float) -> str:
    if share != share:
        return ""
    return "good" if share >= LIKELY else "warn" if share >= DOUBTFUL else "bad"


def _against(facts: Facts) -> str:
    if not facts.baseline > 0:
        return say("report.no_baseline")
    return say("report.against", change=say_change(facts.growth))


def _card(label: str, value: str, note: str = "", grade: str = "", wide: bool = False) -> str:
    style = "flex:1.6 1 150px" if wide else "flex:1 1 118px"  # five in a row, two on a phone
    return (f'<div class="card" style="{style}"><div class="label">{escape(label)}</div>'
            f'<div class="value {grade}" style="white-space:nowrap">{escape(value)}</div>'
            f'<div class="note">{escape(note)}</div></div>')


def double_it(report: Report, facts: Facts) -> Part:
    """Answer "Double it!": what twice as much would take, and how likely it is."""
    from salesgoals.goal import chance

    if not facts.baseline > 0:
        return Part("")
    twice = 2 * facts.baseline
    sentence = say("report.double", twice=format_money(twice, report.currency),
                   chance=format_chance(chance(report.forecast, twice)))
    gap = twice - facts.expected
    grown = report.plan.people.ramp.fillna(1.0) >= GROWN
    able = report.forecast.people["mean"].reindex(report.plan.people.person_id[grown])
    if report.by != "person" and gap > 0 and able.mean() > 0:
        sentence += say("report.double_people", gap=format_money(gap), n=-(-int(gap) // int(able.mean())),
                        each=format_money(float(able.mean())))
    return Part(f"<p>{escape(sentence)}</p>")


def chance_table(report: Report, facts: Facts) -> Part:
    """Show the chance of the goal under other assumptions; empty where there is no other to make."""
    if len(facts.readings) < 2:
        return Part("")
    names = [say(f"report.reading_{name}") for name in facts.readings.reading]
    return Part(write_table([
        Column(say("report.assumption"), names, number=False),
        Column(say("report.expected"), [format_money(value, like=facts.goal)
                                        for value in facts.readings.expected]),
        Column(say("report.chance"), [format_chance(value) for value in facts.readings.chance],
               bars=facts.readings.chance.tolist(), tint="chance")], caption=say("report.readings")))


def board_table(report: Report, facts: Facts) -> Part:
    """Put the estimates of the total side by side, each with its basis; empty where there is no board."""
    if not len(report.board):
        return Part("")
    board = report.board
    spans = ["" if low != low else say("report.range", low=format_money(low, like=facts.goal),
                                       high=format_money(high, like=facts.goal))
             for low, high in zip(board.low, board.high, strict=True)]
    return Part(write_table([
        Column(say("report.estimate"), [say(f"report.estimate_{name}") for name in board.estimate],
               number=False, one_line=True),
        Column(say("report.expected"), [format_money(value, like=facts.goal) for value in board.total]),
        Column(say("report.span"), spans),
        Column(say("report.growth"), [format_growth(value) for value in board.change]),
        Column(say("report.basis"), board.basis.astype(str).tolist(), number=False)],
        caption=say("report.board")))


def method_note(report: Report) -> Part:
    """Say how the figures were made, with the assumptions that the data decided."""
    forecast = report.forecast
    items = [say("report.method_forecast", months=forecast.history_months,
                 smoothing=format_share(forecast.smoothing)),
             say("report.method_range", coverage=format_share(forecast.coverage),
                 month=f"{forecast.month_correlation:.2f}", floor=format_share(forecast.level_floor))]
    if len(forecast.people) > 1:
        items.append(say("report.method_people", people=f"{forecast.people_correlation:.2f}"))
    method = report.parameters.get("method")
    if f"chart.method_{method}" in all_words():
        items.append(say("report.method_split", method=say(f"chart.method_{method}"),
                         unit=format_exact(report.unit, report.currency)))
    return Part("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>")


def provenance(report: Report) -> Part:
    """Say from which data, with which parameters and versions the report was made."""
    rows = []
    for name, value in report.parameters.items():
        key = f"report.parameter_{name}"
        if key not in all_words() or value is None:
            continue
        text = str(value)
        if name == "total":
            text = format_exact(value, report.currency)
        elif name == "unit":
            text = format_exact(value)
        elif name == "version":
            text = say_version(text)
        elif name == "method" and f"chart.method_{value}" in all_words():
            text = say(f"chart.method_{value}")
        rows.append((say(key), text))
    if report.ledger.head:
        rows.append((say("report.parameter_ledger"), report.ledger.head.replace(":", " · ")))
    rows.append((say("report.parameter_reader"), report.title))
    return Part(write_table([Column(say("report.parameter"), [name for name, _ in rows], number=False),
                             Column(say("report.value"), [text for _, text in rows], number=False)]))


def stage(report: Report) -> Part:
    """Say of a newcomer how the growth curve enters the goal; nothing of anybody else."""
    share = float(report.plan.people.ramp.fillna(1.0).iloc[0]) if len(report.plan.people) == 1 else 1.0
    if share >= GROWN:
        return Part("")
    return Part(f'<p class="notice">{escape(say("report.stage", share=format_share(share)))}</p>')


def display_parts(*parts: Part) -> None:
    """Show several parts one below the other; empty ones leave no trace."""
    from IPython.display import display

    display(*[part for part in parts if part.html])
