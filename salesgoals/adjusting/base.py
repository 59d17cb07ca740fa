"""Goals as they stand on a day: what is past, what is left to change, in whole units.

A window that has begun is split by working days: what falls on days before is past, and nothing touches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workdays import working_days

ROW = ["department", "team", "person_id", "person", "period_start", "period_end", "product_line", "metric",
       "goal", "unit"]
VACANT = "vacancy-"  # before the id of who left: a seat whose goal waits for a successor
FINEST = 10_000  # goals have at most four decimals


@dataclass(frozen=True)
class Base:
    """The goals before a change, as a table of open units by person, window and product line.

    ``people`` stand in the order of the first axis, ``windows`` of the second, ``lines`` of the third.
    """

    rows: pd.DataFrame  # the goals, with place (in cells, -1: past) and past (units)
    day: pd.Timestamp
    unit: float
    people: pd.DataFrame  # person_id, person, department, team
    windows: pd.DataFrame  # period_start, period_end: those that are not over
    lines: list[str]
    cells: Array  # open units
    there: Array  # a goal stands there, maybe of 0

    @property
    def past(self) -> pd.Series:
        """Units of each person that nothing can touch any more."""
        return self.rows.groupby("person_id").past.sum().reindex(self.people.person_id).fillna(0)

    def person(self, person_id: str) -> int:
        """Place of a person."""
        return int(self.people.index[self.people.person_id == person_id][0])

    def money(self, units: Array) -> Array:
        """Turn units into currency units."""
        return units * self.unit


def find_unit(goals: pd.Series, unit: float) -> float:
    """Find the unit that all goals are whole multiples of: the one asked for, 1, or a fraction.

    Examples
    --------
    >>> find_unit(pd.Series([300.0, 50.0]), 100), find_unit(pd.Series([0.5]), 1)
    (1, 0.01)
    """
    fine = np.rint(goals.to_numpy(float) * FINEST).astype("int64")
    for size in (unit, 1, .01):
        if not (fine % round(size * FINEST)).any():
            return size
    return 1 / FINEST


def share_gone(start: pd.Timestamp, end: pd.Timestamp, day: pd.Timestamp, country: str) -> float:
    """Say what share of a window's working days lies before a day.

    Examples
    --------
    >>> share_gone(pd.Timestamp("2026-06-01"), pd.Timestamp("2026-06-30"), pd.Timestamp("2026-07-01"), "CN")
    1.0
    """
    if day <= start or day > end:
        return float(day > end)
    days = working_days(start, end, country)
    before = days[days.date < day]
    if not days.working.any():
        return len(before) / len(days)
    return float(before.working.sum() / days.working.sum())


def make_base(goals: pd.DataFrame, day: pd.Timestamp, unit: float = 1, country: str = "CN",
              running: str = "split") -> Base:
    """Lay goals out for a change from a day on.

    Parameters
    ----------
    goals : DataFrame
        Columns ``ROW``; goals of people (of whole teams without a person are left alone).
    day : Timestamp
        The first day that may change.
    unit : float
        What goals are multiples of, if they all are.
    country : str
        Two letters: whose working days split a window that has begun.
    running : str
        ``split`` by working days, or ``kept``: a window that has begun is not touched.

    Returns
    -------
    Base

    Raises
    ------
    SalesgoalsError
        If no goal is set, or none reaches to the day.
    """
    rows = goals[goals.person_id.notna() & (goals.person_id != "")].reset_index(drop=True)
    if rows.empty:
        raise SalesgoalsError(Problem("adjust.no_goals"))
    if not (rows.period_end >= day).any():
        raise SalesgoalsError(Problem("adjust.all_past", day=f"{day:%Y-%m-%d}",
                                      last=f"{rows.period_end.max():%Y-%m-%d}"))
    unit = find_unit(rows.goal, unit)
    units = np.rint(rows.goal.to_numpy(float) * FINEST).astype("int64") // round(unit * FINEST)
    spans = rows[["period_start", "period_end"]].drop_duplicates().sort_values(["period_start", "period_end"])
    gone = {(start, end): share_gone(start, end, day, country) if running == "split" else float(start < day)
            for start, end in spans.itertuples(index=False, name=None)}
    share = np.array([gone[pair] for pair in zip(rows.period_start, rows.period_end, strict=True)])
    past = np.rint(units * share).astype("int64")
    windows = spans[[gone[pair] < 1 for pair in spans.itertuples(index=False, name=None)]]
    windows = windows.reset_index(drop=True)
    if windows.empty:
        raise SalesgoalsError(Problem("adjust.nothing_open", day=f"{day:%Y-%m-%d}"))
    people = rows.sort_values("period_start", kind="stable").drop_duplicates("person_id", keep="last")
    people = people[["person_id", "person", "department", "team"]].sort_values(
        ["department", "team", "person_id"], kind="stable").reset_index(drop=True)
    lines = sorted(rows.product_line.fillna("").unique())
    who = pd.Index(people.person_id).get_indexer(rows.person_id)
    when = pd.MultiIndex.from_frame(windows).get_indexer(pd.MultiIndex.from_frame(
        rows[["period_start", "period_end"]]))
    what = pd.Index(lines).get_indexer(rows.product_line.fillna(""))
    shape = (len(people), len(windows), len(lines))
    at = np.where(when >= 0, np.ravel_multi_index((who, np.maximum(when, 0), what), shape), -1)
    cells, there = np.zeros(shape, "int64"), np.zeros(shape, bool)
    inside = at >= 0
    cells.ravel()[at[inside]] = (units - past)[inside]
    there.ravel()[at[inside]] = True
    rows = rows.assign(units=units, past=past, place=at)
    return Base(rows, day, unit, people, windows, lines, cells, there)


def goals_after(base: Base, people: pd.DataFrame, cells: Array, gone: list[str]) -> pd.DataFrame:
    """Write the goals with new open units; who has left has no row in windows that begin afterwards.

    Parameters
    ----------
    base : Base
        The goals before.
    people : DataFrame
        As ``base.people``, further people below, in the teams they are in from the day on.
    cells : array
        Open units of these people.
    gone : list of str
        Person ids that have left.
    """
    known = base.rows.place.to_numpy()
    flat = cells.reshape(-1)
    new_units = base.rows.past.to_numpy() + np.where(known >= 0, flat[np.maximum(known, 0)], 0)
    rows = base.rows.assign(units=new_units)
    later = rows.period_start >= base.day
    places = people.set_index("person_id")
    for column in ("department", "team"):
        rows[column] = rows[column].where(~later, rows.person_id.map(places[column]))
    rows = rows[~(rows.person_id.isin(gone) & later)]
    taken = np.zeros(cells.shape, bool)
    taken.reshape(-1)[known[known >= 0]] = True
    i, m, k = np.nonzero((cells > 0) & ~taken)
    if len(i):
        fresh: dict[str, Any] = {name: people[name].to_numpy()[i]
                                 for name in ("department", "team", "person_id", "person")}
        fresh |= {name: base.windows[name].to_numpy()[m] for name in ("period_start", "period_end")}
        named = np.array([line or None for line in base.lines], dtype=object)
        fresh |= {"product_line": named[k], "metric": base.rows.metric.iloc[0],
                  "unit": base.rows.unit.iloc[0], "units": cells[i, m, k]}
        types = {name: rows[name].dtype for name in fresh if name in rows}
        rows = pd.concat([rows, pd.DataFrame(fresh).astype(types)], ignore_index=True)
    whole = float(base.unit).is_integer()
    goal = rows.units * (int(base.unit) if whole else base.unit)
    rows = rows.assign(goal=goal.astype("int64") if whole else goal.round(4))
    return rows.sort_values(["department", "team", "person_id", "period_start", "product_line"],
                            kind="stable")[ROW].reset_index(drop=True)
