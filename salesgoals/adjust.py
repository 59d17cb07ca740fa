"""Adjusting goals (动态调整): an event becomes a proposal that adds up and, once approved, a ledger entry."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pandas as pd

from salesgoals.adjusting.approving import AGREED, approve_adjustment, undo_adjustment
from salesgoals.adjusting.asking import ask
from salesgoals.adjusting.base import ROW, goals_after, make_base
from salesgoals.adjusting.case import Case
from salesgoals.adjusting.cautions import find_doubts
from salesgoals.adjusting.changes import list_changes, study_adjust
from salesgoals.adjusting.events import (
    Event,
    Join,
    Leave,
    MarketShock,
    MoveCustomers,
    MovePerson,
    OutOfReach,
    Wish,
)
from salesgoals.adjusting.proposal import Adjustment
from salesgoals.adjusting.prospect import look_ahead
from salesgoals.adjusting.settling import settle
from salesgoals.adjusting.telling import compare_chances, list_absorbers, note_windows, prove_change
from salesgoals.in_force import goals_in_force, goals_of_exports
from salesgoals.periods import Period
from salesgoals.plans import PLAN_FILE, load_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import Workspace

__all__ = ["Adjustment", "Join", "Leave", "MarketShock", "MoveCustomers", "MovePerson", "OutOfReach", "Wish",
           "approve_adjustment", "list_changes", "propose_adjustment", "study_adjust", "undo_adjustment"]

RUNNING = ("split", "kept")


def propose_adjustment(workspace: Workspace, event: Event, *, running: str = "split") -> Adjustment:
    """Propose new goals after an event: what is past stays, everything still adds up, nothing is written.

    Parameters
    ----------
    workspace : Workspace
        Its plan, also one made from older data, or the goals of its exports, as the ledger knows them now;
        the chances come from the newest data.
    event : Event
        :class:`Join`, :class:`Leave`, :class:`MovePerson`, :class:`MoveCustomers`, :class:`MarketShock`,
        :class:`OutOfReach` or :class:`Wish`.
    running : str
        A window that has begun: ``split`` by working days (what falls on days before stays), or ``kept``.

    Returns
    -------
    Adjustment

    Raises
    ------
    SalesgoalsError
        If there are no goals, or with all reasons why the event cannot be followed.

    Notes
    -----
    Source of method: whoever takes over does so window by window and line by line, so that these sums stay;
    rounding by largest remainder, proportional fitting and cheapest unit moves, as in the plan itself
    (methods 3.11, 3.12). Chances: forecast from the newest data, sales so far counted.

    Examples
    --------
    >>> import tempfile
    >>> from salesgoals.tables import as_table, write_table
    >>> from salesgoals.workspace import new_workspace
    >>> workspace = new_workspace(tempfile.mkdtemp(), language="en")
    >>> months = pd.date_range("2026-01-01", periods=3, freq="MS")
    >>> path = write_table(workspace.folder / "tables", "goals", as_table("goals", pd.DataFrame({
    ...     "person_id": list("777888"), "goal": [10.0] * 3 + [20.0] * 3, "period_start": [*months] * 2,
    ...     "period_end": [*(months + pd.offsets.MonthEnd(0))] * 2})))
    >>> found = propose_adjustment(workspace, Leave("7", "2026-02-01", to="all"))
    >>> found.who_absorbs[["person_id", "past", "before", "after"]].values.tolist()
    [['8', 20.0, 60.0, 80.0], ['7', 10.0, 30.0, 10.0]]
    >>> approve_adjustment(workspace, found, who="Wu", why="resigned").action
    'adjusted'
    """
    problems = [] if running in RUNNING else [
        Problem("adjust.choice", name="running", found=running, known=", ".join(RUNNING))]
    try:
        day = _read_day(event.day)
        case, goals, (period, _, source, version) = _lay_out(workspace, day, running)
    except SalesgoalsError as error:
        problems += error.problems
    if problems:
        raise SalesgoalsError([*problems, *_further_reasons(workspace, event)])
    base, prospect = case.base, case.prospect
    asked = ask(case, event)
    cells, notes = settle(base, asked)
    before = base.rows[ROW].sort_values(["department", "team", "person_id", "period_start", "product_line"],
                                        kind="stable").reset_index(drop=True)
    after = goals_after(base, asked.people, cells, asked.gone)
    told = compare_chances(case, asked, before, after, cells)
    who_absorbs = list_absorbers(base, asked, cells, told)
    found = [*prospect.notes, *note_windows(base, goals, running), *asked.notes, *notes,
             *find_doubts(case, event, told, who_absorbs, float(after.goal.sum() - before.goal.sum()))]
    proof = prove_change(base, asked, cells, after)
    return Adjustment(event, before, after, who_absorbs, told, proof, found, day,
                      day - pd.Timedelta(days=1), period, base.unit, source, version)


def _lay_out(workspace: Workspace, day: pd.Timestamp,
             running: str) -> tuple[Case, pd.DataFrame, tuple[Period, float, str, str]]:
    """Hold the goals in force ready for a change from a day on."""
    scope = _scope(workspace, day)
    goals = goals_in_force(workspace, scope[0])
    country = workspace.settings.calendar_country
    base = make_base(goals, day, scope[1], country, running)
    return Case(base, look_ahead(workspace.tables, base, country), workspace.tables), goals, scope


def _further_reasons(workspace: Workspace, event: Event) -> list[Problem]:
    """What else is wrong with an event whose day is: asked from the first day of the goals on."""
    try:
        goals = goals_of_exports(workspace.require_tables())
        with suppress(SalesgoalsError):
            goals = load_plan(workspace, of_older_data=True).plan.goals.rename(
                columns={"month": "period_start"})
        if goals.empty:
            return []
        day = _scope(workspace, goals.period_start.max())[0].start
        ask(_lay_out(workspace, day, "split")[0], replace(event, day=day))
    except SalesgoalsError as error:
        return error.problems
    return []


def _read_day(day: Any) -> pd.Timestamp:
    try:
        found = pd.Timestamp(day).normalize()
    except (ValueError, TypeError):
        found = pd.NaT
    if pd.isna(found):
        raise SalesgoalsError(Problem("adjust.day_unreadable", found=day))
    return found


def _scope(workspace: Workspace, day: pd.Timestamp) -> tuple[Period, float, str, str]:
    """Which goals are meant: the plan's, or the windows of the exports in the business year of the day."""
    settings = workspace.settings
    if (workspace.folder / "plan" / PLAN_FILE).exists():
        asked = load_plan(workspace, of_older_data=True).parameters
        first = pd.Timestamp(asked["start"])
        end = first + pd.DateOffset(months=int(asked["months"])) - pd.Timedelta(days=1)
        if day <= end:
            return Period("plan", first, end), float(asked["unit"]), "plan", str(asked["version"])
    goals = goals_of_exports(workspace.require_tables())
    goals = goals[goals.person_id.notna()]
    if goals.empty:
        raise SalesgoalsError(Problem("adjust.no_goals"))
    middle = goals.period_start + (goals.period_end - goals.period_start) / 2
    year = pd.Timestamp(day.year, settings.fiscal_year_start, 1)
    year = year - pd.DateOffset(years=1) if year > day else year
    own = goals[(middle >= year) & (middle < year + pd.DateOffset(years=1))]
    if own.empty:
        raise SalesgoalsError(Problem("adjust.all_past", day=f"{day:%Y-%m-%d}",
                                      last=f"{goals.period_end.max():%Y-%m-%d}"))
    period = Period("export", own.period_start.min(), own.period_end.max())
    return period, float(settings.unit), "export", AGREED
