"""``salesgoals market``: own growth beside the market's, strengths and weaknesses, causes, customers."""

from __future__ import annotations

import click
import pandas as pd

from salesgoals.run.console import echo_json, records_of, text_table, whole_number
from salesgoals.words import say


def market(workspace: str, by: str, months: str, json: bool) -> int:
    """Set own growth beside the market's and name what the figures can carry."""
    from salesgoals import market as step
    from salesgoals.show.market_parts import finding_texts, nothing_compared, say_notes, table_texts
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    tables, currency = opened.require_tables(), opened.settings.currency
    stretch = whole_number("--months", months)
    found: dict[str, pd.DataFrame] = {
        "findings": step.strengths_and_weaknesses(tables, stretch),
        "growth": step.growth_against_market(tables, by, stretch),
        "causes": step.price_volume_mix(tables, months=stretch),
        "margins": step.margin_causes(tables, months=stretch), "concentration": step.concentration(tables),
        "customers": step.customer_changes(tables, stretch), "benchmarks": step.benchmarks(tables)}
    notes = list({note.code: note for table in found.values() for note in table.attrs["notes"]}.values())
    if json:
        echo_json({**{name: records_of(table) for name, table in found.items()},
                   "notes": [note.text() for note in notes]})
        return 0
    texts = finding_texts(found["findings"], currency)
    silent = not texts and nothing_compared(notes)
    if not silent:
        click.echo(say("market.cli_findings"))
    for side, text in texts:
        click.echo(f"  [{say(f'market.side_{side}')}] {text}")
    if not texts and not silent:
        click.echo("  " + say("market.nothing_found"))
    for name in ("growth", "causes", "margins", "customers"):
        table = found[name]
        if len(table):
            click.echo(f"\n{say(f'market.cli_{name}')}\n{text_table(*table_texts(table))}")
    if not silent:
        click.echo("")
    for line in say_notes(notes):
        click.echo(line)
    return 0
