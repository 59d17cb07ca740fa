"""What a file really is, told by its first bytes and its contents, never by its name."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib

from salesgoals.sources.ole import BOOK_STREAMS, OLE_MAGIC, read_streams

READABLE = ("xlsx", "xls", "xlsb", "ods", "parquet", "html", "mhtml", "spreadsheetml", "text")
LARGEST_UNPACKED = 3_000_000_000  # bytes; an honest workbook of a million rows unpacks to about one third

_SIGNATURES: list[tuple[bytes, str]] = [
    (b"%PDF", "pdf"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"II*\x00", "picture"), (b"MM\x00*", "picture"), (b"\x00\x00\x01\x00", "picture"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"), (b"\x28\xb5\x2f\xfd", "archive"), (b"SQLite format 3", "database"),
    (b"\x00\x01\x00\x00Standard", "database"), (b"MZ", "program"), (b"\x7fELF", "program"),
    (b"{\\rtf", "document"), (b"ID3", "media"), (b"OggS", "media"), (b"ARROW1", "database"),
]


def tell_kind(data: bytes) -> str:
    """Tell what a file is from its contents.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    str
        One of ``READABLE``, or why it cannot be read: empty, picture, pdf, archive, document, slides,
        numbers, encrypted, database, program, media, json, too_big, damaged, binary.

    Examples
    --------
    >>> tell_kind(b"%PDF-1.7 ..."), tell_kind(b"name,amount")
    ('pdf', 'text')
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return "empty"
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:8] == OLE_MAGIC:
        return _tell_ole(data)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _tell_zip(data)
    if data[:2] == b"\x09\x08" or data[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        return "xls"  # a bare Excel stream without the container around it
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" or data[4:8] == b"ftyp":
        return "picture" if data[8:12] == b"WEBP" else "media"
    if data[:2] == b"BM" and len(data) > 14 and int.from_bytes(data[2:6], "little") == len(data):
        return "picture"
    return _tell_text(data)


def _tell_ole(data: bytes) -> str:
    streams = read_streams(data, BOOK_STREAMS)
    names = set(streams)
    if not names:
        return "damaged"
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return "encrypted"
    stream = next((streams[name] for name in BOOK_STREAMS if streams.get(name)), None)
    if stream is not None:
        return "encrypted" if _has_password(stream) else "xls"
    if "WordDocument" in names:
        return "document"
    return "slides" if "PowerPoint Document" in names else "binary"


def _has_password(stream: bytes) -> bool:
    """Look for the record that begins the encrypted part of an .xls; it stands among the first."""
    at = 0
    for _ in range(20):
        if at + 4 > len(stream):
            return False
        code, length = struct.unpack_from("<HH", stream, at)
        if code == 0x2F:
            return True
        at += 4 + length
    return False


def _tell_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename.replace("\\", "/") for info in infos}
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return "damaged"
    if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        return "too_big"
    lower = {name.lower() for name in names}
    if any(name.startswith("xl/workbook") and name.endswith(".bin") for name in lower):
        return "xlsb"
    if any(name.startswith("xl/") and name.endswith(".xml") for name in lower):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if any(name.startswith("word/") for name in lower) or b"opendocument.text" in mimetype:
        return "document"
    if any(name.startswith("ppt/") for name in lower) or b"opendocument.presentation" in mimetype:
        return "slides"
    if any(name.endswith(".iwa") or name == "index.zip" for name in lower):
        return "numbers"
    return "archive"


def _tell_text(data: bytes) -> str:
    start = data[:20_000]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        words = start[:len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        control = sum(start.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13, 26, 27))
        if control > len(start) * 0.02:
            return "binary"
        words = start.decode("latin-1").removeprefix("ï»¿")
    words = words.lstrip("\x00\ufeff \t\r\n").replace("\x00", "")
    lower = words.lower()
    if lower.startswith("mime-version:") or "\nmime-version:" in lower[:2000]:
        return "mhtml"
    if lower.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in lower and "<workbook" in lower:
            return "spreadsheetml"
        if any(mark in lower for mark in ("<html", "<table", "<!doctype html", "<body", "<tr")):
            return "html"
        return "markup" if lower.startswith(("<?xml", "<!doctype", "<svg")) else "text"
    if words[:1] in ("{", "["):
        try:
            json.loads(data.decode("utf-8-sig"))
            return "json"
        except (ValueError, RecursionError):
            return "text"
    return "text"
