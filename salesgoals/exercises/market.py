"""Exercises of lesson 2: what the market gave, and which line earns less the more it sells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.market import growth_against_market, margin_causes
from salesgoals.workspace import Workspace

CLOSE = .005    # of the right amount
NEARLY = .01    # losses that differ by less are the same


def _company(workspace: Workspace) -> pd.Series:
    found = growth_against_market(workspace.tables, by=None)
    return found.iloc[0] if len(found) else pd.Series({"market": np.nan})


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= CLOSE * abs(wanted)


@judges("2.1", case=lambda workspace: bool(np.isfinite(_company(workspace).market)))
def _from_the_market(workspace: Workspace, answer: Any) -> str:
    company, value = _company(workspace), read_number(answer)
    if value is None:
        return "needs_number"
    if _near(value, company.market):
        return RIGHT
    levels_only = {**workspace.tables, "market": workspace.tables["market"].assign(growth=np.nan)}
    if _near(value, float(growth_against_market(levels_only, by=None).market.iloc[0])):
        return "levels"
    if _near(value, company.change):
        return "whole"
    return "beyond" if _near(value, company.share) else "not_yet"


def _losses(workspace: Workspace) -> pd.Series:
    causes = margin_causes(workspace.tables)
    causes = causes[(causes.part != "") & causes.money.notna()]
    return causes.set_index("part").money.astype("float64")


@judges("2.2", case=lambda workspace: len(_losses(workspace)) > 1 and _losses(workspace).min() < 0)
def _losing_line(workspace: Workspace, answer: Any) -> str:
    losses = _losses(workspace)
    if not isinstance(answer, str) or answer.strip() not in losses.index:
        return "unknown"
    if losses[answer.strip()] <= losses.min() * (1 - NEARLY):
        return RIGHT
    return "gains" if losses[answer.strip()] >= 0 else "not_yet"
