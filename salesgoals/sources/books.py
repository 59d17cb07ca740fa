"""The books of collect: what came in, what was kept, what was set aside; they agree to the last cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.convert import COUNTED
from salesgoals.sources.parts import FOURTH, Part
from salesgoals.tables import total
from salesgoals.words import say

TOTAL_COLUMNS = ["file", "sheet", "table", "column", "rows_in", "amount_in", "rows_kept", "amount_kept",
                 "rows_aside", "amount_aside", "agree"]
FILE_COLUMNS = ["file", "sheet", "table", "rows_read", "rows_kept", "rows_aside", "status"]
_SUMMED = {"orders": "amount", "opportunities": "amount", "goals": "goal", "accounts": "potential"}


def make_totals(
    parts: Sequence[Part],
    tables: Mapping[str, pd.DataFrame],
    origins: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Compare, for each sheet, the sum of its cells with the sums of the table and of what was set aside.

    Parameters
    ----------
    parts : sequence of Part
        Every sheet that is a table.
    tables, origins : mapping
        The canonical tables, and the part each of their rows came from.

    Returns
    -------
    pandas.DataFrame
        Columns file, sheet, table, column, rows_in, amount_in, rows_kept, amount_kept, rows_aside,
        amount_aside, agree; amounts are Decimals in whole currency units, 0 where a table holds no money.

    Raises
    ------
    SalesgoalsError
        If any sum does not agree: an error of this program, never to be passed over.
    """
    rows = []
    for part in parts:
        number = sum(other.table == part.table for other in parts[:parts.index(part)])
        aside = ~part.kept
        every = pd.Series(True, index=part.frame.index)
        kept_rows, kept_amount = int(part.kept.sum()), FOURTH * 0
        counted = COUNTED.get(part.table) if part.exact is not None else None
        if part.table in origins and part.table not in ("people", "membership"):
            mine = origins[part.table].part == number
            kept_rows = int(mine.sum())
            if counted:
                kept_amount = total(tables[part.table].loc[mine.to_numpy(dtype=bool), _SUMMED[part.table]])
        amount_in, amount_out = (part.amount_of(mask).quantize(FOURTH) for mask in (every, aside))
        agree = len(part.frame) == kept_rows + int(aside.sum()) and amount_in == kept_amount + amount_out
        rows.append(
            [
                part.sheet.file,
                part.sheet.sheet,
                part.table,
                part.money if counted else None,
                len(part.frame),
                amount_in,
                kept_rows,
                kept_amount,
                int(aside.sum()),
                amount_out,
                agree,
            ]
        )
    table = pd.DataFrame(rows, columns=TOTAL_COLUMNS)
    wrong = table[~table.agree.astype(bool)]
    if len(wrong):
        raise SalesgoalsError([Problem("collect.totals_differ", file=row.file, sheet=row.sheet,
                                       found=f"{row.amount_in} != {row.amount_kept} + {row.amount_aside}; "
                                             f"{row.rows_in} != {row.rows_kept} + {row.rows_aside}")
                               for row in wrong.itertuples()])
    return table.astype({"agree": bool})


def make_files(
    parts: Sequence[Part], others: Sequence[tuple[str, str | None, str, int, str]]
) -> pd.DataFrame:
    """List every file and sheet with what became of it.

    Parameters
    ----------
    parts : sequence of Part
        Sheets that are tables.
    others : sequence
        (file, sheet, table, rows, status key) of everything else.
    """
    rows = []
    for part in parts:
        kept = set(part.rows[part.kept.to_numpy()].tolist())
        out = set(part.rows[(~part.kept).to_numpy()].tolist()) - kept
        read = len(part.sheet.cells)
        status = "collect.status_kept" if not out else "collect.status_part"
        rows.append(
            [part.sheet.file, part.sheet.sheet, part.table, read, read - len(out), len(out), say(status)]
        )
    rows += [[file, sheet, table, read, 0, 0, say(status)] for file, sheet, table, read, status in others]
    found = pd.DataFrame(rows, columns=FILE_COLUMNS).sort_values(
        ["file", "sheet"], kind="stable", na_position="first"
    )
    return found.reset_index(drop=True)
