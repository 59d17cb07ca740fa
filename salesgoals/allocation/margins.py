"""Goals by person, month and product whose sums are prescribed: the fit in fractions, then in whole units.

The table has three axes: people, months, products. A *family* of limits labels either each person and month
(whole months, a team's month, one person's month) or each person and product, and gives every label a least
and a largest sum. Everything else (people's own totals, month totals, product totals) is a family, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salesgoals.allocation.allocate import Array, Numbers, round_groups
from salesgoals.allocation.moves import Side, move_units
from salesgoals.allocation.repair import repair_margins, round_person

LARGEST_FACTOR = 1e60  # the product of all factors of a cell stays a number


@dataclass(frozen=True)
class Family:
    """Limits on sums: the label of each person and month (or product), and least and largest sum by label."""

    label: Array
    low: Array
    high: Array


def _exact_or_between(limits: Numbers | tuple[Numbers, Numbers], label: Array) -> Family:
    low, high = limits if isinstance(limits, tuple) else (limits, limits)
    return Family(label, np.asarray(low, float), np.asarray(high, float))


def fit_margins(seed: Array, person: Numbers, month: Numbers | tuple[Numbers, Numbers],
                product: Numbers | tuple[Numbers, Numbers], more_months: Sequence[Family] = (),
                more_products: Sequence[Family] = (), tolerance: float = 1e-10,
                most: int = 400) -> tuple[Array, float]:
    """Scale a table of past sales so that people, months and products get the sums they should have.

    Parameters
    ----------
    seed : array (people, months, products)
        The pattern, not negative. What is zero stays zero.
    person : array
        The sum of each person.
    month, product : array, or tuple of two arrays
        The sum of each month and product, or the least and the largest one (0 and inf: no limit).
    more_months, more_products : sequence of Family
        Further limits, such as one team's January or one person's product.
    tolerance : float
        Stop when no limit is missed by more than this share of the whole.
    most : int
        Largest number of rounds.

    Returns
    -------
    tuple of (array, float)
        The fitted table, and by how much its worst sum misses its limit (0 or nearly so; more says that
        the limits contradict each other or the zeros).

    Notes
    -----
    Source of method: iterative proportional fitting (methods 3.12) on factor vectors, one for each person,
    month and product, so that the table itself is only read; limits that are ranges get a factor of their
    own that goes back to 1 as soon as the range does not bind (Bregman projections). Measured: 10,000
    people x 12 x 20 in 0.1 s.

    Examples
    --------
    >>> seed = np.ones((2, 2, 1))
    >>> fitted, gap = fit_margins(seed, [6, 2], [5, 3], [8])
    >>> fitted[:, :, 0].round(6).tolist(), gap < 1e-6
    ([[3.75, 2.25], [1.25, 0.75]], True)
    """
    people, months, products = seed.shape
    who = np.broadcast_to(np.arange(people)[:, None], (people, months))
    when = np.broadcast_to(np.arange(months), (people, months))
    what = np.broadcast_to(np.arange(products), (people, products))
    by_month = [*more_months, _exact_or_between(month, when), _exact_or_between(person, who)]
    by_product = [*more_products, _exact_or_between(product, what)]
    scale_month, scale_product = np.ones((people, months)), np.ones((people, products))
    factors = [np.ones(len(family.low)) for family in (*by_month, *by_product)]
    allowed = tolerance * max(1.0, float(np.sum(person)))
    gap = np.inf
    for _ in range(most):
        sums = scale_month * np.einsum("nmp,np->nm", seed, scale_product)
        missed = [_apply(family, factor, sums, scale_month)
                  for family, factor in zip(by_month, factors, strict=False)]
        sums = scale_product * np.einsum("nmp,nm->np", seed, scale_month)
        missed += [_apply(family, factor, sums, scale_product)
                   for family, factor in zip(by_product, factors[len(by_month):], strict=True)]
        gap = max(missed)
        if gap <= allowed:
            break
    fitted = seed * scale_month[:, :, None] * scale_product[:, None, :]
    own = fitted.sum((1, 2))
    fitted *= np.divide(person, own, out=np.zeros(people), where=own > 0)[:, None, None]
    return fitted, float(gap)


def _apply(family: Family, factor: Array, sums: Array, scale: Array) -> float:
    """Scale every label's cells into its range (in place) and return the worst miss before that."""
    flat = family.label.ravel()
    have = np.bincount(flat, sums.ravel(), len(factor))
    missed = np.maximum(family.low - have, have - family.high).max(initial=0.0)
    some = have > 0
    at_least = np.divide(family.low, have, out=np.zeros(len(have)), where=some)
    at_most = np.divide(family.high, have, out=np.full(len(have), np.inf), where=some)
    with np.errstate(invalid="ignore", over="ignore"):  # a label that is empty keeps its factor
        new = np.where(some, np.clip(1.0, factor * at_least, factor * at_most), factor)
    new = np.where(new > 0, np.clip(new, 1 / LARGEST_FACTOR, LARGEST_FACTOR), 0.0)  # contradictions run away
    ratio = np.divide(new, factor, out=np.ones(len(new)), where=factor > 0)
    factor[:] = new
    sums *= ratio[family.label]
    scale *= ratio[family.label]
    return float(missed)


def round_margins(fitted: Array, person: Numbers, month: Numbers, product: Numbers,
                  month_class: Array | None = None, product_class: Array | None = None,
                  person_month: tuple[Array, Array] | None = None,
                  person_product: tuple[Array, Array] | None = None) -> Array:
    """Turn a fitted table into whole units with all its sums exact.

    Parameters
    ----------
    fitted : array (people, months, products)
        From :func:`fit_margins`, in units. Zero cells stay zero.
    person, month, product : array of int
        The exact sums in units, each with the same grand total.
    month_class, product_class : array of int, optional
        When some part of a month (a team's January) has a sum of its own: the class of each person and
        month, every class lying inside one month; ``month`` then has one sum for each class. The same
        for products.
    person_month, person_product : tuple of two arrays, optional
        Least and largest sum of each person and month (product), in units.

    Returns
    -------
    numpy.ndarray of int64
        Same shape, not negative, every prescribed sum exact.

    Raises
    ------
    SalesgoalsError
        If no table of whole units has these sums: names the sums that cannot be met and by how much.

    Notes
    -----
    Source of method: speed.md section 5: largest remainder for each person, then the cheapest unit moves
    inside a person until months and products are right; where no single move exists, longer chains of
    moves; where these fail, an integer program over part of the table, growing to the whole.

    Examples
    --------
    >>> fitted = np.full((2, 2, 2), .5)
    >>> table = round_margins(fitted, [2, 2], [2, 2], [2, 2])
    >>> table.sum((1, 2)).tolist(), table.sum((0, 2)).tolist(), table.sum((0, 1)).tolist()
    ([2, 2], [2, 2], [2, 2])
    """
    fitted = np.asarray(fitted, float)
    people, months, products = fitted.shape
    who = np.asarray(person, np.int64)
    table = _round_people(fitted, who, person_month, person_product)
    by_month = Side.make(months, people, month, month_class, person_month)
    by_product = Side.make(products, people, product, product_class, person_product)
    turned = np.ascontiguousarray(table.transpose(1, 2, 0))
    wished = np.ascontiguousarray(fitted.transpose(1, 2, 0))
    if not move_units(turned, wished, by_month, by_product):
        repair_margins(turned, wished, by_month, by_product)
    return np.ascontiguousarray(turned.transpose(2, 0, 1))


def _bound(limits: tuple[Array, Array] | None, people: int) -> Array:
    if limits is None:
        return np.zeros(people, bool)
    return np.asarray(((limits[0] > 0) | np.isfinite(limits[1])).any(1))


def _round_people(fitted: Array, person: Array, person_month: tuple[Array, Array] | None,
                  person_product: tuple[Array, Array] | None) -> Array:
    """Largest remainder inside each person; people with limits of their own get these right first."""
    people = len(fitted)
    table = np.zeros(fitted.shape, np.int64)
    limited = _bound(person_month, people) | _bound(person_product, people)
    for i in np.nonzero(limited)[0]:
        rows = None if person_month is None else (person_month[0][i], person_month[1][i])
        columns = None if person_product is None else (person_product[0][i], person_product[1][i])
        table[i] = round_person(fitted[i], int(person[i]), rows, columns)
    open_cells = (fitted > 0) & ~limited[:, None, None]
    who, m, p = np.nonzero(open_cells)
    table[who, m, p] = round_groups(fitted[who, m, p], who, np.where(limited, 0, person))
    return table
