"""The forecast repeated as on earlier days, and what came: the evidence for what is carried over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.period import list_sales
from salesgoals.history import as_known_on, credited_sales, monthly_sales
from salesgoals.looping.learnt import Bias, OneOff, Replay, forecast_people

LENGTH = 6  # months of a replay: shorter ones are mostly noise, longer ones come too seldom
LEAST_BEFORE = 12  # months of records before a replay begins: a year has to be known
MOST = 4  # replays; older ones say nothing about today
LASTING = .06  # standard deviation of the part of an error that lasts from one half-year to the next
FADING = .3  # weight of a half-year against the next one
LEAST_CHANGE = .01  # a smaller correction is not worth a sentence
SCORE_80 = float(-ndtri(.1))
LEAST_ORDERS = 24  # of a person in a year: with fewer, a high season looks like luck
AGAIN = .5  # of its size: an order like one of another year is no exception


def find_one_offs(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp) -> list[OneOff]:
    """Find orders so far out of the ordinary that the person is not expected to sell such a one again.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : Timestamp
        Last day that is known; each year back from it is looked at by itself.

    Returns
    -------
    list of OneOff
        Oldest first; only such as make a quarter of a person's year. Whoever has fewer than two orders a
        month, or had an order at least half as large in another year, has no one-off order: where orders are
        few, or a high season comes every year, nobody can tell.
    """
    sales = list_sales(tables).assign(product_line=credited_sales(tables).product_line.fillna(""))
    sales = sales[(sales.date <= until) & sales.person_id.notna()]
    found: list[OneOff] = []
    last = until + pd.Timedelta(days=1)
    while len(sales) and last > sales.date.min():
        first = last - pd.DateOffset(years=1)
        year = sales[(sales.date >= first) & (sales.date < last)]
        orders = cut_windfalls(year)
        several = orders.groupby("person_id").order.transform("size") >= LEAST_ORDERS
        others = sales[(sales.date < first) | (sales.date >= last)]
        before = others.groupby(["person_id", "order"]).amount.sum().groupby("person_id").max()
        for row in orders[orders.windfall.astype(bool) & several].itertuples():
            if before.get(row.person_id, 0.0) >= AGAIN * row.amount:
                continue
            lines = year[(year.person_id == row.person_id) & (year.order == row.order)]
            share = 1 - row.kept / row.amount
            by_line = lines[lines.amount > 0].groupby("product_line").amount.sum()
            by_line = by_line / by_line.sum() * row.amount * share
            found.append(OneOff(person_id=str(row.person_id), order=str(row.order),
                                date=f"{row.date:%Y-%m-%d}", amount=round(float(row.amount), 2),
                                kept=round(float(row.kept), 2),
                                excess={str(line): round(float(x), 2) for line, x in by_line.items()}))
        last = first
    return sorted(found, key=lambda order: (order.date, order.person_id))


def replay_forecasts(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp, country: str | None = None,
                     one_offs: Sequence[OneOff] = (), length: int = LENGTH) -> list[Replay]:
    """Repeat the plain forecast as on the first day of earlier half-years; set what came beside it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; nothing after ``until`` is looked at.
    until : Timestamp
        Last day of the newest half-year, a last day of a month.
    country : str, optional
        As in :func:`salesgoals.forecast.forecast_sales`.
    one_offs : sequence of OneOff
        Orders whose extraordinary part is no fault of the forecast.
    length : int
        Months of each.

    Returns
    -------
    list of Replay
        Newest first, at most four; none where less than a year of records lies before.
    """
    sales = monthly_sales(tables)
    if sales.empty:
        return []
    first, end = sales.month.min(), until + pd.Timedelta(days=1)
    extra = pd.DataFrame([(pd.Timestamp(order.date), sum(order.excess.values())) for order in one_offs],
                         columns=["date", "excess"])
    found: list[Replay] = []
    start = end - pd.DateOffset(months=length)
    while len(found) < MOST and start >= first + pd.DateOffset(months=LEAST_BEFORE):
        stop = start + pd.DateOffset(months=length)
        known = as_known_on(tables, start - pd.Timedelta(days=1))
        if len(monthly_sales(known)) == 0:
            break
        forecast = forecast_people(known, start, length, country)
        came = sales[(sales.month >= start) & (sales.month < stop)]
        actual = float(came.amount.sum())
        beyond = float(extra.excess[(extra.date >= start) & (extra.date < stop)].sum())
        own = came.groupby("person_id").amount.sum().reindex(forecast.people.index).fillna(0.0)
        missed = float((own - forecast.people["mean"]).abs().sum())
        unit = forecast.unit
        found.append(Replay(
            start=f"{start:%Y-%m}", months=length, expected=float(unit["mean"]), low=float(unit["low"]),
            high=float(unit["high"]), actual=actual, usual=actual - beyond,
            people_error=missed / actual if actual > 0 else None))
        start -= pd.DateOffset(months=length)
    return found


def learn_bias(replays: Sequence[Replay]) -> Bias:
    """Draw from past errors what share of them is likely to last.

    Parameters
    ----------
    replays : sequence of Replay
        Newest first.

    Returns
    -------
    Bias
        Factor 1 where there is no replay, or where the correction would be below 1 %.

    Notes
    -----
    Source of method: normal mean with a normal prior (credibility; Buehlmann 1967) on logarithms. The noise
    of one half-year is what its own 80 % band said; the lasting part has a standard deviation of .06, and a
    half-year counts .3 of the next one: both set on public series, see docs/cycles.md.

    Examples
    --------
    >>> one = Replay(start="2025-07", months=6, expected=100., low=85., high=116., actual=120., usual=120.,
    ...              people_error=None)
    >>> bias = learn_bias([one])
    >>> round(bias.error, 2), round(bias.weight, 2), round(bias.factor, 3)
    (0.2, 0.2, 1.036)
    >>> learn_bias([]).factor
    1.0
    """
    usable = [one for one in replays if one.expected > 0 and one.usual > 0 and one.low > 0][:MOST]
    if not usable:
        return Bias(n=0)
    share = FADING ** np.arange(len(usable))
    share = share / share.sum()
    errors = np.clip([np.log(one.usual / one.expected) for one in usable], -.5, .5)
    noise = np.array([np.log(one.high / one.low) / (2 * SCORE_80) for one in usable])
    mean, variance = float(share @ errors), float((share ** 2) @ noise ** 2)
    weight = LASTING ** 2 / (LASTING ** 2 + variance)
    lasting, doubt = weight * mean, SCORE_80 * LASTING * np.sqrt(1 - weight)
    factor = float(np.exp(lasting))
    return Bias(n=len(usable), error=float(np.expm1(mean)), low=float(np.expm1(lasting - doubt)),
                high=float(np.expm1(lasting + doubt)), weight=float(weight),
                factor=factor if abs(factor - 1) >= LEAST_CHANGE else 1.0)
