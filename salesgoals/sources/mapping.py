"""The mapping file of a workspace: which sheet is which table, which column means what; made to be edited."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.vocabulary import FIELDS
from salesgoals.sources.wide import read_period
from salesgoals.words import say

MAPPING_FILE = "mapping.toml"
#: what a sheet can be besides the tables: only looked up in, or not used at all
OTHER_TABLES = ("lookup", "ignore")
DATE_FORMATS = {"year-first": "ymd", "day-first": "dmy", "month-first": "mdy"}
#: options of a sheet and the type of each
OPTIONS: dict[str, type] = {
    "date_format": str,
    "time_zone": str,
    "year": int,
    "multiplier": int,
    "checked": bool,
}
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
    kinds: dict[str, str] = field(default_factory=dict)        # field -> which kind of date or amount

    @property
    def place(self) -> tuple[str, str | None]:
        """File and sheet."""
        return self.file, self.sheet


@dataclass(frozen=True)
class MappingFile:
    """What ``mapping.toml`` says as a whole."""

    sheets: dict[tuple[str, str | None], FileMapping] = field(default_factory=dict)
    headers: dict[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
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
    headers: dict[tuple[str, str | None], tuple[str, ...]] = {}
    entries = raw.get("sheet", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
        if isinstance(entry, dict) and "header" in entry and isinstance(entry.get("file"), str):
            headers[entry["file"], entry.get("sheet") or None] = _read_header(entry, path.name, wrong)
            if entry.keys() <= {"file", "sheet", "header"}:
                continue  # what the columns mean is proposed, as for any file
        mapping = _read_sheet(entry, number, path.name, wrong)
        if mapping is not None:
            if mapping.place in sheets:
                wrong.append(Problem("mapping.twice", file=path.name, name=mapping.file))
            sheets[mapping.place] = mapping
    aliases = _read_aliases(raw.get("alias", {}), path.name, wrong)
    rates = _texts_or_numbers(raw.get("rates", {}), (int, float), "rates", path.name, wrong)
    if wrong:
        raise SalesgoalsError(wrong)
    return MappingFile(sheets, headers, aliases, rates)


def _read_header(entry: Mapping[str, Any], file: str, wrong: list[Problem]) -> tuple[str, ...]:
    """Read the names of the columns of a file that has no header row."""
    header = entry["header"]
    if isinstance(header, list) and header and all(isinstance(name, str) for name in header) and any(header):
        return tuple(header)
    wrong.append(Problem("mapping.wrong", file=file, name=f"[[sheet]] {entry['file']}: header", found=header,
                         allowed=say("mapping.type_header")))
    return ()


def _read_aliases(raw: Any, file: str, wrong: list[Problem]) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        wrong.append(Problem("mapping.wrong", file=file, name="alias", found=raw, allowed="[alias.product]"))
        return {}
    for key in raw.keys() - set(ALIASES):
        wrong.append(Problem("mapping.unknown", file=file, name=f"alias.{key}",
                             nearest="alias." + _nearest(key, ALIASES)))
    return {
        key: _texts_or_numbers(raw[key], (str,), f"alias.{key}", file, wrong) for key in ALIASES if key in raw
    }


def _texts_or_numbers(
    raw: Any, kinds: tuple[type, ...], name: str, file: str, wrong: list[Problem]
) -> dict[str, Any]:
    if not isinstance(raw, dict):
        wrong.append(Problem("mapping.wrong", file=file, name=name, found=raw, allowed=f"[{name}]"))
        return {}
    allowed = say("settings.text") if str in kinds else say("mapping.positive")
    for key, value in raw.items():
        right = isinstance(value, kinds) and not isinstance(value, bool)
        if not right or (isinstance(value, int | float) and not 0 < value < float("inf")):
            wrong.append(
                Problem("mapping.wrong", file=file, name=f"{name}.{key}", found=value, allowed=allowed)
            )
    return dict(raw)


def _read_sheet(entry: Any, number: int, file: str, wrong: list[Problem]) -> FileMapping | None:
    label = f"[[sheet]] {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"]:
        wrong.append(Problem("mapping.no_file", file=file, name=label))
        return None
    label = f"[[sheet]] {entry['file']}"
    known = {"file", "sheet", "header", "table", "columns", "months", "counts", "joins", *OPTIONS}
    for key in entry.keys() - known:
        wrong.append(
            Problem("mapping.unknown", file=file, name=f"{label}: {key}", nearest=_nearest(key, known))
        )
    table = entry.get("table", "ignore")
    tables = [*FIELDS, *OTHER_TABLES]
    if table not in tables:
        wrong.append(
            Problem(
                "mapping.no_table",
                file=file,
                name=label,
                found=table,
                allowed=", ".join(tables),
                nearest=_nearest(str(table), tables),
            )
        )
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
        elif key == "time_zone" and not _is_zone(str(value)):
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
    return FileMapping(
        entry["file"],
        sheet,
        table,
        parts["columns"],
        (),
        _read_joins(entry, label, file, wrong),
        options,
        parts["months"],
        parts["counts"],
    )


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
