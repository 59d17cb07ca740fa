"""Exercises of lesson 9: what a wish in mid-year means for the rest of it, and the price of giving in."""

from __future__ import annotations

from typing import Any

from salesgoals.adjust import Adjustment, OutOfReach, Wish, propose_adjustment
from salesgoals.adjusting.events import Event
from salesgoals.adjusting.practice import practice_day_of_change, practice_year
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_share
from salesgoals.plans import PLAN_FILE, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.sample import practice_workspace
from salesgoals.workspace import Workspace

NEARLY = .005
MONEY = 10      # no share is as large as that: an amount was typed
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


@kept
def _can_be_solved(workspace: Workspace) -> bool:
    try:
        practice_day_of_change(workspace)
    except SalesgoalsError:
        return False
    return True


@kept
def _rises(workspace: Workspace) -> dict[str, float]:
    """What the wish adds to the rest of the year, and what is taken for it."""
    found = _proposal(workspace, Wish, who="all", amount=WISH)
    rest = found.change / float(found.chances.open_before.iloc[0])
    return {RIGHT: rest, "whole": found.change / float(found.before.goal.sum()), "sign": -rest}


@judges("9.1", case=_can_be_solved)
def _rise_of_the_rest(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "needs_share"
    if abs(said) > MONEY:
        return "a_total"
    return next((name for name, rise in _rises(workspace).items() if abs(said - rise) <= NEARLY), "not_yet")


@plans("9.1")
def _rises_planned(workspace: Workspace) -> Planned:
    rises = _rises(workspace)
    right = rises[RIGHT]
    return Planned((right, f"{right:.1%}", round(right * 100, 1)), unlike(NEARLY, rises) | {
        "a_total": (5_000_000,), "needs_share": ("more",)})


@kept
def _prices(workspace: Workspace) -> dict[str, float]:
    """The share of the year's goal that giving in costs, and what is taken for it."""
    found = _proposal(workspace, OutOfReach, chance=GENEROUS)
    return {RIGHT: -found.change / float(found.before.goal.sum()),
            "of_rest": -found.change / float(found.chances.open_before.iloc[0])}


@judges("9.2", case=_can_be_solved)
def _price_of_giving_in(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "needs_share"
    if abs(said) > MONEY:
        return "a_total"
    return next((name for name, price in _prices(workspace).items() if abs(abs(said) - price) <= NEARLY),
                "not_yet")


@plans("9.2")
def _prices_planned(workspace: Workspace) -> Planned:
    prices = _prices(workspace)
    right = prices[RIGHT]
    return Planned((right, f"{right:.1%}", -right), unlike(NEARLY, prices) | {
        "a_total": (5_000_000,), "needs_share": ("less",), "not_yet": (1.2,)})
