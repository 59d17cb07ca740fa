"""Facts about each person that need no comparison: resources, how long there, how much rests on one order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.abilities.luck import largest_orders
from salesgoals.abilities.period import Period

DESCRIBED = ["person_id", "person", "department", "team", "role", "hire_date", "tenure", "ramp", "months",
             "sales", "sales_month", "won_rate", "deal_size", "cycle_days", "new_share", "margin", "visits",
             "accounts", "potential", "taken", "pipeline", "largest_order", "largest_share", "windfall"]


def describe_seen(tables: Mapping[str, pd.DataFrame], period: Period, seen: pd.DataFrame) -> pd.DataFrame:
    """Put all that is known of each person side by side; what the data do not hold stays blank.

    Returns
    -------
    DataFrame
        One row a person, columns as :func:`salesgoals.team.describe_people` describes them.
    """
    people = period.people
    wide = seen.pivot(index="person_id", columns="measure", values="value").reindex(people.index)
    sold = period.sales.groupby("person_id").amount.sum()
    there = period.staffed is not None
    table = people[["person", "department", "team", "role", "hire_date", "tenure", "ramp"]].assign(
        months=people.present, sales=sold.reindex(people.index))
    table["sales"] = table.sales.where(table.sales.notna() | ~there | table.months.isna(), 0.0)
    table["sales_month"] = table.sales / table.months.where(table.months > 0)
    for name in ("won_rate", "deal_size", "cycle_days", "new_share", "margin", "visits"):
        table[name] = wide.get(name, np.nan)
    resources = _resources(tables, period, people.index)
    table[list(resources)] = resources
    table["taken"] = table.sales / table.potential.where(table.potential > 0)
    largest = largest_orders(period.sales).reindex(people.index)
    table["largest_order"] = largest.amount.astype("float64")
    table["largest_share"] = largest["share"].astype("float64")
    table["windfall"] = largest.windfall.map({True: True, False: False}).astype("boolean")
    return table.rename_axis("person_id").reset_index()[DESCRIBED]


def _resources(tables: Mapping[str, pd.DataFrame], period: Period, ids: pd.Index) -> pd.DataFrame:
    """Accounts looked after, what they could buy in a year, and open deals; blank where there is no list."""
    accounts, deals = tables["accounts"], tables["opportunities"]
    owned = accounts[accounts.person_id.notna()]
    bought = period.sales[(period.sales.amount > 0) & period.sales.account_id.notna()]
    found = pd.DataFrame(index=ids)
    if len(owned):
        found["accounts"] = owned.groupby("person_id").size().reindex(ids).fillna(0.0).astype(float)
        known = owned[owned.potential > 0]
        found["potential"] = known.groupby("person_id").potential.sum().reindex(ids)
    else:  # nobody is named to look after them: those who bought count
        count = bought.groupby("person_id").account_id.nunique().reindex(ids).astype(float)
        found["accounts"], found["potential"] = count, np.nan
    still_open = deals[(deals.status == "open") & (deals.amount > 0)]
    sums = still_open.groupby("person_id").amount.sum().reindex(ids)
    found["pipeline"] = sums.fillna(0.0) if len(still_open) else np.nan
    return found.astype("float64")
