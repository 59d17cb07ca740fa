"""The company's calendar: working days with make-up days, the Spring Festival that moves, quarter ends."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from .setting import FIRST_DAY, LAST_DAY

SPRING_FESTIVAL = {2022: date(2022, 2, 1), 2023: date(2023, 1, 22),
                   2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17)}
CHINA = holidays.country_holidays("CN", years=range(2022, 2027))


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> list[date]:
    """List all days from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@cache
def is_working(day: date) -> bool:
    """Tell whether offices in China work on a day, make-up weekends included."""
    return CHINA.is_working_day(day)


def years_since_start(day: date) -> float:
    """Return how many years lie between the first day of the records and a day."""
    return (day - FIRST_DAY).days / 365.25


@cache
def rush(day: date) -> float:
    """Return how busy a day is against a usual working day; 0 on days off."""
    if not is_working(day):
        return 0.0
    return _near_festival(day) * _near_close(day)


def _near_festival(day: date) -> float:
    gap = (day - SPRING_FESTIVAL[day.year]).days
    if -14 <= gap < 0:  # customers wind down, drivers go home
        return 0.25 if gap >= -6 else 0.50
    if 0 <= gap <= 18:
        return 0.72 if gap <= 12 else 0.90
    return 1.0


def _near_close(day: date) -> float:
    following = [d for d in days(day, day + timedelta(days=14)) if d.month == day.month and is_working(d)]
    left = len(following)  # working days of the month from this one on
    if day.month % 3 == 0:
        return 2.1 if left <= 2 else 1.7 if left <= 5 else 1.0
    if day.month % 3 == 1 and day.day <= 8:
        return 0.75  # what was pulled into the quarter before is missing now
    return 1.25 if left <= 3 else 1.0


def week_log_days() -> list[tuple[date, int]]:
    """List each week's last working day and its number of working days, within the records."""
    weeks: dict[tuple[int, int], list[date]] = {}
    for day in days():
        if is_working(day):
            weeks.setdefault(day.isocalendar()[:2], []).append(day)
    return [(max(week), len(week)) for week in weeks.values()]
