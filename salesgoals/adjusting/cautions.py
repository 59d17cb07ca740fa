"""What speaks against an adjustment, or should be known before it is approved."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from salesgoals.adjusting.asking import ask
from salesgoals.adjusting.case import NOBODY, VACANCY, Case
from salesgoals.adjusting.events import Event, Leave, Wish
from salesgoals.adjusting.prospect import chances
from salesgoals.problems import Problem
from salesgoals.words import say

OUT_OF_REACH = .1   # below it a goal is called out of reach, as in the alarms of the month
LIKELY = .7         # above it a person is well ahead: a higher goal then punishes a good run
MOST_NAMED = 5


def find_doubts(case: Case, event: Event, told: pd.DataFrame, who_absorbs: pd.DataFrame,
                change: float) -> list[Problem]:
    """List what a reader should know: total, chances pushed too low, ratchet, gifts, assumptions.

    Parameters
    ----------
    case : Case
        The goals before and the prospects.
    event : Event
        What happened.
    told : DataFrame
        Chances before and after.
    who_absorbs : DataFrame
        Everybody whose goal changes.
    change : float
        Of the total, in currency units.
    """
    notes = [Problem("adjust.total_kept", level="note") if abs(change) < case.base.unit / 2 else
             Problem("adjust.total_changes", level="note", change=change)]
    known = case.prospect.known_until
    if pd.notna(known) and case.base.day <= known:
        notes.append(Problem("adjust.day_past", level="doubt", day=f"{case.base.day:%Y-%m-%d}",
                             known=f"{known:%Y-%m-%d}"))
    pushed = who_absorbs[(who_absorbs.change > 0) & (who_absorbs.chance_after < OUT_OF_REACH)
                         & (who_absorbs.chance_before >= OUT_OF_REACH)]
    if len(pushed):
        notes.append(Problem("adjust.pushed", level="doubt", n=len(pushed), limit=OUT_OF_REACH,
                             found=_names(pushed)))
    if isinstance(event, Wish):
        notes += _raised_and_lowered(case, event, who_absorbs)
    if isinstance(event, Leave) and event.to not in (NOBODY, VACANCY):
        notes.append(_keep_assumed(case, event))
    if isinstance(event, Leave) and event.to == VACANCY:
        notes.append(Problem("adjust.vacancy_sells_nothing", level="doubt"))
    return notes


def _raised_and_lowered(case: Case, event: Wish, changed: pd.DataFrame) -> list[Problem]:
    """A higher goal for whoever is ahead, a lower one for whoever can still make it."""
    notes = []
    ahead = changed[(changed.change > 0) & (changed.chance_before > LIKELY)]
    if len(ahead):
        notes.append(Problem("adjust.ratchet", level="doubt", n=len(ahead), limit=LIKELY,
                             found=_names(ahead)))
    meant = changed.person_id.isin(case.people.person_id[case.places(event.who)])
    gift = changed[meant & (changed.change < 0) & (changed.chance_before >= OUT_OF_REACH)]
    if len(gift):
        notes.append(Problem("adjust.gift", level="doubt", n=len(gift), limit=OUT_OF_REACH,
                             found=_names(gift)))
    return notes


def _names(people: pd.DataFrame) -> str:
    """Name the first few; two of one name by their ids."""
    shared = people.person.duplicated(keep=False)
    told = [say("smart.name_and_id", name=row.person, id=row.person_id) if twice else str(row.person)
            for row, twice in zip(people.itertuples(), shared, strict=True)]
    return say("chart.names_comma").join(told[:MOST_NAMED])


def _keep_assumed(case: Case, event: Leave) -> Problem:
    """Nobody knows how many customers stay: say the chance of the whole at both ends."""
    ends = []
    for keep in (0., 1.):
        asked = ask(case, replace(event, keep=keep))
        before = case.base.rows
        cells = case.base.cells
        whole = chances(case.base, asked.prospect, case.people, before, cells)
        ends.append(float(whole.chance.iloc[0]))
    return Problem("adjust.keep_assumed", level="note", keep=event.keep, none=ends[0], all=ends[1])
