"""Four answers to "how much next?", side by side: last 12 months, forecast, market, capacity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.forecasting.book import FULL_YEAR, Staffed, staff_book
from salesgoals.forecasting.newcomers import settle_levels
from salesgoals.forecasting.ramp import Ramp
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.forecasting.season import safe_divide
from salesgoals.forecasting.smoothing import Projection
from salesgoals.history import monthly_sales
from salesgoals.words import say

BOARD = ["estimate", "total", "low", "high", "change", "basis"]
DISAGREE = .02  # points of growth by which published and computed growth may differ
UNKNOWN_NOISE = .5
TAKEN_OVER = "cycle.taken_over"  # how the notes begin that a retrospective adds to a forecast
UNKNOWN = (np.nan, np.nan, np.nan)


def estimate_board(tables: Mapping[str, pd.DataFrame], forecast: Forecast) -> pd.DataFrame:
    """Put four estimates of the coming period side by side: last 12 months, forecast, market, capacity.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders (or won opportunities), people, market.
    forecast : Forecast
        From :func:`salesgoals.forecast.forecast_sales`; gives the period.

    Returns
    -------
    DataFrame
        Rows last_12, forecast, market, capacity; columns estimate, total, low, high (whole currency units),
        change (share against the last 12 months), basis (what it rests on, or what is missing, in the
        language in use). What is not known is NaN, never 0.

    Notes
    -----
    **last_12** is what was sold in the months of the last year that the period repeats. **market** is the
    same grown by the market's last year: published growth where there is any (levels are often restated:
    in China's retail sales of May 2018 levels gave 3.1 %, the published figure was 8.5 %), else growth of the
    levels; both are named when they differ by more than 2 points. **capacity** is people on board x their
    level when fully grown (newcomers' drawn to the typical level) x months present x growth curve x season.

    Examples
    --------
    >>> from salesgoals.forecast import forecast_sales
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({"person_id": "7", "amount": 10.,
    ...     "date": pd.date_range("2024-01-15", periods=24, freq="MS")}))
    >>> board = estimate_board(tables, forecast_sales(monthly_sales(tables)))
    >>> board.set_index("estimate").total.round().to_dict()
    {'last_12': 120.0, 'forecast': 120.0, 'market': nan, 'capacity': 120.0}
    """
    start = forecast.unit_months.month.iloc[0]
    months = len(forecast.unit_months)
    base, base_basis = _last_year(forecast, months, _of_nobody(tables, start, months))
    rows = [("last_12", base, np.nan, np.nan, base_basis),
            ("forecast", forecast.unit["mean"], forecast.unit["low"], forecast.unit["high"],
             _basis_of_forecast(forecast)),
            ("market", *_market(tables["market"], base, start)),
            ("capacity", *_capacity(tables, forecast, start, months))]
    board = pd.DataFrame([(name, total, low, high, np.nan, basis) for name, total, low, high, basis in rows],
                         columns=BOARD)
    board["change"] = board.total / base - 1 if base > 0 else np.nan
    return board


def _basis_of_forecast(forecast: Forecast) -> str:
    """Say what the forecast rests on, and which retrospective it starts from."""
    basis = [say("goal.basis_forecast", months=forecast.history_months, coverage=forecast.coverage)]
    basis += [say("cycle.basis", period=period) for period in dict.fromkeys(
        note.values["period"] for note in forecast.notes if note.code.startswith(TAKEN_OVER))]
    return say("goal.sentence_gap").join(basis)


def _of_nobody(tables: Mapping[str, pd.DataFrame], start: pd.Timestamp, months: int) -> float:
    """Sales without a person in the months of last year that the period repeats."""
    history = monthly_sales(tables)
    before = start - pd.DateOffset(years=1)
    until = start if months >= FULL_YEAR else before + pd.DateOffset(months=months)
    return float(history.amount[(history.person_id == "") & (history.month >= before)
                                & (history.month < until)].sum())


def _last_year(forecast: Forecast, months: int, of_nobody: float) -> tuple[float, str]:
    if forecast.history_months < FULL_YEAR:
        return np.nan, say("goal.basis_last_12_short", months=forecast.history_months)
    last_12 = float(forecast.unit["last_12"])
    if months == FULL_YEAR:
        return last_12 + of_nobody, say("goal.basis_last_12")
    before = forecast.unit_months.last_year
    if before.notna().all():
        return float(before.sum()) + of_nobody, say("goal.basis_same_months")
    return last_12 * months / FULL_YEAR + of_nobody, say("goal.basis_last_12_scaled", months=months)


def _market(market: pd.DataFrame, base: float, start: pd.Timestamp) -> tuple[float, float, float, str]:
    """Last 12 months grown like the market in its last year before the period."""
    known = market[(market.month < start) & (market.level.notna() | market.growth.notna())]
    if known.empty:
        return *UNKNOWN, say("goal.basis_market_missing")
    counts = known.groupby("source", dropna=False).size()
    source = counts.index[int(np.argmax(counts.to_numpy()))]
    known = known[known.source.isna() if pd.isna(source) else known.source == source]
    last = known.month.max()
    recent = known[known.month > last - pd.DateOffset(months=FULL_YEAR)]
    published, computed = _published(recent), _computed(known, recent)
    growth = published if np.isfinite(published) else computed
    if not np.isfinite(growth):
        return *UNKNOWN, say("goal.basis_market_no_growth", through=f"{last:%Y-%m}")
    if not np.isfinite(base):
        return *UNKNOWN, say("goal.basis_market_no_base", growth=growth)
    key = "goal.basis_market_published" if np.isfinite(published) else "goal.basis_market_levels"
    basis = [say(key, growth=growth, through=f"{last:%Y-%m}",
                 source=say("goal.source_unnamed") if pd.isna(source) else source)]
    if np.isfinite(published) and np.isfinite(computed) and abs(published - computed) > DISAGREE:
        basis.append(say("goal.basis_market_disagree", published=published, computed=computed))
    if len(counts) > 1:
        basis.append(say("goal.basis_market_sources", count=len(counts) - 1))
    if last < start - pd.DateOffset(months=7):
        basis.append(say("goal.basis_market_old", through=f"{last:%Y-%m}"))
    return base * (1 + growth), np.nan, np.nan, say("goal.sentence_gap").join(basis)


def _published(recent: pd.DataFrame) -> float:
    """Published growth over the last 12 months, weighted by the levels it grew from where they are known."""
    rows = recent[recent.growth.notna() & (recent.growth > -1)]
    if rows.empty:
        return np.nan
    if rows.level.notna().all() and (rows.level > 0).all():
        return float(rows.level.sum() / (rows.level / (1 + rows.growth)).sum() - 1)
    return float(rows.growth.mean())


def _computed(known: pd.DataFrame, recent: pd.DataFrame) -> float:
    """Growth of the levels, over months and segments that stand in both years."""
    before = known[["month", "segment", "level"]].assign(month=known.month + pd.DateOffset(years=1))
    both = recent.merge(before, on=["month", "segment"], suffixes=("", "_before")).dropna(
        subset=["level", "level_before"])
    total = float(both.level_before.sum())
    return float(both.level.sum() / total - 1) if total > 0 else np.nan


def _capacity(tables: Mapping[str, pd.DataFrame], forecast: Forecast, start: pd.Timestamp,
              months: int) -> tuple[float, float, float, str]:
    """What the people on board would sell at their usual strength: no growth, no trend."""
    sales = monthly_sales(tables)
    sales = sales[(sales.person_id != "") & (sales.month < start)]
    if sales.empty:
        return *UNKNOWN, say("goal.basis_capacity_missing")
    dated = len(tables["people"]) > 0 and bool(tables["people"].hire_date.notna().any())
    staffed, level, season, ramp = hands_on_board(tables, forecast)
    strength = staffed.future_present * staffed.future_ramp * season
    on_board = ~staffed.left & (staffed.future_present[:, -months:].sum(1) > 0)
    total = float((level[on_board] @ strength[on_board][:, -months:]).sum())
    basis = [say("goal.basis_capacity", people=int((on_board & (level > 0)).sum()))]
    if not dated:
        basis.append(say("goal.basis_capacity_no_dates"))
    elif ramp is not None:
        basis.append(say("goal.basis_capacity_ramp", hires=ramp.hires, midpoint=ramp.midpoint))
    return total, np.nan, np.nan, say("goal.sentence_gap").join(basis)


def hands_on_board(tables: Mapping[str, pd.DataFrame],
                   forecast: Forecast) -> tuple[Staffed, np.ndarray, np.ndarray, Ramp | None]:
    """Set out who will be there in the forecast's months, and what each sells in a normal month when grown.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; they must hold sales of people.
    forecast : Forecast
        Of the months in question.

    Returns
    -------
    tuple
        The staffed book, levels (people,) in currency units, season of its future months, and the growth
        curve (None without a list of people).
    """
    start, months = forecast.unit_months.month.iloc[0], len(forecast.unit_months)
    sales = monthly_sales(tables)
    sales = sales[(sales.person_id != "") & (sales.month < start)]
    people = tables["people"][["person_id", "hire_date", "leave_date"]] if len(tables["people"]) else None
    ramp = fit_ramp(sales, people) if people is not None else None
    staffed = staff_book(sales, start, months, people, *([ramp] if ramp else []))
    season = forecast.season.reindex(staffed.future.month).to_numpy()
    return staffed, _grown_level(staffed, forecast, ramp.error if ramp else 0.), season, ramp


def _grown_level(staffed: Staffed, forecast: Forecast, ramp_error: float) -> np.ndarray:
    """Sales of a normal month when fully grown, from the last year; newcomers' drawn to the others'."""
    book = staffed.book
    recent = slice(-FULL_YEAR, None)
    indices = forecast.season.to_numpy()[book.month]
    exposure = (book.present * book.ramp * indices)[:, recent].sum(1)
    own = np.maximum(safe_divide((book.sales * book.present)[:, recent].sum(1), exposure), 0)
    ones = np.ones((len(own), len(staffed.future)))
    known = forecast.months[forecast.months["mean"] > 0]
    noise = float((known.sd / known["mean"]).median()) if len(known) else UNKNOWN_NOISE
    return settle_levels(staffed, Projection(own, ones, forecast.season.to_numpy()), noise,
                         Ramp(error=ramp_error))[0]
