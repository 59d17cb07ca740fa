"""What to expect of each person in a metric, and how likely a goal is: money and counts behind one face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import chance_of_total, chances_of_each, outlook
from salesgoals.forecasting.ramp import ramp_share
from salesgoals.history import believed_hire_dates, credited_sales, first_of_month
from salesgoals.measuring.actuals import METRICS, MONEY, YEAR, Measures
from salesgoals.measuring.counting import chance_of_count, expect_counts
from salesgoals.measuring.sharing import Pattern

Array = np.ndarray
BORROWED_MONTHS = 6.0  # months of typical sales at the company's margin rate that stand beside a person's own
LEAST_SEASON = .02


@dataclass(frozen=True)
class Expected:
    """A metric of a plan: what to expect, by which weights it is shared, and the chance of any goal.

    Parameters
    ----------
    last_12, mean, weights : array (people,)
        Rows in the order of the pattern.
    derived : float
        The whole metric in last year's ratio to the amount.
    whole_mean : float
        What to expect of all together.
    chances : callable
        Chance of each person to reach goals.
    whole_chance : callable
        Chance of all together to reach a total.
    """

    last_12: Array
    mean: Array
    weights: Array
    derived: float
    whole_mean: float
    chances: Callable[[Array], Array]
    whole_chance: Callable[[float], float]


def expect_metric(metric: str, measures: Measures, tables: Mapping[str, pd.DataFrame], plan: Plan,
                  forecast: Forecast, pattern: Pattern) -> Expected:
    """Work out what to expect of a metric in the months of a plan.

    Parameters
    ----------
    metric : str
        One that the records can measure.
    measures, tables, plan, forecast, pattern
        As in :func:`salesgoals.metrics.plan_metrics`.

    Returns
    -------
    Expected
        See there. A bad or good level that hits everybody is at least as large as the forecast's own.
    """
    ids = pd.Index(pattern.people.person_id)
    last_12 = measures.last_12(metric).reindex(ids).to_numpy(float)
    if METRICS[metric][0] == MONEY:
        return _margin(last_12, measures, tables, plan, forecast, ids)
    return _count(metric, last_12, measures, tables, plan, forecast, pattern)


def _margin(last_12: Array, measures: Measures, tables: Mapping[str, pd.DataFrame], plan: Plan,
            forecast: Forecast, ids: pd.Index) -> Expected:
    weights = _margin_at_last_rates(tables, plan, ids)
    amounts = plan.people.set_index("person_id").goal.reindex(ids).to_numpy(float)
    rate = np.divide(weights, amounts, out=np.zeros(len(ids)), where=amounts > 0)
    expects = forecast.people.reindex(ids)
    mean = np.maximum(expects["mean"].to_numpy(float) * rate, 0)
    unsteady = _rate_spread(measures)
    luck = np.divide(expects.sd, expects["mean"].where(expects["mean"] > 0)).to_numpy(float)
    sd = mean * np.sqrt(luck ** 2 + unsteady ** 2)
    known = np.isfinite(mean) & np.isfinite(sd)
    people = outlook(np.where(known, mean, 0), np.where(known, sd, 0), forecast.people_correlation)

    def chances(goal: Array) -> Array:
        each = chances_of_each(np.where(known, mean, 0), np.where(known, sd, 0), goal.astype(float))
        return np.where(known, each, np.nan)

    return Expected(last_12, mean, np.maximum(weights, 0), float(weights.sum()), float(np.nansum(mean)),
                    chances, lambda total: chance_of_total(people, total))


def _margin_at_last_rates(tables: Mapping[str, pd.DataFrame], plan: Plan, ids: pd.Index) -> Array:
    """Margin of each person's goals at the rates of the last 12 months, own rates drawn to the company's."""
    sales = credited_sales(tables)
    orders = tables["orders"].reset_index(drop=True)
    start = plan.goals.month.min()
    sales = sales.assign(month=first_of_month(sales.date), cost=sales.cost * orders.credit_share.fillna(1.0),
                         person_id=sales.person_id.fillna(""))
    recent = sales[(sales.month < start) & sales.cost.notna()]
    recent = recent[recent.month > recent.month.max() - pd.DateOffset(months=YEAR)]
    recent = recent.assign(margin=recent.amount - recent.cost, product_line=recent.product_line.fillna(""))
    whole = float(recent.margin.sum() / recent.amount.sum()) if recent.amount.sum() > 0 else 0.0
    line = recent.groupby("product_line")[["margin", "amount"]].sum()
    line_rate = (line.margin / line.amount.where(line.amount > 0)).fillna(whole)
    own = recent.groupby(["person_id", "product_line"])[["margin", "amount"]].sum()
    typical = float(recent.groupby("person_id").amount.sum().median()) * BORROWED_MONTHS / YEAR
    goals = plan.goals.groupby(["person_id", "product_line"], as_index=False).goal.sum()
    goals["rate"] = goals.product_line.map(line_rate).fillna(whole)
    joined = goals.join(own, on=["person_id", "product_line"])
    sold = joined.amount.clip(lower=0).fillna(0)
    joined["rate"] = (joined.margin.fillna(0).where(sold > 0, 0) + typical * joined.rate) / (sold + typical)
    margin = (joined.goal * joined.rate).groupby(joined.person_id).sum()
    return margin.reindex(ids).fillna(0).to_numpy(float)


def _rate_spread(measures: Measures) -> float:
    """Return how much the company's margin rate of a quarter year moves, as a share of the rate."""
    margin, amount = measures.values["margin"].sum(), measures.values["amount"].sum()
    quarter = np.arange(len(margin))[::-1] // 3
    sums = pd.DataFrame({"margin": margin, "amount": amount}).groupby(quarter).sum()
    rates = (sums.margin / sums.amount.where(sums.amount > 0)).dropna()
    middle = float(rates.mean()) if len(rates) else 0.0
    return float(rates.std()) / abs(middle) if len(rates) > 1 and middle else 0.0


def _count(metric: str, last_12: Array, measures: Measures, tables: Mapping[str, pd.DataFrame], plan: Plan,
           forecast: Forecast, pattern: Pattern) -> Expected:
    table = measures.values[metric]
    ids = pd.Index(pattern.people.person_id)
    everybody = table.index.union(ids)
    seen = table.reindex(everybody)
    season = np.ones(13)
    if not METRICS[metric][1]:  # results follow the season, the work itself hardly does
        season[1:] = np.maximum(forecast.season.reindex(range(1, 13)).fillna(1.0).to_numpy(), LEAST_SEASON)
    hired = believed_hire_dates(tables).reindex(everybody)
    joined = (hired.dt.year * YEAR + hired.dt.month).to_numpy("float64", na_value=np.nan)
    at = (seen.columns.year * YEAR + seen.columns.month).to_numpy(float)
    grown = ramp_share(at[None, :] - joined[:, None] + 1)
    exposure = seen.notna().to_numpy() * grown * season[seen.columns.month.to_numpy()][None, :]
    ramp = pattern.people.ramp.reindex(range(len(ids))).fillna(1.0).to_numpy(float)
    full = (pattern.share > 0) @ season[pattern.months.month.to_numpy()]
    ahead = np.zeros(len(everybody))
    rows = everybody.get_indexer(ids)
    ahead[rows] = full * ramp
    counts = expect_counts(seen.to_numpy(float), exposure, ahead)
    mean, luck = counts.mean[rows], counts.variance[rows]
    shared = forecast.level_floor
    variance = luck + (shared * mean) ** 2
    whole = float(np.nansum(mean))
    spread = float(np.nansum(luck)) + (shared * whole) ** 2 if np.isfinite(luck).any() else float("nan")
    return Expected(last_12, mean, np.nan_to_num(mean), _at_last_ratio(metric, measures, plan), whole,
                    lambda goal: chance_of_count(mean, variance, goal.astype(float)),
                    lambda total: float(chance_of_count(np.array(whole), np.array(spread), np.array(total))))


def _at_last_ratio(metric: str, measures: Measures, plan: Plan) -> float:
    """Return the count that stands to the plan's amount as it stood in the last 12 months that tell both."""
    known = measures.values[metric].iloc[:, -YEAR:]
    known = known.loc[:, known.notna().any()]
    amount = measures.values["amount"].reindex(columns=known.columns).sum().sum()
    return float(known.sum().sum() / amount * plan.goals.goal.sum()) if amount > 0 else float("nan")
