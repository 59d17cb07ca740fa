"""The object of progress report and retrospective: made once, cut to each reader, fresh when it must be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_company import small_company

from salesgoals import period_reports
from salesgoals.in_force import goals_by_person, goals_in_force
from salesgoals.ledger import open_ledger
from salesgoals.period_reports import CutStudies, make_period_report, open_period_report, period_readers
from salesgoals.periods import read_period
from salesgoals.plans import make_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.sample import practice_workspace, sample_workspace
from salesgoals.tables import write_table
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return practice_workspace(sample_workspace("zh"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    tables = {
        "step_units": pd.DataFrame({"by": ["all", "team", "team", "person", "person", "person"],
                                    "unit": ["all", "east/one", "east/two", "1", "2", "3"],
                                    "value": range(6)}),
        "step_people": pd.DataFrame({"person_id": ["1", "2", "3"], "value": range(3)}),
        "step_company": pd.DataFrame({"value": [1]})}
    for name, table in tables.items():
        table.to_parquet(tmp_path / f"{name}.parquet")
    return {name: tmp_path / f"{name}.parquet" for name in tables}


def test_each_reader_sees_the_own_rows_only(files: dict[str, Path]) -> None:
    whole = CutStudies(files, "all", "all", ["1", "2", "3"])
    assert [len(whole[name]) for name in files] == [6, 3, 1]
    team = CutStudies(files, "team", "east/one", ["1", "2"])
    assert team["step_units"].unit.tolist() == ["east/one", "1", "2"]
    assert team["step_people"].person_id.tolist() == ["1", "2"]
    assert list(team) == ["step_units", "step_people"]
    person = CutStudies(files, "person", "1", ["1"])
    assert person["step_units"].unit.tolist() == ["1"]
    assert person["step_people"].person_id.tolist() == ["1"]
    with pytest.raises(KeyError):
        person["step_company"]


def test_a_person_whose_id_is_the_name_of_a_team_gets_no_team(tmp_path: Path) -> None:
    pd.DataFrame({"by": ["team", "person"], "unit": ["east/one", "east/one"], "value": [1, 2]}).to_parquet(
        tmp_path / "step_units.parquet")
    odd = CutStudies({"step_units": tmp_path / "step_units.parquet"}, "person", "east/one", ["east/one"])
    assert odd["step_units"].value.tolist() == [2]


def test_readers_of_a_period(workspace: Workspace) -> None:
    assert len(period_readers(workspace, "progress", "2026-05", "person")) == 34
    teams = period_readers(workspace, "progress", "2026-05", "team")
    assert teams.people.sum() == 34
    # In the period before, the one who left in September was still there.
    assert len(period_readers(workspace, "retro", "2025-Q3", "person")) == 34
    assert "00024" in set(period_readers(workspace, "retro", "2025-Q3", "person")["name"])
    with pytest.raises(SalesgoalsError):
        open_period_report(workspace, "progress", "2026-05", "person", "nobody")


def test_goals_of_a_team_are_its_own(workspace: Workspace) -> None:
    report = open_period_report(workspace, "retro", "2026-H1", "team", "华南销售部/华南二组")
    assert set(report.goals.person_id) == set(report.people.person_id)
    assert not report.running
    assert report.parameters["source"] == "export"
    running = open_period_report(workspace, "progress", "2026-06", day="2026-06-10")
    assert running.running
    assert running.day == pd.Timestamp("2026-06-10")


@pytest.mark.parametrize(("period", "day"), [("2026-07", None), ("2026-06", "2026-07-01"),
                                             ("2026-06", "tomorrow"), ("2019", None)])
def test_what_cannot_be_looked_at_is_refused(workspace: Workspace, period: str, day: str | None) -> None:
    with pytest.raises(SalesgoalsError, match=r"2026|2019"):
        make_period_report(workspace, "progress", period, day)


def test_made_once_and_again_when_something_changed(workspace: Workspace,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def study(*args: object) -> dict[str, pd.DataFrame]:
        calls.append(args)
        return {}

    monkeypatch.setattr(period_reports, "study_retro", study)
    monkeypatch.setattr(period_reports, "mark_of_code", lambda: "this test")
    folder = make_period_report(workspace, "retro", "2026-04")
    make_period_report(workspace, "retro", "2026-04")
    assert len(calls) == 1
    (folder.parent / "session.toml").write_text("", encoding="utf-8")
    make_period_report(workspace, "retro", "2026-04")
    assert len(calls) == 2
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", goals_in_force(workspace, read_period("2026-04")).head(3).assign(goal=5.0),
                      who="me", why="a test")
    make_period_report(workspace, "retro", "2026-04")
    assert len(calls) == 3
    assert (folder.parent / "session.toml").exists()


def test_goals_in_force_come_from_the_ledger_then_the_plan_then_the_exports() -> None:
    workspace = practice_workspace(sample_workspace("zh"))
    half = read_period("2026-H1")
    exported = goals_in_force(workspace, half)
    assert set(exported.source) == {"export"}
    assert exported.goal.sum() == goals_by_person(exported).sum() == 85_950_000
    summer = read_period("2026-Q3")
    assert goals_in_force(workspace, summer).empty
    plan = make_plan(workspace, 90_000_000, "2026-07", 6, unit=100)
    save_plan(workspace, plan)
    recorded = goals_in_force(workspace, summer)
    goals = plan.plan.goals
    assert set(recorded.source) == {"ledger"}
    assert recorded.goal.sum() == goals.goal[goals.month < "2026-10-01"].sum()
    (workspace.folder / "ledger.db").unlink()
    planned = goals_in_force(workspace, summer)
    assert set(planned.source) == {"plan"}
    assert planned.goal.sum() == recorded.goal.sum()
    # What was agreed comes before a later proposal; a claim is no goal.
    with open_ledger(workspace) as ledger:
        rows = planned.drop(columns="source")
        ledger.record("agreed", rows, who="me", why="agreed")
        ledger.record("proposed", rows.assign(goal=rows.goal * 2), who="me", why="what if")
        ledger.record("claimed", rows.assign(goal=rows.goal * 3), who="me", why="a wish")
    assert goals_in_force(workspace, summer).goal.sum() == planned.goal.sum()
    assert goals_in_force(workspace, summer, when=0).empty


def test_people_without_teams_are_no_team_with_a_goal_and_no_sales(tmp_path: Path) -> None:
    workspace = small_company(tmp_path / "w", people=4, months=18, lines=1)
    write_table(workspace.folder / "tables", "membership", workspace.tables["membership"].iloc[:0])
    workspace = open_workspace(workspace.folder)
    for language in ("zh", "en"):  # a plan names such people in the language of its day
        with in_language(language):
            plan = make_plan(workspace, 1_000_000, "2025-06", 3)
        save_plan(workspace, plan)
        report = open_period_report(workspace, "progress", "2025-06")
        board = report.study("process_pace")
        assert set(board.by) == {"all", "person"}
        assert report.people.department.isna().all()
        assert board.goal[board.by == "all"].item() == board.goal[board.by == "person"].sum() > 0
        assert period_readers(workspace, "progress", "2025-06", "team").empty
