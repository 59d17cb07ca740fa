"""How often a rule of alarm cries wolf, computed before it is used."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import chdtri, ndtr

CELLS = 161
NODES = 9  # of the error of mean and deviation
REACH = 6.  # the EWMA's good side is followed this many of its standard deviations
QUARTER = 13  # weeks


class Rule(NamedTuple):
    """A rule of alarm on scores that are normal with mean 0 and deviation 1 while nothing has changed."""

    kind: str = "ewma"  # or "cusum"
    weight: float = .2  # ewma: weight of the newest score; cusum: slack, half the fall it looks for
    limit: float = 2.6  # ewma: in its own standard deviations; cusum: in those of a score


EWMA = Rule()
CUSUM = Rule("cusum", .5, 4.)


def alarm_chances(rule: Rule, weeks: int = QUARTER, shift: float = 0., scale: float = 1.) -> np.ndarray:
    """Return the chance that a rule has given an alarm for a fall by each of the weeks.

    Parameters
    ----------
    rule : Rule
        The EWMA uses its exact limits, narrow in the first weeks; both start from nothing.
    weeks : int
        How many weeks are watched.
    shift, scale : float
        Mean and deviation of the scores: 0 and 1 while nothing has changed and the past is known exactly.

    Returns
    -------
    array (weeks,)
        Source of method: Markov chain on a grid, Brook and Evans 1972; for the EWMA Lucas and Saccucci
        1990.

    Examples
    --------
    >>> alarm_chances(Rule("cusum", .5, 4.), 13)[-1].round(3).item()
    0.026
    """
    move, start, lower, width = _chain(rule, shift, scale)
    state, found = start, []
    for week in range(1, weeks + 1):
        state = state @ move
        if rule.kind == "ewma":
            edge = -rule.limit * _deviation(rule.weight, week)
            state = state * np.clip((lower + width - edge) / width, 0, 1)
        found.append(1 - state.sum())
    return np.array(found)


def run_length(rule: Rule, shift: float = 0., *, both_sides: bool = False) -> float:
    """Return after how many weeks a rule gives an alarm on average.

    Parameters
    ----------
    rule : Rule
        Here the EWMA has its final limits from the beginning.
    shift : float
        Mean of the scores.
    both_sides : bool
        Whether a rise gives an alarm too.

    Examples
    --------
    >>> round(run_length(Rule("cusum", .5, 4.)))  # one side; published 335 to 336
    335
    """
    if rule.kind == "cusum" and both_sides:
        one, other = run_length(rule, shift), run_length(rule, -shift)
        return 1 / (1 / one + 1 / other)
    move, start, *_ = _chain(rule, shift, 1., both_sides)
    return float(start @ np.linalg.solve(np.eye(len(start)) - move, np.ones(len(start))))


def _deviation(weight: float, weeks: int | None = None) -> float:
    seen = 1. if weeks is None else 1 - (1 - weight) ** (2 * weeks)
    return float(np.sqrt(weight / (2 - weight) * seen))


def _chain(rule: Rule, shift: float, scale: float,
           both_sides: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return transitions between cells, where it starts, the cells' lower edges and their width."""
    if rule.kind == "cusum":
        width = 2 * rule.limit / (2 * CELLS - 1)
        centre = np.arange(CELLS) * width
        begin = np.zeros(CELLS)
        begin[0] = 1
        upper = (centre[None] + width / 2 - centre[:, None] + rule.weight + shift) / scale
        below = ndtr(upper)
        return np.diff(below, axis=1, prepend=0.), begin, centre - width / 2, width
    edge = rule.limit * _deviation(rule.weight)
    top = edge if both_sides else REACH * _deviation(rule.weight)
    edges = np.linspace(-edge, top, CELLS + 1)
    centre, width = (edges[1:] + edges[:-1]) / 2, float(edges[1] - edges[0])
    at = (edges[None] - (1 - rule.weight) * centre[:, None] - rule.weight * shift) / (rule.weight * scale)
    move = np.diff(ndtr(at), axis=1)
    if not both_sides:
        move[:, -1] += 1 - ndtr(at[:, -1])
    place = -centre[0] / width
    low = int(np.floor(place))
    begin = np.zeros(CELLS)
    begin[low], begin[low + 1] = 1 - (place - low), place - low
    return move, begin, edges[:-1], width


@cache
def false_alarm_chance(rule: Rule = EWMA, weeks: int = QUARTER, baseline: int = 26) -> float:
    """Return the chance that a series in which nothing has changed gives an alarm within some weeks.

    Parameters
    ----------
    rule : Rule
        The rule.
    weeks : int
        How long it is watched.
    baseline : int
        Weeks from which mean and deviation were estimated: short ones make more false alarms.

    Returns
    -------
    float
        For one series and one side; times 60 for ten people with six figures each. The estimation error is
        averaged over: mean off by a normal error, deviation by that of chi-squared.

    Examples
    --------
    >>> .06 < false_alarm_chance() < .09
    True
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    tails = (np.arange(NODES) + .5) / NODES
    spread = np.sqrt(1 + 1 / baseline)
    chance = 0.
    for tail in tails:
        off = 1 / (np.sqrt(chdtri(baseline - 1, tail) / (baseline - 1)) * spread)
        for node, weight in zip(nodes, weights, strict=True):
            shift = node / np.sqrt(baseline) * off
            chance += weight / len(tails) * alarm_chances(rule, weeks, shift, off)[-1]
    return float(chance)


@cache
def limit_for(chance: float, kind: str = "ewma", weight: float = .2, weeks: int = QUARTER,
              baseline: int = 26) -> Rule:
    """Find the rule that gives a false alarm with a wanted chance per series and quarter.

    Parameters
    ----------
    chance : float
        Between 0 and 1, such as 4 / 60: four false alarms a quarter in sixty charts.
    kind, weight, weeks, baseline
        As in :class:`Rule` and :func:`false_alarm_chance`.

    Returns
    -------
    Rule

    Examples
    --------
    >>> round(false_alarm_chance(limit_for(.05)), 3)
    0.05
    """
    low, high = .5, 8.
    for _ in range(22):
        middle = (low + high) / 2
        if false_alarm_chance(Rule(kind, weight, middle), weeks, baseline) > chance:
            low = middle
        else:
            high = middle
    return Rule(kind, weight, high)


@cache
def findable_shift(rule: Rule = EWMA, weeks: int = QUARTER, power: float = .8) -> float:
    """Return how far scores must fall, in deviations of one week, to be found in time with some certainty.

    Examples
    --------
    >>> .8 < findable_shift() < .9
    True
    """
    low, high = 0., 8.
    for _ in range(24):
        middle = (low + high) / 2
        if alarm_chances(rule, weeks, -middle)[-1] < power:
            low = middle
        else:
            high = middle
    return high
