"""What others would say about the same change: usual explanations of one unit beside the fair one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.attribution.naive import explain_in_four_ways
from salesgoals.hindsight.expected import look_before
from salesgoals.hindsight.gap import set_sides
from salesgoals.hindsight.levels import FACTORS, STEPS
from salesgoals.periods import Period


def compare_explanations(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame | None, period: Period,
                         by: str, unit: str, country: str | None = "CN") -> pd.DataFrame:
    """Explain why a unit sold more or less than was to be expected: in three usual ways, and in the fair one.

    Parameters
    ----------
    tables, goals, period, country
        As for :func:`salesgoals.retro.gap_report`.
    by, unit : str
        all, team or person, and which one.

    Returns
    -------
    pandas.DataFrame
        Columns factor, forwards, backwards, alone, fair; see
        :func:`salesgoals.attribution.naive.explain_in_four_ways`. People are added up one by one, so that a
        shift of work between them stands in the factors and not on a line of its own. Only factors that are
        known; empty where nothing is known to compare with.
    """
    planned = set() if goals is None or goals.empty else set(goals.person_id.dropna())
    before = look_before(tables, period, country, planned)
    sides = set_sides(tables, period, before, "forecast")
    own = pd.Series(True, index=sides.people.index)
    if by != "all":
        own = sides.people[{"team": "node", "person": "person_id"}[by]].eq(unit)
    if sides.basis == "none" or not own.any():
        return pd.DataFrame(columns=["factor", "forwards", "backwards", "alone", "fair"])
    ways = explain_in_four_ways(sides.now[own], sides.base[own], STEPS)
    unknown = {factor for factor, held in zip(FACTORS, sides.held[own.to_numpy()].all(axis=0), strict=True)
               if held}
    return ways[~ways.factor.isin(unknown)].reset_index(drop=True)


def fell_furthest(gap: pd.DataFrame) -> tuple[str, str]:
    """Name who fell furthest below what was to be expected: a team, a person where there are no teams.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.retro.gap_report`.

    Returns
    -------
    tuple of str
        by and unit; the company where nothing is known to compare with.

    Examples
    --------
    >>> gap = pd.DataFrame({"by": ["team", "team"], "unit": ["N/1", "N/2"], "actual": [7.0, 9.0],
    ...                     "base": [8.0, 8.0]})
    >>> fell_furthest(gap)
    ('team', 'N/1')
    """
    for by in ("team", "person"):
        known = gap[(gap.by == by) & gap.base.notna()]
        if len(known):
            row = known.loc[(known.actual - known.base).idxmin()]
            return by, str(row.unit)
    return "all", "all"
