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
from salesgoals.windows import close_windows

YEAR = 12
HALF_MONTH = 15
GOAL_COLUMNS = ["department", "team", "person_id", "person", "start", "end", "product_line", "metric", "goal",
                "unit"]
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
    start, months = _span(rows)
    history = monthly_sales(tables)
    if forecast is None:
        forecast = _forecast_then(tables, history, start, len(months), country)
    lines = line_margins(tables, start)
    market = float("nan")
    if forecast is not None:
        board = estimate_board(tables, forecast).set_index("estimate")
        market = float(board.change.get("market", np.nan))
    case = assemble_case(rows, history, forecast, tables["people"], known, lines, market)
    earlier = _share_of_goals(tables["goals"], months)
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
    start, months = _span(rows)
    past = history[(history.month < start) & (history.person_id != "")]
    amounts = rows[rows.metric.fillna("amount").eq("amount") & rows.person_id.notna()]
    table = _people(amounts, past, forecast, months)
    goal = float(amounts.goal.sum())
    covered = len(months) > 0 and len(past) > 0 and past.month.min() <= months[0] - pd.DateOffset(years=1)
    unit = None if forecast is None else forecast.unit
    likely = np.nan
    if forecast is not None and goal > 0:
        likely = chance(forecast, goal)
    longest = 0 if rows.empty else int(_length(rows).max())
    usual = _usual(months, forecast)
    lines = pd.DataFrame() if lines is None else _with_goals(lines, amounts, past, months if covered else None)
    return Case(goals=rows, people=table, months=_by_month(amounts, months, usual, longest),
                uncovered=_uncovered(rows, past, people, months), known=_or_empty(known), lines=lines, goal=goal,
                base=_sales_between(past, months - pd.DateOffset(years=1)) if covered else np.nan,
                expected=np.nan if unit is None else float(unit["mean"]),
                low=np.nan if unit is None else float(unit["low"]),
                high=np.nan if unit is None else float(unit["high"]), chance=float(likely), market=market,
                seen=int(past.month.nunique()), longest=longest, scale=_share_of_year(months, forecast))


def in_windows(goals: pd.DataFrame) -> pd.DataFrame:
    """Bring goals of a plan, or imported ones, into one shape: each with the first and last month it is for.

    Parameters
    ----------
    goals : DataFrame
        With month, or with period_start and period_end.

    Returns
    -------
    DataFrame
        Columns department, team, person_id, person, start, end, product_line, metric, goal, unit. A window
        that starts in the second half of a month counts from the next month, one that ends in the first half
        to the month before.
    """
    if "month" in goals:
        rows = goals.assign(start=goals.month, end=goals.month)
    else:
        closed = close_windows(goals)
        shift = pd.Timedelta(days=HALF_MONTH)
        rows = closed.assign(
            start=(closed.period_start + shift).dt.to_period("M").dt.to_timestamp(),
            end=(closed.period_end.fillna(closed.period_start) - shift).dt.to_period("M").dt.to_timestamp())
        rows["end"] = rows.end.where(rows.end >= rows.start, rows.start)
    for column in GOAL_COLUMNS:
        if column not in rows:
            rows[column] = None
    named = rows.person_id.notna() & (rows.person_id.astype(object) != "")
    rows["person_id"] = rows.person_id.where(named)
    return rows[GOAL_COLUMNS].reset_index(drop=True)


def _span(rows: pd.DataFrame) -> tuple[pd.Timestamp, pd.DatetimeIndex]:
    if rows.empty:
        return pd.Timestamp.max, pd.DatetimeIndex([])
    months = pd.date_range(rows.start.min(), rows.end.max(), freq="MS")
    return months[0], months


def _length(rows: pd.DataFrame) -> pd.Series:
    return (rows.end.dt.year - rows.start.dt.year) * YEAR + rows.end.dt.month - rows.start.dt.month + 1


def _forecast_then(tables: Mapping[str, pd.DataFrame], history: pd.DataFrame, start: pd.Timestamp, months: int,
                   country: str | None) -> Forecast | None:
    """Forecast from what was on record before the goals began."""
    before = history[(history.month < start) & (history.person_id != "")]
    if before.empty or not 1 <= months <= 5 * YEAR:
        return None
    people = tables["people"] if len(tables["people"]) else None
    if people is None:
        return forecast_sales(before, start, months, country=country)
    return forecast_sales(before, start, months, people=people, ramp=fit_ramp(before, people), country=country)


def _people(amounts: pd.DataFrame, past: pd.DataFrame, forecast: Forecast | None,
            months: pd.DatetimeIndex) -> pd.DataFrame:
    if amounts.empty:
        return pd.DataFrame(columns=PEOPLE_COLUMNS)
    windows = amounts.assign(months=_length(amounts)).drop_duplicates(["person_id", "start"])
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


def _share_of_goals(goals: pd.DataFrame, months: pd.DatetimeIndex) -> float:
    """Return which part of a year these months had in the goals of the year before, if these were monthly."""
    if goals.empty or not len(months) or len(months) >= YEAR:
        return float("nan")
    rows = in_windows(goals)
    rows = rows[rows.metric.fillna("amount").eq("amount") & (rows.start == rows.end) & rows.goal.notna()]
    year = pd.date_range(months[0] - pd.DateOffset(years=1), periods=YEAR, freq="MS")
    table = rows[rows.start.isin(year)].pivot_table(index="person_id", columns="start", values="goal",
                                                    aggfunc="sum").reindex(columns=year).dropna()
    share = table[months - pd.DateOffset(years=1)].sum(axis=1) / table.sum(axis=1).where(lambda year: year > 0)
    return float(share.median())


def _by_month(amounts: pd.DataFrame, months: pd.DatetimeIndex, usual: pd.Series, longest: int) -> pd.DataFrame:
    if longest != 1 or amounts.empty:
        return pd.DataFrame(columns=["month", "goal", "usual"])
    goal = amounts.groupby("start").goal.sum().reindex(months).fillna(0.0)
    return pd.DataFrame({"month": months, "goal": goal.to_numpy(float), "usual": usual.to_numpy(float)})


def _sales_between(past: pd.DataFrame, months: pd.DatetimeIndex) -> float:
    return float(past.amount[past.month.isin(months)].sum())


def _uncovered(rows: pd.DataFrame, past: pd.DataFrame, people: pd.DataFrame,
               months: pd.DatetimeIndex) -> pd.DataFrame:
    """Find people who sell, are on board, and have months without any goal."""
    empty = pd.DataFrame({"person_id": [], "person": [], "months": []})
    if rows.empty or not len(months) or rows.person_id.isna().all():
        return empty
    set_rows = rows[rows.person_id.notna() & rows.goal.notna()]
    spans = set_rows[["person_id", "start", "end"]].drop_duplicates()
    number = {month: at for at, month in enumerate(months)}
    sellers = past.person_id[past.month > months[0] - pd.DateOffset(months=YEAR + 1)].unique()
    listed = people.drop_duplicates("person_id").set_index("person_id") if len(people) else pd.DataFrame()
    everybody = pd.Index(sellers).union(pd.Index(set_rows.person_id.unique()))
    if len(listed):
        everybody = everybody[everybody.isin(listed.index)]
    covered = np.zeros((len(everybody), len(months)), bool)
    place = everybody.get_indexer(spans.person_id)
    for at, start, end in zip(place, spans.start, spans.end, strict=True):
        if at >= 0:
            covered[at, number[start]:number[end] + 1] = True
    wanted = np.ones_like(covered)
    if len(listed):
        stamps = months.to_numpy("datetime64[D]")
        hired = listed.hire_date.reindex(everybody).to_numpy("datetime64[D]")
        left = listed.leave_date.reindex(everybody).to_numpy("datetime64[D]")
        last = (months + pd.offsets.MonthEnd(0)).to_numpy("datetime64[D]")
        wanted = ~(stamps[None, :] < hired[:, None]) & ~(last[None, :] > left[:, None])
    missing = (wanted & ~covered).sum(1)
    names = rows.drop_duplicates("person_id").set_index("person_id").person
    if len(listed):
        names = listed.name.combine_first(names)
    table = pd.DataFrame({"person_id": everybody, "person": names.reindex(everybody).to_numpy(object),
                          "months": missing})
    table["person"] = table.person.where(table.person.notna(), table.person_id)
    return table[table.months > 0].sort_values("months", ascending=False, kind="stable", ignore_index=True)


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
