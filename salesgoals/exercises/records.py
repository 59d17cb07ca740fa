"""Exercises of lessons 0 and 1: the records, and what was set aside while collecting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import plain, read_month, read_number, read_share
from salesgoals.history import monthly_sales
from salesgoals.lessons import spelling_twins
from salesgoals.workspace import Workspace

NEAR = .005     # of a growth


@kept
def _monthly_totals(workspace: Workspace) -> pd.Series:
    return monthly_sales(workspace.tables).groupby("month").amount.sum()


@judges("0.1", case=lambda workspace: len(_monthly_totals(workspace)) > 1)
def _best_of_the_rest(workspace: Workspace, answer: Any) -> str:
    totals, month = _monthly_totals(workspace), read_month(answer)
    if month is None:
        return "needs_month"
    if month not in totals.index:
        return "outside"
    if month == totals.idxmax():
        return "record"
    if totals[month] == totals.drop(totals.idxmax()).max():
        return RIGHT
    return "lowest" if month == totals.idxmin() else "not_yet"


@plans("0.1")
def _months_planned(workspace: Workspace) -> Planned:
    ranked = _monthly_totals(workspace).sort_values(ascending=False, kind="stable")
    second = ranked.index[1]
    wrong: dict[str, tuple[Any, ...]] = {
        "record": (f"{ranked.index[0]:%Y-%m}",), "outside": ("1999-01",), "needs_month": ("13", "May")}
    if ranked.iloc[-1] < ranked.iloc[1]:
        wrong["lowest"] = (f"{ranked.index[-1]:%Y-%m}",)
    return Planned((f"{second:%Y-%m}", second, second.to_period("M")), wrong)


def _growths(workspace: Workspace) -> dict[str, float]:
    """The growth of the last 12 months on the 12 before, and what is taken for it."""
    totals = _monthly_totals(workspace)
    before, now = float(totals.iloc[-24:-12].sum()), float(totals.iloc[-12:].sum())
    return {RIGHT: now / before - 1, "ratio": now / before, "sign": 1 - now / before,
            "base": 1 - before / now}


@judges("0.2", case=lambda workspace: len(_monthly_totals(workspace)) >= 24)
def _year_on_year(workspace: Workspace, answer: Any) -> str:
    value = read_share(answer)
    if value is None:
        return "needs_number"
    return next((name for name, growth in _growths(workspace).items() if abs(value - growth) <= NEAR),
                "not_yet")


@plans("0.2")
def _growth_planned(workspace: Workspace) -> Planned:
    growths = _growths(workspace)
    right = growths[RIGHT]
    return Planned((right, f"{right:.2%}"), unlike(NEAR, growths) | {"needs_number": ("up",)})


def _aside(workspace: Workspace) -> pd.DataFrame:
    issues = workspace.issues
    return issues[(issues.level == "stop") & issues.row.notna()]


@kept
def _rows_aside(workspace: Workspace) -> tuple[set[int], set[int]]:
    """Rows set aside for their amount, and for whatever reason."""
    aside = _aside(workspace)
    return set(aside.row[aside.code == "collect.amount_unreadable"].astype(int)), set(aside.row.astype(int))


@judges("1.1", case=lambda workspace: "collect.amount_unreadable" in set(_aside(workspace).code))
def _unreadable_row(workspace: Workspace, answer: Any) -> str:
    amounts, rows = _rows_aside(workspace)
    value = read_number(answer)
    if value is None:
        return "needs_number"
    if value in amounts:
        return RIGHT
    if value in rows:
        return "other_reason"
    return "head_counted" if value + 1 in amounts or value + 2 in amounts else "not_yet"


@plans("1.1")
def _rows_planned(workspace: Workspace) -> Planned:
    amounts, rows = _rows_aside(workspace)
    shifted = sorted(row - 2 for row in amounts if row - 2 not in rows)
    others = sorted(rows - amounts)
    wrong: dict[str, tuple[Any, ...]] = {"needs_number": ("the first",)}
    wrong |= {"head_counted": (shifted[0],)} if shifted else {}
    wrong |= {"other_reason": (others[0],)} if others else {}
    row = min(amounts)
    return Planned((row, str(row), float(row)), wrong)


@judges("1.2", case=lambda workspace: bool(spelling_twins(workspace)))
def _alias(workspace: Workspace, answer: Any) -> str:
    twins = spelling_twins(workspace)
    if not isinstance(answer, Mapping) or not len(answer):
        return "needs_pair"
    given = {str(key).strip(): str(value).strip() for key, value in answer.items()}
    if given == twins:
        return RIGHT
    if {value: key for key, value in given.items()} == twins:
        return "turned"
    if all(twins.get(key) == value for key, value in given.items()):
        return "some_missing"
    listed = {plain(str(name)) for name in workspace.tables["products"]["product"].dropna()}
    return "not_listed" if any(plain(value) not in listed for value in given.values()) else "not_yet"


@plans("1.2")
def _names_planned(workspace: Workspace) -> Planned:
    twins = spelling_twins(workspace)
    written, meant = next(iter(twins.items()))
    wrong: dict[str, tuple[Any, ...]] = {
        "turned": ({value: key for key, value in twins.items()},), "not_listed": ({written: "?"},),
        "needs_pair": ((written, meant), meant, {})}
    wrong |= {"some_missing": ({written: meant},)} if len(twins) > 1 else {}
    return Planned((twins, {f" {key}": value for key, value in twins.items()}), wrong)
