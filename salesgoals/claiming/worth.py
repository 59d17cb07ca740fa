"""What a claim is worth to the person who makes it, when the own forecast says how unsure the result is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from salesgoals.claiming.rules import Array, Gonik, JointBase, Menu, Rule
from salesgoals.forecasting.probability import CERTAIN, log_moments
from salesgoals.problems import Problem, SalesgoalsError

SHARES = (0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5)
WIDEST = 4.0  # standard deviations to either side in which a best claim is looked for


@dataclass(frozen=True)
class BestClaim:
    """The claim that pays best on average.

    Parameters
    ----------
    claim : float
        In currency units.
    chance : float
        Chance of reaching it.
    expected : float
        Expected pay, in the rule's own points.
    """

    claim: float
    chance: float
    expected: float


def expected_pay(rule: Rule, mean: float, sd: float, claim: Any) -> Any:
    """Work out what a claim pays on average, given what the person may sell.

    Parameters
    ----------
    rule : Rule
        :class:`~salesgoals.claiming.rules.Gonik`, ``JointBase`` or ``Menu``.
    mean, sd : float
        The person's expected sales and their standard deviation (log-normal), from ``forecast.people``.
    claim : float or array
        The claim or claims.

    Returns
    -------
    float or array
        Expected pay, in the rule's own points. Exact: a rule is straight between its corners.

    Notes
    -----
    Source of method: partial moments of the log-normal.

    Examples
    --------
    >>> [round(float(expected_pay(Gonik(100.), 100., 30., claim)), 1) for claim in (70., 96., 130.)]
    [100.4, 106.1, 97.9]
    """
    claim = np.asarray(claim, float)
    _check_outlook(mean, sd)
    if sd <= CERTAIN * mean:
        return rule.pay(claim, mean)
    centre, spread = (float(value) for value in log_moments(np.asarray(mean, float), np.asarray(sd, float)))
    pieces = rule.pieces(claim)
    total = np.zeros(claim.shape)
    for place, (begin, fixed, slope) in enumerate(pieces):
        low = _standard(begin, centre, spread)
        high = _standard(pieces[place + 1][0], centre, spread) if place + 1 < len(pieces) else np.inf
        total = total + fixed * (ndtr(high) - ndtr(low)) + slope * mean * (ndtr(high - spread)
                                                                          - ndtr(low - spread))
    return total[()]


def best_claim(rule: Rule, mean: float, sd: float) -> BestClaim:
    """Find the claim that pays the person best: what an honest claim is under this rule.

    Parameters
    ----------
    rule : Rule
        Gonik: the median. Joint base: the number beaten with chance weight x over / under (70 % for the
        usual three). Menu: one of its goals.
    mean, sd : float
        As in :func:`expected_pay`.

    Returns
    -------
    BestClaim
        Claim, chance of reaching it, expected pay.

    Raises
    ------
    SalesgoalsError
        If the rule pays more the lower (or higher) the claim, so that no claim is best.

    Examples
    --------
    >>> honest = best_claim(JointBase(100.), 100., 30.)
    >>> round(honest.claim, 1), round(honest.chance, 2)
    (82.1, 0.7)
    """
    _check_outlook(mean, sd)
    if isinstance(rule, Menu):
        goals = np.asarray(rule.goals)
        claim = float(goals[int(np.argmax(expected_pay(rule, mean, sd, goals)))])
    elif isinstance(rule, Gonik):
        claim = with_chance(mean, sd, 0.5)
    elif isinstance(rule, JointBase):
        beaten = rule.weight * rule.over / rule.under if rule.under > 0 else np.inf
        if not 0 < beaten < 1:
            raise SalesgoalsError(check_joint_base(rule))
        claim = with_chance(mean, sd, beaten)
    else:
        claim = _search(rule, mean, sd)
    return BestClaim(claim, chance_of(mean, sd, claim), float(expected_pay(rule, mean, sd, claim)))


def _search(rule: Rule, mean: float, sd: float) -> float:
    low, high = (with_chance(mean, sd, float(ndtr(side))) for side in (WIDEST, -WIDEST))
    grid = np.linspace(low, high, 201)
    place = int(np.argmax(expected_pay(rule, mean, sd, grid)))
    near = grid[max(place - 1, 0)], grid[min(place + 1, 200)]
    found = minimize_scalar(lambda claim: -float(expected_pay(rule, mean, sd, claim)), bounds=near,
                            method="bounded")
    return float(found.x)


def chance_of(mean: float, sd: float, claim: float) -> float:
    """Chance that the person sells at least as much as claimed."""
    if sd <= CERTAIN * mean:
        return float(mean >= claim)
    centre, spread = log_moments(np.asarray(mean, float), np.asarray(sd, float))
    return float(ndtr(-_standard(claim, float(centre), float(spread))))


def with_chance(mean: float, sd: float, chance: float) -> float:
    """Return the amount that the person reaches with a chance.

    Examples
    --------
    >>> round(with_chance(100., 30., .5), 2)   # the median of a log-normal lies below its mean
    95.78
    """
    if sd <= CERTAIN * mean:
        return float(mean)
    centre, spread = log_moments(np.asarray(mean, float), np.asarray(sd, float))
    return float(np.exp(centre - spread * ndtri(chance)))


def compare_claims(rule: Rule, mean: float, sd: float, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """Show what claims above and below the honest one pay, and what they cost the person.

    Parameters
    ----------
    rule : Rule
        A rule of pay.
    mean, sd : float
        As in :func:`expected_pay`.
    shares : sequence of float
        Claims to compare, as multiples of the honest one.

    Returns
    -------
    DataFrame
        Columns share (of the honest claim), claim (currency units), chance, expected, lost (expected pay
        lost against the honest claim, in the rule's own points).

    Examples
    --------
    >>> table = compare_claims(Gonik(100.), 100., 30., (.8, 1., 1.2))
    >>> table[["share", "lost"]].round(1).values.tolist()
    [[0.8, 3.2], [1.0, 0.0], [1.2, 2.8]]
    """
    honest = best_claim(rule, mean, sd)
    claims = np.asarray(rule.goals) if isinstance(rule, Menu) else honest.claim * np.asarray(shares, float)
    paid = np.asarray(expected_pay(rule, mean, sd, claims), float)
    return pd.DataFrame({"share": claims / honest.claim, "claim": claims,
                         "chance": [chance_of(mean, sd, float(claim)) for claim in claims],
                         "expected": paid, "lost": np.maximum(honest.expected - paid, 0.0)})


def check_joint_base(rule: JointBase) -> list[Problem]:
    """Say where a joint base invites something else than the honest number; an empty list is good news.

    Parameters
    ----------
    rule : JointBase
        With any weight, fine and reward.

    Returns
    -------
    list of Problem
        Of level stop where claiming itself is not honest, of level doubt where selling beyond it does not
        pay.

    Examples
    --------
    >>> check_joint_base(JointBase(100.)), [p.code for p in check_joint_base(JointBase(100., under=.3))]
    ([], ['claims.joint_understating'])
    """
    problems = []
    if rule.weight == 0:
        problems.append(Problem("claims.joint_no_weight"))
    elif rule.weight * rule.over >= rule.under:
        problems.append(Problem("claims.joint_understating", gain=rule.weight * rule.over, fine=rule.under))
    if rule.under >= rule.over:
        problems.append(Problem("claims.joint_no_drive", level="doubt", under=rule.under, over=rule.over))
    return problems


def _standard(amount: Any, centre: float, spread: float) -> Array:
    with np.errstate(divide="ignore"):
        return (np.log(np.maximum(np.asarray(amount, float), 0.0)) - centre) / spread


def _check_outlook(mean: float, sd: float) -> None:
    if not (np.isfinite(mean) and mean > 0 and np.isfinite(sd) and sd >= 0):
        raise SalesgoalsError(Problem("claims.no_outlook", found=mean))
