"""A small invented company with a plan, for tests of what readers see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from salesgoals.history import monthly_sales
from salesgoals.plans import make_plan, save_plan
from salesgoals.problems import Problem, keep_problems
from salesgoals.tables import as_table, write_table
from salesgoals.workspace import ISSUES_FILE, Workspace, new_workspace, open_workspace

TEAMS = [("North", "North 1"), ("North", "North 2"), ("South", "South 1"), ("South", "South 2")]
SEASON = [0.8, 0.6, 1.1, 1.0, 1.1, 1.05, 0.95, 0.95, 1.1, 0.9, 1.1, 1.35]


def small_company(folder: Path, people: int = 12, months: int = 30, lines: int = 3, growth: float = 1.15,
                  names: dict[int, str] | None = None, unit: int = 100, language: str = "en") -> Workspace:
    """Make a workspace with tables and a plan; the last person joins late, person 2 shares a name with 1."""
    draw = np.random.default_rng(7)
    first = pd.Timestamp("2024-01-01")
    calendar = pd.date_range(first, periods=months, freq="MS")
    ids = [f"P{number:03d}" for number in range(1, people + 1)]
    called = [(names or {}).get(number, f"Person {number}" if number != 2 else "Person 1")
              for number in range(1, people + 1)]
    hired = [first - pd.DateOffset(years=2)] * people
    if people > 3 and months > 6:
        hired[-1] = calendar[-4]
    orders = []
    for place, person in enumerate(ids):
        level = draw.lognormal(np.log(100_000), 0.4)
        for month in calendar:
            if month < hired[place]:
                continue
            shares = draw.dirichlet(np.full(lines, 8.0))
            grown = 1.0 if hired[place] < first else 0.2 * (1 + (month - hired[place]).days // 30)
            amount = grown * level * SEASON[month.month - 1] * draw.lognormal(0, 0.2)
            for line in range(lines):
                orders.append((month + pd.Timedelta(days=9), person, f"line {line + 1}",
                               round(amount * shares[line], 2)))
    tables = {
        "people": pd.DataFrame({"person_id": ids, "name": called, "hire_date": hired}),
        "membership": pd.DataFrame({"person_id": ids, "valid_from": hired,
                                    "department": [TEAMS[i % 4][0] for i in range(people)],
                                    "team": [TEAMS[i % 4][1] for i in range(people)]}),
        "orders": pd.DataFrame(orders, columns=["date", "person_id", "product_line", "amount"])}
    workspace = new_workspace(folder, language=language, company="Small & Co", currency="CNY")
    settings = workspace.folder / "workspace.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"US"', '"CN"'), encoding="utf-8")
    for name, table in tables.items():
        write_table(workspace.folder / "tables", name, as_table(name, table))
    issues = keep_problems([Problem("problem.example", level="doubt", file="orders.csv", row=7, count=3)])
    (workspace.folder / "tables" / ISSUES_FILE).write_text(issues, encoding="utf-8")
    pd.DataFrame({
        "file": ["orders.csv"], "sheet": "", "table": "orders", "column": "amount", "rows_in": 1000,
        "amount_in": 5000.5, "rows_kept": 990, "amount_kept": 4990.0, "rows_aside": 10, "amount_aside": 10.5,
        "agree": True}).to_csv(workspace.folder / "tables" / "totals.csv", index=False)
    workspace = open_workspace(workspace.folder)
    history = monthly_sales(workspace.tables)
    recent = history[history.month > history.month.max() - pd.DateOffset(months=12)].amount.sum()
    total = round(float(recent) * growth / unit) * unit
    start = f"{calendar[-1] + pd.DateOffset(months=1):%Y-%m}"
    save_plan(workspace, make_plan(workspace, total, start, unit=unit))
    return workspace
