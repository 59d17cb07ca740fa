"""How many people one laptop serves in a claiming session: memory, time to the first page, claims a second.

    python benchmarks/serve.py WORKSPACE [--people 15]

The workspace needs a plan with at least so many people. Nothing is left in it.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

PASSWORD, TRAINER = "room-2026", "desk-2026"


class Served:
    """A server of its own on a workspace, started as a trainer starts it."""

    def __init__(self, workspace: Path, *more: str) -> None:
        self.workspace, self.more = workspace, more
        self.start()

    def start(self) -> None:
        begin = time.perf_counter()
        words = [sys.executable, "-m", "salesgoals.run.cli", "serve", str(self.workspace), "--port", "0",
                 "--host", "127.0.0.1", "--lang", "en", *self.more]
        if "--password" not in self.more:
            words += ["--password", PASSWORD, "--trainer-password", TRAINER]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        encoding="utf-8", bufsize=1)
        self.said, self.url = "", ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.url = found.group()
            if "Ctrl+C" in line:
                break
        assert self.url, self.said
        self.seconds = time.perf_counter() - begin

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> str:
        self.process.terminate()
        assert self.process.stdout is not None
        rest = self.process.stdout.read()
        self.process.wait(10)
        return rest


class Participant:
    """A browser without a picture: keeps its cookies, sends what the pages' forms and scripts send."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url, self.language = url, language
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                                   urllib.request.HTTPCookieProcessor(self.jar))
        self.token = ""

    def ask(self, path: str, method: str = "GET", data: Any = None, form: dict[str, str] | None = None,
            **headers: str) -> tuple[int, str]:
        body = None
        sent = {"Accept-Language": self.language, "X-XSRFToken": self.token, **headers}
        if form is not None:
            body = urllib.parse.urlencode({"_xsrf": self.token, **form}).encode()
        elif data is not None:
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            sent["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=body, headers=sent, method=method)
        try:
            with self._opener.open(request, timeout=20) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        if found := re.search(r'<meta name="token" content="([^"]+)"', text):
            self.token = found.group(1)
        return status, text

    def enter(self, password: str = PASSWORD) -> tuple[int, str]:
        self.ask("/")
        return self.ask("/", "POST", form={"password": password})

    def sit(self, person: str) -> tuple[int, str]:
        return self.ask("/seat", "POST", form={"person": person, "sure": "yes"})

    def claim(self, amount: Any, reason: Any = "a reason") -> tuple[int, dict[str, Any]]:
        status, text = self.ask("/api/mine", "POST", {"amount": amount, "reason": reason})
        return status, json.loads(text)

    def read(self, path: str) -> dict[str, Any]:
        return json.loads(self.ask(path)[1])


def memory(pid: int) -> float:
    """Private memory in MB, which is what one more program costs."""
    import psutil

    return float(psutil.Process(pid).memory_full_info().uss / 1e6)


def measure(workspace: Path, people: int) -> dict[str, float]:
    from salesgoals.claims import proposal_of
    from salesgoals.workspace import open_workspace

    table = proposal_of(open_workspace(workspace)).people
    ids, goals = list(table.person_id)[:people], dict(zip(table.person_id, table.goal, strict=True))
    assert len(ids) == people, f"the plan has {len(ids)} people"
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copytree(workspace, Path(folder) / "w", ignore=shutil.ignore_patterns("served"))
        server = Served(copied)
        try:
            found = {"seconds to start": server.seconds, "MB at the start": memory(server.process.pid)}
            seated, first = [], []
            for person in ids:
                begin = time.perf_counter()
                one = Participant(server.url)
                one.ask("/")
                first.append(time.perf_counter() - begin)
                one.enter()
                one.sit(person)
                begin = time.perf_counter()
                one.ask("/mine")
                one.read("/api/mine")
                one.read("/api/board")
                found.setdefault("ms to the first own page", 1000 * (time.perf_counter() - begin))
                seated.append(one)
            found["ms to the door, middle"] = 1000 * statistics.median(first)
            waits, rounds = list[float](), 10

            def claims(one: Participant, goal: int) -> None:
                for number in range(rounds):
                    begin = time.perf_counter()
                    status, answer = one.claim(str(goal), f"round {number}")
                    assert status == 200, answer
                    waits.append(time.perf_counter() - begin)

            threads = [threading.Thread(target=claims, args=(one, goals[person]))
                       for one, person in zip(seated, ids, strict=True)]
            begin = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(waits) == people * rounds
            found["claims a second, all at once"] = len(waits) / (time.perf_counter() - begin)
            found["ms a claim takes then, longest"] = 1000 * max(waits)
            for one in seated:
                one.read("/api/board")
            found["MB with everybody in"] = memory(server.process.pid)
            return found
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--people", type=int, default=15)
    asked = parser.parse_args()
    for name, value in measure(asked.workspace, asked.people).items():
        print(f"{name:32} {value:8.1f}")
