"""Tables of the ledger: the list of entries, the goals of a moment, and what differs between two."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from salesgoals.entries.chain import Entry
from salesgoals.entries.rows import ROW, codes_of, in_reader_words, numbers_of, plain_number
from salesgoals.entries.times import local_times

HISTORY_COLUMNS = ["entry", "at", "who", "why", "action", "version", "valid_from", "rows", "metric", "before",
                   "after", "total", "undoes", "hash"]
GOAL_COLUMNS = ["version", *ROW]
DIFF_COLUMNS = ["version", "department", "team", "person_id", "person", "period_start", "period_end",
                "product_line", "metric", "unit", "before", "after", "change"]
TRAIL_COLUMNS = ["entry", "at", "who", "why", "action", "version", "undoes", "department", "team",
                 "person_id", "person", "metric", "rows", "before", "after"]
PEOPLE_COLUMNS = ["version", "department", "team", "person_id", "person", "metric", "rows", "before", "after",
                  "change"]
_WORDS = ("who", "why", "action", "version", "metric", "hash")
_DAYS = ("period_start", "period_end")


def list_entries(found: list[Entry], zone: str) -> pd.DataFrame:
    """Put entries one below the other, with the running total of each version."""
    table = pd.DataFrame([vars(entry) for entry in found], columns=HISTORY_COLUMNS)
    table = table.astype({"entry": "int64", "rows": "int64", "undoes": "Int64",
                          **dict.fromkeys(_WORDS, "str")})
    return table.assign(
        at=local_times(table["at"], zone),
        valid_from=pd.to_datetime(table.valid_from).astype("datetime64[us]"),
        before=numbers_of(table.before), after=numbers_of(table.after), total=numbers_of(_totals(found)))


def _totals(found: list[Entry]) -> pd.Series:
    """Add up, for each version and metric, what the entries changed."""
    running: dict[tuple[str, str], Decimal] = {}
    totals: list[str | None] = []
    for entry in found:
        if entry.metric is None:
            totals.append(None)
            continue
        key = entry.version, entry.metric
        running[key] = running.get(key, Decimal()) + Decimal(entry.after or 0) - Decimal(entry.before or 0)
        totals.append(plain_number(running[key]))
    return pd.Series(totals, dtype="str")


def follow_people(history: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Say of each entry whose goals it changed, from which sum to which: columns ``TRAIL_COLUMNS``."""
    lines = changes.assign(goal=numbers_of(changes.goal).astype("float64"), one=1,
                           own=changes.person_id.fillna("/" + changes.department.fillna("")
                                                        + "/" + changes.team.fillna("")))
    of_whom = lines.groupby(["entry", "own", "metric"], dropna=False, sort=False)
    table = of_whom[["department", "team", "person_id", "person"]].last().assign(
        rows=lines.groupby(["entry", "own", "metric", "added"], dropna=False).one.sum().groupby(
            level=[0, 1, 2], dropna=False).max(),
        **{name: lines[lines.added == sign].groupby(["entry", "own", "metric"], dropna=False).goal.sum()
           for name, sign in (("before", False), ("after", True))}).reset_index()
    told = history.set_index("entry")[["at", "who", "why", "action", "version", "undoes"]]
    table = table.join(told, on="entry").sort_values(["entry", "own"], kind="stable")
    return table[TRAIL_COLUMNS].reset_index(drop=True)


def sum_by_person(rows: pd.DataFrame, amount: str = "goal") -> pd.DataFrame:
    """Add goals up for each version, person (or team) and metric; nothing stays nothing.

    Returns
    -------
    pandas.DataFrame
        Columns version, department, team, person_id, person, metric, rows, the amount; indexed by
        version, person and metric.
    """
    own = rows.person_id.fillna("/" + rows.department.fillna("") + "/" + rows.team.fillna(""))
    groups = rows.assign(own=own, of=rows.version, what=rows.metric.fillna("")).groupby(
        ["of", "own", "what"], sort=False)
    table = groups[["version", "department", "team", "person_id", "person", "metric"]].last()
    return table.assign(rows=groups.size(), **{amount: groups[amount].sum(min_count=1)})


def compare_people(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Set the sums of each person of whom any goal differs side by side, the largest change first."""
    differing = sum_by_person(compare_goals(old, new), "change")
    before, after = (sum_by_person(state).goal.reindex(differing.index) for state in (old, new))
    table = differing.assign(before=before, after=after, change=after - before)
    first = table.change.astype("float64").abs().sort_values(ascending=False, kind="stable").index
    return table.loc[first, PEOPLE_COLUMNS].reset_index(drop=True)


def as_goals(state: pd.DataFrame) -> pd.DataFrame:
    """Read the texts of a state as dates and numbers, our own names in the reader's language."""
    days = {name: pd.to_datetime(state[name]).astype("datetime64[us]") for name in _DAYS}
    goals = in_reader_words(state.assign(**days, goal=numbers_of(state.goal)))
    return goals[GOAL_COLUMNS].reset_index(drop=True)


def compare_goals(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Set two states of the goals side by side and keep what differs: columns ``DIFF_COLUMNS``."""
    rows = pd.concat([old, new], ignore_index=True)
    lines = pd.DataFrame({"key": codes_of(rows), "line": range(len(rows)),
                          "side": ["before"] * len(old) + ["after"] * len(new)})
    pairs = lines.pivot(index="key", columns="side", values="line").reindex(columns=["before", "after"])
    before, after = (rows.reindex(pairs[side]).reset_index(drop=True) for side in ("before", "after"))
    same = pd.Series(True, index=before.index)
    for name in ROW:
        left, right = before[name], after[name]
        same &= (left == right).fillna(False).astype(bool) | (left.isna() & right.isna())
    shown = rows.loc[pairs.after.fillna(pairs.before).astype("int64")].reset_index(drop=True)
    shown = shown.assign(before=before.goal, after=after.goal, change=after.goal - before.goal)
    return shown[~same][DIFF_COLUMNS].reset_index(drop=True)
