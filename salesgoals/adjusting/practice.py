"""Plans to practise on: a proposal for the year to come, and goals of a year half of which is sold."""

from __future__ import annotations

import pandas as pd

from salesgoals.periods import list_periods
from salesgoals.plans import SavedPlan, estimate, make_plan, save_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import Workspace

HALF = 6
YEAR = 12
FEW = 3     # months that must lie before the goals, so that there is something to split them by


def _three_digits(amount: float, unit: int) -> int:
    """Round a total as people name it: to three digits, and to whole units."""
    step = max(unit, 10 ** (len(f"{amount:.0f}") - 3))
    return max(round(amount / step), 1) * step


def practice_proposal(workspace: Workspace, growth: float = .08, unit: int | None = None) -> SavedPlan:
    """Propose goals for the months to come: the last 12 months and some growth, split by history.

    Parameters
    ----------
    workspace : Workspace
        A copy to practise on, from :func:`salesgoals.sample.practice_workspace`; the plan is saved in it.
    growth : float
        On the last 12 months (or on as many as there are, taken to a year).
    unit : int, optional
        Goals are whole multiples of it; by default what ``workspace.toml`` says.

    Returns
    -------
    SavedPlan
        The proposal with its forecast; its total has three digits and then zeros.
    """
    forecast, _ = estimate(workspace)
    unit = workspace.settings.unit if unit is None else unit
    known = min(forecast.history_months, YEAR)
    total = _three_digits(float(forecast.unit["last_12"]) * YEAR / known * (1 + growth), unit)
    saved = make_plan(workspace, total, f"{forecast.months.month.min():%Y-%m}", unit=unit)
    save_plan(workspace, saved)
    return saved


def practice_day_of_change(workspace: Workspace) -> pd.Timestamp:
    """Choose the day from which lesson 9 changes goals: the first one that the records do not know.

    Raises
    ------
    SalesgoalsError
        If the records hold no whole month.
    """
    months = list_periods(workspace.require_tables(), "month")
    if len(months) <= FEW:
        raise SalesgoalsError(Problem("adjust.too_short", months=len(months)))
    return months[-1].end + pd.Timedelta(days=1)


def practice_year(workspace: Workspace, growth: float = .15,
                  unit: int | None = None) -> tuple[SavedPlan, pd.Timestamp]:
    """Set goals as they would have been set half a year ago: the year before and some growth, by history.

    Parameters
    ----------
    workspace : Workspace
        A workspace with sales; nothing in it is changed.
    growth : float
        On the 12 months before the goals begin (or on as many as there are, taken to a year).
    unit : int, optional
        Goals are whole multiples of it; by default what ``workspace.toml`` says.

    Returns
    -------
    tuple of (SavedPlan, Timestamp)
        Goals for 12 months from half a year before the end of the records on (less where the records are
        short), and the first day that the records do not know.
    """
    day = practice_day_of_change(workspace)
    months = list_periods(workspace.tables, "month")
    known = len(months)
    sold = min(HALF, known - FEW)
    start = f"{day - pd.DateOffset(months=sold):%Y-%m}"
    forecast, _ = estimate(workspace, start, YEAR)
    before = min(known - sold, YEAR)
    unit = workspace.settings.unit if unit is None else unit
    step = max(unit, 1)
    wanted = float(forecast.unit["last_12"]) * YEAR / before * (1 + growth)
    return make_plan(workspace, max(round(wanted / step), 1) * step, start, YEAR, unit=unit), day


def largest_seller(saved: SavedPlan, rank: int = 0) -> str:
    """Name the person with the largest goal (or the next ones), to practise events on.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"person_id": ["1", "2"], "goal": [5, 9]})
    >>> largest_seller(SimpleNamespace(plan=SimpleNamespace(people=people)))
    '2'
    """
    people = saved.plan.people.sort_values("goal", ascending=False, kind="stable")
    return str(people.person_id.iloc[min(rank, len(people) - 1)])
