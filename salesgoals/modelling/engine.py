"""One year of a team, month by month, for many teams at once. The formulas stand in docs/model.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from salesgoals.modelling.parameters import MONTHS, Parameters
from salesgoals.modelling.policies import Known, Team, TeamPolicy

NEARLY_THERE = 1e-3     # a pace that is needed no more: the logarithm of it still exists
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Luck:
    """Everything random in a year, drawn before any policy: two policies meet the same luck."""

    ability: Numbers        # teams x people, standard normal
    last_year: Numbers
    forecast: Numbers
    market: Numbers         # teams x 1
    in_slump: Numbers       # teams x people, uniform
    leaving: Numbers
    month: Numbers          # months x teams x people, standard normal
    slump: Numbers          # months x teams x people, uniform


@dataclass(frozen=True)
class Situation:
    """Teams on the first day of the year."""

    ability: Numbers        # sales of a usual year at full ramp, growth included
    ramp: Numbers           # months x people
    known: Known
    capacity: Numbers       # teams x people: expected sales of the year at usual effort


@dataclass(frozen=True)
class YearOfTeams:
    """What became of the year."""

    amount: Numbers         # teams x people
    out_of_reach: Numbers   # share of the year in which the goal looked lost
    leaves: NDArray[np.bool_]
    months: Numbers         # months x teams x people: sales, kept only if asked for
    chance: Numbers         # months x teams x people: perceived chance, kept only if asked for


def draw_luck(people: int, teams: int, seed: int | list[int]) -> Luck:
    """Draw a year's luck for many teams."""
    draw = np.random.default_rng(seed)
    size = (teams, people)
    return Luck(draw.standard_normal(size), draw.standard_normal(size), draw.standard_normal(size),
                draw.standard_normal((teams, 1)), draw.random(size), draw.random(size),
                draw.standard_normal((MONTHS, *size)), draw.random((MONTHS, *size)))


def ramp_of(newcomer: NDArray[np.bool_], parameters: Parameters) -> Numbers:
    """Give a newcomer's share of a full month: rising evenly to 1 in the twelfth."""
    rising = np.linspace(parameters.ramp_start, 1., MONTHS)[:, None]
    return np.where(newcomer, rising, 1.)


def meet_teams(team: Team, luck: Luck, parameters: Parameters) -> Situation:
    """Make teams of the given composition, with last year's table and a forecast."""
    spread = parameters.ability_spread
    tier = np.where(team.is_leader, parameters.leader_tier, 1.)
    usual = tier * np.exp(spread * luck.ability - spread ** 2 / 2)
    last = usual * np.exp(parameters.own_luck * luck.last_year)
    return situation(usual * (1 + parameters.growth), last, team.is_newcomer, team.is_leader, luck.forecast,
                     parameters)


def situation(ability: Numbers, last_year: Numbers, newcomer: NDArray[np.bool_], leader: NDArray[np.bool_],
              forecast_luck: Numbers, parameters: Parameters) -> Situation:
    """Add ramp, capacity and a forecast to people whose ability is given."""
    ramp = ramp_of(newcomer, parameters)
    capacity = ability * ramp.mean(axis=0)
    forecast = capacity * np.exp(parameters.forecast_error * forecast_luck)
    return Situation(ability, ramp, Known(last_year, forecast, newcomer, leader), capacity)


def play_year(goals: Numbers | None, teams: Situation, policy: TeamPolicy, luck: Luck,
              parameters: Parameters, keep_months: bool = False) -> YearOfTeams:
    """Play twelve months: belief, effort, sales, slumps; then who leaves."""
    p = parameters
    commitment = 1. if policy.co_created else p.imposed_commitment
    stays = 1 - 1 / (p.slump_months_retro if policy.retro else p.slump_months)
    usual = (1 + p.crm_gain * bool(policy.crm)) / (1 - p.slump_depth * p.usual_slump)
    market = np.exp(p.market_shock * luck.market - p.market_shock ** 2 / 2)
    full = teams.ability * (usual * market / MONTHS)
    month_luck = np.exp(p.month_noise * luck.month - p.month_noise ** 2 / 2)
    left = np.cumsum(teams.ramp[::-1], axis=0)[::-1] / MONTHS    # share of a full year still to come
    amount = np.zeros_like(teams.ability)
    lost = np.zeros_like(amount)
    slump = luck.in_slump < p.usual_slump
    months, chances = [], []
    for month in range(MONTHS):
        effort: Numbers | float = 1.
        if goals is not None:
            pace = (goals - amount) / (teams.ability * left[month])     # needed against usual
            chance = ndtr(-np.log(np.maximum(pace, NEARLY_THERE)) / p.belief_width)
            effort = (1 + commitment * p.effort_gain * 4 * chance * (1 - chance)
                      - p.effort_loss * (1 - chance) ** 2)
            lost += chance < p.out_of_reach
            if keep_months:
                chances.append(chance)
        sold = full * teams.ramp[month] * effort * (1 - p.slump_depth * slump) * month_luck[month]
        amount = amount + sold
        if keep_months:
            months.append(sold)
        slump = np.where(slump, luck.slump[month] < stays, luck.slump[month] < p.slump_chance)
    lost /= MONTHS
    hazard = p.leaving_base + p.leaving_out_of_reach * lost
    leaves = luck.leaving < 1 - np.exp(-hazard)
    return YearOfTeams(amount, lost, leaves, np.array(months), np.array(chances))
