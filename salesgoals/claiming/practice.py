"""Invented claims of a meeting, for lessons: nobody has to fill in thirty rows to see a gap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.claiming.worth import with_chance
from salesgoals.forecast import Forecast
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say

SPREAD, CAUTION = 0.08, 0.96   # how far claims lie from the middle of the own forecast, and on which side
EVERY = 8                      # one in so many has not made up the mind yet
REASONS = 3


def practice_claims(forecast: Forecast, people: pd.DataFrame, unit: int = 1, seed: int = 6) -> pd.DataFrame:
    """Invent what people might claim: near the middle of their own forecast, a little on the safe side.

    Parameters
    ----------
    forecast : Forecast
        Of the plan's months.
    people : DataFrame
        ``Plan.people``: who has a goal.
    unit : int
        Claims are whole multiples of it.
    seed : int
        The same seed gives the same claims.

    Returns
    -------
    DataFrame
        Columns person_id, claim, reason (in the language in use). One in eight, and whoever has no forecast,
        has not claimed and has no row.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> history = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"),
    ...                         "person_id": "7", "amount": [100., 120.] * 12})
    >>> claims = practice_claims(forecast_sales(history), pd.DataFrame({"person_id": ["7", "8"]}))
    >>> claims.person_id.tolist()
    ['7']
    """
    draw = np.random.default_rng(seed)
    rows = []
    known = forecast.people
    for place, person in enumerate(sorted(people.person_id), 1):
        factor, reason = CAUTION * np.exp(draw.normal(0, SPREAD)), int(draw.integers(1, REASONS + 1))
        if place % EVERY == 0 or person not in known.index or not known["mean"][person] > 0:
            continue
        middle = with_chance(float(known["mean"][person]), float(known.sd[person]), .5)
        claim = round(middle * factor / unit) * unit
        rows.append((person, claim, say(f"claims.practice_reason_{reason}")))
    return pd.DataFrame(rows, columns=["person_id", "claim", "reason"])


def middle_person(forecast: Forecast) -> str:
    """Find the person in the middle: as many people are expected to sell more as less.

    Returns
    -------
    str
        The person_id, as an example that is neither the star nor the newcomer.
    """
    expected = forecast.people["mean"]
    expected = expected[expected > 0].sort_values(kind="stable")
    if expected.empty:
        raise SalesgoalsError(Problem("claims.no_outlook", found=0))
    return str(expected.index[len(expected) // 2])
