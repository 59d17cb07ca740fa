"""Tables in disguise: web pages and XML that systems save under the name .xls."""

from __future__ import annotations

import email
import re
from email import policy
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from salesgoals.problems import Problem
from salesgoals.sources.numbers import read_plain_number
from salesgoals.sources.sheet import Grid, Merge, tidy_cell
from salesgoals.sources.text import decode_text

_MOST_SPAN = 1000  # a wrong colspan must not ask for a million cells


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merges: list[Merge] = []
        self.covered: dict[int, int] = {}   # column -> last row that a merged cell from above reaches

    def start_row(self) -> None:
        self.rows.append([])

    def add(self, value: Any, across: int = 1, down: int = 1, at: int | None = None) -> None:
        """Put a cell into the next free place of the row; a merged cell keeps its text top left only."""
        if not self.rows:
            self.start_row()
        row = len(self.rows) - 1
        line = self.rows[row]
        if at is not None:
            line.extend([None] * (at - len(line)))
        while self.covered.get(len(line), -1) >= row:
            line.append(None)
        column = len(line)
        line.append(value)
        line.extend([None] * (across - 1))
        if across > 1 or down > 1:
            self.merges.append((row, column, row + down - 1, column + across - 1))
            for beside in range(column, column + across):
                self.covered[beside] = row + down - 1


class _TableParser(HTMLParser):
    """Collects every table of a page; a table inside a cell stands for itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[tuple[_Table, list[str] | None, int, int]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag == "table":
            self.tables.append(_Table())
            self.open.append((self.tables[-1], None, 1, 1))
        elif not self.open:
            return
        elif tag == "tr":
            self._end_cell()
            self.open[-1][0].start_row()
        elif tag in ("td", "th"):
            self._end_cell()
            spans = {name: value for name, value in attrs if name in ("colspan", "rowspan")}
            across, down = (_read_span(spans.get(name)) for name in ("colspan", "rowspan"))
            self.open[-1] = (self.open[-1][0], [], across, down)
        elif tag in ("br", "p", "div") and self.open[-1][1]:
            self.open[-1][1].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif self.open and tag in ("td", "th", "tr"):
            self._end_cell()
        elif self.open and tag == "table":
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and not self.silent and self.open[-1][1] is not None:
            self.open[-1][1].append(re.sub(r"[ \t\r\n]+", " ", data))

    def close(self) -> None:
        super().close()
        while self.open:  # a page cut off in the middle
            self._end_cell()
            self.open.pop()

    def _end_cell(self) -> None:
        table, parts, across, down = self.open[-1]
        if parts is not None:
            text = "\n".join(line.strip(" ") for line in "".join(parts).split("\n")).strip("\n")
            table.add(tidy_cell(text), across, down)
            self.open[-1] = (table, None, 1, 1)


def _read_span(written: str | None) -> int:
    known = written is not None and re.fullmatch(r"\s*[0-9]{1,6}\s*", written) is not None
    return max(1, min(int(written or 1), _MOST_SPAN)) if known else 1


def read_html(data: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """Read the tables of a web page saved as .xls or .html.

    Parameters
    ----------
    data : bytes
        The page.
    file : str
        Its name, for messages.

    Returns
    -------
    grids : list of Grid
        One for each table of at least two rows.
    problems : list of Problem
        A refusal where the page holds no table; doubts about the encoding.
    """
    stated = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4000], re.IGNORECASE)
    problems: list[Problem] = []
    try:
        name = stated[1].decode("ascii") if stated else ""
        encoding = "gb18030" if name.lower() in ("gb2312", "gbk", "gb18030") else name or "utf-8"
        text = data.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeDecodeError):
        text, encoding, problems = decode_text(data, file)
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    grids = [Grid(file, None, table.rows, table.merges, encoding=encoding)
             for table in parser.tables if sum(any(c is not None for c in row) for row in table.rows) > 1]
    if not grids:
        return [], [*problems, Problem("sources.refused_page", file=file)]
    if len(grids) > 1:
        for number, grid in enumerate(grids, 1):
            grid.sheet = str(number)
    return grids, problems


def read_mhtml(data: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """Read the tables of a single-file web page (MHTML), another thing that is saved under the name .xls."""
    message = email.message_from_bytes(data, policy=policy.default)
    grids: list[Grid] = []
    problems: list[Problem] = []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            found, noticed = read_html(payload if isinstance(payload, bytes) else b"", file)
            grids.extend(found)
            problems.extend(problem for problem in noticed if problem.level != "stop")
    if not grids:
        return [], [Problem("sources.refused_page", file=file)]
    if len(grids) > 1:
        for number, grid in enumerate(grids, 1):
            grid.sheet = str(number)
    return grids, problems


def read_spreadsheetml(data: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """Read the worksheets of an XML spreadsheet of 2003, often saved under the name .xls."""
    if b"<!ENTITY" in data[:100_000]:
        return [], [Problem("sources.damaged", file=file, reason="<!ENTITY")]
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        return [], [Problem("sources.damaged", file=file, reason=str(error))]
    grids = []
    for sheet in _children(root, "Worksheet"):
        table = _Table()
        for row in (row for part in _children(sheet, "Table") for row in _children(part, "Row")):
            index = _attribute(row, "Index")
            while index and len(table.rows) < min(int(index) - 1, 1_048_576):
                table.start_row()
            table.start_row()
            for cell in _children(row, "Cell"):
                place = _attribute(cell, "Index")
                across, down = (int(_attribute(cell, name) or 0) + 1 for name in ("MergeAcross", "MergeDown"))
                value = next((_typed_value(entry) for entry in _children(cell, "Data")), None)
                table.add(value, min(across, _MOST_SPAN), down,
                          min(int(place) - 1, 16_383) if place else None)
        grids.append(Grid(file, _attribute(sheet, "Name"), table.rows, table.merges))
    return grids, []


def _children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if child.tag.rpartition("}")[2] == name]


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _typed_value(entry: ElementTree.Element) -> Any:
    text = "".join(entry.itertext())
    kind = _attribute(entry, "Type")
    if kind == "Number":
        number = read_plain_number(text)
        return text if number is None else number
    if kind == "Boolean":
        return text == "1"
    return tidy_cell(text)
