"""The SMART questions as rules that can fail: specific, measurable, achievable, relevant, time-bound."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salesgoals.judging.case import Case
from salesgoals.windows import METRICS as WINDOW_METRICS

GOOD, WATCH, WRONG, UNKNOWN = "good", "warn", "bad", "unknown"
HOPELESS, POSSIBLE = .1, .3   # a chance below the first is believed by nobody, below the second by few
MANY = .1                     # share of people or goals from which a gap is wrong, not only worth a look
LATE_POINTS, LATE_TIMES = .03, 1.12  # how much more than usual the end of the period may carry
UNLIKE_USUAL = .08            # share of the goal that lies in other months than usual
QUARTER, HALF_YEAR = 3, 6     # months of a window without stages
BY_HAND = ("milestone",)
MOST_NAMES = 5


class Finding(NamedTuple):
    """What a rule says: its verdict, the code of its sentence, and the figures that the sentence needs."""

    rule: str
    verdict: str
    code: str
    values: dict[str, Any]


def specific(case: Case) -> Finding:
    """Every active person has a goal in every month, and every goal names its metric and its unit."""
    goals, rule = case.goals, "specific"
    if goals.person_id.isna().all():
        return Finding(rule, WRONG, "specific_nobody", {"count": len(goals)})
    if case.longest == 0:
        return Finding(rule, WRONG, "specific_none", {})
    blank = int(goals.goal.isna().sum())
    unnamed = int(goals.metric.isna().sum())
    unitless = int(goals.unit.isna().sum())
    people = int(goals.person_id.nunique())
    without = case.uncovered
    if len(without):
        names = _names(without)
        verdict = WRONG if len(without) >= MANY * (people + len(without)) else WATCH
        return Finding(rule, verdict, "specific_missing",
                       {"people": len(without), "months": int(without.months.sum()), **names})
    if blank:
        verdict = WRONG if blank >= MANY * len(goals) else WATCH
        return Finding(rule, verdict, "specific_blank", {"count": blank, "of": len(goals)})
    if unnamed or unitless:
        return Finding(rule, WATCH, "specific_unnamed",
                       {"metric": unnamed, "unit": unitless, "of": len(goals)})
    zero = case.people[case.people.goal <= 0]
    if len(zero):
        return Finding(rule, WATCH, "specific_zero", {"people": len(zero), **_names(zero)})
    return Finding(rule, GOOD, "specific_fine", {"count": len(goals), "people": people})


def measurable(case: Case) -> Finding | None:
    """Everything that a goal counts stands in the records."""
    if not len(case.known):
        return None
    known = case.known.set_index("metric")
    wanted = list(dict.fromkeys(case.goals.metric.fillna("amount")))
    for metric in wanted:
        if metric in known.index and not known.known[metric]:
            return Finding("measurable", WRONG, f"measurable_{known.reason[metric]}",
                           {"metric": metric, "share": float(known.covered[metric])})
        if metric not in (*known.index, *WINDOW_METRICS, *BY_HAND):
            return Finding("measurable", WRONG, "measurable_unknown", {"metric": metric})
    through = known.through[known.known].min()
    metrics = [metric for metric in wanted if metric in known.index]
    if metrics:
        through = known.through[metrics].min()
    return Finding("measurable", GOOD, "measurable_fine",
                   {"metrics": wanted, "month_through": f"{through:%Y-%m}"})


def achievable(case: Case) -> Finding:
    """The whole has a fair chance, and nobody's goal is out of reach."""
    if not np.isfinite(case.chance):
        return Finding("achievable", UNKNOWN, "achievable_unknown", {"months": case.seen})
    people = case.people[case.people.chance.notna()]
    low, high = float(people.chance.min()), float(people.chance.max())
    verdict = GOOD if case.chance >= POSSIBLE else WATCH if case.chance >= HOPELESS else WRONG
    values: dict[str, Any] = {"chance": case.chance, "chance_low": low, "chance_high": high}
    hopeless = people[people.chance < HOPELESS].sort_values("chance", kind="stable")
    if len(hopeless) and len(people) > 1:
        verdict = WATCH if verdict == GOOD else verdict
        return Finding("achievable", verdict, "achievable_people",
                       {**values, "people": len(hopeless), "chance_limit": HOPELESS, **_names(hopeless)})
    return Finding("achievable", verdict, "achievable_fine" if verdict == GOOD else "achievable_hard", values)


def relevant(case: Case) -> Finding:
    """The goal belongs to what the records let expect: neither below its range nor beyond it."""
    if not np.isfinite(case.expected) or not case.goal > 0:
        return Finding("relevant", UNKNOWN, "relevant_unknown", {"months": case.seen})
    growth, usual = case.growth, case.expected / case.base - 1 if case.base > 0 else np.nan
    values = {"money_goal": case.goal, "money_expected": case.expected, "money_low": case.low,
              "money_high": case.high, "growth": float(growth), "growth_expected": float(usual)}
    if case.goal > case.high:
        return Finding("relevant", WATCH, "relevant_above", values)
    if case.goal < case.low:
        return Finding("relevant", WATCH, "relevant_below", values)
    return Finding("relevant", GOOD, "relevant_fine", values)


def time_bound(case: Case) -> Finding:
    """The goal is cut into months, laid as the year usually runs, not pushed to the end."""
    if case.longest == 0:
        return Finding("time_bound", WRONG, "time_none", {})
    if case.longest > 1:
        verdict = WRONG if case.longest > HALF_YEAR else WATCH if case.longest >= QUARTER else GOOD
        return Finding("time_bound", verdict, "time_long" if verdict != GOOD else "time_short",
                       {"months": case.longest})
    table = case.months
    total = float(table.goal.sum())
    if len(table) < 2 or total <= 0:
        return Finding("time_bound", GOOD, "time_short", {"months": len(table)})
    share = table.goal / total
    largest = int(share.to_numpy().argmax())
    values = {"months": len(table), "month_largest": f"{table.month.iloc[largest]:%Y-%m}",
              "share_largest": float(share.iloc[largest])}
    if table.usual.isna().any():
        return Finding("time_bound", GOOD, "time_fine", values)
    end = max(1, round(len(table) / 4))
    late, usual = float(share.iloc[-end:].sum()), float(table.usual.iloc[-end:].sum())
    if late > max(usual + LATE_POINTS, usual * LATE_TIMES):
        return Finding("time_bound", WRONG, "time_late",
                       {"months": end, "share_late": late, "share_usual": usual})
    elsewhere = float((share - table.usual).abs().sum()) / 2
    if elsewhere > UNLIKE_USUAL:
        worst = int((share - table.usual).abs().to_numpy().argmax())
        return Finding("time_bound", WATCH, "time_unlike", {
            "share_elsewhere": elsewhere, "month_worst": f"{table.month.iloc[worst]:%Y-%m}",
            "share_goal": float(share.iloc[worst]), "share_usual": float(table.usual.iloc[worst])})
    return Finding("time_bound", GOOD, "time_fine", values)


def _names(people: pd.DataFrame) -> dict[str, Any]:
    """Name the first few people: by name, and by id where names are shared or missing."""
    first = people.head(MOST_NAMES)
    return {"names": [str(name) for name in first.person.fillna(first.person_id)],
            "ids": [str(key) for key in first.person_id], "rest": max(0, len(people) - MOST_NAMES)}
