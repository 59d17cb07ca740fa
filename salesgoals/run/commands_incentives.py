"""The command ``salesgoals pay``: what the pay plan costs, what it invites, and statements to the fen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.console import echo_json, records_of, say_problems, text_table
from salesgoals.words import all_words, say

if TYPE_CHECKING:
    from salesgoals.incentives import PayTerms
    from salesgoals.plans import SavedPlan
    from salesgoals.workspace import Workspace

LOOK = 3  # exit code: done, but something wants a person
RESULT_COLUMNS = ("person_id", "month", "metric", "result", "returned")
MOST = 10  # times the goal
SHOWN = 60


def pay(workspace: str, person: str | None, attainment: str | None, results: str | None, example: bool,
        out: str | None, json: bool) -> int:
    """Show what the pay plan costs and invites, or work out statements."""
    from salesgoals.incentives import write_example_plan
    from salesgoals.payroll import apply_pay_plan
    from salesgoals.plans import load_plan
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    if example:
        path = write_example_plan(opened)
        click.echo(say("pay.cli_example", file=path, folder=opened.folder))
        return 0
    if attainment is not None and person is None:
        raise click.UsageError(say("cli.missing", name="--person"))
    saved = load_plan(opened)
    terms = apply_pay_plan(opened, saved)
    if person is not None:
        return _one(opened, terms, person, attainment, json)
    if results is not None:
        return _statements(opened, terms, Path(results), out, json)
    return _cost(opened, saved, terms, json)


def _one(opened: Workspace, terms: PayTerms, person: str, attainment: str | None, json: bool) -> int:
    from salesgoals.incentives import pay_at

    text = "1" if attainment is None else attainment.strip()
    try:
        share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = float("nan")
    if not 0 <= share <= MOST:
        raise SalesgoalsError(Problem("pay.attainment", found=attainment))
    named = terms.people.person_id[terms.people.person == person]
    person = person if person in set(terms.people.person_id) or len(named) != 1 else str(named.iloc[0])
    statement = pay_at(terms, person, f"{share:.6f}")
    if json:
        echo_json({"person_id": person, "attainment": share, "pay": str(statement.pay.sum()),
                   "lines": records_of(statement.astype({"pay": str}))})
        return 0
    click.echo(_statement_text(terms, statement))
    click.echo(say("pay.cli_one", person=statement.person.iloc[0], attainment=share,
                   pay=f"{statement.pay.sum():,.2f}", currency=opened.settings.currency))
    return 0


def _statement_text(terms: PayTerms, statement: pd.DataFrame) -> str:
    from salesgoals.show.incentives_parts import name_line

    group = terms.plan.group_of(str(statement.group.iloc[0]))
    rows = [[f"{row.last:%Y-%m}", name_line(group, row), None if row.goal != row.goal else round(row.goal, 2),
             None if row.result != row.result else round(row.result, 2),
             "" if row.attainment != row.attainment else f"{row.attainment:.1%}", row.pay]
            for row in statement.itertuples()]
    return text_table([say(f"pay.{name}") for name in ("period_head", "line", "goal_head", "result_head",
                                                       "attainment_head", "pay_head")], rows)


def _statements(opened: Workspace, terms: PayTerms, file: Path, out: str | None, json: bool) -> int:
    """Work out everybody's statements from a table of results and write them as a safe CSV."""
    from salesgoals.incentives import pay, pay_totals
    from salesgoals.tables import safe_for_excel
    from salesgoals.workspace import writing

    statement = pay(terms, read_results(file))
    target = Path(out) if out else opened.folder / "reports" / "pay_statements.csv"
    shown = statement.assign(first=statement["first"].dt.strftime("%Y-%m"),
                             last=statement["last"].dt.strftime("%Y-%m"))
    with writing(target) as draft:
        safe_for_excel(shown).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
    totals, open_lines = pay_totals(statement), int((statement.status != "").sum())
    if json:
        echo_json({"file": str(target), "total": str(totals.pay.sum() if len(totals) else 0),
                   "lines_not_known": open_lines, "people": records_of(totals.astype({"pay": str}))})
        return LOOK if open_lines else 0
    if not len(totals):
        click.echo(say("pay.nothing_due"))
        return 0
    heads = [say("pay.cli_id"), say("pay.cli_person"), say("pay.group_head"), say("pay.pay_head")]
    click.echo(text_table(heads,
                          [[row.person_id, row.person, str(terms.plan.group_of(row.group).title), row.pay]
                           for row in totals.head(SHOWN).itertuples()]))
    click.echo(say("pay.cli_statements", n=len(totals), total=f"{totals.pay.sum():,.2f}", file=target,
                   currency=opened.settings.currency))
    if open_lines:
        click.echo(say("pay.cli_open_lines", n=open_lines))
    return LOOK if open_lines else 0


def read_results(file: Path) -> pd.DataFrame:
    """Read a table of results (CSV or Excel); every line that cannot be used is named at once."""
    from salesgoals.sources.read import read_file
    from salesgoals.sources.values import parse_numbers

    reading = read_file(file)
    if not reading.sheets:
        raise SalesgoalsError(reading.problems)
    sheet = reading.sheets[0]
    heads = {text.strip().lower(): name for name in RESULT_COLUMNS
             for text in (name, *all_words()[f"pay.column_{name}"].values())}
    cells = sheet.cells.rename(columns=lambda head: heads.get(str(head).strip().lower(), head))
    missing = [name for name in RESULT_COLUMNS[:4] if name not in cells]
    if missing:
        raise SalesgoalsError(Problem("pay.results_columns", file=file.name, found=", ".join(missing)))
    months = pd.to_datetime(cells.month.astype("str").str.strip(), errors="coerce", format="mixed")
    table = pd.DataFrame({"person_id": cells.person_id.astype("str").str.strip(),
                          "month": months.dt.to_period("M").dt.to_timestamp(),
                          "metric": cells.metric.astype("str").str.strip()})
    wrong = months.isna()
    for name in RESULT_COLUMNS[3:]:
        if name in cells:
            parsed = parse_numbers(cells[name], name)
            wrong |= parsed.bad.to_numpy()
            table[name] = [None if value is None else float(value) for value in parsed.values]
    if wrong.any():
        example = ", ".join(map(str, cells[wrong.to_numpy()].iloc[0]))
        raise SalesgoalsError(Problem("pay.results_value", file=file.name, count=int(wrong.sum()),
                                      found=example))
    return table


def _cost(opened: Workspace, saved: SavedPlan, terms: PayTerms, json: bool) -> int:
    from salesgoals.incentives import cost_of_plan, find_flaws
    from salesgoals.show.numbers import format_chance, format_share

    cost = cost_of_plan(terms, saved.forecast)
    flaws = find_flaws(terms, saved.forecast, opened.tables, cost)
    doubts = [flaw for flaw in flaws if flaw.level != "note"]
    if json:
        plain: dict[str, Any] = {str(name): None if value != value else float(value)
                                 for name, value in cost.total.items()}
        echo_json({"title": str(terms.plan.title), "total": plain, "people": records_of(cost.people),
                   "flaws": [{"code": flaw.code, "level": flaw.level, "text": flaw.text()} for flaw in flaws],
                   "notes": [note.text() for note in cost.notes]})
        return LOOK if doubts else 0
    total = cost.total
    click.echo(str(terms.plan.title))
    click.echo(text_table(
        [say("pay.cli_id"), say("pay.cli_person"), say("pay.group_head"), say("pay.at_goal"),
         say("pay.expected_head"), say("pay.cli_low"), say("pay.cli_high")],
        [[row.person_id, row.person, "" if row.group != row.group or row.group is None
          else str(terms.plan.group_of(row.group).title), round(row.target_pay), round(row.expected),
          round(row.low), round(row.high)] for row in cost.people.head(SHOWN).itertuples()]))
    click.echo("\n" + say("pay.cli_cost", expected=total.expected, low=total.low, high=total.high,
                          share=format_share(total.share, 1), at_goal=total.at_goal,
                          currency=opened.settings.currency))
    if total.budget == total.budget:
        click.echo(say("pay.cli_budget", budget=total.budget, chance=format_chance(total.chance_over)))
    say_problems([note for note in cost.notes if note not in flaws])
    say_problems(flaws)
    return LOOK if doubts else 0
