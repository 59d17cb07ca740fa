"""Menus of goals and rewards, made from a person's own records so that the honest choice pays best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

from salesgoals.claiming.rules import Gonik, JointBase, Menu, Rule
from salesgoals.claiming.worth import with_chance
from salesgoals.forecasting.probability import CERTAIN, log_moments
from salesgoals.problems import Problem, SalesgoalsError

FAR = 30.0  # standard deviations: beyond it two goals are as good as certain or as impossible


def make_menu(mean: float, sd: float, reward: float = 100.0, chances: Sequence[float] = (.7, .5, .3),
              unit: int = 1) -> Menu:
    """Make a menu of goals from a person's own outlook, with rewards under which the honest choice is best.

    Parameters
    ----------
    mean, sd : float
        The person's expected sales and standard deviation, from ``forecast.people``; above 0.
    reward : float
        What the middle goal pays.
    chances : sequence of float
        Chance of each goal, falling.
    unit : int
        Goals are whole multiples of it.

    Returns
    -------
    Menu
        Whoever expects an amount nearest to one of the goals (in proportion) does best to choose that goal.

    Raises
    ------
    SalesgoalsError
        If the chances do not fall, or the goals cannot be told apart in this unit.

    Notes
    -----
    Source of method: menus of three goal-reward pairs built on own past performance, all or nothing
    (Bommaraju and Hohenberg 2018, Journal of Marketing 82(5): sales rose most for weak and unsteady
    sellers). The rewards are ours: neighbours pay the same on average to a person whose median lies half way
    between the two goals, which makes the honest choice best by construction.

    Examples
    --------
    >>> menu = make_menu(100., 30.)
    >>> menu.goals, [round(reward, 1) for reward in menu.rewards], check_menu(menu, .29)
    ((82.0, 96.0, 112.0), [65.1, 100.0, 152.2], [])
    """
    falls = all(0 < chance < 1 for chance in chances) and (np.diff(chances) < 0).all()
    if len(chances) < 2 or not falls:
        raise SalesgoalsError(Problem("claims.menu_chances", found=", ".join(map(str, chances))))
    spread = float(log_moments(np.asarray(mean, float), np.asarray(sd, float))[1])
    goals = [round(with_chance(mean, sd, chance) / unit) * unit for chance in chances]
    if spread <= CERTAIN or (np.diff(goals) <= 0).any() or goals[0] <= 0:
        raise SalesgoalsError(Problem("claims.menu_too_sure", unit=unit))
    half = np.diff(np.log(goals)) / 2 / spread
    middle = len(goals) // 2
    steps = np.concatenate([[0.0], np.cumsum(np.log(ndtr(half) / ndtr(-half)))])
    rewards = reward * np.exp(steps - steps[middle])
    return Menu(goals, rewards.tolist())


def make_rules(mean: float, sd: float, proposal: float, unit: int = 1) -> list[Rule]:
    """Set up the three rules for one person, so that they can be compared.

    Parameters
    ----------
    mean, sd : float
        The person's expected sales and standard deviation.
    proposal : float
        What the company proposes, above 0.
    unit : int
        The goals of the menu are multiples of it.

    Returns
    -------
    list of Rule
        Gonik in percent of the target pay, the joint base in points (1 point is 1 % of the proposal) with the
        usual half, half and seven tenths, and a menu of three goals whose middle one pays 100. Without the
        menu where the forecast is so sure that its goals would be the same.

    Examples
    --------
    >>> [rule.name for rule in make_rules(100., 30., 110.)]
    ['gonik', 'joint_base', 'menu']
    """
    rules: list[Rule] = [Gonik(proposal), JointBase(proposal, scale=100 / proposal)]
    try:
        rules.append(make_menu(mean, sd, unit=unit))
    except SalesgoalsError:
        return rules
    return rules


def check_menu(menu: Menu, spread: float) -> list[Problem]:
    """Say where a menu invites something else than the honest choice; an empty list is good news.

    Parameters
    ----------
    menu : Menu
        Any menu.
    spread : float
        How unsure people are: standard deviation of the log of their sales, above 0.

    Returns
    -------
    list of Problem
        A goal that asks more and pays no more, a goal that is best for nobody, and a goal that people who
        expect just this amount should not choose.

    Notes
    -----
    Source of method: with log-normal results the odds of the higher of two goals rise with what a person
    expects, so each pair has one point from which on the higher one is better; a goal is best between the
    points of its neighbours.

    Examples
    --------
    >>> [p.code for p in check_menu(Menu((80., 100., 120.), (100., 100., 160.)), .3)]
    ['claims.menu_pays_no_more', 'claims.menu_for_nobody', 'claims.menu_dishonest', 'claims.menu_dishonest']
    """
    if not spread > 0:
        raise SalesgoalsError(Problem("claims.rule_above_zero", name="spread", found=spread))
    goals, rewards = np.asarray(menu.goals), np.asarray(menu.rewards)
    problems = [Problem("claims.menu_pays_no_more", goal=goals[k + 1], reward=rewards[k + 1],
                        lower=goals[k], pays=rewards[k])
                for k in range(len(goals) - 1) if rewards[k + 1] <= rewards[k]]
    dishonest = []
    for k, goal in enumerate(goals):
        low = max((_switch(menu, i, k, spread) for i in range(k)), default=-np.inf)
        high = min((_switch(menu, k, j, spread) for j in range(k + 1, len(goals))), default=np.inf)
        if low >= high:
            problems.append(Problem("claims.menu_for_nobody", goal=goal))
        if not low <= np.log(goal) <= high:
            worth = np.log(np.maximum(rewards, 1e-300)) + log_ndtr((np.log(goal) - np.log(goals)) / spread)
            dishonest.append(Problem("claims.menu_dishonest", goal=goal, better=goals[int(worth.argmax())]))
    return [*problems, *dishonest]


def _switch(menu: Menu, lower: int, higher: int, spread: float) -> float:
    """Log of the median from which on the higher goal is worth more than the lower one."""
    first, second = (float(np.log(menu.goals[place])) for place in (lower, higher))
    pays = [menu.rewards[lower], menu.rewards[higher]]
    if pays[1] <= 0 or pays[1] <= pays[0]:
        return np.inf
    if pays[0] <= 0:
        return -np.inf
    wanted = np.log(pays[0]) - np.log(pays[1])

    def miss(median: float) -> float:
        return float(log_ndtr((median - second) / spread) - log_ndtr((median - first) / spread) - wanted)

    reach = FAR * spread
    while miss(first - reach) > 0:  # goals close together need rewards close together, or people far below
        reach *= 2
    return float(brentq(miss, first - reach, second + FAR * spread, xtol=1e-12))
