"""What reports are made from, as a short mark: a report is made again when it changes."""

from __future__ import annotations

from pathlib import Path

from salesgoals.marks import contents, mark, mark_of_code
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.recorded import ledger_mark
from salesgoals.workspace import SETTINGS_FILE, Workspace


def mark_of_inputs(workspace: Workspace, folders: tuple[str | Path, ...] = ("tables", "plan")) -> str:
    """Give a mark of all that reports are made from: settings, tables, plan, pay plan, ledger, this code.

    Parameters
    ----------
    workspace : Workspace
        Whose reports.
    folders : tuple of str or Path
        The folders of the workspace whose files count.
    """
    files = [workspace.folder / SETTINGS_FILE, workspace.folder / PAY_FILE]
    for name in folders:
        files += sorted((workspace.folder / name).glob("*"))
    return mark(mark_of_code(), ledger_mark(workspace), *contents(files, workspace.folder))
