"""The trainer's pages: true paths, commands, minutes and names, in both languages; sheets of one page."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from salesgoals.cases import read_case
from salesgoals.run import paper
from salesgoals.run.cli import main
from salesgoals.run.commands import COMMANDS
from salesgoals.run.paper import make_sheets, work_backwards, write_sheets
from salesgoals.show.handouts import list_handouts
from salesgoals.simulate import explain_change
from salesgoals.words import in_language, say

TEACHING = PROJECT / "teaching"
PAGES = sorted(path for path in [*TEACHING.glob("*.md"), *TEACHING.glob("lessons/*.md")]
               if not path.name.endswith(".zh.md") and not path.name.startswith("style"))
LESSONS = sorted(path.stem for path in (PROJECT / "notebooks" / "source").glob("[01]*.py"))
LANGUAGES = ("en", "zh")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
HOW = {"full": "full", "short": "short", "part": "part", "完整": "full", "精简": "short", "节选": "part"}


def read(page: Path, language: str) -> str:
    path = page if language == "en" else page.with_name(f"{page.stem}.zh.md")
    return path.read_text(encoding="utf-8")


def bare(text: str) -> str:
    """Give the text without code and link targets."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)


def digits(text: str) -> Counter[str]:
    return Counter(found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", bare(text)))


def links(text: str) -> list[str]:
    return [found.split("#")[0] for found in re.findall(r"\]\(([^)]+)\)", text)]


def one_language(link: str) -> str:
    return re.sub(r"(^|/)(zh|en)(/|$)", r"\1*\3", link.replace(".zh.", "."))


def shape(text: str) -> dict[str, Any]:
    return {"headings": re.findall(r"^(#+) ", text, re.M), "numbers": digits(text),
            "links": Counter(map(one_language, links(text))),
            "code": Counter(re.sub(r"\.(?:zh|en)\.", ".", re.sub(r"=(?:zh|en)\b", "=", code)) for code in
                            re.findall(r"`([^`]+)`", text)),
            "rows": len(re.findall(r"^\|", text, re.M)), "bullets": len(re.findall(r"^- ", text, re.M)),
            "numbered": len(re.findall(r"^\d+\. ", text, re.M))}


def rows(text: str) -> list[list[str]]:
    """Give the cells of every table row but heads' rules."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not set(line) <= set("|- ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def titles(lesson: str) -> dict[str, tuple[str, int]]:
    """Give title and minutes that the lesson itself states, by language."""
    text = (PROJECT / "notebooks" / "source" / f"{lesson}.py").read_text(encoding="utf-8")
    heads = re.findall(r"^# # (\d+ · .+)$", text, re.M)
    minutes = re.findall(r"^# \| (\d+) \|", text, re.M)
    return {language: (head, int(minute))
            for language, head, minute in zip(LANGUAGES, heads, minutes, strict=True)}


TITLES = {lesson: titles(lesson) for lesson in LESSONS}


def short_minutes(lesson: str) -> int:
    """Give the minutes of the short version: the last number under "If time is short"."""
    text = read(TEACHING / "lessons" / f"{lesson}.md", "en").split("## If time is short")[1].split("\n## ")[0]
    return int(re.findall(r"need (\d+) minutes", text)[-1])


def test_there_is_a_guide_and_a_page_for_each_lesson() -> None:
    names = {path.name for path in PAGES}
    assert {"README.md", "agenda_half_day.md", "agenda_one_day.md", "agenda_six_weeks.md", "cases.md",
            "glossary.md"} <= names
    assert len(LESSONS) == 12
    assert {f"{lesson}.md" for lesson in LESSONS} == {path.name for path in TEACHING.glob("lessons/??_*.md")
                                                      if not path.name.endswith(".zh.md")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_both_languages_say_the_same(page: Path) -> None:
    english, chinese = shape(read(page, "en")), shape(read(page, "zh"))
    assert english == chinese
    text = bare(read(page, "zh"))
    assert len(re.findall(r"[\u4e00-\u9fff]", text)) > 100
    assert not HALF_WIDTH.search(text), HALF_WIDTH.search(text)
    if page.stem != "glossary":
        assert not re.search(r"[\u4e00-\u9fff]", read(page, "en").replace("[中文]", ""))


@pytest.mark.parametrize(("english", "chinese"), [
    ("# a\n## b", "# 甲"), ("12 minutes", "13 分钟"), ("[a](b.md)", "[甲](c.zh.md)"),
    ("`salesgoals new x`", "无"), ("| a |", "甲"), ("- a\n- b", "- 甲")])
def test_the_comparison_finds_a_difference(english: str, chinese: str) -> None:
    assert shape(english) != shape(chinese)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path, language: str) -> None:
    found = links(read(page, language))
    assert found or page.stem == "glossary"
    assert [link for link in found if "://" not in link and not (page.parent / link).exists()] == []
    other = "en" if language == "zh" else "zh"
    assert [link for link in found if f"notebooks/{other}/" in link] == []
    pages = [link for link in found if link.endswith(".md") and "README" not in link]
    assert [link for link in pages if link.endswith(".zh.md") != (language == "zh")] == []


def commands_in(text: str) -> list[list[str]]:
    spoken = [code for code in re.findall(r"`([^`]+)`", text) if code.startswith("salesgoals ")]
    return [code.split() for code in spoken]


def problem_of(words: list[str]) -> str:
    """Say what is wrong with a command as it is written down, or nothing."""
    known = {name: {option[0] for option in options} | {"--lang"} for name, _, options, _ in COMMANDS}
    if words[1] not in known:
        return f"no command {words[1]}"
    wrong = [word for word in words[2:] if word.startswith("--") and word not in known[words[1]]]
    return f"{words[1]} has no {wrong}" if wrong else ""


def test_commands_in_the_pages_exist() -> None:
    texts = [read(page, language) for page in PAGES for language in LANGUAGES]
    spoken = [words for text in texts for words in commands_in(text)]
    assert len(spoken) > 40
    assert {problem_of(words) for words in spoken} == {""}
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    made = {target for text in texts for target in re.findall(r"`make (\w+)", text)}
    assert {"lab", "cases", "wheelhouse"} <= made
    assert {target for target in made if f"\n{target}:" not in makefile} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_says_how_a_terminal_comes_to_know_the_command(language: str) -> None:
    """`make lab` installs into a folder of the project: the bare command is unknown in a fresh terminal."""
    guide = read(TEACHING / "README.md", language)
    first = guide.split("\n## ")[1]
    assert first.index("`source .venv/bin/activate`") < first.index("`salesgoals ")
    assert f"`make lab LESSONS={language}`" in first
    row = next(cells for cells in rows(guide) if "`salesgoals`" in cells[0])
    assert ".venv/bin/activate" in row[1]


def test_a_command_that_does_not_exist_is_found() -> None:
    assert problem_of(["salesgoals", "doctr"])
    assert problem_of(["salesgoals", "doctor", "--jsn"])
    assert not problem_of(["salesgoals", "doctor", "--json"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_page_agrees_with_its_lesson(lesson: str, language: str) -> None:
    page = TEACHING / "lessons" / f"{lesson}.md"
    text = read(page, language)
    title, minutes = TITLES[lesson][language]
    assert text.startswith(f"# {title}\n")
    cells = rows(text)
    assert cells[1][0] == str(minutes)
    assert lesson in cells[1][1]
    parts = [int(row[1]) for row in cells[3:7]]
    assert sum(parts) == minutes
    assert short_minutes(lesson) < minutes
    said = text.split("\n## ")[2]
    assert len(re.findall(r"^\d\. ", said, re.M)) == 3
    number = int(lesson[:2])
    asked = set(re.findall(r'sg\.check\("(\d+\.\d)"', (
        PROJECT / "notebooks" / "source" / f"{lesson}.py").read_text(encoding="utf-8")))
    assert set(re.findall(rf"\b{number}\.\d\b", text)) <= asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["agenda_half_day", "agenda_one_day", "agenda_six_weeks"])
def test_an_agenda_has_no_gap_and_true_minutes(name: str, language: str) -> None:
    text = read(TEACHING / f"{name}.md", language)
    days = [rows(part) for part in text.split("\n## ") if re.search(r"^\| \d\d:\d\d \|", part, re.M)]
    assert len(days) == (6 if "six" in name else 1)
    total = 0
    for day in days:
        at = datetime.strptime(day[1][0], "%H:%M")
        for start, minutes, what, how, _ in day[1:]:
            assert f"{at:%H:%M}" == start, what
            at += timedelta(minutes=int(minutes))
            total += int(minutes)
            if found := re.search(r"\[(.+?)\]\(lessons/(\w+)(?:\.zh)?\.md\)", what):
                title, full = TITLES[found[2]][language]
                assert found[1] == title
                wanted = {"full": {full}, "short": {short_minutes(found[2])}, "part": set(range(1, full))}
                assert int(minutes) in wanted[HOW[how]], what
            elif "cases" in what:
                assert int(minutes) == 60
    assert total == {"agenda_half_day": 210, "agenda_one_day": 480, "agenda_six_weeks": 900}[name]


def test_the_cases_discussion_takes_an_hour() -> None:
    for language in LANGUAGES:
        cells = rows(read(TEACHING / "cases.md", language))
        assert sum(int(row[1]) for row in cells if len(row) == 2 and row[1].isdigit()) == 60
    text = read(TEACHING / "cases.md", "en")
    files = [PROJECT / "case_studies" / f"company_{company}" / "case.toml" for company in "abc"]
    published = [entry["value"] for file in files
                 for entry in tomllib.loads(file.read_text(encoding="utf-8"))["published"]]
    assert len(published) == 7
    assert {f"{value:.0%}" for value in published} - set(re.findall(r"\d+%", text)) == {"50%"}  # "half"


def test_what_came_from_what_is_what_the_model_says() -> None:
    told = [row for row in rows(read(TEACHING / "cases.md", "en")) if len(row) == 6 and row[1].isdigit()]
    assert [row[0] for row in told] == ["A", "B", "C"]
    for name, *points in told:
        case = read_case(f"company_{name.lower()}")
        parts = explain_change(case.team, case.before, case.after).set_index("factor").share_at_goal
        wanted = parts[["goal_level", "split", "co_creation", "crm", "retro"]]
        assert [int(point) for point in points] == pytest.approx(list(100 * wanted), abs=1), name


# ---------------------------------------------------------------- glossary

def test_every_term_is_whole_and_says_it_once() -> None:
    terms = tomllib.loads((TEACHING / "glossary.toml").read_text(encoding="utf-8"))["term"]
    for field in ("term", "en", "zh"):
        assert len({term[field] for term in terms}) == len(terms)
    for term in terms:
        assert re.search(r"[\u4e00-\u9fff]", term["zh"] + term["meaning_zh"])
        assert not re.search(r"[\u4e00-\u9fff]", term["en"] + term["meaning_en"])
        assert digits(term["meaning_en"]) == digits(term["meaning_zh"]), term["term"]
        assert not HALF_WIDTH.search(term["meaning_zh"])
        assert term["meaning_en"].endswith(".")
        assert term["meaning_zh"].endswith("。")
    by_name = {term["term"]: term["zh"] for term in terms}
    agreed = {"goal": "目标", "attainment": "达成率", "share_at_goal": "达标率", "forecast": "预测",
              "baseline": "基线", "stretch_goal": "挑战目标", "ramp": "成长曲线", "hedge": "加码",
              "claim": "认领", "pace": "进度", "retrospective": "复盘"}
    assert {name: by_name.get(name) for name in agreed} == agreed


def test_the_glossary_pages_are_made_from_the_file() -> None:
    spec = importlib.util.spec_from_file_location("build_glossary", PROJECT / "tools" / "build_glossary.py")
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    for language in LANGUAGES:
        assert read(TEACHING / "glossary.md", language) == builder.page(language)


# ---------------------------------------------------------------- sheets to print

def test_the_funnels_example_adds_up_and_is_the_case_it_claims_to_be() -> None:
    *numbers, best = paper.EXAMPLE
    deals, quotes, visits, quotes_a_week, visits_a_week = work_backwards(*numbers)
    assert (deals, quotes, visits, quotes_a_week, visits_a_week) == (12, 30, 60, 6, 12)
    assert visits_a_week > best
    assert work_backwards(100, 30, .3, .1, 3) == [4, 14, 140, 5, 47]


def test_sheets_say_the_same_in_both_languages() -> None:
    made = {}
    for language in LANGUAGES:
        with in_language(language):
            made[language] = make_sheets()
    assert [sheet.name for sheet in made["en"]] == [sheet.name for sheet in made["zh"]]
    assert len(made["en"]) == 7 + len(LESSONS)
    for english, chinese in zip(made["en"], made["zh"], strict=True):
        for one, two in zip(english.blocks, chinese.blocks, strict=True):
            assert one["kind"] == two["kind"]
            for field in ("labels", "heads", "texts", "rows"):
                assert len(one.get(field, [])) == len(two.get(field, [])), english.name
            assert one.get("widths", ()) == two.get("widths", ())
            if one["kind"] == "table" and one["heads"]:
                assert len(one["widths"]) == len(one["heads"])
                assert sum(one["widths"]) == 100
    for lesson, sheet in zip(LESSONS, made["en"][7:], strict=True):
        asked = [block["title"] for block in sheet.blocks if block["kind"] == "prose"]
        count = len(re.findall(r"^answer = \.\.\.", (
            PROJECT / "notebooks" / "source" / f"{lesson}.py").read_text(encoding="utf-8"), re.M))
        assert count >= 2
        assert [title for title in asked if title.startswith("Exercise ")] == [
            f"Exercise {int(lesson[:2])}.{number}" for number in range(1, count + 1)]
        quick = sheet.blocks[-2]["text"]
        assert len(re.findall(r"^\d\. ", quick, re.M)) == 3
        assert len(sheet.blocks[2]["text"]) > 40, "what it is about stands under Your turn"


def test_text_from_a_lesson_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "notebooks" / "en"
    folder.mkdir(parents=True)
    cells = [{"cell_type": "markdown", "source": ["# 0 · <script>x</script>\n\n**Why?**"]},
             {"cell_type": "markdown", "source": ["## Exercise 0.1\n\n<img src=x onerror=alert(1)>"]}]
    (folder / "00_x.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr(paper, "notebooks_folder", lambda: tmp_path / "notebooks")
    files, whole = write_sheets(tmp_path / "out")
    text = whole.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert len(files) == 8


def test_each_sheet_is_one_page_with_nothing_cut_off(tmp_path: Path, browser: Any) -> None:
    """Printed by a real browser: as many pages as sheets, nothing beyond an edge, no request."""
    for language in LANGUAGES:
        with in_language(language):
            files, whole = write_sheets(tmp_path)
            assert say("print.claim_title") in whole.read_text(encoding="utf-8")
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.emulate_media(media="print")
        page.goto(whole.as_uri())
        assert len(asked) == 1
        cut = page.evaluate("""() => [...document.querySelectorAll('.sheet')].filter(sheet =>
            sheet.scrollHeight > sheet.clientHeight + 1 || sheet.scrollWidth > sheet.clientWidth + 1 ||
            [...sheet.querySelectorAll('td, th, p, h1, h2, span')].some(
              e => e.scrollWidth > e.clientWidth + 1)
          ).map(sheet => sheet.className)""")
        assert cut == []
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(files)
        page.close()
    assert len(list(tmp_path.glob("*.html"))) == 2 * (len(files) + 1)


def test_the_print_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", str(tmp_path / "one"), "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["all"]).is_file()
    assert all(Path(name).is_file() for name in told["sheets"])
    assert main(["print", str(tmp_path / "two"), "--lang", "zh"]) == 0
    assert str(tmp_path / "two" / "all.zh.html") in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_hand_outs_and_sheets_that_the_pages_name_exist(language: str) -> None:
    guide = read(TEACHING / "README.md", language)
    told = re.findall(r"\| (\d+) (?:pages with sliders|个带滑块的网页)", guide)
    assert told == [str(len(list_handouts()))]
    with in_language(language):
        sheets = [sheet.title for sheet in make_sheets()]
    named_sheets, named_pages = set(), set()
    for page in PAGES:
        text = read(page, language)
        named_pages |= set(re.findall(r"(?:hand-out|网页讲义) `(\w+)`", text))
        named_sheets |= set(re.findall(r'sheet "([^"]+)"|“([^”]+)”纸|纸上的“([^”]+)”|、“([^”]+单)”', text))
    names = {next(filter(None, found)) for found in named_sheets}
    assert len(names) >= 5
    assert {name for name in names if not any(title.startswith(name) for title in sheets)} == set()
    assert len(named_pages) >= 5
    assert named_pages <= set(list_handouts())
