"""When unit moves are not enough: small integer programs, and the search for what cannot be met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from salesgoals.allocation.allocate import Array, round_groups, round_units, whole_part
from salesgoals.allocation.moves import Side
from salesgoals.problems import Problem, SalesgoalsError

FIRST_CELLS, MOST_CELLS = 4_000, 120_000  # size of the first and of the last program tried
MOST_VARIABLES = 300_000  # up to this size a contradiction is looked for
SECONDS = 20.0
MISS_PRICE = 1000.0  # of one unit that a sum misses, against about 1 for a unit rounded the wrong way


def _sums(labels: Array, size: int) -> sparse.csr_matrix:
    """Return the matrix that adds up cells by label."""
    cells = np.arange(len(labels))
    return sparse.csr_matrix((np.ones(len(labels)), (labels, cells)), shape=(size, len(labels)))


def round_person(fitted: Array, total: int, rows: tuple[Array, Array] | None,
                 columns: tuple[Array, Array] | None) -> Array:
    """Round one person's months and products so that the limits on single months and products hold.

    Parameters
    ----------
    fitted : array (months, products)
        In units; zero cells stay zero.
    total : int
        The person's sum in units.
    rows, columns : tuple of two arrays, or None
        Least and largest sum of each month, and of each product.

    Returns
    -------
    numpy.ndarray of int64
        Whole units with the sum ``total``.

    Raises
    ------
    SalesgoalsError
        If the limits leave no room.

    Examples
    --------
    >>> limits = (np.array([0., 3.]), np.array([np.inf, 3.]))
    >>> round_person(np.full((2, 2), 2.), 8, limits, None).tolist()
    [[3, 2], [2, 1]]
    """
    table = np.zeros(fitted.shape, np.int64)
    if rows is not None and columns is not None:
        m, k = np.nonzero(fitted > 0)
        sums = sparse.vstack([_sums(np.zeros(len(m), int), 1), _sums(m, len(rows[0])),
                              _sums(k, len(columns[0]))]).tocsr()
        units, _ = _nearest(fitted[m, k], sums, np.concatenate([[total], rows[0], columns[0]]),
                            np.concatenate([[total], rows[1], columns[1]]), soft=0)
        if units is None:
            raise SalesgoalsError(Problem(
                "decompose.no_room", total=total, low=max(rows[0].sum(), columns[0].sum()),
                high=min(rows[1].sum(), columns[1].sum())))
        table[m, k] = units
        return table
    if rows is None:
        assert columns is not None
        return round_person(fitted.T, total, columns, None).T
    low, high = rows[0], np.where((fitted > 0).any(1), rows[1], 0.0)
    if (low > high).any() or not low.sum() <= total <= high.sum():
        raise SalesgoalsError(Problem("decompose.no_room", total=total, low=low.sum(), high=high.sum()))
    have = fitted.sum(1)
    sums = round_units(have, total, low, high)
    scaled = fitted * np.divide(sums, have, out=np.zeros(len(have)), where=have > 0)[:, None]
    m, k = np.nonzero(fitted > 0)
    table[m, k] = round_groups(scaled[m, k], m, sums)
    return table


def _nearest(x: Array, sums: Any, at_least: Array, at_most: Array, soft: int) -> tuple[Array | None, Array]:
    """Whole numbers near x whose sums lie in their ranges; the last ``soft`` sums may miss, at a high price.

    Returns the numbers (None when there are none) and what the soft sums miss.
    """
    if len(x) == 0:  # nothing is open: a program without variables is refused by the solver
        unmet = ((at_least > 0) | (at_most < 0)).any()
        return None if unmet else np.zeros(0, np.int64), np.zeros(soft)
    base = whole_part(x)
    part, cells, hard = x - base, len(x), sums.shape[0] - soft
    slack = sparse.vstack([sparse.csr_matrix((hard, soft)), sparse.identity(soft)])
    matrix = sparse.hstack([sums, sums, -sums, slack, -slack]).tocsc()
    given = sums @ base
    price = np.concatenate([1 - 2 * part, 3 - 2 * part, 1 + 2 * part, np.full(2 * soft, MISS_PRICE)])
    upper = np.concatenate([np.ones(cells), np.full(cells, np.inf), base, np.full(2 * soft, np.inf)])
    found = milp(price, constraints=LinearConstraint(matrix, at_least - given, at_most - given),
                 integrality=np.concatenate([np.ones(3 * cells), np.zeros(2 * soft)]),
                 bounds=Bounds(0, upper), options={"time_limit": SECONDS})
    if found.x is None:
        return None, np.zeros(soft)
    steps = np.rint(found.x[:3 * cells]).reshape(3, cells)
    extra = found.x[3 * cells:].reshape(2, soft)
    return (base + steps[0] + steps[1] - steps[2]).astype(np.int64), extra[0] - extra[1]


def repair_margins(table: Array, wished: Array, month: Side, product: Side) -> None:
    """Make all sums exact (in place) by an integer program over some people, then more, then all.

    Parameters
    ----------
    table, wished : array (months, products, people)
        Whole units with exact sums of people, and the fractions they stand for.
    month, product : Side
        The sums wanted.

    Raises
    ------
    SalesgoalsError
        Naming the month and product sums that no table of whole units can have.
    """
    people = table.shape[2]
    off = month.missing(table.sum(1)), product.missing(table.sum(0))
    wanted = np.abs(off[0])[month.label].sum(0) + np.abs(off[1])[product.label].sum(0)
    order = np.lexsort((-(wished > 0).sum((0, 1)), -wanted))
    count = max(1, FIRST_CELLS // (table.shape[0] * table.shape[1]))
    while True:
        missed = _repair_part(table, wished, month, product, np.sort(order[:count]))
        if missed is None:
            return
        larger = (wished[:, :, order[:count * 4]] > 0).sum()
        if count >= people or larger > MOST_CELLS:
            raise SalesgoalsError([
                Problem(f"decompose.margin_missed.{name}", index=int(index), missing=float(amounts[index]))
                for name, amounts in zip(("month", "product"), missed, strict=True)
                for index in np.nonzero(np.abs(amounts) > .5)[0]])
        count *= 4


def _repair_part(table: Array, wished: Array, month: Side, product: Side,
                 people: Array) -> tuple[Array, Array] | None:
    """Solve for some people, the others staying as they are; return what is missed, None when exact."""
    m, k, i = np.nonzero(wished[:, :, people] > 0)
    person = people[i]
    sums = [_sums(i, len(people))]
    low = [table[:, :, people].sum((0, 1)).astype(float)]
    high = [low[0]]
    for side, at in ((month, m), (product, k)):
        if side.low is not None and side.high is not None:
            places = len(side.low)
            sums.append(_sums(i * places + at, len(people) * places))
            low.append(side.low[:, people].T.ravel())
            high.append(side.high[:, people].T.ravel())
    gaps = month.missing(table.sum(1)), product.missing(table.sum(0))
    for side, at, gap in ((month, m, gaps[0]), (product, k, gaps[1])):
        matrix = _sums(side.label[at, person], len(side.want))
        wanted = gap + matrix @ table[m, k, person]
        sums.append(matrix)
        low.append(wanted)
        high.append(wanted)
    units, missed = _nearest(wished[m, k, person], sparse.vstack(sums).tocsr(), np.concatenate(low),
                             np.concatenate(high), soft=len(gaps[0]) + len(gaps[1]))
    if units is None:
        return gaps
    if np.abs(missed).max(initial=0.0) > .5:
        return missed[:len(gaps[0])], missed[len(gaps[0]):]
    table[m, k, person] = units
    return None


def find_shortage(open_cells: Array, person: Array, by_month: Sequence[Any],
                  by_product: Sequence[Any]) -> list[tuple[str, int, int, float]] | None:
    """Find the sums that cannot be met, whatever the goals inside: the proof behind a refusal.

    Parameters
    ----------
    open_cells : array of bool (people, months, products)
        Where a goal may stand.
    person : array
        Each person's sum.
    by_month, by_product : sequence of Family
        All limits on sums over people and months, and over people and products.

    Returns
    -------
    list of tuple, or None
        (side, number of the family, label, missing amount; negative: too much); empty when all can be met.
        None when the table is too large to tell.

    Notes
    -----
    Source of method: a linear program with penalised misses. People whose open cells and labels are alike
    are treated as one, which changes nothing about what is possible and keeps the program small.
    """
    families = [("month", n, family) for n, family in enumerate(by_month)]
    families += [("product", n, family) for n, family in enumerate(by_product)]
    keys = [open_cells.reshape(len(person), -1)] + [family.label for _, _, family in families]
    _, first, group = np.unique(np.concatenate(keys, axis=1), axis=0, return_index=True, return_inverse=True)
    like = open_cells[first]
    g, m, k = np.nonzero(like)
    if len(g) > MOST_VARIABLES:
        return None
    together = np.bincount(group.ravel(), person, len(first))
    sums = [_sums(g, len(first))]
    low, high = [together], [together]
    for side, _, family in families:
        label = family.label[first][g, m if side == "month" else k]
        sums.append(_sums(label, len(family.low)))
        low.append(family.low)
        high.append(family.high)
    matrix = sparse.vstack(sums)
    rows = matrix.shape[0]
    slack = sparse.identity(rows)
    price = np.concatenate([np.zeros(len(g)), np.ones(2 * rows)])
    found = milp(price, constraints=LinearConstraint(sparse.hstack([matrix, slack, -slack]).tocsc(),
                                                     np.concatenate(low), np.concatenate(high)),
                 bounds=Bounds(0, np.inf), options={"time_limit": SECONDS})
    if found.x is None:
        return None
    missed = found.x[len(g):len(g) + rows] - found.x[len(g) + rows:]
    start, result = len(first), []
    if np.abs(missed[:start]).max(initial=0.0) > .5:
        result.append(("person", 0, int(np.abs(missed[:start]).argmax()), float(missed[:start].sum())))
    for side, number, family in families:
        part = missed[start:start + len(family.low)]
        result += [(side, number, int(at), float(part[at])) for at in np.nonzero(np.abs(part) > .5)[0]]
        start += len(family.low)
    return result
