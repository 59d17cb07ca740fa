from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st
from notebooks_for_tests import make_notebook, write_notebook

from salesgoals.problems import SalesgoalsError
from salesgoals.run.parameters import (
    check_parameters,
    declared_parameters,
    read_parameters,
    refuse_unknown_parameters,
    run_notebook,
)
from salesgoals.words import in_language

DECLARED = '''# what can be changed
workspace: str = ""  # the workspace = a folder / 工作区
language: str = "en"
growth: float = 0.08
months: int = 12
pinned: list[str] = []
whole: bool = False
limit: float | None = None
method: Literal["history", "equal"] = "history"
free: object = 1
derived = 2
'''
SETUP = """import salesgoals as sg
from salesgoals.run.parameters import refuse_unknown_parameters
sg.use_language(language)
refuse_unknown_parameters(globals())"""


@pytest.fixture
def notebook() -> object:
    return make_notebook([(DECLARED, ["parameters"]), "other: int = 3"])


def codes(error: pytest.ExceptionInfo[SalesgoalsError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_typed_lines_are_declared_also_with_an_equals_sign_in_the_comment(notebook: object) -> None:
    declared = declared_parameters(notebook)
    assert list(declared) == ["workspace", "language", "growth", "months", "pinned", "whole", "limit",
                              "method", "free"]
    assert declared["growth"].kinds == ("float",)
    assert declared["growth"].default == 0.08
    assert declared["limit"].kinds == ("float", "None")
    assert declared["language"].choices == ("zh", "en")
    assert declared["method"].choices == ("history", "equal")


@pytest.mark.parametrize("good", [
    {"growth": 1}, {"growth": .5}, {"limit": None}, {"limit": 3.0}, {"months": 3}, {"pinned": ["a"]},
    {"whole": True}, {"method": "equal"}, {"free": object()}, {"language": "zh", "workspace": "x"}, {}])
def test_right_values_pass_as_they_are(notebook: object, good: dict) -> None:
    assert check_parameters(notebook, good) == good


@pytest.mark.parametrize("bad", [
    {"growth": "0.1"}, {"growth": True}, {"months": 3.0}, {"months": True}, {"pinned": "a"}, {"whole": 1},
    {"limit": "x"}, {"method": "potential"}, {"language": "fr"}, {"workspace": None}])
def test_values_of_the_wrong_kind_are_refused(notebook: object, bad: dict) -> None:
    with pytest.raises(SalesgoalsError) as error:
        check_parameters(notebook, bad)
    assert codes(error) == ["run.parameter_wrong"]


def test_all_mistakes_are_told_at_once_in_both_languages_with_the_closest_name(notebook: object) -> None:
    with pytest.raises(SalesgoalsError) as error:
        check_parameters(notebook, {"growht": 1, "months": "x", "language": "fr"})
    assert codes(error) == ["run.parameter_unknown", "run.parameter_wrong", "run.parameter_wrong"]
    assert 'did you mean "growth"?' in str(error.value)
    assert "a whole number" in str(error.value)
    with in_language("zh"):
        assert "是不是想写“growth”" in str(error.value)
        assert "应为整数" in str(error.value)


def test_a_notebook_without_parameters_takes_none() -> None:
    with pytest.raises(SalesgoalsError) as error:
        check_parameters(make_notebook(["1"]), {"a": 1})
    assert codes(error) == ["run.parameter_none"]


def test_typed_texts_become_what_is_declared(notebook: object) -> None:
    typed = {"workspace": "007", "growth": "0.1", "months": "5", "pinned": "['a', 'b']", "whole": "是",
             "limit": "None", "method": "equal", "free": "text"}
    assert read_parameters(notebook, typed) == {
        "workspace": "007", "growth": .1, "months": 5, "pinned": ["a", "b"], "whole": True, "limit": None,
        "method": "equal", "free": "text"}


@pytest.mark.parametrize("typed", [{"growth": "abc"}, {"months": "1.5"}, {"whole": "perhaps"}, {"months": ""},
                                   {"pinned": "a,b"}, {"months": "007"}])
def test_typed_texts_that_fit_nothing_are_refused(notebook: object, typed: dict) -> None:
    with pytest.raises(SalesgoalsError) as error:
        read_parameters(notebook, typed)
    assert codes(error) == ["run.parameter_wrong"]


@given(st.dictionaries(st.text(min_size=1), st.one_of(st.none(), st.text(), st.floats(), st.booleans())))
@settings(deadline=None, max_examples=60)
def test_whatever_is_given_is_either_declared_and_fitting_or_refused(parameters: dict) -> None:
    made = make_notebook([(DECLARED, ["parameters"])])
    declared = declared_parameters(made)
    fits = all(name in declared and declared[name].accepts(value) for name, value in parameters.items())
    if fits:
        assert check_parameters(made, parameters) == parameters
    else:
        with pytest.raises(SalesgoalsError) as error:
            check_parameters(made, parameters)
        assert str(error.value)


def test_setup_cell_sees_what_papermill_injected() -> None:
    ran = ["", 'growth: float = 0.08\nname: str = ""', "# Parameters\ngrowth = 0.1\ntypo = 3\n", "setup"]
    with pytest.raises(SalesgoalsError) as error:
        refuse_unknown_parameters({"In": ran, "growth": .1, "typo": 3, "name": ""})
    assert codes(error) == ["run.parameter_unknown"]
    refuse_unknown_parameters({"In": [*ran[:2], "# Parameters\ngrowth = 0.1\n", "setup"], "growth": .1})


def test_setup_cell_checks_what_was_typed_by_hand_and_lets_other_names_be() -> None:
    by_hand = ["", "growth: float = 'a lot'", "setup"]
    with pytest.raises(SalesgoalsError) as error:
        refuse_unknown_parameters({"In": by_hand, "growth": "a lot", "helper": 1})
    assert codes(error) == ["run.parameter_wrong"]
    refuse_unknown_parameters({"In": ["", "growth: float = 1", "setup"], "growth": 1, "helper": 1})
    refuse_unknown_parameters({})


def papermill(notebook: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "papermill", str(notebook), str(notebook.with_suffix(".out.ipynb")),
               "--no-progress-bar", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment,
                          check=False, timeout=120)


def test_plain_papermill_stops_at_a_misspelt_parameter(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "lesson.ipynb", [
        ('growth: float = 0.08  # wish = growth\nlanguage: str = "en"', ["parameters"]), (SETUP, ["setup"]),
        "print('went on')"])
    wrong = papermill(path, "-p", "typo", "3", "-p", "language", "zh")
    assert wrong.returncode != 0
    assert "没有参数“typo”" in wrong.stderr
    right = papermill(path, "-p", "growth", "0.2")
    assert right.returncode == 0, right.stderr


def test_run_notebook_keeps_the_result_or_nothing(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "lesson.ipynb", [
        ("growth: float = 0.08", ["parameters"]), "print(growth * 2)",
        "if growth > 1:\n    raise ValueError('more than double')"])
    out = run_notebook(path, tmp_path / "out" / "done.ipynb", {"growth": "0.5"})
    done = nbformat.read(str(out), as_version=4)
    assert done.cells[2].outputs[0].text == "1.0\n"
    assert done.metadata.papermill.parameters == {"growth": .5}
    with pytest.raises(SalesgoalsError, match=r"lesson\.ipynb stopped: ValueError: more than double"):
        run_notebook(path, tmp_path / "out" / "failed.ipynb", {"growth": 2})
    with pytest.raises(SalesgoalsError, match="did you mean"):
        run_notebook(path, tmp_path / "out" / "typo.ipynb", {"grow": 2})
    assert [other.name for other in (tmp_path / "out").iterdir()] == ["done.ipynb"]


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    write_notebook(tmp_path / "there.ipynb", ["1"])
    for name, text in {"a.txt": "x", "broken.ipynb": "{", "empty.ipynb": "", "list.ipynb": "[1]"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(SalesgoalsError) as error:
            declared_parameters(tmp_path / name)
        assert codes(error) == ["run.notebook_unreadable"], name
    with pytest.raises(SalesgoalsError, match=r"there\.ipynb"):
        declared_parameters(tmp_path / "missing.ipynb")
