"""From what an event asks for to whole units: every sum exact, what nobody asked to change untouched."""

from __future__ import annotations

import numpy as np

from salesgoals.adjusting.base import Base
from salesgoals.adjusting.case import Asked
from salesgoals.allocation.allocate import Array, round_groups, round_units
from salesgoals.allocation.margins import fit_margins, round_margins
from salesgoals.problems import Problem, SalesgoalsError


def settle(base: Base, asked: Asked) -> tuple[Array, list[Problem]]:
    """Round what was asked for to whole units.

    Parameters
    ----------
    base : Base
        The goals before.
    asked : Asked
        From :func:`salesgoals.adjusting.asking.ask`.

    Returns
    -------
    tuple of (array, list of Problem)
        Open units by person, window and line. People outside the groups keep theirs to the unit; each group
        carries exactly what it should; where the total stays, so do the sums of every window and product line
        (a note says where that is impossible).

    Notes
    -----
    Source of method: largest remainder for people; proportional fitting and the cheapest unit moves for
    windows and lines (methods 3.11, 3.12), the same that made the plan.
    """
    before = np.zeros(asked.wished.shape, "int64")
    before[:len(base.cells)] = base.cells
    cells = before.copy()
    places = [at for group, _ in asked.groups for at in group]
    if not places:
        return cells, []
    totals = np.concatenate([_share(asked.wished[group].sum((1, 2)), total)
                             for group, total in asked.groups if group]).astype("int64")
    wished = asked.wished[places]
    kept = int(totals.sum()) == int(before[places].sum())
    exact, notes = _with_sums(wished, totals, before[places]) if kept else (None, [])
    if exact is None:
        exact = _free(wished, totals)
        notes = [Problem("adjust.sums_move", level="note")] if kept else []
    cells[places] = exact
    return cells, notes


def _share(wished: Array, total: int) -> Array:
    """Whole units with exactly this sum, each next to what was wished for."""
    if wished.sum() > 0 and abs(wished.sum() - total) > .5:
        wished = wished * (total / wished.sum())
    return round_units(wished, total, np.zeros(len(wished)), np.full(len(wished), np.inf))


def _with_sums(wished: Array, totals: Array, before: Array) -> tuple[Array | None, list[Problem]]:
    """Keep the sums of windows and lines as they were, if that can be."""
    months, products = before.sum((0, 2)), before.sum((0, 1))
    try:
        fitted, gap = fit_margins(wished, totals, months, products)
        if gap > .5 or ((fitted.sum((1, 2)) <= 0) & (totals > 0)).any():
            return None, []
        return round_margins(fitted, totals, months, products), []
    except SalesgoalsError:
        return None, []


def _free(wished: Array, totals: Array) -> Array:
    """Round each person's own goals; windows and lines add up to what they then are."""
    table = np.zeros(wished.shape, "int64")
    flat, whole = wished.reshape(len(wished), -1), table.reshape(len(wished), -1)
    own = flat.sum(1)
    scaled = flat * np.divide(totals, own, out=np.zeros(len(own)), where=own > 0)[:, None]
    empty = (own <= 0) & (totals > 0)  # a goal where none was: like everybody's
    if empty.any():
        pattern = flat.sum(0) if flat.any() else np.ones(flat.shape[1])
        scaled[empty] = totals[empty, None] * pattern / pattern.sum()
    who, where = np.nonzero(scaled > 0)
    if len(who):
        whole[who, where] = round_groups(scaled[who, where], who, totals)
    return table
