"""From working time to money in one table: what each person and stay in a team did between two days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.attribution.prices import value_at_base_prices
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.hindsight.work import DAY, SLACK, Work, covers, days_within, grown_share, time_there

# Factor and the level it leads to. Growth into the job comes after the work: newcomers visit like others
# and win less. Deals are first valued at what lines of these products usually bring ("typical"), so that a
# box of filters instead of a machine is another product and not a smaller deal.
STEPS = (("capacity", "time"), ("activity", "visits"), ("quote_rate", "quotes"), ("ramp", "grown"),
         ("win_rate", "wins"), ("product_mix", "typical"), ("deal_size", "list"), ("price", "amount"))
FACTORS = [factor for factor, _ in STEPS]
VOLUME = ("capacity", "activity")
APART = "\x1f"  # between person and team in the name of a stay


def name_stays(person_id: pd.Series, node: pd.Series) -> pd.Series:
    """Name a person's stay in a team."""
    return person_id.astype("str") + APART + node.astype("str")


def split_stays(stays: pd.Index) -> pd.DataFrame:
    """Read person and team from the names of stays."""
    parts = pd.Series(stays, index=stays, dtype="str").str.split(APART, n=1, expand=True)
    parts = parts.reindex(columns=[0, 1])
    return parts.set_axis(["person_id", "node"], axis=1)


def lines_between(work: Work, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Take the sales of some days, each with its stay."""
    lines = work.lines[(work.lines.date >= start) & (work.lines.date <= end)]
    return lines.assign(stay=name_stays(lines.person_id, lines.node))


def add_up(work: Work, start: pd.Timestamp, end: pd.Timestamp, prices_of: pd.DataFrame,
           ramp: Ramp = PRIOR_RAMP, months: float = 1.0) -> pd.DataFrame:
    """Add up what was done and sold between two days.

    Parameters
    ----------
    work : Work
        From :func:`salesgoals.hindsight.work.read_work`.
    start, end : Timestamp
        First and last day.
    prices_of : DataFrame
        Sales lines whose prices are the base.
    ramp : Ramp
        Growth curve.
    months : float
        Length of the span in months: what full time counts.

    Returns
    -------
    DataFrame
        One row a stay (index: person and team), columns person_id, node and the levels time (months), visits,
        quotes (empty where not recorded or the person's log was silent), ramp (share of full strength), wins,
        typical, list, amount. Sales without a person are not in it.
    """
    lines = lines_between(work, start, end)
    lines = lines[lines.person_id != ""]
    counts = work.counts[(work.counts.date >= start) & (work.counts.date <= end)]
    counts = counts.assign(stay=name_stays(counts.person_id, counts.node))
    wide = counts.pivot_table(index="stay", columns="kpi", values="value", aggfunc="sum")
    valued = value_at_base_prices(prices_of.assign(stay=""), lines, "stay")[1]
    homes = _homes(work, start, end)
    stays = wide.index.union(valued.index).union(pd.Index(name_stays(homes.person_id, homes.node)).unique())
    stays = stays.union(_without_team(work, stays, start, end))
    table = split_stays(stays)
    table["time"] = _time_of_stays(work, table, start, end) * months
    for level, kpi in (("visits", "visits"), ("quotes", "quotes"), ("wins", "deals")):
        values = wide.get(kpi, pd.Series(dtype=float)).reindex(stays)
        table[level] = values.fillna(0.0) if covers(work, kpi, start, end) else np.nan
    if len(work.silent):
        quiet = days_within(work.silent, pd.Index(table.person_id), np.array([start.to_datetime64()]),
                            np.array([end.to_datetime64()]))[:, 0]
        quiet_people = set(table.person_id[quiet >= SLACK])
        table.loc[table.person_id.isin(quiet_people), ["visits", "quotes"]] = np.nan
    table["ramp"] = grown_share(work, pd.Index(table.person_id), _months(start, end),
                                _monthly(work, table, start, end), ramp)
    table["typical"] = value_as_usual(prices_of, lines).groupby(lines.stay).sum().reindex(stays)
    for level in ("list", "amount"):
        table[level] = valued[level].reindex(stays)
    sold = table.amount.notna()
    table.loc[~sold, ["typical", "list", "amount"]] = 0.0
    # Whoever sold was there, if only for a day.
    one_day = months / ((end - start) / DAY + 1)
    table["time"] = table.time.where((table.time > 0) | (table.amount == 0), one_day)
    return table


def value_as_usual(base: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Value each line sold at what a line of that product usually brings; returns are worth nothing.

    Parameters
    ----------
    base, lines : DataFrame
        Sales lines: product_id, amount.

    Returns
    -------
    Series
        With the index of lines. A product that the base does not know counts at its own value.

    Examples
    --------
    >>> base = pd.DataFrame({"product_id": ["a", "a", "b"], "amount": [10.0, 20.0, 500.0]})
    >>> lines = pd.DataFrame({"product_id": ["a", "b", "c"], "amount": [9.0, 4.0, 7.0]})
    >>> value_as_usual(base, lines).tolist()
    [15.0, 500.0, 7.0]
    """
    sold = base[base.amount > 0]
    usual = sold.groupby(sold.product_id.astype(object).fillna("")).amount.mean()
    values = lines.product_id.astype(object).fillna("").map(usual).astype(float)
    return values.fillna(lines.amount).where(lines.amount > 0, 0.0)


def _without_team(work: Work, stays: pd.Index, start: pd.Timestamp, end: pd.Timestamp) -> pd.Index:
    """Name the stays of people who were there, have no team on record and left no sign."""
    there = work.people[(work.people.hired <= end) & (work.people.left >= start)].index
    rest = there.difference(pd.Index(split_stays(stays).person_id))
    return pd.Index([person + APART for person in rest], dtype="str")


def _months(start: pd.Timestamp, end: pd.Timestamp) -> pd.DatetimeIndex:
    return pd.date_range(start.replace(day=1), end, freq="MS")


def _monthly(work: Work, table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    months = _months(start, end)
    starts = np.maximum(months.to_numpy(), start.to_datetime64())
    ends = np.minimum((months + pd.offsets.MonthEnd(0)).to_numpy(), end.to_datetime64())
    return time_there(work, pd.Index(table.person_id), starts, ends)


def _time_of_stays(work: Work, table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Share of the span that each stay lasted; whoever has no team on record stays where the sales are."""
    homes = _homes(work, start, end)
    strays = table[~table.person_id.isin(homes.person_id) & ~table.person_id.duplicated()]
    rows = pd.concat([homes, strays[["person_id", "node"]].assign(first=start, last=end)], ignore_index=True)
    if rows.empty:
        return np.zeros(len(table))
    first = rows["first"].to_numpy("datetime64[us]")[:, None]
    last = rows["last"].to_numpy("datetime64[us]")[:, None]
    share = time_there(work, pd.Index(rows.person_id), first, last)
    days = (last - first) / np.timedelta64(1, "D") + 1
    spent = pd.Series((share * days)[:, 0], index=name_stays(rows.person_id, rows.node))
    spent = spent.groupby(level=0).sum()
    return np.asarray(spent.reindex(table.index).fillna(0.0) / ((end - start) / DAY + 1), dtype=float)


def _homes(work: Work, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """List who belonged where between two days, cut to them."""
    spans = work.homes[(work.homes["first"] <= end) & (work.homes["last"] >= start)]
    return spans.assign(first=spans["first"].clip(lower=start), last=spans["last"].clip(upper=end))
