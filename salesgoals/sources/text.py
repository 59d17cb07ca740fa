"""Text files: the encoding, the separator and the cells, with everything that had to be guessed said."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re

from salesgoals.problems import Problem
from salesgoals.sources.sheet import Grid, name_rows, tidy_cell

SEPARATORS = (",", "\t", ";", "|")
_BOMS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16")]
_LONGEST_CELL = 32_767       # what a cell of Excel holds; a longer one is an unclosed quote
_MOST_LINES_IN_A_CELL = 200
_USUAL_ENOUGH = 0.3          # share of the lines that must have one width
_LONG_LINE = 40              # letters of an average line from which a text without separators is no list
_LONG_CLAUSE = 15            # letters of an average cell from which commas are those of sentences
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def decode_text(data: bytes, file: str) -> tuple[str, str, list[Problem]]:
    """Turn bytes into text: byte order mark, then strict UTF-8, then GB18030 (which contains GBK).

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    text : str
        The text, without byte order mark and NUL bytes.
    encoding : str
        The encoding that fitted.
    problems : list of Problem
        Doubts where some bytes fitted no encoding; a note where NUL bytes were taken out.

    Examples
    --------
    >>> decode_text("销售额".encode("gbk"), "a.csv")[:2]
    ('销售额', 'gb18030')
    """
    text, encoding, problems = _decode(data, file)
    zeros = text.count("\0")
    if zeros:
        problems.append(Problem("sources.nul_bytes", level="note", file=file, count=zeros))
        text = text.replace("\0", "")
    return text.removeprefix("\ufeff").rstrip("\x1a"), encoding, problems


def _decode(data: bytes, file: str) -> tuple[str, str, list[Problem]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding == "utf-16":
                data = data[:len(data) // 2 * 2]
            return _decode_as(data, encoding, file)
    head = data[:4000]
    if len(head) >= 8:
        half = len(head) / 2
        if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.05 * half:
            return _decode_as(data, "utf-16-le", file)
        if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
            return _decode_as(data, "utf-16-be", file)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    sound = len(re.findall(r"[^\x00-\x7f\ufffd]", loose))
    if sound > 20 * broken:  # UTF-8 with a few broken bytes, or cut off in the middle of a character
        return loose, "utf-8", [_doubt_about(loose, "utf-8", file)]
    try:
        text = data.decode("gb18030")
        if _is_chinese(text):
            return text, "gb18030", []
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
        if _is_chinese(text) and len(re.findall(r"[^\x00-\x7f\ufffd]", text)) > 20 * text.count("\ufffd"):
            return text, "gb18030", [_doubt_about(text, "gb18030", file)]
    text = data.decode("cp1252", "replace")
    found = ", ".join(dict.fromkeys(re.findall(r"\w*[^\x00-\x7f]\w*", text)[:3]))
    return text, "cp1252", [Problem("sources.encoding_guessed", level="doubt", file=file, found=found)]


def _decode_as(data: bytes, encoding: str, file: str) -> tuple[str, str, list[Problem]]:
    try:
        return data.decode(encoding), encoding, []
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return text, encoding, [_doubt_about(text, encoding, file)]


def _is_chinese(text: str) -> bool:
    """Say whether most letters are everyday Chinese; misread Western text gives rare characters."""
    letters = re.findall(r"[^\x00-\x7f\ufffd]", text)
    if not letters:
        return False
    everyday = sum(len(letter.encode("gb2312", "ignore")) > 0 for letter in letters[:20_000])
    return everyday >= 0.7 * min(len(letters), 20_000)


def _doubt_about(text: str, encoding: str, file: str) -> Problem:
    rows = [number for number, line in enumerate(text.splitlines(), 1) if "\ufffd" in line]
    return Problem("sources.broken_characters", level="doubt", file=file, row=rows[0] if rows else None,
                   count=text.count("\ufffd"), rows=name_rows(rows), encoding=encoding)


def tell_separator(text: str) -> str | None:
    """Tell what separates the cells of a text: the sign that cuts most lines into the same number of cells.

    Parameters
    ----------
    text : str
        The text, or its beginning.

    Returns
    -------
    str or None
        Comma, tab, semicolon or vertical bar; None where each line is one cell.

    Examples
    --------
    >>> tell_separator("name;amount\\nA;1,5\\nB;2,5")
    ';'
    """
    sample = text[:200_000]
    if len(sample) < len(text):
        sample = sample[:max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, best_score = None, 0.0
    for separator in SEPARATORS:
        if separator not in sample:
            continue
        try:
            widths = [len(record) for record in csv.reader(io.StringIO(sample, newline=""),
                                                           delimiter=separator) if any(record)][:1000]
        except csv.Error:
            continue
        if not widths:
            return separator  # nothing but separators
        counts = {width: widths.count(width) for width in set(widths) if width > 1}
        if not counts:
            continue
        usual = max(counts, key=lambda width: (counts[width], width))
        if counts[usual] < _USUAL_ENOUGH * len(widths):
            continue  # commas of prose
        score = counts[usual] / len(widths) * math.log2(usual + 1)
        if score > best_score:
            best, best_score = separator, score
    return best


def read_text(data: bytes, file: str) -> Grid:
    """Cut a CSV, TSV, semicolon or bar separated text into cells.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    Grid
        One row for each record (a quoted line break does not end a record), text as written.
    """
    text, encoding, problems = decode_text(data, file)
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    stated = _SEP_LINE.match(first_line)
    separator = stated[1] if stated else tell_separator(text)
    records, quote_problems = _cut(text, separator or "\x1f", file)
    rows = [[tidy_cell(cell) for cell in record] for record in records]
    grid = Grid(file, None, rows, encoding=encoding, delimiter=separator, problems=problems + quote_problems,
                lengths=[len(row) for row in rows])
    if stated:
        grid.titles.add(0)
    return grid


def is_prose(grid: Grid) -> bool:
    """Say whether a text holds sentences and no table: long lines, commas followed by spaces."""
    cells = [str(cell) for row in grid.rows for cell in row if cell is not None]
    letters = sum(map(len, cells))
    if grid.delimiter is None:
        return letters > _LONG_LINE * len(cells)
    inner = [str(cell) for row in grid.rows for cell in row[1:] if cell is not None]
    spaced = sum(cell.startswith(" ") for cell in inner)
    return grid.delimiter == "," and spaced >= 0.9 * len(inner) and letters > _LONG_CLAUSE * len(cells)


def _cut(text: str, separator: str, file: str) -> tuple[list[list[str]], list[Problem]]:
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        swallowed = [number for number, record in enumerate(records, 1)
                     if _swallows(record)] if '"' in text else []
        odd_last = text.count('"') % 2 and records and any("\n" in c or "\r" in c for c in records[-1])
        if odd_last and not swallowed:
            swallowed = [len(records)]
        if not swallowed:
            return records, []
        start = swallowed[0]
    except csv.Error:
        start = None
    # A quote that is never closed would eat the rows that follow it: cut line by line instead.
    records = []
    for line in io.StringIO(text, newline=None).read().split("\n"):
        try:
            whole = line.count('"') % 2 == 0 and len(line) <= _LONGEST_CELL
            cells = next(csv.reader([line], delimiter=separator), []) if whole else line.split(separator)
        except csv.Error:
            cells = line.split(separator)
        records.append(cells if line else [])
    if records and not records[-1]:
        records.pop()
    return records, [Problem("sources.open_quote", level="doubt", file=file, row=start)]


def _swallows(record: list[str]) -> bool:
    if sum(map(len, record)) <= _MOST_LINES_IN_A_CELL:
        return False
    return any(len(cell) > _LONGEST_CELL or cell.count("\n") > _MOST_LINES_IN_A_CELL for cell in record)
