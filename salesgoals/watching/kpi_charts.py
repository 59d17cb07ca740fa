"""Alarms on the weekly work of people, teams and the company, and what the charts say together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.alarms.kpi import BASELINE, TOO_COARSE, watch_kpis
from salesgoals.alarms.run_length import QUARTER
from salesgoals.watching.units import ALL, BYS
from salesgoals.watching.weekly import (
    COUNTS,
    LEADING,
    LOGGED,
    RATES,
    WATCHED,
    Weeks,
    lay_out_weeks,
    luck_of_loads,
    weekly_figures,
)

LEAST_BASELINE = 13  # weeks: with fewer more than 8 of 60 charts would ring for nothing in a quarter
LATELY = 4  # weeks that say how far a figure has fallen
CHART_COLUMNS = ["by", "unit", "name", "kpi", "period", "value", "expected", "low", "high", "of", "rate",
                 "usual", "xmr_low", "xmr_high", "outside", "score", "signal", "alarm", "state",
                 "baseline_weeks", "smallest_fall", "false_alarms"]
SUMMARY_COLUMNS = ["by", "unit", "name", "kpi", "state", "since", "change", "smallest_fall", "false_alarms",
                   "weeks", "alarms"]


def watch_work(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, country: str,
               start: pd.Timestamp) -> pd.DataFrame:
    """Watch the weekly work from a Monday on; columns of CHART_COLUMNS, one line a chart and week."""
    work = lay_out_weeks(tables, day, country)
    figures = weekly_figures(work, start, BASELINE)
    parts = []
    for by in BYS:
        rows = figures[figures.by == by]
        if len(rows) and (rows.period >= start).any():
            found = watch_kpis(rows, start, rates=list(RATES), counts=[*COUNTS, *LEADING],
                               widen=luck_of_loads(work))
            parts.append(found.assign(by=by))
    if not parts:
        return pd.DataFrame(columns=CHART_COLUMNS)
    charts = pd.concat(parts, ignore_index=True)
    charts = charts[charts.baseline_weeks > 0]
    short = charts.baseline_weeks < LEAST_BASELINE
    small = ~short & ~(charts.smallest_fall <= TOO_COARSE)
    quiet = _silent(work, charts)
    state = charts.state.mask(small, "too_small").mask(short, "too_short").mask(quiet, "no_records")
    charts = charts.assign(
        name=_names(tables, charts), state=state, alarm=charts.alarm & ~short & ~small & ~quiet,
        expected=charts.usual * charts.of,
        low=(charts.xmr_low * charts.of).clip(lower=0), high=charts.xmr_high * charts.of)
    order = pd.Series(range(len(WATCHED)), index=WATCHED)
    return charts.assign(by_order=charts.by.map({by: place for place, by in enumerate(BYS)}),
                         order=charts.kpi.map(order)).sort_values(
        ["by_order", "unit", "order", "period"], ignore_index=True)[CHART_COLUMNS]


def _names(tables: Mapping[str, pd.DataFrame], charts: pd.DataFrame) -> pd.Series:
    """Name teams and people; the company has no name of its own."""
    people = tables["people"].drop_duplicates("person_id").set_index("person_id").name.dropna().to_dict()
    names = {("all", ALL): ""}
    for by, unit in charts[["by", "unit"]].drop_duplicates().itertuples(index=False, name=None):
        department, _, team = unit.partition("/")
        names.setdefault((by, unit), people.get(unit, unit) if by == "person" else team or department)
    whose = zip(charts.by, charts.unit, strict=True)
    return pd.Series([names[key] for key in whose], index=charts.index, dtype="str")


def _silent(work: Weeks, charts: pd.DataFrame) -> np.ndarray:
    """Mark charts' weeks of people who have written down nothing."""
    row = work.people.get_indexer(charts.unit)
    column = work.weeks.get_indexer(pd.DatetimeIndex(charts.period))
    logged = charts.kpi.isin([*LOGGED, *LEADING]) & (charts.by == "person")
    return np.asarray(logged) & (row >= 0) & work.silent[row, column]


def sum_up_charts(charts: pd.DataFrame) -> pd.DataFrame:
    """Say in one line for each chart how it stands at its last week.

    Parameters
    ----------
    charts : pandas.DataFrame
        From :func:`watch_work`.

    Returns
    -------
    pandas.DataFrame
        Columns by, unit, name, kpi, state (at the last week: alarm, better, ok, no_records, too_small,
        too_short, unknown), since (first week of the alarm or silence that still lasts), change (the last
        four weeks against the usual, as a share), smallest_fall, false_alarms (chance that this chart rings
        for nothing in the weeks watched; the sum over all charts is how many will), weeks (watched), alarms
        (weeks in alarm).
    """
    if charts.empty:
        return pd.DataFrame(columns=SUMMARY_COLUMNS)
    keys = ["by", "unit", "kpi"]
    number = charts.groupby(keys, sort=False).ngroup()
    last = charts.groupby(number).tail(1).set_index(number.groupby(number).tail(1).to_numpy())
    changed = charts.state != charts.state.groupby(number).shift()
    since = charts.period.where(changed).groupby(number).ffill().groupby(number).last()
    recent = charts[charts.groupby(number).cumcount(ascending=False) < LATELY]
    sums = recent[recent.value.notna()].groupby(number)[["value", "expected"]].sum()
    weeks = charts.groupby(number).size()
    judged = ~last.state.isin(["too_short", "too_small"])
    found = last[["by", "unit", "name", "kpi"]].assign(
        state=last.state, since=since.where(last.state.isin(["alarm", "better", "no_records"])),
        change=(sums.value / sums.expected - 1).where(sums.expected > 0).reindex(last.index),
        smallest_fall=last.smallest_fall,
        false_alarms=(1 - (1 - last.false_alarms) ** (weeks / QUARTER)).where(judged, 0.), weeks=weeks,
        alarms=charts.alarm.groupby(number).sum())
    return found[SUMMARY_COLUMNS].reset_index(drop=True)
