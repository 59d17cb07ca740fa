"""The USB folder: what it needs is worked out for each system, and what lacks is named all at once."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from paths import PROJECT


def load_tool(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"{name}_tool", PROJECT / "tools" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


stick = load_tool("wheelhouse")
MAC, WINDOWS = stick.SYSTEMS["mac-arm64"], stick.SYSTEMS["windows"]


class Registry:
    """Stands for pip: gives the wheels that it has, and stops at the first that it has not."""

    def __init__(self, wheels: dict[str, str]) -> None:
        self.wheels, self.calls = wheels, 0

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess:
        self.calls += 1
        folder = Path(command[command.index("--dest") + 1])
        asked = [word for word in command if "==" in word]
        lacking = next((word for word in asked if word not in self.wheels), None)
        if lacking:
            return subprocess.CompletedProcess(
                command, 1, "", f"ERROR: No matching distribution found for {lacking}\n")
        for word in asked:
            (folder / self.wheels[word]).write_bytes(b"wheel")
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.mark.parametrize(("file", "mac", "windows"), [
    ("numpy-2.5.5-cp312-cp312-macosx_11_0_arm64.whl", True, False),
    ("numpy-2.5.5-cp312-cp312-win_amd64.whl", False, True),
    ("numpy-2.5.5-cp311-cp311-win_amd64.whl", False, False),
    ("numpy-2.5.5-cp312-abi3-macosx_10_9_universal2.whl", True, False),
    ("numpy-2.5.5-cp39-abi3-win_amd64.whl", False, True),
    ("numpy-2.5.5-cp312-cp312-macosx_10_9_x86_64.whl", False, False),
    ("numpy-2.5.5-py3-none-any.whl", True, True),
    ("numpy-2.5.4-py3-none-any.whl", False, False),
    ("nonsense.whl", False, False)])
def test_a_wheel_fits_a_system_or_not(file: str, mac: bool, windows: bool, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes(b"wheel")
    for system, fits in ((MAC, mac), (WINDOWS, windows)):
        found = stick.wheel_for("numpy==2.5.5", system.tags("3.12"), [tmp_path / file])
        assert (found is not None) == fits


def test_all_that_lack_are_named_and_a_second_run_fetches_nothing(tmp_path: Path) -> None:
    needed = ["numpy==2.5.5", "pywinpty==3.1.2", "six==1.17.0", "argon2==26.2.0"]
    registry = Registry({"numpy==2.5.5": "numpy-2.5.5-cp312-cp312-win_amd64.whl",
                         "six==1.17.0": "six-1.17.0-py2.py3-none-any.whl"})
    assert stick.fetch(WINDOWS, "3.12", needed, tmp_path, registry) == ["pywinpty==3.1.2", "argon2==26.2.0"]
    assert registry.calls == 3
    assert stick.fetch(WINDOWS, "3.12", [needed[0], needed[2]], tmp_path, registry) == []
    assert registry.calls == 3
    (tmp_path / "six-1.17.0-py2.py3-none-any.whl").write_bytes(b"")     # cut short: fetched again
    assert stick.fetch(WINDOWS, "3.12", needed[2:3], tmp_path, registry) == []
    assert registry.calls == 4


def test_a_broken_network_is_no_missing_wheel(tmp_path: Path) -> None:
    def broken(command: Sequence[str]) -> subprocess.CompletedProcess:
        return subprocess.CompletedProcess(command, 2, "", "Connection timed out")

    with pytest.raises(SystemExit, match="Run the same command again"):
        stick.fetch(WINDOWS, "3.12", ["six==1.17.0"], tmp_path, broken)


def test_requirements_are_worked_out_once_for_the_other_system(tmp_path: Path) -> None:
    asked = []

    def resolver(command: Sequence[str]) -> subprocess.CompletedProcess:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, "pandas==3.1.1\npywinpty==3.1.2\n", "")

    for _ in range(2):
        assert stick.lock(WINDOWS, "3.12", tmp_path, resolver) == ["pandas==3.1.1", "pywinpty==3.1.2"]
    assert len(asked) == 1
    assert "x86_64-pc-windows-msvc" in asked[0]
    assert str(PROJECT / "requirements.txt") in asked[0]
    stick.lock(WINDOWS, "3.13", tmp_path, resolver)
    assert len(asked) == 2


def write_wheel(folder: Path) -> None:
    info = "salesgoals-0.1.0.dist-info"
    files = {"salesgoals/__init__.py": "", "salesgoals/_project/notebooks/en/00_start_here.ipynb": "{}",
             f"{info}/METADATA": "Metadata-Version: 2.1\nName: salesgoals\nVersion: 0.1.0\n",
             f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    with zipfile.ZipFile(folder / "salesgoals-0.1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"]))


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """A folder as the tool makes it, for this machine's Python, with nothing but a small package in it."""
    folder = tmp_path / "usb"
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements").mkdir()
    (folder / "requirements" / "linux.txt").write_text("# mark\n", encoding="utf-8")
    write_wheel(folder / "wheels")
    python = "{}.{}".format(*sys.version_info[:2])
    stick.write_start_files(folder, list(stick.SYSTEMS.values()), python)
    (folder / "python" / "installer.pkg").write_bytes(b"put there by the trainer")
    stick.write_sums(folder)
    return folder


def start(usb: Path, *words: str) -> tuple[int, str]:
    home = usb.parent / "home"
    done = subprocess.run([sys.executable, str(usb / "start.py"), *words], capture_output=True, text=True,
                          encoding="utf-8", env={**os.environ, "SALESGOALS_HOME": str(home)}, check=False)
    return done.returncode, done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of this test is made for Linux")
def test_the_start_file_installs_without_network_and_names_what_is_wrong(usb: Path) -> None:
    wheel = usb / "wheels" / "salesgoals-0.1.0-py3-none-any.whl"
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-9])
    code, said = start(usb, "install")
    assert code == 1
    assert f"wheels/{wheel.name}" in said
    wheel.write_bytes(whole)
    code, said = start(usb, "install")
    assert code == 0, said
    home = usb.parent / "home"
    assert (home / "notebooks" / "en" / "00_start_here.ipynb").is_file()
    (home / "notebooks" / "en" / "00_start_here.ipynb").write_text("mine", encoding="utf-8")
    code, said = start(usb, "install")
    assert code == 0
    assert "Installing" not in said      # ready from the first time, and nobody's work is overwritten
    assert (home / "notebooks" / "en" / "00_start_here.ipynb").read_text(encoding="utf-8") == "mine"
    settings = json.loads((usb / "start.json").read_text(encoding="utf-8"))
    for change, expected in (({"python": "3.99"}, "3.99"), ({"systems": ["windows"]}, "windows")):
        (usb / "start.json").write_text(json.dumps({**settings, **change}), encoding="utf-8")
        code, said = start(usb, "install")
        assert code == 1
        assert expected in said
        assert "handouts" in said or "python" in said.lower()


def test_start_files_say_in_both_languages_when_python_is_missing(usb: Path) -> None:
    told = (usb / "python" / "README.txt").read_bytes()
    assert told.startswith(b"\xef\xbb\xbf")
    assert "没有 Python" in told.decode("utf-8")
    assert "has no Python" in told.decode("utf-8")
    batch = (usb / "start.bat").read_bytes()
    assert batch.isascii()      # a console of another code page would stumble over anything else
    assert batch.count(b"\r\n") == batch.count(b"\n") > 5
    assert b"@PYTHON@" not in batch
    if sys.platform != "win32":
        assert os.access(usb / "start.command", os.X_OK)
        nothing = usb.parent / "nothing"
        nothing.mkdir()
        for tool in ("dirname", "cat"):
            (nothing / tool).symlink_to(f"/usr/bin/{tool}")
        done = subprocess.run(["/bin/sh", str(usb / "start.sh")], capture_output=True, text=True,
                              encoding="utf-8", env={"PATH": str(nothing)}, check=False)
        assert done.returncode == 1
        assert "没有 Python" in done.stdout
    for name in ("README.md", "README.zh.md"):
        assert "start.bat" in (usb / name).read_text(encoding="utf-8")


def test_the_sums_cover_everything_but_what_is_added_later(usb: Path) -> None:
    lines = (usb / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {line.split("  ")[1]: line.split("  ")[0] for line in lines}
    assert {"start.py", "start.bat", "wheels/salesgoals-0.1.0-py3-none-any.whl"} <= set(listed)
    assert "python/installer.pkg" not in listed
    for name, told in listed.items():
        assert hashlib.sha256((usb / name).read_bytes()).hexdigest() == told
