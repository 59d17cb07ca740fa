"""``salesgoals cases``: the three cases as pages with their figures, or a client's folder as a new case."""

from __future__ import annotations

import time
from pathlib import Path

import click

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.console import echo_json, records_of, text_table, whole_number
from salesgoals.words import say

LOOK = 3  # exit code: done, but something wants a person


def cases(folder: str | None, seed: str, teams: str, new: str | None, start: str | None, json: bool) -> int:
    """Make the pages of the cases, or a case from a client's exports."""
    if (new is None) != (start is None):
        raise SalesgoalsError(Problem("cases.new_and_from"))
    if new is not None and start is not None:
        return _new(new, start, json)
    if folder is None:
        raise SalesgoalsError(Problem("cases.no_target"))
    from salesgoals.run.case_pages import make_case_pages

    started = time.perf_counter()
    made = make_case_pages(Path(folder), whole_number("--seed", seed, 0), whole_number("--teams", teams, 50),
                           tell=None if json else click.echo)
    failed = made.pages[made.pages.status == "failed"]
    if json:
        echo_json({"index": str(made.index), "pages": records_of(made.pages),
                   "figures": records_of(made.figures)})
    else:
        click.echo("\n" + _table(made.figures) + "\n")
        click.echo(say("cases.cli_sum", inside=int(made.figures.inside.sum()),
                       near=int(made.figures.near.sum()), of=len(made.figures)))
        click.echo(say("cases.cli_done", n=len(made.pages) - len(failed), file=made.index,
                       seconds=time.perf_counter() - started))
    if len(failed):
        raise SalesgoalsError([Problem("cases.not_ready", name=f"{row.case}.{row.language}",
                                       reason=row.reason) for row in failed.itertuples()])
    return 0 if made.figures.inside.all() and made.figures.near.all() else LOOK


def _table(figures: object) -> str:
    from salesgoals.show.numbers import format_share

    heads = [say(f"cases.{key}") for key in ("head_case", "head_when", "head_figure", "head_published",
                                             "head_mean", "head_range", "head_team", "head_inside",
                                             "head_near")]
    rows = [[row.case, say(f"cases.when_{row.when}"), say(f"cases.head_{row.figure}"),
             format_share(row.published), format_share(row.mean, 1),
             say("cases.range", low=format_share(row.low), high=format_share(row.high)),
             format_share(row.team), say("cases.yes" if row.inside else "cases.no"),
             say("cases.yes" if row.near else "cases.no")] for row in figures.itertuples()]  # type: ignore[attr-defined]
    return text_table(heads, rows)


def _new(folder: str, exports: str, json: bool) -> int:
    from salesgoals.cases import new_case
    from salesgoals.workspace import open_workspace

    workspace = new_case(folder, exports)
    issues = open_workspace(workspace.folder).issues
    if json:
        echo_json({"folder": str(workspace.folder), "issues": len(issues),
                   "tables": {name: len(table) for name, table in workspace.tables.items() if len(table)}})
        return 0
    click.echo(say("cases.cli_new", folder=workspace.folder, n=len(issues)))
    return 0
