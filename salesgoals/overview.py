"""The records at a glance: what was sold, when, by whom; deals won; how far goals were reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesgoals.goal import attainment, attainment_summary
from salesgoals.history import credited_sales, team_on


def describe_records(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Sum up what the tables hold, so that known totals can be checked at a glance.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    dict
        Under ``sales``: source (orders or won deals), first and last day, lines, amount (currency units),
        people, without_person (amount), by_department and by_product_line (amounts, each person's department
        on the day of the sale). Under ``deals``: won, lost, open, win_rate (won / closed), won_amount,
        median_days from creation to the close of a deal, won or lost. Under ``goals``: goals, goal, actual,
        attainment in all, mean, median, share_at_goal. A part that the data do not have is missing.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["opportunities"] = as_table("opportunities", pd.DataFrame({
    ...     "opportunity_id": ["1", "2"], "status": ["won", "lost"], "amount": [5.0, None],
    ...     "closed": pd.to_datetime(["2025-01-03", "2025-01-04"])}))
    >>> describe_records(tables)["deals"]["win_rate"]
    0.5
    """
    found: dict[str, Any] = {}
    sales = credited_sales(tables)
    if len(sales):
        department = team_on(tables, sales.person_id, sales.date).department
        found["sales"] = {
            "source": "orders" if len(tables["orders"]) else "opportunities",
            "first_day": sales.date.min().date().isoformat(), "last_day": sales.date.max().date().isoformat(),
            "lines": len(sales), "amount": _money(sales.amount.sum()),
            "people": int(sales.person_id.nunique()),
            "without_person": _money(sales.amount[sales.person_id.isna()].sum()),
            "by_department": _sums(sales.amount, department),
            "by_product_line": _sums(sales.amount, sales.product_line)}
    deals = tables["opportunities"]
    if len(deals):
        count = deals.status.value_counts()
        won, lost = int(count.get("won", 0)), int(count.get("lost", 0))
        days = (deals.closed - deals.created).dt.days[deals.status != "open"]
        found["deals"] = {
            "won": won, "lost": lost, "open": int(count.get("open", 0)),
            "win_rate": won / (won + lost) if won + lost else None,
            "won_amount": _money(deals.amount[deals.status == "won"].sum()),
            "median_days": None if days.dropna().empty else float(days.median())}
    if len(tables["goals"]) and len(sales):
        summary = attainment_summary(attainment(tables))
        found["goals"] = {name: (None if pd.isna(value) else float(value)) for name, value in summary.items()}
    return found


def _money(value: float) -> float:
    return round(float(value), 2)


def _sums(amount: pd.Series, key: pd.Series) -> dict[str, float]:
    sums = amount.groupby(key.fillna("")).sum().sort_values(ascending=False)
    return {str(name): _money(value) for name, value in sums.items()}
