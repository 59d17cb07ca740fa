"""A plain folder of exports becomes a workspace, and the folder stays as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import salesgoals.own_files as own_files
from salesgoals.own_files import workspace_of
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import new_workspace


def sales(folder: Path, name: str = "sales.csv", people: int = 3) -> Path:
    lines = ["Order Number,Order Date,Employee,Product,Amount"]
    lines += [f"{month}-{person},2025-{month:02}-03,Person {person},Pump,{900 + 70 * person}"
              for month in range(1, 13) for person in range(people)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder / name


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_plain_folder_is_collected_and_left_as_it_was(tmp_path: Path) -> None:
    mine, kept = tmp_path / "导出 2025", tmp_path / "kept"
    sales(mine)
    sales(mine / "sub", "more.csv", people=1)
    (mine / "holiday.jpg").write_bytes(b"\xff\xd8")
    (mine / "~$sales.xlsx").write_bytes(b"lock")
    (mine / "sales.csv").chmod(0o444)
    before = contents(mine)
    opened = workspace_of(mine, keep_in=kept)
    assert contents(mine) == before
    assert opened.folder.parent == kept
    assert opened.tables["orders"].amount.sum() == 12 * (900 + 970 + 1040)  # the sub-folder repeats orders
    assert sorted(path.name for path in opened.inbox.rglob("*.*")) == ["more.csv", "sales.csv"]
    assert workspace_of(mine / "sales.csv", keep_in=kept).folder != opened.folder   # one file alone


def test_it_is_collected_again_only_when_something_changed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []
    collect = own_files.collect_folder
    monkeypatch.setattr(own_files, "collect_folder", lambda one: calls.append(one.folder) or collect(one))
    mine, kept = tmp_path / "mine", tmp_path / "kept"
    export = sales(mine)
    first = workspace_of(mine, keep_in=kept)
    workspace_of(str(mine), keep_in=kept)
    assert len(calls) == 1
    sales(mine, people=4)
    os.utime(export, ns=(1, 2_000_000_000))
    assert workspace_of(mine, keep_in=kept).tables["people"].shape[0] == 4
    assert len(calls) == 2
    (first.folder / "mapping.toml").write_text('[alias.person]\n"Person 3" = "Person 0"\n', encoding="utf-8")
    workspace_of(mine, keep_in=kept)
    assert len(calls) == 3
    text = "Order Number,Order Date,Employee,Product,Amount\nn1,2026-01-05,New,Pump,5\n"
    (mine / "new.csv").write_text(text, encoding="utf-8")
    export.unlink()
    assert workspace_of(mine, keep_in=kept).tables["orders"].amount.tolist() == [5.0]


def test_a_workspace_is_opened_and_collected_where_that_was_forgotten(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="x")
    sales(workspace.inbox)
    for given in (workspace.folder, workspace.inbox, f'  "{workspace.folder}" '):
        opened = workspace_of(given, keep_in=tmp_path / "kept")
        assert opened.folder == workspace.folder
        assert len(opened.tables["orders"]) == 36
    assert not (tmp_path / "kept").exists()


def test_what_cannot_be_meant_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "picture.png").write_bytes(b"x")
    for number in range(4):
        sales(tmp_path / "many", f"{number}.csv")
    monkeypatch.setattr(own_files, "MOST_FILES", 2)
    for place, says in (("nowhere", "is not there"), ("empty", "holds no exports"), ("many", "too much")):
        with pytest.raises(SalesgoalsError, match=says):
            workspace_of(tmp_path / place, keep_in=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_relative_path_is_looked_for_in_the_project_too(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_files, "PACKAGE", tmp_path / "project" / "salesgoals")
    sales(tmp_path / "project" / "my_exports")
    monkeypatch.chdir(tmp_path)
    assert len(workspace_of("my_exports", keep_in=tmp_path / "kept").tables["orders"]) == 36
