"""Goals beside the amount: margin, new customers, repeat purchases, product mix, the work itself, growth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.allocation.proof import GOAL_COLUMNS, prove
from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.history import believed_hire_dates
from salesgoals.measuring.actuals import METRICS, MONEY, Measures, gather_measures
from salesgoals.measuring.expecting import Expected, expect_metric
from salesgoals.measuring.milestones import date_milestones, read_milestones
from salesgoals.measuring.sharing import Pattern, read_pattern, share_out
from salesgoals.measuring.wishes import Wish, Wishes, read_wishes
from salesgoals.problems import Problem, keep_problems, raise_if_any
from salesgoals.words import say

__all__ = ["METRICS", "MetricPlan", "explain_metrics", "measure_metrics", "plan_metrics", "plan_milestones",
           "read_milestones", "study_metrics"]

MILESTONE = "milestone"
UNLIKELY = .1
TOTAL_COLUMNS = ["metric", "kind", "process", "origin", "last_12", "expected", "goal", "unit", "chance",
                 "ratio", "last_ratio"]
PEOPLE_COLUMNS = ["person_id", "person", "department", "team", "metric", "origin", "last_12", "expected",
                  "goal", "chance"]


@dataclass(frozen=True)
class MetricPlan:
    """Goals of further metrics that stand beside a plan's amounts.

    Parameters
    ----------
    goals : DataFrame
        Columns of the plan's goals (version, department, ..., metric, goal, unit); product_line is empty.
    totals : DataFrame
        One row a metric: metric, kind (money or count), process, origin (derived or wished), last_12,
        expected, goal, unit, chance, ratio and last_ratio (to the amount: of the goals, of the last 12
        months).
    people : DataFrame
        One row a person and metric: origin, last_12, expected, goal, chance.
    proof : DataFrame
        metric, and the columns of the plan's proof: every sum of every metric.
    months : DataFrame
        metric, month, goal, actual: sums by month, past and planned.
    known : DataFrame
        From :func:`explain_metrics`: what the records can measure.
    notes : list of Problem
        Goals that do not fit together, and what could not be set.
    """

    goals: pd.DataFrame
    totals: pd.DataFrame
    people: pd.DataFrame
    proof: pd.DataFrame
    months: pd.DataFrame
    known: pd.DataFrame
    notes: list[Problem]


def measure_metrics(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Measure what each person reached in each month, in every metric that the records can tell.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    DataFrame
        Columns month, person_id, metric, value (currency units or counts). A 0 is a month on board without
        any; what the records cannot tell has no row. Definitions:
        :func:`salesgoals.measuring.actuals.gather_measures`.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({"person_id": "7", "amount": 10., "cost": 6.,
    ...     "date": pd.to_datetime(["2025-01-15", "2025-03-15"])}))
    >>> measured = measure_metrics(tables)
    >>> measured[measured.metric == "margin"].value.tolist()
    [4.0, 0.0, 4.0]
    """
    found = []
    for metric, table in gather_measures(tables).values.items():
        long = table.rename_axis(columns="month").stack().rename("value").reset_index()
        found.append(long.assign(metric=metric))
    columns = ["month", "person_id", "metric", "value"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def explain_metrics(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say which metrics the records can measure, since when, and what is missing for the others.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    DataFrame
        Columns metric, kind (money or count), process (measures the work, not its result), known,
        from_month, through, people, last_12, reason (code of what is missing), covered (share of the
        records that tell).

    Examples
    --------
    >>> from salesgoals.tables import TABLES, empty_table
    >>> explain_metrics({name: empty_table(name) for name in TABLES}).known.any()
    np.False_
    """
    return gather_measures(tables).known


def plan_metrics(plan: Plan, tables: Mapping[str, pd.DataFrame], forecast: Forecast,
                 wishes: Wishes | None = None, measures: Measures | None = None,
                 suggest: bool = False) -> MetricPlan:
    """Set whole-number goals of further metrics beside a plan's amounts, exact in every sum.

    Parameters
    ----------
    plan : Plan
        From :func:`salesgoals.decompose.plan_goals`.
    tables : mapping of str to DataFrame
        The canonical tables.
    forecast : Forecast
        Of the plan's months.
    wishes : mapping of str to number or text, optional
        Metric -> total, or a change such as ``"+5%"`` against the last 12 months, or ``""`` for a goal in
        the same ratio to the amount as in the last 12 months. Without it, every result metric that the
        records can measure gets that.
    measures : Measures, optional
        If they have been gathered already.
    suggest : bool
        Beside what is wished, also derive goals of the other result metrics.

    Returns
    -------
    MetricPlan
        Goals by person and month, totals, chances, proof, notes.

    Raises
    ------
    SalesgoalsError
        If a wish names an unknown metric, one that the records cannot measure, is no number, or asks for
        more margin than amount; all at once.

    Notes
    -----
    People share a count as their own records let expect, drawn to the peers as far as these may be luck
    (newcomers by their ramp); a margin by their own amounts at the margin rates of the product lines. The
    months follow the plan's amounts. Chances: counts negative binomial, margin log-normal like the amount;
    both assume that next year is made like the last, and that people differ less than luck makes them look.
    """
    measures = gather_measures(tables, plan.goals.month.min()) if measures is None else measures
    pattern = read_pattern(plan.goals, plan.people)
    goal_unit = int(plan.goals.unit.iloc[0])
    asked, problems = read_wishes(wishes, measures, pattern, goal_unit, suggest)
    raise_if_any(problems)
    notes: list[Problem] = []
    goals, totals, people, proofs = [], [], [], []
    for wish in asked:
        expected = expect_metric(wish.metric, measures, tables, plan, forecast, pattern)
        total = _total(wish, expected, plan, measures, goal_unit, notes)
        if total is None:
            continue
        unit = goal_unit if METRICS[wish.metric][0] == MONEY else 1
        cells, decided = share_out(pattern, np.nan_to_num(expected.weights), total, unit)
        rows = _rows(pattern, cells, wish.metric, unit, plan)
        own = _people_rows(pattern, wish, expected, cells.sum(1))
        goals.append(rows)
        people.append(own)
        proofs.append(_proof(rows, decided, total, wish.metric))
        totals.append(_total_row(wish, expected, total, unit, plan, measures))
    table = pd.DataFrame(totals, columns=TOTAL_COLUMNS)
    notes += _doubts(table, measures, plan)
    empty = {"goals": GOAL_COLUMNS, "people": PEOPLE_COLUMNS}
    frames = {name: pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=empty[name])
              for name, rows in (("goals", goals), ("people", people))}
    proof = pd.concat(proofs, ignore_index=True) if proofs else pd.DataFrame()
    return MetricPlan(frames["goals"], table, frames["people"], proof, _by_month(frames["goals"], measures),
                      measures.known, notes)


def _total(wish: Wish, expected: Expected, plan: Plan, measures: Measures, unit: int,
           notes: list[Problem]) -> int | None:
    """Return the metric's total: as wished, or in last year's ratio to the amount."""
    if wish.total is not None:
        if wish.metric == "margin" and wish.total > int(plan.goals.goal.sum()):
            raise_if_any([Problem("metrics.margin_above_amount", found=wish.total,
                                  amount=float(plan.goals.goal.sum()))])
        return wish.total
    value = expected.derived
    if not np.isfinite(value) or value <= 0:
        notes.append(Problem("metrics.cannot_derive", level="note", metric=wish.metric))
        return None
    size = unit if METRICS[wish.metric][0] == MONEY else 1
    return round(value / size) * size


def _rows(pattern: Pattern, cells: np.ndarray, metric: str, unit: int, plan: Plan) -> pd.DataFrame:
    i, m = np.nonzero(pattern.share > 0)
    table = pattern.people[["department", "team", "person_id", "person"]].iloc[i].reset_index(drop=True)
    table = table.assign(version=str(plan.goals.version.iloc[0]), product_line="", metric=metric, unit=unit,
                         month=pattern.months.astype("datetime64[us]").to_numpy()[m], goal=cells[i, m])
    return table[GOAL_COLUMNS].astype({"version": "str", "product_line": "str", "metric": "str",
                                       "goal": "int64", "unit": "int64"})


def _people_rows(pattern: Pattern, wish: Wish, expected: Expected, goal: np.ndarray) -> pd.DataFrame:
    return pattern.people[["person_id", "person", "department", "team"]].assign(
        metric=wish.metric, origin=_origin(wish), last_12=expected.last_12, expected=expected.mean,
        goal=goal.astype("int64"), chance=expected.chances(goal))


def _origin(wish: Wish) -> str:
    return "wished" if wish.asked else "derived"


def _proof(rows: pd.DataFrame, decided: dict[str, pd.Series], total: int, metric: str) -> pd.DataFrame:
    company = pd.Series([total], index=pd.Index([say("decompose.company")], dtype=object), dtype="int64")
    held = prove(rows, {"company": company, "company_months": company, **decided})
    held = held[~held.level.str.contains("product_line") & (held.level != "person_month")]
    return held.assign(metric=metric)[["metric", *held.columns]]


def _total_row(wish: Wish, expected: Expected, total: int, unit: int, plan: Plan,
               measures: Measures) -> tuple[object, ...]:
    kind, process = METRICS[wish.metric]
    amount = float(plan.goals.goal.sum())
    last = float(np.nansum(measures.last_12(wish.metric)))
    before = float(np.nansum(measures.last_12("amount"))) if measures.exists("amount") else float("nan")
    return (wish.metric, kind, process, _origin(wish), last,
            expected.whole_mean, total, unit, expected.whole_chance(total),
            total / amount if amount else float("nan"), last / before if before > 0 else float("nan"))


def _by_month(goals: pd.DataFrame, measures: Measures) -> pd.DataFrame:
    months = goals.groupby(["metric", "month"], as_index=False).goal.sum()
    past = [table.sum(min_count=1).rename("actual").rename_axis("month").reset_index().assign(metric=metric)
            for metric, table in measures.values.items()]
    if not past:
        return months.assign(actual=np.nan)
    return months.merge(pd.concat(past, ignore_index=True), on=["metric", "month"], how="outer")


def _doubts(totals: pd.DataFrame, measures: Measures, plan: Plan) -> list[Problem]:
    """Name goals that do not fit together: a margin no product line earns, a count nobody expects."""
    found = []
    for row in totals.itertuples():
        if row.metric == "margin" and row.origin == "wished" and np.isfinite(row.last_ratio):
            best = _best_rate(measures)
            if row.ratio > best:
                found.append(Problem("metrics.margin_rate_unheard", level="doubt", rate=row.ratio, best=best,
                                     last=row.last_ratio))
        if np.isfinite(row.chance) and row.chance < UNLIKELY:
            found.append(Problem("metrics.unlikely", level="doubt", metric=row.metric, goal=row.goal,
                                 expected=row.expected, chance=row.chance))
    return found


def _best_rate(measures: Measures) -> float:
    """Return the best margin rate of the company in any quarter year on record: more was never earned."""
    margin, amount = (measures.values[name].sum() for name in ("margin", "amount"))
    amount = amount.reindex(margin.index)
    rates = margin.rolling(3).sum() / amount.rolling(3).sum().where(lambda sums: sums > 0)
    return float(rates.max()) if rates.notna().any() else float("inf")


def plan_milestones(plan: Plan, tables: Mapping[str, pd.DataFrame], milestones: pd.DataFrame | None = None,
                    measures: Measures | None = None) -> pd.DataFrame:
    """Give each newcomer of a plan a dated list of what to learn and do.

    Parameters
    ----------
    plan : Plan
        From :func:`salesgoals.decompose.plan_goals`.
    tables : mapping of str to DataFrame
        The canonical tables.
    milestones : DataFrame, optional
        From :func:`read_milestones`; by default the example.
    measures : Measures, optional
        If they have been gathered already.

    Returns
    -------
    DataFrame
        Columns person_id, code, zh, en, tenure_month, month, goal (how many), measured_by, done, reached; see
        :func:`salesgoals.measuring.milestones.date_milestones`. Empty where nobody is new.
    """
    measures = gather_measures(tables, plan.goals.month.min()) if measures is None else measures
    months = pd.date_range(plan.goals.month.min(), plan.goals.month.max(), freq="MS")
    wanted = read_milestones() if milestones is None else milestones
    return date_milestones(wanted, plan.people, believed_hire_dates(tables), months, measures)


def study_metrics(tables: Mapping[str, pd.DataFrame], forecast: Forecast,
                  plan: Plan) -> dict[str, pd.DataFrame]:
    """Set the further metrics and the newcomers' milestones of a plan, for reports and files.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    forecast : Forecast
        Of the plan's months.
    plan : Plan
        ``plan.parameters["metrics"]`` holds the wishes, if there are any.

    Returns
    -------
    dict of str to DataFrame
        metrics_goals, metrics_people, metrics_totals (wished ones, and derived ones as a suggestion),
        metrics_known, metrics_months (sums by month, past and planned), metrics_milestones, metrics_proof,
        metrics_notes (one column of problems kept as text).
    """
    measures = gather_measures(tables, plan.goals.month.min())
    planned = plan_metrics(plan, tables, forecast, plan.parameters.get("metrics") or None, measures, True)
    own = plan.parameters.get("milestones")
    dated = plan_milestones(plan, tables, None if own is None else pd.DataFrame(own), measures)
    goals = pd.concat([planned.goals, _milestone_goals(dated, plan)], ignore_index=True)
    return {"metrics_goals": goals, "metrics_people": planned.people, "metrics_totals": planned.totals,
            "metrics_known": planned.known, "metrics_months": planned.months,
            "metrics_milestones": dated, "metrics_proof": planned.proof,
            "metrics_notes": pd.DataFrame({"problem": [keep_problems([note]) for note in planned.notes]},
                                          dtype="str")}


def _milestone_goals(dated: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Count the milestones that fall due, as goals by person and month."""
    due = dated.groupby(["person_id", "month"]).size().rename("goal").reset_index()
    who = plan.people[["person_id", "person", "department", "team"]]
    rows = due.merge(who, on="person_id").assign(version=str(plan.goals.version.iloc[0]), product_line="",
                                                 metric=MILESTONE, unit=1)
    return rows[GOAL_COLUMNS].astype({"goal": "int64", "unit": "int64", "metric": "str"})
