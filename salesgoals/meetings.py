"""Meetings worth their time: what to talk about, who climbed, who leads the contest, how people feel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from salesgoals.coaching.agendas import KINDS, gather_items
from salesgoals.coaching.contests import stand_in_contest
from salesgoals.coaching.pulse import ENDINGS, LEAST_ANSWERS, follow_pulse, read_answers
from salesgoals.coaching.stories import find_climbs
from salesgoals.history import credited_sales, roster
from salesgoals.in_force import goals_by_person, goals_of_exports
from salesgoals.periods import Period
from salesgoals.problems import Problem, SalesgoalsError

PULSE_FOLDER = "pulse"  # in the workspace: forms that came back
STORIES = ["person_id", "person", "department", "team", "low_from", "low_to", "low", "usual_low", "now_from",
           "now_to", "now", "usual_now", "climb", "attained_low", "attained_now", "p", "reason", "reason_low",
           "reason_now", "reason_share", "reason_clear"]


def success_stories(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame | None = None,
                    until: object = None) -> pd.DataFrame:
    """Find who climbed out of a clear low, and by what; nobody is a good answer, too.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame, optional
        From :func:`salesgoals.in_force.goals_in_force`; they come before the goals of the exports.
    until : month, optional
        Last month of "now", ``YYYY-MM``; by default the last with sales.

    Returns
    -------
    DataFrame
        One row a story: person_id, person, department, team, low_from, low_to (first and last month of the
        three months of the low), low, usual_low (sold then, windfalls cut; what such months usually bring
        this person), now_from, now_to, now, usual_now, climb (share, season taken out), attained_low and
        attained_now (share of the goals of these months, NaN without), p, reason (visits, quotes, conversion,
        deal_size: what changed most), reason_low and reason_now (quotes: for one visit; conversion: deals for
        one quote), reason_share (of the climb), reason_clear (more than luck by itself). Empty where no climb
        is more than luck, or less than a year is on record.

    Notes
    -----
    The lowest of several quarters is always low and what follows is better by luck alone (regression to the
    mean). Both the low and the climb must therefore be more than luck, see
    :func:`salesgoals.coaching.stories.find_climbs`.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.date_range("2024-07-01", "2025-12-31", freq="B")
    >>> rows = pd.DataFrame({"date": days.repeat(6), "person_id": list("123456") * len(days), "amount": 9.0})
    >>> low = (rows.person_id == "6") & rows.date.between("2025-04-01", "2025-06-30") & (rows.date.dt.day > 9)
    >>> tables["orders"] = as_table("orders", rows[~low])
    >>> found = success_stories(tables)
    >>> found[["person_id", "reason"]].values.tolist(), found.low_from.dt.strftime("%Y-%m").tolist()
    ([['6', 'conversion']], ['2025-04'])
    """
    found = find_climbs(tables, until)
    if found.empty:
        return pd.DataFrame(columns=STORIES)
    people = roster(tables, found.now_to.max() + pd.offsets.MonthEnd(0)).drop_duplicates("person_id")
    known = goals_of_exports(tables)
    if goals is not None and len(goals):
        known = pd.concat([goals.reindex(columns=known.columns), known]).drop_duplicates(
            ["person_id", "period_start", "period_end", "product_line"])
    table = found.merge(people[["person_id", "person", "department", "team"]], on="person_id", how="left")
    for name in ("low", "now"):
        table[f"attained_{name}"] = [_attained(tables, known, row.person_id, getattr(row, f"{name}_from"),
                                               getattr(row, f"{name}_to"))
                                     for row in table.itertuples(index=False)]
    return table.sort_values("p", kind="stable", ignore_index=True)[STORIES]


def _attained(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, person: str, first: pd.Timestamp,
              last: pd.Timestamp) -> float:
    span = Period("", first, last + pd.offsets.MonthEnd(0))
    goal = goals_by_person(goals[goals.person_id == person], span).sum()
    sales = credited_sales(tables)
    own = sales[(sales.person_id == person) & (sales.date >= span.start)
                & (sales.date < span.end + pd.Timedelta(days=1))]
    return float(own.amount.sum() / goal) if goal > 0 else np.nan


def contest(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
            day: pd.Timestamp | str, country: str = "CN") -> pd.DataFrame:
    """Stand people side by side so that anybody can win: fair goal, own progress, and the work done.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`; their sum is shared out anew with equal chances.
    period : Period
        Of the contest.
    day : Timestamp or str
        The last day that is known.
    country : str
        Of the working calendar.

    Returns
    -------
    DataFrame
        By rank: person_id, person, department, team, fair_goal (equal chance for all), so_far, pace (so_far
        over what the fair goal takes by now), progress (deals a day over the own 13 weeks before), process
        (visits, other contacts and quotes likewise), points (0 to 100), rank (ties share one), of, team_rank,
        team_of, public (True for the top third, at least 3 and at most 10: only these stand on the wall,
        everybody else is told the own place alone). Empty below 3 people.

    Notes
    -----
    Points: half for the fair goal, a quarter each for progress and work (what is not recorded falls out and
    the rest counts for more). Each is a distance in units of its own luck, turned into 0 to 100: 50 is as
    expected. So a small seller's lucky week is not worth more than a large one's steady month, and a
    newcomer, whose goal follows the growth curve, can win.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.date_range("2025-01-01", "2026-01-15", freq="B")
    >>> rows = pd.DataFrame({"date": days.repeat(4), "person_id": list("1234") * len(days), "amount": 10.0})
    >>> more = (rows.person_id == "4") & (rows.date >= "2026-01-01")
    >>> tables["orders"] = as_table("orders", pd.concat([rows, rows[more]]))
    >>> found = contest(tables, pd.DataFrame(), read_period("2026-01"), "2026-01-15")
    >>> found[["person_id", "rank", "public"]].values.tolist()
    [['4', 1, True], ['1', 2, True], ['2', 2, True], ['3', 2, True]]
    """
    return stand_in_contest(tables, goals, period, pd.Timestamp(day).normalize(), country)


def agenda(kind: str, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Fill the agenda of a meeting from the data: facts first, then questions, then decisions to be made.

    Parameters
    ----------
    kind : str
        ``morning`` (10 minutes), ``weekly`` (45) or ``retro`` (90).
    frames : mapping of str to DataFrame
        What the steps found: ``report.studies``, or the results of study_kpi_goals, study_follow_up and
        study_meetings together. What a reader may not see is not in them and so not on the sheet.

    Returns
    -------
    DataFrame
        One row an item: place, part (facts, questions, decisions), minutes (on the first of a part), code
        (of its sentence), person_id, name, about, value, compared, count, day (what the sentence needs),
        owner and due (empty: decided in the meeting, a decision without them is none).

    Examples
    --------
    >>> found = agenda("morning", {})
    >>> found.part.tolist(), int(found.minutes.sum())
    (['facts', 'questions', 'questions', 'decisions', 'decisions'], 10)
    """
    if kind not in KINDS:
        raise SalesgoalsError(Problem("meetings.kind_unknown", found=kind, known=", ".join(KINDS)))
    return gather_items(kind, frames)


def read_pulse(folder: str | Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the pulse forms that came back; nobody's name, nor the file an answer came from, is kept.

    Parameters
    ----------
    folder : str or Path
        Forms as Excel, WPS, LibreOffice or CSV, as :func:`salesgoals.show.meeting_sheets.write_pulse_form`
        wrote them or as a survey tool exports them: a row an answer, columns week, team and the five
        questions.

    Returns
    -------
    tuple of DataFrame and list of Problem
        Columns week (its Monday), team, question (belief, clarity, support, fairness, energy), answer (1 to
        5); what could not be read, each with its place. Blank is not an answer.
    """
    place = Path(folder)
    files = [place] if place.is_file() else sorted(
        path for path in place.glob("*") if path.suffix.lower() in ENDINGS
        and not path.name.startswith(("~$", ".~", "."))) if place.is_dir() else []
    return read_answers(files)


def pulse_trend(answers: pd.DataFrame, least: int = LEAST_ANSWERS) -> pd.DataFrame:
    """Follow the mood from week to week, question by question, without telling who said what.

    Parameters
    ----------
    answers : DataFrame
        From :func:`read_pulse`.
    least : int
        Fewest answers that are shown; never below 4.

    Returns
    -------
    DataFrame
        Columns week, team (empty: everybody), question, n, mean, low, high (80 %), change (against the week
        before), clear (the change is more than the doubt), held_back (answers of groups too small to show).
        Where n is below the least, mean is empty; a small team is also left out of the whole where it could
        be found by taking the others off.

    Examples
    --------
    >>> answers = pd.DataFrame({"week": pd.Timestamp("2026-06-01"), "team": ["A"] * 5 + ["B"] * 2,
    ...                         "question": "energy", "answer": [4, 4, 5, 3, 4, 1, 1]})
    >>> pulse_trend(answers)[["team", "n", "mean", "held_back"]].fillna(-1).values.tolist()
    [['', 5, 4.0, 2], ['A', 5, 4.0, 0], ['B', 2, -1.0, 2]]
    """
    return follow_pulse(answers, max(least, LEAST_ANSWERS))


def study_meetings(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                   day: pd.Timestamp, settings: object, folder: str | Path | None = None
                   ) -> dict[str, pd.DataFrame]:
    """Gather what meetings need for the reports: a person reads the own place in the contest, no other.

    Returns
    -------
    dict of str to DataFrame
        meetings_stories, meetings_contest (rows by person_id), meetings_pulse (the company alone, from the
        folder ``pulse`` of the workspace).
    """
    country = getattr(settings, "calendar_country", "CN")
    whole = (day + pd.Timedelta(days=1)).replace(day=1) - pd.Timedelta(days=1)  # the last whole month
    answers = read_pulse(Path(folder) / PULSE_FOLDER)[0] if folder is not None else pd.DataFrame()
    answers = answers[answers.week <= day] if len(answers) else answers
    return {"meetings_stories": success_stories(tables, goals, f"{whole:%Y-%m}"),
            "meetings_contest": contest(tables, goals, period, day, country),
            "meetings_pulse": pulse_trend(answers)}
