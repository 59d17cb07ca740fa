"""The process that makes the reports of a batch; :mod:`salesgoals.run.engine` starts and ends it.

It reads jobs from standard input, one JSON line each, and writes an answer line for each on standard output.
It lives in a process of its own, so that whoever asks for reports (a terminal, a notebook, a scheduler's
worker) may have threads, open files and used libraries; and it ends when its input ends, so nothing is left
running when the asker is gone.

``fork``: import everything once, then fork a child for each report. Rules, each found by an accident:

* The parent only imports, it never runs a report's code: libraries with threads of their own (vl-convert,
  polars, OpenMP) hang in a child if the parent has used them. What to import it learns from the list of
  modules that the first report ended with.
* The parent has one thread. Libraries of linear algebra start theirs on import unless told not to, which
  the engine does in the environment; a parent that finds a second thread says so and forks no more.
* Each child gets its own random numbers; otherwise all reports draw the same ones.

``plain``: run each notebook with papermill and a kernel of its own, one after the other.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import queue
import random
import selectors
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from salesgoals.run.jobs import Job, do_job, why

# A figure drawn in a child silently vanishes if the parent has imported this one.
_NOT_IN_ADVANCE = ("matplotlib_inline.backend_inline",)


def main(arguments: list[str]) -> None:
    """Serve until standard input ends.

    Arguments: ``fork`` or ``plain``, number of jobs to come, jobs at a time, seconds that one may take, the
    file of the chart library.
    """
    kind, number, slots, time_limit, library_file = arguments
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # whatever prints must not print between the answers
    library = Path(library_file).read_text(encoding="utf-8")
    if kind == "fork":
        _ForkServer(answers, int(number), int(slots), float(time_limit), library).serve()
    else:
        _serve_plain(answers, float(time_limit), library)


def _tell(answers: Any, **answer: Any) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _serve_plain(answers: Any, time_limit: float, library: str) -> None:
    jobs: queue.Queue[Job] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin:
            jobs.put(Job(**json.loads(line)))
        os._exit(0)  # the asker is gone: nobody waits for what is running; its kernel notices and ends too

    threading.Thread(target=listen, daemon=True).start()
    while True:
        _tell(answers, **do_job(jobs.get(), engine=None, library=library, time_limit=time_limit))


class _Child:
    """A forked child that makes one report: its pipe and when its time is over."""

    def __init__(self, job: Job, pid: int, end: float) -> None:
        self.job, self.pid, self.start, self.end = job, pid, time.monotonic(), end
        self.said = b""
        self.overran = False


class _ForkServer:
    def __init__(self, answers: Any, number: int, slots: int, time_limit: float, library: str) -> None:
        self.answers, self.slots, self.time_limit, self.library = answers, slots, time_limit, library
        self.waiting: deque[Job] = deque()
        self.children: dict[int, _Child] = {}
        # Where all reports run at once there is no later one to learn for.
        self.learned = number <= slots
        self.watch = selectors.DefaultSelector()

    def serve(self) -> None:
        import papermill.engines  # noqa: F401  (with the next, most of what every report needs)

        import salesgoals.run.export
        import salesgoals.run.kernel  # noqa: F401
        if reason := self._unfit() or _trial():
            _tell(self.answers, unfit=reason)
            return
        self.watch.register(0, selectors.EVENT_READ)
        asked, open_input = b"", True
        while open_input or self.children or self.waiting:
            self._start_children()
            for ready, _ in self.watch.select(timeout=.5):
                if ready.fd != 0:
                    self._hear(ready.fd)
                    continue
                text = os.read(0, 1 << 16)
                if not text:  # the asker is gone or has nothing left
                    self.watch.unregister(0)
                    open_input = False
                    self._kill_all()
                *lines, asked = (asked + text).split(b"\n")
                self.waiting.extend(Job(**json.loads(line)) for line in lines)
            self._end_overrun()

    def _start_children(self) -> None:
        # The first report goes alone: the others wait for what it teaches.
        slots = self.slots if self.learned else 1
        while self.waiting and len(self.children) < slots:
            if self.learned and (reason := self._unfit()):
                _tell(self.answers, unfit=reason)
                self.waiting.clear()
                return
            job = self.waiting.popleft()
            reading, writing = os.pipe()
            gc.freeze()  # the collector would touch, and so copy, all that the child shares
            pid = os.fork()
            if pid == 0:
                os.close(reading)
                self._be_child(job, writing)
            os.close(writing)
            self.children[reading] = _Child(job, pid, time.monotonic() + self.time_limit)
            self.watch.register(reading, selectors.EVENT_READ)

    def _be_child(self, job: Job, writing: int) -> None:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            random.seed()
            if "numpy.random" in sys.modules:
                sys.modules["numpy.random"].seed()
            answer = do_job(job, engine=_engine(), library=self.library, time_limit=self.time_limit)
            answer["modules"] = [] if self.learned else list(sys.modules)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(answer).encode())
            code = 0
        except BaseException as error:
            os.write(writing, json.dumps({"key": job.key, "made": False, "seconds": 0,
                                          "reason": why(error)}).encode())
        finally:
            os._exit(code)  # no clean-up of what belongs to the parent

    def _hear(self, pipe: int) -> None:
        child = self.children[pipe]
        if text := os.read(pipe, 1 << 20):
            child.said += text
            return
        self.watch.unregister(pipe)
        os.close(pipe)
        del self.children[pipe]
        code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
        try:
            answer = json.loads(child.said)
        except ValueError:
            answer = {"key": child.job.key, "made": False, "seconds": time.monotonic() - child.start,
                      "overran": child.overran, "died": code}
        if not self.learned:
            self._learn(answer.pop("modules", []))
        answer.pop("modules", None)
        _tell(self.answers, **answer)

    def _learn(self, modules: list[str]) -> None:
        """Import what the first report needed, once for all the others."""
        self.learned = True
        for name in modules:
            if name in sys.modules or name in _NOT_IN_ADVANCE or name.startswith("__"):
                continue
            try:
                importlib.import_module(name)
            except BaseException:  # it was made in the child, or wants something only the child had
                continue
        _read_in_advance()

    def _end_overrun(self) -> None:
        for child in self.children.values():
            if time.monotonic() > child.end and not child.overran:
                child.overran = True
                os.kill(child.pid, signal.SIGKILL)

    def _kill_all(self) -> None:
        for child in self.children.values():
            os.kill(child.pid, signal.SIGKILL)
        self.waiting.clear()

    def _unfit(self) -> str:
        threads = len(os.listdir("/proc/self/task"))
        return "" if threads == 1 else f"{threads} threads"


def _read_in_advance() -> None:
    """Read our own texts and templates, which every report needs; this starts no thread."""
    import nbformat

    from salesgoals.run.export import notebook_page
    from salesgoals.words import all_words

    all_words()
    prose = nbformat.v4.new_markdown_cell("# -")
    notebook_page(nbformat.v4.new_notebook(cells=[prose]), language_of_page="en", library="")


def _engine() -> str:
    from salesgoals.run.kernel import ENGINE

    return ENGINE


def _trial() -> str:
    """Run a tiny notebook in a child: ipykernel's inside may have changed since this was written."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.alarm(30)
            from salesgoals.run.kernel import works

            code = 0 if works() else 1
        finally:
            os._exit(code)
    return "" if os.waitpid(pid, 0)[1] == 0 else "trial failed"


if __name__ == "__main__":
    main(sys.argv[1:])
