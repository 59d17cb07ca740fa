"""What a pay plan will cost: expected and in bad and good years, in closed form from the sales forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from salesgoals.forecast import Forecast
from salesgoals.paying.curve import Pieces, pieces
from salesgoals.paying.expected import CERTAIN, expected_results, log_shape
from salesgoals.paying.ladder import Ladder, build_ladder, chance_of_nothing, moments, pay_of_luck
from salesgoals.paying.scheme import Group
from salesgoals.paying.terms import TEAM_KEYS, PayTerms
from salesgoals.problems import Problem

Array = NDArray[np.float64]
NODES = np.linspace(-4.5, 4.5, 91)  # strengths of the shock that everybody shares, in standard deviations
BLUR = .6    # each strength is blurred by this share of the way to the next
TAIL = .05   # of outcomes beyond either end of a range
QUANTILES = np.r_[.002, .005, np.arange(.01, .9901, .01), .995, .998]


@dataclass(frozen=True)
class PayCost:
    """What a pay plan costs over the plan's months.

    Parameters
    ----------
    people : DataFrame
        Columns person_id, person, department, team, group, target_pay (at 100 % of everything), expected,
        low, high (of this person's pay, 5 and 95 % points), share (expected pay over expected sales),
        chance_none (chance that the own results earn nothing).
    total : Series
        expected, sd, low, high (5 and 95 % points), at_goal (everybody at exactly 100 %), sales (expected),
        share (expected cost over expected sales), budget (NaN if none), chance_over (of going over the
        budget), without_shock_low, without_shock_high (the range if people's luck had nothing in common: too
        narrow, shown to see what it hangs on).
    distribution : DataFrame
        Columns chance (of costing at most), cost.
    years : DataFrame
        Columns shock (of the year, in standard deviations), sales, cost, share: cost moves with sales.
    notes : tuple of Problem
        What was assumed.
    """

    people: pd.DataFrame
    total: pd.Series
    distribution: pd.DataFrame
    years: pd.DataFrame
    notes: tuple[Problem, ...] = ()


def cost_of_plan(terms: PayTerms, forecast: Forecast) -> PayCost:
    """Say what a pay plan will cost: the expected cost, its range, and each person's expected pay.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`. Where its ``expected`` says nothing of a metric, it is
        taken to be reached as far as sales are.
    forecast : Forecast
        Of the plan's months.

    Returns
    -------
    PayCost
        In currency units.

    Notes
    -----
    Source of method: sales of a person are log-normal (as in the forecast), a curve is straight between its
    steps, so mean and variance of the pay have closed forms; one shock that all share (a good or bad year) is
    summed over 91 strengths, as in :func:`salesgoals.forecasting.probability.outlook`. A person's metrics
    move together with the person's sales; a team's sum is matched by a log-normal (Fenton 1960). Measured
    beside Monte Carlo by ``benchmarks/pay.py``: 10,000 people, expected cost and both ends of the range
    within 1 %.
    """
    rows = expected_results(terms, forecast)
    rho = float(forecast.people_correlation)
    notes = _notes(terms, rows)
    if not len(rows):
        return _nothing(terms, notes)
    rows = rows.reset_index(drop=True)
    own = [(place, _ladder(terms, group, rows.loc[place]))
           for group in terms.plan.group if len(place := rows.index[rows.group == group.key])]
    teams = _team_ladders(terms, rows)
    mean, variance = np.zeros(len(NODES)), np.zeros(len(NODES))
    with_sales = np.zeros((len(NODES), len(rows) if teams else 0))
    alone = np.zeros(2)
    table = rows.assign(pay=0., low=0., high=0., none=0.)
    reach = float(ndtri(1 - TAIL))
    for place, ladder in own:
        spread = rows.spread[place].to_numpy(float)
        centre = -spread ** 2 / 2
        table.loc[place, "pay"], apart, _ = moments(ladder, centre, spread)
        table.loc[place, "none"] = chance_of_nothing(ladder, centre, spread)
        table.loc[place, "low"] = pay_of_luck(ladder, np.exp(centre - reach * spread))
        table.loc[place, "high"] = pay_of_luck(ladder, np.exp(centre + reach * spread))
        alone += table.pay[place].sum(), apart.sum()
        for node, shock in enumerate(NODES):
            given, around, beside = moments(ladder, centre + np.sqrt(rho) * spread * shock,
                                            np.maximum(np.sqrt(1 - rho) * spread, CERTAIN))
            mean[node] += given.sum()
            variance[node] += around.sum()
            if teams:
                with_sales[node, place] = beside * rows["mean"][place].to_numpy(float)
    sales = _sales_by_year(rows, rho)
    weight = np.exp(-NODES ** 2 / 2)
    weight /= weight.sum()
    for team in teams:
        given, around, slope = _team_given(team, rho)
        mean += given * team.money.sum()
        variance += around * team.money.sum() ** 2
        # whose own sales are good lifts the team too: the own pay and the team's pay move together
        variance += 2 * team.money.sum() * slope * with_sales[:, team.crew].sum(1)
        alone += float(weight @ given) * team.money.sum(), float(weight @ around) * team.money.sum() ** 2
        table.loc[team.place, "pay"] += float(weight @ given) * team.money
        low, high = _team_ends(team, rho, reach)
        table.loc[team.place, "low"] += low * team.money
        table.loc[team.place, "high"] += high * team.money
        table.loc[team.place, "none"] = np.nan
    return PayCost(_people(terms, table), *_whole(terms, table, mean, variance, weight, sales, alone), notes)


def _ladder(terms: PayTerms, group: Group, rows: pd.DataFrame) -> Ladder:
    goal, mean, target = (rows[name].to_numpy(float) for name in ("goal", "mean", "target"))
    ratio = np.divide(mean, goal, out=np.zeros(len(rows)), where=goal > 0)
    curves: list[tuple[Pieces, Array, Array]] = []
    for part in group.metrics:
        scale = ratio if part.metric == "amount" else _scale(terms, rows, part.metric, ratio)
        money = np.where(scale > 0, float(part.weight) * target, 0.)
        curves.append((pieces(terms.plan.curves[part.curve]), money, scale))
    constant = np.zeros(len(rows))
    first = (rows.period == 0).to_numpy()
    constant += first * float(sum(reward.pay for reward in group.rewards))
    for prize in group.prizes:
        most = float(prize.at_most)
        many = mean if prize.metric == "amount" else _many(terms, rows, prize.metric, ratio)
        line = Pieces(np.array([0., 1.]), np.array([0., most]), np.array([most, 0.]))
        scale = np.nan_to_num(many * float(prize.each) / most)
        curves.append((line, np.where(np.isnan(many), 0., 1.), scale))
        constant += np.where(np.isnan(many), most, 0.)
    return build_ladder(curves, constant)


def _goal_of(terms: PayTerms, metric: str) -> pd.Series:
    table = terms.goals[terms.goals.metric == metric]
    return table.groupby("person_id").goal.sum()


def _mean_of(terms: PayTerms, metric: str) -> pd.Series:
    table = terms.expected[terms.expected.metric == metric]
    return table.groupby("person_id")["mean"].sum(min_count=1)


def _scale(terms: PayTerms, rows: pd.DataFrame, metric: str, ratio: Array) -> Array:
    """Expected result over goal of a metric; as that of sales where no goal is set or nothing is expected."""
    goal = rows.person_id.map(_goal_of(terms, metric)).to_numpy(float)
    mean = rows.person_id.map(_mean_of(terms, metric)).to_numpy(float)
    own = np.divide(mean, goal, out=np.full(len(rows), np.nan), where=goal > 0)
    known = np.where(np.isnan(own), np.where(ratio > 0, ratio, 1.), own)
    return np.where(np.isnan(goal), ratio, np.where(goal > 0, known, 0.))


def _many(terms: PayTerms, rows: pd.DataFrame, metric: str, ratio: Array) -> Array:
    """How much of a prize's metric is expected in each row; NaN where nothing is known."""
    mean = rows.person_id.map(_mean_of(terms, metric)).to_numpy(float)
    goal = rows.person_id.map(_goal_of(terms, metric)).to_numpy(float)
    share = rows["mean"] / rows.groupby("person_id")["mean"].transform("sum").replace(0, np.nan)
    return np.where(np.isnan(mean), goal * ratio, mean) * share.fillna(0).to_numpy(float)


@dataclass(frozen=True)
class _Team:
    place: pd.Index    # rows that are paid by it
    crew: NDArray[np.int_]  # rows whose sales are in it
    money: Array       # what each of them gets at 100 %
    curve: Pieces
    goal: float
    mean: Array        # of the team's people
    spread: Array


def _team_ladders(terms: PayTerms, rows: pd.DataFrame) -> list[_Team]:
    found = []
    people = terms.people[[*TEAM_KEYS, "person_id"]]
    whole = rows.groupby("person_id").agg(mean=("mean", "sum"), spread=("spread", "mean"))
    for group in terms.plan.group:
        if group.team_part is None:
            continue
        curve = pieces(terms.plan.curves[group.team_part.curve])
        mine = rows[rows.group == group.key]
        totals = mine.groupby("person_id")["mean"].transform("sum")
        part = (mine["mean"] / totals.where(totals > 0)).fillna(1.)
        for (department, team, period), some in mine.groupby([*TEAM_KEYS, "period"]):
            crew = people[(people.department == department) & (people.team == team)].person_id
            both = whole.reindex(crew).dropna()
            goals = terms.team_goals
            goal = goals[(goals.department == department) & (goals.team == team)].goal.sum()
            share = 1. if group.steady else float(part[some.index].mean())
            money = float(group.team_part.weight) * some.target.to_numpy(float)
            if goal > 0:
                inside = rows.person_id.isin(crew)
                if not group.steady:
                    inside &= (rows.group == group.key) & (rows.period == period)
                found.append(_Team(some.index, np.flatnonzero(inside), money, curve, float(goal) * share,
                                   both["mean"].to_numpy(float) * share, both.spread.to_numpy(float)))
    return found


def _team_given(team: _Team, rho: float) -> tuple[Array, Array, Array]:
    """Mean, variance and slope (in sales) of what a team's curve pays, for each strength of the shock."""
    loading = np.sqrt(rho) * team.spread
    given = team.mean * np.exp(np.outer(NODES, loading) - loading ** 2 / 2)
    total = given.sum(1)
    sd = np.sqrt((given ** 2 * np.expm1(team.spread ** 2 * (1 - rho))).sum(1))
    ladder = _one_row(team)
    centre, spread = log_shape(total / max(team.goal, 1e-300), sd / np.maximum(total, 1e-300))
    many = Ladder(*(np.repeat(part, len(NODES), axis=0) for part in ladder))
    mean, variance, beside = moments(many, centre, spread)
    unsure = sd > CERTAIN * total * 10
    return mean, variance, np.where(unsure, beside * team.goal / np.where(unsure, sd, 1.) ** 2, 0.)


def _team_ends(team: _Team, rho: float, reach: float) -> tuple[float, float]:
    """What a team's curve pays at the ends of the range of the team's sales."""
    sd = team.mean * np.sqrt(np.expm1(team.spread ** 2))
    together = np.sqrt((1 - rho) * (sd ** 2).sum() + rho * sd.sum() ** 2)
    total = team.mean.sum()
    centre, spread = log_shape(np.array([total / team.goal]), np.array([together / max(total, 1e-300)]))
    low, high = (pay_of_luck(_one_row(team), np.exp(centre + side * spread))[0] for side in (-reach, reach))
    return float(low), float(high)


def _one_row(team: _Team) -> Ladder:
    return build_ladder([(team.curve, np.ones(1), np.ones(1))], np.zeros(1))


def _sales_by_year(rows: pd.DataFrame, rho: float) -> Array:
    loading = np.sqrt(rho) * rows.spread.to_numpy(float)
    return np.exp(np.outer(NODES, loading) - loading ** 2 / 2) @ rows["mean"].to_numpy(float)


def _whole(terms: PayTerms, table: pd.DataFrame, mean: Array, variance: Array, weight: Array, sales: Array,
           alone: Array) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
    expected = float(table.pay.sum())
    between = float(weight @ (mean - weight @ mean) ** 2)
    blurred = np.sqrt(variance + (BLUR * np.gradient(mean)) ** 2 + (1e-9 * max(expected, 1.)) ** 2)

    def below(cost: float) -> float:
        return float(weight @ ndtr((cost - mean) / blurred))

    least, most = float((mean - 9 * blurred).min()), float((mean + 9 * blurred).max())
    costs = np.array([brentq(lambda cost, q=chance: below(cost) - q, least, most, xtol=1e-6 * max(most, 1.))
                      for chance in QUANTILES])
    costs = np.maximum(costs, 0.)
    low, high = (float(np.interp(chance, QUANTILES, costs)) for chance in (TAIL, 1 - TAIL))
    reach, budget = float(ndtri(1 - TAIL)), terms.plan.budget
    sold = float(table["mean"].sum())
    total = pd.Series({
        "expected": expected, "sd": float(np.sqrt(between + weight @ variance)), "low": low, "high": high,
        "at_goal": float(table.target.sum()), "sales": sold, "share": expected / sold if sold > 0 else np.nan,
        "budget": np.nan if budget is None else float(budget),
        "chance_over": np.nan if budget is None else 1 - below(float(budget)),
        "without_shock_low": max(alone[0] - reach * np.sqrt(alone[1]), 0.),
        "without_shock_high": alone[0] + reach * np.sqrt(alone[1])})
    years = pd.DataFrame({"shock": NODES, "sales": sales, "cost": mean,
                          "share": mean / np.maximum(sales, 1e-9)})
    return total, pd.DataFrame({"chance": QUANTILES, "cost": costs}), years


def _people(terms: PayTerms, table: pd.DataFrame) -> pd.DataFrame:
    sums = table.groupby("person_id").agg(expected=("pay", "sum"), low=("low", "sum"), high=("high", "sum"),
                                          sold=("mean", "sum"), chance_none=("none", "mean"))
    people = terms.people.drop(columns=["tenure", "goal"]).join(sums, on="person_id")
    people["target_pay"] = people.target_pay.astype(float)
    people["share"] = people.expected / people.sold.where(people.sold > 0)
    paid = people.group.notna()
    people.loc[~paid, ["expected", "low", "high"]] = 0.
    return people[["person_id", "person", *TEAM_KEYS, "group", "target_pay", "expected", "low", "high",
                   "share", "chance_none"]]


def _notes(terms: PayTerms, rows: pd.DataFrame) -> tuple[Problem, ...]:
    found = list(terms.notes)
    unknown = rows[~rows.known.astype(bool)].person_id.nunique() if len(rows) else 0
    if unknown:
        found.append(Problem("pay.not_forecast", level="doubt", count=unknown))
    if any(group.rewards for group in terms.plan.group):
        found.append(Problem("pay.rewards_in_full", level="note"))
    if any(measure.metric != "amount" for group in terms.plan.group for measure in group.metrics):
        found.append(Problem("pay.metrics_together", level="note"))
    return tuple(found)


def _nothing(terms: PayTerms, notes: tuple[Problem, ...]) -> PayCost:
    people = terms.people.assign(expected=0., low=0., high=0., share=np.nan, chance_none=np.nan)
    names = ["expected", "sd", "low", "high", "at_goal", "sales", "share", "budget", "chance_over",
             "without_shock_low", "without_shock_high"]
    return PayCost(people.drop(columns=["tenure", "goal"]), pd.Series(0., index=names),
                   pd.DataFrame(columns=["chance", "cost"], dtype=float),
                   pd.DataFrame(columns=["shock", "sales", "cost", "share"], dtype=float), notes)
