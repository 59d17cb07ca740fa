from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import new_workspace, open_workspace, writing, writing_folder


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_workspace_opens_and_explains_itself(tmp_path: Path, language: str) -> None:
    workspace = new_workspace(tmp_path / '甲"公司\\', language=language)
    assert workspace.settings.company == '甲"公司\\'
    assert workspace.settings.language == language
    text = (workspace.folder / "workspace.toml").read_text(encoding="utf-8")
    settings = [line for line in text.splitlines() if " = " in line]
    assert len(settings) == len(type(workspace.settings).model_fields)
    assert sum("#" in line for line in settings) >= len(settings) - 1
    assert (workspace.folder / "inbox").is_dir()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    new_workspace(tmp_path, company="first")
    with pytest.raises(SalesgoalsError, match="left as it is"):
        new_workspace(tmp_path, company="second")
    assert open_workspace(tmp_path).settings.company == "first"


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(
        'company = 3\nlangage = "zh"\nunit = 0\nfiscal_year_start = 13\nreturned_orders = "maybe"\n',
        encoding="utf-8")
    with pytest.raises(SalesgoalsError) as caught:
        open_workspace(tmp_path)
    text = str(caught.value)
    for part in ('"company" is 3', 'Did you mean "language"', ">= 1", "<= 12", "'keep' or 'subtract'"):
        assert part in text
    assert len(caught.value.problems) == 5


def test_settings_are_data_not_code(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text("company = __import__('os').system('true')", encoding="utf-8")
    with pytest.raises(SalesgoalsError, match="cannot be read"):
        open_workspace(tmp_path)


def test_no_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SalesgoalsError, match="salesgoals new"):
        open_workspace(tmp_path / "nowhere")
    workspace = new_workspace(tmp_path / "here")
    with pytest.raises(SalesgoalsError, match="salesgoals collect"):
        workspace.require_tables()


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "goals.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), writing(target) as draft:
        draft.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    with writing(target) as draft:
        draft.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["goals.csv"]


def test_a_folder_is_swapped_as_a_whole(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    tables = workspace.folder / "tables"
    (tables / "a").write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), writing_folder(tables) as draft:
        (draft / "a").write_text("half", encoding="utf-8")
        raise RuntimeError
    assert (tables / "a").read_text(encoding="utf-8") == "old"
    with writing_folder(tables) as draft:
        (draft / "b").write_text("new", encoding="utf-8")
    assert [path.name for path in tables.iterdir()] == ["b"]


@pytest.mark.parametrize("name", ["tables", "plan"])
def test_a_stop_in_the_middle_of_the_swap_loses_nothing(tmp_path: Path, name: str,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_workspace(tmp_path).folder / name
    (folder / "a").write_text("old", encoding="utf-8")
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        if Path(target) == folder:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt), writing_folder(folder) as draft:
        (draft / "a").write_text("new", encoding="utf-8")
    monkeypatch.undo()
    assert not folder.exists()
    open_workspace(tmp_path)
    assert (folder / "a").read_text(encoding="utf-8") == "old"


def test_a_swap_that_is_refused_puts_the_old_folder_back(tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_workspace(tmp_path).folder / "plan"
    (folder / "a").write_text("old", encoding="utf-8")
    replace = os.replace

    def refused(source: Path, target: Path) -> None:
        if Path(source).suffix == ".part":
            raise PermissionError(13, "in use", str(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(PermissionError), writing_folder(folder):
        pass
    assert (folder / "a").read_text(encoding="utf-8") == "old"


def test_two_that_write_at_once_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tables"
    with writing_folder(folder) as first:
        (first / "a").write_text("first", encoding="utf-8")
        with monkeypatch.context() as other:
            other.setattr(os, "getpid", lambda: 0)
            with writing_folder(folder) as second:
                (second / "a").write_text("second", encoding="utf-8")
        assert (folder / "a").read_text(encoding="utf-8") == "second"
        (first / "b").write_text("first", encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_what_a_killed_run_left_goes_after_a_day(tmp_path: Path) -> None:
    left, young = tmp_path / ".tables.1.part", tmp_path / ".tables.2.part"
    for folder in (left, young):
        folder.mkdir()
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(left, (long_ago, long_ago))
    with writing_folder(tmp_path / "tables"):
        pass
    assert (left.exists(), young.exists()) == (False, True)
