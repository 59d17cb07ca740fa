"""What a meeting should talk about, taken from what was found: facts, questions, and room for decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

KINDS = ("morning", "weekly", "retro")
MOST_NAMED = 3
COLUMNS = ["place", "part", "minutes", "code", "person_id", "name", "about", "value", "compared", "count",
           "day", "owner", "due"]
#: minutes for facts, questions, decisions
MINUTES = {"morning": (4, 3, 3), "weekly": (20, 15, 10), "retro": (30, 40, 20)}
QUESTIONS = {"morning": ("ask_today", "ask_help"),
             "weekly": ("ask_change", "ask_customers", "ask_help", "ask_share"),
             "retro": ("ask_goal", "ask_process", "ask_causes", "ask_improve")}
DECISIONS = {"morning": 2, "weekly": 4, "retro": 6}
Item = dict[str, Any]
Frames = Mapping[str, pd.DataFrame]


def gather_items(kind: str, frames: Frames) -> pd.DataFrame:
    """Fill the agenda of a meeting from the frames of the steps.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.meetings.agenda` describes them.
    """
    facts = [item for source in SOURCES[kind] for item in source(frames)]
    questions: list[Item] = [{"code": code} for code in QUESTIONS[kind]]
    decisions: list[Item] = [{"code": "decision"}] * DECISIONS[kind]
    parts = []
    for part, items, minutes in zip(("facts", "questions", "decisions"), (facts, questions, decisions),
                                    MINUTES[kind], strict=True):
        parts += [{**item, "part": part, "minutes": minutes if not at else np.nan}
                  for at, item in enumerate(items or [{"code": "no_facts"}])]
    table = pd.DataFrame(parts).reindex(columns=COLUMNS)
    texts = {name: table[name].astype(object).where(table[name].notna(), "").astype("str")
             for name in ("person_id", "name", "about", "owner", "due")}
    known = _frame(frames, "kpi_goals_needed")
    if len(known):
        names = dict(zip(known.person_id, known.person, strict=True))
        texts["name"] = texts["name"].where(texts["name"] != "", texts["person_id"].map(names)).fillna("")
    figures = {name: table[name].astype(float) for name in ("value", "compared", "count", "minutes")}
    return table.assign(place=range(1, len(table) + 1), **texts, **figures,
                        day=pd.to_datetime(table.day).astype("datetime64[us]"))


def _frame(frames: Frames, name: str) -> pd.DataFrame:
    return frames.get(name, pd.DataFrame())


def _so_far(frames: Frames) -> Iterator[Item]:
    needed = _frame(frames, "kpi_goals_needed")
    if len(needed):
        rows = needed[(needed.kpi == "amount") & needed.goal.notna()]
        if len(rows):
            left = int(rows.working_days_left.iloc[0])
            yield {"code": "so_far" if left else "result", "value": rows.so_far.sum(),
                   "compared": rows.goal.sum(), "count": left}


def _work(frames: Frames, column: str, code: str) -> Iterator[Item]:
    """Say how much work a day or week it takes, of all together who still miss anything."""
    needed = _frame(frames, "kpi_goals_needed")
    if not len(needed) or not needed.working_days_left.max() > 0:
        return
    for kpi in ("visits", "quotes", "deals"):
        rows = needed[(needed.kpi == kpi) & needed.enough.isin(["usual", "more", "beyond"])]
        if len(rows):
            usual = rows.usual_a_week / (5 if column == "a_day" else 1)
            yield {"code": f"{code}_{kpi}", "value": rows[column].sum(), "compared": usual.sum(),
                   "count": len(rows)}
            if (rows.enough == "beyond").any():
                yield {"code": "beyond", "count": int((rows.enough == "beyond").sum())}
            return


def _today(frames: Frames) -> Iterator[Item]:
    return _work(frames, "a_day", "today")


def _week(frames: Frames) -> Iterator[Item]:
    return _work(frames, "a_week", "week")


def _coverage(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "follow_up_coverage")
    if len(table):
        first = table.iloc[0]
        if first.missing > 0:
            yield {"code": "coverage", "value": first.coverage, "compared": first.usual_coverage,
                   "count": first.overdue + first.stale}


def _deals(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "follow_up_deals")
    for row in table.head(MOST_NAMED).itertuples() if len(table) else ():
        days = row.days_late if row.problem == "overdue" else row.days_open
        yield {"code": f"deal_{row.problem}", "person_id": row.person_id, "about": row.opportunity_id,
               "value": row.amount, "count": days, "day": row.due}


def _neglected(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "follow_up_neglected")
    table = table[table.state.isin(["neglected", "no_owner"])] if len(table) else table
    for row in table.head(MOST_NAMED).itertuples():
        name = row.name if isinstance(row.name, str) else row.account_id
        quiet = row.state == "neglected" and row.basis == "orders"  # the log names no customers
        yield {"code": "customer_quiet" if quiet else f"customer_{row.state}", "person_id": row.person_id,
               "about": name, "value": row.sales_12, "count": row.waiting, "compared": row.usual,
               "day": row.last_contact}


def _doubly(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "follow_up_doubly_own")
    if len(table):
        double = table[table.kind == "double"].drop_duplicates("account_id")
        for row in double.head(MOST_NAMED).itertuples():
            name = row.name if isinstance(row.name, str) else row.account_id
            yield {"code": "customer_double", "person_id": row.person_id, "about": name,
                   "value": row.own}


def _lag(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "follow_up_lag")
    if len(table):
        stopped = table[(table.by == "person") & table.state.isin(["stopped_logging", "absent"])]
        for row in stopped.drop_duplicates("unit").head(MOST_NAMED).itertuples():
            yield {"code": f"log_{row.state}", "person_id": row.unit, "count": row.waiting, "day": row.last}


def _story(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "meetings_stories")
    for row in table.head(1).itertuples() if len(table) else ():
        yield {"code": f"story_{row.reason}", "person_id": row.person_id, "name": row.person,
               "value": row.climb, "day": row.low_from}


def _contest(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "meetings_contest")
    if len(table):
        for row in table[table.public & (table["rank"] <= MOST_NAMED)].itertuples():
            yield {"code": "contest", "person_id": row.person_id, "name": row.person, "value": row.points,
                   "count": row.rank, "compared": row.of}


def _rates(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "kpi_goals_rates")
    if len(table):
        for rate, rows in table.groupby("rate", sort=False):
            yield {"code": f"rate_{rate}", "value": rows.value.median(), "compared": rows.low.median(),
                   "count": rows.n.sum()}


def _pulse(frames: Frames) -> Iterator[Item]:
    table = _frame(frames, "meetings_pulse")
    if len(table):
        known = table[(table.team == "") & table["mean"].notna()]
        last = known[known.week == known.week.max()]
        for row in last.nsmallest(1, "mean").itertuples():
            yield {"code": "pulse", "about": row.question, "value": row.mean, "count": row.n, "day": row.week}


Source = Callable[[Frames], Iterator[Item]]
SOURCES: dict[str, tuple[Source, ...]] = {
    "morning": (_so_far, _today, _deals, _neglected),
    "weekly": (_so_far, _week, _coverage, _deals, _neglected, _doubly, _lag, _story, _contest, _pulse),
    "retro": (_so_far, _rates, _coverage, _lag, _story, _pulse)}
