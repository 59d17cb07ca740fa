"""Who follows up whom, as people read it: pipeline, neglected and doubly worked customers, late records."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_money, format_share
from salesgoals.show.process_parts import name_units, person_names
from salesgoals.words import say

ROWS = 10
DOUBLE = "double"
LATE = ("silent", "stopped_logging", "absent")


def show_neglected(customers: pd.DataFrame, people: pd.DataFrame | None = None, currency: str = "",
                   rows: int = ROWS, owner: bool = True) -> Part:
    """Show customers worth much that nobody has been in touch with for longer than usual.

    Parameters
    ----------
    customers : pandas.DataFrame
        From :func:`salesgoals.follow_up.neglected_customers`.
    people : pandas.DataFrame, optional
        Columns person_id and person or name: for names.
    currency : str
        Currency code to name beside amounts.
    rows : int
        How many at most, those worth most first.
    owner : bool
        Whether to name the seller; a single person needs no such column.
    """
    if customers.empty:
        return _line("progress.no_neglected")
    shown, known = customers.sort_values("rank").head(rows), _names(people)
    columns = [Column(say("progress.customer"), [_customer(row) for row in shown.itertuples()], number=False)]
    if owner:
        columns.append(Column(say("progress.owner"), [_name(key, known) for key in shown.person_id],
                              number=False, one_line=True))
    columns += [
        Column(say("progress.sales_12"), [format_money(value, currency) for value in shown.sales_12]),
        Column(say("progress.last_contact"), [_day(value) for value in shown.last_contact], one_line=True),
        Column(say("progress.waiting"), [_days(value) for value in shown.waiting]),
        Column(say("progress.usually_every"), [_days(value) for value in shown.usual]),
        Column(say("progress.state"), [say(f"progress.neglected_{name}") for name in shown.state],
               number=False)]
    lines = [say("progress.neglected_sum", n=len(customers), stake=format_money(customers.sales_12.sum(),
                                                                                currency))]
    if customers.basis.iloc[0] == "orders":
        lines.append(say("progress.neglected_by_orders"))
    return Part("".join(f"<p>{escape(line)}</p>" for line in lines) + write_table(columns))


def show_doubly_worked(pairs: pd.DataFrame, people: pd.DataFrame | None = None, rows: int = ROWS) -> Part:
    """Show customers on whom two people work at once, each for themselves.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From :func:`salesgoals.follow_up.doubly_worked`; hand-overs and teamwork are only counted.
    people : pandas.DataFrame, optional
        For names; whoever is not in it is called a colleague.
    rows : int
        How many at most.
    """
    pairs = pairs.rename(columns={"seller": "person_id", "other": "other_id"})
    double = pairs[pairs.kind == DOUBLE]
    if double.empty:
        return _line("progress.no_doubly")
    shown, known = double.head(rows), _names(people)
    table = write_table([
        Column(say("progress.customer"), [_customer(row) for row in shown.itertuples()], number=False),
        Column(say("progress.first_seller"), [_who(row.person_id, row.contacts, known)
                                              for row in shown.itertuples()], number=False),
        Column(say("progress.second_seller"), [_who(row.other_id, row.other_contacts, known)
                                               for row in shown.itertuples()], number=False),
        Column(say("progress.switches"), [str(int(value)) for value in shown.switches])])
    return Part(f"<p>{escape(say('progress.doubly_sum', n=len(double)))}</p>{table}")


def show_own_doubly(pairs: pd.DataFrame, rows: int = ROWS) -> Part:
    """Tell a person on which of the own customers a colleague works as well; who it is stands nowhere.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``follow_up_doubly_own`` of a report, rows of one person.
    rows : int
        How many at most.
    """
    double = pairs[pairs.kind == DOUBLE] if len(pairs) else pairs
    if double.empty:
        return Part("")
    shown = double.head(rows)
    return Part(f"<p>{escape(say('progress.doubly_own', n=len(double)))}</p>" + write_table([
        Column(say("progress.customer"), [_customer(row) for row in shown.itertuples()], number=False),
        Column(say("progress.own_contacts"), [str(int(value)) for value in shown.own])]))


def show_coverage(coverage: pd.DataFrame, currency: str = "", people: pd.DataFrame | None = None,
                  persons: bool = False) -> Part:
    """Show open opportunities against what is missing to the goal, beside what is usually there.

    Parameters
    ----------
    coverage : pandas.DataFrame
        From :func:`salesgoals.follow_up.pipeline_coverage`.
    currency : str
        Currency code to name beside amounts.
    people : pandas.DataFrame, optional
        For names.
    persons : bool
        Whether to list single people too.
    """
    if coverage.empty:
        return _line("progress.no_opportunities")
    shown = coverage if persons or (coverage.by == "person").all() else coverage[coverage.by != "person"]
    table = write_table([
        Column(say("progress.unit"), name_units(shown, people), number=False, one_line=True),
        Column(say("progress.missing"), [format_money(value, currency) for value in shown.missing]),
        Column(say("progress.open_deals"), [format_exact(float(value)) for value in shown.open]),
        Column(say("progress.weighted"), [format_money(value) for value in shown.weighted]),
        Column(say("progress.coverage"), [_times(value) for value in shown.coverage]),
        Column(say("progress.usual_coverage"), [_times(value) for value in shown.usual_coverage]),
        Column(say("progress.in_time"), [format_money(value) for value in shown.in_time]),
        Column(say("progress.stale"), [_count_and_money(n, value) for n, value in zip(
            shown.stale + shown.overdue, shown.stale_value + shown.overdue_value, strict=True)])])
    return Part(table + f'<p class="quiet">{escape(say("progress.coverage_note"))}</p>')


def _times(value: float) -> str:
    return NOTHING if pd.isna(value) else say("progress.times", n=f"{value:.1f}")


def _count_and_money(count: float, value: float) -> str:
    if pd.isna(count) or count == 0:
        return NOTHING
    return say("progress.count_and_money", n=int(count), amount=format_money(value))


def show_deals(deals: pd.DataFrame, people: pd.DataFrame | None = None, currency: str = "",
               rows: int = ROWS, owner: bool = True) -> Part:
    """Show open opportunities that are past their closing day, or open longer than won ones ever took.

    Parameters
    ----------
    deals : pandas.DataFrame
        From :func:`salesgoals.follow_up.open_deals`.
    people : pandas.DataFrame, optional
        Columns person_id and person or name: for names.
    currency : str
        Currency code to name beside amounts.
    rows : int
        How many at most, the largest first.
    owner : bool
        Whether to name the seller.
    """
    wrong = deals[deals.problem != ""] if len(deals) else deals
    if wrong.empty:
        return Part("")
    shown, known = wrong.sort_values("amount", ascending=False, kind="stable").head(rows), _names(people)
    columns = [Column(say("progress.opportunity"), shown.opportunity_id.astype(str).tolist(), number=False)]
    if owner:
        columns.append(Column(say("progress.owner"), [_name(key, known) for key in shown.person_id],
                              number=False, one_line=True))
    columns += [Column(say("progress.amount"), [format_money(value, currency) for value in shown.amount]),
                Column(say("progress.days_open"), [_days(value) for value in shown.days_open]),
                Column(say("progress.state"), [say(f"progress.deal_{name}") for name in shown.problem],
                       number=False)]
    return Part(f"<p>{escape(say('progress.deals_sum', n=len(wrong)))}</p>{write_table(columns)}")


def show_lag(lag: pd.DataFrame, people: pd.DataFrame | None = None, rows: int = ROWS) -> Part:
    """Show who has stopped writing down and which source is late.

    Parameters
    ----------
    lag : pandas.DataFrame
        From :func:`salesgoals.follow_up.data_lag`.
    people : pandas.DataFrame, optional
        Columns person_id and person or name: for names.
    rows : int
        How many at most.
    """
    late = lag[lag.state.isin(LATE)] if len(lag) else lag
    if late.empty:
        return _line("progress.no_lag")
    shown, known = late.sort_values("p", kind="stable").head(rows), _names(people)
    who = [say("progress.whole") if row.by == "all" else _name(row.unit, known) for row in shown.itertuples()]
    table = write_table([
        Column(say("progress.unit"), who, number=False, one_line=True),
        Column(say("progress.source"), [say(f"progress.source_of_{name}") for name in shown.source],
               number=False),
        Column(say("progress.last_record"), [_day(value) for value in shown["last"]], one_line=True),
        Column(say("progress.silent_for"), [_days(value) for value in shown.waiting]),
        Column(say("progress.usually_every"), [_days(value) for value in shown.usual]),
        Column(say("progress.state"), [say(f"progress.lag_{name}") for name in shown.state], number=False)])
    return Part(table + f'<p class="quiet">{escape(say("progress.lag_note"))}</p>')


def show_follow_up_rate(rates: pd.DataFrame, by: str = "all", unit: str = "all") -> Part:
    """Say what share of the own customers was contacted in the last days; nothing where it is not known."""
    own = rates[(rates.by == by) & (rates.unit == unit)] if len(rates) else rates
    if own.empty or own.basis.iloc[0] != "activities":
        return Part("")
    row = own.iloc[0]
    text = say("progress.contacted", share=format_share(row.share), n=int(row.customers), days=int(row.days))
    return Part(f"<p>{escape(text)}</p>")


def _names(people: pd.DataFrame | None) -> dict[str, str] | None:
    return None if people is None or people.empty else person_names(people)


def _who(key: Any, contacts: float, names: dict[str, str] | None) -> str:
    return say("progress.who_contacts", who=_name(key, names), n=int(contacts))


def _name(key: Any, names: dict[str, str] | None) -> str:
    if pd.isna(key) or key == "":
        return say("progress.no_owner")
    return str(key) if names is None else names.get(str(key), say("progress.colleague"))


def _customer(row: Any) -> str:
    return str(row.name) if pd.notna(row.name) and row.name != "" else str(row.account_id)


def _day(value: Any) -> str:
    return NOTHING if pd.isna(value) else f"{value:%Y-%m-%d}"


def _days(value: float) -> str:
    return NOTHING if pd.isna(value) else say("progress.days", n=round(float(value)))


def _line(key: str) -> Part:
    return Part(f"<p>{escape(say(key))}</p>")
