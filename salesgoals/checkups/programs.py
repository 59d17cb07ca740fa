"""The programs that the lessons need: there, in a version that fits, and working when they are tried."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from salesgoals.checkups.finding import Finding, fine, lacks, look

PACKAGE = Path(__file__).resolve().parents[1]
IMPORTED_AS = {"python-calamine": "python_calamine", "vl-convert-python": "vl_convert"}
SLOW_SAMPLE = 60.0  # seconds; on an ordinary laptop it takes 3 to 15
SLIDERS = ("share", "jupyter", "labextensions", "@jupyter-widgets", "jupyterlab-manager", "package.json")
_NEED = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(;.*)?$")
_BOUND = re.compile(r"(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)")


def list_needs() -> dict[str, str]:
    """List the packages that are needed, with the versions that will do, such as ``{"click": ">=8.1"}``."""
    project = PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        import tomllib

        given = list(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"])
    else:
        try:
            given = metadata.requires("salesgoals") or []
        except metadata.PackageNotFoundError:
            given = []
    found = (_NEED.match(need) for need in given)
    return {need[1]: need[2].strip() for need in found if need and "extra" not in (need[3] or "")}


def check_packages() -> list[Finding]:
    """Compare the packages that are there with those that are needed."""
    needs = list_needs()
    if not needs:
        return [look("packages", "unknown")]
    there = {name: _version(name) for name in needs}
    missing = [name for name, version in there.items() if version is None]
    other = [f"{name} {version} ({needs[name]})" for name, version in there.items()
             if version is not None and not fits(version, needs[name])]
    found = []
    if missing:
        found.append(lacks("packages", "missing", n=len(missing), names=", ".join(missing)))
    if other:
        found.append(lacks("packages", "version", n=len(other), names=", ".join(other)))
    return found or [fine("packages", n=len(needs))]


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def fits(version: str, wanted: str) -> bool:
    """Say whether a version lies within bounds such as ``>=3.0,<4``.

    Examples
    --------
    >>> fits("3.1.2", ">=3.0,<4"), fits("2.9", ">=3.0,<4"), fits("4.0rc1", "<4")
    (True, False, False)
    """
    found = _release(version)
    for sign, text in _BOUND.findall(wanted):
        bound = _release(text)
        size = max(len(found), len(bound))
        one, two = (part + (0,) * (size - len(part)) for part in (found, bound))
        if not {">=": one >= two, "<=": one <= two, ">": one > two, "<": one < two, "==": one == two,
                "!=": one != two}[sign]:
            return False
    return True


def _release(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else (0,)


def ask(probe: str, *words: str, seconds: float = 120) -> dict[str, Any]:
    """Try one thing in a process of its own, so that what hangs or crashes there ends only there.

    Returns
    -------
    dict
        What the probe found, ``seconds`` it took, and ``failed`` with the reason if it did not come to an
        end; a crash is told by the last thing that it was at.
    """
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    world = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8",
             "PYTHONUTF8": "1"}
    started = time.monotonic()
    try:
        done = subprocess.run([sys.executable, "-m", "salesgoals.checkups.probe", probe, *words], env=world,
                              capture_output=True, text=True, encoding="utf-8", errors="replace",
                              timeout=seconds, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return {"failed": f"> {seconds:.0f} s", "seconds": seconds}
    except OSError as error:
        return {"failed": str(error), "seconds": 0.0}
    answer = _last_answer(done.stdout)
    if done.returncode or "failed" not in answer:
        said = done.stderr.strip().splitlines()
        answer.setdefault("failed", said[-1] if said else f"exit {done.returncode}")
    if answer["failed"] == "":
        del answer["failed"]
    return {**answer, "seconds": time.monotonic() - started}


def _last_answer(text: str) -> dict[str, Any]:
    for line in reversed(text.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def check_imports() -> Finding:
    """Load each package: one that is there may still lack a part of the system."""
    names = [IMPORTED_AS.get(name, name.replace("-", "_")) for name in list_needs()]
    answer = ask("imports", *names)
    if broken := answer.get("broken"):
        return lacks("imports", "failed", n=len(broken), names="; ".join(broken))
    if "failed" in answer:
        return lacks("imports", "crashed", name=answer.get("at", "?"), reason=answer["failed"])
    return fine("imports", n=len(names), seconds=answer["seconds"])


def check_lab() -> Finding:
    """Look for JupyterLab and for the part of it that shows sliders."""
    version = _version("jupyterlab")
    if version is None:
        return lacks("lab", "missing")
    if not Path(sys.prefix).joinpath(*SLIDERS).is_file():
        return look("lab", "sliders", version=version)
    return fine("lab", version=version)


def check_kernel() -> Finding:
    """Start a kernel, as a lesson does, and let it work out 6 x 7."""
    answer = ask("kernel")
    if "failed" in answer or answer.get("answer") != "42":
        return lacks("kernel", "silent", reason=answer.get("failed") or answer.get("answer") or "?")
    if answer["prefix"] != sys.prefix:
        return lacks("kernel", "other", found=answer["prefix"], wanted=sys.prefix)
    return fine("kernel", seconds=answer["seconds"])


def check_chart() -> Finding:
    """Draw a chart as a picture, and look whether this laptop has Chinese letters to draw."""
    answer = ask("chart")
    if "failed" in answer or not answer.get("drawn"):
        return lacks("chart", "failed", reason=answer.get("failed", "?"))
    return fine("chart") if answer.get("letters") else look("chart", "letters")


def check_lessons() -> Finding:
    """Look for the lessons themselves."""
    places = [PACKAGE.parent / "notebooks", PACKAGE / "_project" / "notebooks"]
    counts = [len(list(place.glob("*/0*_*.ipynb")) + list(place.glob("*/1*_*.ipynb"))) for place in places]
    most = max(counts)
    if most < 2:
        return lacks("lessons", "missing", folder=places[0])
    return fine("lessons", n=most // 2, folder=places[counts.index(most)])


def check_sample() -> Finding:
    """Collect the sample company anew, and take the time."""
    answer = ask("sample", seconds=300)
    if "failed" in answer or not answer.get("orders"):
        return lacks("sample", "failed", reason=answer.get("failed", "?"))
    if answer["seconds"] > SLOW_SAMPLE:
        return look("sample", "slow", seconds=answer["seconds"], orders=answer["orders"])
    return fine("sample", seconds=answer["seconds"], orders=answer["orders"])
