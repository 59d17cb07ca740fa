"""The whole way once on the sample company, each step with its time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import LANGUAGES, say

MARK = ".made-by-demo"
START, MONTHS, UNIT, GROWTH = "2026-07", 12, 100, 1.10
READERS = ("all", "team", "person")
RUNNING, DAY, OVER = "2026-06", "2026-06-18", "2026-H1"  # what progress and retrospective look at


def run_demo(folder: Path) -> Path:
    """Turn the sample company's messy exports into tables, goals and reports.

    Parameters
    ----------
    folder : Path
        Made anew each time; a folder with anything else in it is refused.

    Returns
    -------
    Path
        The index page that links every report.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SalesgoalsError(Problem("demo.folder_in_use", folder=str(folder)))
    with _step(say("demo.imports")):
        from salesgoals.collect import collect_folder, save_collected
        from salesgoals.cycle import open_session, save_session
        from salesgoals.goal import chance, totals_at
        from salesgoals.incentives import cost_of_plan
        from salesgoals.ledger import login_name, open_ledger
        from salesgoals.payroll import apply_pay_plan
        from salesgoals.period_reports import open_period_report
        from salesgoals.plans import estimate, last_twelve_months, make_plan, save_plan
        from salesgoals.run.reports import make_reports, report_problems
        from salesgoals.sample import put_samples
        from salesgoals.show.market_parts import finding_texts
        from salesgoals.show.numbers import format_chance
        from salesgoals.show.session_sheets import say_facts
        from salesgoals.show.sheets import write_claim_sheets
        from salesgoals.show.watch_parts import alarm_lines
        from salesgoals.workspace import open_workspace

    with _step(say("demo.inbox")):
        shutil.rmtree(folder, ignore_errors=True)
        workspace = put_samples(folder)
        (folder / MARK).touch()
    _tell(say("demo.inbox_done", n=len(list(workspace.inbox.iterdir())), inbox=workspace.inbox))

    with _step(say("demo.collect")):
        collected = collect_folder(workspace)
        save_collected(workspace, collected)
    levels = collected.issues.level.value_counts()
    _tell(say("demo.collect_done", orders=len(collected.tables["orders"]),
              people=len(collected.tables["people"]), stop=int(levels.get("stop", 0)),
              doubt=int(levels.get("doubt", 0)),
              agree=say("demo.yes" if collected.totals.agree.all() else "demo.no"),
              file=folder / "tables" / "issues.csv"))

    with _step(say("demo.goal")):
        workspace = open_workspace(folder)
        forecast, _ = estimate(workspace, START, MONTHS)
    last_12 = last_twelve_months(workspace)
    at = totals_at(forecast).set_index("chance").total
    unit = forecast.unit
    _tell(say("demo.goal_done", last_12=last_12, mean=float(unit["mean"]), low=float(unit["low"]),
              high=float(unit["high"]), double=format_chance(chance(forecast, 2 * last_12)),
              at_70=at.iloc[0], at_50=at.iloc[1], at_30=at.iloc[2]))

    total = round(last_12 * GROWTH / 1_000_000) * 1_000_000
    with _step(say("demo.plan")):
        saved = make_plan(workspace, total, START, MONTHS, method="equal_chance", unit=UNIT)
        save_plan(workspace, saved)
    proof, findings = saved.plan.proof, saved.studies["market_findings"]
    _tell("\n".join(text for _, text in finding_texts(findings, workspace.settings.currency)))
    _tell(say("demo.plan_done", total=total, people=len(saved.plan.people), goals=len(saved.plan.goals),
              sums=len(proof), off=int((proof.difference != 0).sum()), file=folder / "plan" / "goals.csv"))

    with _step(say("demo.review")):
        sheets = write_claim_sheets(workspace, folder / "claims")
        terms = apply_pay_plan(workspace, saved)
        cost = cost_of_plan(terms, saved.forecast).total
        with open_ledger(workspace) as book:
            entries = book.verify().entries
    verdict = saved.studies["review_verdict"].verdict.iloc[0]
    _tell(say(f"review.verdict_{verdict}", n=len(saved.plan.people)))
    _tell(say("demo.review_done", sheets=len(sheets), claims=folder / "claims", entries=entries,
              expected=float(cost.expected), low=float(cost.low), high=float(cost.high)))

    with _step(say("demo.reports")):
        made = make_reports(workspace, language=LANGUAGES, by=READERS, progress=False)
    _tell(_count(made))

    with _step(say("demo.progress", period=RUNNING, day=DAY)):
        running = make_reports(workspace, language=LANGUAGES, by=("all", "team"), progress=False,
                               kind="progress", period=RUNNING, day=DAY)
    _tell("\n".join(alarm_lines(open_period_report(workspace, "progress", RUNNING, day=DAY))))
    _tell(_count(running))

    with _step(say("demo.retro", period=OVER)):
        session = save_session(workspace, open_session(workspace, OVER), login_name())
        over = make_reports(workspace, language=LANGUAGES, by=("all", "team"), progress=False, kind="retro",
                            period=OVER)
    looked = open_period_report(workspace, "retro", OVER)
    _tell("\n".join(say_facts(session, {}, looked.currency)))
    _tell(_count(over))
    failed = report_problems(pd.concat([made, running, over]))
    if failed:
        raise SalesgoalsError(failed)
    return folder / "reports" / "index.html"


def _count(made: pd.DataFrame) -> str:
    failed = int((made.status == "failed").sum())
    return say("demo.reports_done", n=len(made) - failed, failed=failed)


@contextmanager
def _step(title: str) -> Iterator[None]:
    started = time.perf_counter()
    click.echo(f"{title} ...", nl=False)
    yield
    click.echo(f" {time.perf_counter() - started:.1f} s")


def _tell(text: str) -> None:
    for line in text.splitlines():
        click.echo(f"    {line}")
