"""Sheets with one column for each month (or quarter, or kind of activity): which columns, which month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesgoals.sources.facts import ColumnFacts
from salesgoals.sources.headers import compact
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.vocabulary import has_signal, vocabulary

_ENGLISH = {name: number for number, name in enumerate(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_LONG = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_CHINESE = {
    name: number
    for number, name in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
    )
}
_MONTH = re.compile(
    r"(?:(?P<year>(?:19|20)?\d{2})\s*[年\-/.]\s*)?(?P<month>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])\s*月"
)
_DIGITS = re.compile(
    r"^(?P<year>(?:19|20)\d{2})\s*[-/.年]?\s*(?P<month>1[0-2]|0[1-9]|[1-9])(?:[-/.]0?1(?:\s.*)?)?$"
)
_NAMED = re.compile(
    r"^(?:(?P<before>(?:19|20)\d{2})[\s\-/']*)?(?P<month>[a-z]{3,9})\.?[\s\-/']*(?P<year>(?:19|20)?\d{2})?$"
)
_QUARTER = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})\s*年?\s*[-/ ]?\s*)?(?:q\s*(?P<q>[1-4])|第?(?P<c>[一二三四1-4])季度?)"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


@dataclass(frozen=True)
class Period:
    """The month (or first month of a quarter) that a column stands for; the year where the header says it."""

    year: int | None
    month: int
    months: int = 1

    def text(self) -> str:
        """``2025-03``, or ``03`` without a year, ``/3`` added for a quarter."""
        year = f"{self.year}-" if self.year else ""
        return f"{year}{self.month:02d}" + (f"/{self.months}" if self.months > 1 else "")


def read_period(text: str) -> Period | None:
    """Read back what ``Period.text`` wrote, as it stands in mapping.toml.

    Examples
    --------
    >>> read_period("2025-03"), read_period("04/3"), read_period("spring")
    (Period(year=2025, month=3, months=1), Period(year=None, month=4, months=3), None)
    """
    match = re.fullmatch(r"(?:(\d{4})-)?(0[1-9]|1[0-2])(?:/(\d{1,2}))?", text)
    if not match:
        return None
    return Period(int(match[1]) if match[1] else None, int(match[2]), int(match[3] or 1))


def _full_year(text: str | None) -> int | None:
    return None if text is None else int(text) if len(text) == 4 else 2000 + int(text)


def period_of(header: str) -> Period | None:
    """Tell which month or quarter a header names.

    Examples
    --------
    >>> period_of("1月"), period_of("目标 / 2025年3月"), period_of("Sep 2024"), period_of("Q2")
    (Period(year=None, month=1, months=1), Period(year=2025, month=3, months=1), Period(year=2024, month=9, \
months=1), Period(year=None, month=4, months=3))
    """
    text = " ".join(
        header.lower().replace("(", " ").replace(")", " ").replace("（", " ").replace("）", " ").split()
    )
    outer = _YEAR.search(text)
    year = int(outer[1]) if outer else None
    for part in (text, *reversed([half.strip() for half in text.split(" / ")])):
        found = _DIGITS.match(part)
        if found:
            return Period(_full_year(found["year"]), int(found["month"]))
        found = _NAMED.match(part)
        if found and (found["month"] in _ENGLISH or found["month"] in _LONG or found["month"] == "sept"):
            return Period(_full_year(found["before"] or found["year"]) or year, _ENGLISH[found["month"][:3]])
    found = _MONTH.search(text)
    if found and "累计" not in text and not re.search(r"月\s*[-—~至到]|[-—~至到]\s*\d{1,2}月", text):
        month = _CHINESE.get(found["month"]) or int(found["month"])
        return Period(_full_year(found["year"]) or year, month)
    found = _QUARTER.search(text)
    if found:
        number = int(found["q"]) if found["q"] else _CHINESE.get(found["c"]) or int(found["c"])
        return Period(_full_year(found["year"]) or year, 3 * number - 2, 3)
    return None


def names_quarter(cell: object) -> bool:
    """Tell whether a cell is a quarter with its year.

    Examples
    --------
    >>> [names_quarter(cell) for cell in ("2025Q1", "2025年第二季度", "2025-01", "Q1")]
    [True, True, False, False]
    """
    if not isinstance(cell, str) or not _QUARTER.fullmatch(" ".join(cell.lower().split())):
        return False
    period = period_of(cell)
    return period is not None and period.months == 3 and period.year is not None


def month_columns(sheet: Sheet, facts: Mapping[str, ColumnFacts], word: str = "goals") -> dict[str, Period]:
    """Find the columns that stand for months, at least three; of two blocks (goal and actual) the goals.

    Returns
    -------
    dict
        Column -> Period, in the order of the sheet; empty where the sheet is no such matrix.
    """
    found = {column: period for column in sheet.columns if (period := period_of(column)) is not None
             and (facts[column].number >= 0.5 or facts[column].fill == 0)}
    if sum(period.months == 1 for period in found.values()) >= 3:
        found = {column: period for column, period in found.items() if period.months == 1}
    seen = [(period.year, period.month) for period in found.values()]
    if len(set(seen)) < len(seen):
        spoken = {column: period for column, period in found.items() if has_signal(word, column)}
        found = spoken or {column: period for n, (column, period) in enumerate(found.items())
                           if seen.index(seen[n]) == n}
    return found if len(found) >= 3 else {}


def month_of_sheet(texts: Sequence[str]) -> Period | None:
    """Find the month that a title or the name of a sheet or file states for everything in it.

    Examples
    --------
    >>> month_of_sheet(["3月", "2025年销售"]), month_of_sheet(["销售明细_3月15日导出"])
    (Period(year=None, month=3, months=1), None)
    """
    for text in texts:
        period = None if re.search(r"月\s*\d{1,2}\s*[日号]|截[至止]", text) else period_of(text)
        if period is not None and period.months == 1:
            return period
    return None


def year_from_texts(texts: Sequence[str]) -> int | None:
    """Find the one year that a title, sheet name or file name states.

    Examples
    --------
    >>> year_from_texts(["2025年度销售目标", "sheet 1"]), year_from_texts(["2024 to 2025"])
    (2025, None)
    """
    for text in texts:
        years = set(_YEAR.findall(text))
        if len(years) == 1:
            return int(years.pop())
    return None


def activity_columns(columns: Sequence[str], facts: Mapping[str, ColumnFacts]) -> dict[str, str]:
    """Find columns that count one kind of activity each (拜访, 电话, visits, calls): column -> kind."""
    words = vocabulary().words["activity"]
    found = {}
    for column in columns:
        plain = compact(column)
        kind = next((plain.removesuffix(tail) for tail in ("次数", "数量", "数", "量", "count", "次", "")
                     if plain.removesuffix(tail) in words), None)
        if kind and facts[column].number > 0.5:
            found[column] = kind
    return found
