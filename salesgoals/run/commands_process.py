"""``salesgoals progress``: how a running month stands, who needs help today, and a report for each reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from salesgoals.run.console import echo_json, records_of, text_table, whole_number
from salesgoals.words import language, say

if TYPE_CHECKING:
    from salesgoals.period_reports import PeriodReport
    from salesgoals.workspace import Workspace

LOOK = 3  # exit code: done, but something wants a person
FRAMES = ("pace", "charts", "reasons", "alarms")


def progress(workspace: str | None, period: str | None, day: str | None, by: str, jobs: str,
             out: str | None, sheets: str | None, measured: bool, json: bool) -> int:
    """Show how a period stands and make the progress reports; or only how good the alarms are."""
    if measured:
        return _measured(json)
    if workspace is None:
        raise click.UsageError(say("cli.missing", name=say("cli.metavar_workspace")))
    from salesgoals.period_reports import open_period_report
    from salesgoals.run.reports import make_reports
    from salesgoals.show.process_parts import board_columns, in_order
    from salesgoals.show.watch_parts import alarm_lines
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    report = open_period_report(opened, "progress", period or "", day=day or None)
    board = report.study("process_pace")
    if out:
        _write(board, Path(out))
    written = _write_sheets(opened, report, Path(sheets)) if sheets else []
    made = make_reports(opened, language=language(), by=by, jobs=whole_number("--jobs", jobs),
                        progress=not json, kind="progress", period=report.period, day=report.day)
    failed = made[made.status == "failed"]
    index = opened.folder / "reports" / "index.html"
    loud = bool(board.alarm.any()) if len(board) else False
    if json:
        echo_json({"period": report.period.name, "day": f"{report.day:%Y-%m-%d}",
                   "goals_from": report.parameters["source"] or None,
                   **{name: records_of(report.study(f"process_{name}")) for name in FRAMES},
                   "sheets": [str(path) for path in written], "index": str(index),
                   "reports": records_of(made)})
        return 1 if len(failed) else LOOK if loud else 0
    click.echo(say("progress.cli_head", company=report.company, period=report.period.name,
                   day=f"{report.day:%Y-%m-%d}"))
    if board.empty or (board.verdict == "no_goal").all():
        click.echo(say("progress.no_goals"))
    if len(board):
        columns = board_columns(in_order(board), report.people, report.currency, report.running)
        click.echo(text_table([column.head for column in columns],
                              zip(*(column.cells for column in columns), strict=True)))
    for line in alarm_lines(report):
        click.echo(line)
    if out:
        click.echo(say("progress.cli_written", file=out))
    if written:
        click.echo(say("progress.cli_sheets", n=len(written), folder=sheets))
    for row in failed.itertuples():
        click.echo(say("cli.report_failed", title=row.title, reason=row.reason), err=True)
    click.echo(say("progress.cli_done", n=len(made) - len(failed), failed=len(failed), index=index))
    return 1 if len(failed) else LOOK if loud else 0


def _measured(json: bool) -> int:
    """Print how often each rule rings in good months and in bad ones, as it was measured."""
    from salesgoals.process import alarm_quality
    from salesgoals.show.process_parts import quality_rows

    quality = alarm_quality()
    if json:
        echo_json({"measured": records_of(quality)})
        return 0
    click.echo(say("progress.quality_caption"))
    click.echo(text_table(*quality_rows(quality)))
    return 0


def _write_sheets(opened: Workspace, report: PeriodReport, folder: Path) -> list[Path]:
    """Write the agendas of company and teams as sheets to print, and the pulse form."""
    from salesgoals.meetings import agenda
    from salesgoals.period_reports import open_period_report, period_readers
    from salesgoals.show.meeting_sheets import write_agenda_sheet, write_pulse_form
    from salesgoals.show.process_parts import person_names

    written = []
    for by in ("all", "team"):
        for reader in period_readers(opened, "progress", report.period, by, report.day).itertuples():
            own = open_period_report(opened, "progress", report.period, by, reader.name, report.day)
            for kind in ("morning", "weekly"):
                items = agenda(kind, own.studies)
                items = items.assign(name=items.person_id.map(person_names(own.people)).fillna(items["name"]))
                called = report.company if by == "all" else reader.name.replace("/", "_").strip("_")
                written.append(write_agenda_sheet(items, kind, folder, called, report.day, report.currency))
    return [*written, write_pulse_form(folder, report.day)]


def _write(board: pd.DataFrame, path: Path) -> None:
    from salesgoals.tables import safe_for_excel
    from salesgoals.workspace import writing

    plain: Any = safe_for_excel(board)
    with writing(path) as draft:
        plain.to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
