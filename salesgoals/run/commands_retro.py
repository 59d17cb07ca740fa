"""``salesgoals retro``: look back at a period, hold the session, follow its actions, start the next cycle."""

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
MONEY = ("expected", "actual", "goal")
SHARES = ("error", "people_error", "at_goal", "judged")
SIGNED = ("error",)


def retro(workspace: str, period: str | None, day: str | None, by: str, jobs: str, sheet: str | None,
          read: str | None, actions: bool, sop: str | None, two_cycles: str | None, who: str | None,
          json: bool) -> int:
    """Hold a retrospective; or only one part of it."""
    from salesgoals.workspace import open_workspace

    asked = [name for name, given in (("--sheet", sheet), ("--read", read), ("--actions", actions),
                                      ("--sop", sop), ("--two-cycles", two_cycles)) if given]
    if len(asked) > 1:
        raise click.UsageError(say("cycle.cli_one_thing", found=", ".join(asked)))
    opened = open_workspace(workspace)
    if two_cycles:
        return _two_cycles(opened, two_cycles, json)
    if actions:
        return _actions(opened, day, json)
    if sop:
        return _sop(opened, sop, period or "", day, json)
    if read:
        return _read(opened, read, period or "", day, who, json)
    if sheet:
        return _sheet(opened, sheet, period or "", day, who, json)
    return _look_back(opened, period or "", day, by, jobs, who, json)


def lines_of_last_retro(opened: Workspace) -> list[str]:
    """Say what the next goals start from, where a retrospective was held: its values, open actions."""
    from salesgoals.cycle import learnt_from, open_actions

    learnt = learnt_from(opened)
    if learnt is None:
        return []
    listed = open_actions(opened)
    lines = ["", say("cycle.cli_next"), *(f"  {note.text()}" for note in learnt.notes())]
    if len(listed):
        lines.append("  " + say("cycle.cli_open", n=len(listed), late=int(listed.overdue.sum())))
    return lines


def _who(who: str | None) -> str:
    from salesgoals.entries.places import login_name

    return who or login_name()


def _look_back(opened: Workspace, period: str, day: str | None, by: str, jobs: str, who: str | None,
               json: bool) -> int:
    """Keep the session and what is handed on, print the gap, make the reports."""
    from salesgoals.cycle import learnt_from, open_actions, open_session, save_session
    from salesgoals.period_reports import open_period_report
    from salesgoals.run.reports import make_reports

    session = save_session(opened, open_session(opened, period, day), _who(who))
    report = open_period_report(opened, "retro", session.period)
    learnt = learnt_from(opened, session.period)
    late = open_actions(opened, day)
    late = late[late.overdue]
    if not json:
        click.echo(say("cycle.cli_head", company=report.company, period=session.period))
        _say_gap(report)
        for note in learnt.notes() if learnt is not None else []:
            click.echo(note.text())
        if len(late):
            click.echo(say("cycle.cli_overdue", n=len(late)))
    made = make_reports(opened, language=language(), by=by, jobs=whole_number("--jobs", jobs),
                        progress=not json, kind="retro", period=report.period)
    failed = made[made.status == "failed"]
    index = opened.folder / "reports" / "index.html"
    if json:
        echo_json({"period": session.period, "goals_from": report.parameters["source"] or None,
                   "gap": records_of(report.study("retro_gap")),
                   "facts": [fact.model_dump() for fact in session.facts],
                   "causes": [cause.model_dump() for cause in session.causes],
                   "learnt": None if learnt is None else learnt.model_dump(),
                   "overdue": records_of(late), "index": str(index), "reports": records_of(made)})
        return 1 if len(failed) else LOOK if len(late) else 0
    for row in failed.itertuples():
        click.echo(say("cli.report_failed", title=row.title, reason=row.reason), err=True)
    click.echo(say("cycle.cli_done", n=len(made) - len(failed), failed=len(failed), index=index,
                   folder=opened.folder / "retro" / session.period))
    return 1 if len(failed) else LOOK if len(late) else 0


def _say_gap(report: PeriodReport) -> None:
    """Print the gap of all and of each team with its heaviest cause."""
    from salesgoals.show.numbers import format_exact
    from salesgoals.show.retro_parts import name_cause
    from salesgoals.show.session_sheets import name_unit

    gap = report.study("retro_gap")
    gap = gap[gap.by.isin(["all", "team"])] if len(gap) else gap
    if gap.empty:
        click.echo(say("cycle.cli_no_gap"))
        return
    causes = report.study("retro_causes")
    heads = ["unit", "goal", "base", "actual", "gap", "cause"]
    rows = []
    for row in gap.itertuples():
        own = causes[(causes.by == row.by) & (causes.unit == row.unit)].sort_values("rank")
        heaviest = "" if own.empty else (
            f"{name_cause(str(own.cause.iloc[0]), str(row.held or ''))} "
            f"{format_exact(round(float(own.effect.iloc[0])))}")
        figures = (row.goal, row.base, row.actual, row.gap)
        rows.append([name_unit(row.by, row.unit, {}),
                     *(None if pd.isna(value) else round(float(value)) for value in figures), heaviest])
    click.echo(text_table([say(f"cycle.cli_{head}") for head in heads], rows))


def _sheet(opened: Workspace, path: str, period: str, day: str | None, who: str | None, json: bool) -> int:
    from salesgoals.cycle import open_session, save_session
    from salesgoals.show.session_sheets import write_session_sheet

    session = save_session(opened, open_session(opened, period, day), _who(who))
    written = write_session_sheet(opened, session, path)
    if json:
        echo_json({"period": session.period, "sheet": str(written)})
        return 0
    click.echo(say("cycle.cli_sheet", period=session.period, file=written))
    return 0


def _read(opened: Workspace, path: str, period: str, day: str | None, who: str | None, json: bool) -> int:
    from salesgoals.cycle import read_session_sheet

    session = read_session_sheet(opened, path, period, who=_who(who), day=day)
    if json:
        echo_json(session.model_dump())
        return 0
    click.echo(say("cycle.cli_read", period=session.period, decisions=len(session.decisions),
                   actions=len(session.actions),
                   agreed=sum(cause.agreed != "unsure" for cause in session.causes)))
    return 0


def _actions(opened: Workspace, day: str | None, json: bool) -> int:
    from salesgoals.cycle import action_log, open_actions

    listed = open_actions(opened, day)
    late = int(listed.overdue.sum())
    if json:
        echo_json({"open": records_of(listed), "log": records_of(action_log(opened))})
        return LOOK if late else 0
    if listed.empty:
        click.echo(say("cycle.sop_no_actions"))
        return 0
    rows = [[row.id, row.what, row.owner, f"{row.due:%Y-%m-%d}",
             say("cycle.sop_late", n=int(row.days_late)).strip() if row.overdue else "",
             say(f"cycle.status_{row.status}")] for row in listed.itertuples()]
    heads = [say(f"cycle.head_{head}") for head in ("id", "what", "owner", "due")]
    click.echo(text_table([*heads, "", say("cycle.head_status")], rows))
    return LOOK if late else 0


def _sop(opened: Workspace, path: str, period: str, day: str | None, json: bool) -> int:
    from salesgoals.show.sop_files import write_sop

    files = write_sop(opened, Path(path), None, period, day)
    if json:
        echo_json({"page": str(files.page), "checklist": str(files.checklist),
                   "notes": [note.text() for note in files.notes]})
        return LOOK if files.notes else 0
    for note in files.notes:
        click.echo(f"  [{say('cli.level_' + note.level)}] {note.text()}")
    click.echo(say("cycle.cli_sop", page=files.page, checklist=files.checklist))
    return LOOK if files.notes else 0


def _two_cycles(opened: Workspace, asked: str, json: bool) -> int:
    """Print both cycles side by side; the periods are separated by a comma."""
    from salesgoals.cycle import two_cycles
    from salesgoals.periods import read_period

    names = [name.strip() for name in asked.split(",")]
    if len(names) != 2 or not all(names):
        raise click.UsageError(say("cycle.cli_two_names", found=asked))
    tables = opened.require_tables()
    first, second = (read_period(name, tables) for name in names)
    found = two_cycles(tables, first, second, opened.settings.calendar_country)
    if json:
        echo_json({"first": first.name, "second": second.name, "measures": records_of(found)})
        return 0
    click.echo(two_cycles_text(found, first.name, second.name))
    return 0


def two_cycles_text(found: pd.DataFrame, first: str, second: str) -> str:
    """Lay two cycles out side by side, with the sentence that says what they do not prove."""
    columns = [name for name in found.columns if name != "measure"]
    heads = [say("cycle.two_measure"), *(say(f"cycle.two_{name}", period=first if name == "first" else second)
                                         for name in columns)]
    rows = [[say(f"cycle.two_{row['measure']}"), *(_cell(row["measure"], row[name]) for name in columns)]
            for row in found.to_dict("records")]
    return text_table(heads, rows) + "\n" + say("cycle.two_caution")


def _cell(measure: str, value: Any) -> str:
    if pd.isna(value):
        return "-"
    if measure in MONEY:
        return f"{value:,.0f}"
    if measure in SHARES:
        return f"{value:+.1%}" if measure in SIGNED else f"{value:.1%}"
    return f"{value:.0f}"
