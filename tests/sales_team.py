"""A small sales team in canonical tables, made by a seeded generator, for tests of decomposition."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.tables import TABLES, as_table, empty_table


def make_team(people: int = 12, teams: int = 4, lines: int = 3, months: int = 24, seed: int = 0,
              special: bool = True) -> dict[str, pd.DataFrame]:
    """Make sales up to 2025-12. P001 and P002 share a name; nobody but P000 sells the last line.

    When ``special``, P003 joined 2025-10-01, P004 joins 2026-03-15, P005 leaves 2026-06-20
    and P006 left 2025-06-30.
    """
    draw = np.random.default_rng(seed)
    tables = {name: empty_table(name) for name in TABLES}
    ids = np.array([f"P{i:03d}" for i in range(people)])
    hired = pd.Series(pd.NaT, index=range(people), dtype="datetime64[us]")
    left = hired.copy()
    if special:
        hired[3], hired[4] = pd.Timestamp("2025-10-01"), pd.Timestamp("2026-03-15")
        left[5], left[6] = pd.Timestamp("2026-06-20"), pd.Timestamp("2025-06-30")
    names = ["Wang Wei" if i in (1, 2) else f"Name {i}" for i in range(people)]
    tables["people"] = as_table("people", pd.DataFrame(
        {"person_id": ids, "name": names, "hire_date": hired, "leave_date": left}))
    team = np.arange(people) % teams
    tables["membership"] = as_table("membership", pd.DataFrame(
        {"person_id": ids, "department": [f"D{number % 2}" for number in team],
         "team": [f"T{number}" for number in team], "valid_from": pd.Timestamp("2020-01-01")}))
    dates = pd.date_range("2025-12-01", periods=months, freq="-1MS")[::-1]
    season = 1 + .3 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    level, mix = draw.lognormal(10, .5, people), draw.dirichlet(np.ones(lines) * 3, people)
    mix[1:, -1] = 0
    noise = draw.lognormal(0, .3, (people, months, lines))
    sales = level[:, None, None] * season[dates.month - 1][None, :, None] * mix[:, None, :] * noise
    who, when, what = np.nonzero(sales)
    named = np.array([f"L{line}" for line in range(lines)])
    orders = pd.DataFrame({"order_id": np.arange(len(who)).astype(str),
                           "date": dates[when] + pd.Timedelta(days=9), "person_id": ids[who],
                           "product_line": named[what], "amount": sales[who, when, what].round(2)})
    joined = hired.fillna(pd.Timestamp("1900-01-01")).to_numpy()[who]
    gone = left.fillna(pd.Timestamp("2200-01-01")).to_numpy()[who]
    inside = (orders.date.to_numpy() >= joined) & (orders.date.to_numpy() <= gone)
    tables["orders"] = as_table("orders", orders[inside])
    return tables


def last_year(tables: dict[str, pd.DataFrame], growth: float = 1.1, unit: int = 100) -> int:
    """Sales of 2025 times growth, down to a multiple of the unit."""
    orders = tables["orders"]
    return int(orders.amount[orders.date >= "2025-01-01"].sum() * growth // unit * unit)
