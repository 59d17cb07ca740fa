"""The sample workspace: made once, whole, also when several ask at once; practice leaves it alone."""

from __future__ import annotations

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import salesgoals.sample as sample
from salesgoals.collect import Collected
from salesgoals.problems import SalesgoalsError
from salesgoals.sample import practice_workspace, put_samples, sample_workspace, samples_folder
from salesgoals.workspace import Workspace


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stand in for the seconds of collecting; the real thing is collected by every lesson."""
    calls: list[Path] = []

    def save(workspace: Workspace, _: Collected) -> None:
        calls.append(workspace.folder)
        (workspace.folder / "tables").mkdir(exist_ok=True)
        pd.DataFrame({"a": [1]}).to_parquet(workspace.folder / "tables" / "orders.parquet")

    monkeypatch.setattr(sample, "collect_folder", lambda workspace: None)
    monkeypatch.setattr(sample, "save_collected", save)
    return calls


def test_it_is_made_once_for_each_language(collected: list[Path], tmp_path: Path) -> None:
    first = sample_workspace("zh", tmp_path)
    again = sample_workspace("zh", tmp_path)
    english = sample_workspace("en", tmp_path)
    assert first.folder == again.folder != english.folder
    assert len(collected) == 2
    assert (first.settings.language, english.settings.language) == ("zh", "en")
    assert english.settings.currency == "CNY"
    assert english.settings.calendar_country == "CN"
    assert sorted(p.name for p in first.inbox.iterdir()) == sorted(
        p.name for p in (samples_folder() / "inbox").iterdir())
    assert not list(tmp_path.glob(".*"))


def test_many_at_once_get_one_whole_workspace(collected: list[Path], tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: sample_workspace("zh", tmp_path).folder, range(8)))
    assert len(found) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_an_older_sample_makes_room_for_the_new_one(collected: list[Path], tmp_path: Path) -> None:
    (tmp_path / "zh-old").mkdir()
    (tmp_path / "en-old").mkdir()
    made = sample_workspace("zh", tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["en-old", made.folder.name]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Workspace) -> None:
        raise RuntimeError("stopped in the middle")

    monkeypatch.setattr(sample, "collect_folder", fail)
    with pytest.raises(RuntimeError):
        sample_workspace("zh", tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_the_exports_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sample, "PACKAGE", tmp_path / "salesgoals")
    with pytest.raises(SalesgoalsError, match="sample company's exports"):
        samples_folder()


def test_where_the_project_cannot_be_written_the_cache_folder_is_used(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sample, "PACKAGE", tmp_path / "installed" / "salesgoals")
    monkeypatch.setattr(sample.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert sample.writable_root() == tmp_path / "cache" / "salesgoals" / "sample"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(SalesgoalsError, match="nowhere to keep"):
        sample.writable_root()


def test_practice_leaves_the_original_as_it_is(tmp_path: Path) -> None:
    workspace = put_samples(tmp_path / "w", "en")
    practice = practice_workspace(workspace)
    assert practice.folder != workspace.folder
    assert {p.name for p in practice.inbox.iterdir()} == {p.name for p in workspace.inbox.iterdir()}
    (practice.folder / "mapping.toml").write_text("# mine", encoding="utf-8")
    assert not (workspace.folder / "mapping.toml").exists()


def test_practice_is_for_this_user_only_and_holds_no_session(tmp_path: Path) -> None:
    workspace = put_samples(tmp_path / "w", "en")
    (workspace.folder / "served").mkdir()
    (workspace.folder / "served" / "password").write_text("4827-1930", encoding="ascii")
    practice = practice_workspace(workspace)
    assert not (practice.folder / "served").exists()
    if sys.platform != "win32":
        assert stat.S_IMODE(practice.folder.stat().st_mode) == 0o700
