"""``salesgoals adjust``: propose new goals after an event; with --approve they come into force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.console import echo_json, records_of, say_problems
from salesgoals.words import say

if TYPE_CHECKING:
    from salesgoals.adjust import Adjustment
    from salesgoals.adjusting.events import Event
    from salesgoals.show.html import Column
    from salesgoals.workspace import Workspace

LOOK = 3  # exit code: done, but something wants a person
EVENTS = ("join", "leave", "move", "customers", "shock", "reach", "wish")
MOST_LINES = 60


def adjust(workspace: str, join: str | None, leave: str | None, move: str | None, customers: str | None,
           shock: str | None, reach: str | None, wish: str | None, start: str | None, to: tuple[str, ...],
           account: tuple[str, ...], of: str | None, keep_total: bool, without_goal: bool, running: str,
           name: str | None, limit: str, chance: str, approve: bool, undo: str | None, who: str | None,
           why: str | None, out: str | None, json: bool) -> int:
    """Show what an event asks of the goals, approve it, or take an adjustment back."""
    from salesgoals.adjust import propose_adjustment
    from salesgoals.workspace import open_workspace

    given = {"join": join, "leave": leave, "move": move, "customers": customers, "shock": shock,
             "reach": reach, "wish": wish}
    asked = {event: text for event, text in given.items() if text}
    opened = open_workspace(workspace)
    if undo is not None:
        return _undo(opened, undo, who, why, json)
    if len(asked) != 1:
        known = ", ".join(f"--{event}" for event in EVENTS)
        raise click.UsageError(say("adjust.cli_one_event", known=known))
    if not start:
        raise click.UsageError(say("cli.missing", name="--from"))
    kind, text = asked.popitem()
    event = _read_event(kind, text, start, list(to), list(account), of, keep_total, without_goal,
                        name, limit, chance)
    found = propose_adjustment(opened, event, running=running)
    entry = None
    if approve:
        from salesgoals.adjust import approve_adjustment

        entry = approve_adjustment(opened, found, **_said(who, why))
    if out is not None:
        _write(found, Path(out))
    return _show(found, None if entry is None else entry.entry, out, json)


def _read_event(kind: str, text: str, day: str, to: list[str], accounts: list[str], of: str | None,
                keep_total: bool, without_goal: bool, name: str | None, limit: str, chance: str) -> Event:
    from salesgoals import adjust as step

    others: Any = to[0] if len(to) == 1 else to
    if kind == "leave":
        return step.Leave(text, day, others or "team")
    if kind == "join":
        person, team = _pair(kind, text, "@")
        return step.Join(person, team, day, others or "team", name or "")
    if kind == "move":
        person, team = _pair(kind, text, "@")
        return step.MovePerson(person, team, day, not without_goal)
    if kind == "customers":
        giver, taker = _pair(kind, text, "=")
        return step.MoveCustomers(giver, taker, day, accounts)
    if kind == "shock":
        by, part = _pair("of", of, "=") if of else ("all", "")
        return step.MarketShock(_share(kind, text), day, by, part, "kept" if keep_total else "moves")
    if kind == "reach":
        return step.OutOfReach(day, text, _share("limit", limit), _share("chance", chance),
                               "kept" if keep_total else "lowered")
    person, amount = _pair(kind, text, "=")
    return step.Wish(person, amount, day, others or ("peers" if keep_total else "nobody"))


def _pair(option: str, text: str | None, sign: str) -> tuple[str, str]:
    first, found, second = (part.strip() for part in str(text).rpartition(sign))
    if not (first and found and second):
        raise SalesgoalsError(Problem(f"adjust.cli_form_{option}", found=text))
    return first, second


def _share(option: str, text: str) -> float:
    """Read a share: -20%, 0.1."""
    from salesgoals.exercises.reading import read_number

    value = read_number(text)
    if value is None:
        raise SalesgoalsError(Problem("adjust.cli_share", name=f"--{option}", found=text))
    return value


def _said(who: str | None, why: str | None) -> dict[str, str]:
    missing = [name for name, value in (("--who", who), ("--why", why)) if not value]
    if missing:
        raise click.UsageError(say("cli.missing", name=", ".join(missing)))
    return {"who": str(who), "why": str(why)}


def _undo(opened: Workspace, number: str, who: str | None, why: str | None, json: bool) -> int:
    from salesgoals.adjust import undo_adjustment
    from salesgoals.run.console import whole_number

    entry = undo_adjustment(opened, whole_number("--undo", number), **_said(who, why))
    if json:
        echo_json({"undone": int(number), "entry": entry.entry, "hash": entry.hash})
    else:
        click.echo(say("cli.ledger_undone", entry=int(number), by=entry.entry))
    return 0


def _write(found: Adjustment, path: Path) -> None:
    """Write all goals before and after as CSV that Excel opens as it should."""
    from salesgoals.tables import safe_for_excel
    from salesgoals.workspace import writing

    keys = ["department", "team", "person_id", "person", "period_start", "period_end", "product_line"]
    both = found.before[[*keys, "goal"]].merge(found.after[[*keys, "goal"]], on=keys, how="outer",
                                               suffixes=("_before", "_after"))
    both = both.assign(period_start=both.period_start.dt.strftime("%Y-%m-%d"),
                       period_end=both.period_end.dt.strftime("%Y-%m-%d"))
    if float(found.unit).is_integer():  # a goal that is not set stays empty, the others stay whole
        both = both.astype({"goal_before": "Int64", "goal_after": "Int64"})
    with writing(path) as draft:
        safe_for_excel(both).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")


def _show(found: Adjustment, entry: int | None, out: str | None, json: bool) -> int:
    from salesgoals.show.adjust_parts import absorb_columns, chance_columns, say_event, say_proof

    doubts = [note for note in found.notes if note.level != "note"]
    code = LOOK if doubts and entry is None else 0
    if json:
        echo_json({"event": found.code, "from": f"{found.day:%Y-%m-%d}", "change": found.change,
                   "period": [f"{found.period.start:%Y-%m-%d}", f"{found.period.end:%Y-%m-%d}"],
                   "unit": found.unit, "source": found.source, "who_absorbs": records_of(found.who_absorbs),
                   "chances": records_of(found.chances), "nodes_checked": len(found.proof),
                   "nodes_off": int((found.proof.difference != 0).sum()),
                   "notes": [note.text() for note in found.notes], "file": out, "entry": entry})
        return code
    click.echo(say_event(found))
    click.echo("\n" + say("adjust.cli_absorbs"))
    if found.who_absorbs.empty:
        click.echo("  " + say("adjust.no_goal_changes"))
    else:
        click.echo(_text(absorb_columns(found.who_absorbs.head(MOST_LINES))))
        if len(found.who_absorbs) > MOST_LINES:
            click.echo("  " + say("adjust.more_lines", n=len(found.who_absorbs) - MOST_LINES))
    click.echo("\n" + say("adjust.cli_chances"))
    click.echo(_text(chance_columns(found.chances)))
    click.echo("")
    say_problems(found.notes)
    click.echo(say_proof(found))
    if out is not None:
        click.echo(say("cli.ledger_written", file=out))
    if entry is None:
        click.echo(say("adjust.cli_proposal"))
    else:
        click.echo(say("adjust.cli_approved", entry=entry))
    return code


def _text(columns: Sequence[Column]) -> str:
    """Lay columns out for the terminal."""
    from salesgoals.run.console import display_width, pad

    lines = [[column.head, *column.cells] for column in columns]
    widths = [max(map(display_width, line)) for line in lines]
    return "\n".join("  " + "  ".join(
        pad(cell, width, column.number) for cell, width, column in zip(row, widths, columns, strict=True)
    ).rstrip() for row in zip(*lines, strict=True))
