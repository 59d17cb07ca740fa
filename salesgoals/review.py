"""Look at goals before and after they are signed: is the split fair, and do top and bottom agree?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.fairness.gap import top_down_against_bottom_up
from salesgoals.fairness.one_order import find_one_orders
from salesgoals.fairness.past import PastFairness, judge_past_goals
from salesgoals.fairness.split import (
    FEW_AT_ALL,
    QUESTIONS,
    judge_groups,
    judge_people,
    measure_spread,
)
from salesgoals.fairness.yardsticks import weigh_goals
from salesgoals.forecast import Forecast
from salesgoals.history import credited_sales

__all__ = ["Fairness", "PastFairness", "judge_fairness", "judge_past_goals", "study_review",
           "top_down_against_bottom_up"]

GROWN = .97     # of full strength, on average over the plan
YEAR = 12


@dataclass(frozen=True)
class Fairness:
    """What can be said about the fairness of a split, and what cannot.

    Parameters
    ----------
    verdict : str
        ``fair``, ``people`` (groups are treated alike, single goals are out of line), ``unfair``, or
        ``too_few`` (fewer than 5 people).
    questions : DataFrame
        Columns question (size, newcomers, departments, teams, people, one_order), verdict (fair, unfair,
        too_few), node (where it is worst), people, load, load_low, load_high (heavier than the others' by the
        middle, lightest and heaviest yardstick; share), chance, chance_of_others, p (after Holm).
    groups : DataFrame
        Every group that was judged, with the same figures.
    people : DataFrame
        Columns person_id, person, department, team, goal, chance, newcomer, fair_goal, load, load_low,
        load_high, p, out_of_line (heavy, light, empty), one_order (amount of the order that made the last
        12 months, NaN for none).
    spread : DataFrame
        Columns yardstick, cv, gini, within_10, within_20.
    orders : DataFrame
        Orders that made a year, see :func:`salesgoals.fairness.one_order.find_one_orders`.
    not_judged : int
        People with a goal of 0, or whom a yardstick does not know.
    """

    verdict: str
    questions: pd.DataFrame
    groups: pd.DataFrame
    people: pd.DataFrame
    spread: pd.DataFrame
    orders: pd.DataFrame
    not_judged: int


def judge_fairness(plan: Plan, forecast: Forecast, tables: Mapping[str, pd.DataFrame],
                   weights: pd.DataFrame | None = None) -> Fairness:
    """Judge whether a plan's split is fair: the same load for large and small, new and old, team and team.

    Parameters
    ----------
    plan : Plan
        From :func:`salesgoals.decompose.plan_goals`.
    forecast : Forecast
        Of the plan's months.
    tables : mapping of str to DataFrame
        The canonical tables; uses orders or won opportunities.
    weights : DataFrame, optional
        What the plan's weights rest on (``saved.weights``); by default what the plan itself holds. Without
        it the forecast is the only yardstick.

    Returns
    -------
    Fairness
        Verdict, questions, groups, people, spread.

    Notes
    -----
    Source of method: equal probability of attainment (methods 3.4), tests on a set of quotas (methods 3.5:
    relation with size, spread of goal over potential, share of people within 10 and 20 %), with permutation
    p-values and Holm's correction. A group is called unfairly treated only if, by **every** yardstick
    (see :func:`salesgoals.fairness.yardsticks.weigh_goals`), its goals are heavier or lighter than the
    others' by 10 % or more, and chance alone would hardly do that (p < 5 % for the mean of the yardsticks). A
    plan that follows a defensible yardstick is therefore never blamed for the luck in it. How often it cries
    wolf, and what it finds, is measured by benchmarks/fairness.py, see docs/fairness.md.

    Examples
    --------
    >>> from salesgoals.decompose import plan_goals
    >>> from salesgoals.forecast import forecast_sales
    >>> from salesgoals.history import monthly_sales
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> sizes = [50., 60., 70., 80., 90., 100., 110., 120., 130., 140.]
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.date_range("2024-01-15", periods=24, freq="MS").repeat(10),
    ...     "person_id": [str(n) for n in range(10)] * 24, "product_line": "pumps", "amount": sizes * 24}))
    >>> forecast = forecast_sales(monthly_sales(tables))
    >>> for method in ("history", "equal"):
    ...     found = judge_fairness(plan_goals(tables, 12000, "2026-01", method=method), forecast, tables)
    ...     print(method, found.verdict, found.groups[found.groups.verdict == "unfair"].question.tolist())
    history fair []
    equal unfair ['size']
    """
    parts = plan.parameters.get("weights") if weights is None else weights
    loads = weigh_goals(plan.people, forecast, parts, plan.parameters.get("method"))
    start = pd.Timestamp(forecast.unit_months.month.iloc[0])
    months_seen = loads.people.person_id.map(forecast.people.months_seen).fillna(0)
    growing = loads.people.ramp.fillna(1.) < GROWN
    newcomer = np.asarray(growing | ((months_seen < YEAR) & (forecast.history_months >= YEAR)), dtype=bool)
    groups = judge_groups(loads, newcomer)
    people = judge_people(loads).assign(newcomer=newcomer)
    orders = find_one_orders(credited_sales(tables), plan.people, start)
    people["one_order"] = people.person_id.map(orders.set_index("person_id").amount).astype(float)
    columns = ["person_id", "person", "department", "team", "goal", "chance", "newcomer", "fair_goal", "load",
               "load_low", "load_high", "p", "out_of_line", "one_order"]
    questions = _questions(groups, people, orders)
    found = set(questions.question[questions.verdict == "unfair"])
    verdict = "fair" if not found else "people" if found <= {"people", "one_order"} else "unfair"
    if len(people) < FEW_AT_ALL:
        verdict = "too_few"
    return Fairness(verdict, questions, groups, people[columns].reset_index(drop=True),
                    measure_spread(loads), orders, len(plan.people) - len(people))


def _questions(groups: pd.DataFrame, people: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Answer each question by its worst group."""
    rows = []
    columns = ["verdict", "node", "people", "load", "load_low", "load_high", "chance", "chance_of_others",
               "p"]
    nothing = float("nan")
    for question in QUESTIONS[:4]:
        asked = groups[groups.question == question]
        if len(asked):
            ordered = asked.assign(bad=asked.verdict != "unfair", size=-asked.load.abs())
            worst = ordered.sort_values(["bad", "p", "size"], kind="stable").iloc[0]
            rows.append((question, *(worst[name] for name in columns)))
    out = people[people.out_of_line != ""].sort_values("p", kind="stable")
    few = "too_few" if len(people) < FEW_AT_ALL else "fair"
    worst_person = out.iloc[0] if len(out) else None
    rows.append(("people", "unfair" if len(out) else few,
                 "" if worst_person is None else worst_person.person_id, len(out),
                 *((nothing,) * 6 if worst_person is None else (
                     worst_person.load, worst_person.load_low, worst_person.load_high, worst_person.chance,
                     nothing, worst_person.p))))
    rows.append(("one_order", "unfair" if len(orders) else few,
                 orders.person_id.iloc[0] if len(orders) else "", len(orders),
                 *((float(orders.excess.iloc[0]), nothing, nothing, nothing, nothing, float(orders.p.iloc[0]))
                   if len(orders) else (nothing,) * 6)))
    table = pd.DataFrame(rows, columns=["question", *columns])
    return table.astype({"node": "str", "people": "int64"})


def study_review(tables: Mapping[str, pd.DataFrame], forecast: Forecast,
                 plan: Plan) -> dict[str, pd.DataFrame]:
    """Judge the plan and the goals before it, for the reports.

    Returns
    -------
    dict of str to DataFrame
        review_verdict (one row), review_questions, review_groups, review_spread, review_orders of the
        plan; review_people (one row a person); review_past, review_past_rounds of earlier goals.
    """
    found, past = judge_fairness(plan, forecast, tables), judge_past_goals(tables)
    verdict = pd.DataFrame({"verdict": [found.verdict], "not_judged": [found.not_judged],
                            "judged": [len(found.people)], "past": [past.verdict]})
    return {"review_verdict": verdict, "review_questions": found.questions, "review_groups": found.groups,
            "review_spread": found.spread, "review_people": found.people,
            "review_orders": found.orders.rename(columns={"person_id": "seller"}),
            "review_past": past.questions, "review_past_rounds": past.rounds,
            "review_past_people": past.people}
