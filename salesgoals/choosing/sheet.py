"""Score sheets that people fill in (Excel or CSV): found, read, checked, all mistakes named at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.finder import is_blank
from salesgoals.choosing.article import ScoreSheet
from salesgoals.choosing.cost import COST_COLUMNS
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.inside import look_inside
from salesgoals.sources.kinds import tell_kind
from salesgoals.sources.numbers import half_width
from salesgoals.sources.sheet import Grid
from salesgoals.sources.text import read_text
from salesgoals.sources.values import parse_flags
from salesgoals.sources.workbook import read_workbook
from salesgoals.words import all_words

WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
HEADS = ("criterion", "weight", "meaning")


@dataclass
class _Found:
    """What has been read so far."""

    scores: list[tuple[str, str, str, float]] = field(default_factory=list)
    met: list[tuple[str, str, bool | None]] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    costs: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: int = 0


def read_score_sheet(path: Path, scale: tuple[float, float]) -> ScoreSheet:
    """Read a filled-in sheet; see :func:`salesgoals.tools.read_scores`."""
    found = _Found()
    grids, empty = _grids(path, found)
    for grid in grids:
        holes = empty.get(grid.sheet or "", set())
        if (at := _header(grid, ("criterion", "weight"))) is not None:
            found.sheets += 1
            _read_scores(grid, *at, holes, scale, found)
        elif (at := _header(grid, ("tool", "seats", "price"))) is not None:
            _read_costs(grid, *at, holes, found)
    if not found.sheets and not found.problems:
        found.problems.append(Problem("tools.no_score_sheet", file=path.name))
    if not found.problems and not any(score == score for *_, score in found.scores):
        found.problems.append(Problem("tools.nothing_scored", file=path.name))
    if found.problems:
        raise SalesgoalsError(found.problems)
    met = pd.DataFrame(found.met, columns=["tool", "requirement", "met"]).astype({"met": object})
    return ScoreSheet(pd.DataFrame(found.scores, columns=["tool", "criterion", "rater", "score"]),
                      found.weights, met, pd.DataFrame(found.costs, columns=COST_COLUMNS))


def _grids(path: Path, found: _Found) -> tuple[list[Grid], dict[str, set[tuple[int, int]]]]:
    """Read the sheets of a file, and which of their cells hold a formula without a result."""
    try:
        data = path.read_bytes()
    except OSError as error:
        found.problems.append(Problem("sources.cannot_open", file=path.name,
                                      reason=error.strerror or str(error)))
        return [], {}
    kind = tell_kind(data)
    if kind in WORKBOOKS:
        grids, problems = read_workbook(data, kind, path.name)
        found.problems += [problem for problem in problems if problem.level == "stop"]
        return grids, {name: set(part.uncalculated) for name, part in look_inside(data, kind).items()}
    if kind == "text":
        return [read_text(data, path.name)], {}
    found.problems.append(Problem("tools.no_score_sheet", file=path.name))
    return [], {}


def _plain(value: Any) -> str:
    text = "" if value is None else half_width(str(value))
    return "".join(text.split("(")[0].lower().split())


def _labels(names: tuple[str, ...]) -> dict[str, str]:
    return {_plain(text): name for name in names for text in all_words()[f"tools.head_{name}"].values()}


def _header(grid: Grid, wanted: tuple[str, ...]) -> tuple[int, dict[str, int]] | None:
    """Find the first row that holds all of these heads; return it and where each head stands."""
    known = _labels((*HEADS, *COST_COLUMNS))
    for at, row in enumerate(grid.rows):
        places = {known[text]: place for place, cell in reversed(list(enumerate(row)))
                  if (text := _plain(cell)) in known}
        if set(wanted) <= set(places):
            return at, places
    return None


def _read_scores(grid: Grid, at: int, places: dict[str, int], holes: set[tuple[int, int]],
                 scale: tuple[float, float], found: _Found) -> None:
    where: dict[str, Any] = {"file": grid.file, "sheet": grid.sheet}
    own = {places[name] for name in HEADS if name in places}
    tools = {place: " ".join(str(cell).split()) for place, cell in enumerate(grid.rows[at])
             if place not in own and not is_blank(cell)}
    named = list(tools.values())
    found.problems += [Problem("tools.tool_twice", **where, row=at + 1, found=name)
                       for name in dict.fromkeys(named) if named.count(name) > 1]
    if not tools:
        found.problems.append(Problem("tools.no_tools", **where, row=at + 1))
        return
    first, seen = found.sheets == 1, set[str]()
    musts, flags, width = _must_words(), len(found.met), max([*tools, *places.values()]) + 1
    for row, cells in enumerate(grid.rows[at + 1:], at + 1):
        line = {"row": row + 1, **where}
        values = [cells[place] if place < len(cells) else None for place in range(width)]
        criterion, weight = values[places["criterion"]], values[places["weight"]]
        filled = [place for place in tools if not is_blank(values[place]) or (row, place) in holes]
        if is_blank(criterion):
            if filled:
                found.problems.append(Problem("tools.no_criterion", **line, found=values[filled[0]]))
            continue
        name = " ".join(str(criterion).split())
        if name in seen:
            found.problems.append(Problem("tools.criterion_twice", **line, found=name))
            continue
        if is_blank(weight) and not filled and len([cell for cell in cells if not is_blank(cell)]) == 1:
            continue    # a heading or a remark, not a criterion
        seen.add(name)
        broken = [place for place in filled if (row, place) in holes and is_blank(values[place])]
        found.problems += [Problem("tools.formula", **line, column=tools[place]) for place in broken]
        if _plain(weight) in musts and name not in found.weights:
            _read_flags(values, tools, name, line, found)
        else:
            _take_weight(weight, name, first, line, found)
            rater = grid.sheet or ""
            for place, tool in tools.items():
                score = _score(values[place], scale, {**line, "column": tool}, found)
                found.scores.append((tool, name, rater, score))
    if not seen and len(found.met) == flags:
        found.problems.append(Problem("tools.no_criteria", **where))


def _must_words() -> set[str]:
    return {_plain(word) for text in all_words()["tools.must_words"].values() for word in text.split("|")}


def _take_weight(weight: Any, name: str, first: bool, line: dict[str, Any], found: _Found) -> None:
    """Keep the weight of the first sheet; further sheets (other raters) may leave it empty or repeat it."""
    if is_blank(weight):
        if name not in found.weights:
            found.problems.append(Problem("tools.no_weight", **line, criterion=name))
        return
    value = _number(weight)
    if value is None or value < 0:
        found.problems.append(Problem("tools.weight", **line, criterion=name, found=weight))
    elif name not in found.weights and (first or not found.weights):
        found.weights[name] = value
    elif found.weights.get(name) != value:
        found.problems.append(Problem("tools.other_weight", **line, criterion=name, found=weight,
                                      first=found.weights.get(name)))


def _number(value: Any) -> float | None:
    text = half_width(str(value)).strip().rstrip("%").strip()
    try:
        number = float(text)
    except ValueError:
        return None
    # a cell shown as 25% holds 0.25, and all weights are then shares: only their proportions matter
    return number if np.isfinite(number) and not isinstance(value, bool) else None


def _score(value: Any, scale: tuple[float, float], line: dict[str, Any], found: _Found) -> float:
    if is_blank(value) or _plain(value) in ("?", "-", "–", "—"):
        return float("nan")
    number = _number(value)
    if number is None or not scale[0] <= number <= scale[1] or str(value).strip().endswith("%"):
        found.problems.append(Problem("tools.score_cell", **line, found=value, low=scale[0], high=scale[1]))
        return float("nan")
    return number


def _read_flags(values: list[Any], tools: dict[int, str], name: str, line: dict[str, Any],
                found: _Found) -> None:
    for place, tool in tools.items():
        unsure = is_blank(values[place]) or _plain(values[place]) == "?"
        parsed = parse_flags(pd.Series([None if unsure else values[place]], dtype=object))
        if parsed.bad.iloc[0]:
            found.problems.append(Problem("tools.flag_cell", **line, column=tool, found=values[place]))
        met = parsed.values.iloc[0]
        before = next((known for at, known in enumerate(found.met) if known[:2] == (tool, name)), None)
        if before is None:
            found.met.append((tool, name, met))
        elif before[2] is None:
            found.met[found.met.index(before)] = (tool, name, met)
        elif met is not None and met != before[2]:
            found.problems.append(Problem("tools.met_and_not", **line, tool=tool, requirement=name))


def _read_costs(grid: Grid, at: int, places: dict[str, int], holes: set[tuple[int, int]],
                found: _Found) -> None:
    for row, cells in enumerate(grid.rows[at + 1:], at + 1):
        values = {name: cells[place] if place < len(cells) else None
                  for name, place in places.items() if name in COST_COLUMNS}
        if all(is_blank(value) for value in values.values()):
            continue
        line: dict[str, Any] = {"file": grid.file, "sheet": grid.sheet, "row": row + 1}
        if is_blank(values["tool"]):
            found.problems.append(Problem("tools.no_tool_name", **line))
            continue
        numbers: dict[str, Any] = {"tool": " ".join(str(values.pop("tool")).split())}
        for name, value in values.items():
            number = None if is_blank(value) else _number(str(value).replace(",", ""))
            if (number is None and not is_blank(value)) or (number or 0) < 0 or (row, places[name]) in holes:
                found.problems.append(Problem("tools.cost", **line, tool=numbers["tool"], name=name,
                                              found=value))
            numbers[name] = float("nan") if number is None else number
        found.costs.append(numbers)
