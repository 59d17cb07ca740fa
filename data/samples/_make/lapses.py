"""What went wrong in the daily work of 2026; only the activity log shows it, sales are what they were."""

from __future__ import annotations

from datetime import date
from random import Random

from .cast import Person
from .customers import Account, Books
from .draws import pick

LAPSE_START = date(2026, 1, 1)
TIRED_TEAM, TIRED = "华南二组", {"拜访": 0.60, "报价": 0.62, "电话": 0.85}
BUSY_PERSON, BUSY = "00028", {"拜访": 1.30, "报价": 1.65}  # quotes more than ever and sells no more
SILENT_PERSON, SILENT_FROM = "00046", date(2026, 5, 16)  # writes nothing down any more
FORGETFUL_PERSON, FORGOTTEN, FORGOTTEN_FROM = "00036", 3, date(2026, 2, 1)  # largest customers, no visit
CROSSED_PERSON, CROSSING_PERSON, CROSSED, CROSSED_FROM = "00025", "00033", 5, date(2026, 3, 1)


def effort(person: Person, day: date, kind: str) -> float:
    """Return how much of its usual number of one kind of contact a person logs on a day."""
    if person.person_id == SILENT_PERSON and day >= SILENT_FROM:
        return 0.0
    if day < LAPSE_START:
        return 1.0
    if person.team_on(day) == TIRED_TEAM:
        return TIRED[kind]
    return BUSY.get(kind, 1.0) if person.person_id == BUSY_PERSON else 1.0


def largest(books: Books, person_id: str, number: int) -> list[Account]:
    """List a person's customers that weigh most when the lapses begin."""
    book = books[person_id, LAPSE_START]
    return sorted(book, key=lambda account: (-account.weight, account.account_id))[:number]


def visited(person: Person, day: date, book: list[Account], books: Books) -> list[Account]:
    """Return the customers that a person still goes to."""
    if person.person_id != FORGETFUL_PERSON or day < FORGOTTEN_FROM:
        return book
    forgotten = largest(books, person.person_id, FORGOTTEN)
    return [account for account in book if account not in forgotten]


def crossed_visit(person: Person, day: date, books: Books, chance: Random) -> Account | None:
    """Return a colleague's customer that a person goes to as well, in about every second week."""
    if person.person_id != CROSSING_PERSON or day < CROSSED_FROM or chance.random() < 0.45:
        return None
    return pick(chance, largest(books, CROSSED_PERSON, CROSSED), [1] * CROSSED)
