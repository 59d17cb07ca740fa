"""Claims as people read them: the board, the gap at each node, what each claim pays."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesgoals.claiming.menus import make_rules
from salesgoals.claiming.worth import best_claim, compare_claims
from salesgoals.readers import Report
from salesgoals.show.charts_base import name_people
from salesgoals.show.charts_claims import BESIDE
from salesgoals.show.charts_review import chart_gap
from salesgoals.show.html import Column, Part, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_money,
    format_share,
    say_points,
)
from salesgoals.words import say

MOST_PEOPLE = 60
DEPTH = {"company": 0, "department": 1, "team": 2, "person": 3}


def claims_table(board: pd.DataFrame, rows: int | None = None, times: bool = True) -> Part:
    """Show who was proposed what, who claims what and why, and what was agreed; blank is not claimed.

    Parameters
    ----------
    board : DataFrame
        From :func:`salesgoals.claims.claim_board`.
    rows : int, optional
        Only the first so many.
    times : bool
        With who recorded it and on which day.
    """
    shown = board if rows is None else board.head(rows)
    agreed = bool(shown.agreed.notna().any())
    columns = [
        Column(say("claims.head_person"), name_people(shown).tolist(), number=False, one_line=True),
        *([Column(say("claims.head_team"), _texts(shown.team), number=False, one_line=True)]
          if board.team.nunique() > 1 else []),
        Column(say("claims.head_last_12"), [format_exact(_plain(value, 0)) for value in shown.last_12]),
        Column(say("claims.head_proposed"), [format_exact(_plain(value)) for value in shown.proposed]),
        Column(say("claims.head_chance"), [format_chance(value) for value in shown.chance]),
        Column(say("claims.head_claimed"), [format_exact(_plain(value)) for value in shown.claimed]),
        Column(say("claims.head_claimed_chance"), [format_chance(value) for value in shown.claimed_chance]),
        Column(say("claims.head_gap"), [_signed(value) for value in shown.gap])]
    if agreed:
        amounts = [format_exact(_plain(value)) for value in shown.agreed]
        columns.append(Column(say("claims.head_agreed"), amounts))
    if times:
        columns += [Column(say("claims.head_who"), _texts(shown.who), number=False, one_line=True),
                    Column(say("claims.head_at"), _days(shown["at"]), number=False, one_line=True)]
    columns.append(Column(say("claims.head_why"), _texts(shown.why), number=False))
    return Part(_aligned(write_table(columns, small=True)))


def gap_table(gap: pd.DataFrame, levels: Sequence[str] = ("company", "department", "team")) -> Part:
    """Show proposed beside claimed at each node; the gap counts only those who have claimed.

    Parameters
    ----------
    gap : DataFrame
        From :func:`salesgoals.claims.claim_gap`.
    levels : sequence of str
        Which levels of the organisation.
    """
    several = {level: (gap.level == level).sum() > 1 or level == "company" for level in levels}
    rows = gap[gap.level.isin([level for level in levels if several[level]])]  # one team only is the company
    if rows.empty:
        return Part("")
    order = rows.assign(own=rows.department.where(rows.level != "company", ""), depth=rows.level.map(DEPTH))
    places = {name: place for place, name in enumerate(["", *dict.fromkeys(order.own)])}
    rows = order.assign(own=order.own.map(places)).sort_values(["own", "depth"], kind="stable")
    return Part(_aligned(write_table([
        Column(say("claims.head_node"), [name_node(row) for row in rows.itertuples()], number=False),
        Column(say("claims.head_proposed"), [format_exact(value) for value in rows.proposed]),
        Column(say("claims.head_claimed"), [format_exact(_plain(value)) for value in rows.claimed]),
        Column(say("claims.head_gap"), [_signed(value) for value in rows.gap]),
        Column(say("claims.head_share"), [_percent(value) for value in rows.share]),
        Column(say("claims.head_claimed_people"), [
            say("claims.of_people", n=int(row.claimed_people), people=int(row.people))
            for row in rows.itertuples()]),
        Column(say("claims.head_unclaimed"), [format_exact(value) for value in rows.unclaimed])])))


def name_node(row: object) -> str:
    """Name a node of the organisation, indented by its level."""
    level = getattr(row, "level", "")
    if level == "company":
        return say("plans.whole_company")
    if level == "person":
        return str(getattr(row, "person", ""))
    name = getattr(row, "department" if level == "department" else "team", "") or NOTHING
    return f"{'　' * (1 if level == 'department' else 2)}{name}"


def say_gap(gap: pd.DataFrame, currency: str = "") -> str:
    """Say in one sentence how far bottom-up is from top-down."""
    whole = gap[gap.level == "company"].iloc[0]
    if not whole.claimed_people:
        return say("claims.said_nobody", people=int(whole.people))
    like = float(whole.proposed)
    text = say("claims.said_gap", n=int(whole.claimed_people), people=int(whole.people),
               claimed=format_money(whole.claimed, currency, like=like),
               proposed=format_money(whole.proposed_to_claimers, currency, like=like),
               gap=_signed_money(float(whole.gap), like))
    if whole.claimed_people < whole.people:
        text += say("claims.said_waiting", amount=format_money(whole.unclaimed, currency, like=like))
    return text


def rules_table(mean: float, sd: float, proposal: float, currency: str = "", unit: int = 1) -> Part:
    """Put the three rules side by side for one person: the best claim, and what less and more costs.

    Parameters
    ----------
    mean, sd : float
        The person's expected sales and standard deviation, from ``forecast.people``.
    proposal : float
        What the company proposes.
    currency : str
        Currency code to name beside the claims.
    unit : int
        The goals of the menu are multiples of it.
    """
    names, claims, chances, lost = [], [], [], []
    for rule in make_rules(mean, sd, proposal, unit):
        best = best_claim(rule, mean, sd)
        table = compare_claims(rule, mean, sd, (1 - BESIDE, 1 + BESIDE))
        beside = table[table.claim != best.claim]
        names.append(say(f"claims.rule_{rule.name}"))
        claims.append(format_money(best.claim, currency))
        chances.append(format_chance(best.chance))
        lost.append([say_points(value) for value in (beside.lost.iloc[0], beside.lost.iloc[-1])])
    return Part(_aligned(write_table([
        Column(say("claims.widget_rule"), names, number=False),
        Column(say("claims.head_best"), claims), Column(say("claims.head_claimed_chance"), chances),
        Column(say("claims.head_lost_low", share=format_share(BESIDE)), [pair[0] for pair in lost]),
        Column(say("claims.head_lost_high", share=format_share(BESIDE)), [pair[1] for pair in lost])])))


def claims_section(report: Report) -> list[object]:
    """Say in a report what was proposed, claimed and agreed; a reader sees only own people.

    Parameters
    ----------
    report : Report
        What one reader may see.

    Returns
    -------
    list
        Sentence, gap by node (chart and table), the board. In the report of the whole company one sentence
        where nobody has claimed; nothing in others then.
    """
    board, gap = report.study("claims_board"), report.study("claims_gap")
    if board.empty or gap.empty:
        return [say("claims.section_nobody")] if report.by == "all" else []
    board = board.sort_values(["department", "team", "gap"], kind="stable", ignore_index=True)
    shown = board if len(board) <= MOST_PEOPLE else board[board.claimed.notna()].head(MOST_PEOPLE)
    if report.by == "person":
        return [claims_table(shown)]
    level = "team" if report.by == "all" and board.team.nunique() > 1 else "person"
    parts: list[object] = [say_gap(gap, report.currency), chart_gap(gap, level, report.currency)]
    if report.by == "all" and board.team.nunique() > 1:
        parts.append(gap_table(gap))
    return [*parts, claims_table(shown)]


def _aligned(table: str) -> str:
    """Set names to the left and figures to the right also where no style sheet of ours does, as in Lab."""
    right, left = ' style="text-align:right"', ' style="text-align:left"'
    table = table.replace(' class="number"', ' class="number"' + right)
    table = table.replace('"white-space:nowrap"', '"white-space:nowrap;text-align:left"')
    for tag in ('<th scope="row">', '<th scope="col">', "<td>"):
        table = table.replace(tag, tag[:-1] + left + ">")
    return table


def _texts(values: pd.Series) -> list[str]:
    return [value if isinstance(value, str) and value else NOTHING for value in values]


def _plain(value: float, digits: int | None = None) -> float | None:
    if pd.isna(value):
        return None
    return float(value) if digits is None else round(float(value), digits)


def _signed(value: float) -> str:
    if pd.isna(value):
        return NOTHING
    return ("+" if value > 0 else "") + format_exact(float(value))


def _signed_money(value: float, like: float) -> str:
    return ("+" if value > 0 else "") + format_money(value, like=like)


def _percent(value: float) -> str:
    if pd.isna(value):
        return NOTHING
    return ("+" if value > 0.0005 else "") + format_share(value, 1)


def _days(times: pd.Series) -> list[str]:
    return [NOTHING if pd.isna(at) else f"{at:%Y-%m-%d}" for at in times]
