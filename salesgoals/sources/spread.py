"""Months (or kinds of activity) that stand side by side become rows, one for each filled cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.convert import convert_sheet, unit_of
from salesgoals.sources.joins import Place
from salesgoals.sources.mapping import FileMapping
from salesgoals.sources.parts import Part, as_floats, money
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.values import parse_numbers
from salesgoals.sources.wide import Period, read_period
from salesgoals.workspace import Settings


class _Column(NamedTuple):
    """One of the columns that stand side by side, read as numbers."""

    name: str
    values: pd.Series
    bad: pd.Series
    cells: pd.Series


def _read_column(part: Part, column: str, field: str) -> _Column:
    cells = part.sheet.cells[column]
    if field == "count":
        parsed = parse_numbers(cells, column)
        return _Column(column, parsed.values, parsed.bad, cells)
    parsed = parse_numbers(cells, column, unit_of(part.sheet))
    factor = part.mapping.options.get("multiplier", 1)
    values = [None if value is None else value * factor for value in parsed.values]
    return _Column(column, money(pd.Series(values, index=cells.index, dtype=object))[0], parsed.bad, cells)


def _side_by_side(sheet: Sheet, mapping: FileMapping, settings: Settings, sheets: Mapping[Place, Sheet],
                  columns: Iterable[str], field: str) -> tuple[Part, pd.Series]:
    """One row for each filled cell of these columns; empty cells become no row, and are counted."""
    others = {name: column for name, column in mapping.columns.items() if name != field}
    left = convert_sheet(sheet, replace(mapping, columns=others), settings, sheets)
    read = [_read_column(left, column, field) for column in columns]
    filled = [column.values.notna() | column.bad for column in read]
    frame = pd.concat([left.frame[mask].assign(**{field: column.values[mask]})
                       for column, mask in zip(read, filled, strict=True)], ignore_index=True)
    rows = np.concatenate([left.rows[mask.to_numpy()] for mask in filled])
    part = Part(sheet, mapping, frame, rows, problems=left.problems)
    part.aside = pd.concat([left.aside[mask] for mask in filled], ignore_index=True)
    pairs = list(zip(read, filled, strict=True))
    labels = pd.Series([column.name for column, mask in pairs for _ in range(mask.sum())], dtype=object)
    bad = pd.concat([column.bad[mask] for column, mask in pairs], ignore_index=True)
    cells = pd.concat([column.cells[mask] for column, mask in pairs], ignore_index=True)
    for column in read:
        mine = bad & (labels == column.name)
        part.set_aside(mine, "collect.amount_unreadable", column=column.name, found=cells)
    blanks = sum(int((~mask).sum()) for mask in filled)
    if blanks and field != "count":
        code = "collect.goals_not_set" if field == "goal" else "collect.cells_blank"
        part.problems.append(Problem(code, level="note", **part.place, count=blanks))
    return part, labels


def months_to_rows(sheet: Sheet, mapping: FileMapping, settings: Settings, sheets: Mapping[Place, Sheet],
                   ) -> Part:
    """Read goals (or past sales) that have one column for each month or quarter.

    Parameters
    ----------
    sheet, mapping, settings, sheets
        As for ``convert_sheet``; ``mapping.months`` says which column is which month, the year comes from
        there, from a column of the sheet, or from ``year`` in mapping.toml.

    Returns
    -------
    Part
        One row for each filled cell; cells without a known year are set aside.
    """
    field = "goal" if mapping.table == "goals" else "amount"
    part, labels = _side_by_side(sheet, mapping, settings, sheets, mapping.months, field)
    periods: dict[str, Period] = {name: period for name, text in mapping.months.items()
                                  if (period := read_period(text)) is not None}
    known = [periods.get(name) for name in labels]
    year = mapping.options.get("year")
    years = pd.Series([np.nan if p is None else float(p.year or year or np.nan) for p in known],
                      dtype="float64")
    if "year" in part.frame:
        years = years.fillna(part.frame.year)
    months = pd.Series([np.nan if p is None else float(p.month) for p in known], dtype="float64")
    good = years.between(1990, 2100) & months.notna()
    days = pd.DataFrame({"year": years.where(good, 2000), "month": months.where(good, 1), "day": 1})
    starts = pd.to_datetime(days).where(good).astype("datetime64[us]")
    names = list(mapping.months)
    part.money, part.exact = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}", part.frame[field]
    if field == "goal":
        lengths = [1 if period is None else period.months for period in known]
        ends = [start + pd.offsets.MonthEnd(length) for start, length in zip(starts, lengths, strict=True)]
        part.frame["period_start"] = starts
        part.frame["period_end"] = pd.Series(ends, dtype="datetime64[us]")
    else:
        part.frame["date"] = starts
    part.set_aside(~good, "collect.date_missing", column=part.money)
    return part


def counts_to_rows(sheet: Sheet, mapping: FileMapping, settings: Settings, sheets: Mapping[Place, Sheet],
                   ) -> Part:
    """Read a log that has one column for each kind of activity."""
    part, labels = _side_by_side(sheet, mapping, settings, sheets, mapping.counts, "count")
    part.frame["type"] = labels.map(mapping.counts)
    part.frame["count"] = as_floats(part.frame["count"])
    if "date" not in part.frame:
        part.frame["date"] = pd.Series(pd.NaT, index=part.frame.index, dtype="datetime64[us]")
    part.set_aside(part.frame.date.isna(), "collect.date_missing", column=mapping.columns.get("date"))
    return part
