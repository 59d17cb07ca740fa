"""The four classic errors as rules that can fail: only revenue, no market, one size for all, no process."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salesgoals.judging.case import YEAR, Case
from salesgoals.judging.smart_rules import GOOD, HOPELESS, MANY, UNKNOWN, WATCH, WRONG, Finding

TURNOVER = ("amount", "quantity", "deals")
PROCESS = ("activities", "opportunities", "visits", "calls", "quotes", "milestone")
FAR = .1            # points of growth between goal and market
ALIKE = .01         # goals within 1 % of one yardstick are the same goal
NEARLY_ALL = .8     # of the people
FEWEST = 5          # people for whom "all alike" can be told
UNEQUAL = .3        # between the quarter of people with the best and with the worst chances


class Yardstick(NamedTuple):
    """One measure that nearly everybody's goal was cut by."""

    code: str
    value: float
    people: int
    of: int


def only_revenue(case: Case) -> Finding:
    """Something beside revenue counts; above all where a line sells more and earns less."""
    metrics = set(case.goals.metric.fillna("amount"))
    falling = case.lines[case.lines.falls & (case.lines.goal_growth > 0)] if len(case.lines) else case.lines
    values: dict[str, Any] = {}
    if len(falling):
        worst = falling.sort_values("now", ascending=False).iloc[0]
        values = {"line": str(worst.product_line), "share_before": float(worst.rate_before),
                  "share_now": float(worst.rate_now), "growth": float(worst.now / worst.before - 1),
                  "growth_goal": float(worst.goal_growth), "others": len(falling) - 1}
    if metrics <= set(TURNOVER):
        if values:
            return Finding("only_revenue", WRONG, "revenue_falling", values)
        seen = len(case.known) and bool(case.known.set_index("metric").known["margin"])
        return Finding("only_revenue", WATCH, "revenue_only" if seen else "revenue_no_cost", {})
    if values and "margin" not in metrics:
        return Finding("only_revenue", WATCH, "revenue_no_margin", values)
    if values:
        return Finding("only_revenue", WATCH, "revenue_margin_falling", values)
    return Finding("only_revenue", GOOD, "revenue_fine", {"metrics": sorted(metrics)})


def market_ignored(case: Case) -> Finding:
    """The goal's growth has something to do with the market's."""
    growth = case.growth
    if not np.isfinite(growth):
        return Finding("market_ignored", UNKNOWN, "market_no_base", {"months": case.seen})
    if not np.isfinite(case.market):
        return Finding("market_ignored", UNKNOWN, "market_unknown", {"growth": growth})
    values = {"growth": growth, "growth_market": case.market}
    if abs(growth - case.market) <= FAR:
        return Finding("market_ignored", GOOD, "market_fine", values)
    code = "market_above" if growth > case.market else "market_below"
    return Finding("market_ignored", WATCH, code, values)


def one_size(case: Case) -> Finding:
    """Goals differ as people do: no one rise and no one amount for all, and chances not far apart."""
    people = case.people[case.people.goal > 0]
    if len(people) < FEWEST:
        return Finding("one_size", UNKNOWN, "size_few", {"people": len(people)})
    chances = people.chance.dropna()
    values: dict[str, Any] = {}
    spread = np.nan
    if len(chances) >= FEWEST:
        low, high = float(chances.quantile(.25)), float(chances.quantile(.75))
        spread, values = high - low, {"chance_low": low, "chance_high": high}
    if found := find_yardstick(case):
        fits_all = np.isfinite(spread) and spread <= UNEQUAL / 2 and chances.min() >= HOPELESS
        verdict = WATCH if fits_all else WRONG
        if found.code == "size_same_amount":
            values["money_each"] = found.value
        else:
            values["growth"] = found.value
        code = found.code if "chance_low" in values else f"{found.code}_plain"
        return Finding("one_size", verdict, code, {**values, "people": found.people, "of": found.of})
    if not np.isfinite(spread):
        return Finding("one_size", UNKNOWN, "size_no_chances", {"people": len(people)})
    return Finding("one_size", WATCH if spread > UNEQUAL else GOOD, "size_spread" if spread > UNEQUAL else
                   "size_fine", values)


def find_yardstick(case: Case) -> Yardstick | None:
    """Find out from the goals alone whether all were cut by one measure.

    Returns
    -------
    Yardstick or None
        ``size_same_rise`` (on the same months a year before), ``size_same_share`` (on the last 12 months
        before; the rise is worked out with the share of a year that the period brings) or
        ``size_same_amount`` (each month of everybody the same); None if goals follow no one measure.
    """
    people = case.people[(case.people.goal > 0) & (case.people.months == case.people.months.max())]
    grown = people[people.seen >= YEAR]
    found = []
    for code, column in (("size_same_rise", "same"), ("size_same_share", "last_12")):
        known = grown[grown[column] > 0]
        if len(known) >= FEWEST:
            found.append((code, *_alike(known.goal / known[column])))
    if len(people) >= FEWEST:
        found.append(("size_same_amount", *_alike(people.goal / people.months)))
    best = max(found, key=lambda row: row[2] / row[3], default=None)
    if best is None or best[2] < NEARLY_ALL * best[3]:
        return None
    code, middle, alike, of = best
    if code == "size_same_share":
        middle = middle / case.scale - 1 if case.scale > 0 else np.nan
        code = code if np.isfinite(middle) else "size_same_rise"
    elif code == "size_same_rise":
        middle -= 1
    return Yardstick(code, float(middle), alike, of)


def _alike(ratio: pd.Series) -> tuple[float, int, int]:
    middle = float(ratio.median())
    return middle, int(((ratio / middle - 1).abs() <= ALIKE).sum()), len(ratio)


def no_process(case: Case) -> Finding:
    """Beside the result, something counts that people do every week."""
    mine = case.goals[case.goals.metric.isin(PROCESS) & case.goals.person_id.notna()]
    people = case.goals.person_id.nunique()
    if mine.person_id.nunique() > MANY * people:
        return Finding("no_process", GOOD, "process_fine",
                       {"metrics": sorted(mine.metric.unique()), "people": int(mine.person_id.nunique())})
    if not len(case.known):
        return Finding("no_process", WATCH, "process_none", {})
    known = case.known.set_index("metric")
    there = [metric for metric in ("activities", "opportunities") if known.known[metric]]
    if not there:
        return Finding("no_process", WATCH, "process_no_records", {})
    return Finding("no_process", WATCH, "process_possible",
                   {"metrics": there, "count": int(known.last_12[there[0]])})
