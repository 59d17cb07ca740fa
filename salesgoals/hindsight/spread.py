"""What could be expected of each person, each team and all, and how far off that may be."""

from __future__ import annotations

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.hindsight.expected import Before


def spread_of_units(before: Before, people: pd.DataFrame) -> pd.DataFrame:
    """Give the forecast's mean and spread of each person, each team and all.

    Parameters
    ----------
    before : Before
        Its forecast.
    people : DataFrame
        Columns person_id, node: a person counts where the person belonged first.

    Returns
    -------
    DataFrame
        Index by, unit; mean, sd, low, high for the period's part of its months (currency units). Empty
        without a forecast.
    """
    forecast = before.forecast
    if forecast is None:
        nobody = pd.MultiIndex.from_arrays([[], []], names=["by", "unit"])
        return pd.DataFrame(columns=["mean", "sd", "low", "high"], index=nobody, dtype=float)
    weights = pd.Series(before.months.weights, index=forecast.unit_months.month)
    table = forecast.months.assign(part=forecast.months["mean"] * forecast.months.month.map(weights))
    part = table.groupby("person_id").part.sum().reindex(forecast.people.index).fillna(0.0)
    whole = forecast.people["mean"]
    share = (part / whole).where(whole > 0, 1.0)
    rows = forecast.people[["mean", "sd", "low", "high"]].mul(share, axis=0)
    rows.index = pd.MultiIndex.from_product([["person"], rows.index], names=["by", "unit"])
    home = people.drop_duplicates("person_id").set_index("person_id").node.reindex(forecast.people.index)
    units = [("all", "all", forecast, share)]
    for node in sorted(home.dropna().unique()):
        if node != "":
            own = home.index[home == node]
            units.append(("team", node, forecast.only(list(own)), share.reindex(own)))
    more = []
    for by, unit, cut, parts in units:
        factor = _factor(cut, parts)
        more.append((by, unit, *(float(cut.unit[name]) * factor for name in ("mean", "sd", "low", "high"))))
    table = pd.DataFrame(more, columns=["by", "unit", "mean", "sd", "low", "high"]).set_index(["by", "unit"])
    return pd.concat([table, rows])


def _factor(forecast: Forecast, share: pd.Series) -> float:
    mean = forecast.people["mean"]
    return float((mean * share.reindex(mean.index)).sum() / mean.sum()) if mean.sum() > 0 else 1.0
