"""The three cases as pages that open anywhere, in both languages, and the table of the published figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.cases import (
    BRIEFS,
    Case,
    beside_published,
    cases_folder,
    list_cases,
    open_case,
    read_case,
    simulate_case,
    year_figures,
)
from salesgoals.marks import contents, mark, mark_of_code
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.engine import run_batch
from salesgoals.run.export import LANGUAGE_TAGS, page_facts, page_style, template, write_page
from salesgoals.run.jobs import Job, Outcome
from salesgoals.show.case_parts import show_beside
from salesgoals.words import LANGUAGES, in_language, language, say
from salesgoals.workspace import writing

MARK, INDEX, DRAWN = ".made-by-cases", "index.html", "teams_of_seed_{seed}"
FIRST_SEED = 1
#: a link to another case's notebook; between pages it leads to that case's page
TO_NOTEBOOK = re.compile(r'href="\.\./company_\w+/(company_\w+\.\w\w)\.ipynb"')
Tell = Callable[[str], None]


@dataclass(frozen=True)
class CasePages:
    """What one run has made.

    Parameters
    ----------
    index : Path
        The page to open first.
    pages : DataFrame
        Columns case, language, file, status (made, reused, failed), seconds, reason.
    figures : DataFrame
        Columns case, when, figure, published, mean, low, high, team, inside, near: a row a published figure.
    """

    index: Path
    pages: pd.DataFrame
    figures: pd.DataFrame


def make_case_pages(folder: Path, seed: int = FIRST_SEED, teams: int = 2000, jobs: int = 2,
                    tell: Tell | None = None, names: Sequence[str] = ()) -> CasePages:
    """Run the cases in both languages and write a page for each, an index and the table of their figures.

    A page whose inputs have not changed is kept: a run that was stopped goes on where it stopped.

    Parameters
    ----------
    folder : Path
        A new or empty folder, or one made by an earlier run; anything else is refused.
    seed : int
        Of the model's luck. With another one than the first, other teams are drawn, too.
    teams : int
        How many teams the model plays in each page.
    jobs : int
        Pages made at the same time.
    tell : callable, optional
        Takes a line of progress.
    names : sequence of str
        Only these cases; by default all.

    Returns
    -------
    CasePages

    Raises
    ------
    SalesgoalsError
        If the folder holds something else. A page that cannot be made stands in ``pages`` with its reason.
    """
    tell = tell or (lambda line: None)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SalesgoalsError(Problem("cases.folder_in_use", folder=str(folder)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    chosen = list(names) or list_cases()
    places = {name: str(_drawn(folder, seed) / name) if seed != FIRST_SEED else name for name in chosen}
    for name in chosen:
        tell(say("cases.telling_collect", name=name))
        for spoken in LANGUAGES:
            open_case(places[name], spoken)
    figures = _figures(places, seed)
    pages = _make_pages(folder, places, seed, teams, jobs, tell)
    return CasePages(_write_index(folder, places, figures, seed, teams), pages, figures)


def _drawn(folder: Path, seed: int) -> Path:
    """Draw other teams with another seed, once."""
    target = folder / DRAWN.format(seed=seed)
    if not (target / MARK).exists():
        maker = cases_folder() / "make_cases.py"
        found = subprocess.run([sys.executable, str(maker), "--seed", str(seed), "--to", str(target)],
                               capture_output=True, text=True, encoding="utf-8", errors="replace",
                               check=False)
        if found.returncode:
            last = (found.stderr.strip().splitlines() or [""])[-1]
            raise SalesgoalsError(Problem("cases.not_ready", name=f"seed {seed}", reason=last))
        (target / MARK).touch()
    return target


def _figures(places: dict[str, str], seed: int) -> pd.DataFrame:
    found = []
    for name, place in places.items():
        case = read_case(place)
        own = year_figures(open_case(place).tables)
        found.append(beside_published(case, simulate_case(case, seed=seed), own).assign(case=name))
    table = pd.concat(found, ignore_index=True)
    return table[["case", *[column for column in table if column != "case"]]]


def _make_pages(folder: Path, places: dict[str, str], seed: int, teams: int, jobs: int,
                tell: Tell) -> pd.DataFrame:
    rows, todo = [], {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".draft-") as drafts:
        for name, place in places.items():
            for spoken in LANGUAGES:
                notebook = cases_folder() / name / f"{name}.{spoken}.ipynb"
                case = read_case(place)
                inputs = [case.folder / "case.toml", *sorted((case.folder / "inbox").iterdir())]
                made_from = mark(mark_of_code(), notebook.read_bytes(), str(seed), str(teams),
                                 *contents(inputs, case.folder))
                page, key = folder / f"{name}.{spoken}.html", f"{name}.{spoken}"
                facts = page_facts(page) or {}
                rows.append((name, spoken, page, key))
                if facts.get("made_from") != made_from:
                    given = {"seed": seed, "teams": teams} | ({"workspace": place} if place != name else {})
                    todo[key] = Job(key, str(notebook), given, page=str(Path(drafts) / f"{key}.html"),
                                    language=spoken, facts={"made_from": made_from, "case": name})

        outcomes: dict[str, Outcome] = {}

        def keep(outcome: Outcome) -> None:
            outcomes[outcome.key] = outcome
            if outcome.made:
                draft = Path(drafts) / f"{outcome.key}.html"
                write_page(TO_NOTEBOOK.sub(r'href="\1.html"', draft.read_text(encoding="utf-8")), draft)
                os.replace(draft, folder / f"{outcome.key}.html")
            tell(say("cases.telling_page" if outcome.made else "cases.telling_failed", key=outcome.key,
                     seconds=outcome.seconds, n=len(outcomes), of=len(todo), reason=outcome.reason))

        run_batch(list(todo.values()), at_a_time=jobs, when_done=keep)
    return pd.DataFrame([(name, spoken, str(page), *_status(outcomes.get(key)))
                         for name, spoken, page, key in rows],
                        columns=["case", "language", "file", "status", "seconds", "reason"])


def _status(outcome: Outcome | None) -> tuple[str, float, str]:
    if outcome is None:
        return "reused", 0., ""
    return "made" if outcome.made else "failed", outcome.seconds, outcome.reason


def _story(name: str, spoken: str) -> str:
    """Take what a case is about from the first line of its brief, without the name before the colon."""
    with (cases_folder() / name / BRIEFS[spoken]).open(encoding="utf-8") as brief:
        return re.split("[:：]", brief.readline(), maxsplit=1)[-1].lstrip("# ").strip()


def _write_index(folder: Path, places: dict[str, str], figures: pd.DataFrame, seed: int, teams: int) -> Path:
    own = language()
    other = next(name for name in LANGUAGES if name != own)

    def both(key: str, **values: Any) -> tuple[str, str]:
        found = []
        for name in (own, other):
            with in_language(name):
                found.append(say(key, **values))
        return found[0], found[1]

    def told(place: str) -> list[Case]:
        found = []
        for name in (own, other):
            with in_language(name):
                found.append(read_case(place))
        return found

    tables = []
    for name in (own, other):
        with in_language(name):
            tables.append("".join(f"<h3>{read_case(places[case]).title}</h3>{show_beside(rows).html}"
                                  for case, rows in figures.groupby("case", sort=False)))
    lines = [{"title": [case.title for case in told(place)],
              "story": [_story(name, spoken) for spoken in (own, other)],
              "links": [(spoken, f"{name}.{spoken}.html") for spoken in (own, other)
                        if (folder / f"{name}.{spoken}.html").is_file()]}
             for name, place in places.items()]
    page = template("cases.html.j2").render(
        language=LANGUAGE_TAGS[own], language_name=own, other=LANGUAGE_TAGS[other], both=both, lines=lines,
        table=tables, seed=seed, teams=teams, style=page_style("index.css"))
    with writing(folder / INDEX) as draft:
        write_page(page, draft)
    with suppress(OSError):
        for old in folder.glob(".draft-*"):
            old.rmdir()
    return folder / INDEX
