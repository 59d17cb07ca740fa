"""Short marks of what something is made from: the same inputs have the same mark, any change another."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_CODE = {".py", ".toml", ".j2", ".css", ".js"}


def mark(*parts: str | bytes) -> str:
    """Give a short mark of some texts, their order and where one ends and the next begins.

    Examples
    --------
    >>> mark("a", "b") == mark("a", "b"), mark("a", "b") == mark("ab")
    (True, False)
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]


@cache
def mark_of_code() -> str:
    """Give a mark of this package; not its version, which stays the same while somebody works on it."""
    package = Path(__file__).resolve().parent
    files = [path for path in package.rglob("*") if path.suffix in _CODE and "_project" not in path.parts]
    return mark(*contents(sorted(files), package))


def contents(files: list[Path], folder: Path) -> list[str | bytes]:
    """List name and content of each file there is."""
    return [part for path in files if path.is_file()
            for part in (path.relative_to(folder).as_posix(), path.read_bytes())]
