"""Tables as a manager reads them: headers in words, money short or exact, chances as percent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd

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
          "amount_aside", "equal", "history", "potential", "capability", "equal_chance")
_SHORT = ("amount", "actual", "last_12", "mean", "low", "high", "total", "sd")
_RULES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(_EXACT, format_exact), **dict.fromkeys(_SHORT, format_money),
    "growth": format_growth, "change": format_growth, "chance": format_chance,
    **dict.fromkeys(("lowest", "median", "highest"), format_chance),
    **dict.fromkeys(("attainment", "share_at_goal"), lambda value: format_share(value, 1)),
    "ramp": format_share}


def readable(table: pd.DataFrame, rows: int | None = None, money: Callable[[Any], str] | None = None,
             chances: bool = False) -> pd.DataFrame:
    """Return a table for people to read: headers in words, figures with thousands and percent, rows counted.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table of a step.
    rows : int, optional
        Only the first so many.
    money : function, optional
        How amounts are written, for all of them alike.
    chances : bool
        Numbers under the names of the five ways to split are chances, not amounts.

    Returns
    -------
    pandas.DataFrame
        All text, counted from 1.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     readable(pd.DataFrame({"person": ["Li"], "goal": [1234567], "chance": [0.5]})).iloc[0].tolist()
    ['Li', '1,234,567', '50%']
    """
    shown = table if rows is None else table.head(rows)
    words = {name: _column(name, shown[name], money, chances) for name in shown.columns}
    result = pd.DataFrame(words, index=range(1, len(shown) + 1))
    return result.rename(columns={name: header(str(name)) for name in result.columns})


def header(name: str) -> str:
    """Return the displayed name of a column; an unknown one keeps its own."""
    return say(f"column.{name}") if f"column.{name}" in all_words() else name


def _column(name: Any, values: pd.Series, money: Callable[[Any], str] | None, chances: bool) -> list[str]:
    rule = _RULES.get(str(name), _plain)
    if chances and name in _EXACT:
        rule = format_chance
    elif money and (name in _EXACT or name in _SHORT):
        rule = money
    if name == "month":
        rule = _month
    elif name in ("estimate", "method"):
        rule = _choice
    numeric = pd.api.types.is_numeric_dtype(values)
    return [rule(value) if numeric or rule in (_month, _choice) or isinstance(value, Decimal | float | int)
            else _plain(value) for value in values.astype(object).where(values.notna(), None)]


def _month(value: Any) -> str:
    return _plain(value) if value is None or isinstance(value, str) else format_month(value)


def _choice(value: Any) -> str:
    return header(str(value))


def _plain(value: Any) -> str:
    """Write anything else as it is: dates as days, whole numbers with thousands, nothing as a dash."""
    if value is None or value is pd.NaT:
        return NOTHING
    if isinstance(value, bool):
        return say("lesson.yes" if value else "lesson.no")
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float | Decimal):
        return format_exact(value) if not isinstance(value, Decimal) else format_exact(float(value))
    if isinstance(value, list | tuple):
        return " | ".join("" if item is None else str(item) for item in value)
    return str(value)
