"""What went wrong in the daily work of 2026; only the activity log shows it, sales are what they were."""

from __future__ import annotations

from datetime import date
from random import Random

from .customers import Account, Books
from .draws import pick
from .setting import Person, setting

LAPSE_START = date(2026, 1, 1)
TIRED = {"拜访": 0.60, "报价": 0.62, "电话": 0.85}
BUSY = {"拜访": 1.30, "报价": 1.65}  # quotes more than ever and sells no more
FORGOTTEN, FORGOTTEN_FROM = 3, date(2026, 2, 1)  # largest customers, no visit
CROSSED, CROSSED_FROM = 5, date(2026, 3, 1)


def pull(person: Person, day: date) -> float:
    """Return how much of its usual orders a person still wins on a day."""
    tired = day >= LAPSE_START and person.team_on(day) == setting().lapses.tired_team
    return setting().lapses.slump if tired else 1.0


def effort(person: Person, day: date, kind: str) -> float:
    """Return how much of its usual number of one kind of contact a person logs on a day."""
    lapses = setting().lapses
    if lapses.silent and person.person_id == lapses.silent[0] and day >= lapses.silent[1]:
        return 0.0
    if day < LAPSE_START:
        return 1.0
    if person.team_on(day) == lapses.tired_team:
        return TIRED[kind]
    return BUSY.get(kind, 1.0) if person.person_id == lapses.busy_person else 1.0


def largest(books: Books, person_id: str, number: int) -> list[Account]:
    """List a person's customers that weigh most when the lapses begin."""
    book = books[person_id, LAPSE_START]
    return sorted(book, key=lambda account: (-account.weight, account.account_id))[:number]


def visited(person: Person, day: date, book: list[Account], books: Books) -> list[Account]:
    """Return the customers that a person still goes to."""
    if person.person_id != setting().lapses.forgetful_person or day < FORGOTTEN_FROM:
        return book
    forgotten = largest(books, person.person_id, FORGOTTEN)
    return [account for account in book if account not in forgotten]


def crossed_visit(person: Person, day: date, books: Books, chance: Random) -> Account | None:
    """Return a colleague's customer that a person goes to as well, in about every second week."""
    lapses = setting().lapses
    if person.person_id != lapses.crossing_person or day < CROSSED_FROM or chance.random() < 0.45:
        return None
    return pick(chance, largest(books, lapses.crossed_person, CROSSED), [1] * CROSSED)
