"""What a cell looks like before its column has a meaning: a label, a number, a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from salesgoals.sources.date_shapes import read_written
from salesgoals.sources.numbers import ERROR_VALUES, half_width, parse_number

_PERIOD = re.compile(
    r"(?:(?:19|20)\d{2}\s*[-/.年]?\s*)?(?:(?:1[0-2]|0?[1-9])\s*月份?|[一二三四五六七八九十]{1,2}月份?|q[1-4]|第?[1-4一二三四]季度|"
    r"(?:上|下)半年|h[12]|w\d{1,2}|第\d{1,2}周)|(?:19|20)\d{2}\s*(?:年度?)?|(?:19|20)\d{2}[-/.]?(?:1[0-2]|0?[1-9])|"
    r"(?:fy|cy)\s?\d{2,4}(?:\s?q[1-4])?|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[-/ ']*(?:\d{2}|\d{4})?", re.IGNORECASE)
_LONGEST_LABEL = 150
_CODE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@lru_cache(maxsize=65_536)
def text_looks(text: str) -> str:
    """Say what a text looks like: period (1月, 2025Q1), number, date or text.

    Examples
    --------
    >>> [text_looks(text) for text in ("1月", "¥12.5万", "2025-01-02", "华东")]
    ['period', 'number', 'date', 'text']
    """
    bare = half_width(text).strip()
    if _PERIOD.fullmatch(bare):
        return "period"
    if len(bare) > 40:
        return "text"
    if bare.upper() in ERROR_VALUES or _CODE.fullmatch(bare):
        return "number"
    if not any(letter.isdigit() for letter in bare):
        return "text"
    if parse_number(bare)[0] is not None or parse_number(bare, comma_decimal=True)[0] is not None:
        return "number"
    return "date" if read_written(bare).shape else "text"


def looks(cell: Any) -> str:
    """Say what a cell looks like: empty, text, period, number, date or flag."""
    if cell is None:
        return "empty"
    if isinstance(cell, str):
        return text_looks(cell)
    if isinstance(cell, bool):
        return "flag"
    if isinstance(cell, dt.date | dt.time):
        return "date"
    is_year_or_month = isinstance(cell, int) and (1900 <= cell <= 2100 or _is_year_month(cell))
    return "period" if is_year_or_month else "number"


def _is_year_month(number: int) -> bool:
    return 190_001 <= number <= 210_012 and 1 <= number % 100 <= 12


def is_label_row(cells: Sequence[Any]) -> bool:
    """Say whether a row could be a header: words, and periods (months, years, days of a month) in a run.

    Examples
    --------
    >>> is_label_row(["姓名", "1月", "2月"]), is_label_row(["张三", 12, 13]), is_label_row(["张三", 2025])
    (True, False, False)
    """
    filled = [cell for cell in cells if cell is not None]
    kinds = [looks(cell) for cell in filled]
    if any(isinstance(cell, str) and len(cell) > _LONGEST_LABEL for cell in filled):
        return False
    if not filled or "flag" in kinds or not ("text" in kinds or kinds.count("period") > 2):
        return False
    runs = [cell for cell, kind in zip(filled, kinds, strict=True) if kind in ("number", "date")]
    if runs and not _is_run(runs):
        return False
    years = [cell for cell, kind in zip(filled, kinds, strict=True)
             if kind == "period" and (not isinstance(cell, str) or not re.search(r"[^\d./\-\s]", cell))]
    return not years or (len(years) > 1 and len({str(year) for year in years}) == len(years))


def _is_run(cells: Sequence[Any]) -> bool:
    """Say whether figures or dates go up one by one, as days or months in a header do."""
    if len(cells) < 2:
        return False
    if all(isinstance(cell, dt.datetime) for cell in cells):
        return all(a < b for a, b in pairwise(cells))
    written = [int(cell) if isinstance(cell, int) or (isinstance(cell, str) and cell.isdecimal()) else None
               for cell in cells]
    if None not in written:
        run = [number for number in written if number is not None]
        return run[0] in (0, 1) and all(b == a + 1 for a, b in pairwise(run))
    days = [read_written(cell).day if isinstance(cell, str) else None for cell in cells]
    known = [day for day in days if day is not None]
    return len(known) == len(days) and len(known) > 2 and all(a < b for a, b in pairwise(known))


def is_pair_row(cells: Sequence[Any]) -> bool:
    """Say whether a row holds "name: value" pairs, as above or below a table."""
    filled = [cell for cell in cells if cell is not None]
    pairs = [cell for cell in filled if isinstance(cell, str) and re.search(r"[:：]\s*(?:\S|$)", cell)
             and text_looks(cell) == "text"]
    return bool(pairs) and 2 * len(pairs) >= len(filled)
