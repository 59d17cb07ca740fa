"""A contest that anybody can win: a fair goal, one's own progress, the work, each beside its own luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtr

from salesgoals.coaching.rates import within_log
from salesgoals.coaching.weeks import weigh_days
from salesgoals.equal_chance import equal_chance_goals
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.history import as_known_on, credited_sales, monthly_sales, roster
from salesgoals.in_force import goals_by_person
from salesgoals.kpis import count_kpis
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.workdays import working_days

WEIGHTS = {"fair": .50, "progress": .25, "process": .25}
WORK = ("visits", "follow_ups", "quotes")
BASE_DAYS = 91      # before the period: a person's own usual
CLUMPING = 2.       # variance of counts of deals and visits against single independent events
LEAST_PEOPLE = 3
PUBLIC = 1 / 3      # the part of the table that everybody sees ...
LEAST_PUBLIC, MOST_PUBLIC = 3, 10
STANDING = ["person_id", "person", "department", "team", "fair_goal", "so_far", "pace", "progress",
            "process", "points", "rank", "of", "team_rank", "team_of", "public"]


def stand_in_contest(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                     day: pd.Timestamp, country: str) -> pd.DataFrame:
    """Work out everybody's place.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.meetings.contest` describes them.
    """
    known = as_known_on(tables, day)
    before = as_known_on(tables, period.start - pd.Timedelta(days=1))
    expected = _expect(before, known, period, country)
    people = roster(known, day).drop_duplicates("person_id")
    people = people[~(people.leave_date <= day) & people.person_id.isin(expected.index)]
    if len(people) < LEAST_PEOPLE:
        return pd.DataFrame(columns=STANDING)
    table = people.set_index("person_id")[["person", "department", "team"]].join(expected)
    wanted = goals_by_person(goals, period) if len(goals) else pd.Series(dtype=float)
    total = float(wanted.reindex(table.index).fillna(table["mean"]).sum())
    table["fair_goal"] = equal_chance_goals(table, total) if total > 0 else table["mean"]
    elapsed = _elapsed(before, period, day, country)
    sales = credited_sales(known)
    inside = sales[(sales.date >= period.start) & (sales.date < period.end + pd.Timedelta(days=1))]
    table["so_far"] = inside.groupby("person_id").amount.sum().reindex(table.index).fillna(0.)
    by_now = table.fair_goal * elapsed
    with np.errstate(invalid="ignore", divide="ignore"):
        table["pace"] = table.so_far / by_now.where(by_now > 0)
        scores = pd.DataFrame({"fair": (table.so_far - by_now) / (table.sd * np.sqrt(elapsed))})
    if not elapsed > 0:
        scores["fair"] = np.nan
    for name, kpis in (("progress", ("deals",)), ("process", WORK)):
        table[name], scores[name] = _against_own(known, kpis, table.index, period, day, country)
    weight = pd.Series(WEIGHTS) * scores.notna()
    points = (100 * ndtr(scores.fillna(0.)) * weight).sum(axis=1) / weight.sum(axis=1)
    table["points"] = points.where(scores.fair.notna()).round()
    table = table[table.points.notna()]
    if len(table) < LEAST_PEOPLE:
        return pd.DataFrame(columns=STANDING)
    table["rank"] = table.points.rank(ascending=False, method="min").astype("int64")
    table["of"] = len(table)
    unit = table.department.astype(object).fillna("") + "/" + table.team.astype(object).fillna("")
    table["team_rank"] = table.groupby(unit).points.rank(ascending=False, method="min").astype("int64")
    table["team_of"] = table.groupby(unit).points.transform("size").astype("int64")
    shown = int(np.clip(round(PUBLIC * len(table)), LEAST_PUBLIC, MOST_PUBLIC))
    table["public"] = (table["rank"] <= shown) & (table["rank"] < len(table))
    table = table.sort_values(["rank", "person"], kind="stable").rename_axis("person_id").reset_index()
    return table[STANDING]


def _expect(before: Mapping[str, pd.DataFrame], known: Mapping[str, pd.DataFrame], period: Period,
            country: str) -> pd.DataFrame:
    """Forecast each person's sales of the period from what was known before it: mean and sd by person_id."""
    history = monthly_sales(before)
    history = history[(history.person_id != "") & (history.month < period.start.replace(day=1))]
    try:
        forecast: Forecast = forecast_sales(history, f"{period.start:%Y-%m}", len(period.months),
                                            people=known["people"], country=country)
    except SalesgoalsError:  # nothing before the period: nothing to be fair by
        return pd.DataFrame(columns=["mean", "sd"])
    days = working_days(period.months[0], period.months[-1] + pd.offsets.MonthEnd(0), country)
    days = days[days.working]
    inside = days.date.between(period.start, period.end)
    share = inside.groupby(days.date.dt.to_period("M").dt.to_timestamp()).mean()
    means = forecast.months.assign(mean=forecast.months["mean"] * forecast.months.month.map(share).fillna(0.))
    mean = means.groupby("person_id")["mean"].sum()
    relative = forecast.people.sd / forecast.people["mean"]
    found = pd.DataFrame({"mean": mean, "sd": mean * relative.reindex(mean.index)})
    return found[(found["mean"] > 0) & (found.sd > 0)]


def _elapsed(before: Mapping[str, pd.DataFrame], period: Period, day: pd.Timestamp, country: str) -> float:
    days = weigh_days(period.start, period.end, country, before, period.start)
    total = float(days.weight.sum())
    return float(days.weight[days.date <= day].sum()) / total if total > 0 else 0.


def _against_own(tables: Mapping[str, pd.DataFrame], kpis: tuple[str, ...], people: pd.Index, period: Period,
                 day: pd.Timestamp, country: str) -> tuple[pd.Series, pd.Series]:
    """Compare counts a working day with the person's own of the 13 weeks before: ratio, and score by luck."""
    counted = count_kpis(tables)
    counted = counted[counted.kpi.isin(kpis)]
    if kpis == WORK:
        counted = within_log(counted, tables)
    start = period.start - pd.Timedelta(days=BASE_DAYS)
    nothing = pd.Series(np.nan, index=people)
    if counted.empty or counted.date.min() > start or day < period.start:
        return nothing, nothing
    worked = working_days(start, day, country)
    base_days = int(worked.working[worked.date < period.start].sum())
    now_days = int(worked.working[worked.date >= period.start].sum())
    usual = counted[(counted.date >= start) & (counted.date < period.start)].groupby("person_id").value.sum()
    came = counted[(counted.date >= period.start) & (counted.date <= day)].groupby("person_id").value.sum()
    if not now_days or not base_days:
        return nothing, nothing
    usual = usual.reindex(people).where(lambda count: count > 0)
    came = came.reindex(people).fillna(0.)
    expected = usual * now_days / base_days
    score = (came - expected) / np.sqrt(CLUMPING * expected * (1 + now_days / base_days))
    return came / expected, score
