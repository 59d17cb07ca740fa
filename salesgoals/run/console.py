"""What a terminal gives and takes: tables whose columns line up, JSON for programs, whole numbers."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import click
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say

WHOLE_FROM = 10_000  # amounts this large are shown without cents; files and JSON keep them


def display_width(text: str) -> int:
    """Return how many columns a text takes on a terminal; Chinese characters take two.

    Examples
    --------
    >>> display_width("目标 goal")
    9
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def pad(text: str, width: int, right: bool = False) -> str:
    """Fill a text with spaces up to a display width."""
    gap = " " * max(width - display_width(text), 0)
    return gap + text if right else text + gap


def text_table(header: Sequence[str], rows: Iterable[Sequence[Any]], indent: str = "  ") -> str:
    """Lay out rows under a header, numbers to the right.

    Examples
    --------
    >>> print(text_table(["team", "goal"], [["华东", 1200], ["North", 30]]))
      team    goal
      华东   1,200
      North     30
    """
    rows = [list(row) for row in rows]
    numbers = (int, float, Decimal)
    numeric = [bool(rows) and all(isinstance(row[i], numbers) or row[i] in ("", None) for row in rows)
               for i in range(len(header))]
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(display_width(line[i]) for line in [list(header), *cells]) for i in range(len(header))]
    lines = [indent + "  ".join(pad(line[i], widths[i], numeric[i]) for i in range(len(header))).rstrip()
             for line in [list(header), *cells]]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | Decimal):
        return "" if value != value else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def prepare_streams() -> None:
    """Let any character through to any terminal: what it cannot show becomes "?", never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def echo_json(data: Any) -> None:
    """Print data for other programs: one JSON document, Chinese as it is, blank as null."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def whole_number(name: str, text: str, least: int = 1) -> int:
    """Read a whole number given on the command line, or say what was found and what is allowed."""
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or number < least:
        raise SalesgoalsError(Problem("cli.whole_number", name=name, found=text, least=least))
    return number


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: blanks are null, dates ISO."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{key: value.isoformat() if isinstance(value, pd.Timestamp) else
             value.item() if hasattr(value, "item") else value for key, value in row.items()}
            for row in plain.to_dict("records")]


def frame_text(frame: pd.DataFrame) -> str:
    """Lay a table out for the terminal, its headers in the reader's language."""
    from salesgoals.words import all_words

    header = [say(f"column.{name}") if f"column.{name}" in all_words() else str(name)
              for name in frame.columns]
    rows = [[_shown(name, value) for name, value in zip(frame.columns, row, strict=True)]
            for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False)]
    return text_table(header, rows)


def _shown(name: str, value: Any) -> Any:
    """Write one value as people read it: shares in percent, money without fractions of no weight."""
    from salesgoals.show.numbers import format_chance, format_growth, format_share

    shares: dict[str, Callable[[float], str]] = {"chance": format_chance, "growth": format_growth,
                                                 "change": format_growth, "ramp": format_share}
    value = value.item() if hasattr(value, "item") else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("cli.yes" if value else "cli.no")
    if name in shares and isinstance(value, float):
        return shares[name](value)
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return round(value) if isinstance(value, float) and abs(value) >= WHOLE_FROM else value


def say_problems(problems: list[Problem]) -> None:
    """Print remarks, each with its level."""
    for problem in problems:
        click.echo(f"  [{say('cli.level_' + problem.level)}] {problem.text()}")
