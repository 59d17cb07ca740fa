"""Growth goals of newcomers: what to have learnt and done by which month, and what the records show of it."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.measuring.actuals import METRICS, Measures
from salesgoals.problems import Problem, SalesgoalsError

MILESTONES_FILE = "milestones.toml"
COLUMNS = ["code", "month", "count", "measured_by", "zh", "en"]
DATED = ["person_id", "code", "zh", "en", "tenure_month", "month", "goal", "measured_by", "done", "reached"]
_EXAMPLE = Path(__file__).with_name(MILESTONES_FILE)
LATEST = 60  # months since joining; whoever is longer there is no newcomer


def read_milestones(folder: Path | None = None) -> pd.DataFrame:
    """Read the milestones of newcomers: the workspace's own file or, without one, the example.

    Parameters
    ----------
    folder : Path, optional
        A workspace's folder, which may hold ``milestones.toml``.

    Returns
    -------
    DataFrame
        Columns code, month (since joining, the month of joining being 1), count, measured_by (a metric, or
        empty: the manager ticks it off), zh, en; by month.

    Raises
    ------
    SalesgoalsError
        Naming everything in the file that cannot be used.

    Examples
    --------
    >>> read_milestones().code.tolist()[:2]
    ['product_exam', 'shadowed_visits']
    """
    own = None if folder is None else Path(folder) / MILESTONES_FILE
    path = own if own is not None and own.exists() else _EXAMPLE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        row = re.search(r"line (\d+)", str(error))
        raise SalesgoalsError(Problem("metrics.milestones_unreadable", file=path.name,
                                      row=int(row.group(1)) if row else None)) from None
    entries = content.get("milestone", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SalesgoalsError(Problem("metrics.milestones_no_list", file=path.name))
    problems = [Problem("metrics.milestones_unknown_key", file=path.name, found=key, near="milestone")
                for key in content if key != "milestone"]
    for number, entry in enumerate(entries, 1):
        problems += _problems_of(entry, number, path.name)
    codes = pd.Series([str(entry.get("code", "")) for entry in entries], dtype="str")
    problems += [Problem("metrics.milestones_twice", file=path.name, found=code)
                 for code in codes[codes.duplicated()].unique()]
    if problems:
        raise SalesgoalsError(problems)
    table = pd.DataFrame([{column: entry.get(column, "") for column in COLUMNS} for entry in entries],
                         columns=COLUMNS)
    kinds = {column: "int64" if column in ("month", "count") else "str" for column in COLUMNS}
    return table.astype(kinds).sort_values("month", kind="stable", ignore_index=True)


def _problems_of(entry: dict[str, Any], number: int, file: str) -> list[Problem]:
    found = []
    for key in entry:
        if key not in COLUMNS:
            near = difflib.get_close_matches(key, COLUMNS, 1, 0)[0]
            found.append(Problem("metrics.milestones_unknown_key", file=file, found=key, near=near))
    for key in ("code", "zh", "en"):
        if not isinstance(entry.get(key), str) or not str(entry.get(key)).strip():
            found.append(Problem("metrics.milestones_text", file=file, number=number, column=key))
    for key, most in (("month", LATEST), ("count", 100_000)):
        value = entry.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            found.append(Problem("metrics.milestones_number", file=file, number=number, column=key,
                                 found=value, most=most))
    measured = entry.get("measured_by", "")
    if measured not in ("", *METRICS):
        found.append(Problem("metrics.milestones_measure", file=file, number=number, found=measured,
                             known=", ".join(METRICS)))
    return found


def date_milestones(milestones: pd.DataFrame, people: pd.DataFrame, hire_dates: pd.Series,
                    months: pd.DatetimeIndex, measures: Measures) -> pd.DataFrame:
    """Give each newcomer a dated list: what falls due in the plan's months, and what is overdue from before.

    Parameters
    ----------
    milestones : DataFrame
        From :func:`read_milestones`.
    people : DataFrame
        Column person_id: everybody in the plan.
    hire_dates : Series
        Date of joining by person_id; who has none is no newcomer.
    months : DatetimeIndex
        Months of the plan.
    measures : Measures
        From :func:`salesgoals.measuring.actuals.gather_measures`.

    Returns
    -------
    DataFrame
        Columns person_id, code, zh, en, tenure_month, month (in which it falls due; what was due before the
        plan and the records do not show falls due in its first month), goal (how many), measured_by, done
        (how many the records show since joining; NaN where a manager has to say), reached (first month in
        which the records show all of it). Only people with something still ahead in the plan.
    """
    hired = hire_dates.reindex(people.person_id).dropna()
    hired = hired[hired.dt.to_period("M") >= (months[0] - pd.DateOffset(months=LATEST)).to_period("M")]
    if hired.empty or milestones.empty:
        return _dated(pd.DataFrame(columns=DATED))
    joined = hired.dt.to_period("M").dt.to_timestamp().rename("joined").rename_axis("person_id").reset_index()
    rows = joined.merge(milestones.rename(columns={"count": "goal"}), how="cross")
    due = rows.joined.dt.to_period("M") + (rows.month - 1)
    rows = rows.assign(tenure_month=rows.month, month=due.dt.to_timestamp().astype("datetime64[us]"))
    ahead = rows.groupby("person_id").month.transform("max").between(months[0], months[-1]) | rows.groupby(
        "person_id").month.transform(lambda day: day.between(months[0], months[-1]).any())
    rows = rows[ahead & (rows.month <= months[-1])].reset_index(drop=True)
    reached = [_reached(measures, row) for row in rows.itertuples(index=False)]
    rows["done"] = [done for done, _ in reached]
    rows["reached"] = pd.Series([month for _, month in reached], index=rows.index, dtype="datetime64[us]")
    before = rows.month < months[0]
    rows = rows[~(before & (rows.reached.notna() | rows.done.isna()))]
    rows["month"] = rows.month.clip(lower=months[0])
    return _dated(rows)


def _reached(measures: Measures, row: Any) -> tuple[float, pd.Timestamp]:
    if not row.measured_by or not measures.exists(row.measured_by):
        return np.nan, pd.NaT
    table = measures.values[row.measured_by]
    if row.person_id not in table.index:
        return 0.0, pd.NaT
    running = table.loc[row.person_id].loc[row.joined:].fillna(0).cumsum()
    enough = running.index[running >= row.goal]
    return float(running.iloc[-1]) if len(running) else 0.0, enough[0] if len(enough) else pd.NaT


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    kinds = {"tenure_month": "int64", "month": "datetime64[us]", "goal": "int64", "done": "float64",
             "reached": "datetime64[us]",
             **dict.fromkeys(("person_id", "code", "zh", "en", "measured_by"), "str")}
    return rows[DATED].astype(kinds).sort_values(["person_id", "month", "tenure_month"], kind="stable",
                                                 ignore_index=True)
