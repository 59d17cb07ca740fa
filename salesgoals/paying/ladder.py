"""Pay as a function of one person's luck: straight steps, whose moments have closed forms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from salesgoals.paying.curve import Pieces

Array = NDArray[np.float64]
FAR = 1e9  # a step that is never reached


class Ladder(NamedTuple):
    """For each row: pay = base + slope x luck between the steps; luck is sales over expected sales."""

    step: Array   # (rows, steps), ascending
    base: Array   # (rows, steps + 1)
    slope: Array


def build_ladder(curves: list[tuple[Pieces, Array, Array]], constant: Array) -> Ladder:
    """Add several curves of the same luck up to one.

    Parameters
    ----------
    curves : list of (Pieces, money, scale)
        Each pays money (rows,) x its curve at luck x scale (rows,).
    constant : array (rows,)
        What is paid in any case.

    Returns
    -------
    Ladder
    """
    rows = len(constant)
    steps = [np.minimum(curve.start[1:] / np.maximum(scale, 1 / FAR)[:, None], FAR)
             for curve, _, scale in curves]
    step = np.sort(np.concatenate(steps, axis=1), axis=1) if steps else np.empty((rows, 0))
    ends = np.concatenate([np.zeros((rows, 1)), step, np.full((rows, 1), 2 * FAR)], axis=1)
    inside = (ends[:, :-1] + np.minimum(ends[:, 1:], ends[:, :-1] + 1)) / 2
    base = np.repeat(constant[:, None], inside.shape[1], axis=1)
    slope = np.zeros_like(base)
    for curve, money, scale in curves:
        place = np.searchsorted(curve.start, inside * scale[:, None], side="right") - 1
        base = base + money[:, None] * curve.base[place]
        slope = slope + (money * scale)[:, None] * curve.slope[place]
    return Ladder(step, base, slope)


def pay_of_luck(ladder: Ladder, luck: Array) -> Array:
    """Say what each row pays at its luck."""
    place = (luck[:, None] >= ladder.step).sum(1)
    rows = np.arange(len(luck))
    return ladder.base[rows, place] + ladder.slope[rows, place] * luck


def moments(ladder: Ladder, centre: Array, spread: Array) -> tuple[Array, Array, Array]:
    """Return mean and variance of the pay of each row, and its covariance with luck, whose log is normal.

    Notes
    -----
    Source of method: partial expectations of the log-normal, E[x^k; a < x < b] = exp(k m + k^2 s^2 / 2)
    (Phi((ln b - m) / s - k s) - Phi((ln a - m) / s - k s)), for k = 0, 1, 2 on each straight step.
    """
    with np.errstate(divide="ignore"):
        distance = (np.log(ladder.step) - centre[:, None]) / spread[:, None]
    share = []
    for power in (0, 1, 2):
        below = ndtr(distance - power * spread[:, None])
        edges = np.concatenate([np.zeros((len(below), 1)), below, np.ones((len(below), 1))], axis=1)
        size = np.exp(power * centre + power ** 2 * spread ** 2 / 2)
        share.append(np.diff(edges, axis=1) * size[:, None])
    mean = (ladder.base * share[0] + ladder.slope * share[1]).sum(1)
    square = (ladder.base ** 2 * share[0] + 2 * ladder.base * ladder.slope * share[1]
              + ladder.slope ** 2 * share[2]).sum(1)
    beside = (ladder.base * share[1] + ladder.slope * share[2]).sum(1) - mean * share[1].sum(1)
    return mean, np.maximum(square - mean ** 2, 0.), beside


def chance_of_nothing(ladder: Ladder, centre: Array, spread: Array) -> Array:
    """Say how likely each row is paid nothing at all."""
    with np.errstate(divide="ignore"):
        below = ndtr((np.log(ladder.step) - centre[:, None]) / spread[:, None])
    edges = np.concatenate([np.zeros((len(below), 1)), below, np.ones((len(below), 1))], axis=1)
    return (np.diff(edges, axis=1) * ((ladder.base == 0) & (ladder.slope == 0))).sum(1)
