"""The check-up before a workshop: every failure gets its sentence, in both languages, and a way out."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

import salesgoals.doctor as doctor
from salesgoals.checkups import machine, programs
from salesgoals.checkups.finding import LOOK, MISSING, OK, Finding, fine, lacks
from salesgoals.run import start
from salesgoals.run.cli import main
from salesgoals.words import all_words, in_language

Patch = pytest.MonkeyPatch
Disk = namedtuple("Disk", "total used free")
Version = namedtuple("Version", "major minor micro releaselevel serial")


def refuse(*_: Any, **__: Any) -> Any:
    raise PermissionError(13, "no permission")


def _python(found: tuple[int, int, int]) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(sys, "version_info", Version(*found, "final", 0))


def _answers(**answer: Any) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(programs, "ask", lambda *_, **__: {"seconds": 1.0, **answer})


def _proxied(patch: Patch) -> None:
    patch.setattr(urllib.request, "getproxies", lambda: {"http": "http://ann:secret@proxy.firm:8080"})
    patch.setattr(urllib.request, "proxy_bypass", lambda host: False)


def _on_windows(folder: str, *, drive: int = 3, long_paths: bool = False) -> Callable[[Patch], None]:
    def patched(patch: Patch) -> None:
        patch.setattr(machine, "sys", type("Windows", (), {"platform": "win32"}))
        patch.setattr(os, "getcwd", lambda: folder)
        patch.setattr(os.path, "abspath", lambda path: path)
        patch.setattr(machine, "_drive_type", lambda _: drive)
        patch.setattr(machine, "_long_paths", lambda: long_paths)
    return patched


def _no_database(patch: Patch) -> None:
    def locked(*_: Any, **__: Any) -> Any:
        raise sqlite3.OperationalError("database is locked")
    patch.setattr(sqlite3, "connect", locked)


def _no_browser(patch: Patch) -> None:
    patch.setattr(shutil, "which", lambda _: None)
    patch.setattr(machine.Path, "exists", lambda _: False)


#: what is broken -> the check that must see it, how, how bad it is, the sentence, what both languages name
BROKEN: dict[str, tuple[Any, Callable[[Patch], None], str, str, str]] = {
    "old Python": (machine.check_python, _python((3, 9, 1)), MISSING, "python_old", "3.9.1"),
    "32 bits": (machine.check_python, lambda patch: patch.setattr("struct.calcsize", lambda _: 4), MISSING,
                "python_bits", "32"),
    "disk nearly full": (machine.check_disk, lambda patch: patch.setattr(
        shutil, "disk_usage", lambda _: Disk(0, 0, int(1.2 * machine.GIGABYTE))), LOOK, "disk_little", "1.2"),
    "disk full": (machine.check_disk, lambda patch: patch.setattr(
        shutil, "disk_usage", lambda _: Disk(0, 0, 10**8)), MISSING, "disk_none", "0.1"),
    "little memory": (machine.check_memory, lambda patch: patch.setattr(machine, "memory_size", lambda: 2.9),
                      LOOK, "memory_little", "2.9"),
    "no memory": (machine.check_memory, lambda patch: patch.setattr(machine, "memory_size", lambda: 0.9),
                  MISSING, "memory_none", "0.9"),
    "memory unknown": (machine.check_memory, lambda patch: patch.setattr(
        machine, "memory_size", lambda: None), LOOK, "memory_unknown", "4"),
    "folder locked": (machine.check_folder, lambda patch: patch.setattr(machine, "_write_and_read", refuse),
                      MISSING, "folder_no", "no permission"),
    "cache locked": (machine.check_cache, lambda patch: patch.setattr(machine, "_write_and_read", refuse),
                     LOOK, "cache_no", "no permission"),
    "letters of old Windows": (machine.check_letters, lambda patch: (
        patch.setattr("locale.getpreferredencoding", lambda _: "cp936"),
        patch.setattr(machine, "sys", type("Plain", (), {"flags": type("F", (), {"utf8_mode": 0})})))[0],
        LOOK, "letters_other", "cp936"),
    "ledger": (machine.check_ledger, _no_database, MISSING, "ledger_failed", "database is locked"),
    "synced by name": (machine.check_path, _on_windows(r"C:\Users\Li\OneDrive - Firm\course"), LOOK,
                       "path_synced", "onedrive"),
    "network drive": (machine.check_path, _on_windows(r"Z:\course", drive=machine.REMOTE_DRIVE), LOOK,
                      "path_network", r"Z:\course"),
    "network folder": (machine.check_path, _on_windows(r"\\server\course"), LOOK, "path_network", "server"),
    "long path": (machine.check_path, _on_windows("C:\\" + "deep\\" * 30), LOOK, "path_long", "153"),
    "clock in the past": (machine.check_clock, lambda patch: patch.setattr(time, "time", lambda: 3e7),
                          LOOK, "clock_wrong", "20"),
    "no browser": (machine.check_browser, _no_browser, LOOK, "browser_no", "Edge"),
    "loopback blocked": (machine.check_loopback, lambda patch: patch.setattr(
        socket, "create_connection", refuse), MISSING, "loopback_blocked", "no permission"),
    "port taken": (machine.check_ports, lambda patch: patch.setattr(
        machine, "_is_free", lambda port: port != 8888), LOOK, "ports_busy", "8888"),
    "proxy": (machine.check_proxy, _proxied, LOOK, "proxy_local", "proxy.firm:8080"),
    "no package": (programs.check_packages, lambda patch: patch.setattr(
        programs, "_version", lambda name: None if name == "pyarrow" else "99" if name == "tqdm" else "3.99"),
        MISSING, "packages_missing", "pyarrow"),
    "wrong package": (programs.check_packages, lambda patch: patch.setattr(
        programs, "list_needs", lambda: {"click": ">=900"}), MISSING, "packages_version", ">=900"),
    "no list of needs": (programs.check_packages, lambda patch: patch.setattr(
        programs, "list_needs", dict), LOOK, "packages_unknown", "salesgoals"),
    "package broken": (programs.check_imports, _answers(broken=["pyarrow: ImportError DLL load failed"]),
                       MISSING, "imports_failed", "DLL load failed"),
    "package crashes": (programs.check_imports, _answers(failed="exit -4", at="numpy"), MISSING,
                        "imports_crashed", "numpy"),
    "no Lab": (programs.check_lab, lambda patch: patch.setattr(programs, "_version", lambda _: None), MISSING,
               "lab_missing", ""),
    "no sliders": (programs.check_lab, lambda patch: patch.setattr(programs, "SLIDERS", ("nowhere",)), LOOK,
                   "lab_sliders", "ipywidgets"),
    "silent kernel": (programs.check_kernel, _answers(failed="> 120 s"), MISSING, "kernel_silent", "> 120 s"),
    "wrong sum": (programs.check_kernel, _answers(answer="41", prefix=sys.prefix), MISSING, "kernel_silent",
                  "41"),
    "another kernel": (programs.check_kernel, _answers(answer="42", prefix="/old"), MISSING, "kernel_other",
                       "/old"),
    "no chart": (programs.check_chart, _answers(failed="no vl-convert"), MISSING, "chart_failed",
                 "no vl-convert"),
    "no Chinese font": (programs.check_chart, _answers(drawn=True, letters=False), LOOK, "chart_letters",
                        "Noto Sans CJK"),
    "no lessons": (programs.check_lessons, lambda patch: patch.setattr(
        programs, "PACKAGE", Path("/nowhere/at/all")), MISSING, "lessons_missing", "nowhere"),
    "no sample": (programs.check_sample, _answers(failed="OSError: disk"), MISSING, "sample_failed",
                  "OSError: disk"),
    "slow sample": (programs.check_sample, _answers(orders=20_523, seconds=99.4), LOOK, "sample_slow", "99"),
}


def _first(found: Finding | list[Finding]) -> Finding:
    return found if isinstance(found, Finding) else found[0]


@pytest.mark.parametrize("broken", BROKEN)
def test_each_failure_gets_its_sentence_and_a_way_out(broken: str, monkeypatch: Patch) -> None:
    check, breaks, level, key, named = BROKEN[broken]
    with monkeypatch.context() as patched:
        breaks(patched)
        found = _first(check())
    assert (found.level, f"{found.check}_{found.case}") == (level, key)
    said = {}
    for language in ("zh", "en"):
        with in_language(language):
            said[language] = found.text() + " " + found.to_do()
            assert found.to_do()
            assert named in said[language]
            assert "{" not in said[language]
            assert "secret" not in said[language]
    assert said["zh"] != said["en"]


def test_every_sentence_of_a_failure_is_reached_by_a_test() -> None:
    told = {key[7:-3] for key in all_words() if key.startswith("doctor.") and key.endswith("_do")}
    assert len(told) > 25
    assert told - {key for _, _, _, key, _ in BROKEN.values()} == {"line", "any_failed", "rest_later"}


def test_this_machine_is_looked_at_whole(tmp_path: Path, monkeypatch: Patch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is patched here: kernel, chart and sample company are really tried."""
    monkeypatch.chdir(tmp_path)
    code = doctor.main(["--json", "--lang", "zh"])
    report = json.loads(capsys.readouterr().out)
    levels = {row["check"]: row["level"] for row in report["findings"]}
    assert len(levels) == 20
    for name in ("python", "folder", "ledger", "loopback", "packages", "imports", "kernel", "chart",
                 "sample"):
        assert levels[name] in (OK, LOOK), report
    assert report["exit"] == code == (3 if LOOK in levels.values() else 0)
    assert "20,523" in next(row["text"] for row in report["findings"] if row["check"] == "sample")
    assert list(tmp_path.iterdir()) == []  # nothing is left behind
    assert report["computer"]


def test_where_all_is_well_nobodys_folder_is_told(tmp_path: Path, monkeypatch: Patch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for folder in ("Li Lei/course", "course"):
        (tmp_path / folder).mkdir(parents=True)
        monkeypatch.chdir(tmp_path / folder)
        found = machine.check_folder()
        assert (found.level, found.values) == (OK, {"folder": os.path.join("~", *folder.split("/"))})
    assert fine("folder", folder=f"{tmp_path}-2", n=3).values == {"folder": f"{tmp_path}-2", "n": 3}
    assert str(tmp_path) in lacks("folder", "no", folder=tmp_path, reason="r").text()  # here it is of use


def test_packages_that_are_missing_stop_only_what_needs_them(tmp_path: Path) -> None:
    """A Python with nothing installed: ``-S`` hides every package, the check-up still speaks."""
    world = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-S", "-m", "salesgoals.doctor", "--json", "--lang", "en"],
                          cwd=tmp_path, env=world, capture_output=True, text=True, encoding="utf-8",
                          check=False)
    report = json.loads(done.stdout)
    found = {row["check"]: row for row in report["findings"]}
    assert done.returncode == report["exit"] == 1, done.stderr
    assert "pandas" in found["packages"]["text"]
    assert found["rest"]["level"] == LOOK
    assert "kernel" not in found


def test_an_old_python_can_read_what_it_is_told(monkeypatch: Patch,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    package = PROJECT / "salesgoals"
    for path in (package / "__init__.py", package / "doctor.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    with monkeypatch.context() as patched:
        _python((3, 8, 2))(patched)
        codes = [doctor.main(["--lang", language]) for language in ("en", "zh")]
    said = capsys.readouterr().out
    assert codes == [1, 1]
    assert "this is Python 3.8.2" in said
    assert "现在是 Python 3.8.2" in said
    assert "{found}" not in said


def test_one_look_that_fails_does_not_end_the_others(monkeypatch: Patch) -> None:
    monkeypatch.setattr(machine, "check_disk", refuse)
    monkeypatch.setattr(programs, "list_needs", lambda: {"no-such-package": ""})
    found = list(doctor.examine())
    assert found[1].case == "failed"
    assert "no permission" in found[1].text()
    assert [one.check for one in found][-2:] == ["packages", "rest"]
    assert doctor.verdict(found) == 1


def test_the_verdict_follows_the_worst_line() -> None:
    lines = {level: Finding("disk", level) for level in (OK, LOOK, MISSING)}
    assert doctor.verdict([lines[OK]]) == 0
    assert doctor.verdict([lines[OK], lines[LOOK]]) == 3
    assert doctor.verdict([lines[LOOK], lines[MISSING], lines[OK]]) == 1


@pytest.mark.parametrize(("version", "wanted", "fit"), [
    ("3.1.2", ">=3.0,<4", True), ("2.3.3", ">=3.0,<4", False), ("4.0", ">=3.0,<4", False),
    ("0.109", ">=0.109", True), ("0.99", ">=0.109", False), ("8", ">=8.1", False), ("9.0.0", "==9", True),
    ("1.0", "!=1.0", False), ("2026.1", "", True), ("1.0", ">1.0", False), ("0.9", "<=0.9", True)])
def test_versions_are_compared_as_numbers(version: str, wanted: str, fit: bool) -> None:
    assert programs.fits(version, wanted) is fit


def test_a_probe_that_hangs_or_crashes_is_told_from_one_that_answers(monkeypatch: Patch) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    assert programs.ask("imports", "json", "no_such_module")["broken"][0].startswith("no_such_module")
    assert "KeyError" in programs.ask("no such probe")["failed"]
    assert programs.ask("imports", "antigravity_missing", seconds=0.001)["failed"].startswith(">")
    crash = subprocess.CompletedProcess([], -11, '{"at": "numpy"}\n', "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: crash)
    assert programs.ask("imports", "numpy") == {"at": "numpy", "failed": "exit -11", "seconds": pytest.approx(
        0, abs=5)}


def test_a_port_in_use_and_a_port_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not machine._is_free(taken.getsockname()[1])
        port = taken.getsockname()[1]
    assert machine._is_free(port)


def test_the_program_speaks_where_the_command_line_cannot_be_loaded(
        monkeypatch: Patch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["salesgoals", "demo", "x"])
    monkeypatch.setitem(sys.modules, "salesgoals.run.cli", None)
    assert start.main() == 1
    assert "salesgoals doctor" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["salesgoals", "doctor", "--nonsense"])
    assert start.main() == 2
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(("level", "code"), [(OK, 0), (LOOK, 3), (MISSING, 1)])
def test_the_command_says_it_in_the_language_asked_for(level: str, code: int, monkeypatch: Patch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    case = {OK: "ok", LOOK: "little", MISSING: "none"}[level]
    found = Finding("disk", level, case, {"free": 1.5, "least": 0.5})
    monkeypatch.setattr(doctor, "examine", lambda: iter([found]))
    said = {}
    for language in ("zh", "en"):
        assert main(["doctor", "--lang", language]) == code
        said[language] = capsys.readouterr().out
        assert "1.5 GB" in said[language]
        assert ("->" in said[language]) is (level != OK)
        with in_language(language):
            assert said[language].strip().endswith(all_words()[f"doctor.verdict_{code}"][language])
    assert said["zh"] != said["en"]
