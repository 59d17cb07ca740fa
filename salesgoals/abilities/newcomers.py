"""Newcomers beside the growth curve of those who joined before, never beside veterans."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.abilities.period import Period
from salesgoals.forecasting.ramp import Ramp, ramp_share
from salesgoals.forecasting.ramp_fit import WATCHED, Watched, fit_ramp_to_shares, watch_newcomers
from salesgoals.forecasting.season import Array

MANY = 30               # hires from which one more or less does not change the curve
ENOUGH = 2.0            # full months that the curve expects by now: with less it is too early to say
LEAST_SPREAD, USUAL_SPREAD, LARGEST_SPREAD = .2, .35, .8  # of ability between people, on logs
MONTH_NOISE = .5        # relative spread of one month of one person
BAND = 1.2816           # 80 % of a normal distribution lie within
LEAST_OF_ROLE = 5
MONTHS = ["person_id", "person", "department", "team", "month", "tenure", "actual", "expected", "low", "high",
          "so_far", "usual_low", "usual_high"]
PROGRESS = ["person_id", "person", "department", "team", "hire_date", "tenure", "actual", "expected", "low",
            "high", "ratio", "ramp", "hires", "verdict"]


def follow_newcomers(period: Period, given: Ramp | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put each newcomer's months beside what the growth curve expects.

    Parameters
    ----------
    period : Period
        From :func:`salesgoals.abilities.period.look_at`.
    given : Ramp, optional
        A curve to compare with; by default each newcomer is compared with the curve of the *others* who
        joined, so that nobody is measured by the own figures.

    Returns
    -------
    tuple of DataFrame
        One row a newcomer, and one row a month of each; columns as
        :func:`salesgoals.team.progress_of_newcomers` describes them.
    """
    nobody = pd.DataFrame(columns=PROGRESS), pd.DataFrame(columns=MONTHS)
    watched = watch_newcomers(period.staffed) if period.staffed is not None else None
    if watched is None or period.staffed is None:
        return nobody
    ids = period.staffed.ids
    people = period.people.reindex(ids)
    typical, spread = _typical(watched, people)
    base = float(np.nanmean(watched.level[watched.level > 0]))
    shares = watched.shares * (base / typical[watched.rows])[:, None]
    common = fit_ramp_to_shares(shares)
    recent = people.tenure.to_numpy(float)[watched.rows] <= WATCHED
    known = ids.isin(period.people.index)[watched.rows]
    progress, months = [], []
    for place in np.flatnonzero(recent & known):
        there = ~np.isnan(shares[place])
        tenure = np.flatnonzero(there) + 1
        ramp = given or (common if len(shares) > MANY else fit_ramp_to_shares(np.delete(shares, place, 0)))
        row = watched.rows[place]
        full = watched.full[place][there] * typical[row] / base
        actual = (watched.shares[place] * watched.full[place])[there]
        share = ramp_share(tenure, ramp)
        expected = full * share
        who = people.iloc[row]
        name = {"person_id": ids[row], "person": who.person, "department": who.department, "team": who.team}
        at = period.staffed.months[-len(tenure):]
        months.append(pd.DataFrame({**name, "month": at, "tenure": tenure, "actual": actual,
                                    "expected": expected, **_band(actual, expected, share, spread[row],
                                                                  ramp)}))
        progress.append({**name, "hire_date": who.hire_date, "tenure": who.tenure,
                         **_so_far(actual, expected, share, spread[row], ramp)})
    if not progress:
        return nobody
    return (pd.DataFrame(progress)[PROGRESS].sort_values("hire_date", kind="stable", ignore_index=True),
            pd.concat(months, ignore_index=True)[MONTHS])


def _typical(watched: Watched, people: pd.DataFrame) -> tuple[Array, Array]:
    """Sales of a normal month of the grown people in the same role, and how much these differ (on logs)."""
    grown = pd.Series(np.where(watched.level > 0, watched.level, np.nan))
    role = people.role.fillna("").reset_index(drop=True)
    log = np.log(grown)
    own = log.groupby(role).agg(["mean", "std", "count"]).reindex(role)
    enough = own["count"].to_numpy() >= LEAST_OF_ROLE
    middle = np.where(enough, own["mean"], log.mean())
    wide = np.where(enough, own["std"], log.std() if log.count() >= LEAST_OF_ROLE else USUAL_SPREAD)
    return np.exp(middle), np.clip(wide, LEAST_SPREAD, LARGEST_SPREAD)


def _doubt(information: Array, spread: float, ramp: Ramp) -> Array:
    """Relative doubt of so many full months: other people's differences, the curve's own error, chance."""
    return np.sqrt(spread ** 2 + ramp.error ** 2 + MONTH_NOISE ** 2 / np.maximum(information, .1))


def _band(actual: Array, expected: Array, share: Array, spread: float, ramp: Ramp) -> dict[str, Array]:
    """Ranges of single months, and of the sum so far as a share of the sum to expect."""
    month = np.exp(BAND * _doubt(np.ones_like(share), spread, ramp))
    so_far = np.exp(BAND * _doubt(share.cumsum(), spread, ramp))
    return {"low": expected / month, "high": expected * month,
            "so_far": actual.cumsum() / np.maximum(expected.cumsum(), 1e-9), "usual_low": 1 / so_far,
            "usual_high": so_far}


def _so_far(actual: Array, expected: Array, share: Array, spread: float, ramp: Ramp) -> dict[str, object]:
    sold, should = float(actual.sum()), float(expected.sum())
    width = float(np.exp(BAND * _doubt(share.sum(), spread, ramp)))
    low, high = should / width, should * width
    verdict = "good" if sold > high else "slow" if sold < low else "on"
    verdict = verdict if share.sum() >= ENOUGH else "early"
    return {"actual": sold, "expected": should, "low": low, "high": high, "hires": ramp.hires,
            "ratio": sold / should if should > 0 else np.nan, "ramp": float(share[-1]), "verdict": verdict}


def list_cohorts(period: Period) -> pd.DataFrame:
    """Show what those who joined sold by month since joining, as shares of a grown person, beside the curve.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.team.ramp_cohorts` describes them.
    """
    watched = watch_newcomers(period.staffed) if period.staffed is not None else None
    ramp = period.ramp
    tenure = np.arange(1, WATCHED + 1)
    seen = np.zeros(WATCHED) if watched is None else (~np.isnan(watched.shares)).sum(0)
    total = np.zeros(WATCHED) if watched is None else np.nansum(watched.shares, 0)
    curve = ramp_share(tenure, ramp) * ramp.plateau
    # the error of a first year is made of errors of its months that go together
    width = np.exp(BAND * ramp.error)
    return pd.DataFrame({"tenure": tenure, "people": seen.astype(int),
                         "share": np.divide(total, seen, out=np.full(WATCHED, np.nan), where=seen > 0),
                         "curve": curve, "low": curve / width, "high": curve * width,
                         "hires": ramp.hires, "midpoint": ramp.midpoint})
