"""The company's pay plan laid on its saved plan, and what each reader may see of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from salesgoals.decompose import Plan, plan_goals
from salesgoals.forecast import Forecast
from salesgoals.history import believed_hire_dates
from salesgoals.incentives import (
    PayCost,
    PayPlan,
    PayTerms,
    cost_of_plan,
    find_flaws,
    open_pay_plan,
    pay_terms,
)
from salesgoals.metrics import MetricPlan, plan_metrics
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.plans import SavedPlan, estimate
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.tables import read_table
from salesgoals.words import language
from salesgoals.workspace import Workspace

PRACTICE_GROWTH = 1.05
#: the last company that was practised with: each check of an answer would plan it anew
_PRACTICE: dict[tuple, tuple[Forecast, Plan, MetricPlan, dict[str, PayTerms]]] = {}


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
    nothing = pd.DataFrame()
    return _lay(workspace, plan, saved.plan.goals, saved.studies.get("metrics_goals", nothing),
                saved.studies.get("metrics_people", nothing), saved.studies.get("team_people", nothing))


def _lay(workspace: Workspace, plan: PayPlan, goals: pd.DataFrame, more: pd.DataFrame,
         known: pd.DataFrame, team: pd.DataFrame) -> PayTerms:
    columns = ["person_id", "person", "department", "team", "month", "metric", "goal"]
    goals, expected = goals[columns], None
    if len(more):
        goals = pd.concat([goals, more[more.metric != "amount"][columns]], ignore_index=True)
    if len(known):
        expected = known.rename(columns={"expected": "mean"})[["person_id", "metric", "mean"]].dropna()
        expected = expected[expected.metric != "amount"].reset_index(drop=True)
    people = read_table(workspace.folder / "tables", "people")  # not all tables: they are many in a batch
    if len(team):  # joining dates that sales contradict make nobody a newcomer
        undated = team.person_id[team.hire_date.isna()]
        people = people.assign(hire_date=people.hire_date.mask(people.person_id.isin(undated)))
    return pay_terms(plan, goals, people, expected)


def practice_pay(workspace: Workspace, plan: PayPlan | None = None) -> tuple[Forecast, PayTerms]:
    """Lay a company's pay plan on goals to practise with; nothing is written.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    plan : PayPlan, optional
        By default the workspace's own, or else the invented example.

    Returns
    -------
    tuple of Forecast and PayTerms
        Goals, also those for margin and so on, are a little above the forecast of the coming 12 months.
    """
    rules = open_pay_plan(workspace, or_example=True) if plan is None else plan
    key = (str(workspace.folder), workspace.fingerprint, language())
    if key not in _PRACTICE:
        forecast, _ = estimate(workspace)
        start = f"{forecast.unit_months.month.min():%Y-%m}"
        total = float(f"{forecast.unit['mean'] * PRACTICE_GROWTH:.3g}")
        goals = plan_goals(workspace.tables, total, start, unit=workspace.settings.unit,
                           country=workspace.settings.calendar_country)
        _PRACTICE.clear()
        _PRACTICE[key] = forecast, goals, plan_metrics(goals, workspace.tables, forecast), {}
    forecast, goals, more, terms = _PRACTICE[key]
    mark = rules.model_dump_json()
    if mark not in terms:
        team = believed_hire_dates(workspace.tables).reset_index()
        terms[mark] = _lay(workspace, rules, goals.goals, more.goals, more.people, team)
    return forecast, terms[mark]


def _only(saved: SavedPlan, people: Collection[str]) -> SavedPlan:
    """Cut what pay rests on to some people before any work is done on it."""
    studies = {name: table[table.person_id.isin(list(people))] for name in ("metrics_goals", "metrics_people")
               if (table := saved.studies.get(name)) is not None and "person_id" in table}
    goals = saved.plan.goals[saved.plan.goals.person_id.isin(list(people))]
    return replace(saved, plan=replace(saved.plan, goals=goals), studies=studies)


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
        terms = apply_pay_plan(workspace, saved if by == "all" else _only(saved, people))
    except SalesgoalsError as error:
        return PayView(None, None, [], error.problems) if by == "all" else None
    if by == "person":
        return PayView(terms.only(people), None, [], [])
    cost = cost_of_plan(terms, saved.forecast)
    return PayView(terms, cost, find_flaws(terms, saved.forecast, workspace.tables, cost), [])
