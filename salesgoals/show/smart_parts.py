"""What speaks for and against goals, in sentences: each finding of a rule with its figures."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from salesgoals.show.html import Part, escape
from salesgoals.show.numbers import format_chance, format_money, format_share
from salesgoals.words import all_words, say

WORST_FIRST = {"bad": 0, "warn": 1, "unknown": 2, "good": 3}
KIND_OF_SHADE = {"bad": "bad", "warn": "warn", "good": "good", "unknown": "quiet"}


def say_finding(code: str, values: str | dict[str, Any], currency: str = "") -> str:
    """Say what a rule found, in the language in use.

    Parameters
    ----------
    code : str
        From :func:`salesgoals.smart.check_goals`.
    values : str or dict
        Its figures, as JSON or as they are.
    currency : str
        For amounts.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     say_finding("market_below", {"growth": .02, "growth_market": .08})
    'The goal is up 2% on the year before, the market up 8%: reaching it still loses share.'
    """
    given = json.loads(values) if isinstance(values, str) else dict(values)
    shown = {name: _show(name, value, currency) for name, value in given.items()}
    if "names" in given:
        shown["names"] = _names(given)
    return say(f"smart.{code}", **shown)


def _show(name: str, value: Any, currency: str) -> Any:
    kind = name.split("_")[0]
    if kind == "chance":
        return format_chance(value)
    if kind == "share":
        return format_share(value)
    if kind == "growth":
        return say_rise(value)
    if kind == "money":
        return format_money(value, currency)
    if name == "metrics":
        return say("smart.comma").join(name_metric(metric) for metric in value)
    if name == "metric" and isinstance(value, str):
        return name_metric(value)
    return value


def say_rise(share: float) -> str:
    """Say a growth as a verb: grows by 8 %, falls by 2 %, stays."""
    if share != share or abs(share) < .005:
        return say("smart.change_none")
    return say("smart.change_up" if share > 0 else "smart.change_down", share=format_share(abs(share)))


def name_metric(metric: str) -> str:
    """Return the displayed name of a metric; an unknown one keeps its own."""
    key = f"metrics.name_{metric}"
    return say(key) if key in all_words() else metric


def _names(given: dict[str, Any]) -> str:
    """List the first names; where two are alike, their ids tell them apart."""
    twice = {name for name in given["names"] if given["names"].count(name) > 1}
    named = [say("smart.name_and_id", name=name, id=key) if name in twice else name
             for name, key in zip(given["names"], given["ids"], strict=True)]
    text = say("smart.comma").join(named)
    return say("smart.and_others", names=text, rest=given["rest"]) if given["rest"] else text


def readable_findings(findings: pd.DataFrame, currency: str = "", worst_first: bool = True) -> Part:
    """Show findings as a table: question, verdict, evidence.

    Parameters
    ----------
    findings : DataFrame
        From :func:`salesgoals.smart.check_goals`.
    currency : str
        For amounts.
    worst_first : bool
        Sort by verdict; else as the rules stand.

    Returns
    -------
    Part
    """
    if findings.empty:
        return Part(f"<p>{escape(say('smart.none_to_check'))}</p>")
    table = findings.assign(place=findings.verdict.map(WORST_FIRST))
    table = table.sort_values("place", kind="stable") if worst_first else table
    heads = [say("report.question"), say("report.verdict"), say("report.evidence")]
    head = "".join(f'<th scope="col" style="text-align:left">{escape(text)}</th>' for text in heads)
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(say(f"smart.rule_{row.rule}"))}</th>'
        f'<td class="{KIND_OF_SHADE[row.verdict]}" style="white-space:nowrap;text-align:left">'
        f'{escape(say(f"smart.is_{row.verdict}"))}</td>'
        f'<td style="text-align:left">{escape(say_finding(row.code, row.values_, currency))}</td></tr>\n'
        for row in table.rename(columns={"values": "values_"}).itertuples())
    return Part(f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>")
