"""Capability beside potential: what a person makes of the customers, and how much they could still buy."""

from __future__ import annotations

import numpy as np
import pandas as pd

ROOM = ["person_id", "person", "department", "team", "capability", "low", "high", "verdict", "potential",
        "sales", "taken", "room", "corner"]


def place_people(described: pd.DataFrame, compared: pd.DataFrame) -> pd.DataFrame:
    """Place each person by capability and by potential of the own customers.

    Parameters
    ----------
    described, compared : DataFrame
        From :func:`salesgoals.team.describe_people` and :func:`salesgoals.team.compare_with_peers`.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.team.capability_and_potential` describes them.
    """
    sales = compared[(compared.measure == "sales") & compared.shrunk.notna()].set_index("person_id")
    placed = described.person_id.isin(sales.index) & (described.potential > 0)
    table = described[placed].set_index("person_id")
    if table.empty:
        return pd.DataFrame(columns=ROOM)
    sales = sales.reindex(table.index)
    table = table[["person", "department", "team", "potential", "sales"]].assign(
        capability=sales.shrunk / sales.center, low=sales.low / sales.center, high=sales.high / sales.center,
        verdict=sales.verdict)
    whole_year = 12 * sales.shrunk  # without windfalls: what a usual year takes of the potential
    table["taken"] = whole_year / table.potential
    table["room"] = (table.potential - whole_year).clip(lower=0)
    much = table.potential >= table.potential.median()
    strong = table.capability >= 1
    table["corner"] = np.select([strong & much, strong & ~much, ~strong & much],
                                ["strong_much", "strong_little", "growing_much"], "growing_little")
    return table.rename_axis("person_id").reset_index()[ROOM]
