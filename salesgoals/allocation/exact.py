"""From weights and wishes to whole units: the plan's arithmetic in one place, without any table around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from salesgoals.allocation.allocate import Array, split_tree
from salesgoals.allocation.bounds import LEVELS, Bounds
from salesgoals.allocation.margins import Family, fit_margins, round_margins
from salesgoals.allocation.repair import find_shortage
from salesgoals.problems import Problem, SalesgoalsError

#: names a sum for messages, from side (month, product, person), number of the level and label
Namer = Callable[[str, int, int], str]


@dataclass(frozen=True)
class Allotment:
    """Whole units for each person, month and product, and the sums that were decided on the way."""

    cells: Array  # (people, months, products)
    totals: dict[str, Array]  # level -> units of each node
    months: Array
    products: Array
    opened: Array  # cells with a goal for a line the person never sold


def split_people(bounds: Bounds, weights: Array, total: int) -> dict[str, Array]:
    """Hand down a total to departments, teams and people by the people's weights.

    Returns
    -------
    dict of str to array
        Level (company, department, team, person) -> units of each node, inside all limits.
    """
    parent, start = bounds.organisation.tree()
    leaf = np.zeros(len(parent))
    leaf[start["person"]:] = weights
    low, high = (np.concatenate([bounds.total[level][end] for level in reversed(LEVELS)]) for end in (0, 1))
    amounts = split_tree(total, parent, leaf, low, high)
    return {level: amounts[at:at + len(bounds.organisation.nodes(level))] for level, at in start.items()}


def allot(bounds: Bounds, weights: Array, total: int, pattern: Array, openable: Array, unit: int,
          name: Namer) -> Allotment:
    """Hand down a total to people by weights, then to months and products by a pattern, all sums exact.

    Parameters
    ----------
    bounds : Bounds
        All limits together, free of contradictions.
    weights : array (people)
        Weights of the people.
    total : int
        The company's goal, in units.
    pattern, openable : array (people, months, products)
        From :func:`salesgoals.allocation.pattern.sales_pattern`.
    unit : int
        Size of a unit, for messages.
    name : callable
        Names a sum for messages.

    Returns
    -------
    Allotment
        Every limit holds.

    Raises
    ------
    SalesgoalsError
        Naming the sums that cannot be met.
    """
    totals = split_people(bounds, weights, total)
    pinned = np.zeros(pattern.shape, np.int64)
    for cell, units in bounds.pins.items():
        pinned[cell] = round(units)
    fixed = np.zeros(pattern.shape, bool)
    if bounds.pins:
        fixed[tuple(np.array(list(bounds.pins)).T)] = True
    pattern, openable = np.where(fixed, 0.0, pattern), np.where(fixed, 0.0, openable)
    person = totals["person"] - pinned.sum((1, 2))
    by_month = _families(bounds, "month", pinned.sum(2))
    by_product = _families(bounds, "product", pinned.sum(1))

    fitted, opened = _fit(pattern, openable, person, by_month, by_product, unit, name)
    month = _decide(bounds, "month", fitted.sum(2), by_month, int(person.sum()))
    product = _decide(bounds, "product", fitted.sum(1), by_product, int(person.sum()))
    try:
        cells = round_margins(fitted, person, month[0], product[0], month[1], product[1],
                              _of_people(by_month), _of_people(by_product))
    except SalesgoalsError as error:
        meaning = {"month": month[2], "product": product[2]}
        found = [_renamed(problem, meaning, unit, name) for problem in error.problems]
        raise SalesgoalsError(found) from None
    cells += pinned
    return Allotment(cells, totals, cells.sum((0, 2)), cells.sum((0, 1)), opened & (cells > 0) & ~fixed)


def _families(bounds: Bounds, side: str, pinned: Array) -> dict[str, Family]:
    """Limits of one side by level, as far as any were asked for (the company's always), less the pins."""
    families = {}
    for level in LEVELS:
        low, high = bounds.asked(level, side)
        if level != "company" and not low.any() and np.isinf(high).all():
            continue
        at = bounds.organisation.of_people(level)
        places = low.shape[1]
        label = at[:, None] * places + np.arange(places)
        given = np.bincount(label.ravel(), pinned.ravel(), low.size)
        families[level] = Family(label, np.maximum(low.ravel() - given, 0),
                                 np.maximum(high.ravel() - given, 0))
    return families


def _fit(pattern: Array, openable: Array, person: Array, by_month: dict[str, Family],
         by_product: dict[str, Family], unit: int, name: Namer) -> tuple[Array, Array]:
    """Fit with the lines people sell; open others only if there is no other way."""
    for seed in (pattern, openable):
        empty = (seed.sum((1, 2)) == 0) & (person > 0)
        fitted, gap = fit_margins(
            seed, person, (by_month["company"].low, by_month["company"].high),
            (by_product["company"].low, by_product["company"].high), _parts(by_month), _parts(by_product))
        if gap <= .5 and not empty.any():
            break
        levels = {"person": [0], "month": [LEVELS.index(level) for level in by_month],
                  "product": [LEVELS.index(level) for level in by_product]}
        missed = find_shortage(seed > 0, person, list(by_month.values()), list(by_product.values()))
        if missed == [] or (missed is None and seed is openable and not empty.any()):
            break  # the fit is only slow here; whole units will be found
        if seed is openable:
            worst = [("person", 0, int(np.argmax(empty)), float(person[np.argmax(empty)]))]
            raise SalesgoalsError([
                Problem("decompose.sum_impossible", node=name(side, levels[side][family], label),
                        missing=amount * unit) for side, family, label, amount in missed or worst])
    return fitted, (pattern == 0) & (seed > 0)


def _parts(families: dict[str, Family]) -> Sequence[Family]:
    return [family for level, family in families.items() if level != "company"]


def _of_people(families: dict[str, Family]) -> tuple[Array, Array] | None:
    family = families.get("person")
    return None if family is None else (family.low.reshape(family.label.shape),
                                        family.high.reshape(family.label.shape))


def _decide(bounds: Bounds, side: str, fitted: Array, families: dict[str, Family],
            total: int) -> tuple[Array, Array | None, list[tuple[int, int]]]:
    """Round the sums of months (or products), and of their limited parts, to whole units.

    Returns the units of each class, the class of each person and month, and what each class is
    (number of the level, label).
    """
    people, places = fitted.shape
    company = families["company"]
    owner = np.broadcast_to(np.arange(1, places + 1), (people, places)).copy()  # node each cell counts to
    parent, low, high = [-1] + [0] * places, [0.0, *company.low], [np.inf, *company.high]
    meaning = [(3, -1)] + [(3, at) for at in range(places)]
    for level in ("department", "team"):
        family = families.get(level)
        if family is None:
            continue
        for label in np.nonzero((family.low > 0) | np.isfinite(family.high))[0]:
            inside = family.label == label
            parent.append(int(owner[inside][0]))
            owner[inside] = len(parent) - 1
            low.append(family.low[label])
            high.append(family.high[label])
            meaning.append((LEVELS.index(level), int(label)))
    inner = sorted({node for node in parent if node > 0})
    for node in inner:  # what is left of a month beside its limited parts
        rest = owner == node
        parent.append(node)
        low.append(0.0)
        high.append(np.inf if rest.any() else 0.0)
        meaning.append(meaning[node])
        owner[rest] = len(parent) - 1
    weight = np.bincount(owner.ravel(), fitted.ravel(), len(parent))
    reachable = np.bincount(owner.ravel(), (fitted > 0).ravel(), len(parent)) > 0
    sums = np.isin(np.arange(len(parent)), [0, *inner])
    units = split_tree(total, parent, weight, low, np.where(sums | reachable, high, 0.0))
    if not inner:
        return units[1:], None, meaning[1:]
    units[sums] = 0  # these are only the sums of their parts
    return units, owner, meaning


def _renamed(problem: Problem, meaning: dict[str, list[tuple[int, int]]], unit: int, name: Namer) -> Problem:
    start, _, side = problem.code.rpartition(".")
    if start != "decompose.margin_missed":
        return problem
    level, label = meaning[side][problem.values["index"]]
    return Problem("decompose.sum_impossible", node=name(side, level, label),
                   missing=problem.values["missing"] * unit)
