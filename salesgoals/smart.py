"""Are these good goals? The SMART questions and the four classic errors, as rules that can fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.judging.case import Case, assemble_case, build_case
from salesgoals.judging.error_rules import market_ignored, no_process, one_size, only_revenue
from salesgoals.judging.smart_rules import Finding, achievable, measurable, relevant, specific, time_bound
from salesgoals.judging.spans import in_windows
from salesgoals.measuring.actuals import gather_measures
from salesgoals.problems import Problem, SalesgoalsError

__all__ = ["check_goals", "check_own_goals", "check_past_goals", "goals_of_year", "study_smart"]

Rule = Callable[[Case], Finding | None]
SMART: tuple[Rule, ...] = (specific, measurable, achievable, relevant, time_bound)
ERRORS: tuple[Rule, ...] = (only_revenue, market_ignored, one_size, no_process)
COLUMNS = ["kind", "rule", "verdict", "code", "values"]


def check_goals(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, forecast: Forecast | None = None,
                country: str | None = None, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold goals against the SMART questions and the four classic errors, with the evidence for each verdict.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame
        Goals of one period: a plan's (``plan.goals``, also with further metrics below), or rows of the
        canonical table of goals, such as :func:`goals_of_year` picks.
    forecast : Forecast, optional
        Of the goals' months. Without it, one is made from the records before the goals began: what could
        have been known when they were set.
    country : str, optional
        Two letters, for the calendar of that forecast.
    known : DataFrame, optional
        From :func:`salesgoals.metrics.explain_metrics`, if it has been asked already.

    Returns
    -------
    DataFrame
        One row a rule: kind (``smart`` or ``error``), rule, verdict (``good``, ``warn``, ``bad``, or
        ``unknown`` where the records cannot tell), code (of the sentence that says it), values (its figures,
        as JSON). Rules that do not apply have no row.

    Raises
    ------
    SalesgoalsError
        If there are no goals.

    Notes
    -----
    Source of method: SMART after Doran 1981; the four errors as the article that the workbook follows names
    them: only revenue, market ignored, one size for all, no goals for the work itself. Thresholds are named
    in the modules of :mod:`salesgoals.judging`; a fall of a margin must exceed 3 standard errors of its
    months, and "one size" means 80 % of people within 1 % of one yardstick.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> goals = as_table("goals", pd.DataFrame({"person_id": ["1"], "goal": [1200.],
    ...     "period_start": pd.Timestamp("2026-01-01"), "period_end": pd.Timestamp("2026-12-31")}))
    >>> found = check_goals(tables, goals).set_index("rule").verdict
    >>> found["time_bound"], found["only_revenue"], found["achievable"]
    ('bad', 'warn', 'unknown')
    """
    if goals.empty:
        raise SalesgoalsError(Problem("smart.no_goals"))
    known = gather_measures(tables).known if known is None else known
    return _judge(build_case(tables, goals, forecast, known, country))


def check_own_goals(plan: Plan, forecast: Forecast, history: pd.DataFrame) -> pd.DataFrame:
    """Hold a plan that was cut to some people against the rules that need nobody else's records.

    Parameters
    ----------
    plan : Plan
        Cut to the reader's people.
    forecast : Forecast
        Of these people.
    history : DataFrame
        Columns month, person_id, product_line, amount, of these people.

    Returns
    -------
    DataFrame
        As from :func:`check_goals`, without the rules about the records, the market and what else counts.
    """
    if plan.goals.empty:
        return pd.DataFrame(columns=COLUMNS)
    case = assemble_case(in_windows(plan.goals), history, forecast, pd.DataFrame())
    return _judge(case, (specific, achievable, relevant, time_bound), (one_size,))


def check_past_goals(tables: Mapping[str, pd.DataFrame], year: int | None = None,
                     country: str | None = None, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold the goals of a past year against the rules, with the records that could be seen before it began.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    year : int, optional
        As for :func:`goals_of_year`.
    country, known
        As for :func:`check_goals`.

    Returns
    -------
    DataFrame
        As from :func:`check_goals`; empty where there are no goals.
    """
    goals = goals_of_year(tables, year)
    if goals.empty:
        return pd.DataFrame(columns=COLUMNS)
    return check_goals(tables, goals, country=country, known=known)


def goals_of_year(tables: Mapping[str, pd.DataFrame], year: int | None = None) -> pd.DataFrame:
    """Pick the goals of one calendar year from the goals that were imported.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    year : int, optional
        By default the last year that has goals. A window belongs to the year of its fifteenth day.

    Returns
    -------
    DataFrame
        Rows of the table of goals; empty where there are none.
    """
    goals = tables["goals"]
    if goals.empty:
        return goals
    years = (goals.period_start + pd.Timedelta(days=14)).dt.year
    return goals[years == (int(years.max()) if year is None else year)].reset_index(drop=True)


def _judge(case: Case, smart: Sequence[Rule] = SMART, errors: Sequence[Rule] = ERRORS) -> pd.DataFrame:
    rows = []
    for kind, rules in (("smart", smart), ("error", errors)):
        for rule in rules:
            if (found := rule(case)) is not None:
                values = json.dumps(found.values, ensure_ascii=False)
                rows.append((kind, found.rule, found.verdict, found.code, values))
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")


def study_smart(tables: Mapping[str, pd.DataFrame], forecast: Forecast, plan: Plan,
                further: pd.DataFrame | None = None, known: pd.DataFrame | None = None,
                country: str | None = None) -> dict[str, pd.DataFrame]:
    """Hold a plan, and the last goals before it, against the rules, for the report on the whole company.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    forecast : Forecast
        Of the plan's months.
    plan : Plan
        The amounts.
    further : DataFrame, optional
        Goals of further metrics that were asked for.
    known : DataFrame, optional
        What the records can measure.
    country : str, optional
        Two letters, for the calendar of the forecast that the last goals are held against.

    Returns
    -------
    dict of str to DataFrame
        smart_plan and, where there were goals before, smart_past (from :func:`check_goals`).
    """
    goals = plan.goals if further is None or further.empty else pd.concat([plan.goals, further])
    found = {"smart_plan": check_goals(tables, goals, forecast, known=known)}
    past = check_past_goals(tables, country=country, known=known)
    return {**found, "smart_past": past} if len(past) else found
