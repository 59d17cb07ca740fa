"""One page for one person: if you reach this, you get that; how it counts, when it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.paying.curve import exact_lines
from salesgoals.paying.expected import chance_between, expected_results
from salesgoals.paying.scheme import Group, parts_of
from salesgoals.paying.statement import pay_at
from salesgoals.paying.terms import PayTerms
from salesgoals.problems import Problem, SalesgoalsError

USUAL = ("0", "0.5", "0.7", "0.8", "0.9", "1", "1.1", "1.2", "1.5")


@dataclass(frozen=True)
class PayPage:
    """What one person needs to know about the own pay.

    Parameters
    ----------
    person_id, person : str
        Whose.
    group : Group
        The rules.
    terms : PayTerms
        Of this person alone.
    table : DataFrame
        Columns attainment, result (sales), pay (Decimal), share (of the target pay), chance (of reaching at
        least this much; missing without a forecast).
    goals : DataFrame
        Columns metric, goal, weight, pay (Decimal, for exactly 100 % of it).
    """

    person_id: str
    person: str
    group: Group
    terms: PayTerms
    table: pd.DataFrame
    goals: pd.DataFrame


def explain_pay(terms: PayTerms, person_id: str, forecast: Forecast | None = None) -> PayPage:
    """Explain a person's pay on one page: if you reach X, you get Y.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`.
    person_id : str
        The person.
    forecast : Forecast, optional
        Adds the chance of reaching each line of the table.

    Returns
    -------
    PayPage
        Nothing in it concerns anybody else. The table takes all metrics, and the team, to be reached to the
        same share.

    Raises
    ------
    SalesgoalsError
        If the person is not in the plan or belongs to no group.
    """
    own = terms.only([person_id])
    group = own.group_of(person_id)
    if group is None:
        raise SalesgoalsError(Problem("pay.unknown_person", found=person_id))
    who = next(own.people.itertuples(index=False))
    goal = float(who.goal) if who.goal == who.goal else 0.
    rows = None if forecast is None else expected_results(own, forecast)
    lines = []
    for attainment in _attainments(own, group):
        pay = sum(pay_at(own, person_id, str(attainment)).pay, Decimal(0))
        lines.append((float(attainment), float(attainment) * goal, pay,
                      float(pay) / float(who.target_pay) if who.target_pay else np.nan,
                      _chance(rows, float(attainment))))
    table = pd.DataFrame(lines, columns=["attainment", "result", "pay", "share", "chance"])
    return PayPage(person_id, str(who.person), group, own, table, _goals(own, group, person_id))


def _chance(rows: pd.DataFrame | None, attainment: float) -> float:
    if rows is None or len(rows) != 1 or not bool(rows.known.iloc[0]):
        return float("nan")  # a period that starts anew has a chance of its own each time
    return float(chance_between(rows, attainment, np.inf)[0])


def _attainments(terms: PayTerms, group: Group) -> list[Decimal]:
    """Usual shares of the goal and the corners of the curves, in order."""
    found = {Decimal(value) for value in USUAL}
    for part in parts_of(group):
        for line in exact_lines(terms.plan.curves[part.curve]):
            corner = Decimal(line.start.numerator) / Decimal(line.start.denominator)
            found.add(corner.quantize(Decimal(".0001")))
    return sorted({value.normalize() for value in found})


def _goals(terms: PayTerms, group: Group, person_id: str) -> pd.DataFrame:
    statement = pay_at(terms, person_id, "1")
    rows = []
    for part in parts_of(group):
        metric = getattr(part, "metric", "team")
        measured = metric if metric == "team" or (terms.goals.metric == metric).any() else "amount"
        lines = statement[(statement.what == metric) | ((statement.line == "team") & (metric == "team"))]
        goal = terms.goals.goal[terms.goals.metric == measured].sum() if metric != "team" else np.nan
        rows.append((metric, measured, float(goal), float(part.weight), sum(lines.pay, Decimal(0))))
    return pd.DataFrame(rows, columns=["metric", "measured_by", "goal", "weight", "pay"])
