"""A small team with visits, quotes, opportunities and orders, steady on purpose, for tests of coaching."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.periods import Period
from salesgoals.tables import TABLES, as_table, empty_table

PEOPLE = [f"P{number}" for number in range(8)]


def coaching_team(seed: int = 0, start: str = "2025-01-01", end: str = "2026-06-30",
                  activities: bool = True, opportunities: bool = True, orders: bool = True,
                  spread: float = .2, often: float = .25) -> dict[str, pd.DataFrame]:
    """Make eight alike people: a visit a day, two visits a quote, two quotes a deal, deals of 10,000."""
    draw = np.random.default_rng(seed)
    days = pd.date_range(start, end, freq="B")
    tables = {name: empty_table(name) for name in TABLES}
    tables["people"] = as_table("people", pd.DataFrame({
        "person_id": PEOPLE, "name": [f"Name {who}" for who in PEOPLE], "role": "rep",
        "hire_date": pd.Timestamp("2020-01-01")}))
    tables["membership"] = as_table("membership", pd.DataFrame({
        "person_id": PEOPLE, "department": "D", "team": ["T1"] * 4 + ["T2"] * 4,
        "valid_from": pd.Timestamp("2020-01-01")}))
    tables["accounts"] = as_table("accounts", pd.DataFrame({
        "account_id": [f"{who}-{number}" for who in PEOPLE for number in range(6)],
        "name": [f"Customer {who} {number}" for who in PEOPLE for number in range(6)],
        "person_id": [who for who in PEOPLE for _ in range(6)]}))
    grid = pd.MultiIndex.from_product([days, PEOPLE], names=["date", "person_id"]).to_frame(index=False)
    grid["account_id"] = grid.person_id + "-" + pd.Series(draw.integers(0, 6, len(grid))).astype(str)
    log = []
    for kind, rate in (("visit", 1.), ("call", 1.5), ("quote", .5)):
        count = draw.poisson(rate, len(grid))
        log.append(grid.assign(type=kind, count=count)[count > 0])
    deals = grid[draw.random(len(grid)) < often]
    amount = 10_000 * draw.lognormal(-spread ** 2 / 2, spread, len(deals))
    if activities:
        tables["activities"] = as_table("activities", pd.concat(log, ignore_index=True))
    if orders:
        tables["orders"] = as_table("orders", deals.assign(
            order_id=np.arange(len(deals)).astype(str), product_line="A", amount=amount.round(2)))
    if opportunities:
        opened = grid[draw.random(len(grid)) < .5]
        ends = opened.date + pd.to_timedelta(draw.integers(5, 60, len(opened)), unit="D")
        won = draw.random(len(opened)) < .5
        past = ends <= pd.Timestamp(end)
        tables["opportunities"] = as_table("opportunities", opened.assign(
            opportunity_id=[f"O{number}" for number in range(len(opened))], product_line="A",
            status=np.where(past, np.where(won, "won", "lost"), "open"), amount=10_000.,
            created=opened.date, closed=ends).drop(columns="date"))
    return tables


def goals_of(period: Period, goal: float, people: list[str] | None = None) -> pd.DataFrame:
    """Give everybody the same goal for a period."""
    ids = PEOPLE if people is None else people
    return pd.DataFrame({"person_id": ids, "person": ids, "department": "D", "team": "T", "goal": goal,
                         "metric": "amount", "product_line": None, "period_start": period.start,
                         "period_end": period.end, "unit": "CNY", "source": "export"})
