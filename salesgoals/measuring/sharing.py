"""Sharing a metric's total out over people and months: the plan's own pattern, exact in every sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array, round_units, split_tree
from salesgoals.allocation.margins import round_margins


@dataclass(frozen=True)
class Pattern:
    """People and months of a plan, as its amounts lie in them.

    Parameters
    ----------
    people : DataFrame
        Columns person_id, person, department, team, goal, ramp, in the plan's order.
    months : DatetimeIndex
        Of the plan.
    share : array (people, months)
        Share of each person's amount in each month; rows add up to 1, or are 0 throughout.
    """

    people: pd.DataFrame
    months: pd.DatetimeIndex
    share: Array


def read_pattern(goals: pd.DataFrame, people: pd.DataFrame) -> Pattern:
    """Read from a plan's amounts when each person is to sell how much: presence, season and ramp in one.

    Parameters
    ----------
    goals, people : DataFrame
        Of a :class:`salesgoals.decompose.Plan`.

    Returns
    -------
    Pattern
        See there. A person whose goal is 0 gets even months, so that other goals still have a place.
    """
    amounts = goals.pivot_table(index="person_id", columns="month", values="goal", aggfunc="sum")
    amounts = amounts.reindex(people.person_id)
    there = amounts.notna().to_numpy().astype(float)
    cells = amounts.fillna(0).to_numpy(float)
    cells = np.where(cells.sum(1, keepdims=True) > 0, cells, there)
    sums = cells.sum(1, keepdims=True)
    share = np.divide(cells, sums, out=np.zeros_like(cells), where=sums > 0)
    return Pattern(people.reset_index(drop=True), pd.DatetimeIndex(amounts.columns), share)


def share_out(pattern: Pattern, weights: Array, total: int, unit: int) -> tuple[Array, dict[str, pd.Series]]:
    """Share a total out down the organisation by weights, then over the months, in whole units.

    Parameters
    ----------
    pattern : Pattern
        From :func:`read_pattern`.
    weights : array (people,)
        Not negative.
    total : int
        A multiple of ``unit``.
    unit : int
        Every goal is a whole multiple of it.

    Returns
    -------
    tuple of (array (people, months), dict)
        The goals, and what was decided for company, departments, teams, people and months (for the proof).

    Notes
    -----
    Source of method: largest remainder down the tree, then for each person, then the cheapest unit moves
    until the months are right as well (methods 3.11): the same functions that split the amount.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["1", "2"], "department": "d", "team": "t", "goal": [30, 10]})
    >>> even = Pattern(people, pd.date_range("2026-01-01", periods=4, freq="MS"), np.full((2, 4), .25))
    >>> cells, decided = share_out(even, np.array([3., 1.]), 6, 1)
    >>> cells.sum(1).tolist(), sorted(cells.sum(0).tolist())
    ([5, 1], [1, 1, 2, 2])
    """
    people = pattern.people
    department = people.department.astype(str)
    team = department + "/" + people.team.astype(str)
    codes, departments = pd.factorize(department)
    team_codes, teams = pd.factorize(team)
    of_team = pd.Series(codes).groupby(team_codes).first().to_numpy()
    d, t = len(departments), len(teams)
    parent = np.concatenate([[-1], np.zeros(d, int), 1 + of_team, 1 + d + team_codes]).astype(int)
    possible = pattern.share.sum(1) > 0
    weight = np.where(possible, weights, 0.0)
    if not weight.any():
        weight = possible.astype(float)
    high = np.full(len(parent), np.inf)
    high[1 + d + t:] = np.where(possible, np.inf, 0.0)
    amounts = split_tree(total // unit, parent, np.concatenate([np.zeros(1 + d + t), weight]), high=high)
    person = amounts[1 + d + t:]
    fitted = pattern.share * person[:, None]
    months = round_units(fitted.sum(0), total // unit, np.zeros(len(pattern.months)),
                         np.full(len(pattern.months), np.inf))
    cells = round_margins(fitted[:, :, None], person, months, [total // unit])[:, :, 0] * unit

    def named(names: object, units: Array) -> pd.Series:
        return pd.Series(np.asarray(units) * unit, index=pd.Index(names, dtype=object), dtype="int64")

    return cells, {"department": named(departments, amounts[1:1 + d]),
                   "team": named(teams, amounts[1 + d:1 + d + t]),
                   "person": named(people.person_id, person),
                   "month": named(pattern.months.strftime("%Y-%m"), months)}
