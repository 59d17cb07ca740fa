"""The session of a retrospective as data: facts, causes, decisions, actions, in files for people."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from salesgoals.looping.learnt import Day, Frozen, check_place
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import read_settings, writing

SESSION_FILE = "session.toml"
AGREED, KINDS = ("yes", "no", "unsure"), ("stop", "improve", "test")
STATES = ("open", "doing", "done", "dropped")
OVER = ("done", "dropped")
Agreed = Literal["yes", "no", "unsure"]


class Fact(Frozen):
    """One thing that happened, as figures; what it means is not decided here."""

    code: str
    by: Literal["all", "team", "person"] = "all"
    unit: str = "all"
    values: dict[str, float | str] = Field(default_factory=dict)


class Cause(Frozen):
    """One possible reason for the gap, with its money, and whether those present agree."""

    code: str
    by: Literal["all", "team", "person"] = "all"
    unit: str = "all"
    amount: float | None = None
    agreed: Agreed = "unsure"
    note: str = ""


class Decision(Frozen):
    """What is stopped, improved or tried from now on."""

    kind: Literal["stop", "improve", "test"]
    text: str = Field(min_length=1)


class Action(Frozen):
    """One thing that somebody does until a day; what is missing in it is said when it is to be kept.

    Parameters
    ----------
    what : str
        What is done.
    owner : str
        Id or name of the person who does it; kept as the id.
    due : str
        Until when; kept as ``YYYY-MM-DD``.
    cause : str
        The cause that it is meant to change: a code of the session's causes, or words.
    measure : str
        The figure that will show it.
    status : str
        open, doing, done or dropped.
    note : str
        Anything else.
    id : str
        Given when the session is saved.
    """

    what: str = ""
    owner: str = ""
    due: str = ""
    cause: str = ""
    measure: str = ""
    status: Literal["open", "doing", "done", "dropped"] = "open"
    note: str = ""
    id: str = ""


class Session(Frozen):
    """A retrospective of one period: what happened, why, what is decided, who does what until when."""

    format: Literal[1] = 1
    period: str
    start: Day
    end: Day
    day: Day
    facts: list[Fact] = Field(default_factory=list)
    causes: list[Cause] = Field(default_factory=list)
    decisions: list[Decision] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)

    def agree(self, code: str, agreed: Agreed, unit: str = "all", note: str | None = None) -> Session:
        """Note whether those present agree to a cause; returns the session with it.

        Raises
        ------
        SalesgoalsError
            If the session has no such cause.
        """
        if not any((cause.code, cause.unit) == (code, unit) for cause in self.causes):
            known = ", ".join(f"{cause.code} ({cause.unit})" for cause in self.causes) or "-"
            raise SalesgoalsError(Problem("cycle.no_such_cause", found=f"{code} ({unit})", known=known))
        update: dict[str, Any] = {"agreed": agreed, **({} if note is None else {"note": note})}
        return self.model_copy(update={"causes": [
            cause.model_copy(update=update) if (cause.code, cause.unit) == (code, unit) else cause
            for cause in self.causes]})

    def decide(self, kind: Literal["stop", "improve", "test"], text: str) -> Session:
        """Add a decision; returns the session with it."""
        return self.model_copy(update={"decisions": [*self.decisions, Decision(kind=kind, text=text)]})

    def add(self, action: Action) -> Session:
        """Add an action; returns the session with it."""
        return self.model_copy(update={"actions": [*self.actions, action]})


def write_session(path: Path, session: Session) -> None:
    """Write facts, causes and decisions as TOML; the actions stand in a table beside it."""
    plain = session.model_dump()
    lines = [f"{name} = {_value(plain[name])}" for name in ("format", "period", "start", "end", "day")]
    for table, rows in (("fact", plain["facts"]), ("cause", plain["causes"]),
                        ("decision", plain["decisions"])):
        for row in rows:
            lines += ["", f"[[{table}]]", *(f"{name} = {_value(value)}" for name, value in row.items()
                                            if value is not None)]
    text = "\n".join([*lines, ""])
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    with writing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def read_session(path: Path, actions: Sequence[Action] = ()) -> Session:
    """Read what :func:`write_session` wrote, also after people changed it by hand; every mistake is named."""
    file = f"{path.parent.name}/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SalesgoalsError(Problem("cycle.session_unreadable", file=file, found=str(error))) from error
    tables = {"fact": "facts", "cause": "causes", "decision": "decisions"}
    known: dict[str, Any] = {tables.get(name, name): value for name, value in raw.items()}
    session = read_settings(Session, known, file)
    check_place(path, session.period, session.start, session.end)
    return session.model_copy(update={"actions": list(actions)})


def _value(value: Any) -> str:
    """Write a value as TOML: its strings are JSON's, but for one character."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(str(key))} = {_value(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
