"""Pace of people, teams and the company in one period: as it stands, and day by day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.alarms.pacing import pace_units
from salesgoals.periods import Period
from salesgoals.watching.expecting import expect_sales
from salesgoals.watching.units import list_deals, list_people, list_units, stack_units

KEYS = ["by", "unit", "name", "people", "without_goal"]


def pace(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, day: pd.Timestamp,
         country: str, every_day: bool = False) -> pd.DataFrame:
    """Follow every unit through a period; columns of pace_units with by, unit, name, people, without_goal."""
    units = list_units(list_people(tables, goals, period, day), goals)
    keys = units.by + "\t" + units.unit
    expected = expect_sales(tables, period, country)
    course = pace_units(
        stack_units(list_deals(tables)), units.goal.set_axis(pd.Index(keys, dtype="str")),
        min(day, period.end), country=country, start=period.start, end=period.end,
        expected=None if expected is None else expected.months,
        spread=None if expected is None else expected.spread, every_day=every_day)
    known = units.drop(columns="goal").set_axis(pd.Index(keys, dtype="str"))
    place = known.reindex(course.unit)
    found = course.drop(columns="unit").assign(**{name: place[name].to_numpy() for name in KEYS},
                                               basis="mean" if expected is None else "forecast")
    return found[[*KEYS, *course.columns.drop("unit"), "basis"]]
