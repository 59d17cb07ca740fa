"""The command ``salesgoals team``: who differs from peers for sure, who is growing, what rests on whom."""

from __future__ import annotations

import click
import pandas as pd

from salesgoals.run.console import echo_json, records_of, say_problems, text_table
from salesgoals.words import say

NAMED = ("above", "below")


def team(workspace: str, json: bool) -> int:
    """Take stock of the team: differences told for sure, newcomers, dependence, and what is not known."""
    from salesgoals import team as step
    from salesgoals.show.charts_team import risk_words
    from salesgoals.show.numbers import format_money, format_share
    from salesgoals.show.team_parts import say_tenure
    from salesgoals.show.team_words import name_measure, write_value
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    tables, currency = opened.require_tables(), opened.settings.currency
    described, compared = step.describe_people(tables), step.compare_with_peers(tables)
    newcomers, risk = step.progress_of_newcomers(tables), step.sales_at_risk(tables)
    gaps = step.gaps_of_team(tables)
    if json:
        echo_json({"people": records_of(described), "peers": records_of(compared),
                   "newcomers": records_of(newcomers), "risk": records_of(risk),
                   "gaps": [{"code": gap.code, "level": gap.level, "message": gap.text()} for gap in gaps]})
        return 0
    told = compared[compared.verdict.isin([*NAMED, "like", "unsure"])]
    if len(told):
        named = told[told.verdict.isin(NAMED)]
        click.echo(say("team.peers_count", n=len(told), named=len(named),
                       alike=int((told.verdict == "like").sum()),
                       unsure=int((told.verdict == "unsure").sum())))
        if len(named):
            heads = [say(f"team.column_{name}") for name in
                     ("person", "measure", "value", "shrunk", "center", "verdict")]
            click.echo(text_table(heads, [
                [name, name_measure(row.measure),
                 *(write_value(row.measure, value) for value in (row.value, row.shrunk, row.center)),
                 say(f"team.verdict_{row.verdict}")]
                for name, row in zip(_names(named), named.itertuples(index=False), strict=True)]))
        click.echo(say("team.not_a_ranking") + "\n")
    lucky = described[described.windfall.fillna(False).astype(bool)]
    if len(lucky):
        click.echo(say("team.windfalls"))
        heads = [say(f"team.column_{name}") for name in ("person", "sales", "largest", "share")]
        click.echo(text_table(heads, [[row.person, format_money(row.sales), format_money(row.largest_order),
                                       format_share(row.largest_share)]
                                      for row in lucky.itertuples(index=False)]) + "\n")
    if len(newcomers):
        heads = [say(f"team.column_{name}") for name in ("person", "tenure", "actual", "expected", "verdict")]
        click.echo(text_table(heads, [[row.person, say_tenure(row.tenure), format_money(row.actual),
                                       format_money(row.expected), say(f"team.progress_{row.verdict}")]
                                      for row in newcomers.itertuples(index=False)]) + "\n")
    known = risk[(risk.team_people >= 2) & (risk.team_share > 0)]
    if len(known) >= 2:
        click.echo(risk_words(known, currency))
    say_problems(gaps)
    return 0


def _names(rows: pd.DataFrame) -> list[str]:
    """Name each row's person; one person may have several rows."""
    from salesgoals.show.charts_base import name_people

    people = rows.drop_duplicates("person_id")
    names = dict(zip(people.person_id, name_people(people), strict=True))
    return [names[person] for person in rows.person_id]
