"""Between which amounts every goal can lie, once all floors, caps and pins are taken together.

Limits are passed up the organisation (people, teams, departments, company) and across (months and product
lines to totals). Where a floor ends above a cap, the wishes behind both are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.allocation.limits import Wish
from salesgoals.problems import Problem
from salesgoals.words import say

LEVELS = ("person", "team", "department", "company")
NAMED = 6  # wishes named in one message; the others are counted


@dataclass(frozen=True)
class Organisation:
    """Who belongs where, by number: people in teams, teams in departments, departments in one company."""

    people: list[str]
    teams: list[tuple[str, str]]
    departments: list[str]
    above: dict[str, Array]  # level -> number of the node above each node of that level

    @classmethod
    def from_people(cls, people: pd.DataFrame) -> Organisation:
        """Read the tree from the columns person_id, department, team."""
        pairs = list(zip(people.department, people.team, strict=True))
        teams = list(dict.fromkeys(pairs))
        departments = list(dict.fromkeys(pair[0] for pair in teams))
        team_number = {pair: at for at, pair in enumerate(teams)}
        department_number = {name: at for at, name in enumerate(departments)}
        above = {"person": np.array([team_number[pair] for pair in pairs], int),
                 "team": np.array([department_number[pair[0]] for pair in teams], int),
                 "department": np.zeros(len(departments), int)}
        return cls(people.person_id.tolist(), teams, departments, above)

    def nodes(self, level: str) -> list[Any]:
        """Return the nodes of a level, in order."""
        nodes: dict[str, list[Any]] = {"person": self.people, "team": self.teams,
                                       "department": self.departments, "company": [None]}
        return nodes[level]

    def of_people(self, level: str) -> Array:
        """Return the number of each person's node on a level."""
        at = np.arange(len(self.people))
        for below in LEVELS[:LEVELS.index(level)]:
            at = self.above[below][at]
        return at

    def tree(self) -> tuple[Array, dict[str, int]]:
        """Lay all nodes in one row, company first: the parent of each, and where each level starts."""
        start, parents, count = {}, [], 0
        for level in reversed(LEVELS):
            start[level] = count
            size = len(self.nodes(level))
            parents.append(np.full(size, -1) if level == "company"
                           else self.above[level] + start[LEVELS[LEVELS.index(level) + 1]])
            count += size
        return np.concatenate(parents), start


Key = tuple[str, int, int | None, int | None]


@dataclass
class Bounds:
    """Least and largest units of every total, month and product line of every node."""

    organisation: Organisation
    total: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    month: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    product: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    wishes: dict[Key, Wish] = field(default_factory=dict)
    pins: dict[tuple[int, int, int], float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def asked(self, level: str, side: str) -> tuple[Array, Array]:
        """Limits of a side (month, product) that were asked for at this very level, nothing passed up."""
        shape = getattr(self, side)[level][0].shape
        low, high = np.zeros(shape), np.full(shape, np.inf)
        for (at_level, node, month, product), wish in self.wishes.items():
            place = month if side == "month" else product
            if at_level == level and place is not None and (month is None or product is None):
                low[node, place], high[node, place] = wish.low, wish.high
        return low, high


def work_out_bounds(organisation: Organisation, wishes: Sequence[Wish], present: Array, products: int,
                    total: int, unit: int) -> Bounds:
    """Take all wishes together and find every contradiction between them.

    Parameters
    ----------
    organisation : Organisation
        The people and the nodes above them.
    wishes : sequence of Wish
        From :func:`salesgoals.allocation.limits.read_limits`, in units.
    present : array of bool (people, months)
        Whether a person can have a goal in a month at all.
    products : int
        Number of product lines.
    total : int
        The company's goal in units.
    unit : int
        Size of a unit, for the messages.

    Returns
    -------
    Bounds
        With ``problems`` naming which floors need more than which caps allow, by how much, and what would
        make it feasible.
    """
    bounds = Bounds(organisation)
    months = present.shape[1]
    number = {level: {node: at for at, node in enumerate(organisation.nodes(level))} for level in LEVELS}
    for wish in wishes:
        key = (wish.level, number[wish.level][wish.node], wish.month, wish.product)
        if wish.month is not None and wish.product is not None:
            bounds.pins[key[1], wish.month, wish.product] = wish.low
        bounds.wishes[key] = wish
    bounds.wishes["company", 0, None, None] = Wish(
        "company", None, say("decompose.company"), None, None, total, total)
    for level in LEVELS:
        size = len(organisation.nodes(level))
        for side, places in (("month", months), ("product", products)):
            getattr(bounds, side)[level] = (np.zeros((size, places)), np.full((size, places), np.inf))
        bounds.total[level] = (np.zeros(size), np.full(size, np.inf))
    _Tightener(bounds, present, unit).run()
    return bounds


class _Tightener:
    """Passes limits upwards and keeps, for every contradiction, the wishes behind it."""

    def __init__(self, bounds: Bounds, present: Array, unit: int) -> None:
        self.bounds, self.present, self.unit = bounds, present, unit
        self.own: dict[str, list[tuple[Key, Wish]]] = {}
        for key, wish in bounds.wishes.items():
            self.own.setdefault(key[0], []).append((key, wish))
        self.pinned_month, self.pinned_product = self._pinned(1), self._pinned(2)

    def _pinned(self, axis: int) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
        cells: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for cell in self.bounds.pins:
            cells.setdefault((cell[0], cell[axis]), []).append(cell)
        return cells

    def run(self) -> None:
        """Work from people up to the company; at each level months and products first, then totals."""
        bounds = self.bounds
        for level in LEVELS:
            for side in ("month", "product"):
                low, high = getattr(bounds, side)[level]
                if level == "person":
                    self._start_people(side, low, high)
                else:
                    self._add_up(level, getattr(bounds, side)[LEVELS[LEVELS.index(level) - 1]], low, high)
                self._own_limits(level, side)
            low, high = bounds.total[level]
            if level != "person":
                self._add_up(level, bounds.total[LEVELS[LEVELS.index(level) - 1]], low, high)
            for side in ("month", "product"):
                side_low, side_high = getattr(bounds, side)[level]
                np.maximum(low, side_low.sum(1), out=low)
                np.minimum(high, side_high.sum(1), out=high)
            self._compare(level, low, high, lambda node: (node, None, None))
            self._own_limits(level, "total")

    def _start_people(self, side: str, low: Array, high: Array) -> None:
        if side == "month":
            high[~self.present] = 0.0
        pinned = self.pinned_month if side == "month" else self.pinned_product
        places = self.bounds.product["person"][0] if side == "month" else self.bounds.month["person"][0]
        for (person, place), cells in pinned.items():
            low[person, place] = sum(self.bounds.pins[cell] for cell in cells)
            if len(cells) == places.shape[1]:
                high[person, place] = min(high[person, place], low[person, place])
        if side == "month":
            self._compare("person", low, high, lambda node, place: (node, place, None))

    def _add_up(self, level: str, below: tuple[Array, Array], low: Array, high: Array) -> None:
        above = self.bounds.organisation.above[LEVELS[LEVELS.index(level) - 1]]
        np.add.at(low, above, below[0])
        high[:] = 0.0
        np.add.at(high, above, below[1])

    def _own_limits(self, level: str, side: str) -> None:
        """Compare each own wish with what comes from below, then let it count."""
        for (at_level, node, month, product), wish in self.own.get(level, []):
            kind = {(True, False): "month", (False, True): "product", (False, False): "total"}.get(
                (month is not None, product is not None))
            if kind != side:
                continue
            low, high = getattr(self.bounds, side)[level]
            at = node if side == "total" else (node, month if side == "month" else product)
            key = (at_level, node, month, product)
            if low[at] > wish.high:
                self._report(key, low[at], wish.high, self._behind(key, 0, below=True),
                             [self._wish(wish, 1)])
            if wish.low > high[at]:
                self._report(key, wish.low, high[at], [self._wish(wish, 0)],
                             self._behind(key, 1, below=True))
            low[at] = max(low[at], wish.low)
            high[at] = max(min(high[at], wish.high), low[at])

    def _compare(self, level: str, low: Array, high: Array, place: Any) -> None:
        for at in np.argwhere(low > high):
            node, month, product = place(*(int(number) for number in at))
            key = (level, node, month, product)
            self._report(key, low[tuple(at)], high[tuple(at)], self._behind(key, 0, below=True),
                         self._behind(key, 1, below=True))
            high[tuple(at)] = low[tuple(at)]

    def _report(self, key: Key, low: float, high: float, floors: Sequence[str], caps: Sequence[str]) -> None:
        clashed = any(problem.code == "decompose.wishes_clash" for problem in self.bounds.problems)
        if clashed and not caps:
            return  # it follows from a clash that is named already; "nobody on board" would not be true
        self.bounds.problems.append(Problem(
            "decompose.wishes_clash", node=self._name(key), low=low * self.unit, high=high * self.unit,
            gap=(low - high) * self.unit, floors=_listed(floors),
            caps=_listed(caps) or say("decompose.nobody_there")))

    def _name(self, key: Key) -> str:
        wish = self.bounds.wishes.get(key)
        if wish is not None:
            return wish.name
        node = self.bounds.organisation.nodes(key[0])[key[1]]
        return "/".join(node) if key[0] == "team" else say("decompose.company") if node is None else str(node)

    def _wish(self, wish: Wish, end: int) -> str:
        """Name a wish with its amount, as floor, cap, pin or the total."""
        kind = ("total" if wish.place == ("company", None, None, None) else "pin" if wish.low == wish.high
                else ("floor", "cap")[end])
        return say(f"decompose.wish.{kind}", node=wish.name, amount=(wish.low, wish.high)[end] * self.unit)

    def _value(self, key: Key, end: int) -> float:
        level, node, month, product = key
        if month is not None:
            return float(self.bounds.month[level][end][node, month])
        if product is not None:
            return float(self.bounds.product[level][end][node, product])
        return float(self.bounds.total[level][end][node])

    def _parts(self, key: Key) -> Iterator[list[Key]]:
        """Ways in which an amount is a sum of others: of the nodes below, of months, of product lines."""
        level, node, month, product = key
        if level != "person":
            below = LEVELS[LEVELS.index(level) - 1]
            children = np.nonzero(self.bounds.organisation.above[below] == node)[0]
            yield [(below, int(child), month, product) for child in children]
        if month is None and product is None:
            yield [(level, node, at, None) for at in range(self.bounds.month[level][0].shape[1])]
            yield [(level, node, None, at) for at in range(self.bounds.product[level][0].shape[1])]

    def _behind(self, key: Key, end: int, below: bool = False) -> list[str]:
        """Name the wishes that make an amount's least (end 0) or largest (end 1) what it is."""
        level, node, month, product = key
        wish = self.bounds.wishes.get(key)
        value = self._value(key, end)
        if not below and wish is not None and (wish.low, wish.high)[end] == value:
            return [self._wish(wish, end)]
        names: list[str] = []
        if level == "person" and (month is None) != (product is None):
            pinned = self.pinned_month if month is not None else self.pinned_product
            for cell in pinned.get((node, month if month is not None else product), []):  # type: ignore[arg-type]
                names.append(self._wish(self.bounds.wishes["person", *cell], end))
            return names
        for parts in self._parts(key):
            values = [self._value(part, end) for part in parts]
            if not np.isfinite(values).all() or abs(sum(values) - value) > .5:
                continue
            for part, amount in zip(parts, values, strict=True):
                if end == 1 or amount > 0:
                    names += self._behind(part, end)
            if names:
                return list(dict.fromkeys(names))
        return names


def _listed(names: Sequence[str]) -> str:
    shown = say("decompose.list_comma").join(names[:NAMED])
    more = len(names) - NAMED
    return say("decompose.and_more", names=shown, n=more) if more > 0 else shown
