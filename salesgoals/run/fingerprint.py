"""Short marks of what a report is made from: the same inputs have the same mark, any change another."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.recorded import ledger_mark
from salesgoals.workspace import SETTINGS_FILE, Workspace

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


def mark_of_inputs(workspace: Workspace) -> str:
    """Give a mark of all that reports are made from: settings, tables, plan, pay plan, ledger, this code."""
    files = [workspace.folder / SETTINGS_FILE, workspace.folder / PAY_FILE]
    for name in ("tables", "plan"):
        files += sorted((workspace.folder / name).glob("*"))
    return mark(_mark_of_code(), ledger_mark(workspace), *_contents(files, workspace.folder))


@cache
def _mark_of_code() -> str:
    # Not the version number: it stays the same while somebody works on the package.
    package = Path(__file__).resolve().parents[1]
    files = [path for path in package.rglob("*") if path.suffix in _CODE and "_project" not in path.parts]
    return mark(*_contents(sorted(files), package))


def _contents(files: list[Path], folder: Path) -> list[str | bytes]:
    return [part for path in files if path.is_file()
            for part in (path.relative_to(folder).as_posix(), path.read_bytes())]
