"""What people did and sold, day by day, and when they were there; to be added up for any days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp, ramp_share
from salesgoals.history import believed_hire_dates, credited_sales, team_on
from salesgoals.kpis import count_kpis

DAY = pd.Timedelta(days=1)
LONG_GAP = 28           # days without a sign of work: shorter than that is a holiday
BY_LUCK = 1e-4          # and so unlikely for this person that about one in ten years of a company is wrong
SLACK = 14              # days a record may begin late or end early and still cover a span
LOGGED = ("visits", "follow_ups", "quotes")


@dataclass(frozen=True)
class Work:
    """All records of work.

    Parameters
    ----------
    counts : DataFrame
        Columns date, person_id, node ("department/team" on that day, "" unknown), kpi, value.
    lines : DataFrame
        Columns date, person_id ("" where nobody is credited), node, product_id, quantity, amount.
    people : DataFrame
        Index person_id; hired and left (days; far away where the records do not say).
    homes : DataFrame
        Columns person_id, node, first, last: who belonged where.
    away : DataFrame
        Columns person_id, first, last: spans without any sign of work.
    silent : DataFrame
        The same for spans in which sales went on and nothing was logged.
    spans : DataFrame
        Index kpi; first and last day on which anybody recorded it.
    """

    counts: pd.DataFrame
    lines: pd.DataFrame
    people: pd.DataFrame
    homes: pd.DataFrame
    away: pd.DataFrame
    silent: pd.DataFrame
    spans: pd.DataFrame


def logs_quotes(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Say whether quotes are written into the log of activities; else opportunities stand for them."""
    nothing = {name: tables[name].iloc[:0] for name in ("orders", "opportunities")}
    kinds = tables["activities"].drop_duplicates("type").dropna(subset=["person_id", "date"])
    return bool((count_kpis({**tables, **nothing, "activities": kinds}).kpi == "quotes").any())


def read_work(tables: Mapping[str, pd.DataFrame], quotes_logged: bool = False) -> Work:
    """Read every record of work once.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    quotes_logged : bool
        Count nothing but logged quotes. Without it, opportunities decided stand for quotes where none were
        ever logged: of them a share is won.
    """
    counts = count_kpis(tables)
    logs = logs_quotes(tables)
    if not logs:
        decided = counts[counts.kpi == "decided"].assign(kpi="quotes")
        counts = pd.concat([counts[counts.kpi != "quotes"], decided.iloc[:0 if quotes_logged else None]])
    counts = counts[counts.kpi.isin([*LOGGED, "deals", "wins", "opened", "decided"])]
    lines = credited_sales(tables)
    if len(tables["orders"]):
        lines["quantity"] = lines.quantity * tables["orders"].credit_share.fillna(1.0).to_numpy()
    lines = lines.dropna(subset=["date"])
    lines["date"] = lines.date.dt.normalize()
    placed = [part.assign(node=_nodes(tables, part)) for part in (counts, lines)]
    counts = placed[0][["date", "person_id", "node", "kpi", "value"]].reset_index(drop=True)
    lines = placed[1][["date", "person_id", "node", "product_id", "quantity", "amount"]]
    lines = lines.reset_index(drop=True)
    lines["person_id"] = lines.person_id.fillna("").astype("str")
    logged = counts.kpi.isin(LOGGED if logs else LOGGED[:2])
    sold = counts[counts.kpi == "deals"]
    since = sold.date.min() if len(sold) else counts.date.min()
    recorded = counts.date >= since  # deals opened earlier are on record only because they ended later
    people = _employed(tables, counts)
    away = _while_employed(find_gaps(counts[recorded & ~counts.kpi.isin(["decided", "wins"])]), people)
    silent = _while_employed(find_gaps(counts[logged & recorded]), people)
    return Work(counts, lines, people, _homes(tables), away, _only_silent(silent, away, sold),
                counts.groupby("kpi").date.agg(["min", "max"]).set_axis(["first", "last"], axis=1))


def _while_employed(gaps: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    known = people.reindex(gaps.person_id)
    first = gaps["first"].clip(lower=pd.Series(known.hired.to_numpy(), index=gaps.index))
    last = gaps["last"].clip(upper=pd.Series(known.left.to_numpy(), index=gaps.index))
    return gaps.assign(first=first, last=last)[last >= first].reset_index(drop=True)


def _nodes(tables: Mapping[str, pd.DataFrame], part: pd.DataFrame) -> pd.Series:
    pairs = part[["person_id", "date"]].drop_duplicates()
    if pairs.empty or tables["membership"].empty:
        return pd.Series("", index=part.index)
    where = team_on(tables, pairs.person_id, pairs.date)
    pairs = pairs.assign(node=name_node(where.department, where.team))
    found = part[["person_id", "date"]].merge(pairs, on=["person_id", "date"], how="left")
    return found.node.fillna("").set_axis(part.index)


def name_node(department: pd.Series, team: pd.Series) -> pd.Series:
    """Write "department/team"; nothing where neither is known."""
    joined = department.fillna("").astype("str") + "/" + team.fillna("").astype("str")
    return joined.where(joined != "/", "")


def _employed(tables: Mapping[str, pd.DataFrame], counts: pd.DataFrame) -> pd.DataFrame:
    """Say from when to when each person was there; who never did anything and has no date never was."""
    hired = believed_hire_dates(tables)
    seen = counts.groupby("person_id").date.agg(["min", "max"])
    everybody = hired.index.union(seen.index)
    first = counts.date.min() if len(counts) else pd.NaT
    started = seen["min"].reindex(everybody)
    started = started.mask(started <= first + pd.Timedelta(days=31), pd.Timestamp("1900-01-01"))
    begin = hired.reindex(everybody).fillna(started).fillna(pd.Timestamp("2200-01-01"))
    left = tables["people"].drop_duplicates("person_id").set_index("person_id").leave_date.reindex(everybody)
    return pd.DataFrame({"hired": begin, "left": left.fillna(pd.Timestamp("2200-01-01")),
                         "known": hired.reindex(everybody).notna()}, index=everybody.rename("person_id"))


def _homes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List who belonged where; where stays overlap the later one counts, as it does for sales."""
    rows = tables["membership"].dropna(subset=["person_id"]).sort_values(["person_id", "valid_from"],
                                                                         na_position="first")
    first = rows.valid_from.fillna(pd.Timestamp("1900-01-01"))
    following = first.groupby(rows.person_id).shift(-1) - DAY
    last = rows.valid_to.fillna(pd.Timestamp("2200-01-01"))
    last = last.where(~(following < last), following)
    homes = pd.DataFrame({"person_id": rows.person_id, "node": name_node(rows.department, rows.team),
                          "first": first, "last": last})
    return homes[homes["last"] >= homes["first"]].reset_index(drop=True)


def find_gaps(counts: pd.DataFrame) -> pd.DataFrame:
    """Find spans in which a person left no sign though one was due nearly every day.

    Parameters
    ----------
    counts : DataFrame
        Columns date, person_id.

    Returns
    -------
    DataFrame
        Columns person_id, first, last. A span of 28 days or more that luck alone would hardly bring, given
        on how many of the company's days the person usually leaves a sign. Days on which nobody does do not
        count.
    """
    columns = ["person_id", "first", "last"]
    signs = counts[["person_id", "date"]].drop_duplicates().sort_values(["person_id", "date"])
    if signs.empty:
        return pd.DataFrame(columns=columns)
    days = np.unique(signs.date.to_numpy())
    last_day = days[-1]
    signs["place"] = np.searchsorted(days, signs.date.to_numpy())
    people = signs.groupby("person_id")
    before = signs.assign(until=people.date.shift(-1), to=people.place.shift(-1))
    before["until"] = before.until.fillna(pd.Timestamp(last_day) + DAY)
    before["to"] = before.to.fillna(len(days))
    empty = before.to - before.place - 1
    span = people.place.agg(lambda place: len(days) - place.iloc[0])
    number = people.size()
    whole = before.person_id.map(span)
    rate = (before.person_id.map(number) / (whole - empty).clip(lower=1)).clip(upper=.99)
    long = (before.until - before.date).dt.days - 1 >= LONG_GAP
    gaps = before[long & ((1 - rate) ** empty < BY_LUCK)]
    return pd.DataFrame({"person_id": gaps.person_id, "first": gaps.date + DAY, "last": gaps.until - DAY}
                        ).reset_index(drop=True)[columns]


def _only_silent(gaps: pd.DataFrame, away: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """Keep the gaps of the log in which the person was there and sold: only the writing stopped."""
    kept = []
    for row in gaps.itertuples():
        own, off = sold[sold.person_id == row.person_id], away[away.person_id == row.person_id]
        gone = (off["first"] <= row.last) & (off["last"] >= row.first)
        kept.append(bool(own.date.between(row.first, row.last).any()) and not gone.any())
    return gaps[np.array(kept, dtype=bool)].reset_index(drop=True)


def days_within(spans: pd.DataFrame, ids: pd.Index, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Count the days of each person's spans inside each of several stretches (people, stretches)."""
    result = np.zeros((len(ids), starts.shape[-1]))
    if spans.empty:
        return result
    both = pd.DataFrame({"person_id": ids, "row": np.arange(len(ids))}).merge(spans, on="person_id")
    rows = both.row.to_numpy()
    begin, until = (at[rows] if at.ndim > 1 else at[None, :] for at in (starts, ends))
    first, last = (both[name].to_numpy("datetime64[us]")[:, None] for name in ("first", "last"))
    overlap = (np.minimum(until, last) - np.maximum(begin, first)) / np.timedelta64(1, "D") + 1
    np.add.at(result, rows, np.clip(overlap, 0, None))
    return result


def time_there(work: Work, ids: pd.Index, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Share of each stretch of days that each person was there (people, stretches), long absences off."""
    known = work.people.reindex(ids)
    hired = known.hired.fillna(pd.Timestamp("2200-01-01")).to_numpy()[:, None]
    left = known.left.fillna(pd.Timestamp("2200-01-01")).to_numpy()[:, None]
    day = np.timedelta64(1, "D")
    days = (np.minimum(ends, left) - np.maximum(starts, hired)) / day + 1
    days = np.clip(days, 0, None) - days_within(work.away, ids, starts, ends)
    return np.asarray(np.clip(days, 0, None) / ((ends - starts) / day + 1))


def grown_share(work: Work, ids: pd.Index, months: pd.DatetimeIndex, there: np.ndarray,
                ramp: Ramp = PRIOR_RAMP) -> np.ndarray:
    """Say how far grown into the job each person was on average while being there (people,)."""
    known = work.people.reindex(ids)
    hired = known.hired.where(known.known.eq(True)).to_numpy().astype("datetime64[M]").astype(float)
    hired = np.where(known.known.eq(True), hired, np.nan)
    tenure = months.to_numpy().astype("datetime64[M]").astype(float)[None, :] - hired[:, None] + 1
    share = ramp_share(np.maximum(tenure, 1), ramp)
    total = there.sum(axis=1)
    return np.asarray(np.where(total > 0, (share * there).sum(axis=1) / np.where(total > 0, total, 1), 1.0))


def covers(work: Work, kpi: str, start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Say whether something was being recorded over a span of days."""
    if kpi not in work.spans.index:
        return False
    last = min(end, work.spans["last"].max())
    slack = SLACK * DAY
    return bool(work.spans["first"][kpi] <= start + slack and work.spans["last"][kpi] >= last - slack)
