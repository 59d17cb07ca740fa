"""Build a folder for a USB stick: everything to install salesgoals on a laptop without a network.

    python tools/wheelhouse.py --to FOLDER [--system windows --system mac-arm64 ...] [--python 3.12]

The folder gets one start file for each system, the wheels of all of them, the hand-outs, a README in both
languages and a list of SHA-256 sums. It can be stopped and run again: what is there is not fetched twice.
Only the Python installer itself cannot be put in from here; the folder has a place for it.

Needs `uv` (pip install uv), which works out what another system needs: pip would ask this one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "stick"
TEXTS = PROJECT / "salesgoals" / "words" / "stick.toml"
SUMS, WHEELS, LOCKS = "SHA256SUMS", "wheels", "requirements"
NOT_FOUND = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)==(\S+)")
INCOMPLETE = 3
Run = Callable[[Sequence[str]], subprocess.CompletedProcess]


@dataclass(frozen=True)
class System:
    """A kind of laptop: how the resolver calls it, its wheels' platforms, its start file."""

    name: str
    resolver: str
    platforms: tuple[str, ...]
    start: str

    def tags(self, python: str) -> frozenset[Tag]:
        """List the tags of the wheels that this system can install."""
        version = tuple(int(part) for part in python.split("."))
        return frozenset([*cpython_tags(version, platforms=self.platforms),
                          *compatible_tags(version, f"cp{version[0]}{version[1]}", self.platforms)])


def _mac(machine: str) -> tuple[str, ...]:
    """List a Mac's platforms: an Apple processor takes what was built for both kinds, however old."""
    kinds = (machine, "universal2")
    newer = [f"macosx_{major}_0_{kind}" for major in (12, 11) for kind in kinds]
    return (*newer, *(f"macosx_10_{minor}_{kind}" for minor in range(16, 8, -1) for kind in kinds
                      if kind != "arm64"))


SYSTEMS = {system.name: system for system in (
    System("windows", "x86_64-pc-windows-msvc", ("win_amd64",), "start.bat"),
    System("mac-arm64", "aarch64-apple-darwin", _mac("arm64"), "start.command"),
    System("mac-x86_64", "x86_64-apple-darwin", _mac("x86_64"), "start.command"),
    System("linux", "x86_64-manylinux_2_28",
           (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), "manylinux2014_x86_64",
            "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"), "start.sh"))}
USUAL = ("windows", "mac-arm64", "mac-x86_64")


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess:
    """Run a command and keep what it says."""
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


def lock(system: System, python: str, folder: Path, run: Run = run_quietly) -> list[str]:
    """Work out what a system needs to run salesgoals: exact versions, none of the tests' packages.

    The result is kept beside a mark of what it came from and worked out anew only when that changes.
    """
    inputs = [PROJECT / "pyproject.toml", PROJECT / "requirements.txt"]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in inputs) + python.encode()).hexdigest()[:16]
    path = folder / LOCKS / f"{system.name}.txt"
    if path.is_file() and path.read_text(encoding="utf-8").startswith(f"# {mark}\n"):
        return read_lock(path)
    uv = [shutil.which("uv")] if shutil.which("uv") else [sys.executable, "-m", "uv"]
    done = run([*uv, "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--python-platform",
                system.resolver, "--python-version", python, "-c", str(inputs[1]), str(inputs[0])])
    if done.returncode:
        raise SystemExit(f"{system.name}: what it needs could not be worked out with uv (pip install uv).\n"
                         f"{done.stderr.strip()[-800:]}")
    lines = [line for line in done.stdout.splitlines() if "==" in line]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"# {mark}", *lines, ""]), encoding="utf-8", newline="\n")
    return read_lock(path)


def read_lock(path: Path) -> list[str]:
    """Read the exact requirements of a system, one `name==version` each."""
    lines = (line.split(";")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def wheel_for(requirement: str, tags: frozenset[Tag], files: Iterable[Path]) -> Path | None:
    """Find a wheel that meets an exact requirement on a system; None where there is none."""
    name, version = requirement.split("==")
    for path in files:
        try:
            project, its_version, _, its_tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        same = project == canonicalize_name(name) and str(its_version) == version
        if same and its_tags & tags and path.stat().st_size:
            return path
    return None


def missing(requirements: Sequence[str], tags: frozenset[Tag], wheels: Path) -> list[str]:
    """List the requirements that have no wheel in the folder."""
    files = sorted(wheels.glob("*.whl"))
    return [line for line in requirements if wheel_for(line, tags, files) is None]


def fetch(system: System, python: str, requirements: Sequence[str], wheels: Path,
          run: Run = run_quietly) -> list[str]:
    """Fetch the wheels that are not there yet; return every requirement for which there is none.

    pip gives up at the first that it cannot find: that one is noted, and the others are asked for again.
    """
    tags, none = system.tags(python), list[str]()
    wanted = missing(requirements, tags, wheels)
    wheels.mkdir(parents=True, exist_ok=True)
    platforms = [word for platform in system.platforms for word in ("--platform", platform)]
    while wanted:
        done = run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                    "--no-deps", "--only-binary", ":all:", *platforms, "--python-version", python,
                    "--implementation", "cp", "--dest", str(wheels), *wanted])
        wanted = missing(wanted, tags, wheels)
        if not done.returncode:
            break
        found = NOT_FOUND.search(done.stderr)
        lost = [line for line in wanted if found and line == f"{found[1]}=={found[2]}"]
        if not lost:
            raise SystemExit(f"{system.name}: wheels could not be fetched. Run the same command again.\n"
                             f"{done.stderr.strip()[-800:]}")
        none += lost
        wanted = [line for line in wanted if line not in lost]
    return [*none, *wanted]


def build_own_wheel(wheels: Path, run: Run = run_quietly) -> Path:
    """Build the package with its lessons, samples and cases; an older one goes."""
    for old in wheels.glob("salesgoals-*.whl"):
        old.unlink()
    done = run([sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--no-build-isolation", "--wheel-dir", str(wheels), str(PROJECT)])
    built = sorted(wheels.glob("salesgoals-*.whl"))
    if done.returncode or not built:
        raise SystemExit(f"The package itself could not be built.\n{done.stderr.strip()[-800:]}")
    return built[0]


def write_start_files(folder: Path, systems: Sequence[System], python: str) -> None:
    """Write start files, texts, READMEs and the place for the Python installer."""
    import tomllib

    told = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["stick"]
    (folder / "python").mkdir(parents=True, exist_ok=True)
    texts = {key: {name: text.replace("{python}", python) for name, text in words.items()}
             for key, words in told.items()}
    both = "\n\n".join(texts["no_python"][name] for name in ("zh", "en")) + "\n"
    (folder / "python" / "README.txt").write_text(both, encoding="utf-8-sig", newline="\r\n")
    settings = {"python": python, "systems": [system.name for system in systems], "texts": texts}
    (folder / "start.json").write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
    names = {"start.py", "README.md", "README.zh.md", *(system.start for system in systems)}
    for name in sorted(names):
        text = (TEMPLATES / name).read_text(encoding="utf-8").replace("@PYTHON@", python)
        listed = ", ".join(system.name for system in systems)
        target = folder / name
        target.write_text(text.replace("@SYSTEMS@", listed), encoding="utf-8",
                          newline="\r\n" if name.endswith(".bat") else "\n")
        if name.endswith((".sh", ".command")):
            target.chmod(0o755)


def write_sums(folder: Path) -> int:
    """List the SHA-256 sum of every file, so that a damaged stick is noticed before it is used."""
    lines = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        # What a trainer adds later, the Python installer, is not ours to vouch for.
        ours = not name.startswith("python/") or name == "python/README.txt"
        if path.is_file() and name != SUMS and ours:
            lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}")
    (folder / SUMS).write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
    return len(lines)


def remove_strays(wheels: Path, wanted: Iterable[Path]) -> None:
    """Take out wheels of an earlier run that nobody needs any more."""
    keep = {path.name for path in wanted}
    for path in wheels.glob("*.whl"):
        if path.name not in keep and not path.name.startswith("salesgoals-"):
            path.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Build the folder; 0 complete, 3 built but a system lacks wheels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--to", required=True, type=Path, help="the folder; made if it is not there")
    parser.add_argument("--system", action="append", choices=list(SYSTEMS),
                        help=f"may be given several times; by default {', '.join(USUAL)}")
    parser.add_argument("--python", default="3.12", help="the one Python version of all laptops (3.12)")
    chosen = parser.parse_args(arguments)
    if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", chosen.python):
        parser.error(f"--python {chosen.python}: a version such as 3.12, 3.11 at least")
    wanted_systems = [SYSTEMS[name] for name in dict.fromkeys(chosen.system or USUAL)]
    folder, wheels = chosen.to, chosen.to / WHEELS
    lacking: dict[str, list[str]] = {}
    used: set[Path] = set()
    for system in wanted_systems:
        needed = lock(system, chosen.python, folder)
        print(f"{system.name}: {len(needed)} packages for Python {chosen.python}", flush=True)
        if none := fetch(system, chosen.python, needed, wheels):
            lacking[system.name] = none
        files = sorted(wheels.glob("*.whl"))
        used |= {path for line in needed if (path := wheel_for(line, system.tags(chosen.python), files))}
    ready = [system for system in wanted_systems if system.name not in lacking]
    for name, none in lacking.items():
        print(f"{name}: no wheel for {', '.join(none)}. This system is left out of the folder.")
        (folder / LOCKS / f"{name}.txt").unlink(missing_ok=True)
    if not ready:
        print("No system is complete; nothing to hand out.")
        return 1
    complete = [system.tags(chosen.python) for system in ready]
    used = {path for path in used if any(parse_wheel_filename(path.name)[3] & tags for tags in complete)}
    remove_strays(wheels, used)
    print(f"package: {build_own_wheel(wheels).name}", flush=True)
    from salesgoals.run.commands_handouts import make_handouts

    print(f"hand-outs: {len(make_handouts(folder / 'handouts'))} pages", flush=True)
    write_start_files(folder, ready, chosen.python)
    count = write_sums(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {count} files, {size / 1e6:.0f} MB, for {', '.join(system.name for system in ready)}")
    print(f"Put the Python {chosen.python} installers into {folder / 'python'}: see README.txt there.")
    return INCOMPLETE if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
