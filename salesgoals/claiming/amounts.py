"""One claimed amount: what was typed, what it means, and what is odd about it."""

from __future__ import annotations

import difflib
import hashlib
import math
from typing import Any

import pandas as pd

from salesgoals.allocation.finder import is_blank
from salesgoals.allocation.limits import parse_amount
from salesgoals.problems import Problem

FEW, MANY = 0.5, 2.0        # a claim beyond these shares of the proposal is asked back
MOST = 10**15               # beyond it amounts are no longer exact
TEN_THOUSAND = 10_000       # 万: the unit that people think in and sheets do not
ALIKE = (0.2, 5.0)


def read_amount(value: Any, proposal: float, unit: int, **place: Any) -> tuple[int | None, list[Problem]]:
    """Read one claim as it was typed: a number, 120万, 1,200,000; blank is "not claimed", never 0.

    Parameters
    ----------
    value : any
        What stands in the cell or was given on the command line.
    proposal : float
        The proposed goal of the same person.
    unit : int
        Goals are whole multiples of it.
    **place
        Name and place for the messages: node, file, sheet, row, column.

    Returns
    -------
    tuple of (int or None, list of Problem)
        None where nothing was claimed, or where a problem of level stop says why it cannot be taken.

    Examples
    --------
    >>> read_amount("120万", 1_000_000, 100), read_amount("", 1_000_000, 100)
    ((1200000, []), (None, []))
    >>> [problem.code for problem in read_amount(120, 1_200_000, 1)[1]]
    ['claims.amount_in_wan']
    """
    if is_blank(value):
        return None, []
    amount = parse_amount(value)
    if amount is None or math.isnan(amount):
        return None, [Problem("claims.amount_not_number", found=value, **place)]
    if amount < 0:
        return None, [Problem("claims.amount_negative", found=value, **place)]
    if amount > MOST:
        return None, [Problem("claims.amount_too_large", found=value, **place)]
    low, high = (share * proposal for share in ALIKE)
    if amount > 0 and amount < low and low <= amount * TEN_THOUSAND <= high:
        return None, [Problem("claims.amount_in_wan", found=value, proposal=proposal,
                              meant=amount * TEN_THOUSAND, **place)]
    if amount % unit:
        below = int(amount // unit) * unit
        return None, [Problem("claims.amount_not_multiple", found=value, unit=unit, below=below,
                              above=below + unit, **place)]
    if amount == 0:
        return 0, [Problem("claims.amount_zero", level="doubt", **place)]
    if proposal > 0 and not FEW * proposal <= amount <= MANY * proposal:
        return int(amount), [Problem("claims.amount_far", level="doubt", found=int(amount),
                                     proposal=proposal, share=amount / proposal, **place)]
    return int(amount), []


def find_person(people: pd.DataFrame, wanted: Any, everybody: pd.DataFrame | None = None) -> str | Problem:
    """Find a person of the plan by id, or by name where only one person has it.

    Parameters
    ----------
    people : DataFrame
        ``Plan.people``: columns person_id, person.
    wanted : any
        What was typed.
    everybody : DataFrame, optional
        The table people, to tell somebody who left from somebody unknown.

    Returns
    -------
    str or Problem
        The person_id, or why there is none.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["1", "2", "3"], "person": ["Li", "Li", "Wu"]})
    >>> find_person(people, "Wu"), find_person(people, "Li").code
    ('3', 'claims.person_shared_name')
    """
    text = str(wanted).strip()
    if text in set(people.person_id):
        return text
    named = people.person_id[people.person == text]
    if len(named) == 1:
        return str(named.iloc[0])
    if len(named) > 1:
        return Problem("claims.person_shared_name", found=text, ids=", ".join(named))
    if everybody is not None:
        known = everybody[(everybody.person_id == text) | (everybody["name"] == text)]
        if len(known):
            left = known.leave_date.iloc[0]
            if pd.notna(left):
                return Problem("claims.person_left", found=text, day=f"{left:%Y-%m-%d}")
            return Problem("claims.person_without_goal", found=text)
    near = difflib.get_close_matches(text, [*people.person_id, *people.person.astype(str)], 1, cutoff=0.0)
    return Problem("claims.person_unknown", found=text, nearest=near[0] if near else "-")


def mark_of_proposal(goals: pd.Series, about: str) -> str:
    """Return a short mark of a proposal: the same goals have the same mark, any change another.

    Parameters
    ----------
    goals : Series
        Proposed goal of each person (index person_id).
    about : str
        Whatever else makes the proposal: its months and unit.

    Examples
    --------
    >>> mark_of_proposal(pd.Series({"1": 5}), "2026-01") == mark_of_proposal(pd.Series({"1": 6}), "2026-01")
    False
    """
    lines = [about, *(f"{person}={int(goal)}" for person, goal in sorted(goals.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
