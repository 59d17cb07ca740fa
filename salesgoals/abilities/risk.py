"""What leaves with a person: the share of a team's sales that rests on one pair of shoulders."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.period import Period
from salesgoals.history import team_on

RISK = ["person_id", "person", "department", "team", "sales", "team_sales", "team_people", "team_share",
        "accounts", "alone", "alone_share", "two_share", "half_accounts"]


def weigh_leaving(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    """Weigh what would be at risk if a person left; a windfall would not come again anyway.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.team.sales_at_risk` describes them.
    """
    sales = cut_windfalls(period.sales).drop(columns="amount").rename(columns={"kept": "amount"})
    if not len(sales) or not sales.amount.sum() > 0:
        return pd.DataFrame(columns=RISK)
    where = team_on(tables, sales.person_id, sales.date)
    place = where.department.fillna("") + "\n" + where.team.fillna("")
    people = period.people
    home = people.department.fillna("") + "\n" + people.team.fillna("")
    in_team = sales.amount.groupby(place).sum()
    own_there = sales.amount.groupby([sales.person_id, place]).sum()
    table = people[["person", "department", "team"]].copy()
    table["sales"] = sales.groupby("person_id").amount.sum().reindex(people.index).fillna(0.0)
    table["team_sales"] = home.map(in_team).fillna(0.0)
    own = pd.Series([own_there.get(key, 0.0) for key in zip(people.index, home, strict=True)],
                    index=people.index)
    table["team_people"] = home.map(home.value_counts()).astype(float)
    table["team_share"] = own / table.team_sales.where(table.team_sales > 0)
    table = table.join(_accounts(sales))
    return table.rename_axis("person_id").reset_index()[RISK]


def _accounts(sales: pd.DataFrame) -> pd.DataFrame:
    """How many accounts a person sold to, which of them know nobody else, and how few make half."""
    known = sales[sales.account_id.notna()]
    if not len(known):
        return pd.DataFrame(columns=RISK[-5:], dtype="float64")
    pairs = known.groupby(["person_id", "account_id"], as_index=False).amount.sum()
    pairs = pairs[pairs.amount > 0]
    sellers = pairs.groupby("account_id").person_id.nunique()
    alone = pairs.account_id.map(sellers) == 1
    total = pairs.groupby("person_id").amount.sum()
    ranked = pairs.sort_values("amount", ascending=False, kind="stable")
    place = ranked.groupby("person_id").cumcount()
    before = ranked.groupby("person_id").amount.cumsum() - ranked.amount
    needed = before < ranked.person_id.map(total) / 2
    own = known.groupby("person_id").amount.sum()
    return pd.DataFrame({
        "accounts": pairs.groupby("person_id").size().astype(float),
        "alone": alone.groupby(pairs.person_id).sum().astype(float),
        "alone_share": pairs.amount.where(alone, 0.0).groupby(pairs.person_id).sum() / total,
        "two_share": ranked.amount.where(place < 2, 0.0).groupby(ranked.person_id).sum() / own.where(own > 0),
        "half_accounts": needed.groupby(ranked.person_id).sum().astype(float)}).replace(np.inf, np.nan)
