"""What each level puts on top to be safe: a layer of its own beside the goals, never hidden inside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.allocation.allocate import round_groups
from salesgoals.forecast import Forecast
from salesgoals.goal import chance, chance_of_people
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

HEDGE_LEVELS = ("company", "department", "team", "person")
PATHS: dict[str, list[str]] = {"company": [], "department": ["department"], "team": ["department", "team"],
                               "person": ["department", "team", "person_id"]}
MOST = 1.0       # more than twice the goal is a slip of the pen
Rate: TypeAlias = float | Mapping[str, float]


@dataclass(frozen=True)
class Hedged:
    """Goals with what was put on top, level by level; the base is what it was before.

    Parameters
    ----------
    goals : DataFrame
        The rows given, with goal (untouched: the base), hedge_company, hedge_department, hedge_team,
        hedge_person (of the levels that put something on top), hedge (their sum) and street (goal + hedge,
        what the people are told). All whole multiples of the unit.
    nodes : DataFrame
        Columns level, node, parent, base, hedge_<level> ..., hedge, street, compounded (street / base - 1);
        one row for the company, each department, team and person.
    rates : dict
        What was asked for.
    proof : DataFrame
        Columns level, node, street, sum_of_layers, sum_of_children, difference (0 everywhere).
    """

    goals: pd.DataFrame
    nodes: pd.DataFrame
    rates: dict[str, Rate]
    proof: pd.DataFrame

    @property
    def compounded(self) -> float:
        """Share by which the goals of all people together exceed the company's goal."""
        return float(self.nodes.compounded.iloc[0])


def add_hedge(goals: pd.DataFrame, rates: Mapping[str, Rate], unit: int | None = None) -> Hedged:
    """Put a reserve on top of goals at one or more levels, as a layer that everybody can see.

    Parameters
    ----------
    goals : DataFrame
        Columns department, team, person_id, goal (whole currency units) and any others: a plan's goals, or
        one row a person.
    rates : mapping of level to share
        For example ``{"department": .05, "team": .05, "person": .05}``: each head of department, team leader
        and finally everybody adds 5 % to what came from above. Instead of one share a mapping of node
        (``"department"``, ``"department/team"`` or the person's id) to share; nodes not in it add nothing.
        The level ``company`` stands for what the top adds before anything is handed down.
    unit : int, optional
        Every layer is a whole multiple of it; by default the column ``unit``, else 1.

    Returns
    -------
    Hedged
        Base untouched, layers beside it; at every node street = base + layers, exactly.

    Raises
    ------
    SalesgoalsError
        If a level or node is unknown, or a share is below 0 or above 100 %; all at once.

    Notes
    -----
    Source of method: over-assignment held per level apart from the base (methods 3.7: Oracle's padding, the
    "two layers" of b2b-revenue-forecasting). Levels compound: three times 5 % is 15.7625 % (Zoltners, Sinha
    and Lorimer print 15.8 % and tell of a firm where only 30 % then reached their goal). Each level's sum is
    rounded once and handed down by largest remainder.

    Examples
    --------
    >>> goals = pd.DataFrame({"department": "d", "team": ["a", "b"], "person_id": ["1", "2"],
    ...                       "goal": [600_000, 400_000]})
    >>> hedged = add_hedge(goals, {"department": .05, "team": .05, "person": .05})
    >>> hedged.goals.street.tolist(), round(hedged.compounded, 6)
    ([694575, 463050], 0.157625)
    """
    unit = int(goals.unit.iloc[0]) if unit is None and "unit" in goals and len(goals) else unit or 1
    _check(goals, rates, unit)
    rows = goals.assign(department=goals.department.fillna(""), team=goals.team.fillna(""))
    base = goals.goal.to_numpy(np.int64) // unit
    codes = {level: _codes(rows, columns) for level, columns in PATHS.items()}
    people, person_count = codes["person"]
    layers: dict[str, NDArray[np.int64]] = {}
    street = base.copy()
    for level in HEDGE_LEVELS:
        nodes, count = codes[level]
        if level in rates:
            share = _shares(rows, level, nodes, count, rates[level])
            wished = share * np.bincount(nodes, street, count)
            whole = np.floor([wished.sum() + .5]).astype(np.int64)
            amounts = round_groups(wished, np.zeros(count, np.int64), whole)
            to_people = _hand_down(amounts, nodes, people, base, person_count)
            layers[level] = _hand_down(to_people, people, np.arange(len(base)), base, len(base))
            street = street + layers[level]
    result = goals.copy()
    for level, units in layers.items():
        result[f"hedge_{level}"] = units * unit
    result["hedge"] = sum((units * unit for units in layers.values()), np.zeros(len(base), np.int64))
    result["street"] = result.goal.to_numpy(np.int64) + result.hedge.to_numpy(np.int64)
    table = _nodes(result.assign(department=rows.department, team=rows.team), list(layers))
    return Hedged(result, table, dict(rates), _prove(table, list(layers)))


def _hand_down(amounts: NDArray[np.int64], node: NDArray[np.int64], part: NDArray[np.int64],
               base: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
    """Share each node's amount among its parts in proportion to their base, in whole units."""
    owner = np.zeros(parts, np.int64)
    owner[part] = node
    weight = np.bincount(part, base, parts)
    of_owner = np.bincount(owner, weight, len(amounts))
    wished = np.divide(weight * amounts[owner], of_owner[owner], out=np.zeros(parts),
                       where=of_owner[owner] > 0)
    return np.asarray(round_groups(wished, owner, amounts))


def _codes(rows: pd.DataFrame, columns: list[str]) -> tuple[NDArray[np.int64], int]:
    if not columns:
        return np.zeros(len(rows), np.int64), 1
    numbers = rows.groupby(columns, sort=False, dropna=False).ngroup().to_numpy(np.int64)
    return numbers, int(numbers.max()) + 1 if len(numbers) else 0


def _names(rows: pd.DataFrame, level: str) -> pd.Series:
    if level == "company":
        return pd.Series("", index=rows.index)
    if level == "person":
        return rows.person_id.astype(str)
    return rows.department.astype(str) if level == "department" else (
        rows.department.astype(str) + "/" + rows.team.astype(str))


def _shares(rows: pd.DataFrame, level: str, nodes: NDArray[np.int64], count: int,
            rate: Rate) -> NDArray[np.float64]:
    if not isinstance(rate, Mapping):
        return np.full(count, float(rate))
    found = np.zeros(count)
    found[nodes] = _names(rows, level).map(dict(rate)).fillna(0.).to_numpy(float)
    return found


def _check(goals: pd.DataFrame, rates: Mapping[str, Rate], unit: int) -> None:
    problems = [Problem("hedge.level_unknown", found=str(level), levels=", ".join(HEDGE_LEVELS))
                for level in rates if level not in HEDGE_LEVELS]
    for level, rate in rates.items():
        if level not in HEDGE_LEVELS:
            continue
        if isinstance(rate, Mapping):
            known = set(_names(goals.assign(department=goals.department.fillna(""),
                                            team=goals.team.fillna("")), level))
            problems += [Problem("hedge.node_unknown", node=str(node), found=level)
                         for node in rate if node not in known]
        for value in rate.values() if isinstance(rate, Mapping) else [rate]:
            if not _usable(value):
                problems.append(Problem("hedge.rate_outside", node=level, found=str(value)))
    if goals.goal.isna().any() or (goals.goal < 0).any() or (goals.goal % unit != 0).any():
        problems.append(Problem("hedge.goals_unusable", unit=unit))
    if goals.empty:
        problems.append(Problem("hedge.no_goals"))
    raise_if_any(problems)


def _usable(value: Any) -> bool:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))
    return number and bool(0 <= value <= MOST)


def _nodes(rows: pd.DataFrame, levels: list[str]) -> pd.DataFrame:
    parts = ["goal", *(f"hedge_{level}" for level in levels), "hedge", "street"]
    tables = []
    for level, columns in PATHS.items():
        named = rows.assign(node=_names(rows, level), parent=_parent(rows, level))
        sums = named.groupby([*columns, "node", "parent"], sort=False, as_index=False)[parts].sum()
        tables.append(sums.assign(level=level))
    table = pd.concat(tables, ignore_index=True).rename(columns={"goal": "base"})
    table["compounded"] = table.street / table.base.where(table.base > 0) - 1
    return table[["level", "node", "parent", "base", *parts[1:], "compounded"]]


def _parent(rows: pd.DataFrame, level: str) -> pd.Series:
    at = HEDGE_LEVELS.index(level)
    return _names(rows, HEDGE_LEVELS[at - 1]) if at else pd.Series("", index=rows.index)


def _prove(nodes: pd.DataFrame, levels: list[str]) -> pd.DataFrame:
    """Set street beside base plus layers, and beside the sum of the nodes below, at every node."""
    layers = nodes[[f"hedge_{level}" for level in levels]].sum(axis=1) if levels else 0
    proof = nodes[["level", "node", "street"]].assign(sum_of_layers=nodes.base + layers)
    below = {HEDGE_LEVELS[at - 1]: level for at, level in enumerate(HEDGE_LEVELS) if at}
    children = nodes.groupby(["level", "parent"]).street.sum()
    proof["sum_of_children"] = [
        street if level not in below else int(children.get((below[level], node), 0))
        for level, node, street in zip(proof.level, proof.node, proof.street, strict=True)]
    proof["difference"] = ((proof.street - proof.sum_of_layers).abs()
                           + (proof.street - proof.sum_of_children).abs())
    return proof


def effect_of_hedge(hedged: Hedged, forecast: Forecast) -> pd.DataFrame:
    """Tell what each layer does: to the total, to the people's chances, and to how many will get there.

    Parameters
    ----------
    hedged : Hedged
        From :func:`add_hedge`.
    forecast : Forecast
        Of the same people and months.

    Returns
    -------
    DataFrame
        One row a layer, from the base on: layer (base or a level), total, on_top (share above the base),
        chance (of the sum of all goals being reached), share_at_goal (people expected to reach their own),
        people (whose chance is known). The chance of the company's own goal is the first row's in any case:
        a hedge does not sell anything.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> goals = pd.DataFrame({"department": "d", "team": "t", "person_id": ["7"], "goal": [1300]})
    >>> effect = effect_of_hedge(add_hedge(goals, {"team": .1}), forecast_sales(history))
    >>> effect[["layer", "total"]].values.tolist(), bool(effect.share_at_goal.is_monotonic_decreasing)
    ([['base', 1300], ['team', 1430]], True)
    """
    rows = []
    levels = [level for level in HEDGE_LEVELS if f"hedge_{level}" in hedged.goals]
    running = hedged.goals.goal.astype("int64")
    first = int(running.sum())
    for layer in ("base", *levels):
        running = running if layer == "base" else running + hedged.goals[f"hedge_{layer}"]
        total = int(running.sum())
        chances = chance_of_people(forecast, running.groupby(hedged.goals.person_id).sum())
        rows.append((layer, total, total / first - 1 if first else np.nan,
                     chance(forecast, float(total)) if total else np.nan,
                     float(chances.mean()) if chances.notna().any() else np.nan,
                     int(chances.notna().sum())))
    return pd.DataFrame(rows, columns=["layer", "total", "on_top", "chance", "share_at_goal", "people"])


def read_rates(text: str) -> dict[str, Rate]:
    """Read rates as typed: ``department=5%, team=5%, person=3%``.

    Raises
    ------
    SalesgoalsError
        If a piece is no level with a share.

    Examples
    --------
    >>> read_rates("department=5%, team=0.03")
    {'department': 0.05, 'team': 0.03}
    """
    rates: dict[str, Rate] = {}
    problems = []
    for piece in text.replace("\uff0c", ",").replace("\uff05", "%").split(","):
        level, sign, share = (part.strip() for part in piece.partition("="))
        try:
            value = float(share.rstrip("%")) / (100 if share.endswith("%") else 1)
        except ValueError:
            value = float("nan")
        if not sign or level not in HEDGE_LEVELS or value != value:
            problems.append(Problem("hedge.rate_unreadable", found=piece.strip(),
                                    levels=", ".join(HEDGE_LEVELS)))
        else:
            rates[level] = value
    if problems:
        raise SalesgoalsError(problems)
    return rates
