"""Records that stopped: the last day of each source and person, and whether such a silence is usual."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.coaching.rhythm import judge_silence
from salesgoals.history import credited_sales
from salesgoals.workdays import working_days

SILENT = .005   # share of ordinary pauses that last as long
SOURCES = ("sales", "opportunities", "activities")
COLUMNS = ["by", "unit", "person_id", "source", "last", "waiting", "usual", "n", "p", "state", "overdue",
           "overdue_amount"]


def records_of(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """List the days on which each source has anything of each person: columns source, person_id, date."""
    deals = tables["opportunities"]
    ended = deals[deals.status.isin(["won", "lost"])].assign(date=lambda rows: rows.closed)
    parts = {"sales": [credited_sales(tables)], "activities": [tables["activities"]],
             "opportunities": [deals.assign(date=deals.created), ended]}
    found = [rows[["person_id", "date"]].assign(source=source) for source, many in parts.items()
             for rows in many if len(rows)]
    if not found:
        return pd.DataFrame(columns=["source", "person_id", "date"])
    every = pd.concat(found, ignore_index=True).dropna()
    every = every.assign(date=every.date.dt.normalize()).drop_duplicates()
    return every[every.date <= day]


def find_lag(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, people: pd.Index,
             country: str) -> pd.DataFrame:
    """Say for each source, and each person in it, how long nothing has come in and whether that is usual.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.follow_up.data_lag` describes them.
    """
    every = records_of(tables, day)
    if every.empty:
        return pd.DataFrame(columns=COLUMNS)
    calendar = working_days(every.date.min(), max(day, every.date.max()), country)
    number = pd.Series(calendar.working.cumsum().to_numpy(), index=pd.DatetimeIndex(calendar.date))
    every["place"] = every.date.map(number)
    now = int(number[day])
    listed = every[every.person_id.isin(people)]
    parts = []
    for source in SOURCES:
        whole = every[every.source == source]
        if whole.empty:
            continue
        for by, rows, key in (("all", whole, pd.Series("all", index=whole.index)),
                              ("person", listed[listed.source == source], None)):
            names = rows.person_id if key is None else key
            found = judge_silence(names, rows.place, now).rename_axis("unit").reset_index()
            last = rows.groupby(names).date.max()
            parts.append(found.assign(by=by, source=source, last=found.unit.map(last)))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    table["state"] = np.where(table.p.isna(), "too_few", np.where(table.p < SILENT, "silent", "ok"))
    table["person_id"] = table.unit.where(table.by == "person")
    table = _tell_apart(table)
    late = tables["opportunities"]
    late = late[(late.status == "open") & (late.closed < day)]
    count, amount = late.groupby("person_id").size(), late.groupby("person_id").amount.sum()
    mine = table.source == "opportunities"
    own = table.person_id.map(count).fillna(0).where(table.by == "person", len(late))
    worth = table.person_id.map(amount).fillna(0.).where(table.by == "person", late.amount.sum())
    return table.assign(overdue=own.where(mine, 0).astype("int64"),
                        overdue_amount=worth.where(mine, 0.).astype(float))[COLUMNS]


def _tell_apart(table: pd.DataFrame) -> pd.DataFrame:
    """Tell who stopped logging, but went on selling, from who is silent everywhere: absent, perhaps."""
    own = table[table.by == "person"]
    wide = own.pivot(index="unit", columns="source", values="last")
    state = own.pivot(index="unit", columns="source", values="state")
    if "activities" not in wide or "sales" not in wide:
        return table
    silent = state.activities == "silent"
    sells = silent & (wide.sales > wide.activities) & (state.sales != "silent")
    absent = silent & ~sells & (state.sales == "silent")
    changed = table.copy()
    logs = (changed.by == "person") & (changed.source == "activities")
    changed.loc[logs & changed.unit.isin(sells.index[sells]), "state"] = "stopped_logging"
    away = (changed.by == "person") & changed.unit.isin(absent.index[absent]) & (changed.state == "silent")
    changed.loc[away, "state"] = "absent"
    return changed
