"""Wished totals of further metrics, as people write them: 320, 12,000, +5%, or nothing (as last year)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from salesgoals.allocation.limits import parse_amount
from salesgoals.measuring.actuals import METRICS, MONEY, YEAR, Measures
from salesgoals.measuring.sharing import Pattern
from salesgoals.problems import Problem
from salesgoals.words import say

Wishes: TypeAlias = Mapping[str, float | str | None]
_CHANGE = re.compile(r"([+-]\s*\d+(?:\.\d+)?)\s*[%％]")


@dataclass(frozen=True)
class Wish:
    """A metric to set goals for; without a total it follows last year's ratio to the amount."""

    metric: str
    total: int | None
    asked: bool


def read_wishes(wishes: Wishes | None, measures: Measures, pattern: Pattern,
                unit: int, suggest: bool = False) -> tuple[list[Wish], list[Problem]]:
    """Read what is wished, and name everything that cannot be set.

    Parameters
    ----------
    wishes : mapping, optional
        Metric -> number, text, or nothing; without it, all result metrics that the records measure.
    measures : Measures
        What the records can measure.
    pattern : Pattern
        Gives the number of months: a change counts against the last 12 months, stretched to the plan.
    unit : int
        Goals in money are whole multiples of it.
    suggest : bool
        Add the usual metrics that nobody asked for.

    Returns
    -------
    tuple of (list of Wish, list of Problem)
        In the order of the metrics.
    """
    usual = [metric for metric, (_, process) in METRICS.items()
             if metric != "amount" and not process and measures.exists(metric)]
    found = {metric: Wish(metric, None, False) for metric in usual} if wishes is None or suggest else {}
    problems = []
    known = measures.known.set_index("metric")
    choices = ", ".join([*(metric for metric in METRICS if metric != "amount"), "milestone"])
    for metric, wish in (wishes or {}).items():
        if metric == "milestone" and not wish:
            continue  # newcomers' milestones are dated from their file, not shared out
        if metric not in METRICS or metric == "amount":
            problems.append(Problem("metrics.unknown", found=metric, known=choices))
            continue
        if not measures.exists(metric):
            reason = say(f"metrics.reason_{known.reason[metric]}", share=float(known.covered[metric]))
            problems.append(Problem("metrics.not_measurable", metric=metric, reason=reason))
            continue
        size = unit if METRICS[metric][0] == MONEY else 1
        total = _read(wish, measures, metric, len(pattern.months), size)
        if total is not None and (not math.isfinite(total) or total <= 0 or total % size):
            problems.append(Problem("metrics.wish_unusable", metric=metric, found=wish, unit=size))
            continue
        found[metric] = Wish(metric, None if total is None else int(total), True)
    return [found[metric] for metric in METRICS if metric in found], problems


def _read(wish: float | str | None, measures: Measures, metric: str, months: int, size: int) -> float | None:
    """Return the total, None for "as last year", NaN for what is no number."""
    if wish is None or (isinstance(wish, str) and not wish.strip()):
        return None
    if isinstance(wish, str):
        text = wish.strip()
        if change := _CHANGE.fullmatch(text):
            base = float(np.nansum(measures.last_12(metric))) * months / YEAR
            wanted = base * (1 + float(change.group(1).replace(" ", "")) / 100)
            return float(round(wanted / size) * size)
        amount = parse_amount(text)
        return float("nan") if amount is None else float(amount)
    if isinstance(wish, bool) or not isinstance(wish, (int, float, np.number)):
        return float("nan")
    return float(wish)
