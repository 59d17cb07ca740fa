"""Who climbed out of a clear low: both the low and the climb must be more than luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtr

from salesgoals.abilities.luck import cut_windfalls
from salesgoals.abilities.period import Period, look_at
from salesgoals.alarms.reasons import find_reasons
from salesgoals.coaching.rates import GRACE
from salesgoals.kpis import count_kpis

BLOCK = 3           # months that are compared with months: one month is mostly luck
BLOCKS = 6          # the last one is "now"
LEAST_BLOCKS = 4
FALSE = .10         # at most this share of the stories that are told is expected to be luck
LEVEL_AGAIN = .85   # of the usual: below it nobody has climbed out yet
GROWN = .9          # months of people below it on the growth curve climb anyway
MOST_SWING = 25.
CHAIN = (("visits", "visits"), ("quotes", "quotes"), ("conversion", "wins"), ("deal_size", "amount"))
FOUND = ["person_id", "low_from", "low_to", "low", "usual_low", "now_from", "now_to", "now", "usual_now",
         "climb", "p", "reason", "reason_low", "reason_now", "reason_share", "reason_clear"]


def find_climbs(tables: Mapping[str, pd.DataFrame], until: object = None) -> pd.DataFrame:
    """Find people whose last three months are clearly better than a clear low before.

    Returns
    -------
    DataFrame
        Columns person_id, low_from, low_to (first and last month of the low), low and usual_low (sold then,
        and what these months usually bring this person), now_from, now_to, now, usual_now, climb (share,
        season taken out), p, reason (visits, quotes, conversion, deal_size; what changed most), reason_low
        and reason_now (its rate), reason_share (of the climb), reason_clear (more than luck by itself).

    Notes
    -----
    Source of method: sales of three months against the person's own other months, season, growth curve and
    absence taken out; luck from the single orders, times what quarters swing beyond it. The lowest of
    several quarters is always low, and what follows is better by luck alone (regression to the mean):
    therefore the low itself must be more than luck among as many quarters, the climb as well, and over all
    people the false discovery rate stays below 10 % (Benjamini and Hochberg 1995).
    """
    seen = look_at(tables, until, BLOCK * BLOCKS)
    if seen.staffed is None:
        return pd.DataFrame(columns=FOUND)
    months = seen.staffed.months[-BLOCK * BLOCKS:]
    count = len(months) // BLOCK
    if count < LEAST_BLOCKS:
        return pd.DataFrame(columns=FOUND)
    months = months[-BLOCK * count:]
    weight, kept, luck, people = _blocks(seen, months, count)
    if not len(people):
        return pd.DataFrame(columns=FOUND)
    p, low = _judge(weight, kept, luck)
    told = _kept_by_rate(p)
    rows = []
    for at in np.flatnonzero(told):
        begin, now = months[BLOCK * low[at]], months[BLOCK * (count - 1)]
        others = [block for block in range(count - 1) if block != low[at]]
        level = kept[at, others].sum() / weight[at, others].sum()
        rate_low, rate_now = (kept[at, block] / weight[at, block] for block in (low[at], count - 1))
        rows.append({"person_id": people[at], "low_from": begin, "low_to": months[BLOCK * low[at] + 2],
                     "low": kept[at, low[at]], "usual_low": level * weight[at, low[at]], "now_from": now,
                     "now_to": months[-1], "now": kept[at, -1], "usual_now": level * weight[at, -1],
                     "climb": rate_now / rate_low - 1 if rate_low > 0 else np.nan, "p": p[at],
                     "ratio": weight[at, -1] / weight[at, low[at]]})
    found = pd.DataFrame(rows)
    return _name_reasons(found, tables)[FOUND] if len(found) else pd.DataFrame(columns=FOUND)


def _blocks(seen: Period, months: pd.DatetimeIndex,
            count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Index]:
    """Lay out weight (months times season, presence, growth), sales without windfalls, and luck by block."""
    staffed = seen.staffed
    assert staffed is not None
    span = slice(-BLOCK * count, None)
    at = staffed.ids.get_indexer(seen.people.index)
    people = seen.people.index[at >= 0]
    at = at[at >= 0]
    book, course = staffed.book, seen.course[-BLOCK * count:]
    grown = np.where(book.ramp[at][:, span] >= GROWN, 1., 0.)
    orders = cut_windfalls(seen.sales[seen.sales.person_id.isin(people)])
    if orders.empty:
        return np.zeros((0, count)), np.zeros((0, count)), np.zeros(0), people[:0]
    # a month in which somebody sold nothing at all and so did not work is no low of the work
    by_month = book.sales[at][:, span]
    worked = book.present[at][:, span] * grown
    weight = (worked * course).reshape(len(at), count, BLOCK).sum(2)
    there = (by_month.reshape(len(at), count, BLOCK) != 0).all(2) & (
        worked.reshape(len(at), count, BLOCK) > .99).all(2)
    weight = np.where(there, weight, 0.)
    place = ((orders.date.dt.year - months[0].year) * 12 + orders.date.dt.month - months[0].month) // BLOCK
    inside = (place >= 0) & (place < count)
    kept = orders[inside].pivot_table(index="person_id", columns=place[inside], values="kept", aggfunc="sum")
    kept = kept.reindex(index=people, columns=range(count)).fillna(0.).to_numpy(float)
    squares = orders.kept.pow(2).groupby(orders.person_id).sum().reindex(people).to_numpy(float)
    sums = orders.groupby("person_id").kept.sum().reindex(people).to_numpy(float)
    usable = (weight > 0).sum(1) >= LEAST_BLOCKS
    usable &= (weight[:, -1] > 0) & (sums > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        luck = squares / sums
    return weight[usable], np.where(weight > 0, kept, 0.)[usable], luck[usable], people[usable]


def _judge(weight: np.ndarray, kept: np.ndarray, luck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each person's chance that low and climb are luck, and the number of the lowest block."""
    known = weight > 0
    total, whole = kept.sum(1, keepdims=True), weight.sum(1, keepdims=True)
    expected = total / whole * weight
    with np.errstate(invalid="ignore", divide="ignore"):
        ordinary = luck[:, None] * expected * (1 - weight / whole)
        beyond = np.where(known, (kept - expected) ** 2 / ordinary, 0)
    swing = float(np.clip(np.median(beyond[known]) / .455, 1., MOST_SWING)) if known.any() else 1.
    noise = luck * swing
    earlier = np.arange(weight.shape[1]) < weight.shape[1] - 1
    sure = np.full(kept.shape, np.inf)
    back = np.full(kept.shape, -np.inf)
    for block in np.flatnonzero(earlier):
        rest = earlier & (np.arange(len(earlier)) != block)
        others, base = kept[:, rest].sum(1), weight[:, rest].sum(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            level = others / base
            usual = level * weight[:, block]
            sure[:, block] = (kept[:, block] - usual) / np.sqrt(
                noise * usual * (1 + weight[:, block] / base))
            gap = kept[:, -1] / weight[:, -1] - kept[:, block] / weight[:, block]
            back[:, block] = gap / np.sqrt(noise * level * (1 / weight[:, -1] + 1 / weight[:, block]))
            again = kept[:, -1] >= LEVEL_AGAIN * level * weight[:, -1]
        back[:, block] = np.where(again, back[:, block], -np.inf)
    sure = np.where(known & earlier & np.isfinite(sure), sure, np.inf)
    low = sure.argmin(1)
    rows = np.arange(len(low))
    tries = (known & earlier).sum(1)
    both = np.maximum(ndtr(sure[rows, low]), ndtr(-np.nan_to_num(back[rows, low], nan=-np.inf)))
    return np.minimum(tries * both, 1.), low


def _kept_by_rate(p: np.ndarray) -> np.ndarray:
    """Keep as many as the false discovery rate allows."""
    order = np.argsort(p, kind="stable")
    allowed = p[order] <= FALSE * np.arange(1, len(p) + 1) / len(p)
    most = int(np.flatnonzero(allowed).max()) + 1 if allowed.any() else 0
    told = np.zeros(len(p), bool)
    told[order[:most]] = True
    return told


def _name_reasons(found: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what changed most between the low and now, and whether that alone is more than luck."""
    counted = count_kpis(tables).replace({"kpi": {"wins": "won", "deals": "wins"}})
    steps = [level for _, level in CHAIN if level in set(counted.kpi)]
    log = tables["activities"].groupby("person_id").date.agg(["min", "max"])
    spans = {"low": ("low_from", "low_to"), "now": ("now_from", "now_to")}
    levels = {}
    for name, (first, last) in spans.items():
        begin = counted.person_id.map(found.set_index("person_id")[first])
        end = counted.person_id.map(found.set_index("person_id")[last]) + pd.offsets.MonthEnd(0)
        inside = counted[(counted.date >= begin) & (counted.date <= end)]
        wide = inside.pivot_table(index="person_id", columns="kpi", values="value", aggfunc="sum")
        levels[name] = wide.reindex(index=found.person_id, columns=steps).fillna(0.)
    ratio = found.set_index("person_id").ratio
    before = levels["low"].mul(ratio, axis=0)
    logged = set(log.index[log["min"] <= found.low_from.min()]) if len(log) else set()
    ended = log["max"] + pd.Timedelta(days=GRACE)
    parts = []
    for person in found.person_id:
        whole = person in logged and ended[person] >= found.now_to.max()
        chain = tuple(step for step in CHAIN if step[1] in steps and (whole or step[1] != "visits"))
        # seen from now: what the low lacked, and whether luck alone would lack as much
        lacked = find_reasons(before.loc[[person]], levels["now"].loc[[person]], chain)
        parts.append(lacked.nsmallest(1, "effect"))
    main = pd.concat(parts, ignore_index=True)
    gap = (levels["now"].amount - before.amount).to_numpy()
    scaled = np.where(main.reason == "visits", ratio.to_numpy(), 1.)  # visits are counts, the rest are rates
    return found.assign(reason=main.reason, reason_low=main.now / scaled, reason_now=main.usual,
                        reason_share=-main.effect / np.where(gap > 0, gap, np.nan), reason_clear=main.clear)
