"""What open opportunities usually bring until a day, and whether there are more of them than usual."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

STEP, MOST_STEPS = 30, 18   # days between the past days looked at, and how many of them
SETTLING = 60   # days at the beginning of the records in which open deals were still filling up
TRUST = 20.     # deals of one's own that weigh as much as everybody's share
COLUMNS = ["person_id", "open", "value", "weighted", "in_time", "usual_open", "usual_in_time", "tries"]


def own_amounts(deals: pd.DataFrame) -> pd.Series:
    """Give every opportunity an amount: its own, else the mean of won ones of the product, else of all."""
    won = deals[(deals.status == "won") & (deals.amount > 0)]
    if won.empty:
        return deals.amount.fillna(deals.amount.mean())
    by_product = deals.product_id.map(won.groupby("product_id").amount.mean())
    return deals.amount.fillna(by_product).fillna(float(won.amount.mean()))


def relative_chances(deals: pd.DataFrame) -> pd.Series:
    """Tell how much likelier than the average open opportunity each is by its recorded probability.

    The records' own probabilities are known to be rosy, so they only order opportunities; how many are won
    is learnt from the past. 1 where none is recorded.
    """
    known = deals.probability.where((deals.probability > 0) & (deals.probability < 1))
    mean = known.mean()
    return (known / mean).fillna(1.) if mean > 0 else pd.Series(1., index=deals.index)


def rates_of(deals: pd.DataFrame, win_rates: pd.Series) -> pd.Series:
    """Give each opportunity its person's win rate; who has none yet gets the mean of all."""
    own = deals.person_id.map(win_rates.to_dict()).astype(float)
    return own.fillna(float(win_rates.mean()) if len(win_rates) else np.nan)


def weigh_pipeline(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, days_left: int,
                   win_rates: pd.Series) -> pd.DataFrame:
    """Add up each person's open opportunities: their value, what they will bring at all and in time.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables as known on the day.
    day : Timestamp
        The last day that is known.
    days_left : int
        How many days "in time" still has.
    win_rates : Series
        Each person's own shrunk share of won among decided opportunities, by person_id.

    Returns
    -------
    DataFrame
        Index person_id; columns open (how many), value, weighted (value times the own win rate and the
        relative probability), in_time (what they usually bring within days_left), usual_open and
        usual_in_time (the same of an average past day), tries (past days looked at; 0: in_time is not
        known). Without opportunities empty.

    Notes
    -----
    Source of method: on up to 18 past days, 30 days apart, the share of the value then open that was won
    within as many days; a person's own share counts for as many deals as there are, everybody's for 20
    (credibility, Buehlmann 1967).
    """
    deals = tables["opportunities"]
    deals = deals[deals.person_id.notna() & deals.created.notna()]
    if deals.empty:
        return pd.DataFrame(columns=COLUMNS).set_index("person_id")
    deals = deals.assign(worth=own_amounts(deals), end=deals.closed.where(deals.status != "open"))
    now = deals[deals.status == "open"]
    now = now.assign(tilt=relative_chances(now) * now.worth)
    rate = rates_of(now, win_rates)
    by_person = now.groupby("person_id")
    found = pd.DataFrame({
        "open": by_person.size(), "value": by_person.worth.sum(),
        "weighted": (now.worth * (now.tilt / now.worth.where(now.worth != 0) * rate).clip(upper=.95)).groupby(
            now.person_id).sum(), "tilt": by_person.tilt.sum()})
    people = pd.Index(deals.person_id.unique(), name="person_id")
    found = found.reindex(people).fillna(0.)
    past = _past_days(deals, day, days_left)
    opened, brought, count = (pd.Series(0., index=people) for _ in range(3))
    for start in past:
        there = deals[(deals.created <= start) & ~(deals.end <= start)]
        won = there[(there.status == "won") & (there.end <= start + pd.Timedelta(days=days_left))]
        opened = opened.add(there.groupby("person_id").worth.sum(), fill_value=0.)
        brought = brought.add(won.groupby("person_id").worth.sum(), fill_value=0.)
        count = count.add(there.groupby("person_id").size(), fill_value=0.)
    whole = float(brought.sum() / opened.sum()) if opened.sum() > 0 else np.nan
    size = float(opened.sum() / count.sum()) if count.sum() > 0 else np.nan
    n = max(len(past), 1)
    prior = TRUST * size
    # the same opportunity is open on several past days: it counts once
    share = (brought / n + prior * whole) / (opened / n + prior)
    found["in_time"] = found.tilt * share
    found["usual_open"] = (opened / n).reindex(people) if len(past) else np.nan
    found["usual_in_time"] = found.usual_open * share
    return found.assign(tries=float(len(past)))[COLUMNS[1:]]


def _past_days(deals: pd.DataFrame, day: pd.Timestamp, days_left: int) -> list[pd.Timestamp]:
    first = deals.created.min() + pd.Timedelta(days=SETTLING)
    steps = (day - pd.Timedelta(days=days_left) - pd.Timedelta(days=STEP * back)
             for back in range(MOST_STEPS))
    return [start for start in steps if start >= first]


def days_to_win(deals: pd.DataFrame, share: float) -> float:
    """Return how many days from opening to decision that share of the won opportunities took at most."""
    won = deals[(deals.status == "won") & deals.created.notna() & deals.closed.notna()]
    days = (won.closed - won.created).dt.days
    days = days[days >= 0]
    return float(days.quantile(share)) if len(days) else float("nan")
