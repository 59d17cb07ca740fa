"""How good was the forecast made at the start? Beside what happened, and beside the simplest forecast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from salesgoals.forecast import Forecast
from salesgoals.forecasting.uncertainty import band
from salesgoals.hindsight.expected import Before
from salesgoals.hindsight.gap import Sides
from salesgoals.hindsight.months import shift_dates
from salesgoals.history import monthly_sales

COLUMNS = ["by", "unit", "month", "forecast", "low", "high", "actual", "error", "share", "naive",
           "naive_error", "inside"]
GRADES = ["measure", "value", "naive", "n", "grade"]
ALIKE = .05       # of the simplest forecast's error: no difference to speak of
YEAR = 12


def grade_months(tables: Mapping[str, pd.DataFrame], gap: pd.DataFrame, sides: Sides,
                 before: Before) -> pd.DataFrame:
    """Set forecast, result and the simplest forecast side by side, by month and for the whole period.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.grade_forecast`.
    """
    if before.forecast is None:
        return pd.DataFrame(columns=COLUMNS)
    sold = monthly_sales(shift_dates(tables, before.months.shift))
    sold = sold[sold.person_id != ""].groupby(["person_id", "month"]).amount.sum()
    months = before.forecast.months.assign(by="person", unit=lambda rows: rows.person_id)
    keys = pd.MultiIndex.from_frame(months[["person_id", "month"]])
    months["actual"] = sold.reindex(keys).fillna(0.0).to_numpy()
    months["naive"] = _naive(sold, months, before)
    home = sides.people.drop_duplicates("person_id").set_index("person_id").node
    whole = before.months.weights == 1
    parts = []
    if whole.all():
        parts.append(months)
        node = months.person_id.map(home).fillna("")
        parts.append(_add_up(before.forecast, months, pd.Series("all", index=months.index), "all"))
        parts.append(_add_up(before.forecast, months[node != ""], node[node != ""], "team"))
    weight = months.month.map(pd.Series(before.months.weights, index=before.forecast.unit_months.month))
    total = sides.spread.reset_index()
    total = total.merge(gap[["by", "unit", "actual"]], on=["by", "unit"])
    simple = (months.naive * weight).groupby(months.person_id).sum()
    people = total[total.by == "person"]
    total["naive"] = total.unit.map(simple).where(total.by == "person")
    total.loc[total.by == "all", "naive"] = simple.reindex(people.unit).sum()
    by_node = simple.groupby(home.reindex(simple.index)).sum()
    total.loc[total.by == "team", "naive"] = total.unit.map(by_node)
    parts.append(total.assign(month=pd.NaT))
    table = pd.concat([part.rename(columns={"mean": "forecast"}) for part in parts], ignore_index=True)
    table["error"] = table.actual - table.forecast
    table["share"] = (table.error / table.forecast).where(table.forecast > 0)
    table["naive_error"] = table.actual - table.naive
    table["inside"] = table.actual.between(table.low - .005, table.high + .005)
    table["month"] = pd.to_datetime(table.month)
    return table[COLUMNS].sort_values(["by", "unit", "month"], ignore_index=True)


def _add_up(forecast: Forecast, months: pd.DataFrame, unit: pd.Series, by: str) -> pd.DataFrame:
    """Add people's months up; their errors lean the same way as far as the forecast says."""
    table = months.assign(unit=unit, square=months.sd ** 2).groupby(["unit", "month"], as_index=False)[
        ["mean", "sd", "square", "actual", "naive"]].sum()
    shared = forecast.people_correlation
    spread = np.sqrt((1 - shared) * table.square + shared * table.sd ** 2)
    spread = np.maximum(spread, forecast.level_floor * table["mean"])
    score = float(-ndtri((1 - forecast.coverage) / 2))
    low, high = band(table["mean"].to_numpy(), spread.to_numpy(), score, score)
    return table.assign(by=by, low=low, high=high)


def _naive(sold: pd.Series, months: pd.DataFrame, before: Before) -> np.ndarray:
    """Expect what was sold in the same month a year before; without it, the mean month of the year before."""
    keys = pd.MultiIndex.from_arrays([months.person_id, months.month - pd.DateOffset(years=1)])
    known = sold.index.get_level_values("month").min() <= before.months.first - pd.DateOffset(years=1)
    year = sold[sold.index.get_level_values("month").to_series().between(*before.year).to_numpy()]
    mean = year.groupby("person_id").sum() / max(year.index.get_level_values("month").nunique(), 1)
    usual = months.person_id.map(mean).fillna(0.0)
    return np.asarray(sold.reindex(keys).fillna(0.0).to_numpy() if known else usual)


def sum_up_grades(graded: pd.DataFrame, coverage: float) -> pd.DataFrame:
    """Sum the grades up: error beside the simplest forecast, lean, and how often the band held.

    Parameters
    ----------
    graded : DataFrame
        From :func:`grade_months`.
    coverage : float
        Share of results that the bands were meant to hold.

    Returns
    -------
    DataFrame
        Columns measure, value, naive (the same of the simplest forecast), n, grade. **person_month**,
        **person**, **total_month**: sum of errors over sum of results; **total**: error of the whole (share,
        with its sign); **band**: share of people's months inside. grade: better, alike, worse (than the
        simplest forecast); of total inside or outside its band; of band held, too_narrow or too_wide;
        unknown.
    """
    rows: list[tuple[str, float, float, int, str]] = []
    monthly = graded.month.notna()
    for measure, chosen in (("person_month", (graded.by == "person") & monthly),
                            ("person", (graded.by == "person") & ~monthly),
                            ("total_month", (graded.by == "all") & monthly)):
        part = graded[chosen]
        size = float(part.actual.abs().sum())
        if part.empty or size == 0:
            rows.append((measure, np.nan, np.nan, 0, "unknown"))
            continue
        own, simple = float(part.error.abs().sum()) / size, float(part.naive_error.abs().sum()) / size
        ratio = own / simple if simple > 0 else np.nan
        grade = "unknown" if np.isnan(ratio) else "better" if ratio < 1 - ALIKE else (
            "worse" if ratio > 1 + ALIKE else "alike")
        rows.append((measure, own, simple, len(part), grade))
    whole = graded[(graded.by == "all") & ~monthly]
    if len(whole):
        row = whole.iloc[0]
        rows.append(("total", float(row.share), float(row.actual / row.naive - 1) if row.naive else np.nan, 1,
                     "inside" if row.inside else "outside"))
    part = graded[(graded.by == "person") & monthly]
    part = part if len(part) else graded[graded.by == "person"]
    if len(part):
        inside = float(part.inside.mean())
        # months of one person are alike: count people, not months, for the margin
        margin = 2 * np.sqrt(coverage * (1 - coverage) / max(part.unit.nunique(), 1))
        off = inside - coverage
        grade = "held" if abs(off) <= margin else "too_narrow" if off < 0 else "too_wide"
        rows.append(("band", inside, coverage, len(part), grade))
    return pd.DataFrame(rows, columns=GRADES)
