"""Where the ledger of a workspace lies, and who is sitting at this computer."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say
from salesgoals.workspace import LEDGER_FILE, Workspace

URL_VARIABLE = "SALESGOALS_LEDGER"


def ledger_place(workspace: Workspace, url: str | None = None) -> str | Path:
    """Tell where a workspace's ledger lies: a file, or the address of a database.

    Raises
    ------
    SalesgoalsError
        If ``workspace.toml``, which is mailed with the workspace, holds a password.
    """
    named = workspace.settings.ledger
    if url:
        return url
    if named and "://" not in named:
        return workspace.folder / named
    if named and "@" in named and ":" in named.partition("://")[2].rpartition("@")[0]:
        raise SalesgoalsError(Problem("ledger.password", file="workspace.toml", variable=URL_VARIABLE))
    return os.environ.get(URL_VARIABLE) or named or workspace.folder / LEDGER_FILE


def login_name() -> str:
    """Return the name under which this computer's user has logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return say("ledger.unknown_user")
