"""The pulse of a team: five short questions, answered without a name, and their course from week to week."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from salesgoals.problems import Problem
from salesgoals.sources.kinds import tell_kind
from salesgoals.sources.sheet import Grid
from salesgoals.sources.text import read_text
from salesgoals.sources.workbook import read_workbook
from salesgoals.words import all_words

QUESTIONS = ("belief", "clarity", "support", "fairness", "energy")
LEAST_ANSWERS = 4   # fewer would tell who said what
LOWEST, HIGHEST = 1, 5
LEAST_SPREAD = .5   # four people who agree are not certain of next week
BAND = .80
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv"}
ANSWERS = ["week", "team", "question", "answer"]
TREND = ["week", "team", "question", "n", "mean", "low", "high", "change", "clear", "held_back"]


def read_answers(files: Sequence[Path]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the answers out of forms that came back; who sent which file is not kept.

    Returns
    -------
    tuple of DataFrame and list of Problem
        Columns week (its Monday), team, question, answer (1 to 5); what could not be read is a doubt.
    """
    rows: list[tuple[Any, str, str, int]] = []
    problems: list[Problem] = []
    seen: set[tuple[Any, ...]] = set()
    for path in files:
        found = False
        for grid in _grids(path, problems):
            head = _find_header(grid)
            if head is None:
                continue
            found = True
            for at in range(head[0] + 1, len(grid.rows)):
                _read_row(grid, at, head[1], rows, problems, seen)
        if not found and not any(p.values["file"] == path.name and p.level == "stop" for p in problems):
            problems.append(Problem("meetings.not_a_pulse_form", file=path.name))
    table = pd.DataFrame(rows, columns=ANSWERS)
    order = pd.Series({name: place for place, name in enumerate(QUESTIONS)})
    table = table.astype({"week": "datetime64[us]", "team": "str", "question": "str", "answer": "int64"})
    # sorted, so that the order of the files does not tell who is who
    return table.assign(place=table.question.map(order)).sort_values(
        ["week", "team", "place", "answer"], ignore_index=True)[ANSWERS], problems


def _grids(path: Path, problems: list[Problem]) -> list[Grid]:
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem("sources.cannot_open", file=path.name, reason=error.strerror or str(error)))
        return []
    kind = tell_kind(data)
    if kind in WORKBOOKS:
        grids, found = read_workbook(data, kind, path.name)
        problems += [problem for problem in found if problem.level == "stop"]
        return grids
    return [read_text(data, path.name)] if kind == "text" else []


def _plain(value: Any) -> str:
    text = "" if value is None else unicodedata.normalize("NFKC", str(value))
    return "".join(text.split("(")[0].lower().split())


def _find_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Find the row that names at least three of the questions, in either language or by code."""
    labels = {_plain(text): name for name in ("week", "team", *QUESTIONS)
              for text in [*all_words()[f"meetings.pulse_{name}"].values(), name]}
    for at, row in enumerate(grid.rows):
        columns = {labels[text]: place for place, cell in enumerate(row) if (text := _plain(cell)) in labels}
        if len(set(columns) & set(QUESTIONS)) >= 3 and "week" in columns:
            return at, columns
    return None


def _read_row(grid: Grid, at: int, columns: dict[str, int], rows: list[tuple[Any, str, str, int]],
              problems: list[Problem], seen: set[tuple[Any, ...]]) -> None:
    row = grid.rows[at]

    def cell(name: str) -> Any:
        place = columns.get(name, len(row))
        return row[place] if place < len(row) else None

    given = {name: cell(name) for name in QUESTIONS if cell(name) not in (None, "")}
    if not given:
        return
    place: dict[str, Any] = {"level": "doubt", "file": grid.file, "sheet": grid.sheet, "row": at + 1}
    week = _read_week(cell("week"))
    if week is None:
        problems.append(Problem("meetings.pulse_no_week", **place, found=cell("week")))
        return
    team = " ".join(str(cell("team") or "").split())
    for name, value in given.items():
        answer = read_answer(value)
        if answer is None:
            problems.append(Problem("meetings.pulse_answer", **place, found=value))
        else:
            rows.append((week, team, name, answer))


def _read_week(value: Any) -> pd.Timestamp | None:
    """Read a day and go back to its Monday."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 < value < 80_000:
        day = pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(value))  # a date that lost its format
    else:
        text = value if isinstance(value, datetime) else unicodedata.normalize("NFKC", str(value or ""))
        if isinstance(text, str) and not re.match(r"\s*\d{4}\D\d{1,2}\D\d{1,2}", text):
            return None
        if isinstance(text, str):
            text = "-".join(re.findall(r"\d+", text)[:3])
        day = pd.to_datetime(text, errors="coerce")
    return None if pd.isna(day) else day.normalize() - pd.Timedelta(days=day.day_of_week)


def read_answer(value: Any) -> int | None:
    """Read one answer from 1 to 5, written as people write it; anything else is none.

    Examples
    --------
    >>> [read_answer(value) for value in (4, "４分", " 5 = yes", "五", 4.0, 4.5, 6, "?", True)]
    [4, 4, 5, 5, 4, None, None, None, None]
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() and LOWEST <= value <= HIGHEST else None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    for number, names in enumerate(zip(*(words.split() for words in
                                         all_words()["meetings.pulse_numerals"].values()), strict=True), 1):
        if text.lower() in names:
            return number
    found = re.fullmatch(r"([1-5])(?![\d.,/])\D*", text)
    return int(found.group(1)) if found else None


def follow_pulse(answers: pd.DataFrame, least: int) -> pd.DataFrame:
    """Average the answers by week, question and team, with their doubt; small groups stay hidden.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.meetings.pulse_trend` describes them.
    """
    if answers.empty:
        return pd.DataFrame(columns=TREND)
    keys = ["week", "question"]
    by_team = answers.groupby([*keys, "team"]).answer.agg(["size", "sum", _squares]).reset_index()
    by_team["shown"] = (by_team["size"] >= least) & (by_team.team != "")
    hidden = by_team[~by_team.shown].groupby(keys)["size"].sum().rename("hidden")
    whole = by_team.merge(hidden.reset_index(), on=keys, how="left").fillna({"hidden": 0})
    # a small team must not be found by taking the others off the whole
    leaks = ~whole.shown & (whole.hidden < least) & whole.groupby(keys).shown.transform("any")
    kept = whole[~leaks].groupby(keys)[["size", "sum", "_squares"]].sum().reset_index().assign(team="")
    held = whole[leaks].groupby(keys)["size"].sum().rename("held_back").reset_index()
    kept = kept.merge(held, on=keys, how="left").fillna({"held_back": 0})
    kept["shown"] = kept["size"] >= least
    named = by_team[by_team.team != ""].assign(held_back=lambda rows: rows["size"].where(~rows.shown, 0))
    table = pd.concat([kept, named], ignore_index=True).rename(columns={"size": "n"})
    table["mean"] = (table["sum"] / table.n).where(table.shown)
    spread = np.sqrt(((table["_squares"] - table.n * (table["sum"] / table.n) ** 2) / (table.n - 1).clip(
        lower=1)).clip(lower=LEAST_SPREAD ** 2))
    table["error"] = (spread / np.sqrt(table.n)).where(table.shown)
    reach = stdtrit((table.n - 1).clip(lower=1), (1 + BAND) / 2) * table.error
    table["low"], table["high"] = ((table["mean"] + side * reach).clip(LOWEST, HIGHEST) for side in (-1, 1))
    place = {name: number for number, name in enumerate(QUESTIONS)}
    table = table.assign(place=table.question.map(place)).sort_values(["team", "place", "week"],
                                                                      ignore_index=True)
    before = table.groupby(["team", "question"])[["mean", "error"]].shift()
    table["change"] = table["mean"] - before["mean"]
    table["clear"] = table.change.abs() > 2 * np.sqrt(table.error ** 2 + before.error ** 2)
    table["held_back"] = table.held_back.astype("int64")
    return table[TREND]


def _squares(answers: pd.Series) -> float:
    return float((answers.astype(float) ** 2).sum())
