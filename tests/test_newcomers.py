"""Levels of people with few months, in simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.forecast import forecast_sales


def test_borrowing_from_the_others_cuts_a_newcomers_error_by_a_third() -> None:
    random = np.random.default_rng(0)
    misses, own_misses = [], []
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    for _ in range(12):
        level = random.lognormal(-0.045, 0.3, 25) * 100
        sales = level[:, None] * random.lognormal(-0.18, 0.6, (25, 24))
        sales[15:, :22] = np.nan  # ten people with two months
        history = pd.DataFrame(
            [
                (f"{row:02d}", month, amount)
                for row, line in enumerate(sales)
                for month, amount in zip(months, line, strict=True)
                if not np.isnan(amount)
            ],
            columns=["person_id", "month", "amount"],
        )
        forecast = forecast_sales(history, season=dict.fromkeys(range(1, 13), 1.0))
        misses.append(forecast.people["mean"].to_numpy()[15:] / 12 - level[15:])
        own_misses.append(sales[15:, 22:].mean(1) - level[15:])
    assert np.sqrt(np.mean(np.square(misses))) < 2 / 3 * np.sqrt(np.mean(np.square(own_misses)))


def test_newcomers_are_less_sure_than_others_and_get_surer() -> None:
    random = np.random.default_rng(1)
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    sales = random.lognormal(3, 0.3, (20, 24))
    rows = [
        (f"{row:02d}", month, amount)
        for row, line in enumerate(sales)
        for month, amount in zip(months, line, strict=True)
    ]
    rows += [("x1", months[-1], 20.0)] + [("x6", month, 20.0) for month in months[-6:]]
    people = forecast_sales(pd.DataFrame(rows, columns=["person_id", "month", "amount"])).people
    share = people.sd / people["mean"]
    assert share["x1"] > share["x6"] > share.drop(["x1", "x6"]).median()
