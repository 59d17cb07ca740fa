"""The pattern a plan starts from: each person's season and product mix, as history and tenure suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.allocation.crew import Crew
from salesgoals.words import say

BORROWED_MIX = 6.0  # months of the team's product mix that are added to a person's own
KNOWN_MONTHS = 6  # after so many months of sales, a line never sold is taken as not sold by this person
STEADY = .98
FAINT = 1e-6  # weight of a line never sold, against one that is, once it has to be opened


def product_lines(crew: Crew, tables: Mapping[str, pd.DataFrame]) -> tuple[list[str], list[str]]:
    """List the product lines of a plan: those ever sold first, then those only in the price list.

    Returns
    -------
    tuple of (list of str, list of str)
        The names shown, and the texts they have in the sales history ("" for sales without a line).
    """
    sold = sorted(crew.sales.product_line.unique())
    listed = sorted(set(tables["products"].product_line.dropna().unique()) - set(sold))
    keys = [*sold, *listed]
    nameless = "decompose.all_products" if keys == [""] else "decompose.no_line"
    return [key or say(nameless) for key in keys], keys


def month_shape(crew: Crew, ramping: bool = True) -> Array:
    """Spread each person's goal over the months: own season where it is known, the unit's elsewhere.

    Parameters
    ----------
    crew : Crew
        The people.
    ramping : bool
        Let newcomers start low; the equal split does not.

    Returns
    -------
    array (people, months)
        Rows add up to 1; zero exactly in the months before joining and after leaving.
    """
    ramp = crew.ramp if ramping else np.ones_like(crew.ramp)
    season = np.maximum(crew.season, .02)
    shape = crew.present * season * np.maximum(ramp, .02)
    forecast = crew.forecast.months.pivot(index="person_id", columns="month", values="mean")
    own = forecast.reindex(index=crew.people.person_id, columns=crew.months).to_numpy(float)
    steady = (crew.present == 1).all(1) & (crew.ramp >= STEADY).all(1) & (own > 0).all(1)
    shape[steady] = own[steady]
    sums = shape.sum(1, keepdims=True)
    return np.divide(shape, sums, out=np.zeros_like(shape), where=sums > 0)


def product_mix(crew: Crew, keys: Sequence[str]) -> tuple[Array, Array]:
    """Find each person's product mix: own sales, topped up with the team's mix where there are few.

    Returns
    -------
    tuple of arrays (people, product lines)
        The mix, rows adding up to 1, with zero for lines an experienced person never sold; and the mix
        that would hold if these lines had to be opened.
    """
    recent = crew.sales[crew.sales.month >= crew.past.months[-1] - pd.DateOffset(months=11)]
    ids, everyone = crew.people.person_id, pd.Index(crew.past.ids)

    def table(sales: pd.DataFrame, people: pd.Index) -> Array:
        sums = sales.pivot_table(index="person_id", columns="product_line", values="amount", aggfunc="sum")
        return sums.reindex(index=people, columns=list(keys)).fillna(0.0).clip(lower=0).to_numpy(float)

    own, ever = table(recent, pd.Index(ids)), table(crew.sales, pd.Index(ids))
    company = table(recent, everyone).sum(0)
    if not company.any():
        company = table(crew.sales, everyone).sum(0)
    whole = _rows_to_one(company[None, :])[0] if company.any() else np.full(len(keys), 1 / len(keys))
    place = (crew.people.department + "\n" + crew.people.team).to_numpy()
    team = pd.DataFrame(own).groupby(place).transform("sum")
    months = crew.past_of_people(crew.past.book.present).sum(1)
    worth = np.divide(own.sum(1), np.clip(months, 1, 12))
    mean_worth = np.where(worth > 0, worth, max(float(worth.mean()), 1.0))
    team_mix = _rows_to_one(team.to_numpy(float) + whole * BORROWED_MIX * mean_worth[:, None])
    mix = _rows_to_one(own + team_mix * BORROWED_MIX * mean_worth[:, None])
    experienced = (months >= KNOWN_MONTHS) & (ever.sum(1) > 0)
    never = experienced[:, None] & (ever == 0)
    openable = np.where(never | (mix <= 0), np.maximum(mix, 1 / len(keys)) * FAINT, mix)
    return _rows_to_one(np.where(never, 0.0, mix)), _rows_to_one(openable)


def product_season(crew: Crew, keys: Sequence[str]) -> Array:
    """Tell in which months each product line sells more than the others, drawn to 1 by lack of years.

    Returns
    -------
    array (months, product lines)
        Factors around 1.
    """
    flat = np.ones((len(crew.months), len(keys)))
    sales = crew.sales.assign(of_year=crew.sales.month.dt.month)
    years = sales.month.nunique() / 12
    if years < 1:
        return flat
    sums = sales.pivot_table(index="of_year", columns="product_line", values="amount", aggfunc="sum")
    amount = sums.reindex(index=range(1, 13), columns=list(keys)).fillna(0.0).clip(lower=0).to_numpy(float)
    by_month, by_line = amount.sum(1, keepdims=True), amount.sum(0, keepdims=True)
    expected = by_month * by_line / max(amount.sum(), 1e-9)
    factor = np.divide(amount, expected, out=np.ones_like(amount), where=expected > 0)
    trust = years / (years + 1)
    return np.clip(trust * factor + 1 - trust, .2, 5)[crew.months.month.to_numpy() - 1]


def _rows_to_one(table: Array) -> Array:
    sums = table.sum(1, keepdims=True)
    return np.divide(table, sums, out=np.zeros_like(table), where=sums > 0)


def sales_pattern(crew: Crew, keys: Sequence[str], ramping: bool = True) -> tuple[Array, Array]:
    """Put season, tenure and product mix together: the pattern that goals are fitted to.

    Parameters
    ----------
    crew : Crew
        The people.
    keys : sequence of str
        Product lines as they stand in the history, from :func:`product_lines`.
    ramping : bool
        Let newcomers start low.

    Returns
    -------
    tuple of arrays (people, months, product lines)
        The pattern, zero where no goal belongs (not on board, line never sold); and the same with the
        lines never sold open, faintly.

    Notes
    -----
    Source of method: methods 3.12 and 3.13: own figures shrunk to the team's by the number of months.
    """
    shape, season = month_shape(crew, ramping), product_season(crew, keys)
    mix, openable = product_mix(crew, keys)
    both = shape[:, :, None] * season[None, :, :]
    return both * mix[:, None, :], both * openable[:, None, :]
