"""What is measured of each person, and how far chance alone may have moved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.period import Period
from salesgoals.forecasting.season import Array
from salesgoals.words import all_words

WEEK = 7
BLOCK = 3             # months: sales are counted by quarters when their chance swings are measured
STEADY = 8            # orders from which a person helps to measure them
OWN_COUNTS = 10.      # own observations that weigh as much as the pool's when a spread is measured
MOST_SWING = 25.
YEAR = 12


@dataclass(frozen=True)
class Measure:
    """One thing to measure.

    Parameters
    ----------
    kind : str
        ``amount`` (compared on logs), ``rate`` (so many of so many) or ``level`` (compared as it is).
    small : float
        A difference below this is none to anybody: a share of the amount, or points of the rate.
    widest : float
        Largest spread between people thought possible, on the scale of the comparison.
    least : int
        With fewer observations nothing is said.
    better : int
        1: more is better, -1: less is better, 0: neither.
    """

    kind: str
    small: float
    widest: float
    least: int
    better: int = 1


#: in the order in which they are shown
MEASURES: dict[str, Measure] = {
    "sales": Measure("amount", .10, 1.0, 3),
    "won_rate": Measure("rate", .05, .5, 5),
    "deal_size": Measure("amount", .15, 1.0, 5, 0),
    "cycle_days": Measure("amount", .15, 1.0, 5, -1),
    "new_share": Measure("rate", .05, .5, 5),
    "margin": Measure("level", .02, .2, 5),
    "visits": Measure("amount", .15, 1.0, 8),
}
SEEN_COLUMNS = ["person_id", "measure", "n", "value", "estimate", "error", "hits", "tries"]


def measure_people(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    """Measure everybody in the period: each figure with its count and its chance error.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    period : Period
        From :func:`salesgoals.abilities.period.look_at`.

    Returns
    -------
    DataFrame
        Columns person_id, measure, n (observations), value (as people read it), estimate and error (on the
        scale of the comparison; amounts on logs), hits and tries (of rates). What the data do not hold is
        not in it.
    """
    parts = [_sales(period), _deal_size(period), _margin(period), _new_share(tables, period),
             *_deals(tables, period), _visits(tables, period)]
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in SEEN_COLUMNS[:2] else "float64")
                             for name in SEEN_COLUMNS})
    seen = pd.concat(found, ignore_index=True).reindex(columns=SEEN_COLUMNS)
    seen = seen[seen.person_id.isin(period.people.index)]
    rank = seen.measure.map({name: place for place, name in enumerate(MEASURES)})
    return seen.assign(rank=rank).sort_values(["person_id", "rank"], kind="stable").drop(
        columns="rank").reset_index(drop=True)


def _sales(period: Period) -> pd.DataFrame:
    """Sales a month, windfalls cut; the chance error from the single orders and from swings of quarters."""
    if not len(period.sales) or period.staffed is None:
        return _nothing()
    orders = cut_windfalls(period.sales)
    by_person = orders.groupby("person_id")
    sums = pd.DataFrame({"n": by_person.size(), "kept": by_person.kept.sum(), "total": by_person.amount.sum(),
                         "squares": orders.kept.pow(2).groupby(orders.person_id).sum()})
    sums = sums.join(period.people[["exposure", "present"]], how="inner")
    sums = sums[(sums.kept > 0) & (sums.exposure > 0)]
    if sums.empty:
        return _nothing()
    own = sums.n * sums.squares / sums.kept ** 2
    pooled = float(own.clip(upper=own.quantile(.9)).mean())
    unevenness = (sums.n * own + OWN_COUNTS * pooled) / (sums.n + OWN_COUNTS)
    placed = orders[orders.amount > 0]
    log = np.log(placed.kept)
    rest = log - placed.person_id.map(log.groupby(placed.person_id).mean())
    together = _hanging_together(rest, placed.person_id, placed.account_id)
    error = np.sqrt((1 + (unevenness - 1) * together) / sums.n * _swing(orders, sums, period))
    return _part("sales", sums, n=sums.n, value=sums.total / sums.present,
                 estimate=np.log(sums.kept / sums.exposure), error=error)


def _swing(orders: pd.DataFrame, sums: pd.DataFrame, period: Period) -> float:
    """How much more quarters swing than orders falling independently of each other would make them."""
    course = period.course
    month = orders.date.dt.year * YEAR + orders.date.dt.month
    blocks = len(course) // BLOCK
    steady = sums[(sums.n >= STEADY) & (sums.present >= blocks * BLOCK)]
    if blocks < 3 or len(steady) < 3:
        return 2.
    late = len(course) - blocks * BLOCK
    place = (month - (month.max() + 1 - len(course)) - late) // BLOCK
    inside = orders.person_id.isin(steady.index) & (place >= 0)
    table = orders[inside].pivot_table(index="person_id", columns=place[inside], values="kept",
                                       aggfunc="sum").reindex(index=steady.index).fillna(0.)
    table = table.reindex(columns=range(blocks), fill_value=0.).to_numpy(float)
    share = course[late:].reshape(blocks, BLOCK).sum(1)
    share = share / share.sum()
    whole = table.sum(1, keepdims=True)
    rest = ((table - whole * share) ** 2 / (1 - share)).sum(1)
    swing = np.minimum(rest / np.maximum(steady.squares.to_numpy(), 1e-9), MOST_SWING)
    return float(max(np.mean(swing), 1.))


def _deal_size(period: Period) -> pd.DataFrame:
    """Usual size of an order: mean of the logs, so that one huge order counts as one order."""
    if not len(period.sales):
        return _nothing()
    keys = ["person_id", "order"]
    orders = period.sales.groupby(keys, as_index=False).agg(amount=("amount", "sum"),
                                                            account_id=("account_id", "first"))
    return _mean_of_logs("deal_size", orders[orders.amount > 0], "amount")


def _mean_of_logs(name: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Compare means of logs; rows of one account hang together and count for less."""
    if not len(rows):
        return _nothing()
    log = np.log(rows[column].astype(float))
    people = rows.person_id
    own = log.groupby(people)
    table = pd.DataFrame({"n": own.size(), "estimate": own.mean(), "square": own.var(ddof=1)})
    rest = log - people.map(table.estimate)
    degrees = (table.n - 1).clip(lower=0)
    pooled = float((table.square * degrees).sum() / max(degrees.sum(), 1))
    spread = (table.square.fillna(0) * degrees + OWN_COUNTS * pooled) / (degrees + OWN_COUNTS)
    error = np.sqrt(spread / table.n * _hanging_together(rest, people, rows.account_id))
    return _part(name, table, n=table.n, value=np.exp(table.estimate), estimate=table.estimate, error=error)


def _hanging_together(rest: pd.Series, people: pd.Series, account: pd.Series) -> float:
    """Factor by which variances grow because what one account does hangs together (1 = not at all)."""
    known = account.notna()
    if not known.any() or rest.pow(2).sum() <= 0:
        return 1.
    together = rest[known].groupby([people[known], account[known]]).sum().pow(2).sum()
    return float(max(together / rest[known].pow(2).sum(), 1.))


def _margin(period: Period) -> pd.DataFrame:
    """Margin of all sales whose cost is known; chance error over accounts."""
    sales = period.sales[period.sales.cost.notna()]
    if not len(sales):
        return _nothing()
    own = sales.groupby("person_id")[["amount", "cost"]].sum()
    own = own[own.amount > 0]
    margin = 1 - own.cost / own.amount
    cluster = sales.account_id.fillna(sales.order)
    rest = sales.amount - sales.cost - sales.person_id.map(margin) * sales.amount
    keys = [sales.person_id, cluster]
    by_account = pd.DataFrame({"rest": rest, "amount": sales.amount}).groupby(keys).sum()
    whole = own.amount.reindex(by_account.index.get_level_values(0)).to_numpy()
    weight = (by_account.amount.abs() / whole).clip(upper=.9)
    # an account that is most of the sales pulls the margin to itself: its rest looks too small
    missed = (by_account.rest / whole) ** 2 / (1 - weight)
    count = by_account.groupby(level=0).size().reindex(own.index)
    effective = 1 / (weight ** 2).groupby(level=0).sum().reindex(own.index)
    relative = missed.groupby(level=0).sum().reindex(own.index) * effective
    enough = count >= 2
    pooled = float(relative[enough].mean()) if enough.any() else np.nan
    spread = (relative * effective + OWN_COUNTS * pooled) / (effective + OWN_COUNTS)
    return _part("margin", own, n=count, value=margin, estimate=margin, error=np.sqrt(spread / effective))


def _new_share(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    """Share of new customers among those who bought; by the flag or, without it, by the first sale."""
    sales = period.sales[(period.sales.amount > 0) & period.sales.account_id.notna()]
    if not len(sales):
        return _nothing()
    if sales.new_customer.notna().any():
        new = sales.new_customer.fillna(False).astype(bool)
    else:
        first = first_sales(tables)
        if first.empty or first.min().replace(day=1) > period.begin - pd.DateOffset(months=YEAR):
            return _nothing()  # with less than a year before, everybody would look new
        new = sales.account_id.map(first) >= period.begin
    accounts = new.groupby([sales.person_id, sales.account_id]).max().groupby(level=0)
    table = pd.DataFrame({"tries": accounts.size(), "hits": accounts.sum()}).astype(float)
    return _part("new_share", table, n=table.tries, value=table.hits / table.tries, hits=table.hits,
                 tries=table.tries)


def first_sales(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the day of each account's first sale on record, by account_id."""
    from salesgoals.abilities.period import list_sales

    sales = list_sales(tables)
    sales = sales[(sales.amount > 0) & sales.account_id.notna()]
    return sales.groupby("account_id").date.min()


def _deals(tables: Mapping[str, pd.DataFrame], period: Period) -> list[pd.DataFrame]:
    """Won of closed deals, and days from creation to the close of those won."""
    deals = tables["opportunities"]
    closed = deals[deals.status.isin(["won", "lost"]) & (deals.closed >= period.begin)
                   & (deals.closed < period.end) & deals.person_id.notna()]
    if not len(closed):
        return []
    won = closed.status == "won"
    table = won.groupby(closed.person_id).agg(["sum", "count"]).astype(float)
    table.columns = ["hits", "tries"]
    found = []
    if 0 < table.hits.sum() < table.tries.sum():
        rest = won.astype(float) - closed.person_id.map(table.hits / table.tries)
        fewer = _hanging_together(rest, closed.person_id, closed.account_id)
        found.append(_part("won_rate", table, n=table.tries, value=table.hits / table.tries,
                           hits=table.hits / fewer, tries=table.tries / fewer))
    days = (closed.closed - closed.created).dt.days[won]
    known = closed[won].assign(days=days)[days > 0]
    return [*found, _mean_of_logs("cycle_days", known, "days")]


def _visits(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    """Visits a week while there was a log; of every kind where no kind is a visit."""
    log = visits_of(tables["activities"])
    log = log[(log.date >= period.begin) & (log.date < period.end) & log.person_id.notna()]
    if not len(log):
        return _nothing()
    start = max(period.begin, log.date.min())
    begin = period.people.hire_date.where(period.people.hire_date > start, start)
    weeks = ((period.end - begin).dt.days / WEEK).clip(lower=0)
    week = (log.date - start).dt.days // WEEK
    table = log.groupby([log.person_id, week])["count"].sum().unstack(fill_value=0)
    table = table.reindex(columns=range(int(week.max()) + 1), fill_value=0)
    sums = table.sum(axis=1).astype(float).rename("count").to_frame()
    count = sums.join(weeks.rename("weeks"), how="inner")
    count = count[(count["count"] > 0) & (count.weeks >= 1)]
    whole = table.reindex(count.index)[weeks.reindex(count.index) >= table.shape[1] - 1]
    expected = whole.mean(axis=1)
    swing = float((whole.sub(expected, axis=0) ** 2).div(expected, axis=0).to_numpy(float).mean()) if len(
        whole) else 1.
    rate = count["count"] / count.weeks
    return _part("visits", count, n=count.weeks.round(), value=rate, estimate=np.log(rate),
                 error=np.sqrt(max(swing, 1.) / count["count"]))


def visits_of(activities: pd.DataFrame) -> pd.DataFrame:
    """Keep the visits of a log of activities; all of it where no kind is called a visit."""
    log = activities.assign(count=activities["count"].fillna(1).astype(float))
    names = {word for text in all_words()["team.visit_names"].values() for word in text.split()}
    kind = log.type.fillna("").astype(str).str.casefold()
    visit = kind.map(lambda text: any(name in text for name in names)).astype(bool)
    return log[visit] if visit.any() else log


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=SEEN_COLUMNS)


def _part(name: str, table: pd.DataFrame, **columns: pd.Series | Array) -> pd.DataFrame:
    found = pd.DataFrame({"person_id": table.index.astype("str"), "measure": name})
    for column, values in columns.items():
        found[column] = np.asarray(values, float)
    return found
