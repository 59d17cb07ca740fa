"""One team through consecutive years: the same people, their habits, who leaves and who comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.modelling.engine import MONTHS, draw_luck, play_year, situation
from salesgoals.modelling.parameters import Parameters, choose_parameters, is_count, is_number
from salesgoals.modelling.policies import Team, TeamPolicy, check_goals, set_goals
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

Year: TypeAlias = TeamPolicy | tuple[TeamPolicy, Any]
USUAL = TeamPolicy("last_year", 0.)     # only its habits count: in the usual year nobody has a goal


@dataclass(frozen=True)
class Played:
    """What became of one team, year by year.

    Parameters
    ----------
    people : DataFrame
        One row a person: person_id, leader, first_year, last_year (0 is the usual year; a person leaves at
        the end of last_year, NA for who is still there).
    years : DataFrame
        One row a person and year: year, person_id, newcomer, leader, goal (NaN in the usual year), amount,
        at_goal (NA in the usual year), out_of_reach (share of the year in which the goal looked lost),
        leaves.
    months : DataFrame
        One row a person and month: year, month_number, person_id, amount, goal (the year's, spread as the
        person's ramp), chance (the person's own belief on the first of the month).
    leavers : DataFrame
        Columns year, person_id, newcomer: who leaves at the end of which year.
    """

    people: pd.DataFrame
    years: pd.DataFrame
    months: pd.DataFrame
    leavers: pd.DataFrame


def play_years(team: Team, policies: Sequence[Year], seed: int = 1,
               parameters: Mapping[str, float] | None = None, core_sales: float = 1_000_000) -> Played:
    """Follow one team through the years: first a usual year without goals, then a year for each policy.

    Parameters
    ----------
    team : Team
        Its composition in the first year with goals. At the end of the usual year as many people leave as it
        has newcomers; later everybody who leaves is replaced by a newcomer.
    policies : sequence of TeamPolicy, or of (TeamPolicy, goals)
        One entry a year. With goals - a Series by person_id or an array in the order of the year's people,
        in currency units - those count, and only the habits of the policy (co_created, retro, crm).
    seed : int
        Of the luck. A year's luck does not depend on the years after it: play some years, plan the next one
        from what is known, and play again with the plan's goals added.
    parameters : mapping of str to float, optional
        Numbers of the model to change.
    core_sales : float
        What a usual person sells in the usual year, in currency units.

    Returns
    -------
    Played
        people, years, months, leavers.

    Raises
    ------
    SalesgoalsError
        If a policy, goals, the seed or a parameter cannot be used; the goals of a person who is not on the
        team that year, or the lack of one, is named.

    Notes
    -----
    Ability and luck are the model's (docs/model.md). A person who leaves does so on the last day of the year.

    Examples
    --------
    >>> played = play_years(Team(10, 1, 2), [TeamPolicy("last_year", .1), TeamPolicy("equal_chance", .6)])
    >>> played.years.groupby("year").size().to_dict(), len(played.months)
    ({0: 10, 1: 10, 2: 10}, 360)
    """
    numbers = choose_parameters(parameters)
    problems = []
    if not isinstance(team, Team):
        problems.append(Problem("simulate.no_team", found=type(team).__name__))
    if not is_count(seed) or seed < 0:
        problems.append(Problem("simulate.seed", found=str(seed)))
    if not is_number(core_sales) or not core_sales > 0:
        problems.append(Problem("simulate.core_sales", found=str(core_sales)))
    asked = [_read_year(year, place, problems) for place, year in enumerate(policies, 1)]
    raise_if_any(problems)
    return _Story(team, seed, numbers, float(core_sales)).play(asked)


def _read_year(year: Any, place: int, problems: list[Problem]) -> tuple[TeamPolicy, Any]:
    policy, goals = year if isinstance(year, tuple) and len(year) == 2 else (year, None)
    if not isinstance(policy, TeamPolicy):
        problems.append(Problem("simulate.no_policy_of_year", year=place, found=type(policy).__name__))
    return policy, goals


class _Story:
    """The team while it is played."""

    def __init__(self, team: Team, seed: int, numbers: Parameters, core_sales: float) -> None:
        self.team, self.seed, self.numbers, self.core_sales = team, seed, numbers, core_sales
        draw = np.random.default_rng([seed, 0])
        tier = np.where(team.is_leader, numbers.leader_tier, 1.)
        self.ability = tier * self._spread(draw, team.people) * core_sales
        self.leader = team.is_leader.copy()
        self.newcomer = np.zeros(team.people, bool)
        self.ids = np.array([f"P{number:03d}" for number in range(1, team.people + 1)], dtype=object)
        self.last_year = self.ability.copy()
        self.hired = team.people

    def _spread(self, draw: np.random.Generator, people: int) -> NDArray[np.float64]:
        spread = self.numbers.ability_spread
        return np.asarray(np.exp(spread * draw.standard_normal(people) - spread ** 2 / 2))

    def play(self, asked: list[tuple[TeamPolicy, Any]]) -> Played:
        people = {person: [person, bool(leader), 0, pd.NA]
                  for person, leader in zip(self.ids, self.leader, strict=True)}
        years, months = [], []
        for year, (policy, given) in enumerate([(USUAL, None), *asked]):
            table, by_month = self._year(year, policy, given)
            years.append(table)
            months.append(by_month)
            for person in table.person_id[table.leaves]:
                people[person][3] = year
            self.newcomer = np.zeros(self.team.people, bool)
            for place in np.flatnonzero(table.leaves.to_numpy()) if year < len(asked) else []:
                person = self._replace(int(place), year)
                people[person] = [person, False, year + 1, pd.NA]
        told = pd.concat(years, ignore_index=True)
        return Played(
            pd.DataFrame(people.values(), columns=["person_id", "leader", "first_year", "last_year"]
                         ).astype({"last_year": "Int64"}),
            told, pd.concat(months, ignore_index=True),
            told.loc[told.leaves, ["year", "person_id", "newcomer"]].reset_index(drop=True))

    def _year(self, year: int, policy: TeamPolicy, given: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        luck = draw_luck(self.team.people, 1, [self.seed, 1, year])
        if year:
            self.ability = self.ability * (1 + self.numbers.growth)
        met = situation(self.ability[None, :], self.last_year[None, :], self.newcomer, self.leader,
                        luck.forecast, self.numbers)
        goals = None if not year else set_goals(policy, met.known, self.numbers)
        if given is not None:
            goals = check_goals(self._in_order(given, year), self.team.people)[None, :]
        lived = play_year(goals, met, policy, luck, self.numbers, keep_months=True)
        amount, leaves = lived.amount[0], lived.leaves[0]
        if not year:
            leaves = self._usual_leavers()
        reached = amount >= goals[0] if goals is not None else [pd.NA] * len(amount)
        table = pd.DataFrame({
            "year": year, "person_id": self.ids.copy(), "newcomer": self.newcomer,
            "leader": self.leader.copy(),
            "goal": goals[0] if goals is not None else np.nan, "amount": amount,
            "at_goal": pd.array(reached, "boolean"),
            "out_of_reach": lived.out_of_reach[0] if goals is not None else np.nan, "leaves": leaves})
        ramp = met.ramp / met.ramp.sum(axis=0)
        by_month = pd.DataFrame({
            "year": year, "month_number": np.repeat(np.arange(1, MONTHS + 1), len(self.ids)),
            "person_id": np.tile(self.ids, MONTHS), "amount": lived.months[:, 0].ravel(),
            "goal": (ramp * goals[0]).ravel() if goals is not None else np.nan,
            "chance": lived.chance[:, 0].ravel() if goals is not None else np.nan})
        self.last_year = amount.copy()
        return table, by_month

    def _usual_leavers(self) -> NDArray[np.bool_]:
        """Let as many go at the end of the usual year as the team then has newcomers; leaders stay."""
        draw = np.random.default_rng([self.seed, 2])
        able = np.flatnonzero(~self.leader)
        gone = draw.choice(able, self.team.newcomers, replace=False)
        return np.isin(np.arange(self.team.people), gone)

    def _replace(self, place: int, year: int) -> str:
        """Put a newcomer in the place of somebody who left."""
        self.hired += 1
        draw = np.random.default_rng([self.seed, 3, self.hired])
        self.ids[place] = f"P{self.hired:03d}"
        self.ability[place] = (self._spread(draw, 1)[0] * self.core_sales
                               * (1 + self.numbers.growth) ** year)
        self.leader[place], self.newcomer[place] = False, True
        return str(self.ids[place])

    def _in_order(self, given: Any, year: int) -> Any:
        if not isinstance(given, pd.Series):
            return given
        missing = [person for person in self.ids if person not in given.index]
        extra = [str(person) for person in given.index if person not in set(self.ids)]
        twice = given.index[given.index.duplicated()].astype(str).tolist()
        problems = [Problem(f"simulate.goals_{what}", year=year, count=len(found), found=", ".join(found[:5]))
                    for what, found in (("missing", missing), ("extra", extra), ("twice", twice)) if found]
        if problems:
            raise SalesgoalsError(problems)
        return given.reindex(self.ids)
