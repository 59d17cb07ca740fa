"""``salesgoals groups``: a data set for each group of a workshop, and the trainer's answers."""

from __future__ import annotations

import time

import click

from salesgoals.run.console import echo_json, records_of, whole_number
from salesgoals.words import say


def make_groups(folder: str, groups: str, seed: str, json: bool) -> int:
    """Make the groups' data and the answer sheet."""
    from salesgoals.groups import ANSWERS
    from salesgoals.groups import make_groups as make
    from salesgoals.show.group_sheets import write_group_answers

    started = time.perf_counter()
    made = make(folder, whole_number("--groups", groups), whole_number("--seed", seed))
    pages = write_group_answers(made)
    if json:
        echo_json({"folder": str(made.folder), "seed": made.seed, "answers": [str(page) for page in pages],
                   "groups": records_of(made.companies.assign(folder=made.companies.folder.astype(str)))})
        return 0
    click.echo(say("groups.cli_done", groups=len(made.companies), folder=made.folder,
                   seconds=time.perf_counter() - started))
    click.echo(say("groups.cli_answers", file=pages[0].with_name("answers.*")))
    click.echo(say("groups.cli_keep_apart", folder=made.folder / ANSWERS))
    return 0
