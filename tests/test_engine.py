from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from conftest import PROJECT
from notebooks_for_tests import write_notebook

from salesgoals.problems import SalesgoalsError
from salesgoals.run.engine import can_fork, run_batch
from salesgoals.run.jobs import Job, Outcome
from salesgoals.words import in_language

forks = pytest.mark.skipif(not can_fork(), reason="this system does not fork; papermill alone is used on it")
DECLARED = ('team: str = "none"', ["parameters"])

def job(key: str, notebook: Path, folder: Path, **more: Any) -> Job:
    return Job(key, str(notebook), more.pop("parameters", {}), output=str(folder / f"{key}.ipynb"), **more)


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "quick.ipynb",
                          [DECLARED, "import numpy as np\nprint(team, np.random.rand())"])


def printed(folder: Path, key: str) -> str:
    return str(nbformat.read(str(folder / f"{key}.ipynb"), as_version=4).cells[-1].outputs[0].text)


@pytest.mark.parametrize("engine", [pytest.param("fork", marks=forks), "plain"])
def test_one_that_fails_dies_or_hangs_does_not_stop_the_others(
        tmp_path: Path, quick: Path, engine: str) -> None:
    bad = {"fails": "1 / 0", "dies": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
           "hangs": "import time\ntime.sleep(600)"}
    jobs = [job(name, write_notebook(tmp_path / f"{name}.ipynb", [DECLARED, source]), tmp_path / "out")
            for name, source in bad.items()]
    jobs += [job(f"good{number}", quick, tmp_path / "out", parameters={"team": f"team {number}"})
             for number in range(2)]
    (tmp_path / "out").mkdir()
    heard: list[Outcome] = []
    outcomes = run_batch(jobs, at_a_time=2, time_limit=4, engine=engine, when_done=heard.append)
    assert [one.key for one in outcomes] == [*bad, "good0", "good1"]
    assert sorted(one.key for one in heard) == sorted(one.key for one in outcomes)
    assert [one.made for one in outcomes] == [False, False, False, True, True]
    assert outcomes[0].reason == "ZeroDivisionError: division by zero"
    assert "ended unexpectedly" in outcomes[1].reason
    assert outcomes[2].reason == "stopped, because it took longer than 4 seconds"
    first, second = (printed(tmp_path / "out", f"good{number}").rsplit(" ", 1) for number in range(2))
    assert (first[0], second[0]) == ("team 0", "team 1")
    assert first[1] != second[1]  # each has random numbers of its own
    assert not (tmp_path / "out" / "dies.ipynb").exists()


@forks
def test_reports_do_not_see_each_other_and_the_first_teaches_the_rest(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "leak.ipynb", [
        DECLARED, "import os, colorsys, pandas as pd\n"
        "print(getattr(colorsys, 'left', 'clean'), os.environ.get('LEFT'), pd.options.display.max_rows)",
        "colorsys.left = team; os.environ['LEFT'] = team; pd.options.display.max_rows = 7; os.chdir('/')"])
    jobs = [job(f"r{number}", path, tmp_path, parameters={"team": str(number)}) for number in range(6)]
    assert all(one.made for one in run_batch(jobs, at_a_time=3, engine="fork"))
    seen = {nbformat.read(str(tmp_path / f"r{number}.ipynb"), as_version=4).cells[2].outputs[0].text
            for number in range(6)}
    assert seen == {"clean None 60\n"}


@forks
def test_the_fork_engine_is_really_used(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "who.ipynb", [DECLARED, "import os, sys\nprint(os.getppid())\n"
                                                   "print('salesgoals.run.kernel' in sys.modules)"])
    run_batch([job(f"r{number}", path, tmp_path) for number in range(4)], engine="fork")
    said = [printed(tmp_path, f"r{number}").split() for number in range(4)]
    assert {parent for parent, _ in said} == {said[0][0]}
    assert {inside for _, inside in said} == {"True"}


@forks
def test_where_forking_turns_out_unsafe_papermill_takes_over(
        tmp_path: Path, quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second thread in the parent, here made by Arrow's allocator, is found before anything is forked."""
    from salesgoals.run import engine

    kept = engine._environment
    monkeypatch.setattr(engine, "_environment", lambda: {**kept(), "JE_ARROW_MALLOC_CONF": ""})
    outcomes = run_batch([job(f"r{number}", quick, tmp_path) for number in range(2)], engine="fork")
    assert [one.made for one in outcomes] == [True, True]


def test_a_process_that_cannot_start_fails_every_job_with_a_reason(
        tmp_path: Path, quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesgoals.run import engine

    monkeypatch.setattr(engine, "_environment", lambda: {**os.environ, "PYTHONHOME": str(tmp_path)})
    outcomes = run_batch([job(f"r{number}", quick, tmp_path) for number in range(7)], engine="plain")
    assert [one.made for one in outcomes] == [False] * 7
    assert all("ended unexpectedly" in one.reason for one in outcomes)


def test_pages_are_written_and_reasons_are_in_the_language_in_use(tmp_path: Path, quick: Path) -> None:
    bad = write_notebook(tmp_path / "slow.ipynb", [DECLARED, "import time\ntime.sleep(60)"])
    page = tmp_path / "page.html"
    with in_language("zh"):
        made, late = run_batch([
            job("page", quick, tmp_path, page=str(page), title="报告", language="zh", facts={"team": "华东"}),
            job("late", bad, tmp_path)], time_limit=3)
    assert made.made
    assert "<title>报告</title>" in page.read_text(encoding="utf-8")
    assert late.reason == "超过 3 秒的时限，已停止"


def test_senseless_wishes_are_refused_and_nothing_to_do_is_nothing_done(quick: Path, tmp_path: Path) -> None:
    assert run_batch([]) == []
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(SalesgoalsError, match="whole number from 1"):
            run_batch([job("a", quick, tmp_path)], at_a_time=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="auto, fork, plain"):
        run_batch([job("a", quick, tmp_path)], engine="warp")


RUN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started deaf to it
from salesgoals.run.engine import run_batch
from salesgoals.run.jobs import Job
if __name__ == "__main__":
    run_batch([Job(str(n), sys.argv[1], {}) for n in range(4)], engine=sys.argv[2])
"""


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C")
@pytest.mark.parametrize(("how", "engine"), [
    pytest.param(signal.SIGINT, "fork", marks=forks), pytest.param(signal.SIGKILL, "fork", marks=forks),
    (signal.SIGKILL, "plain")])
def test_interrupted_leaves_no_process_behind(tmp_path: Path, engine: str, how: int) -> None:
    started = tmp_path / "started"
    path = write_notebook(tmp_path / "slow.ipynb", [f"open({str(started)!r}, 'w').close()\n"
                                                    "import time\ntime.sleep(600)"])
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    asker = subprocess.Popen([sys.executable, str(tmp_path / "run.py"), str(path), engine],
                             env={**os.environ, "PYTHONPATH": str(PROJECT)}, stderr=subprocess.DEVNULL)
    wait_until(started.exists)
    family = psutil.Process(asker.pid).children(recursive=True)
    assert family
    asker.send_signal(how)
    asker.wait(20)
    wait_until(lambda: not [one for one in family if one.is_running() and one.status() != "zombie"])


def wait_until(true: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(.1)
