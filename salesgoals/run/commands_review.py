"""``salesgoals review``: is the split fair, were past goals fair, what a hedge does, where claims differ."""

from __future__ import annotations

from typing import Any

import click

from salesgoals.run.console import echo_json, frame_text, records_of, text_table
from salesgoals.words import say

LOOK = 3  # exit code: done, but something wants a person


def review(workspace: str, hedge: str | None, json: bool) -> int:
    """Review the saved plan before it is signed."""
    from salesgoals.claims import claim_gap
    from salesgoals.hedge import add_hedge, effect_of_hedge, read_rates
    from salesgoals.readers import open_report
    from salesgoals.show.review_parts import fairness_answers, gap_lines, hedge_rows, past_answers
    from salesgoals.workspace import open_workspace

    opened = open_workspace(workspace)
    rates = None if hedge is None else read_rates(hedge)
    report = open_report(opened)
    found = report.studies
    verdict = found["review_verdict"].iloc[0]
    hedged = None if rates is None else add_hedge(report.plan.people, rates, report.unit)
    effect = None if hedged is None else effect_of_hedge(hedged, report.forecast)
    gap = claim_gap(opened)
    if json:
        echo_json({
            "verdict": verdict.verdict, "past_verdict": verdict.past, "not_judged": int(verdict.not_judged),
            **{name: records_of(found[f"review_{name}"]) for name in
               ("questions", "groups", "people", "spread", "past", "past_rounds")},
            "one_orders": records_of(found["review_orders"].rename(columns={"seller": "person_id"})),
            "gap": records_of(gap),
            "hedge": None if hedged is None or effect is None else {
                "rates": hedged.rates, "compounded": hedged.compounded, "layers": records_of(effect),
                "nodes": records_of(hedged.nodes),
                "nodes_off": int((hedged.proof.difference != 0).sum())}})
        return LOOK if verdict.verdict in ("unfair", "people") else 0
    orders = found["review_orders"].rename(columns={"seller": "person_id"})
    lines, rows = fairness_answers(str(verdict.verdict), int(verdict.not_judged), found["review_questions"],
                                   found["review_people"], orders, report.currency)
    for line in lines:
        click.echo(line)
    _answers(rows)
    click.echo(say("review.yardsticks"))
    sentence, rows, notes = past_answers(str(verdict.past), found["review_past"], found["review_past_rounds"])
    click.echo("\n" + sentence)
    _answers(rows)
    for note in notes:
        click.echo(note)
    click.echo("")
    lines, table = gap_lines(gap)
    for line in lines:
        click.echo(line)
    if len(table):
        click.echo(frame_text(table))
    if hedged is not None and effect is not None:
        heads, cells = hedge_rows(effect)
        click.echo("\n" + say("review.hedge_part", rates=hedge))
        click.echo(text_table(heads, cells))
    return LOOK if verdict.verdict in ("unfair", "people") else 0


def _answers(rows: list[Any]) -> None:
    for question, answer, evidence in rows:
        click.echo(f"  {say('review.line', question=question, answer=answer, evidence=evidence)}")
