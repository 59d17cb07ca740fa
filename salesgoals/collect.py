"""Collect: a folder of exports becomes canonical tables and a list of everything doubtful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from salesgoals.history import team_on
from salesgoals.problems import Problem, SalesgoalsError, issue_table, keep_problems, raise_if_any
from salesgoals.sources.assemble import assemble
from salesgoals.sources.books import make_files, make_totals
from salesgoals.sources.explain import Mapped, MappedSheet, map_file, show_mapping
from salesgoals.sources.inbox import Inbox, read_inbox
from salesgoals.sources.joins import Place
from salesgoals.sources.mapping import MAPPING_FILE, FileMapping, read_mapping
from salesgoals.sources.mapping_text import append_mapping
from salesgoals.sources.parts import ASIDE_COLUMNS, Part, layout_aside
from salesgoals.sources.propose import check_decided, propose_mapping
from salesgoals.sources.shape import shape_sheet
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.vocabulary import FIELDS
from salesgoals.tables import TABLES, as_table, check_relations, check_table, safe_for_excel, write_table
from salesgoals.windows import close_windows
from salesgoals.workspace import ISSUES_FILE, Workspace, writing_folder

__all__ = [
    "Collected",
    "Mapped",
    "MappedSheet",
    "collect_folder",
    "map_file",
    "propose_mapping",
    "save_collected",
    "show_mapping",
]


@dataclass(frozen=True)
class Collected:
    """What collect made of an inbox; nothing is written yet.

    ``tables`` by name; ``issues``, one line for each finding; ``totals``, the money that came in, was kept
    and was set aside; ``files``, what became of each sheet; ``aside``, every row that was set aside, with its
    reason and text; ``mapping``, what each sheet was taken for.
    """

    tables: dict[str, pd.DataFrame]
    problems: list[Problem]
    issues: pd.DataFrame
    totals: pd.DataFrame
    files: pd.DataFrame
    aside: pd.DataFrame
    mapping: list[FileMapping]
    sheets: dict[Place, Sheet] = field(repr=False)


def collect_folder(workspace: Workspace, today: date | None = None) -> Collected:
    """Read every export in the inbox and make the tables that goals are set from.

    Parameters
    ----------
    workspace : Workspace
        Its inbox is read, and ``mapping.toml`` if there is one. Nothing is changed.
    today : date, optional
        Sales after this day are called future; by default the day of the computer.

    Returns
    -------
    Collected
        Amounts in whole currency units. Every row of every sheet is in a table or in ``aside``.

    Raises
    ------
    SalesgoalsError
        No file, no file that can be used, a mistake in ``mapping.toml``, or data that contradict themselves
        (a person twice with different data, managers in a circle): all named at once, nothing is written.
    """
    known = read_mapping(workspace.folder / MAPPING_FILE)
    inbox = read_inbox(workspace.inbox, known.headers)
    if not inbox.files:
        raise SalesgoalsError(Problem("collect.empty_inbox", folder=str(workspace.inbox)))
    raise_if_any(check_decided(known, inbox.sheets))
    mappings = propose_mapping(inbox.sheets, workspace.settings, known)
    used = [mapping for mapping in mappings if mapping.table in FIELDS]
    if not used:
        raise SalesgoalsError([*_refusals(inbox, mappings), Problem("collect.nothing_usable",
                                                                   folder=str(workspace.inbox))])
    parts = [shape_sheet(inbox.sheets[m.place], m, workspace.settings, inbox.sheets) for m in used]
    result = assemble(
        parts, workspace.settings, known.aliases, known.rates, pd.Timestamp(today or date.today())
    )
    tables = {**result.tables, "goals": _complete_goals(result.tables)}
    problems = [*inbox.problems, *(doubt for mapping in mappings for doubt in mapping.doubts)]
    problems += [
        problem for m in mappings if m.table != "ignore" for problem in inbox.sheets[m.place].problems
    ]
    problems += [
        _layout_note(inbox.sheets[m.place]) for m in used if len(layout_aside(inbox.sheets[m.place]))
    ]
    for part in parts:
        problems += [*part.aside_problems(), *part.problems]
    problems += result.problems
    _stop_on_contradictions(tables)
    totals = make_totals(parts, tables, result.origins)
    files = make_files(parts, _others(inbox, mappings))
    return Collected(tables, _ordered(problems), issue_table(_ordered(problems)), totals, files,
                     _aside(parts), mappings, inbox.sheets)


def _refusals(inbox: Inbox, mappings: Sequence[FileMapping]) -> list[Problem]:
    """Everything that explains why nothing could be used."""
    refused = [
        problem
        for problem in inbox.problems
        if problem.level == "stop" or problem.values["file"] in inbox.refused
    ]
    return refused + [doubt for mapping in mappings for doubt in mapping.doubts]


def _complete_goals(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Name the person and team of each goal, and end its window where the next one begins."""
    goals = tables["goals"]
    if len(goals) == 0:
        return goals
    names = tables["people"].drop_duplicates("person_id").set_index("person_id").name
    placed = team_on(tables, goals.person_id, goals.period_start)
    blank = goals.department.isna() & goals.team.isna()
    return close_windows(
        as_table(
            "goals",
            goals.assign(
                person=goals.person.where(goals.person.notna(), goals.person_id.map(names)),
                department=goals.department.where(~blank, placed.department),
                team=goals.team.where(~blank, placed.team),
            ),
        )
    )


def _stop_on_contradictions(tables: Mapping[str, pd.DataFrame]) -> None:
    found = [problem for name in TABLES for problem in check_table(name, tables[name])]
    raise_if_any([*found, *check_relations(tables)])


def _layout_note(sheet: Sheet) -> Problem:
    rows = layout_aside(sheet)
    kinds = rows.code.str.removeprefix("layout.").value_counts()
    counts = [int(kinds.get(name, 0)) for name in ("title", "subtotal", "footer", "repeated_header")]
    return Problem("collect.layout", level="note", file=sheet.file, sheet=sheet.sheet, count=len(rows),
                   title=counts[0], subtotal=counts[1], footer=counts[2], repeated_header=counts[3])


def _others(inbox: Inbox, mappings: Sequence[FileMapping]) -> list[tuple[str, str | None, str, int, str]]:
    others: list[tuple[str, str | None, str, int, str]] = []
    for mapping in mappings:
        if mapping.table not in FIELDS:
            status = "collect.status_lookup" if mapping.table == "lookup" else "collect.status_not_used"
            others.append(
                (mapping.file, mapping.sheet, mapping.table, len(inbox.sheets[mapping.place].cells), status)
            )
    others += [(name, None, "", 0, "collect.status_refused") for name in inbox.refused]
    others += [(name, None, "", 0, "collect.status_passed_over") for name in inbox.passed_over]
    return others + [(name, None, "", 0, "collect.status_copy") for name in inbox.copies]


def _ordered(problems: Sequence[Problem]) -> list[Problem]:
    """The gravest first; within a level as they were found."""
    rank = {"stop": 0, "doubt": 1, "note": 2}
    return sorted(problems, key=lambda problem: rank[problem.level])


def _aside(parts: Sequence[Part]) -> pd.DataFrame:
    frames = [
        frame for part in parts for frame in (layout_aside(part.sheet), part.aside_rows()) if len(frame)
    ]
    rows = pd.concat([frame.astype(object) for frame in frames], ignore_index=True) if frames \
        else pd.DataFrame(columns=ASIDE_COLUMNS)
    return rows.sort_values(["file", "sheet", "row"], kind="stable", ignore_index=True)


def save_collected(workspace: Workspace, collected: Collected) -> Path:
    """Write what was collected into the workspace, all at once: readers see the old tables or the new ones.

    Parameters
    ----------
    workspace : Workspace
        ``tables/`` is replaced as a whole (tables as parquet, issues.json and issues.csv, totals.csv,
        files.csv, aside.csv); ``mapping.toml`` gets the sheets it does not have yet, never overwritten.
    collected : Collected
        What ``collect_folder`` returned.

    Returns
    -------
    Path
        The folder of the tables.
    """
    folder = workspace.folder / "tables"
    with writing_folder(folder) as draft:
        for name in TABLES:
            write_table(draft, name, collected.tables[name])
        (draft / ISSUES_FILE).write_text(keep_problems(collected.problems), encoding="utf-8")
        for name in ("issues", "totals", "files", "aside"):
            table = safe_for_excel(getattr(collected, name))
            table.to_csv(draft / f"{name}.csv", index=False, encoding="utf-8-sig")
    append_mapping(workspace.folder / MAPPING_FILE, collected.mapping, collected.sheets)
    workspace.forget_tables()
    return folder
