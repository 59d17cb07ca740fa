"""What retrospectives handed on, as it lies in the workspace: written whole, checked when it is read."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pandas as pd

from salesgoals.forecasting.book import first_month
from salesgoals.looping.learnt import Learnt, check_place
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import Workspace, read_settings, writing

FOLDER, LEARNT_FILE = "retro", "learnt.json"
LAST = "last"


def keep_learnt(workspace: Workspace, learnt: Learnt) -> Path:
    """Keep what a retrospective hands on, beside its session; an older one of the same period is replaced."""
    path = workspace.folder / FOLDER / learnt.period / LEARNT_FILE
    if path.exists():
        with suppress(SalesgoalsError):  # the same on another day is no news
            if read_learnt(path).model_copy(update={"made_on": learnt.made_on}) == learnt:
                return path
    with writing(path) as draft:
        draft.write_text(learnt.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    return path


def read_learnt(path: Path) -> Learnt:
    """Read a kept file; whatever in it is not as it was written is named, nothing in it is executed."""
    file = f"{path.parent.name}/{path.name}"
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError, RecursionError) as error:
        raise SalesgoalsError(Problem("cycle.learnt_unreadable", file=file, found=str(error))) from error
    if not isinstance(raw, dict):
        raise SalesgoalsError(Problem("cycle.learnt_unreadable", file=file, found=type(raw).__name__))
    learnt = read_settings(Learnt, raw, file)
    check_place(path, learnt.period, learnt.start, learnt.end)
    return learnt


def list_learnt(workspace: Workspace) -> list[str]:
    """List the periods whose retrospectives handed something on, as folders are named."""
    return sorted(path.parent.name for path in (workspace.folder / FOLDER).glob(f"*/{LEARNT_FILE}"))


def learnt_from(workspace: Workspace, which: str | Learnt | None = LAST,
                start: object = None) -> Learnt | None:
    """Open what a retrospective handed on, for goals from a month on.

    Parameters
    ----------
    workspace : Workspace
        Where ``retro/<period>/learnt.json`` lies.
    which : str or Learnt, optional
        ``"last"``: the retrospective whose period ended last before ``start``; the name of a period; None:
        nothing is taken over.
    start : month, optional
        First month of the goals; a period that ended later can teach them nothing without cheating.

    Returns
    -------
    Learnt or None
        None where nothing is asked for, or ``"last"`` finds none.

    Raises
    ------
    SalesgoalsError
        If the named one does not exist, the file is damaged, or it looked at sales of the goals' months.
    """
    if which is None or isinstance(which, Learnt):
        return which
    names = list_learnt(workspace)
    if which != LAST:
        if which not in names:
            raise SalesgoalsError(Problem("cycle.no_such_retro", found=which, known=", ".join(names) or "-"))
        return read_learnt(workspace.folder / FOLDER / which / LEARNT_FILE)
    known = [read_learnt(workspace.folder / FOLDER / name / LEARNT_FILE) for name in names]
    if start is not None:
        first = first_month(start, "start")
        known = [one for one in known if pd.Timestamp(one.end) < first]
    return max(known, key=lambda one: (one.end, one.start), default=None)
