"""Many notebooks, one command: a batch of reports, made side by side, none stopped by another's failure.

On Linux one warm process forks a child for each report: what every report imports is imported once, which
makes a batch tens of times faster than starting papermill for each. On Windows and macOS, where forking is
unsafe or unknown, and wherever else it does not work, the same jobs go to a few processes that run papermill
as it is. The outputs are the same.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.jobs import Job, Outcome
from salesgoals.run.library import chart_library
from salesgoals.words import say

TIME_LIMIT = 300.0
# Start of a process and what it imports first; not a report's own time.
_START = 120.0
_PACKAGE_HOME = Path(__file__).resolve().parents[2]


def can_fork() -> bool:
    """Say whether this system forks safely; macOS can, but its own libraries do not survive it."""
    return sys.platform == "linux" and hasattr(os, "fork") and Path("/proc/self/task").is_dir()


def run_batch(jobs: Sequence[Job], *, at_a_time: int = 2, time_limit: float = TIME_LIMIT,
              engine: str = "auto", when_done: Callable[[Outcome], None] | None = None) -> list[Outcome]:
    """Make many reports; each succeeds or fails on its own, none can hold up the others for ever.

    Parameters
    ----------
    jobs : sequence of Job
        What to make. Each writes to the paths it names; let these be drafts and move what is made, as
        :func:`salesgoals.run.reports.make_reports` does.
    at_a_time : int
        How many run side by side.
    time_limit : float
        Seconds that one report may take.
    engine : str
        ``"fork"``, ``"plain"`` or ``"auto"``: fork where the system can, plain elsewhere.
    when_done : callable, optional
        Called with each outcome as it comes.

    Returns
    -------
    list of Outcome
        One for each job, in the order of the jobs.
    """
    if not isinstance(at_a_time, int) or isinstance(at_a_time, bool) or at_a_time < 1:
        raise SalesgoalsError(Problem("run.jobs_wrong", found=repr(at_a_time)))
    if engine not in ("auto", "fork", "plain"):
        raise ValueError(f"engine {engine!r} is none of auto, fork, plain")
    if not jobs:
        return []
    fork = engine == "fork" or (engine == "auto" and can_fork())
    batch = _Batch(jobs, min(at_a_time, len(jobs)), time_limit, fork, when_done)
    with tempfile.TemporaryDirectory(prefix="salesgoals-") as folder:
        # Built here: it takes seconds, and the library that builds it must not be used before a fork.
        library = Path(folder) / "charts.js"
        library.write_text(chart_library(), encoding="utf-8", newline="\n")
        try:
            batch.run(library)
        finally:
            batch.stop()  # also on Ctrl-C: no process stays behind
    return [batch.outcomes[job.key] for job in jobs]


class _Batch:
    """The jobs of a batch, the processes that do them, and what came of each."""

    def __init__(self, jobs: Sequence[Job], at_a_time: int, time_limit: float, fork: bool,
                 when_done: Callable[[Outcome], None] | None) -> None:
        self.waiting = deque(jobs)
        self.number, self.at_a_time, self.time_limit, self.fork = len(jobs), at_a_time, time_limit, fork
        self.when_done = when_done
        self.outcomes: dict[str, Outcome] = {}
        self.servers: list[_Server] = []
        self.answers: queue.Queue[tuple[_Server, dict[str, Any] | None]] = queue.Queue()
        self.deaths = 0

    def run(self, library: Path) -> None:
        while len(self.outcomes) < self.number:
            self._give_out(library)
            try:
                server, answer = self.answers.get(timeout=.5)
            except queue.Empty:
                self._end_overrun()
                continue
            if server not in self.servers:  # a last word of one that was ended
                continue
            if answer is None:
                self._bury(server)
            elif "unfit" in answer:
                self._go_on_plain(server)
            elif "key" in answer:
                self._note(server, answer)
            self._end_overrun()

    def _give_out(self, library: Path) -> None:
        wanted = 1 if self.fork else min(self.at_a_time, len(self.waiting) + sum(map(len, self.servers)))
        while self.waiting and len(self.servers) < wanted:
            slots = self.at_a_time if self.fork else 1
            self.servers.append(_Server("fork" if self.fork else "plain", self.number, slots, self.time_limit,
                                        library, self.answers))
        for server in self.servers:
            while self.waiting and len(server) < server.slots:
                server.give(self.waiting.popleft())

    def _note(self, server: _Server, answer: dict[str, Any]) -> None:
        server.done(answer["key"])
        self.deaths = 0
        reason = answer.get("reason", "")
        if answer.get("overran"):
            reason = say("run.time_limit", seconds=self.time_limit)
        elif "died" in answer:
            reason = say("run.died", found=_exit(answer["died"]))
        self._settle(Outcome(answer["key"], answer["made"], answer["seconds"], reason))

    def _settle(self, outcome: Outcome) -> None:
        self.outcomes[outcome.key] = outcome
        if self.when_done:
            self.when_done(outcome)

    def _bury(self, server: _Server) -> None:
        """A process ended: its jobs have failed; after several without a single answer, all have.

        Where it was the forking process, nothing is lost: others take its jobs over.
        """
        if self.fork:
            return self._go_on_plain(server)
        found = server.last_words()
        self._drop(server)
        self.deaths += 1
        lost = server.jobs_left()
        if self.deaths >= 3:
            lost += self.waiting
            self.waiting.clear()
        for job in lost:
            self._settle(Outcome(job.key, False, server.age(job.key), say("run.died", found=found)))

    def _go_on_plain(self, server: _Server) -> None:
        self.fork = False
        self.waiting.extendleft(reversed(server.jobs_left()))
        self._drop(server)

    def _end_overrun(self) -> None:
        for server in list(self.servers):
            over = [key for key in server.running if server.age(key) > server.patience]
            if over:
                self._drop(server)
                self.waiting.extendleft(job for job in server.jobs_left() if job.key not in over)
                for key in over:
                    self._settle(Outcome(key, False, server.age(key),
                                         say("run.time_limit", seconds=self.time_limit)))

    def _drop(self, server: _Server) -> None:
        self.servers.remove(server)
        server.stop()

    def stop(self) -> None:
        for server in list(self.servers):
            self._drop(server)


class _Server:
    """A process that makes reports, and what it is at."""

    def __init__(self, kind: str, number: int, slots: int, time_limit: float, library: Path,
                 answers: queue.Queue) -> None:
        self.slots = slots
        self.running: dict[str, tuple[Job, float]] = {}
        # A forking process watches its children's time itself; this is for the case that it hangs.
        self.patience = time_limit + _START if kind == "plain" else 2 * time_limit + _START
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in stop)
        # A group of its own: Ctrl-C reaches us alone, and we end the process with all its children.
        group: dict[str, Any] = ({"start_new_session": True} if os.name == "posix" else
                                 {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)})
        # -P: a file called random.py in the working folder must not stand in for Python's own.
        command = [sys.executable, "-P", "-m", "salesgoals.run.server",
                   *map(str, (kind, number, slots, time_limit, library))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, encoding="utf-8", env=_environment(),
                                        **group)
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def __len__(self) -> int:
        return len(self.running)

    def _listen(self, answers: queue.Queue) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            answers.put((self, json.loads(line)))
        answers.put((self, None))

    def give(self, job: Job) -> None:
        assert self.process.stdin is not None
        self.running[job.key] = (job, time.monotonic())
        try:
            self.process.stdin.write(json.dumps(job.as_dict()) + "\n")
            self.process.stdin.flush()
        except OSError:  # it has ended; the end of its answers will say so
            pass

    def done(self, key: str) -> None:
        self.running.pop(key, None)

    def jobs_left(self) -> list[Job]:
        return [job for job, _ in self.running.values()]

    def age(self, key: str) -> float:
        return time.monotonic() - self.running[key][1] if key in self.running else 0.0

    def last_words(self) -> str:
        """Say how the process ended, with the last line that it wrote to standard error."""
        code = _exit(self.process.wait())
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"{code}: {lines[-1]}" if lines else code

    def stop(self) -> None:
        try:
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        except OSError:  # already gone
            pass
        self.process.wait()
        for stream in (self.process.stdin, self.errors):
            try:
                if stream:
                    stream.close()
            except OSError:
                pass


def _exit(code: int | str) -> str:
    """Name the signal that ended a process, where there is one: SIGKILL says more than -9."""
    try:
        return signal.Signals(-int(code)).name
    except ValueError:
        return str(code)


def _environment() -> dict[str, str]:
    """Keep what is imported from starting threads, and give a way to find this package."""
    own = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # Arrow's allocator starts a thread of its own on import, also where another allocator is chosen.
    own["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    environment = {**os.environ, **own, "PYTHONUTF8": "1",
                   "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    if _PACKAGE_HOME.name not in ("site-packages", "dist-packages"):
        paths = [str(_PACKAGE_HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
