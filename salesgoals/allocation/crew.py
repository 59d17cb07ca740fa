"""Everyone a plan hands goals to: where they work, in which months they are there, how far they have grown.

Rows stand in the same order in every table and matrix of a crew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.forecast import Forecast
from salesgoals.forecasting.book import Staffed, staff_book
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp, ramp_share
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.history import monthly_sales, roster
from salesgoals.looping.learnt import Learnt, forecast_with, usual_sales
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import say

YEAR = 12


@dataclass(frozen=True)
class Crew:
    """The people of a plan with what is known about them, rows in the same order everywhere."""

    people: pd.DataFrame  # person_id, person, department, team, hire_date, leave_date
    months: pd.DatetimeIndex
    present: Array  # (people, months) share of each month's days on board
    ramp: Array  # (people, months) share of full sales to expect from this tenure
    sales: pd.DataFrame  # month, person_id, product_line, amount before the start, of everybody
    past: Staffed  # what was sold, without what is not expected of the same person again
    sold: Staffed  # what was sold
    forecast: Forecast
    notes: list[Problem]

    def past_of_people(self, matrix: Array) -> Array:
        """Take the rows of these people out of a matrix of the past; 0 for those who have none."""
        at = self.past.ids.get_indexer(self.people.person_id)
        return np.where((at >= 0)[:, None], matrix[at], 0.0)

    @property
    def season(self) -> Array:
        """Strength of each month of the plan: its season and, in China, Spring Festival where it falls."""
        return self.forecast.unit_months.strength.to_numpy(float)

    @property
    def last_12(self) -> Array:
        """Sales of each person in the last 12 months before the start."""
        return self.past_of_people(self.sold.book.sales[:, -YEAR:]).sum(1)


def gather_crew(tables: Mapping[str, pd.DataFrame], start: pd.Timestamp, months: int,
                country: str | None = None, learnt: Learnt | None = None) -> Crew:
    """Find out who can have a goal: everyone employed at the start, and who joins before the plan ends.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    start : pandas.Timestamp
        First month of the plan.
    months : int
        Number of months.
    country : str, optional
        Two letters; "CN" lets the season follow Spring Festival.
    learnt : Learnt, optional
        What to take over from closed periods.

    Returns
    -------
    Crew
        Leavers are in it until their last day. ``notes`` names what a reader should know: people without a
        team, teams without people, sales of nobody.

    Raises
    ------
    SalesgoalsError
        If there is no sale before the start, or nobody to give goals to.
    """
    ahead = pd.date_range(start, periods=months, freq="MS")
    end = ahead[-1] + pd.offsets.MonthEnd(0)
    sales = monthly_sales(tables)
    sales = sales[sales.month < start]
    notes: list[Problem] = []
    unowned = sales[sales.person_id == ""]
    if len(unowned):
        notes.append(Problem("decompose.sales_of_nobody", level="doubt", amount=float(unowned.amount.sum())))
    sales = sales[sales.person_id != ""]
    if len(sales) and sales.month.max() < start - pd.DateOffset(months=1):
        notes.append(Problem("decompose.sales_end_early", level="doubt", month=f"{sales.month.max():%Y-%m}",
                             start=f"{start:%Y-%m}"))
    people = roster(tables, start)
    people = people[people.hire_date.isna() | (people.hire_date <= end)].reset_index(drop=True)
    problems = []
    if sales.empty:
        problems.append(Problem("decompose.no_sales", start=f"{start:%Y-%m}"))
    if people.empty:
        problems.append(Problem("decompose.no_people", start=f"{start:%Y-%m}"))
    if problems:
        raise SalesgoalsError(problems)
    notes += _team_notes(tables, people, start, end)
    people = _name_places(people)
    dates = tables["people"][["person_id", "hire_date", "leave_date"]]
    known = dates if len(dates) else people[["person_id", "hire_date", "leave_date"]]
    usual = usual_sales(sales, learnt)
    ramp = fit_ramp(usual, known) if len(dates) else PRIOR_RAMP
    past = staff_book(usual, start, months, known, ramp)
    forecast = forecast_with(sales, start, months, learnt, people=known, ramp=ramp, country=country)
    sold = past if learnt is None else staff_book(sales, start, months, known, ramp)
    first_sale = sales[sales.amount != 0].groupby("person_id").month.min()
    first_sale = first_sale.reindex(people.person_id).to_numpy("datetime64[us]")
    hired = people.hire_date.to_numpy("datetime64[us]")
    hired = np.where(first_sale < hired.astype("datetime64[M]"), np.datetime64("NaT", "us"), hired)
    leave_date = people.leave_date.to_numpy("datetime64[us]")
    present = _days_present(ahead, hired, leave_date)
    return Crew(people, ahead, present, _ramp_ahead(ahead, hired, ramp), sales, past, sold, forecast,
                [*notes, *forecast.notes])


def _name_places(people: pd.DataFrame) -> pd.DataFrame:
    """Give people without a team one of their own name, so that the tree has no holes."""
    names = {column: say("decompose.company" if people[column].isna().all() else "decompose.no_team")
             for column in ("department", "team")}
    placed = people.assign(**{column: people[column].fillna(name) for column, name in names.items()})
    return placed.sort_values(["department", "team", "person_id"]).reset_index(drop=True)


def _team_notes(tables: Mapping[str, pd.DataFrame], people: pd.DataFrame, start: pd.Timestamp,
                end: pd.Timestamp) -> list[Problem]:
    notes = []
    homeless = people.team.isna()
    if homeless.any() and not homeless.all():
        notes.append(Problem("decompose.without_team", level="doubt", count=int(homeless.sum()),
                             found=", ".join(people.person_id[homeless][:5])))
    members = tables["membership"]
    current = members[members.valid_to.isna() | (members.valid_to >= start)]
    inhabited = set(zip(people.department, people.team, strict=True))
    later = current[(current.valid_from > start) & current.person_id.isin(people.person_id)]
    inhabited |= set(zip(later.department, later.team, strict=True))
    teams = current[["department", "team"]].dropna().drop_duplicates().itertuples(index=False)
    empty = [f"{department}/{team}" for department, team in teams if (department, team) not in inhabited]
    if empty:
        notes.append(Problem("decompose.empty_teams", level="note", count=len(empty), found=", ".join(empty)))
    moving = current[(current.valid_from > start) & (current.valid_from <= end)]
    joined = people.set_index("person_id").hire_date
    moving = moving[moving.person_id.isin(people.person_id)
                    & ~(moving.person_id.map(joined) >= moving.valid_from)]
    if len(moving):
        notes.append(Problem("decompose.moves_ahead", level="doubt", count=int(moving.person_id.nunique()),
                             found=", ".join(moving.person_id.unique()[:5])))
    return notes


def _days_present(months: pd.DatetimeIndex, hired: Array, left: Array) -> Array:
    """Share of each month's days between joining and leaving, both days counted."""
    day = np.timedelta64(1, "D")
    begin = months.to_numpy().astype("datetime64[D]")
    end = (months + pd.offsets.MonthEnd(0)).to_numpy().astype("datetime64[D]") + day
    joins = np.where(np.isnat(hired), begin[0], hired.astype("datetime64[D]"))[:, None]
    goes = np.where(np.isnat(left), end[-1], left.astype("datetime64[D]") + day)[:, None]
    days = (np.minimum(end, goes) - np.maximum(begin, joins)) / day
    return np.asarray(np.clip(days, 0, None) / ((end - begin) / day), float)


def _ramp_ahead(months: pd.DatetimeIndex, hired: Array, ramp: Ramp) -> Array:
    ahead = months.to_numpy().astype("datetime64[M]").astype(int)
    joined = np.where(np.isnat(hired), np.nan, hired.astype("datetime64[M]").astype(float))
    return ramp_share(ahead - joined[:, None] + 1, ramp)
