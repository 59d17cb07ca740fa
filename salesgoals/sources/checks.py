"""What looks wrong although it can be read: mixed currencies, odd days, sales of people not employed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.convert import COUNTED
from salesgoals.sources.parts import Part, as_floats, money
from salesgoals.sources.units import CURRENCIES
from salesgoals.workspace import Settings

FIRST_DAY = pd.Timestamp("2000-01-01")
#: beyond these a computer's fractions lose ten-thousandths, or a decimal with four places has no room
LARGEST = {"amount": 9e11, "goal": 9e11, "potential": 9e11, "cost": 9e13, "quantity": 9e13, "level": 9e13,
           "list_price": 9e13, "unit_cost": 9e13}
_CODES = {name.upper(): code for name, code in CURRENCIES.items()}


def currency_code(text: str) -> str:
    """Write a currency as its code.

    Examples
    --------
    >>> currency_code("人民币"), currency_code("usd")
    ('CNY', 'USD')
    """
    return _CODES.get(text.strip().upper(), text.strip().upper())


def check_currency(parts: Sequence[Part], settings: Settings, rates: Mapping[str, float]) -> list[Problem]:
    """Never add up different currencies: convert by a rate of mapping.toml, or set the rows aside.

    Amounts that are all in one currency are kept, with a doubt where it is not the workspace's.
    """
    codes: dict[int, pd.Series] = {}
    for number, part in enumerate(parts):
        if "currency" in part.frame:
            codes[number] = part.frame.currency.map(
                lambda text: currency_code(text) if isinstance(text, str) else None)
    everywhere = {code for column in codes.values() for code in column.dropna().unique()}
    own = settings.currency.upper()
    known_rates = {currency_code(name): rate for name, rate in rates.items()}
    problems: list[Problem] = []
    if len(everywhere) == 1 and not everywhere & set(known_rates):
        code = everywhere.pop()
        if code != own:
            part = parts[next(iter(codes))]
            problems.append(Problem("collect.other_currency_all", level="doubt", **part.place, found=code,
                                    currency=settings.currency))
        return problems
    for number, column in codes.items():
        part = parts[number]
        for code in sorted(set(column.dropna()) - {own}):
            rows = column == code
            if code in known_rates:
                _convert(part, rows, known_rates[code])
                part.tell(
                    rows,
                    "collect.converted",
                    level="note",
                    column=part.mapping.columns.get("currency"),
                    found=column,
                    rate=known_rates[code],
                )
            else:
                part.set_aside(rows, "collect.other_currency", found=column,
                               column=part.mapping.columns.get("currency", part.money))
    return problems


def _convert(part: Part, rows: pd.Series, rate: float) -> None:
    factor = Decimal(repr(rate))
    for name in ("amount", "price", "cost", "profit", "unit_cost"):
        if name not in part.frame:
            continue
        column = part.frame[name].astype(object)
        if column.map(lambda value: isinstance(value, Decimal)).any():
            changed, _ = money(column[rows].map(lambda value: None if value is None else value * factor))
        else:
            changed = (column[rows].astype(float) * rate).round(4)
        column[rows] = changed
        part.frame[name] = column
    if part.exact is not None and "amount" in part.frame:
        part.exact = part.frame.amount


def set_aside_too_large(parts: Sequence[Part]) -> None:
    """Take out money that the tables could not hold to the last cent (900 billion and more)."""
    for part in parts:
        for name, limit in LARGEST.items():
            if name not in part.frame:
                continue
            values = part.frame[name]
            large = as_floats(values).abs() >= limit
            if name == COUNTED.get(part.table):
                part.set_aside(large, "collect.too_large", column=part.money, found=values)
            elif large.any():
                part.tell(
                    large, "collect.value_too_large", column=part.mapping.columns.get(name), found=values
                )
                part.frame[name] = values.where(~large, None if values.dtype == object else float("nan"))


def check_stages(parts: Sequence[Part]) -> None:
    """Say it where no deal at all is known as won or lost: the words of the stages are not understood."""
    if any((part.frame.status[part.kept] != "open").any() for part in parts):
        return
    for part in parts:
        stages = part.frame.status if "stage" not in part.frame else part.frame.stage
        part.tell(part.kept, "collect.no_deal_won", found=stages, column=part.mapping.columns.get("stage"))


def check_orders(part: Part, people: pd.DataFrame, today: pd.Timestamp) -> None:
    """Name orders dated in the future or before 2000, and orders of people before hire or after leaving."""
    frame = part.frame
    column = part.mapping.columns.get("date")
    if "date" not in frame:
        return
    part.tell(frame.date > today, "collect.future", column=column, found=frame.date)
    part.tell(frame.date < FIRST_DAY, "collect.long_ago", column=column, found=frame.date)
    if len(people) == 0 or "person_id" not in frame:
        return
    one = people.drop_duplicates("person_id").set_index("person_id")
    hired = pd.to_datetime(frame.person_id.map(one.hire_date))
    left = pd.to_datetime(frame.person_id.map(one.leave_date))
    person = part.mapping.columns.get("person_id") or part.mapping.columns.get("person")
    part.tell(frame.date < hired, "collect.before_hire", column=person, found=frame.person_id)
    part.tell(frame.date > left, "collect.after_leaving", column=person, found=frame.person_id)
