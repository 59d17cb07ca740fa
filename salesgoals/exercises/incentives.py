"""Exercises of lesson 7: what an uneven result pays, and which budget holds in nine years out of ten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.history import monthly_sales
from salesgoals.incentives import PayTerms, cost_of_plan, pay_at
from salesgoals.payroll import practice_pay
from salesgoals.workspace import Workspace

UNEVEN = {"amount": "1.1", "margin": "0.8", "team": "1"}
ALIKE = "1.1"
HOLDS = .9
NEAR = .01


def _can_be_paid(workspace: Workspace) -> bool:
    if not len(monthly_sales(workspace.tables)):
        return False
    return bool((practice_pay(workspace)[1].people.target_pay > 0).any())


def _star(terms: PayTerms) -> str:
    """Return who has the largest goal, as the lesson chooses."""
    return str(terms.people.sort_values("goal", kind="stable").person_id.iloc[-1])


@judges("7.1", case=_can_be_paid)
def _uneven_result(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer if not isinstance(answer, Decimal) else float(answer))
    if value is None:
        return "needs_number"
    terms = practice_pay(workspace)[1]
    wanted, alike = (float(pay_at(terms, _star(terms), result).pay.sum()) for result in (UNEVEN, ALIKE))
    if abs(value - wanted) < .01:
        return RIGHT
    return "alike" if abs(value - alike) < .01 else "not_yet"


@judges("7.2", case=_can_be_paid)
def _budget_that_holds(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    forecast, terms = practice_pay(workspace)
    cost = cost_of_plan(terms, forecast)
    wanted = float(np.interp(HOLDS, cost.distribution.chance, cost.distribution.cost))
    if abs(value / wanted - 1) <= NEAR:
        return RIGHT
    if abs(value / cost.total.expected - 1) <= NEAR:
        return "expected"
    if abs(value / cost.total.at_goal - 1) <= NEAR:
        return "at_goal"
    return "too_low" if value < wanted else "too_high"
