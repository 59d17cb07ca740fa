"""Invented companies for tests of the market step: one line each, or hundreds without any planted fact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from salesgoals.tables import TABLES, as_table, empty_table

SEGMENTS, REGIONS, LINES = list("ABCDEF"), [f"region {n}" for n in range(8)], [f"line {n}" for n in range(6)]


def tables_of(orders: list[dict[str, Any]] | pd.DataFrame, **others: Any) -> dict[str, pd.DataFrame]:
    """Put rows into canonical tables; the rest is empty."""
    tables = {name: empty_table(name) for name in TABLES}
    for name, rows in {"orders": orders, **others}.items():
        tables[name] = as_table(name, pd.DataFrame(rows))
    return tables


def plain_company(seed: int, customers: int = 150, tail: float = 1.2) -> dict[str, pd.DataFrame]:
    """Make two years in which nothing but luck happens: growth, prices and costs are the same for all parts.

    Customers come and go as often, have their own good and bad years, and differ widely in size.
    """
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0, tail, customers)
    luck = draw.lognormal(0, .35, (customers, 2))
    comes = draw.choice(24, customers) * (draw.random(customers) < .2)
    goes = 24 - draw.choice(24, customers) * (draw.random(customers) < .2)
    count = draw.poisson(.8, (customers, 24))
    month = np.arange(24)
    count[(month < comes[:, None]) | (month >= goes[:, None])] = 0
    who, when = np.nonzero(count)
    who, when = np.repeat(who, count[who, when]), np.repeat(when, count[who, when])
    price, margin = draw.lognormal(6, .8, len(LINES)), draw.uniform(.2, .5, len(LINES))
    line = draw.integers(0, len(LINES), len(who))
    pieces = np.maximum(1, draw.poisson(9 * size[who] * luck[who, when // 12]))
    first = pd.Timestamp("2024-01-01").to_period("M")
    starts = np.array([(first + int(number)).to_timestamp() for number in month], dtype="datetime64[D]")
    orders = pd.DataFrame({
        "order_id": [f"o{number}" for number in range(len(who))], "account_id": who.astype(str),
        "date": starts[when] + draw.integers(0, 28, len(who)).astype("timedelta64[D]"),
        "product_id": [LINES[number] for number in line], "product_line": [LINES[number] for number in line],
        "quantity": pieces, "amount": (pieces * price[line] * draw.lognormal(0, .06, len(who))).round(2),
        "cost": (pieces * price[line] * (1 - margin[line])).round(2)})
    accounts = {"account_id": [str(number) for number in range(customers)],
                "segment": draw.choice(SEGMENTS, customers, p=[.3, .2, .15, .15, .1, .1]),
                "region": draw.choice(REGIONS, customers)}
    months = [(first + number).to_timestamp() for number in range(12, 24)]
    market = [{"month": day, "segment": name, "growth": 0.0, "source": "none"}
              for name in SEGMENTS for day in months]
    return tables_of(orders, accounts=accounts, market=market)
