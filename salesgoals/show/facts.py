"""The few figures that a whole report turns on, read once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.goal import chance, totals_at
from salesgoals.readers import Report

SHARES = (0.7, 0.5, 0.3)


@dataclass(frozen=True)
class Facts:
    """What the first screen says.

    Parameters
    ----------
    goal, last_12, expected, low, high : float
        Goal, sales of the last 12 months, forecast of the period and its range, in currency units.
    baseline : float
        The last 12 months stretched to the period of the plan: what "as before" would give; NaN where
        nobody has been on record for a year.
    months : int
        Months of the plan, with ``first`` and ``last``.
    chance : float
        Of reaching the goal; ``readings`` holds it under other assumptions too.
    totals : DataFrame
        Columns chance, total: what would be reached with 70, 50 and 30 %.
    """

    goal: float
    last_12: float
    baseline: float
    expected: float
    low: float
    high: float
    months: int
    first: pd.Timestamp
    last: pd.Timestamp
    chance: float
    readings: pd.DataFrame
    totals: pd.DataFrame

    @property
    def growth(self) -> float:
        """Goal against the baseline, as a share; NaN without history."""
        return self.goal / self.baseline - 1 if self.baseline > 0 else float("nan")


def read_facts(report: Report) -> Facts:
    """Read the figures of the first screen from a report: goal, chance with its range, three totals.

    Parameters
    ----------
    report : Report
        From :func:`salesgoals.readers.open_report`.

    Returns
    -------
    Facts
    """
    goals, unit = report.plan.goals, report.forecast.unit
    months, goal = int(goals.month.nunique()), float(goals.goal.sum())
    whole_year = (report.forecast.people.months_seen >= 12).any()
    last_12 = last_year_of(report)
    baseline = last_12 * months / 12 if whole_year else float("nan")
    readings = chance_readings(report.forecast, goal, baseline)
    return Facts(goal=goal, last_12=last_12, baseline=baseline, expected=float(unit["mean"]),
                 low=float(unit["low"]), high=float(unit["high"]), months=months, first=goals.month.min(),
                 last=goals.month.max(), chance=float(readings.chance.iloc[0]), readings=readings,
                 totals=totals_at(report.forecast, SHARES))


def last_year_of(report: Report) -> float:
    """Add up what the reader's unit sold in the last 12 months on record, also by people who have left."""
    sold = report.history
    return float(sold.amount[sold.month > sold.month.max() - pd.DateOffset(months=12)].sum())


def chance_readings(forecast: Forecast, goal: float, baseline: float) -> pd.DataFrame:
    """Give the chance of a goal under other assumptions too, so that nobody trusts one figure too far.

    Parameters
    ----------
    forecast : Forecast
        Of the people who carry the goal.
    goal, baseline : float
        The goal, and what the last 12 months would give for the same period, in currency units.

    Returns
    -------
    pandas.DataFrame
        Columns reading, expected (currency units), chance; first ``forecast`` (as it is), then ``baseline``
        (the plain last 12 months in place of the forecast, with the same relative uncertainty) and, for more
        than one person, ``together`` (good and bad times hit all people more alike than the records show:
        correlation half-way to 1).
    """
    expected, known = float(forecast.unit["mean"]), goal > 0 and len(forecast.people) > 0
    rows = [("forecast", expected, chance(forecast, goal) if known else float("nan"))]
    if known and expected > 0 and baseline > 0:
        factor = baseline / expected
        level = forecast.people.assign(mean=forecast.people["mean"] * factor, sd=forecast.people.sd * factor)
        rows.append(("baseline", baseline, chance(replace(forecast, people=level), goal)))
    if known and len(forecast.people) > 1:
        closer = replace(forecast, people_correlation=(1 + forecast.people_correlation) / 2)
        rows.append(("together", expected, chance(closer, goal)))
    return pd.DataFrame(rows, columns=["reading", "expected", "chance"])
