"""The lessons: one grammar, two languages that say the same, code that a manager can read. No kernel."""

from __future__ import annotations

import ast
import copy
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lesson_rules import (
    GLOSSARY_FILE,
    HAN,
    LANGUAGES,
    MORE_FOR_PARAMETERS,
    MOST_LINES,
    SECTIONS,
    Cell,
    Term,
    grammar_problems,
    kind_of,
    language_problems,
    lines_of,
    pair_problems,
    plain,
    read_glossary,
    shape,
)
from paths import PROJECT

import salesgoals
from salesgoals.process import alarm_quality
from salesgoals.words import all_words

SOURCES = sorted((PROJECT / "notebooks" / "source").glob("*.py"))
LESSONS = [path for path in SOURCES if int(path.name[:2]) < 90]
NAMES = [path.stem for path in LESSONS]
CASES = sorted((PROJECT / "case_studies").glob("*/company_*.py"))
TYPES = {"str": str, "float": float, "int": int}


def load_builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_notebooks", PROJECT / "tools" / "build_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_notebooks"] = module
    spec.loader.exec_module(module)
    return module


BUILDER = load_builder()
CELLS: dict[str, list[dict[str, Any]]] = {path.stem: BUILDER.read_source(path) for path in [*SOURCES, *CASES]}
GLOSSARY = read_glossary()
STYLE = {language: (PROJECT / "teaching" / f"style{end}.md").read_text(encoding="utf-8")
         for language, end in (("en", ""), ("zh", ".zh"))}
ATTAINMENT = Term("attainment", r"\battainment\b", ("达成率", "达标率"))


def prose(name: str, language: str) -> list[str]:
    return [cell["text"] for cell in CELLS[name] if language in cell["tags"]]


def code(name: str) -> list[dict[str, Any]]:
    return [cell for cell in CELLS[name] if cell["kind"] == "code"]


def pairs(name: str) -> list[tuple[str, str]]:
    return list(zip(prose(name, "en"), prose(name, "zh"), strict=True))


def test_there_are_lessons_reports_and_cases() -> None:
    assert [path.name[:2] for path in LESSONS] == [f"{number:02}" for number in range(12)]
    assert len(SOURCES) >= len(LESSONS) + 3
    assert len(CASES) >= 3
    assert all(prose(name, "en") for name in CELLS)
    assert len(GLOSSARY) >= 20, GLOSSARY_FILE


# ---------------------------------------------------------------- the grammar

@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_follows_the_grammar(name: str) -> None:
    assert grammar_problems(name, CELLS[name]) == []


def without_section(section: str, language: str) -> Callable[[list[Cell]], list[Cell]]:
    """Make a copy of a lesson in which a section has lost its heading."""
    def change(cells: list[Cell]) -> list[Cell]:
        done = False
        for cell in cells:
            if language in cell["tags"] and not done:
                for heading in re.findall(r"^## (.+)$", cell["text"], re.MULTILINE):
                    if kind_of(heading, language)[0] == section:
                        cell["text"], done = cell["text"].replace(f"## {heading}", ""), True
        assert done
        return cells
    return change


def replaced(pattern: str, new: str, section: str = "", tag: str = "",
             kind: str = "") -> Callable[[list[Cell]], list[Cell]]:
    """Make a copy in which one place is written differently."""
    def change(cells: list[Cell]) -> list[Cell]:
        for cell in cells:
            fits = section in cell["text"] and (not tag or tag in cell["tags"]) and kind in ("", cell["kind"])
            changed = re.sub(pattern, new, cell["text"], count=1, flags=re.MULTILINE)
            if fits and changed != cell["text"]:
                cell["text"] = changed
                return cells
        raise AssertionError(pattern)
    return change


def dropped(tag: str, kind: str = "code") -> Callable[[list[Cell]], list[Cell]]:
    """Make a copy without the cells that have a tag."""
    return lambda cells: [cell for cell in cells if tag not in cell["tags"] or cell["kind"] != kind]


def moved_up(cells: list[Cell]) -> list[Cell]:
    """Put the quick check before everything else."""
    place = next(number for number, cell in enumerate(cells) if "## Quick check" in cell["text"])
    return [*cells[:2], *cells[place:place + 2], *cells[2:place], *cells[place + 2:]]


def lengthened(cells: list[Cell]) -> list[Cell]:
    """Repeat what stands in the middle until nobody reads it to the end."""
    middle = [cell for cell in cells if cell["kind"] == "code" and not cell["tags"]][:1]
    assert middle
    place = cells.index(middle[0])
    return [*cells[:place], *middle * 12, *cells[place:]]


BROKEN = {f"no {section}, {language}": without_section(section, language)
          for section, _ in SECTIONS for language in LANGUAGES}
BROKEN |= {
    "two objectives": replaced(r"^- .+\n?", "", "## You will be able to"),
    "two take-aways": replaced(r"^(## 记住这三点\n\n)- .+\n", r"\1"),
    "two questions": replaced(r"^3\. (.|\n)+?(?=\n\n|\Z)", "", "## Quick check"),
    "a question without choices": replaced(r"\*\*b\*\*", "b", "## 小测", "zh"),
    "no answer": replaced(r"3 \*\*[abc]\*\*", "3", tag="solution", kind="markdown"),
    "one letter for all": replaced(r"1 \*\*c\*\*", "1 **b**", tag="solution", kind="markdown"),
    "no minutes": replaced(r"^\| \d+ \|", "| some |"),
    "no question": replaced(r"[?？]\*\*$", ".**"),
    "nobody speaks": replaced(r"^> [“].+$", "> ", "## The situation"),
    "another title": replaced(r"\[7 · .+?\]", "[7 · Other]", "## Take away"),
    "no next lesson": replaced(r"\]\(\d\d_\w+\.ipynb\)", "](somewhere)", "## Take away"),
    "no check": replaced(r"sg\.check\(", "print(", tag="exercise"),
    "no solution": dropped("solution"), "no prose on the solution": dropped("solution", "markdown"),
    "nothing to move": dropped("interactive"), "no setup": dropped("setup"),
    "no versions": dropped("versions"),
    "a long cell": replaced(r"\Z", "\nx = 1" * 9, kind="code", tag="setup"),
    "another order": moved_up, "too many cells": lengthened}


@pytest.mark.parametrize("how", BROKEN)
def test_the_grammar_notices_what_is_broken(how: str) -> None:
    name = "06_review"
    assert grammar_problems(name, CELLS[name]) == []
    assert grammar_problems(name, BROKEN[how](copy.deepcopy(CELLS[name])))


# ---------------------------------------------------------------- the two languages

@pytest.mark.parametrize("name", CELLS)
def test_both_languages_say_the_same(name: str) -> None:
    assert language_problems(CELLS[name], GLOSSARY) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_or_a_number_that_is_lost_is_noticed_wherever_it_stood(name: str) -> None:
    """Each cell of each lesson, one after the other, loses its Chinese, a paragraph of it, or one number."""
    tried = 0
    for place, cell in enumerate(CELLS[name]):
        spoken = next((language for language in LANGUAGES if language in cell["tags"]), None)
        if spoken is None:
            continue
        text = cell["text"]
        texts = [re.sub(r"\d+", "", text, count=1), text.rpartition("\n\n")[0]]
        rest = [*CELLS[name][:place], *CELLS[name][place + 1:]]
        assert language_problems(rest, []), text
        for changed in texts:
            if changed not in (text, ""):
                broken = [*CELLS[name][:place], cell | {"text": changed}, *CELLS[name][place + 1:]]
                assert language_problems(broken, []), changed
                tried += 1
    assert tried > 20


@pytest.mark.parametrize(("english", "chinese", "says"), [
    ("## Title", "标题", "headings"), ("12 months", "13 个月", "numbers"), ("run `x`", "运行 `y`", "code"),
    ("- a\n- b", "- 甲", "bullets"), ("[a](b.ipynb)", "[甲](c.ipynb)", "links"),
    ("plain", "plain", "no Chinese"), ("目标", "目标", "Chinese in"), ("so, yes", "所以,是的", "half-width"),
    ("the Attainment", "完成得怎样", "attainment"), ("| a |\n|---|", "表", "table rows"),
    ("one\n\ntwo", "一", "paragraphs"), ("> said", "说", "quoted"), ("1. one", "一", "numbered"),
    ("a sentence that goes on and on, and then another one, and a third", "一句", "much more"),
])
def test_the_language_check_finds_a_difference(english: str, chinese: str, says: str) -> None:
    found = pair_problems(english, chinese, [ATTAINMENT])
    assert any(says in said for said in found)
    assert not pair_problems("the attainment: 5 `x`", "达成率：5 `x`", [ATTAINMENT])


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.english)
def test_a_term_without_its_chinese_is_noticed(term: Term) -> None:
    word = term.pattern.replace(r"\b", "").replace("s?", "s")
    english = f"What {word} means."
    assert re.search(term.pattern, english), "the pattern of the glossary is no plain word"
    assert pair_problems(english, f"这里说的是{term.chinese[0]}。", [term]) == []
    assert pair_problems(english, "这里说的是别的。", GLOSSARY)


def test_chinese_in_code_is_noticed() -> None:
    cell = {"kind": "code", "tags": [], "text": 'name = "目标"'}
    assert language_problems([cell], [])
    assert not language_problems([cell | {"text": "name = 1  # 目标"}], [])


# ---------------------------------------------------------------- the style page

def avoided() -> list[str]:
    """Read from the style page which Chinese words are not used."""
    rows = re.findall(r"^\| (`.+?) \|", STYLE["zh"], re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def unlike_the_page(chinese: str, words: list[str]) -> list[str]:
    """Name what a Chinese text says against the style page: words, blanks beside digits and Latin letters."""
    said = plain(chinese)
    tight = re.findall(rf"[0-9A-Za-z%]{HAN}|{HAN}[0-9A-Za-z]", said)
    return [word for word in words if word in said] + tight


def test_the_style_page_says_the_same_in_both_languages() -> None:
    english, chinese = (shape(STYLE[language]) for language in ("en", "zh"))
    assert english == chinese
    assert len(avoided()) >= 20


def test_displayed_words_and_pages_avoid_the_same_words() -> None:
    texts = {key: entry["zh"] for key, entry in all_words().items()}
    pages = [path for folder in ("teaching", "case_studies") for path in PROJECT.glob(f"{folder}/**/*.zh.md")
             if not path.name.startswith("style")]
    texts |= {path.name: path.read_text(encoding="utf-8") for path in [*pages, PROJECT / "README.zh.md"]}
    assert len(pages) > 20
    assert {key: wrong for key, text in texts.items() if (wrong := [w for w in avoided() if w in text])} == {}


@pytest.mark.parametrize("name", CELLS)
def test_chinese_is_written_as_the_style_page_says(name: str) -> None:
    words = avoided()
    found = {text[:40]: wrong for text in prose(name, "zh") if (wrong := unlike_the_page(text, words))}
    assert not found


def test_the_program_speaks_as_the_style_page_says() -> None:
    shown = {key: entry["zh"] for key, entry in all_words().items()}
    assert len(shown) > 500
    assert not {key: word for key, text in shown.items() for word in avoided() if word in text}


@pytest.mark.parametrize("text", ["基于历史数据", "您的目标", "第3 步", "共 12个月", "CRM系统", "15%以上"])
def test_what_the_style_page_does_not_want_is_noticed(text: str) -> None:
    assert unlike_the_page(text, avoided())
    assert not unlike_the_page("你在第 3 步看 `sg.x基于`：15% 以上，CRM 系统", avoided())


# ---------------------------------------------------------------- the code and the rest

@pytest.mark.parametrize("name", CELLS)
def test_code_can_be_read(name: str) -> None:
    for cell in code(name):
        limit = MOST_LINES + MORE_FOR_PARAMETERS * ("parameters" in cell["tags"])
        assert lines_of(cell) <= limit, cell["text"]
        assert all(len(line) <= 120 for line in cell["text"].splitlines()), cell["text"]
        ast.parse(cell["text"])


@pytest.mark.parametrize("name", [path.stem for path in SOURCES])
def test_parameters_are_typed_and_explained_in_both_languages(name: str) -> None:
    cell, setup = code(name)[:2]
    assert "sg.use_language(language)" in setup["text"]
    assert "sg.refuse_unknown_parameters(globals())" in setup["text"]
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


def test_the_error_rates_that_lesson_8_quotes_are_the_measured_ones() -> None:
    quality = alarm_quality()
    rates = quality[(quality.watched == "pace") & (quality.deals == 60)].set_index("rule").false_alarms
    for english, chinese in pairs("08_process"):
        if "in 93% of the good months" in english:
            for text in (english, chinese):
                assert f"{rates['linear']:.0%}" in text
                assert f"{rates['reach_bar']:.0%}" in text
            return
    raise AssertionError("lesson 8 quotes no error rates")


def test_no_module_hides_a_public_name() -> None:
    """Importing salesgoals.x makes sg.x the module, whatever function of that name there was."""
    modules = {path.stem for path in (PROJECT / "salesgoals").iterdir()}
    assert len(modules) > 20
    assert not modules & set(salesgoals.__all__)


def test_the_vendors_figures_are_called_unverified() -> None:
    lessons = [pair for name in NAMES for pair in pairs(name) if "vendor" in pair[0]]
    cases = [("\n".join(prose(path.stem, "en")), "\n".join(prose(path.stem, "zh"))) for path in CASES
             if path.parent.name[0] != "_"]
    assert len(lessons) >= 3
    assert len(cases) >= 3
    for english, chinese in lessons + cases:
        assert re.search(r"unverified|verified", english)
        assert "核实" in chinese
