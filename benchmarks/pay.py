"""What a pay plan costs: the closed form beside Monte Carlo, for the same people, in the same process.

    python benchmarks/pay.py [--people 10000] [--draws 10000]

Threshold 70 % (40 % of the target pay there), accelerator 2, cap 200 %; years with a common shock (a fifth
of the variance). The simulation takes its shocks evenly over their distribution, own luck at random.
Fails when the expected cost, or an end of its range, is off by more than 1 %.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.forecast import Forecast
from salesgoals.incentives import PayTerms, cost_of_plan, parse_pay_plan, pay_terms

PLAN = b"""
title = "benchmark"
[curves.c]
threshold = 0.7
pay_at_threshold = 0.4
tiers = [{from = 1, rate = 2}]
cap = 2
[[group]]
key = "all"
title = "all"
target_pay = 30000
metrics = [{metric = "amount", weight = 1, curve = "c"}]
"""
RHO, LIMIT, CHUNK = .2, .01, 250


def make_case(people: int) -> tuple[PayTerms, Forecast]:
    draw = np.random.default_rng(0)
    mean = draw.lognormal(13, .5, people)
    sd = mean * draw.uniform(.15, .6, people)
    ids = np.char.add("P", np.arange(people).astype(str))
    month = pd.Timestamp("2026-01-01")
    goals = pd.DataFrame({"person_id": ids, "person": ids, "department": "D", "team": "T", "month": month,
                          "metric": "amount", "goal": mean * 1.05})
    table = pd.DataFrame({"person_id": ids, "month": month, "mean": mean, "sd": sd})
    own = pd.DataFrame({"mean": mean, "sd": sd}, index=pd.Index(ids, name="person_id"))
    forecast = Forecast(months=table, people=own, unit_months=pd.DataFrame(), unit=pd.Series(dtype=float),
                        month_correlation=1., people_correlation=RHO, level_floor=.08, smoothing=.3,
                        coverage=.8, season=pd.Series(dtype=float), history_months=24)
    return pay_terms(parse_pay_plan(PLAN), goals), forecast


def simulate(terms: PayTerms, forecast: Forecast, draws: int) -> np.ndarray:
    """Draw whole years: everybody's result is a shared shock and own luck; chunks keep memory small."""
    mean, sd = forecast.people["mean"].to_numpy(), forecast.people.sd.to_numpy()
    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    goal, target = terms.people.goal.to_numpy(float), terms.people.target_pay.astype(float).to_numpy()
    draw, total = np.random.default_rng(1), np.zeros(draws)
    shock = ndtri((np.arange(draws) + .5) / draws)
    for begin in range(0, len(mean), CHUNK):
        some = slice(begin, begin + CHUNK)
        luck = np.sqrt(RHO) * shock + np.sqrt(1 - RHO) * draw.standard_normal((len(mean[some]), draws))
        reached = np.exp(np.log(mean[some] / goal[some])[:, None] - spread[some, None] ** 2 / 2
                         + spread[some, None] * luck)
        paid = np.where(reached < .7, 0., .4 + (reached - .7) * 2)
        paid = np.where(reached > 1, 1 + 2 * (reached - 1), paid)
        total += target[some] @ np.minimum(paid, 2.)
    return total


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--draws", type=int, default=10_000)
    asked = parser.parse_args()
    terms, forecast = make_case(asked.people)
    cost_of_plan(terms, forecast)  # the first call loads what it needs
    started = time.perf_counter()
    cost = cost_of_plan(terms, forecast).total
    closed = time.perf_counter() - started
    started = time.perf_counter()
    total = simulate(terms, forecast, asked.draws)
    drawn = time.perf_counter() - started
    print(f"cost of a pay plan for {asked.people:,} people, common shock {RHO}")
    print(f"  closed form, 91 strengths of the shock   {closed:8.2f} s")
    ratio = drawn / closed
    print(f"  Monte Carlo, {asked.draws:,} years             {drawn:8.2f} s   ({ratio:.0f} times as long)")
    worst = 0.
    for name, mine, its in (("expected", cost.expected, total.mean()),
                            ("5 % point", cost.low, np.percentile(total, 5)),
                            ("95 % point", cost.high, np.percentile(total, 95))):
        worst = max(worst, abs(mine / its - 1))
        print(f"  {name:10s} {mine:16,.0f} beside {its:16,.0f}: {mine / its - 1:+.2%}")
    together = (cost.high - cost.low) / (cost.without_shock_high - cost.without_shock_low)
    print(f"  the range is {together:.0f} times as wide as if people's luck had nothing in common")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
