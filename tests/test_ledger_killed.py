"""Killed at any moment, a ledger opens again whole, with every entry that was confirmed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROJECT
from ledger_book import empty_workspace, goals_of

from salesgoals.ledger import open_ledger
from salesgoals.workspace import Workspace

KILLS = 5


def kill_while_writing(workspace: Workspace, url: str | None, name: int, lines_first: int,
                       seconds: float) -> list[list[str]]:
    """Kill a writer a while after it has confirmed some entries; returns all that it had confirmed."""
    command = [sys.executable, PROJECT / "tests" / "ledger_writer.py", workspace.folder, url or "-"]
    process = subprocess.Popen(
        [*command, str(name), "0"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(lines_first)]
        time.sleep(seconds)
    finally:
        process.kill()
    lines += process.stdout.read().splitlines(keepends=True)
    process.communicate()
    assert process.returncode != 0
    return [line.split() for line in lines if line.endswith("\n")]


def kill_again_and_again(workspace: Workspace, url: str | None, kills: int) -> None:
    draw = random.Random(3)
    confirmed: dict[int, str] = {}
    for name in range(1, kills + 1):
        # the first two while the ledger is being made, the others in the midst of writing
        first = 0 if name < 3 else draw.randint(1, 4)
        seconds = draw.uniform(0, 0.03) if first else draw.uniform(0, 0.6)
        for number, found in kill_while_writing(workspace, url, name, first, seconds):
            confirmed[int(number)] = found
        with open_ledger(workspace, url) as ledger:
            history = ledger.history()
            kept = dict(zip(history.entry, history.hash, strict=True))
            assert confirmed.items() <= kept.items()        # every confirmed entry is there
            assert len(kept) <= len(confirmed) + name       # at most one more for each kill
            if len(history):
                assert ledger.verify().ok
    with open_ledger(workspace, url) as ledger:
        before = len(ledger.history())
        assert before > 0
        assert ledger.record("agreed", goals_of({"x": 1}), who="a", why="b").entry == before + 1
        assert ledger.verify().ok


def test_a_file_opens_again_whole(tmp_path: Path) -> None:
    kill_again_and_again(empty_workspace(tmp_path / "client"), None, KILLS)


def test_postgresql_opens_again_whole(tmp_path: Path, postgres_url: str) -> None:
    kill_again_and_again(empty_workspace(tmp_path / "client"), postgres_url, 3)


@pytest.mark.parametrize("step", ["ready", "half"])
def test_a_journal_that_was_left_behind_is_played_back(tmp_path: Path, step: str) -> None:
    """The machine goes off in the middle of a transaction: what is left is the file and its journal."""
    workspace = empty_workspace(tmp_path / "client")
    with open_ledger(workspace) as ledger:
        ledger.record("agreed", goals_of({"1": 1}), who="a", why="b")
        before = ledger.history()
    code = ("import os, sqlite3, sys\n"
            "file = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "file.execute('PRAGMA cache_size = 1')\n"
            "file.execute('BEGIN IMMEDIATE')\n"
            "file.execute('CREATE TABLE junk (a)')\n"
            "lines = [('x' * 5000,)] * (200 if sys.argv[2] == 'half' else 1)\n"
            "file.executemany('INSERT INTO junk VALUES (?)', lines)\n"
            "os._exit(9)\n")
    killed = subprocess.run([sys.executable, "-c", code, workspace.folder / "ledger.db", step], check=False)
    assert killed.returncode == 9
    assert (workspace.folder / "ledger.db-journal").exists()
    with open_ledger(workspace) as ledger:
        assert ledger.history().equals(before)
        assert ledger.verify().ok
        assert ledger.record("agreed", goals_of({"1": 2}), who="a", why="b").entry == 2
