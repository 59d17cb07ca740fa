"""What a reader should know about a table of the market step: what is missing, left out, or in doubt."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from salesgoals.markets.customers import FEW_CUSTOMERS
from salesgoals.problems import Problem

NOTES = "notes"


def with_notes(table: pd.DataFrame, notes: Iterable[Problem]) -> pd.DataFrame:
    """Lay notes beside a table of our own making, each said once."""
    table.attrs = {NOTES: list({note.code: note for note in notes}.values())}
    return table


def notes_on_parts(found: pd.DataFrame) -> list[Problem]:
    """Say how much was sold to customers whose part is not known."""
    nameless = found[found.part == ""]
    if not len(nameless):
        return []
    if len(nameless) == len(found):
        return [Problem("market.part_never_known", level="note")] if found["by"].iloc[0] else []
    return [Problem("market.part_unknown", level="note", amount=float(nameless.now.sum()),
                    share=float(nameless.now.sum() / found.now.sum()))]


def notes_on_bridge(now: pd.DataFrame) -> list[Problem]:
    """Say how many lines came back, and how many have no quantity."""
    kinds = (("market.returns", now[now.amount < 0]), ("market.no_quantity", now[~(now.quantity.abs() > 0)]))
    return [Problem(code, level="note", count=len(lines), amount=float(lines.amount.sum()))
            for code, lines in kinds if len(lines)]


def notes_on_cost(lines: pd.DataFrame) -> list[Problem]:
    """Say where no cost is known."""
    if not len(lines):
        return [Problem("market.no_sales", level="note")]
    without = lines.cost.isna()
    if without.all():
        return [Problem("market.no_cost", level="note")]
    return [Problem("market.some_cost", level="note", count=int(without.sum()),
                    amount=float(lines.amount[without].sum()))] if without.any() else []


def notes_on_customers(lines: pd.DataFrame) -> list[Problem]:
    """Say where customers are not known, or too few."""
    if not len(lines):
        return [Problem("market.no_sales", level="note")]
    known = lines.account_id.notna()
    if not known.any():
        return [Problem("market.no_customers", level="note")]
    notes = []
    if lines.account_id.nunique() < FEW_CUSTOMERS:
        notes.append(Problem("market.few_customers", level="note", n=int(lines.account_id.nunique())))
    if not known.all():
        notes.append(Problem("market.customer_unknown", level="note", count=int((~known).sum()),
                             amount=float(lines.amount[~known].sum())))
    return notes


def notes_on_seasons(course: pd.DataFrame) -> list[Problem]:
    """Say when the records are too short for a season, or a calendar is not decreed yet."""
    if not course["index"].notna().any():
        return [Problem("market.no_season", level="note", n=len(course))]
    open_years = course.month[~course.decreed.astype(bool)].dt.year.unique()
    return [Problem("market.not_decreed", level="note",
                    listed=", ".join(str(year) for year in open_years))] if len(open_years) else []
