from __future__ import annotations

import csv
import json
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from company import true_workspace

from salesgoals.allocation.proof import verify_plan
from salesgoals.history import monthly_sales
from salesgoals.plans import (
    SavedPlan,
    estimate,
    last_twelve_months,
    load_plan,
    make_plan,
    save_plan,
    write_goals,
)
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import safe_for_excel, write_table
from salesgoals.workspace import Workspace, new_workspace, open_workspace

TOTAL = 180_000_000


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, SavedPlan]:
    workspace = true_workspace(tmp_path_factory.mktemp("planned") / "sample")
    saved = make_plan(workspace, TOTAL, "2026-07", method="equal_chance", unit=100)
    save_plan(workspace, saved)
    return workspace, saved


def test_a_saved_plan_comes_back_as_it_was(planned: tuple[Workspace, SavedPlan]) -> None:
    workspace, saved = planned
    loaded = load_plan(workspace)
    for part in ("plan", "forecast"):
        before, after = getattr(saved, part), getattr(loaded, part)
        for field in fields(before):
            one, other = getattr(before, field.name), getattr(after, field.name)
            if isinstance(one, pd.DataFrame):
                pd.testing.assert_frame_equal(one, other, check_dtype=False)
            elif isinstance(one, pd.Series):
                pd.testing.assert_series_equal(one, other, check_names=False, check_dtype=False)
            elif field.name == "notes":
                assert [note.text() for note in one] == [note.text() for note in other]
            else:
                assert one == other
    assert loaded.parameters == json.loads(json.dumps(saved.parameters))
    pd.testing.assert_frame_equal(loaded.board, saved.board, check_dtype=False)
    pd.testing.assert_frame_equal(loaded.methods, saved.methods, check_dtype=False)


def test_the_goals_file_proves_itself(planned: tuple[Workspace, SavedPlan], tmp_path: Path) -> None:
    """A stranger with the CSV alone can check every sum."""
    path = write_goals(planned[1], tmp_path / "goals.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["version", "department", "team", "person_id", "person", "month", "product_line",
                             "metric", "goal", "unit"]
    assert sum(int(row["goal"]) for row in rows) == TOTAL
    assert all(int(row["goal"]) % 100 == 0 and int(row["goal"]) >= 0 for row in rows)
    assert len({row["month"] for row in rows}) == 12
    goals = pd.read_csv(path, dtype={"person_id": str})
    goals["month"] = pd.to_datetime(goals.month)
    assert (verify_plan(goals, TOTAL).difference == 0).all()
    assert tmp_path.joinpath("goals_proof.csv").exists()


def test_words_from_data_cannot_become_formulas() -> None:
    risky = pd.DataFrame({"person": ["=1+1", "@x", "-2", "+3", "Ann", "\tq", None], "goal": [-1] * 7})
    safe = safe_for_excel(risky)
    assert safe.person.tolist()[:6] == ["'=1+1", "'@x", "'-2", "'+3", "Ann", "'\tq"]
    assert safe.goal.tolist() == [-1] * 7


def test_changed_data_make_the_plan_outdated(tmp_path: Path) -> None:
    workspace = true_workspace(tmp_path)
    save_plan(workspace, make_plan(workspace, TOTAL, "2026-07", unit=100))
    load_plan(workspace)
    write_table(tmp_path / "tables", "orders", workspace.tables["orders"].iloc[:-1])
    with pytest.raises(SalesgoalsError, match="salesgoals plan again"):
        load_plan(workspace)


def test_a_plan_is_marked_with_the_data_it_was_made_from(tmp_path: Path) -> None:
    """A collect between reading and planning must not label the plan with data it never saw."""
    workspace = true_workspace(tmp_path)
    mark = workspace.fingerprint
    write_table(tmp_path / "tables", "orders", workspace.tables["orders"].iloc[:-1])
    saved = make_plan(workspace, TOTAL, "2026-07", unit=100)
    assert saved.parameters["data_fingerprint"] == mark
    save_plan(workspace, saved)
    with pytest.raises(SalesgoalsError, match="have changed"):
        load_plan(workspace)


def test_without_a_plan_or_sales_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SalesgoalsError, match="salesgoals plan"):
        load_plan(true_workspace(tmp_path / "a"))
    empty = new_workspace(tmp_path / "b")
    write_table(empty.folder / "tables", "people", empty.tables["people"])
    with pytest.raises(SalesgoalsError, match="no sale"):
        estimate(open_workspace(tmp_path / "b"))


def test_a_shorter_plan_is_measured_by_the_same_months(tmp_path: Path) -> None:
    workspace = true_workspace(tmp_path)
    monthly = monthly_sales(workspace.tables).groupby("month").amount.sum()
    whole = last_twelve_months(workspace)
    assert whole == pytest.approx(monthly.tail(12).sum())
    assert last_twelve_months(workspace, "2026-07", 6) == pytest.approx(monthly["2025-07":"2025-12"].sum())
    assert last_twelve_months(workspace, "2027-01", 6) == pytest.approx(monthly["2026-01":"2026-06"].sum())
    assert last_twelve_months(workspace, "2026-07", 24) == pytest.approx(2 * whole)
