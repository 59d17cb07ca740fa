"""``salesgoals map`` and ``collect``: what a file is taken for, and the inbox turned into tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from salesgoals.run.commands_retro import lines_of_last_retro
from salesgoals.run.console import echo_json, frame_text, records_of, say_problems, text_table
from salesgoals.words import say

LOOK_AT_ISSUES = 3  # exit code: done, but something wants a person
SHOWN_ISSUES = 30
MOST_NAMED = 12


def show_map(file: str) -> int:
    """Show what each column of a file is taken for."""
    from salesgoals.collect import map_file

    mapped = map_file(Path(file))
    for sheet in mapped.sheets:
        click.echo(say("cli.map_sheet", file=sheet.file, sheet=sheet.sheet or "-", table=sheet.table or "-"))
        click.echo(frame_text(sheet.columns))
        click.echo("")
    say_problems(mapped.problems)
    if mapped.written is not None:
        click.echo(say("cli.map_written", file=mapped.written))
    return 0 if mapped.sheets else 1


def collect(workspace: str, json: bool) -> int:
    """Turn the inbox into tables and a list of issues."""
    from salesgoals.collect import collect_folder, save_collected
    from salesgoals.overview import describe_records
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    collected = collect_folder(opened)
    save_collected(opened, collected)
    records = describe_records(collected.tables)
    to_look_at = collected.issues[collected.issues.level != "note"]
    if json:
        echo_json({"workspace": str(opened.folder), "company": opened.settings.company,
                   "files": records_of(collected.files), "totals": records_of(collected.totals),
                   "tables": {name: len(table) for name, table in collected.tables.items()},
                   "records": records, "issues": records_of(collected.issues)})
        return LOOK_AT_ISSUES if len(to_look_at) else 0
    click.echo(say("cli.collect_files"))
    click.echo(frame_text(collected.files))
    click.echo("\n" + say("cli.collect_totals"))
    click.echo(frame_text(collected.totals))
    click.echo("\n" + say("cli.collect_tables"))
    click.echo(text_table([say("cli.column_table"), say("cli.column_rows")],
                          [[name, len(table)] for name, table in collected.tables.items() if len(table)]))
    _say_records(records)
    _say_issues(collected.issues)
    for line in lines_of_last_retro(opened):
        click.echo(line)
    click.echo("\n" + say("cli.collect_done", folder=opened.folder / "tables"))
    return LOOK_AT_ISSUES if len(to_look_at) else 0


def _say_records(records: dict[str, Any]) -> None:
    """Say what the records amount to, so that known totals can be compared at a glance."""
    from salesgoals.show.numbers import format_share

    click.echo("\n" + say("cli.records"))
    if not records.get("sales"):
        click.echo("  " + say("cli.records_no_sales"))
    if sales := records.get("sales"):
        click.echo("  " + say(f"cli.records_{sales['source']}", **sales))
        for part in ("by_department", "by_product_line"):
            named = [f"{name or say('cli.not_known')} {amount:,.2f}" for name, amount in sales[part].items()]
            if sales[part].keys() - {""}:
                listed = say("cli.list_separator").join(named[:MOST_NAMED])
                click.echo("  " + say(f"cli.records_{part}", listed=listed))
    if deals := records.get("deals"):
        rate = "-" if deals["win_rate"] is None else format_share(deals["win_rate"], 2)
        click.echo("  " + say("cli.records_deals", rate=rate, **deals))
    if goals := records.get("goals"):
        shown = {name: "-" if goals[name] is None else format_share(goals[name], 2)
                 for name in ("attainment", "mean", "median", "share_at_goal")}
        click.echo("  " + say("cli.records_goals", goals=int(goals["goals"]), matched=int(goals["matched"]),
                              **shown))


def _say_issues(issues: pd.DataFrame) -> None:
    if issues.empty:
        click.echo("\n" + say("cli.no_issues"))
        return
    click.echo("\n" + say("cli.issues", n=len(issues)))
    order = issues.assign(rank=issues.level.map({"stop": 0, "doubt": 1, "note": 2})).sort_values(
        "rank", kind="stable")
    places = order[["file", "sheet", "column"]].fillna("")
    alike = order.assign(**places).groupby(["rank", "level", "code", "file", "column"], sort=False)
    lines: list[tuple[str, str]] = []
    for (_, level, *_), group in alike:
        if group.sheet.nunique() > 2 and group.sheet.is_unique:  # one sentence for all months of a workbook
            others = say("cli.same_in_sheets", n=len(group) - 1, sheets=", ".join(group.sheet[1:]))
            lines.append((level, f"{group.message.iloc[0]} {others}"))
        else:
            lines += [(level, message) for message in group.message]
    for level, message in lines[:SHOWN_ISSUES]:
        click.echo(f"  [{say('cli.level_' + level)}] {message}")
    if len(lines) > SHOWN_ISSUES:
        click.echo(say("cli.more_issues", n=len(lines) - SHOWN_ISSUES))
