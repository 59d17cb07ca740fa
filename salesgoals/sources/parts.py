"""One sheet on its way into a table: its rows and their source, its money, what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.facts import show_value
from salesgoals.sources.mapping import FileMapping
from salesgoals.sources.sheet import Sheet

#: up to so many equal findings are listed one by one; more become one line with their count and first rows
LISTED = 10
ASIDE_COLUMNS = ["file", "sheet", "row", "code", "column", "found", "amount", "text"]
FOURTH = Decimal("0.0001")


@dataclass(eq=False)
class Part:
    """The rows of one sheet in the words of one table.

    ``frame`` has one line for each source row (for each filled month of a wide sheet), ``rows`` the row
    numbers in the source, ``exact`` the money of each line, ``money`` the source column it came from.
    """

    sheet: Sheet
    mapping: FileMapping
    frame: pd.DataFrame
    rows: np.ndarray
    money: str | None = None
    exact: pd.Series | None = None
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, set[str]] = field(default_factory=dict)   # column -> texts that no list knows
    stand_in: str | None = None                                  # what stands in for the person
    aside: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        nothing = {name: pd.Series([None] * len(self.frame), index=self.frame.index, dtype=object)
                   for name in ("code", "level", "column", "found")}
        self.aside = pd.DataFrame(nothing, index=self.frame.index)

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.mapping.table

    @property
    def kept(self) -> pd.Series:
        """Which lines are still on their way into the table."""
        return self.aside.code.isna()

    @property
    def place(self) -> dict[str, Any]:
        """File and sheet, for problems."""
        return {"file": self.sheet.file, "sheet": self.sheet.sheet}

    def amount_of(self, mask: pd.Series) -> Decimal:
        """Add up the money of some lines, exactly."""
        if self.exact is None:
            return Decimal(0)
        return sum((value for value in self.exact[mask] if value is not None), Decimal(0))

    def set_aside(
        self,
        mask: pd.Series,
        code: str,
        *,
        column: str | None = None,
        found: pd.Series | None = None,
        level: str = "stop",
    ) -> None:
        """Take lines out, once, with the reason; a line that is out already keeps its first reason."""
        new = mask.fillna(False).astype(bool) & self.kept
        if not new.any():
            return
        self.aside.loc[new, "code"] = code
        self.aside.loc[new, "level"] = level
        self.aside.loc[new, "column"] = column
        if found is not None:
            self.aside.loc[new, "found"] = found[new].map(lambda v: None if v is None else show_value(v))

    def tell(self, mask: pd.Series, code: str, *, level: str = "doubt", column: str | None = None,
             found: pd.Series | None = None, **params: Any) -> None:
        """Say something about lines that stay, in one sentence with their count, first rows and money."""
        mask = mask.fillna(False).astype(bool) & self.kept
        if mask.any():
            self.problems.append(self._problem(mask, code, level, column, found, params))

    def _problem(self, mask: pd.Series, code: str, level: str, column: str | None, found: pd.Series | None,
                 params: dict[str, Any]) -> Problem:
        rows = self.rows[mask.to_numpy()]
        count = len(rows)
        examples = None
        if found is not None:
            seen = [show_value(value) for value in found[mask].dropna().head(500)]
            seen = list(dict.fromkeys(seen))
            examples = ", ".join(seen[:5]) + (", ..." if len(seen) > 5 else "")
        return Problem(
            code,
            level=level,
            **self.place,
            row=int(rows[0]) if count == 1 else None,
            column=column,
            found=examples,
            count=count,
            amount=self.amount_of(mask),
            rows=first_rows(rows),
            **params,
        )

    def aside_problems(self) -> list[Problem]:
        """Say every line that was set aside: singly while they are few, else grouped by reason and column."""
        found = []
        out = self.aside[~self.kept]
        for (code, column), group in out.groupby(["code", out.column.fillna("")], sort=False):
            level = group.level.iloc[0]
            masks: Iterable[pd.Series] = [self.aside.index.to_series().isin(group.index)]
            if len(group) <= LISTED and level == "stop":
                masks = [self.aside.index.to_series() == label for label in group.index]
            found += [
                self._problem(mask, code, level, column or None, self.aside.found, {}) for mask in masks
            ]
        return found

    def aside_rows(self) -> pd.DataFrame:
        """List every line that was set aside, and the rows that the layout did not count as records."""
        out = ~self.kept
        lines = pd.DataFrame({
            "row": self.rows[out.to_numpy()], "code": self.aside.code[out], "column": self.aside.column[out],
            "found": self.aside.found[out],
            "amount": [None] * int(out.sum()) if self.exact is None else self.exact[out]})
        there = np.isin(self.sheet.rows, lines.row.to_numpy())
        texts = {
            row: " | ".join(show_value(cell) for cell in cells if cell is not None)
            for row, cells in zip(self.sheet.rows[there], self.sheet.cells[there].to_numpy(), strict=True)
        }
        lines["text"] = lines.row.map(texts)
        return lines.assign(file=self.sheet.file, sheet=self.sheet.sheet)[ASIDE_COLUMNS]


def first_rows(rows: np.ndarray) -> str:
    """Write the first row numbers of many.

    Examples
    --------
    >>> first_rows(np.array([3, 7])), first_rows(np.arange(2, 40))
    ('3, 7', '2, 3, 4, 5, 6, 7, 8, 9, ...')
    """
    numbers = list(dict.fromkeys(int(row) for row in rows))
    return ", ".join(map(str, numbers[:8])) + (", ..." if len(numbers) > 8 else "")


def layout_aside(sheet: Sheet) -> pd.DataFrame:
    """List the rows that are no records (titles, subtotals, footers ...) in the columns of ``aside_rows``."""
    rows = sheet.aside[sheet.aside.reason != "blank"]
    return pd.DataFrame(
        {
            "file": sheet.file,
            "sheet": sheet.sheet,
            "row": rows.row,
            "code": "layout." + rows.reason.astype(str),
            "column": None,
            "found": None,
            "amount": None,
            "text": rows.text,
        }
    )[ASIDE_COLUMNS]


def money(values: pd.Series) -> tuple[pd.Series, int]:
    """Round to four decimals, the precision of the tables, and count the values that had really more.

    Returns
    -------
    tuple
        Decimals or None (object), and how many lost something beyond the noise of a computer's fractions.
    """
    rounded: list[Decimal | None] = []
    lost = 0
    for value in values:
        if value is None:
            rounded.append(None)
            continue
        exponent = value.as_tuple().exponent
        if exponent < -4:
            whole = value.quantize(FOURTH)
            lost += abs(whole - value) > Decimal("1e-7")
            value = whole
        rounded.append(value)
    return pd.Series(rounded, index=values.index, dtype=object), lost


def as_floats(values: pd.Series) -> pd.Series:
    """Turn Decimals into floats, None into NaN."""
    return pd.Series(
        [float("nan") if value is None else float(value) for value in values],
        index=values.index,
        dtype="float64",
    )


def row_texts(frame: pd.DataFrame) -> pd.Series:
    """Write each row as one text, for comparing rows as wholes; empty is empty, whatever its type.

    Examples
    --------
    >>> row_texts(pd.DataFrame({"a": [1.0, None], "b": ["x", None]})).tolist()
    ['1.0|x', '|']
    """
    columns = [
        ["" if value is None or value is pd.NA or value != value else str(value) for value in frame[name]]
        for name in frame
    ]
    return pd.Series(["|".join(row) for row in zip(*columns, strict=True)], index=frame.index, dtype=object)
