"""Fields that stand in another sheet: find the way there, and never let a look-up multiply rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.candidates import find_candidates
from salesgoals.sources.facts import facts_of
from salesgoals.sources.headers import compact
from salesgoals.sources.mapping import FileMapping, Join, Step
from salesgoals.sources.sheet import Sheet
from salesgoals.workspace import Settings

Place = tuple[str, str | None]
#: how many of the values must be found on the other side, and how many look-ups may follow one another
COVERED, LONGEST = 0.8, 3
#: which fields may come from elsewhere: table -> fields of which none is there -> field to look for
WANTED = {"orders": (("person_id", "person"), "person"), "opportunities": (("person_id", "person"), "person")}


def key_text(column: pd.Series) -> pd.Series:
    """Write keys alike: 17, 17.0 and " 17 " are one key; empty stays empty."""
    def write(value: object) -> str | None:
        if value is None or value != value:
            return None
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return " ".join(str(value).split()) or None

    codes, uniques = pd.factorize(column.astype(object), use_na_sentinel=True)
    written = np.array([*(write(value) for value in uniques), None], dtype=object)
    return pd.Series(written[codes], index=column.index, dtype=object)


def _edges(place: Place, sheets: Mapping[Place, Sheet]) -> list[tuple[Step, Place, int, str]]:
    """Look-ups from one sheet into others: step, where it leads, how many keys repeat there, an example."""
    here = sheets[place]
    found = []
    for there_place, there in sheets.items():
        if there_place == place:
            continue
        for column in here.columns:
            other = next((c for c in there.columns if compact(c) == compact(column)), None)
            if other is None:
                continue
            mine, theirs = key_text(here.cells[column]).dropna(), key_text(there.cells[other]).dropna()
            if len(mine) == 0 or len(theirs) == 0:
                continue
            values = pd.Index(mine.unique())
            if values.isin(pd.Index(theirs.unique())).mean() < COVERED:
                continue
            repeated = theirs[theirs.duplicated()]
            example = str(repeated.iloc[0]) if len(repeated) else ""
            found.append(
                (Step(column, there_place[0], there_place[1], other), there_place, len(repeated), example)
            )
    return found


def find_join(place: Place, table: str, field: str, sheets: Mapping[Place, Sheet], settings: Settings,
              allowed: Sequence[Place] | None = None) -> tuple[Join | None, list[Problem]]:
    """Find the shortest way from a sheet to a field that stands in another one, many rows to one.

    Parameters
    ----------
    place : tuple
        File and sheet that needs the field.
    table, field : str
        What is looked for.
    sheets : mapping
        All sheets by place.
    settings : Settings
        Decides between kinds of columns, as everywhere.
    allowed : sequence, optional
        Sheets that may hold the field; all by default.

    Returns
    -------
    tuple
        The join or None, and the look-ups that were refused because a key stands there several times.
    """
    refused: list[Problem] = []
    best: tuple[tuple[int, int], Join] | None = None
    queue: deque[tuple[Place, tuple[Step, ...]]] = deque([(place, ())])
    seen = {place}
    while queue:
        current, steps = queue.popleft()
        if len(steps) >= LONGEST:
            continue
        for step, target, repeated, example in _edges(current, sheets):
            if target in seen:
                continue
            columns = [c for c in sheets[target].columns if c != step.there]
            holders = [c for c in find_candidates(table, columns, facts_of(sheets[target]), settings)
                       if c.field == field and c.sure >= 0.9 and c.fill > 0.5]
            if allowed is not None and target not in allowed:
                holders = []
            if repeated:
                if holders:
                    refused.append(Problem("match.join_refused", level="doubt", file=place[0], sheet=place[1],
                                           column=step.here, other=target[0], count=repeated, found=example,
                                           field=field))
                continue
            seen.add(target)
            way = (*steps, step)
            queue.append((target, way))
            if holders:
                rank = (holders[0].preference, len(way))
                if best is None or rank < best[0]:
                    best = rank, Join(field, holders[0].column, way)
    return (best[1], []) if best else (None, refused)


def add_joins(mappings: Sequence[FileMapping], sheets: Mapping[Place, Sheet], settings: Settings,
              ) -> list[FileMapping]:
    """Complete proposed mappings with the fields that have to be looked up in other sheets."""
    found = list(mappings)
    people = [mapping.place for mapping in mappings if mapping.table == "people"]
    used: set[Place] = set()
    for number, mapping in enumerate(found):
        if mapping.place not in sheets:
            continue
        join: Join | None = None
        doubts: list[Problem] = []
        if mapping.table in WANTED and not set(WANTED[mapping.table][0]) & set(mapping.columns) and people:
            join, doubts = find_join(
                mapping.place, mapping.table, WANTED[mapping.table][1], sheets, settings, people
            )
        elif mapping.table == "products" and _poor_line(mapping, sheets[mapping.place]):
            join, doubts = find_join(mapping.place, "products", "product_line", sheets, settings)
        if join is None:
            found[number] = replace(mapping, doubts=(*mapping.doubts, *doubts))
            continue
        columns = {name: column for name, column in mapping.columns.items() if name != join.field}
        if join.field in mapping.columns:
            own = mapping.columns[join.field]
            cells = sheets[mapping.place].cells[own]
            doubts.append(
                Problem(
                    "match.line_poor",
                    level="note",
                    file=mapping.file,
                    sheet=mapping.sheet,
                    column=own,
                    count=len(cells),
                    empty=int(cells.isna().sum()),
                )
            )
        note = Problem("match.joined", level="note", file=mapping.file, sheet=mapping.sheet, field=join.field,
                       column=join.column, other=join.steps[-1].file,
                       keys=" > ".join(step.here for step in join.steps))
        found[number] = replace(mapping, columns=columns, joins=(*mapping.joins, join),
                                doubts=(*mapping.doubts, *doubts, note))
        used |= {(step.file, step.sheet) for step in join.steps}
    return [replace(mapping, table="lookup", doubts=()) if mapping.table == "ignore" and mapping.place in used
            else mapping for mapping in found]


def _poor_line(mapping: FileMapping, sheet: Sheet) -> bool:
    """No product line, or codes of one or two letters, or one missing in more than a tenth of the rows."""
    column = mapping.columns.get("product_line")
    if column is None:
        return True
    filled = sheet.cells[column].dropna().astype(str).str.strip()
    return len(filled) < 0.9 * len(sheet.cells) or filled.str.len().max() <= 2


def apply_join(cells: pd.DataFrame, join: Join, sheets: Mapping[Place, Sheet], mapping: FileMapping,
               ) -> tuple[pd.Series, list[Problem]]:
    """Look a field up, row by row; the rows stay exactly as many as they are.

    Returns
    -------
    tuple
        The values (object, None where not found) with the index of ``cells``, and problems: a sheet or
        column that is not there, a key that stands several times on the other side.
    """
    nothing = pd.Series([None] * len(cells), index=cells.index, dtype=object)
    place: dict[str, Any] = {"file": mapping.file, "sheet": mapping.sheet}
    table = cells
    keys: pd.Series | None = None
    index = pd.Index([])
    for step in join.steps:
        there = sheets.get((step.file, step.sheet))
        if there is None or step.there not in there.columns or step.here not in table.columns:
            return nothing, [
                Problem(
                    "match.join_lost",
                    level="doubt",
                    **place,
                    field=join.field,
                    other=step.file,
                    column=step.here,
                )
            ]
        values = key_text(table[step.here])
        keys = values if keys is None else keys.map(pd.Series(values.to_numpy(), index=index))
        there_keys = key_text(there.cells[step.there])
        filled = there_keys.notna()
        twice = there_keys[filled & there_keys.duplicated()]
        if len(twice):
            return nothing, [
                Problem(
                    "match.join_refused",
                    level="doubt",
                    **place,
                    column=step.here,
                    other=step.file,
                    count=len(twice),
                    found=twice.iloc[0],
                    field=join.field,
                )
            ]
        table = there.cells[filled]
        index = pd.Index(there_keys[filled])
    if keys is None or join.column not in table.columns:
        return nothing, [Problem("match.join_lost", level="doubt", **place, field=join.field,
                                 other=join.steps[-1].file if join.steps else "", column=join.column)]
    found = keys.map(pd.Series(table[join.column].to_numpy(), index=index, dtype=object))
    values = found.to_numpy(dtype=object).copy()
    values[found.isna().to_numpy()] = None
    return pd.Series(values, index=cells.index, dtype=object), []
