"""Signs that goals teach the wrong lesson: rushes at the deadline, goals just reached, low claims."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from scipy.stats import t as student

from salesgoals.hindsight.work import DAY, Work
from salesgoals.periods import Period
from salesgoals.windows import attainment
from salesgoals.workdays import working_days

END = .10            # of the working days: the end of a period
SPARSE = .3          # of the working days have a deal: below it, dates are those of the books
FEWEST_PERIODS = 4
FEWEST_DEALS = 5     # a period
RUSH = 1.2           # times as many as even days would have
SURE = .01
JUST = .05           # of the goal: reached by so little, or missed
FEWEST_NEAR = 10
Span = tuple[pd.Timestamp, pd.Timestamp]
COLUMNS = ["by", "unit", "check", "value", "usual", "n", "p", "verdict"]


def check_ends(work: Work, ordered: bool, period: Period, country: str) -> pd.DataFrame:
    """Look at the last tenth of the working days: how many deals fall into it, usually and this time.

    Parameters
    ----------
    work : Work
        All records of work.
    ordered : bool
        Whether orders are on record, so that opportunities won are something else than deals.
    period : Period
        The period looked back at.
    country : str
        Whose working days count.

    Returns
    -------
    DataFrame
        COLUMNS. **rush**: share of deals at the ends of all quarters so far against the share of the days;
        **pushed**: the end of this period against usual ends of such periods; **dip**: its first tenth after
        against what is usual; **late_close**: as rush, for opportunities won.
    """
    counts = work.counts[work.counts.kpi.isin(["deals", "wins"])]
    if counts.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = min(counts.date.min(), period.start) - 400 * DAY
    days = working_days(first, max(counts.date.max(), period.end) + 400 * DAY, country)
    worked = days.date[days.working].reset_index(drop=True)
    kpis = [("deals", "rush"), *([("wins", "late_close")] if ordered else [])]
    parts = []
    for kpi, check in kpis:
        deals = counts[counts.kpi == kpi]
        if deals.empty:
            continue
        if _sparse(deals, worked):
            parts.append(pd.DataFrame([("all", "all", check, np.nan, np.nan, deals.date.nunique(), np.nan,
                                        "too_few")], columns=COLUMNS))
            continue
        units = _by_unit(deals)
        quarters = _stretches(deals, period.end, 3)
        parts.append(_rush(units, quarters, check, worked))
        if kpi == "deals":
            months = max(round(((period.end - period.start) / DAY + 1) / 30.44), 1)
            parts.append(_this_time(units, period, months, worked, deals))
    known = [part for part in parts if len(part)]
    return pd.concat(known, ignore_index=True)[COLUMNS] if known else pd.DataFrame(columns=COLUMNS)


def _sparse(deals: pd.DataFrame, worked: pd.Series) -> bool:
    """Say whether deals are on record on so few days that an end of a period means nothing."""
    return bool(deals.date.nunique() < SPARSE * worked.between(deals.date.min(), deals.date.max()).sum())


def _by_unit(deals: pd.DataFrame) -> pd.DataFrame:
    """Count deals by day for everybody, every team and all."""
    in_teams = deals[deals.node != ""]
    parts = [deals.assign(by="all", unit="all"), in_teams.assign(by="team", unit=in_teams.node),
             deals.assign(by="person", unit=deals.person_id)]
    return pd.concat(parts).groupby(["by", "unit", "date"]).value.sum().reset_index()


def _stretches(deals: pd.DataFrame, until: pd.Timestamp, months: int) -> list[Span]:
    """List the whole quarters, or stretches of so many months that end with a day, within the records."""
    first = deals.date.min()
    found: list[Span] = []
    end = until if months != 3 else (until + DAY).to_period("Q").start_time.normalize() - DAY
    while True:
        start = (end + DAY) - pd.DateOffset(months=months)
        if start < first - 6 * DAY:
            return found[::-1]
        found.append((start, end))
        end = start - DAY


def _shares(units: pd.DataFrame, spans: list[Span], worked: pd.Series,
            at_end: bool = True) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Give the share of deals in the last (or first) tenth of each span, their number, and even shares."""
    shares, counts, even = {}, {}, []
    for number, (start, end) in enumerate(spans):
        work = worked[worked.between(start, end)]
        length = max(round(END * len(work)), 1)
        even.append(length / max(len(work), 1))
        inside = units[units.date.between(start, end)]
        late = inside.date >= work.iloc[-length]
        part = inside[late if at_end else inside.date <= work.iloc[length - 1]]
        whole = inside.groupby(["by", "unit"]).value.sum()
        shares[number] = part.groupby(["by", "unit"]).value.sum().reindex(whole.index).fillna(0.0) / whole
        counts[number] = whole
    return pd.DataFrame(shares), pd.DataFrame(counts), np.array(even)


def _rush(units: pd.DataFrame, quarters: list[Span], check: str, worked: pd.Series) -> pd.DataFrame:
    if not quarters:
        return pd.DataFrame(columns=COLUMNS)
    shares, counts, even = _shares(units, quarters, worked)
    usable = (counts >= FEWEST_DEALS).to_numpy()
    ratio = np.where(usable, shares.to_numpy() / even, np.nan)
    n = usable.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(ratio, axis=1) / n
        spread = np.sqrt(np.nansum((ratio - mean[:, None]) ** 2, axis=1) / (n - 1) / n)
        p = np.where(n >= FEWEST_PERIODS, student.sf((mean - 1) / spread, np.maximum(n - 1, 1)), np.nan)
    table = pd.DataFrame({"check": check, "value": mean * even.mean(), "usual": even.mean(), "n": n, "p": p},
                         index=shares.index).reset_index()
    found = (table.p < SURE) & (mean >= RUSH)
    table["verdict"] = np.where(np.isnan(p), "too_few", np.where(found, check, "even"))
    return table


def _this_time(units: pd.DataFrame, period: Period, months: int, worked: pd.Series,
               deals: pd.DataFrame) -> pd.DataFrame:
    """Compare the end of this period, and the days after it, with the ends of such periods before."""
    earlier = _stretches(deals, period.start - DAY, months)
    after = (period.end + DAY, period.end + DAY + (period.end - period.start))
    parts = []
    last = deals.date.max()
    following = [(end + DAY, end + DAY + (end - start)) for start, end in earlier]
    spans = {"pushed": ([*earlier, (period.start, period.end)], True), "dip": ([*following, after], False)}
    for check, (stretches, at_end) in spans.items():
        half_way = after[0] + (after[1] - after[0]) / 2
        if len(stretches) < FEWEST_PERIODS or (check == "dip" and last < half_way):
            continue
        shares, number, even = _shares(units, stretches, worked, at_end)
        ratio = np.where(number >= FEWEST_DEALS, shares.to_numpy() / even, np.nan)
        usual, now = ratio[:, :-1], ratio[:, -1]
        n = (~np.isnan(usual)).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.nansum(usual, axis=1) / n
            spread = np.sqrt(np.nansum((usual - mean[:, None]) ** 2, axis=1) / (n - 1) * (1 + 1 / n))
            score = (now - mean) / spread * (1 if at_end else -1)
            p = student.sf(score, np.maximum(n - 1, 1))
        p = np.where((n >= FEWEST_PERIODS - 1) & ~np.isnan(now), p, np.nan)
        table = pd.DataFrame({"check": check, "value": now * even[-1], "usual": mean * even[-1], "n": n,
                              "p": p}, index=shares.index).reset_index()
        table["verdict"] = np.where(np.isnan(p), "too_few", np.where(p < SURE, check, "as_usual"))
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def check_bunching(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare how many goals were just reached with how many were just missed, over all closed windows."""
    reached = attainment(tables)
    reached = reached[reached.complete.astype(bool) & reached.attainment.notna()]
    above = int(reached.attainment.between(1, 1 + JUST, inclusive="left").sum())
    below = int(reached.attainment.between(1 - JUST, 1, inclusive="left").sum())
    if reached.empty:
        return pd.DataFrame(columns=COLUMNS)
    n = above + below
    p = binomtest(above, n, .5, alternative="greater").pvalue if n >= FEWEST_NEAR else np.nan
    verdict = "too_few" if np.isnan(p) else "bunching" if p < SURE else "even"
    return pd.DataFrame([("all", "all", "just_reached", above / n if n else np.nan, .5, n, p, verdict)],
                        columns=COLUMNS)


def check_claims(claims: pd.DataFrame | None, judged: pd.DataFrame) -> pd.DataFrame:
    """Find claims far below what was to be expected that were then beaten by far.

    Parameters
    ----------
    claims : DataFrame or None
        Columns person_id, claimed (currency units, for the whole period).
    judged : DataFrame
        From :func:`salesgoals.hindsight.verdicts.judge_units`.
    """
    if claims is None or claims.empty:
        return pd.DataFrame(columns=COLUMNS)
    both = claims.groupby("person_id").claimed.sum().rename("claimed").reset_index().merge(
        judged[judged.by == "person"], left_on="person_id", right_on="unit")
    low = (both.claimed < both.low) & (both.actual > both.low) & (both.actual > 1.1 * both.claimed)
    return pd.DataFrame({"by": "person", "unit": both.person_id, "check": "low_claim",
                         "value": both.claimed / both.forecast, "usual": both.actual / both.forecast, "n": 1,
                         "p": np.nan, "verdict": np.where(low, "low_claim", np.where(
                             both.forecast > 0, "fair", "too_few"))})
