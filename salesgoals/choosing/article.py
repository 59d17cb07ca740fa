"""What is known beforehand: the article's scores, an invented example, the traps of choosing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.choosing.cost import COST_COLUMNS
from salesgoals.words import say

BEST = 10.      # of the article's scale
UNKNOWN = "?"


@dataclass(frozen=True)
class ScoreSheet:
    """Everything that a comparison of tools rests on, as read from a sheet or made up for a lesson.

    Parameters
    ----------
    scores : DataFrame
        Columns tool, criterion, rater, score.
    weights : dict
        Criterion -> weight.
    knock_outs : DataFrame
        Columns tool, requirement, met (True, False or None).
    costs : DataFrame
        Columns tool, seats, price (a seat and month), setup, yearly; may be empty.
    """

    scores: pd.DataFrame
    weights: dict[str, float]
    knock_outs: pd.DataFrame
    costs: pd.DataFrame


@cache
def _read(name: str) -> dict[str, Any]:
    text = (resources.files("salesgoals.choosing") / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def article_table(criteria: int) -> pd.DataFrame:
    """List the article's systems; see :func:`salesgoals.tools.article_scores`."""
    rows = []
    for tool in _read("article")["tool"]:
        score = float(tool.get("score", np.nan))
        rows.append((say(f"tools.system_{tool['code']}"), score, tool["places"], tool["named"],
                     tool.get("links", 0), tool.get("by_its_vendor", False), worst_hidden(score, criteria)))
    return pd.DataFrame(rows, columns=["tool", "score", "places", "named", "links", "by_its_vendor",
                                       "may_hide"])


def worst_hidden(score: float, criteria: int, best: float = BEST) -> float:
    """Return the lowest score that one criterion can have when the mean of all is as given.

    Examples
    --------
    >>> round(worst_hidden(9.5, 5), 2), round(worst_hidden(9.2, 5), 2), worst_hidden(8., 5)
    (7.5, 6.0, 0.0)
    """
    if score != score:
        return float("nan")
    return max(0., criteria * score - (criteria - 1) * best)


def example_sheet() -> ScoreSheet:
    """Return an invented comparison; see :func:`salesgoals.tools.example_scores`."""
    made = _read("example")
    tools = [say(f"tools.example_{code}") for code in made["tools"]]
    scores = [(tool, say(f"tools.criterion_{criterion}"), say(f"tools.rater_{rater}"), _known(score))
              for criterion, by_rater in made["scores"].items() for rater in made["raters"]
              for tool, score in zip(tools, by_rater[rater], strict=True)]
    met = [(tool, say(f"tools.must_{code}"), None if answer == UNKNOWN else answer)
           for code, answers in made["knock_outs"].items()
           for tool, answer in zip(tools, answers, strict=True)]
    costs = [(say(f"tools.example_{code}"), *map(_known, values)) for code, values in made["costs"].items()]
    return ScoreSheet(
        pd.DataFrame(scores, columns=["tool", "criterion", "rater", "score"]),
        {say(f"tools.criterion_{code}"): float(points) for code, points in made["weights"].items()},
        pd.DataFrame(met, columns=["tool", "requirement", "met"]).astype({"met": object}),
        pd.DataFrame(costs, columns=COST_COLUMNS))


def _known(value: Any) -> float:
    return float("nan") if value == UNKNOWN else float(value)


def trap_table() -> pd.DataFrame:
    """List the traps; see :func:`salesgoals.tools.checklist`."""
    rows = []
    for trap in _read("checklist")["trap"]:
        system = trap.get("system")
        rows.append((trap["area"], trap["code"], trap["basis"],
                     say(f"tools.system_{system}") if system else "", say(f"tools.trap_{trap['code']}"),
                     say(f"tools.do_{trap['code']}"), trap.get("source", "")))
    return pd.DataFrame(rows, columns=["area", "code", "basis", "system", "trap", "what_to_do", "source"])
