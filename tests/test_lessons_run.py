"""Every lesson by papermill alone, in both languages; a misspelt or unusable parameter is refused."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import papermill
import pytest
from conftest import PROJECT

LESSONS = sorted(path.name for path in (PROJECT / "notebooks" / "zh").glob("0*.ipynb"))
SECONDS = 180


@pytest.fixture(autouse=True)
def package_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


def run(name: str, edition: str, target: Path, **parameters: object) -> nbformat.NotebookNode:
    source = PROJECT / "notebooks" / edition / name
    papermill.execute_notebook(str(source), str(target), parameters=parameters, kernel_name="python3",
                               progress_bar=False, execution_timeout=SECONDS)
    return nbformat.read(target, as_version=4)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_by_papermill_alone(tmp_path: Path, name: str, language: str) -> None:
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


@pytest.mark.parametrize("parameters", [{"langauge": "en"}, {"wish": "double"}, {"language": "fr"}])
def test_a_parameter_that_cannot_be_meant_is_refused(tmp_path: Path, parameters: dict[str, object]) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match=r"langauge|wish|language"):
        run("04_goal.ipynb", "en", tmp_path / "out.ipynb", **parameters)


def test_there_are_lessons_to_run() -> None:
    assert len(LESSONS) >= 4
