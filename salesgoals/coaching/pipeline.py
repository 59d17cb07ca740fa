"""What open opportunities usually bring until a day, and whether there are more of them than usual."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.history import own_amounts

MOST_MONTHS = 18  # past months that are looked at, each at the same place: deals close at its end
AGES = (0, 30, 60, 120, 240)  # days open from which one is older: what has been open for long is seldom won
SETTLING = 60   # days at the beginning of the records in which open deals were still filling up
TRUST = 20.     # deals of one's own that weigh as much as everybody's share
COLUMNS = ["person_id", "open", "value", "weighted", "in_time", "usual_open", "usual_in_time", "tries"]


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
    Source of method: on the same day of up to 18 past months, the share of the value then open that was won
    within as many days, by how long it had been open; times the person's own level against that, where
    everybody's counts as 20 deals (credibility, Buehlmann 1967).
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
            now.person_id).sum()})
    people = pd.Index(deals.person_id.unique(), name="person_id")
    found = found.reindex(people).fillna(0.)
    past = _past_days(deals, day, days_left)
    if not past:
        return found.assign(in_time=np.nan, usual_open=np.nan, usual_in_time=np.nan, tries=0.)[COLUMNS[1:]]
    there = pd.concat([_open_on(deals, start, days_left) for start in past], ignore_index=True)
    band = there.groupby("age")[["worth", "brought"]].sum()
    share = (band.brought / band.worth.where(band.worth > 0)).reindex(range(len(AGES))).fillna(0.)
    there["expected"] = there.worth * there.age.map(share)
    own = there.groupby("person_id")[["worth", "brought", "expected"]].sum().reindex(people).fillna(0.) / len(
        past)  # the same opportunity is open on several past days: it counts once
    whole = float(there.brought.sum() / there.worth.sum()) if there.worth.sum() > 0 else 0.
    prior = TRUST * float(there.worth.mean()) * whole if len(there) else 0.
    level = ((own.brought + prior) / (own.expected + prior).where(own.expected + prior > 0)).fillna(0.)
    promising = now.tilt * _ages(now, day).map(share)
    found["in_time"] = promising.groupby(now.person_id).sum().reindex(people).fillna(0.) * level
    found["usual_open"] = own.worth
    found["usual_in_time"] = own.expected * level
    return found.assign(tries=float(len(past)))[COLUMNS[1:]]


def _ages(deals: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Number the band of each opportunity by the days it has been open."""
    days = (day - deals.created).dt.days.to_numpy()
    return pd.Series(np.searchsorted(AGES, days, side="right") - 1, index=deals.index)


def _open_on(deals: pd.DataFrame, start: pd.Timestamp, days_left: int) -> pd.DataFrame:
    """List what was open on a past day, with what of it was won within as many days."""
    there = deals[(deals.created <= start) & ~(deals.end <= start)]
    won = (there.status == "won") & (there.end <= start + pd.Timedelta(days=days_left))
    return there[["person_id", "worth"]].assign(age=_ages(there, start), brought=there.worth.where(won, 0.))


def _past_days(deals: pd.DataFrame, day: pd.Timestamp, days_left: int) -> list[pd.Timestamp]:
    first = deals.created.min() + pd.Timedelta(days=SETTLING)
    steps = (day - pd.DateOffset(months=back) for back in range(1, MOST_MONTHS + 1))
    return [start for start in steps if start >= first and start + pd.Timedelta(days=days_left) <= day]


def days_to_win(deals: pd.DataFrame, share: float) -> float:
    """Return how many days from opening to decision that share of the won opportunities took at most."""
    won = deals[(deals.status == "won") & deals.created.notna() & deals.closed.notna()]
    days = (won.closed - won.created).dt.days
    days = days[days >= 0]
    return float(days.quantile(share)) if len(days) else float("nan")
