"""The curve from result to pay as straight pieces: exact for statements, as floats for expectations."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salesgoals.paying.scheme import FEN, Curve

Array = NDArray[np.float64]


class Line(NamedTuple):
    """From this result on, share of the target pay = base + slope x result."""

    start: Fraction
    base: Fraction
    slope: Fraction


class Pieces(NamedTuple):
    """The same for many at once, as floats."""

    start: Array
    base: Array
    slope: Array


def exact_lines(curve: Curve) -> tuple[Line, ...]:
    """Write a curve as straight lines, from a result of 0 on, in exact fractions.

    Examples
    --------
    >>> lines = exact_lines(Curve(threshold=Decimal("0.7"), pay_at_threshold=Decimal("0.4"), cap=Decimal(2),
    ...                           tiers=[{"from": Decimal(1), "rate": Decimal(2)}]))
    >>> [str(share_of_pay(lines, Fraction(result))) for result in ("0.69", "0.7", "0.85", "1", "1.25", "3")]
    ['0', '2/5', '7/10', '1', '3/2', '2']
    """
    lines: list[Line] = []
    nothing, one = Fraction(0), Fraction(1)
    tiers = [(Fraction(tier.start), Fraction(tier.rate)) for tier in curve.tiers]
    if curve.kind == "retroactive":
        lines = [Line(start, nothing, rate) for start, rate in tiers]
    else:
        start, first = Fraction(curve.threshold), Fraction(curve.pay_at_threshold)
        if start < 1:
            slope = (1 - first) / (1 - start)
            lines = [Line(start, first - slope * start, slope)]
        if not tiers or tiers[0][0] > 1:
            lines.append(Line(one, one, nothing))
        level, at, rate = one, one, nothing
        for start, faster in tiers:
            level += rate * (start - at)
            at, rate = start, faster
            lines.append(Line(at, level - rate * at, rate))
    if not lines or lines[0].start > 0:
        lines.insert(0, Line(nothing, nothing, nothing))
    return tuple(lines if curve.cap is None else _capped(lines, Fraction(curve.cap)))


def _capped(lines: list[Line], cap: Fraction) -> list[Line]:
    kept: list[Line] = []
    for place, line in enumerate(lines):
        if line.base + line.slope * line.start >= cap:
            return [*kept, Line(line.start, cap, Fraction(0))]
        kept.append(line)
        if line.slope > 0:
            reached = (cap - line.base) / line.slope
            if place + 1 == len(lines) or reached < lines[place + 1].start:
                return [*kept, Line(reached, cap, Fraction(0))]  # a curve never falls: it stays at the cap
    return kept


def share_of_pay(lines: tuple[Line, ...], attainment: Fraction) -> Fraction:
    """Say what share of the target pay a result earns, exactly; less than nothing earns nothing.

    Parameters
    ----------
    lines : tuple of Line
        From :func:`exact_lines`.
    attainment : Fraction
        Result over goal.

    Returns
    -------
    Fraction
        1 at a result of 100 %.
    """
    if attainment < 0:
        return Fraction(0)
    line = next(line for line in reversed(lines) if line.start <= attainment)
    return line.base + line.slope * attainment


def to_fen(amount: Fraction) -> Decimal:
    """Round to the fen (cent), half up, once.

    Examples
    --------
    >>> str(to_fen(Fraction("0.125"))), str(to_fen(Fraction(2, 3))), str(to_fen(Fraction("-0.125")))
    ('0.13', '0.67', '-0.13')
    """
    whole, rest = divmod(abs(amount) * 100, 1)
    cents = int(whole) + (1 if rest >= Fraction(1, 2) else 0)
    rounded = (Decimal(cents) * FEN).quantize(FEN, ROUND_HALF_UP)
    return -rounded if amount < 0 and cents else rounded


def pieces(curve: Curve) -> Pieces:
    """Write a curve as straight pieces in floats.

    Examples
    --------
    >>> pieces(Curve(tiers=[{"from": Decimal(1), "rate": Decimal(2)}], cap=Decimal(3))).start.tolist()
    [0.0, 1.0, 2.0]
    """
    start, base, slope = (np.array([float(value) for value in values])
                          for values in zip(*exact_lines(curve), strict=True))
    return Pieces(start, base, slope)


def pay_share(curve: Pieces, attainment: Array) -> Array:
    """Say what share of the target pay many results earn.

    Examples
    --------
    >>> pay_share(pieces(Curve(threshold=Decimal("0.5"))), np.array([-1., .4, .75, 2.])).tolist()
    [0.0, 0.0, 0.5, 1.0]
    """
    place = np.maximum(np.searchsorted(curve.start, attainment, side="right") - 1, 0)
    earned = curve.base[place] + curve.slope[place] * attainment
    return np.where(attainment < 0, 0., earned)


def jumps(curve: Curve) -> list[tuple[float, float]]:
    """List where a curve jumps: the result, and the share of the target pay that one yuan more brings.

    Examples
    --------
    >>> jumps(Curve(threshold=Decimal("0.7"), pay_at_threshold=Decimal("0.4")))
    [(0.7, 0.4)]
    """
    lines, found = exact_lines(curve), []
    for before, line in pairwise(lines):
        rise = line.base - before.base + (line.slope - before.slope) * line.start
        if rise > 0:
            found.append((float(line.start), float(rise)))
    return found


def flats(curve: Curve) -> list[tuple[float, float]]:
    """List where more result pays nothing more: from, to (infinity above the cap).

    Examples
    --------
    >>> flats(Curve(threshold=Decimal("0.7"), pay_at_threshold=Decimal("0.4")))
    [(0.0, 0.7), (1.0, inf)]
    """
    lines = exact_lines(curve)
    ends = [*(float(line.start) for line in lines[1:]), float("inf")]
    return [(float(line.start), end) for line, end in zip(lines, ends, strict=True) if line.slope == 0]
