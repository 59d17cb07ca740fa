"""Numbers as people write them: 1,234.50, ¥12.5万, (500), １２３, 12 %, 1.234,56; always exact."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from numbers import Integral, Real
from typing import Any

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.units import CURRENCIES, find_currency, header_unit

EMPTY_MARKS = frozenset({"-", "—", "/", "--", "——", "–", "－", "―", "−"})
ERROR_VALUES = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#N/A!",
                          "#SPILL!", "#CALC!", "#GETTING_DATA"})
_SCALE_WORDS = {"千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "萬": 4, "億": 8, "k": 3, "w": 4,
                "m": 6, "mn": 6, "mio": 6, "million": 6, "thousand": 3, "b": 9, "bn": 9, "billion": 9}
_WIDE: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TO_PLAIN: dict[int, int | str] = {
    **_WIDE, **dict.fromkeys([0x2212, 0xFE63, 0x2013, 0x2010, 0x2011, 0x25B3, 0x2206], "-"),
    **dict.fromkeys([0x2018, 0x2019, 0x00B4], "'"),
    0x3000: " ", 0xFFE5: "¥", 0xFFE1: "£", 0x066C: ",", 0x066A: "%"}
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_CURRENCY = re.compile("|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True)), re.IGNORECASE)
_SCALE = re.compile(r"(千万|百万|十万|万|萬|亿|億|千|million|thousand|billion|bn|mn|mio|[kwmb])",
                    re.IGNORECASE)
_POINT = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:'\d{3})+)?(?:\.\d*)?"
                    r"(?:[eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:'\d{3})+)?(?:,\d*)?(?:[eE][+-]?\d{1,3})?")
_PROVES_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}")
_PROVES_POINT = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|"
                           r"\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|"
                           r"0\.\d+|\d+\.\d+[eE].*|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?")
_EITHER_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+")
_THREE_AFTER_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")


@dataclass(frozen=True, eq=False)
class ParsedNumbers:
    """A column of numbers: what they are, which cells are none, and what was applied."""

    values: pd.Series            # Decimal or None (object); units, percent signs and header units applied
    bad: pd.Series               # True where a cell holds something that is no number
    multiplier: int = 1          # what the header's unit multiplied plain numbers by; already applied
    currency: str | None = None  # CNY, USD, ... where the cells or the header say so
    percent: bool = False        # cells carry % (12% is 0.12) or the header says %
    notes: list[Problem] = field(default_factory=list)


def half_width(text: str) -> str:
    """Write full-width digits, signs and spaces in their plain form.

    Examples
    --------
    >>> half_width("（１，２３４．５０）")
    '(1,234.50)'
    """
    return text.translate(_TO_PLAIN)


def is_empty_mark(value: Any) -> bool:
    """Say whether a cell is empty or holds a sign that people write for "nothing" in a number column."""
    return value is None or (isinstance(value, str) and (not (bare := value.strip()) or bare in EMPTY_MARKS))


def read_plain_number(text: str) -> int | Decimal | None:
    """Read a number as a program writes it (digits, point, exponent); None for anything else."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() and abs(number) < 10 ** 15 else number


def _strip(text: str) -> tuple[str, bool, int | None, bool]:
    """Take sign, currency and unit off a text: bare digits, negative, power of ten (None = none), percent."""
    spaceless = _SPACE.sub("", half_width(text))
    bare = _CURRENCY.sub("", spaceless).lstrip("'")
    with_currency = bare != spaceless
    percent = bare.endswith("%")
    bare = bare.removesuffix("%")
    negative = len(bare) > 2 and bare[0] == "(" and bare[-1] == ")"
    if negative:
        bare = bare[1:-1]
        percent = percent or bare.endswith("%")
        bare = bare.removesuffix("%")
    if bare[:1] in ("+", "-"):
        negative, bare = negative or bare[0] == "-", bare[1:]
    elif bare[-1:] == "-":
        negative, bare = True, bare[:-1]
    power: int | None = None
    parts = _SCALE.split(bare)
    if len(parts) == 3 and parts[0] and not parts[2] and (with_currency or parts[1] not in ("m", "b")):
        bare, power = parts[0], _SCALE_WORDS[parts[1].lower()]
    return bare, negative, power, percent


def _is_bare(text: str) -> bool:
    """Nothing to take off: digits with a point, as nearly all cells of a long column are."""
    return text.isascii() and text.replace(".", "", 1).isdigit()


def parse_number(text: str, comma_decimal: bool = False) -> tuple[Decimal | None, bool, bool]:
    """Read one written number.

    Parameters
    ----------
    text : str
        The cell as written.
    comma_decimal : bool
        True where the column is known to write 1.234,56.

    Returns
    -------
    number : Decimal or None
        None where the text is no number.
    scaled : bool
        True where the cell names its own unit (12.5万), so that a unit in the header does not apply.
    percent : bool
        True where it carries %; the number is then the fraction.

    Examples
    --------
    >>> parse_number("¥12.5万")[0], parse_number("(1,234.50)")[0], parse_number("8%")[0]
    (Decimal('125000'), Decimal('-1234.50'), Decimal('0.08'))
    """
    if _PLAIN.fullmatch(text) and not (comma_decimal and "." in text):
        return Decimal(text), False, False
    bare, negative, power, percent = _strip(text)
    number = _read_digits(bare, comma_decimal)
    if number is None and not comma_decimal:
        number = _read_compound(bare)
        if number is not None:
            power = 0
    if number is None:
        return None, False, False
    if power:
        number = _shift(number, power)
    if percent:
        number = _shift(number, -2)
    return (number.copy_negate() if negative else number), power is not None, percent


def _shift(number: Decimal, power: int) -> Decimal:
    """Move the decimal point, exactly, and write whole numbers without an exponent."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    moved = exponent + power
    if 0 < moved <= 30:
        digits, moved = digits + (0,) * moved, 0
    return Decimal((sign, digits, moved))


def _read_digits(bare: str, comma_decimal: bool) -> Decimal | None:
    if not any(letter in "0123456789" for letter in bare) or not bare.isascii():
        return None
    if comma_decimal:
        if not _COMMA.fullmatch(bare):
            return None
        bare = bare.replace(".", "").replace("'", "").replace(",", ".")
    else:
        if not _POINT.fullmatch(bare):
            return None
        bare = bare.replace(",", "").replace("'", "")
    try:
        return _shift(Decimal(bare), 0)
    except InvalidOperation:
        return None


def _read_compound(bare: str) -> Decimal | None:
    """Read 1亿2000万 or 3万5千: each part names its unit; a last bare part fills all digits (3万5000)."""
    parts = re.findall(r"([\d,.]+)(千万|百万|万|亿|千|$)", bare)
    if len(parts) < 2 or "".join(digits + unit for digits, unit in parts) != bare:
        return None
    total, before = Decimal(0), 99
    for digits, unit in parts:
        number, power = _read_digits(digits, False), _SCALE_WORDS.get(unit, 0)
        if number is None or power >= before or (not unit and len(digits) != before):
            return None
        total, before = total + _shift(number, power), power
    return total


def parse_numbers(column: pd.Series, header: str = "", unit: str | None = None) -> ParsedNumbers:
    """Read a column of numbers, however they are written, and name every cell that is none.

    Parameters
    ----------
    column : Series of object
        Cells as read: text, numbers, None.
    header : str
        The column's name; a unit in it (金额(万元), Amount ($K)) multiplies plain numbers.
    unit : str, optional
        A unit stated elsewhere, such as ``Sheet.unit``; used where the header names none.

    Returns
    -------
    ParsedNumbers
        ``values`` in whole units: the header's unit **is already applied**. A cell with a unit of its own
        (12.5万) is not multiplied a second time. Empty cells, "-", "—" and "/" are None and not bad.

    Examples
    --------
    >>> parsed = parse_numbers(pd.Series(["1,234.5", "12.5万", None, "tbd"], dtype=object), "金额(元)")
    >>> parsed.values.tolist(), parsed.bad.tolist()
    ([Decimal('1234.5'), Decimal('125000'), None, None], [False, False, False, True])
    """
    stated = header_unit(header)
    if stated.power is None and unit is not None:
        stated = header_unit(f"({unit})", stated)
    power = stated.power or 0
    texts = {cell for cell in column.array if isinstance(cell, str)}
    notes: list[Problem] = []
    comma_decimal = _tell_comma_decimal(texts, column, header, notes)
    blank = {text for text in texts if is_empty_mark(text)}
    read: dict[str, tuple[Decimal | None, bool, bool]] = dict.fromkeys(blank, (None, False, False))
    read.update({text: parse_number(text, comma_decimal) for text in texts - blank})
    values: list[Decimal | None] = []
    bad: list[bool] = []
    for cell in column.array:
        number, own_unit, percent, wrong = None, False, False, False
        if isinstance(cell, str):
            number, own_unit, percent = read[cell]
            wrong = number is None and cell not in blank
        else:
            number, wrong = _read_number_cell(cell)
        if number is not None and power and not own_unit and not percent:
            number = _shift(number, power)
        values.append(number)
        bad.append(wrong)
    counts = Counter(cell for cell in column.array if isinstance(cell, str))
    _note_texts(counts, read, power, header, notes)
    currency = _tell_currency(counts, header, unit, notes)
    index = column.index
    return ParsedNumbers(pd.Series(values, index=index, dtype=object, name=column.name),
                         pd.Series(bad, index=index, dtype=bool, name=column.name), 10 ** power, currency,
                         stated.percent or any(percent for _, _, percent in read.values()), notes)


def _read_number_cell(cell: Any) -> tuple[Decimal | None, bool]:
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None, False
    if isinstance(cell, Decimal):
        return (None, not cell.is_nan()) if not cell.is_finite() else (cell, False)
    if isinstance(cell, bool) or not isinstance(cell, Real):
        return None, True
    if isinstance(cell, Integral):
        return Decimal(int(cell)), False
    number = Decimal(repr(float(cell)))  # the shortest text that gives the same float
    if not number.is_finite():
        return None, not number.is_nan()
    return (Decimal(int(number)) if number == number.to_integral_value() and abs(number) < 10 ** 20
            else number), False


def _tell_comma_decimal(texts: set[str], column: pd.Series, header: str, notes: list[Problem]) -> bool:
    """Read 1.234,56 the European way only where the column proves it and nothing in it speaks against it."""
    bare = {text if _is_bare(text) else _strip(text)[0] for text in texts
            if "," in text or "." in text or "，" in text or "．" in text}
    commas = sorted(text for text in bare if _PROVES_COMMA.fullmatch(text))
    points = sorted(text for text in bare if _PROVES_POINT.fullmatch(text))
    if commas and points:
        notes.append(Problem("sources.mixed_decimal_signs", level="doubt", column=header, found=commas[0],
                             other=points[0], count=len(commas)))
        return False
    if commas:
        # one slip such as 12,34 must not turn every 1,234 into a fraction
        either = sorted(text for text in bare if _EITHER_COMMA.fullmatch(text))
        if not either or any("." in text for text in commas) or len(commas) >= 3 * len(either):
            return True
        notes.append(Problem("sources.mixed_decimal_signs", level="doubt", column=header, found=commas[0],
                             other=either[0], count=len(commas)))
        return False
    three = sorted(text for text in bare if _THREE_AFTER_POINT.fullmatch(text))
    if len(three) >= 3 and not points and not any("," in text for text in bare):
        notes.append(Problem("sources.thousands_or_decimals", level="doubt", column=header, found=three[0],
                             count=len(three)))
    return False


def _note_texts(counts: Counter[str], read: dict[str, tuple[Decimal | None, bool, bool]], power: int,
                header: str, notes: list[Problem]) -> None:
    errors = {text: counts[text] for text in counts if text.strip().upper() in ERROR_VALUES}
    if errors:
        notes.append(Problem("sources.error_values", level="doubt", column=header, count=sum(errors.values()),
                             found=", ".join(sorted(errors))))
    own = [text for text, (number, scaled, _) in read.items() if scaled and number is not None]
    if own and power:
        notes.append(Problem("sources.own_unit", level="doubt", column=header, found=sorted(own)[0],
                             count=sum(counts[text] for text in own)))


def _tell_currency(counts: Counter[str], header: str, unit: str | None, notes: list[Problem]) -> str | None:
    seen: Counter[str] = Counter()
    for text, count in counts.items():
        code = None if _is_bare(text) else find_currency(text)
        if code is not None and any(letter.isdigit() for letter in text):
            seen[code] += count
    if len(seen) > 1:
        notes.append(Problem("sources.mixed_currencies", level="doubt", column=header,
                             count=sum(seen.values()),
                             found=", ".join(f"{code} {count:,}" for code, count in seen.most_common())))
    if seen:
        return seen.most_common(1)[0][0]
    return find_currency(header) or (find_currency(unit) if unit else None)
