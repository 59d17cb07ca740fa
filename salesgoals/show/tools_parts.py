"""Lesson 11 as tables and sentences: ranking, how firm it is, raters, costs, the article, traps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.show.charts_base import join_names
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_share
from salesgoals.tools import Scoring, Sensitivity
from salesgoals.words import say

NEVER, ALWAYS = .005, .995


def show_ranking(scoring: Scoring) -> Part:
    """Show the order of the tools, where each can end up, and what is still to be asked."""
    heads, rows = ranking_rows(scoring)
    table = write_table([Column(head, [row[at] for row in rows], number=at in (1, 2))
                         for at, head in enumerate(heads)])
    notes = [note.text() for note in scoring.notes if note.code in ("tools.raters_far_apart", "tools.tie",
                                                                    "tools.none_left", "tools.one_left")]
    return Part(table + write_list(notes))


def ranking_rows(scoring: Scoring) -> tuple[list[str], list[list[str]]]:
    """Say each tool's place: heads, and one row a tool."""
    heads = [say(f"tools.column_{name}") for name in ("tool", "rank", "total", "note")]
    rows = []
    for row in scoring.ranking.itertuples():
        notes = [say("tools.out_because", names=join_names(row.failed))] if row.failed else []
        if row.open and not row.failed:
            notes.append(say("tools.still_open", names=join_names(row.open)))
        if row.missing:
            notes.append(say("tools.still_missing", n=int(row.missing)))
        rows.append([row.tool, _span(row.rank_best, row.rank_worst) if not row.failed else say("tools.out"),
                     _range(f"{row.lowest:.2f}", f"{row.highest:.2f}"),
                     say("goal.sentence_gap").join(notes)])
    return heads, rows


def _range(low: str, high: str) -> str:
    return low if low == high else say("tools.range", low=low, high=high)


def _span(low: float, high: float) -> str:
    return _range(f"{low:.0f}", f"{high:.0f}")


def show_firmness(scoring: Scoring, firm: Sensitivity) -> Part:
    """Show how often each tool wins under other weights, and at which weight the winner changes."""
    heads, rows = wins_rows(firm)
    wins = write_table([Column(head, [row[at] for row in rows], number=at > 0)
                        for at, head in enumerate(heads)])
    heads, rows = flip_rows(firm)
    flips = write_table([Column(head, [row[at] for row in rows], number=at > 0)
                         for at, head in enumerate(heads)])
    return Part(f"<p><strong>{escape(firmness_sentence(scoring, firm))}</strong></p>{wins}{flips}")


def firmness_sentence(scoring: Scoring, firm: Sensitivity) -> str:
    """Say the choice in one sentence, and how firm it is."""
    stay = scoring.ranking[scoring.ranking["rank"].notna()]
    if stay.empty:
        return say("tools.no_choice")
    first = stay[stay["rank"] == 1].tool
    rivals = stay[(stay["rank"] > 1) & (stay.rank_best == 1)].tool
    if len(rivals):
        return say("tools.open_choice", tool=join_names(list(first)), others=join_names(list(rivals)))
    share = float(firm.wins.set_index("tool").near[first].sum())
    return say("tools.firm", tool=join_names(list(first)), share=_share(share))


def _share(share: float) -> str:
    """Write a share that was counted in draws: nothing is said to be never or always."""
    return "<1%" if 0 < share < NEVER else ">99%" if ALWAYS < share < 1 else format_share(share)


def wins_rows(firm: Sensitivity) -> tuple[list[str], list[list[str]]]:
    """Say how often each tool wins: heads, and one row a tool."""
    heads = [say(f"tools.column_{name}") for name in ("tool", "near", "anyhow", "ranks")]
    rows = [[row.tool, _share(row.near), _share(row.anyhow) if row.can_win else say("tools.cannot_win"),
             _span(row.rank_low, row.rank_high)] for row in firm.wins.itertuples()]
    return heads, rows


def flip_rows(firm: Sensitivity) -> tuple[list[str], list[list[str]]]:
    """Say at which weights the winner changes: heads, and one row a criterion."""
    heads = [say(f"tools.column_{name}") for name in ("criterion", "weight", "lower", "upper")]
    rows = [[row.criterion, format_share(row.weight, 1), _flip(row.lower, row.lower_winner),
             _flip(row.upper, row.upper_winner)] for row in firm.breakpoints.itertuples()]
    return heads, rows


def _flip(at: float, tool: Any) -> str:
    return say("tools.never") if at != at else say("tools.to_winner", share=format_share(at, 1), tool=tool)


def show_raters(scoring: Scoring) -> Part:
    """Show whom each rater puts first, how kindly each scores, and how far they agree; empty for one."""
    raters = scoring.raters
    if len(raters) < 2:
        return Part("")
    table = write_table([
        Column(say("tools.column_rater"), raters.rater.astype(str).tolist(), number=False),
        Column(say("tools.column_winner"), [join_names(names) or NOTHING for names in raters.winner],
               number=False),
        Column(say("tools.column_mean"), [f"{mean:.2f}" for mean in raters["mean"]])])
    agreed = scoring.agreement
    said = "" if agreed != agreed else f"<p>{escape(say('tools.agreement', n=len(raters), w=agreed))}</p>"
    return Part(table + said)


def show_costs(costs: pd.DataFrame, years: float = 3) -> Part:
    """Show what each tool costs over the years; what is not known stays open.

    Parameters
    ----------
    costs : DataFrame
        From :func:`salesgoals.tools.cost_of_tools`.
    years : float
        Over how many years they are.
    """
    columns = [Column(say("tools.column_tool"), costs.tool.astype(str).tolist(), number=False)]
    columns += [Column(say(f"tools.column_{name}"), [format_exact(value) for value in costs[name]])
                for name in ("licences", "setup", "running")]
    totals = [say("tools.at_least", amount=format_exact(row.at_least)) if row.total != row.total
              else format_exact(row.total) for row in costs.itertuples()]
    columns += [Column(say("tools.column_cost"), totals),
                Column(say("tools.column_a_seat"), [format_exact(value) for value in costs.a_seat_a_month])]
    return Part(write_table(columns, caption=say("tools.years_caption", years=years)))


def show_article(scores: pd.DataFrame, criteria: int = 5) -> Part:
    """Show the article's scores with who gave them and what one number can hide.

    Parameters
    ----------
    scores : DataFrame
        From :func:`salesgoals.tools.article_scores`.
    criteria : int
        As it was asked there.
    """
    heads, rows = article_rows(scores)
    table = write_table([Column(head, [row[at] for row in rows], number=at > 0)
                         for at, head in enumerate(heads)])
    return Part(f"<p>{escape(article_sentence(scores))}</p>{table}"
                f'<p class="quiet">{escape(say("tools.may_hide_note", n=criteria))}</p>')


def article_rows(scores: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Say what the article gives each system: heads, and one row a system."""
    heads = [say(f"tools.column_{name}") for name in ("tool", "score", "named", "may_hide")]
    rows = [[say("tools.by_its_vendor", tool=row.tool) if row.by_its_vendor else row.tool,
             NOTHING if row.score != row.score else f"{row.score:.1f}", say("tools.times", n=int(row.named)),
             NOTHING if row.may_hide != row.may_hide else f"{row.may_hide:.1f}"]
            for row in scores.itertuples()]
    return heads, rows


def article_sentence(scores: pd.DataFrame) -> str:
    """Say whose scores these are, in figures that anybody can count in the article."""
    own = scores[scores.by_its_vendor].iloc[0]
    others = scores[~scores.by_its_vendor & (scores.tool != say("tools.system_excel"))]
    return say("tools.article_says", vendor=own.tool, own=int(own.named), links=int(own.links),
               others=len(others), rest=int(others.named.sum()))


def show_checklist(traps: pd.DataFrame, area: str | None = None) -> Part:
    """Show the traps of choosing, what to do about each, and what that rests on.

    Parameters
    ----------
    traps : DataFrame
        From :func:`salesgoals.tools.checklist`.
    area : str, optional
        Only choosing, trial, goals, data or cost.
    """
    shown = traps if area is None else traps[traps.area == area]
    texts = {"area": [say(f"tools.area_{name}") for name in shown.area], "trap": shown.trap.tolist(),
             "what_to_do": shown.what_to_do.tolist(), "basis": [say_basis(row) for row in shown.itertuples()]}
    columns = [Column(say(f"tools.column_{name}"), held, number=False, one_line=name == "area")
               for name, held in texts.items()]
    return Part(write_table(columns) + f'<p class="quiet">{escape(say("tools.check_your_version"))}</p>')


def say_basis(row: Any) -> str:
    """Say what an entry of the checklist rests on."""
    if row.basis == "read":
        return say("tools.basis_read", system=row.system, source=row.source)
    return say("tools.basis_rule_source", source=row.source) if row.source else say("tools.basis_rule")
