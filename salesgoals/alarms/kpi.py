"""Weekly figures of people and teams: what is usual, what has fallen, and who is too small to tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from salesgoals.alarms.charts import follow_scores, xmr_limits
from salesgoals.alarms.run_length import EWMA, Rule, false_alarm_chance, findable_shift
from salesgoals.workdays import count_working_days

BASELINE = 26
LEAST_BASELINE = 8
TOO_COARSE = .5  # when only a fall by more than half would be found, the figure is too small to judge
KIND_TRUST = 10.  # weeks that everybody's clustering of a figure weighs against a unit's own
LEAST_SPREAD = .5
COLUMNS = ["unit", "kpi", "period", "value", "of", "rate", "usual", "xmr_low", "xmr_high", "outside", "score",
           "signal", "alarm", "better", "baseline_weeks", "smallest_fall", "false_alarms", "state"]


def week_loads(periods: pd.Series | pd.DatetimeIndex, country: str = "CN") -> pd.Series:
    """Return the working days of each week, so that a week with holidays is not taken for a bad one.

    Parameters
    ----------
    periods : Series or DatetimeIndex
        Mondays.
    country : str
        Two letters.

    Returns
    -------
    pandas.Series
        Working days by Monday.

    Examples
    --------
    >>> week_loads(pd.DatetimeIndex(["2026-09-28", "2026-10-12"]), "CN").tolist()
    [3.0, 5.0]
    """
    weeks = pd.DatetimeIndex(periods).unique().sort_values()
    if not len(weeks):
        return pd.Series(dtype="float64")
    counted = count_working_days(weeks[0], weeks[-1] + pd.Timedelta(days=6), country, by="week")
    return counted.set_index("period_start").working_days.astype(float).reindex(weeks)


def season_of_weeks(past: pd.DataFrame, periods: pd.Series | pd.DatetimeIndex,
                    in_full: bool = False) -> pd.Series:
    """Return the usual height of each week of the year against the year's mean, learnt from everybody.

    Parameters
    ----------
    past : pandas.DataFrame
        Columns period (Mondays), value: several units together; whole years are best.
    periods : Series or DatetimeIndex
        Weeks asked for.
    in_full : bool
        True: all of what was seen, not drawn to 1.

    Returns
    -------
    pandas.Series
        Factor around 1 by week; 1 where the past holds less than a year. The mean of the week of the year
        and its neighbours, half-way to 1 with one year seen, nearer to what was seen with more.

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-01", periods=104, freq="W-MON")
    >>> past = pd.DataFrame({"period": weeks, "value": [12.0 if week.month == 12 else 8.0 for week in weeks]})
    >>> season_of_weeks(past, pd.DatetimeIndex(["2026-12-14", "2026-06-15"])).round(2).tolist()
    [1.29, 0.97]
    """
    asked = pd.DatetimeIndex(periods).unique()
    sums = past.groupby("period").value.sum().sort_index()
    years = len(sums) // 52
    if not years or sums.sum() <= 0:
        return pd.Series(1., index=asked)
    whole = sums.iloc[-52 * years:]
    level = whole.groupby(np.arange(len(whole)) // 52).transform("mean")
    number = np.minimum(pd.DatetimeIndex(whole.index).isocalendar().week.to_numpy(int), 52) - 1
    height = pd.Series((whole / level).to_numpy()).groupby(number).mean()
    ratio = height.reindex(range(52)).fillna(1.).to_numpy()
    smooth = (np.roll(ratio, 1) + 2 * ratio + np.roll(ratio, -1)) / 4
    found = smooth if in_full else 1 + (smooth - 1) * years / (years + 1)
    return pd.Series(found[np.minimum(asked.isocalendar().week.to_numpy(int), 52) - 1], index=asked)


def watch_kpis(table: pd.DataFrame, start: pd.Timestamp | str, *, baseline: int = BASELINE,
               rule: Rule = EWMA, rates: Collection[str] = (), counts: Collection[str] = (),
               high_is_bad: Collection[str] = (), widen: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Watch weekly figures from a day on, and give an alarm when one has fallen by more than luck.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns unit, kpi, period (week), value, of. For a rate: value successes out of ``of`` trials. For
        a count or an amount: ``of`` is the load of the week, such as its working days times its season
        (:func:`week_loads`, :func:`season_of_weeks`); missing = 1. A value that is missing is not known.
    start : Timestamp or str
        First week that is watched; the weeks before it are the baseline, the last ``baseline`` of them.
    rule : Rule
        EWMA by default; see :mod:`salesgoals.alarms.run_length`.
    rates, counts : collection of str
        Figures that are rates, and figures that are numbers of events: their spread is known in part
        beforehand (binomial, Poisson), their clustering is learnt from everybody; all others are amounts,
        whose spread is learnt from each series alone.
    high_is_bad : collection of str
        Figures whose rise is the bad news.
    widen : mapping of str to float, optional
        By how much the variance of a figure is larger from one week to the next few than within the weeks
        of the past, where its load strays by luck as well and takes that luck along for weeks.

    Returns
    -------
    pandas.DataFrame
        One line a series and week watched: unit, kpi, period, value, of, rate (value / of), usual (the
        baseline's), xmr_low, xmr_high (natural limits of the rate, to look at), outside, score (standard
        score), signal (share of the way to the alarm), alarm, better (an alarm for the good side),
        baseline_weeks, smallest_fall (share that would be found within a quarter, 4 times out of 5),
        false_alarms (chance of a false alarm per quarter for this length of baseline), state: ok, alarm,
        better, too_small (only a fall by more than half would be found), too_short (fewer than 8 weeks of
        baseline), unknown.

    Notes
    -----
    Score: (value - usual) / sqrt(variance x (1 + load / load of the baseline)). Measured error rates:
    docs/alarms.md.

    Examples
    --------
    >>> weeks = pd.date_range("2026-01-05", periods=34, freq="W-MON")
    >>> quotes = pd.DataFrame({"unit": "7", "kpi": "quotes", "period": weeks, "of": 5.0,
    ...                        "value": [40.0, 44.0, 36.0, 42.0, 38.0] * 5 + [41.0] + [22.0] * 8})
    >>> watch_kpis(quotes, weeks[26], counts=["quotes"]).state.tolist()[:3]
    ['alarm', 'alarm', 'alarm']
    """
    first = pd.Timestamp(start)
    keys = pd.MultiIndex.from_frame(table[["unit", "kpi"]].drop_duplicates())
    weeks = pd.DatetimeIndex(table.period.drop_duplicates()).sort_values()
    watched = weeks >= first
    if not len(keys) or not watched.any():
        return pd.DataFrame(columns=COLUMNS)
    kept = weeks[watched | (np.cumsum(~watched) > (~watched).sum() - baseline)]
    value, load = _wide(table, keys, kept)
    before = np.asarray(kept < first)
    spread = _spread(value[:, before], load[:, before], keys.get_level_values("kpi"), rates, counts)
    usual, variance, total, seen = spread
    variance = variance * np.array([(widen or {}).get(kpi, 1.) for kpi in keys.get_level_values("kpi")])
    with np.errstate(invalid="ignore", divide="ignore"):
        part = load[:, ~before]
        score = ((value[:, ~before] - part * usual[:, None])
                 / np.sqrt(part * variance[:, None] * (1 + part / total[:, None])))
        limits = xmr_limits(np.where(load[:, before] > 0, value[:, before] / load[:, before], np.nan))
        rate = value[:, ~before] / part
        typical = total / seen
        fall = findable_shift(rule) * np.sqrt(variance / typical) / usual
    score = np.where(np.isfinite(score) & (seen >= LEAST_BASELINE)[:, None], score, np.nan)
    sign = np.where(keys.get_level_values("kpi").isin(list(high_is_bad)), -1., 1.)[:, None]
    signal, lifted = follow_scores(score * sign, rule), follow_scores(-score * sign, rule)
    fall = np.where(usual > 0, fall, np.nan)
    rates_of = {int(weeks): false_alarm_chance(rule, baseline=int(weeks)) for weeks in np.unique(seen)
                if weeks >= LEAST_BASELINE}
    shape = score.shape

    def spread_out(values: np.ndarray) -> np.ndarray:
        return np.broadcast_to(values[:, None], shape)

    columns = {
        "unit": spread_out(keys.get_level_values("unit").to_numpy()),
        "kpi": spread_out(keys.get_level_values("kpi").to_numpy()),
        "period": np.broadcast_to(kept[~before].to_numpy(), shape), "value": value[:, ~before], "of": part,
        "rate": rate, "usual": spread_out(usual), "xmr_low": spread_out(limits["low"]),
        "xmr_high": spread_out(limits["high"]),
        "outside": (rate < limits["low"][:, None]) | (rate > limits["high"][:, None]), "score": score,
        "signal": signal, "alarm": signal > 1, "better": lifted > 1, "baseline_weeks": spread_out(seen),
        "smallest_fall": spread_out(fall),
        "false_alarms": spread_out(np.array([rates_of.get(int(weeks), np.nan) for weeks in seen]))}
    columns["state"] = np.select(
        [columns["baseline_weeks"] < LEAST_BASELINE, columns["alarm"], columns["better"], np.isnan(score),
         ~(columns["smallest_fall"] <= TOO_COARSE)],
        ["too_short", "alarm", "better", "unknown", "too_small"], "ok").astype(object)
    return pd.DataFrame({name: columns[name].ravel() for name in COLUMNS})


def _wide(table: pd.DataFrame, keys: pd.MultiIndex, weeks: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Lay values and loads out by series and week; what is not known is NaN with a load of 0."""
    kept = table[table.period.isin(weeks) & table.value.notna()]
    row = keys.get_indexer(pd.MultiIndex.from_frame(kept[["unit", "kpi"]]))
    column = weeks.get_indexer(pd.DatetimeIndex(kept.period))
    value, load = np.full((len(keys), len(weeks)), np.nan), np.zeros((len(keys), len(weeks)))
    given = kept.of.fillna(1.).to_numpy(float) if "of" in kept else np.ones(len(kept))
    value[row, column], load[row, column] = kept.value.to_numpy(float), given
    return np.where(load > 0, value, np.nan), np.where(np.isnan(value), 0., load)


def _spread(value: np.ndarray, load: np.ndarray, kpi: pd.Index, rates: Collection[str],
            counts: Collection[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return usual rate, variance per load, load of the baseline and weeks seen of each series."""
    known = ~np.isnan(value) & (load > 0)
    seen, total = known.sum(1), np.where(known, load, 0).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = np.where(known, value, 0).sum(1) / total
        squares = np.where(known, (value - load * usual[:, None]) ** 2 / load, 0).sum(1)
        variance = squares / (seen - 1)
        is_rate, is_count = kpi.isin(list(rates)), kpi.isin(list(counts))
        # A handful of successes or none must not look like certainty.
        floor = np.where(is_rate, (usual * total + .5) / (total + 1), (usual * total + .5) / total)
        theory = np.where(is_rate, floor * (1 - floor), np.where(is_count, floor, np.nan))
        clustering = squares / theory
        for name in kpi.unique():
            rows = np.asarray(kpi == name) & (seen >= LEAST_BASELINE)
            if not rows.any() or np.isnan(theory[rows]).any():
                continue
            common = np.median(clustering[rows] / (seen[rows] - 1))
            own = (clustering[rows] + KIND_TRUST * common) / (seen[rows] - 1 + KIND_TRUST)
            variance[rows] = theory[rows] * np.maximum(own, LEAST_SPREAD)
    return usual, np.where(variance > 0, variance, np.nan), total, seen
