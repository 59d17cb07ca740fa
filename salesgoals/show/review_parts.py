"""What the review found, as people read it: sentences and tables on fairness, past goals, gap and hedge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.hedge import Hedged, effect_of_hedge
from salesgoals.readers import Report
from salesgoals.review import Fairness, PastFairness
from salesgoals.show.charts_base import join_names, name_people
from salesgoals.show.charts_people import chart_fairness, chart_tenure
from salesgoals.show.charts_review import chart_groups, chart_load
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_share,
)
from salesgoals.words import say

MOST_NAMED = 5
LEAST_P = .001
FEW_AT_GOAL, MOST_AT_GOAL = .5, .8
ONE_FOR_ALL = .7
RED, AMBER = ("unfair",), ("too_few", "doubt")
Row = Any
Answer: TypeAlias = tuple[str, str, str]


def say_load(load: float) -> str:
    """Say how much heavier or lighter a load is.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     say_load(.123), say_load(-.5), say_load(.001)
    ('12% heavier', '50% lighter', 'the same')
    """
    if abs(load) < .005:
        return say("review.same")
    return say("review.heavier" if load > 0 else "review.lighter", share=format_share(abs(load)))


def show_fairness(fairness: Fairness, currency: str = "") -> Part:
    """Show the verdict on a split: one sentence, then each question with its answer and what it rests on.

    Parameters
    ----------
    fairness : Fairness
        From :func:`salesgoals.review.judge_fairness`.
    currency : str
        Currency code to name beside amounts.
    """
    return fairness_table(fairness.verdict, fairness.not_judged, fairness.questions, fairness.people,
                          fairness.orders, currency)


def fairness_table(verdict: str, not_judged: int, questions: pd.DataFrame, people: pd.DataFrame,
                   orders: pd.DataFrame, currency: str = "") -> Part:
    """Write the verdict and the questions of :class:`salesgoals.review.Fairness`."""
    lines, rows = fairness_answers(verdict, not_judged, questions, people, orders, currency)
    heads = [say("review.question"), say("review.answer"), say("review.evidence")]
    table = write_table([Column(head, [row[at] for row in rows], number=False, one_line=at < 2)
                         for at, head in enumerate(heads)])
    head = "".join(f"<p><strong>{escape(line)}</strong></p>" if not at else f"<p>{escape(line)}</p>"
                   for at, line in enumerate(lines))
    return Part(head + table + f'<p class="quiet">{escape(say("review.yardsticks"))}</p>')


def fairness_answers(verdict: str, not_judged: int, questions: pd.DataFrame, people: pd.DataFrame,
                     orders: pd.DataFrame, currency: str = "") -> tuple[list[str], list[Answer]]:
    """Say the verdict, and for each question: its name, the answer, and what it rests on."""
    lines = [say(f"review.verdict_{verdict}", n=len(people)) if verdict == "too_few"
             else say(f"review.verdict_{verdict}")]
    unsaid = questions.question[questions.verdict == "too_few"]
    if len(unsaid) and verdict != "too_few":
        lines.append(say("review.unsaid", questions=join_names(
            [say(f"review.question_{name}") for name in unsaid])))
    if not_judged:
        lines.append(say("review.not_judged", n=not_judged))
    names = pd.Series(name_people(people).tolist(), index=people.person_id) if len(people) else pd.Series()
    rows = []
    for row in questions.itertuples(index=False):
        single = row.question in ("people", "one_order")
        answer = say("review.answer_out_of_line" if single and row.verdict == "unfair"
                     else f"review.answer_{row.verdict}")
        if row.question == "people":
            evidence = _people_found(people, names)
        elif row.question == "one_order":
            evidence = _orders_found(orders, names, currency)
        else:
            evidence = _group_found(row)
        rows.append((say(f"review.question_{row.question}"), answer, evidence))
    return lines, rows


def _group_found(row: Row) -> str:
    if row.verdict == "too_few":
        return _too_few(row)
    key = row.question if row.question in ("size", "newcomers") else "group"
    values = {"n": int(row.people), "load": say_load(row.load), "chance": format_chance(row.chance),
              "others": format_chance(row.chance_of_others),
              "span": say("review.span", low=format_growth(row.load_low), high=format_growth(row.load_high))}
    if key == "group":
        values["node"] = row.node.split("/")[-1]
    text = say(f"review.found_{key}", **values)
    return text + (say("review.p_value", p=_p_value(row.p)) if row.verdict == "unfair" else "")


def _too_few(row: Row) -> str:
    return say("review.too_few_people", n=int(row.people)) if row.people else say("review.nobody")


def _p_value(p: float) -> str:
    return f"< {format_share(LEAST_P, 1)}" if p < LEAST_P else format_share(p, 1)


def _people_found(people: pd.DataFrame, names: pd.Series) -> str:
    out = people[people.out_of_line != ""].sort_values("p", kind="stable")
    if out.empty:
        return say("review.no_person")
    said = [say("review.found_person", name=names[row.person_id], load=say_load(row.load))
            for row in out.head(MOST_NAMED).itertuples()]
    more = say("review.and_more", n=len(out) - MOST_NAMED) if len(out) > MOST_NAMED else ""
    return say("review.found_people", n=len(out), names=join_names(said) + more)


def _orders_found(orders: pd.DataFrame, names: pd.Series, currency: str) -> str:
    if orders.empty:
        return say("review.no_order")
    said = []
    for row in orders.head(MOST_NAMED).itertuples():
        values = {"name": names.get(row.person_id, row.person_id), "date": f"{row.date:%Y-%m-%d}",
                  "amount": format_money(row.amount, currency)}
        if pd.isna(row.excess):
            said.append(say("review.found_order_only", **values))
        else:
            said.append(say("review.found_order", share=format_share(row.share),
                            excess=format_share(row.excess), **values))
    return say("goal.sentence_gap").join(said)


def spread_table(spread: pd.DataFrame) -> Part:
    """Show how far goals lie from what each yardstick gives: share of people within 10 and 20 %, CV, Gini."""
    return Part(write_table([
        Column(say("review.yardstick"), [say(f"review.yardstick_{name}") for name in spread.yardstick],
               number=False),
        Column(say("review.within_10"), [format_share(value) for value in spread.within_10]),
        Column(say("review.within_20"), [format_share(value) for value in spread.within_20]),
        Column(say("review.cv"), [_two(value) for value in spread.cv]),
        Column(say("review.gini"), [_two(value) for value in spread.gini])],
        caption=say("review.spread_caption")))


def _two(value: float) -> str:
    return NOTHING if pd.isna(value) else f"{value:.2f}"


def show_past_fairness(past: PastFairness) -> Part:
    """Show what came of earlier goals and whether their split was to blame."""
    return past_part(past.verdict, past.questions, past.rounds)


def past_part(verdict: str, questions: pd.DataFrame, rounds: pd.DataFrame) -> Part:
    """Write the verdict on past goals, its evidence, and one row a year."""
    if verdict == "no_goals":
        return Part(f"<p>{escape(say('review.past_no_goals'))}</p>")
    sentence, rows, notes = past_answers(verdict, questions, rounds)
    heads = [say("review.question"), say("review.answer"), say("review.evidence")]
    table = write_table([Column(head, [row[at] for row in rows], number=False, one_line=at < 2)
                         for at, head in enumerate(heads)])
    return Part(f"<p><strong>{escape(sentence)}</strong></p>" + table + _rounds_table(rounds)
                + "".join(f"<p>{escape(note)}</p>" for note in notes))


def past_answers(verdict: str, questions: pd.DataFrame,
                 rounds: pd.DataFrame) -> tuple[str, list[Answer], list[str]]:
    """Say the verdict on past goals, the answer to each question, and what else stands out."""
    rows = [(say(f"review.question_{row.question}"), say(f"review.answer_{row.verdict}"), _past_found(row))
            for row in questions.itertuples(index=False)]
    notes = _past_notes(rounds) if verdict not in ("doubt", "no_goals") else []
    return say(f"review.past_{verdict}"), rows, notes


def _past_found(row: Row) -> str:
    if row.verdict == "too_few":
        return _too_few(row)
    values = {"inside": format_share(row.inside), "outside": format_share(row.outside)}
    if row.question == "newcomers":
        text = say("review.past_newcomers", n=int(row.people), **values)
    elif row.question == "afterwards":
        return say("review.past_afterwards", **values)
    else:
        key = f"review.past_{row.question}" + (
            "_fair" if row.question == "ratchet" and row.verdict != "unfair" else "")
        text = say(key, relation=f"{row.relation:.2f}".replace("-", "−"), **values)
    return text + (say("review.p_value", p=_p_value(row.p)) if row.verdict == "unfair" else "")


def _past_notes(rounds: pd.DataFrame) -> list[str]:
    notes = []
    for row in rounds.itertuples(index=False):
        if row.alike >= ONE_FOR_ALL:
            notes.append(say("review.one_uplift", round=row.round, share=format_share(row.alike)))
    last = rounds.iloc[-1]
    if last.share_at_goal < FEW_AT_GOAL:
        notes.append(say("review.most_missed", round=int(last["round"]),
                         share=format_share(last.share_at_goal)))
    elif MOST_AT_GOAL <= last.share_at_goal < 1:
        notes.append(say("review.few_missed", round=int(last["round"]),
                         share=format_share(last.share_at_goal)))
    return notes


def _rounds_table(rounds: pd.DataFrame) -> str:
    columns = [Column(say("review.round"), [str(value) for value in rounds["round"]], number=False),
               Column(say("review.people"), [format_exact(value) for value in rounds.people]),
               Column(say("review.attainment"), [format_share(value) for value in rounds.attainment]),
               Column(say("review.share_at_goal"), [format_share(value) for value in rounds.share_at_goal]),
               Column(say("review.near_all"), [format_share(value) for value in rounds.within_20])]
    if rounds.alike.notna().any():
        columns += [Column(say("review.alike"), [format_share(value) for value in rounds.alike]),
                    Column(say("review.uplift"), [
                        format_growth(up) if alike >= ONE_FOR_ALL else NOTHING
                        for up, alike in zip(rounds.uplift, rounds.alike, strict=True)])]
    return write_table(columns, caption=say("review.past_rounds"))


def show_hedge(hedged: Hedged, forecast: Forecast) -> Part:
    """Show what each layer of a hedge does: sum of goals, chance of that sum, people expected at goal."""
    heads, rows = hedge_rows(effect_of_hedge(hedged, forecast))
    return Part(write_table([Column(head, [row[at] for row in rows], number=at > 0)
                             for at, head in enumerate(heads)]))


def hedge_rows(effect: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Say what each layer does: heads, and one row a layer."""
    heads = [say(f"review.{name}") for name in ("level", "total", "on_top", "chance_of_sum",
                                                "expected_at_goal")]
    rows = [[say(f"review.layer_{row.layer}"), format_exact(row.total),
             format_growth(row.on_top, 2) if row.on_top else NOTHING, format_chance(row.chance),
             format_share(row.share_at_goal)] for row in effect.itertuples(index=False)]
    return heads, rows


def gap_lines(gap: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """Say how far claims lie from the proposal, and list it for departments and teams.

    Parameters
    ----------
    gap : DataFrame
        From :func:`salesgoals.review.top_down_against_bottom_up`.

    Returns
    -------
    tuple of list of str and DataFrame
        Sentences; nodes with proposed, claimed, difference (empty where nobody has claimed).
    """
    whole = gap[gap.level == "company"].iloc[0]
    if not whole.claimed_people:
        return [say("review.no_claims")], gap.iloc[:0]
    key = "review.gap_less" if whole.gap < 0 else "review.gap_more"
    words = say("review.gap_even") if whole.gap == 0 else say(
        key, amount=format_money(abs(whole.gap)), share=format_share(abs(whole.share), 1))
    line = say("review.gap_whole", claimed=int(whole.claimed_people), amount=format_money(whole.claimed),
               difference=words, open=int(whole.people - whole.claimed_people),
               unclaimed=format_money(whole.unclaimed))
    nodes = gap[gap.level.isin(["department", "team"])]
    table = nodes[["department", "team", "proposed_to_claimers", "claimed", "gap"]]
    return [line], table.rename(columns={"proposed_to_claimers": "proposed", "gap": "difference"})


def fairness_section(report: Report) -> list[Any]:
    """Put the report's section on fairness together, for whichever reader.

    Returns
    -------
    list
        The whole company sees verdict, groups, loads, past goals; a team the chances of its own people.
    """
    chances = chart_fairness(report.plan.people)
    tenure = chart_tenure(report.plan.people, report.forecast.people.months_seen)
    found: Mapping[str, pd.DataFrame] = report.studies
    verdict = report.study("review_verdict")
    if report.by != "all" or verdict.empty:
        return [chances, tenure]
    first = verdict.iloc[0]
    orders = found["review_orders"].rename(columns={"seller": "person_id"})
    people, groups = found["review_people"], found["review_groups"]
    return [fairness_table(str(first.verdict), int(first.not_judged), found["review_questions"], people,
                           orders, report.currency),
            chart_groups(groups), chances, tenure, chart_load(people, report.currency),
            spread_table(found["review_spread"]) if len(people) else None,
            Part(f"<h3>{escape(say('review.past_heading'))}</h3>"),
            past_part(str(first.past), found["review_past"], found["review_past_rounds"])]
