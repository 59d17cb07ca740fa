"""The order lines: who sold what to whom on which day, for how much. Money is counted in whole fen."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from .catalogue import (
    LINES,
    PRODUCT,
    PRODUCTS_OF,
    SEASONS,
    SEGMENTS,
    Product,
    cost_level,
    line_volume,
    price_level,
    segment_growth,
)
from .customers import Account, Books, books_by_month, months
from .days import days, is_working, rush, years_since_start
from .draws import pick, poisson, spread, stream
from .lapses import pull
from .setting import FIRST_DAY, LAST_DAY, BigDeal, Person, setting

ORDERS_A_DAY = 0.437  # of a settled seller of strength 1 on a usual working day
LINES_AN_ORDER = (42, 28, 17, 8, 5)
RETURNS = 0.022
BUYERS = ("制造企业", "工程商", "学校医院")    # of a huge project, the likeliest first


@dataclass(frozen=True)
class Line:
    """One line of an order; price, amount and cost in fen, all signed: a return is negative."""

    order_id: str
    line: int
    day: date
    person_id: str
    account: Account
    product: Product
    quantity: int
    price: int
    amount: int
    cost: int
    new_customer: bool = False


def make_lines(accounts: list[Account]) -> list[Line]:
    """Return every order line of the records, by day, with its order number."""
    books = books_by_month(accounts)
    orders = [order for person in setting().people for order in _orders_of(person, books)]
    if setting().big_deal:
        orders.append(_big_deal(accounts, setting().big_deal))
    orders += _returns(orders)
    orders.sort(key=lambda order: (order[0].day, order[0].person_id, order[0].account.account_id))
    return _mark_new(_numbered(orders))


def _orders_of(person: Person, books: Books) -> list[list[Line]]:
    orders = []
    for month in months():
        book = books.get((person.person_id, month))
        if not book:
            continue
        weights = [account.weight * _demand(account.segment, month) for account in book]
        busy = sum(weights) / sum(account.weight for account in book)  # how trend and season fill the days
        chance = stream("orders", person.person_id, month)
        mood = spread(chance, 0.16)
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        for day in days(month, end):
            if not person.works_on(day) or not rush(day):
                continue
            mean = (ORDERS_A_DAY * person.strength * person.pace * ramp(person, day) * rush(day) * busy * mood
                    * pull(person, day))
            for _ in range(poisson(chance, mean)):
                orders.append(_order(person, pick(chance, book, weights), day, chance))
    return orders


def ramp(person: Person, day: date) -> float:
    """Return the share of full strength that a newcomer has reached on a day."""
    if person.ramp_midpoint is None:
        return 1.0
    tenure = (day - person.hire).days / 30.44
    return 1 / (1 + math.exp(-(tenure - person.ramp_midpoint) / (person.ramp_midpoint / 2.2)))


def _demand(segment: str, month: date) -> float:
    growth = (1 + segment_growth(segment)) ** years_since_start(month)
    return growth * sum(_line_weights(segment, month)) / sum(SEGMENTS[segment])


def _line_weights(segment: str, month: date) -> tuple[float, ...]:
    return _weights_of(setting().losing_line, segment, month)


@cache
def _weights_of(losing_line: str, segment: str, month: date) -> tuple[float, ...]:
    """Kept for each company's losing line, which ``line_volume`` looks up."""
    years = years_since_start(month)
    return tuple(weight * SEASONS[line][month.month - 1] * line_volume(line, years)
                 for line, weight in zip(LINES, SEGMENTS[segment], strict=True))


def _order(person: Person, account: Account, day: date, chance: Random) -> list[Line]:
    count = pick(chance, range(1, 6), LINES_AN_ORDER)
    weights = _line_weights(account.segment, day.replace(day=1))
    products: dict[str, Product] = {}
    for _ in range(count):
        line = pick(chance, LINES, weights)
        product = pick(chance, PRODUCTS_OF[line], [p.weight for p in PRODUCTS_OF[line]])
        products.setdefault(product.product_id, product)
    discount = 0.90 * spread(chance, 0.03)
    size = 1.3 * spread(chance, 0.35) / person.pace
    return [_line(person.person_id, account, day, product,
                  max(1, round(product.quantity * size * spread(chance, 0.5))), discount)
            for product in products.values()]


def _line(person_id: str, account: Account, day: date, product: Product, quantity: int,
          discount: float) -> Line:
    years = years_since_start(day)
    price = _rounded(product.price * 100 * min(1.0, discount) * price_level(product.line, years), day)
    unit_cost = _rounded(product.cost * 100 * cost_level(product.line, years), day)
    return Line("", 0, day, person_id, account, product, quantity, price, quantity * price,
                quantity * unit_cost)


def _rounded(fen: float, day: date) -> int:
    """Round to fen; the system of 2024 knew whole yuan only."""
    return round(fen / 100) * 100 if day.year == 2024 else round(fen)


def _big_deal(accounts: list[Account], deal: BigDeal) -> list[Line]:
    """The one huge project of the lucky veteran, for the largest own customer of the kind that buys such."""
    person, = setting().with_story("lucky_veteran")
    own = [a for a in accounts if a.owner(deal.day.replace(day=1)) == person.person_id and not a.closed]
    kind = next((kind for kind in BUYERS if any(a.segment == kind for a in own)), None)
    account = max((a for a in own if kind in (None, a.segment)), key=lambda a: a.weight)
    chance = stream("big deal")
    system = replace(_line(person.person_id, account, deal.day, PRODUCT["0703"], deal.quantity, 0.95),
                     price=deal.price, amount=deal.quantity * deal.price)
    return [system, _line(person.person_id, account, deal.day, PRODUCT["0801"], 40, spread(chance, 0.03))]


def _returns(orders: list[list[Line]]) -> list[list[Line]]:
    chance, returned = stream("returns"), []
    by_id = {person.person_id: person for person in setting().people}
    for order in orders:
        if chance.random() >= RETURNS:
            continue
        line = chance.choice(order)
        day = line.day + timedelta(days=chance.randint(5, 40))
        while not is_working(day):
            day += timedelta(days=1)
        person_id = line.account.owner(day.replace(day=1)) or line.person_id
        if day > LAST_DAY or line.amount > 50_000_000 or not by_id[person_id].works_on(day):
            continue
        quantity = max(1, round(line.quantity * chance.uniform(0.2, 1.0)))
        returned.append([replace(line, day=day, person_id=person_id, quantity=-quantity,
                                 amount=-quantity * line.price,
                                 cost=-quantity * (line.cost // line.quantity))])
    return returned


def _numbered(orders: list[list[Line]]) -> list[Line]:
    number: dict[tuple[str, date], int] = defaultdict(int)
    lines = []
    for order in orders:
        kind = "XSTH" if order[0].amount < 0 else "XSDD"
        number[kind, order[0].day] += 1
        order_id = f"{kind}{order[0].day:%Y%m%d}{number[kind, order[0].day]:03d}"
        lines += [replace(line, order_id=order_id, line=n) for n, line in enumerate(order, 1)]
    return lines


def _mark_new(lines: list[Line]) -> list[Line]:
    """Flag the first order of each customer that was opened after the first month."""
    first: dict[str, str] = {}
    for line in lines:
        if line.amount > 0 and line.account.opened > FIRST_DAY:
            first.setdefault(line.account.account_id, line.order_id)
    return [replace(line, new_customer=first.get(line.account.account_id) == line.order_id) for line in lines]
