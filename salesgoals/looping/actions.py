"""Actions of retrospectives: checked before they are kept, every change of them on record."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.allocation.finder import is_blank
from salesgoals.looping.session import OVER, STATES, Action
from salesgoals.problems import Problem, raise_if_any
from salesgoals.sources.dates import parse_dates
from salesgoals.words import all_words
from salesgoals.workspace import writing

ACTIONS_FILE, LOG_FILE = "actions.csv", "actions_log.csv"
FIELDS = ("id", "what", "owner", "due", "cause", "measure", "status", "note")
LOG = ("at", "who", "id", "field", "before", "after")
LISTED = ["period", "id", "what", "person_id", "owner", "due", "cause", "measure", "status", "note",
          "overdue", "days_late"]
NEAR = .5
#: what Excel would take for a formula, and the same made a text
_FORMULA, _GUARDED = re.compile(r"'*[=+\-@]"), re.compile(r"'+[=+\-@]")


def check_action(written: Mapping[str, Any], people: pd.DataFrame, day: pd.Timestamp, *, known: bool = False,
                 **place: Any) -> tuple[Action | None, list[Problem]]:
    """Check one action as somebody wrote it: what, who, until when.

    Parameters
    ----------
    written : mapping
        what, owner (id or name), due (any usual date), cause, measure, status, note, id.
    people : DataFrame
        Columns person_id, name; empty: any owner is taken.
    day : Timestamp
        The day of the session.
    known : bool
        It was agreed on before: then its day may have passed.
    **place
        file, sheet, row: where it stands.

    Returns
    -------
    tuple of (Action or None, list of Problem)
        None with the reasons, all of them, where it cannot be kept.
    """
    text = {name: "" if is_blank(written.get(name)) else " ".join(str(written[name]).split())
            for name in FIELDS}
    problems: list[Problem] = []
    if not text["what"]:
        problems.append(Problem("cycle.action_without_what", **place, owner=text["owner"] or "-"))
    named: dict[str, Any] = {"what": text["what"] or "-"}
    owner, found = _find_owner(text["owner"], people)
    if found is not None:
        problems.append(Problem(found[0], **place, **named, found=text["owner"] or None, **found[1]))
    due = _read_day(written.get("due"))
    if is_blank(written.get("due")):
        problems.append(Problem("cycle.action_without_due", **place, **named))
    elif due is None:
        problems.append(Problem("cycle.action_due_unreadable", **place, **named, found=str(written["due"])))
    elif due < day and not known:
        problems.append(Problem("cycle.action_due_past", **place, **named, found=f"{due:%Y-%m-%d}",
                                day=f"{day:%Y-%m-%d}"))
    status = _state(text["status"])
    if status is None:
        problems.append(Problem("cycle.action_status_unknown", **place, **named, found=text["status"],
                                known=", ".join(STATES)))
    if problems or due is None or status is None:
        return None, problems
    return Action.model_validate({**text, "owner": owner, "due": f"{due:%Y-%m-%d}", "status": status}), []


def _find_owner(text: str, people: pd.DataFrame) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    """Find whom an id or a name means; two of one name are never guessed between."""
    if not text:
        return "", ("cycle.action_without_owner", {})
    ids = people.person_id.astype(str).tolist()
    if people.empty or text in ids:
        return text, None
    shorn = [one for one in ids if one.lstrip("0") == text.lstrip("0")]  # a spreadsheet took the zeros
    named = people.person_id[people["name"] == text].astype(str).tolist() or shorn
    if len(named) == 1:
        return named[0], None
    if named:
        return "", ("cycle.action_owner_twice", {"known": ", ".join(named)})
    names = [str(name) for name in people["name"].dropna()]
    near = difflib.get_close_matches(text, [*names, *ids], 1, NEAR)
    return "", ("cycle.action_owner_unknown", {"nearest": near[0] if near else names[0] if names else "-"})


def _read_day(value: Any) -> pd.Timestamp | None:
    if is_blank(value):
        return None
    if hasattr(value, "year"):
        return pd.Timestamp(value).normalize()
    read = parse_dates(pd.Series([str(value).strip()], dtype=object), "ymd").values.iloc[0]
    return None if pd.isna(read) else pd.Timestamp(read).normalize()


def _state(text: str) -> str | None:
    """Read a status in the words of either language; blank is open."""
    if not text:
        return "open"
    for state in STATES:
        if text.lower() in (state, *(word.lower() for word in all_words()[f"cycle.status_{state}"].values())):
            return state
    return None


def keep_actions(folder: Path, actions: Sequence[Action], who: str, period: str) -> list[Action]:
    """Write the actions of a retrospective, and below the log what has changed since.

    Parameters
    ----------
    folder : Path
        Of the period.
    actions : sequence of Action
        All of them; those without an id get the next one.
    who : str
        Who changes them.
    period : str
        Its name, the beginning of the ids.

    Returns
    -------
    list of Action
        As they were written.
    """
    before = {action.id: action for action in read_actions(folder)}
    ends = [name.rpartition("#")[2] for name in [*before, *(action.id for action in actions)]]
    number = max([int(end) for end in ends if end.isdigit()], default=0)
    kept: list[Action] = []
    for action in actions:
        if not action.id:
            number += 1
            action = action.model_copy(update={"id": f"{period}#{number}"})
        kept.append(action)
    gone = [action for name, action in before.items() if name not in {one.id for one in kept}]
    kept += gone  # an action ends by its status, never by being left out
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    log = [[at, who, action.id, field, getattr(before.get(action.id), field, ""), getattr(action, field)]
           for action in kept for field in FIELDS[1:]
           if getattr(before.get(action.id), field, "") != getattr(action, field)]
    if log:
        earlier = _rows(folder / LOG_FILE)
        _write(folder / LOG_FILE, LOG, [*([row[name] for name in LOG] for row in earlier), *log])
    if log or not (folder / ACTIONS_FILE).exists():
        _write(folder / ACTIONS_FILE, FIELDS, [[getattr(action, name) for name in FIELDS] for action in kept])
    return kept


def read_actions(folder: Path) -> list[Action]:
    """Read the actions of a period's folder; none where there is no file. Every mistake in it is named."""
    found: list[Action] = []
    problems: list[Problem] = []
    file = f"{folder.name}/{ACTIONS_FILE}"
    for number, row in enumerate(_rows(folder / ACTIONS_FILE), 2):
        nobody = pd.DataFrame({"person_id": [], "name": []})
        action, wrong = check_action(row, nobody, pd.Timestamp(0), known=True, file=file, row=number)
        problems += wrong
        if action is not None:
            found.append(action)
    raise_if_any(problems)
    return found


def read_log(folder: Path) -> pd.DataFrame:
    """Read every change of a period's actions: at, who, id, field, before, after."""
    return pd.DataFrame(_rows(folder / LOG_FILE), columns=list(LOG), dtype="str")


def list_actions(folders: Sequence[Path], people: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """List the actions of several periods that are not over yet, late ones first.

    Returns
    -------
    DataFrame
        Columns period, id, what, person_id (of the owner), owner (name), due (date), cause, measure, status,
        note, overdue, days_late.
    """
    rows = [{"period": folder.name, **action.model_dump()} for folder in folders
            for action in read_actions(folder) if action.status not in OVER]
    table = pd.DataFrame(rows, columns=["period", *FIELDS]).rename(columns={"owner": "person_id"})
    names = people.drop_duplicates("person_id").set_index("person_id")["name"]
    due = pd.to_datetime(table.due).astype("datetime64[us]")
    late = (day - due).dt.days.clip(lower=0)
    table = table.assign(owner=table.person_id.map(names).fillna(table.person_id).astype("str"), due=due,
                         overdue=(late > 0).astype(bool), days_late=late.astype("int64"))
    return table.sort_values(["due", "id"], ignore_index=True)[LISTED]


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value[1:] if _GUARDED.match(value) else value for name, value in row.items()
                 if name is not None and isinstance(value, str)} for row in csv.DictReader(file)]


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with writing(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows([[f"'{cell}" if _FORMULA.match(str(cell)) else cell for cell in row]
                         for row in rows])
