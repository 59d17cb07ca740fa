"""A small team with goals and a forecast for tests of pay: every figure is chosen, nothing is learnt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.paying.scheme import PayPlan
from salesgoals.paying.scheme_file import parse_pay_plan

START = "2026-01-01"


def make_goals(goals: Sequence[float], months: int = 12, teams: int = 2,
               **more: Sequence[float]) -> pd.DataFrame:
    """One goal a person and year, spread evenly; further metrics by name."""
    calendar = pd.date_range(START, periods=months, freq="MS")
    rows = [(f"P{place:02d}", f"Person {place}", "D", f"T{place % teams}", month, metric, goal / months)
            for metric, values in {"amount": goals, **more}.items()
            for place, goal in enumerate(values) for month in calendar]
    columns = ["person_id", "person", "department", "team", "month", "metric", "goal"]
    return pd.DataFrame(rows, columns=columns)


def make_forecast(mean: Sequence[float], relative: Sequence[float], rho: float = .2,
                  months: int = 12) -> Forecast:
    """A forecast with chosen means and spreads of the year; every month alike and leaning the same way."""
    calendar = pd.date_range(START, periods=months, freq="MS")
    ids = [f"P{place:02d}" for place in range(len(mean))]
    means, spread = np.array(mean, float), np.array(mean, float) * np.array(relative, float)
    people = pd.DataFrame({"mean": means, "sd": spread, "low": means - spread, "high": means + spread,
                           "last_12": means, "months_seen": 24}, index=pd.Index(ids, name="person_id"))
    table = pd.DataFrame([(person, month, whole / months, sd / months) for person, whole, sd
                          in zip(ids, means, spread, strict=True) for month in calendar],
                         columns=["person_id", "month", "mean", "sd"])
    table = table.assign(low=table["mean"], high=table["mean"], last_year=np.nan)
    unit = pd.Series({"mean": means.sum(), "sd": spread.sum(), "low": 0., "high": 0., "last_12": means.sum()})
    return Forecast(months=table, people=people, unit_months=pd.DataFrame(), unit=unit, month_correlation=1.,
                    people_correlation=rho, level_floor=.08, smoothing=.3, coverage=.8, season=pd.Series(1.),
                    history_months=24)


def make_plan(curve: str = "", group: str = "", top: str = "") -> PayPlan:
    """A plan of one group with one curve, said in a few lines of TOML."""
    text = f"""
title = "test"
{top}
[curves.c]
{curve or 'tiers = [{from = 1, rate = 2}]'}
[[group]]
key = "all"
title = "everybody"
{group or 'target_pay = 12000' + chr(10) + 'metrics = [{metric = "amount", weight = 1, curve = "c"}]'}
"""
    return parse_pay_plan(text.encode())
