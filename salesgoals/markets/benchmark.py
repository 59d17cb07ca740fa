"""The market's own figures: which series there are, how much it grew, and where two readings disagree.

Associations and statistical offices restate the base of their series: the companies covered change, and the
levels of two years can no longer be compared. The growth they publish compares like with like, so it goes
first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.problems import Problem

DISAGREE = .02  # points of growth by which published growth and growth of the levels may differ
YEAR = pd.DateOffset(years=1)
PAIRED = (1, 2)  # January and February are often published as one record


class Growth(NamedTuple):
    """How much a market grew over some months."""

    growth: float       # share; NaN where not known
    source: str         # published | levels | unknown
    months: int         # of those asked for that the series knows
    base: float         # level a year before, as far as known


UNKNOWN = Growth(np.nan, "unknown", 0, np.nan)


def read_series(market: pd.DataFrame) -> pd.DataFrame:
    """List every month of every series with growth as published and as it follows from the levels.

    Parameters
    ----------
    market : pandas.DataFrame
        The canonical table.

    Returns
    -------
    pandas.DataFrame
        Columns source, segment ("" where not named), month, level, level_before, published, from_levels,
        difference, disagree (more than 2 points apart).
    """
    known = market[market.level.notna() | market.growth.notna()]
    series = known.assign(source=known.source.fillna(""), segment=known.segment.fillna(""))
    series = series.drop_duplicates(["source", "segment", "month"]).rename(columns={"growth": "published"})
    before = series[["source", "segment", "month", "level"]].assign(month=series.month + YEAR)
    both = series.merge(before, on=["source", "segment", "month"], how="left", suffixes=("", "_before"))
    usable = (both.level > 0) & (both.level_before > 0)
    both["from_levels"] = (both.level / both.level_before - 1).where(usable)
    both["difference"] = both.published - both.from_levels
    both["disagree"] = both.difference.abs() > DISAGREE
    order = ["source", "segment", "month"]
    return both[[*order, "level", "level_before", "published", "from_levels", "difference",
                 "disagree"]].sort_values(order, ignore_index=True)


def main_source(series: pd.DataFrame) -> pd.DataFrame:
    """Keep the source with the most records: two sources are two definitions and cannot be mixed."""
    if not len(series):
        return series
    counts = series.groupby("source").size()
    return series[series.source == counts.index[int(np.argmax(counts.to_numpy()))]]


def months_known(months: pd.Series | pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Tell which months a series speaks about; January and February in one record count as both."""
    known = pd.DatetimeIndex(months).unique()
    found = [bool((known.month == number).any()) for number in PAIRED]
    if len(known) and sum(found) == 1 and len(known) > 2:
        there = PAIRED[found.index(True)]
        other = sum(PAIRED) - there
        known = known.union(pd.DatetimeIndex([pd.Timestamp(day.year, other, 1) for day in known
                                              if day.month == there]))
    return known


def grow_over(series: pd.DataFrame, months: pd.DatetimeIndex) -> Growth:
    """Add up how much one or several series grew over some months.

    Parameters
    ----------
    series : pandas.DataFrame
        Rows of :func:`read_series`, of one source.
    months : DatetimeIndex
        The months of the later year.

    Returns
    -------
    Growth
        From published growth where there is any, each month weighted by the level that it grew from;
        otherwise from levels that stand in both years.
    """
    known = months.intersection(months_known(series.month))
    paired = known.union(pd.DatetimeIndex([pd.Timestamp(day.year, sum(PAIRED) - day.month, 1)
                                           for day in known if day.month in PAIRED]))
    rows = series[series.month.isin(paired)]
    published = rows[rows.published.notna() & (rows.published > -1)]
    if len(published):
        if (published.level > 0).all():
            base = float((published.level / (1 + published.published)).sum())
            return Growth(float(published.level.sum()) / base - 1, "published", len(known), base)
        return Growth(float(published.published.mean()), "published", len(known), np.nan)
    levels = rows[rows.from_levels.notna()]
    if len(levels):
        base = float(levels.level_before.sum())
        return Growth(float(levels.level.sum()) / base - 1, "levels", len(known), base)
    return UNKNOWN


def plain_name(name: object) -> str:
    """Write a name without case and spaces, so that "Office " and "office" are one segment."""
    return "".join(str(name).split()).casefold()


def series_notes(series: pd.DataFrame, months: pd.DatetimeIndex) -> list[Problem]:
    """Say what a reader must know before trusting the market's figures.

    Returns
    -------
    list of Problem
        No figures; several sources; months in which published growth and growth of the levels disagree;
        months compared that the market's figures do not cover.
    """
    if not len(series):
        return [Problem("market.no_market", level="note")]
    notes, used = [], main_source(series)
    others = [source for source in series.source.unique() if source != used.source.iloc[0]]
    if others:
        notes.append(Problem("market.sources", level="note", used=used.source.iloc[0],
                             found=", ".join(others)))
    apart = used[used.disagree]
    if len(apart):
        worst = apart.loc[apart.difference.abs().idxmax()]
        notes.append(Problem(
            "market.restated", level="doubt", n=int(apart.month.nunique()),
            segments=int(apart.segment.nunique()), first=f"{apart.month.min():%Y-%m}",
            last=f"{apart.month.max():%Y-%m}", month=f"{worst.month:%Y-%m}", segment=worst.segment,
            published=float(worst.published), computed=float(worst.from_levels)))
    covered = months.intersection(months_known(used.month))
    if len(months) and len(covered) < len(months):
        notes.append(Problem("market.market_months", level="doubt" if not len(covered) else "note",
                             n=len(covered), asked=len(months), last=f"{used.month.max():%Y-%m}"))
    return notes
