"""Exercises of lesson 9: what a wish in mid-year means for the rest of it, and the price of giving in."""

from __future__ import annotations

from typing import Any

from salesgoals.adjust import Adjustment, OutOfReach, Wish, propose_adjustment
from salesgoals.adjusting.events import Event
from salesgoals.adjusting.practice import practice_day_of_change, practice_year
from salesgoals.exercises.checking import RIGHT, judges, read_share
from salesgoals.plans import PLAN_FILE, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.sample import practice_workspace
from salesgoals.workspace import Workspace

NEARLY = .005
WISH = "+10%"
GENEROUS = .7


_PRACTICE: dict[tuple[str, str], Workspace] = {}  # made once for each state of the records


def _proposal(workspace: Workspace, event: type[Event], **asked: Any) -> Adjustment:
    """Propose with the goals of the lesson; where none are saved yet, with goals to practise on."""
    company = workspace
    if not (workspace.folder / "plan" / PLAN_FILE).exists():
        key = str(workspace.folder), workspace.fingerprint
        if key not in _PRACTICE:
            made = practice_workspace(workspace)
            save_plan(made, practice_year(made)[0])
            _PRACTICE[key] = made
        company = _PRACTICE[key]
    return propose_adjustment(company, event(day=practice_day_of_change(company), **asked))


def _can_be_solved(workspace: Workspace) -> bool:
    try:
        practice_day_of_change(workspace)
    except SalesgoalsError:
        return False
    return True


@judges("9.1", case=_can_be_solved)
def _rise_of_the_rest(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "not_yet"
    found = _proposal(workspace, Wish, who="all", amount=WISH)
    right = found.change / float(found.chances.open_before.iloc[0])
    if abs(said - right) <= NEARLY:
        return RIGHT
    return "whole" if abs(said - found.change / float(found.before.goal.sum())) <= NEARLY else "not_yet"


@judges("9.2", case=_can_be_solved)
def _price_of_giving_in(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "not_yet"
    found = _proposal(workspace, OutOfReach, chance=GENEROUS)
    right = -found.change / float(found.before.goal.sum())
    if abs(abs(said) - right) <= NEARLY:
        return RIGHT
    rest = -found.change / float(found.chances.open_before.iloc[0])
    return "of_rest" if abs(abs(said) - rest) <= NEARLY else "not_yet"
