"""From what is written in a cell to what it means: numbers, shares, yes and no, dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.dates import ParsedDates, parse_dates
from salesgoals.sources.numbers import ParsedNumbers, half_width, is_empty_mark, parse_number, parse_numbers
from salesgoals.sources.units import header_unit

__all__ = ["ParsedDates", "ParsedFlags", "ParsedNumbers", "parse_dates", "parse_flags", "parse_number",
           "parse_numbers", "parse_share"]

_YES = frozenset([
    "是", "对", "有", "真", "√", "✓", "✔", "y", "yes", "t", "true", "1", "1.0", "on", "新", "新客", "新客户",
    "新增", "首购", "首单", "new", "new customer", "退货", "已退货", "已退", "returned", "return"])
_NO = frozenset([
    "否", "不是", "错", "无", "没有", "假", "×", "✗", "✘", "n", "no", "f", "false", "0", "0.0", "off", "老",
    "老客", "老客户", "存量", "复购", "续约", "续购", "existing", "repeat", "old", "renewal", "正常",
    "未退货", "未退", "sold"])


@dataclass(frozen=True, eq=False)
class ParsedFlags:
    """A column of yes and no: True, False, None where empty; which cells say neither."""

    values: pd.Series   # True, False or None (object)
    bad: pd.Series      # True where a cell says neither yes nor no


def parse_flags(column: pd.Series) -> ParsedFlags:
    """Read yes and no however written: 是/否, Y/N, true/false, 1/0, √/×, 新/老, 退货/正常.

    Parameters
    ----------
    column : Series of object
        Cells as read.

    Returns
    -------
    ParsedFlags
        Empty cells are None: not "no".

    Examples
    --------
    >>> parse_flags(pd.Series(["是", "N", None, "老客户"], dtype=object)).values.tolist()
    [True, False, None, False]
    """
    read = [_read_flag(cell) for cell in column.array]
    index = column.index
    return ParsedFlags(pd.Series([value for value, _ in read], index=index, dtype=object, name=column.name),
                       pd.Series([wrong for _, wrong in read], index=index, dtype=bool, name=column.name))


def _read_flag(cell: Any) -> tuple[bool | None, bool]:
    if is_empty_mark(cell) or cell is pd.NA or cell != cell:
        return None, False
    word = half_width(str(cell)).strip().lower()
    if word in _YES:
        return True, False
    return (False, False) if word in _NO else (None, True)


def parse_share(column: pd.Series, header: str = "") -> ParsedNumbers:
    """Read a column of shares as fractions: 30 %, 30 under "可能性(%)", and 0.3 are all 0.3.

    Parameters
    ----------
    column : Series of object
        Cells as read.
    header : str
        The column's name; a % in it says that plain numbers are per cent.

    Returns
    -------
    ParsedNumbers
        ``values`` as fractions. Without any % the whole column decides: all within 0 to 1 are fractions, all
        within 0 to 100 per cent. Where a column holds both, its notes carry ``sources.share_mixed``.

    Examples
    --------
    >>> parse_share(pd.Series(["30%", "5%"], dtype=object)).values.tolist()
    [Decimal('0.30'), Decimal('0.05')]
    >>> parse_share(pd.Series([10, 90], dtype=object), "Probability (%)").values.tolist()
    [Decimal('0.10'), Decimal('0.90')]
    """
    parsed = parse_numbers(column)
    signed = [isinstance(cell, str) and half_width(cell).rstrip(" )").endswith("%") for cell in column.array]
    pairs = list(zip(parsed.values, signed, strict=True))
    plain = [number for number, sign in pairs if number is not None and not sign]
    notes = list(parsed.notes)
    in_percent = False
    if plain:
        largest = max(abs(number) for number in plain)
        fractions = [number for number in plain if 0 < abs(number) < 1]
        # Excel hands out 12 % as 0.12, whatever the header says
        in_percent = largest > 1 or (header_unit(header).percent and not fractions)
        if largest > 1 and fractions and not any(signed):
            notes.append(Problem("sources.share_mixed", level="doubt", column=header or None,
                                 count=len(fractions), found=str(fractions[0]), other=str(largest)))
        elif in_percent and any(signed):
            notes.append(Problem("sources.share_mixed", level="doubt", column=header or None,
                                 count=len(plain), found=str(plain[0]), other="%"))
    values = [number if number is None or sign or not in_percent else number.scaleb(-2)
              for number, sign in pairs]
    return ParsedNumbers(pd.Series(values, index=column.index, dtype=object, name=column.name), parsed.bad, 1,
                         None, True, notes)
