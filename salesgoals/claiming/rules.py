"""Three rules of pay under which an honest claim is the best claim: Gonik's grid, the joint base, a menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from salesgoals.problems import Problem, raise_if_any

Array = NDArray[np.float64]
Piece = tuple[Any, Any, Any]  # actual from here on: pay = second + third * actual
RULES = ("gonik", "joint_base", "menu")


class Rule(Protocol):
    """What a rule of pay can tell: pay for a claim and an actual, and the straight pieces it is made of."""

    name: str

    def pay(self, claim: Any, actual: Any) -> Any:
        """Pay for a claim and what was sold."""

    def pieces(self, claim: Any) -> list[Piece]:
        """The straight pieces of the pay as a function of the actual, lowest first."""


@dataclass(frozen=True)
class Gonik:
    """Gonik's grid: pay rises with what is sold, and most when the claim was right.

    Parameters
    ----------
    objective : float
        The company's number for the person, in currency units, above 0.
    """

    objective: float
    name = "gonik"

    def __post_init__(self) -> None:
        raise_if_any(_number("objective", self.objective, above=0))

    def pay(self, claim: Any, actual: Any) -> Any:
        """Percent of the target pay."""
        return gonik(self.objective, claim, actual)

    def pieces(self, claim: Any) -> list[Piece]:
        """The straight pieces of the pay as a function of the actual."""
        per = 60 / self.objective
        return [(0.0, -per * claim, 3 * per), (claim, per * claim, per)]


@dataclass(frozen=True)
class JointBase:
    """The joint base (联合确定基数法): both sides name a base, and the own number is punished when too low.

    Parameters
    ----------
    proposal : float
        The company's number D, in currency units, 0 or more.
    weight : float
        Share W of the own number in the agreed base, 0 to 1.
    under : float
        Fine Q on what is sold beyond the own number.
    over : float
        Reward P on what is sold beyond the agreed base.
    scale : float
        Reward points paid for each point of the rule; 1 pays in currency units.
    """

    proposal: float
    weight: float = 0.5
    under: float = 0.5
    over: float = 0.7
    scale: float = 1.0
    name = "joint_base"

    def __post_init__(self) -> None:
        raise_if_any([*_number("proposal", self.proposal), *_number("weight", self.weight, most=1),
                      *_number("under", self.under), *_number("over", self.over, above=0),
                      *_number("scale", self.scale, above=0)])

    def pay(self, claim: Any, actual: Any) -> Any:
        """The reward, in currency units times ``scale``; below 0 it is a deduction."""
        return self.scale * joint_base(self.proposal, claim, actual, self.weight, self.under, self.over)

    def pieces(self, claim: Any) -> list[Piece]:
        """The straight pieces of the pay as a function of the actual."""
        base = self.weight * np.asarray(claim, float) + (1 - self.weight) * self.proposal
        lowest = -self.scale * self.over * base
        return [(0.0, lowest, self.scale * self.over),
                (claim, lowest + self.scale * self.under * claim, self.scale * (self.over - self.under))]


@dataclass(frozen=True)
class Menu:
    """A menu of goals with a reward each: choose one, reach it and get its reward, or get nothing.

    Parameters
    ----------
    goals : sequence of float
        Rising, in currency units, each above 0.
    rewards : sequence of float
        What reaching each of them pays.
    """

    goals: Sequence[float]
    rewards: Sequence[float]
    name = "menu"

    def __post_init__(self) -> None:
        problems = [problem for goal in self.goals for problem in _number("goals", goal, above=0)]
        problems += [problem for reward in self.rewards for problem in _number("rewards", reward)]
        if len(self.goals) != len(self.rewards) or len(self.goals) < 2:
            problems.append(Problem("claims.menu_shape", goals=len(self.goals), rewards=len(self.rewards)))
        elif not problems and (np.diff(np.asarray(self.goals, float)) <= 0).any():
            problems.append(Problem("claims.menu_goals_not_rising", found=_listed(self.goals)))
        raise_if_any(problems)
        object.__setattr__(self, "goals", tuple(float(goal) for goal in self.goals))
        object.__setattr__(self, "rewards", tuple(float(reward) for reward in self.rewards))

    def option(self, claim: Any) -> NDArray[np.intp]:
        """Place of the goal on the menu that a claim is nearest to, in proportion."""
        asked = np.log(np.maximum(np.asarray(claim, float), 1e-300))
        return np.abs(np.subtract.outer(asked, np.log(self.goals))).argmin(-1)

    def pay(self, claim: Any, actual: Any) -> Any:
        """The reward of the chosen goal if it is reached, else 0."""
        raise_if_any(_claims(claim))
        chosen = self.option(claim)
        return _plain(np.where(np.asarray(actual, float) >= np.asarray(self.goals)[chosen],
                               np.asarray(self.rewards)[chosen], 0.0))

    def pieces(self, claim: Any) -> list[Piece]:
        """The straight pieces of the pay as a function of the actual."""
        chosen = self.option(claim)
        return [(0.0, 0.0, 0.0), (np.asarray(self.goals)[chosen], np.asarray(self.rewards)[chosen], 0.0)]


def gonik(objective: float, claim: Any, actual: Any) -> Any:
    """Pay by Gonik's grid: selling more pays more, and most of all when it was said beforehand.

    Parameters
    ----------
    objective : float
        The company's number, above 0.
    claim : float or array
        What the person said beforehand, 0 or more.
    actual : float or array
        What was sold; same currency unit throughout.

    Returns
    -------
    float or array
        Percent of the target pay: 60 (actual + claim) / objective where the claim was reached, else
        60 (3 actual - claim) / objective. Below 0 when less than a third of the claim was sold.

    Raises
    ------
    SalesgoalsError
        If the objective is not above 0 or a claim is below 0.

    Notes
    -----
    Source of method: Gonik, "Tie Salesmen's Bonuses to Their Forecasts", Harvard Business Review 1978; his
    printed examples are the doctest. When the result is uncertain the best claim is the median.

    Examples
    --------
    >>> gonik(50, 25, 50), gonik(50, 50, 50)
    (90.0, 120.0)
    """
    raise_if_any([*_number("objective", objective, above=0), *_claims(claim)])
    claim, actual = np.asarray(claim, float), np.asarray(actual, float)
    return _plain(np.where(actual >= claim, 60 * (actual + claim), 60 * (3 * actual - claim)) / objective)


def joint_base(proposal: float, claim: Any, actual: Any, weight: float = .5, under: float = .5,
               over: float = .7) -> Any:
    """Pay by the joint base (联合确定基数法): own number and company's number are averaged to the base.

    Parameters
    ----------
    proposal : float
        The company's number D.
    claim : float or array
        The person's own number S, 0 or more.
    actual : float or array
        What was sold.
    weight : float
        W, share of the own number in the base C = W S + (1 - W) D.
    under : float
        Q, fine on what is sold beyond the own number: the price of having said too little.
    over : float
        P, reward on what is sold beyond the base.

    Returns
    -------
    float or array
        P (actual - C) - Q max(0, actual - S), in currency units; below 0 it is a deduction.

    Raises
    ------
    SalesgoalsError
        If a parameter is out of range or a claim is below 0.

    Notes
    -----
    Source of method: 胡祖光's joint base with the usual half, half and seven tenths. Somebody who knows the
    result does best to say it as long as W P < Q < P; who is unsure does best to say the number that is
    beaten with chance W P / Q, 70 % for the usual three: a little below the median, not the mean.

    Examples
    --------
    >>> [round(joint_base(40, claim, 50), 2) for claim in (40, 50, 60)]   # 50 are sold: say 50
    [2.0, 3.5, 0.0]
    """
    raise_if_any([*_number("proposal", proposal), *_number("weight", weight, most=1),
                  *_number("under", under), *_number("over", over, above=0), *_claims(claim)])
    claim, actual = np.asarray(claim, float), np.asarray(actual, float)
    base = weight * claim + (1 - weight) * proposal
    return _plain(over * (actual - base) - under * np.maximum(0.0, actual - claim))


def _plain(values: Array) -> Any:
    return float(values) if np.ndim(values) == 0 else values


def _number(name: str, value: Any, above: float | None = None, most: float = np.inf) -> list[Problem]:
    """Check one parameter; the sentence says what was found and what is allowed."""
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    if is_number and np.isfinite(value) and (value > above if above is not None else value >= 0) and (
            value <= most):
        return []
    kind = "above_zero" if above is not None else "share" if np.isfinite(most) else "not_negative"
    return [Problem(f"claims.rule_{kind}", name=name, found=value)]


def _claims(claim: Any) -> list[Problem]:
    values = np.atleast_1d(np.asarray(claim, float))
    bad = values[~(values >= 0) | np.isinf(values)]
    return [Problem("claims.rule_not_negative", name="claim", found=float(bad[0]))] if len(bad) else []


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:,.6g}" for value in values)
