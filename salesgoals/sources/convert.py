"""Cells into values: the columns of one sheet, read by what they mean, with everything unreadable named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.joins import Place, apply_join, key_text
from salesgoals.sources.mapping import DATE_FORMATS, FileMapping
from salesgoals.sources.parts import Part, as_floats, money
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.units import find_currency, header_unit
from salesgoals.sources.values import ParsedNumbers, parse_dates, parse_flags, parse_numbers, parse_share
from salesgoals.sources.vocabulary import FIELDS
from salesgoals.sources.wide import names_quarter, period_of
from salesgoals.workspace import Settings

SHARES = ("credit_share", "discount", "probability", "growth")
MONEY = ("amount", "price", "cost", "unit_cost", "profit", "list_price", "potential", "goal", "level")
#: the date and the number that every row of a table must have
MUST_DATE = {"orders": "date", "activities": "date", "market": "month", "goals": "period_start"}
MUST_NUMBER = {"orders": "amount", "goals": "goal"}
#: the money whose totals are printed in, kept and set aside
COUNTED = {"orders": "amount", "opportunities": "amount", "goals": "goal", "accounts": "potential"}
_TWO_MONTHS = re.compile(r"^\s*(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*月?\s*[-—–~至到]\s*(\d{1,2})\s*月\s*$")
_WEEK = re.compile(r"^\s*(\d{4})\s*(?:-?\s*W|年\s*第?)\s*(\d{1,2})\s*周?\s*$", re.IGNORECASE)


def text_of(column: pd.Series) -> pd.Series:
    """Write cells as texts: 17.0 as "17", spaces tidied, the word None kept, empty as None."""
    return key_text(column)


def read_dates(
    part: Part, column: str, settings: Settings, orders: dict[str, str | None]
) -> tuple[pd.Series, pd.Series]:
    """Read one column of dates: the days, and why others have none (unreadable, ambiguous, missing)."""
    cells = part.sheet.cells[column]
    texts = cells.map(lambda cell: isinstance(cell, str))
    if texts.any():
        cells = _first_month(part, column, cells, texts)
    option = part.mapping.options
    order = DATE_FORMATS.get(option.get("date_format", ""))
    zone = option.get("time_zone", settings.time_zone)
    parsed = parse_dates(cells, order=order, time_zone=zone)
    undecided = parsed.values.isna() & ~parsed.bad & cells.notna()
    if undecided.any() and order is None:
        other = next((found for found in orders.values() if found in ("dmy", "mdy")), None)
        if other is not None:
            parsed = parse_dates(cells, order=other, time_zone=zone)
            undecided = parsed.values.isna() & ~parsed.bad & cells.notna()
            part.problems.append(
                Problem(
                    "collect.date_as_sibling",
                    level="doubt",
                    **part.place,
                    column=column,
                    other=next(c for c, o in orders.items() if o == other),
                )
            )
    orders[column] = parsed.order
    if parsed.doubt is not None:
        part.problems.append(placed(parsed.doubt, part, column))
    why = pd.Series("", index=cells.index, dtype=object)
    why[parsed.values.isna()] = "missing"
    why[parsed.bad] = "unreadable"
    why[undecided & _filled(cells)] = "ambiguous"
    return parsed.values, why


def _filled(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: cell is not None and str(cell).strip() not in ("", "-", "—", "/", "--"))


def _first_month(part: Part, column: str, cells: pd.Series, texts: pd.Series) -> pd.Series:
    """Read "2012年1-2月" and "2025Q1" as their first month, "2025年第3周" as its Monday, and say so."""
    result = cells.copy()
    quarters = cells[texts][cells[texts].map(names_quarter)]
    if len(quarters):
        periods = quarters.map(period_of)
        result[quarters.index] = periods.map(lambda period: f"{period.year}-{period.month:02d}-01")
        if part.table != "goals":
            part.problems.append(Problem("collect.two_months", level="note", **part.place, column=column,
                                         count=len(quarters), found=str(quarters.iloc[0])))
    spans = cells[texts].str.extract(_TWO_MONTHS).dropna()
    if len(spans):
        result[spans.index] = spans[0] + "-" + spans[1].str.zfill(2) + "-01"
        part.problems.append(Problem("collect.two_months", level="note", **part.place, column=column,
                                     count=len(spans), found=str(cells[spans.index[0]])))
    weeks = cells[texts].str.extract(_WEEK).dropna()
    weeks = weeks[weeks[1].astype(int).between(1, 53)] if len(weeks) else weeks
    if len(weeks):
        days = pd.to_datetime(
            weeks[0] + "-W" + weeks[1].str.zfill(2) + "-1", format="%G-W%V-%u", errors="coerce"
        )
        days = days.dropna()
        result[days.index] = days.dt.strftime("%Y-%m-%d")
    return result


def placed(problem: Problem, part: Part, column: str | None = None) -> Problem:
    """Give a finding of the reading functions its file, sheet and column."""
    known = {key: value for key, value in problem.values.items() if value is not None}
    place: dict[str, Any] = {
        "column": column,
        **{k: v for k, v in part.place.items() if v is not None},
        **known,
    }
    return Problem(problem.code, level=problem.level, **place)


def unit_of(sheet: Sheet) -> str | None:
    """The unit of amounts that a title, the sheet's name or the file's name states, such as 万元."""
    if sheet.unit is not None:
        return sheet.unit
    titles = sheet.aside.text[sheet.aside.reason == "title"].tolist()
    for text in (*titles, sheet.sheet or "", PurePath(sheet.file).stem):
        for words in re.findall(r"[(（\[【]([^()（）]{1,12})[)）\]】]", text):
            if header_unit(f"({words})").power:
                return words
    return None


def start_part(sheet: Sheet, mapping: FileMapping) -> Part:
    """Begin with the sheet's rows and no columns."""
    return Part(sheet, mapping, pd.DataFrame(index=sheet.cells.index), np.asarray(sheet.rows))


def convert_sheet(
    sheet: Sheet, mapping: FileMapping, settings: Settings, sheets: Mapping[Place, Sheet]
) -> Part:
    """Read the mapped columns of one sheet.

    Parameters
    ----------
    sheet, mapping
        The cells and what they mean.
    settings : Settings
        The company's time zone and currency.
    sheets : mapping
        All sheets by place, for fields that stand elsewhere.

    Returns
    -------
    Part
        Texts as texts, dates as days, money as exact Decimals (object), other numbers as floats; rows
        without a readable date or amount are set aside.
    """
    part = start_part(sheet, mapping)
    kinds = FIELDS[mapping.table]
    missing: dict[str, pd.Series] = {}
    orders: dict[str, str | None] = {}
    names = sorted(mapping.columns, key=lambda name: kinds[name] == "date")
    for name in names:
        column, cells = mapping.columns[name], sheet.cells[mapping.columns[name]]
        kind = kinds[name]
        if kind == "date" or _not_needed(name, mapping):
            continue
        if kind in ("id", "name", "text"):
            part.frame[name] = text_of(cells)
        elif kind == "flag":
            _read_flags(part, name, column, cells)
        else:
            missing[name] = _read_numbers(part, name, column, cells)
    dates = [name for name in names if kinds[name] == "date"]
    for name in sorted(dates, key=lambda n: _plainness(sheet.cells[mapping.columns[n]])):
        column = mapping.columns[name]
        part.frame[name], missing[name] = read_dates(part, column, settings, orders)
    for join in mapping.joins:
        found, problems = apply_join(sheet.cells, join, sheets, mapping)
        part.problems += problems
        if kinds.get(join.field) in ("id", "name", "text"):
            part.frame[join.field] = text_of(found)
    _set_aside_unreadable(part, missing)
    return part


def _not_needed(name: str, mapping: FileMapping) -> bool:
    """Prices and discounts only serve to compute a missing amount, unit costs and profit a missing cost."""
    if mapping.table != "orders":
        return False
    return (name in ("price", "discount") and "amount" in mapping.columns) or (
        name in ("unit_cost", "profit") and "cost" in mapping.columns)


def _plainness(cells: pd.Series) -> int:
    """Columns whose order is provable come first, so that ambiguous ones can follow them."""
    texts = cells.dropna().astype(str).head(2000)
    parts = texts.str.extract(r"^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}")
    proof = parts.dropna().astype(int).max(axis=1) if len(parts.dropna()) else pd.Series(dtype=int)
    return 0 if len(proof) and proof.max() > 12 else 1


def _read_flags(part: Part, name: str, column: str, cells: pd.Series) -> None:
    parsed = parse_flags(cells)
    part.frame[name] = parsed.values
    part.tell(parsed.bad, "collect.value_unreadable", column=column, found=cells, field=name)


def _read_numbers(part: Part, name: str, column: str, cells: pd.Series) -> pd.Series:
    """Read one column of numbers into the part; say for each row why there is none."""
    if name in SHARES:
        parsed = parse_share(cells, column)
        signed = cells.map(lambda cell: isinstance(cell, str) and "%" in cell.replace("%", "%")).any()
        notes = [note for note in parsed.notes if signed or not note.code.endswith("share_mixed")]
    else:
        parsed = parse_numbers(cells, column, unit_of(part.sheet) if name in MONEY else None)
        notes = parsed.notes
    values = parsed.values
    if name in MONEY:
        factor = part.mapping.options.get("multiplier")
        if factor and name in ("amount", "goal", "potential"):
            values = pd.Series(
                [None if v is None else v * factor for v in values], index=values.index, dtype=object
            )
        values, lost = money(values)
        if lost:
            part.problems.append(
                Problem("collect.rounded", level="note", **part.place, column=column, count=lost)
            )
        if parsed.currency and "currency" not in part.mapping.columns:
            part.frame["currency"] = _currencies(cells, parsed) if name == "amount" else parsed.currency
            notes = [note for note in notes if not note.code.endswith("mixed_currencies")]
        part.frame[name] = values
    else:
        part.frame[name] = as_floats(values)
    part.problems += [placed(note, part, column) for note in notes]
    why = pd.Series("", index=cells.index, dtype=object)
    why[values.isna()] = "missing"
    why[parsed.bad] = "unreadable"
    if name == COUNTED.get(part.table):
        part.money, part.exact = column, values
    return why


def _currencies(cells: pd.Series, parsed: ParsedNumbers) -> pd.Series:
    """The currency that each cell names, where they name several; else the one of them all."""
    if not any(note.code.endswith("mixed_currencies") for note in parsed.notes):
        return pd.Series(parsed.currency, index=cells.index, dtype=object)
    return cells.map(lambda cell: find_currency(cell) if isinstance(cell, str) else None)


def _set_aside_unreadable(part: Part, missing: Mapping[str, pd.Series]) -> None:
    date, number = MUST_DATE.get(part.table), MUST_NUMBER.get(part.table)
    codes = {"date": {"unreadable": "collect.date_unreadable", "missing": "collect.date_missing",
                      "ambiguous": "collect.date_ambiguous"},
             "number": {"unreadable": "collect.amount_unreadable", "missing": "collect.amount_missing"}}
    for name, why in missing.items():
        column = part.mapping.columns[name]
        cells = part.sheet.cells[column]
        must = "date" if name == date else "number" if name == number else None
        for reason in ("unreadable", "ambiguous", "missing"):
            mask = why == reason
            if must and reason in codes[must]:
                if not (name == "goal" and reason == "missing"):
                    part.set_aside(mask, codes[must][reason], column=column, found=cells)
                if reason == "ambiguous" and mask.any():  # said once: as the reason why the rows are out
                    part.problems = [problem for problem in part.problems if (
                        problem.code, problem.values["column"]) != ("sources.dates_ambiguous", column)]
            elif reason != "missing":
                part.tell(mask, "collect.value_unreadable", column=column, found=cells, field=name)


def decimal_sum(values: pd.Series) -> Decimal:
    """Add Decimals exactly, empty ones left out."""
    return sum((value for value in values if value is not None and value == value), Decimal(0))
