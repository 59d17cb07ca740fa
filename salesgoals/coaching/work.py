"""How much each person usually does on a working day, and the most that was ever kept up over some weeks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.coaching.rates import LOGGED, within_log
from salesgoals.kpis import count_kpis
from salesgoals.workdays import working_days

WEEK = 5        # working days of an ordinary week
USUAL_DAYS = 65  # working days that are "lately": a quarter
LONGEST = 13    # weeks that a best stretch is looked for over at most
COLUMNS = ["person_id", "kpi", "usual", "best", "days"]


def usual_work(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, country: str,
               weeks: int) -> pd.DataFrame:
    """Tell what each person does on an ordinary working day, and did in the best stretch of so many weeks.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp
        The last day that is known.
    country : str
        Of the working calendar.
    weeks : int
        Length of the stretch; the best one of the last 12 months.

    Returns
    -------
    DataFrame
        Columns person_id, kpi, usual (a working day, over the last quarter), best (a working day, NaN where
        fewer than two such stretches are on record), days (working days that usual rests on). Days after the
        end of a person's log, and before the person's first record, do not count.
    """
    counted = count_kpis(tables)
    counted = counted[counted.kpi.isin([*LOGGED, "deals", "amount"]) & (counted.date <= day)]
    begin = day - pd.DateOffset(months=12) + pd.Timedelta(days=1)
    known = counted.groupby(["person_id", "kpi"]).date.agg(["min", "max"])
    recorded = counted.groupby("kpi").date.min()
    counted = counted[counted.date >= begin]
    if counted.empty:
        return pd.DataFrame(columns=COLUMNS)
    calendar = working_days(begin, day, country)
    dates = pd.DatetimeIndex(calendar.date[calendar.working])
    if not len(dates):
        return pd.DataFrame(columns=COLUMNS)
    table = counted.groupby(["person_id", "kpi", "date"]).value.sum().reset_index()
    table["place"] = np.maximum(np.searchsorted(dates, table.date, side="right") - 1, 0)
    keys = pd.MultiIndex.from_frame(table[["person_id", "kpi"]]).unique().sort_values()
    done = np.zeros((len(keys), len(dates)))
    np.add.at(done, (keys.get_indexer(pd.MultiIndex.from_frame(table[["person_id", "kpi"]])), table.place),
              table.value)
    first, last = _spans(tables, keys, known, recorded, dates, day)
    places = np.arange(len(dates))
    inside = (places >= first[:, None]) & (places <= last[:, None])
    lately = inside & (places > (last - USUAL_DAYS)[:, None])
    days = lately.sum(1)
    usual = np.divide((done * lately).sum(1), days, out=np.full(len(keys), np.nan), where=days > 0)
    best = _best_stretch(done, inside, WEEK * int(np.clip(weeks, 1, LONGEST)))
    return pd.DataFrame({"person_id": keys.get_level_values(0), "kpi": keys.get_level_values(1),
                         "usual": usual, "best": best, "days": days})


def _spans(tables: Mapping[str, pd.DataFrame], keys: pd.MultiIndex, known: pd.DataFrame,
           recorded: pd.Series, dates: pd.DatetimeIndex, day: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """Number the first and last working day on which each person's count of each KPI can be trusted."""
    who, kpi = keys.get_level_values("person_id"), keys.get_level_values("kpi")
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")
    own = known.reindex(keys)["min"].to_numpy()
    hired = people.hire_date.reindex(who).to_numpy()
    start = np.where(np.isnat(hired) | (hired > own), own, hired)
    start = np.maximum(start, recorded.reindex(kpi).to_numpy())
    ends = pd.Series(day, index=range(len(keys))).to_numpy()
    log = tables["activities"]
    if len(log):
        kept = within_log(pd.DataFrame({"date": day, "person_id": who}), tables)
        silent = ~np.isin(np.arange(len(keys)), kept.index) & kpi.isin(LOGGED)
        last = log[log.date <= day].groupby("person_id").date.max().reindex(who).to_numpy()
        ends = np.where(silent & ~np.isnat(last), last, ends)
    return np.searchsorted(dates, start, side="left"), np.searchsorted(dates, ends, side="right") - 1


def _best_stretch(done: np.ndarray, inside: np.ndarray, length: int) -> np.ndarray:
    """Return the best mean a day over a stretch of working days that lies wholly within the record."""
    if done.shape[1] < 2 * length:
        length = max(done.shape[1] // 2, 1)
    sums, whole = (np.pad(values, ((0, 0), (1, 0))).cumsum(1) for values in (done * inside, inside))
    stretch, complete = sums[:, length:] - sums[:, :-length], whole[:, length:] - whole[:, :-length]
    fits = complete == length
    found = np.where(fits, stretch / length, -np.inf).max(1)
    return np.where(fits.sum(1) > length, found, np.nan)
