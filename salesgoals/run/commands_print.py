"""``salesgoals print``: sheets on paper for a workshop."""

from __future__ import annotations

import click

from salesgoals.run.console import echo_json
from salesgoals.words import say


def print_sheets(folder: str, json: bool) -> int:
    """Write the sheets and say where they lie."""
    from salesgoals.run.paper import write_sheets

    files, whole = write_sheets(folder)
    if json:
        echo_json({"sheets": [str(file) for file in files], "all": str(whole)})
    else:
        click.echo(say("print.written", n=len(files), folder=whole.parent.resolve(), all=whole.resolve()))
    return 0
