"""The command ``salesgoals ledger``: who changed which goal, when and why; is the ledger still whole?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.console import display_width, echo_json, pad, records_of, say_problems, whole_number
from salesgoals.words import say

if TYPE_CHECKING:
    from salesgoals.ledger import Ledger
    from salesgoals.show.html import Column
    from salesgoals.workspace import Workspace

BROKEN = 1  # exit code of verify when something was changed
SHORT = 12
MOST_PEOPLE = 60
#: question -> how many words follow it, at least and at most
QUESTIONS = {"history": (0, 0), "as-of": (1, 1), "diff": (1, 2), "verify": (0, 0), "undo": (1, 1)}


def ledger(workspace: str, ask: tuple[str, ...], version: str | None, who: str | None, why: str | None,
           head: str | None, out: str | None, json: bool) -> int:
    """Answer a question to the ledger, or undo an entry."""
    from salesgoals.ledger import open_ledger
    from salesgoals.recorded import mend_record
    from salesgoals.workspace import open_workspace

    question, points = (ask[0], ask[1:]) if ask else ("", ())
    least, most = QUESTIONS.get(question, (1, 0))
    if not least <= len(points) <= most:
        raise click.UsageError(say("cli.ledger_question", found=" ".join(ask)))
    opened = open_workspace(workspace)
    mend_record(opened)
    with open_ledger(opened) as book:
        if question == "verify":
            return _verify(opened, book, head, json)
        if question == "undo":
            return _undo(opened, book, whole_number("undo", points[0]), who, why, json)
        if book.head is None:
            raise SalesgoalsError(Problem("ledger.none_yet", place=book.url))
        return {"history": _history, "as-of": _goals, "diff": _differences}[question](
            book, points, version, out, json)


def _verify(opened: Workspace, book: Ledger, noted: str | None, json: bool) -> int:
    """Check the ledger; the plan's folder names an entry too, which has to be there."""
    from salesgoals.recorded import read_receipt

    found = book.verify(noted)
    problems, receipt = list(found.problems), read_receipt(opened)
    if receipt is not None and found.ok and receipt["hash"] not in set(book.history().hash):
        problems.append(Problem("cli.ledger_receipt_gone", entry=receipt["entry"],
                                hash=receipt["hash"][:SHORT]))
    ok = not any(problem.level == "stop" for problem in problems)
    if json:
        echo_json({"ok": ok, "entries": found.entries, "head": found.head,
                   "problems": [problem.text() for problem in problems]})
    else:
        click.echo(say("cli.ledger_ok" if ok else "cli.ledger_not_ok", n=found.entries, head=found.head))
        say_problems(problems)
    return 0 if ok else BROKEN


def _undo(opened: Workspace, book: Ledger, number: int, who: str | None, why: str | None, json: bool) -> int:
    from salesgoals.recorded import read_receipt

    missing = [name for name, value in (("--who", who), ("--why", why)) if not value]
    if missing:
        raise click.UsageError(say("cli.missing", name=", ".join(missing)))
    entry = book.undo(number, str(who), str(why))
    if json:
        echo_json({"undone": number, "entry": entry.entry, "hash": entry.hash})
    else:
        click.echo(say("cli.ledger_undone", entry=number, by=entry.entry))
        say_problems(list(entry.notes))
        if (read_receipt(opened) or {}).get("entry") == number:
            click.echo(say("cli.ledger_plan_stays", entry=number))
    return 0


def _history(book: Ledger, points: Sequence[str], version: str | None, out: str | None, json: bool) -> int:
    from salesgoals.show.ledger_parts import history_columns

    history = book.history()
    last = history.iloc[-1]
    shown = history if version is None else history[history.version == version]
    if json:
        echo_json(records_of(shown))
    else:
        head = f"{last.entry}:{last.hash[:SHORT]}"
        click.echo(say("cli.ledger_place", place=book.url, n=len(history), head=head))
        click.echo(_text(history_columns(shown)))
    return _written(shown, out, json)


def _goals(book: Ledger, points: Sequence[str], version: str | None, out: str | None, json: bool) -> int:
    from salesgoals.entries.views import sum_by_person
    from salesgoals.show.ledger_parts import goal_columns

    goals = book.as_of(points[0], version)
    if json:
        echo_json(records_of(goals))
    else:
        people = sum_by_person(goals)
        click.echo(say("cli.ledger_goals", n=len(goals)))
        if len(people):
            click.echo(_text(goal_columns(people.head(MOST_PEOPLE)), len(people) - MOST_PEOPLE))
    return _written(goals, out, json)


def _differences(book: Ledger, points: Sequence[str], version: str | None, out: str | None,
                 json: bool) -> int:
    from salesgoals.show.ledger_parts import diff_columns

    asked = (points[0], points[1] if len(points) > 1 else None, version)
    found = book.diff(*asked)
    if json:
        echo_json(records_of(found))
    elif found.empty:
        click.echo(say("ledger.nothing_differs"))
    else:
        people = book.diff_people(*asked)
        click.echo(say("cli.ledger_differs", n=len(found), people=people.person_id.nunique()))
        click.echo(_text(diff_columns(people.head(MOST_PEOPLE)), len(people) - MOST_PEOPLE))
    return _written(found, out, json)


def _text(columns: Sequence[Column], left: int = 0) -> str:
    """Lay columns out for the terminal, numbers to the right."""
    lines = [[column.head, *column.cells] for column in columns]
    widths = [max(map(display_width, line)) for line in lines]
    rows = ["  " + "  ".join(pad(cell, width, column.number) for cell, width, column in zip(
        row, widths, columns, strict=True)).rstrip() for row in zip(*lines, strict=True)]
    if left > 0:
        rows.append("  " + say("ledger.more_lines", n=left))
    return "\n".join(rows)


def _written(table: pd.DataFrame, out: str | None, json: bool) -> int:
    """Write every row as CSV that Excel opens as it should."""
    from salesgoals.tables import safe_for_excel
    from salesgoals.workspace import writing

    if out is not None:
        with writing(Path(out)) as draft:
            safe_for_excel(table).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
        if not json:
            click.echo(say("cli.ledger_written", file=out))
    return 0
