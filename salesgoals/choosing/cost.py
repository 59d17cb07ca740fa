"""What a tool costs over the years: seats, price, setting up and what comes every year."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from salesgoals.problems import Problem, raise_if_any

COST_COLUMNS = ["tool", "seats", "price", "setup", "yearly"]
PARTS = ["licences", "setup", "running"]
CENT = Decimal("0.01")
MONTHS = 12


def add_costs(costs: pd.DataFrame, years: float) -> pd.DataFrame:
    """Add up the costs; see :func:`salesgoals.tools.cost_of_tools`."""
    raise_if_any(_check(costs, years))
    rows, span = [], Decimal(str(years))
    for row in costs.reindex(columns=COST_COLUMNS).itertuples(index=False):
        seats, price, setup, yearly = (_exact(value) for value in row[1:])
        months = span * MONTHS
        parts = [None if seats is None or price is None else _cents(seats * price * months),
                 None if setup is None else _cents(setup),
                 None if yearly is None else _cents(yearly * span)]
        known = sum((part for part in parts if part is not None), Decimal(0))
        total = known if all(part is not None for part in parts) else None
        each = None if total is None or not seats else _cents(total / (seats * months))
        rows.append((row.tool, *parts, total, known, each))
    table = pd.DataFrame(rows, columns=["tool", *PARTS, "total", "at_least", "a_seat_a_month"])
    numbers = [name for name in table if name != "tool"]
    return table.astype(dict.fromkeys(numbers, float)).sort_values(
        ["total", "at_least"], kind="stable", ignore_index=True)


def _check(costs: pd.DataFrame, years: float) -> list[Problem]:
    found = [Problem("tools.no_column", column=name) for name in ("tool", "seats", "price")
             if name not in costs]
    if not 0 < years <= 50:
        found.append(Problem("tools.years", found=years))
    if found:
        return found
    for name in COST_COLUMNS[1:]:
        if name in costs:
            numbers = pd.to_numeric(costs[name], errors="coerce")
            wrong = (costs[name].notna() & numbers.isna()) | (numbers < 0) | np.isinf(numbers)
            found += [Problem("tools.cost", tool=row.tool, name=name, found=getattr(row, name))
                      for row in costs[wrong].itertuples()]
    twice = costs.tool[costs.tool.duplicated()].unique()
    return found + [Problem("tools.cost_twice", found=name) for name in twice]


def _exact(value: object) -> Decimal | None:
    return None if value is None or value != value else Decimal(str(value))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
