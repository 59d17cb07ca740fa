"""Goals in their windows: from which month to which, and who has months without any."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.windows import close_windows

YEAR = 12
HALF_MONTH = 15
GOAL_COLUMNS = ["department", "team", "person_id", "person", "start", "end", "product_line", "metric", "goal",
                "unit"]


def in_windows(goals: pd.DataFrame) -> pd.DataFrame:
    """Bring goals of a plan, or imported ones, into one shape: each with the first and last month it is for.

    Parameters
    ----------
    goals : DataFrame
        With month, or with period_start and period_end.

    Returns
    -------
    DataFrame
        Columns department, team, person_id, person, start, end, product_line, metric, goal, unit. A window
        that starts in the second half of a month counts from the next month, one that ends in the first half
        to the month before.
    """
    if "month" in goals:
        rows = goals.assign(start=goals.month, end=goals.month)
    else:
        closed = close_windows(goals)
        shift = pd.Timedelta(days=HALF_MONTH)
        rows = closed.assign(
            start=(closed.period_start + shift).dt.to_period("M").dt.to_timestamp(),
            end=(closed.period_end.fillna(closed.period_start) - shift).dt.to_period("M").dt.to_timestamp())
        rows["end"] = rows.end.where(rows.end >= rows.start, rows.start)
    for column in GOAL_COLUMNS:
        if column not in rows:
            rows[column] = None
    named = rows.person_id.notna() & (rows.person_id.astype(object) != "")
    rows["person_id"] = rows.person_id.where(named)
    return rows[GOAL_COLUMNS].reset_index(drop=True)


def span_of(rows: pd.DataFrame) -> tuple[pd.Timestamp, pd.DatetimeIndex]:
    """Return the first month of goals in windows, and all months from there to the last."""
    if rows.empty:
        return pd.Timestamp.max, pd.DatetimeIndex([])
    months = pd.date_range(rows.start.min(), rows.end.max(), freq="MS")
    return months[0], months


def length_of(rows: pd.DataFrame) -> pd.Series:
    """Return how many months each goal is for."""
    return (rows.end.dt.year - rows.start.dt.year) * YEAR + rows.end.dt.month - rows.start.dt.month + 1


def find_uncovered(rows: pd.DataFrame, past: pd.DataFrame, people: pd.DataFrame,
               months: pd.DatetimeIndex) -> pd.DataFrame:
    """Find people who sell, are on board, and have months without any goal."""
    empty = pd.DataFrame({"person_id": [], "person": [], "months": []})
    if rows.empty or not len(months) or rows.person_id.isna().all():
        return empty
    set_rows = rows[rows.person_id.notna() & rows.goal.notna()]
    spans = set_rows[["person_id", "start", "end"]].drop_duplicates()
    number = {month: at for at, month in enumerate(months)}
    sellers = past.person_id[past.month > months[0] - pd.DateOffset(months=YEAR + 1)].unique()
    listed = people.drop_duplicates("person_id").set_index("person_id") if len(people) else pd.DataFrame()
    everybody = pd.Index(sellers).union(pd.Index(set_rows.person_id.unique()))
    if len(listed):
        everybody = everybody[everybody.isin(listed.index)]
    covered = np.zeros((len(everybody), len(months)), bool)
    place = everybody.get_indexer(spans.person_id)
    for at, start, end in zip(place, spans.start, spans.end, strict=True):
        if at >= 0:
            covered[at, number[start]:number[end] + 1] = True
    wanted = np.ones_like(covered)
    if len(listed):
        stamps = months.to_numpy("datetime64[D]")
        hired = listed.hire_date.reindex(everybody).to_numpy("datetime64[D]")
        left = listed.leave_date.reindex(everybody).to_numpy("datetime64[D]")
        last = (months + pd.offsets.MonthEnd(0)).to_numpy("datetime64[D]")
        wanted = ~(stamps[None, :] < hired[:, None]) & ~(last[None, :] > left[:, None])
    missing = (wanted & ~covered).sum(1)
    names = rows.drop_duplicates("person_id").set_index("person_id").person
    if len(listed):
        names = listed.name.combine_first(names)
    table = pd.DataFrame({"person_id": everybody, "person": names.reindex(everybody).to_numpy(object),
                          "months": missing})
    table["person"] = table.person.where(table.person.notna(), table.person_id)
    return table[table.months > 0].sort_values("months", ascending=False, kind="stable", ignore_index=True)


def share_of_goals(goals: pd.DataFrame, months: pd.DatetimeIndex) -> float:
    """Return which part of a year these months had in the goals of the year before, if these were monthly."""
    if goals.empty or not len(months) or len(months) >= YEAR:
        return float("nan")
    rows = in_windows(goals)
    rows = rows[rows.metric.fillna("amount").eq("amount") & (rows.start == rows.end) & rows.goal.notna()]
    year = pd.date_range(months[0] - pd.DateOffset(years=1), periods=YEAR, freq="MS")
    table = rows[rows.start.isin(year)].pivot_table(index="person_id", columns="start", values="goal",
                                                    aggfunc="sum").reindex(columns=year).dropna()
    year_goal = table.sum(axis=1)
    share = table[months - pd.DateOffset(years=1)].sum(axis=1) / year_goal.where(year_goal > 0)
    return float(share.median())
