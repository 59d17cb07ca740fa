"""Effects written in whole hundredths that still add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def close_sums(effects: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Put what rounding has left over into each row's largest effect.

    Examples
    --------
    >>> close_sums(np.array([[.1, .2]]), np.array([.4])).round(9).tolist()
    [[0.1, 0.3]]
    """
    closed = effects.copy()
    if not closed.shape[1]:
        return closed
    rows, largest = np.arange(len(closed)), np.abs(closed).argmax(axis=1)
    for _ in range(2):  # the second round takes what the first addition rounded
        left = totals - closed.sum(axis=1)
        closed[rows, largest] += np.where(np.isfinite(left), left, 0.0)
    return closed


def to_the_fen(table: pd.DataFrame, causes: Sequence[str], total: str, *, step: float = .01) -> pd.DataFrame:
    """Round causes and their total to whole hundredths so that they still add up exactly.

    Parameters
    ----------
    table : pandas.DataFrame
        Holds the columns.
    causes : sequence of str
        Columns that add up to the total.
    total : str
        Column of the total; a row where it is missing is only rounded.
    step : float
        Smallest unit of money.

    Returns
    -------
    pandas.DataFrame
        The table with these columns rounded; what rounding leaves over goes to the largest cause.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [.333], "b": [.333], "gap": [.666]})
    >>> to_the_fen(table, ["a", "b"], "gap").iloc[0].round(2).tolist()
    [0.34, 0.33, 0.67]
    """
    per_unit = round(1 / step)
    whole = (table[list(causes)].to_numpy(float) * per_unit).round()
    sums = (table[total].to_numpy(float) * per_unit).round()
    closed = close_sums(np.nan_to_num(whole), sums)
    closed[np.isnan(whole)] = np.nan
    result = table.copy()
    result[list(causes)] = closed / per_unit
    result[total] = sums / per_unit
    return result
