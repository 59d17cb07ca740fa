"""What each command does: read its words, call the step, say what came out and where it lies."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.commands_adjust import adjust
from salesgoals.run.commands_claims import claim
from salesgoals.run.commands_incentives import pay
from salesgoals.run.commands_ledger import ledger
from salesgoals.run.commands_market import market
from salesgoals.run.commands_process import progress
from salesgoals.run.commands_retro import lines_of_last_retro, retro
from salesgoals.run.commands_review import review
from salesgoals.run.commands_team import team
from salesgoals.run.commands_tools import tools
from salesgoals.run.console import echo_json, frame_text, records_of, say_problems, text_table, whole_number
from salesgoals.words import language, say

LOOK_AT_ISSUES = 3  # exit code: done, but something wants a person
SHOWN_ISSUES = 30
MOST_NAMED = 12


def new(folder: str, company: str | None, currency: str | None) -> int:
    """Make a workspace."""
    from salesgoals.workspace import new_workspace

    workspace = new_workspace(folder, language=language(), company=company, currency=currency)
    click.echo(say("cli.new_done", folder=workspace.folder, inbox=workspace.inbox))
    return 0


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


def goal(workspace: str, total: str | None, start: str | None, months: str, learn_from: str,
         json: bool) -> int:
    """Show the board of estimates and the chance of any total."""
    from salesgoals.estimates import TAKEN_OVER
    from salesgoals.goal import chance, totals_at
    from salesgoals.plans import estimate, last_twelve_months
    from salesgoals.show.numbers import format_chance
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    forecast, board = estimate(opened, start, whole_number("--months", months),
                               learn_from=_retro_of(learn_from))
    taken_over = [note for note in forecast.notes if note.code.startswith(TAKEN_OVER)]
    wanted = None if total is None else read_total(
        total, lambda: last_twelve_months(opened, start, whole_number("--months", months)))
    totals = totals_at(forecast)
    reach = None if wanted is None else chance(forecast, wanted)
    if json:
        echo_json({"board": records_of(board), "totals_at": records_of(totals), "total": wanted,
                   "chance": reach, "taken_over": [note.text() for note in taken_over]})
        return 0
    click.echo(say("cli.goal_board"))
    click.echo(frame_text(board.assign(estimate=[say(f"report.estimate_{name}") for name in board.estimate])))
    click.echo("\n" + say("cli.goal_totals"))
    click.echo(frame_text(totals))
    if wanted is not None and reach is not None:
        click.echo("\n" + say("cli.goal_chance", total=wanted, chance=format_chance(reach)))
        if forecast.history_months >= 12 and forecast.unit["last_12"] > 0:
            click.echo(say("cli.goal_times", times=wanted / float(forecast.unit["last_12"])))
    say_problems(taken_over)
    click.echo(say("cli.goal_assumes", people=forecast.people_correlation, months=forecast.month_correlation,
                   floor=forecast.level_floor))
    return 0


def plan(workspace: str, total: str | None, start: str | None, months: str, unit: str | None, method: str,
         limits: str | None, floor: tuple[str, ...], cap: tuple[str, ...], pin: tuple[str, ...],
         metric: tuple[str, ...], version: str, learn_from: str, who: str | None, why: str | None,
         out: str | None, json: bool) -> int:
    """Break a total down to person, month and product line."""
    from salesgoals.plans import last_twelve_months, make_plan, save_plan, write_goals
    from salesgoals.recorded import read_receipt
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    missing = [name for name, value in (("--total", total), ("--from", start)) if value is None]
    if missing:
        raise click.UsageError(say("cli.missing", name=", ".join(missing)))
    wanted = read_total(str(total),
                        lambda: last_twelve_months(opened, start, whole_number("--months", months)))
    saved = make_plan(opened, wanted, str(start), whole_number("--months", months), method=method,
                      unit=None if unit is None else whole_number("--unit", unit), version=version,
                      limits=_limits(limits, {"floor": floor, "cap": cap, "pin": pin}),
                      metrics=_metrics(metric), learn_from=_retro_of(learn_from))
    save_plan(opened, saved, who=who, why=why)
    receipt = read_receipt(opened) or {}
    target = write_goals(saved, Path(out) if out else opened.folder / "plan" / "goals.csv")
    proof = saved.plan.proof
    further = saved.studies["metrics_totals"]
    further = further[further.origin == "wished"][["metric", "last_12", "expected", "goal", "chance"]]
    if json:
        echo_json({"goals": str(target), "proof": str(target.with_name(target.stem + "_proof.csv")),
                   "parameters": saved.parameters, "ledger": receipt, "nodes_checked": len(proof),
                   "nodes_off": int((proof.difference != 0).sum()), "people": records_of(saved.plan.people),
                   "metrics": records_of(further),
                   "methods": records_of(saved.methods),
                   "notes": [note.text() for note in saved.plan.notes]})
        return 0
    click.echo(say("cli.plan_people"))
    click.echo(frame_text(saved.plan.people))
    click.echo("\n" + say("cli.plan_methods"))
    click.echo(frame_text(saved.methods))
    if metric:
        click.echo("\n" + say("cli.plan_metrics"))
        click.echo(frame_text(further))
    say_problems(saved.plan.notes)
    click.echo("\n" + say("cli.plan_done", nodes=len(proof), off=int((proof.difference != 0).sum()),
                          goals=len(saved.plan.goals), file=target,
                          proof=target.with_name(target.stem + "_proof.csv")))
    if receipt:
        click.echo(say("cli.ledger_recorded", entry=receipt["entry"], hash=receipt["hash"][:12]))
    return 0


def report(workspace: str, by: str, jobs: str, json: bool) -> int:
    """Make the goal reports."""
    from salesgoals.run.reports import make_reports
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    made = make_reports(opened, language=language(), by=by, jobs=whole_number("--jobs", jobs),
                        progress=not json)
    failed = made[made.status == "failed"]
    if json:
        echo_json({"index": str(opened.folder / "reports" / "index.html"), "reports": records_of(made)})
        return 1 if len(failed) else 0
    for row in failed.itertuples():
        click.echo(say("cli.report_failed", title=row.title, reason=row.reason), err=True)
    click.echo(say("cli.report_done", n=len(made) - len(failed), failed=len(failed),
                   index=opened.folder / "reports" / "index.html"))
    return 1 if len(failed) else 0


def run(notebook: str, parameter: tuple[str, ...], out: str | None) -> int:
    """Run one notebook with checked parameters."""
    from salesgoals.run.parameters import run_notebook

    pairs = [pair.partition("=") for pair in parameter]
    wrong = [name + sign + value for name, sign, value in pairs if not sign or not name]
    if wrong:
        raise SalesgoalsError([Problem("cli.parameter_form", found=found) for found in wrong])
    source = Path(notebook)
    target = Path(out) if out else Path(f"{source.stem}_run.ipynb")
    run_notebook(source, target, {name.strip(): value for name, _, value in pairs})
    click.echo(say("cli.run_done", file=target))
    return 0


def demo(folder: str) -> int:
    """Go the whole way once on the sample company."""
    from salesgoals.run.demo import run_demo

    started = time.perf_counter()
    index = run_demo(Path(folder))
    click.echo(say("cli.demo_done", seconds=time.perf_counter() - started, index=index.resolve()))
    return 0


def read_total(text: str, last_12: Callable[[], float]) -> float:
    """Read a wished total: a number, 1.2亿, 8000万, "2x" (twice the last 12 months, of a shorter
    plan twice the same months of these) or "+10%".

    Examples
    --------
    >>> [read_total(text, lambda: 500.0) for text in ("1.2亿", "2x", "+10%")]
    [120000000.0, 1000.0, 550.0]
    """
    from salesgoals.sources.values import parse_numbers

    words = text.strip().replace("×", "x").lower()
    times, grows = words.endswith("x"), words.startswith(("+", "-")) and words.endswith("%")
    parsed = parse_numbers(pd.Series([words.removesuffix("x") if times else words], dtype=object), "")
    value = parsed.values.iloc[0]
    if value is None or bool(parsed.bad.iloc[0]) or (words.endswith("%") and not grows):
        raise SalesgoalsError(Problem("cli.total", found=text))
    if grows:
        return round(last_12() * (1 + float(value)), 0)
    return round(last_12() * float(value), 0) if times else float(value)


def _retro_of(typed: str) -> str | None:
    """Read which retrospective to start from: "last", the name of its period, or "none"."""
    return None if typed.strip().lower() == "none" else typed.strip()


def _metrics(typed: tuple[str, ...]) -> dict[str, str] | None:
    """Read goals of further metrics: NAME=N, NAME=+5%, or the name alone."""
    pairs = [pair.partition("=") for pair in typed]
    return {name.strip(): value.strip() for name, _, value in pairs} or None


def _limits(file: str | None, typed: dict[str, tuple[str, ...]]) -> pd.DataFrame | None:
    """Put the limits of a file and those typed on the command line into one table."""
    from salesgoals.allocation.limits import name_columns, parse_limit
    from salesgoals.sources.read import read_file

    tables: list[pd.DataFrame] = []
    problems: list[Problem] = []
    if file is not None:
        reading = read_file(Path(file))
        if not reading.sheets:
            raise SalesgoalsError(reading.problems)
        table, problems = name_columns(reading.sheets[0].cells.assign(row=reading.sheets[0].rows))
        tables.append(table)
    rows = []
    for kind, texts in typed.items():
        for text in texts:
            try:
                rows.append(parse_limit(text, kind))
            except SalesgoalsError as error:
                problems += error.problems
    if problems:
        raise SalesgoalsError(problems)
    if rows:
        tables.append(pd.DataFrame(rows))
    return pd.concat(tables, ignore_index=True) if tables else None


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


_JSON = ("--json",)
#: name, arguments (name, required; a name ending in "..." takes several words), options (name, metavar,
#: multiple, default), what it does; steps with more to do at the terminal stand in commands_<step>.py
COMMANDS: list[tuple[str, list[tuple[str, bool]], list[tuple], Any]] = [
    ("new", [("folder", True)], [("--company", "NAME"), ("--currency", "CODE")], new),
    ("map", [("file", True)], [], show_map),
    ("collect", [("workspace", True)], [_JSON], collect),
    ("team", [("workspace", True)], [_JSON], team),
    ("market", [("workspace", True)], [("--by", "segment|region|product_line", False, "segment"),
                                       ("--months", "N", False, "12"), _JSON], market),
    ("goal", [("workspace", True)], [("--total", "N"), ("--from", "YYYY-MM"), ("--months", "N", False, "12"),
                                     ("--learn-from", "PERIOD", False, "last"), _JSON], goal),
    ("plan", [("workspace", True)],
     [("--total", "N"), ("--from", "YYYY-MM"), ("--months", "N", False, "12"), ("--unit", "N"),
      ("--method", "NAME", False, "history"), ("--limits", "FILE"), ("--floor", "WHO=N", True),
      ("--cap", "WHO=N", True), ("--pin", "WHO=N", True), ("--metric", "NAME=N", True),
      ("--version", "NAME", False, "proposed"), ("--learn-from", "PERIOD", False, "last"),
      ("--who", "NAME"), ("--why", "TEXT"), ("--out", "FILE"), _JSON], plan),
    ("claim", [("workspace", True)],
     [("--sheets", "FOLDER"), ("--per", "team|all", False, "team"), ("--read", "FOLDER|FILE"),
      ("--person", "WHO"), ("--amount", "N"), ("--withdraw",), ("--agree",), ("--total", "N"),
      ("--absorb", "WHO", True), ("--who", "NAME"), ("--why", "TEXT"), _JSON], claim),
    ("review", [("workspace", True)], [("--hedge", "LEVEL=N%,..."), _JSON], review),
    ("adjust", [("workspace", True)],
     [("--join", "ID@TEAM"), ("--leave", "WHO"), ("--move", "WHO@TEAM"), ("--customers", "WHO=WHO"),
      ("--shock", "N%"), ("--reach", "WHO"), ("--wish", "WHO=N"), ("--from", "YYYY-MM-DD"),
      ("--to", "WHO", True), ("--account", "ID", True), ("--of", "KIND=NAME"), ("--keep-total",),
      ("--without-goal",), ("--running", "split|kept", False, "split"), ("--name", "NAME"),
      ("--limit", "N%", False, "10%"), ("--chance", "N%", False, "50%"), ("--approve",), ("--undo", "ENTRY"),
      ("--who", "NAME"), ("--why", "TEXT"), ("--out", "FILE"), _JSON], adjust),
    ("retro", [("workspace", True)],
     [("--period", "PERIOD"), ("--by", "all|team|person", False, "all"), ("--jobs", "N", False, "2"),
      ("--sheet", "FILE"), ("--read", "FILE"), ("--actions",), ("--sop", "FILE"),
      ("--two-cycles", "FIRST,SECOND"), ("--day", "YYYY-MM-DD"), ("--who", "NAME"), _JSON], retro),
    ("ledger", [("workspace", True), ("ask...", True)],
     [("--version", "NAME"), ("--who", "NAME"), ("--why", "TEXT"), ("--head", "HASH"), ("--out", "FILE"),
      _JSON], ledger),
    ("report", [("workspace", True)],
     [("--by", "all|team|person", False, "all"), ("--jobs", "N", False, "2"), _JSON], report),
    ("progress", [("workspace", False)],
     [("--period", "PERIOD"), ("--day", "YYYY-MM-DD"), ("--by", "all|team|person", False, "all"),
      ("--jobs", "N", False, "2"), ("--out", "FILE"), ("--sheets", "FOLDER"), ("--measured",), _JSON],
     progress),
    ("pay", [("workspace", True)],
     [("--person", "ID"), ("--attainment", "N"), ("--results", "FILE"), ("--example",), ("--out", "FILE"),
      _JSON], pay),
    ("tools", [("file", False)], [("--example", "FILE"), _JSON], tools),
    ("run", [("notebook", True)], [("--parameter", "NAME=VALUE", True), ("--out", "FILE")], run),
    ("demo", [("folder", True)], [], demo),
]
