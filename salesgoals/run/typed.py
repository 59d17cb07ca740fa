"""Wishes as people type them at the terminal: a total, limits, further metrics, a retrospective."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError


def read_total(text: str, last_12: Callable[[], float]) -> float:
    """Read a wished total: a number, 1.2亿, 8000万, "2x" (twice the last 12 months) or "+10%".

    Of a plan shorter than a year, the last 12 months are the same months of these.

    Examples
    --------
    >>> [read_total(text, lambda: 500.0) for text in ("1.2亿", "2x", "+10%")]
    [120000000.0, 1000.0, 550.0]
    """
    from salesgoals.sources.values import parse_numbers

    words = text.strip().replace("×", "x").lower()
    times, grows = words.endswith("x"), words.startswith(("+", "-")) and words.endswith("%")
    parsed = parse_numbers(pd.Series([words.removesuffix("x") if times else words], dtype=object), "")
    value = parsed.values.iloc[0]
    if value is None or bool(parsed.bad.iloc[0]) or (words.endswith("%") and not grows):
        raise SalesgoalsError(Problem("cli.total", found=text))
    if grows:
        return round(last_12() * (1 + float(value)), 0)
    return round(last_12() * float(value), 0) if times else float(value)


def retro_of(typed: str) -> str | None:
    """Read which retrospective to start from: "last", the name of its period, or "none"."""
    return None if typed.strip().lower() == "none" else typed.strip()


def metrics_of(typed: tuple[str, ...]) -> dict[str, str] | None:
    """Read goals of further metrics: NAME=N, NAME=+5%, or the name alone."""
    pairs = [pair.partition("=") for pair in typed]
    return {name.strip(): value.strip() for name, _, value in pairs} or None


def limits_of(file: str | None, typed: dict[str, tuple[str, ...]]) -> pd.DataFrame | None:
    """Put the limits of a file and those typed on the command line into one table."""
    from salesgoals.allocation.limits import name_columns, parse_limit
    from salesgoals.sources.read import read_file

    tables: list[pd.DataFrame] = []
    problems: list[Problem] = []
    if file is not None:
        reading = read_file(Path(file))
        if not reading.sheets:
            raise SalesgoalsError(reading.problems)
        table, problems = name_columns(reading.sheets[0].cells.assign(row=reading.sheets[0].rows))
        tables.append(table)
    rows = []
    for kind, texts in typed.items():
        for text in texts:
            try:
                rows.append(parse_limit(text, kind))
            except SalesgoalsError as error:
                problems += error.problems
    if problems:
        raise SalesgoalsError(problems)
    if rows:
        tables.append(pd.DataFrame(rows))
    return pd.concat(tables, ignore_index=True) if tables else None
