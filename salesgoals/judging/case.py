"""The case that the rules look at: goals in their windows, and what was sold, expected and grown before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from salesgoals.estimates import estimate_board
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.goal import chance, chance_of_people
from salesgoals.history import monthly_sales
from salesgoals.judging.lines import line_margins
from salesgoals.judging.spans import YEAR, find_uncovered, in_windows, length_of, share_of_goals, span_of

PEOPLE_COLUMNS = ["person_id", "person", "goal", "months", "same", "last_12", "seen", "expected", "chance"]


@dataclass(frozen=True)
class Case:
    """Everything the rules look at; what is not known is NaN or an empty table.

    Parameters
    ----------
    goals : DataFrame
        Columns department, team, person_id, person, start and end (first days of the first and last month of
        the window), product_line, metric (blank = not named), goal (blank = not set), unit.
    people : DataFrame
        Column person_id, person, goal (amount), months (with a goal), same (sales of the same months a year
        before), last_12 (before the start), seen (months on record), expected, chance.
    months : DataFrame
        Columns month, goal, usual (share of the period that these months usually bring); empty where
        windows are longer than a month.
    uncovered : DataFrame
        Columns person_id, person, months: people on board with months without a goal.
    known : DataFrame
        From :func:`salesgoals.measuring.actuals.gather_measures`; empty = not looked at.
    lines : DataFrame
        From :func:`salesgoals.judging.lines.line_margins`, with goal_growth.
    goal, base, expected, low, high, chance, market : float
        Of all people together; base = sales of the same months a year before, market = its growth.
    seen : int
        Months on record before the start.
    longest : int
        Months of the longest window.
    scale : float
        Share of a year that the period brings: as the goals of the year before had it, else by season.
    """

    goals: pd.DataFrame
    people: pd.DataFrame
    months: pd.DataFrame
    uncovered: pd.DataFrame
    known: pd.DataFrame
    lines: pd.DataFrame
    goal: float
    base: float
    expected: float
    low: float
    high: float
    chance: float
    market: float
    seen: int
    longest: int
    scale: float

    @property
    def growth(self) -> float:
        """Goal over the same months a year before, as a share; NaN where these are not known."""
        return self.goal / self.base - 1 if self.base > 0 else float("nan")


def build_case(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, forecast: Forecast | None = None,
               known: pd.DataFrame | None = None, country: str | None = None) -> Case:
    """Gather what was known before the goals began, from the records alone.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    goals : DataFrame
        A plan's goals (column month), or rows of the canonical table of goals (period_start, period_end).
    forecast : Forecast, optional
        Of the goals' months; without it, one is made from the records before them.
    known : DataFrame, optional
        What the records can measure.
    country : str, optional
        For the forecast's calendar.

    Returns
    -------
    Case
        See there.
    """
    rows = in_windows(goals)
    start, months = span_of(rows)
    history = monthly_sales(tables)
    if forecast is None:
        forecast = _forecast_then(tables, history, start, len(months), country)
    lines = line_margins(tables, start)
    market = float("nan")
    if forecast is not None:
        board = estimate_board(tables, forecast).set_index("estimate")
        market = float(board.change.get("market", np.nan))
    case = assemble_case(rows, history, forecast, tables["people"], known, lines, market)
    earlier = share_of_goals(tables["goals"], months)
    return replace(case, scale=earlier) if np.isfinite(earlier) else case


def assemble_case(rows: pd.DataFrame, history: pd.DataFrame, forecast: Forecast | None, people: pd.DataFrame,
                  known: pd.DataFrame | None = None, lines: pd.DataFrame | None = None,
                  market: float = float("nan")) -> Case:
    """Put a case together from tables that are cut to its people already.

    Parameters
    ----------
    rows : DataFrame
        From :func:`in_windows`.
    history : DataFrame
        Columns month, person_id, amount.
    forecast : Forecast or None
        Of the goals' months.
    people : DataFrame
        Columns person_id, name, hire_date, leave_date, as far as known; may be empty.
    known, lines, market
        As in :class:`Case`.
    """
    start, months = span_of(rows)
    past = history[(history.month < start) & (history.person_id != "")]
    amounts = rows[rows.metric.fillna("amount").eq("amount") & rows.person_id.notna()]
    table = _people(amounts, past, forecast, months)
    goal = float(amounts.goal.sum())
    covered = len(months) > 0 and len(past) > 0 and past.month.min() <= months[0] - pd.DateOffset(years=1)
    unit = None if forecast is None else forecast.unit
    likely = np.nan
    if forecast is not None and goal > 0:
        likely = chance(forecast, goal)
    longest = 0 if rows.empty else int(length_of(rows).max())
    usual = _usual(months, forecast)
    compared = months if covered else None
    lines = pd.DataFrame() if lines is None else _with_goals(lines, amounts, past, compared)
    return Case(goals=rows, people=table, months=_by_month(amounts, months, usual, longest),
                uncovered=find_uncovered(rows, past, people, months), known=_or_empty(known),
                lines=lines, goal=goal,
                base=_sales_between(past, months - pd.DateOffset(years=1)) if covered else np.nan,
                expected=np.nan if unit is None else float(unit["mean"]),
                low=np.nan if unit is None else float(unit["low"]),
                high=np.nan if unit is None else float(unit["high"]), chance=float(likely), market=market,
                seen=int(past.month.nunique()), longest=longest, scale=_share_of_year(months, forecast))





def _forecast_then(tables: Mapping[str, pd.DataFrame], history: pd.DataFrame, start: pd.Timestamp,
                   months: int, country: str | None) -> Forecast | None:
    """Forecast from what was on record before the goals began."""
    before = history[(history.month < start) & (history.person_id != "")]
    if before.empty or not 1 <= months <= 5 * YEAR:
        return None
    people = tables["people"] if len(tables["people"]) else None
    if people is None:
        return forecast_sales(before, start, months, country=country)
    ramp = fit_ramp(before, people)
    return forecast_sales(before, start, months, people=people, ramp=ramp, country=country)


def _people(amounts: pd.DataFrame, past: pd.DataFrame, forecast: Forecast | None,
            months: pd.DatetimeIndex) -> pd.DataFrame:
    if amounts.empty:
        return pd.DataFrame(columns=PEOPLE_COLUMNS)
    windows = amounts.assign(months=length_of(amounts)).drop_duplicates(["person_id", "start"])
    result = amounts.groupby("person_id", sort=False).agg(person=("person", "first"),
                                                          goal=("goal", lambda goal: goal.sum(min_count=1)))
    result["months"] = windows.groupby("person_id").months.sum()
    earlier = months - pd.DateOffset(years=1)
    result["same"] = past[past.month.isin(earlier)].groupby("person_id").amount.sum()
    last = past[past.month > past.month.max() - pd.DateOffset(months=YEAR)] if len(past) else past
    result["last_12"] = last.groupby("person_id").amount.sum()
    first = past[past.amount != 0].groupby("person_id").month.min()
    gone = (months[0].year - first.dt.year) * YEAR + months[0].month - first.dt.month
    result["seen"] = gone.reindex(result.index)
    if forecast is None:
        result["expected"] = result["chance"] = np.nan
    else:
        result["expected"] = forecast.people["mean"].reindex(result.index)
        result["chance"] = chance_of_people(forecast, result.goal.astype(float)).to_numpy()
    return result.reset_index()[PEOPLE_COLUMNS]


def _usual(months: pd.DatetimeIndex, forecast: Forecast | None) -> pd.Series:
    if forecast is None or not len(months):
        return pd.Series(np.nan, index=months)
    mean = forecast.unit_months.set_index("month")["mean"].clip(lower=0).reindex(months)
    return mean / mean.sum() if mean.sum() > 0 else mean * np.nan


def _share_of_year(months: pd.DatetimeIndex, forecast: Forecast | None) -> float:
    if forecast is None or not len(months):
        return float("nan")
    season = forecast.season.reindex(range(1, YEAR + 1))
    return float(season.reindex(months.month).sum() / season.sum()) if season.sum() > 0 else float("nan")



def _by_month(amounts: pd.DataFrame, months: pd.DatetimeIndex, usual: pd.Series,
              longest: int) -> pd.DataFrame:
    if longest != 1 or amounts.empty:
        return pd.DataFrame(columns=["month", "goal", "usual"])
    goal = amounts.groupby("start").goal.sum().reindex(months).fillna(0.0)
    return pd.DataFrame({"month": months, "goal": goal.to_numpy(float), "usual": usual.to_numpy(float)})


def _sales_between(past: pd.DataFrame, months: pd.DatetimeIndex) -> float:
    return float(past.amount[past.month.isin(months)].sum())



def _with_goals(lines: pd.DataFrame, amounts: pd.DataFrame, past: pd.DataFrame,
                months: pd.DatetimeIndex | None) -> pd.DataFrame:
    """Say by how much each line's goal grows on the same months; without goals by line, by the whole's."""
    if lines.empty or months is None:
        return lines.assign(goal_growth=np.nan)
    last = past[past.month.isin(months - pd.DateOffset(years=1))]
    if amounts.product_line.notna().any() and "product_line" in last:
        goals = amounts.groupby("product_line").goal.sum().reindex(lines.product_line).to_numpy(float)
        sold = last.groupby("product_line").amount.sum().reindex(lines.product_line).to_numpy(float)
        grows = np.divide(goals, sold, out=np.full(len(lines), np.nan), where=sold > 0) - 1
    else:
        whole = float(last.amount.sum())
        grows = np.full(len(lines), float(amounts.goal.sum()) / whole - 1 if whole > 0 else np.nan)
    return lines.assign(goal_growth=grows)


def _or_empty(table: pd.DataFrame | None) -> pd.DataFrame:
    return pd.DataFrame() if table is None else table
