"""What must be true of the project as a whole: its lists of needs, its texts, its commands."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from conftest import PROJECT

import salesgoals

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def needs_of_pyproject() -> set[str]:
    project = PYPROJECT["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["test"]
    return {need.replace(" ", "") for need in needs}


def test_conda_users_get_the_same_needs() -> None:
    text = (PROJECT / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- ([^#\s]+)", text, re.MULTILINE)
    conda = set(listed) - {"conda-forge", "python>=3.11", "pip", "pip:"}
    assert len(conda) > 20
    assert conda == {re.sub(r"\[\w+\]", "", need) for need in needs_of_pyproject()}  # conda has no extras
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"


def test_every_need_is_locked_and_no_host_is_named() -> None:
    locked = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    names = {re.split(r"[=<>;\s]", line)[0].lower().replace("_", "-") for line in locked.splitlines()}
    assert {re.split(r"[=<>\[]", need)[0].lower() for need in needs_of_pyproject()} <= names
    assert "://" not in locked


def tracked_texts() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True,
                            check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.suffix in
            {".py", ".md", ".toml", ".yml", ".txt", ".ipynb", ".cfg", ""} and path.is_file()]


def test_no_path_of_a_machine_and_no_registry_in_the_tree() -> None:
    paths = tracked_texts()
    assert len(paths) > 40
    forbidden = re.compile(
        r"(/wor[k]/|/roo[t]/|/hom[e]/\w+/|index-ur[l]|/simpl[e]/|registry\.np[m])")
    found = [f"{path.name}: {match.group()}" for path in paths
             if (match := forbidden.search(path.read_text(encoding="utf-8")))]
    assert not found


def test_every_public_name_exists_and_is_documented() -> None:
    assert len(salesgoals.__all__) > 20
    for name in salesgoals.__all__:
        assert getattr(salesgoals, name).__doc__, name


def test_importing_the_package_is_light() -> None:
    """The step modules load on first use: a command's help must not wait for pandas."""
    code = "import sys, salesgoals; sys.exit('pandas' in sys.modules)"
    assert subprocess.run(["python", "-c", code], cwd=PROJECT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_in_the_texts_lead_somewhere(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    links += re.findall(r'src="([^"]+)"', text)
    local = [link for link in links if link and "://" not in link]
    assert local or name == "CHANGELOG.md"
    assert [link for link in local if not (PROJECT / link).exists()] == []


def test_make_targets_named_in_the_readme_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make (\w+)", (PROJECT / "README.md").read_text(encoding="utf-8")))
    assert {"demo", "test"} <= named
    assert {target for target in named if f"\n{target}:" not in makefile} == set()


def test_both_readmes_have_the_same_sections() -> None:
    heads = [re.findall(r"^(#+) ", (PROJECT / name).read_text(encoding="utf-8"), re.MULTILINE)
             for name in ("README.md", "README.zh.md")]
    assert len(heads[0]) > 3
    assert heads[0] == heads[1]


def test_layers_name_every_module() -> None:
    """A module that stands in no layer is checked by nothing."""
    layers = " ".join(PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"])
    package = PROJECT / "salesgoals"
    inner = {f"{room}.{path.stem}" for room in ("forecasting", "allocation")
             for path in (package / room).glob("[!_]*.py")}
    rooms = {path.parent.name for path in package.glob("*/__init__.py")} - {"forecasting", "allocation"}
    modules = {path.stem for path in package.glob("[!_]*.py")} | rooms | inner
    assert len(modules) > 30
    missing = {name for name in modules if not re.search(rf"salesgoals\.{re.escape(name)}\b", layers)}
    assert not missing
