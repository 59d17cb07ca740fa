"""Ways to explain a gap that look right and are not, beside the one that is: for teaching."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.attribution.chain import CHAIN, Chain, find_rates
from salesgoals.attribution.shapley import share_change

WAYS = ("forwards", "backwards", "alone", "fair")


def explain_in_four_ways(actual: pd.DataFrame, base: pd.DataFrame, chain: Chain = CHAIN) -> pd.DataFrame:
    """Put three common explanations of a change beside the fair one: two hang on the order, one has a rest.

    Parameters
    ----------
    actual, base : pandas.DataFrame
        Levels of the units as in :func:`salesgoals.attribution.chain.split_gap`.
    chain : sequence of (factor, level)
        The steps.

    Returns
    -------
    pandas.DataFrame
        One line a factor that is known for at least one unit. Columns factor, forwards (factors changed one
        after the other from the first to the last), backwards (from the last to the first), alone (each
        factor changed with all others as before), fair (mean over all orders). Money, summed over the
        units; forwards, backwards and fair add up to amount now - base, alone does not.

    Notes
    -----
    Source of method: textbook variance analysis fixes one order of the factors, and many reports change one
    factor at a time; the mean over all orders is the Shapley value.

    Examples
    --------
    >>> steps = (("activity", "visits"), ("yield", "amount"))
    >>> base = pd.DataFrame({"visits": [10.0], "amount": [100.0]})
    >>> now = pd.DataFrame({"visits": [5.0], "amount": [25.0]})  # half the visits, half the yield
    >>> explain_in_four_ways(now, base, steps).set_index("factor").loc["activity"].tolist()
    [-50.0, -25.0, -50.0, -37.5]
    """
    rates = find_rates(actual, base.reindex(actual.index), chain)
    now, before = rates.now, rates.base
    found = {"forwards": _in_order(now, before),
             "backwards": _in_order(now[:, ::-1], before[:, ::-1])[:, ::-1],
             "alone": _one_at_a_time(now, before), "fair": share_change(now, before)}
    table = pd.DataFrame({"factor": [factor for factor, _ in chain],
                          **{way: effects.sum(axis=0) for way, effects in found.items()}})
    return table[~rates.held.all(axis=0)].reset_index(drop=True) if len(actual) else table.iloc[:0]


def _in_order(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Change the factors from the first to the last; each effect is what its change then adds."""
    steps = [np.prod(np.c_[now[:, :done], before[:, done:]], axis=1) for done in range(now.shape[1] + 1)]
    return np.diff(np.array(steps), axis=0).T


def _one_at_a_time(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Change one factor and leave all others as they were."""
    effects = np.zeros(now.shape)
    for step in range(now.shape[1]):
        others = np.delete(before, step, axis=1).prod(axis=1)
        effects[:, step] = (now[:, step] - before[:, step]) * others
    return effects
