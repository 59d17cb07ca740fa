"""What makes one invented company differ from another: its people, what is planted in it, how dirty it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 6, 30)
PLAN_START = date(2026, 7, 1)
LOG_START = date(2025, 1, 1)  # the weekly activity log was introduced then


@dataclass(frozen=True)
class Person:
    """One seller. ``strength`` is the sales at full ramp relative to a colleague's average."""

    person_id: str
    name: str
    team: str
    role: str
    hire: date
    strength: float
    leave: date | None = None
    ramp_midpoint: float | None = None  # months until half of full strength; None: long settled
    moves: tuple[date, str] | None = None  # first day in the new team
    away: tuple[date, date] | None = None  # parental leave, both days inclusive
    pace: float = 1.0  # orders a month relative to others at the same sales: few and big below 1
    story: str = ""

    def team_on(self, day: date) -> str:
        """Return the team on a day."""
        return self.moves[1] if self.moves and day >= self.moves[0] else self.team

    def works_on(self, day: date) -> bool:
        """Tell whether the person is employed on a day and not on leave."""
        if day < self.hire or (self.leave and day > self.leave):
            return False
        return not (self.away and self.away[0] <= day <= self.away[1])

    def stints(self) -> list[tuple[str, date, date | None]]:
        """List team, first day and last day (None: still there)."""
        if not self.moves:
            return [(self.team, self.hire, self.leave)]
        day, team = self.moves
        return [(self.team, self.hire, day - timedelta(days=1)), (team, day, self.leave)]


@dataclass(frozen=True)
class Lapses:
    """What goes wrong in the daily work from some day on; empty names: nothing of that kind."""

    tired_team: str = ""                        # visits and quotes less
    slump: float = 1.0                          # what is left of the tired team's orders
    busy_person: str = ""                       # quotes more than ever and sells no more
    silent: tuple[str, date] | None = None      # writes nothing down any more from a day on
    forgetful_person: str = ""                  # does not go to the largest customers any more
    crossed_person: str = ""                    # whose customers the next one goes to as well
    crossing_person: str = ""


@dataclass(frozen=True)
class BigDeal:
    """One huge project of a person who has the story ``lucky_veteran``."""

    day: date = date(2025, 11, 20)
    quantity: int = 14
    price: int = 67_600_000     # fen


@dataclass(frozen=True)
class Dirt:
    """How the exports were dirtied: which ways of writing, and what share of the usual number of bad rows."""

    gbk: bool = True                # the list of 2024 is saved in the old Chinese encoding
    in_wan: bool = True             # and its amounts stand in ten thousands of yuan
    mixed_dates: bool = True        # the list of 2025 has days as dates, as text and as bare numbers
    misspelt: bool = True           # and writes one product in another way
    overlap: bool = True            # the last days of 2025 stand in the export of 2026 too
    amounts: bool = True            # some amounts are words or empty
    pivot: bool = True              # a pasted pivot table lies among the files
    picture: bool = True            # a picture lies among the files
    rows: float = 1.0


@dataclass(frozen=True)
class Setting:
    """One invented company before anything happened."""

    company: str
    company_en: str
    departments: Mapping[str, str]                      # team -> department
    regions: Mapping[str, tuple[str, str]]              # team -> two provinces
    potentials: Mapping[str, float]                     # team -> what customers buy elsewhere, relative
    people: tuple[Person, ...]
    seed: int = 20260701
    growing_segment: str = "餐饮连锁"                    # empty: none
    growth: float = 0.38                                # of its orders, a year
    losing_line: str = "商用净水机"                      # empty: none
    big_deal: BigDeal | None = None
    two_customers: tuple[float, float] = (0.75, 0.45)   # of a ``bus_factor``, against all others together
    lapses: Lapses = field(default_factory=Lapses)
    inflated: Mapping[str, int] = field(default_factory=dict)   # team -> per cent more in the last goals
    dirt: Dirt = field(default_factory=Dirt)

    def person(self, person_id: str) -> Person:
        """Return a person by id."""
        return next(person for person in self.people if person.person_id == person_id)

    def with_story(self, story: str) -> list[Person]:
        """List the people planted for one fact."""
        return [person for person in self.people if person.story == story]


_PLAYED: list[Setting] = []


def setting() -> Setting:
    """Return the company that is being made."""
    return _PLAYED[-1]


@contextmanager
def play(company: Setting) -> Iterator[Setting]:
    """Make everything inside for one company."""
    _PLAYED.append(company)
    try:
        yield company
    finally:
        _PLAYED.pop()
