"""Product lines, what happened to people, and what the rules do: further sections of the retrospective."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.period_reports import PeriodReport
from salesgoals.show.control_parts import show_control
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_chance, format_growth, format_money, format_share
from salesgoals.show.process_parts import name_units, person_names
from salesgoals.words import say

LINE_CAUSES = ("volume", "mix", "price", "new", "lost", "returns", "unmeasured")
CHECKS = ("rush", "pushed", "dip", "late_close", "just_reached", "low_claim")
FOUND = ("rush", "pushed", "dip", "late_close", "bunching", "low_claim")
QUIET = ("even", "as_usual", "fair")


def show_lines(lines: pd.DataFrame, currency: str = "", by: str = "all", unit: str = "all") -> Part:
    """Show for each product line why its sales changed: pieces, mix, price, new and lost products.

    Parameters
    ----------
    lines : pandas.DataFrame
        From :func:`salesgoals.retro.line_changes`.
    currency : str
        Currency code to name beside amounts.
    by, unit : str
        Whose lines: all, team or person, and which.
    """
    own = lines[(lines.by == by) & (lines.unit == unit)].sort_values("change", kind="stable")
    if own.empty:
        return Part("")
    causes = [name for name in LINE_CAUSES if own[name].abs().sum() >= .5]
    sums = own[["before", "now", "change", *causes]].sum()
    names = [str(name) or say("retro_page.no_line") for name in own.part]
    columns = [Column(say("retro_page.line"), names, number=False),
               *(Column(say(f"retro_page.line_{name}"), [format_money(value) for value in own[name]])
                 for name in ("before", "now", "change", *causes))]
    total = [say("retro_page.way_sum"), *(format_money(sums[name]) for name in
                                          ("before", "now", "change", *causes))]
    return Part(write_table(columns, total=total if len(own) > 1 else (),
                            caption=say(f"retro_page.lines_{own.basis.iloc[0]}")))


def show_people_changes(changes: pd.DataFrame, currency: str = "",
                        people: pd.DataFrame | None = None) -> Part:
    """Say who joined, left, moved, was away or stopped logging, and whose year before had a lucky order.

    Parameters
    ----------
    changes : pandas.DataFrame
        From :func:`salesgoals.retro.people_changes`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        Columns person_id, person or name.
    """
    names = person_names(people)
    return Part(write_list([say(
        f"retro_page.person_{row.change}", name=names.get(row.person_id, row.person_id),
        first=_day(row.first), last=_day(row.last), node=_team(row.node), to_node=_team(row.to_node),
        amount=format_money(row.amount, currency))
        for row in changes.itertuples(index=False)]))


def _day(value: Any) -> str:
    return NOTHING if pd.isna(value) else f"{value:%Y-%m-%d}"


def _team(node: str) -> str:
    return str(node).split("/")[-1] or NOTHING


def show_ratchet(ratchet: pd.DataFrame) -> Part:
    """Say whether whoever beats a goal gets a higher one next time, with the figures behind it.

    Parameters
    ----------
    ratchet : pandas.DataFrame
        From :func:`salesgoals.retro.ratchet_check`.
    """
    verdict = "too_few" if ratchet.empty else str(ratchet.verdict.iloc[0])
    said = f"<p><strong>{escape(say(f'retro_page.ratchet_{verdict}'))}</strong></p>"
    if verdict == "too_few":
        return Part(said)
    return Part(said + write_table([
        Column(say("retro_page.of_what"), [say(f"retro_page.ratchet_row_{name}") for name in ratchet.measure],
               number=False),
        Column(say("retro_page.next_goal"), [format_growth(value) for value in ratchet.value]),
        Column(say("retro_page.range_90"), [say("retro_page.span", low=format_growth(low),
                                                high=format_growth(high))
                                            for low, high in zip(ratchet.low, ratchet.high, strict=True)]),
        Column(say("retro_page.rests_on"), [say("retro_page.cases", n=int(n)) for n in ratchet.n],
               number=False)]))


def show_gaming(gaming: pd.DataFrame) -> Part:
    """Say what the ends of periods look like, of the company and its teams; it names nobody.

    Parameters
    ----------
    gaming : pandas.DataFrame
        From :func:`salesgoals.retro.gaming_check`.
    """
    if gaming.empty:
        return Part(f"<p>{escape(say('retro_page.gaming_none'))}</p>")
    whole = gaming[gaming.by == "all"]
    lines = [_check_words(row) for check in CHECKS
             for row in whole[whole["check"] == check].itertuples(index=False)]
    teams = gaming[(gaming.by == "team") & gaming.verdict.isin(FOUND)]
    for check, rows in teams.groupby("check", sort=False):
        lines.append(say(f"retro_page.teams_{check}", names=say("smart.comma").join(name_units(rows))))
    claims = gaming[gaming["check"] == "low_claim"]
    if len(claims):
        low = int((claims.verdict == "low_claim").sum())
        lines.append(say("retro_page.claims_low", n=low, of=len(claims)))
    return Part(write_list(lines) + f'<p class="quiet">{escape(say("retro_page.gaming_note"))}</p>')


def _check_words(row: Any) -> str:
    check = str(row.check)
    kind = "few" if row.verdict == "too_few" else "even" if row.verdict in QUIET else "found"
    return say(f"retro_page.{check}_{kind}", value=format_share(row.value), usual=format_share(row.usual),
               n=int(row.n), p=format_chance(row.p))


def show_rules(ratchet: pd.DataFrame, gaming: pd.DataFrame) -> Part:
    """Show both questions about the rules, see :func:`show_ratchet` and :func:`show_gaming`."""
    return Part(show_ratchet(ratchet).html + show_gaming(gaming).html)


def lines_section(report: PeriodReport) -> list[Any]:
    """Show the reader's product lines."""
    lines = report.study("retro_lines")
    if lines.empty:
        return [say("retro_page.no_lines")] if report.by == "all" else []
    unit = "all" if report.by == "all" else report.name
    part = show_lines(lines, report.currency, report.by, unit)
    return [part] if part.html else []


def people_section(report: PeriodReport) -> list[Any]:
    """Say what happened to the reader's people, and how the market moved beside it."""
    changes, market = report.study("retro_people"), report.study("retro_market")
    parts: list[Any] = [show_people_changes(changes, report.currency, report.people)] if len(changes) else []
    if len(market):
        row = market.iloc[0]
        parts.append(say("retro_page.market", before=format_growth(row.market_before),
                         now=format_growth(row.market_now), money=format_money(row.money, report.currency),
                         source=row.source))
    return parts


def rules_section(report: PeriodReport) -> list[Any]:
    """Ask what the goals do to people; only the reader of the company gets it."""
    if report.by != "all":
        return []
    return [show_rules(report.study("retro_ratchet"), report.study("retro_gaming"))]


def control_section(report: PeriodReport) -> list[Any]:
    """Show the five ways in which goals get out of control; only the reader of the company gets them."""
    found = report.study("control_found")
    return [show_control(found)] if report.by == "all" and len(found) else []
