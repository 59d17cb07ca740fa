"""Which part of a person's sales an event concerns: some customers, a segment, a region, a product line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from salesgoals.adjusting.base import Base
from salesgoals.allocation.allocate import Array
from salesgoals.history import credited_sales
from salesgoals.problems import Problem, SalesgoalsError

YEAR = pd.DateOffset(years=1)
BY_CUSTOMER = ("segment", "region")
MOST_NAMED = 12


def last_year(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the sales of the last 12 months of the records: a year, so that no season weighs more."""
    sales = credited_sales(tables).dropna(subset=["date"])
    return sales[sales.date > sales.date.max() - YEAR] if len(sales) else sales


def customers_share(tables: Mapping[str, pd.DataFrame], person: str, accounts: Sequence[str],
                    lines: Sequence[str]) -> tuple[float, Array, list[Problem]]:
    """Say what share of a person's sales of the last 12 months some customers bought.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    person : str
        Whose sales.
    accounts : sequence of str
        Ids or names of customers; empty: all of them.
    lines : sequence of str
        Product lines of the goals.

    Returns
    -------
    tuple of (float, array, list of Problem)
        The share of all sales, the share in each line (of all sales where a line was not sold), and why it
        cannot be said.
    """
    if not len(accounts):
        return 1., np.ones(len(lines)), []
    own = last_year(tables)
    ids = _find_accounts(tables, own, accounts)[0]
    own = own[own.person_id == person]
    theirs = own.account_id.isin(ids)
    total, moved = float(own.amount.sum()), float(own.amount[theirs].sum())
    if not total > 0 or not moved > 0:
        return 0., np.zeros(len(lines)), [Problem("adjust.no_customer_sales", node=person, n=len(accounts))]
    whole = min(moved / total, 1.)
    line = own.product_line.fillna("")
    sums, parts = own.groupby(line).amount.sum(), own[theirs].groupby(line[theirs]).amount.sum()
    share = (parts.reindex(sums.index).fillna(0.) / sums.where(sums > 0)).clip(0, 1)
    return whole, share.reindex(list(lines)).fillna(whole).to_numpy(float), []


def refuse_strange(tables: Mapping[str, pd.DataFrame], accounts: Sequence[str]) -> None:
    """Refuse customers that nobody knows."""
    strange = _find_accounts(tables, last_year(tables), accounts)[1]
    if strange:
        raise SalesgoalsError(Problem("adjust.account_unknown", n=len(strange),
                                      found=", ".join(strange[:MOST_NAMED])))


def _find_accounts(tables: Mapping[str, pd.DataFrame], sales: pd.DataFrame,
                   accounts: Sequence[str]) -> tuple[set[str], list[str]]:
    """Find customers by id or name: their ids, and what nobody is called."""
    known, wanted = tables["accounts"], [str(one).strip() for one in accounts]
    ids = set(known.account_id[known.account_id.isin(wanted) | known["name"].isin(wanted)])
    ids |= set(sales.account_id.dropna()) & set(wanted)
    named = ids | set(known["name"][known.account_id.isin(ids)].dropna())
    return ids, [one for one in wanted if one not in named]


def exposure(tables: Mapping[str, pd.DataFrame], base: Base, by: str,
             of: str) -> tuple[Array, Array, list[Problem]]:
    """Say what share of each person's sales a change of the market hits.

    Returns
    -------
    tuple of (array, array, list of Problem)
        Shares by person and product line of the goals, shares of each person's whole, and why it cannot be
        said.
    """
    people, lines = base.people.person_id, base.lines
    everything = np.ones((len(people), len(lines)))
    if by == "all":
        return everything, np.ones(len(people)), []
    if by not in (*BY_CUSTOMER, "product_line"):
        return everything, everything[:, 0], [Problem(
            "adjust.choice", name="by", found=by, known=", ".join(("all", *BY_CUSTOMER, "product_line")))]
    sales = last_year(tables)
    if by == "product_line":
        kind = sales.product_line
    else:
        accounts = tables["accounts"].drop_duplicates("account_id").set_index("account_id")
        kind = sales.account_id.map(accounts[by])
    if not (kind == of).any():
        known = ", ".join(sorted(kind.dropna().astype(str).unique())[:MOST_NAMED])
        return everything, everything[:, 0], [Problem("adjust.market_unknown", by=by, found=of,
                                                      known=known or "-")]
    hit = sales[kind.to_numpy() == of]
    totals = sales.groupby("person_id").amount.sum()
    whole = (hit.groupby("person_id").amount.sum() / totals.where(totals > 0)).clip(0, 1)
    whole = whole.reindex(people).fillna(0.).to_numpy(float)
    if by == "product_line" and of in lines:
        return np.tile(np.array(lines) == of, (len(people), 1)).astype(float), whole, []
    keys = ["person_id", "product_line"]
    sums = sales.assign(product_line=sales.product_line.fillna("")).groupby(keys).amount.sum()
    parts = hit.assign(product_line=hit.product_line.fillna("")).groupby(keys).amount.sum()
    share = (parts.reindex(sums.index).fillna(0.) / sums.where(sums > 0)).clip(0, 1).unstack()
    share = share.reindex(index=people, columns=lines).to_numpy(float)
    return np.where(np.isnan(share), whole[:, None], share), whole, []
