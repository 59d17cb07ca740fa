"""Fit the team model to the published figures of the three cases, openly, and write docs/model.md.

    python benchmarks/model.py [--write] [--teams 4000]

The published figures come from the case.toml of each case (a vendor's article, unverified). Five numbers are
found, each by a search of its own, and then rounded: three levels of old goals, one planned chance for both
new ways, and what a hopeless goal adds to leaving. The rest is as in salesgoals/modelling/parameters.toml.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize_scalar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from salesgoals.cases import list_cases, read_case  # noqa: E402
from salesgoals.modelling.engine import draw_luck, meet_teams, play_year  # noqa: E402
from salesgoals.modelling.parameters import choose_parameters  # noqa: E402
from salesgoals.modelling.policies import set_goals  # noqa: E402
from salesgoals.simulate import (  # noqa: E402
    Team,
    TeamPolicy,
    explain_change,
    level_curve,
    outcome_table,
    simulate_teams,
)

PAGE = ROOT / "docs" / "model.md"
NEAR = .05              # as near as the mean must come to a published figure
SEEDS = (1, 2, 3, 4, 5)
Run = tuple[Team, TeamPolicy]
Numbers = dict[str, float]
REMOVED = {
    "nothing": {},
    "effort answers the goal": {"effort_gain": 0, "effort_loss": 0},
    "effort gained by a hard but believable goal": {"effort_gain": 0},
    "effort lost by a hopeless goal": {"effort_loss": 0},
    "co-creation raises commitment": {"imposed_commitment": 1},
    "CRM": {"crm_gain": 0},
    "retrospectives": {"slump_months_retro": 6},
    "CRM and retrospectives": {"crm_gain": 0, "slump_months_retro": 6},
    "ramp and leading sellers": {"ramp_start": 1, "leader_tier": 1},
}
OTHER_BUSINESS = {
    "as shipped": {},
    "months vary twice as much, people differ more": {"month_noise": .25, "ability_spread": .12},
    "deeper slumps as well": {"month_noise": .25, "ability_spread": .12, "slump_depth": .35},
    "forecasts of people half as good": {"forecast_error": .16},
    "no growth": {"growth": 0},
}


@dataclass(frozen=True)
class Figure:
    """One published figure and the run that should show it."""

    run: str
    measure: str
    value: float


def read_stories() -> tuple[dict[str, Run], list[Figure]]:
    """Read teams, policies and published figures from the cases."""
    runs: dict[str, Run] = {}
    figures = []
    for name in list_cases():
        case, letter = read_case(name), name[-1].upper()
        runs |= {f"{letter} before": (case.team, case.before), f"{letter} after": (case.team, case.after)}
        figures += [Figure(f"{letter} {row.when}", row.figure, row.value)
                    for row in case.published.itertuples()]
    return runs, figures


def show_mean(run: Run, measure: str, numbers: Numbers, teams: int, seed: int = 1) -> float:
    """Return the mean of one measure."""
    return float(simulate_teams(*run, teams, seed, numbers)[measure].mean())


def at_level(run: Run, level: float) -> Run:
    """Change the level of a run's policy."""
    return run[0], replace(run[1], level=level)


def fit(runs: dict[str, Run], figures: list[Figure], numbers: Numbers, teams: int
        ) -> tuple[dict[str, Run], Numbers]:
    """Find the five free numbers, one search each; the searches do not disturb each other."""
    wanted = {(figure.run, figure.measure): figure.value for figure in figures}
    found = dict(runs)

    def solve(run: str, low: float, high: float) -> float:
        def miss(level: float) -> float:
            return show_mean(at_level(runs[run], level), "share_at_goal", numbers, teams
                             ) - wanted[run, "share_at_goal"]
        return float(brentq(miss, low, high, xtol=.001))

    for run in ("A before", "C before"):
        found[run] = at_level(runs[run], solve(run, -.5, .8))
    level = solve("B after", -.7, .5)
    found |= {run: at_level(runs[run], level) for run in ("B before", "B after")}

    def least(of: Callable[[float], list[tuple[float, float]]], low: float, high: float) -> float:
        def squares(value: float) -> float:
            return sum((mean - aim) ** 2 for mean, aim in of(value))
        return float(minimize_scalar(squares, bounds=(low, high), method="bounded",
                                     options={"xatol": (high - low) / 500}).x)

    chance = least(lambda value: [
        (show_mean(at_level(runs[run], value), "share_at_goal", numbers, teams), wanted[run, "share_at_goal"])
        for run in ("A after", "C after")], .2, .95)
    found |= {run: at_level(runs[run], chance) for run in ("A after", "C after")}
    leaving = least(lambda value: [
        (show_mean(found[run], measure, numbers | {"leaving_out_of_reach": value}, teams),
         wanted[run, measure])
        for run, measure in (("A after", "turnover"), ("B after", "turnover_newcomers"))], .1, 8)
    return found, numbers | {"leaving_out_of_reach": leaving}


def means_of(runs: dict[str, Run], figures: list[Figure], numbers: Numbers, teams: int, seed: int = 1
             ) -> list[float]:
    """Return the model's mean of each figure."""
    played = {run: simulate_teams(*runs[run], teams, seed, numbers).mean()
              for run in {figure.run for figure in figures}}
    return [float(played[figure.run][figure.measure]) for figure in figures]


def worst(means: list[float], figures: list[Figure]) -> tuple[float, str]:
    """Return the largest miss, and whose it is."""
    misses = [abs(mean - figure.value) for mean, figure in zip(means, figures, strict=True)]
    place = int(np.argmax(misses))
    return misses[place], f"{figures[place].run} {figures[place].measure}"


def seven_figures(runs: dict[str, Run], figures: list[Figure], teams: int) -> pd.DataFrame:
    """Set the published figures beside the model: mean, interval of single teams, other seeds."""
    seeds = {seed: means_of(runs, figures, {}, teams, seed) for seed in SEEDS}
    rows = []
    for place, figure in enumerate(figures):
        table = outcome_table(simulate_teams(*runs[figure.run], teams))
        table = table.set_index("measure").loc[figure.measure]
        others = [seeds[seed][place] for seed in SEEDS[1:]]
        rows.append((figure.run, figure.measure, figure.value, table["mean"], table.low, table.high,
                     table.low <= figure.value <= table.high, abs(table["mean"] - figure.value) <= NEAR,
                     min(others), max(others)))
    return pd.DataFrame(rows, columns=["run", "measure", "published", "mean", "low", "high", "inside", "near",
                                       "other_low", "other_high"])


def sensitivity_of_figures(runs: dict[str, Run], figures: list[Figure], teams: int) -> pd.DataFrame:
    """Set each parameter to its low and high: how the figures move, who falls out, and after a new fit."""
    from salesgoals.modelling.parameters import parameter_table
    base = means_of(runs, figures, {}, teams)
    rows = []
    for name, entry in parameter_table().items():
        for bound in ("low", "high"):
            numbers = {name: entry[bound]}
            means = means_of(runs, figures, numbers, teams)
            out = [place for place, figure in enumerate(figures) if abs(means[place] - figure.value) > NEAR]
            again = np.nan
            if name != "leaving_out_of_reach":      # found anew by the fit itself
                fitted = fit(runs, figures, numbers, max(200, teams // 4))
                again = worst(means_of(fitted[0], figures, fitted[1], teams), figures)[0]
            moves = [mean - old for mean, old in zip(means, base, strict=True)]
            rows.append((name, bound, entry[bound], moves, out, again))
            print(name, bound, out, f"{again:.3f}", flush=True)
    return pd.DataFrame(rows, columns=["parameter", "bound", "value", "moves", "out", "again"])


def refit(runs: dict[str, Run], figures: list[Figure], changes: dict[str, Numbers], teams: int
          ) -> pd.DataFrame:
    """Fit anew under other numbers: what the five become, and the worst miss."""
    rows = []
    for name, numbers in changes.items():
        found, fitted = fit(runs, figures, numbers, teams)
        miss, whose = worst(means_of(found, figures, fitted, teams), figures)
        rows.append((name, *(found[run][1].level for run in ("A before", "B before", "C before", "A after")),
                     fitted["leaving_out_of_reach"], miss, whose))
        print(rows[-1], flush=True)
    return pd.DataFrame(rows, columns=["name", "A", "B", "C", "chance", "leaving", "miss", "whose"])


def luck_alone(runs: dict[str, Run], figures: list[Figure], teams: int
               ) -> list[tuple[str, float, float, float, float, float]]:
    """Ask how often the old way alone would have shown the new figure, and how much one team varies.

    Once as the model is, and once with last year's market in last year's table, of which the goals are made.
    """
    rows = []
    shock = choose_parameters().market_shock
    market = np.exp(shock * np.random.default_rng(8).standard_normal((teams, 1)) - shock ** 2 / 2)
    for letter in "AC":
        new = next(figure.value for figure in figures
                   if (figure.run, figure.measure) == (f"{letter} after", "share_at_goal"))
        team, policy = runs[f"{letter} before"]
        old = simulate_teams(team, policy, teams).share_at_goal
        luck = draw_luck(team.people, teams, 1)
        met = meet_teams(team, luck, choose_parameters())
        goals = set_goals(policy, met.known, choose_parameters()) * market
        year = play_year(goals, met, policy, luck, choose_parameters())
        wider = (year.amount >= goals).mean(axis=1)
        rows.append((letter, new, float((old >= new).mean()), float(old.std()),
                     float((wider >= new).mean()), float(wider.std())))
    return rows


def measure(teams: int) -> dict[str, object]:
    """Measure everything the page tells."""
    runs, figures = read_stories()
    team, after = runs["A after"]
    return {
        "runs": runs, "figures": figures, "teams": teams, "seven": seven_figures(runs, figures, teams),
        "removed": refit(runs, figures, REMOVED, teams // 2),
        "business": refit(runs, figures, OTHER_BUSINESS, teams // 2),
        "shapley": {letter: explain_change(runs[f"{letter} before"][0], runs[f"{letter} before"][1],
                                           runs[f"{letter} after"][1], teams) for letter in "ABC"},
        "outcomes": {run: outcome_table(simulate_teams(*what, teams)) for run, what in runs.items()},
        "cliff": level_curve(team, after, [.8, .85, .9, .95, 1., 1.05, 1.1, 1.2, 1.4, 2.], teams),
        "only_lower": show_mean(at_level(runs["A before"], lower_level(runs)), "share_at_goal", {}, teams),
        "luck": luck_alone(runs, figures, teams),
        "sensitivity": sensitivity_of_figures(runs, figures, teams // 2)}


def lower_level(runs: dict[str, Run]) -> float:
    """Find the old way's level at which it asks as much as the new way does."""
    old = runs["A before"][1]
    goals = {run: simulate_teams(*runs[run], 1000).goal.mean() for run in ("A before", "A after")}
    return float((1 + old.level) * goals["A after"] / goals["A before"] - 1)


def main() -> None:
    """Measure, print the seven figures, write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--teams", type=int, default=4000)
    asked = parser.parse_args()
    begun = time.process_time()
    found = measure(asked.teams)
    print(found["seven"].round(3).to_string())
    if asked.write:
        from model_page import write_page
        PAGE.write_text(write_page(found), encoding="utf-8")
    print(f"{time.process_time() - begun:.0f} s of computing time")


if __name__ == "__main__":
    main()
