"""Which of the first draws a case shows: the one closest to what the model says of such teams on average."""

from __future__ import annotations

import pandas as pd

from salesgoals.cases import Case
from salesgoals.simulate import play_years, simulate_teams

DRAWS = 40
COMPARED = ["share_at_goal", "turnover"]      # in the year of the old policy and in that of the new one


def distances(case: Case, draws: int = DRAWS) -> pd.Series:
    """Measure how far each of the first draws lies from the model's own means, in spreads of single teams.

    Published figures play no part: only the team and its two policies are looked at.

    Returns
    -------
    Series by seed: the sum of ((figure - the model's mean) / the spread of single teams) ** 2.
    """
    policies = [case.before, case.after]
    played = [simulate_teams(case.team, policy)[COMPARED] for policy in policies]
    mean, spread = (pd.concat([getattr(one, name)() for one in played], keys=[1, 2]) for name in ("mean", "std"))
    found = {}
    for seed in range(1, draws + 1):
        years = play_years(case.team, policies, seed).years
        years = years[years.year > 0].astype({"at_goal": float, "leaves": float})
        drawn = years.groupby("year")[["at_goal", "leaves"]].mean().set_axis(COMPARED, axis=1).stack()
        found[seed] = float((((drawn - mean) / spread) ** 2).sum())
    return pd.Series(found)


def typical_seed(case: Case, draws: int = DRAWS) -> int:
    """Choose the most typical of the first draws."""
    return int(distances(case, draws).idxmin())
