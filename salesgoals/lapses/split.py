"""Are the goals unevenly split, or were those before them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from salesgoals.decompose import plan_goals
from salesgoals.forecast import Forecast
from salesgoals.goal import chance_of_people
from salesgoals.history import as_known_on
from salesgoals.lapses.finding import ACT, TALK, Finding
from salesgoals.lapses.height import whole_goals
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.review import Fairness, PastFairness, judge_fairness, judge_past_goals

ALPHA = .02             # of the goals in force; those before them are judged at 5 %
MATTERS = .10           # of attainment, between two sides: less is no reason to split goals anew
ONE_FOR_ALL = .75       # share of people with the same uplift
REMEDIES = ("decompose", "review")


def judge_split(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, day: pd.Timestamp,
                forecast: Forecast | None, country: str | None) -> Finding:
    """Judge whether the goals in force, or the goals before them, treat groups of people unevenly.

    Parameters
    ----------
    tables, goals, period, day, forecast
        As for :func:`salesgoals.lapses.height.judge_height`.
    country : str or None
        Two letters, for the season of the yardsticks.
    """
    finding = Finding("uneven", remedies=REMEDIES)
    past = judge_past_goals(as_known_on(tables, min(day, period.end)))  # nothing of what came later
    if past.verdict == "doubt":     # whoever writes goals when results are known can make any split look fair
        finding.add("past_written_after")
    else:
        _judge_now(finding, tables, goals, forecast, country)
        _judge_past(finding, past)
    if not finding.evidence:
        finding.add("no_goals", period=period.name)
    if finding.found == "unknown":
        finding.add("ask_split")
    return finding


def _judge_now(finding: Finding, tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame,
               forecast: Forecast | None, country: str | None) -> None:
    own = whole_goals(goals) if len(goals) else pd.Series(dtype=float)
    if forecast is None or not own.sum() > 0:
        return
    fairness = fairness_of_goals(tables, own, forecast, country)
    if fairness is None or fairness.verdict == "too_few":
        finding.add("split_few", count=len(own))
        return
    asked = fairness.groups[fairness.groups.p.notna()]
    bad = asked[(asked.verdict == "unfair") & (asked.p < ALPHA)]
    for question, rows in bad.groupby("question", sort=False):
        worst = rows.sort_values("p").iloc[0]
        finding.add(f"split_{question}", grave=ACT, count=int(worst.people), load=worst.load, p=worst.p,
                    node=str(worst.node).split("/")[-1], low=worst.load_low, high=worst.load_high)
    people = fairness.people
    out = people[(people.out_of_line != "") & (people.p < ALPHA)]
    if len(out):
        heavy = int((out.out_of_line == "heavy").sum())
        finding.add("split_people", grave=TALK, count=len(out), heavy=heavy, light=len(out) - heavy,
                    of=len(people))
    if len(fairness.orders):
        finding.add("split_one_order", count=len(fairness.orders))
    if len(asked):
        finding.clear()
        if not len(bad) and not len(out):
            finding.add("split_even", count=len(people), groups=len(asked))


def fairness_of_goals(tables: Mapping[str, pd.DataFrame], own: pd.Series, forecast: Forecast,
                      country: str | None) -> Fairness | None:
    """Judge goals as if they were a plan made when they were set; None where no plan could be made then."""
    months = forecast.unit_months.month
    known = as_known_on(tables, months.iloc[0] - pd.Timedelta(days=1))
    try:
        plan = plan_goals(known, round(float(own.sum())), f"{months.iloc[0]:%Y-%m}", len(months),
                          country=country or "CN")
    except SalesgoalsError:
        return None
    mine = plan.people[plan.people.person_id.isin(own.index)]
    goal = own.reindex(mine.person_id)
    chances = chance_of_people(forecast, goal).reindex(mine.person_id)
    people = mine.assign(goal=goal.to_numpy(), chance=chances.to_numpy()).reset_index(drop=True)
    return judge_fairness(replace(plan, people=people), forecast, known)


def _judge_past(finding: Finding, past: PastFairness) -> None:
    if past.verdict in ("no_goals", "too_few"):
        return
    asked = past.questions[past.questions.p.notna()]
    apart = (asked.inside - asked.outside).abs() >= MATTERS
    for row in asked[(asked.verdict == "unfair") & apart].itertuples():
        finding.add(f"past_{row.question}", grave=ACT, count=int(row.people), inside=row.inside,
                    outside=row.outside, p=row.p)
    last = past.rounds.iloc[-1]
    if last.alike >= ONE_FOR_ALL:
        finding.add("past_alike", share=last.alike, round=int(last["round"]))
    finding.add("past_reached", share=last.share_at_goal, round=int(last["round"]), near=last.within_20)
    if len(asked):
        finding.clear()
