"""Follow-up without gaps and doubles: open deals against the goal, customers left alone, two on one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.coaching.contacts import (
    contacts_of,
    customers_of,
    find_doubly_worked,
    find_neglected,
)
from salesgoals.coaching.deals import name_open_deals
from salesgoals.coaching.lag import find_lag
from salesgoals.coaching.people import by_units, people_at_work, win_rates_of
from salesgoals.coaching.pipeline import weigh_pipeline
from salesgoals.history import as_known_on, credited_sales, roster
from salesgoals.in_force import goals_by_person
from salesgoals.periods import Period

FOLLOWED_WITHIN = 30  # days
COVERAGE = ["by", "unit", "name", "goal", "so_far", "missing", "open", "value", "weighted", "in_time",
            "usual_open", "usual_in_time", "coverage", "usual_coverage", "overdue", "overdue_value", "stale",
            "stale_value", "days_left"]
FOLLOWED = ["by", "unit", "name", "customers", "contacted", "share", "days", "basis"]
_SUMS = ["goal", "so_far", "missing", "open", "value", "weighted", "in_time", "usual_open", "usual_in_time",
         "overdue", "overdue_value", "stale", "stale_value"]


def pipeline_coverage(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                      day: pd.Timestamp | str) -> pd.DataFrame:
    """Set open opportunities against what is missing to the goal; count the overdue and the stale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; what came after the day is not used.
    goals : DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        Of the goals.
    day : Timestamp or str
        The last day that is known.

    Returns
    -------
    DataFrame
        One row for the company, each team and each person: by (all, team, person), unit, name, goal, so_far,
        missing (goal - so_far, of those who miss any), open (opportunities), value, weighted (value times the
        own win rate, ordered by the recorded probabilities), in_time (what they usually bring by the end of
        the period), usual_open and usual_in_time (of an average day of the past), coverage = weighted /
        missing, usual_coverage (with the usual value; NaN where not known), overdue and overdue_value (past
        their closing day), stale and stale_value (open longer than nine of ten won ones took), days_left.
        Empty where the records know no opportunities.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["opportunities"] = as_table("opportunities", pd.DataFrame({
    ...     "opportunity_id": list("abcd"), "person_id": "1", "status": ["won", "lost", "open", "open"],
    ...     "amount": [50.0, 50.0, 100.0, 100.0], "created": pd.Timestamp("2026-01-02"),
    ...     "closed": pd.to_datetime(["2026-02-02", "2026-02-03", "2026-02-20", "2026-03-31"])}))
    >>> tables["people"] = as_table("people", pd.DataFrame({"person_id": ["1"], "name": ["Ann"]}))
    >>> march = read_period("2026-03")
    >>> goals = pd.DataFrame({"person_id": ["1"], "goal": [200.0], "product_line": None, "metric": "amount",
    ...                       "period_start": march.start, "period_end": march.end})
    >>> found = pipeline_coverage(tables, goals, march, "2026-03-02").set_index("by")
    >>> found.loc["person", ["missing", "open", "weighted", "coverage", "overdue"]].round(6).tolist()
    [200.0, 2.0, 100.0, 0.5, 1.0]
    """
    last = pd.Timestamp(day).normalize()
    known = as_known_on(tables, last)
    if known["opportunities"].empty:
        return pd.DataFrame(columns=COVERAGE)
    people = people_at_work(known, goals, last)
    days_left = max((period.end - max(last, period.start - pd.Timedelta(days=1))).days, 0)
    wins = win_rates_of(known, last)
    table = people.join(weigh_pipeline(known, last, days_left, wins), on="person_id")
    named = name_open_deals(known, last, wins)
    for problem in ("overdue", "stale"):
        own = named[named.problem == problem].groupby("person_id").amount
        table[problem] = table.person_id.map(own.size())
        table[f"{problem}_value"] = table.person_id.map(own.sum())
    sales = credited_sales(known)
    inside = sales[(sales.date >= period.start) & (sales.date < period.end + pd.Timedelta(days=1))]
    table["so_far"] = table.person_id.map(inside.groupby("person_id").amount.sum()).fillna(0.)
    table["goal"] = table.person_id.map(goals_by_person(goals, period) if len(goals) else {}).astype(float)
    table["missing"] = (table.goal - table.so_far).clip(lower=0.)
    known_past = bool((table.tries > 0).any())
    counts = ["open", "value", "weighted", "overdue", "overdue_value", "stale", "stale_value"]
    past = ["in_time", "usual_open", "usual_in_time"] if known_past else []
    table = table.fillna(dict.fromkeys([*counts, *past], 0.))
    found = by_units(table, _SUMS)
    covered = found.missing > 0
    found["coverage"] = (found.weighted / found.missing).where(covered)
    level = (found.weighted / found.value).where(found.value > 0)
    found["usual_coverage"] = (found.usual_open * level / found.missing).where(covered)
    return found.assign(days_left=days_left)[COVERAGE]


def open_deals(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str) -> pd.DataFrame:
    """List every open opportunity with its age, what is wrong with it (overdue, stale) and its chance.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that is known.

    Returns
    -------
    DataFrame
        Columns person_id, opportunity_id, account_id, product_line, stage, amount, created, due, days_open,
        days_late, slow_from, problem, chance; the largest first.
    """
    last = pd.Timestamp(day).normalize()
    known = as_known_on(tables, last)
    return name_open_deals(known, last, win_rates_of(known, last))


def neglected_customers(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str) -> pd.DataFrame:
    """Name valuable customers that nobody has been in touch with for longer than they are used to.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that is known.

    Returns
    -------
    DataFrame
        Columns account_id, name, person_id (owner), sales_12 (money at stake: bought in the last 12 months),
        potential, last_contact, waiting and usual (days), contacts, last_order, p, state, basis (activities,
        or orders where the log names no customers), rank (by money). state: neglected (fewer than one
        ordinary pause in a hundred lasts as long), unlogged (the owner's whole log has stopped: nobody
        knows), never (bought, but no contact on record), no_owner (nobody who is still here owns it). Only
        customers that make 80 % of the last 12 months' sales are looked at.

    Notes
    -----
    Source of method: :func:`salesgoals.coaching.rhythm.judge_silence`. Of a hundred customers that are looked
    after as always, about one is named by chance; the rank by money says where to begin.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> weeks = pd.date_range("2025-01-03", "2026-06-26", freq="7D")
    >>> log = pd.DataFrame({"date": [*weeks, *weeks[:60]], "person_id": "1",
    ...                     "account_id": ["kept"] * len(weeks) + ["left"] * 60, "type": "visit", "count": 1})
    >>> tables["activities"] = as_table("activities", log)
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.to_datetime(["2026-01-05", "2026-06-05"]), "person_id": "1",
    ...     "account_id": ["left", "kept"], "amount": [900.0, 800.0]}))
    >>> neglected_customers(tables, "2026-06-30")[["account_id", "waiting", "state"]].values.tolist()
    [['left', 130, 'neglected']]
    """
    last = pd.Timestamp(day).normalize()
    return find_neglected(as_known_on(tables, last), last)


def doubly_worked(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str) -> pd.DataFrame:
    """Name customers whom two sellers see in the same weeks, and tell it from a hand-over and from teamwork.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that is known; the 13 weeks before it are looked at.

    Returns
    -------
    DataFrame
        Columns account_id, name, person_id (the owner or who was there more often), other_id, contacts and
        other_contacts (days on which each was in touch), joint_days (both on one day), switches (how often
        one followed the other), first, last (day), amount, other_amount (sold to the customer in these
        weeks), kind: double (in turns: three changes or more), team (half of the days together, or orders
        credited to several people by shares), handed_over (one change; two: stood in for a while). A log
        that is written once a week cannot tell who went together: there only shares of credit make a team.
        Empty where the log names no customers.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.date_range("2026-04-06", periods=8, freq="7D")
    >>> log = pd.DataFrame({"date": [*days, *days], "person_id": [*"ABABABAB", *"AAAABBBB"], "type": "visit",
    ...                     "account_id": ["both"] * 8 + ["passed on"] * 8, "count": 1})
    >>> tables["activities"] = as_table("activities", log)
    >>> doubly_worked(tables, "2026-06-30")[["account_id", "switches", "kind"]].values.tolist()
    [['both', 7, 'double'], ['passed on', 1, 'handed_over']]
    """
    last = pd.Timestamp(day).normalize()
    return find_doubly_worked(as_known_on(tables, last), last)


def follow_up_rate(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str,
                   days: int = FOLLOWED_WITHIN) -> pd.DataFrame:
    """Tell what share of the own customers was contacted in the last days.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that is known.
    days : int
        How far back a contact counts.

    Returns
    -------
    DataFrame
        One row for the company, each team and each person: by, unit, name, customers (who bought in the last
        12 months), contacted (by anybody), share, days, basis (activities, or orders where the log names no
        customers).
    """
    last = pd.Timestamp(day).normalize()
    known = as_known_on(tables, last)
    customers = customers_of(known, last)
    customers = customers[(customers.sales_12 > 0) & customers.person_id.notna()]
    contacts, basis = contacts_of(known, last)
    if customers.empty or contacts.empty:
        return pd.DataFrame(columns=FOLLOWED)
    recent = set(contacts.account_id[contacts.date > last - pd.Timedelta(days=days)])
    own = customers.assign(contacted=customers.account_id.isin(recent)).groupby("person_id").contacted.agg(
        customers="size", contacted="sum").astype(float)
    people = roster(known, last).drop_duplicates("person_id")
    table = people[["person_id", "person", "department", "team"]].join(own, on="person_id", how="inner")
    found = by_units(table, ["customers", "contacted"])
    return found.assign(share=found.contacted / found.customers, days=days, basis=basis)[FOLLOWED]


def data_lag(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str,
             country: str = "CN") -> pd.DataFrame:
    """Tell where records have stopped: who no longer logs, which source is late, what is overdue.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that should be in.
    country : str
        Of the working calendar.

    Returns
    -------
    DataFrame
        One row a source (sales, opportunities, activities) for the company and each person employed that
        day: by, unit, person_id, source, last (day with a record), waiting and usual (working days), n
        (pauses seen), p (share of all pauses that lasted as long), state, overdue and overdue_amount (open
        opportunities past their closing day). state: ok; silent (fewer than one ordinary pause in 200 lasts
        as long); stopped_logging (the log is silent, sales go on); absent (log and sales are silent);
        too_few (not enough records to know).

    Notes
    -----
    Records that come in late cannot be told from these tables: they hold the day on which something happened,
    not the day on which it was written down.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> days = pd.date_range("2025-06-02", "2026-06-30", freq="B")
    >>> both = pd.DataFrame({"date": [*days, *days], "person_id": ["1"] * len(days) + ["2"] * len(days)})
    >>> tables["activities"] = as_table("activities", both[(both.person_id == "1")
    ...                                                    | (both.date < "2026-05-20")])
    >>> tables["orders"] = as_table("orders", both.assign(amount=5.0))
    >>> tables["people"] = as_table("people", pd.DataFrame({"person_id": ["1", "2"], "name": ["Ann", "Ben"]}))
    >>> found = data_lag(tables, "2026-06-30")
    >>> found[found.state != "ok"][["unit", "source", "state"]].values.tolist()
    [['2', 'activities', 'stopped_logging']]
    """
    last = pd.Timestamp(day).normalize()
    known = as_known_on(tables, last)
    people = roster(known, last)
    people = people[~(people.leave_date <= last)]
    return find_lag(known, last, pd.Index(people.person_id.unique()), country)


def study_follow_up(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                    day: pd.Timestamp, settings: object) -> dict[str, pd.DataFrame]:
    """Look at the follow-up for the reports; a customer's row goes to its owner.

    Returns
    -------
    dict of str to DataFrame
        follow_up_coverage, follow_up_deals (overdue or stale), follow_up_neglected, follow_up_rate,
        follow_up_lag; follow_up_doubly names both sellers and is for the company alone, follow_up_doubly_own
        tells each of them only that there is another one.
    """
    country = getattr(settings, "calendar_country", "CN")
    deals = open_deals(tables, day)
    doubly = doubly_worked(tables, day)
    found = doubly[doubly.kind != "handed_over"].reset_index(drop=True)
    own = [found[["person_id", "account_id", "name", "contacts", "amount", "kind"]],
           found[["other_id", "account_id", "name", "other_contacts", "other_amount", "kind"]]]
    columns = ["person_id", "account_id", "name", "own", "sold", "kind"]  # no figure of the other one
    return {"follow_up_coverage": pipeline_coverage(tables, goals, period, day),
            "follow_up_deals": deals[deals.problem != ""].reset_index(drop=True),
            "follow_up_neglected": neglected_customers(tables, day),
            "follow_up_rate": follow_up_rate(tables, day),
            "follow_up_doubly": found.rename(columns={"person_id": "seller", "other_id": "other"}),
            "follow_up_doubly_own": pd.concat([part.set_axis(columns, axis=1) for part in own],
                                              ignore_index=True).astype({"person_id": "str"}),
            "follow_up_lag": data_lag(tables, day, country)}
