"""The command ``salesgoals serve``: the claiming session for phones and laptops in the room."""

from __future__ import annotations

from contextlib import suppress

import click

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.console import whole_number
from salesgoals.words import say

LAST_PORT = 65535


def serve(workspace: str, password: str | None, trainer_password: str | None, port: str, host: str) -> int:
    """Serve the claiming session until Ctrl+C."""
    from salesgoals.run.serving.server import Running, serve_session
    from salesgoals.show.numbers import format_money
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    number = whole_number("--port", port, least=0)
    if number > LAST_PORT:
        raise SalesgoalsError(Problem("serve.port_number", found=port))

    def tell(running: Running) -> None:
        click.echo(say("serve.told_ready", company=opened.settings.company, people=running.people,
                       goal=format_money(running.goal, opened.settings.currency)))
        for place, address in enumerate(running.addresses):
            key = "serve.told_board" if place == 0 else "serve.told_board_or"
            click.echo(say(key, address=address, password=running.password))
        click.echo(say("serve.told_trainer", address=running.own_address, password=running.trainer_password))
        if running.only_here:
            click.echo(say("serve.told_only_here"))
        click.echo(say("serve.told_open_network"))
        click.echo(say("serve.told_end", file=running.folder))

    with suppress(KeyboardInterrupt):  # where the system knows no signal handlers
        serve_session(opened, password, trainer_password, number, host, tell)
    click.echo(say("serve.told_ended"))
    return 0
