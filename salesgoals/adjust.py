"""Adjusting goals (动态调整): an event becomes a proposal that adds up and, once approved, a ledger entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from salesgoals.adjusting.asking import ask
from salesgoals.adjusting.base import ROW, goals_after, make_base
from salesgoals.adjusting.case import Case
from salesgoals.adjusting.cautions import find_doubts
from salesgoals.adjusting.events import (
    Event,
    Join,
    Leave,
    MarketShock,
    MoveCustomers,
    MovePerson,
    OutOfReach,
    Wish,
    asked_of,
    code_of,
)
from salesgoals.adjusting.prospect import look_ahead
from salesgoals.adjusting.restate import restate_plan
from salesgoals.adjusting.settling import settle
from salesgoals.adjusting.telling import compare_chances, list_absorbers, note_windows, prove_change
from salesgoals.entries.chain import Entry
from salesgoals.in_force import goals_in_force, goals_of_exports
from salesgoals.ledger import open_ledger
from salesgoals.periods import Period
from salesgoals.plans import PLAN_FILE, load_plan, save_plan
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.recorded import mend_record, read_receipt
from salesgoals.words import say
from salesgoals.workspace import Workspace, taking_turns

__all__ = ["Adjustment", "Join", "Leave", "MarketShock", "MoveCustomers", "MovePerson", "OutOfReach", "Wish",
           "approve_adjustment", "list_changes", "propose_adjustment", "undo_adjustment"]

ADJUSTED, AGREED = "adjusted", "agreed"
RUNNING = ("split", "kept")
TURN_FILE = ".adjusting"  # who approves holds it: of two at once the second sees what the first has done
CHANGE_COLUMNS = ["entry", "at", "who", "why", "action", "department", "team", "person_id", "person",
                  "before", "after", "change"]


@dataclass(frozen=True)
class Adjustment:
    """A proposal: goals before and after, who absorbs what, how chances change, and the proof of every sum.

    Parameters
    ----------
    event : Event
        What happened.
    before, after : DataFrame
        All goals of the span: department, team, person_id, person, period_start, period_end, product_line,
        metric, goal, unit.
    who_absorbs : DataFrame
        A row for everybody whose goal changes: person_id, person, department, team, past (the part that
        nothing can touch), before, after, change, share (of all that is taken on; NaN for those who carry
        less), so_far, chance_before, chance_after.
    chances : DataFrame
        By all, team and person: by, unit, name, then goal, open, so_far, expected, chance, rest_expected and
        rest_chance, each before and after.
    proof : DataFrame
        As :func:`salesgoals.decompose.prove`, in units of the goals; level ``past`` sets what is past before
        and after beside each other.
    notes : list of Problem
        What a reader should know.
    day, frozen_until : Timestamp
        First day that changes; last day that does not.
    period : Period
        The span of the goals.
    unit : float
        Goals are whole multiples of it.
    source : str
        ``plan``, or ``export`` for goals that came with the data.
    version : str
        Name of the version of the goals that changes.
    """

    event: Event
    before: pd.DataFrame
    after: pd.DataFrame
    who_absorbs: pd.DataFrame
    chances: pd.DataFrame
    proof: pd.DataFrame
    notes: list[Problem]
    day: pd.Timestamp
    frozen_until: pd.Timestamp
    period: Period
    unit: float
    source: str
    version: str

    @property
    def code(self) -> str:
        """Code of the event."""
        return code_of(self.event)

    @property
    def change(self) -> float:
        """By how much the total changes, in currency units."""
        return float(self.after.goal.sum() - self.before.goal.sum())


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


def approve_adjustment(workspace: Workspace, adjustment: Adjustment, who: str, why: str) -> Entry:
    """Put a proposal into force: the plan's folder and the ledger change together, or nothing does.

    Parameters
    ----------
    workspace : Workspace
        The workspace that the proposal was made in.
    adjustment : Adjustment
        From :func:`propose_adjustment`.
    who, why : str
        Who approves and for what reason, as the ledger keeps it.

    Returns
    -------
    Entry
        The ledger's entry, action ``adjusted``, valid from the day of the event. The state before it can be
        rebuilt (``as_of``), and :func:`undo_adjustment` takes it back.

    Raises
    ------
    SalesgoalsError
        If nothing changes, who or why is missing, or the goals have changed since the proposal was made.
    """
    with _my_turn(workspace):
        return _approve(workspace, adjustment, who, why)


@contextmanager
def _my_turn(workspace: Workspace) -> Iterator[None]:
    """Wait for whoever is approving; what somebody could not finish is finished first."""
    from salesgoals.entries.refusals import in_sentences  # loads the database library

    place = workspace.folder / TURN_FILE
    with in_sentences(str(place)), taking_turns(place):
        mend_record(workspace)
        yield


def _approve(workspace: Workspace, adjustment: Adjustment, who: str, why: str) -> Entry:
    problems = [Problem(f"ledger.{name}_missing") for name, value in (("who", who), ("why", why))
                if not str(value).strip()]
    if _state(adjustment.before) == _state(adjustment.after):
        problems.append(Problem("adjust.nothing_changes"))
    if _state(_now(workspace, adjustment.period)) != _state(adjustment.before):
        problems.append(Problem("adjust.changed_meanwhile"))
    raise_if_any(problems)
    valid_from = f"{adjustment.day:%Y-%m-%d}"
    if adjustment.source == "plan":
        saved = load_plan(workspace, of_older_data=True)
        told = adjustment.chances[adjustment.chances.by == "person"].set_index("unit").chance_after
        asked = {**asked_of(adjustment.event), "change": adjustment.change}
        restated = restate_plan(workspace, saved, adjustment.after, told, adjustment.notes, asked)
        save_plan(workspace, restated, who=who, why=why, action=ADJUSTED, valid_from=valid_from)
        with open_ledger(workspace) as ledger:
            head = ledger.head
            assert head is not None  # record_plan has just written it, or raised
            return head
    rows = _with_blanks(adjustment.before, adjustment.after)
    with open_ledger(workspace) as ledger:  # what was in force until now may have come with the data
        ledger.record(AGREED, adjustment.before, who=who, why=say("adjust.why_exports"), action=AGREED)
        return ledger.record(AGREED, rows, who=who, why=why, action=ADJUSTED, valid_from=valid_from,
                             based_on=ledger.head)


def _now(workspace: Workspace, period: Period) -> pd.DataFrame:
    goals = goals_in_force(workspace, period)
    return goals[goals.person_id.notna() & (goals.person_id != "")]


def _state(goals: pd.DataFrame) -> frozenset[tuple[Any, ...]]:
    """A set of goals that can be compared, whatever the order of the rows."""
    texts = {name: goals[name].fillna("") for name in ("department", "team", "product_line")}
    plain = goals.assign(**texts, goal=goals.goal.astype(float).round(4))
    return frozenset(plain[["person_id", "period_start", "period_end", *texts, "goal"]].itertuples(
        index=False, name=None))


def _with_blanks(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The goals as they become and, with a blank goal, those that are not set any more."""
    keys = ["person_id", "period_start", "period_end", "product_line"]
    marked = [pd.MultiIndex.from_frame(table[keys].assign(product_line=table.product_line.fillna("")))
              for table in (before, after)]
    gone = before[~marked[0].isin(marked[1])]
    rows = pd.concat([after.astype({"goal": "Float64"}), gone.astype({"goal": "Float64"}).assign(goal=pd.NA)],
                     ignore_index=True)
    return rows[ROW]


def undo_adjustment(workspace: Workspace, entry: int, who: str, why: str) -> Entry:
    """Take an adjustment back by a new entry; the plan's folder follows the ledger.

    Parameters
    ----------
    workspace : Workspace
        Its ledger holds the entry.
    entry : int
        Number of the adjustment's entry.
    who, why : str
        Who takes it back and for what reason.

    Returns
    -------
    Entry
        The entry that takes it back.

    Raises
    ------
    SalesgoalsError
        If the entry is not there, or goals have changed since: then later changes come first.
    """
    with _my_turn(workspace):
        return _undo(workspace, entry, who, why)


def _undo(workspace: Workspace, entry: int, who: str, why: str) -> Entry:
    with open_ledger(workspace) as ledger:
        undone = ledger.undo(entry, who, why)
    receipt = read_receipt(workspace)
    if receipt is not None and (workspace.folder / "plan" / PLAN_FILE).exists():
        saved = load_plan(workspace, of_older_data=True)
        if str(saved.parameters["version"]) == undone.version:
            first = pd.Timestamp(saved.parameters["start"])
            end = first + pd.DateOffset(months=int(saved.parameters["months"])) - pd.Timedelta(days=1)
            goals = _now(workspace, Period("plan", first, end))
            back = restate_plan(workspace, saved, goals[ROW], pd.Series(dtype=float), [],
                                {"event": "undone", "day": undone.valid_from or "", "undoes": entry})
            save_plan(workspace, back, who=who, why=why, action="undone")
    return undone


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


