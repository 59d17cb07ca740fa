"""An adjustment as people read it: what happened, who takes on what, chances, proof, and what to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from salesgoals.adjust import Adjustment, propose_adjustment
from salesgoals.adjusting.events import (
    Event,
    Join,
    Leave,
    MarketShock,
    MoveCustomers,
    MovePerson,
    OutOfReach,
    Wish,
)
from salesgoals.period_reports import PeriodReport
from salesgoals.problems import SalesgoalsError
from salesgoals.show.charts_base import join_names, name_people
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_chance, format_exact, format_share
from salesgoals.words import all_words, say
from salesgoals.workspace import Workspace

MOST_LINES = 40
MOST_PEOPLE = 15    # beyond it a proposal names the largest changes
OUT_OF_REACH = .1


def say_event(adjustment: Adjustment) -> str:
    """Say in one sentence what happens, from which day, and who carries it."""
    event, day = adjustment.event, f"{adjustment.day:%Y-%m-%d}"
    rows = pd.concat([adjustment.before, adjustment.after])
    named = rows.drop_duplicates("person_id").set_index("person_id").person

    def name(who: str) -> str:
        return str(named.get(str(who).strip(), who))

    def several(who: str | Sequence[str]) -> str:
        key = f"adjust.to_{who}" if isinstance(who, str) else ""
        if key in all_words():
            return say(key)
        return join_names([name(one) for one in ([who] if isinstance(who, str) else who)])

    if isinstance(event, Leave):
        if event.to in ("vacancy", "nobody"):
            return say(f"adjust.event_leave_{event.to}", name=name(event.person), day=day)
        return say("adjust.event_leave", name=name(event.person), day=day, to=several(event.to))
    if isinstance(event, Join):
        return say("adjust.event_join", name=name(event.person), day=day, team=event.team,
                   relieves=several(event.relieves))
    if isinstance(event, MovePerson):
        key = "adjust.event_move" if event.with_goal else "adjust.event_move_alone"
        return say(key, name=name(event.person), day=day, team=event.team)
    if isinstance(event, MoveCustomers):
        key = "adjust.event_customers" if len(event.accounts) else "adjust.event_all_customers"
        return say(key, giver=name(event.giver), taker=name(event.taker), day=day, n=len(event.accounts))
    if isinstance(event, MarketShock):
        where = say("adjust.whole_market") if event.by == "all" else event.of
        return say("adjust.event_shock", change=_share(event.change), day=day, where=where,
                   total=say(f"adjust.total_{event.total}"))
    if isinstance(event, OutOfReach):
        return say("adjust.event_reach", who=several(event.who), day=day, limit=format_share(event.limit),
                   chance=format_share(event.chance), total=say(f"adjust.total_{event.total}"))
    assert isinstance(event, Wish)
    changed = str(event.amount).strip().endswith("%")
    amount = event.amount if isinstance(event.amount, str) else format_exact(event.amount)
    key = "adjust.event_wish_change" if changed else "adjust.event_wish"
    return say(key, who=several(event.who), day=day, amount=amount,
               absorbed=say("adjust.absorbed", who=several(event.absorbed))
               if event.absorbed != "nobody" else say("adjust.absorbed_nobody"))


def _share(value: float) -> str:
    return ("+" if value > 0 else "\u2212") + format_share(abs(value))


def absorb_columns(who_absorbs: pd.DataFrame) -> list[Column]:
    """Lay out whose goal changes from what to what, on a page or a terminal."""
    table = who_absorbs
    return [
        Column(say("adjust.head_person"), name_people(table).tolist(), number=False),
        Column(say("adjust.head_team"), [one if isinstance(one, str) else NOTHING for one in table.team],
               number=False),
        Column(say("adjust.head_past"), [format_exact(value) for value in table.past]),
        Column(say("adjust.head_before"), [format_exact(value) for value in table.before]),
        Column(say("adjust.head_after"), [format_exact(value) for value in table.after]),
        Column(say("adjust.head_change"), [_signed(value) for value in table.change]),
        Column(say("adjust.head_share"), [format_share(value) if value == value else NOTHING
                                          for value in table.share]),
        Column(say("adjust.head_chance"), [
            f"{format_chance(row.chance_before)} → "
            f"{format_chance(row.chance_after) if row.after > row.past else NOTHING}"
            for row in table.itertuples()])]


def chance_columns(chances: pd.DataFrame) -> list[Column]:
    """Lay out goal and chance of the whole and of each team, before and after."""
    table = chances[chances.by != "person"]
    names = [say("plans.whole_company") if row.by == "all" else row.name for row in table[
        ["by", "name"]].itertuples(index=False)]
    return [
        Column(say("adjust.head_unit"), names, number=False),
        Column(say("adjust.head_before"), [format_exact(value) for value in table.goal_before]),
        Column(say("adjust.head_after"), [format_exact(value) for value in table.goal_after]),
        Column(say("adjust.head_so_far"), [format_exact(value) for value in table.so_far.round()]),
        Column(say("adjust.head_expected"), [format_exact(value) for value in table.expected_after.round()]),
        Column(say("adjust.head_chance"), [f"{format_chance(old)} → {format_chance(new)}" for old, new in zip(
            table.chance_before, table.chance_after, strict=True)]),
        Column(say("adjust.head_rest"), [f"{format_chance(old)} → {format_chance(new)}" for old, new in zip(
            table.rest_chance_before, table.rest_chance_after, strict=True)])]


def _signed(value: float) -> str:
    return NOTHING if value != value else ("+" if value > 0 else "") + format_exact(value)


def say_proof(adjustment: Adjustment) -> str:
    """Say how many sums were recomputed, and that the past is what it was."""
    proof = adjustment.proof
    return say("adjust.proof", n=len(proof), off=int((proof.difference != 0).sum()),
               people=int((proof.level == "past").sum()), until=f"{adjustment.frozen_until:%Y-%m-%d}")


def show_adjustment(adjustment: Adjustment) -> Part:
    """Show a proposal: what happens, what to know, who takes on what, chances, and the proof.

    Parameters
    ----------
    adjustment : Adjustment
        From :func:`salesgoals.adjust.propose_adjustment`.
    """
    table = adjustment.who_absorbs
    notes = [note.text() for note in sorted(adjustment.notes, key=lambda note: note.level != "doubt")]
    parts = [f"<p><strong>{escape(say_event(adjustment))}</strong></p>", write_list(notes)]
    if len(table):
        largest = table.loc[table.change.abs().nlargest(MOST_PEOPLE).index.sort_values()]
        parts.append(write_table(absorb_columns(largest), small=True))
        if len(table) > MOST_PEOPLE:
            more = say("adjust.more_lines", n=len(table) - MOST_PEOPLE)
            parts.append(f'<p class="quiet">{escape(more)}</p>')
    else:
        parts.append(f"<p>{escape(say('adjust.no_goal_changes'))}</p>")
    parts.append(write_table(chance_columns(adjustment.chances), small=True))
    return Part("".join(parts) + f'<p class="quiet">{escape(say_proof(adjustment))}</p>')


def show_standing(workspace: Workspace, day: str | pd.Timestamp) -> Part:
    """Show where the goals stand on a day, before anything is changed: sold so far, expected, chances.

    Parameters
    ----------
    workspace : Workspace
        A workspace with goals.
    day : str or Timestamp
        The first day that could still change.
    """
    found = propose_adjustment(workspace, Wish("all", "+0%", day)).chances
    table = found[found.by != "person"]
    people = found[(found.by == "person") & found.chance_before.notna()]
    names = [say("plans.whole_company") if by == "all" else name
             for by, name in zip(table.by, table.name, strict=True)]
    low = int((people.chance_before < OUT_OF_REACH).sum())
    shown = write_table([
        Column(say("adjust.head_unit"), names, number=False),
        Column(say("adjust.head_goal"), [format_exact(value) for value in table.goal_before]),
        Column(say("adjust.head_so_far"), [format_exact(value) for value in table.so_far.round()]),
        Column(say("adjust.head_open"), [format_exact(value) for value in table.open_before]),
        Column(say("adjust.head_expected_rest"), [format_exact(value)
                                                  for value in table.rest_expected_before.round()]),
        Column(say("adjust.head_chance"), [format_chance(value) for value in table.chance_before]),
        Column(say("adjust.head_rest"), [format_chance(value) for value in table.rest_chance_before])])
    sentence = say("adjust.standing", n=len(people), low=low, limit=format_share(OUT_OF_REACH))
    return Part(f"<p><strong>{escape(sentence)}</strong></p>{shown}")


def compare_events(workspace: Workspace, events: Sequence[Event]) -> Part:
    """Set several answers to one question side by side: what each does to the total, the people, the chance.

    Parameters
    ----------
    workspace : Workspace
        A workspace with goals; nothing is changed.
    events : sequence of Event
        Such as one person leaving, with different people who take over. What is refused says why.
    """
    rows = []
    for event in events:
        try:
            found = propose_adjustment(workspace, event)
        except SalesgoalsError as error:
            rows.append([str(error).splitlines()[0], *[NOTHING] * 5])
            continue
        table, whole = found.who_absorbs, found.chances.iloc[0]
        more = table[table.change > 0]
        low = int((more.chance_after < OUT_OF_REACH).sum())
        change = _signed(round(found.change)) if found.change else "0"
        rows.append([say_event(found), change, str(len(more)),
                     format_exact(more.change.max()) if len(more) else NOTHING, str(low),
                     f"{format_chance(whole.rest_chance_before)} → {format_chance(whole.rest_chance_after)}"])
    columns = ("event", "total_change", "takers", "most", "low", "rest")
    heads = [say(f"adjust.head_{name}") for name in columns]
    return Part(write_table([Column(head, [row[at] for row in rows], number=at > 0)
                             for at, head in enumerate(heads)]))


def show_changes(changes: pd.DataFrame, whys: pd.DataFrame | None = None) -> Part:
    """Show which goals were changed after they were set, one line for each entry and person.

    Parameters
    ----------
    changes : pandas.DataFrame
        From :func:`salesgoals.adjust.list_changes`, or the part of it that the reader may see.
    whys : pandas.DataFrame, optional
        Columns entry, why; where it is not in ``changes``.

    Returns
    -------
    Part
        One sentence where nothing was changed.
    """
    if changes.empty:
        return Part(f"<p>{escape(say('adjust.nothing_changed'))}</p>")
    if whys is not None and len(whys):
        changes = changes.assign(why=changes.entry.map(whys.set_index("entry").why))
    last = changes[changes.change != 0].tail(MOST_LINES)
    columns = [
        Column(say("adjust.head_entry"), [str(entry) for entry in last.entry]),
        Column(say("adjust.head_at"), [f"{at:%Y-%m-%d}" for at in pd.to_datetime(last["at"])], number=False,
               one_line=True),
        Column(say("adjust.head_who"), last.who.tolist(), number=False),
        Column(say("adjust.head_person"), [_text(row.person, row.person_id) for row in last.itertuples()],
               number=False),
        Column(say("adjust.head_before"), [format_exact(value) for value in last.before]),
        Column(say("adjust.head_after"), [format_exact(value) for value in last.after]),
        Column(say("adjust.head_change"), [_signed(value) for value in last.change])]
    if "why" in last and last.why.notna().any():
        columns.append(Column(say("adjust.head_why"), [_text(why).split("\n")[0] for why in last.why],
                              number=False))
    sentence = say("adjust.changed", n=int(changes.entry.nunique()), people=int(last.person_id.nunique()))
    return Part(f"<p>{escape(sentence)}</p>{write_table(columns, small=True)}")


def _text(*values: Any) -> str:
    return next((str(value) for value in values if isinstance(value, str) and value), NOTHING)


def changes_section(report: PeriodReport) -> list[Any]:
    """Show in a period report whose goals of the period were changed; readers see their own people's."""
    changes = report.study("adjust_changes")
    if changes.empty:
        return [show_changes(changes)] if report.by == "all" else []
    return [show_changes(changes, report.study("adjust_entries"))]
