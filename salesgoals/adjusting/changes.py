"""Whose goals were changed after they were set, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.ledger import open_ledger
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Workspace

ADJUSTED = "adjusted"
CHANGE_COLUMNS = ["entry", "at", "who", "why", "action", "department", "team", "person_id", "person",
                  "before", "after", "change"]


def list_changes(workspace: Workspace, period: Period | None = None) -> pd.DataFrame:
    """List who changed whose goals after they were set: every adjustment, and every one taken back.

    Parameters
    ----------
    workspace : Workspace
        Whose ledger to read.
    period : Period, optional
        Only goals of windows within it.

    Returns
    -------
    DataFrame
        Columns entry, at, who, why, action, department, team, person_id, person, before, after, change
        (currency units), oldest first. Empty where nothing was changed.
    """
    with open_ledger(workspace) as ledger:
        if ledger.head is None:
            return pd.DataFrame(columns=CHANGE_COLUMNS)
        span: Mapping[str, str] = {} if period is None else {
            "first": f"{period.start:%Y-%m-%d}", "last": f"{period.end:%Y-%m-%d}"}
        trail = ledger.trail(**span)
    return changes_of(trail)


def study_adjust(workspace: Workspace, period: Period) -> dict[str, pd.DataFrame]:
    """List for the reports whose goals of a period were changed; why, only for the reader of the company.

    Returns
    -------
    dict of str to DataFrame
        adjust_changes (as :func:`list_changes`, without why: it may speak of other people) and
        adjust_entries (entry, why). Both are missing where the ledger cannot be read.
    """
    try:
        changes = list_changes(workspace, period)
    except SalesgoalsError:
        return {}
    whys = changes[["entry", "why"]].drop_duplicates("entry").reset_index(drop=True)
    plain = changes.drop(columns="why").astype({"before": "float64", "after": "float64", "change": "float64"})
    words = ("who", "action", "person_id", "person", "department", "team")
    return {"adjust_changes": plain.astype(dict.fromkeys(words, "str")),
            "adjust_entries": whys.astype({"why": "str"})}


def changes_of(trail: pd.DataFrame) -> pd.DataFrame:
    """Cut a ledger's trail to adjustments and what was taken back, in money."""
    own = trail[trail.action.isin([ADJUSTED, "undone"]) & trail.metric.fillna("amount").eq("amount")]
    sums = own[["before", "after"]].astype("Float64").fillna(0.)
    return own.assign(before=sums.before.astype(float), after=sums.after.astype(float),
                      change=(sums.after - sums.before).astype(float))[CHANGE_COLUMNS].reset_index(drop=True)
