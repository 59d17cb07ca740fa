"""Several processes write at once: nothing is lost, and every "before" is what really was before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from ledger_book import empty_workspace

from salesgoals.ledger import open_ledger
from salesgoals.workspace import Workspace

TIMES = 6


def write_at_once(workspace: Workspace, url: str | None, writers: int) -> dict[int, str]:
    """Let all begin at the same moment; returns entry -> hash as they were confirmed."""
    command = [sys.executable, PROJECT / "tests" / "ledger_writer.py", workspace.folder, url or "-"]
    running = [subprocess.Popen(
        [*command, str(name), str(TIMES)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
        for name in range(1, writers + 1)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    confirmed: dict[int, str] = {}
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors
        lines = [line.split() for line in out.splitlines()]
        assert len(lines) == TIMES
        confirmed |= {int(number): found for number, found in lines}
    return confirmed


def check(workspace: Workspace, url: str | None, writers: int, confirmed: dict[int, str]) -> None:
    with open_ledger(workspace, url) as ledger:
        history = ledger.history()
        assert len(history) == writers * TIMES
        assert dict(zip(history.entry, history.hash, strict=True)) == confirmed
        assert history.groupby("who").size().tolist() == [TIMES] * writers
        own = ledger.as_of().set_index("person_id").goal
        assert own.drop("shared").tolist() == [TIMES] * writers
        last = history.iloc[-1]
        assert own["shared"] == int(last.who) * 1_000_000 + int(last.why.split()[1])
        found = ledger.verify()         # replays every before and after
        assert found.ok, [problem.text() for problem in found.problems]


@pytest.mark.parametrize("writers", [2, 4])
def test_writers_of_one_file_lose_nothing(tmp_path: Path, writers: int) -> None:
    workspace = empty_workspace(tmp_path / "client")
    check(workspace, None, writers, write_at_once(workspace, None, writers))


def test_writers_on_postgresql_lose_nothing(tmp_path: Path, postgres_url: str) -> None:
    workspace = empty_workspace(tmp_path / "client")
    check(workspace, postgres_url, 4, write_at_once(workspace, postgres_url, 4))
