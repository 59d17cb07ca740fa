"""What a goal may be: estimates side by side, and the chance of reaching any total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.equal_chance import equal_chance_goals, equal_chance_note
from salesgoals.estimates import estimate_board
from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import (
    Outlook,
    chance_of_total,
    chances_of_each,
    outlook,
    total_with_chance,
)
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.windows import attainment, attainment_summary, close_windows
from salesgoals.words import say

__all__ = ["Verdict", "attainment", "attainment_summary", "chance", "chance_of_people", "close_windows",
           "equal_chance_goals", "equal_chance_note", "estimate_board", "judge_total", "totals_at"]

USUAL_CHANCES = (.7, .5, .3)


@dataclass(frozen=True)
class Verdict:
    """How bold a total is, and what that judgement rests on.

    Parameters
    ----------
    total : float
        The total that was judged, in whole currency units.
    chance : float
        Chance of reaching it.
    chance_if_independent : float
        The same if people's luck had nothing in common: too sure of itself, shown to see what it hangs on.
    times_last_12 : float
        The total over the last 12 months, NaN if those are 0.
    totals : DataFrame
        Columns chance, total: what would have a chance of 70, 50 and 30 %.
    assumptions : tuple of str
        What must hold, in the language in use.
    """

    total: float
    chance: float
    chance_if_independent: float
    times_last_12: float
    totals: pd.DataFrame
    assumptions: tuple[str, ...]


def chance(forecast: Forecast, total: float) -> float:
    """Say how likely the unit is to reach a total.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.forecast.forecast_sales`.
    total : float
        The total for all months of the forecast, in whole currency units.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    SalesgoalsError
        If the total is not a number above 0.

    Notes
    -----
    Source of method: :func:`salesgoals.forecasting.probability.outlook`: one common shock; error against
    Monte Carlo mostly below .003. The shock is at least as large as the forecast's ``level_floor``.
    docs/coverage.md says how often the bands that come from it held.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> forecast = forecast_sales(history)
    >>> bool(chance(forecast, 1300.) > .4), round(chance(forecast, 2640.), 3)
    (True, 0.0)
    """
    return chance_of_total(_outlook(forecast), _usable(total))


def chance_of_people(forecast: Forecast, goals: pd.Series) -> pd.Series:
    """Say how likely each person is to reach the own goal.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.forecast.forecast_sales`.
    goals : Series
        Goal of each person (index person_id), in whole currency units.

    Returns
    -------
    Series
        Chance by person_id, in the order of ``goals``; NaN where no goal is set, or where the forecast does
        not know the person.

    Raises
    ------
    SalesgoalsError
        If a person stands in ``goals`` twice or a goal is infinite.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> chances = chance_of_people(forecast_sales(history), pd.Series({"7": 500., "8": 10.}))
    >>> chances.round(2).to_dict()
    {'7': 1.0, '8': nan}
    """
    wanted = goals.astype(float)
    twice = wanted.index[wanted.index.duplicated()]
    problems = [Problem("goal.person_twice", node=str(person)) for person in twice.unique()]
    problems += [Problem("goal.total_unusable", found=value) for value in wanted[np.isinf(wanted)]]
    raise_if_any(problems)
    people = forecast.people.reindex(wanted.index)
    values = chances_of_each(people["mean"].fillna(0.).to_numpy(), people.sd.fillna(0.).to_numpy(),
                             wanted.to_numpy())
    return pd.Series(np.where(people["mean"].isna(), np.nan, values), index=wanted.index, name="chance")


def totals_at(forecast: Forecast, chances: Sequence[float] = USUAL_CHANCES) -> pd.DataFrame:
    """Find the totals that the unit reaches with given chances, such as 70, 50 and 30 %.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.forecast.forecast_sales`.
    chances : sequence of float
        Each above 0 and below 1.

    Returns
    -------
    DataFrame
        Columns chance, total (whole currency units, not rounded). The inverse of :func:`chance`: putting
        a total in there gives the chance back within .001.

    Raises
    ------
    SalesgoalsError
        If a chance is out of range.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> totals_at(forecast_sales(history)).total.is_monotonic_increasing
    True
    """
    raise_if_any([Problem("goal.chance_outside", found=value) for value in chances
                  if isinstance(value, (str, bool)) or value is None or not 0 < value < 1])
    people = _outlook(forecast)
    return pd.DataFrame({"chance": [float(value) for value in chances],
                         "total": [total_with_chance(people, float(value)) for value in chances]})


def judge_total(forecast: Forecast, total: float) -> Verdict:
    """Answer a wish such as "double it": with a chance, what it assumes, and three totals to choose from.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.forecast.forecast_sales`.
    total : float
        The wished total, in whole currency units.

    Returns
    -------
    Verdict
        Chance, assumptions, totals with 70, 50 and 30 %.

    Raises
    ------
    SalesgoalsError
        If the total is not a number above 0.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> verdict = judge_total(forecast_sales(history), 2640.)
    >>> verdict.times_last_12, round(verdict.chance, 3), len(verdict.totals)
    (2.0, 0.0, 3)
    """
    wanted, people = _usable(total), forecast.people
    alone = outlook(people["mean"].to_numpy(), people.sd.to_numpy(), 0.)
    last_12 = float(forecast.unit["last_12"])
    assumptions = [
        say("goal.assumes_past", months=forecast.history_months),
        say("goal.assumes_staff", people=len(people)),
        say("goal.assumes_common", rho=forecast.people_correlation, r=forecast.month_correlation),
        say("goal.assumes_floor", floor=forecast.level_floor)]
    return Verdict(total=wanted, chance=chance(forecast, wanted),
                   chance_if_independent=chance_of_total(alone, wanted),
                   times_last_12=wanted / last_12 if last_12 > 0 else float("nan"),
                   totals=totals_at(forecast), assumptions=tuple(assumptions))


def _outlook(forecast: Forecast) -> Outlook:
    people = forecast.people
    return outlook(people["mean"].to_numpy(), people.sd.to_numpy(), forecast.people_correlation)


def _usable(total: float) -> float:
    number = isinstance(total, (int, float, np.number)) and not isinstance(total, (bool, np.bool_))
    if not number or not np.isfinite(total) or total <= 0:
        raise SalesgoalsError(Problem("goal.total_unusable", found=total))
    return float(total)
