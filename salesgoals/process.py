"""Watch the process: will the goal be reached, what has fallen by more than luck, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from salesgoals import alarms
from salesgoals.alarms.run_length import QUARTER
from salesgoals.history import as_known_on, credited_sales
from salesgoals.periods import Period
from salesgoals.watching.board import look_at, pace
from salesgoals.watching.funnel import reasons_of
from salesgoals.watching.kpi_charts import sum_up_charts, watch_work
from salesgoals.watching.replay import list_alarms
from salesgoals.workspace import Settings

__all__ = ["alarm_quality", "kpi_alarms", "name_reasons", "pace_board", "pace_course", "study_process",
           "sum_up_charts", "watch_period"]

MEASURED = "measured.toml"


def pace_board(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
               day: pd.Timestamp | str | None = None, country: str = "CN") -> pd.DataFrame:
    """Say for the company, each team and each person how likely the goal of a running period still is.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; nothing after the day is used.
    goals : pandas.DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        A month, a quarter, a half-year, a year or the window of a goal.
    day : Timestamp or str, optional
        The last day that is known; by default the last one of the records within the period.
    country : str
        Two letters: the working calendar.

    Returns
    -------
    pandas.DataFrame
        One line a unit: by (all, team, person), unit, name, people, without_goal (people without a goal),
        date, position and working_days (days over, days of the period), goal, expected (of the period, before
        it began), so_far, usual_so_far (what was expected by now), linear_so_far, month_end (forecast of the
        period's end), low, high (80 % band), chance, bar (chance below which there is an alarm), below_bar,
        alarm, behind_linear, needed_a_day, months_seen, deals_expected, days_with_deals, luck, judgeable,
        verdict, basis (``forecast``: made from the records before the period; ``mean`` where these are too
        short). Money in currency units; see :func:`salesgoals.alarms.pacing.pace_units` for the verdicts.

    Notes
    -----
    A team's sales are those made in it on the day of the deal. The error rates are measured:
    :func:`alarm_quality`, docs/alarms.md.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.bdate_range("2025-01-01", "2026-06-12")
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": days.repeat(2), "person_id": ["7", "8"] * len(days), "amount": 10.0}))
    >>> goals = pd.DataFrame({"person_id": ["7", "8"], "person": ["Li", "Wu"], "department": None,
    ...     "team": None, "goal": [200.0, 300.0], "product_line": None,
    ...     "period_start": pd.Timestamp("2026-06-01"), "period_end": pd.Timestamp("2026-06-30")})
    >>> board = pace_board(tables, goals, read_period("2026-06"), "2026-06-12", "US")
    >>> board[["unit", "verdict"]].values.tolist()
    [['all', 'alarm'], ['7', 'on_course'], ['8', 'alarm']]
    """
    last = _last_day(tables, period, day)
    return pace(look_at(as_known_on(tables, last), goals, period, last), goals, period, last, country)


def pace_course(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, by: str = "",
                unit: str = "", day: pd.Timestamp | str | None = None, country: str = "CN") -> pd.DataFrame:
    """Follow a person, a team or the company through a period, day by day, as it stood on each of them.

    Parameters
    ----------
    tables, goals, period, day, country
        As for :func:`pace_board`.
    by, unit : str
        Whom: ``("all", "all")``, ``("team", "department/team")``, ``("person", id)``; by default everybody.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`pace_board`: a line for the eve of the period and for each working day.
    """
    last = _last_day(tables, period, day)
    watched = look_at(as_known_on(tables, last), goals, period, last)
    course = pace(watched, goals, period, last, country, every_day=True)
    chosen = (course.by == (by or course.by)) & (course.unit == (unit or course.unit))
    return course[chosen].reset_index(drop=True)


def _last_day(tables: Mapping[str, pd.DataFrame], period: Period,
              day: pd.Timestamp | str | None) -> pd.Timestamp:
    if day is not None:
        return min(pd.Timestamp(day).normalize(), period.end)
    last = credited_sales(tables).date.max()
    return period.end if pd.isna(last) else max(min(last.normalize(), period.end), period.start)


def kpi_alarms(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str, country: str = "CN",
               weeks: int = QUARTER) -> pd.DataFrame:
    """Watch visits, follow-ups, quotes, deals and rates week by week: what has fallen by more than luck?

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; nothing after the day is used.
    day : Timestamp or str
        The last day that is known; only weeks whose working days are over are looked at.
    country : str
        Two letters: a week with holidays is not taken for a bad one.
    weeks : int
        How many weeks are watched; the 26 before them say what is usual.

    Returns
    -------
    pandas.DataFrame
        One line a chart and week watched: by, unit, name, kpi (visits, follow_ups, quotes, deals,
        amount, win_rate, quotes_a_visit, deals_a_quote), period (Monday), value, expected, low, high
        (natural limits of the week, to look at), of (load), rate (value / load), usual, xmr_low,
        xmr_high (of the rate), outside, score, signal (share of the way to the alarm), alarm, state
        (ok, alarm, better, no_records: the person has stopped writing down; too_small: only a fall by
        more than half would be found; too_short, unknown), baseline_weeks, smallest_fall (found within
        a quarter, 4 times of 5), false_alarms (chance that this chart rings for nothing within a
        quarter). :func:`sum_up_charts` makes one line a chart.

    Notes
    -----
    EWMA of standard scores, weight .2, limit 2.6. People and teams are set beside what everybody else did in
    the same week, so that season, holidays, the end of the month and the market are out; the company beside
    its own past. Error rates: :func:`alarm_quality`, docs/alarms.md.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.bdate_range("2025-01-06", "2026-06-26")
    >>> lapsed = [4 if day < pd.Timestamp("2026-05-01") else 2 for day in days]
    >>> tables["activities"] = as_table("activities", pd.DataFrame({
    ...     "date": [*days] * 3, "person_id": ["7"] * len(days) + ["8"] * len(days) + ["9"] * len(days),
    ...     "type": "visit", "count": lapsed + [4] * (2 * len(days))}))
    >>> charts = kpi_alarms(tables, "2026-06-28", "US")
    >>> sum_up_charts(charts).query("by == 'person'")[["unit", "state"]].values.tolist()
    [['7', 'alarm'], ['8', 'ok'], ['9', 'ok']]
    """
    last = pd.Timestamp(day).normalize()
    monday = last - pd.Timedelta(days=last.day_of_week)
    return watch_work(as_known_on(tables, last), last, country, monday - pd.Timedelta(days=7 * (weeks - 1)))


def name_reasons(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                 day: pd.Timestamp | str | None = None, country: str = "CN") -> pd.DataFrame:
    """Name for each unit why its sales are above or below the usual: visits, conversion, size, price ...

    Parameters
    ----------
    tables, goals, period, day, country
        As for :func:`pace_board`.

    Returns
    -------
    pandas.DataFrame
        One line a unit and reason: by, unit, reason (visits, quotes, conversion, deal_size, mix, price,
        pipeline), usual, now, change (share), effect (currency units; without pipeline they add up to so_far
        less usual_so_far), p (chance of a change at least as bad by luck alone), clear (worse, and hardly
        luck), rank (1 = costs most).
    """
    last = _last_day(tables, period, day)
    watched = look_at(as_known_on(tables, last), goals, period, last)
    return reasons_of(watched.tables, pace(watched, goals, period, last, country), period, last, country)


def watch_period(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, country: str = "CN",
                 day: pd.Timestamp | str | None = None) -> pd.DataFrame:
    """List every alarm of a period as it would have been given day by day, with nothing known of the future.

    Parameters
    ----------
    tables, goals, period, country, day
        As for :func:`pace_board`; after the day nothing is known, by default the end of the period.

    Returns
    -------
    pandas.DataFrame
        One line an alarm: by, unit, kind (``pace`` or ``kpi``), kpi (empty for pace), date (first day of the
        alarm; for a week its last day), until (last day on which it lasted), goal, chance (pace: when it was
        given), change (kpi: that week against the usual, share), lasted (working days or weeks in alarm). One
        that is gone for less than ten days (kpi: three weeks) is the same one.

    Notes
    -----
    Pace is followed over the whole period and, where it holds goals of shorter windows, over each of these.
    """
    last = _last_day(tables, period, day)
    watched = look_at(as_known_on(tables, last), goals, period, last)
    course = pace(watched, goals, period, last, country, every_day=True)
    charts = watch_work(watched.tables, last, country, _first_week(period, last))
    return list_alarms(watched, goals, period, last, country, course, charts)


def alarm_quality() -> pd.DataFrame:
    """Show how often each rule of alarm cries wolf and how much it finds, as measured by the benchmark.

    Returns
    -------
    pandas.DataFrame
        Columns watched (``pace``: months, everything learnt from the 12 before; ``pace_known``: the
        mean known beforehand; ``pace_quarter``; or the weekly figure, such as ``win_rate_team``), rule,
        deals (a month), false_alarms (pace: share of the periods that ended at goal; weekly: weeks in
        alarm in 60 charts a quarter), detected (share of the bad periods; weekly: within 4 weeks), day
        (median working day of the alarm), charts_with_any (weekly, of 60), found_13 (weekly), ours. The
        same figures as in docs/alarms.md.

    Examples
    --------
    >>> table = alarm_quality()
    >>> ours = table[table.ours & (table.watched == "pace")]
    >>> bool((ours.false_alarms <= .06).all())
    True
    """
    path = Path(alarms.__file__).with_name(MEASURED)
    measured = tomllib.loads(path.read_text(encoding="utf-8"))
    pace_rows = pd.DataFrame(measured["pace"])
    kind = pace_rows.months.map({1: "pace", 3: "pace_quarter"})
    pace_rows["watched"] = kind.mask(pace_rows["mean"] == "known", "pace_known")
    weekly = pd.DataFrame(measured["weeks"]).rename(
        columns={"case": "watched", "alarms": "false_alarms", "found_4": "detected"})
    table = pd.concat([pace_rows, weekly], ignore_index=True)
    columns = ["watched", "rule", "deals", "false_alarms", "detected", "day", "charts_with_any", "found_13"]
    return table.reindex(columns=columns).assign(ours=table.rule.isin(["reach_bar", "ewma"]))


def study_process(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, day: pd.Timestamp,
                  settings: Settings) -> dict[str, pd.DataFrame]:
    """Gather what the progress report shows of pace and alarms, each table with ``by`` and ``unit``.

    Parameters
    ----------
    tables, goals, period, day
        As for :func:`pace_board`.
    settings : Settings
        For the calendar's country.

    Returns
    -------
    dict of str to DataFrame
        process_pace (:func:`pace_board`), process_course (:func:`pace_course`), process_kpi (weeks since the
        period began, at least 13, of :func:`kpi_alarms`), process_charts (:func:`sum_up_charts`),
        process_reasons (:func:`name_reasons`), process_alarms (:func:`watch_period`).
    """
    country, last = settings.calendar_country, _last_day(tables, period, day)
    watched = look_at(as_known_on(tables, last), goals, period, last)
    course = pace(watched, goals, period, last, country, every_day=True)
    board = course.groupby(["by", "unit"], sort=False).tail(1).reset_index(drop=True)
    charts = watch_work(watched.tables, last, country, _first_week(period, last))
    return {"process_pace": board, "process_course": course, "process_kpi": charts,
            "process_charts": sum_up_charts(charts),
            "process_reasons": reasons_of(watched.tables, board, period, last, country),
            "process_alarms": list_alarms(watched, goals, period, last, country, course, charts)}


def _first_week(period: Period, last: pd.Timestamp) -> pd.Timestamp:
    """Return the first Monday of a period, or of the quarter of a year up to the day where that is longer."""
    monday = period.start + pd.Timedelta(days=(7 - period.start.day_of_week) % 7)
    return min(monday, last - pd.Timedelta(days=last.day_of_week + 7 * (QUARTER - 1)))
