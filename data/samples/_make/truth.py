"""The clean truth behind the exports: the canonical tables, and the books of what was dirtied."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from salesgoals.tables import TABLES, write_table

from .cast import manager_of
from .catalogue import PRODUCTS
from .company import Company
from .pipeline import STAGES
from .setting import setting
from .tally import Tally, yuan
from .toml_text import entries, value_text


def write_tables(folder: Path, company: Company) -> None:
    """Write each canonical table as parquet: what a perfect collect would find in perfect exports."""
    lines, deals, log = company.lines, company.opportunities, company.activities
    frames: dict[str, Iterable[Mapping[str, object]]] = {
        "people": [{"person_id": p.person_id, "name": p.name, "role": p.role, "manager_id": manager_of(p),
                    "hire_date": p.hire, "leave_date": p.leave} for p in setting().people],
        "membership": [{"person_id": p.person_id, "department": setting().departments[team], "team": team,
                        "valid_from": start, "valid_to": end}
                       for p in setting().people for team, start, end in p.stints()],
        "products": [{"product_id": p.product_id, "product": p.name, "product_line": p.line,
                      "list_price": p.price, "unit_cost": p.cost} for p in PRODUCTS],
        "accounts": [{"account_id": a.account_id, "name": a.name, "segment": a.segment, "region": a.region,
                      "person_id": a.owners[-1][1], "potential": a.potential} for a in company.accounts],
        "orders": [{"order_id": x.order_id, "line": x.line, "date": x.day, "person_id": x.person_id,
                    "account_id": x.account.account_id, "product_id": x.product.product_id,
                    "product_line": x.product.line, "quantity": x.quantity, "amount": x.amount / 100,
                    "cost": x.cost / 100, "new_customer": x.new_customer, "returned": x.amount < 0}
                   for x in lines],
        "opportunities": [{"opportunity_id": x.opportunity_id, "person_id": x.person_id,
                           "account_id": x.account.account_id, "product_id": x.product.product_id,
                           "product_line": x.product.line, "stage": x.stage, "status": x.status,
                           "amount": x.amount, "created": x.created.date(), "closed": x.closed,
                           "probability": STAGES[x.stage] / 100} for x in deals],
        "activities": [{"date": x.day, "person_id": x.person_id, "type": x.type, "count": x.count,
                        "account_id": x.account.account_id if x.account else None} for x in log],
        "market": [{"month": x.month, "segment": x.segment, "level": x.level * 1_000_000,
                    "growth": x.growth / 1000, "source": "水处理行业协会（虚构）"} for x in company.market],
        "goals": [{"department": setting().departments[x.team], "team": x.team,
                   "person_id": x.person.person_id, "person": x.person.name, "period_start": x.month,
                   "period_end": _month_end(x.month), "metric": "amount", "goal": x.fen / 100,
                   "unit": "CNY"} for x in company.goals],
    }
    for name, rows in frames.items():
        frame = pd.DataFrame(list(rows))
        dates = [field.name for field in TABLES[name].fields if field.kind == "date"]
        for column in frame.columns.intersection(dates):
            frame[column] = pd.to_datetime(frame[column])
        write_table(folder, name, frame)


def _month_end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def write_dirt(folder: Path, tallies: list[Tally]) -> None:
    """Write dirt.toml (each file's books) and planted_rows.csv (where each single row stands)."""
    text = ["# What is wrong in the exports of inbox/, and what a careful reader must keep. Synthetic data.",
            "# Money in yuan. A row whose amount cannot be read counts with 0.",
            "# rows_in = rows_kept + rows set aside; amount_in = amount_kept + amounts set aside.", ""]
    rows = []
    for tally in tallies:
        text += ["[[file]]", *entries({
            "file": tally.file, "table": tally.table, "rows_in": tally.rows_in, "rows_kept": tally.rows_kept,
            "amount_in": str(yuan(tally.amount_in)), "amount_kept": str(yuan(tally.amount_kept))})]
        for reason, (count, fen) in sorted(tally.aside.items()):
            text += [f"aside.{reason} = {{rows = {count}, amount = {value_text(str(yuan(fen)))}}}"]
        for name, counts in (("layout", tally.layout), ("doubts", tally.doubts), ("written", tally.written)):
            text += [f"{name}.{kind} = {count}" for kind, count in sorted(counts.items()) if count]
        text.append("")
        rows += tally.rows
    (folder / "dirt.toml").write_text("\n".join(text), encoding="utf-8", newline="\n")
    with (folder / "planted_rows.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
