"""Exercises of lesson 11: at which weight the winner changes, and what a missing score would have to be."""

from __future__ import annotations

from typing import Any

from salesgoals.choosing.flips import find_breakpoints
from salesgoals.exercises.checking import RIGHT, judges, read_number, read_share
from salesgoals.tools import Scoring, example_scores, score_tools
from salesgoals.workspace import Workspace

NEARLY = .003       # of a weight
CLOSE = .03         # points of a score


def _scored() -> Scoring:
    example = example_scores()
    return score_tools(example.scores, example.weights, example.knock_outs)


@judges("11.1")
def _flipping_weight(workspace: Workspace, answer: Any) -> str:
    said = read_share(answer)
    if said is None:
        return "needs_number"
    first = find_breakpoints(_scored()).iloc[0]
    if abs(said - first.lower) <= NEARLY:
        return RIGHT
    return "present" if abs(said - first.weight) <= NEARLY else "not_yet"


@judges("11.2")
def _score_that_would_do(workspace: Workspace, answer: Any) -> str:
    said = read_number(answer)
    if said is None:
        return "needs_number"
    scoring = _scored()
    unsure = scoring.means.index[scoring.means.isna().any(axis=1)][0]
    place = scoring.means.columns[scoring.means.loc[unsure].isna()][0]
    has = float((scoring.means.loc[unsure] * scoring.weights).sum())
    needed = (float(scoring.ranking.total.iloc[0]) - has) / float(scoring.weights[place])
    if abs(said - needed) <= CLOSE:
        return RIGHT
    return "over" if needed < said <= scoring.scale[1] else "under" if 0 <= said < needed else "not_yet"
