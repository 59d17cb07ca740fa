"""Every alarm of a period, with its first and last day, as they would have been given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.periods import Period
from salesgoals.watching.board import Watched, pace

SAME_DAYS, SAME_WEEKS = 10, 21  # days between two alarms of a chart within which they are one
ALARM_COLUMNS = ["by", "unit", "kind", "kpi", "date", "until", "goal", "chance", "change", "lasted"]


def list_alarms(watched: Watched, goals: pd.DataFrame, period: Period, last: pd.Timestamp, country: str,
                course: pd.DataFrame, charts: pd.DataFrame) -> pd.DataFrame:
    """List the alarms of a course and of weekly charts, and those of the shorter windows of goals."""
    spans = set(goals[["period_start", "period_end"]].itertuples(index=False, name=None))
    parts = [_runs(course, "pace"), _runs(charts[charts.period >= period.start], "kpi")]
    for start, end in sorted(spans - {(period.start, period.end)}):
        if start <= last:
            inside = goals[(goals.period_start >= start) & (goals.period_end <= end)]
            window = Period(f"{start:%Y-%m-%d}..{end:%Y-%m-%d}", start, end)
            shorter = pace(watched, inside, window, min(last, end), country, every_day=True)
            parts.append(_runs(shorter, "pace"))
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=ALARM_COLUMNS)
    order = ["date", "by", "unit", "kind", "kpi"]
    return pd.concat(filled).sort_values(order, ignore_index=True)[ALARM_COLUMNS]


def _runs(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Turn days or weeks in alarm into alarms; one that comes back at once is the same one."""
    weekly = kind == "kpi"
    bad = rows[rows.alarm.astype(bool)] if len(rows) else rows
    if not len(bad):
        return pd.DataFrame(columns=ALARM_COLUMNS)
    if weekly:
        bad = bad.assign(date=bad.period + pd.Timedelta(days=6), change=bad.value / bad.expected - 1,
                         goal=np.nan, chance=np.nan)
    else:
        bad = bad.assign(kpi="", change=np.nan)
    chart = bad.groupby(["by", "unit", "kpi"], sort=False).ngroup()
    again = bad.date.groupby(chart).diff() > pd.Timedelta(days=SAME_WEEKS if weekly else SAME_DAYS)
    runs = bad.assign(kind=kind).groupby([chart.to_numpy(), again.groupby(chart).cumsum().to_numpy()])
    return runs.first().assign(until=runs.date.last(), lasted=runs.size())[ALARM_COLUMNS]
