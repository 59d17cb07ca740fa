"""A saved plan with other goals: everything around them is worked out anew, as when the plan was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.proof import GOAL_COLUMNS, prove
from salesgoals.decompose import PEOPLE_COLUMNS, Plan, compare_methods
from salesgoals.goal import attainment
from salesgoals.history import team_sales
from salesgoals.metrics import read_milestones
from salesgoals.plans import SavedPlan, estimate
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.studies import make_studies
from salesgoals.workspace import Workspace

ADJUSTMENTS = "adjustments"  # what happened since, among the parameters of the plan
METRICS = "metrics_"  # goals of further metrics are not touched by a change of amounts


def restate_plan(workspace: Workspace, saved: SavedPlan, goals: pd.DataFrame, chances: pd.Series,
                 notes: list[Problem], asked: Mapping[str, Any]) -> SavedPlan:
    """Put other goals into a saved plan and work out everything around them from the newest data.

    Parameters
    ----------
    workspace : Workspace
        Where the plan belongs.
    saved : SavedPlan
        The plan so far.
    goals : DataFrame
        All goals of its months, with period_start and period_end.
    chances : Series
        Chance by person_id, sales so far counted; who is missing keeps the chance they had.
    notes : list of Problem
        What a reader should know about the change.
    asked : mapping
        The event as plain values, kept among the parameters.

    Returns
    -------
    SavedPlan
        Goals of further metrics stay as they were.
    """
    parameters = saved.parameters
    unit, version = int(parameters["unit"]), str(parameters["version"])
    table = goals.assign(month=goals.period_start.astype("datetime64[us]"), unit=unit, version=version,
                         goal=goals.goal.astype("int64"))
    types = {name: saved.plan.goals[name].dtype for name in GOAL_COLUMNS}
    table = table[GOAL_COLUMNS].astype(types).reset_index(drop=True)
    total = int(table.goal.sum())
    adjusted = [*saved.plan.parameters.get(ADJUSTMENTS, []),
                {**asked, "data_fingerprint": workspace.fingerprint}]
    asked_plan = {**saved.plan.parameters, "total": total, ADJUSTMENTS: adjusted}
    told = {note.text(): note for note in [*notes, *saved.plan.notes]}
    people = _people(saved.plan.people, table, chances)
    plan = Plan(table, prove(table), people, list(told.values()), asked_plan)
    forecast, board = estimate(workspace, parameters["start"], int(parameters["months"]))
    tables = workspace.tables
    methods = saved.methods
    try:
        methods = compare_methods(tables, total, parameters["start"], int(parameters["months"]), unit=unit,
                                  country=workspace.settings.calendar_country)
        methods.attrs.clear()
    except SalesgoalsError:
        pass  # the methods compared when the plan was made still say who gains by which
    wished = {"metrics": parameters.get("metrics"), "milestones": read_milestones(
        workspace.folder).to_dict("records")}
    studies = make_studies(tables, workspace.settings, forecast,
                           replace(plan, parameters={**asked_plan, **wished}), methods)
    kept = {name: frame for name, frame in saved.studies.items()
            if name.startswith(METRICS) or name not in studies}
    return SavedPlan(plan, forecast, board, methods, saved.weights, team_sales(tables), attainment(tables),
                     {**studies, **kept}, {**parameters, "total": total,
                                           "data_fingerprint": workspace.fingerprint})


def _people(before: pd.DataFrame, goals: pd.DataFrame, chances: pd.Series) -> pd.DataFrame:
    """Everybody with a goal, in the team of their last month; who is new has no last 12 months."""
    last = goals.sort_values("month", kind="stable").drop_duplicates("person_id", keep="last")
    people = last[["person_id", "person", "department", "team"]].merge(
        goals.groupby("person_id", as_index=False).goal.sum(), on="person_id")
    known = before.set_index("person_id")
    for name in ("last_12", "chance", "ramp"):
        people[name] = people.person_id.map(known[name])
    people["last_12"] = people.last_12.fillna(0.)
    people["ramp"] = people.ramp.fillna(1.)
    people["chance"] = people.person_id.map(chances).astype(float).fillna(people.chance)
    sold = people.last_12.to_numpy(float)
    people["growth"] = np.divide(people.goal, sold, out=np.full(len(people), np.nan), where=sold > 0) - 1
    people = people.sort_values(["department", "team", "person_id"], kind="stable")
    return people[PEOPLE_COLUMNS].reset_index(drop=True)
