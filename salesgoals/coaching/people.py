"""Whom coaching looks at, and their figures added up to teams and the company."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.coaching.rates import measure_rates
from salesgoals.history import credited_sales, roster, team_units

YEAR = 12


def people_at_work(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
                   day: pd.Timestamp) -> pd.DataFrame:
    """List who is employed on a day and has a goal, sales of the last 12 months or an open opportunity.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team.
    """
    listed = roster(tables, day).drop_duplicates("person_id")
    listed = listed[~(listed.leave_date <= day)]
    sales, deals = credited_sales(tables), tables["opportunities"]
    busy = [*sales.person_id[sales.date > day - pd.DateOffset(months=YEAR)].dropna(),
            *deals.person_id[deals.status == "open"].dropna(),
            *(goals.person_id.dropna() if len(goals) else [])]
    keep = listed.person_id.isin(set(busy))
    return listed[keep][["person_id", "person", "department", "team"]].reset_index(drop=True)


def by_units(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Add columns up to the company and its teams; NaN only where all are unknown."""
    whole = table.assign(by="all", unit="all", name="")
    team = table.assign(by="team", unit=team_units(table), name=table.team.fillna(table.department))
    person = table.assign(by="person", unit=table.person_id, name=table.person)
    parts = [rows.groupby(["by", "unit", "name"], sort=False)[columns].sum(min_count=1).reset_index()
             for rows in (whole, team[team.unit != ""]) if len(rows)]
    return pd.concat([*parts, person[["by", "unit", "name", *columns]]], ignore_index=True)


def win_rates_of(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.Series:
    """Give each person's own shrunk share of won among decided opportunities of 12 months, by person_id."""
    rates = measure_rates(tables, day, YEAR)
    return rates[rates.rate == "win_rate"].set_index("person_id").value
