"""Is there a process that everybody follows? What the ledger, the retrospectives and their actions show."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from salesgoals.lapses.finding import ACT, TALK, Finding
from salesgoals.ledger import open_ledger
from salesgoals.looping.actions import ACTIONS_FILE, list_actions, read_actions
from salesgoals.looping.kept import FOLDER
from salesgoals.looping.session import SESSION_FILE
from salesgoals.periods import Period, read_period
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Workspace

TIME_TO_MEET = 31       # days after a period in which a retrospective may still come
LATE, FEW = 1 / 3, 3    # of the actions that are not over yet
REMEDIES = ("retro", "ledger")


def judge_habits(workspace: Workspace, goals: pd.DataFrame, period: Period, day: pd.Timestamp) -> Finding:
    """Judge whether goals are looked back at and whether what was decided is done.

    Parameters
    ----------
    workspace : Workspace
        Its ledger and its retrospectives on file.
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period.
    day : Timestamp
        Today, as far as the records go.
    """
    finding = Finding("habits", remedies=REMEDIES)
    held = _held(workspace.folder / FOLDER)
    overlapping = [at for at in held if at.start <= period.end and at.end >= period.start]
    kept_here = bool(len(goals)) and set(goals.source) <= {"ledger", "plan"}
    entries = _entries(workspace)
    if entries:
        finding.add("ledger_kept", count=entries)
    if held:
        finding.clear()
        finding.add("retros_held", count=len(held), last=max(held, key=lambda at: at.end).name)
    if kept_here and not overlapping and day >= period.end + pd.Timedelta(days=TIME_TO_MEET):
        finding.add("no_retro", grave=TALK, period=period.name, days=(day - period.end).days)
    _say_actions(finding, workspace, day)
    if kept_here and overlapping:
        finding.clear()
    if finding.found == "unknown":
        finding.add("nothing_on_file")
        finding.add("ask_retro")
    finding.add("ask_sop")
    return finding


def answers_on_record(workspace: Workspace, period: Period) -> int:
    """Count what was done about goals within a period: changes in the ledger and actions that were agreed."""
    first, last = period.start, period.end + pd.Timedelta(days=TIME_TO_MEET)
    folders = [path.parent for path in sorted((workspace.folder / FOLDER).glob(f"*/{ACTIONS_FILE}"))]
    count = 0
    try:
        with open_ledger(workspace) as ledger:
            entries = ledger.history()
            at = pd.to_datetime(entries["at"]).dt.tz_localize(None)
            count += int(((at >= first) & (at <= last) & (entries.action == "adjusted")).sum())
        dates = [pd.to_datetime(action.due) for folder in folders for action in read_actions(folder)]
        count += sum(bool(first <= due <= last) for due in dates)
    except SalesgoalsError:
        return count
    return count


def _held(folder: Path) -> list[Period]:
    """List the periods of which a session is on file."""
    found = []
    for path in sorted(folder.glob(f"*/{SESSION_FILE}")):
        try:
            found.append(read_period(path.parent.name))
        except SalesgoalsError:
            continue    # a folder of somebody's own
    return found


def _entries(workspace: Workspace) -> int:
    try:
        with open_ledger(workspace) as ledger:
            return 0 if ledger.head is None else ledger.head.entry
    except SalesgoalsError:
        return 0


def _say_actions(finding: Finding, workspace: Workspace, day: pd.Timestamp) -> None:
    folders = sorted(path.parent for path in (workspace.folder / FOLDER).glob(f"*/{ACTIONS_FILE}"))
    try:
        actions = list_actions(folders, workspace.tables["people"], day)
    except SalesgoalsError:
        finding.add("actions_unreadable", grave=TALK)
        return
    if actions.empty:
        return
    late = actions[actions.overdue]
    grave = ACT if len(late) >= FEW and len(late) >= LATE * len(actions) else 0
    finding.clear()
    finding.add("actions", grave=grave, count=len(late), of=len(actions),
                days=int(late.days_late.max()) if len(late) else 0)
