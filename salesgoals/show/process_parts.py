"""How a running period stands, as people read it: pace, chance, alarms, reasons, weekly figures."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.show.charts_base import join_names
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_share,
)
from salesgoals.words import all_words, say

WHOLE = "all"
PACE = "pace"   # rules on the sales of a month; the others watch weekly figures
LOUD = ("alarm", "at_risk", "missed")
UNJUDGED = ("too_small", "too_irregular", "too_new", "unknown")
ORDER = ("missed", "alarm", "at_risk", *UNJUDGED, "on_course", "reached", "no_goal")
MOST_PEOPLE = 12


def name_units(frame: pd.DataFrame, people: pd.DataFrame | None = None) -> list[str]:
    """Name the company, teams and people of a table with the columns by and unit.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns by (all, team, person) and unit (all, department/team, person_id).
    people : pandas.DataFrame, optional
        Columns person_id and person or name: how people are called; two of one name get their id.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     name_units(pd.DataFrame({"by": ["all", "team"], "unit": ["all", "North/First"]}))
    ['whole company', 'First']
    """
    names = person_names(people)
    teams = frame.unit[frame.by == "team"].drop_duplicates()
    short = teams.str.split("/").str[-1].mask(teams.str.endswith("/"), teams.str.rstrip("/"))
    called = dict(zip(teams, short.where(~short.duplicated(keep=False), teams), strict=True))
    return [say("progress.whole") if by == WHOLE else called[unit] if by == "team" else
            names.get(str(unit), str(unit)) for by, unit in zip(frame.by, frame.unit, strict=True)]


def person_names(people: pd.DataFrame | None) -> dict[str, str]:
    """Give each person's displayed name by id; two of one name are told apart by their ids."""
    if people is None or people.empty:
        return {}
    column = "person" if "person" in people else "name"
    listed = people.drop_duplicates("person_id")
    names = listed[column].fillna(listed.person_id).astype(str)
    twice = names.duplicated(keep=False)
    return {str(key): say("chart.name_and_id", name=name, id=key) if again else name
            for key, name, again in zip(listed.person_id, names, twice, strict=True)}


def show_linear(board: pd.DataFrame, currency: str = "", people: pd.DataFrame | None = None,
                goals: pd.DataFrame | None = None) -> Part:
    """Show what the plain rule shows: goal, sold so far, share of the days gone, who is behind.

    Parameters
    ----------
    board : pandas.DataFrame
        From :func:`salesgoals.process.pace_board`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        For names.
    goals : pandas.DataFrame, optional
        Where these are goals for practice, it is said.
    """
    known = board[board.goal.notna()]
    units = known[known.by != "person"]
    single = known[known.by == "person"]
    if known.empty:
        return _sentence(say("progress.no_goals"))
    position, days = int(known.position.iloc[0]), int(known.working_days.iloc[0])
    gone = say("progress.days_gone", position=position, days=days,
               share=format_share(position / max(days, 1)))
    table = write_table([
        Column(say("progress.unit"), name_units(units, people), number=False),
        Column(say("progress.goal"), [format_exact(value) for value in units.goal]),
        Column(say("progress.so_far"), [format_money(value, currency) for value in units.so_far]),
        Column(say("progress.share_of_goal"), _shares(units.so_far, units.goal)),
        Column(say("progress.behind_linear"), [say(f"lesson.{'yes' if late else 'no'}")
                                               for late in units.behind_linear], number=False)])
    lines = [gone]
    if goals is not None and (goals.source == "practice").any():
        lines.insert(0, say("progress.practice"))
    behind = say("progress.people_behind", n=int(single.behind_linear.sum()), of=len(single))
    return Part("".join(f"<p>{escape(line)}</p>" for line in lines) + table
                + (f"<p>{escape(behind)}</p>" if len(single) else ""))


def _shares(part: pd.Series, whole: pd.Series) -> list[str]:
    return [format_share(a / b) if b > 0 else NOTHING for a, b in zip(part, whole, strict=True)]


def _sentence(text: str, strong: bool = False) -> Part:
    return Part(f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>")


def in_order(board: pd.DataFrame) -> pd.DataFrame:
    """Put the company first, then teams, then people, each with those in danger on top."""
    ranks = {"all": 0, "team": 1, "person": 2}
    order = board.assign(_by=board.by.map(ranks), _verdict=board.verdict.map(ORDER.index),
                         _chance=board.chance.fillna(2))
    return order.sort_values(["_by", "_verdict", "_chance"], kind="stable").drop(
        columns=["_by", "_verdict", "_chance"])


def board_columns(board: pd.DataFrame, people: pd.DataFrame | None = None, currency: str = "",
                  running: bool = True) -> list[Column]:
    """Write a pace board as columns of texts: goal, sold, usual by now, expected end, chance, what is needed.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of :func:`salesgoals.process.pace_board`.
    people : pandas.DataFrame, optional
        For names.
    currency : str
        Currency code to name beside amounts.
    running : bool
        Whether days are still to come; otherwise there is nothing to expect.
    """
    unit = Column(say("progress.unit"), name_units(board, people), number=False, one_line=True)
    if (board.verdict == "no_goal").all():  # nothing to hold the sales against: they alone are known
        sold = [format_exact(value, currency) for value in board.so_far]
        return [unit, Column(say("progress.so_far"), sold)]
    columns = [
        unit,
        Column(say("progress.goal"), [format_exact(value) for value in board.goal]),
        Column(say("progress.so_far"), [format_money(value, currency) for value in board.so_far]),
        Column(say("progress.share_of_goal"), _shares(board.so_far, board.goal),
               bars=(board.so_far / board.goal.where(board.goal > 0)).tolist(), tint="goal")]
    told = board.chance.mask(board.verdict.isin(UNJUDGED))  # where nobody can tell, no figure pretends to
    if running:
        columns += [
            Column(say("progress.usual_so_far"), _shares(board.usual_so_far, board.goal)),
            Column(say("progress.month_end"), [format_money(value) for value in board.month_end]),
            Column(say("progress.span"), [_span(low, high) for low, high in
                                          zip(board.low, board.high, strict=True)]),
            Column(say("progress.chance"), [format_chance(value) for value in told],
                   bars=told.tolist(), tint="chance"),
            Column(say("progress.needed_a_day"), [format_money(value) if value > 0 else NOTHING
                                                  for value in board.needed_a_day])]
    verdicts = [say(f"progress.verdict_{name}") for name in board.verdict]
    return [*columns, Column(say("progress.verdict"), verdicts, number=False, one_line=True)]


def _span(low: float, high: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    return say("progress.low_to_high", low=format_money(low), high=format_money(high))


def show_board(board: pd.DataFrame, currency: str = "", people: pd.DataFrame | None = None,
               rows: int = MOST_PEOPLE) -> Part:
    """Show how the company, each team and the people in danger stand; the others are counted.

    Parameters
    ----------
    board : pandas.DataFrame
        From :func:`salesgoals.process.pace_board`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        For names.
    rows : int
        How many people are named at most.
    """
    known = in_order(board[board.verdict != "no_goal"])
    if known.empty:
        return _sentence(say("progress.no_goals"))
    single = known[known.by == "person"]
    loud = single[single.verdict.isin(LOUD)].head(rows)
    shown = pd.concat([known[known.by != "person"], loud])
    running = bool((known.position < known.working_days).any())
    return Part(write_table(board_columns(shown, people, currency, running))
                + "".join(f"<p>{escape(line)}</p>" for line in count_verdicts(single, len(loud))))


def count_verdicts(people: pd.DataFrame, named: int = 0) -> list[str]:
    """Say how many people stand how; of a single one nothing is counted."""
    if len(people) < 2:
        return []
    counts = people.verdict.value_counts()
    said = [say("progress.count_verdict", n=int(counts[name]), verdict=say(f"progress.verdict_{name}"))
            for name in ORDER if name in counts]
    lines = [say("progress.people_stand", n=len(people), said=join_names(said))]
    if counts.reindex(UNJUDGED).sum():
        lines.append(say("progress.too_small_means"))
    return lines


def show_alarm_quality(quality: pd.DataFrame) -> Part:
    """Show how often each rule rings in good months and in bad ones, as it was measured."""
    heads, rows = quality_rows(quality)
    return Part(write_table([Column(head, [row[at] for row in rows], number=at > 0)
                             for at, head in enumerate(heads)], caption=say("progress.quality_caption")))


def quality_rows(quality: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Lay the measured rules out: one row a rule, false alarms and found for each number of deals."""
    quality = quality[quality.watched == PACE]
    deals = sorted(quality.deals.unique())
    heads = [say("progress.rule")]
    for count in deals:
        heads += [say("progress.false_at", deals=int(count)), say("progress.found_at", deals=int(count))]
    rows = []
    for rule in quality.rule.drop_duplicates():
        own = quality[quality.rule == rule].set_index("deals")
        row = [name_rule(rule)]
        for count in deals:
            row += [format_share(own.false_alarms.get(count), 0), format_share(own.detected.get(count), 0)]
        rows.append(row)
    return heads, rows


def show_rule(quality: pd.DataFrame, rule: str) -> Part:
    """Say in words how good one rule is: of 100 good months, and of 100 bad ones.

    Parameters
    ----------
    quality : pandas.DataFrame
        From :func:`salesgoals.process.alarm_quality`.
    rule : str
        Code of the rule.
    """
    own = quality[(quality.watched == PACE) & (quality.rule == rule)]
    lines = [say("progress.rule_words", deals=int(row.deals), false=round(100 * row.false_alarms),
                 found=round(100 * row.detected), day=round(row.day))
             for row in own.sort_values("deals").itertuples()]
    return Part(write_list(lines))


def name_rule(rule: str) -> str:
    """Name a rule of alarm."""
    key = f"process.rule_{rule}"
    return say(key) if key in all_words() else rule


def sold_words(row: Mapping[str, float] | pd.Series, currency: str) -> str:
    """Say in a sentence how much of the goal is sold, and what is usual by that day."""
    return say("progress.sold", so_far=format_money(row["so_far"], currency),
               share=format_share(row["so_far"] / row["goal"]) if row["goal"] > 0 else NOTHING,
               usual=format_share(row["usual_so_far"] / row["goal"]) if row["goal"] > 0 else NOTHING)


def change_words(change: float) -> str:
    """Write a change with its sign, nothing where it is not known."""
    return NOTHING if pd.isna(change) else format_growth(change)
