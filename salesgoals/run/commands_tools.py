"""``salesgoals tools``: choose a system by a score sheet, or list the traps of choosing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from salesgoals.run.console import echo_json, records_of, say_problems, text_table
from salesgoals.words import say

LOOK = 3  # exit code: done, but something wants a person


def tools(file: str | None, example: str | None, json: bool) -> int:
    """Rank the systems of a score sheet, or say what to look out for."""
    from salesgoals.tools import read_scores

    if example is not None:
        from salesgoals.show.tool_sheets import write_score_sheet

        written = write_score_sheet(example)
        if json:
            echo_json({"file": str(written)})
        else:
            click.echo(say("tools.cli_written", file=written))
        if file is None:
            return 0
    if file is None:
        return _traps(json)
    sheet = read_scores(Path(file))
    return _choice(sheet, json)


def _traps(json: bool) -> int:
    from salesgoals.show.tools_parts import article_rows, article_sentence, say_basis
    from salesgoals.tools import article_scores, checklist

    scores, traps = article_scores(), checklist()
    if json:
        echo_json({"checklist": records_of(traps), "article": records_of(scores),
                   "article_note": article_sentence(scores)})
        return 0
    click.echo(say("tools.cli_checklist"))
    for area, rows in traps.groupby("area", sort=False):
        click.echo(f"\n{say(f'tools.area_{area}')}")
        for row in rows.itertuples():
            click.echo("  " + say("tools.cli_trap", trap=row.trap, what_to_do=row.what_to_do,
                                  basis=say_basis(row)))
    click.echo("\n" + say("tools.check_your_version"))
    click.echo("\n" + say("tools.cli_article"))
    click.echo(text_table(*article_rows(scores)))
    click.echo(article_sentence(scores))
    return 0


def _choice(sheet: Any, json: bool) -> int:
    from salesgoals.show.tools_parts import firmness_sentence, flip_rows, ranking_rows, wins_rows
    from salesgoals.tools import cost_of_tools, score_tools, sensitivity

    scoring = score_tools(sheet.scores, sheet.weights, sheet.knock_outs)
    firm = sensitivity(scoring)
    costs = cost_of_tools(sheet.costs) if len(sheet.costs) else pd.DataFrame()
    doubts = [note for note in scoring.notes if note.level == "doubt"]
    if json:
        lists = scoring.ranking.assign(failed=scoring.ranking.failed.map(list),
                                       open=scoring.ranking.open.map(list))
        echo_json({"sentence": firmness_sentence(scoring, firm), "ranking": records_of(lists),
                   "weights": {str(name): float(share) for name, share in scoring.weights.items()},
                   "wins": records_of(firm.wins), "breakpoints": records_of(firm.breakpoints),
                   "raters": records_of(scoring.raters.assign(winner=scoring.raters.winner.map(list))),
                   "agreement": None if scoring.agreement != scoring.agreement else scoring.agreement,
                   "costs": records_of(costs), "notes": [note.text() for note in scoring.notes]})
        return LOOK if doubts else 0
    click.echo(firmness_sentence(scoring, firm) + "\n")
    for heads, rows in (ranking_rows(scoring), wins_rows(firm), flip_rows(firm)):
        click.echo(text_table(heads, rows) + "\n")
    if len(costs):
        from salesgoals.show.tools_parts import show_costs

        click.echo(repr(show_costs(costs)) + "\n")
    say_problems(scoring.notes)
    return LOOK if doubts else 0
