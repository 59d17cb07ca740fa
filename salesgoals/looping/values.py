"""Starting values that people want to see: growth of newcomers, rates of the funnel, season, luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.alarms.pacing import pace_units
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.history import as_known_on, credited_sales, monthly_sales, roster
from salesgoals.kpis import count_kpis
from salesgoals.looping.learnt import Luck, RampFound, Rate, forecast_people

YEAR = 12
#: rate -> what happens, for how many of what
RATES = {"visits_a_quote": ("visits", "quotes"), "win_rate": ("wins", "decided"),
         "deal_size": ("amount", "deals")}
Tables = Mapping[str, pd.DataFrame]


def learn_ramps(known: Tables, start: pd.Timestamp) -> tuple[RampFound | None, RampFound | None]:
    """Fit the growth curve to all records, and to those before a period.

    Returns
    -------
    tuple of RampFound or None
        None where nobody's joining date lies within the records.
    """
    return _ramp(known), _ramp(as_known_on(known, start - pd.Timedelta(days=1)))


def _ramp(tables: Tables) -> RampFound | None:
    sales = monthly_sales(tables)
    sales = sales[sales.person_id != ""]
    if sales.empty or tables["people"].empty:
        return None
    found = fit_ramp(sales, tables["people"])
    return RampFound(midpoint=found.midpoint, hires=found.hires) if found.hires else None


def learn_rates(known: Tables, end: pd.Timestamp) -> list[Rate]:
    """Add up the funnel of the last 12 months: visits a quote, share of decisions won, size of a deal.

    Parameters
    ----------
    known : mapping of str to DataFrame
        The canonical tables as known on that day.
    end : Timestamp
        Last day.

    Returns
    -------
    list of Rate
        Each counted from the day on which both of its figures were recorded; n is what it is counted over.
    """
    counted = count_kpis(known)
    counted = counted[counted.date <= end]
    found = []
    for name, (top, bottom) in RATES.items():
        both = counted[counted.kpi.isin([top, bottom])]
        first = both.groupby("kpi").date.min()
        if len(first) < len({top, bottom}):
            continue
        since = max(first.max(), end + pd.Timedelta(days=1) - pd.DateOffset(months=YEAR))
        sums = both[both.date >= since].groupby("kpi").value.sum()
        if sums.get(bottom, 0) > 0:
            found.append(Rate(name=name, value=float(sums.get(top, 0) / sums[bottom]), n=int(sums[bottom])))
    return found


def learn_season(known: Tables, country: str | None) -> list[float]:
    """Give the month indices of everybody's sales, January first; empty below a year of records."""
    sales = monthly_sales(known)
    if sales.empty:
        return []
    forecast = forecast_people(known, None, 1, country)
    return [float(index) for index in forecast.season] if forecast.history_months >= YEAR else []


def learn_luck(known: Tables, end: pd.Timestamp, country: str) -> Luck | None:
    """Tell how far the middle person strays from month to month by luck, and how many can be judged."""
    sales = credited_sales(known)
    people = pd.Index(roster(known, end).person_id)
    own = sales[sales.person_id.isin(people)]
    if own.empty:
        return None
    deals = own.rename(columns={"person_id": "unit"})[["date", "unit", "amount"]]
    paced = pace_units(deals, pd.Series(np.nan, index=people), end, country=country)
    luck = paced.luck[np.isfinite(paced.luck)]
    if luck.empty:
        return None
    return Luck(typical=float(luck.median()), judged=int(paced.judgeable.sum()), people=len(people))
