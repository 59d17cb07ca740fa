"""From money back to work: level by level up the funnel, with the season and the doubt, and is it doable."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.abilities.shrink import COVERAGE
from salesgoals.forecast import forecast_sales
from salesgoals.history import monthly_sales
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.workdays import working_days

ALIKE = 1.05    # up to 5 % more than usual is what the person does anyway
YEAR = 12


def season_ahead(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, period: Period,
            country: str) -> tuple[float, int]:
    """Return how much a working day ahead yields against an ordinary one, and how many are left."""
    start = max(day + pd.Timedelta(days=1), period.start)
    if start > period.end:
        return 1., 0
    month = start.replace(day=1)
    before = working_days(month - pd.DateOffset(months=YEAR), month - pd.Timedelta(days=1), country)
    ahead = working_days(month, period.end + pd.offsets.MonthEnd(0), country)
    length = ahead.working.groupby(ahead.date.dt.to_period("M").dt.to_timestamp()).sum()
    rest = ahead[ahead.working & (ahead.date >= start) & (ahead.date <= period.end)]
    left = rest.groupby(rest.date.dt.to_period("M").dt.to_timestamp()).size()
    try:
        history = monthly_sales(tables)
        months = forecast_sales(history[history.person_id != ""], f"{month:%Y-%m}", len(length),
                                people=tables["people"], country=country).unit_months
    except SalesgoalsError:  # records too short for any season
        return 1., len(rest)
    strength = months.set_index("month").strength.reindex(length.index).fillna(1.)
    ordinary = before.working.sum() / YEAR
    a_day = strength * ordinary / length.where(length > 0)
    found = float((a_day * left).sum() / left.sum()) if len(rest) else 1.
    return (found if np.isfinite(found) and found > 0 else 1.), len(rest)


def climb_funnel(table: pd.DataFrame, rates: pd.DataFrame, doubt: pd.DataFrame,
            chain: list[tuple[str, str, str]], season: float) -> pd.DataFrame:
    """Go up the funnel level by level: what is needed of each, with its range."""
    needed = {"amount": table.still.clip(lower=0.)}
    spread = {"amount": pd.Series(0., index=table.index)}
    for rate, kpi, result in [("deal_size", "deals", "amount"), *chain]:
        if rate not in rates or result not in needed:  # not recorded in the months that rates rest on
            continue
        factor = 1 / rates[rate] if kpi == "deals" else rates[rate]
        needed[kpi] = needed[result] * factor / (season if result == "deals" else 1.)
        spread[kpi] = np.sqrt(spread[result] ** 2 + doubt[rate] ** 2)
    z = ndtri((1 + COVERAGE) / 2)
    parts = [table.assign(kpi=kpi, level=level, place=range(len(table)), needed=needed[kpi],
                          low=needed[kpi] * np.exp(-z * spread[kpi]),
                          high=needed[kpi] * np.exp(z * spread[kpi]), basis=list(needed)[-1])
             for level, kpi in enumerate(needed)]
    rows = pd.concat(parts).rename_axis("person_id").reset_index()
    return rows[(rows.kpi == "amount") | rows.needed.notna()]


def judge_need(rows: pd.DataFrame, working: int) -> np.ndarray:
    """Say whether what is needed is usual, has been done before, or is more than ever."""
    known = rows.usual_a_week > 0
    return np.select(
        [rows.goal.isna(), rows.so_far >= rows.goal, pd.Series(working == 0, index=rows.index),
         rows.still <= 0, known & (rows.a_week <= ALIKE * rows.usual_a_week),
         rows.a_week <= rows.best_a_week.where(rows.best_a_week > 0), rows.best_a_week > 0],
        ["no_goal", "keep_on", "over", "covered", "usual", "more", "beyond"], "unknown")
