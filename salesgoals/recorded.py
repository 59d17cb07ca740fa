"""The plan folder and the ledger together: a plan that was saved is recorded, whatever happens in between.

The folder comes first: it holds the goals and who wanted them why, so that the entry can be written from it
alone. A process that is killed before the entry is written leaves a plan that the next one records.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.entries.chain import Entry
from salesgoals.entries.views import TRAIL_COLUMNS
from salesgoals.ledger import login_name, open_ledger, rows_of_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import all_words, say
from salesgoals.workspace import Workspace, writing

RECEIPT = "ledger.json"   # beside the plan: which entry recorded it
TRAIL_FOLDER = "ledger"
PLAN_FILE, GOALS_FILE = "plan.json", "entry_goals.parquet"
SHORT = 12


@dataclass(frozen=True)
class Trail:
    """What the ledger says about each person, and its head as it can be noted elsewhere."""

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TRAIL_COLUMNS))
    head: str = ""
    problems: tuple[Problem, ...] = ()

    def only(self, mine: Collection[str]) -> Trail:
        """Cut it to some people; reasons of entries that also concern others may speak of them and go."""
        own = self.rows.person_id.isin(list(mine))
        shared = set(self.rows.entry[~own])
        rows = self.rows[own].reset_index(drop=True)
        return Trail(rows.assign(why=rows.why.where(~rows.entry.isin(shared), "")), self.head)


def entry_words(parameters: Mapping[str, Any], who: str | None, why: str | None,
                action: str | None = None, valid_from: str | None = None) -> dict[str, str]:
    """Say who saves a plan and why; without a reason of one's own, a plain sentence with total and method."""
    method = f"chart.method_{parameters.get('method')}"
    plain = say("ledger.why_plan", total=float(parameters.get("total") or 0), start=parameters.get("start"),
                months=int(parameters.get("months") or 0),
                method=say(method) if method in all_words() else parameters.get("method"))
    more = {"action": action, "valid_from": valid_from}
    return {"mark": uuid.uuid4().hex, "who": who or login_name(), "why": why or plain,
            **{name: value for name, value in more.items() if value is not None}}


def record_plan(workspace: Workspace) -> dict[str, Any] | None:
    """Record the plan that lies in the workspace's folder, once; returns its receipt.

    Returns
    -------
    dict or None
        mark, entry (number), hash; None where there is no plan, or one from before there were ledgers.

    Raises
    ------
    SalesgoalsError
        If the ledger cannot be written; the plan stays saved and is recorded on the next occasion.
    """
    folder = workspace.folder / "plan"
    while (wanted := _wanted(folder)) is not None:
        receipt = read_receipt(workspace)
        if receipt is not None and receipt["mark"] == wanted["mark"]:
            return receipt
        try:
            entry = _record(workspace, folder, wanted)
        except FileNotFoundError:  # another plan took its place: look again
            continue
        if _is_still(folder, wanted):
            receipt = {"mark": wanted["mark"], "entry": entry.entry, "hash": entry.hash}
            with writing(folder / RECEIPT) as draft:
                draft.write_text(json.dumps(receipt), encoding="utf-8")
            return receipt
    return None


def _record(workspace: Workspace, folder: Path, wanted: dict[str, str]) -> Entry:
    goals = rows_of_plan(pd.read_parquet(folder / GOALS_FILE))
    version = str(goals.version.iloc[0]) if len(goals) else "proposed"
    with open_ledger(workspace) as ledger:
        # Somebody may save another plan meanwhile: theirs is then the one to be recorded.
        return ledger.record(version, goals, who=wanted["who"], why=wanted["why"], replaces="same_period",
                             action=wanted.get("action"), valid_from=wanted.get("valid_from"),
                             mark=wanted["mark"], only_if=lambda: _is_still(folder, wanted))


def _wanted(folder: Path) -> dict[str, str] | None:
    try:
        found = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8")).get("entry")
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _is_still(folder: Path, wanted: dict[str, str]) -> bool:
    return _wanted(folder) == wanted


def read_receipt(workspace: Workspace) -> dict[str, Any] | None:
    """Read which entry recorded the plan in the folder; None while it is not recorded."""
    try:
        return dict(json.loads((workspace.folder / "plan" / RECEIPT).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


def mend_record(workspace: Workspace) -> None:
    """Record a plan whose saving was cut short; what cannot be reached now is tried again next time."""
    with suppress(SalesgoalsError, OSError):
        record_plan(workspace)


def ledger_mark(workspace: Workspace) -> str:
    """Give a mark of the ledger as it is now: reports from before an entry are made again after it."""
    try:
        with open_ledger(workspace) as ledger:
            head = ledger.head
            return "" if head is None else head.hash
    except SalesgoalsError as error:
        return str(error.problems[0].code)


def _span(workspace: Workspace) -> tuple[str, str]:
    """First and last day of the plan in the folder."""
    text = (workspace.folder / "plan" / PLAN_FILE).read_text(encoding="utf-8")
    asked = json.loads(text)["parameters"]
    first = pd.Period(asked["start"], "M")
    return f"{first.start_time:%Y-%m-%d}", f"{(first + int(asked['months']) - 1).end_time:%Y-%m-%d}"


def read_trail(workspace: Workspace) -> Trail:
    """Read who changed whose goals of the plan's months; kept, so that hundreds of reports read it once.

    Returns
    -------
    Trail
        Empty where there is no ledger, or where it cannot be read: then with the reason.
    """
    try:
        with open_ledger(workspace) as ledger:
            head = ledger.head
            if head is None or head.entry == 0:
                return Trail()
            first, last = _span(workspace)
            name = f"{head.hash[:SHORT]}_{first}_{last}.parquet"
            kept = workspace.folder / "plan" / TRAIL_FOLDER / name
            if not kept.exists():
                rows = ledger.trail(first, last)
                with suppress(OSError), writing(kept) as draft:  # reports can be read from a folder of others
                    rows.to_parquet(draft)
            else:
                rows = pd.read_parquet(kept)
    except SalesgoalsError as error:
        return Trail(problems=tuple(error.problems))
    return Trail(rows, f"{head.entry}:{head.hash[:SHORT]}")
