"""Exercises of lesson 2: what the market gave, and which line earns less the more it sells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_choice, read_number
from salesgoals.market import growth_against_market, margin_causes
from salesgoals.workspace import Workspace

CLOSE = .005    # of the right amount
NEARLY = .01    # losses that differ by less are the same


@kept
def _company(workspace: Workspace) -> pd.Series:
    found = growth_against_market(workspace.tables, by=None)
    return found.iloc[0] if len(found) else pd.Series({"market": np.nan})


@kept
def _values(workspace: Workspace) -> dict[str, float]:
    """What the market gave, in money, and what is taken for it."""
    company = _company(workspace)
    levels_only = {**workspace.tables, "market": workspace.tables["market"].assign(growth=np.nan)}
    levels = growth_against_market(levels_only, by=None).market.iloc[0]
    return {RIGHT: float(company.market), "levels": float(levels), "whole": float(company.change),
            "beyond": float(company.share), "growth_only": float(company.market / company.before)}


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= CLOSE * abs(wanted)


@judges("2.1", case=lambda workspace: bool(np.isfinite(_company(workspace).market)))
def _from_the_market(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    return next((name for name, wrong in _values(workspace).items() if _near(value, wrong)),
                "not_yet")


@plans("2.1")
def _market_planned(workspace: Workspace) -> Planned:
    values = {name: value for name, value in _values(workspace).items() if np.isfinite(value)}
    right = values[RIGHT]
    return Planned((right, f"{right:,.0f}"),
                   unlike(CLOSE * abs(right), values) | {"needs_number": ("a lot",)})


@kept
def _losses(workspace: Workspace) -> pd.Series:
    causes = margin_causes(workspace.tables)
    causes = causes[(causes.part != "") & causes.money.notna()]
    return causes.set_index("part").money.astype("float64")


@judges("2.2", case=lambda workspace: len(_losses(workspace)) > 1 and _losses(workspace).min() < 0)
def _losing_line(workspace: Workspace, answer: Any) -> str:
    losses = _losses(workspace)
    named = read_choice(answer, {str(line): () for line in losses.index})
    if not named:
        return "unknown"
    if losses[named].min() <= losses.min() * (1 - NEARLY):
        return RIGHT
    return "gains" if losses[named].max() >= 0 else "not_yet"


@plans("2.2")
def _lines_planned(workspace: Workspace) -> Planned:
    losses = _losses(workspace).sort_values(kind="stable")
    wrong: dict[str, tuple[Any, ...]] = {"unknown": ("?", 3)}
    wrong |= {"gains": (losses.index[-1],)} if losses.iloc[-1] >= 0 else {}
    between = losses[(losses > losses.iloc[0] * (1 - NEARLY)) & (losses < 0)]
    wrong |= {"not_yet": (between.index[-1],)} if len(between) else {}
    return Planned((losses.index[0], f" {losses.index[0]} "), wrong)
