"""The lessons: one grammar, two languages that say the same, code that a manager can read. No kernel."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import PROJECT

import salesgoals

SOURCES = sorted((PROJECT / "notebooks" / "source").glob("*.py"))
LESSONS = [path for path in SOURCES if int(path.name[:2]) < 90]
MOST_LINES, MOST_CELLS, FEWEST_CELLS = 8, 38, 20
HEADINGS = {
    "The situation": "情景", "You will be able to": "学完这一课", "Look first": "先看一看",
    "Your turn": "轮到你了", "Quick check": "小测", "With your own data": "换成你自己的数据",
    "Take away": "记住这三点"}
HALF_WIDTH = r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]"
TYPES = {"str": str, "float": float, "int": int}
#: what the English cell says and the Chinese cell must then say, one of the alternatives
GLOSSARY = {
    r"\battainment\b": ("达成率", "达标率"), r"\bshare at goal\b": ("达标率",), r"\bforecast\b": ("预测",),
    r"\bramp\b": ("成长曲线",), r"\bstretch goal\b": ("挑战目标",), r"\bchance of\b": ("概率", "把握"),
    r"\bfloors?\b": ("下限",), r"\bcaps?\b": ("上限",), r"\bproduct lines?\b": ("产品线",),
    r"\bseason\b": ("季节",), r"\bteams?\b": ("团队", "队伍"), r"\bequal split\b": ("平均分",),
    r"\bworkspace\b": ("工作区", "workspace"), r"\blist of issues\b": ("问题清单",),
    r"\bprobability\b": ("概率",), r"\bturnover\b": ("流失率",), r"\bnewcomers?\b": ("新人",)}


def load_builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_notebooks", PROJECT / "tools" / "build_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_notebooks"] = module
    spec.loader.exec_module(module)
    return module


BUILDER = load_builder()
CELLS: dict[str, list[dict[str, Any]]] = {path.stem: BUILDER.read_source(path) for path in SOURCES}


def prose(name: str, language: str) -> list[str]:
    return [cell["text"] for cell in CELLS[name] if language in cell["tags"]]


def code(name: str) -> list[dict[str, Any]]:
    return [cell for cell in CELLS[name] if cell["kind"] == "code"]


def pairs(name: str) -> list[tuple[str, str]]:
    return list(zip(prose(name, "en"), prose(name, "zh"), strict=True))


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", text, re.MULTILINE)


def digits(text: str) -> Counter[str]:
    """Every number in the text; 1,000 and 1000 are the same."""
    return Counter(found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def shape(text: str) -> dict[str, Any]:
    return {"headings": headings(text), "numbers": digits(text),
            "code": Counter(re.findall(r"`([^`]+)`", text)),
            "links": re.findall(r"\]\(([^)]+)\)", text),
            "bullets": len(re.findall(r"^\s*[-*] ", text, re.MULTILINE)),
            "numbered": len(re.findall(r"^\d+\. ", text, re.MULTILINE)),
            "table rows": len(re.findall(r"^\|", text, re.MULTILINE)),
            "quoted lines": bool(re.search(r"^>", text, re.MULTILINE))}


def problems_of(english: str, chinese: str) -> list[str]:
    """Say how two texts of a pair differ where they should not."""
    one, two = shape(english), shape(chinese)
    wrong = [f"{key}: {one[key]} / {two[key]}" for key in one if one[key] != two[key]]
    if re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`|“[^”]*”", "", english)):
        wrong.append("Chinese in the English text")
    plain = re.sub(r"`[^`]*`|\]\([^)]*\)", "", chinese)
    if not re.search(r"[\u4e00-\u9fff]", plain):
        wrong.append("no Chinese in the Chinese text")
    if found := re.search(HALF_WIDTH, plain):
        wrong.append(f"half-width punctuation: {found.group()}")
    for term, translations in GLOSSARY.items():
        if re.search(term, english, re.IGNORECASE) and not any(word in chinese for word in translations):
            wrong.append(f"{term} without {translations}")
    return wrong


def test_there_are_lessons_and_a_report() -> None:
    assert [path.name[:2] for path in LESSONS][:2] == ["00", "01"]
    assert {"04_goal", "05_decompose"} <= set(CELLS)
    assert len(SOURCES) > len(LESSONS)
    assert all(prose(name, "en") for name in CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_both_languages_say_the_same(name: str) -> None:
    found = {english[:60]: wrong for english, chinese in pairs(name)
             if (wrong := problems_of(english, chinese))}
    assert not found


@pytest.mark.parametrize(("english", "chinese", "says"), [
    ("## Title", "标题", "headings"), ("12 months", "13 个月", "numbers"), ("run `x`", "运行 `y`", "code"),
    ("- a\n- b", "- 甲", "bullets"), ("[a](b.ipynb)", "[甲](c.ipynb)", "links"),
    ("plain", "plain", "no Chinese"), ("目标", "目标", "Chinese in"), ("so, yes", "所以,是的", "half-width"),
    ("the attainment", "完成得怎样", "attainment"), ("| a |\n|---|", "表", "table rows"),
])
def test_the_language_check_finds_a_difference(english: str, chinese: str, says: str) -> None:
    assert any(says in found for found in problems_of(english, chinese))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_every_section_in_order(path: Path) -> None:
    for language, wanted in (("en", list(HEADINGS)), ("zh", list(HEADINGS.values()))):
        texts = prose(path.stem, language)
        titles = [title for text in texts for title in re.findall(r"^## (.+)$", text, re.MULTILINE)]
        assert [title for title in titles if title in wanted] == wanted
        steps = [title for title in titles if re.match(r"Step \d|第 \d 步", title)]
        assert [int(re.search(r"\d", step).group()) for step in steps] == list(range(1, len(steps) + 1))
        assert len(steps) >= 2
        assert texts[0].startswith(f"# {int(path.name[:2])} · ")
        assert re.search(r"^\*\*.+[?？]\*\*$", texts[0], re.MULTILINE)
        assert re.search(r"^\| \d+ \|", texts[0], re.MULTILINE)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_cells_stand_where_they_belong(path: Path) -> None:
    cells = code(path.stem)
    assert "parameters" in cells[0]["tags"]
    assert "setup" in cells[1]["tags"]
    assert "versions" in cells[-1]["tags"]
    assert "sg.use_language(language)" in cells[1]["text"]
    assert "sg.refuse_unknown_parameters(globals())" in cells[1]["text"]
    shown = len(BUILDER.edition(CELLS[path.stem], "zh", solutions=False)["cells"])
    assert FEWEST_CELLS <= shown <= MOST_CELLS


@pytest.mark.parametrize("name", CELLS)
def test_code_is_short_and_speaks_no_language(name: str) -> None:
    for cell in code(name):
        lines = [line for line in cell["text"].splitlines() if line.strip()]
        limit = MOST_LINES + 4 * ("parameters" in cell["tags"])
        assert len(lines) <= limit, cell["text"]
        assert all(len(line) <= 120 for line in lines), cell["text"]
        bare = re.sub(r"#[^\n]*", "", cell["text"])
        assert not re.search(r"[\u4e00-\u9fff]", bare), cell["text"]
        ast.parse(cell["text"])


@pytest.mark.parametrize("name", CELLS)
def test_parameters_are_typed_and_explained_in_both_languages(name: str) -> None:
    cell = code(name)[0]
    names = []
    for line in filter(None, cell["text"].splitlines()):
        if line.lstrip().startswith("#"):
            continue
        found = re.fullmatch(r"(\w+): (\w+) = ([^=]+?)  # ([^=]+) / ([^=]+)", line)
        assert found, f"{line!r}: one typed parameter a line, explained in both languages, no second ="
        names.append(found.group(1))
        assert isinstance(ast.literal_eval(found.group(3)), TYPES[found.group(2)])
        assert re.search(r"[\u4e00-\u9fff]", found.group(5))
    assert {"language", "workspace"} <= set(names)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_exercise_is_named_checked_and_solved(path: Path) -> None:
    name = path.stem
    exercises = [cell for cell in CELLS[name] if "exercise" in cell["tags"]]
    solutions = [cell for cell in code(name) if "solution" in cell["tags"]]
    asked = r'sg\.check\("(\d+\.\d)", answer, company\)'
    numbers = [re.search(asked, cell["text"]).group(1) for cell in exercises]
    assert numbers == [f"{int(name[:2])}.{count}" for count in range(1, len(numbers) + 1)]
    assert len(numbers) >= 2
    assert all(cell["text"].startswith("answer = ...") for cell in exercises)
    for number in numbers:
        assert any(f'assert sg.check("{number}", answer, company)' in cell["text"] for cell in solutions)
        for language in ("zh", "en"):
            assert any(f" {number}" in text for text in prose(name, language))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_results_are_guarded_and_no_batch_can_hang(path: Path) -> None:
    cells = code(path.stem)
    assert sum("nbval-check-output" in cell["tags"] for cell in cells) >= 2
    for cell in cells:
        assert "interact(" not in cell["text"]
        if "interactive" in cell["tags"]:
            assert "nbval-ignore-output" in cell["tags"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_links_lead_to_files_of_the_same_edition(path: Path) -> None:
    for top in ("notebooks", "teaching"):
        for language in ("zh", "en"):
            for text in prose(path.stem, language):
                for link in re.findall(r"\]\(([^)]+)\)", text):
                    assert (PROJECT / top / language / link).exists(), link


def test_the_coverage_that_lesson_4_quotes_is_the_measured_one() -> None:
    text = (PROJECT / "docs" / "coverage.md").read_text(encoding="utf-8")
    people, unit = text.split("## The unit's total")

    def row(part: str, start: str) -> list[str]:
        line = next(line for line in part.splitlines() if line.startswith(start))
        return [cell.strip() for cell in line.strip("|").split("|")]

    months, years = (float(share) for share in row(people, "| people | 24 |")[7:9])
    together = float(row(unit, "| territories | 24 |")[4])
    quoted = next(english for english, _ in pairs("04_goal") if "coverage.md" in english)
    for share in (years, months, together):
        assert f"{share:.0%}" in quoted


def test_no_module_hides_a_public_name() -> None:
    """Importing salesgoals.x makes sg.x the module, whatever function of that name there was."""
    modules = {path.stem for path in (PROJECT / "salesgoals").iterdir()}
    assert len(modules) > 20
    assert not modules & set(salesgoals.__all__)


def test_the_vendors_figures_are_called_unverified() -> None:
    quoted = [(english, chinese) for name in CELLS for english, chinese in pairs(name) if "vendor" in english]
    assert len(quoted) >= 3
    for english, chinese in quoted:
        assert re.search(r"unverified|verified", english)
        assert "核实" in chinese
