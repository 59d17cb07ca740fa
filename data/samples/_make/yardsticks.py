"""What the company is measured against: the market's figures and last year's goals, unfair as they were."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .catalogue import SEGMENTS
from .customers import months
from .days import rush
from .draws import spread, stream
from .sales import Line
from .setting import LAST_DAY, Person, setting

MARKET_START = date(2023, 1, 1)
RESTATED = date(2025, 1, 1)  # from here on the levels cover fewer companies; growth compares like with like
RESTATED_FACTOR = 0.91
MARKET_GROWTH = {"经销商": 0.025, "工程商": -0.03, "餐饮连锁": 0.16, "学校医院": 0.05, "企业办公": 0.06,
                 "制造企业": 0.08}
MARKET_SIZE = {"经销商": 31.0, "工程商": 17.5, "餐饮连锁": 12.0, "学校医院": 11.0, "企业办公": 14.0,
               "制造企业": 15.5}  # hundred million yuan a month, at the start

UPLIFT = {2025: 18, 2026: 15}  # per cent on everybody's result of the year before
MONTH_SHARES = (7, 6, 8, 8, 8.5, 9, 8, 8, 9, 8.5, 9, 11)  # the company's rule, per cent
GOAL_STEP = 100_000  # fen: goals are written in ten thousands of yuan with one decimal


@dataclass(frozen=True)
class MarketMonth:
    """A segment's month as published: level in million yuan, growth against a year ago in permille."""

    month: date
    segment: str
    level: int
    growth: int


@dataclass(frozen=True)
class Goal:
    """One person's goal for one month in fen; months without a goal have no entry."""

    year: int
    team: str
    person: Person
    month: date
    fen: int


def make_market() -> list[MarketMonth]:
    """Return the published series; in 2025 the growth does not follow from the levels."""
    rows = []
    for segment in SEGMENTS:
        chance = stream("market", segment)
        true: dict[date, float] = {}
        for month in months(date(2022, 1, 1), LAST_DAY):
            years = (month.year - 2023) + (month.month - 1) / 12
            season = _market_season(month)
            true[month] = MARKET_SIZE[segment] * 100 * (1 + MARKET_GROWTH[segment]) ** years * season * (
                spread(chance, 0.012))
        for month in months(MARKET_START, LAST_DAY):
            before = true[month.replace(year=month.year - 1)]
            level = true[month] * (RESTATED_FACTOR if month >= RESTATED else 1.0)
            rows.append(MarketMonth(month, segment, round(level), round((true[month] / before - 1) * 1000)))
    rows.sort(key=lambda row: row.month)
    return rows


def _market_season(month: date) -> float:
    """The market feels the festival too, but less than one company's order book."""
    usual = (0.95, 0.88, 1.0, 1.0, 1.03, 1.06, 0.97, 0.97, 1.03, 1.0, 1.08, 1.03)[month.month - 1]
    end = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    busy = sum(rush(date.fromordinal(n)) for n in range(month.toordinal(), end.toordinal()))
    return usual * (0.75 + 0.25 * busy / 21)


def make_goals(lines: list[Line]) -> list[Goal]:
    """Return the goals of 2025 and of the first half of 2026: everybody's last year plus the same share."""
    sold: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        sold[line.person_id, line.day.year] += line.amount
    goals = []
    for year in UPLIFT:
        for person in setting().people:
            base = _base(person, year, sold)
            for month in months(date(year, 1, 1), date(year, 12, 1)):
                if month <= LAST_DAY and base and _is_set(person, month):
                    goals.append(_goal(person, month, base * (100 + _uplift(person, year)) // 100))
    return goals


def _uplift(person: Person, year: int) -> int:
    more = setting().inflated.get(person.team_on(date(year, 1, 1)), 0)
    return UPLIFT[year] + (more if year == max(UPLIFT) else 0)


def _base(person: Person, year: int, sold: dict[tuple[str, int], int]) -> int:
    """Last year's sales; someone who was not there a whole year gets the team's average, without a ramp."""
    if person.leave and person.leave.year < year:
        return 0
    if person.hire <= date(year - 1, 1, 1):
        return sold[person.person_id, year - 1]
    team = person.team_on(date(year, 1, 1))
    mates = [p for p in setting().people if p.team_on(date(year, 1, 1)) == team
             and p.hire <= date(year - 1, 1, 1) and not p.leave]
    return sum(sold[p.person_id, year - 1] for p in mates) // len(mates)


def _is_set(person: Person, month: date) -> bool:
    """Goals are blank before hiring, after leaving, and for the last quarter of one forgotten person."""
    forgotten = person.story == "zero_months" and date(2025, 10, 1) <= month <= date(2025, 12, 1)
    hired = month >= person.hire.replace(day=1)
    return hired and not (person.leave and month > person.leave) and not forgotten


def _goal(person: Person, month: date, year_fen: int) -> Goal:
    away = person.away and person.away[0] <= month <= person.away[1]
    fen = 0 if away else round(year_fen * MONTH_SHARES[month.month - 1] / 100 / GOAL_STEP) * GOAL_STEP
    return Goal(month.year, person.team_on(month), person, month, fen)
