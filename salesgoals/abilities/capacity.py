"""What the people on board can carry, month by month: people times ramp times season, minus leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from salesgoals.estimates import hands_on_board
from salesgoals.forecast import Forecast
from salesgoals.forecasting.book import first_month, month_number
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp, ramp_share
from salesgoals.history import monthly_sales, roster
from salesgoals.problems import Problem, SalesgoalsError

CAPACITY = ["month", "department", "team", "people", "full", "growing", "absent", "capacity", "hires",
            "added"]


def carry_by_month(tables: Mapping[str, pd.DataFrame], forecast: Forecast,
                   vacancies: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """Add up what each team can carry in each month of the forecast, with posts to be filled as a scenario.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.team.plan_capacity` describes them.
    """
    sold = monthly_sales(tables)
    if not (sold.person_id != "").any():
        return pd.DataFrame(columns=CAPACITY)
    staffed, level, season, ramp = hands_on_board(tables, forecast)
    months = forecast.unit_months.month
    span = slice(-len(months), None)
    present, grown = staffed.future_present[:, span], staffed.future_ramp[:, span]
    season = season[span]
    on_board = ~staffed.left & (present.sum(1) > 0)
    full = level[:, None] * season * (on_board[:, None] & np.ones_like(present, dtype=bool))
    people = roster(tables, months.iloc[0]).drop_duplicates("person_id").set_index("person_id")
    where = people.reindex(staffed.ids)[["department", "team"]].fillna("")
    rows = pd.DataFrame({
        "month": np.tile(months, int(on_board.sum())),
        "department": np.repeat(where.department[on_board].to_numpy(), len(months)),
        "team": np.repeat(where.team[on_board].to_numpy(), len(months)),
        "people": present[on_board].ravel(), "full": full[on_board].ravel(),
        "growing": (full * present * (1 - grown))[on_board].ravel(),
        "absent": (full * (1 - present))[on_board].ravel(),
        "capacity": (full * present * grown)[on_board].ravel()})
    table = rows.groupby(["month", "department", "team"], as_index=False).sum()
    table["hires"], table["added"] = 0.0, 0.0
    return _with_vacancies(table, vacancies, level[on_board], season, months, ramp or PRIOR_RAMP)[CAPACITY]


def _with_vacancies(table: pd.DataFrame, vacancies: Sequence[tuple[str, int]], level: np.ndarray,
                    season: np.ndarray, months: pd.Series, ramp: Ramp) -> pd.DataFrame:
    """Add rows of posts to be filled: a usual person, from the month of joining on the growth curve."""
    usual = float(np.median(level[level > 0])) if (level > 0).any() else 0.0
    parts = [table]
    for month, count in vacancies:
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
            raise SalesgoalsError(Problem("team.vacancy_count", found=count, month=month))
        joined = float(month_number(pd.DatetimeIndex([first_month(month, "vacancies")]))[0])
        tenure = month_number(pd.DatetimeIndex(months)) - joined + 1
        carried = count * usual * season * ramp_share(tenure, ramp) * ramp.plateau
        parts.append(pd.DataFrame({"month": months, "department": "", "team": "", "people": 0.0, "full": 0.0,
                                   "growing": 0.0, "absent": 0.0, "capacity": 0.0,
                                   "hires": np.where(tenure >= 1, float(count), 0.0), "added": carried}))
    whole = pd.concat(parts, ignore_index=True)
    return whole.groupby(["month", "department", "team"], as_index=False, sort=False).sum()
