"""What is wrong, where, and what to do: one kind of message for files, settings, plans and exercises."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from salesgoals.words import say

LEVELS = ("stop", "doubt", "note")
_PLACE = ("file", "sheet", "row", "column")
ISSUE_COLUMNS = ["level", "code", *_PLACE, "found", "count", "amount", "message"]


class Problem:
    """One finding: its code, how grave it is, its place and what was found.

    Parameters
    ----------
    code : str
        The key of its text in ``salesgoals/words``.
    level : str
        ``"stop"`` (cannot go on, or a row could not be kept), ``"doubt"`` (kept, but a person should
        decide) or ``"note"`` (only to know).
    file, sheet, row, column, found : optional
        The place, as the reader would look for it (rows counted as the spreadsheet counts them).
    count, amount : optional
        How many rows, and how much money, it concerns.
    **params
        Everything else that its text needs.
    """

    def __init__(self, code: str, *, level: str = "stop", file: str | None = None, sheet: str | None = None,
                 row: int | None = None, column: str | None = None, found: Any = None,
                 count: int | None = None, amount: Any = None, **params: Any) -> None:
        if level not in LEVELS:
            raise ValueError(f"level {level!r} is none of {LEVELS}")
        self.code, self.level = code, level
        self.values: dict[str, Any] = {"file": file, "sheet": sheet, "row": row, "column": column,
                                       "found": found, "count": count, "amount": amount, **params}

    def text(self) -> str:
        """Say it in the language in use, place first."""
        place = [say(f"problem.{name}", value=self.values[name])
                 for name in _PLACE if self.values.get(name) not in (None, "")]
        sentence = say(self.code, **self.values)
        return f"{say('problem.comma').join(place)}{say('problem.colon')}{sentence}" if place else sentence

    def __repr__(self) -> str:
        known = ", ".join(f"{k}={v!r}" for k, v in self.values.items() if v is not None)
        return f"Problem({self.code!r}, level={self.level!r}{', ' + known if known else ''})"

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, Problem)
                and (self.code, self.level, self.values) == (other.code, other.level, other.values))

    __hash__ = None  # type: ignore[assignment]


class SalesgoalsError(ValueError):
    """Work stopped; carries every problem found, and says them all in the reader's language."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__()

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0].text()
        lines = [f"  {number}. {problem.text()}" for number, problem in enumerate(self.problems, 1)]
        return "\n".join([say("problem.several", n=len(lines)), *lines])

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook: a reader has no use for the lines of code it passed."""
        return [str(self)]


def keep_problems(problems: Iterable[Problem]) -> str:
    """Write problems down as JSON, without words, so that any language can be read from it later.

    Examples
    --------
    >>> kept_problems(keep_problems([Problem("problem.example", level="note", row=3)]))
    [Problem('problem.example', level='note', row=3)]
    """
    plain = [[problem.code, problem.level, problem.values] for problem in problems]
    return json.dumps(plain, ensure_ascii=False, default=_plain)


def kept_problems(text: str) -> list[Problem]:
    """Read problems that :func:`keep_problems` wrote."""
    return [Problem(code, level=level, **values) for code, level, values in json.loads(text)]


def _plain(value: Any) -> Any:
    """Numbers of numpy and decimals as numbers, everything else as its text."""
    if hasattr(value, "item"):
        return value.item()
    return float(value) if isinstance(value, Decimal) else str(value)


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Stop with all problems of level ``stop`` at once, if there are any."""
    stops = [problem for problem in problems if problem.level == "stop"]
    if stops:
        raise SalesgoalsError(stops)


def issue_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """List problems as a table that can be filtered and mailed, one line each.

    Returns
    -------
    pandas.DataFrame
        Columns level, code, file, sheet, row, column, found, count, amount, message (the last in the
        language in use).

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     issue_table([Problem("problem.example", level="note", file="a.csv", row=7)]).message[0]
    'file a.csv, row 7: an example'
    """
    rows = []
    for problem in problems:
        value = problem.values
        found = None if value["found"] is None else str(value["found"])
        amount = None if value["amount"] is None else float(value["amount"])
        rows.append([problem.level, problem.code, *(value[name] for name in _PLACE), found, value["count"],
                     amount, problem.text()])
    table = pd.DataFrame(rows, columns=ISSUE_COLUMNS)
    whole = {"row": "Int64", "count": "Int64", "amount": "float64"}
    words = dict.fromkeys(["level", "code", "file", "sheet", "column", "found", "message"], "str")
    return table.astype({**whole, **words})
