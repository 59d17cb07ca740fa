"""A team, a way to set goals for it, and the goals that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from salesgoals.modelling.parameters import Parameters, is_count, is_number
from salesgoals.problems import Problem, raise_if_any

SPLITS = ("last_year", "uniform", "tiered", "equal_chance")
MOST_PEOPLE = 2000
LEAST_LEVEL, MOST_LEVEL = -.9, 10.     # of growth on last year's table
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Team:
    """A sales team: how many people, how many of them in their first year, how many leading sellers.

    Parameters
    ----------
    people : int
        Everybody.
    newcomers : int
        Hired on the first day of the year.
    leaders : int
        Who sell about a third more than the others (parameter leader_tier).

    Raises
    ------
    SalesgoalsError
        If these are no counts, or newcomers and leaders are more than everybody.

    Examples
    --------
    >>> Team(people=20, newcomers=3, leaders=4)
    Team(people=20, newcomers=3, leaders=4)
    """

    people: int
    newcomers: int
    leaders: int

    def __post_init__(self) -> None:
        problems = []
        for name in ("people", "newcomers", "leaders"):
            value, least = getattr(self, name), int(name == "people")
            if not is_count(value) or not least <= value <= MOST_PEOPLE:
                problems.append(Problem("simulate.count", name=name, found=str(value), least=least,
                                        most=MOST_PEOPLE))
        raise_if_any(problems)
        if self.newcomers + self.leaders > self.people:
            raise_if_any([Problem("simulate.too_many", people=self.people, newcomers=self.newcomers,
                                  leaders=self.leaders)])

    @property
    def is_newcomer(self) -> NDArray[np.bool_]:
        """Who is in the first year: the first places of the team."""
        return np.arange(self.people) < self.newcomers

    @property
    def is_leader(self) -> NDArray[np.bool_]:
        """Who leads: the places after the newcomers."""
        place = np.arange(self.people)
        return (place >= self.newcomers) & (place < self.newcomers + self.leaders)


@dataclass(frozen=True)
class TeamPolicy:
    """How goals are set and followed for a year.

    Parameters
    ----------
    split : str
        ``"last_year"`` (a decree: everybody's own last year and the level on top; a newcomer gets the
        team's median, changed by ``newcomers``), ``"uniform"`` (the same for everybody: last year's mean and
        the level on top), ``"tiered"`` (the uniform goal, changed by ``leaders`` and ``newcomers``) or
        ``"equal_chance"`` (from a forecast of each person: everybody has the same chance).
    level : float
        Growth on last year's table (.05 is 5 % more); for ``equal_chance`` the planned chance at usual
        effort, between 0 and 1.
    leaders, newcomers : float
        Change of the goals of leading sellers (tiered) and newcomers (tiered, last_year).
    co_created : bool
        The people set the goal together, so they stand behind it.
    retro : bool
        Monthly retrospectives find a slump early.
    crm : bool
        A CRM routine at work: more of the same leads are won.

    Raises
    ------
    SalesgoalsError
        With everything that is wrong, at once.

    Examples
    --------
    >>> TeamPolicy("equal_chance", .6, co_created=True).split
    'equal_chance'
    """

    split: str
    level: float
    leaders: float = .2
    newcomers: float = -.2
    co_created: bool = False
    retro: bool = False
    crm: bool = False

    def __post_init__(self) -> None:
        problems = []
        if self.split not in SPLITS:
            problems.append(Problem("simulate.split_unknown", found=str(self.split),
                                    splits=", ".join(SPLITS)))
        elif self.split == "equal_chance":
            if not is_number(self.level) or not 0 < self.level < 1:
                problems.append(Problem("simulate.level_no_chance", found=str(self.level)))
        elif not is_number(self.level) or not LEAST_LEVEL <= self.level <= MOST_LEVEL:
            problems.append(Problem("simulate.level_outside", found=str(self.level), least=LEAST_LEVEL,
                                    most=MOST_LEVEL))
        for name in ("leaders", "newcomers"):
            value = getattr(self, name)
            if not is_number(value) or not LEAST_LEVEL <= value <= MOST_LEVEL:
                problems.append(Problem("simulate.change_outside", name=name, found=str(value),
                                        least=LEAST_LEVEL, most=MOST_LEVEL))
        for name in ("co_created", "retro", "crm"):
            if not isinstance(getattr(self, name), (bool, np.bool_)):
                problems.append(Problem("simulate.yes_or_no", name=name, found=str(getattr(self, name))))
        raise_if_any(problems)


@dataclass(frozen=True)
class Known:
    """What is known when goals are set, one row a simulated team, one column a person."""

    last_year: Numbers      # last year's sales; a newcomer's column is not used
    forecast: Numbers       # of this year, from data: knows growth and ramp
    newcomer: NDArray[np.bool_]
    leader: NDArray[np.bool_]


def set_goals(policy: TeamPolicy, known: Known, parameters: Parameters) -> Numbers:
    """Set everybody's goal of the year as the policy says."""
    if policy.split == "equal_chance":
        below = np.exp(-ndtri(policy.level) * parameters.plan_spread)
        return np.asarray(known.forecast * below)
    table = usual_number(known)
    if policy.split == "last_year":
        factor = np.where(known.newcomer, 1 + policy.newcomers, 1.)
        return np.asarray(table * (1 + policy.level) * factor)
    same = np.broadcast_to(table.mean(axis=1, keepdims=True) * (1 + policy.level), table.shape)
    if policy.split == "uniform":
        return same.copy()
    factor = np.where(known.leader, 1 + policy.leaders, np.where(known.newcomer, 1 + policy.newcomers, 1.))
    return np.asarray(same * factor)


def usual_number(known: Known) -> Numbers:
    """Fill last year's table: a newcomer, who has no last year, stands in it with the others' median.

    Where everybody is new, the columns hold what usual sellers of the company sold.
    """
    others = known.last_year if known.newcomer.all() else known.last_year[:, ~known.newcomer]
    return np.where(known.newcomer, np.median(others, axis=1, keepdims=True), known.last_year)


def check_goals(goals: Any, people: int) -> Numbers:
    """Take goals set elsewhere, one a person in the order of the team; refuse what is no goal."""
    try:
        given = np.asarray(goals, dtype=float)
    except (TypeError, ValueError):
        given = np.full(0, np.nan)
    if given.shape != (people,):
        raise_if_any([Problem("simulate.goals_count", found=str(given.size), people=people)])
    if not np.isfinite(given).all() or (given <= 0).any():
        bad = np.flatnonzero(~(np.isfinite(given) & (given > 0)))
        raise_if_any([Problem("simulate.goals_unusable", count=len(bad), found=str(given[bad[0]]))])
    return given
