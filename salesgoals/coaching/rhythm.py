"""Silence told apart from a pause: how long until something usually happens again, and how long it is now."""

from __future__ import annotations

import numpy as np
import pandas as pd

TRUST = 2.      # gaps of one's own that weigh as much as everybody's mean gap
FEWEST = 100    # gaps in all that it takes to know how long pauses get
COLUMNS = ["n", "usual", "last", "waiting", "p"]


def judge_silence(key: pd.Series, place: pd.Series, now: pd.Series | int) -> pd.DataFrame:
    """Say for each key how usual it is that nothing has happened for so long.

    Parameters
    ----------
    key, place : Series
        What happened to whom (a person, a customer), on which day (numbered; what happens twice on a day
        happens once).
    now : int, or Series by key
        The number of the last day that is known.

    Returns
    -------
    DataFrame
        Index key; columns n (gaps seen), usual (days between, drawn to everybody's mean for the rare), last
        (number of the last day), waiting (days since), p (share of all pauses that lasted at least as long,
        each measured in the usual days of its own key; NaN below 100 pauses in all).

    Notes
    -----
    Source of method: the empirical tail of pauses in units of their own mean, pooled over keys; with a
    threshold of p < t, at most a share t of all ordinary pauses is ever called a silence.

    Examples
    --------
    >>> days = pd.Series(range(0, 1400, 7))
    >>> found = judge_silence(pd.Series("a", index=days.index), days, 1393 + 30)
    >>> found.usual.item(), found.waiting.item(), bool(found.p.item() < .02)
    (7.0, 30, True)
    >>> bool(judge_silence(pd.Series("a", index=days.index), days, 1393 + 7).p.item() > .9)
    True
    """
    seen = pd.DataFrame({"key": key.to_numpy(), "place": place.to_numpy()}).dropna().drop_duplicates()
    seen = seen.sort_values(["key", "place"], kind="stable")
    if seen.empty:
        return pd.DataFrame(columns=COLUMNS)
    gaps = seen.place.groupby(seen.key).diff().dropna()
    owner = seen.key[gaps.index]
    pool = float(gaps.mean()) if len(gaps) else np.nan
    own = gaps.groupby(owner).agg(["size", "sum"])
    last = seen.groupby("key").place.max()
    table = own.reindex(last.index).fillna(0.)
    usual = (table["sum"] + TRUST * pool) / (table["size"] + TRUST)
    waiting = (now.reindex(last.index) if isinstance(now, pd.Series) else now) - last
    found = pd.DataFrame({"n": table["size"].astype("int64"), "usual": usual, "last": last,
                          "waiting": waiting})
    relative = np.sort((gaps / owner.map(usual).astype(float)).to_numpy(float))
    if len(relative) >= FEWEST:
        longer = len(relative) - np.searchsorted(relative, (waiting / usual).to_numpy(float) - 1e-9)
        found["p"] = (1 + longer) / (len(relative) + 1)
    else:
        found["p"] = np.nan
    return found[COLUMNS]
