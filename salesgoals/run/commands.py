"""What each command does: read its words, call the step, say what came out and where it lies."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.commands_adjust import adjust
from salesgoals.run.commands_cases import cases
from salesgoals.run.commands_claims import claim
from salesgoals.run.commands_collect import collect, show_map
from salesgoals.run.commands_doctor import doctor
from salesgoals.run.commands_groups import make_groups
from salesgoals.run.commands_handouts import handouts
from salesgoals.run.commands_incentives import pay
from salesgoals.run.commands_ledger import ledger
from salesgoals.run.commands_market import market
from salesgoals.run.commands_print import print_sheets
from salesgoals.run.commands_process import progress
from salesgoals.run.commands_retro import retro
from salesgoals.run.commands_review import review
from salesgoals.run.commands_serve import serve
from salesgoals.run.commands_team import team
from salesgoals.run.commands_tools import tools
from salesgoals.run.console import echo_json, frame_text, records_of, say_problems, whole_number
from salesgoals.run.typed import limits_of, metrics_of, read_total, retro_of
from salesgoals.words import language, say


def new(folder: str, company: str | None, currency: str | None) -> int:
    """Make a workspace."""
    from salesgoals.workspace import new_workspace

    workspace = new_workspace(folder, language=language(), company=company, currency=currency)
    click.echo(say("cli.new_done", folder=workspace.folder, inbox=workspace.inbox))
    return 0


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
                               learn_from=retro_of(learn_from))
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
                      limits=limits_of(limits, {"floor": floor, "cap": cap, "pin": pin}),
                      metrics=metrics_of(metric), learn_from=retro_of(learn_from))
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
    ("serve", [("workspace", True)],
     [("--password", "WORD"), ("--trainer-password", "WORD"), ("--port", "N", False, "8700"),
      ("--host", "ADDRESS", False, "0.0.0.0")], serve),
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
    ("doctor", [], [_JSON], doctor),
    ("print", [("folder", True)], [_JSON], print_sheets),
    ("run", [("notebook", True)], [("--parameter", "NAME=VALUE", True), ("--out", "FILE")], run),
    ("handouts", [("folder", True)], [("--workspace", "FOLDER")], handouts),
    ("demo", [("folder", True)], [], demo),
    ("cases", [("folder", False)],
     [("--seed", "N", False, "1"), ("--teams", "N", False, "2000"), ("--new", "FOLDER"),
      ("--from", "EXPORTS"), _JSON], cases),
    ("groups", [("folder", True)], [("--groups", "N", False, "6"), ("--seed", "N", False, "7"), _JSON],
     make_groups),
]
