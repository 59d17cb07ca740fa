"""Figures as people read them: short money, exact money, shares, chances, months, in the language in use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesgoals.words import all_words, language, say

#: what stands where there is no figure
NOTHING = "–"
_MINUS = "−"
_SCALES = {"zh": ((1e8, "yi"), (1e4, "wan"), (1.0, "one")),
           "en": ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, "one"))}


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or math.isinf(value)


def _digits(value: float) -> str:
    """Three digits that matter; whole numbers are never shortened below the unit."""
    for decimals, bound in ((2, 10), (1, 100)):
        if round(value, decimals) < bound:
            return f"{value:,.{decimals}f}"
    return f"{value:,.0f}"


def _scale(value: float) -> tuple[float, str]:
    """Find the largest scale in which the rounded value is at least one."""
    steps = _SCALES[language()]
    for divisor, name in steps:
        if name == "one" or value / divisor >= 0.9995:
            return divisor, name
    raise AssertionError("the last scale fits every value")


def _currency(code: str, kind: str) -> str:
    if not code:
        return ""
    key = f"number.currency.{kind}.{code}"
    return say(key if key in all_words() else f"number.currency.{kind}.other", code=code)


def format_money(value: float | None, currency: str = "", like: float | None = None) -> str:
    """Write an amount short, as one would say it in a meeting: 1,234 万 or 12.3M.

    Parameters
    ----------
    value : float
        Currency units; a missing value gives a dash.
    currency : str, optional
        Currency code to name beside it, such as CNY.
    like : float, optional
        Another amount of the same sentence: both are then written in the unit of that one.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("zh"):
    ...     format_money(12_340_000), format_money(123_000_000, "CNY"), format_money(830)
    ('1,234 万', '1.23 亿元', '830')
    >>> with in_language("zh"):
    ...     format_money(91_400_000, like=123_000_000)
    '0.91 亿'
    >>> with in_language("en"):
    ...     format_money(12_340_000), format_money(-1_234_000, "USD"), format_money(9_800, "CNY")
    ('12.3M', '−$1.23M', 'CNY 9,800')
    """
    if _missing(value):
        return NOTHING
    assert value is not None
    size = abs(float(value))
    divisor, name = _scale(size if _missing(like) else abs(float(like or 0)))
    if name == "one" or (name == "thousand" and size < 9_999.5):  # 9,800 is as short as 9.80k
        divisor, name = 1.0, "one"
    digits = f"{size:,.0f}" if name == "one" else _digits(size / divisor)
    sign = _MINUS if value < 0 and digits.strip("0.,") else ""
    scale = "" if name == "one" else say(f"number.scale.{name}")
    text = say("number.money", sign=sign, digits=digits, scale=scale, currency=_currency(currency, "short"))
    return text.strip()


def format_exact(value: float | None, currency: str = "") -> str:
    """Write an amount to the last unit, with thousands: for goals, where exactness matters.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     format_exact(12_345_600), format_exact(-0.5), format_exact(None)
    ('12,345,600', '−0.50', '–')
    """
    if _missing(value):
        return NOTHING
    assert value is not None
    whole = float(value).is_integer()
    digits = f"{abs(value):,.0f}" if whole else f"{abs(float(value)):,.2f}"
    sign = _MINUS if value < 0 and digits.strip("0.,") else ""
    return say("number.money", sign=sign, digits=digits, scale="",
               currency=_currency(currency, "short")).strip()


def format_share(share: float | None, decimals: int = 0) -> str:
    """Write a share of one as a percentage.

    Examples
    --------
    >>> format_share(0.314), format_share(0.8406, 1)
    ('31%', '84.1%')
    """
    if _missing(share):
        return NOTHING
    return f"{share:.{decimals}%}".replace("-", _MINUS)


def format_growth(share: float | None, decimals: int = 0) -> str:
    """Write a change with its sign; a change beyond tenfold is only said to be beyond it.

    Examples
    --------
    >>> format_growth(0.123), format_growth(-0.031), format_growth(0.001), format_growth(40.0)
    ('+12%', '−3%', '±0%', '>+999%')
    """
    if _missing(share):
        return NOTHING
    assert share is not None
    if share >= 9.995:
        return ">+999%"
    text = f"{abs(share):.{decimals}%}"
    if not text.strip("0.%"):
        return f"±{text}"
    return ("+" if share > 0 else _MINUS) + text


def format_chance(chance: float | None) -> str:
    """Write a probability without pretending to know it to the last percent.

    Examples
    --------
    >>> format_chance(0.312), format_chance(0.004), format_chance(0.997), format_chance(float("nan"))
    ('31%', '<1%', '>99%', '–')
    """
    if _missing(chance):
        return NOTHING
    assert chance is not None
    if chance < 0.01:
        return "<1%"
    if chance > 0.99:
        return ">99%"
    return f"{chance:.0%}"


def say_points(points: float) -> str:
    """Write points of pay: one decimal where it matters.

    Examples
    --------
    >>> say_points(5.04), say_points(118.26), say_points(-0.3)
    ('5.0', '118', '−0.3')
    """
    text = f"{abs(points):,.1f}" if abs(points) < 99.95 else f"{abs(points):,.0f}"
    return (_MINUS if points < 0 and text.strip("0.,") else "") + text


def format_month(month: pd.Timestamp) -> str:
    """Write a month as tables and files do.

    Examples
    --------
    >>> format_month(pd.Timestamp("2026-03-01"))
    '2026-03'
    """
    return f"{month:%Y-%m}"


def name_month(month: pd.Timestamp, year: bool = True) -> str:
    """Name a month as in a sentence.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("zh"):
    ...     name_month(pd.Timestamp("2026-03-01")), name_month(pd.Timestamp("2026-03-01"), year=False)
    ('2026年3月', '3月')
    >>> with in_language("en"):
    ...     name_month(pd.Timestamp("2026-03-01"))
    'Mar 2026'
    """
    name = say("number.months").split()[month.month - 1]
    return say("number.month_of_year", month=name, year=month.year) if year else name


def name_span(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Name the months from one to another.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     name_span(pd.Timestamp("2026-01-01"), pd.Timestamp("2026-12-01"))
    'Jan–Dec 2026'
    """
    if (first.year, first.month) == (last.year, last.month):
        return name_month(first)
    if first.year == last.year:
        months = f"{name_month(first, year=False)}–{name_month(last, year=False)}"
        return say("number.month_of_year", month=months, year=first.year)
    return f"{name_month(first)}{say('number.to')}{name_month(last)}"


@dataclass(frozen=True)
class AxisUnit:
    """The unit of a chart's money axis: what to divide by and what to write beside it."""

    divisor: float
    title: str


def choose_axis_unit(largest: float, currency: str = "") -> AxisUnit:
    """Choose the unit of a money axis so that its labels stay short: 万元 in Chinese, million in English.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("zh"):
    ...     choose_axis_unit(3_000_000, "CNY")
    AxisUnit(divisor=10000.0, title='万元')
    >>> with in_language("en"):
    ...     choose_axis_unit(3_000_000, "CNY").title
    'million CNY'
    """
    size = 0.0 if _missing(largest) else abs(largest)
    divisor, name = 1.0, "one"
    for step, word in _SCALES[language()]:
        if size >= 2 * step:  # below two of the larger unit its labels would all be fractions
            divisor, name = step, word
            break
    scale = "" if name == "one" else say(f"number.long_scale.{name}")
    title = say("number.axis", scale=scale, currency=_currency(currency, "name")).strip()
    return AxisUnit(divisor, title or say("number.plain_unit"))


def round_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Choose round values for an axis, none beyond the data.

    Examples
    --------
    >>> round_ticks(0, 870)
    [0.0, 200.0, 400.0, 600.0, 800.0]
    """
    span = high - low
    if not span > 0:
        return [low]
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((factor * power for factor in (1, 2, 5, 10)), key=lambda size: abs(span / size - count))
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) + 0.0 for number in range(first, math.floor(high / step + 1e-9) + 1)]
