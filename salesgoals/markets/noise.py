"""How much of a difference may be the luck of a few customers.

A segment's growth rests on its customers: where a handful makes most of it, a good year says little. The
error is worked out over customers (each one's part in the growth, squared and added up), with as many
degrees of freedom as there are customers that count.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

RANGE_COUNT = 5.0   # customers that count; below, not even a rough range of growth is given
TEST_COUNT = 12.0   # below, the luck of a few customers cannot be told from a difference
Array = NDArray[np.float64]


def customer_of(lines: pd.DataFrame) -> pd.Series:
    """Name whom each line depends on: the customer or, where it is not known, the order, else the line."""
    own = pd.Series([f"#{number}" for number in range(len(lines))], index=lines.index)
    return lines.account_id.astype(object).where(
        lines.account_id.notna(), ("#" + lines.order_id.astype(object)).where(lines.order_id.notna(), own))


def sum_by_customer(before: pd.DataFrame, now: pd.DataFrame, part: str, columns: list[str]) -> pd.DataFrame:
    """Add up two years by part and customer; columns end in _before and _now, 0 where nothing was bought."""
    keys = [part, "customer"]
    sums = [lines.assign(customer=customer_of(lines)).groupby(keys, as_index=False)[columns].sum()
            for lines in (before, now)]
    both = sums[0].merge(sums[1], on=keys, how="outer", suffixes=("_before", "_now"))
    filled = [f"{name}_{year}" for name in columns for year in ("before", "now")]
    return both.fillna(dict.fromkeys(filled, 0.0))


def growth_errors(table: pd.DataFrame, part: str) -> pd.DataFrame:
    """Give each part's growth (on the log) and that of all other parts, with errors over customers.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns part, customer, amount_before, amount_now.
    part : str
        Name of the part's column.

    Returns
    -------
    pandas.DataFrame
        By part: own, own_variance, own_count, rest, rest_variance, rest_count; NaN where either year has no
        sales. A customer's influence on ln(now / before) is now_a / now - before_a / before.
    """
    customer, customers = pd.factorize(table.customer)
    place, parts = pd.factorize(table[part], sort=True)
    years = table[["amount_before", "amount_now"]].to_numpy(dtype="float64")
    whole = _two_sums(customer, years, len(customers))
    rows = []
    for number in range(len(parts)):
        mine = place == number
        own = _two_sums(customer[mine], years[mine], len(customers))
        rows.append([*_log_growth(own), *_log_growth(whole - own)])
    columns = ["own", "own_variance", "own_count", "rest", "rest_variance", "rest_count"]
    return pd.DataFrame(rows, index=pd.Index(parts, name=part), columns=columns, dtype="float64")


def _two_sums(place: NDArray[np.intp], years: Array, size: int) -> Array:
    return np.stack([np.bincount(place, year, size) for year in years.T], axis=1).astype("float64")


def _log_growth(customers: Array) -> tuple[float, float, float]:
    """Take ln(now / before) of the sums over customers, with its squared error and who counts."""
    before, now = customers.sum(0)
    if before <= 0 or now <= 0:
        return np.nan, np.nan, 0.0
    return float(np.log(now / before)), *spread(customers[:, 1] / now - customers[:, 0] / before)


def spread(pull: Array) -> tuple[float, float]:
    """Square and add up each customer's pull; count the customers that make most of it (after Kish 1965)."""
    squares = pull ** 2
    total = float(squares.sum())
    return (total, total ** 2 / float((squares ** 2).sum())) if total > 0 else (0.0, 0.0)


def two_sided(difference: Array, variances: Array, counts: Array) -> Array:
    """Return the p-value of a difference between two estimates (Welch's t, Satterthwaite's degrees).

    Parameters
    ----------
    difference : array (n,)
        Estimates minus each other.
    variances, counts : array (n, 2)
        Of both; a variance of 0 is a figure known exactly. Fewer than 12 customers that count give NaN.
    """
    total = variances.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(variances > 0, variances ** 2 / np.maximum(counts, 1e-9), 0.0).sum(1)
        degrees = total ** 2 / parts
        p = 2 * stdtr(degrees, -np.abs(difference) / np.sqrt(total))
    enough = np.where(variances > 0, counts, np.inf).min(1) >= TEST_COUNT
    return np.where(enough & (total > 0), p, np.nan)


def growth_range(errors: pd.DataFrame, coverage: float = .8) -> tuple[Array, Array]:
    """Return the ends of each part's growth, as shares; NaN where fewer than 5 customers count.

    Parameters
    ----------
    errors : pandas.DataFrame
        From :func:`growth_errors`.
    coverage : float
        How often the range is meant to hold.
    """
    value, variance, count = (errors[name].to_numpy() for name in ("own", "own_variance", "own_count"))
    reach = stdtrit(np.maximum(count, 1.0), .5 + coverage / 2) * np.sqrt(variance)
    enough = count >= RANGE_COUNT
    return (np.where(enough, np.expm1(value - reach), np.nan),
            np.where(enough, np.expm1(value + reach), np.nan))
