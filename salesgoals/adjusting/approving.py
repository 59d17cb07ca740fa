"""Putting a proposal into force and taking it back: plan folder and ledger change together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from salesgoals.adjusting.base import ROW
from salesgoals.adjusting.changes import ADJUSTED
from salesgoals.adjusting.events import asked_of
from salesgoals.adjusting.proposal import Adjustment
from salesgoals.adjusting.restate import restate_plan
from salesgoals.entries.chain import Entry
from salesgoals.in_force import goals_in_force
from salesgoals.ledger import open_ledger
from salesgoals.periods import Period
from salesgoals.plans import PLAN_FILE, load_plan, save_plan
from salesgoals.problems import Problem, raise_if_any
from salesgoals.recorded import mend_record, read_receipt
from salesgoals.words import say
from salesgoals.workspace import Workspace, taking_turns

AGREED = "agreed"
TURN_FILE = ".adjusting"  # who approves holds it: of two at once the second sees what the first has done


def approve_adjustment(workspace: Workspace, adjustment: Adjustment, who: str, why: str) -> Entry:
    """Put a proposal into force: the plan's folder and the ledger change together, or nothing does.

    Parameters
    ----------
    workspace : Workspace
        The workspace that the proposal was made in.
    adjustment : Adjustment
        From :func:`salesgoals.adjust.propose_adjustment`.
    who, why : str
        Who approves and for what reason, as the ledger keeps it.

    Returns
    -------
    Entry
        The ledger's entry, action ``adjusted``, valid from the day of the event. The state before it can be
        rebuilt (``as_of``), and :func:`undo_adjustment` takes it back.

    Raises
    ------
    SalesgoalsError
        If nothing changes, who or why is missing, or the goals have changed since the proposal was made.
    """
    with _my_turn(workspace):
        return _approve(workspace, adjustment, who, why)


@contextmanager
def _my_turn(workspace: Workspace) -> Iterator[None]:
    """Wait for whoever is approving; what somebody could not finish is finished first."""
    from salesgoals.entries.refusals import in_sentences  # loads the database library

    place = workspace.folder / TURN_FILE
    with in_sentences(str(place)), taking_turns(place):
        mend_record(workspace)
        yield


def _approve(workspace: Workspace, adjustment: Adjustment, who: str, why: str) -> Entry:
    problems = [Problem(f"ledger.{name}_missing") for name, value in (("who", who), ("why", why))
                if not str(value).strip()]
    if _state(adjustment.before) == _state(adjustment.after):
        problems.append(Problem("adjust.nothing_changes"))
    if _state(_now(workspace, adjustment.period)) != _state(adjustment.before):
        problems.append(Problem("adjust.changed_meanwhile"))
    raise_if_any(problems)
    valid_from = f"{adjustment.day:%Y-%m-%d}"
    if adjustment.source == "plan":
        saved = load_plan(workspace, of_older_data=True)
        told = adjustment.chances[adjustment.chances.by == "person"].set_index("unit").chance_after
        asked = {**asked_of(adjustment.event), "change": adjustment.change}
        restated = restate_plan(workspace, saved, adjustment.after, told, adjustment.notes, asked)
        save_plan(workspace, restated, who=who, why=why, action=ADJUSTED, valid_from=valid_from)
        with open_ledger(workspace) as ledger:
            head = ledger.head
            assert head is not None  # record_plan has just written it, or raised
            return head
    rows = _with_blanks(adjustment.before, adjustment.after)
    with open_ledger(workspace) as ledger:  # what was in force until now may have come with the data
        ledger.record(AGREED, adjustment.before, who=who, why=say("adjust.why_exports"), action=AGREED)
        return ledger.record(AGREED, rows, who=who, why=why, action=ADJUSTED, valid_from=valid_from,
                             based_on=ledger.head)


def _now(workspace: Workspace, period: Period) -> pd.DataFrame:
    goals = goals_in_force(workspace, period)
    return goals[goals.person_id.notna() & (goals.person_id != "")]


def _state(goals: pd.DataFrame) -> frozenset[tuple[Any, ...]]:
    """A set of goals that can be compared, whatever the order of the rows."""
    texts = {name: goals[name].fillna("") for name in ("department", "team", "product_line")}
    plain = goals.assign(**texts, goal=goals.goal.astype(float).round(4))
    return frozenset(plain[["person_id", "period_start", "period_end", *texts, "goal"]].itertuples(
        index=False, name=None))


def _with_blanks(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The goals as they become and, with a blank goal, those that are not set any more."""
    keys = ["person_id", "period_start", "period_end", "product_line"]
    marked = [pd.MultiIndex.from_frame(table[keys].assign(product_line=table.product_line.fillna("")))
              for table in (before, after)]
    gone = before[~marked[0].isin(marked[1])]
    rows = pd.concat([after.astype({"goal": "Float64"}), gone.astype({"goal": "Float64"}).assign(goal=pd.NA)],
                     ignore_index=True)
    return rows[ROW]


def undo_adjustment(workspace: Workspace, entry: int, who: str, why: str) -> Entry:
    """Take an adjustment back by a new entry; the plan's folder follows the ledger.

    Parameters
    ----------
    workspace : Workspace
        Its ledger holds the entry.
    entry : int
        Number of the adjustment's entry.
    who, why : str
        Who takes it back and for what reason.

    Returns
    -------
    Entry
        The entry that takes it back.

    Raises
    ------
    SalesgoalsError
        If the entry is not there, or goals have changed since: then later changes come first.
    """
    with _my_turn(workspace):
        return _undo(workspace, entry, who, why)


def _undo(workspace: Workspace, entry: int, who: str, why: str) -> Entry:
    with open_ledger(workspace) as ledger:
        undone = ledger.undo(entry, who, why)
    receipt = read_receipt(workspace)
    if receipt is not None and (workspace.folder / "plan" / PLAN_FILE).exists():
        saved = load_plan(workspace, of_older_data=True)
        if str(saved.parameters["version"]) == undone.version:
            first = pd.Timestamp(saved.parameters["start"])
            end = first + pd.DateOffset(months=int(saved.parameters["months"])) - pd.Timedelta(days=1)
            goals = _now(workspace, Period("plan", first, end))
            back = restate_plan(workspace, saved, goals[ROW], pd.Series(dtype=float), [],
                                {"event": "undone", "day": undone.valid_from or "", "undoes": entry})
            save_plan(workspace, back, who=who, why=why, action="undone")
    return undone
