"""The JupyterLite builder: what a folder lacks is said at once, and no broken site is left behind."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from test_wheelhouse import load_tool

lite = load_tool("jupyterlite")
COMPILED = ("numpy", "pandas", "scipy", "pyarrow", "sqlalchemy")


def write_folder(folder: Path, without: Sequence[str] = (), versions: dict[str, str] | None = None) -> Path:
    """Make a folder that looks like a Pyodide distribution with everything in it but what is left out."""
    folder.mkdir()
    usual = {"pandas": "3.0.2", "numpy": "2.4.6", "scipy": "1.18.0", "pyarrow": "22.0.0", "altair": "6.0.0",
             "pydantic": "2.12.5", "sqlalchemy": "2.0.48", "python-calamine": "0.6.2", "jinja2": "3.1.6",
             "click": "8.3.1", "tqdm": "4.67.3", **(versions or {})}
    packages: dict[str, Any] = {}
    for name in {*lite.KERNEL_NEEDS, *lite.LESSON_NEEDS, "pytz"}:
        ending = "cp314-cp314-pyemscripten_2026_0_wasm32.whl" if name in COMPILED else "py3-none-any.whl"
        file = f"{name.replace('-', '_')}-{usual.get(name, '1.0')}-{ending}"
        packages[name] = {"name": name, "version": usual.get(name, "1.0"), "file_name": file,
                          "depends": ["numpy", "pytz"] if name == "pandas" else [],
                          "sha256": hashlib.sha256(file.encode()).hexdigest()}
        if name not in without:
            (folder / file).write_bytes(file.encode())
    (folder / "extra").mkdir()
    for name in (*lite.KERNEL_EXTRA, *lite.LESSON_EXTRA):
        if name not in without:
            (folder / "extra" / f"{name.replace('-', '_')}-1.0-py3-none-any.whl").write_bytes(b"wheel")
    for name in lite.CORE:
        (folder / name).write_text("core", encoding="utf-8")
    lock = {"info": {"python": "3.14.2"}, "packages": packages}
    (folder / lite.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def short_handouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages have tests of their own; here one stands for all."""
    def make(folder: Path) -> list[Path]:
        folder.mkdir()
        (folder / "index.html").write_text("", encoding="utf-8")
        return [folder / "index.html"]

    monkeypatch.setattr("salesgoals.run.commands_handouts.make_handouts", make)


class Builder:
    """Stands for pip and JupyterLite: writes the site that it is told to write."""

    def __init__(self, forgets: str = "") -> None:
        self.forgets, self.contents = forgets, dict[str, str]()

    def __call__(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess:
        if "--wheel-dir" in command:
            place = Path(command[command.index("--wheel-dir") + 1])
            (place / "salesgoals-0.1.0-py3-none-any.whl").write_bytes(b"wheel")
        if "--output-dir" in command:
            site = Path(command[command.index("--output-dir") + 1])
            config = json.loads((folder / "jupyter-lite.json").read_text(encoding="utf-8"))
            plugin = config["jupyter-config-data"]["litePluginSettings"][lite.PLUGIN]
            plugin["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
            files = {"index.html": "", "lab/index.html": "", "jupyter-lite.json": json.dumps(config)}
            for path in (folder / "static" / "pyodide").iterdir():
                files[f"static/pyodide/{path.name}"] = ""
            for place_, word in enumerate(command):
                if word == "--piplite-wheels":
                    files[f"pypi/{Path(command[place_ + 1]).name}"] = ""
            for name, text in files.items():
                if name != self.forgets:
                    (site / name).parent.mkdir(parents=True, exist_ok=True)
                    (site / name).write_text(text, encoding="utf-8")
            made = (folder / "contents").rglob("*.ipynb")
            self.contents = {path.relative_to(folder / "contents").as_posix():
                             path.read_text(encoding="utf-8") for path in made}
        return subprocess.CompletedProcess(command, 0, "", "")


def test_an_empty_folder_lacks_the_core(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lite.main(["--pyodide", str(tmp_path), "--to", str(tmp_path / "site")]) == 3
    said = capsys.readouterr().out
    assert all(name in said for name in lite.CORE)
    assert "salesgoals handouts" in said
    assert not (tmp_path / "site").exists()


def test_all_that_lacks_is_named_at_once_with_what_works_without(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(tmp_path / "pyodide", without=[*COMPILED, "holidays"])
    assert lite.main(["--pyodide", str(folder), "--to", str(tmp_path / "site")]) == 3
    said = capsys.readouterr().out
    assert all(f"  {name}-" in said for name in COMPILED)
    assert "extra/holidays-" in said
    assert "--basic" in said
    assert not (tmp_path / "site").exists()


def test_a_whole_folder_lacks_nothing_and_faults_in_it_are_seen(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "pyodide")
    assert lite.look(folder) == lite.Found()
    pandas = next(folder.glob("pandas-*"))
    pandas.write_bytes(b"cut short")
    assert [line for line in lite.look(folder).lessons if "damaged" in line] == [
        f"{pandas.name} (damaged: its sum is not the one in {lite.LOCK})"]
    old = write_folder(tmp_path / "old", versions={"pandas": "2.3.0"})
    assert any("2.3.0" in line for line in lite.look(old).lessons)
    (folder / "package.json").write_text('{"version": "0.1.0"}', encoding="utf-8")
    if lite.version_needed():
        assert any("0.1.0" in line for line in lite.look(folder).core)


def test_the_site_has_every_lesson_with_a_cell_that_loads_what_it_needs(tmp_path: Path) -> None:
    folder, builder = write_folder(tmp_path / "pyodide"), Builder()
    site = lite.build(folder, tmp_path / "site", basic=False, run=builder)
    assert (site / "handouts" / "index.html").is_file()
    lessons = {name: json.loads(text) for name, text in builder.contents.items()}
    assert len(lessons) == 24
    for lesson in lessons.values():
        code = ["".join(cell["source"]) for cell in lesson["cells"] if cell["cell_type"] == "code"]
        assert 'piplite.install("salesgoals", deps=False)' in code[0]
        assert not any("pictures=True" in text for text in code)
        assert not any("interactive" in cell["metadata"].get("tags", []) for cell in lesson["cells"])
    assert not list(tmp_path.glob(".lite-*"))


@pytest.mark.parametrize("forgets", ["static/pyodide/pyodide.asm.wasm", "lab/index.html",
                                     "pypi/comm-1.0-py3-none-any.whl", "jupyter-lite.json"])
def test_a_site_that_is_not_whole_is_not_put_in_place(forgets: str, tmp_path: Path) -> None:
    folder, site = write_folder(tmp_path / "pyodide"), tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("the one before", encoding="utf-8")
    with pytest.raises(SystemExit, match="not whole"):
        lite.build(folder, site, basic=True, run=Builder(forgets))
    assert (site / "index.html").read_text(encoding="utf-8") == "the one before"


def test_pure_python_is_added_and_the_rest_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "pyodide", without=["pytz", "numpy", "holidays"])

    def registry(command: Sequence[str], _: Path) -> subprocess.CompletedProcess:
        name, version = command[-1].split("==")
        place = Path(command[command.index("--dest") + 1])
        (place / f"{name}-{version}-py3-none-any.whl").write_bytes(b"from the registry")
        return subprocess.CompletedProcess(command, 0, "", "")

    left = lite.fill(folder, registry)
    assert left == ["numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"]
    assert lite.look(folder).lessons == left
