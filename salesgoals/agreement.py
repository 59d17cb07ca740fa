"""The agreement (确认): claims and proposals become one whole plan in which every sum is exact again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from salesgoals.claiming.agreeing import absorb_gap, decided_goals, find_absorbers
from salesgoals.claiming.spoken import CLAIMED
from salesgoals.claims import AGREED, BEFORE, board_of, proposal_of
from salesgoals.ledger import open_ledger
from salesgoals.plans import SavedPlan, make_plan, save_plan
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.workspace import Workspace


def agree(workspace: Workspace, decisions: Mapping[str, Any] | None = None, *, who: str, why: str,
          otherwise: str = "claimed", total: int | None = None, absorb: Sequence[str] = (),
          limits: pd.DataFrame | None = None, based_on: int | None = None) -> SavedPlan:
    """Turn claims into an agreement: a whole new plan in which each person carries what was agreed.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    decisions : mapping of str to number or str, optional
        Person (id or name) to the agreed amount, or to ``"claimed"`` or ``"proposed"``.
    who, why : str
        Who agrees, and on what occasion.
    otherwise : str
        For everybody else: ``"claimed"`` (the claim; the proposal where there is none) or ``"proposed"``.
    total : int, optional
        A fixed total; by default the sum of what was agreed.
    absorb : sequence of str
        Who takes on the difference to the fixed total: people, teams, departments or ``"all"``.
    limits : DataFrame, optional
        Further limits for months and product lines.
    based_on : int, optional
        The last entry of the ledger that was seen: if claims or an agreement came in since, nothing is done.

    Returns
    -------
    SavedPlan
        Saved in the workspace as version ``agreed`` and recorded; every sum exact. Its notes state the gap
        between proposed and agreed.

    Raises
    ------
    SalesgoalsError
        If a decision cannot be meant, or a fixed total differs and nobody is named to absorb it.
    """
    proposed = proposal_of(workspace)
    board = board_of(workspace, proposed)
    _refuse_outdated(workspace, based_on)
    goals, problems = decided_goals(board, decisions, otherwise, proposed.unit)
    absorbers, unknown = find_absorbers(board, absorb)
    problems += unknown
    if total is not None:
        goals, odd = absorb_gap(goals, int(total), absorbers, proposed.unit)
        problems += odd
    raise_if_any(problems)
    asked = proposed.saved.parameters
    pins = pd.DataFrame({"scope": "person", "name": goals.index, "pin": goals.to_numpy()})
    both = pins if limits is None else pd.concat([pins, limits], ignore_index=True)
    made = make_plan(workspace, int(goals.sum()), asked["start"], int(asked["months"]),
                     method=asked["method"], unit=proposed.unit, limits=both, version=AGREED,
                     metrics=asked.get("metrics"), learn_from=(asked.get("learnt") or {}).get("period"))
    unclaimed = int(board.claimed.isna().sum())
    gap = Problem("claims.agreed_gap", level="note", agreed=int(goals.sum()), n=unclaimed,
                  proposed=int(board.proposed.sum()), gap=int(goals.sum() - board.proposed.sum()))
    notes = [gap, *(problem for problem in problems if problem.level != "stop"), *made.plan.notes]
    before = proposed.people[["person_id", "goal"]].assign(version=proposed.version)
    agreed = replace(made, plan=replace(made.plan, notes=notes), studies={**made.studies, BEFORE: before})
    _refuse_outdated(workspace, based_on)
    save_plan(workspace, agreed, who=who, why=why)
    return agreed


def _refuse_outdated(workspace: Workspace, based_on: int | None) -> None:
    """Stop an agreement when somebody has claimed or agreed since its figures were read."""
    if based_on is None:
        return
    with open_ledger(workspace) as ledger:
        history = ledger.history()
    later = history[(history.entry > based_on) & history.version.isin([CLAIMED, AGREED])]
    if len(later):
        last = later.iloc[-1]
        raise SalesgoalsError(Problem("claims.changed_meanwhile", n=len(later), who=last.who,
                                      entry=int(last.entry), why=last.why.split("\n")[0]))
