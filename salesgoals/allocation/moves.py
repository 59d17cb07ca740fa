"""The cheapest unit moves: make month and product sums exact without touching any person's sum.

A move takes one unit from one cell of a person and puts it into another cell of the same person. Arrays are
turned to (months, products, people) here, so that all people of one cell lie side by side.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesgoals.allocation.allocate import Array, Numbers

SMALL = 20_000  # cells up to which every pair of sums is tried, for one person at a time
LOTS = 16  # a gap of very many units is closed by this part of it in one move
LONGEST_GAP = 1_000  # units that chains may still carry one by one; larger gaps are left to the program


@dataclass(frozen=True)
class Side:
    """One side of the table, months or products: the sums wanted, and what each person can take."""

    want: Array
    label: Array  # (places, people): to which of the wanted sums a place of a person belongs
    place: Array  # the month (or product) in which each wanted sum lies, -1 when nobody is there
    low: Array | None
    high: Array | None

    @classmethod
    def make(cls, places: int, people: int, want: Numbers, label: Array | None,
             limits: tuple[Array, Array] | None) -> Side:
        """Prepare one side; without labels every month (product) is one sum."""
        wanted = np.asarray(want, np.int64)
        if label is None:
            turned, place = np.broadcast_to(np.arange(places)[:, None], (places, people)), np.arange(places)
        else:
            turned, place = np.ascontiguousarray(label.T), np.full(len(wanted), -1)
            place[turned.ravel()] = np.repeat(np.arange(places), people)
        low, high = (None, None) if limits is None else (limit.T for limit in limits)
        return cls(wanted, turned, place, low, high)

    def missing(self, sums: Array) -> Array:
        """Units that each wanted sum lacks (negative: has too many), from sums by place and person."""
        have = np.bincount(self.label.ravel(), sums.ravel(), len(self.want))
        return self.want - np.rint(have).astype(np.int64)

    def takers(self, a: int, b: int, sums: Array) -> Array:
        """People who may shift a unit from wanted sum a to wanted sum b."""
        here, there = self.place[a], self.place[b]
        fit = (self.label[here] == a) & (self.label[there] == b)
        if self.low is not None and self.high is not None:
            fit &= (sums[here] > self.low[here]) & (sums[there] < self.high[there])
        return fit


def move_units(table: Array, wished: Array, month: Side, product: Side) -> bool:
    """Move units inside people (in place) until both sides are exact; False if that did not succeed.

    Parameters
    ----------
    table : array of int (months, products, people)
        Whole units; people's sums are right and stay so.
    wished : array of float
        The table in fractions; the squared distance to it is what a move costs. Zero cells are closed.
    month, product : Side
        The sums wanted.
    """
    mover = _Mover(table, wished, month, product)
    while mover.off[0].any() or mover.off[1].any():
        if not (mover.step() or mover.chain(0) or mover.chain(1)):
            return False
    return True


class _Mover:
    """The table on its way, with what its sums lack."""

    def __init__(self, table: Array, wished: Array, month: Side, product: Side) -> None:
        self.table, self.open, self.away = table, wished > 0, table - wished
        self.sides = (month, product)
        self.sums = [table.sum(1), table.sum(0)]
        self.off = [side.missing(sums) for side, sums in zip(self.sides, self.sums, strict=True)]
        self.small = table.size <= SMALL
        self.batch = 1 if self.small else max(1, table.shape[2] // 20)

    def pairs(self, side: int) -> list[tuple[int, int]]:
        """Pairs of a sum with too much and one with too little; the worst one only when there are many."""
        off = self.off[side]
        much, little = np.argsort(off, kind="stable"), np.argsort(-off, kind="stable")
        much, little = much[off[much] < 0], little[off[little] > 0]
        if not self.small:
            much, little = much[:1], little[:1]
        return [(int(a), int(b)) for a in much for b in little]

    def shift_cost(self, side: int, a: int, b: int) -> Array:
        """Cost of moving one unit from sum a to sum b for (the other axis, people); inf where impossible."""
        here, there = self.sides[side].place[a], self.sides[side].place[b]
        if here < 0 or there < 0:
            return np.full((1, self.table.shape[2]), np.inf)
        turn = (lambda t, at: t[at]) if side == 0 else (lambda t, at: t[:, at])
        cost = turn(self.away, there) - turn(self.away, here)
        possible = turn(self.open, there) & (turn(self.table, here) > 0)
        possible &= self.sides[side].takers(a, b, self.sums[side])
        return np.where(possible, cost, np.inf)

    def both_cost(self, a: int, b: int, u: int, v: int) -> Array:
        """Cost, for each person, of one move that mends a month and a product at once."""
        month, product = self.sides
        m1, m2, k1, k2 = month.place[a], month.place[b], product.place[u], product.place[v]
        if min(m1, m2, k1, k2) < 0:
            return np.full(self.table.shape[2], np.inf)
        possible = self.open[m2, k2] & (self.table[m1, k1] > 0)
        possible &= month.takers(a, b, self.sums[0]) & product.takers(u, v, self.sums[1])
        return np.where(possible, self.away[m2, k2] - self.away[m1, k1], np.inf)

    def step(self) -> bool:
        """Make the cheapest single moves that bring the sums nearer; False if there is none."""
        month, product = self.sides
        best, cells, units = np.inf, None, 0
        pairs = self.pairs(0), self.pairs(1)
        for a, b in pairs[0]:
            for u, v in pairs[1]:
                cost = self.both_cost(a, b, u, v)
                if cost.min() < best:
                    best, costs = cost.min(), cost
                    cells = (month.place[a], product.place[u], month.place[b], product.place[v])
                    units = min(-self.off[0][a], self.off[0][b], -self.off[1][u], self.off[1][v])
        if cells is not None:
            self.apply(*cells, self.cheapest(costs, units), units)
            return True
        for side in (0, 1):
            for a, b in pairs[side]:
                cost = self.shift_cost(side, a, b)
                if cost.min() < best:
                    best, chosen, matrix = cost.min(), (side, a, b), cost
        if best == np.inf:
            return False
        side, a, b = chosen
        self.shift(side, a, b, matrix, min(-self.off[side][a], self.off[side][b]))
        return True

    def cheapest(self, cost: Array, units: int) -> Array:
        """Choose up to so many people, each for one unit, the cheapest first."""
        order = np.argsort(cost, kind="stable")[:min(int(units), self.batch)]
        return order[np.isfinite(cost[order])]

    def shift(self, side: int, a: int, b: int, cost: Array, units: int) -> None:
        """Move up to so many units from sum a to sum b of one side, the other axis staying as it is."""
        across = cost.argmin(0)
        people = self.cheapest(cost.min(0), units)
        here, there = self.sides[side].place[a], self.sides[side].place[b]
        other = across[people]
        if side == 0:
            self.apply(here, other, there, other, people, units)
        else:
            self.apply(other, here, other, there, people, units)

    def apply(self, m1: Any, k1: Any, m2: Any, k2: Any, people: Array, units: int) -> None:
        """Carry out the move for each of these people: one unit, or a lot where very many are missing."""
        lot = np.int64(units // (LOTS * len(people)))
        size = np.maximum(1, np.minimum(lot, self.room(m1, k1, m2, k2, people))) if lot > 1 else 1
        for m, k, unit in ((m1, k1, -size), (m2, k2, size)):
            self.table[m, k, people] += unit
            self.away[m, k, people] += unit
            self.sums[0][m, people] += unit
            self.sums[1][k, people] += unit
            np.subtract.at(self.off[0], self.sides[0].label[m, people], unit)
            np.subtract.at(self.off[1], self.sides[1].label[k, people], unit)

    def room(self, m1: Any, k1: Any, m2: Any, k2: Any, people: Array) -> Array:
        """How many units each of these people could move at most, by the cells and their own limits."""
        room = self.table[m1, k1, people].astype(float)
        for side, sums, here, there in zip(self.sides, self.sums, (m1, k1), (m2, k2), strict=True):
            if side.low is not None and side.high is not None:
                own = np.minimum((sums - side.low)[here, people], (side.high - sums)[there, people])
                room = np.minimum(room, np.where(np.asarray(here) == there, np.inf, own))
        return np.asarray(room.astype(np.int64))

    def chain(self, side: int) -> bool:
        """Pass one unit along several sums, person by person, where no single move leads to the goal."""
        off, sums = self.off[side], range(len(self.off[side]))
        if np.abs(off).max(initial=0) > LONGEST_GAP:
            return False
        for start in np.nonzero(off < 0)[0]:
            came: dict[int, int] = {int(start): -1}
            queue = deque([int(start)])
            while queue:
                a = queue.popleft()
                if off[a] > 0:
                    return self.follow(side, a, came)
                for b in sums:
                    if b not in came and np.isfinite(self.shift_cost(side, a, b).min()):
                        came[b] = a
                        queue.append(b)
        return False

    def follow(self, side: int, end: int, came: dict[int, int]) -> bool:
        """Make the moves of a chain from its end; one may have become impossible by another."""
        while came[end] >= 0:
            cost = self.shift_cost(side, came[end], end)
            if not np.isfinite(cost.min()):
                return False
            self.shift(side, came[end], end, cost, 1)
            end = came[end]
        return True
