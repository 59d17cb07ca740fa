"""The page that lists every report of a workspace, in all languages, for whoever hands them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from salesgoals.run.export import LANGUAGE_TAGS, page_facts, page_style, template, write_page
from salesgoals.words import LANGUAGES, in_language, say
from salesgoals.workspace import Workspace, writing

_KINDS = ("all", "team", "person")
_FACTS = {"by", "name", "title", "department", "team", "language", "start", "inputs"}


def find_reports(folder: Path) -> list[dict[str, Any]]:
    """Read what each report in a folder says of itself: whom it is for, its language, when it was made.

    Parameters
    ----------
    folder : Path
        The ``reports`` folder of a workspace.

    Returns
    -------
    list of dict
        kind, by, name, title, department, team, language, start, made, inputs and address (relative).
    """
    found = []
    for path in sorted(folder.glob("*/*.html")):
        facts = page_facts(path) if not path.parent.name.startswith(".") else None
        if facts and facts.keys() >= _FACTS and facts["by"] in _KINDS and facts["language"] in LANGUAGES:
            found.append({"kind": "goal", **facts, "address": quote(path.relative_to(folder).as_posix())})
    return found


def write_index(workspace: Workspace, inputs: str, start: str, report: str = "goal") -> Path:
    """Write ``reports/index.html``: every report made so far, by team, with a link for each language.

    Parameters
    ----------
    workspace : Workspace
        Whose reports.
    inputs : str
        Mark of what reports are made from now.
    start, report : str
        First month of the plan there is now, or the period, and the kind of report (``goal``, ``progress``,
        ``retro``). Such reports that were made from something else are marked; all others stand as they
        are.

    Returns
    -------
    Path
        The page. It names everybody who has a report: it is for whoever hands the reports out.
    """
    folder = workspace.folder / "reports"
    reports = find_reports(folder)
    path = folder / "index.html"
    own = workspace.settings.language
    other = next(name for name in LANGUAGES if name != own)

    def both(key: str, **values: Any) -> tuple[str, str]:
        """Say it in the workspace's language and in the other one."""
        with in_language(own):
            first = say(key, **values)
        with in_language(other):
            return first, say(key, **values)

    page = template("index.html.j2").render(
        language=LANGUAGE_TAGS[own], other=LANGUAGE_TAGS[other], both=both, sections=_sections(reports),
        languages=[(name, both("run.index_language")[0 if name == own else 1]) for name in (own, other)],
        company=workspace.settings.company, number=len(reports), inputs=inputs, start=start, report=report,
        style=page_style("index.css"))
    with writing(path) as draft:
        write_page(page, draft)
    return path


def _sections(reports: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]:
    """Put reports in order: kind -> department or team -> one line for each reader and start."""
    lines: dict[tuple[str, ...], dict[str, Any]] = {}
    for report in reports:
        key = (report["kind"], report["by"], report["name"], report["start"])
        line = lines.setdefault(key, {**report, "links": {}, "inputs": set()})
        line["links"][report["language"]] = report["address"]
        line["inputs"].add(report["inputs"])
    sections = []
    for kind in _KINDS:
        groups: dict[str, list[dict[str, Any]]] = {}
        shown = {"all": [], "team": ["department"], "person": ["department", "team"]}[kind]
        own = [line for line in lines.values() if line["by"] == kind]
        order = ("department", "team", "title", "name", "kind", "start")
        own.sort(key=lambda line: [line[part] for part in order])
        for line in own:
            groups.setdefault(" · ".join(line[part] for part in shown if line[part]), []).append(line)
        if groups:
            sections.append((kind, list(groups.items())))
    return sections
