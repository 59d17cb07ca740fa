"""From claims to an agreement: what each person agrees to, and who takes on the rest of a fixed total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesgoals.allocation.allocate import round_to_total
from salesgoals.claiming.amounts import find_person, read_amount
from salesgoals.problems import Problem

EVERYBODY = "all"


def decided_goals(board: pd.DataFrame, decisions: Mapping[str, Any] | None, otherwise: str,
                  unit: int) -> tuple[pd.Series, list[Problem]]:
    """Work out what each person agrees to: a decision, else the claim, else the proposal.

    Returns
    -------
    tuple of (Series, list of Problem)
        Goal by person_id, and what is wrong with the decisions.
    """
    people = board.set_index("person_id")
    goals = people.proposed.astype("Int64")
    if otherwise == "claimed":
        goals = people.claimed.fillna(goals)
    problems, ids = [], set(people.index)
    for person, decision in (decisions or {}).items():
        found = str(person) if person in ids else find_person(board, person)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        if isinstance(decision, str) and decision in ("claimed", "proposed"):
            amount = people.loc[found, decision]
            if pd.isna(amount):
                problems.append(Problem("claims.not_claimed_yet", node=str(people.person[found])))
                continue
        else:
            amount, odd = read_amount(decision, float(people.proposed[found]), unit,
                                      node=str(people.person[found]))
            problems += odd
            if amount is None:
                problems += [] if odd else [Problem("claims.amount_blank", node=str(people.person[found]))]
                continue
        goals[found] = int(amount)
    return goals.astype("int64"), problems


def find_absorbers(board: pd.DataFrame, absorb: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Find who takes on the difference to a fixed total: people, teams, departments or ``all``.

    Examples
    --------
    >>> board = pd.DataFrame({"person_id": ["1", "2"], "person": ["A", "B"], "department": ["d", "d"],
    ...                       "team": ["north", "south"]})
    >>> find_absorbers(board, ["south"]), find_absorbers(board, ["all"])[0]
    ((['2'], []), ['1', '2'])
    """
    found: list[str] = []
    problems = []
    for name in absorb:
        text = str(name).strip()
        nodes = board.person_id[(board.team == text) | (board.department == text)
                                | (board.department + "/" + board.team == text) | (text == EVERYBODY)]
        if len(nodes):
            found += nodes.tolist()
            continue
        person = find_person(board, text)
        if isinstance(person, Problem):
            problems.append(person)
        else:
            found.append(person)
    return list(dict.fromkeys(found)), problems


def absorb_gap(goals: pd.Series, total: int, absorbers: Sequence[str],
               unit: int) -> tuple[pd.Series, list[Problem]]:
    """Bring goals to a fixed total: the absorbers take the difference, in proportion to their goals.

    Parameters
    ----------
    goals : Series
        Agreed goal by person_id, multiples of ``unit``.
    total : int
        The fixed total.
    absorbers : sequence of str
        Who may be changed; everybody else stays.
    unit : int
        Goals are whole multiples of it.

    Returns
    -------
    tuple of (Series, list of Problem)
        Goals with exactly this total, or why it cannot be.

    Examples
    --------
    >>> absorb_gap(pd.Series({"1": 60, "2": 30, "3": 10}), 112, ["1", "2"], 1)[0].tolist()
    [68, 34, 10]
    """
    gap = total - int(goals.sum())
    if not gap:
        return goals, []
    if total % unit or total <= 0:
        below = max(int(total // unit * unit), unit)
        return goals, [Problem("claims.total_unusable", found=total, unit=unit, below=below,
                               above=below + unit)]
    if not absorbers:
        return goals, [Problem("claims.total_gap", total=total, sum=int(goals.sum()), gap=gap)]
    own = goals.loc[list(absorbers)]
    wanted = int(own.sum()) + gap
    if wanted < 0:
        return goals, [Problem("claims.absorb_too_little", gap=gap, most=int(own.sum()))]
    weight = own if own.sum() > 0 else own + 1
    shares = round_to_total((weight / weight.sum() * wanted).to_numpy(float), wanted, unit)
    changed = goals.copy()
    changed.loc[list(absorbers)] = shares
    return changed, []
