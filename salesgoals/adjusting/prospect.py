"""What each person has sold so far and may still sell, and with what chance that makes a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from salesgoals.adjusting.base import VACANT, Base
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.forecasting.probability import chance_of_total, chances_of_each, log_moments, outlook
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.history import credited_sales, first_of_month, monthly_sales
from salesgoals.periods import DAYS_OFF
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workdays import working_days

LONGEST = 60  # months that a forecast reaches
COLUMNS = ["so_far", "to_come", "sd", "since", "rest", "rest_sd"]


@dataclass(frozen=True)
class Prospect:
    """Sales so far and to come, within the span of the goals.

    Parameters
    ----------
    people : DataFrame
        Index person_id; so_far (sold in the span), to_come and sd (expected by its end, and how unsure),
        since (of so_far: sold from the day of the change on), rest and rest_sd (of to_come: from that day
        on). NaN for people whom the forecast does not know.
    correlation : float
        How far people's luck leans the same way.
    known_until : Timestamp
        Last day of the records; NaT without sales.
    ramp : Ramp
        How newcomers grow here.
    notes : tuple of Problem
        What a reader should know.
    """

    people: pd.DataFrame
    correlation: float
    known_until: pd.Timestamp
    ramp: Ramp = PRIOR_RAMP
    notes: tuple[Problem, ...] = ()

    def with_people(self, people: pd.DataFrame) -> Prospect:
        """The same with other expectations."""
        return replace(self, people=people)


def look_ahead(tables: Mapping[str, pd.DataFrame], base: Base, country: str = "CN") -> Prospect:
    """Add up what was sold in the span of the goals and forecast what is still to come, from the newest data.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    base : Base
        The goals.
    country : str
        Two letters: whose working days and festivals count.

    Returns
    -------
    Prospect
        With expectations of NaN where there are no records to forecast from: the note says so.
    """
    start, end = base.rows.period_start.min(), base.rows.period_end.max()
    index = pd.Index(base.people.person_id, name="person_id")
    sales = credited_sales(tables).dropna(subset=["date"])
    if sales.empty:
        nothing = pd.DataFrame(np.nan, index=index, columns=COLUMNS).assign(so_far=0., since=0.)
        return Prospect(nothing, 0., pd.NaT, notes=(Problem("adjust.no_sales", level="doubt"),))
    known = sales.date.max().normalize()
    inside = sales[(sales.date >= start) & (sales.date < end + pd.Timedelta(days=1))]
    table = pd.DataFrame(index=index)
    for name, part in (("so_far", inside), ("since", inside[inside.date >= base.day])):
        table[name] = part.groupby("person_id").amount.sum().reindex(index).fillna(0.)
    first, from_day = _next_month(known, base.day)
    people = tables["people"] if len(tables["people"]) else None
    notes: list[Problem] = []
    forecast, ramp = None, PRIOR_RAMP
    months = (end.year - first.year) * 12 + end.month - first.month + 1
    history = monthly_sales(tables)
    sellers = history[(history.person_id != "") & (history.month < first)]
    if len(sellers) and 0 < months <= LONGEST:
        try:
            ramp = PRIOR_RAMP if people is None else fit_ramp(sellers, people)
            forecast = forecast_sales(sellers, first, months, people=people, ramp=ramp, country=country)
        except SalesgoalsError as error:
            notes += [_as_doubt(problem) for problem in error.problems]
    if forecast is None:
        ahead = 0. if months <= 0 else np.nan
        table[["to_come", "sd", "rest", "rest_sd"]] = ahead
        return Prospect(table[COLUMNS], 0., known, ramp, tuple(notes))
    for name, begin in (("to_come", from_day), ("rest", max(base.day, from_day))):
        mean, sd = _expected(forecast, max(begin, start), end, country)
        table[name] = mean.reindex(index)
        table["sd" if name == "to_come" else "rest_sd"] = sd.reindex(index)
    # Who has left by the records, and a vacancy, sells nothing more; who was never seen is not known.
    gone = ~index.isin(forecast.people.index) & index.isin(sellers.person_id.unique())
    gone |= np.array([str(person).startswith(VACANT) for person in index])
    table.loc[gone, ["to_come", "sd", "rest", "rest_sd"]] = 0.
    # Nor is anybody counted on who has no goal any more: an adjustment knew of it before the records did.
    idle = _without_goal(base) & table["rest"].notna().to_numpy()
    left = table.to_come - table["rest"]
    table.loc[idle, "sd"] *= (left / table.to_come).where(table.to_come > 0, 0.)[idle]
    table.loc[idle, "to_come"] = left[idle]
    table.loc[idle, ["rest", "rest_sd"]] = 0.
    if (strange := table["rest"].isna()).any():
        notes.append(Problem("adjust.unknown_people", level="note", n=int(strange.sum())))
    return Prospect(table[COLUMNS], float(forecast.people_correlation), known, ramp, tuple(notes))


def _without_goal(base: Base) -> NDArray[np.bool_]:
    """Tell who has no goal from the day on: nothing open now, and no window that begins later."""
    later = (base.windows.period_start >= base.day).to_numpy()
    return np.asarray(~base.cells.any((1, 2)) & ~base.there[:, later].any((1, 2)))


def _as_doubt(problem: Problem) -> Problem:
    return Problem(problem.code, level="doubt", **problem.values)


def _next_month(known: pd.Timestamp, day: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First month to forecast, and the first day that is not known yet.

    The month of the last record counts as over when its end is near (the last days may be days off) or when
    the change begins after it; else it is still running.
    """
    month_end = known + pd.offsets.MonthEnd(0)
    following = month_end + pd.Timedelta(days=1)
    if month_end - known <= pd.Timedelta(days=DAYS_OFF) or day >= following:
        return following, following
    return known.replace(day=1), max(known + pd.Timedelta(days=1), min(day, following))


def _expected(forecast: Forecast, begin: pd.Timestamp, end: pd.Timestamp,
              country: str) -> tuple[pd.Series, pd.Series]:
    """Expected sales of each person between two days, and their spread; months count by working days."""
    months = pd.DatetimeIndex(forecast.months.month.unique())
    if begin > end or not len(months):
        nothing = pd.Series(0., index=forecast.people.index)
        return nothing, nothing
    days = working_days(months.min(), months.max() + pd.offsets.MonthEnd(0), country)
    month = first_of_month(days.date)
    wanted = days.working & days.date.between(begin, end)
    whole = days.working.groupby(month).sum()
    share = (wanted.groupby(month).sum() / whole.where(whole > 0)).fillna(0.)
    parts = forecast.months.assign(part=forecast.months["mean"] * forecast.months.month.map(share))
    mean = parts.groupby("person_id").part.sum().reindex(forecast.people.index).fillna(0.)
    whole_mean = forecast.people["mean"]
    # A part of the time: the same relative doubt, for most of it is about the person's level.
    return mean, forecast.people.sd * (mean / whole_mean.where(whole_mean > 0)).fillna(0.)


def chances(base: Base, prospect: Prospect, people: pd.DataFrame, goals: pd.DataFrame,
            cells: np.ndarray) -> pd.DataFrame:
    """Say for everybody, each team and the whole with what chance goals are reached.

    Parameters
    ----------
    base : Base
        The day and unit.
    prospect : Prospect
        Sales so far and to come.
    people : DataFrame
        Columns person_id, person, department, team.
    goals : DataFrame
        Goals of the whole span.
    cells : array
        Open units of these people.

    Returns
    -------
    DataFrame
        Columns by (all, team, person), unit, name, goal, open (from the day on), so_far, expected (by the
        end of the span), chance (of the whole goal, sales so far counted), rest_expected, rest_chance (of the
        open goal alone). A chance is NaN where the records do not know enough.
    """
    people = people.reset_index(drop=True)
    ids = people.person_id
    known = prospect.people.reindex(ids).reset_index(drop=True)
    table = pd.DataFrame({
        "goal": goals.groupby("person_id").goal.sum().reindex(ids).fillna(0).to_numpy(float),
        "open": base.money(cells.sum((1, 2)).astype(float)),
        "so_far": known.so_far, "to_come": known.to_come, "sd": known.sd, "since": known.since,
        "rest": known.rest, "rest_sd": known.rest_sd})
    rows = [_of_people(table).assign(by="person", unit=ids, name=people.person.fillna(ids))]
    placed = people.department.notna() & people.team.notna()
    place = people.department.astype(object) + "/" + people.team.astype(object)
    if place[placed].nunique() > 1:
        teams = [(unit, group) for unit, group in table[placed].groupby(place[placed])]
        rows.insert(0, pd.DataFrame([_of_unit(group, prospect.correlation) | {
            "by": "team", "unit": unit, "name": str(unit).split("/")[-1]} for unit, group in teams]))
    rows.insert(0, pd.DataFrame([_of_unit(table, prospect.correlation) | {
        "by": "all", "unit": "all", "name": ""}]))
    columns = ["by", "unit", "name", "goal", "open", "so_far", "expected", "chance", "rest_expected",
               "rest_chance"]
    return pd.concat(rows, ignore_index=True)[columns]


def _of_people(table: pd.DataFrame) -> pd.DataFrame:
    whole = chance_of_missing(table.to_come, table.sd, table.goal - table.so_far)
    rest = chance_of_missing(table.rest, table.rest_sd, table.open - table.since)
    return table[["goal", "open", "so_far"]].assign(
        expected=table.so_far + table.to_come, chance=whole, rest_expected=table.since + table.rest,
        rest_chance=rest)


def chance_of_missing(mean: pd.Series, sd: pd.Series, missing: pd.Series) -> np.ndarray:
    """Say with what chance each person sells what is still missing; NaN where the records know nothing."""
    found = chances_of_each(mean.fillna(0.).to_numpy(), sd.fillna(0.).to_numpy(), missing.to_numpy(float))
    return np.where(mean.isna() & (missing > 0), np.nan, found)


def _of_unit(table: pd.DataFrame, correlation: float) -> dict[str, float]:
    """Chance of people together; whom the records do not know counts with nothing."""
    found = {"goal": table.goal.sum(), "open": table.open.sum(), "so_far": table.so_far.sum(),
             "expected": table.so_far.sum() + table.to_come.sum(min_count=1),
             "rest_expected": table.since.sum() + table.rest.sum(min_count=1)}
    for name, mean, sd, missing in (("chance", "to_come", "sd", found["goal"] - found["so_far"]),
                                    ("rest_chance", "rest", "rest_sd", found["open"] - table.since.sum())):
        unknown = table[mean].isna().all() and missing > 0
        found[name] = np.nan if unknown else chance_of_total(
            outlook(table[mean].fillna(0.).to_numpy(), table[sd].fillna(0.).to_numpy(), correlation), missing)
    return found


def level_with_chance(mean: float, sd: float, chance: float) -> float:
    """Find what one person sells at least with a given chance.

    Examples
    --------
    >>> round(level_with_chance(100., 30., .5), 1)
    95.8
    """
    if not mean > 0:
        return 0.
    centre, spread = (float(value) for value in log_moments(np.asarray(mean), np.asarray(max(sd, 0.))))
    return float(np.exp(centre - spread * ndtri(chance)))
