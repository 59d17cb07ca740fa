"""The container of old Office files (.xls, .doc, encrypted .xlsx): its streams."""

from __future__ import annotations

import struct

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_END = 0xFFFFFFFA  # this and above mark free or last sectors


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        self.small_size = 1 << struct.unpack_from("<H", data, 32)[0]
        self.cutoff = struct.unpack_from("<I", data, 56)[0]
        tables = list(struct.unpack_from("<109I", data, 76))
        following, left = struct.unpack_from("<2I", data, 68)
        while following < _END and left > 0:
            entries = struct.unpack(f"<{self.size // 4}I", self.sector(following))
            tables.extend(entries[:-1])
            following, left = entries[-1], left - 1
        self.next: list[int] = []
        for table in tables:
            if table < _END:
                self.next.extend(struct.unpack(f"<{self.size // 4}I", self.sector(table)))

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start:start + self.size].ljust(self.size, b"\0")

    def chain(self, start: int) -> bytes:
        parts, seen = [], set()
        while start < len(self.next) and start not in seen:  # a loop in a damaged file ends here
            seen.add(start)
            parts.append(self.sector(start))
            start = self.next[start]
        return b"".join(parts)


def read_streams(data: bytes, wanted: tuple[str, ...] = ()) -> dict[str, bytes]:
    """List the streams of an OLE file; the contents of those in ``wanted``, b"" for the others.

    Parameters
    ----------
    data : bytes
        The whole file.
    wanted : tuple of str
        Names whose contents are read.

    Returns
    -------
    dict
        Stream name -> contents. Empty where the container is damaged.
    """
    try:
        box = _Container(data)
        directory = box.chain(struct.unpack_from("<I", data, 48)[0])
        small_next_bytes = box.chain(struct.unpack_from("<I", data, 60)[0])
        small_next = struct.unpack(f"<{len(small_next_bytes) // 4}I", small_next_bytes)
        found: dict[str, bytes] = {}
        small = b""
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at:at + max(0, length - 2)].decode("utf-16-le", "replace")
            kind = directory[at + 66]
            start, size = struct.unpack_from("<IQ", directory, at + 116)
            size &= 0xFFFFFFFF
            if kind == 5:
                small = box.chain(start)
            elif kind == 2:
                found[name] = b""
                if name in wanted:
                    found[name] = (box.chain(start) if size >= box.cutoff
                                   else _small_chain(small, small_next, start, box.small_size))[:size]
            elif kind == 1:
                found.setdefault(name, b"")
        return found
    except (struct.error, IndexError, MemoryError):
        return {}


def _small_chain(small: bytes, following: tuple[int, ...], start: int, size: int) -> bytes:
    parts, seen = [], set()
    while start < len(following) and start not in seen:
        seen.add(start)
        parts.append(small[start * size:(start + 1) * size])
        start = following[start]
    return b"".join(parts)
