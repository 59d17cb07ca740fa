"""Measure batches of reports: this package against papermill and nbconvert called once for each report.

    python benchmarks/reports.py [--peer N] [--rounds N]

Both make personal goal reports of the sample company from the same notebook, in turns, on the same machine:
``papermill`` and ``jupyter nbconvert`` as a shell script would call them, ``make_reports`` with its start
counted in. Peer pages hold no chart library (they ask a network for it), so they have less to write.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from salesgoals.plans import last_twelve_months, load_plan, make_plan, save_plan
from salesgoals.run.places import notebook_path
from salesgoals.run.reports import make_reports
from salesgoals.sample import sample_workspace
from salesgoals.workspace import Workspace, open_workspace

PROJECT = Path(__file__).resolve().parent.parent


def planned_workspace(folder: Path) -> Workspace:
    shutil.copytree(sample_workspace("zh").folder, folder)
    workspace = open_workspace(folder)
    total = round(last_twelve_months(workspace) * 1.1, -6)
    save_plan(workspace, make_plan(workspace, int(total), "2026-07", unit=100))
    return workspace


class Memory:
    """Watches the memory of this process's children, what they share counted once."""

    def __enter__(self) -> Memory:
        self.peak, self._ended = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._ended.wait(.05):
            used = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    memory = child.memory_full_info()
                    used += getattr(memory, "pss", memory.rss)
                except psutil.Error:
                    continue
            self.peak = max(self.peak, used)

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def measure(work: Callable[[], int]) -> tuple[float, float, float]:
    """Give seconds and processor seconds for each report, and the highest memory in MB."""
    wall, processor = time.perf_counter(), os.times()
    with Memory() as memory:
        number = work()
    used = os.times()
    seconds = used.children_user + used.children_system - processor.children_user - processor.children_system
    return (time.perf_counter() - wall) / number, seconds / number, memory.peak / 1e6


def peer(workspace: Workspace, names: list[str], folder: Path) -> int:
    """Make reports as a shell script would."""
    notebook = notebook_path("90_goal_report", "zh")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    for name in names:
        out = folder / f"{name}.ipynb"
        words = [("workspace", str(workspace.folder)), ("language", "zh"), ("by", "person"), ("name", name)]
        given = [word for pair in words for word in ("-r", *pair)]
        for command in (["papermill", str(notebook), str(out), *given, "--no-progress-bar"],
                        ["nbconvert", "--to", "html", "--no-input", str(out)]):
            subprocess.run([sys.executable, "-m", *command], env=environment, check=True, capture_output=True)
    return len(names)


def ours(workspace: Workspace) -> int:
    """Make everybody's report, none of them from before."""
    shutil.rmtree(workspace.folder / "reports")
    made = make_reports(workspace, "zh", by="person", progress=False)
    if (made.status != "made").any():
        raise SystemExit(made[made.status != "made"].to_string())
    return len(made)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--peer", type=int, default=2, help="reports made by the peers in each round")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    results: dict[str, list[tuple[float, float, float]]] = {"papermill + nbconvert": [], "make_reports": []}
    with tempfile.TemporaryDirectory() as folder:
        workspace = planned_workspace(Path(folder) / "sample")
        people = load_plan(workspace).plan.people.person_id.tolist()
        for _ in range(chosen.rounds):
            results["papermill + nbconvert"].append(
                measure(lambda: peer(workspace, people[:chosen.peer], Path(folder))))
            results["make_reports"].append(measure(lambda: ours(workspace)))
    print(f"personal goal reports, medians of {chosen.rounds} rounds; "
          f"a batch is {len(people)} reports, 2 at a time, start included")
    print(f"{'':24}{'s/report':>10}{'CPU s/report':>14}{'memory MB':>11}")
    for name, rounds in results.items():
        wall, processor, memory = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name:24}{wall:10.2f}{processor:14.2f}{memory:11.0f}")
    pairs = list(zip(*results.values(), strict=True))
    for column, name in enumerate(("seconds", "processor seconds")):
        ratios = sorted(peers[column] / own[column] for peers, own in pairs)
        print(f"times fewer {name}: {statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
