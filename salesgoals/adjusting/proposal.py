"""What a proposal holds, until it is approved or forgotten."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from salesgoals.adjusting.events import Event, code_of
from salesgoals.periods import Period
from salesgoals.problems import Problem


@dataclass(frozen=True)
class Adjustment:
    """A proposal: goals before and after, who absorbs what, how chances change, and the proof of every sum.

    Parameters
    ----------
    event : Event
        What happened.
    before, after : DataFrame
        All goals of the span: department, team, person_id, person, period_start, period_end, product_line,
        metric, goal, unit.
    who_absorbs : DataFrame
        A row for everybody whose goal changes: person_id, person, department, team, past (the part that
        nothing can touch), before, after, change, share (of all that is taken on; NaN for those who carry
        less), so_far, chance_before, chance_after.
    chances : DataFrame
        By all, team and person: by, unit, name, then goal, open, so_far, expected, chance, rest_expected and
        rest_chance, each before and after.
    proof : DataFrame
        As :func:`salesgoals.decompose.prove`, in units of the goals; level ``past`` sets what is past before
        and after beside each other.
    notes : list of Problem
        What a reader should know.
    day, frozen_until : Timestamp
        First day that changes; last day that does not.
    period : Period
        The span of the goals.
    unit : float
        Goals are whole multiples of it.
    source : str
        ``plan``, or ``export`` for goals that came with the data.
    version : str
        Name of the version of the goals that changes.
    """

    event: Event
    before: pd.DataFrame
    after: pd.DataFrame
    who_absorbs: pd.DataFrame
    chances: pd.DataFrame
    proof: pd.DataFrame
    notes: list[Problem]
    day: pd.Timestamp
    frozen_until: pd.Timestamp
    period: Period
    unit: float
    source: str
    version: str

    @property
    def code(self) -> str:
        """Code of the event."""
        return code_of(self.event)

    @property
    def change(self) -> float:
        """By how much the total changes, in currency units."""
        return float(self.after.goal.sum() - self.before.goal.sum())
