"""The ledger as people read it: who changed what, when and why, and how two states differ."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from salesgoals.entries.times import local_times
from salesgoals.ledger import Point, open_ledger
from salesgoals.readers import Report
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import NOTHING, format_exact
from salesgoals.words import all_words, say
from salesgoals.workspace import Workspace

LAST_ENTRIES = 12
MOST_LINES = 40
SHORT_NAME = 20  # letters that are better kept on one line


def ledger_history(workspace: Workspace, last: int | None = None) -> Part:
    """Show the ledger's entries: who changed how many goals, when, why, from which sum to which.

    Parameters
    ----------
    workspace : Workspace
        Whose ledger to show.
    last : int, optional
        Only so many of the last entries.

    Returns
    -------
    Part
        A sentence where there is no ledger yet.
    """
    with open_ledger(workspace) as ledger:
        history = ledger.history()
        if history.empty:
            return Part(f"<p>{escape(say('ledger.none_yet', place=Path(ledger.url).name))}</p>")
    return Part(write_table(history_columns(history if last is None else history.tail(last))))


def ledger_diff(workspace: Workspace, a: Point, b: Point | None = None, version: str | None = None,
                rows: int = MOST_LINES) -> Part:
    """Show whose goals differ between two moments or two versions, and by how much.

    Parameters
    ----------
    workspace : Workspace
        Whose ledger to read.
    a, b, version
        As in :meth:`salesgoals.ledger.Ledger.diff`.
    rows : int
        How many people at most, those whose goals moved furthest first.
    """
    with open_ledger(workspace) as ledger:
        people = ledger.diff_people(a, b, version)
    if people.empty:
        return Part(f"<p>{escape(say('ledger.nothing_differs'))}</p>")
    note = say("ledger.more_lines", n=len(people) - rows) if len(people) > rows else ""
    table = write_table(diff_columns(people.head(rows)))
    return Part(table + (f'<p class="quiet">{escape(note)}</p>' if note else ""))


def say_action(action: str) -> str:
    """Name what was done; a name of one's own stays."""
    return _named("ledger.action_", action)


def say_version(version: str) -> str:
    """Name a version of the goals; a name of one's own stays."""
    return _named("ledger.version_", version)


def _named(begin: str, code: str) -> str:
    return say(begin + code) if begin + code in all_words() else code


def history_columns(history: pd.DataFrame) -> list[Column]:
    """Lay out entries for people, on a page or on a terminal."""
    return [
        Column(say("ledger.entry"), [str(entry) for entry in history.entry]),
        Column(say("ledger.at"), [f"{at:%Y-%m-%d %H:%M}" for at in history["at"]], number=False,
               one_line=True),
        _short(say("ledger.who"), history.who.tolist()),
        _short(say("ledger.action"), _actions(history)),
        Column(say("ledger.goals_changed"), [format_exact(count) for count in history.rows]),
        Column(say("ledger.before_sum"), _amounts(history.before)),
        Column(say("ledger.after_sum"), _amounts(history.after)),
        Column(say("ledger.total"), _amounts(history.total)),
        Column(say("ledger.why"), [why.split("\n")[0] for why in history.why], number=False)]


def _short(head: str, texts: list[str]) -> Column:
    """Names that are short stay on one line."""
    return Column(head, texts, number=False, one_line=max(map(len, texts), default=0) <= SHORT_NAME)


def _actions(history: pd.DataFrame) -> list[str]:
    """Say what was done, and in which version where that does not go without saying."""
    told = []
    for action, version, undoes in zip(history.action, history.version, history.undoes, strict=True):
        done = say_action(action) if pd.isna(undoes) else say("ledger.undoes", entry=int(undoes))
        own = done == say_version(version)
        told.append(done if own else say("ledger.done_in", action=done, version=say_version(version)))
    return told


def diff_columns(people: pd.DataFrame) -> list[Column]:
    """Lay out what differs for each person."""
    columns = _who_columns(people)
    return [*columns, Column(say("ledger.goals_changed"), [format_exact(count) for count in people.rows]),
            Column(say("ledger.before"), _amounts(people.before)),
            Column(say("ledger.after"), _amounts(people.after)),
            Column(say("ledger.change"), _changes(people.change))]


def goal_columns(people: pd.DataFrame) -> list[Column]:
    """Lay out the goals of a moment, a line for each person."""
    counts = Column(say("ledger.goals"), [format_exact(count) for count in people.rows])
    return [*_who_columns(people), counts, Column(say("ledger.goal"), _amounts(people.goal))]


def _who_columns(people: pd.DataFrame) -> list[Column]:
    columns = [Column(say("ledger.person"), [_name(row) for row in people.itertuples()], number=False),
               Column(say("ledger.team"), _texts(people.team), number=False)]
    if people.version.nunique() > 1:
        columns.append(Column(say("ledger.version"), [say_version(name) for name in people.version],
                              number=False))
    if people.metric.nunique() > 1:
        columns.append(Column(say("ledger.metric"), [_named("metric.", str(name)) for name in people.metric],
                              number=False))
    return columns


def _name(row: object) -> str:
    names = [getattr(row, name, None) for name in ("person", "person_id")]
    known = [name for name in names if isinstance(name, str)]
    if not known:
        return say("ledger.whole_team")
    return f"{known[0]} ({known[1]})" if len(known) > 1 and known[0] != known[1] else known[0]


def _texts(values: pd.Series) -> list[str]:
    return [value if isinstance(value, str) else NOTHING for value in values]


def _amounts(values: pd.Series) -> list[str]:
    return [format_exact(value) for value in values.astype("object").where(values.notna(), None)]


def _changes(values: pd.Series) -> list[str]:
    plain = values.astype("object").where(values.notna(), None)
    return [NOTHING if value is None else ("+" if value > 0 else "") + format_exact(value) for value in plain]


def changes_section(report: Report) -> list[Part]:
    """Say what changed since the goals were first proposed: who, when, why; own rows only for other readers.

    Parameters
    ----------
    report : Report
        Its trail holds only the reader's own people; why is empty where an entry also concerned others.

    Returns
    -------
    list of Part
        One sentence where there is no ledger (whole company); empty for other readers then.
    """
    trail = report.ledger.rows
    if report.ledger.problems:
        return [Part(f"<p>{escape(problem.text())}</p>") for problem in report.ledger.problems]
    trail = trail[trail.metric == "amount"]
    if trail.empty:
        return [Part(f"<p>{escape(say('ledger.section_empty'))}</p>")] if report.by == "all" else []
    entries = trail.groupby("entry", sort=True).agg(
        at=("at", "first"), who=("who", "first"), why=("why", "first"), action=("action", "first"),
        version=("version", "first"), undoes=("undoes", "first"), rows=("rows", "sum"),
        before=("before", lambda values: values.sum(min_count=1)),
        after=("after", lambda values: values.sum(min_count=1))).reset_index()
    step = entries.after.fillna(0) - entries.before.fillna(0)
    entries["total"] = step.groupby(entries.version).cumsum()
    entries["at"] = local_times(entries["at"], report.settings.time_zone)
    shown = history_columns(entries.tail(LAST_ENTRIES))
    if not any(shown[-1].cells):
        shown = shown[:-1]
    left = len(entries) - LAST_ENTRIES
    note = f'<p class="quiet">{escape(say("ledger.entries_before", n=left))}</p>' if left > 0 else ""
    return [Part(f"<p>{escape(_since_first(report, trail, entries) + _against_plan(report, entries))}</p>"),
            Part(write_table(shown, small=True)), Part(note)]


def _since_first(report: Report, trail: pd.DataFrame, entries: pd.DataFrame) -> str:
    """Compare what was proposed first with what holds now."""
    first = entries.iloc[0]
    now = "agreed" if (entries.version == "agreed").any() else str(first.version)
    then = trail[trail.entry == first.entry].set_index("person_id").after
    step = trail.after.fillna(0) - trail.before.fillna(0)
    held = step[trail.version == now].groupby(trail.person_id[trail.version == now]).sum()
    both = pd.concat([then, held], axis=1, keys=["then", "now"]).fillna(0)
    moved = int((both.then - both.now).abs().gt(0.005).sum())
    key = "person" if report.by == "person" else "several"
    day, before = f"{first['at']:%Y-%m-%d}", format_exact(both.then.sum())
    if not moved:
        return say(f"ledger.unchanged_{key}", day=day, total=before)
    return say(f"ledger.changed_{key}", day=day, then=before, now=format_exact(both.now.sum()),
               version=say_version(now), moved=moved, people=len(both))


def _against_plan(report: Report, entries: pd.DataFrame) -> str:
    """Warn where an undo or a later entry left the ledger with other goals than the plan of this report."""
    own = entries.total[entries.version == report.parameters.get("version")]
    goal = float(report.plan.goals.goal[report.plan.goals.metric == "amount"].sum())
    if own.empty or abs(own.iloc[-1] - goal) < 1:
        return ""
    return say("ledger.not_this_plan", ledger=format_exact(float(own.iloc[-1])), plan=format_exact(goal))
