"""Base, target and stretch: three levels for everybody, with the chance of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.allocation.allocate import whole_part
from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import (
    chance_of_total,
    chances_of_each,
    log_moments,
    outlook,
    total_with_chance,
)
from salesgoals.goal import chance
from salesgoals.problems import Problem, raise_if_any

NAMES = ("base", "goal", "stretch")
NODES = ("company", "department", "team", "person")
PERSON_COLUMNS = ["person_id", "person", "department", "team", "base", "goal", "stretch", "base_chance",
                  "goal_chance", "stretch_chance", "place"]
SUM_COLUMNS = ["level", "department", "team", "people", "unknown", "base", "goal", "stretch", "base_chance",
               "goal_chance", "stretch_chance", "place"]


def set_levels(forecast: Forecast, plan: Plan,
               chances: Sequence[float | None] = (.7, None, .3)) -> pd.DataFrame:
    """Give each person a base and a stretch beside the target, and say how likely each is.

    Parameters
    ----------
    forecast : Forecast
        Of the plan's months.
    plan : Plan
        Its goals are the targets.
    chances : sequence of three
        Chance of base and stretch; the one in the middle is None: the target is what the plan says.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, base, goal (the target), stretch (multiples of the
        plan's unit; blank where nothing is expected of the person), base_chance, goal_chance,
        stretch_chance, place: ``between``, ``above_stretch`` (the target is less likely than the stretch:
        it asks more than the stretch should) or ``below_base``; ``unknown`` without a forecast.

    Raises
    ------
    SalesgoalsError
        If the chances are not two shares, the first larger than the last.

    Notes
    -----
    Source of method: quantiles of the person's own forecast (log-normal), rounded down to the unit, so that
    each level is at least as likely as it says. Levels of teams and of the company are sums of these, see
    :func:`add_levels`: a sum of bases is safer than each base, a sum of stretches rarer than each.

    Examples
    --------
    >>> from salesgoals.decompose import plan_goals
    >>> from salesgoals.forecast import forecast_sales
    >>> from salesgoals.history import monthly_sales
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.date_range("2024-01-15", periods=24, freq="MS").repeat(2),
    ...     "person_id": ["1", "2"] * 24, "product_line": "pumps", "amount": [100.0, 50.0, 120., 40.] * 12}))
    >>> plan = plan_goals(tables, 1860, "2026-01", unit=10)
    >>> levels = set_levels(forecast_sales(monthly_sales(tables), "2026-01"), plan)
    >>> bool((levels.base < levels.stretch).all()), levels.place.unique().tolist()
    (True, ['between'])
    """
    safe, _, bold = _usable(chances)
    people = plan.people
    expects = forecast.people.reindex(people.person_id)
    mean, sd = (expects[name].fillna(0).to_numpy(float) for name in ("mean", "sd"))
    known = mean > 0
    unit = int(plan.goals.unit.iloc[0]) if len(plan.goals) else 1
    centre, spread = log_moments(np.where(known, mean, 1.), np.where(known, sd, 0.))
    table = people[["person_id", "person", "department", "team"]].reset_index(drop=True)
    amounts = {"goal": people.goal.to_numpy("int64")}
    for name, share in (("base", safe), ("stretch", bold)):
        quantile = np.exp(centre + spread * float(ndtri(1 - share)))
        amounts[name] = (whole_part(quantile / unit) * unit).astype("int64")
    for name in NAMES:
        each = chances_of_each(np.where(known, mean, 0.), np.where(known, sd, 0.),
                               amounts[name].astype(float))
        blank = pd.Series(amounts[name], dtype="Int64")
        table[name] = blank if name == "goal" else blank.mask(~known)
        table[f"{name}_chance"] = np.where(known, each, np.nan)
    table["place"] = _places(table)
    return table[PERSON_COLUMNS]


def add_levels(levels: pd.DataFrame, forecast: Forecast) -> pd.DataFrame:
    """Add people's levels up to teams, departments and the company, exactly, with the chance of each sum.

    Parameters
    ----------
    levels : DataFrame
        From :func:`set_levels`.
    forecast : Forecast
        Of the same months.

    Returns
    -------
    DataFrame
        Columns level (company, department, team), department, team, people, unknown (people without a
        level, who are not in the sums of base and stretch), base, goal, stretch, base_chance, goal_chance,
        stretch_chance, place.
    """
    rows = []
    expects = forecast.people.reindex(levels.person_id)[["mean", "sd"]].fillna(0).to_numpy(float)
    for depth, level in enumerate(NODES[:-1]):
        keys = ["department", "team"][:depth]
        groups = {(): np.arange(len(levels))}
        if keys:
            groups = levels.groupby(keys, sort=False, dropna=False).indices
        for key, at in groups.items():
            own = levels.iloc[at]
            people = outlook(expects[at, 0], expects[at, 1], forecast.people_correlation)
            named: dict[str, str] = dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True))
            sums = {name: int(own[name].fillna(0).sum()) for name in NAMES}
            anything = bool((expects[at, 0] > 0).any())
            likely = {f"{name}_chance": chance_of_total(people, sums[name]) if anything and sums[name] > 0
                      else np.nan for name in NAMES}
            rows.append({"level": level, "department": named.get("department", ""),
                         "team": named.get("team", ""),
                         "people": len(own), "unknown": int(own.base.isna().sum()), **sums, **likely,
                         "comparable": int(own.goal[own.base.notna()].sum())})
    table = pd.DataFrame(rows)
    table["place"] = _places(table.assign(goal=table.comparable))
    return table[SUM_COLUMNS].astype({"level": "str", "department": "str", "team": "str"})


def unit_levels(forecast: Forecast, total: int, unit: int = 1,
                chances: Sequence[float | None] = (.7, None, .3)) -> pd.DataFrame:
    """Give the whole unit a base and a stretch beside its target, and say how likely each is.

    Parameters
    ----------
    forecast : Forecast
        Of the plan's months.
    total : int
        The target.
    unit : int
        Base and stretch are multiples of it.
    chances : sequence of three
        As for :func:`set_levels`.

    Returns
    -------
    DataFrame
        Columns name (base, goal, stretch), total, chance.
    """
    safe, _, bold = _usable(chances)
    people = outlook(forecast.people["mean"].to_numpy(), forecast.people.sd.to_numpy(),
                     forecast.people_correlation)
    ends = [int(whole_part(np.array(total_with_chance(people, share) / unit))) * unit
            for share in (safe, bold)]
    totals = [ends[0], int(total), ends[1]]
    likely = [chance(forecast, value) if value > 0 else np.nan for value in totals]
    return pd.DataFrame({"name": list(NAMES), "total": totals, "chance": likely})


def _usable(chances: Sequence[float | None]) -> tuple[float, None, float]:
    first, middle, last = (list(chances) + [None] * 3)[:3]
    shares = [value for value in (first, last) if isinstance(value, (int, float)) and 0 < value < 1]
    if len(chances) != 3 or middle is not None or len(shares) != 2 or not shares[0] > shares[1]:
        raise_if_any([Problem("levels.chances_unusable", found=str(tuple(chances)))])
    return float(shares[0]), None, float(shares[1])


def _places(table: pd.DataFrame) -> np.ndarray:
    """Tell where the target lies: a target less likely than the stretch is no target."""
    known = table.goal_chance.notna() & table.stretch_chance.notna()
    above = known & (table.goal > table.stretch)
    below = known & (table.goal < table.base)
    return np.select([~known, above, below], ["unknown", "above_stretch", "below_base"], "between")


def study_levels(forecast: Forecast, plan: Plan) -> dict[str, pd.DataFrame]:
    """Set the three levels of a plan, for reports and the claiming session.

    Parameters
    ----------
    forecast : Forecast
        Of the plan's months.
    plan : Plan
        The goals.

    Returns
    -------
    dict of str to DataFrame
        levels_people (from :func:`set_levels`), levels_sums (from :func:`add_levels`), levels_unit (from
        :func:`unit_levels`).
    """
    people = set_levels(forecast, plan)
    unit = int(plan.goals.unit.iloc[0])
    return {"levels_people": people, "levels_sums": add_levels(people, forecast),
            "levels_unit": unit_levels(forecast, int(plan.goals.goal.sum()), unit)}
