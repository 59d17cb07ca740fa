"""Writing the mapping file: one commented section for each sheet, appended once and never changed again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from salesgoals.sources.facts import show_value
from salesgoals.sources.mapping import FileMapping, read_mapping
from salesgoals.sources.sheet import Sheet
from salesgoals.words import say
from salesgoals.workspace import writing


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _remark(text: str) -> str:
    plain = " ".join(text.split())
    return "".join(letter for letter in plain if letter.isprintable())


def _examples(sheet: Sheet, column: str) -> str:
    filled = sheet.cells[column].dropna().head(200)
    return _remark(" | ".join(list(dict.fromkeys(show_value(value) for value in filled))[:3]))


def mapping_text(mapping: FileMapping, sheet: Sheet) -> str:
    """Write one sheet's section of ``mapping.toml``, with sample values and doubts as remarks."""
    lines = ["", "[[sheet]]", f"file = {_quoted(mapping.file)}"]
    if mapping.sheet:
        lines.append(f"sheet = {_quoted(mapping.sheet)}")
    lines.append(f"table = {_quoted(mapping.table)}")
    doubts = [doubt for doubt in mapping.doubts if doubt.level != "note"]
    if doubts:
        lines.append(f"checked = false   # {_remark(say('mapping.remark_checked'))}")
        lines += [f"#   ? {_remark(doubt.text())}" for doubt in doubts]
    for key, value in mapping.options.items():
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    for title, part in (("columns", mapping.columns), ("months", mapping.months), ("counts", mapping.counts)):
        if not part:
            continue
        lines.append(f"[sheet.{title}]")
        for key, value in part.items():
            column = value if title == "columns" else key
            name = key if title == "columns" else _quoted(key)
            lines.append(f"{name} = {_quoted(value)}   # {_examples(sheet, column)}".rstrip(" #"))
    used = {*mapping.columns.values(), *mapping.months, *mapping.counts}
    unused = [column for column in sheet.columns if column not in used]
    if unused:
        lines.append(f"# {_remark(say('mapping.remark_unused', columns=', '.join(unused)))}")
    for join in mapping.joins:
        lines += [
            "[[sheet.joins]]",
            f"field = {_quoted(join.field)}",
            f"column = {_quoted(join.column)}",
            "steps = [",
        ]
        for step in join.steps:
            there = f", sheet = {_quoted(step.sheet)}" if step.sheet else ""
            lines.append(f"  {{ here = {_quoted(step.here)}, file = {_quoted(step.file)}{there},"
                         f" there = {_quoted(step.there)} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def append_mapping(
    path: Path,
    mappings: Sequence[FileMapping],
    sheets: Mapping[tuple[str, str | None], Sheet],
) -> list[tuple[str, str | None]]:
    """Add the sheets that ``mapping.toml`` does not have yet; what stands there already is never touched.

    Parameters
    ----------
    path : Path
        The file; made with an explanation if it is not there.
    mappings, sheets
        What was proposed, and the sheets it was proposed for (by file and sheet).

    Returns
    -------
    list
        (file, sheet) of what was added.
    """
    known = read_mapping(path).sheets if path.exists() else {}
    new = [mapping for mapping in mappings if mapping.place not in known and mapping.place in sheets]
    if not new and path.exists():
        return []
    before = path.read_text(encoding="utf-8-sig") if path.exists() else say("mapping.template").lstrip("\n")
    text = before + ("" if before.endswith("\n") else "\n")
    text += "".join(mapping_text(mapping, sheets[mapping.place]) for mapping in new)
    with writing(path) as draft:
        draft.write_text(text, encoding="utf-8")
    return [mapping.place for mapping in new]


def mapping_table(mapping: FileMapping, sheet: Sheet) -> pd.DataFrame:
    """Show what every column of one sheet means.

    Returns
    -------
    pandas.DataFrame
        Columns source_column, means (table.field, blank where not used), example_1 to example_3, why, doubt.
    """
    means = {column: f"{mapping.table}.{name}" for name, column in mapping.columns.items()}
    means |= {column: f"{mapping.table}: {value}" for part in (mapping.months, mapping.counts)
              for column, value in part.items()}
    why = {column: say(mapping.why[name]) for name, column in mapping.columns.items() if name in mapping.why}
    why |= {column: say("match.why_wide") for column in [*mapping.months, *mapping.counts]}
    doubts: dict[str, list[str]] = {}
    for doubt in mapping.doubts:
        doubts.setdefault(doubt.values.get("column") or "", []).append(say(doubt.code, **doubt.values))
    rows = []
    for column in sheet.columns:
        filled = sheet.cells[column].dropna().head(200)
        seen = list(dict.fromkeys(show_value(value) for value in filled))[:3]
        rows.append([column, means.get(column, ""), *seen, *[""] * (3 - len(seen)), why.get(column, ""),
                     " ".join(doubts.get(column, []))])
    names = ["source_column", "means", "example_1", "example_2", "example_3", "why", "doubt"]
    return pd.DataFrame(rows, columns=names, dtype="str")
