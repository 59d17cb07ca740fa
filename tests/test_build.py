"""The builder: one source, four editions, nothing stale, nothing stray."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = '''\
# %% [markdown] tags=["en"]
# # A lesson

# %% [markdown] tags=["zh"]
# # 一课

# %% tags=["parameters"]
language: str = "en"  # zh / en
growth: float = 0.5

# %% tags=["nbval-check-output"]
f"{language} {growth:.0%}"

# %% tags=["solution"]
answer = 3
assert answer == 3
'''


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_notebooks", PROJECT / "tools" / "build_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_notebooks"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks" / "source"
    folder.mkdir(parents=True)
    (folder / "01_lesson.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def built(builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    folder = root / "notebooks" / "source"
    folder.mkdir(parents=True)
    for name in ("01_lesson.py", "90_report.py"):
        tag = "nbval-check-output" if name.startswith("01") else "nbval-ignore-output"
        text = SOURCE.replace("nbval-check-output", tag)
        (folder / name).write_text(text, encoding="utf-8")
        builder.build(folder / name, root)
    return root


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def texts(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in load(path)["cells"]]


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_the_editions_of_the_project_are_fresh(builder: ModuleType) -> None:
    found = builder.sources()
    assert len(found) >= 5
    assert builder.find_stale() == []


def test_four_editions_and_two_of_a_report(built: Path) -> None:
    found = sorted(p.relative_to(built).as_posix() for p in built.rglob("*.ipynb"))
    assert found == ["notebooks/en/01_lesson.ipynb", "notebooks/en/90_report.ipynb",
                     "notebooks/zh/01_lesson.ipynb", "notebooks/zh/90_report.ipynb",
                     "teaching/en/01_lesson.ipynb", "teaching/zh/01_lesson.ipynb"]


def test_only_prose_and_the_language_line_differ(built: Path) -> None:
    zh, en = (texts(built / "notebooks" / name / "01_lesson.ipynb") for name in ("zh", "en"))
    assert zh[0] == "# 一课"
    assert en[0] == "# A lesson"
    assert zh[1].replace('"zh"', '"en"', 1) == en[1]
    assert 'language: str = "zh"  # zh / en' in zh[1]
    assert zh[2:] == en[2:]


def test_chinese_lines_are_joined_without_a_blank(builder: ModuleType) -> None:
    cells = [{"id": "a", "kind": "markdown", "tags": ["zh"], "text":
              "一句话很长，\n分成两行。\n第三行 12\n个月。\n\n- 甲\n- 乙\n> “引\n> 文”"},
             {"id": "b", "kind": "code", "tags": ["parameters"],
              "text": 'language: str = "en"  # x / 中\n# 中\n'}]
    first, second = builder.edition(cells, "zh", solutions=False)["cells"]
    assert "".join(first["source"]) == "一句话很长，分成两行。第三行 12\n个月。\n\n- 甲\n- 乙\n> “引文”"
    assert "".join(second["source"]) == 'language: str = "zh"  # x / 中\n# 中\n'


def test_solutions_are_for_instructors_only(built: Path) -> None:
    learner, instructor = (built / top / "zh" / "01_lesson.ipynb" for top in ("notebooks", "teaching"))
    assert not any("answer" in text for text in texts(learner))
    assert texts(instructor)[:-1] == texts(learner)
    assert "assert answer == 3" in texts(instructor)[-1]


def test_cell_ids_are_shared_by_all_editions(built: Path) -> None:
    ids = {path.parts[-3:-1]: [cell["id"] for cell in load(path)["cells"]]
           for path in built.rglob("01_lesson.ipynb")}
    assert ids["teaching", "zh"] == ["cell-000", "cell-001", "cell-002", "cell-003"]
    assert all(found == ids["teaching", "zh"][:len(found)] for found in ids.values())


def test_the_result_is_stored_in_both_languages(built: Path) -> None:
    for top in ("notebooks", "teaching"):
        for language in ("zh", "en"):
            cell = load(built / top / language / "01_lesson.ipynb")["cells"][2]
            assert cell["outputs"][0]["data"]["text/plain"] == [f"'{language} 50%'"]
    assert not any(cell.get("outputs") for cell in load(built / "notebooks/zh/90_report.ipynb")["cells"])


def test_building_twice_gives_the_same_bytes(builder: ModuleType, built: Path) -> None:
    before = {path: path.read_bytes() for path in built.rglob("*.ipynb")}
    builder.build(built / "notebooks" / "source" / "01_lesson.py", built)
    assert {path: path.read_bytes() for path in built.rglob("*.ipynb")} == before
    assert builder.find_stale(built) == []


@pytest.mark.parametrize("harm", ["edit", "missing", "stray", "source", "unstored", "extra_output"])
def test_check_finds_what_is_stale(builder: ModuleType, built: Path, tmp_path: Path, harm: str) -> None:
    root = tmp_path / "copy"
    for path in [*built.rglob("*.ipynb"), *built.rglob("*.py")]:
        target = root / path.relative_to(built)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert builder.find_stale(root) == []
    lesson = root / "notebooks" / "en" / "01_lesson.ipynb"
    if harm == "edit":
        rewrite(lesson, "# A lesson", "# My lesson")
    elif harm == "missing":
        lesson.unlink()
    elif harm == "stray":
        (root / "teaching" / "en" / "02_old.ipynb").write_bytes(lesson.read_bytes())
    elif harm == "source":
        rewrite(root / "notebooks" / "source" / "01_lesson.py", "0.5", "0.6")
    else:
        notebook = load(lesson)
        cells = notebook["cells"]
        cells[1 if harm == "extra_output" else 2]["outputs"] = (
            cells[2]["outputs"] if harm == "extra_output" else [])
        lesson.write_text(builder.as_text(notebook), encoding="utf-8", newline="\n")
    assert len(builder.find_stale(root)) == (4 if harm == "source" else 1)


@pytest.mark.parametrize(("old", "new", "says"), [
    ('tags=["zh"]', 'tags=["fr"]', "unknown tag"),
    ('# %% [markdown] tags=["zh"]\n# # 一课\n', "", "zh half is missing"),
    ('tags=["solution"]', 'tags=["solution", "en"]', "stands once"),
    ('tags=["parameters"]', 'tags=["setup"]', "exactly one cell"),
    ('# %% [markdown] tags=["en"]', "# %% [markdown]", "needs the tag"),
])
def test_a_source_that_cannot_be_built_is_named(builder: ModuleType, project: Path, old: str, new: str,
                                                says: str) -> None:
    source = project / "notebooks" / "source" / "01_lesson.py"
    rewrite(source, old, new)
    with pytest.raises(builder.SourceError, match=says):
        builder.read_source(source)


def test_an_empty_source_folder_fails(builder: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(builder.SourceError, match="no NN_name"):
        builder.sources(tmp_path)


def test_only_text_can_be_stored(builder: ModuleType, project: Path) -> None:
    source = project / "notebooks" / "source" / "01_lesson.py"
    rewrite(source, 'f"{language} {growth:.0%}"', "from IPython.display import SVG; SVG('<svg/>')")
    with pytest.raises(builder.SourceError, match="only text"):
        builder.build(source, project)


def test_a_changed_stored_result_turns_nbval_red(built: Path, tmp_path: Path) -> None:
    good = built / "notebooks" / "en" / "01_lesson.ipynb"
    bad = tmp_path / "01_changed.ipynb"
    bad.write_bytes(good.read_bytes())
    rewrite(bad, "'en 50%'", "'en 51%'")
    verdicts = []
    for path in (good, bad):
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(path.parent),
             "-c", "/dev/null" if sys.platform != "win32" else "nul", "--nbval-lax", "--nbval-current-env",
             str(path)], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
        verdicts.append(ran.returncode)
    assert verdicts == [0, 1]
