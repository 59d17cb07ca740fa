"""One lucky order is not expected again: before anything is expected, it is cut to a usual size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.period import list_sales

COLUMNS = ["person_id", "order", "date", "amount", "kept"]


def without_windfalls(tables: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Cut orders far out of the ordinary, year by year back from the end of the records.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    tuple of (tables, DataFrame)
        The tables with amounts and pieces of such orders cut in proportion, and the orders: person_id,
        order, date, amount, kept (currency units).
    """
    orders = tables["orders"]
    nothing = pd.DataFrame(columns=COLUMNS)
    if orders.empty:
        return dict(tables), nothing
    sold = list_sales(tables)
    years = ((sold.date.max() - sold.date).dt.days // 365.25).fillna(-1)
    found = []
    for _, block in sold[sold.person_id.notna()].groupby(years):
        cut = cut_windfalls(block)
        found.append(cut.loc[cut.windfall, COLUMNS])
    cut = pd.concat(found, ignore_index=True) if found else nothing
    if cut.empty:
        return dict(tables), nothing
    share = (cut.kept / cut.amount).set_axis(pd.MultiIndex.from_frame(cut[["person_id", "order"]]))
    keys = pd.MultiIndex.from_frame(sold[["person_id", "order"]])
    factor = np.asarray(share.reindex(keys).fillna(1.0))
    smaller = orders.assign(amount=orders.amount * factor, quantity=orders.quantity * factor,
                            cost=orders.cost * factor)
    return {**tables, "orders": smaller}, cut.reset_index(drop=True)
