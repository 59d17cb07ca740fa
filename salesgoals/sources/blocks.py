"""Blocks whose first line alone says what the whole block is: merged cells that a CSV has lost."""

from __future__ import annotations

import re

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.facts import look_at
from salesgoals.sources.sheet import Grid

#: headers of numbers that name something, and so may be repeated as texts are
NAMES_SOMETHING = re.compile(r"号|编码|编号|代码|\bid\b|_id\b|\bno\b|number\b|code\b", re.IGNORECASE)
MOST_FILLED = 0.7  # a column filled more often than this has gaps, no blocks


def fill_blocks(grid: Grid, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Carry the leading texts of each block down to its lines, and raise a doubt about it.

    A block is told by the first column: filled on the first line, each text once, at least two of them.
    The columns beside it follow as long as they are filled where it is. A number of an order alone proves
    no block (a line without one may be an order without one), figures are never repeated.
    """
    chosen: list[str] = []
    for column in cells.columns:
        filled = cells[column].notna()
        facts = look_at(cells[column])
        if not filled.any() or filled.mean() > MOST_FILLED or (
                facts.number > 0.5 and not NAMES_SOMETHING.search(column)):
            break
        if not chosen:
            heads = filled
            if not filled.iloc[0] or facts.distinct < 1 or facts.values < 2:
                break
        elif not filled[heads].all():
            break
        chosen.append(column)
    if not chosen or (len(chosen) == 1 and look_at(cells[chosen[0]]).code >= 0.8):
        return cells, []
    below = cells[cells[chosen[0]].isna()]
    if (below.drop(columns=chosen).notna().sum(axis=1) < 2).any():
        return cells, []  # a line with a single cell is no record of a block
    result = cells.copy()
    result[chosen] = cells[chosen].ffill().astype(object)
    return result, [Problem("sources.blocks_filled", level="doubt", file=grid.file, sheet=grid.sheet,
                            column=", ".join(chosen), count=len(below))]
