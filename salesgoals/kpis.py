"""The work that leads to sales, counted: visits, follow-ups, quotes, deals, by person and day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.history import credited_sales
from salesgoals.words import all_words

KPI_COLUMNS = ["date", "person_id", "account_id", "kpi", "value"]
KPIS = ("visits", "follow_ups", "quotes", "opened", "decided", "wins", "deals", "pieces", "amount")


def count_kpis(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count what each person did on each day: visits, follow-ups, quotes, deals.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses activities, opportunities, orders, products.

    Returns
    -------
    pandas.DataFrame
        Columns date, person_id, account_id (may be empty), kpi, value. **visits** contacts in person;
        **follow_ups** all other contacts (calls, messages ...) but quotes; **quotes** from the log of
        activities, else opportunities opened; **opened** opportunities; **decided** opportunities won or
        lost, and **wins** those won, by the day of the decision; **deals** orders (each counted once for a
        person, returns not), else wins; **pieces** and **amount** (currency units) net of returns. A KPI
        that the records do not know has no rows: blank is not zero. Rows without person or date are left
        out.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["activities"] = as_table("activities", pd.DataFrame({
    ...     "date": pd.to_datetime(["2026-03-02"] * 3), "person_id": "7", "type": ["拜访", "电话", "Quote"],
    ...     "count": [2, 9, 1]}))
    >>> count_kpis(tables).set_index("kpi").value.astype(int).to_dict()
    {'visits': 2, 'follow_ups': 9, 'quotes': 1}
    """
    parts = [*_contacts(tables["activities"]), *_opportunities(tables["opportunities"])]
    parts += _sales(tables)
    if not any((part.kpi == "quotes").any() for part in parts):
        parts += [part.assign(kpi="quotes") for part in parts if (part.kpi == "opened").any()]
    known = [part for part in parts if len(part)]
    if not known:
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "person_id": pd.Series(dtype="str"),
                             "account_id": pd.Series(dtype="str"), "kpi": pd.Series(dtype="str"),
                             "value": pd.Series(dtype=float)})
    together = pd.concat(known, ignore_index=True)
    together = together[together.person_id.notna() & (together.person_id != "") & together.date.notna()]
    return together.assign(date=together.date.dt.normalize())[KPI_COLUMNS].reset_index(drop=True)


def kpis_by(tables: Mapping[str, pd.DataFrame], freq: str = "W-SUN",
            until: pd.Timestamp | str | None = None) -> pd.DataFrame:
    """Add the KPIs up by person and week, month or quarter.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    freq : str
        A pandas period: ``"W-SUN"`` weeks from Monday to Sunday, ``"M"``, ``"Q"`` or ``"D"``.
    until : Timestamp or str, optional
        Last day counted; by default the last of the records.

    Returns
    -------
    pandas.DataFrame
        Columns person_id, period (first day) and one for each KPI of :data:`KPIS`. Zero where the person
        was on board and this KPI was being recorded; empty where it was not: before the first or after the
        last day on which anybody recorded it, before a person was hired or had the first record, after the
        person left.
    """
    counted = count_kpis(tables)
    if until is not None:
        counted = counted[counted.date <= pd.Timestamp(until)]
    if counted.empty:
        return pd.DataFrame(columns=["person_id", "period", *KPIS])
    counted = counted.assign(period=counted.date.dt.to_period(freq))
    wide = counted.pivot_table(index=["person_id", "period"], columns="kpi", values="value", aggfunc="sum")
    periods = pd.period_range(counted.period.min(), counted.period.max(), freq=freq)
    people = pd.Index(counted.person_id.unique(), name="person_id")
    grid = pd.MultiIndex.from_product([people, periods], names=["person_id", "period"])
    wide = wide.reindex(grid).reindex(columns=list(KPIS))
    place = grid.get_level_values("period")
    spans = counted.groupby("kpi").period.agg(["min", "max"])
    aboard = _aboard(tables, counted, people, grid)
    for kpi in KPIS:
        if kpi in spans.index:
            recorded = (place >= spans.loc[kpi, "min"]) & (place <= spans.loc[kpi, "max"])
            wide[kpi] = wide[kpi].fillna(0.0).where(wide[kpi].notna() | (recorded & aboard))
    wide = wide[aboard | wide.notna().any(axis=1).to_numpy()].reset_index()
    return wide.assign(period=wide.period.dt.start_time.astype("datetime64[us]")).rename_axis(columns=None)


def _aboard(tables: Mapping[str, pd.DataFrame], counted: pd.DataFrame, people: pd.Index,
            grid: pd.MultiIndex) -> np.ndarray:
    """Tell for each person and period whether the person was there: hired or seen, and not gone."""
    first = counted.groupby("person_id").date.min()
    listed = tables["people"].drop_duplicates("person_id").set_index("person_id")
    begin = listed.hire_date.reindex(people).where(listed.hire_date.reindex(people) <= first.reindex(people))
    begin = begin.fillna(first.reindex(people))
    end = listed.leave_date.reindex(people).fillna(pd.Timestamp("2262-01-01"))
    who, place = grid.get_level_values("person_id"), grid.get_level_values("period")
    starts, ends = place.start_time.to_numpy(), place.end_time.to_numpy()
    return (ends >= begin.reindex(who).to_numpy()) & (starts <= end.reindex(who).to_numpy())


def _contacts(activities: pd.DataFrame) -> list[pd.DataFrame]:
    if activities.empty:
        return []
    log = activities.assign(value=activities["count"].fillna(1).astype(float))
    kind = log.type.fillna("").astype(str).str.casefold()
    visit, quote = _called(kind, "team.visit_names"), _called(kind, "kpis.quote_names")
    return [log[rows].assign(kpi=kpi) for kpi, rows in (
        ("visits", visit & ~quote), ("follow_ups", ~visit & ~quote), ("quotes", quote))]


def _called(kind: pd.Series, key: str) -> pd.Series:
    names = {word for text in all_words()[key].values() for word in text.split()}
    return kind.isin([text for text in kind.unique() if any(name in text for name in names)])


def _opportunities(opportunities: pd.DataFrame) -> list[pd.DataFrame]:
    if opportunities.empty:
        return []
    one = opportunities.assign(value=1.0)
    ended = one[one.status.isin(["won", "lost"])].assign(date=lambda rows: rows.closed)
    return [one.assign(date=one.created, kpi="opened"), ended.assign(kpi="decided"),
            ended[ended.status == "won"].assign(kpi="wins")]


def _sales(tables: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    sales = credited_sales(tables)
    if sales.empty:
        return []
    parts = [sales.assign(kpi="amount", value=sales.amount)]
    if sales.quantity.notna().any():
        parts.append(sales[sales.quantity.notna()].assign(kpi="pieces", value=sales.quantity.astype(float)))
    orders = tables["orders"]
    if orders.empty:
        won = tables["opportunities"]
        parts.append(won[won.status == "won"].assign(date=won.closed, kpi="deals", value=1.0))
        return parts
    taken = orders[~orders.returned.fillna(False).astype(bool) & (orders.amount.fillna(0) >= 0)]
    keys = ["date", "person_id", "account_id"]
    single = taken.order_id.isna()
    deals = pd.concat([taken[~single].drop_duplicates(["order_id", "person_id"]), taken[single]])[keys]
    return [*parts, deals.assign(kpi="deals", value=1.0)]
