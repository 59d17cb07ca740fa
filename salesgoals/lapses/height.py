"""Were the goals too high for what was known when they were set?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.goal import chance, chance_of_people
from salesgoals.history import as_known_on, credited_sales, monthly_sales
from salesgoals.in_force import goals_by_person
from salesgoals.lapses.finding import ACT, TALK, Finding, share_interval
from salesgoals.looping.learnt import forecast_people
from salesgoals.periods import Period

UNLIKELY = .20          # chance of the total that every report of goals already marks as bad
HOPELESS = .05
OUT_OF_REACH = .20      # chance of a person's goal that people themselves no longer believe in
MOST = .5               # share of people, beyond doubt
FEW = 8
YEAR = 12
COVERED = .95           # of the days of the longest goals
OTHERS = .02            # of the forecast: people without a goal count from here on
REMEDIES = ("goal", "adjust")


def goal_months(goals: pd.DataFrame) -> pd.DatetimeIndex:
    """List the months that goals cover: those whose middle lies within their windows."""
    months = pd.date_range(goals.period_start.min().replace(day=1), goals.period_end.max(), freq="MS")
    middle = months + pd.Timedelta(days=14)
    return months[(middle >= goals.period_start.min()) & (middle <= goals.period_end.max())]


def whole_goals(goals: pd.DataFrame) -> pd.Series:
    """Add up the goals of the people who have one for all months that anybody has; others joined or left.

    Parameters
    ----------
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    """
    own = goals_by_person(goals)
    named = goals[goals.person_id.isin(own.index)]
    named = named.drop_duplicates(["person_id", "period_start", "period_end"])
    days = (named.period_end - named.period_start).dt.days + 1
    covered = days.groupby(named.person_id).sum().reindex(own.index)
    return own[covered >= COVERED * covered.max()]


def forecast_before(tables: Mapping[str, pd.DataFrame], months: pd.DatetimeIndex, own: pd.Series,
                    country: str | None) -> tuple[Forecast | None, int]:
    """Forecast the months from what was known before they began, for the people who have goals.

    Returns
    -------
    tuple of (Forecast or None, int)
        None where less than 12 months were known, and how many were.
    """
    known = as_known_on(tables, months[0] - pd.Timedelta(days=1))
    history = monthly_sales(known)
    span = [] if history.empty else pd.period_range(history.month.min(), history.month.max(), freq="M")
    seen = len(span)
    if seen < YEAR:
        return None, seen
    start = f"{months[0]:%Y-%m}"
    forecast = forecast_people(known, start, len(months), country)
    if len(own):
        mean = forecast.people["mean"]
        if mean[~mean.index.isin(own.index)].sum() > OTHERS * mean.sum():
            mine = {**known, "people": known["people"][known["people"].person_id.isin(own.index)]}
            for name in ("orders", "opportunities"):
                mine[name] = known[name][known[name].person_id.isin(own.index)]
            if not monthly_sales(mine).empty:
                forecast = forecast_people(mine, start, len(months), country)
    return forecast, seen


def judge_height(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, day: pd.Timestamp,
                 forecast: Forecast | None, seen: int) -> Finding:
    """Judge whether the goals were out of reach when they were set.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period.
    day : Timestamp
        The last day that is known.
    forecast : Forecast or None
        From :func:`forecast_before`.
    seen : int
        Months that were known then.
    """
    finding = Finding("too_high", remedies=REMEDIES)
    if goals.empty:
        finding.add("no_goals", period=period.name)
        finding.add("ask_height")
        return finding
    own = whole_goals(goals)
    _say_reached(finding, tables, goals, own, day)
    if forecast is None:
        finding.add("short_history", months=seen, least=YEAR)
        finding.add("ask_height")
        return finding
    known = own[own.index.isin(forecast.people.index[forecast.people["mean"] > 0])]
    team_only = own.empty
    total = float(goals.goal.sum() if team_only else known.sum())
    if not total > 0:
        finding.add("ask_height")
        return finding
    reach = chance(forecast, total)
    unit = forecast.unit
    finding.clear()
    finding.add("height_total", grave=ACT if reach < HOPELESS else TALK if reach < UNLIKELY else 0,
                chance=reach, goal=total, expected=float(unit["mean"]), low=float(unit["low"]),
                high=float(unit["high"]), left_out=len(own) - len(known))
    if len(known) >= FEW:
        chances = chance_of_people(forecast, known).dropna()
        count = int((chances < OUT_OF_REACH).sum())
        low, high = share_interval(count, len(chances))
        finding.add("height_people", grave=ACT if low > MOST else 0, count=count, of=len(chances),
                    share=count / len(chances), low=low, high=high, limit=OUT_OF_REACH)
    return finding


def _say_reached(finding: Finding, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, own: pd.Series,
                 day: pd.Timestamp) -> None:
    """Add what came of the windows that are over; that alone says nothing about goal or work."""
    over = goals[goals.period_end <= day]
    if over.empty:
        return
    sales = credited_sales(tables)
    sales = sales[sales.person_id.isin(own.index)] if len(own) else sales
    reached, whole = [], [0., 0.]
    for (start, end), window in over.groupby(["period_start", "period_end"]):
        wanted = float(goals_by_person(window).sum()) if len(own) else float(window.goal.sum())
        actual = float(sales.amount[(sales.date >= start) & (sales.date < end + pd.Timedelta(days=1))].sum())
        if wanted > 0:
            reached.append(actual >= wanted)
            whole = [whole[0] + wanted, whole[1] + actual]
    if whole[0] > 0:
        finding.add("height_reached", share=whole[1] / whole[0], count=sum(reached), of=len(reached))
