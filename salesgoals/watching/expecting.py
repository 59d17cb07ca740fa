"""What a period was expected to bring before it began: the forecast of each person, team and the company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.forecast import forecast_sales
from salesgoals.forecasting.ramp import PRIOR_RAMP
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.history import as_known_on, monthly_sales, team_on, team_units
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.watching.units import ALL

LEAST_MONTHS = 3  # of records, below which a forecast says no more than the mean of the days


class Expected(NamedTuple):
    """Expected sales by unit (``by`` tab ``unit``)."""

    months: pd.DataFrame  # one column for each calendar month that the period touches, the whole month
    spread: pd.Series  # deviation of the whole, as a share


def expect_sales(tables: Mapping[str, pd.DataFrame], period: Period, country: str = "CN") -> Expected | None:
    """Forecast a period from what was known on the eve of it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables as known on the day one looks; nothing after the eve is used but who has
        changed teams since.
    period : Period
        The period.
    country : str
        Two letters, for festivals that move.

    Returns
    -------
    Expected or None
        None where the records before it are too short: then the mean of the past days is expected.
    """
    before = as_known_on(tables, period.start - pd.Timedelta(days=1))
    history = monthly_sales(before)
    history = history[history.month < period.months[0]]
    if history.month.nunique() < LEAST_MONTHS:
        return None
    people = before["people"] if len(before["people"]) else None
    sellers = history[history.person_id != ""]
    ramp = PRIOR_RAMP if people is None else fit_ramp(sellers, people)
    try:
        forecast = forecast_sales(history, period.months[0], len(period.months), people=people, ramp=ramp,
                                  country=country)
    except SalesgoalsError:
        return None
    wide = forecast.months.pivot(index="person_id", columns="month", values="mean").reindex(
        columns=period.months).fillna(0.)
    return _by_unit(wide, forecast.people.sd.reindex(wide.index).fillna(0.), forecast.people_correlation,
                    tables)


def _by_unit(wide: pd.DataFrame, sd: pd.Series, correlation: float,
             tables: Mapping[str, pd.DataFrame]) -> Expected:
    """Add people up to teams, in each month those who belong to them then, and to the company."""
    long = wide.stack().rename("mean").reset_index()
    long.columns = pd.Index(["person_id", "month", "mean"])
    place = team_on(tables, long.person_id, long.month + pd.offsets.MonthEnd(0))
    joined = team_on(tables, long.person_id, long.month)
    long["team"] = team_units(place.fillna(joined))
    by_team = long[long.team != ""].groupby(["team", "month"])["mean"].sum().unstack(fill_value=0.)
    last = long.drop_duplicates("person_id", keep="last").set_index("person_id").team
    own = pd.DataFrame({"sd": sd, "square": sd ** 2, "team": last.reindex(sd.index)})
    of_team = own.groupby("team")[["sd", "square"]].sum().reindex(by_team.index).fillna(0.)
    persons = wide[wide.index != ""]
    of_all = own[["sd", "square"]].sum().rename(f"all\t{ALL}").to_frame().T
    whole = wide.sum().rename(f"all\t{ALL}").to_frame().T
    months = pd.concat([whole, by_team.set_axis("team\t" + by_team.index),
                        persons.set_axis("person\t" + persons.index)])
    joint = pd.concat([of_all, of_team.set_axis("team\t" + of_team.index)])
    spread = pd.concat([np.sqrt((1 - correlation) * joint.square + correlation * joint.sd ** 2),
                        sd.reindex(persons.index).set_axis("person\t" + persons.index)])
    total = months.sum(axis=1)
    return Expected(months, (spread.reindex(months.index) / total).where(total > 0))
