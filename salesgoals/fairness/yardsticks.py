"""What each person may be expected to carry, by every yardstick that the records offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.equal_chance import equal_chance_goals
from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import log_moments

UNKNOWN_SPREAD = .35  # relative spread of a person's year where the forecast does not know the person


@dataclass(frozen=True)
class Loads:
    """How heavy each goal is beside what may be expected, by each yardstick.

    Parameters
    ----------
    people : DataFrame
        The people that can be judged, index 0, 1, 2 ...
    logs : DataFrame
        The same rows, one column a yardstick: log of goal over the share that the yardstick gives.
    sizes : DataFrame
        Log of that share.
    spread : array
        Spread (of the log) of each person's sales in the period.
    """

    people: pd.DataFrame
    logs: pd.DataFrame
    sizes: pd.DataFrame
    spread: NDArray[np.float64]

    @property
    def low(self) -> pd.Series:
        """Lightest reading of each goal: share above (below) what may be expected."""
        return pd.Series(np.expm1(self.logs.min(axis=1)))

    @property
    def high(self) -> pd.Series:
        """Heaviest reading of each goal."""
        return pd.Series(np.expm1(self.logs.max(axis=1)))


def weigh_goals(people: pd.DataFrame, forecast: Forecast, weights: pd.DataFrame | None,
                method: str | None) -> Loads:
    """Set each goal beside what each yardstick would give the same person of the same total.

    Parameters
    ----------
    people : DataFrame
        Columns person_id, goal and whatever else is to be kept.
    forecast : Forecast
        Of the plan's months.
    weights : DataFrame or None
        Index person_id, columns level, months_grown, capability (and weight, of a plan by potential), as
        :func:`salesgoals.plans.make_plan` keeps them.
    method : str or None
        How the plan was split; potential counts as a yardstick only for a plan that follows it.

    Returns
    -------
    Loads
        Of the people with a goal above 0 whom every yardstick knows.

    Notes
    -----
    Three yardsticks: **forecast** (everybody the same chance), **records** (the last 12 months, newcomers'
    filled up and by their ramp), **capability** (two years, drawn to the peers as far as differences may be
    luck). Each is wrong in its own way: the forecast may follow a lucky quarter, the last 12 months hold all
    the luck there was, capability takes some of a star's strength for luck. A goal is called heavy or light
    only by what all of them say.
    """
    ids = pd.Index(people.person_id)
    known = forecast.people.reindex(ids)
    goal = people.goal.to_numpy(float)
    shares = {"forecast": known["mean"].to_numpy(float)}
    if weights is not None:
        parts = weights.reindex(ids)
        shares["records"] = (parts.level * parts.months_grown).to_numpy(float)
        shares["capability"] = (parts.capability * parts.months_grown).to_numpy(float)
        if method == "potential" and "weight" in parts:
            shares["potential"] = parts.weight.to_numpy(float)
    able = goal > 0
    for values in shares.values():
        able &= np.nan_to_num(values) > 0
    kept = people[able].reset_index(drop=True)
    total = float(kept.goal.sum())
    mean, sd = (known[name].to_numpy(float)[able] for name in ("mean", "sd"))
    if not len(kept):
        nothing = pd.DataFrame({name: pd.Series(dtype=float) for name in shares})
        return Loads(kept, nothing, nothing, np.empty(0))
    table = pd.DataFrame({"mean": mean, "sd": sd}, index=pd.Index(kept.person_id, name="person_id"))
    given = {"forecast": np.maximum(equal_chance_goals(table, total).to_numpy(), 1e-9 * mean)}
    for name, values in shares.items():
        if name != "forecast":
            given[name] = values[able] / values[able].sum() * total
    sizes = pd.DataFrame({name: np.log(values) for name, values in given.items()})
    logs = -sizes.sub(np.log(kept.goal.to_numpy(float)), axis=0)
    spread = log_moments(mean, np.where(sd > 0, sd, UNKNOWN_SPREAD * mean))[1]
    return Loads(kept, logs, sizes, spread)
