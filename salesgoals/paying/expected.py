"""What results are to be expected in each pay period, as log-normals that lean on the sales forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from salesgoals.forecast import Forecast
from salesgoals.paying.scheme import Group
from salesgoals.paying.terms import PayTerms, period_numbers

Array = NDArray[np.float64]
CERTAIN = 1e-6   # log spread of what is as good as certain
NOTHING = 1e-9   # expected sales of who sells nothing, so that logs exist
USUAL_SPREAD = .35  # spread of a person's year, as a share of its mean, where no forecast knows the person


def expected_results(terms: PayTerms, forecast: Forecast) -> pd.DataFrame:
    """List what each person will probably sell in each pay period, beside the goal.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`.
    forecast : Forecast
        Of the plan's months.

    Returns
    -------
    DataFrame
        One row for each person and period (one period where results count from the start): person_id, group,
        department, team, period (from 0), goal, target (pay at 100 %), mean, centre, spread (of the log of
        sales) and known (whether the forecast has the person; if not, the goal is taken as the mean).

    Notes
    -----
    Source of method: a period's variance follows from its months' with the one correlation between months
    that gives the forecast's variance of the year.
    """
    months = forecast.months[forecast.months.month.isin(terms.months)]
    mean = _grid(months, "mean", terms)
    sd = _grid(months, "sd", terms)
    goal = _grid(terms.goals[terms.goals.metric == "amount"], "goal", terms)
    target = _grid(terms.targets.assign(target_pay=terms.targets.target_pay.astype(float)), "target_pay",
                   terms)
    known = terms.people.person_id.isin(forecast.people.index).to_numpy() & (mean.sum(1) > 0)
    relative = forecast.people.sd / forecast.people["mean"].where(forecast.people["mean"] > 0)
    whole = terms.people.person_id.map(relative).fillna(USUAL_SPREAD).to_numpy(float)
    usual = float(np.median(whole[known])) if known.any() else USUAL_SPREAD
    whole, mean = np.where(known, whole, usual), np.where(known[:, None], mean, goal)
    correlation = _correlation(mean, sd, whole)
    parts = [_rows_of(terms, group, mean, sd, goal, target, whole, correlation, known)
             for group in terms.plan.group if len(terms.members(group))]
    columns = ["person_id", "group", "department", "team", "period", "goal", "target", "mean", "centre",
               "spread", "known"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _grid(table: pd.DataFrame, column: str, terms: PayTerms) -> Array:
    """Lay a column out by person and month, 0 where there is no row."""
    person = pd.Index(terms.people.person_id).get_indexer(table.person_id)
    month = terms.months.get_indexer(pd.DatetimeIndex(table.month))
    grid = np.zeros((len(terms.people), len(terms.months)))
    inside = (person >= 0) & (month >= 0)
    np.add.at(grid, (person[inside], month[inside]), table[column].to_numpy(float)[inside])
    return grid


def _correlation(mean: Array, sd: Array, whole: Array) -> Array:
    """Find how far each person's months must lean the same way for the year to be as unsure as forecast."""
    apart, together = (sd ** 2).sum(1), sd.sum(1) ** 2
    wanted = (whole * mean.sum(1)) ** 2
    room = together - apart
    found = np.divide(wanted - apart, room, out=np.ones(len(room)), where=room > 1e-12 * together)
    return np.clip(found, 0, 1)


def _rows_of(terms: PayTerms, group: Group, mean: Array, sd: Array, goal: Array, target: Array, whole: Array,
             correlation: Array, known: NDArray[np.bool_]) -> pd.DataFrame:
    mine = np.flatnonzero(terms.people.group == group.key)
    people = terms.people.iloc[mine]
    numbers = period_numbers(group, terms.months)
    if group.steady:
        numbers = np.zeros(len(terms.months), int)
    tables = []
    for number in np.unique(numbers):
        inside = numbers == number
        period = mean[mine][:, inside].sum(1)
        own = sd[mine][:, inside]
        variance = ((1 - correlation[mine]) * (own ** 2).sum(1) + correlation[mine] * own.sum(1) ** 2)
        relative = np.sqrt(variance) / np.maximum(period, NOTHING)
        if group.steady:
            relative = whole[mine]
        relative = np.where(known[mine] & (variance > 0), relative, whole[mine])
        centre, spread = log_shape(period, relative)
        tables.append(pd.DataFrame({
            "person_id": people.person_id.to_numpy(), "group": group.key,
            "department": people.department.to_numpy(), "team": people.team.to_numpy(), "period": number,
            "goal": goal[mine][:, inside].sum(1), "target": target[mine][:, inside].sum(1), "mean": period,
            "centre": centre, "spread": spread, "known": known[mine]}))
    return pd.concat(tables, ignore_index=True)


def log_shape(mean: Array, relative: Array) -> tuple[Array, Array]:
    """Return centre and spread of the log of a log-normal with this mean and relative spread."""
    spread = np.maximum(np.sqrt(np.log1p(relative ** 2)), CERTAIN)
    return np.log(np.maximum(mean, NOTHING)) - spread ** 2 / 2, spread


def chance_between(rows: pd.DataFrame, low: float, high: float) -> Array:
    """Say how likely sales end between two shares of the goal; NaN without a goal.

    Examples
    --------
    >>> rows = pd.DataFrame({"goal": [100., 0.], "centre": np.log(100.), "spread": .2})
    >>> chance_between(rows, 1, np.inf).round(2).tolist()
    [0.5, nan]
    """
    goal = rows.goal.to_numpy(float)
    base = np.log(np.where(goal > 0, goal, 1.))
    centre, spread = rows.centre.to_numpy(float), rows.spread.to_numpy(float)

    def below(at: float) -> Array:
        if at <= 0:
            return np.zeros(len(rows))
        return np.ones(len(rows)) if at == np.inf else ndtr((base + np.log(at) - centre) / spread)

    return np.where(goal > 0, below(high) - below(low), np.nan)
