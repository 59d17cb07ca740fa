"""The mapping file of a workspace: which sheet is which table, which column means what; made to be edited."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.facts import show_value
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.vocabulary import FIELDS
from salesgoals.sources.wide import read_period
from salesgoals.words import say
from salesgoals.workspace import writing

MAPPING_FILE = "mapping.toml"
#: what a sheet can be besides the tables: only looked up in, or not used at all
OTHER_TABLES = ("lookup", "ignore")
DATE_FORMATS = {"year-first": "ymd", "day-first": "dmy", "month-first": "mdy"}
#: options of a sheet and the type of each
OPTIONS: dict[str, type] = {"date_format": str, "time_zone": str, "year": int, "multiplier": int, "checked": bool}
ALIASES = ("product", "person", "account")


@dataclass(frozen=True)
class Step:
    """One look-up: the value of column ``here`` is sought in column ``there`` of another sheet."""

    here: str
    file: str
    sheet: str | None
    there: str


@dataclass(frozen=True)
class Join:
    """A field that stands in another sheet: the way there, and the column that holds it."""

    field: str
    column: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class FileMapping:
    """What one sheet means."""

    file: str
    sheet: str | None
    table: str
    columns: dict[str, str] = field(default_factory=dict)      # canonical field -> source column
    doubts: tuple[Problem, ...] = ()
    joins: tuple[Join, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    months: dict[str, str] = field(default_factory=dict)       # source column -> "2025-01" or "01"
    counts: dict[str, str] = field(default_factory=dict)       # source column -> kind of activity
    why: dict[str, str] = field(default_factory=dict)          # field -> key of the reason

    @property
    def place(self) -> tuple[str, str | None]:
        """File and sheet."""
        return self.file, self.sheet


@dataclass(frozen=True)
class MappingFile:
    """What ``mapping.toml`` says as a whole."""

    sheets: dict[tuple[str, str | None], FileMapping] = field(default_factory=dict)
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    return (difflib.get_close_matches(word, names, 1, cutoff=0.0) or ["-"])[0]


def read_mapping(path: Path) -> MappingFile:
    """Read what the consultant decided; every mistake is named at once, nothing in the file is ever run.

    Parameters
    ----------
    path : Path
        ``mapping.toml`` of a workspace; a file that is not there says nothing.

    Raises
    ------
    SalesgoalsError
        Unknown keys, tables and fields with the closest known name; values of the wrong type.
    """
    if not path.exists():
        return MappingFile()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SalesgoalsError(Problem("mapping.unreadable", file=path.name, found=str(error))) from error
    wrong: list[Problem] = []
    for key in raw.keys() - {"sheet", "alias", "rates"}:
        wrong.append(Problem("mapping.unknown", file=path.name, name=key,
                             nearest=_nearest(key, ("sheet", "alias", "rates"))))
    sheets: dict[tuple[str, str | None], FileMapping] = {}
    entries = raw.get("sheet", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
        mapping = _read_sheet(entry, number, path.name, wrong)
        if mapping is not None:
            if mapping.place in sheets:
                wrong.append(Problem("mapping.twice", file=path.name, name=mapping.file))
            sheets[mapping.place] = mapping
    aliases = _read_aliases(raw.get("alias", {}), path.name, wrong)
    rates = _texts_or_numbers(raw.get("rates", {}), (int, float), "rates", path.name, wrong)
    if wrong:
        raise SalesgoalsError(wrong)
    return MappingFile(sheets, aliases, rates)


def _read_aliases(raw: Any, file: str, wrong: list[Problem]) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        wrong.append(Problem("mapping.wrong", file=file, name="alias", found=raw, allowed="[alias.product]"))
        return {}
    for key in raw.keys() - set(ALIASES):
        wrong.append(Problem("mapping.unknown", file=file, name=f"alias.{key}",
                             nearest="alias." + _nearest(key, ALIASES)))
    return {key: _texts_or_numbers(raw[key], (str,), f"alias.{key}", file, wrong) for key in ALIASES if key in raw}


def _texts_or_numbers(raw: Any, kinds: tuple[type, ...], name: str, file: str, wrong: list[Problem]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        wrong.append(Problem("mapping.wrong", file=file, name=name, found=raw, allowed=f"[{name}]"))
        return {}
    allowed = say("settings.text") if str in kinds else say("mapping.positive")
    for key, value in raw.items():
        if not isinstance(value, kinds) or isinstance(value, bool) or (str not in kinds and not value > 0):
            wrong.append(Problem("mapping.wrong", file=file, name=f"{name}.{key}", found=value, allowed=allowed))
    return dict(raw)


def _read_sheet(entry: Any, number: int, file: str, wrong: list[Problem]) -> FileMapping | None:
    label = f"[[sheet]] {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"]:
        wrong.append(Problem("mapping.no_file", file=file, name=label))
        return None
    label = f"[[sheet]] {entry['file']}"
    known = {"file", "sheet", "table", "columns", "months", "counts", "joins", *OPTIONS}
    for key in entry.keys() - known:
        wrong.append(Problem("mapping.unknown", file=file, name=f"{label}: {key}", nearest=_nearest(key, known)))
    table = entry.get("table", "ignore")
    tables = [*FIELDS, *OTHER_TABLES]
    if table not in tables:
        wrong.append(Problem("mapping.no_table", file=file, name=label, found=table, allowed=", ".join(tables),
                             nearest=_nearest(str(table), tables)))
        return None
    options = {}
    for key, kind in OPTIONS.items():
        value = entry.get(key)
        if value is None:
            continue
        if type(value) is not kind:
            wrong.append(Problem("mapping.wrong", file=file, name=f"{label}: {key}", found=value,
                                 allowed=say(f"mapping.type_{kind.__name__}")))
        elif key == "date_format" and value not in DATE_FORMATS:
            wrong.append(Problem("mapping.wrong", file=file, name=f"{label}: {key}", found=value,
                                 allowed=", ".join(DATE_FORMATS)))
        elif key == "time_zone" and not _is_zone(value):
            wrong.append(Problem("mapping.wrong", file=file, name=f"{label}: {key}", found=value,
                                 allowed="Asia/Shanghai, UTC, ..."))
        else:
            options[key] = value
    parts = {name: _texts_or_numbers(entry.get(name, {}), (str,), f"{label}: {name}", file, wrong)
             for name in ("columns", "months", "counts")}
    fields = FIELDS.get(table, {})
    for key in parts["columns"].keys() - set(fields):
        if table not in OTHER_TABLES:
            wrong.append(Problem("mapping.unknown_field", file=file, name=key, table=table, place=label,
                                 nearest=_nearest(key, fields)))
    for column, month in parts["months"].items():
        if isinstance(month, str) and read_period(month) is None:
            wrong.append(Problem("mapping.wrong", file=file, name=f"{label}: {column}", found=month,
                                 allowed="2025-01, 01"))
    sheet = entry.get("sheet") or None
    return FileMapping(entry["file"], sheet, table, parts["columns"], (), _read_joins(entry, label, file, wrong),
                       options, parts["months"], parts["counts"])


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _read_joins(entry: Mapping[str, Any], label: str, file: str, wrong: list[Problem]) -> tuple[Join, ...]:
    joins = []
    for join in entry.get("joins", []):
        try:
            steps = tuple(Step(str(s["here"]), str(s["file"]), s.get("sheet") or None, str(s["there"]))
                          for s in join["steps"])
            joins.append(Join(str(join["field"]), str(join["column"]), steps))
        except (KeyError, TypeError, AttributeError):
            wrong.append(Problem("mapping.wrong", file=file, name=f"{label}: joins", found=join,
                                 allowed="field, column, steps = [{ here, file, sheet, there }]"))
    return tuple(joins)


def check_columns(mapping: FileMapping, sheet: Sheet) -> list[Problem]:
    """Name every column of a mapping that its sheet does not have, with the closest one that it has."""
    wanted = [*mapping.columns.values(), *mapping.months, *mapping.counts,
              *(join.steps[0].here for join in mapping.joins if join.steps)]
    return [Problem("mapping.no_column", file=MAPPING_FILE, name=column, place=mapping.file,
                    nearest=_nearest(column, sheet.columns))
            for column in dict.fromkeys(wanted) if column not in sheet.columns]


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
        lines += ["[[sheet.joins]]", f"field = {_quoted(join.field)}", f"column = {_quoted(join.column)}", "steps = ["]
        for step in join.steps:
            there = f", sheet = {_quoted(step.sheet)}" if step.sheet else ""
            lines.append(f"  {{ here = {_quoted(step.here)}, file = {_quoted(step.file)}{there},"
                         f" there = {_quoted(step.there)} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def append_mapping(path: Path, mappings: Sequence[FileMapping], sheets: Mapping[tuple[str, str | None], Sheet],
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
