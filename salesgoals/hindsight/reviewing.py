"""The work figures looked at again: visits, quotes and rates of the period beside the usual ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr

from salesgoals.hindsight.expected import YEAR, Before, in_season, month_matrix
from salesgoals.hindsight.noise import Noise, measure_noise
from salesgoals.hindsight.work import Work, covers, days_within, time_there
from salesgoals.periods import Period

# KPI: what is counted, against what, and which events make it sure
KPIS = (("visits", "visits", "time", "visits"), ("follow_ups", "follow_ups", "time", "follow_ups"),
        ("quotes", "quotes", "time", "quotes"), ("deals", "deals", "time", "deals"),
        ("quote_rate", "quotes", "visits", "quotes"), ("win_rate", "deals", "quotes", "deals"),
        ("deal_value", "amount", "deals", "deals"))
FEWEST = 5.0        # events expected below which nothing is said
CLEAR = .05
FREEDOM = 10        # the luck in a figure is itself only learnt from a year's months
COLUMNS = ["by", "unit", "kpi", "usual", "done", "change", "events", "p", "verdict"]
COUNTED = ("visits", "follow_ups", "quotes", "deals")


def review_kpis(work: Work, period: Period, before: Before, homes: pd.Series) -> pd.DataFrame:
    """Compare each work figure of the period with the usual one, for everybody, every team and all.

    Parameters
    ----------
    work : Work
        All records.
    period : Period
        The period looked back at.
    before : Before
        The year before gives what is usual, in the season of the period, and how far it strays.
    homes : Series
        Team of each person (index person_id).

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.kpi_review`.
    """
    if homes.empty:
        return pd.DataFrame(columns=COLUMNS)
    ids = pd.Index(homes.index)
    usual, now = _year(before, ids), _now(work, period, ids, before.months.length)
    units = [("person", str(person), np.array([place])) for place, person in enumerate(ids)]
    units += [("team", node, np.flatnonzero(homes.to_numpy() == node)) for node in sorted(set(homes)) if node]
    units.append(("all", "all", np.arange(len(ids))))
    keys = pd.MultiIndex.from_tuples([(by, unit) for by, unit, _ in units], names=["by", "unit"])
    sums = {name: np.vstack([_sum(values[rows]) for _, _, rows in units]) for name, values in usual.items()}
    came = {name: np.array([float(_sum(values[rows][:, None])[0]) for _, _, rows in units])
            for name, values in now.items()}
    season = np.arange(before.months.number) % YEAR
    steps = tuple((level, below, events) for _, level, below, events in KPIS)
    noise = measure_noise(sums, keys, steps, tuple(kpi for kpi, *_ in KPIS))
    parts = [_compare(kpi, level, below, events, sums, came, usual, season, noise, keys)
             for kpi, level, below, events in KPIS]
    table = pd.concat(parts, ignore_index=True)
    return _verdicts(table)


def _year(before: Before, ids: pd.Index) -> dict[str, np.ndarray]:
    """Count everything by person and month of the year before; empty where it was not recorded."""
    first, work = before.year[0], before.work
    calendar = pd.date_range(first, periods=YEAR, freq="MS")
    starts, ends = calendar.to_numpy(), (calendar + pd.offsets.MonthEnd(0)).to_numpy()
    there = time_there(work, ids, starts, ends)
    table = {"time": there}
    quiet = days_within(work.silent, ids, starts, ends) > 0
    for kpi in COUNTED:
        known = np.array([covers(work, kpi, pd.Timestamp(start), pd.Timestamp(end))
                          for start, end in zip(starts, ends, strict=True)])
        values = month_matrix(work.counts[work.counts.kpi == kpi], ids, calendar)
        table[kpi] = np.where(known[None, :] & ~(quiet & (kpi != "deals")) & (there > 0), values, np.nan)
    table["amount"] = month_matrix(before.lines.rename(columns={"amount": "value"}), ids, calendar)
    return table


def _now(work: Work, period: Period, ids: pd.Index, months: float) -> dict[str, np.ndarray]:
    start, end = np.array([period.start.to_datetime64()]), np.array([period.end.to_datetime64()])
    table = {"time": time_there(work, ids, start, end)[:, 0] * months}
    quiet = days_within(work.silent, ids, start, end)[:, 0] > 0
    inside = work.counts[work.counts.date.between(period.start, period.end)]
    for kpi in COUNTED:
        values = inside[inside.kpi == kpi].groupby("person_id").value.sum()
        values = values.reindex(ids).fillna(0.0).to_numpy()
        known = covers(work, kpi, period.start, period.end)
        table[kpi] = np.where(known & ~(quiet & (kpi != "deals")), values, np.nan)
    lines = work.lines[work.lines.date.between(period.start, period.end)]
    table["amount"] = lines.groupby("person_id").amount.sum().reindex(ids).fillna(0.0).to_numpy()
    return table


def _sum(values: np.ndarray) -> np.ndarray:
    """Add people up; a month that nobody recorded stays empty."""
    known = ~np.isnan(values)
    return np.where(known.any(axis=0), np.nansum(values, axis=0), np.nan)


def _compare(kpi: str, level: str, below: str, events: str, sums: dict[str, np.ndarray],
             came: dict[str, np.ndarray], people: dict[str, np.ndarray], season: np.ndarray, noise: Noise,
             keys: pd.MultiIndex) -> pd.DataFrame:
    both = ~np.isnan(sums[level]) & ~np.isnan(sums[below])
    number, among = (np.where(both, sums[name], 0.0).sum(axis=1) for name in (level, below))
    single = ~np.isnan(people[level]) & ~np.isnan(people[below])
    factor = in_season(np.where(single, people[level], 0.0), np.where(single, people[below], 0.0), season)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.where(among > 0, number / among, np.nan) * factor
        done = np.where(came[below] > 0, came[level] / came[below], np.nan)
        due = came[below] * usual if level != "amount" else came["deals"]
        past = np.where(both, np.nan_to_num(sums[events]), 0.0).sum(axis=1)
        change = done / usual - 1
        spread = noise.spread[kpi].to_numpy()
        error = np.sqrt(spread / np.maximum(due, 1e-9) + spread / np.maximum(past, 1e-9))
        size = change if level != "amount" else np.log(np.where(done > 0, done / usual, np.nan))
        p = 2 * stdtr(FREEDOM, -np.abs(size / error))
    few = (due < FEWEST) | (past < FEWEST)
    known = ~np.isnan(change)
    return pd.DataFrame({"by": keys.get_level_values("by"), "unit": keys.get_level_values("unit"), "kpi": kpi,
                         "usual": usual, "done": done, "change": change, "events": due,
                         "p": np.where(few | ~known, np.nan, p),
                         "verdict": np.where(~known, "not_recorded", np.where(few, "too_few", ""))})


def _verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Call what holds after Holm's correction over the figures of one unit changed."""
    groups = [table.by, table.unit]
    tests = table.p.notna().groupby(groups).transform("sum")
    order = table.p.groupby(groups).rank(method="first")
    single = (table.p * (tests - order + 1)).clip(upper=1.0)
    ranked = table.assign(order=order, single=single).sort_values("order")
    adjusted = ranked.groupby(["by", "unit"]).single.cummax().reindex(table.index)
    changed = adjusted < CLEAR
    words = np.where(changed, np.where(table.change > 0, "higher", "lower"), "as_usual")
    table["verdict"] = table.verdict.where(table.verdict != "", words)
    return table[COLUMNS]
