"""Measure the comparison with peers in simulated companies: false talents among equals, coverage of ranges.

    python benchmarks/team.py [--quick] [--markdown docs/team.md]

The companies are made here, with other means than those that ``salesgoals.team`` counts with: single orders
of log-normal size at customers of different weight, lucky and unlucky months, deals won or lost, visits.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.team import compare_with_peers

COMPANIES, QUICK = 100, 5
TEAM_SIZES = (8, 16, 34)
SPREADS = (0.0, 0.15, 0.3)      # of ability between people, on the log scale
NAMED = ("above", "below")
MONTHS = 12


def make_company(random: np.random.Generator, people: int, spread: float) -> tuple[dict[str, pd.DataFrame],
                                                                                   pd.DataFrame]:
    """Make a year of a company whose people differ by ``spread``; return its tables and the truth."""
    ids = [f"{number:04d}" for number in range(people)]
    months = pd.date_range("2025-01-01", periods=MONTHS, freq="MS")
    season = np.exp(random.normal(0, .25, MONTHS))
    rate = random.uniform(4, 12)
    size_spread, usual = random.uniform(.8, 1.2), random.uniform(8, 11)
    truth = pd.DataFrame(index=pd.Index(ids, name="person_id"))
    truth["sales"] = random.normal(0, spread, people)
    truth["deal_size"] = random.normal(0, spread, people)
    truth["won_rate"] = 1 / (1 + np.exp(-(random.normal(0, 1.5 * spread, people) - .4)))
    truth["margin"] = .3 + random.normal(0, .15 * spread, people)
    truth["visits"] = random.normal(0, spread, people)
    orders, deals, log = [], [], []
    for place, person in enumerate(ids):
        weight = random.lognormal(0, 1.0, 25)
        customers = weight / weight.sum()
        taste = random.normal(0, .3, 25)          # what one customer orders hangs together
        mood = random.lognormal(-.0128, .16, MONTHS)
        own_size = truth.deal_size.iloc[place]
        for month, level in zip(months, rate * season * mood * np.exp(truth.sales.iloc[place] - own_size),
                                strict=True):
            count = random.poisson(level)
            who = random.choice(25, count, p=customers)
            amount = np.exp(usual + own_size + taste[who] + random.normal(0, size_spread, count))
            day = month + pd.to_timedelta(random.integers(0, 28, count), unit="D")
            cost = amount * (1 - truth.margin.iloc[place] + random.normal(0, .08, count))
            orders.append(pd.DataFrame({"date": day, "person_id": person, "amount": amount, "cost": cost,
                                        "account_id": [f"{person}-{number}" for number in who]}))
        closed = 20 + random.poisson(40)
        won = random.random(closed) < truth.won_rate.iloc[place]
        ended = months[0] + pd.to_timedelta(random.integers(0, 360, closed), unit="D")
        deals.append(pd.DataFrame({"person_id": person, "status": np.where(won, "won", "lost"),
                                   "closed": ended, "amount": 1e4,
                                   "created": ended - pd.to_timedelta(random.lognormal(3.5, .6, closed),
                                                                      unit="D")}))
        weekly = random.poisson(6 * np.exp(truth.visits.iloc[place]) * random.lognormal(-.02, .2, 52))
        log.append(pd.DataFrame({"date": months[0] + pd.to_timedelta(np.arange(52) * 7, unit="D"),
                                 "person_id": person, "type": "visit", "count": weekly}))
    tables = {name: empty_table(name) for name in TABLES}
    sold = pd.concat(orders, ignore_index=True)
    tables["orders"] = as_table("orders", sold.assign(order_id=[f"o{n}" for n in range(len(sold))]))
    closed_deals = pd.concat(deals, ignore_index=True)
    tables["opportunities"] = as_table("opportunities", closed_deals.assign(
        opportunity_id=[f"d{n}" for n in range(len(closed_deals))]))
    tables["activities"] = as_table("activities", pd.concat(log, ignore_index=True))
    tables["people"] = as_table("people", pd.DataFrame({
        "person_id": ids, "name": ids, "hire_date": pd.Timestamp("2018-01-01")}))
    return tables, truth


def measure(companies: int, people: int, spread: float, seed: int = 1) -> dict[str, float]:
    """Compare in many companies; count what was named, what of it was wrong, and what the ranges held."""
    random = np.random.default_rng([seed, people, int(100 * spread)])
    named, wrong, told, held, cells, found, large = 0, 0, 0, 0, 0, 0, 0
    for _ in range(companies):
        tables, truth = make_company(random, people, spread)
        told_of = compare_with_peers(tables)
        told_of = told_of[told_of.measure.isin(truth.columns) & told_of.shrunk.notna()]
        real = truth.stack().reindex(pd.MultiIndex.from_frame(told_of[["person_id", "measure"]])).to_numpy()
        middle = told_of.measure.map(truth.mean()).to_numpy()
        is_named = told_of.verdict.isin(NAMED).to_numpy()
        side = np.where(told_of.verdict == "above", 1, -1)
        # where nobody differs, whatever is named is wrong
        false = is_named & ((np.sign(real - middle) != side) if spread else True)
        named, wrong = named + int(is_named.sum()), wrong + int(false.sum())
        told += int(false.any())
        rates = told_of.measure.isin(["won_rate", "margin"]).to_numpy()
        # amounts: against the mean of the company, since its usual size is only known up to a factor
        low = np.where(rates, told_of.low, np.log(told_of.low / told_of.center))
        high = np.where(rates, told_of.high, np.log(told_of.high / told_of.center))
        aim = np.where(rates, real, real - middle)
        held += int(((low <= aim) & (aim <= high)).sum())
        cells += len(told_of)
        far = told_of.measure.eq("sales").to_numpy() & (np.abs(real - middle) > .3)
        found, large = found + int((far & is_named & ~false).sum()), large + int(far.sum())
    return {"people": people, "spread": spread, "companies": companies, "told": told / companies,
            "named": named / companies, "wrong": wrong / named if named else 0.0, "inside": held / cells,
            "found": found / large if large else float("nan")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    start = time.perf_counter()
    companies = QUICK if arguments.quick else COMPANIES
    rows = [measure(companies, people, spread) for people in TEAM_SIZES for spread in SPREADS]
    lines = ["| people | spread of ability | companies | with a false name | named a company |"
             " of these wrong | inside the 80 % range | sales 30 % off: found |",
             "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        power = "-" if row["found"] != row["found"] else f"{row['found']:.0%}"
        lines.append(f"| {row['people']} | {row['spread']:.2f} | {row['companies']} | {row['told']:.1%} | "
                     f"{row['named']:.1f} | {row['wrong']:.1%} | {row['inside']:.3f} | {power} |")
    table = "\n".join(lines)
    print(table)
    print(f"{time.perf_counter() - start:.0f} s")
    if arguments.markdown:
        arguments.markdown.write_text(PAGE.format(companies=companies, table=table), encoding="utf-8")


PAGE = """# Measured: people beside their peers

Written by `python benchmarks/team.py --markdown docs/team.md`; {companies} simulated companies a row, one
year of records each, five measures a person (sales, size of orders, won deals, margin, visits). The companies
are made with other means than the comparison counts with: single orders of log-normal size at 25
customers of different weight, lucky and unlucky months of each person, weeks of many and few visits.

- **spread of ability**: standard deviation between people on the log scale; 0 means that all are equally
  able, so that every "above" or "below" is false.
- **with a false name**: share of companies in which at least one person was put above or below the peers
  though the truth was otherwise.
- **named a company**: how many times somebody was put above or below; **of these wrong**: on the wrong side.
- **inside the 80 % range**: share of true values within the range that is given for them (80 % is meant).
- **sales 30 % off: found**: of those who truly sell a third more, or a quarter less, than the mean, how many
  were named.

{table}

Read it like this: among equals hardly anybody is called a talent, and hardly anybody is called weak. The
price is that real differences of a usual size often end as "too little to say": one year of one person's
orders does not tell more. That is no fault of the person, and no reason to wait either: ask, go along on
visits, look at the deals.
"""


if __name__ == "__main__":
    main()
