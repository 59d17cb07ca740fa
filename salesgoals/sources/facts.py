"""What a column holds, whatever it is called: dates, numbers, codes, how full, how unique."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.sources.sheet import Sheet

_NUMBER = re.compile(
    r"^[(\-+−△]?\s*(?:[A-Z]{2,3}|RMB|人民币)?\s*[¥￥$€£]?\s*[(\-−]?\s*[\d０-９][\d０-９,,，.．\s]*(?:e[+-]?\d+)?"
    r"\s*(?:%|%|元|千|万|亿|万元|亿元|千元|k|m)?\s*\)?-?$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^\s*(?:[A-Za-z]{3,9},\s+)?"
    r"(?:(?:\d{4}[-/.年]\s*\d{1,2}(?:\s*[-—–~至到]\s*\d{1,2}\s*月|[-/.月]\s*(?:\d{1,2}日?)?)?)"
    r"|(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})|(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?)"
    r"|(?:\d{1,2}[-\s][A-Za-z]{3,9}[-\s,]+\d{2,4})|(?:[A-Za-z]{3,9}[-\s]+\d{1,2}(?:,\s*|\s+)\d{4})"
    r"|(?:[A-Za-z]{3,9}[-\s]+\d{4})|(?:\d{4}\s*[A-Za-z]{3,9})"
    r"|(?:\d{4}年?[-\s]?(?:[Qq][1-4]|第?[一二三四1-4]季度?))|(?:1[0-9]{9}(?:\d{3})?))"
    r"(?:[T\s].*)?$")
_CODE = re.compile(r"^(?=.*\d)[A-Za-z]{0,6}[-_#\s]*[\dA-Za-z]*[-_]?[\dA-Za-z\-_.]*$")
_FLAGS = frozenset(
    [
        "是",
        "否",
        "y",
        "n",
        "yes",
        "no",
        "true",
        "false",
        "1",
        "0",
        "1.0",
        "0.0",
        "新",
        "老",
        "新客户",
        "老客户",
        "有",
        "无",
        "t",
        "f",
        "√",
        "×",
        "x",
        "new",
        "existing",
        "repeat",
        "old",
    ]
)
SAMPLE = 400


@dataclass(frozen=True)
class ColumnFacts:
    """What a look at the values says; shares are of the filled cells looked at."""

    fill: float          # share of the rows that hold something
    distinct: float      # distinct values / filled cells, of all rows
    values: int          # how many distinct values
    date: float
    number: float
    code: float          # looks like a number or code that names something
    flag: float
    typed_date: bool     # the file itself says that these are dates
    longest: int         # letters of the longest value looked at
    examples: tuple[str, ...]


def show_value(value: Any) -> str:
    """Write a cell shortly, as an example."""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == dt.time() else value.strftime("%Y-%m-%d %H:%M")
    text = str(value).strip().replace("\n", " ")
    return text if len(text) <= 40 else text[:39] + "…"


def _is_date(value: Any, text: str) -> bool:
    if isinstance(value, dt.date):
        return True
    if isinstance(value, bool | float | Decimal) and not float(value).is_integer():
        return False
    return bool(_DATE.match(text)) or (text.isdigit() and len(text) == 5 and 20000 < int(text) < 60000)


def look_at(column: pd.Series) -> ColumnFacts:
    """Look at one column; the values are sampled evenly, fill and uniqueness are of all rows."""
    filled = column.dropna().to_numpy(dtype=object)
    values = len(pd.unique(filled))
    sample = filled[::max(1, len(filled) // SAMPLE)]
    cells = [(value, str(value).strip()) for value in sample]
    some = max(1, len(cells))
    seen = list(dict.fromkeys(show_value(value) for value in filled[:200]))
    return ColumnFacts(
        fill=len(filled) / max(1, len(column)), distinct=values / max(1, len(filled)), values=values,
        date=sum(_is_date(value, text) for value, text in cells) / some,
        number=sum(isinstance(value, int | float | Decimal | np.number) or bool(_NUMBER.match(text))
                   for value, text in cells) / some,
        code=sum(not isinstance(value, dt.date) and bool(_CODE.match(text)) for value, text in cells) / some,
        flag=sum(text.lower() in _FLAGS or isinstance(value, bool) for value, text in cells) / some,
        typed_date=bool(cells) and all(isinstance(value, dt.date) for value, _ in cells),
        longest=max((len(text) for _, text in cells), default=0), examples=tuple(seen[:3]))


def facts_of(sheet: Sheet) -> Mapping[str, ColumnFacts]:
    """Look at every column of a sheet."""
    return {name: look_at(sheet.cells[name]) for name in sheet.columns}
