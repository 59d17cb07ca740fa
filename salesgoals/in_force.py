"""Which goals hold for a period: what the ledger says last, else the plan, else what the exports say."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import pandas as pd

from salesgoals.ledger import Point, open_ledger, rows_of_plan
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.recorded import GOALS_FILE
from salesgoals.windows import close_windows
from salesgoals.workspace import Workspace

COLUMNS = ["person_id", "person", "department", "team", "period_start", "period_end", "product_line",
           "metric", "goal", "unit", "source"]
BINDING = ("agreed", "adjusted")  # come before what is only proposed
CLAIMED = "claimed"  # a wish of a person, not yet a goal
_KEYS = ["person_id", "period_start", "period_end"]


def goals_in_force(workspace: Workspace, period: Period, when: Point | None = None) -> pd.DataFrame:
    """Say which goals hold for a period, as known today or at an earlier moment.

    Parameters
    ----------
    workspace : Workspace
        Its ledger comes first: the goals of the version that was agreed or adjusted last for this period,
        else of the one proposed last (what is only claimed is no goal). Without one, the plan in its
        folder, also one made from older data; else the goals of the exports.
    period : Period
        From :func:`salesgoals.periods.read_period`.
    when : int, str, date or datetime, optional
        A moment, as in :meth:`salesgoals.ledger.Ledger.as_of`; then only the ledger is asked.

    Returns
    -------
    pandas.DataFrame
        Columns person_id (empty for a goal of a whole team), person, department, team, period_start,
        period_end, product_line, metric, goal, unit, source (``ledger``, ``plan`` or ``export``): the
        goals in money whose window lies within the period. Empty where none is set: blank is not zero.
    """
    for goals, source in ((_of_ledger(workspace, period, when), "ledger"),
                          (_of_plan(workspace, when), "plan"),
                          (goals_of_exports(workspace.tables) if when is None else None, "export")):
        if goals is not None and len(found := within(goals, period)):
            return found.assign(source=source).reindex(columns=COLUMNS).reset_index(drop=True)
    return pd.DataFrame(columns=COLUMNS)


def goals_of_exports(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the goals of the exports in money, each with its last day; of two versions the later one.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    """
    goals = close_windows(tables["goals"])
    goals = goals[goals.metric.fillna("amount").eq("amount") & goals.goal.notna() & goals.period_end.notna()]
    return goals.assign(metric="amount", source="export").drop_duplicates(
        [*_KEYS, "department", "team", "product_line"], keep="last")


def within(goals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Keep the goals in money whose window lies wholly within a period."""
    amount = goals.metric.fillna("amount").eq("amount") & goals.goal.notna()
    return goals[amount & (goals.period_start >= period.start) & (goals.period_end <= period.end)]


def only_partly(goals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Keep the goals whose window reaches into a period and out of it: they say nothing about the period."""
    touches = (goals.period_start <= period.end) & (goals.period_end >= period.start)
    return goals[touches & ~((goals.period_start >= period.start) & (goals.period_end <= period.end))]


def goals_by_person(goals: pd.DataFrame, period: Period | None = None) -> pd.Series:
    """Add up each person's goals; nobody without one is listed.

    Parameters
    ----------
    goals : pandas.DataFrame
        From :func:`goals_in_force`.
    period : Period, optional
        Only goals within it.

    Returns
    -------
    pandas.Series
        Goal in currency units by person_id. Where a person has a goal for all products and goals by
        product, the goal for all products counts.

    Examples
    --------
    >>> goals = pd.DataFrame({"person_id": ["7", "7", None], "goal": [5.0, 6.0, 20.0], "product_line": None,
    ...     "metric": "amount", "period_start": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-01-01"]),
    ...     "period_end": pd.to_datetime(["2026-01-31", "2026-02-28", "2026-02-28"])})
    >>> goals_by_person(goals).to_dict()
    {'7': 11.0}
    """
    own = goals if period is None else within(goals, period)
    own = own[own.person_id.notna() & (own.person_id != "")]
    if own.empty:
        return pd.Series(dtype=float, name="goal", index=pd.Index([], name="person_id", dtype="str"))
    whole = own.product_line.isna() | (own.product_line == "")
    has_whole = whole.groupby([own[key] for key in _KEYS]).transform("any")
    return own[whole | ~has_whole].groupby("person_id").goal.sum().astype(float)


def _of_ledger(workspace: Workspace, period: Period, when: Point | None) -> pd.DataFrame | None:
    with suppress(SalesgoalsError), open_ledger(workspace) as ledger:
        if ledger.head is None or ledger.head.entry == 0:
            return None
        state = ledger.as_of(when)
        state = within(state[state.version != CLAIMED], period)
        versions = set(state.version)
        if len(versions) < 2:
            return state
        written = ledger.history()
        written = written[written.version.isin(versions)]
        binding = written[written.action.isin(BINDING)]
        return state[state.version == (binding if len(binding) else written).version.iloc[-1]]
    return None


def _of_plan(workspace: Workspace, when: Point | None) -> pd.DataFrame | None:
    path = workspace.folder / "plan" / GOALS_FILE
    return rows_of_plan(pd.read_parquet(path)) if when is None and path.exists() else None
