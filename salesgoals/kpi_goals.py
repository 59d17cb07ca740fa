"""From a goal back to the work: so many deals, quotes and visits a week and a day, and weekly milestones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.abilities.shrink import COVERAGE
from salesgoals.coaching.funnel import climb_funnel, judge_need, season_ahead
from salesgoals.coaching.people import people_at_work
from salesgoals.coaching.pipeline import days_to_win, weigh_pipeline
from salesgoals.coaching.rates import chain_of, measure_rates
from salesgoals.coaching.weeks import COLUMNS as WEEK_COLUMNS
from salesgoals.coaching.weeks import split_into_weeks, weigh_days
from salesgoals.coaching.work import WEEK, usual_work
from salesgoals.history import as_known_on, credited_sales
from salesgoals.in_force import goals_by_person, within
from salesgoals.kpis import count_kpis
from salesgoals.periods import Period
from salesgoals.problems import Problem

FASTEST = .25   # share of won deals that came faster: below their days, new work counts for the next period
YEAR = 12
NEEDED = ["person_id", "person", "department", "team", "kpi", "needed", "low", "high", "a_week", "a_day",
          "usual_a_week", "best_a_week", "working_days_left", "enough", "basis", "goal", "so_far",
          "pipeline", "usual_pipeline", "still", "season", "late"]


def own_rates(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp | str | None = None,
              months: int = YEAR) -> pd.DataFrame:
    """Tell what each person's work usually brings: quotes for a deal, visits for a quote, size of a deal.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : Timestamp or str, optional
        Last day counted; by default the last with a sale.
    months : int
        How many months back.

    Returns
    -------
    DataFrame
        Columns person_id, rate (quotes_a_deal, visits_a_quote, follow_ups_a_quote, visits_a_deal and
        follow_ups_a_deal where no quotes are recorded, win_rate = won of decided opportunities, deal_size in
        currency units), value (drawn towards the peers' as far as luck asks for), low, high (80 %), own (as
        counted), n (deals, quotes or decisions behind it), usual_of_peers (NaN below five peers), peers.
        A level that the records do not know has no rates.

    Notes
    -----
    Source of method: normal-normal model on logs for ratios and sizes, beta-binomial for the share of won
    (:mod:`salesgoals.abilities.shrink`); half a count on both sides of a ratio, so that nothing is divided
    by zero; counts stray by as much more than single events as weekly counts do.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.date_range("2026-01-05", periods=20, freq="7D"), "person_id": ["1", "2"] * 10,
    ...     "amount": [100.0, 120.0] * 10}))
    >>> own_rates(tables)[["person_id", "rate", "own", "n"]].values.tolist()
    [['1', 'deal_size', 100.0, 10.0], ['2', 'deal_size', 120.0, 10.0]]
    """
    return measure_rates(tables, _last_day(tables) if until is None else pd.Timestamp(until).normalize(),
                         months)


def _last_day(tables: Mapping[str, pd.DataFrame]) -> pd.Timestamp:
    days = pd.Series([credited_sales(tables).date.max(), tables["activities"].date.max()]).dropna()
    return pd.Timestamp("1970-01-01") if days.empty else days.max().normalize()


def set_kpi_goals(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                  day: pd.Timestamp | str | None = None, country: str = "CN") -> pd.DataFrame:
    """Say how many deals, quotes and visits a week and a day each person still needs to reach the goal.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; what came after the day is not used.
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period of the goals.
    day : Timestamp or str, optional
        The last day that is known; by default the end of the period or of the records.
    country : str
        Of the working calendar.

    Returns
    -------
    DataFrame
        For each person employed that day one row a level (kpi: amount, deals, quotes, visits, follow_ups as
        far as they are recorded). needed, low, high (80 %; until the end of the period), a_week (of 5 working
        days), a_day, usual_a_week (the last quarter's), best_a_week (the best stretch of as many weeks in 12
        months), working_days_left, enough, basis (the deepest level), goal, so_far, pipeline and
        usual_pipeline (what open opportunities usually bring until then, now and on an average day; NaN where
        not known), still (money to be won: goal - so_far - (pipeline - usual_pipeline)), season (yield of the
        days ahead against an ordinary month's), late (quotes and visits of now will mostly count for the next
        period).

        enough: no_goal; keep_on (goal reached); covered (open deals beyond the usual bring it); usual (as
        much as usual does it); more (more than usual, no more than the best weeks); beyond (more than the
        best weeks: visits alone will not do it, the goal or the size of deals must change); unknown (nothing
        to compare with); over (no working day left).

    Notes
    -----
    Source of method: reverse funnel. deals = still / deal_size; quotes = deals x quotes_a_deal / season;
    visits = quotes x visits_a_quote, with each person's own shrunk rates. The usual rates already hold the
    deals that an ordinary pipeline brings, so only what is open beyond (or short of) the usual is taken off.
    The range holds the doubt about the rates, not the luck of the weeks ahead.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.date_range("2025-01-01", "2026-06-12", freq="B"), "person_id": "1", "amount": 10.0}))
    >>> june = read_period("2026-06")
    >>> goals = pd.DataFrame({"person_id": ["1"], "goal": [260.0], "product_line": None, "metric": "amount",
    ...                       "period_start": june.start, "period_end": june.end})
    >>> found = set_kpi_goals(tables, goals, june, "2026-06-12").set_index("kpi")
    >>> found.still["amount"].item(), found.needed["deals"].round(1).item(), found.enough["deals"]
    (160.0, 16.0, 'beyond')
    """
    last = min(_last_day(tables), period.end) if day is None else pd.Timestamp(day).normalize()
    known = as_known_on(tables, last)
    people = people_at_work(known, goals, last)
    sales = credited_sales(known)
    if people.empty or sales.empty:
        return pd.DataFrame(columns=NEEDED)
    inside = sales[(sales.date >= period.start) & (sales.date < period.end + pd.Timedelta(days=1))]
    own = own_rates(known, last)
    rates = own.pivot(index="person_id", columns="rate", values="value").reindex(people.person_id)
    ends = own.assign(sd=(np.log(own.high) - np.log(own.low)) / 2 / ndtri((1 + COVERAGE) / 2))
    doubt = ends.pivot(index="person_id", columns="rate", values="sd").reindex(people.person_id)
    table = people.set_index("person_id").assign(
        goal=goals_by_person(goals, period), so_far=inside.groupby("person_id").amount.sum())
    table["so_far"] = table.so_far.fillna(0.)
    days_left = max((period.end - max(last, period.start - pd.Timedelta(days=1))).days, 0)
    wins = rates["win_rate"] if "win_rate" in rates else pd.Series(dtype=float)
    open_deals = weigh_pipeline(known, last, days_left, wins)
    trusted = bool(len(open_deals)) and bool((open_deals.tries > 0).any())
    table["pipeline"] = open_deals.in_time if trusted else np.nan
    table["usual_pipeline"] = open_deals.usual_in_time if trusted else np.nan
    if trusted:
        table = table.fillna({"pipeline": 0., "usual_pipeline": 0.})
    missing = table.goal - table.so_far
    table["still"] = missing - (table.pipeline - table.usual_pipeline).fillna(0.)
    season, working = season_ahead(known, last, period, country)
    table["season"], table["working_days_left"] = season, working
    levels = climb_funnel(table, rates, doubt, chain_of(count_kpis(known)), season)
    usual = usual_work(known, last, country, -(-working // WEEK))
    rows = levels.merge(usual, on=["person_id", "kpi"], how="left")
    seasonal = np.where(rows.kpi.isin(["amount", "deals"]), season, 1.)
    rows["usual_a_week"], rows["best_a_week"] = rows.usual * WEEK * seasonal, rows.best * WEEK
    rows["a_day"] = rows.needed / working if working else np.nan
    rows["a_week"] = rows.a_day * WEEK
    rows["enough"] = judge_need(rows, working).astype(object)
    lead = rows[rows.kpi.isin(["visits", "quotes", "deals"])].sort_values("level").drop_duplicates(
        "person_id", keep="last").set_index("person_id").enough  # it is the work that can be done or not
    of_work = rows.person_id.map(lead.to_dict()).astype(object).fillna(rows.enough)
    rows["enough"] = rows.enough.where(rows.kpi != "amount", of_work)
    quick = days_to_win(known["opportunities"], FASTEST)
    rows["late"] = rows.kpi.isin(["quotes", "visits", "follow_ups"]) & (days_left < quick)
    return rows.sort_values(["place", "level"], kind="stable", ignore_index=True)[NEEDED]


def weekly_milestones(goals: pd.DataFrame, period: Period, country: str = "CN",
                      tables: Mapping[str, pd.DataFrame] | None = None, unit: int = 1) -> pd.DataFrame:
    """Cut each goal into weekly milestones that add up to it exactly, each with a small reward to suggest.

    Parameters
    ----------
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`; goals of single people are used.
    period : Period
        Only goals within it.
    country : str
        Of the working calendar.
    tables : mapping of str to DataFrame, optional
        With them, weeks are weighed by how the company's sales usually come in the month; without, by their
        working days.
    unit : int
        Size of a unit in currency units.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, product_line, period_start, period_end (of the goal),
        week (1, 2 ... within it), start, end (first and last day of the week, Monday to Sunday cut to the
        goal), working_days, share, goal, cumulative (currency units), reward (a code: a suggestion, nothing
        is paid by it). The weeks of a goal add up to it exactly; a week of holidays may have 0.

    Notes
    -----
    Source of method: largest remainder (methods 3.11); profile as in
    :func:`salesgoals.alarms.profile.learn_habits`.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> february = read_period("2026-02")
    >>> goals = pd.DataFrame({"person_id": ["1"], "goal": [1000.0], "metric": "amount",
    ...                       "period_start": february.start, "period_end": february.end})
    >>> found = weekly_milestones(goals, february)
    >>> found.working_days.tolist(), found.goal.astype(int).tolist()
    ([0, 5, 6, 0, 5], [0, 313, 375, 0, 312])
    """
    own = within(goals, period) if len(goals) else goals
    own = own[own.person_id.notna() & (own.person_id != "")] if len(own) else own
    if not len(own):
        return pd.DataFrame(columns=WEEK_COLUMNS)
    first, last = own.period_start.min(), own.period_end.max()
    return split_into_weeks(own, weigh_days(first, last, country, tables, first), unit)


def missing_levels(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame | None = None,
                   day: pd.Timestamp | str | None = None) -> list[Problem]:
    """Say what KPI goals cannot hold: levels that the records do not know, goals that nobody works for.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame, optional
        From :func:`salesgoals.in_force.goals_in_force`.
    day : Timestamp or str, optional
        The last day that is known.

    Returns
    -------
    list of Problem
        Notes; so nobody takes silence for zero.
    """
    counted = count_kpis(tables)
    known = set(counted.kpi.unique())
    if "deals" not in known:
        return [Problem("kpi_goals.no_deals", level="note")]
    found = []
    if not known & {"visits", "follow_ups"}:
        found.append(Problem("kpi_goals.no_visits" if "quotes" in known else "kpi_goals.only_deals",
                             level="note"))
    elif "quotes" not in known:
        found.append(Problem("kpi_goals.no_quotes", level="note"))
    if tables["opportunities"].empty:
        found.append(Problem("kpi_goals.no_pipeline", level="note"))
    if goals is not None and len(goals) and day is not None:
        own = goals.person_id.dropna()
        here = set(people_at_work(tables, goals, pd.Timestamp(day)).person_id)
        if not len(own):
            found.append(Problem("kpi_goals.team_goals", level="note"))
        elif not set(own) <= here:
            found.append(Problem("kpi_goals.people_left", level="note"))
    return found


def study_kpi_goals(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                    day: pd.Timestamp, settings: object) -> dict[str, pd.DataFrame]:
    """Work out the KPI goals of a period for the reports.

    Returns
    -------
    dict of str to DataFrame
        kpi_goals_needed (:func:`set_kpi_goals`), kpi_goals_rates (:func:`own_rates`), kpi_goals_weeks
        (:func:`weekly_milestones`), kpi_goals_missing (codes of what the records do not know).
    """
    country, unit = getattr(settings, "calendar_country", "CN"), int(getattr(settings, "unit", 1))
    known = as_known_on(tables, day)
    past = as_known_on(tables, period.start - pd.Timedelta(days=1))
    missing = [problem.code for problem in missing_levels(known, goals, day)]
    return {"kpi_goals_needed": set_kpi_goals(known, goals, period, day, country),
            "kpi_goals_rates": own_rates(known, day),
            "kpi_goals_weeks": weekly_milestones(goals, period, country, past, unit),
            "kpi_goals_missing": pd.DataFrame({"code": missing}, dtype="str")}
