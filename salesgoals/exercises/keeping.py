"""Working out once what a learner is held against: most try more than once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

from salesgoals.workspace import Workspace

Found = TypeVar("Found")
MOST = 4        # companies at once


def kept(work: Callable[[Workspace], Found]) -> Callable[[Workspace], Found]:
    """Keep what a function finds in a workspace until a file of the workspace changes."""
    found: OrderedDict[tuple[object, ...], Found] = OrderedDict()

    @wraps(work)
    def once(workspace: Workspace) -> Found:
        key = _state(workspace.folder)
        if key not in found:
            found[key] = work(workspace)
            while len(found) > MOST:
                found.popitem(last=False)
        return found[key]
    return once


def _state(folder: Path) -> tuple[object, ...]:
    """The folder with the times of its files, two levels deep: tables, plan, ledger, settings, sessions."""
    files = sorted((*folder.glob("*"), *folder.glob("*/*")))
    return str(folder), tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file())
