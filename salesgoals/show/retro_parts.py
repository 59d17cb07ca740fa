"""The gap of a period as people read it: in words and tables, for the company, a team, a person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_money, format_share
from salesgoals.show.process_parts import name_units
from salesgoals.words import say

CAUSES = ("goal_error", "capacity", "activity", "quote_rate", "ramp", "win_rate", "product_mix", "deal_size",
          "price", "people_mix", "no_person")
WAYS = ("forwards", "backwards", "alone", "fair")
MOST_NAMED = 3
MOST_PEOPLE = 12
SMALL = .02     # of the gap or of the base: what is smaller is not worth a sentence
Row = Any


def causes_of(table: pd.DataFrame) -> list[str]:
    """List the causes that a table of gaps has columns for, from goal to price."""
    return [name for name in CAUSES if name in table]


def measured_gap(row: Row) -> float:
    """Give what is to be explained: result against goal or, where no goal was set, against base."""
    return float(row.gap if pd.notna(row.gap) else row.actual - row.base)


def name_cause(cause: str, held: str = "") -> str:
    """Name a cause; a rate whose steps before it are not on record is named for all of them."""
    return say(f"retro_page.cause_{_known_as(cause, held)}")


def _known_as(cause: str, held: str) -> str:
    unknown = set(filter(None, str(held).split(",")))
    if cause == "quote_rate" and "activity" in unknown:
        return "quotes"
    if cause == "win_rate" and "quote_rate" in unknown:
        return "deals" if "activity" in unknown else "visit_rate"
    if cause == "deal_size" and "price" in unknown:
        return "deal_value"
    return cause


def say_cause(cause: str, effect: float, gap: float = float("nan"), currency: str = "",
              held: str = "") -> str:
    """Say in words what a cause has cost or brought.

    Parameters
    ----------
    cause : str
        A column of :func:`salesgoals.retro.gap_report`.
    effect, gap : float
        Its money, and the gap beside which it stands; without a gap no share is named.
    currency : str
        Currency code to name beside the amount.
    held : str
        Codes of the causes that are not known.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     say_cause("activity", -3_200_000.0, -12_800_000.0)
    'fewer visits than usual cost 3.20M (25% of the gap)'
    """
    way = "down" if effect < 0 else "up"
    text = say(f"retro_page.{way}_{_known_as(cause, held)}", money=format_money(abs(effect), currency))
    if gap and gap == gap and effect * gap > 0:
        text += say("retro_page.share_of", share=format_share(effect / gap))
    return text


def heaviest_causes(row: Row, causes: list[str], towards: bool = True,
                    most: int = MOST_NAMED) -> list[tuple[str, float]]:
    """Choose the causes that weigh most towards the gap, or against it; small ones are left out."""
    gap = measured_gap(row)
    if gap != gap:
        return []
    sign = 1 if (gap > 0) == towards else -1
    floor = SMALL * max(abs(gap), SMALL * abs(float(row.base)) if pd.notna(row.base) else 0.)
    found = [(cause, float(getattr(row, cause))) for cause in causes if pd.notna(getattr(row, cause))]
    found = [(cause, effect) for cause, effect in found if effect * sign > floor]
    return sorted(found, key=lambda pair: -abs(pair[1]))[:most]


def say_gap(row: Row, currency: str = "") -> str:
    """Say goal, result and gap in one sentence; where no goal was set, base and result."""
    gap = measured_gap(row)
    if gap != gap:
        return say("retro_page.no_yardstick", actual=format_money(row.actual, currency))
    money = format_money(abs(gap), currency)
    if row.gap == 0:
        return say("retro_page.no_gap", goal=format_money(row.goal, currency))
    if pd.isna(row.gap):
        return say("retro_page.sentence_no_goal_less" if gap < 0 else "retro_page.sentence_no_goal_more",
                   base=format_money(row.base, currency), actual=format_money(row.actual, currency),
                   gap=money)
    return say("retro_page.sentence_missed" if gap < 0 else "retro_page.sentence_beaten", gap=money,
               goal=format_money(row.goal, currency), actual=format_money(row.actual, currency),
               share=format_share(row.actual / row.goal, 1) if row.goal > 0 else NOTHING)


def gap_words(row: Row, causes: list[str], currency: str = "", weighed: pd.DataFrame | None = None) -> Part:
    """Say the heaviest causes of one gap in words, and what worked against it; clear ones are marked."""
    gap, held = measured_gap(row), str(getattr(row, "held", "") or "")
    luck, sure = luck_words(row, weighed), say("retro_page.luck_no")
    parts = []
    for key, towards, most in (("retro_page.heaviest", True, MOST_NAMED), ("retro_page.against", False, 2)):
        found = heaviest_causes(row, causes, towards, most)
        if found:
            items = [say_cause(cause, effect, gap, currency, held)
                     + (say("retro_page.more_than_luck") if luck.get(cause) == sure else "")
                     for cause, effect in found]
            parts.append(f"<p>{escape(say(key))}</p>{write_list(items)}")
    return Part("".join(parts))


def show_gap(gap: pd.DataFrame, currency: str = "", by: str | tuple[str, ...] = ("all", "team"),
             people: pd.DataFrame | None = None, rows: int = MOST_PEOPLE) -> Part:
    """Show goal, base, result and gap, how much of it was goal error, and which cause weighs most.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.retro.gap_report`.
    currency : str
        Currency code to name beside amounts.
    by : str or tuple of str
        Which lines: all, team, person.
    people : pandas.DataFrame, optional
        Columns person_id, person or name: how people are called.
    rows : int
        How many people are listed at most: those furthest from base.
    """
    wanted = (by,) if isinstance(by, str) else tuple(by)
    chosen = gap[gap.by.isin(wanted)]
    single = chosen[chosen.by == "person"]
    off = single.actual - single.base
    far = off[off.abs().nlargest(rows).index].sort_values(kind="stable").index
    shown = pd.concat([chosen[chosen.by != "person"], single.loc[far]])
    if shown.empty:
        return Part("")
    rest = len(single) - len(far)
    more = f'<p class="quiet">{escape(say("retro_page.more_people", n=rest))}</p>' if rest else ""
    return Part(write_table(gap_columns(shown, people, currency)) + more)


def gap_columns(gap: pd.DataFrame, people: pd.DataFrame | None = None, currency: str = "") -> list[Column]:
    """Write gaps as columns of texts; what no line has, such as goals, is no column."""
    causes = causes_of(gap)
    columns = [Column(say("retro_page.unit"), name_units(gap, people), number=False, one_line=True)]
    with_goal = bool(gap.goal.notna().any())
    if with_goal:
        columns.append(Column(say("retro_page.goal"), [format_exact(_whole(value)) for value in gap.goal]))
    with_base = bool(gap.base.notna().any())
    if with_base:
        columns.append(Column(say("retro_page.base"), [format_exact(_whole(value)) for value in gap.base]))
    columns.append(Column(say("retro_page.result"), [format_exact(_whole(value)) for value in gap.actual]))
    if with_goal:
        reached = gap.actual / gap.goal.where(gap.goal > 0)
        columns += [
            Column(say("retro_page.attainment"), [format_share(value) for value in reached],
                   bars=reached.tolist(), tint="goal"),
            Column(say("retro_page.gap"), [format_money(value) for value in gap.gap])]
    if not with_base:
        return columns
    if with_goal:
        columns.append(Column(say("retro_page.of_it_goal"),
                              [format_money(value) for value in gap.goal_error]))
    columns.append(Column(say("retro_page.of_it_work" if with_goal else "retro_page.against_base_head"),
                          [format_money(value) for value in gap.actual - gap.base]))
    most = [_most(row, causes) for row in gap.itertuples(index=False)]
    return [*columns, Column(say("retro_page.weighs_most"), most, number=False, one_line=True)]


def _whole(value: float) -> float:
    return value if pd.isna(value) else float(round(value))


def _most(row: Row, causes: list[str]) -> str:
    found = heaviest_causes(row, causes, most=1)
    return name_cause(found[0][0], str(getattr(row, "held", "") or "")) if found else NOTHING


def luck_words(row: Row, weighed: pd.DataFrame | None) -> dict[str, str]:
    """Say of each cause of a unit whether it is more than luck, where a rate stands behind it."""
    if weighed is None or weighed.empty:
        return {}
    own = weighed[(weighed.by == row.by) & (weighed.unit == row.unit)]
    # Whether a goal was too high is judged by its chance, not as a rate that luck moves.
    own = own[(own.p.notna() | own.clear.astype(bool)) & (own.cause != "goal_error")]
    return {one.cause: say("retro_page.luck_no" if one.clear else "retro_page.luck_maybe")
            for one in own.itertuples(index=False)}


def _share(effect: float, gap: float) -> str:
    if not gap:
        return NOTHING
    return format_share(effect / gap if abs(effect / gap) >= .005 else 0.)


def causes_table(row: Row, causes: list[str], currency: str = "",
                 weighed: pd.DataFrame | None = None) -> Part:
    """List every cause of one gap with its money, and the sum that is the gap.

    Parameters
    ----------
    row : Row
        One line of :func:`salesgoals.retro.gap_report`.
    causes : list of str
        Its causes, see :func:`causes_of`.
    currency : str
        Currency code to name beside the gap.
    weighed : pandas.DataFrame, optional
        From :func:`salesgoals.retro.rank_gap`: which causes are more than luck.
    """
    gap, held = measured_gap(row), str(getattr(row, "held", "") or "")
    if pd.isna(row.gap):
        causes = [cause for cause in causes if cause != "goal_error"]
    if pd.isna(row.base):
        return Part(f"<p>{escape(say('retro_page.goal_only'))}</p>" if pd.notna(row.goal) else "")
    unknown = set(filter(None, held.split(",")))
    shown = [cause for cause in causes if cause not in unknown
             and (getattr(row, cause) or cause not in ("people_mix", "no_person"))]
    effects = [float(getattr(row, cause)) for cause in shown]
    luck = luck_words(row, weighed)
    more = [Column(say("retro_page.luck"), [luck.get(cause, NOTHING) for cause in shown], number=False,
                   one_line=True)] if luck else []
    table = write_table([
        Column(say("retro_page.cause"), [name_cause(cause, held) for cause in shown], number=False,
               one_line=True),
        Column(say("retro_page.effect"), [format_exact(round(effect, 2)) for effect in effects]),
        Column(say("retro_page.share_of_gap"), [_share(effect, gap) for effect in effects]),
        *more,
        Column(say("retro_page.means"),
               [say(f"retro_page.about_{_known_as(cause, held)}") for cause in shown], number=False)],
        total=[say("retro_page.gap" if pd.notna(row.gap) else "retro_page.against_base_head"),
               format_exact(round(gap, 2), currency), format_share(1.0) if gap else NOTHING,
               *([""] if more else []), ""])
    if not unknown:
        return Part(table)
    names = say("smart.comma").join(say(f"retro_page.cause_{name}") for name in CAUSES if name in unknown)
    return Part(table + f'<p class="quiet">{escape(say("retro_page.held", names=names))}</p>')


def show_ways(ways: pd.DataFrame, currency: str = "") -> Part:
    """Show the usual explanations of a change beside the fair one, each with its sum.

    Parameters
    ----------
    ways : pandas.DataFrame
        From :func:`salesgoals.hindsight.explanations.compare_explanations`.
    currency : str
        Currency code to name beside the sums.
    """
    if ways.empty:
        return Part(f"<p>{escape(say('retro_page.nothing_to_compare'))}</p>")
    known = ways.factor.tolist()
    held = ",".join(name for name in ("activity", "quote_rate", "price") if name not in known)
    shown = ways[ways[list(WAYS)].abs().max(axis=1) >= .5]
    sums = ways[list(WAYS)].sum()
    columns = [Column(say("retro_page.cause"), [name_cause(name, held) for name in shown.factor],
                      number=False)]
    columns += [Column(say(f"retro_page.way_{way}"), [format_money(value) for value in shown[way]])
                for way in WAYS]
    total = [say("retro_page.way_sum"), *(format_money(sums[way], currency) for way in WAYS)]
    rest = float(sums.fair - sums.alone)
    said = say("retro_page.way_rest", rest=format_money(abs(rest), currency),
               share=format_share(abs(rest / sums.fair))) if sums.fair else ""
    return Part(write_table(columns, total=total) + f"<p>{escape(said)}</p>")
