"""Exact sharing out: whole units that add up, in a row, in groups and down a tree.

Everything here counts in whole units (a unit may be 1 yuan, 100 yuan or one deal) and is deterministic:
the same figures in the same order give the same goals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from salesgoals.problems import Problem, SalesgoalsError

Numbers = npt.ArrayLike
Array = npt.NDArray[Any]


def round_to_total(x: Numbers, total: int, unit: int = 1, lower: Numbers | None = None,
                   upper: Numbers | None = None) -> Array:
    """Round amounts to whole units that add up to the total exactly, changing each as little as possible.

    Parameters
    ----------
    x : array of float
        The amounts wished for; they need not add up to the total.
    total : int
        What the result must add up to: a multiple of ``unit``.
    unit : int
        The size of one unit.
    lower, upper : array, optional
        Least and largest amount of each element, in the same money; ``inf`` means no limit.
        Without ``lower``, nothing goes below zero.

    Returns
    -------
    numpy.ndarray of int64
        Multiples of ``unit`` with the sum ``total`` and the least sum of squared changes. Ties go to the
        element that stands first.

    Raises
    ------
    SalesgoalsError
        If the total is no multiple of the unit, or the limits leave no room for it.

    Notes
    -----
    Source of method: largest remainder (methods 3.11), which is the optimum of the squared deviation; with
    limits, units go one by one to where they cost least, which stays optimal because each cost is convex.

    Examples
    --------
    >>> round_to_total([3.4, 3.3, 3.3], 10)
    array([4, 3, 3])
    >>> round_to_total([500, 500, 0], 1000, unit=100, upper=[200, 2000, 2000])
    array([200, 700, 100])
    """
    wished = np.asarray(x, float) / unit
    if total % unit:
        below = int(total // unit * unit)
        raise SalesgoalsError(Problem("decompose.total_not_multiple", total=int(total), unit=unit,
                                      below=below, above=below + unit))
    low = np.zeros(len(wished)) if lower is None else np.ceil(np.asarray(lower, float) / unit - 1e-9)
    high = np.full(len(wished), np.inf) if upper is None else np.floor(np.asarray(upper, float) / unit + 1e-9)
    least, most = low.sum(), high.sum()
    if (low > high).any() or not least <= total // unit <= most:
        raise SalesgoalsError(Problem("decompose.no_room", total=int(total), low=least * unit,
                                      high=most * unit))
    return round_units(wished, int(total // unit), low, high) * unit


def whole_part(x: Array) -> Array:
    """Round down, but take 2.9999999999 for 3: it is one that lost a digit on the way.

    However large x is, the result lies less than one whole number from it.
    """
    return np.floor(x + np.clip(1e-9 * np.abs(x), 1e-9, 1e-3))


def round_units(x: Array, total: int, low: Array, high: Array) -> Array:
    """Least squares of whole numbers around x with a given sum inside [low, high] (which has room)."""
    base = np.clip(whole_part(x), low, high)
    need = int(total - base.sum())
    free = (base < high) & (base <= x + 1e-6)
    if 0 <= need <= free.sum():  # the ordinary case: at most one unit more for each
        order = np.argsort(np.where(free, base - x, np.inf), kind="stable")
        base[order[:need]] += 1
        return base.astype(np.int64)

    def rounded(shift: float) -> Array:
        return np.clip(np.floor(x + shift), low, high)

    down, up = -1.0, 1.0  # all are shifted by one amount: whoever crosses a whole number first pays least
    while rounded(down).sum() > total:
        down *= 2
    while rounded(up).sum() < total:
        up *= 2
    while (middle := (down + up) / 2) not in (down, up):
        if rounded(middle).sum() <= total:
            down = middle
        else:
            up = middle
    result, above = rounded(down), rounded(up)
    tied = np.nonzero(above > result)[0][:int(total - result.sum())]
    result[tied] = above[tied]
    return result.astype(np.int64)


def round_groups(x: Array, group: Array, totals: Array) -> Array:
    """Round many groups of amounts at once, each group to its own total.

    Parameters
    ----------
    x : array of float
        Amounts in units, not negative.
    group : array of int
        The group of each amount, 0 to ``len(totals) - 1``.
    totals : array of int
        What each group must add up to, in units; a group with a positive total must have members.

    Returns
    -------
    numpy.ndarray of int64
        Whole units, none negative, least squared change inside each group.

    Examples
    --------
    >>> round_groups(np.array([.5, .5, 2.2, 2.8]), np.array([0, 0, 1, 1]), np.array([1, 5]))
    array([1, 0, 2, 3])
    """
    base = whole_part(x)
    size = len(totals)
    need = np.asarray(totals) - np.bincount(group, base, size).astype(np.int64)
    members = np.bincount(group, minlength=size)
    plain = (need >= 0) & (need <= members)
    order = np.lexsort((base - x, group))  # by group, then largest remainder first
    first = np.concatenate([[0], np.cumsum(members)[:-1]])
    rank = np.empty(len(x), np.int64)
    rank[order] = np.arange(len(x)) - first[group[order]]
    result = base.astype(np.int64) + (rank < np.where(plain, need, 0)[group])
    for odd in np.nonzero(~plain)[0]:
        inside = order[first[odd]:first[odd] + members[odd]]
        inside.sort()
        nothing, endless = np.zeros(len(inside)), np.full(len(inside), np.inf)
        result[inside] = round_units(x[inside], int(totals[odd]), nothing, endless)
    return result


def share_within(total: float, weight: Array, low: Array, high: Array) -> Array:
    """Share a total in proportion to weights, where nobody goes below a floor or above a cap.

    Parameters
    ----------
    total : float
        What is shared; must lie between the sums of the limits.
    weight : array of float
        Not negative. Elements of weight zero get their floor, and more (in equal parts) only when
        the others are full; when all weights are zero, all count the same.
    low, high : array of float
        Floors and caps.

    Returns
    -------
    numpy.ndarray of float
        ``clip(level * weight, low, high)`` with the one level that makes the sum right.

    Examples
    --------
    >>> share_within(100, np.array([1., 1., 2.]), np.zeros(3), np.array([np.inf, np.inf, 30.]))
    array([35., 35., 30.])
    """
    weight = weight / weight.max() if weight.any() else np.ones(len(weight))
    carrying = weight > 0
    if not carrying.all():
        most = high[carrying].sum() + low[~carrying].sum()
        if total > most:
            result = np.where(carrying, high, 0.0)
            rest = ~carrying
            result[rest] = share_within(total - high[carrying].sum(), np.ones(int(rest.sum())), low[rest],
                                        high[rest])
            return result
    plain = weight * (total / weight.sum())
    if (plain >= low).all() and (plain <= high).all():
        return plain
    with np.errstate(divide="ignore", over="ignore"):
        turns = np.concatenate([low[carrying] / weight[carrying], high[carrying] / weight[carrying]])
    turns = np.unique(np.append(turns[np.isfinite(turns)], 0.0))

    def filled(level: float) -> Array:
        return np.where(carrying, np.clip(level * weight, low, high), low)

    left, right = 0, len(turns)  # the sum grows with the level, in straight pieces between the turns
    while right - left > 1:
        middle = (left + right) // 2
        if filled(turns[middle]).sum() <= total:
            left = middle
        else:
            right = middle
    inside = (turns[left] + turns[left + 1]) / 2 if left + 1 < len(turns) else 2 * turns[left] + 1
    growing = carrying & (inside * weight > low) & (inside * weight < high)
    if not growing.any():
        return filled(turns[left])
    return filled((total - filled(inside)[~growing].sum()) / weight[growing].sum())


def tree_limits(parent: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Work out, from the leaves up, between which amounts each node of a tree can lie.

    Parameters
    ----------
    parent : array of int
        The node above each node; the root has -1, and every parent stands before its children.
    low, high : array of float
        Each node's own floor and cap (0 and inf where there is none).

    Returns
    -------
    tuple of arrays
        Least and largest amount of each node. Where the least is above the largest, the floors and caps
        at or below this node contradict each other.
    """
    low, high = np.array(low, float), np.array(high, float)
    sums_low, sums_high = np.zeros(len(parent)), np.zeros(len(parent))
    inner = np.zeros(len(parent), bool)
    inner[parent[parent >= 0]] = True
    for node in range(len(parent) - 1, -1, -1):
        if inner[node]:
            low[node] = max(low[node], sums_low[node])
            high[node] = min(high[node], sums_high[node])
        if parent[node] >= 0:
            sums_low[parent[node]] += low[node]
            sums_high[parent[node]] += high[node]
    return low, high


def split_tree(total: int, parent: Sequence[int] | Array, weight: Numbers, low: Numbers | None = None,
               high: Numbers | None = None, names: Sequence[str] | None = None) -> Array:
    """Hand a total down a tree so that every node is exactly the sum of the nodes below it.

    Parameters
    ----------
    total : int
        The root's amount, in units.
    parent : sequence of int
        The node above each node; -1 for the root, which comes first; parents stand before their children.
    weight : array of float
        Weights of the leaves; a node above counts as the sum of its leaves.
    low, high : array of float, optional
        Floor and cap of every node at any level, in units (equal ones pin it; 0 and inf mean none).
    names : sequence of str, optional
        What to call the nodes in messages.

    Returns
    -------
    numpy.ndarray of int64
        The amount of each node: inside its limits, exact at every level, in proportion to the weights as
        far as the limits allow.

    Raises
    ------
    SalesgoalsError
        Naming the node whose limits contradict each other, or the total they exclude.

    Notes
    -----
    Source of method: largest remainder at each node, from the top (methods 3.11). Limits are first passed
    up, so no choice made above can turn out impossible further down.

    Examples
    --------
    A company with two teams, three people and a cap of 20 on the second person:

    >>> split_tree(100, [-1, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 1], high=[np.inf] * 4 + [20, np.inf])
    array([100,  67,  33,  47,  20,  33])
    """
    parent = np.asarray(parent)
    weight = np.array(weight, float)
    low = np.zeros(len(parent)) if low is None else np.asarray(low, float)
    high = np.full(len(parent), np.inf) if high is None else np.asarray(high, float)
    least, most = tree_limits(parent, low, high)
    wrong = np.nonzero(least > most)[0]
    labels = [str(node) for node in range(len(parent))] if names is None else list(names)
    if len(wrong):
        deepest = wrong[-1]  # the nodes above it are wrong only because of it
        raise SalesgoalsError(Problem("decompose.node_clash", node=labels[deepest], low=least[deepest],
                                      high=most[deepest]))
    if not least[0] <= total <= most[0]:
        raise SalesgoalsError(Problem("decompose.no_room", total=total, low=least[0], high=most[0]))
    order = np.argsort(parent, kind="stable")
    start = np.searchsorted(parent[order], np.arange(len(parent) + 1))
    for node in range(len(parent) - 1, 0, -1):
        if start[node] < start[node + 1]:
            weight[node] = weight[order[start[node]:start[node + 1]]].sum()
    amount = np.zeros(len(parent), np.int64)
    amount[0] = total
    for node in range(len(parent)):
        below = order[start[node]:start[node + 1]]
        if len(below):
            wished = share_within(float(amount[node]), weight[below], least[below], most[below])
            amount[below] = round_units(wished, int(amount[node]), least[below], most[below])
    return amount
