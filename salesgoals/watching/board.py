"""Pace of people, teams and the company in one period: as it stands, and day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from salesgoals.alarms.pacing import pace_units
from salesgoals.periods import Period
from salesgoals.watching.expecting import expect_sales
from salesgoals.watching.units import list_deals, list_people, list_units, stack_units

KEYS = ["by", "unit", "name", "people", "without_goal"]


class Watched(NamedTuple):
    """Who is watched and what they sold, found once for all windows of a period."""

    tables: Mapping[str, pd.DataFrame]
    people: pd.DataFrame
    deals: pd.DataFrame


def look_at(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
            day: pd.Timestamp) -> Watched:
    """Gather people and deals of a period as known on a day."""
    return Watched(tables, list_people(tables, goals, period, day), stack_units(list_deals(tables)))


def pace(watched: Watched, goals: pd.DataFrame, period: Period, day: pd.Timestamp, country: str,
         every_day: bool = False) -> pd.DataFrame:
    """Follow every unit through a period; columns of pace_units with by, unit, name, people, without_goal."""
    units = list_units(watched.people, goals)
    units.index = pd.Index(units.by + "\t" + units.unit, dtype="str")
    expected = expect_sales(watched.tables, period, country)
    course = pace_units(
        watched.deals, units.goal, min(day, period.end), country=country, start=period.start, end=period.end,
        expected=None if expected is None else expected.months,
        spread=None if expected is None else expected.spread, every_day=every_day)
    place = units.reindex(course.unit)
    found = course.drop(columns="unit").assign(**{name: place[name].to_numpy() for name in KEYS},
                                               basis="mean" if expected is None else "forecast")
    return found[[*KEYS, *course.columns.drop("unit"), "basis"]]
