"""Build a JupyterLite site: the lessons in a browser, with Python inside it and nothing installed.

    python tools/jupyterlite.py --pyodide FOLDER --to SITE            the lessons
    python tools/jupyterlite.py --pyodide FOLDER --to SITE --basic    plain Python and the hand-outs only
    python tools/jupyterlite.py --pyodide FOLDER --fill               add what is pure Python to the folder

FOLDER holds the Pyodide distribution whose version the kernel names (`--version-needed` prints it): its
core, its lock file and the packages. What the lessons need and the folder lacks is listed, all at once, and
nothing is built then. Packages that are no part of Pyodide lie in FOLDER/extra as wheels.

Needs the optional packages of salesgoals[lite].
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

PROJECT = Path(__file__).resolve().parent.parent
LOCK, EXTRA = "pyodide-lock.json", "extra"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
PURE = "none-any.whl"
KERNEL = "0.8.6 (jupyterlite-pyodide-kernel >=0.8,<0.9)"
#: of Pyodide: for any notebook, and for the lessons
KERNEL_NEEDS = ("micropip", "packaging", "ipython", "traitlets")
LESSON_NEEDS = ("numpy", "pandas", "scipy", "pyarrow", "pydantic", "sqlalchemy", "python-calamine", "altair",
                "jinja2", "jsonschema", "click", "tqdm", "tzdata", "platformdirs")
#: not of Pyodide, pure Python: likewise
KERNEL_EXTRA = ("comm",)
LESSON_EXTRA = ("holidays", "xlsxwriter", "ipywidgets", "jupyterlab-widgets", "nbformat", "fastjsonschema",
                "jupyter-core")
INCOMPLETE = 3
LESSONS = re.compile(r"\d\d_.+\.ipynb")
PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
Run = Callable[[Sequence[str], Path], subprocess.CompletedProcess]


def run_quietly(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess:
    """Run a command in a folder and keep what it says."""
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@dataclass(frozen=True)
class Found:
    """What a folder holds of what is needed, in sentences about what it does not."""

    core: list[str] = field(default_factory=list)
    kernel: list[str] = field(default_factory=list)
    lessons: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Say everything that is missing, and what would work without it."""
        parts = [("Pyodide's core", self.core), ("any notebook", self.kernel), ("the lessons", self.lessons)]
        lines = []
        for what, wrong in parts:
            if wrong:
                lines += [f"For {what} the folder lacks:", *(f"  {line}" for line in wrong)]
        if self.core:
            lines.append("Without the core nothing runs in the browser; the hand-outs work as files, "
                         "without any site: salesgoals handouts FOLDER")
        elif self.kernel:
            lines.append("Without these no notebook runs; --fill adds what is pure Python. The hand-outs "
                         "work as files: salesgoals handouts FOLDER")
        elif self.lessons:
            lines.append("Without these no lesson runs: none was built. With --basic you get a site with "
                         "plain Python notebooks and the hand-outs, which need none of them.")
        return "\n".join(lines)


def read_lock(folder: Path) -> dict[str, dict[str, Any]]:
    """Read which packages belong to this Pyodide, by their usual names."""
    packages = json.loads((folder / LOCK).read_text(encoding="utf-8"))["packages"]
    return {canonicalize_name(name): entry for name, entry in packages.items()}


def closure(packages: dict[str, dict[str, Any]], roots: Iterable[str]) -> list[str]:
    """List packages and all that they depend on; unknown ones too."""
    found: dict[str, None] = {}
    waiting = [canonicalize_name(name) for name in roots]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += [canonicalize_name(one) for one in packages.get(name, {}).get("depends", [])]
    return list(found)


def look(folder: Path) -> Found:
    """Compare a folder with what is needed: files, sums, versions."""
    core = [f"{name}" for name in CORE if not (folder / name).is_file()]
    wanted = version_needed()
    told = folder / "package.json"
    if wanted and told.is_file():
        version = json.loads(told.read_text(encoding="utf-8")).get("version")
        if version != wanted:
            core.append(f"Pyodide {wanted}: the folder holds {version}, which the kernel cannot use")
    if LOCK in core:
        return Found(core)
    packages = read_lock(folder)
    kernel = _packages_missing(folder, packages, KERNEL_NEEDS) + _extra_missing(folder, KERNEL_EXTRA)
    lessons = _packages_missing(folder, packages, LESSON_NEEDS) + _extra_missing(folder, LESSON_EXTRA)
    lessons += _misfits(packages)
    return Found(core, kernel, [line for line in lessons if line not in kernel])


def _packages_missing(folder: Path, packages: dict[str, dict[str, Any]], roots: Iterable[str]) -> list[str]:
    wrong = []
    for name in closure(packages, roots):
        if name not in packages:
            wrong.append(f"{name} (not listed in {LOCK})")
            continue
        file = packages[name]["file_name"]
        path = folder / file
        if not path.is_file():
            wrong.append(file)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != packages[name]["sha256"]:
            wrong.append(f"{file} (damaged: its sum is not the one in {LOCK})")
    return wrong


def extra_wheel(folder: Path, name: str) -> Path | None:
    """Find the pure wheel of a package that is no part of Pyodide."""
    return next((path for path in sorted((folder / EXTRA).glob(f"*{PURE}"))
                 if parse_wheel_filename(path.name)[0] == canonicalize_name(name)), None)


def _extra_missing(folder: Path, names: Iterable[str]) -> list[str]:
    return [f"{EXTRA}/{name.replace('-', '_')}-{locked_version(name)}-py3-{PURE} (no part of Pyodide)"
            for name in names if extra_wheel(folder, name) is None]


def _misfits(packages: dict[str, dict[str, Any]]) -> list[str]:
    """Name packages whose version in this Pyodide is too old (or too new) for salesgoals."""
    needs = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    wrong = []
    for need in map(Requirement, needs):
        entry = packages.get(canonicalize_name(need.name))
        if entry and not need.specifier.contains(entry["version"], prereleases=True):
            wrong.append(f"{need.name} {need.specifier}: this Pyodide has {entry['version']}")
    return wrong


def locked_version(name: str) -> str:
    """Say in which version a package is used on laptops."""
    for line in (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        project, _, version = line.split(";")[0].strip().partition("==")
        if canonicalize_name(project) == canonicalize_name(name):
            return version
    return "any"


def version_needed() -> str | None:
    """Say which Pyodide the installed kernel is made for; None where it is not installed."""
    try:
        from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
    except ImportError:
        return None
    return str(PYODIDE_VERSION)


def fill(folder: Path, run: Run = run_quietly) -> list[str]:
    """Add wheels of pure Python to a folder, in the versions of its lock; return what could not be added.

    Pyodide packs such wheels anew, so the sums in the lock are replaced by those of what was fetched.
    """
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    python = ".".join(lock["info"]["python"].split(".")[:2])
    by_name = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    left = []
    for name in closure(by_name, [*KERNEL_NEEDS, *LESSON_NEEDS]):
        entry = by_name.get(name)
        if entry is None or (folder / entry["file_name"]).is_file():
            continue
        if not entry["file_name"].endswith(PURE):
            left.append(entry["file_name"])
            continue
        wheel = _download(f"{entry['name']}=={entry['version']}", python, folder, run)
        if wheel is None:
            left.append(entry["file_name"])
            continue
        entry["file_name"], entry["sha256"] = wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / EXTRA).mkdir(exist_ok=True)
    for name in (*KERNEL_EXTRA, *LESSON_EXTRA):
        asked = f"{name}=={locked_version(name)}"
        if extra_wheel(folder, name) is None and _download(asked, python, folder / EXTRA, run) is None:
            left.append(asked)
    draft = folder / f".{LOCK}"
    draft.write_text(json.dumps(lock), encoding="utf-8")
    draft.replace(folder / LOCK)
    return left


def _download(requirement: str, python: str, folder: Path, run: Run) -> Path | None:
    with tempfile.TemporaryDirectory() as place:
        run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary", ":all:", "--python-version", python, "--dest", place, requirement], PROJECT)
        got = next(Path(place).glob(f"*{PURE}"), None)
        return None if got is None else Path(shutil.copy(got, folder / got.name))


def build(folder: Path, site: Path, basic: bool, run: Run = run_quietly) -> Path:
    """Build the site in a draft and put it in place only when it is whole."""
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=".lite-") as place:
        room = Path(place)
        contents, static = room / "lite" / "contents", room / "lite" / "static" / "pyodide"
        contents.mkdir(parents=True)
        beside = shutil.ignore_patterns(EXTRA, "*.map", "*.ts", "*.md", "*.html")
        shutil.copytree(folder, static, ignore=beside)
        extra = [path for name in (*KERNEL_EXTRA, *(() if basic else LESSON_EXTRA))
                 if (path := extra_wheel(folder, name))]
        if not basic:
            extra.append(_own_wheel(room, run))
        write_contents(contents, basic)
        settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
            "litePluginSettings": {PLUGIN: {"disablePyPIFallback": True}}}}
        (room / "lite" / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
        wheels = [word for path in extra for word in ("--piplite-wheels", str(path.resolve()))]
        done = run([sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", ".",
                    "--contents", "contents", "--output-dir", str(room / "site"), "--no-sourcemaps", *wheels],
                   room / "lite")
        if done.returncode:
            raise SystemExit(f"The site could not be built (pip install salesgoals[lite]).\n"
                             f"{(done.stderr or done.stdout).strip()[-1500:]}")
        from salesgoals.run.commands_handouts import make_handouts

        make_handouts(room / "site" / "handouts")
        if lacking := check_site(room / "site", folder, [path.name for path in extra]):
            raise SystemExit("The site is not whole, so it was not put in place: " + ", ".join(lacking))
        if site.exists():
            shutil.rmtree(site)
        (room / "site").rename(site)
    return site


def check_site(site: Path, folder: Path, wheels: Iterable[str]) -> list[str]:
    """List what a built site lacks; nothing in it may point outside."""
    needed = ["index.html", "lab/index.html", "handouts/index.html",
              *(f"static/pyodide/{name}" for name in CORE)]
    lacking = [name for name in needed if not (site / name).is_file()]
    present = {path.name for path in site.rglob("*.whl")}
    lacking += [name for name in wheels if name not in present]
    config = site / "jupyter-lite.json"
    plugin = {} if not config.is_file() else json.loads(config.read_text(encoding="utf-8")).get(
        "jupyter-config-data", {}).get("litePluginSettings", {}).get(PLUGIN, {})
    if not str(plugin.get("pyodideUrl", "")).startswith("./static/pyodide/"):
        lacking.append("jupyter-lite.json: pyodideUrl points outside the site")
    if not plugin.get("disablePyPIFallback"):
        lacking.append("jupyter-lite.json: disablePyPIFallback")
    return lacking


def write_contents(contents: Path, basic: bool) -> None:
    """Write the notebooks of a site: the lessons, each with a cell that loads the packages, or plain ones."""
    from salesgoals.words import LANGUAGES, in_language, say

    for language in LANGUAGES:
        (contents / language).mkdir(parents=True)
        with in_language(language):
            if basic:
                cells = [_cell("markdown", say("lite.basic_text")), _cell("code", say("lite.basic_code"))]
                _write(contents / language / "start.ipynb", cells)
                continue
            for path in sorted((PROJECT / "notebooks" / language).iterdir()):
                if not LESSONS.fullmatch(path.name) or int(path.name[:2]) >= 90:
                    continue
                lesson = json.loads(path.read_text(encoding="utf-8"))
                names = [*LESSON_NEEDS, *LESSON_EXTRA]
                load = f"import piplite\nawait piplite.install({names!r})\n" \
                       'await piplite.install("salesgoals", deps=False)'
                # Pictures of charts, and so the widgets, need a program that no browser can run.
                kept = [{**cell, "source": [line.replace("pictures=True", "pictures=False")
                                            for line in cell["source"]]} for cell in lesson["cells"]
                        if "interactive" not in cell["metadata"].get("tags", [])]
                cells = [_cell("markdown", say("lite.load_text")), _cell("code", load), *kept]
                _write(contents / language / path.name, cells)


def _cell(kind: str, text: str) -> dict[str, Any]:
    more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True), **more}


def _write(path: Path, cells: list[dict[str, Any]]) -> None:
    plain = [{key: value for key, value in cell.items() if key != "id"} for cell in cells]
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    path.write_text(json.dumps({"cells": plain, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                                "nbformat_minor": 4}, ensure_ascii=False, indent=1), encoding="utf-8")


def _own_wheel(room: Path, run: Run) -> Path:
    done = run([sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--no-build-isolation", "--wheel-dir", str(room), str(PROJECT)], PROJECT)
    built = next(room.glob("salesgoals-*.whl"), None)
    if built is None:
        raise SystemExit(f"The package itself could not be built.\n{done.stderr.strip()[-800:]}")
    return built


def main(arguments: list[str] | None = None) -> int:
    """Fill, look or build; 0 done, 3 something is missing and nothing was built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pyodide", type=Path, help="folder with the Pyodide distribution")
    parser.add_argument("--to", type=Path, help="the site's folder; an older one is replaced")
    parser.add_argument("--basic", action="store_true", help="plain Python and hand-outs, no lessons")
    parser.add_argument("--fill", action="store_true", help="add wheels of pure Python to the folder")
    parser.add_argument("--version-needed", action="store_true", help="print which Pyodide the kernel wants")
    chosen = parser.parse_args(arguments)
    if chosen.version_needed:
        print(version_needed() or f"unknown: the kernel is not installed, {KERNEL}")
        return 0
    if chosen.pyodide is None or not (chosen.fill or chosen.to):
        parser.error("say --pyodide FOLDER and --to SITE, or --pyodide FOLDER --fill")
    if chosen.fill and (chosen.pyodide / LOCK).is_file():
        left = fill(chosen.pyodide)
        print("\n".join(["Not pure Python, or not to be had; take them from the Pyodide distribution:",
                         *(f"  {name}" for name in left)]) if left else "Nothing is left to add.")
    found = look(chosen.pyodide)
    if chosen.basic:
        found = Found(found.core, found.kernel)
    if text := found.report():
        print(text)
    if not chosen.to:
        return INCOMPLETE if text else 0
    if text:
        return INCOMPLETE
    if version_needed() is None:
        raise SystemExit("JupyterLite is not installed: pip install salesgoals[lite]")
    site = build(chosen.pyodide, chosen.to, chosen.basic)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{site}: {size / 1e6:.0f} MB. Put it on a web server, or: python -m http.server -d {site} "
          "--bind 127.0.0.1 8000")
    print("Over plain http from another machine notebooks run, but cannot open files of the site; on "
          "127.0.0.1 and over https they can.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
