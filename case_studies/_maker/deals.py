"""From what a person sold in a month to the orders, the opportunities and the weekly log behind it."""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np
import pandas as pd

from .cast import COMPANIES, draw_customers

CUSTOMERS = 14      # of one person; a few of them buy most
HABIT = .9          # how uneven: weight of the n-th customer is 1 / n ** HABIT
LOST = 1.3          # opportunities lost for each one won
DAYS_OPEN = 55
CHINA = holidays.country_holidays("CN", years=range(2019, 2025))


@cache
def working_days(month: pd.Timestamp) -> list[pd.Timestamp]:
    """List the days of a month on which offices in China work."""
    days = pd.date_range(month, month + pd.offsets.MonthEnd(0))
    return [day for day in days if CHINA.is_working_day(day.date())]


def split(draw: np.random.Generator, amount: int, parts: int) -> np.ndarray:
    """Cut a whole amount into so many whole parts that add up to it."""
    cuts = np.floor(draw.dirichlet(np.full(parts, 2.5)) * amount).astype(int)
    cuts[0] += amount - cuts.sum()
    return cuts[cuts > 0]


def draw_orders(months: pd.DataFrame, case: str, draw: np.random.Generator) -> pd.DataFrame:
    """Draw the orders of every person and month; they add up to what the person sold in it, to the yuan.

    ``months`` has the columns month, person_id, amount (whole yuan).
    """
    wares = COMPANIES[case]
    people = sorted(months.person_id.unique())
    names = draw_customers(draw, CUSTOMERS * len(people))
    book = {person: names[CUSTOMERS * place:CUSTOMERS * (place + 1)] for place, person in enumerate(people)}
    weight = 1 / np.arange(1, CUSTOMERS + 1) ** HABIT
    known: set[str] = set()
    rows = []
    for line in months[months.amount > 0].sort_values(["month", "person_id"]).itertuples():
        parts = split(draw, int(line.amount), 1 + draw.poisson(wares.deals - 1))
        dates = sorted(draw.choice(len(working_days(line.month)), len(parts)))
        for amount, place in zip(parts, dates, strict=True):
            customer = book[line.person_id][draw.choice(CUSTOMERS, p=weight / weight.sum())]
            product = wares.products[draw.choice(len(wares.products))]
            rows.append({"date": working_days(line.month)[place], "person_id": line.person_id,
                         "account": customer, "product_id": product[0], "product": product[1],
                         "line": product[2], "quantity": max(1, round(amount / product[3])), "amount": int(amount),
                         "cost": int(amount * draw.uniform(.60, .70)), "new": customer not in known})
            known.add(customer)
    orders = pd.DataFrame(rows).sort_values(["date", "person_id"], kind="stable").reset_index(drop=True)
    orders.insert(0, "order_id", [f"SO{row.date:%y%m}{row.Index + 1:05d}" for row in orders.itertuples()])
    return orders


def draw_opportunities(orders: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Draw the opportunities that led to orders, and those that led to none."""
    won = orders.assign(status="won", stage="赢单", closed=orders.date)
    pick = draw.choice(len(orders), round(LOST * len(orders)))
    lost = orders.iloc[np.sort(pick)].assign(status="lost", stage="输单")
    lost["closed"] = lost.date + pd.to_timedelta(draw.integers(-12, 13, len(lost)), unit="D")
    lost["amount"] = (lost.amount * draw.uniform(.6, 1.5, len(lost))).round().astype(int)
    both = pd.concat([won, lost]).sort_values(["closed", "person_id"], kind="stable").reset_index(drop=True)
    open_for = 5 + draw.exponential(DAYS_OPEN - 5, len(both)).clip(0, 200).astype(int)
    both["created"] = both.closed - pd.to_timedelta(open_for, unit="D")
    last = orders.date.max()
    both = both[both.closed <= last].reset_index(drop=True)
    both["opportunity_id"] = [f"OP{number:05d}" for number in range(1, len(both) + 1)]
    return both


def draw_log(work: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Draw the weekly log: visits, calls and quotes of each person, fewer in months of less work.

    ``work`` has the columns month, person_id, work (1 is a usual month of that person).
    """
    rows = []
    pace = {person: draw.uniform(.8, 1.2) for person in sorted(work.person_id.unique())}
    usual = {"拜访": 7., "电话": 16., "报价": 2.2}
    for line in work.sort_values(["month", "person_id"]).itertuples():
        weeks: dict[tuple[int, int], list[pd.Timestamp]] = {}
        for day in working_days(line.month):
            weeks.setdefault(day.isocalendar()[:2], []).append(day)
        for days in weeks.values():
            for kind, number in usual.items():
                count = draw.poisson(number * pace[line.person_id] * line.work * len(days) / 5)
                if count:
                    rows.append((days[-1], line.person_id, kind, int(count)))
    return pd.DataFrame(rows, columns=["date", "person_id", "type", "count"])
