from __future__ import annotations

import csv
import json
import re
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from company import true_workspace

from salesgoals.allocation.proof import verify_plan
from salesgoals.plans import (
    SavedPlan,
    _until,
    estimate,
    load_plan,
    make_plan,
    open_report,
    report_names,
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


def test_without_a_plan_or_sales_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SalesgoalsError, match="salesgoals plan"):
        load_plan(true_workspace(tmp_path / "a"))
    empty = new_workspace(tmp_path / "b")
    write_table(empty.folder / "tables", "people", empty.tables["people"])
    with pytest.raises(SalesgoalsError, match="no sale"):
        estimate(open_workspace(tmp_path / "b"))


def strings_in(report: object) -> str:
    """Everything a report holds, as one text."""
    parts = []
    for field in fields(report):
        value = getattr(report, field.name)
        if isinstance(value, pd.DataFrame | pd.Series):
            parts.append(value.to_csv())
        elif hasattr(value, "__dataclass_fields__"):
            parts.append(strings_in(value))
        else:
            parts.append(repr(value))
    return "\n".join(parts)


@pytest.mark.parametrize("by", ["team", "person"])
def test_a_reader_sees_only_what_is_the_readers(planned: tuple[Workspace, SavedPlan], by: str) -> None:
    workspace, saved = planned
    people = saved.plan.people
    names = report_names(workspace, by)
    assert len(names) == (6 if by == "team" else len(people))
    for name in names.name.iloc[::5]:
        report = open_report(workspace, by, name)
        mine = set(report.plan.people.person_id)
        assert mine
        others = people[~people.person_id.isin(mine)]
        text = strings_in(report)
        words = set(re.split(r"[^\w.]+", text))
        leaked = [row.person for row in others.itertuples()
                  if row.person_id in words or (row.person not in set(report.plan.people.person)
                                                and row.person in text)]
        assert not leaked
        assert str(TOTAL) not in words
        assert report.plan.goals.goal.sum() == report.plan.people.goal.sum()


def test_the_teams_reports_add_up_to_the_company(planned: tuple[Workspace, SavedPlan]) -> None:
    workspace, _ = planned
    reports = [open_report(workspace, "team", name) for name in report_names(workspace, "team").name]
    assert sum(report.plan.goals.goal.sum() for report in reports) == TOTAL
    whole = open_report(workspace)
    assert sum(report.history.amount.sum() for report in reports) == pytest.approx(
        whole.history[whole.history.person_id != ""].amount.sum())


def test_a_readers_records_end_where_the_companys_do(planned: tuple[Workspace, SavedPlan]) -> None:
    """Who sold nothing in the last month has sold 0 in it; the last 12 months are the same for everybody."""
    workspace, saved = planned
    end = saved.history.month.max()
    quiet = saved.history.person_id[saved.history.month == end]
    ends = {name: open_report(workspace, "person", name).history.month.max()
            for name in saved.plan.people.person_id[~saved.plan.people.person_id.isin(quiet)]}
    assert set(ends.values()) <= {end}
    shortened = saved.history[saved.history.month < end]
    assert _until(shortened, end).month.max() == end
    assert _until(shortened, end).amount.sum() == shortened.amount.sum()


def test_an_unknown_reader_is_named(planned: tuple[Workspace, SavedPlan]) -> None:
    with pytest.raises(SalesgoalsError, match="nobody"):
        open_report(planned[0], "person", "nobody")
    with pytest.raises(SalesgoalsError, match="all, team and person"):
        report_names(planned[0], "planet")
