"""Exercises of lesson 7: what an uneven result pays, and which budget holds in nine years out of ten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_number
from salesgoals.history import monthly_sales
from salesgoals.incentives import PayTerms, cost_of_plan, pay_at
from salesgoals.payroll import practice_pay
from salesgoals.workspace import Workspace

UNEVEN = {"amount": "1.1", "margin": "0.8", "team": "1"}
ALIKE, FULL = "1.1", "1"
HOLDS = .9
NEAR = .01
FEN = .01


@kept
def _can_be_paid(workspace: Workspace) -> bool:
    if not len(monthly_sales(workspace.tables)):
        return False
    return bool((practice_pay(workspace)[1].people.target_pay > 0).any())


def _star(terms: PayTerms) -> str:
    """Return who has the largest goal, as the lesson chooses."""
    return str(terms.people.sort_values("goal", kind="stable").person_id.iloc[-1])


@kept
def _pays(workspace: Workspace) -> dict[str, float]:
    """The pay of the uneven result, and what is taken for it."""
    terms = practice_pay(workspace)[1]
    return {name: float(pay_at(terms, _star(terms), result).pay.sum())
            for name, result in ((RIGHT, UNEVEN), ("alike", ALIKE), ("at_goal", FULL))}


@judges("7.1", case=_can_be_paid)
def _uneven_result(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    return next((name for name, pay in _pays(workspace).items() if abs(value - pay) < FEN), "not_yet")


@plans("7.1")
def _pays_planned(workspace: Workspace) -> Planned:
    pays = _pays(workspace)
    right = pays[RIGHT]
    return Planned((right, f"{right:,.2f}", Decimal(f"{right:.2f}")),
                   unlike(FEN, pays) | {"not_yet": (right + 1,), "needs_number": ("more",)})


@kept
def _budgets(workspace: Workspace) -> dict[str, float]:
    """The budget that holds, and what is taken for it."""
    forecast, terms = practice_pay(workspace)
    cost = cost_of_plan(terms, forecast)
    return {RIGHT: float(np.interp(HOLDS, cost.distribution.chance, cost.distribution.cost)),
            "expected": float(cost.total.expected), "at_goal": float(cost.total.at_goal)}


@judges("7.2", case=_can_be_paid)
def _budget_that_holds(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    budgets = _budgets(workspace)
    found = next((name for name, budget in budgets.items() if abs(value / budget - 1) <= NEAR), None)
    return found or ("too_low" if value < budgets[RIGHT] else "too_high")


@plans("7.2")
def _budgets_planned(workspace: Workspace) -> Planned:
    budgets = _budgets(workspace)
    right = budgets[RIGHT]
    return Planned((right, f"{right:,.0f}"), unlike(NEAR * right, budgets) | {
        "too_low": (right / 4,), "too_high": (right * 4,), "needs_number": ("enough",)})
