"""What has to happen each week, as people read it: KPI goals, weekly milestones, what the records lack."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_money
from salesgoals.show.process_parts import person_names
from salesgoals.words import say

LEVELS = ("deals", "quotes", "visits", "follow_ups")
ENOUGH = ("beyond", "more", "unknown", "usual", "covered", "keep_on", "over", "no_goal")
MONEY = "amount"
MOST_PEOPLE = 12


def say_count(value: float) -> str:
    """Write how many a week: one decimal below ten, whole above.

    Examples
    --------
    >>> say_count(2.44), say_count(23.6), say_count(0), say_count(float("nan"))
    ('2.4', '24', '0', '–')
    """
    if pd.isna(value) or value == 0:
        return NOTHING if pd.isna(value) else "0"
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def needs_in_order(needs: pd.DataFrame) -> pd.DataFrame:
    """List the people once each, with the money still to win; those who need most beyond the usual on top."""
    people = needs[needs.kpi == MONEY].drop_duplicates("person_id")
    times = (people.a_week / people.usual_a_week.where(people.usual_a_week > 0)).fillna(0)
    order = people.assign(_rank=people.enough.map(ENOUGH.index), _times=-times)
    return order.sort_values(["_rank", "_times"], kind="stable").drop(columns=["_rank", "_times"])


def show_kpi_goals(needs: pd.DataFrame, currency: str = "", rows: int = MOST_PEOPLE,
                   missing: pd.Series | None = None) -> Part:
    """Show what each person has to do a week: deals, quotes, visits, beside what the person usually does.

    Parameters
    ----------
    needs : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.set_kpi_goals`.
    currency : str
        Currency code to name beside amounts.
    rows : int
        How many people at most, those who need most beyond the usual first.
    missing : pandas.Series, optional
        Codes of what the records do not know.
    """
    notes = missing_lines(missing)
    people = needs_in_order(needs[needs.enough != "no_goal"]) if len(needs) else needs
    if people.empty:
        return Part("".join(f"<p>{escape(text)}</p>" for text in notes or [say("progress.no_kpi_goals")]))
    shown = people.head(rows)
    names = person_names(needs)
    wide = needs.set_index(["person_id", "kpi"])
    columns = [Column(say("progress.unit"), [names[key] for key in shown.person_id], number=False,
                      one_line=True),
               Column(say("progress.still"), [format_money(max(value, 0.), currency)
                                              for value in shown.still])]
    for kpi in LEVELS:
        if kpi in set(needs.kpi):
            cells = [_beside(wide, key, kpi) for key in shown.person_id]
            columns.append(Column(say(f"progress.week_{kpi}"), cells))
    columns.append(Column(say("progress.verdict"), [say(f"progress.enough_{name}") for name in shown.enough],
                          number=False))
    counted = [say("progress.enough_count", n=int((people.enough == "beyond").sum()), of=len(people))]
    if len(people) > rows:
        counted.append(say("progress.more_people", n=len(people) - rows))
    lines = [*(counted if len(people) > 1 else []), *notes]
    return Part(write_table(columns, caption=say("progress.kpi_caption"))
                + "".join(f"<p>{escape(line)}</p>" for line in lines))


def _beside(wide: pd.DataFrame, person: str, kpi: str) -> str:
    if (person, kpi) not in wide.index:
        return NOTHING
    row = wide.loc[(person, kpi)]
    return say("progress.beside_usual", needed=say_count(max(row.a_week, 0.)),
               usual=say_count(row.usual_a_week))


def missing_lines(missing: pd.Series | None) -> list[str]:
    """Say what the records do not know."""
    return [] if missing is None else [Problem(code, level="note").text() for code in missing]


def show_person_goals(needs: pd.DataFrame, currency: str = "", missing: pd.Series | None = None) -> Part:
    """Show one person's KPI goals: what each level needs in all, a week and a day, and whether it is doable.

    Parameters
    ----------
    needs : pandas.DataFrame
        Rows of one person from :func:`salesgoals.kpi_goals.set_kpi_goals`.
    currency : str
        Currency code to name beside amounts.
    missing : pandas.Series, optional
        Codes of what the records do not know.
    """
    if needs.empty or needs.enough.iloc[0] == "no_goal":
        return Part("".join(f"<p>{escape(text)}</p>" for text in
                            missing_lines(missing) or [say("progress.no_kpi_goals")]))
    money = needs[needs.kpi == MONEY].iloc[0]
    lines = [say("progress.person_still", still=format_money(max(money.still, 0.), currency),
                 goal=format_exact(money.goal, currency), so_far=format_money(money.so_far, currency),
                 n=int(money.working_days_left))]
    if money.still > 0 and pd.notna(money.pipeline) and abs(money.pipeline - money.usual_pipeline) >= 1:
        more = money.pipeline > money.usual_pipeline
        lines.append(say("progress.pipeline_more" if more else "progress.pipeline_less",
                         amount=format_money(abs(money.pipeline - money.usual_pipeline), currency)))
    levels = needs[needs.kpi != MONEY]
    table = write_table([
        Column(say("progress.level"), [say(f"progress.level_{kpi}") for kpi in levels.kpi], number=False),
        Column(say("progress.needed"), [_range(row) for row in levels.itertuples()]),
        Column(say("progress.a_week"), [say_count(max(value, 0.)) for value in levels.a_week]),
        Column(say("progress.a_day"), [say_count(max(value, 0.)) for value in levels.a_day]),
        Column(say("progress.usual_a_week"), [say_count(value) for value in levels.usual_a_week]),
        Column(say("progress.best_a_week"), [say_count(value) for value in levels.best_a_week])])
    says = [say(f"progress.means_{money.enough}")]
    if levels.late.any() and money.enough in ("more", "beyond", "usual"):
        says.append(say("progress.late"))
    return Part("".join(f"<p>{escape(line)}</p>" for line in lines) + (table if len(levels) else "")
                + write_list([*says, *missing_lines(missing)]))


def _range(row: Any) -> str:
    needed, low, high = (max(getattr(row, name), 0.) for name in ("needed", "low", "high"))
    if pd.isna(low) or say_count(low) == say_count(high):
        return say_count(needed)
    return say("progress.needed_range", needed=say_count(needed), low=say_count(low), high=say_count(high))


def sum_of_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """Add up the weekly milestones of several people.

    Parameters
    ----------
    weeks : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.weekly_milestones`.

    Returns
    -------
    pandas.DataFrame
        Columns start, end, working_days, goal, reward, week, cumulative. Where a person has a goal for all
        products and goals by product, the goal for all products counts.
    """
    if weeks.empty:
        return weeks
    whole = weeks.product_line.isna() | (weeks.product_line == "")
    counts = whole | ~whole.groupby([weeks.person_id, weeks.period_start]).transform("any")
    sums = weeks[counts].groupby(["start", "end"], as_index=False).agg(
        working_days=("working_days", "max"), goal=("goal", "sum"), reward=("reward", "first"))
    sums = sums.sort_values("start", ignore_index=True)
    return sums.assign(week=range(1, len(sums) + 1), cumulative=sums.goal.cumsum())


def show_milestones(weeks: pd.DataFrame, currency: str = "", course: pd.DataFrame | None = None) -> Part:
    """Show the weeks of a goal: how much each has to bring, so that they add up to the goal exactly.

    Parameters
    ----------
    weeks : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.weekly_milestones`; the goals of several people are added up.
    currency : str
        Currency code to name beside amounts.
    course : pandas.DataFrame, optional
        From :func:`salesgoals.process.pace_course`, of the same people together: what was sold by then.
    """
    sums = sum_of_weeks(weeks)
    if sums.empty:
        return Part(f"<p>{escape(say('progress.no_milestones'))}</p>")
    columns = [
        Column(say("progress.week"), [f"{row.start:%m-%d} – {row.end:%m-%d}" for row in sums.itertuples()],
               number=False, one_line=True),
        Column(say("progress.working_days"), [str(int(value)) for value in sums.working_days]),
        Column(say("progress.milestone"), [format_exact(float(value), currency) for value in sums.goal]),
        Column(say("progress.by_then"), [format_exact(float(value), currency) for value in sums.cumulative]),
        Column(say("progress.reward"), [say(f"progress.reward_{name}") if goal > 0 else NOTHING for name, goal
                                        in zip(sums.reward, sums.goal, strict=True)], number=False)]
    if course is not None and len(course):
        columns[4:4] = _reached(sums, course, currency)
    return Part(write_table(columns) + f'<p class="quiet">{escape(say("progress.reward_note"))}</p>')


def _reached(sums: pd.DataFrame, course: pd.DataFrame, currency: str) -> list[Column]:
    """Say what was sold by the end of each week that has begun, and whether its milestone was reached."""
    days = course.sort_values("date").drop_duplicates("date", keep="last").set_index("date").so_far
    known = [days[days.index <= row.end] if row.start <= days.index[-1] else days.iloc[:0]
             for row in sums.itertuples()]
    sold = [float(part.iloc[-1]) if len(part) else float("nan") for part in known]
    there = [NOTHING if pd.isna(value) else say("progress.there") if value >= goal
             else say("progress.not_there") if end <= days.index[-1] else say("progress.under_way")
             for value, goal, end in zip(sold, sums.cumulative, sums.end, strict=True)]
    return [Column(say("progress.sold_by_then"), [format_money(value, currency) for value in sold]),
            Column(say("progress.milestone_state"), there, number=False)]
