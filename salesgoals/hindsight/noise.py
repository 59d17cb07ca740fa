"""How much luck there is in a rate: learnt from how far each month of the year before was off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

STEPS = (("visits", "time", "visits"), ("quotes", "visits", "quotes"), ("wins", "grown", "wins"),
         ("typical", "wins", "wins"), ("list", "typical", "wins"), ("amount", "list", "wins"))
RATES = ("activity", "quote_rate", "win_rate", "product_mix", "deal_size", "price")
POOLED = 10.0          # months that what is usual among colleagues weighs beside a person's own
LEAST = .01


class Noise(NamedTuple):
    """Variance of each rate, times the number of events (visits, quotes, deals) that it rests on.

    Parameters
    ----------
    spread : DataFrame
        Index person_id, one column a rate: variance of its logarithm for a single event.
    events : DataFrame
        Events of the twelve months before.
    """

    spread: pd.DataFrame
    events: pd.DataFrame

    def of(self, ids: pd.Index) -> np.ndarray:
        """Variance of the rates of the year before (people, rates)."""
        events = self.events.reindex(ids).fillna(0.0).to_numpy()
        return np.asarray(self.spread_of(ids) / np.maximum(events, 1.0))

    def spread_of(self, ids: pd.Index) -> np.ndarray:
        """Variance for a single event; who is not known gets what is usual."""
        return np.asarray(self.spread.reindex(ids).fillna(self.spread.median()).fillna(1.0).to_numpy())


def measure_noise(cube: dict[str, np.ndarray], ids: pd.Index, steps: Sequence[tuple[str, str, str]] = STEPS,
                  names: Sequence[str] = RATES) -> Noise:
    """Measure the luck in each rate from the months of the year before.

    Parameters
    ----------
    cube : dict of str to array (people, months)
        The levels; empty where not recorded.
    ids : Index
        The people.
    steps : sequence of (level, level below, events)
        Which rates; events are what is counted.
    names : sequence of str
        How they are called.

    Returns
    -------
    Noise
        For each person: the months' own errors around the own rate, mixed with what is usual.

    Notes
    -----
    Source of method: residual variance of a ratio estimator (Cochran 1977, 6.4): variance of the log of
    sum(y) / sum(x) is about n / (n - 1) x sum((y - r x)^2) / sum(y)^2.
    """
    spread, events = {}, {}
    for place, (level, below, counted) in enumerate(steps):
        above, among = cube[level], cube[below]
        both = ~np.isnan(above) & ~np.isnan(among)
        number, tries = np.where(both, above, 0.0), np.where(both, among, 0.0)
        count = np.where(both, np.nan_to_num(cube[counted]), 0.0).sum(axis=1)
        whole, months = number.sum(axis=1), (tries > 0).sum(axis=1)
        able = (whole > 0) & (tries.sum(axis=1) > 0) & (months >= 3)
        rate = np.divide(whole, tries.sum(axis=1), out=np.zeros(len(ids)), where=able)
        rest = ((number - rate[:, None] * tries) ** 2).sum(axis=1)
        variance = np.divide(rest, whole ** 2, out=np.zeros(len(ids)), where=able)
        own = variance * months / np.maximum(months - 1, 1) * np.maximum(count, 1)
        usual = max(float(np.median(own[able])) if able.any() else 1.0, LEAST)
        mixed = (np.where(able, (months - 1) * own, 0.0) + POOLED * usual) / (
            np.where(able, months - 1, 0) + POOLED)
        name = names[place]
        spread[name], events[name] = np.maximum(mixed, LEAST), count
    return Noise(pd.DataFrame(spread, index=ids), pd.DataFrame(events, index=ids))
