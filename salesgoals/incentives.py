"""Pay: who gets what for which result, what the plan costs, what it invites, and one page for each person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.paying.cost import PayCost, cost_of_plan
from salesgoals.paying.explain import PayPage, explain_pay
from salesgoals.paying.flaws import find_flaws
from salesgoals.paying.records import results_of_records
from salesgoals.paying.scheme import PayPlan
from salesgoals.paying.scheme_file import (
    example_pay_plan,
    open_pay_plan,
    parse_pay_plan,
    read_pay_plan,
    write_example_plan,
)
from salesgoals.paying.statement import pay, pay_at, pay_totals
from salesgoals.paying.terms import PayTerms, pay_terms

__all__ = ["PayCost", "PayPage", "PayPlan", "PayTerms", "change_curves", "compare_pay", "cost_of_plan",
           "example_pay_plan", "explain_pay", "find_flaws", "open_pay_plan", "parse_pay_plan", "pay",
           "pay_at", "pay_terms", "pay_totals", "read_pay_plan", "results_of_records", "write_example_plan"]


def compare_pay(before: PayTerms, after: PayTerms, forecast: Forecast) -> pd.DataFrame:
    """Compare two pay plans: who would gain and who would lose, at 100 % and as expected.

    Parameters
    ----------
    before, after : PayTerms
        Two plans laid on the same goals.
    forecast : Forecast
        Of the plan's months.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, group (of the second plan), target_before, target_after,
        before, after (expected pay), gain; the largest gain first. The sums of before and after are the
        expected costs of the two plans.
    """
    old, new = (cost_of_plan(terms, forecast).people for terms in (before, after))
    table = new[["person_id", "person", "department", "team", "group", "target_pay", "expected"]].merge(
        old[["person_id", "target_pay", "expected"]], on="person_id", how="outer",
        suffixes=("_after", "_before"))
    table = table.rename(columns={"target_pay_before": "target_before", "target_pay_after": "target_after",
                                  "expected_before": "before", "expected_after": "after"})
    table["gain"] = table.after - table.before
    columns = ["person_id", "person", "department", "team", "group", "target_before", "target_after",
               "before", "after", "gain"]
    return table.sort_values(["gain", "person_id"], ascending=[False, True], ignore_index=True)[columns]


def change_curves(terms: PayTerms, threshold: float | None = None, faster: float | None = None) -> PayTerms:
    """Try another threshold, or more speed above 100 %, in all curves at once.

    Parameters
    ----------
    terms : PayTerms
        From :func:`pay_terms`.
    threshold : float, optional
        Share of the goal below which nothing is paid; only for curves that have one.
    faster : float, optional
        So many points of target pay more (or less) for each point of result above 100 %, in every tier.

    Returns
    -------
    PayTerms
        The same people and goals under the changed curves; curves that pay on everything stay as they are.
    """
    curves = {}
    for name, curve in terms.plan.curves.items():
        changes: dict[str, object] = {}
        if curve.kind == "marginal" and threshold is not None and curve.threshold > 0:
            changes["threshold"] = Decimal(str(round(threshold, 4)))
        if curve.kind == "marginal" and faster is not None and curve.tiers:
            more = Decimal(str(round(faster, 4)))
            changes["tiers"] = [tier.model_copy(update={"rate": max(tier.rate + more, Decimal(0))})
                                for tier in curve.tiers]
        curves[name] = curve.model_copy(update=changes)
    return replace(terms, plan=terms.plan.model_copy(update={"curves": curves}))
