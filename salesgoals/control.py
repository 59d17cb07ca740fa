"""Are the goals getting out of control? Five ways in which they do, each with its evidence and what helps."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.history import credited_sales
from salesgoals.in_force import goals_in_force
from salesgoals.lapses.finding import NONE, UNKNOWN, Finding
from salesgoals.lapses.habits import answers_on_record, judge_habits
from salesgoals.lapses.height import forecast_before, goal_months, judge_height, whole_goals
from salesgoals.lapses.rewards import judge_rewards
from salesgoals.lapses.split import judge_split
from salesgoals.lapses.unwatched import judge_watching
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.paying.terms import PayTerms
from salesgoals.payroll import apply_pay_plan, practice_pay
from salesgoals.periods import Period, read_period
from salesgoals.plans import load_plan
from salesgoals.problems import Problem, SalesgoalsError, keep_problems, kept_problems
from salesgoals.workspace import Workspace

__all__ = ["control_evidence", "judge_control", "study_control"]

PROBLEMS = ("too_high", "uneven", "unwatched", "rewards", "habits")
COLUMNS = ["problem", "found", "severity", "evidence", "remedies"]


def judge_control(workspace: Workspace, period: Period | str = "", day: pd.Timestamp | str | None = None,
                  goals: pd.DataFrame | None = None,
                  tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Look for the five ways in which goals get out of control: each found, not found, or not to be known.

    Parameters
    ----------
    workspace : Workspace
        For its ledger, retrospectives, plan and pay plan; and its tables, unless others are given.
    period : Period or str
        The period to look at, as in :func:`salesgoals.periods.read_period`.
    day : Timestamp or str, optional
        The last day that is known; by default the end of the records.
    goals : DataFrame, optional
        By default :func:`salesgoals.in_force.goals_in_force`.
    tables : mapping of str to DataFrame, optional
        The canonical tables; by default those of the workspace.

    Returns
    -------
    DataFrame
        Five rows, in the order of the article: problem (too_high, uneven, unwatched, rewards, habits), found
        (yes, no, unknown), severity (0 nothing, 1 worth a talk, 2 act), evidence (kept problems, see
        :func:`control_evidence`), remedies (names of steps, separated by commas).

    Notes
    -----
    Source: the article's part 4. **too_high**: the chance of the goals, forecast from what was known before
    they began, is below 20 %, or more than half of the people (95 % sure) had less than 20 %. **uneven**:
    the tests of :mod:`salesgoals.review`, of the goals in force and of those before. **unwatched**: logs
    that stopped, weekly work that stood in alarm for eight weeks, customers left alone beyond chance,
    deals recorded when they were won. **rewards**: in a quarter of all cases more sales pay nothing, or one
    unit more decides about 5 % of pay. **habits**: no retrospective a month after the goals of a ledger
    ended, or actions overdue. How often a healthy company is blamed is measured by benchmarks/control.py, see
    docs/control.md. What records cannot tell is "unknown", with the question to ask instead.
    """
    known = workspace.tables if tables is None else tables
    span = read_period(period, known) if isinstance(period, str) else period
    if goals is None:
        goals = goals_in_force(workspace, span)
    last = _last_day(known, span) if day is None else pd.Timestamp(day).normalize()
    country = workspace.settings.calendar_country
    forecast, seen = None, 0
    if len(goals):
        forecast, seen = forecast_before(known, goal_months(goals), whole_goals(goals), country)
    found = [judge_height(known, goals, span, last, forecast, seen),
             judge_split(known, goals, span, last, forecast, country),
             judge_watching(known, goals, span, last, country, answers_on_record(workspace, span)),
             judge_rewards(*_pay(workspace)), judge_habits(workspace, goals, span, last)]
    return _as_table(found)


def _last_day(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.Timestamp:
    last = credited_sales(tables).date.max()
    return period.end if pd.isna(last) else last.normalize()


def _pay(workspace: Workspace) -> tuple[PayTerms | None, Forecast | None]:
    """Lay the workspace's own pay plan on its goals; where no plan is saved, on goals to practise with."""
    if not (workspace.folder / PAY_FILE).exists():
        return None, None
    try:
        saved = load_plan(workspace, of_older_data=True)
        return apply_pay_plan(workspace, saved), saved.forecast
    except SalesgoalsError:
        pass
    try:
        forecast, terms = practice_pay(workspace)
    except SalesgoalsError:
        return None, None       # the pay plan's own command says what is wrong with it
    return terms, forecast


def _as_table(found: list[Finding]) -> pd.DataFrame:
    rows = [(one.problem, one.found, one.severity, keep_problems(one.evidence),
             ",".join(one.remedies) if one.severity > NONE or one.found == UNKNOWN else "") for one in found]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"severity": "int64"})


def control_evidence(control: pd.DataFrame) -> dict[str, list[Problem]]:
    """List the evidence behind each of the five, in the language in use when it is said.

    Parameters
    ----------
    control : DataFrame
        From :func:`judge_control`.

    Returns
    -------
    dict of str to list of Problem
        By problem: of level doubt what speaks for it, of level note what else is known; codes that start
        with ``control.ask_`` are questions for people.

    Examples
    --------
    >>> from salesgoals.problems import keep_problems
    >>> kept = keep_problems([Problem("control.ask_sop", level="note")])
    >>> control_evidence(pd.DataFrame({"problem": ["habits"], "evidence": [kept]}))
    {'habits': [Problem('control.ask_sop', level='note')]}
    """
    return {row.problem: kept_problems(row.evidence) for row in control.itertuples()}


def study_control(workspace: Workspace, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
                  period: Period, day: pd.Timestamp | None = None) -> dict[str, pd.DataFrame]:
    """Judge the five for the reports; only the reader of the whole company gets them.

    Returns
    -------
    dict of str to DataFrame
        control_found: five rows, see :func:`judge_control`.
    """
    return {"control_found": judge_control(workspace, period, day, goals, tables)}
