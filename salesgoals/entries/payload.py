"""What an entry changed, as plain text that any program can read: "-" as it was, "+" as it became."""

from __future__ import annotations

import io
import zlib

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from salesgoals.entries.rows import ROW

LARGE = 16_384  # bytes from which the text is kept compressed
_HEAD = ",".join(["change", *ROW]) + "\n"
_BLOCK = 1 << 24


def write_payload(removed: pd.DataFrame, added: pd.DataFrame) -> bytes:
    """Write rows as they were and as they became, one a line; a blank without quotes is "not set".

    Examples
    --------
    >>> rows = pd.DataFrame([[None, None, "7", "Li", "2026-01-01", "2026-01-31", None, "amount", "5", None]],
    ...                     columns=ROW, dtype="str")
    >>> print(write_payload(rows.iloc[:0], rows).decode().splitlines()[1])
    "+",,,"7","Li","2026-01-01","2026-01-31",,"amount","5",
    """
    lines = io.BytesIO()
    lines.write(_HEAD.encode())
    for sign, rows in (("-", removed), ("+", added)):
        if len(rows):
            columns = [pa.array([sign]).take(pa.array([0] * len(rows), pa.int8()))]
            columns += [pa.array(rows[name], pa.string(), from_pandas=True) for name in ROW]
            csv.write_csv(pa.table(columns, names=["change", *ROW]), lines,
                          csv.WriteOptions(include_header=False, quoting_style="all_valid"))
    text = lines.getvalue()
    return zlib.compress(text, 6) if len(text) > LARGE else text


def read_payload(stored: bytes) -> pd.DataFrame:
    """Read what :func:`write_payload` wrote.

    Returns
    -------
    pandas.DataFrame
        Columns added (True for "+"), then ``ROW`` as texts.

    Raises
    ------
    ValueError
        If it is nothing that was written there.
    """
    try:
        text = stored if stored.startswith(b"change,") else _unpacked(stored)
        table = csv.read_csv(
            pa.py_buffer(text), csv.ReadOptions(block_size=_BLOCK),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=dict.fromkeys(["change", *ROW], pa.string()), null_values=[""],
                               strings_can_be_null=True, quoted_strings_can_be_null=False))
    except (pa.ArrowInvalid, zlib.error) as error:
        raise ValueError(str(error)) from error
    if table.column_names != ["change", *ROW]:
        raise ValueError("columns")
    rows = table.select(ROW).to_pandas().astype("str")
    rows.insert(0, "added", pa.compute.equal(table["change"], "+").to_pandas())
    return rows


def _unpacked(stored: bytes) -> bytes:
    reader = zlib.decompressobj()
    text = reader.decompress(stored) + reader.flush()
    if not reader.eof or reader.unused_data:
        raise ValueError("length")
    return text
