"""What a workbook says beside its cell values: errors, hidden rows, formulas without a result.

The workbook reader hands out an error cell (#N/A, #REF!) and a formula that was never calculated as an empty
cell. Blank is not an error, so both are looked up here, in the file itself.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from salesgoals.sources.ole import BOOK_STREAMS, OLE_MAGIC, read_streams

MOST_CELLS = 60_000_000  # the reader fills the whole rectangle up to the last cell: memory
ERROR_TEXTS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
               0x2A: "#N/A", 0x2B: "#GETTING_DATA"}


@dataclass
class Inside:
    """Findings about one worksheet; rows and columns count from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    stray_cell: str | None = None


def look_inside(data: bytes, kind: str) -> dict[str, Inside]:
    """Find error cells, uncalculated formulas and hidden rows of each worksheet.

    Parameters
    ----------
    data : bytes
        The whole file.
    kind : str
        xlsx, xls or xlsb; other kinds give nothing.

    Returns
    -------
    dict
        Worksheet name -> Inside. A sheet that cannot be looked into is left out.
    """
    try:
        if kind == "xls":
            return _look_into_xls(data)
        if kind in ("xlsx", "xlsb"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _look_into_xlsx(archive) if kind == "xlsx" else _look_into_xlsb(archive)
    except (zipfile.BadZipFile, ElementTree.ParseError, struct.error, LookupError, OSError, ValueError,
            StopIteration, RuntimeError):
        return {}
    return {}


# ---- .xlsx, .xlsm, Strict OOXML

_P = rb"(?:\w+:)?"  # some programs write a prefix before every tag
_ERROR = re.compile(rb"<" + _P + rb"c\b([^>]*\bt=\"e\"[^>]*)>(.*?)</" + _P + rb"c>", re.DOTALL)
_VALUE = re.compile(rb"<" + _P + rb"v>([^<]*)</")
_PLACE = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_HIDDEN = re.compile(rb"<" + _P + rb"row\b[^>]*\bhidden=\"(?:1|true)\"[^>]*(?<!/)>")
_NO_RESULT = re.compile(rb"<" + _P + rb"c\b([^>]*)(?<!/)>\s*"
                        rb"<" + _P + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</" + _P + rb"f>)\s*"
                        rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v></" + _P + rb"v>)?\s*</" + _P + rb"c>")
_LAST_ROW = re.compile(rb"<" + _P + rb"row\b[^>]*\br=\"(\d{1,7})\"")
_COLUMN = re.compile(rb"\br=\"([A-Z]{1,3})\d")
_FULL_CELL = re.compile(rb"<" + _P + rb"c\b[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*(?<!/)>")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _look_into_xlsx(archive: zipfile.ZipFile) -> dict[str, Inside]:
    return {name: _scan_sheet_xml(archive.read(part)) for name, part in _sheet_parts(archive)}


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = {name.lower(): name for name in archive.namelist()}
    book = names.get("xl/workbook.xml") or next(n for n in archive.namelist()
                                                if re.fullmatch(r"xl/workbook\w*\.xml", n, re.IGNORECASE))
    folder, file = posixpath.split(book)
    links = {}
    for link in ElementTree.fromstring(archive.read(names[f"{folder}/_rels/{file}.rels".lower()])):
        target = link.get("Target", "")
        links[link.get("Id")] = target.lstrip("/") if target.startswith("/") else posixpath.normpath(
            posixpath.join(folder, target))
    for element in ElementTree.fromstring(archive.read(book)).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link_id = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id"), None)
            part = names.get(links.get(link_id, "").lower())
            if part:
                yield element.get("name", ""), part


def _scan_sheet_xml(xml: bytes) -> Inside:
    inside = Inside()
    if b't="e"' in xml:
        for cell in _ERROR.finditer(xml):
            place, value = _PLACE.search(cell[1]), _VALUE.search(cell[2])
            if place:
                text = value[1].decode("utf-8", "replace") if value else "#VALUE!"
                inside.errors[int(place[2]) - 1, _column_number(place[1])] = text
    if b"hidden=" in xml:
        inside.hidden_rows = sum(1 for _ in _HIDDEN.finditer(xml))
    if b"<f" in xml or b":f" in xml:
        for cell in _NO_RESULT.finditer(xml):
            place = _PLACE.search(cell[1])
            if place and b't="str"' not in cell[1]:
                inside.uncalculated.append((int(place[2]) - 1, _column_number(place[1])))
    rows = max((int(found[1]) for found in _LAST_ROW.finditer(xml, max(0, len(xml) - 2_000_000))), default=0)
    if rows * 16_384 > MOST_CELLS:
        widest = max(map(_column_number, set(_COLUMN.findall(xml))), default=0) + 1
        if rows * widest > MOST_CELLS:
            inside.stray_cell = _find_stray_cell(xml)
    return inside


def _find_stray_cell(xml: bytes) -> str | None:
    """Name the cell that stretches the sheet beyond what can be held, counting cells with content only."""
    rows = columns = 0
    furthest = ""
    for cell in _FULL_CELL.finditer(xml):
        row, column = int(cell[2]), _column_number(cell[1]) + 1
        if row > rows or column > columns:
            rows, columns = max(rows, row), max(columns, column)
            furthest = (cell[1] + cell[2]).decode("ascii")
    return furthest if rows * columns > MOST_CELLS else None


# ---- .xls

def _look_into_xls(data: bytes) -> dict[str, Inside]:
    streams = read_streams(data, BOOK_STREAMS) if data[:8] == OLE_MAGIC else {"": data}
    stream = next((content for content in streams.values() if content), b"")
    starts: dict[int, str] = {}
    found: dict[str, Inside] = {}
    current: Inside | None = None
    at = 0
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if code == 0x85 and length > 8:     # where each sheet begins, and its name
            size, wide = stream[body + 6], stream[body + 7] & 1
            raw = stream[body + 8:body + 8 + size * (2 if wide else 1)]
            starts[struct.unpack_from("<I", stream, body)[0]] = raw.decode("utf-16-le" if wide else "latin-1")
        elif code in (0x809, 0x409, 0x209, 0x009) and at in starts:
            current = found.setdefault(starts[at], Inside())
        elif current is not None:
            if code == 0x205 and length >= 8 and stream[body + 7]:
                row, column = struct.unpack_from("<HH", stream, body)
                current.errors[row, column] = ERROR_TEXTS.get(stream[body + 6], "#VALUE!")
            elif code in (0x006, 0x406, 0x206) and length >= 14 and stream[body + 6] == 2 \
                    and stream[body + 12:body + 14] == b"\xff\xff":
                row, column = struct.unpack_from("<HH", stream, body)
                current.errors[row, column] = ERROR_TEXTS.get(stream[body + 8], "#VALUE!")
            elif code == 0x208 and length >= 13 and stream[body + 12] & 0x20:
                first, after = struct.unpack_from("<HH", stream, body + 2)
                current.hidden_rows += after > first
        at = body + length
    return found


# ---- .xlsb

def _look_into_xlsb(archive: zipfile.ZipFile) -> dict[str, Inside]:
    links = {link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", "")))
             for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))}
    found: dict[str, Inside] = {}
    for code, body in _records(archive.read("xl/workbook.bin")):
        if code == 156:
            link_id, at = _wide_text(body, 8)
            name, _ = _wide_text(body, at)
            if link_id in links:
                found[name] = _scan_sheet_bin(archive.read(links[link_id]))
    return found


def _scan_sheet_bin(data: bytes) -> Inside:
    inside, row, widest = Inside(), 0, 0
    for code, body in _records(data):
        if code == 0:
            row = struct.unpack_from("<I", body)[0]
        elif 2 <= code <= 11:
            column = struct.unpack_from("<I", body)[0]
            widest = max(widest, column + 1)
            if code in (3, 11):
                inside.errors[row, column] = ERROR_TEXTS.get(body[8], "#VALUE!")
            if (row + 1) * widest > MOST_CELLS:
                letters, number = "", column + 1
                while number:
                    number, rest = divmod(number - 1, 26)
                    letters = chr(65 + rest) + letters
                inside.stray_cell = f"{letters}{row + 1}"
    return inside


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        code = data[at]
        at += 1
        if code & 0x80:
            code = code & 0x7F | data[at] << 7
            at += 1
        length = shift = 0
        while True:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield code, data[at:at + length]
        at += length


def _wide_text(body: bytes, at: int) -> tuple[str, int]:
    size = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + size * 2
    return body[at + 4:end].decode("utf-16-le"), end
