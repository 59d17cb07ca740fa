"""Opportunities and the weekly activity log: what was tried before something was sold."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .catalogue import LINES, PRODUCTS_OF, SEGMENTS, Product
from .customers import Account, Books, books_by_month
from .days import is_working, week_log_days
from .draws import pick, poisson, spread, stream
from .lapses import crossed_visit, effort, visited
from .sales import Line, ramp
from .setting import LAST_DAY, LOG_START, setting

WON_FROM = 6_500_000  # fen: an order of this size was an opportunity before
STAGES = {"初步接洽": 10, "需求确认": 30, "方案报价": 50, "商务谈判": 80, "赢单": 100, "输单": 0}
VISITS_A_WEEK, CALLS_A_WEEK, QUOTES_A_WEEK = 6.0, 17.0, 2.8
EFFORT = {"good_ramp": 1.55, "lucky_veteran": 0.55, "slow_ramp": 0.80, "zero_months": 0.75}


@dataclass(frozen=True)
class Opportunity:
    """One chance of a sale; amount in whole yuan, or None where the seller left it open."""

    opportunity_id: str
    person_id: str
    account: Account
    product: Product
    stage: str
    amount: int | None
    created: datetime
    closed: date  # of an open one: the day on which it is expected to close

    @property
    def status(self) -> str:
        """Return open, won or lost."""
        return {"赢单": "won", "输单": "lost"}.get(self.stage, "open")


@dataclass(frozen=True)
class Activity:
    """So many contacts of one kind on the log of one week; calls and quotes are not kept by customer."""

    day: date
    person_id: str
    account: Account | None
    type: str
    count: int


def make_opportunities(accounts: list[Account], lines: list[Line]) -> list[Opportunity]:
    """Return won opportunities (from the bigger orders), lost ones and those still open, by creation."""
    books = books_by_month(accounts)
    found = _won(lines) + _lost(books) + _open(books)
    found.sort(key=lambda item: (item.created, item.person_id, item.account.account_id))
    return [Opportunity(f"OPP-{number:05d}", *(getattr(item, name) for name in
                        ("person_id", "account", "product", "stage", "amount", "created", "closed")))
            for number, item in enumerate(found, 1)]


def _created(chance: Random, closed: date, usual_days: float) -> datetime:
    day = max(closed - timedelta(days=round(usual_days * spread(chance, 0.6))), date(2023, 9, 1))
    while not is_working(day):
        day -= timedelta(days=1)
    hour = pick(chance, range(7, 19), (6, 8, 12, 14, 10, 3, 6, 10, 12, 10, 6, 3))
    return datetime(day.year, day.month, day.day, hour, chance.randrange(60), chance.randrange(60))


def _won(lines: list[Line]) -> list[Opportunity]:
    orders: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        orders[line.order_id].append(line)
    chance, won = stream("won"), []
    for order in orders.values():
        amount = sum(line.amount for line in order)
        if amount >= WON_FROM:
            main = max(order, key=lambda line: line.amount)
            slow = 2.0 if main.product.line == "工业纯水设备" else 1.0
            created = _created(chance, main.day, 38 * slow)
            won.append(Opportunity("", main.person_id, main.account, main.product, "赢单",
                                   round(amount / 100), created, main.day))
    return won


def _lost(books: Books) -> list[Opportunity]:
    lost = []
    for person in setting().people:
        chance = stream("lost", person.person_id)
        rate = 1.9 if person.story != "slow_ramp" else 3.0
        for month_end, _ in week_log_days():
            if person.works_on(month_end):
                lost += [_fresh(chance, person.person_id, books, month_end, "输单")
                         for _ in range(poisson(chance, rate * 12 / 52 * person.strength))]
    return [item for item in lost if item]


def _open(books: Books) -> list[Opportunity]:
    found = []
    for person in setting().people:
        if not person.works_on(LAST_DAY):
            continue
        chance = stream("open", person.person_id)
        for _ in range(poisson(chance, 9 * person.strength * max(0.4, ramp(person, LAST_DAY)))):
            stage = pick(chance, list(STAGES)[:4], (3, 3, 3, 2))
            closing = LAST_DAY + timedelta(days=chance.randint(3, 150))
            item = _fresh(chance, person.person_id, books, LAST_DAY, stage, closing)
            if item:
                found.append(item)
    return found


def _fresh(chance: Random, person_id: str, books: Books, day: date, stage: str,
           closing: date | None = None) -> Opportunity | None:
    book = books.get((person_id, day.replace(day=1)))
    if not book:
        return None
    account = pick(chance, book, [a.weight for a in book])
    line = pick(chance, LINES, SEGMENTS[account.segment])
    product = pick(chance, PRODUCTS_OF[line], [p.weight for p in PRODUCTS_OF[line]])
    amount = round(max(8_000, 62_000 * spread(chance, 0.7)) / 100) * 100
    created = _created(chance, day - timedelta(days=1), 45)
    unknown = stage == "初步接洽" and chance.random() < 0.25
    return Opportunity("", person_id, account, product, stage, None if unknown else amount, created,
                       closing or day)


def make_activities(accounts: list[Account]) -> list[Activity]:
    """Return the weekly log: visits by customer, calls and quotes by week."""
    log, books = [], books_by_month(accounts)
    for person in setting().people:
        chance, astray = stream("activities", person.person_id), stream("crossed", person.person_id)
        for day, working in week_log_days():
            if day < LOG_START or not person.works_on(day):
                continue
            usual = EFFORT.get(person.story, 1.0) * working / 5
            book = visited(person, day, books.get((person.person_id, day.replace(day=1)), []), books)
            visits = poisson(chance, VISITS_A_WEEK * usual * effort(person, day, "拜访"))
            seen = Counter(pick(chance, range(len(book)), [a.weight ** 0.5 for a in book])
                           for _ in range(visits if book else 0))
            log += [Activity(day, person.person_id, book[n], "拜访", times)
                    for n, times in sorted(seen.items())]
            if other := crossed_visit(person, day, books, astray):
                log.append(Activity(day, person.person_id, other, "拜访", 1))
            for kind, mean in (("电话", CALLS_A_WEEK), ("报价", QUOTES_A_WEEK)):
                count = poisson(chance, mean * usual * effort(person, day, kind))
                if count:
                    log.append(Activity(day, person.person_id, None, kind, count))
    log.sort(key=lambda item: (item.day, item.person_id))
    return log
