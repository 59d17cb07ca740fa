"""Small files as systems write them, for the tests of reading."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

ROWS: list[list[Any]] = [["工号", "姓名", "金额"], ["00123", "张三", 1200], ["00124", "李四", 800.5]]


def as_xlsx(rows: list[list[Any]], merges: tuple[str, ...] = ()) -> bytes:
    """Write rows as the first worksheet of an .xlsx file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    return book_bytes(book)


def book_bytes(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_strict(data: bytes) -> bytes:
    """Rewrite the names of an .xlsx file as Strict Open XML has them."""
    changes = [
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ]

    def strict(content: bytes) -> bytes:
        for before, after in changes:
            content = content.replace(before, after)
        return content

    return rewrite_zip(data, strict)


def rewrite_zip(data: bytes, change: Any) -> bytes:
    """Copy a zip file with every entry passed through ``change``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return buffer.getvalue()


def as_xls(rows: list[list[Any]]) -> bytes:
    """Write rows as an old .xls file."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("数据")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_xls_with_password() -> bytes:
    """Make an .xls file whose stream says that the rest is encrypted."""
    book = xlwt.Workbook()
    book.add_sheet("s").write(0, 0, "x")
    stream = book.get_biff_data()
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    locked = (
        stream[:first] + struct.pack("<HH", 0x2F, 54) + b"\x01\0\x01\0\x01\0" + b"\0" * 48 + stream[first:]
    )
    return _as_ole(locked)


def _as_ole(stream: bytes) -> bytes:
    buffer = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(buffer, stream)
    return buffer.getvalue()


def as_encrypted_xlsx() -> bytes:
    """Make what Excel writes for a workbook with a password: an OLE file with the package inside."""
    ole = _as_ole(b"\0" * 6000)
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = ole.index(old)
    return ole[:at] + new + ole[at + len(new) : at + 64] + struct.pack("<H", len(new) + 2) + ole[at + 66 :]


def with_broken_mimetype() -> bytes:
    """Give a zip whose compressed entry ``mimetype`` has lost its middle."""
    whole = bytearray(as_zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet " * 20}))
    start = whole.index(b"mimetype") + len("mimetype")
    whole[start:start + 8] = b"\xff" * 8
    return bytes(whole)


def as_ods() -> bytes:
    """Write a small OpenDocument spreadsheet with a date, a share, an error and blank rows without end."""
    row = "<table:table-row>{}</table:table-row>"
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = row.format("".join(text.format(word) for word in ("姓名", "日期", "占比")))
    rows += row.format(
        text.format("张三")
        + '<table:table-cell office:value-type="date" office:date-value="2025-01-02"/>'
        + '<table:table-cell office:value-type="percentage" office:value="0.125"/>'
    )
    rows += row.format(
        text.format("李四") + '<table:table-cell office:value-type="date" office:date-value="2025-01-03"/>'
        '<table:table-cell office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    rows += (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="表1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return as_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def as_zip(entries: dict[str, str | bytes]) -> bytes:
    """Pack entries into a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def as_xlsb() -> bytes:
    """Write a small binary workbook by hand: a header, a number and an error cell."""
    book = (
        _record(131)
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("数据"))
        + _record(144)
        + _record(132)
    )
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, 2, 0, 1)) + _record(145)
    for number, cells in enumerate(
        [
            (6, _wide("姓名"), 6, _wide("金额")),
            (6, _wide("张三"), 5, struct.pack("<d", 12.5)),
            (6, _wide("李四"), 3, b"\x2a"),
        ]
    ):
        sheet += _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        for column in (0, 1):
            sheet += _record(cells[2 * column], struct.pack("<II", column, 0) + cells[2 * column + 1])
    sheet += _record(146) + _record(130)
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>'
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return as_zip(
        {
            "[Content_Types].xml": types,
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": links,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _record(code: int, body: bytes = b"") -> bytes:
    head = bytes([code]) if code < 128 else bytes([code & 0x7F | 0x80, code >> 7])
    assert len(body) < 128
    return head + bytes([len(body)]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def put(folder: Path, name: str, content: bytes | str) -> Path:
    """Write a file and return its path; text is written as UTF-8 without touching its line ends."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path
