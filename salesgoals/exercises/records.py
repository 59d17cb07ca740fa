"""Exercises of lessons 0 and 1: the records, and what was set aside while collecting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, judges, read_number, read_share
from salesgoals.history import monthly_sales
from salesgoals.lessons import spelling_twins
from salesgoals.workspace import Workspace


def _monthly_totals(workspace: Workspace) -> pd.Series:
    return monthly_sales(workspace.tables).groupby("month").amount.sum()


@judges("0.1", case=lambda workspace: len(_monthly_totals(workspace)) > 1)
def _best_of_the_rest(workspace: Workspace, answer: Any) -> str:
    totals = _monthly_totals(workspace)
    given = answer if isinstance(answer, str | pd.Period) else pd.Timestamp(answer)
    month = pd.Period(given, "M").to_timestamp()
    if month not in totals.index:
        return "outside"
    if month == totals.idxmax():
        return "record"
    return RIGHT if totals[month] == totals.drop(totals.idxmax()).max() else "not_yet"


@judges("0.2", case=lambda workspace: len(_monthly_totals(workspace)) >= 24)
def _year_on_year(workspace: Workspace, answer: Any) -> str:
    totals = _monthly_totals(workspace)
    growth = totals.iloc[-12:].sum() / totals.iloc[-24:-12].sum() - 1
    value = read_share(answer)
    if value is None:
        return "needs_number"
    if abs(value - growth) <= 0.005:
        return RIGHT
    if abs(value - (1 + growth)) <= 0.005:
        return "ratio"
    if growth and abs(value + growth) <= 0.005:
        return "sign"
    return "not_yet"


def _aside(workspace: Workspace) -> pd.DataFrame:
    issues = workspace.issues
    return issues[(issues.level == "stop") & issues.row.notna()]


@judges("1.1", case=lambda workspace: "collect.amount_unreadable" in set(_aside(workspace).code))
def _unreadable_row(workspace: Workspace, answer: Any) -> str:
    aside = _aside(workspace)
    amounts = aside[aside.code == "collect.amount_unreadable"]
    value = read_number(answer)
    if value is None:
        return "needs_number"
    if int(value) in set(amounts.row.astype(int)):
        return RIGHT
    return "other_reason" if int(value) in set(aside.row.astype(int)) else "not_yet"


@judges("1.2", case=lambda workspace: bool(spelling_twins(workspace)))
def _alias(workspace: Workspace, answer: Any) -> str:
    twins = spelling_twins(workspace)
    if not isinstance(answer, Mapping):
        return "needs_pair"
    given = {str(key): str(value) for key, value in answer.items()}
    if given and given == twins:
        return RIGHT
    return "turned" if given and {value: key for key, value in given.items()} == twins else "not_yet"
