"""What each person's work usually brings: visits for a quote, quotes for a deal, the size of a deal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.peers import LEAST_PEERS, groups_of_peers
from salesgoals.abilities.period import list_sales
from salesgoals.abilities.shrink import Shrunk, shrink_means, shrink_rates
from salesgoals.history import roster
from salesgoals.kpis import KPIS, count_kpis

LOGGED = ("visits", "follow_ups", "quotes")  # counted by the log of activities
GRACE = 14      # days after a person's last entry from which on the log is silent, not the person idle
WIDEST = 1.     # spread between people thought possible, on logs
SMALL = .1      # a difference below this is none to anybody
MOST_CLUMPING = 10.
COLUMNS = ["person_id", "rate", "value", "low", "high", "own", "n", "usual_of_peers", "peers"]


def chain_of(counted: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Name the rates that the records can tell, from deals down to visits: rate, work, what it brings."""
    known = set(counted.kpi.unique()) if len(counted) else set()
    if "deals" not in known:
        return []
    steps, above = [], "deals"
    if "quotes" in known:
        steps, above = [("quotes_a_deal", "quotes", "deals")], "quotes"
    one = "quote" if above == "quotes" else "deal"
    return steps + [(f"{kpi}_a_{one}", kpi, above) for kpi in ("visits", "follow_ups") if kpi in known]


def within_log(counted: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Leave out what lies outside a person's log of activities: there no visit does not mean no visits."""
    log = tables["activities"]
    if log.empty:
        return counted
    last = log.groupby("person_id").date.max() + pd.Timedelta(days=GRACE)
    inside = (counted.date >= log.date.min()) & (counted.date <= counted.person_id.map(last))
    return counted[inside]


def measure_rates(tables: Mapping[str, pd.DataFrame], until: pd.Timestamp, months: int) -> pd.DataFrame:
    """Measure the rates of everybody on board, drawn towards the peers' as far as luck asks for.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.kpi_goals.own_rates` describes them.
    """
    begin = until - pd.DateOffset(months=months) + pd.Timedelta(days=1)
    counted = count_kpis(tables)
    counted = counted[(counted.date >= begin) & (counted.date <= until)]
    people, group = people_on_board(tables, until, counted)
    if counted.empty or not len(people):
        return _no_rates()
    logged = within_log(counted, tables)
    parts = []
    for rate, work, result in chain_of(counted):
        rows = logged if work in LOGGED else counted
        sums = _sums(rows, people)
        if not (sums[work].sum() > 0 and sums[result].sum() > 0):
            continue  # not recorded in the same months: nothing can be said of the one by the other
        parts.append(_ratio(rate, sums[work], sums[result], _clumping(rows, work), _clumping(rows, result),
                            group))
    if {"wins", "decided"} <= set(counted.kpi):
        sums = _sums(counted, people)
        found = shrink_rates(sums.wins.to_numpy(), sums.decided.to_numpy(), group, SMALL / 2)
        parts.append(_part("win_rate", found, sums.wins / sums.decided.where(sums.decided > 0), sums.decided,
                           group, same=True))
    parts.append(_deal_size(tables, begin, until, people, group))
    known = [part for part in parts if part is not None]
    table = pd.concat(known, ignore_index=True) if known else _no_rates()
    return table[COLUMNS].sort_values(["person_id", "rate"], kind="stable", ignore_index=True)


def _no_rates() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str" if name in COLUMNS[:2] else float) for name in COLUMNS})


def people_on_board(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp,
                    counted: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """List who is employed and has done anything on record, with the number of the group of peers."""
    listed = roster(tables, day)
    listed = listed[listed.person_id.isin(counted.person_id.unique())]
    people = pd.Index(listed.person_id.drop_duplicates(), name="person_id")
    roles = tables["people"].drop_duplicates("person_id").set_index("person_id").role.reindex(people)
    named = groups_of_peers(pd.DataFrame({"role": roles, "ramp": 1.}, index=people))
    return people, pd.factorize(named.reindex(people).fillna(""))[0].astype(np.intp)


def _sums(rows: pd.DataFrame, people: pd.Index) -> pd.DataFrame:
    wide = rows.pivot_table(index="person_id", columns="kpi", values="value", aggfunc="sum")
    return wide.reindex(index=people, columns=list(KPIS)).fillna(0.).clip(lower=0)


def _clumping(rows: pd.DataFrame, kpi: str) -> float:
    """Return how much more weekly counts stray than single independent events would (1 = not more)."""
    own = rows[rows.kpi == kpi]
    if own.empty:
        return 1.
    week = ((own.date - own.date.min()).dt.days // 7).rename("week")
    table = own.groupby(["person_id", week]).value.sum().unstack(fill_value=0.)
    mean = table.mean(axis=1)
    if table.shape[1] < 2 or mean.sum() <= 0:
        return 1.
    found = table.sub(mean, axis=0).pow(2).to_numpy().sum() / (table.shape[1] - 1) / mean.sum()
    return float(np.clip(found, 1., MOST_CLUMPING))


def _ratio(rate: str, work: pd.Series, result: pd.Series, clumping: float, of_result: float,
           group: np.ndarray) -> pd.DataFrame:
    """Compare ratios on logs; half a count on both sides keeps a zero from being the end of the world."""
    top, bottom = work.to_numpy(float), result.to_numpy(float)
    seen = top + bottom > 0
    error = np.where(seen, np.sqrt(clumping / (top + .5) + of_result / (bottom + .5)), 10 * WIDEST)
    value = np.where(seen, np.log((top + .5) / (bottom + .5)), 0.)
    value = np.where(seen, value, np.log(top.sum() / bottom.sum()))
    found = shrink_means(value, error, group, WIDEST, np.log1p(SMALL))
    return _part(rate, found, work / result.where(result > 0), result, group)


def _deal_size(tables: Mapping[str, pd.DataFrame], begin: pd.Timestamp, until: pd.Timestamp,
               people: pd.Index, group: np.ndarray) -> pd.DataFrame | None:
    """Measure the mean size of a deal net of returns, windfalls cut to large ordinary orders."""
    sales = list_sales(tables)
    sales = sales[(sales.date >= begin) & (sales.date < until + pd.Timedelta(days=1))
                  & sales.person_id.isin(people)]
    if sales.empty or not sales.amount.gt(0).any():
        return None
    orders = cut_windfalls(sales)
    placed = orders[orders.amount > 0]
    own = pd.DataFrame({"n": placed.groupby("person_id").size(),
                        "kept": orders.groupby("person_id").kept.sum(),
                        "squares": placed.kept.pow(2).groupby(placed.person_id).sum(),
                        "amount": orders.groupby("person_id").amount.sum()}).reindex(people)
    own = own.fillna({"n": 0., "kept": 0., "amount": 0.})
    mean = float(placed.kept.mean())
    unevenness = float(placed.kept.pow(2).mean()) / mean ** 2
    usable = (own.n > 0) & (own.kept > 0)
    size = (own.kept / own.n.where(own.n > 0)).where(usable)
    spread = (own.n * (own.squares / own.n / size ** 2).clip(lower=1).where(usable, unevenness)
              + 10 * unevenness) / (own.n + 10)
    error = np.sqrt((spread - 1).clip(lower=.05) / own.n.where(usable)).fillna(10 * WIDEST)
    value = np.log(size.fillna(mean))
    found = shrink_means(value.to_numpy(float), error.to_numpy(float), group, WIDEST, np.log1p(SMALL))
    return _part("deal_size", found, own.amount / own.n.where(own.n > 0), own.n, group)


def _part(rate: str, found: Shrunk, own: pd.Series, n: pd.Series, group: np.ndarray,
          same: bool = False) -> pd.DataFrame:
    back = np.asarray if same else np.exp
    members = np.bincount(group, minlength=int(group.max()) + 1)[group]
    return pd.DataFrame({
        "person_id": own.index.astype("str"), "rate": rate, "value": back(found.mean),
        "low": back(found.low), "high": back(found.high), "own": own.to_numpy(float),
        "n": n.to_numpy(float), "peers": members.astype(float),
        "usual_of_peers": np.where(members >= LEAST_PEERS, back(found.center), np.nan)})
