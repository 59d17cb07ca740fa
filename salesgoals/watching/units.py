"""Whom one looks at: each person, each team, the whole company; and the deals of each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.history import credited_sales, roster, team_on, team_units
from salesgoals.in_force import goals_by_person
from salesgoals.periods import Period

BYS = ("all", "team", "person")
ALL = "all"
DEAL_COLUMNS = ["date", "person_id", "team", "amount"]
UNIT_COLUMNS = ["by", "unit", "name", "people", "goal", "without_goal"]


def list_deals(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the deals: one line for each order and person credited with a part of it, or each won deal.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    pandas.DataFrame
        Columns date, person_id (empty text where nobody is credited), team (``department/team`` on the day
        of the deal), amount (currency units, times the credit share; returns below zero). The amounts add
        up to all sales.
    """
    sales = credited_sales(tables)
    orders = tables["orders"]
    key = orders.order_id if len(orders) else pd.Series(None, index=sales.index, dtype="str")
    single = pd.Series([f"\t{row}" for row in range(len(sales))], index=sales.index, dtype="str")
    back = (sales.amount < 0).rename("back")  # a return is not part of the deal
    deals = sales.assign(
        order=key.astype("str").where(key.notna(), single).array, back=back,
        person_id=sales.person_id.astype("str").fillna(""), amount=sales.amount.fillna(0.)).dropna(
            subset=["date"])
    deals = deals.groupby(["order", "person_id", "date", "back"], sort=False, as_index=False).amount.sum()
    return deals.assign(team=team_units(team_on(tables, deals.person_id, deals.date)))[DEAL_COLUMNS]


def stack_units(deals: pd.DataFrame) -> pd.DataFrame:
    """Give each deal to person, team and company: columns date, unit (``by``, a tab, ``unit``), amount.

    Examples
    --------
    >>> deals = pd.DataFrame({"date": [pd.Timestamp("2026-03-02")], "person_id": ["7"], "team": ["east/one"],
    ...                       "amount": [5.0]})
    >>> stack_units(deals).unit.str.replace("\\t", " ").tolist()
    ['all all', 'team east/one', 'person 7']
    """
    parts = [deals.assign(unit=f"all\t{ALL}"),
             deals[deals.team != ""].assign(unit=lambda rows: "team\t" + rows.team),
             deals[deals.person_id != ""].assign(unit=lambda rows: "person\t" + rows.person_id)]
    return pd.concat(parts, ignore_index=True)[["date", "unit", "amount"]]


def list_people(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                day: pd.Timestamp) -> pd.DataFrame:
    """List who is looked at in a period: with a goal for it, or employed and selling.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables as known on the day.
    goals : pandas.DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period.
    day : Timestamp
        The last day that is known.

    Returns
    -------
    pandas.DataFrame
        Columns person_id, person, department, team (of that day, else the last one), unit (of the team).
        Who has no goal and has sold nothing in the year before is left out: a manager, an office.
    """
    sales = credited_sales(tables)
    recent = sales.person_id[sales.date >= period.start - pd.DateOffset(years=1)].dropna()
    listed = roster(tables, period.start).set_index("person_id")
    named = goals.dropna(subset=["person_id"]).drop_duplicates("person_id").set_index("person_id")
    at_work = listed.index[listed.index.isin(recent)]
    in_period = sales.person_id[sales.date.between(period.start, day + pd.Timedelta(hours=23))].dropna()
    ids = pd.Index([*named.index, *at_work, *in_period]).unique()
    found = pd.DataFrame({"person_id": pd.Series(ids[ids != ""], dtype="str")})
    known = tables["people"].drop_duplicates("person_id").set_index("person_id").name
    found["person"] = _first_known(found.person_id.map(known), found.person_id.map(named.person),
                                   found.person_id)
    then = team_on(tables, found.person_id, pd.Series(day, index=found.index))
    for column in ("department", "team"):
        found[column] = _first_known(then[column], found.person_id.map(listed[column]),
                                     found.person_id.map(named[column]))
    return found.assign(unit=team_units(found)).sort_values(["unit", "person_id"], ignore_index=True)


def _first_known(*columns: pd.Series) -> pd.Series:
    """Take each row's first text that is known."""
    found = columns[0].astype("object")
    for column in columns[1:]:
        found = found.where(found.notna(), column.astype("object"))
    return found.astype("str")


def list_units(people: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """List the units, each with its goal: the sum of its people's, or its own where these have none.

    Parameters
    ----------
    people : pandas.DataFrame
        From :func:`list_people`.
    goals : pandas.DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.

    Returns
    -------
    pandas.DataFrame
        Columns by (all, team, person), unit, name (of people and teams; empty for the company), people (how
        many), goal (currency units; empty = not set), without_goal (how many of its people have none).
    """
    own = people.assign(goal=people.person_id.map(goals_by_person(goals)).astype(float))
    persons = pd.DataFrame({"by": "person", "unit": own.person_id, "name": own.person, "people": 1,
                            "goal": own.goal, "without_goal": own.goal.isna().astype("int64")})
    placed = own[own.unit != ""]
    teams = placed.groupby("unit", sort=False).agg(
        department=("department", "first"), team=("team", "first"), people=("person_id", "size"),
        goal=("goal", lambda values: values.sum(min_count=1)), set_for=("goal", "count")).reset_index()
    teams = teams.assign(by="team", name=teams.team.fillna(teams.department),
                         without_goal=teams.people - teams.set_for)
    whole = goals[goals.person_id.isna()]
    of_team = whole[whole.team.notna() | whole.department.notna()]
    teams["goal"] = teams.goal.fillna(teams.unit.map(of_team.groupby(team_units(of_team)).goal.sum()))
    of_all = whole[whole.team.isna() & whole.department.isna()].goal.sum(min_count=1)
    total = own.goal.sum(min_count=1)
    total = teams.goal.sum(min_count=1) if pd.isna(total) else total
    every = pd.DataFrame({"by": ["all"], "unit": [ALL], "name": [""], "people": [len(own)],
                          "goal": [of_all if pd.isna(total) else total],
                          "without_goal": [int(own.goal.isna().sum())]})
    return pd.concat([every, teams[UNIT_COLUMNS], persons], ignore_index=True)[UNIT_COLUMNS]
