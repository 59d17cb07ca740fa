"""What each person reached in each month, metric by metric; blank where the records cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.history import credited_sales, first_of_month

MONEY, COUNT = "money", "count"
#: metric -> (what it is counted in, whether it measures the work rather than its result)
METRICS: dict[str, tuple[str, bool]] = {
    "amount": (MONEY, False), "margin": (MONEY, False), "new_customers": (COUNT, False),
    "repeat": (COUNT, False), "mix": (COUNT, False), "opportunities": (COUNT, True),
    "activities": (COUNT, True)}
ENOUGH_KNOWN = .8    # a metric is measured where at least this share of the records tells
YEAR = 12
KNOWN_COLUMNS = ["metric", "kind", "process", "known", "from_month", "through", "people", "last_12", "reason",
                 "covered"]


@dataclass(frozen=True)
class Measures:
    """Every metric as a table of people and months, and what is known about it."""

    values: dict[str, pd.DataFrame]  # index person_id, columns months; NaN = not on board, or not known
    known: pd.DataFrame

    def last_12(self, metric: str) -> pd.Series:
        """Return what each person reached in the last 12 months on record; NaN where nothing is known."""
        return self.values[metric].iloc[:, -YEAR:].sum(axis=1, min_count=1)

    def exists(self, metric: str) -> bool:
        """Say whether the records can tell this metric."""
        return metric in self.values


def gather_measures(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp | None = None) -> Measures:
    """Measure every metric that the records allow, and say of each other one why not.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : Timestamp, optional
        Only records before this day.

    Returns
    -------
    Measures
        Definitions: **amount** credited sales. **margin** amount less cost, of the lines whose cost is
        known. **new_customers** customers whose first order falls in the month (marked as new in the
        records or, without such marks, bought for the first time after a year of records). **repeat**
        customers who had bought before and buy again in the month, each once a month. **mix** customers who
        buy two product lines or more in the month. **opportunities** opened. **activities** logged. A
        customer of a month counts for the person who made the month's first sale to it.
    """
    sales = _sales(tables, until)
    found: dict[str, pd.Series] = {}
    spans: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
    reasons: dict[str, str] = {}
    covered: dict[str, float] = {}
    if sales.empty:
        reasons = dict.fromkeys(("amount", "margin", "new_customers", "repeat", "mix"), "no_sales")
    else:
        _money(sales, found, reasons, covered)
        _customers(sales, found, reasons, covered)
        span = (sales.month.min(), sales.month.max())
        spans = dict.fromkeys(found, span)
        if not sales.new.any():  # who buys for the first time is only known after a year of records
            later = (span[0] + pd.DateOffset(months=YEAR), span[1])
            spans.update({metric: later for metric in ("new_customers", "repeat") if metric in found})
    opened = tables["opportunities"].dropna(subset=["created", "person_id"])
    done = tables["activities"].dropna(subset=["person_id"])
    for metric, table, day, size in (("opportunities", opened, "created", None),
                                     ("activities", done, "date", "count")):
        table = table if until is None else table[table[day] < until]
        if table.empty:
            reasons[metric] = f"no_{metric}"
            continue
        weight = 1.0 if size is None else table[size].astype("Float64").fillna(1.0).astype(float)
        table = table.assign(value=weight, month=first_of_month(table[day]))
        found[metric], spans[metric] = _by_month(table), (table.month.min(), table.month.max())
    return _put_together(tables, found, spans, reasons, covered)


def _sales(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp | None) -> pd.DataFrame:
    sales = credited_sales(tables)
    orders = tables["orders"].reset_index(drop=True)
    if len(orders):
        sales = sales.assign(cost=sales.cost * orders.credit_share.fillna(1.0),
                             new=orders.new_customer.fillna(False).astype(bool))
    else:
        sales = sales.assign(new=False)
    sales = sales.assign(month=first_of_month(sales.date), person_id=sales.person_id.fillna(""))
    return sales if until is None else sales[sales.date < until]


def _by_month(rows: pd.DataFrame) -> pd.Series:
    return rows[rows.person_id != ""].groupby(["person_id", "month"]).value.sum()


def _money(sales: pd.DataFrame, found: dict[str, pd.Series], reasons: dict[str, str],
           covered: dict[str, float]) -> None:
    found["amount"] = _by_month(sales.assign(value=sales.amount))
    priced = sales[sales.cost.notna()]
    whole = float(sales.amount.abs().sum())
    covered["margin"] = float(priced.amount.abs().sum()) / whole if whole else 0.0
    if priced.empty:
        reasons["margin"] = "no_cost"
    elif covered["margin"] < ENOUGH_KNOWN:
        reasons["margin"] = "few_costs"
    else:
        found["margin"] = _by_month(priced.assign(value=priced.amount - priced.cost))


def _customers(sales: pd.DataFrame, found: dict[str, pd.Series], reasons: dict[str, str],
               covered: dict[str, float]) -> None:
    """Count customers; each customer of a month belongs to whoever sold to it first in that month."""
    bought = sales[sales.amount > 0]
    named = bought[bought.account_id.notna()].sort_values("date", kind="stable")
    share = len(named) / len(bought) if len(bought) else 0.0
    counted = ("new_customers", "repeat", "mix")
    covered.update(dict.fromkeys(counted, share))
    if share < ENOUGH_KNOWN:
        reasons.update(dict.fromkeys(counted, "few_customers" if len(named) else "no_customers"))
        return
    first = named.drop_duplicates(["account_id", "month"])[["account_id", "month", "person_id"]]
    marked = bool(named.new.any())
    starts = (named[named.new] if marked else named).groupby("account_id").month.min()
    is_new = first.month == first.account_id.map(starts)
    found["new_customers"] = _by_month(first[is_new].assign(value=1.0))
    found["repeat"] = _by_month(first[~is_new].assign(value=1.0))
    lines = named.dropna(subset=["product_line"])
    covered["mix"] = len(lines) / len(named)
    if covered["mix"] < ENOUGH_KNOWN or lines.product_line.nunique() < 2:
        reasons["mix"] = "no_lines"
        return
    several = lines.groupby(["account_id", "month"]).product_line.nunique().gt(1)
    together = first.merge(several[several].rename("several").reset_index(), on=["account_id", "month"])
    found["mix"] = _by_month(together.assign(value=1.0))


def _put_together(tables: Mapping[str, pd.DataFrame], found: dict[str, pd.Series],
                  spans: dict[str, tuple[pd.Timestamp, pd.Timestamp]], reasons: dict[str, str],
                  covered: dict[str, float]) -> Measures:
    values: dict[str, pd.DataFrame] = {}
    if any(len(series) for series in found.values()):
        stamps = [series.index.get_level_values("month") for series in found.values() if len(series)]
        last = max(stamp.max() for stamp in stamps)
        months = pd.date_range(min(stamp.min() for stamp in stamps), last, freq="MS")
        people = pd.Index(sorted({person for series in found.values()
                                  for person in series.index.get_level_values("person_id").unique()}),
                          name="person_id")
        on_board = _on_board(tables, found, people, months)
        for metric, series in found.items():
            wide = series.unstack("month").reindex(index=people, columns=months)
            first, final = spans[metric]
            inside = (on_board | wide.notna().to_numpy()) & np.asarray((months >= first) & (months <= final))
            wide = wide.fillna(0.0).where(inside)
            if metric == "margin":  # sold, but nothing of it with a cost: not known, not 0
                sold = found["amount"].unstack("month").reindex(index=people, columns=months).notna()
                wide = wide.mask(sold & series.unstack("month").reindex(index=people, columns=months).isna())
            if wide.notna().any(axis=None):
                values[metric] = wide
            else:
                reasons[metric] = "too_short"
    rows = []
    for metric, (kind, process) in METRICS.items():
        table = values.get(metric)
        if table is None:
            rows.append((metric, kind, process, False, pd.NaT, pd.NaT, 0, np.nan,
                         reasons.get(metric, "no_sales"), covered.get(metric, 0.0)))
            continue
        seen = table.columns[table.notna().any()]
        last_year = table.iloc[:, -YEAR:]
        rows.append((metric, kind, process, True, seen[0], seen[-1], int(table.notna().any(axis=1).sum()),
                     float(np.nansum(last_year.to_numpy())), "", covered.get(metric, 1.0)))
    return Measures(values, pd.DataFrame(rows, columns=KNOWN_COLUMNS))


def _on_board(tables: Mapping[str, pd.DataFrame], found: dict[str, pd.Series], people: pd.Index,
              months: pd.DatetimeIndex) -> np.ndarray:
    """Say in which months each person was there: by the list of people, else from first to last record."""
    seen = pd.concat([series.index.to_frame(index=False) for series in found.values()])
    span = seen.groupby("person_id").month.agg(["min", "max"]).reindex(people)
    listed = tables["people"].drop_duplicates("person_id").set_index("person_id").reindex(people)
    begin = np.fmin(_number(first_of_month(listed.hire_date)), _number(span["min"]))
    # whoever has no leaving date is still there; somebody who stands in no list is there while records last
    stays = np.where(listed.name.notna(), np.inf, _number(span["max"]))
    end = np.fmax(np.where(listed.leave_date.notna(), _number(first_of_month(listed.leave_date)), stays),
                  _number(span["max"]))
    at = _number(pd.Series(months))
    return np.asarray((at >= begin[:, None]) & (at <= end[:, None]))


def _number(months: pd.Series) -> np.ndarray:
    return (months.dt.year * YEAR + months.dt.month).to_numpy("float64", na_value=np.nan)
