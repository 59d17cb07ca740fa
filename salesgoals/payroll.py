"""The company's pay plan laid on its saved plan, and what each reader may see of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from salesgoals.incentives import (
    PayCost,
    PayPlan,
    PayTerms,
    cost_of_plan,
    find_flaws,
    open_pay_plan,
    pay_terms,
)
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.plans import SavedPlan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import Workspace


@dataclass(frozen=True)
class PayView:
    """What one reader may see of the pay plan.

    Parameters
    ----------
    terms : PayTerms or None
        Cut to the reader; None where the plan's file cannot be used.
    cost : PayCost or None
        Only for the reader of the whole company.
    flaws : list of Problem
        Likewise.
    problems : list of Problem
        Likewise: mistakes in the plan's file.
    """

    terms: PayTerms | None
    cost: PayCost | None
    flaws: list[Problem]
    problems: list[Problem]


def apply_pay_plan(workspace: Workspace, saved: SavedPlan, plan: PayPlan | None = None) -> PayTerms:
    """Lay a pay plan on the people and goals of a saved plan, with its goals beside the amount.

    Parameters
    ----------
    workspace : Workspace
        Says who joined when.
    saved : SavedPlan
        From :func:`salesgoals.plans.make_plan`.
    plan : PayPlan, optional
        By default the workspace's ``incentives.toml``.

    Returns
    -------
    PayTerms
    """
    plan = open_pay_plan(workspace) if plan is None else plan
    columns = ["person_id", "person", "department", "team", "month", "metric", "goal"]
    more = saved.studies.get("metrics_goals", pd.DataFrame())
    goals = saved.plan.goals[columns]
    if len(more):
        goals = pd.concat([goals, more[more.metric != "amount"][columns]], ignore_index=True)
    known = saved.studies.get("metrics_people", pd.DataFrame())
    expected = None
    if len(known):
        expected = known.rename(columns={"expected": "mean"})[["person_id", "metric", "mean"]].dropna()
        expected = expected[expected.metric != "amount"].reset_index(drop=True)
    return pay_terms(plan, goals, workspace.tables["people"], expected)


def view_pay(workspace: Workspace, saved: SavedPlan, by: str, people: Collection[str]) -> PayView | None:
    """Show a reader the own pay: a person sees one, the company the cost and the flaws, a team nothing.

    Parameters
    ----------
    workspace : Workspace
        Whose ``incentives.toml`` is read.
    saved : SavedPlan
        The plan of the report.
    by : str
        ``all``, ``team`` or ``person``.
    people : collection of str
        Ids of the reader's people.

    Returns
    -------
    PayView or None
        None where there is no pay plan, or it is not this reader's business.
    """
    if by == "team" or not (workspace.folder / PAY_FILE).is_file():
        return None
    try:
        terms = apply_pay_plan(workspace, saved)
    except SalesgoalsError as error:
        return PayView(None, None, [], error.problems) if by == "all" else None
    if by == "person":
        return PayView(terms.only(people), None, [], [])
    cost = cost_of_plan(terms, saved.forecast)
    return PayView(terms, cost, find_flaws(terms, saved.forecast, workspace.tables, cost), [])
