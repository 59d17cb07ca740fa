"""The inbox of a workspace: every file in it read once, copies noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from salesgoals.problems import Problem
from salesgoals.sources.duplicates import same_file_twice
from salesgoals.sources.joins import Place
from salesgoals.sources.read import read_file
from salesgoals.sources.sheet import Sheet


@dataclass
class Inbox:
    """What lies in the inbox: its lists, and what there is to say about files as a whole."""

    files: list[str]
    sheets: dict[Place, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)


def read_inbox(folder: Path, headers: Mapping[Place, tuple[str, ...]] | None = None) -> Inbox:
    """Read every file of a folder and its subfolders; a copy of a file (the same bytes) is read once.

    Parameters
    ----------
    folder : Path
        The inbox. Nothing in it is changed.
    headers : mapping, optional
        Names of columns by file and worksheet, for those that have no header row.
    """
    paths = sorted((path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")),
                   key=lambda path: path.relative_to(folder).as_posix()) if folder.is_dir() else []
    names = [path.relative_to(folder).as_posix() for path in paths]
    inbox = Inbox(names)
    marks = [hashlib.sha256(path.read_bytes()).hexdigest() if path.stat().st_size else f"empty {name}"
             for path, name in zip(paths, names, strict=True)]
    inbox.copies = same_file_twice(names, marks)
    for path, name in zip(paths, names, strict=True):
        if name in inbox.copies:
            inbox.problems.append(
                Problem("collect.copy_of_file", level="note", file=name, other=inbox.copies[name])
            )
            continue
        own = {sheet: header for (file, sheet), header in (headers or {}).items() if file == name}
        reading = read_file(path, own)
        inbox.problems += [_named(problem, name) for problem in reading.problems]
        for sheet in reading.sheets:
            found = [_named(problem, name) for problem in sheet.problems]
            inbox.sheets[name, sheet.sheet] = replace(sheet, file=name, problems=found)
        if not reading.sheets:
            stopped = any(problem.level == "stop" for problem in reading.problems)
            (inbox.refused if stopped else inbox.passed_over).append(name)
    return inbox


def _named(problem: Problem, name: str) -> Problem:
    """Say the file with its folder, as it lies in the inbox."""
    return Problem(problem.code, level=problem.level, **{**problem.values, "file": name})
