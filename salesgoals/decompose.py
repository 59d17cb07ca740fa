"""From one total to a goal for each person, month and product line that adds up exactly, with the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.allocation.bounds import LEVELS, Bounds, Organisation
from salesgoals.allocation.crew import Crew, gather_crew
from salesgoals.allocation.exact import Allotment, allot, split_people
from salesgoals.allocation.pattern import product_lines, sales_pattern
from salesgoals.allocation.proof import GOAL_COLUMNS, prove, verify_plan
from salesgoals.allocation.request import Request, check_request, take_limits
from salesgoals.allocation.weights import METHODS, Weights, weigh_people
from salesgoals.goal import chance_of_people
from salesgoals.looping.learnt import Learnt
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say

__all__ = ["METHODS", "Plan", "compare_methods", "gains_and_losses", "plan_goals", "prove", "verify_plan"]

PEOPLE_COLUMNS = ["person_id", "person", "department", "team", "goal", "last_12", "growth", "chance", "ramp"]
METRIC = "amount"


@dataclass(frozen=True)
class Plan:
    """Goals that add up, with the proof, the people behind them and what a reader should know.

    Parameters
    ----------
    goals : DataFrame
        Columns version, department, team, person_id, person, month, product_line, metric, goal, unit. A
        goal of 0 is meant as 0; what has no row (before joining, after leaving, lines a person does not
        sell) is not set.
    proof : DataFrame
        Columns level, node, parent, goal, sum_of_children, difference.
    people : DataFrame
        Columns person_id, person, department, team, goal, last_12, growth (share), chance, ramp (average
        over the plan).
    notes : list of Problem
        Doubts and notes, none of which stops the plan.
    parameters : dict
        What was asked for, and what the weights rest on.
    """

    goals: pd.DataFrame
    proof: pd.DataFrame
    people: pd.DataFrame
    notes: list[Problem]
    parameters: dict[str, Any]


def plan_goals(tables: Mapping[str, pd.DataFrame], total: float, start: str | pd.Timestamp, months: int = 12,
               method: str = "history", unit: int = 1, limits: pd.DataFrame | None = None,
               version: str = "proposed", country: str | None = None, learnt: Learnt | None = None) -> Plan:
    """Decompose a total into whole goals for every person, month and product line, exact in every sum.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    total : int or float
        The company's goal (whole currency units, a multiple of ``unit``).
    start : str or Timestamp
        First month, ``"2026-01"``.
    months : int
        How many months, 1 to 60.
    method : str
        ``"equal"``, ``"history"``, ``"potential"``, ``"capability"`` or ``"equal_chance"``: how the total is
        shared between people.
    unit : int
        Every goal is a whole multiple of it.
    limits : DataFrame, optional
        Floors, caps and pins: columns scope (department, team, person, month, product_line), name, month,
        product_line, floor, cap, pin, reason; blank is "not set".
    version : str
        Name of this version of the goals.
    country : str, optional
        Two letters; "CN" lets the months follow Spring Festival.
    learnt : Learnt, optional
        What to take over from closed periods, from :func:`salesgoals.cycle.learnt_from`.

    Returns
    -------
    Plan
        Goals, proof, people, notes and parameters.

    Raises
    ------
    SalesgoalsError
        With all problems at once; wishes that contradict each other are named, and nothing is made.

    Notes
    -----
    Source of method: largest remainder down the tree, iterative proportional fitting across months and
    products, cheapest unit moves until all sums are exact (methods 3.11, 3.12; measured: 10,000 people x
    12 x 20 within seconds, every sum exact).

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.date_range("2024-01-15", periods=24, freq="MS").repeat(2),
    ...     "person_id": ["1", "2"] * 24, "product_line": "pumps", "amount": [100.0, 50.0] * 24}))
    >>> plan = plan_goals(tables, 2000, "2026-01", unit=10)
    >>> plan.people[["person_id", "goal"]].values.tolist(), int(plan.proof.difference.abs().max())
    ([['1', 1330], ['2', 670]], 0)
    """
    asked, problems = check_request(total, start, months, unit)
    if method not in METHODS:
        problems.append(Problem("decompose.method_unknown", found=method, methods=", ".join(METHODS)))
    if asked is None:
        raise SalesgoalsError(problems)
    crew = gather_crew(tables, asked.start, asked.months, country, learnt)
    lines, keys = product_lines(crew, tables)
    bounds, limit_notes = take_limits(crew, asked, limits, lines, problems)
    weights = weigh_people(crew, tables, asked.total, [method])
    if method in weights.missing:
        raise SalesgoalsError(Problem(weights.missing[method].code))
    pattern, openable = sales_pattern(crew, keys, ramping=method != "equal")

    def name(side: str, level: int, label: int) -> str:
        return _name_sum(bounds.organisation, crew.months, lines, side, level, label)

    units = asked.total // asked.unit
    result = allot(bounds, weights.values[method].to_numpy(float), units, pattern, openable, asked.unit, name)
    meant = (pattern > 0) | _pinned(bounds, pattern.shape)
    goals = _goals_table(crew, lines, result, meant, asked.unit, version)
    notes = [*crew.notes, *limit_notes, *weights.notes[method], *_opened_notes(result, lines, asked.unit)]
    parameters = {"total": asked.total, "start": f"{asked.start:%Y-%m}", "months": asked.months,
                  "method": method, "unit": asked.unit, "version": version, "metric": METRIC,
                  "limits": 0 if limits is None else len(limits), "people": len(crew.people),
                  "weights": weights.parts.assign(weight=weights.values[method])}
    return Plan(goals, prove(goals, _decided(bounds.organisation, crew, lines, result, asked)),
                _people_table(crew, result.totals["person"] * asked.unit), notes, parameters)


def _pinned(bounds: Bounds, shape: tuple[int, ...]) -> Array:
    pinned = np.zeros(shape, bool)
    for cell in bounds.pins:
        pinned[cell] = True
    return pinned


def _name_sum(organisation: Organisation, months: pd.DatetimeIndex, lines: Sequence[str], side: str,
              level: int, label: int) -> str:
    if side == "person":
        return organisation.people[label]
    places = [f"{month:%Y-%m}" for month in months] if side == "month" else list(lines)
    node, place = divmod(label, len(places))
    owner = organisation.nodes(LEVELS[level])[node]
    if owner is None:
        return places[place]
    text = "/".join(owner) if isinstance(owner, tuple) else owner
    return f"{text}@{places[place]}" if side == "month" else f"{text}/{places[place]}"


def _goals_table(crew: Crew, lines: Sequence[str], result: Allotment, meant: Array, unit: int,
                 version: str) -> pd.DataFrame:
    i, m, k = np.nonzero(meant | (result.cells > 0))
    people = {column: crew.people[column].astype("str").array
              for column in ("department", "team", "person_id", "person")}
    columns: dict[str, Any] = {column: values.take(i) for column, values in people.items()}
    columns["month"] = crew.months.astype("datetime64[us]").to_numpy()[m]
    columns["product_line"] = pd.array(list(lines), dtype="str").take(k)
    columns["goal"] = result.cells[i, m, k] * unit
    goals = pd.DataFrame(columns).assign(version=version, metric=METRIC, unit=unit)
    return goals[GOAL_COLUMNS].astype({"version": "str", "metric": "str", "goal": "int64", "unit": "int64"})


def _decided(organisation: Organisation, crew: Crew, lines: Sequence[str], result: Allotment,
             asked: Request) -> dict[str, pd.Series]:
    """Return what was decided from the top, node by node, for the proof to hold against the rows."""
    def named(names: Sequence[str], units: Array) -> pd.Series:
        return pd.Series(units.ravel() * asked.unit, index=pd.Index(names, dtype=object), dtype="int64")

    months = [f"{month:%Y-%m}" for month in crew.months]
    company = named([say("decompose.company")], np.array([asked.total // asked.unit]))
    return {"company": company, "company_months": company, "company_product_lines": company,
            "department": named(organisation.departments, result.totals["department"]),
            "team": named(["/".join(pair) for pair in organisation.teams], result.totals["team"]),
            "person": named(organisation.people, result.totals["person"]),
            "month": named(months, result.months),
            "product_line": named(lines, result.products),
            "person_month": named([f"{one} {at}" for one in organisation.people for at in months],
                                  result.cells.sum(2)),
            "person_product_line": named([f"{one} {line}" for one in organisation.people for line in lines],
                                         result.cells.sum(1))}


def _people_table(crew: Crew, goals: Array) -> pd.DataFrame:
    last_12 = crew.last_12
    growth = np.divide(goals, last_12, out=np.full(len(goals), np.nan), where=last_12 > 0) - 1
    by_person = pd.Series(goals.astype(float), index=pd.Index(crew.people.person_id, name="person_id"))
    known = by_person[by_person.index.isin(crew.forecast.people.index)]
    chances = chance_of_people(crew.forecast, known).reindex(by_person.index)
    there = crew.present.sum(1)
    ramp = np.divide((crew.present * crew.ramp).sum(1), there, out=np.ones(len(there)), where=there > 0)
    table = crew.people.assign(goal=goals.astype("int64"), last_12=last_12, growth=growth,
                               chance=chances.to_numpy(float), ramp=ramp)
    return table[PEOPLE_COLUMNS].reset_index(drop=True)


def _opened_notes(result: Allotment, lines: Sequence[str], unit: int) -> list[Problem]:
    notes = []
    for line in np.nonzero(result.opened.any((0, 1)))[0]:
        where = result.opened[:, :, line]
        notes.append(Problem("decompose.lines_opened", level="doubt", line=lines[int(line)],
                             count=int(where.any(1).sum()),
                             amount=int(result.cells[:, :, line][where].sum()) * unit))
    return notes


def compare_methods(tables: Mapping[str, pd.DataFrame], total: float, start: str | pd.Timestamp,
                    months: int = 12, unit: int = 1, limits: pd.DataFrame | None = None,
                    country: str | None = None, learnt: Learnt | None = None) -> pd.DataFrame:
    """Set the goals of all methods side by side, so that everyone sees who gains and who loses by which.

    Parameters
    ----------
    tables, total, start, months, unit, limits, country, learnt
        As in :func:`plan_goals`.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, last_12, equal, history, potential, capability,
        equal_chance: goals in currency units, each column adding up to the total. A column whose data are
        missing is NaN throughout. ``attrs["notes"]`` lists what is missing and what is in doubt.

    Raises
    ------
    SalesgoalsError
        As in :func:`plan_goals`.
    """
    asked, problems = check_request(total, start, months, unit)
    if asked is None:
        raise SalesgoalsError(problems)
    crew = gather_crew(tables, asked.start, asked.months, country, learnt)
    lines, _ = product_lines(crew, tables)
    bounds, notes = take_limits(crew, asked, limits, lines, problems)
    weights = weigh_people(crew, tables, asked.total)
    table = crew.people[["person_id", "person", "department", "team"]].assign(last_12=crew.last_12)
    for method in METHODS:
        table[method] = _method_goals(bounds, weights, method, asked)
    table = table.reset_index(drop=True)
    table.attrs["notes"] = [*crew.notes, *notes, *weights.missing.values(),
                            *(note for found in weights.notes.values() for note in found)]
    return table


def _method_goals(bounds: Bounds, weights: Weights, method: str, asked: Request) -> Any:
    if method in weights.missing:
        return np.nan
    totals = split_people(bounds, weights.values[method].to_numpy(float), asked.total // asked.unit)
    return totals["person"] * asked.unit


def gains_and_losses(comparison: pd.DataFrame, base: str = "history") -> pd.DataFrame:
    """Tell who would carry more, and who less, under each method than under history.

    Parameters
    ----------
    comparison : DataFrame
        From :func:`compare_methods`.
    base : str
        The method the others are held against.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, method, goal, base, change (currency units), share
        (of the base goal; NaN where that is 0), largest gain of goal first within each method.

    Examples
    --------
    >>> table = pd.DataFrame({"person_id": ["1", "2"], "person": ["A", "B"], "department": "d", "team": "t",
    ...                       "last_12": [1., 1.], "history": [60, 40], "equal": [50, 50]})
    >>> gains_and_losses(table)[["person_id", "method", "change"]].values.tolist()
    [['2', 'equal', 10], ['1', 'equal', -10]]
    """
    others = [method for method in METHODS if method in comparison and method != base
              and comparison[method].notna().all()]
    who = ["person_id", "person", "department", "team"]
    long = comparison.melt([*who, base], others, var_name="method", value_name="goal")
    long = long.rename(columns={base: "base"})
    long["change"] = long.goal - long.base
    long["share"] = (long.change / long.base.where(long.base != 0)).astype(float)
    order = long.assign(place=long.method.map(METHODS.index)).sort_values(
        ["place", "change"], ascending=[True, False], kind="stable")
    return order[[*who, "method", "goal", "base", "change", "share"]].reset_index(drop=True)
