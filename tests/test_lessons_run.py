"""Every lesson by papermill alone, in both languages; a misspelt or unusable parameter is refused."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import nbformat
import papermill
import pytest
from conftest import PROJECT

from salesgoals.collect import collect_folder, save_collected
from salesgoals.workspace import new_workspace

LESSONS = sorted(path.name for path in (PROJECT / "notebooks" / "zh").glob("[01]*.ipynb"))
SECONDS = 180


@pytest.fixture(autouse=True)
def package_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


@pytest.fixture(scope="module")
def ten_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's own workspace: one export, ten months, six people, no market, no joining dates, no dirt."""
    folder = tmp_path_factory.mktemp("own") / "w"
    workspace = new_workspace(folder, language="en", company="Own")
    lines = ["Order Number,Order Date,Employee,Product,Amount"]
    lines += [f"{month}-{person}-{day},2025-{month:02}-{day:02},Person {person},Pump,{900 + 70 * person}"
              for month in range(1, 11) for person in range(6) for day in (3, 17)]
    (workspace.inbox / "sales.csv").write_text("\n".join(lines), encoding="utf-8")
    save_collected(workspace, collect_folder(workspace))
    return folder


def run(name: str, edition: str, target: Path, top: str = "notebooks",
        **parameters: object) -> nbformat.NotebookNode:
    source = PROJECT / top / edition / name
    papermill.execute_notebook(str(source), str(target), parameters=parameters, kernel_name="python3",
                               progress_bar=False, execution_timeout=SECONDS)
    return nbformat.read(target, as_version=4)


@pytest.mark.parametrize(("name", "language"), [*zip(LESSONS, itertools.cycle(["zh", "en"]), strict=False)])
def test_a_lesson_runs_by_papermill_alone(tmp_path: Path, name: str, language: str) -> None:
    """In the language that is asked for, whatever the edition; the other one by nbval and in Lab."""
    done = run(name, "en" if language == "zh" else "zh", tmp_path / name, language=language)
    nbformat.validate(done)
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "application/vnd.vegalite.v5+json" in kinds
    assert not [output for output in outputs
                if output.output_type == "error" or output.get("name") == "stderr"]
    said = "".join(str(output.data) for output in outputs if "text/html" in output.get("data", {}))
    assert ("练习" in said) == (language == "zh")
    assert ("not yet" in said) == (language == "en")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_with_its_solutions_on_little_data_of_ones_own(tmp_path: Path, ten_months: Path,
                                                                     name: str) -> None:
    done = run(name, "en", tmp_path / name, top="teaching", workspace=str(ten_months))
    said = "".join(str(output) for cell in done.cells if cell.cell_type == "code" for output in cell.outputs)
    assert ("nothing to solve" in said) == (name[:2] in ("00", "01", "02", "04", "06", "10"))
    assert "(+100%)" not in said     # of ten months nobody can say what they are against a year


def test_what_stops_a_lesson_is_a_sentence_without_lines_of_code(tmp_path: Path, ten_months: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError) as stopped:
        run("01_collect.ipynb", "en", tmp_path / "out.ipynb", workspace=str(ten_months), export="mine.xlsx")
    assert "sales.csv - give one of these names" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)
    assert "lessons.py" not in str(stopped.value)


@pytest.mark.parametrize("parameters", [{"langauge": "en"}, {"wish": "double"}, {"language": "fr"}])
def test_a_parameter_that_cannot_be_meant_is_refused(tmp_path: Path, parameters: dict[str, object]) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match=r"langauge|wish|language"):
        run("04_goal.ipynb", "en", tmp_path / "out.ipynb", **parameters)


def test_there_are_lessons_to_run() -> None:
    assert len(LESSONS) >= 4
