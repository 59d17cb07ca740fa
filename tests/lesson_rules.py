"""What a lesson and its two languages must look like: each rule lists in sentences what is wrong.

`test_lessons.py` applies the rules to every lesson and case, and breaks copies to see that they notice.
"""

from __future__ import annotations

import re
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from paths import PROJECT

Cell: TypeAlias = dict[str, Any]

FEWEST_CELLS, MOST_CELLS = 20, 30
MOST_LINES, MEDIAN_LINES, MORE_FOR_PARAMETERS = 8, 4, 4
MOST_IN_A_ROW = 3       # outputs that a reader can look at before words must follow
OBJECTIVES = QUESTIONS = 3
LANGUAGES = ("en", "zh")
STEP, EXERCISE = "step", "exercise"
#: the sections in their order; of steps and exercises there are several
SECTIONS: tuple[tuple[str, str], ...] = (
    ("The situation", "情景"), ("You will be able to", "学完这一课"), ("Look first", "先看一看"),
    (STEP, STEP), ("Your turn", "轮到你了"), (EXERCISE, EXERCISE), ("Asked again and again", "常有人问"),
    ("Quick check", "小测"), ("With your own data", "换成你自己的数据"), ("Take away", "记住这三点"))
NUMBERED = {STEP: {"en": r"Step (\d+): .+", "zh": r"第 (\d+) 步：.+"},
            EXERCISE: {"en": r"Exercise (\d+\.\d+)", "zh": r"练习 (\d+\.\d+)"}}
HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = rf"{HAN}[,;:?!]|[,;:?!]{HAN}|{HAN}\(|\){HAN}"
#: characters of Chinese for each character of English; outside, something was left out of one of them
DEPTH = (.21, .62)
SHORT = 60
GLOSSARY_FILE = PROJECT / "teaching" / "glossary.toml"


# ---------------------------------------------------------------- the grammar

def edition(cells: list[Cell], language: str, solutions: bool) -> list[Cell]:
    """Choose the cells that a reader of one language sees."""
    other = "en" if language == "zh" else "zh"
    return [cell for cell in cells
            if other not in cell["tags"] and (solutions or "solution" not in cell["tags"])]


def sections(cells: list[Cell]) -> list[tuple[str, str, list[Cell]]]:
    """Cut an edition at its `##` headings: heading, text, code cells; before the first stands the title."""
    found: list[tuple[str, str, list[Cell]]] = [("", "", [])]
    for cell in cells:
        if cell["kind"] == "code":
            found[-1][2].append(cell)
            continue
        for part in re.split(r"^(?=## )", cell["text"], flags=re.MULTILINE):
            if heading := re.match(r"## (.+)", part):
                found.append((heading.group(1).strip(), part, []))
            else:
                name, text, code = found[-1]
                found[-1] = name, f"{text}\n{part}", code
    return found


def kind_of(heading: str, language: str) -> tuple[str, str]:
    """Say which section a heading opens: its English name, and the number of a step or an exercise."""
    for kind, patterns in NUMBERED.items():
        if found := re.match(patterns[language], heading):
            return kind, found.group(1)
    place = LANGUAGES.index(language)
    return next((pair[0] for pair in SECTIONS if pair[place] == heading), ""), ""


def wrong_sections(name: str, cells: list[Cell], language: str) -> Iterator[str]:
    """Every section is there once, in the order of the grammar; steps and exercises count from one."""
    named = [(kind_of(heading, language), heading) for heading, _, _ in sections(cells)[1:]]
    yield from (f"unknown section {heading!r}" for (kind, _), heading in named if not kind)
    kinds = [kind for kind, _ in groupby(kind for (kind, _), _ in named if kind)]
    wanted = [english for english, _ in SECTIONS]
    yield from (f"no section {section}" for section in wanted if section not in kinds)
    if set(kinds) == set(wanted) and kinds != wanted:
        yield f"sections in another order: {kinds}"
    steps = [number for (kind, number), _ in named if kind == STEP]
    exercises = [number for (kind, number), _ in named if kind == EXERCISE]
    if len(steps) < 2 or steps != [str(one) for one in range(1, len(steps) + 1)]:
        yield f"steps {steps}"
    lesson = int(name[:2])
    if len(exercises) < 2 or exercises != [f"{lesson}.{one}" for one in range(1, len(exercises) + 1)]:
        yield f"exercises {exercises}"


def text_of(cells: list[Cell], language: str, section: str) -> str:
    """Give the text of a section, empty where there is none."""
    return "\n".join(text for heading, text, _ in sections(cells)
                     if kind_of(heading, language)[0] == section)


def wrong_title(name: str, cells: list[Cell], language: str) -> Iterator[str]:
    """The first cell: number and name, one question, minutes, needs and what one leaves with."""
    title = sections(cells)[0][1].strip()
    if not title.startswith(f"# {int(name[:2])} · "):
        yield "the title has no number"
    if not re.search(r"^\*\*.+[?？]\*\*$", title, re.MULTILINE):
        yield "no question under the title"
    if not re.search(r"^\| \d+ \| .+ \| .+ \|$", title, re.MULTILINE):
        yield "no table of minutes, needs and results"


def bullets(text: str) -> int:
    return len(re.findall(r"^- ", text, re.MULTILINE))


def wrong_contents(name: str, cells: list[Cell], language: str) -> Iterator[str]:
    """What single sections hold: a voice, three objectives, as many take-aways, three questions."""
    if not re.search(r"^> “.+", text_of(cells, language, "The situation"), re.MULTILINE):
        yield "nobody is quoted in the situation"
    aims, kept = (bullets(text_of(cells, language, section))
                  for section in ("You will be able to", "Take away"))
    if aims != OBJECTIVES:
        yield f"{aims} objectives"
    if kept != aims:
        yield f"{aims} objectives, {kept} take-aways"
    if not bullets(text_of(cells, language, "With your own data")):
        yield "nothing to do with one's own data"
    asked = re.findall(r"^\d+\. (.+?)(?=^\d+\. |\Z)", text_of(cells, language, "Quick check"),
                       re.MULTILINE | re.DOTALL)
    if len(asked) != QUESTIONS:
        yield f"{len(asked)} quick questions"
    if any(re.findall(r"\*\*([a-d])\*\*", question)[:3] != ["a", "b", "c"] for question in asked):
        yield "a quick question without its choices"
    following = next_lesson(name)
    wanted = f"[{title_of(following, language)}]({following}.ipynb)"
    if following and wanted not in text_of(cells, language, "Take away"):
        yield f"no {wanted}"
    elif not re.search(r"\]\(.+\)", text_of(cells, language, "Take away")):
        yield "no link at the end"


def next_lesson(name: str) -> str:
    """Name the lesson that follows, empty after the last one."""
    lessons = sorted(path.stem for path in (PROJECT / "notebooks" / "source").glob("[0-8]*.py"))
    place = lessons.index(name) + 1
    return lessons[place] if place < len(lessons) else ""


def title_of(name: str, language: str) -> str:
    """Give the title of a lesson, empty for none."""
    path = PROJECT / "notebooks" / "source" / f"{name}.py"
    titles = re.findall(r"^# # (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) if name else ["", ""]
    return str(titles[LANGUAGES.index(language)])


def wrong_cells(cells: list[Cell], language: str) -> Iterator[str]:
    """Which code stands in which section, and how much of it in a row."""
    parts = sections(cells)
    code = [cell for cell in cells if cell["kind"] == "code"]
    if "parameters" not in code[0]["tags"] or "setup" not in code[1]["tags"]:
        yield "parameters and setup do not come first"
    if "versions" not in code[-1]["tags"]:
        yield "the versions do not come last"
    for heading, _, held in parts:
        kind, number = kind_of(heading, language)
        if kind in ("Look first", STEP) and not held:
            yield f"no code in {heading!r}"
        if kind == EXERCISE:
            tries = [cell for cell in held if EXERCISE in cell["tags"]]
            if len(tries) != 1 or not tries[0]["text"].startswith("answer = ...") or (
                    f'sg.check("{number}", answer, company)' not in tries[0]["text"]):
                yield f"exercise {number} has no cell to try it in"
    if not any("interactive" in cell["tags"] for cell in code):
        yield "nothing can be moved"
    middle = [cell["kind"] for cell in cells if not {"parameters", "setup"} & set(cell["tags"])]
    longest = max(len(list(run)) for kind, run in groupby(middle) if kind == "code")
    if longest > MOST_IN_A_ROW:
        yield f"{longest} code cells in a row without a word"


def wrong_solutions(cells: list[Cell], language: str) -> Iterator[str]:
    """The instructor's edition: one solution an exercise, and one cell of prose with the three answers."""
    for heading, _, held in sections(cells):
        kind, number = kind_of(heading, language)
        solved = [cell for cell in held if "solution" in cell["tags"]]
        if kind == EXERCISE and (len(solved) != 1
                                 or f'assert sg.check("{number}", answer, company)' not in solved[0]["text"]):
            yield f"exercise {number} has no solution that is checked"
        if kind != EXERCISE and solved:
            yield f"a solution outside an exercise, in {heading!r}"
    prose = [cell["text"] for cell in cells if cell["kind"] == "markdown" and "solution" in cell["tags"]]
    if len(prose) != 1:
        yield f"{len(prose)} cells of prose for the instructor"
        return
    if re.findall(r"\b([1-9]) \*\*[a-d]\*\*", prose[0]) != ["1", "2", "3"]:
        yield "no three answers to the quick questions"
    if len(set(re.findall(r"\b[1-9] \*\*([a-d])\*\*", prose[0]))) == 1:
        yield "the same letter answers every quick question"
    numbers = [kind_of(heading, language)[1] for heading, _, _ in sections(cells)
               if kind_of(heading, language)[0] == EXERCISE]
    yield from (f"nothing said on exercise {number}" for number in numbers if number not in prose[0])


def lines_of(cell: Cell) -> int:
    return sum(bool(line.strip()) for line in cell["text"].splitlines())


def wrong_lengths(cells: list[Cell]) -> Iterator[str]:
    """Neither too long nor too short: cells of the edition, lines of code in a cell."""
    if not FEWEST_CELLS <= len(cells) <= MOST_CELLS:
        yield f"{len(cells)} cells"
    code = [cell for cell in cells if cell["kind"] == "code"]
    for cell in code:
        if lines_of(cell) > MOST_LINES + MORE_FOR_PARAMETERS * ("parameters" in cell["tags"]):
            yield f"{lines_of(cell)} lines of code: {cell['text'][:40]!r}"
    if statistics.median(map(lines_of, code)) > MEDIAN_LINES:
        yield "most code cells are too long"


def grammar_problems(name: str, cells: list[Cell]) -> list[str]:
    """List what a lesson lacks, in both languages and both editions."""
    found: list[str] = []
    for language in LANGUAGES:
        learner, instructor = (edition(cells, language, solutions) for solutions in (False, True))
        for rule in (wrong_sections, wrong_title, wrong_contents):
            found += [f"{language}: {said}" for said in rule(name, learner, language)]
        found += [f"{language}: {said}" for said in wrong_cells(learner, language)]
        found += [f"{language}: {said}" for said in wrong_solutions(instructor, language)]
        found += [f"{language}, learner: {said}" for said in wrong_lengths(learner)]
        found += [f"{language}, instructor: {said}" for said in wrong_lengths(instructor)]
    return found


# ---------------------------------------------------------------- the two languages

def digits(text: str) -> Counter[str]:
    """Every number in the text; 1,000 and 1000 are the same."""
    return Counter(found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def shape(text: str) -> dict[str, Any]:
    """What must be the same in both languages, whatever the words."""
    return {"headings": re.findall(r"^(#+) ", text, re.MULTILINE), "numbers": digits(text),
            "code": Counter(re.findall(r"`([^`]+)`", text)),
            "links": [re.sub(r"\.(en|zh)(?=\.)", "", link) for link in re.findall(r"\]\(([^)]+)\)", text)],
            "bullets": len(re.findall(r"^\s*[-*] ", text, re.MULTILINE)),
            "numbered": len(re.findall(r"^\d+\. ", text, re.MULTILINE)),
            "table rows": len(re.findall(r"^\|", text, re.MULTILINE)),
            "quoted lines": bool(re.search(r"^>", text, re.MULTILINE)),
            "paragraphs": len(paragraphs(text))}


class Term(NamedTuple):
    """A word that every text translates alike."""

    english: str
    pattern: str
    chinese: tuple[str, ...]


def read_glossary(path: Path = GLOSSARY_FILE) -> list[Term]:
    """Read the terms of the glossary that can be looked for in an English text."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["term"]
    return [Term(re.split(r" \(|, ", entry["en"])[0], entry["look_for"],
                 (entry["zh"], *entry.get("also_zh", [])))
            for entry in entries if "look_for" in entry]


def plain(text: str) -> str:
    """Take away what is not language: code, addresses of links, the marks of tables."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)|^[|\s:-]+$", "", text, flags=re.MULTILINE)


def pair_problems(english: str, chinese: str, glossary: Sequence[Term]) -> list[str]:
    """List how two texts of a pair differ where they should not, and what is not written as Chinese."""
    one, two = shape(english), shape(chinese)
    wrong = [f"{key}: {one[key]} / {two[key]}" for key in one if one[key] != two[key]]
    if re.search(HAN, re.sub(r"`[^`]*`|“[^”]*”", "", english)):
        wrong.append("Chinese in the English text")
    said = plain(chinese)
    if not re.search(HAN, said):
        wrong.append("no Chinese in the Chinese text")
    if found := re.search(HALF_WIDTH, said):
        wrong.append(f"half-width punctuation: {found.group()}")
    if one["paragraphs"] == two["paragraphs"]:
        wrong += [f"one language says much more: {first[:40]!r}"
                  for first, second in zip(paragraphs(plain(english)), paragraphs(said), strict=False)
                  if len(first) > SHORT and not DEPTH[0] <= len(second) / len(first) <= DEPTH[1]]
    return wrong + untranslated(plain(english), chinese, glossary)


def untranslated(english: str, chinese: str, glossary: Sequence[Term]) -> list[str]:
    """Name each term of the English text whose Chinese is missing."""
    return [f"{term.english} without {' or '.join(term.chinese)}" for term in glossary
            if re.search(term.pattern, english, re.IGNORECASE)
            and not any(word in chinese for word in term.chinese)]


def language_problems(cells: list[Cell], glossary: Sequence[Term]) -> list[str]:
    """List what one language says and the other does not, cell by cell."""
    english, chinese = ([cell["text"] for cell in cells if language in cell["tags"]]
                        for language in LANGUAGES)
    if len(english) != len(chinese):
        return [f"{len(english)} cells in English, {len(chinese)} in Chinese"]
    found = [f"{one[:50]!r}: {said}" for one, two in zip(english, chinese, strict=True)
             for said in pair_problems(one, two, glossary)]
    code = [re.sub(r"#[^\n]*", "", cell["text"]) for cell in cells if cell["kind"] == "code"]
    return found + [f"Chinese in code: {text[:40]!r}" for text in code if re.search(HAN, text)]
