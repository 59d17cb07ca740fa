"""Two cycles one after the other; the second one with and without what the first has taught."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.decompose import plan_goals
from salesgoals.goal import totals_at
from salesgoals.history import as_known_on, credited_sales
from salesgoals.in_force import goals_by_person, goals_of_exports, within
from salesgoals.ledger import rows_of_plan
from salesgoals.looping.learning import learn
from salesgoals.looping.learnt import Learnt, forecast_people
from salesgoals.periods import Period, months_from
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.process import kpi_alarms, pace_course, sum_up_charts

EVEN = .5  # goals are what is reached with this chance: no wish distorts the comparison
MEASURES = ("expected", "actual", "error", "people_error", "goal", "at_goal", "judged", "missed", "alarms",
            "false_alarms", "kpi_alarms")
Tables = Mapping[str, pd.DataFrame]


def two_cycles(tables: Tables, first: Period, second: Period, country: str = "CN", unit: int = 100,
               method: str = "equal_chance", every_month: bool = True) -> pd.DataFrame:
    """Live through two periods: goals, work, looking back, goals again; with and without what was learnt.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables, which know how both periods ended; each step sees what was known on its day.
    first, second : Period
        Of whole months; the first ends before the second begins.
    country : str
        Two letters: the working calendar.
    unit : int
        Goals are multiples of it.
    method : str
        How the total, the one reached with a chance of 50 %, is split; see
        :func:`salesgoals.decompose.plan_goals`.
    every_month : bool
        Watch each month as well as the whole period; the whole period alone is watched in a fraction of the
        time, and alarms are then counted for it alone.

    Returns
    -------
    DataFrame
        Columns measure, first, without, learnt (the second period without and with what the first taught),
        and as_set where the data hold goals of people for the second period. Measures: expected (forecast of
        the total), actual, error (expected / actual - 1), people_error (sum of people's misses over the sum
        of sales), goal, at_goal (share of people who reached their goal), judged (share of people, teams and
        the company in a month or the whole period whose sales tell more than luck), missed (of these, how
        many missed their goal), alarms (how many got an alarm of pace), false_alarms (those that reached the
        goal after all), kpi_alarms (weekly charts in alarm; they do not depend on goals).

    Raises
    ------
    SalesgoalsError
        If the periods do not fit, or there are no records before the first.

    Notes
    -----
    One company proves little, whatever comes out; docs/cycles.md has many.
    """
    problems = [Problem("cycle.not_whole_months", found=one.name) for one in (first, second)
                if not one.whole_months]
    if first.end >= second.start:
        problems.append(Problem("cycle.wrong_order", first=first.name, second=second.name))
    sales = credited_sales(tables)
    if sales.empty or sales.date.min() >= first.start or sales.date.max() < second.start:
        problems.append(Problem("cycle.not_in_records", first=first.name, second=second.name))
    if problems:
        raise SalesgoalsError(problems)
    taught = learn(tables, first, country)
    columns = {name: _live_through(tables, period, country, unit, method, learnt, every_month)
               for name, period, learnt in (("first", first, None), ("without", second, None),
                                            ("learnt", second, taught))}
    own = within(goals_of_exports(tables), second)
    own = own[own.person_id.notna()]
    if len(own):
        forecast = {"expected": float("nan"), "error": float("nan"), "people_error": float("nan")}
        columns["as_set"] = {**_outcome(tables, own, second, country, every_month), **forecast}
    kpi = {one.name: _charts_in_alarm(tables, one, country) for one in (first, second)}
    for name, column in columns.items():
        column["kpi_alarms"] = kpi[first.name if name == "first" else second.name]
    return pd.DataFrame({"measure": MEASURES, **{name: [column[measure] for measure in MEASURES]
                                                 for name, column in columns.items()}})


def with_the_one_before(tables: Tables, period: Period, country: str = "CN",
                        every_month: bool = False) -> pd.DataFrame:
    """Compare a period with the one of the same length before it, where the records allow it.

    Parameters
    ----------
    tables, country, every_month
        As for :func:`two_cycles`.
    period : Period
        The second of the two.

    Returns
    -------
    DataFrame
        As from :func:`two_cycles`; empty where the records are too short or the period has no whole months.
    """
    months = len(period.months)
    try:
        first = months_from(period.start - pd.DateOffset(months=months), months)
        return two_cycles(tables, first, period, country, every_month=every_month)
    except SalesgoalsError:
        return pd.DataFrame(columns=["measure", "first", "without", "learnt"])


def _live_through(tables: Tables, period: Period, country: str, unit: int, method: str,
                  learnt: Learnt | None, every_month: bool) -> dict[str, float]:
    """Set goals on the eve of a period, watch it day by day, and hold them against what came."""
    before = as_known_on(tables, period.start - pd.Timedelta(days=1))
    months = len(period.months)
    forecast = forecast_people(before, period.start, months, country, learnt)
    total = round(float(totals_at(forecast, (EVEN,)).total.iloc[0]) / unit) * unit
    plan = plan_goals(before, total, period.start, months, method, unit, country=country, learnt=learnt)
    found = _outcome(tables, rows_of_plan(plan.goals), period, country, every_month)
    sold, expected, actual = _sold(tables, period), float(forecast.unit["mean"]), found["actual"]
    missed = float((sold.reindex(forecast.people.index).fillna(0.0) - forecast.people["mean"]).abs().sum())
    return {**found, "expected": expected, "error": expected / actual - 1 if actual else float("nan"),
            "people_error": missed / actual if actual else float("nan")}


def _sold(tables: Tables, period: Period) -> pd.Series:
    sales = credited_sales(tables)
    sales = sales[(sales.date >= period.start) & (sales.date < period.end + pd.Timedelta(days=1))]
    return sales.groupby(sales.person_id.fillna("")).amount.sum()


def _outcome(tables: Tables, goals: pd.DataFrame, period: Period, country: str,
             every_month: bool) -> dict[str, float]:
    """Hold goals against what came, and count the alarms on the way."""
    sold, own = _sold(tables, period), goals_by_person(goals)
    return {"actual": float(sold.sum()), "goal": float(own.sum()),
            "at_goal": float((sold.reindex(own.index).fillna(0.0) >= own).mean()),
            **_watch(tables, goals, period, country, every_month)}


def _charts_in_alarm(tables: Tables, period: Period, country: str) -> float:
    charts = sum_up_charts(kpi_alarms(tables, period.end, country, weeks=13 * -(-len(period.months) // 3)))
    return float((charts.state == "alarm").sum()) if len(charts) else 0.0


def _watch(tables: Tables, goals: pd.DataFrame, period: Period, country: str,
           every_month: bool) -> dict[str, float]:
    """Follow the whole period, and every month in it, as it would have been followed then."""
    windows = [months_from(month, 1) for month in period.months if every_month]
    windows += [period] if len(windows) != 1 else []
    found = []
    for window in windows:
        inside = goals[(goals.period_start >= window.start) & (goals.period_end <= window.end)]
        course = pace_course(tables, inside, window, country=country, day=window.end)
        units = course[course.goal.notna()].groupby(["by", "unit"])
        last = units[["goal", "so_far"]].last()
        found.append(pd.DataFrame({"judged": units.judgeable.any(), "alarm": units.alarm.any(),
                                   "reached": last.so_far >= last.goal}))
    table = pd.concat(found)
    return {"judged": float(table.judged.mean()) if len(table) else float("nan"),
            "missed": float((table.judged & ~table.reached).sum()), "alarms": float(table.alarm.sum()),
            "false_alarms": float((table.alarm & table.reached).sum())}
