"""The session of a retrospective as people read it: facts, causes, decisions, actions; what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesgoals.cycle import Cause, Fact, Learnt, Session
from salesgoals.period_reports import PeriodReport
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_exact,
    format_growth,
    format_money,
    format_share,
)
from salesgoals.show.process_parts import name_units, person_names
from salesgoals.show.retro_parts import say_cause
from salesgoals.show.session_sheets import say_facts
from salesgoals.words import say

SHARES, MONEY = ("win_rate", "luck"), ("deal_size",)
MOST_CAUSES = 12


def say_session_cause(cause: Any, currency: str = "", people: pd.DataFrame | None = None,
                      held: Mapping[tuple[str, str], str] | None = None) -> str:
    """Say a cause of the session with whose it is; ``held`` says of whom what is not on record."""
    who = name_units(pd.DataFrame({"by": [cause.by], "unit": [cause.unit]}), people)[0]
    amount = 0.0 if cause.amount is None or pd.isna(cause.amount) else float(cause.amount)
    if cause.code == "one_off":
        return say("retro_page.cause_of", who=who,
                   cause=say("retro_page.one_off_cause", money=format_money(amount, currency)))
    return say("retro_page.cause_of", who=who, cause=say_cause(
        cause.code, amount, currency=currency, held=(held or {}).get((cause.by, cause.unit), "")))


def held_by_unit(gap: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Say of whom what is not on record, from :func:`salesgoals.retro.gap_report`."""
    if gap.empty:
        return {}
    return dict(zip(zip(gap.by, gap.unit, strict=True), gap.held.fillna("").astype(str), strict=True))


def show_session(session: Session, currency: str = "", people: pd.DataFrame | None = None,
                 gap: pd.DataFrame | None = None, rows: int = MOST_CAUSES) -> Part:
    """Show what stands on the session's sheet: facts, causes with what the group says, decisions, actions.

    Parameters
    ----------
    session : Session
        From :func:`salesgoals.cycle.open_session`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        Columns person_id, name: how people are called.
    gap : pandas.DataFrame, optional
        From :func:`salesgoals.retro.gap_report`: what is not on record is then called by what is.
    rows : int
        How many causes are listed at most.
    """
    held = held_by_unit(gap) if gap is not None else {}
    parts = [_heading("facts"), write_list(_say_facts(session, people, currency))]
    if session.causes:
        shown = for_discussion(session.causes, rows)
        parts += [_heading("causes"), _causes_table(shown, currency, people, held)]
        if len(session.causes) > rows:
            more = say("retro_page.more_causes", n=len(session.causes) - rows)
            parts.append(f'<p class="quiet">{escape(more)}</p>')
    if session.decisions:
        parts += [_heading("decisions"), write_list([_decided(one) for one in session.decisions])]
    return Part("".join(parts))


def for_discussion(causes: Sequence[Cause], most: int) -> list[Cause]:
    """Choose what a meeting has time for: half of it the company's heaviest, then the heaviest of all others.

    Examples
    --------
    >>> causes = [Cause(code="price", amount=-5.0), Cause(code="activity", by="team", unit="a", amount=-1.0),
    ...           Cause(code="activity", by="team", unit="b", amount=-9.0)]
    >>> [cause.unit for cause in for_discussion(causes, 2)]
    ['all', 'b']
    """
    whole = [cause for cause in causes if cause.by == "all"][:max(most // 2, 1)]
    others = sorted((cause for cause in causes if cause.by != "all"),
                    key=lambda cause: -abs(cause.amount or 0.0))
    return [*whole, *others[:most - len(whole)]]


def _say_facts(session: Session, people: pd.DataFrame | None, currency: str) -> list[str]:
    """Say the facts but the plain forecast: base, which leaves one-off orders out, stands beside them."""
    shown = session.model_copy(update={"facts": [fact for fact in session.facts if fact.code != "forecast"]})
    return say_facts(shown, person_names(people), currency)


def _heading(name: str) -> str:
    return f"<p><strong>{escape(say(f'retro_page.head_{name}'))}</strong></p>"


def _decided(one: Any) -> str:
    return say("retro_page.decided", kind=say(f"retro_page.kind_{one.kind}"), text=one.text)


def _causes_table(causes: list[Any], currency: str, people: pd.DataFrame | None,
                  held: Mapping[tuple[str, str], str]) -> str:
    said = [say_session_cause(one, currency, people, held) for one in causes]
    return write_table([
        Column(say("retro_page.cause"), said, number=False),
        Column(say("retro_page.group_says"), [say(f"retro_page.agreed_{one.agreed}") for one in causes],
               number=False, one_line=True)])


def actions_table(actions: pd.DataFrame) -> Part:
    """List actions with owner, date, figure to watch and status; those that are late are marked.

    Parameters
    ----------
    actions : pandas.DataFrame
        From :func:`salesgoals.cycle.open_actions`.
    """
    if actions.empty:
        return Part("")
    due = pd.to_datetime(actions.due)
    late = actions.overdue if "overdue" in actions else pd.Series(False, index=actions.index)
    said = [say("retro_page.late", day=f"{day:%Y-%m-%d}") if overdue else f"{day:%Y-%m-%d}"
            for day, overdue in zip(due, late, strict=True)]
    return Part(write_table([
        Column(say("retro_page.what"), actions.what.astype(str).tolist(), number=False),
        Column(say("retro_page.owner"), actions.owner.astype(str).tolist(), number=False, one_line=True),
        Column(say("retro_page.due"), said, number=False, one_line=True),
        Column(say("retro_page.measure"), [text or NOTHING for text in actions.measure.fillna("")],
               number=False),
        Column(say("retro_page.status"), [say(f"cycle.status_{one}") for one in actions.status], number=False,
               one_line=True)]))


def show_starting_values(learnt: Learnt, currency: str = "") -> Part:
    """Show what the next cycle takes over, and what it only has to know.

    Parameters
    ----------
    learnt : Learnt
        From :func:`salesgoals.cycle.starting_values`.
    currency : str
        Currency code to name beside amounts.
    """
    notes = [note.text() for note in learnt.notes()]
    ramps = {"ramp_before": learnt.ramp_before, "ramp": learnt.ramp}
    rows = [(name, ramp.midpoint, ramp.hires) for name, ramp in ramps.items() if ramp]
    rows += [(rate.name, rate.value, rate.n) for rate in learnt.rates]
    if learnt.luck is not None:
        rows.append(("luck", learnt.luck.typical, learnt.luck.people))
    return Part(write_list(notes) + _values_table(rows, currency))


def _values_table(rows: list[tuple[str, float, int]], currency: str) -> str:
    if not rows:
        return ""
    return write_table([
        Column(say("retro_page.value"), [say(f"retro_page.value_{name}") for name, _, _ in rows],
               number=False),
        Column(say("retro_page.figure"), [_figure(name, value, currency) for name, value, _ in rows]),
        Column(say("retro_page.rests_on"), [say(f"retro_page.rests_{name}", n=int(n)) for name, _, n in rows],
               number=False)])


def _figure(name: str, value: float, currency: str) -> str:
    if name in SHARES:
        return format_share(value)
    return format_money(value, currency) if name in MONEY else f"{value:.1f}"


def session_section(report: PeriodReport) -> list[Any]:
    """Put together what the session of the period says, for whichever reader."""
    causes = report.study("cycle_causes")
    decisions, actions = report.study("cycle_decisions"), report.study("cycle_actions")
    others = report.study("cycle_open")
    parts: list[Any] = []
    if report.by == "all":
        said = _say_facts(_facts_of(report), report.people, report.currency)
        parts.append(Part(_heading("facts") + write_list(said)))
    if len(causes):
        parts.append(Part(_heading("causes") + _causes_table(list(causes.itertuples(index=False)),
                                                             report.currency, report.people,
                                                             held_by_unit(report.study("retro_gap")))))
        if not bool(causes.saved.any()) and report.by == "all":
            parts.append(Part(f'<p class="notice">{escape(say("retro_page.not_held"))}</p>'))
    if len(decisions):
        items = [_decided(one) for one in decisions.itertuples(index=False)]
        parts.append(Part(_heading("decisions") + write_list(items)))
    if len(actions):
        parts.append(Part(_heading("actions") + actions_table(actions).html))
    earlier = others[others.period != report.period.name] if len(others) else others
    if len(earlier):
        parts.append(Part(_heading("earlier") + actions_table(earlier).html))
    return parts


def _facts_of(report: PeriodReport) -> Session:
    """Put the facts of the report's tables back together, for the reader of the company."""
    table = report.study("cycle_facts")
    facts = [Fact(code=code, by=by, unit=unit, values={row.name: row.text or float(row.value) for row in
                                                       rows.itertuples(index=False)})
             for (code, by, unit), rows in table.groupby(["code", "by", "unit"], sort=False)]
    return Session(period=report.period.name, start=f"{report.period.start:%Y-%m-%d}",
                   end=f"{report.period.end:%Y-%m-%d}", day=f"{report.day:%Y-%m-%d}", facts=facts)


def next_section(report: PeriodReport) -> list[Any]:
    """Say what the next cycle starts from: correction of the forecast, one-off orders, ramp, rates, luck."""
    values = report.study("cycle_values")
    if values.empty:
        return []
    found = values.set_index("value")
    bias = found.loc["bias"]
    if not bias.n:
        said = [say("retro_page.next_unknown")]
    else:
        key = "retro_page.next_same" if bias.figure == 0 else "retro_page.next_moved"
        said = [say(key, n=int(bias.n), error=format_growth(float(found.figure["error"]), 1),
                    change=format_growth(float(bias.figure), 1))]
    if found.figure["one_offs"]:
        said.append(say("retro_page.next_one_offs", n=int(found.figure["one_offs"])))
    said.append(say("retro_page.next_command", period=report.period.name))
    kept = [name for name in ("ramp_before", "ramp", "visits_a_quote", "win_rate", "deal_size", "luck")
            if name in found.index]
    rows = [(name, float(found.figure[name]), int(found.n[name])) for name in kept]
    return [Part(write_list(said)), Part(_values_table(rows, report.currency)), _replays(report)]


def _replays(report: PeriodReport) -> Part:
    """Lay earlier half-years beside what the forecast of their first day said."""
    table = report.study("cycle_replays")
    if table.empty:
        return Part("")
    return Part(write_table([
        Column(say("retro_page.replay_start"), table.start.astype(str).tolist(), number=False),
        Column(say("retro_page.replay_expected"), [format_exact(round(value)) for value in table.expected]),
        Column(say("retro_page.replay_span"), [
            say("retro_page.span", low=format_money(low), high=format_money(high))
            for low, high in zip(table.low, table.high, strict=True)]),
        Column(say("retro_page.replay_actual"), [format_exact(round(value)) for value in table.actual]),
        Column(say("retro_page.replay_error"), [format_growth(value, 1)
                                                for value in table.actual / table.expected - 1])],
        caption=say("retro_page.replays")))


def show_two_cycles(cycles: pd.DataFrame, currency: str = "") -> Part:
    """Lay two cycles side by side, the second with and without what the first has taught.

    Parameters
    ----------
    cycles : pandas.DataFrame
        From :func:`salesgoals.cycle.two_cycles`.
    currency : str
        Currency code to name beside amounts.
    """
    if cycles.empty:
        return Part(f"<p>{escape(say('retro_page.no_two_cycles'))}</p>")
    columns = [Column(say("retro_page.two_measure"),
                      [say(f"retro_page.two_{name}") for name in cycles.measure], number=False)]
    columns += [Column(say(f"retro_page.two_{name}"), [
        _cycle_figure(measure, value, currency) for measure, value in
        zip(cycles.measure, cycles[name], strict=True)]) for name in cycles.columns[1:]]
    return Part(write_table(columns))


def _cycle_figure(measure: str, value: float, currency: str) -> str:
    if measure in ("expected", "actual", "goal"):
        return format_money(value, currency)
    if measure == "error":
        return format_growth(value, 1)
    return format_share(value, 1) if measure in ("people_error", "at_goal", "judged") else format_exact(value)
