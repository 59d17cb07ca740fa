"""Parquet files: columns with names and types of their own."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from salesgoals.problems import Problem
from salesgoals.sources.heading import header_text, unique_names
from salesgoals.sources.sheet import Sheet, aside_table, tidy_cell


def read_parquet(data: bytes, file: str) -> tuple[list[Sheet], list[Problem]]:
    """Read a parquet file; money stays exact, pictures and other binary columns are left out with a note.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    sheets : list of Sheet
        One sheet; its rows count from 1, its header row is 0.
    problems : list of Problem
        Why the file could not be read.
    """
    try:
        table = pq.read_table(io.BytesIO(data))
        fields = [field for field in table.schema if not _is_binary(field.type)]
        left_out = [field.name for field in table.schema if _is_binary(field.type)]
        names = unique_names([header_text(field.name) for field in fields], list(range(len(fields))))
        positions = [place for place, field in enumerate(table.schema) if not _is_binary(field.type)]
        contents = {name: _plain(table.column(place)) for name, place in zip(names, positions, strict=True)}
        cells = pd.DataFrame(contents, columns=pd.Index(names, dtype="str"), dtype=object)
    except (pa.ArrowException, OSError, ValueError) as error:
        return [], [Problem("sources.damaged", file=file, reason=str(error).splitlines()[0])]
    problems = []
    if left_out:
        problems.append(Problem("sources.binary_columns", level="note", file=file, count=len(left_out),
                                found=", ".join(left_out)))
    if not table.num_rows:
        problems.append(Problem("sources.no_rows", level="note", file=file))
    rows = np.arange(1, table.num_rows + 1, dtype="int64")
    return [Sheet(file, None, names, cells, rows, 0, aside_table([]), problems=problems, header_rows=0)], []


def _is_binary(kind: pa.DataType) -> bool:
    return (pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
            or pa.types.is_binary_view(kind))


def _plain(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    values: list[Any] = column.to_pylist()
    if pa.types.is_nested(kind):
        values = [None if value is None else str(value) for value in values]
    return pd.Series([tidy_cell(value) for value in values], dtype=object)
