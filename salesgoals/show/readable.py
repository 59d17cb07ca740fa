"""Tables as a manager reads them: headers in words, money short or exact, chances as percent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.goal import chance
from salesgoals.lessons import METHODS, growth_on_last_year
from salesgoals.show.html import Part, escape
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_month,
    format_share,
)
from salesgoals.words import all_words, say

_EXACT = ("goal", "sum_of_children", "difference", "floor", "cap", "pin", "amount_in", "amount_kept",
          "amount_aside", *METHODS)
_SHORT = ("amount", "actual", "last_12", "mean", "low", "high", "total", "sd")
_SOLD = ("actual", "last_12")
WIDE, FEW = 10, 6  # more columns than this, and no more rows: turned on its side
SHORT = 20  # letters that are better kept on one line
#: where the displayed words of a column's values stand
_VALUES = {"level": ("cli.level_", "report.level_"), "table": ("lesson.table.",),
           "reason": ("lesson.reason.",), "status": ("lesson.status.",)}
_RULES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(_EXACT, format_exact), **dict.fromkeys(_SHORT, format_money),
    "growth": format_growth, "change": format_growth, "chance": format_chance,
    **dict.fromkeys(("lowest", "median", "highest"), format_chance),
    **dict.fromkeys(("attainment", "share_at_goal"), lambda value: format_share(value, 1)),
    "ramp": format_share, "row": lambda value: str(int(value)) if value is not None else NOTHING}


def readable(table: pd.DataFrame, rows: int | None = None, chances: bool = False) -> Part:
    """Show a table for people to read: headers in words, figures with thousands and percent.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table of a step.
    rows : int, optional
        Only the first so many.
    chances : bool
        Numbers under the names of the five ways to split are chances, not amounts.

    Returns
    -------
    Part
        A table in a notebook, plain lines elsewhere. A few rows with many columns are turned on their side.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     readable(pd.DataFrame({"person": ["Li", "Wu"], "goal": [1234567, 0], "chance": [0.5, None]}))
    person goal chance
    Li 1,234,567 50%
    Wu 0 –
    """
    shown = table if rows is None else table.head(rows)
    texts = [_column("goal", shown[name].round(), chances) if name in _SOLD and "goal" in shown
             else _column(name, shown[name], chances) for name in shown.columns]  # as exact as the goal
    if len(texts) > WIDE and len(shown) <= FEW:
        return _on_its_side([header(str(name)) for name in shown.columns], texts)
    sides = ["right" if _is_number(name, shown[name]) else "left" for name in shown.columns]
    head = "".join(f'<th style="text-align:{side}">{escape(header(str(name)))}</th>'
                   for name, side in zip(shown.columns, sides, strict=True))
    styles = [f"text-align:{side}" + (";white-space:nowrap" if max(map(len, column), default=0) <= SHORT
                                      else "") for side, column in zip(sides, texts, strict=True)]
    body = "".join("<tr>" + "".join(f'<td style="{style}">{escape(text)}</td>'
                                    for text, style in zip(row, styles, strict=True)) + "</tr>\n"
                   for row in zip(*texts, strict=True))
    return Part(f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>")


def _on_its_side(names: list[str], texts: list[list[str]]) -> Part:
    """Show a few records with many columns one column a line: broken words are hard to read."""
    lines = "".join(f'<tr><th style="text-align:left">{escape(name)}</th>' + "".join(
        f'<td style="text-align:left">{escape(text)}</td>' for text in values) + "</tr>\n"
        for name, values in zip(names, texts, strict=True))
    return Part(f"<table><tbody>{lines}</tbody></table>")


def say_chance(forecast: Forecast, total: float, currency: str = "") -> Part:
    """Answer a wished total: how much it is, how far from the last 12 months, how likely it is reached.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.plans.estimate`.
    total : float
        The wish, in currency units.
    currency : str
        Currency code to name beside it.
    """
    growth = growth_on_last_year(forecast, total)
    sentence = say("lesson.chance" if growth == growth else "lesson.chance_alone",
                   total=format_money(total, currency), growth=format_growth(growth),
                   chance=format_chance(chance(forecast, total)))
    return Part(f"<p><strong>{escape(sentence)}</strong></p>")


def header(name: str) -> str:
    """Return the displayed name of a column; an unknown one keeps its own."""
    return say(f"column.{name}") if f"column.{name}" in all_words() else name


def _is_number(name: Any, values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) or (
        name in _RULES and values.dropna().map(lambda value: isinstance(value, Decimal)).all())


def _column(name: Any, values: pd.Series, chances: bool) -> list[str]:
    rule = _RULES.get(str(name), _plain)
    if chances and name in METHODS:
        rule = format_chance
    elif name == "month":
        rule = _month
    elif name in ("department", "team"):
        rule = _place
    elif name in ("estimate", "method"):
        rule = _choice
    elif name in _VALUES:
        rule = partial(_named, str(name))
    elif not _is_number(name, values):
        rule = _plain
    return [rule(value) for value in values.astype(object).where(values.notna(), None)]


def _month(value: Any) -> str:
    return _plain(value) if value is None or isinstance(value, str) else format_month(value)


def _choice(value: Any) -> str:
    return header(str(value))


def _named(column: str, value: Any) -> str:
    keys = [begin + str(value) for begin in _VALUES[column] if begin + str(value) in all_words()]
    return say(keys[0]) if keys else _plain(value)


def _place(value: Any) -> str:
    return _plain(value) or NOTHING


def _plain(value: Any) -> str:
    """Write anything else as it is: dates as days, whole numbers with thousands, nothing as a dash."""
    if value is None or value is pd.NaT:
        return NOTHING
    if isinstance(value, bool):
        return say("lesson.yes" if value else "lesson.no")
    if isinstance(value, datetime):     # a Timestamp is one too
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float | Decimal):
        return format_exact(float(value))
    if isinstance(value, list | tuple):
        return " | ".join("" if item is None else str(item) for item in value)
    return str(value)
