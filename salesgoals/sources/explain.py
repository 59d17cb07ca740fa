"""What one file means, shown before anything is collected: every column with examples, reason and doubt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.sources.inbox import read_inbox
from salesgoals.sources.mapping import MAPPING_FILE, read_mapping
from salesgoals.sources.mapping_text import append_mapping, mapping_table
from salesgoals.sources.propose import check_decided, propose_mapping
from salesgoals.sources.read import read_file
from salesgoals.sources.sheet import Reading
from salesgoals.workspace import Settings, open_workspace


@dataclass(frozen=True)
class MappedSheet:
    """One sheet as ``salesgoals map`` shows it: its place, its table, its columns with their meaning."""

    file: str
    sheet: str | None
    table: str
    columns: pd.DataFrame


@dataclass(frozen=True)
class Mapped:
    """What one file means; ``written`` is the mapping file if something was added to it."""

    sheets: list[MappedSheet]
    problems: list[Problem]
    written: Path | None = None


def _usual_settings() -> Settings:
    """The settings of a new workspace."""
    return Settings.model_validate({"company": "-"})


def _read_one(source: str | Path | Reading) -> Reading:
    if isinstance(source, Reading):
        return source
    path = Path(source)
    if not path.is_file():
        raise SalesgoalsError(Problem("collect.no_such_file", file=path.name))
    return read_file(path)


def show_mapping(source: str | Path | Reading, settings: Settings | None = None) -> pd.DataFrame:
    """Show what each column of a file is taken for, with sample values and what is in doubt.

    Parameters
    ----------
    source : str, Path or Reading
        A file, or what the reader made of it.
    settings : Settings, optional
        Which date and which person count; by default those of a new workspace.

    Returns
    -------
    pandas.DataFrame
        Columns sheet, source_column, means (table.field, blank where not used), example_1 to example_3, why,
        doubt.

    Raises
    ------
    SalesgoalsError
        If the file is not there or holds no list that can be read.
    """
    reading = _read_one(source)
    if not reading.sheets:
        raise SalesgoalsError(reading.problems)
    sheets = {(sheet.file, sheet.sheet): sheet for sheet in reading.sheets}
    mappings = propose_mapping(sheets, settings or _usual_settings())
    shown = [
        mapping_table(mapping, sheets[mapping.place]).assign(sheet=mapping.sheet or "")
        for mapping in mappings
    ]
    together = pd.concat(shown, ignore_index=True)
    return together[["sheet", *(column for column in together.columns if column != "sheet")]]


def map_file(path: str | Path) -> Mapped:
    """Say what one file means; in a workspace's inbox the answer is kept in its mapping file.

    Parameters
    ----------
    path : str or Path
        An export, anywhere. Inside a workspace the other files of the inbox are seen too, so that fields
        which stand in another file are found, and what ``mapping.toml`` says is followed.

    Returns
    -------
    Mapped
        One entry for each sheet, with problems of the file and doubts of the mapping.
    """
    path = Path(path)
    if not path.is_file():
        raise SalesgoalsError(Problem("collect.no_such_file", file=path.name))
    home = next((folder for folder in path.resolve().parents if (folder / "workspace.toml").is_file()), None)
    workspace = open_workspace(home) if home is not None else None
    inside = workspace is not None and path.resolve().is_relative_to(workspace.inbox.resolve())
    if workspace is None or not inside:
        reading = read_file(path)
        problems, known = list(reading.problems), None
        sheets = {(sheet.file, sheet.sheet): sheet for sheet in reading.sheets}
        name, settings = path.name, workspace.settings if workspace else _usual_settings()
    else:
        known = read_mapping(workspace.folder / MAPPING_FILE)
        inbox = read_inbox(workspace.inbox, known.headers)
        name, settings, sheets = path.resolve().relative_to(workspace.inbox.resolve()).as_posix(), \
            workspace.settings, inbox.sheets
        problems = [problem for problem in inbox.problems if problem.values["file"] == name]
        raise_if_any(check_decided(known, sheets))
    mappings = [m for m in propose_mapping(sheets, settings, known) if m.file == name]
    problems += [problem for m in mappings for problem in sheets[m.place].problems]
    written = None
    if workspace is not None and inside and append_mapping(workspace.folder / MAPPING_FILE, mappings, sheets):
        written = workspace.folder / MAPPING_FILE
    shown = [MappedSheet(m.file, m.sheet, m.table, mapping_table(m, sheets[m.place])) for m in mappings]
    return Mapped(shown, [*problems, *(doubt for mapping in mappings for doubt in mapping.doubts)], written)
