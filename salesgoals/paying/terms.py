"""A pay plan laid on a team and its goals: who is paid by which rules, for what, with which target pay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from salesgoals.paying.curve import to_fen
from salesgoals.paying.names import name_metric, name_people, name_some
from salesgoals.paying.scheme import MONTHS_OF, Group, PayPlan, Who
from salesgoals.problems import Problem, raise_if_any

PEOPLE_COLUMNS = ["person_id", "person", "department", "team", "group", "tenure", "goal", "target_pay"]
TEAM_KEYS = ["department", "team"]


@dataclass(frozen=True)
class PayTerms:
    """A pay plan laid on people and goals.

    Parameters
    ----------
    plan : PayPlan
        The rules.
    people : DataFrame
        Columns person_id, person, department, team, group (key of the group, missing where none fits), tenure
        (whole months at the start, missing where unknown), goal (sales over all months, currency units),
        target_pay (Decimal, over all months, at 100 %).
    goals : DataFrame
        Columns person_id, month, metric, goal; a goal that is not set has no row.
    team_goals : DataFrame
        Columns department, team, month, goal (sales).
    expected : DataFrame
        Columns person_id, metric, mean: expected totals of further metrics over the plan's months.
    targets : DataFrame
        Columns person_id, month, target_pay (Fraction): the exact target pay of each month.
    months : DatetimeIndex
        The plan's months.
    notes : tuple of Problem
        What a reader should know before anybody is paid by it.
    """

    plan: PayPlan
    people: pd.DataFrame
    goals: pd.DataFrame
    team_goals: pd.DataFrame
    expected: pd.DataFrame
    targets: pd.DataFrame
    months: pd.DatetimeIndex
    notes: tuple[Problem, ...] = ()

    def only(self, person_ids: Collection[str]) -> PayTerms:
        """Cut the terms to some people: nobody else's goals, rules or pay stay in them, no team's either."""
        mine = set(person_ids)
        people = self.people[self.people.person_id.isin(mine)].reset_index(drop=True)
        return replace(
            self, plan=self.plan.only(set(people.group.dropna()), mine), people=people,
            goals=self.goals[self.goals.person_id.isin(mine)].reset_index(drop=True),
            team_goals=self.team_goals.iloc[:0],
            expected=self.expected[self.expected.person_id.isin(mine)].reset_index(drop=True),
            targets=self.targets[self.targets.person_id.isin(mine)].reset_index(drop=True), notes=())

    def group_of(self, person_id: str) -> Group | None:
        """Return the rules of a person; None where no group fits."""
        key = self.people.group[self.people.person_id == person_id]
        return None if not len(key) or pd.isna(key.iloc[0]) else self.plan.group_of(str(key.iloc[0]))

    def members(self, group: Group) -> pd.DataFrame:
        """Return the people of a group."""
        return self.people[self.people.group == group.key]

    def without_goal(self, group: Group, metric: str) -> pd.DataFrame:
        """Return the people of a group who have no goal for a metric; there sales stand for it."""
        known = self.goals.person_id[self.goals.metric == metric]
        members = self.members(group)
        return members[~members.person_id.isin(known)]

    def counts(self, group: Group, metric: str) -> bool:
        """Tell whether anybody in a group is paid for a metric itself."""
        return metric == "amount" or len(self.without_goal(group, metric)) < len(self.members(group))


def pay_terms(plan: PayPlan, goals: pd.DataFrame, people: pd.DataFrame | None = None,
              expected: pd.DataFrame | None = None) -> PayTerms:
    """Lay a pay plan on people and their goals: who belongs to which group, with which target pay.

    Parameters
    ----------
    plan : PayPlan
        From :func:`salesgoals.paying.scheme_file.open_pay_plan`.
    goals : DataFrame
        Columns person_id, person, department, team, month, metric, goal, such as the goals of a plan; goals
        of further metrics are further rows. A blank goal is not set.
    people : DataFrame, optional
        Columns person_id, hire_date: who is a newcomer; without it nobody is.
    expected : DataFrame, optional
        Columns person_id, metric, mean: what is to be expected of metrics other than sales.

    Returns
    -------
    PayTerms
        With notes on people no group fits, metrics without goals (paid by sales instead) and so on.

    Raises
    ------
    SalesgoalsError
        If a target pay is a share of a salary that the plan does not state.

    Examples
    --------
    >>> from salesgoals.paying.scheme_file import example_pay_plan
    >>> goals = pd.DataFrame({"person_id": "7", "person": "Li", "department": "D", "team": "T",
    ...     "month": pd.date_range("2026-01-01", periods=12, freq="MS"), "metric": "amount", "goal": 200_000})
    >>> terms = pay_terms(example_pay_plan(), goals)
    >>> terms.people[["group", "goal"]].values.tolist(), str(terms.people.target_pay[0])
    ([['sellers', 2400000.0]], '72000.00')
    """
    known = goals.dropna(subset=["goal"])
    metric = known.metric.fillna("amount")
    own = known.assign(metric=metric, goal=known.goal.astype(float)).groupby(
        ["person_id", "month", "metric"], as_index=False, sort=True).goal.sum()
    months = pd.DatetimeIndex(sorted(goals.month.unique()))
    listed = goals.drop_duplicates("person_id")[["person_id", "person", *TEAM_KEYS]].reset_index(drop=True)
    listed[TEAM_KEYS] = listed[TEAM_KEYS].fillna("")
    sales = own[own.metric == "amount"]
    listed["goal"] = listed.person_id.map(sales.groupby("person_id").goal.sum()).astype(float)
    listed["tenure"] = _tenure(listed.person_id, people, months[0]) if len(months) else None
    listed["group"] = _groups(plan, listed)
    targets, problems = _targets(plan, listed, own, months)
    raise_if_any(problems)
    sums = targets.groupby("person_id").target_pay.sum() if len(targets) else pd.Series(dtype=object)
    listed["target_pay"] = [to_fen(sums.get(person, Fraction(0))) for person in listed.person_id]
    where = listed.set_index("person_id")[TEAM_KEYS]
    team_goals = sales.join(where, on="person_id").groupby([*TEAM_KEYS, "month"], as_index=False).goal.sum()
    if expected is None:
        expected = pd.DataFrame({"person_id": [], "metric": [], "mean": []}).astype({"mean": float})
    terms = PayTerms(plan, listed[PEOPLE_COLUMNS], own, team_goals, expected, targets, months)
    return replace(terms, notes=tuple(_notes(terms)))


def _tenure(person_ids: pd.Series, people: pd.DataFrame | None, start: pd.Timestamp) -> pd.Series:
    """Count whole months with the company at the start, less than 0 for who joins later."""
    nothing = pd.Series(pd.NA, index=person_ids.index, dtype="Int64")
    if people is None or not len(people):
        return nothing
    hired = person_ids.map(people.drop_duplicates("person_id").set_index("person_id").hire_date)
    months = (start.year - hired.dt.year) * 12 + start.month - hired.dt.month - (hired.dt.day > start.day)
    return months.astype("Int64")


def _groups(plan: PayPlan, people: pd.DataFrame) -> pd.Series:
    found = pd.Series(None, index=people.index, dtype=object)
    for group in plan.group:
        found[found.isna() & _fits(group.who, people)] = group.key
    return found


def _fits(who: Who, people: pd.DataFrame) -> pd.Series:
    fits = pd.Series(True, index=people.index)
    if who.tenure_below is not None:
        fits &= (people.tenure < who.tenure_below).fillna(False).astype(bool)
    if who.goal_at_least is not None:
        fits &= people.goal.fillna(0) >= float(who.goal_at_least)
    if who.teams:
        fits &= people.team.isin(who.teams) | (people.department + "/" + people.team).isin(who.teams)
    if who.people:
        fits &= people.person_id.isin(who.people)
    return fits


def _targets(plan: PayPlan, people: pd.DataFrame, goals: pd.DataFrame,
             months: pd.DatetimeIndex) -> tuple[pd.DataFrame, list[Problem]]:
    """Spread each person's target pay over the months in which the person has goals."""
    spans = goals[goals.goal > 0].groupby("person_id").month.agg(["min", "max"])
    sales = goals[goals.metric == "amount"].set_index(["person_id", "month"]).goal
    rows: list[tuple[str, pd.Timestamp, Fraction]] = []
    problems: list[Problem] = []
    for person, key in zip(people.person_id, people.group, strict=True):
        if key is None or pd.isna(key) or person not in spans.index:
            continue
        group = plan.group_of(key)
        first, last = spans.loc[person]
        mine = [month for month in months if first <= month <= last]
        if group.share_of_goal is not None:
            rows += [(person, month, Fraction(group.share_of_goal) * exact(sales.get((person, month), 0.)))
                     for month in mine]
            continue
        year = group.target_pay
        if year is None:
            if person not in plan.salaries:
                problems.append(Problem("pay.no_salary", node=person, group=group.key))
                continue
            year = plan.salaries[person] * (group.salary_share or Decimal(0))
        rows += [(person, month, Fraction(year) / 12) for month in mine]
    return pd.DataFrame(rows, columns=["person_id", "month", "target_pay"]), problems


def _notes(terms: PayTerms) -> list[Problem]:
    people, found = terms.people, []
    names = name_people(people)
    nobody = people[people.group.isna()]
    if len(nobody):
        found.append(Problem("pay.no_group", level="doubt", count=len(nobody),
                             names=name_some(names[nobody.person_id])))
    unset = people[people.goal.isna() & people.group.notna()]
    if len(unset):
        found.append(Problem("pay.no_goal", level="doubt", count=len(unset),
                             names=name_some(names[unset.person_id])))
    for group in terms.plan.group:
        if not len(terms.members(group)):
            found.append(Problem("pay.group_empty", level="note", group=str(group.title)))
            continue
        for part in group.metrics:
            unset = terms.without_goal(group, part.metric)
            if part.metric != "amount" and len(unset):
                found.append(Problem("pay.metric_without_goals", level="doubt", group=str(group.title),
                                     metric=name_metric(part.metric), count=len(unset),
                                     names=name_some(names[unset.person_id])))
        if any(group.who.tenure_below for group in terms.plan.group) and people.tenure.isna().all():
            found.append(Problem("pay.no_hire_dates", level="doubt"))
    known = set(people.team) | set(people.department + "/" + people.team)
    for group in terms.plan.group:
        strange = [name for name in group.who.teams if name not in known]
        strange += [name for name in group.who.people if name not in set(people.person_id)]
        if strange:
            found.append(Problem("pay.unknown_who", level="doubt", group=str(group.title),
                                 found=", ".join(strange[:5])))
    return list({repr(note): note for note in found}.values())


def exact(amount: float) -> Fraction:
    """Take an amount as it is written, with at most four decimals.

    Examples
    --------
    >>> exact(0.1) * 3 == Fraction("0.3")
    True
    """
    return Fraction(round(float(amount) * 10_000), 10_000)


def period_numbers(group: Group, months: pd.DatetimeIndex) -> np.ndarray:
    """Number the pay period of each of the plan's months, from 0."""
    return np.arange(len(months)) // MONTHS_OF[group.period]
