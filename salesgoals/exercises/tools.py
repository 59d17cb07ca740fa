"""Exercises of lesson 11: at which weight the winner changes, and what a missing score would have to be."""

from __future__ import annotations

from typing import Any

from salesgoals.choosing.flips import find_breakpoints
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.reading import read_number, read_share
from salesgoals.tools import Scoring, example_scores, score_tools
from salesgoals.workspace import Workspace

NEARLY = .003       # of a weight
CLOSE = .03         # points of a score


def _scored() -> Scoring:
    example = example_scores()
    return score_tools(example.scores, example.weights, example.knock_outs)


def _weights() -> dict[str, float]:
    """The weight at which the winner changes, and what is taken for it."""
    first = find_breakpoints(_scored()).iloc[0]
    return {RIGHT: float(first.lower), "present": float(first.weight),
            "difference": float(first.weight - first.lower), "turned": 1 - float(first.lower)}


@judges("11.1")
def _flipping_weight(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "needs_number"
    return next((name for name, weight in _weights().items() if abs(said - weight) <= NEARLY), "not_yet")


@plans("11.1")
def _weights_planned(workspace: Workspace) -> Planned:
    weights = _weights()
    right = weights[RIGHT]
    return Planned((right, f"{right:.1%}", right * 100),
                   unlike(NEARLY, weights) | {"needs_number": ("less",)})


def _needed() -> tuple[float, float]:
    """The score that would do, and the highest there is."""
    scoring = _scored()
    unsure = scoring.means.index[scoring.means.isna().any(axis=1)][0]
    place = scoring.means.columns[scoring.means.loc[unsure].isna()][0]
    has = float((scoring.means.loc[unsure] * scoring.weights).sum())
    return (float(scoring.ranking.total.iloc[0]) - has) / float(scoring.weights[place]), scoring.scale[1]


@judges("11.2")
def _score_that_would_do(workspace: Workspace, answer: Any) -> str:
    said = read_number(answer)
    if said is None:
        return "needs_number"
    needed, highest = _needed()
    if abs(said - needed) <= CLOSE:
        return RIGHT
    if not 0 <= said <= highest:
        return "no_score"
    return "over" if said > needed else "under"


@plans("11.2")
def _scores_planned(workspace: Workspace) -> Planned:
    needed, highest = _needed()
    return Planned((needed, f"{needed:.2f}"), {
        "over": ((needed + highest) / 2,), "under": (needed / 2,), "no_score": (highest + 1, -1),
        "needs_number": ("high",)})
