"""What a way of setting goals does to a team: one transparent model, played thousands of times.

The model shows what is possible, it proves nothing: most of its numbers are assumptions. Formulas, evidence,
sensitivity and weak points stand in docs/model.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.modelling.engine import Luck, Situation, draw_luck, meet_teams, play_year
from salesgoals.modelling.parameters import (
    Parameters,
    choose_parameters,
    is_count,
    is_number,
    parameter_table,
)
from salesgoals.modelling.policies import SPLITS, Team, TeamPolicy, set_goals
from salesgoals.modelling.years import Played, play_years
from salesgoals.problems import Problem, raise_if_any
from salesgoals.words import say

__all__ = ["FACTORS", "MEASURES", "SPLITS", "Played", "Team", "TeamPolicy", "explain_change", "level_curve",
           "model_parameters", "outcome_table", "play_years", "sensitivity", "simulate_teams"]

#: what is measured of each simulated team
MEASURES = ("share_at_goal", "attainment", "turnover", "share_newcomers", "turnover_newcomers",
            "share_leaders", "sales", "goal")
#: what a policy is made of
FACTORS = ("goal_level", "split", "co_creation", "crm", "retro")
MOST_DRAWN = 5_000_000      # people of all teams together: beyond it a laptop's memory is full
LEVELS = tuple(round(.7 + .05 * step, 2) for step in range(15))    # goal / capacity: .70 ... 1.40


def model_parameters() -> pd.DataFrame:
    """List every number the model rests on, and whether it is evidence, an assumption or fitted.

    Returns
    -------
    DataFrame
        Columns parameter, value, low, high (how far it could well be off), kind (evidence, assumption,
        fitted), source, meaning (in the language in use).

    Examples
    --------
    >>> table = model_parameters()
    >>> table.groupby("kind").size().to_dict()
    {'assumption': 16, 'evidence': 2, 'fitted': 1}
    """
    rows = [(name, entry["value"], entry["low"], entry["high"], entry["kind"], entry["source"],
             say(f"simulate.parameter.{name}")) for name, entry in parameter_table().items()]
    return pd.DataFrame(rows, columns=["parameter", "value", "low", "high", "kind", "source", "meaning"])


def simulate_teams(team: Team, policy: TeamPolicy, teams: int = 4000, seed: int = 1,
                   parameters: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Play one year with thousands of equal teams: how many reach their goal, what is sold, who leaves.

    Parameters
    ----------
    team : Team
        Who is on the team.
    policy : TeamPolicy
        How goals are set and followed.
    teams : int
        How many teams to play; each has its own luck.
    seed : int
        Of the luck; the same seed gives the same table, and two policies meet the same luck.
    parameters : mapping of str to float, optional
        Numbers of the model to change, see :func:`model_parameters`.

    Returns
    -------
    DataFrame
        One row a team: share_at_goal (of the people), attainment (amount / goal, of the team), turnover
        (share who leave), share_newcomers, turnover_newcomers, share_leaders (NaN where there are none),
        sales and goal (both as a share of capacity: what the team is expected to sell at usual effort).

    Raises
    ------
    SalesgoalsError
        With a sentence for each thing that is wrong.

    Notes
    -----
    Source of method: docs/model.md. Effort rises while a goal is hard but believable and falls when it looks
    lost (Kumar, Goreczny and Maurer 2018; Chung, Narayandas and Chang 2021); sizes are assumptions. 4,000
    teams of 20 take about a fifth of a second.

    Examples
    --------
    >>> decree = simulate_teams(Team(20, 3, 4), TeamPolicy("last_year", .11), teams=500)
    >>> fair = simulate_teams(Team(20, 3, 4), TeamPolicy("equal_chance", .58, co_created=True), teams=500)
    >>> bool(fair.share_at_goal.mean() > decree.share_at_goal.mean() + .2)
    True
    """
    numbers, luck = _prepare(team, teams, seed, parameters)
    policy = _is_policy(policy)
    met = meet_teams(team, luck, numbers)
    return _measure(team, policy, set_goals(policy, met.known, numbers), met, luck, numbers)


def outcome_table(teams: pd.DataFrame, interval: float = .9) -> pd.DataFrame:
    """Sum up simulated teams: the mean of each measure, and between what single teams lie.

    Parameters
    ----------
    teams : DataFrame
        From :func:`simulate_teams`.
    interval : float
        Share of single teams that lie between low and high.

    Returns
    -------
    DataFrame
        Columns measure, mean, low, high; measures that no team has are left out.

    Examples
    --------
    >>> outcome_table(pd.DataFrame({"sales": [1., 1.1, 1.2]}), .5).round(3).values.tolist()
    [['sales', 1.1, 1.05, 1.15]]
    """
    _refuse_interval(interval)
    rows = []
    for name in [name for name in MEASURES if name in teams and teams[name].notna().any()]:
        low, high = teams[name].quantile([(1 - interval) / 2, (1 + interval) / 2])
        rows.append((name, float(teams[name].mean()), float(low), float(high)))
    return pd.DataFrame(rows, columns=["measure", "mean", "low", "high"])


def explain_change(team: Team, before: TeamPolicy, after: TeamPolicy, teams: int = 2000, seed: int = 1,
                   parameters: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Tell what came from what: how much of a change is the goal's level, its split, co-creation, CRM, retro.

    Parameters
    ----------
    team : Team
        The same in both years.
    before, after : TeamPolicy
        The old way and the new one.
    teams, seed, parameters
        As for :func:`simulate_teams`.

    Returns
    -------
    DataFrame
        One row a factor (goal_level: the sum of the goals; split: who carries which part of it; co_creation;
        crm; retro), columns factor, share_at_goal, attainment, turnover, turnover_newcomers, sales. Each
        column adds up to the change of the mean from before to after.

    Notes
    -----
    Source of method: Shapley's value, exact over all combinations of what differs; every combination meets
    the same luck. Goals of a mixed combination have the shares of one policy and the sum of the other.

    Examples
    --------
    >>> parts = explain_change(Team(20, 3, 4), TeamPolicy("uniform", 0.), TeamPolicy("uniform", 0., crm=True),
    ...                        teams=200)
    >>> parts.loc[parts.sales != 0, "factor"].tolist()
    ['crm']
    """
    numbers, luck = _prepare(team, teams, seed, parameters)
    before, after = _is_policy(before), _is_policy(after)
    met = meet_teams(team, luck, numbers)
    goals = [set_goals(policy, met.known, numbers) for policy in (before, after)]
    totals = [one.sum(axis=1, keepdims=True) for one in goals]
    differs = {"goal_level": not np.allclose(totals[0], totals[1], rtol=ALIKE, atol=0),
               "split": not np.allclose(goals[0] / totals[0], goals[1] / totals[1], rtol=ALIKE, atol=0),
               "co_creation": before.co_created != after.co_created, "crm": before.crm != after.crm,
               "retro": before.retro != after.retro}
    moving = [name for name in FACTORS if differs[name]]
    measures = ["share_at_goal", "attainment", "turnover", "turnover_newcomers", "sales"]

    def worth(changed: frozenset[str]) -> NDArray[np.float64]:
        level, split = "goal_level" in changed, "split" in changed
        mixed = goals[split] if level == split else goals[split] / totals[split] * totals[level]
        policy = replace(before, co_created=(after if "co_creation" in changed else before).co_created,
                         crm=(after if "crm" in changed else before).crm,
                         retro=(after if "retro" in changed else before).retro)
        played = _measure(team, policy, mixed, met, luck, numbers)
        return np.asarray(played[measures].mean().to_numpy(float))

    worths = {frozenset(part): worth(frozenset(part))
              for size in range(len(moving) + 1) for part in combinations(moving, size)}
    rows = []
    for name in FACTORS:
        effect = np.where(np.isnan(worths[frozenset()]), np.nan, 0.)
        rest = [other for other in moving if other != name]
        for size in range(len(rest) + 1) if name in moving else []:
            weight = factorial(size) * factorial(len(rest) - size) / factorial(len(moving))
            for part in combinations(rest, size):
                effect = effect + weight * (worths[frozenset([*part, name])] - worths[frozenset(part)])
        rows.append((name, *effect))
    return pd.DataFrame(rows, columns=["factor", *measures])


def level_curve(team: Team, policy: TeamPolicy, levels: Sequence[float] = LEVELS, teams: int = 1000,
                seed: int = 1, parameters: Mapping[str, float] | None = None,
                interval: float = .9) -> pd.DataFrame:
    """Show the cliff: how share at goal, sales and turnover move when only the goal's level moves.

    Parameters
    ----------
    team, policy, teams, seed, parameters
        As for :func:`simulate_teams`; the policy's split is kept, its sum is scaled.
    levels : sequence of float
        Goals of the team as a share of its capacity (1 is what it is expected to sell at usual effort).
    interval : float
        Share of single teams between low and high.

    Returns
    -------
    DataFrame
        Columns goal, share_at_goal, low, high (of the share), sales, turnover, turnover_newcomers.

    Examples
    --------
    >>> curve = level_curve(Team(20, 3, 4), TeamPolicy("equal_chance", .5), [.9, 1.1], teams=300)
    >>> bool(curve.share_at_goal.iloc[0] > curve.share_at_goal.iloc[1] + .3)
    True
    """
    numbers, luck = _prepare(team, teams, seed, parameters)
    policy = _is_policy(policy)
    _refuse_interval(interval)
    for level in levels:
        if not is_number(level) or not 0 < level <= MOST_LEVEL_OF_CAPACITY:
            raise_if_any([Problem("simulate.level_of_capacity", found=str(level),
                                  most=MOST_LEVEL_OF_CAPACITY)])
    met = meet_teams(team, luck, numbers)
    goals = set_goals(policy, met.known, numbers)
    capacity = met.capacity.sum(axis=1, keepdims=True) / goals.sum(axis=1, keepdims=True)
    rows = []
    for level in levels:
        played = _measure(team, policy, goals * capacity * level, met, luck, numbers)
        low, high = played.share_at_goal.quantile([(1 - interval) / 2, (1 + interval) / 2])
        rows.append((float(level), played.share_at_goal.mean(), low, high, played.sales.mean(),
                     played.turnover.mean(), played.turnover_newcomers.mean()))
    return pd.DataFrame(rows, columns=["goal", "share_at_goal", "low", "high", "sales", "turnover",
                                       "turnover_newcomers"])


def sensitivity(runs: Mapping[str, tuple[Team, TeamPolicy]],
                measures: Sequence[str] = ("share_at_goal", "turnover"), teams: int = 1000, seed: int = 1,
                parameters: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Ask what hangs on which assumption: every parameter once at its low and once at its high value.

    Parameters
    ----------
    runs : mapping of str to (Team, TeamPolicy)
        For example ``{"before": (team, old), "after": (team, new)}``.
    measures : sequence of str
        Columns of :func:`simulate_teams`.
    teams, seed, parameters
        As for :func:`simulate_teams`.

    Returns
    -------
    DataFrame
        Columns parameter, bound (low, high), value, run, measure, base (mean with the shipped value), mean,
        change. The luck is the same everywhere.

    Examples
    --------
    >>> team = Team(10, 1, 2)
    >>> table = sensitivity({"now": (team, TeamPolicy("uniform", 0.))}, ["sales"], teams=50)
    >>> len(table), bool(table[table.parameter == "crm_gain"].change.eq(0).all())
    (38, True)
    """
    unknown = [name for name in measures if name not in MEASURES]
    raise_if_any([Problem("simulate.measure_unknown", found=name, measures=", ".join(MEASURES))
                  for name in unknown])
    given = dict(parameters or {})
    base = {run: simulate_teams(*what, teams, seed, given).mean() for run, what in runs.items()}
    rows: list[tuple[Any, ...]] = []
    for name, entry in parameter_table().items():
        for bound in ("low", "high"):
            for run, what in runs.items():
                mean = simulate_teams(*what, teams, seed, {**given, name: entry[bound]}).mean()
                rows += [(name, bound, entry[bound], run, measure, base[run][measure], mean[measure],
                          mean[measure] - base[run][measure]) for measure in measures]
    return pd.DataFrame(rows, columns=["parameter", "bound", "value", "run", "measure", "base", "mean",
                                       "change"])


MOST_LEVEL_OF_CAPACITY = 10.
ALIKE = 1e-12       # goals that differ by no more than rounding are the same


def _prepare(team: Team, teams: int, seed: int, changed: Mapping[str, float] | None
             ) -> tuple[Parameters, Luck]:
    problems = []
    if not isinstance(team, Team):
        raise_if_any([Problem("simulate.no_team", found=type(team).__name__)])
    if not is_count(teams) or not 1 <= teams * team.people <= MOST_DRAWN or teams < 1:
        problems.append(Problem("simulate.teams", found=str(teams), most=MOST_DRAWN // team.people))
    if not is_count(seed) or seed < 0:
        problems.append(Problem("simulate.seed", found=str(seed)))
    raise_if_any(problems)
    return choose_parameters(changed), draw_luck(team.people, teams, seed)


def _refuse_interval(interval: Any) -> None:
    if not is_number(interval) or not 0 < interval < 1:
        raise_if_any([Problem("simulate.interval", found=str(interval))])


def _is_policy(policy: Any) -> TeamPolicy:
    if not isinstance(policy, TeamPolicy):
        raise_if_any([Problem("simulate.no_policy", found=type(policy).__name__)])
    return policy


def _measure(team: Team, policy: TeamPolicy, goals: NDArray[np.float64], met: Situation, luck: Luck,
             numbers: Parameters) -> pd.DataFrame:
    year = play_year(goals, met, policy, luck, numbers)
    reached = year.amount >= goals
    capacity = met.capacity.sum(axis=1)

    def share(what: NDArray[np.bool_], of: NDArray[np.bool_]) -> NDArray[np.float64]:
        return what[:, of].mean(axis=1) if of.any() else np.full(len(what), np.nan)

    return pd.DataFrame({
        "share_at_goal": reached.mean(axis=1), "attainment": year.amount.sum(axis=1) / goals.sum(axis=1),
        "turnover": year.leaves.mean(axis=1), "share_newcomers": share(reached, team.is_newcomer),
        "turnover_newcomers": share(year.leaves, team.is_newcomer),
        "share_leaders": share(reached, team.is_leader),
        "sales": year.amount.sum(axis=1) / capacity, "goal": goals.sum(axis=1) / capacity})
