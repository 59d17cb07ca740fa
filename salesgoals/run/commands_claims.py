"""The command ``salesgoals claim``: the board, claims one by one or in Excel sheets, and the agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from salesgoals.run.console import echo_json, records_of, say_problems, text_table
from salesgoals.words import say

if TYPE_CHECKING:
    from salesgoals.claims import Claimed
    from salesgoals.workspace import Workspace

LOOK = 3  # exit code: done, but something wants a person
BOARD = ("team", "person_id", "person", "last_12", "proposed", "chance", "claimed", "gap", "agreed", "who")
GAP = ("node", "proposed", "claimed", "gap", "claimed_people", "people", "unclaimed")


def claim(workspace: str, sheets: str | None, per: str, read: str | None, person: str | None,
          amount: str | None, withdraw: bool, agree: bool, total: str | None, absorb: tuple[str, ...],
          who: str | None, why: str | None, json: bool) -> int:
    """Show the board of claims, record claims, hand out and read sheets, or agree."""
    from salesgoals.workspace import open_workspace

    asked = [name for name, given in (("--sheets", sheets), ("--read", read), ("--person", person),
                                      ("--agree", agree)) if given]
    if len(asked) > 1:
        raise click.UsageError(say("claims.cli_one_thing", found=", ".join(asked)))
    opened = open_workspace(workspace)
    if sheets:
        return _write(opened, sheets, per, json)
    if read:
        return _read(opened, read, who, why, json)
    if agree:
        return _agree(opened, total, absorb, who, why, json)
    if person:
        return _claim(opened, person, amount, withdraw, who, why, json)
    if amount or withdraw:
        raise click.UsageError(say("cli.missing", name="--person"))
    return _show(opened, json)


def _said(who: str | None, why: str | None) -> dict[str, str]:
    from salesgoals.entries.places import login_name

    if not why:
        raise click.UsageError(say("cli.missing", name="--why"))
    return {"who": who or login_name(), "why": why}


def _write(opened: Workspace, folder: str, per: str, json: bool) -> int:
    from salesgoals.show.sheets import write_claim_sheets

    paths = write_claim_sheets(opened, folder, per)
    if json:
        echo_json({"sheets": [str(path) for path in paths]})
        return 0
    for path in paths:
        click.echo(f"  {path}")
    click.echo(say("claims.cli_written", n=len(paths), folder=opened.folder, place=folder))
    return 0


def _read(opened: Workspace, place: str, who: str | None, why: str | None, json: bool) -> int:
    from salesgoals.claims import read_claim_sheets

    words = _said(who, why or say("claims.cli_sheets_why"))
    return _done(read_claim_sheets(opened, Path(place), **words), json)


def _claim(opened: Workspace, person: str, amount: str | None, withdraw: bool, who: str | None,
           why: str | None, json: bool) -> int:
    from salesgoals.claims import claim_goal, withdraw_claim

    words = _said(who, why)
    if withdraw:
        return _done(withdraw_claim(opened, person, who=words["who"], why=words["why"]), json)
    if amount is None:
        raise click.UsageError(say("cli.missing", name="--amount"))
    return _done(claim_goal(opened, person, amount, who=words["who"], why=words["why"]), json)


def _done(done: Claimed, json: bool) -> int:
    doubts = [note for note in done.notes if note.level != "note"]
    if json:
        echo_json({"entry": done.entry, "recorded": done.recorded, "claims": records_of(done.claims),
                   "notes": [note.text() for note in done.notes]})
        return LOOK if doubts else 0
    say_problems(done.notes)
    if done.recorded:
        click.echo(say("claims.cli_recorded", n=int(done.claims.claim.notna().sum()), entry=done.entry))
    return LOOK if doubts else 0


def _agree(opened: Workspace, total: str | None, absorb: tuple[str, ...], who: str | None, why: str | None,
           json: bool) -> int:
    from salesgoals.agreement import agree
    from salesgoals.plans import last_twelve_months, load_plan
    from salesgoals.run.typed import read_total

    span = load_plan(opened).parameters
    wanted = None if total is None else int(read_total(
        total, lambda: last_twelve_months(opened, span["start"], span["months"])))
    words = _said(who, why)
    saved = agree(opened, total=wanted, absorb=absorb, who=words["who"], why=words["why"])
    proof = saved.plan.proof
    off = int((proof.difference != 0).sum())
    if json:
        echo_json({"total": int(saved.plan.goals.goal.sum()), "people": records_of(saved.plan.people),
                   "nodes_checked": len(proof), "nodes_off": off,
                   "notes": [note.text() for note in saved.plan.notes]})
        return 0
    say_problems(saved.plan.notes)
    click.echo(say("claims.cli_agreed", total=int(saved.plan.goals.goal.sum()), nodes=len(proof), off=off))
    return 0


def _show(opened: Workspace, json: bool) -> int:
    from salesgoals.claims import claim_board, claim_gap

    board = claim_board(opened)
    gap = claim_gap(opened, board)
    if json:
        echo_json({"entry": board.attrs["entry"], "claims": records_of(board), "gap": records_of(gap)})
        return 0
    click.echo(say("claims.cli_board"))
    click.echo(_lines(board, BOARD))
    nodes = gap[gap.level != "person"]
    names = [_node(row) for row in nodes.itertuples()]
    click.echo("\n" + say("claims.cli_gap"))
    click.echo(_lines(nodes.assign(node=names), GAP))
    if board.claimed.isna().all():
        click.echo("\n" + say("claims.cli_nobody", folder=opened.folder))
    return 0


def _node(row: Any) -> str:
    return {"company": say("plans.whole_company"), "department": row.department}.get(
        row.level, f"{row.department} / {row.team}")


def _lines(table: pd.DataFrame, columns: tuple[str, ...]) -> str:
    heads = [say(f"claims.head_{name}") for name in columns]
    rows = [[_text(name, value) for name, value in zip(columns, row, strict=True)]
            for row in table[list(columns)].astype(object).where(table[list(columns)].notna(), None)
            .itertuples(index=False)]
    return text_table(heads, rows)


def _text(name: str, value: Any) -> Any:
    from salesgoals.show.numbers import format_chance

    if name == "chance":
        return format_chance(value)
    if value is None or isinstance(value, str):
        return value
    return round(float(value))

