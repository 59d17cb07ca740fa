"""What could be expected of each person, each team and all, and how far off that may be."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.forecasting.uncertainty import band
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
    means, sds = rows["mean"].to_numpy(), rows.sd.to_numpy()
    groups = [("team", home.fillna("").to_numpy()), ("all", np.full(len(rows), "all", dtype=object))]
    score, parts = float(-ndtri((1 - forecast.coverage) / 2)), []
    for by, unit in groups:
        sums = pd.DataFrame({"mean": means, "sd": sds, "square": sds ** 2}).groupby(unit).sum()
        shared = forecast.people_correlation
        sd = np.sqrt((1 - shared) * sums.square + shared * sums.sd ** 2).to_numpy()
        low, high = band(sums["mean"].to_numpy(), sd, score, score)
        index = pd.MultiIndex.from_product([[by], sums.index], names=["by", "unit"])
        parts.append(pd.DataFrame({"mean": sums["mean"].to_numpy(), "sd": sd, "low": low, "high": high},
                                  index=index))
    teams = parts[0][parts[0].index.get_level_values("unit") != ""]
    return pd.concat([parts[1], teams, rows])
