"""Do incentives lack effect? What the rules of pay themselves say."""

from __future__ import annotations

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.lapses.finding import ACT, TALK, Finding
from salesgoals.paying.curve import flats, jumps
from salesgoals.paying.expected import chance_between, expected_results
from salesgoals.paying.scheme import Group, parts_of
from salesgoals.paying.terms import PayTerms

DEAD = .25              # in every fourth case more sales bring nothing
CLIFF = .05             # of the whole target pay, for one unit of sales more
TEAM_HEAVY = .5
REMEDIES = ("incentives",)


def judge_rewards(terms: PayTerms | None, forecast: Forecast | None) -> Finding:
    """Judge whether the pay plan leaves people without a reason to sell more, or turns on a single unit.

    Parameters
    ----------
    terms : PayTerms or None
        The pay plan laid on goals; None where there is none.
    forecast : Forecast or None
        Of the same months.
    """
    finding = Finding("rewards", remedies=REMEDIES)
    if terms is None or forecast is None:
        finding.add("no_pay_plan")
    else:
        dead = dead_shares(terms, forecast).dropna()
        if len(dead):
            share, count = float(dead.mean()), int((dead >= .5).sum())
            finding.clear()
            finding.add("pay_dead", grave=ACT if share >= DEAD else 0, share=share, count=count, of=len(dead))
        for group in terms.plan.group:
            for at, size in _cliffs(terms, group):
                finding.add("pay_cliff", grave=TALK, group=str(group.title), at=at, size=size)
            if group.team_part and float(group.team_part.weight) > TEAM_HEAVY:
                share = float(group.team_part.weight)
                finding.add("pay_team", grave=TALK, group=str(group.title), share=share)
    finding.add("ask_disputes")
    finding.add("ask_by_heart")
    return finding


def dead_shares(terms: PayTerms, forecast: Forecast) -> pd.Series:
    """Say for each person how likely the period ends where one more unit of sales pays nothing.

    Returns
    -------
    Series
        By person_id: a probability, over the parts that pay for one's own results, by their weights.
    """
    rows = expected_results(terms, forecast)
    found = []
    for group in terms.plan.group:
        mine = rows[(rows.group == group.key) & rows.known.astype(bool)]
        own = [part for part in parts_of(group) if getattr(part, "metric", "team") != "team"]
        weight = sum(float(part.weight) for part in own)
        if not len(mine) or not weight > 0:
            continue
        dead = sum(float(part.weight) / weight * sum(
            chance_between(mine, begin, end) for begin, end in flats(terms.plan.curves[part.curve]))
            for part in own)
        found.append(pd.Series(dead, index=mine.person_id.to_numpy(), dtype=float).groupby(level=0).mean())
    return pd.concat(found) if found else pd.Series(dtype=float)


def _cliffs(terms: PayTerms, group: Group) -> list[tuple[float, float]]:
    if not len(terms.members(group)):
        return []
    return [(float(at), float(size) * float(part.weight)) for part in parts_of(group)
            for at, size in jumps(terms.plan.curves[part.curve]) if size * float(part.weight) >= CLIFF]
