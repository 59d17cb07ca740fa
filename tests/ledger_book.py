"""Small ledgers for tests: goals of a few people, and what a ledger says, as plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from salesgoals.ledger import Ledger, open_ledger
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Workspace, new_workspace

PEOPLE = {"1": "Li", "2": "Wu", "3": 'Ed "the", one'}


def empty_workspace(folder: Path, company: str = "Small & Co") -> Workspace:
    return new_workspace(folder, language="en", company=company, currency="CNY")


def goals_of(values: dict[str, Any], month: str = "2026-01-01", line: str | None = "pumps",
             metric: str = "amount") -> pd.DataFrame:
    """One goal for each person of one month."""
    return pd.DataFrame({
        "department": "North", "team": "North 1", "person_id": list(values),
        "person": [PEOPLE.get(person, person) for person in values], "month": pd.Timestamp(month),
        "product_line": line, "metric": metric, "goal": pd.Series(list(values.values()), dtype=object),
        "unit": 100})


def fill(ledger: Ledger) -> None:
    """Four entries in two versions, one of them an undo."""
    ledger.record("proposed", goals_of({"1": 100, "2": 200, "3": 300}), who="Zhang", why="plan")
    ledger.record("claimed", goals_of({"1": 120}), who="Li", why="new customer")
    ledger.record("proposed", goals_of({"2": 250.5, "3": None}), who="Zhang", why="change")
    ledger.undo(3, "Zhang", "too much")


def filled(folder: Path) -> Workspace:
    workspace = empty_workspace(folder)
    with open_ledger(workspace) as ledger:
        fill(ledger)
    return workspace


def saying(workspace: Workspace) -> str:
    """Everything a ledger says: its entries and the goals after each; or that it cannot be read."""
    with open_ledger(workspace) as ledger:
        try:
            history = ledger.history()
            states = [ledger.as_of(entry).to_csv() for entry in range(len(history) + 1)]
        except SalesgoalsError as error:
            return f"refused: {error}"
    return history.to_csv() + "\n".join(states)


def held(ledger: Ledger, when: Any = None, version: str | None = None) -> dict[tuple[str, ...], Any]:
    goals = ledger.as_of(when, version)
    keys = zip(goals.version, goals.person_id, goals.period_start.dt.strftime("%Y-%m"), strict=True)
    return dict(zip(keys, goals.goal.tolist(), strict=True))


def refused(workspace: Workspace, url: str | None, code: str, do: Any) -> str:
    """Do something that is refused with this code; returns the sentence."""
    with pytest.raises(SalesgoalsError) as caught, open_ledger(workspace, url) as ledger:
        do(ledger)
    assert [problem.code for problem in caught.value.problems] == [code]
    return str(caught.value)
