"""What was sold, by whom, in which month; and who worked where on a given day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

HISTORY_COLUMNS = ["month", "person_id", "product_line", "amount"]
ROSTER_COLUMNS = ["person_id", "person", "department", "team", "hire_date", "leave_date"]


def first_of_month(dates: pd.Series) -> pd.Series:
    """Return the first day of each date's month."""
    return dates.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")


def credited_sales(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List every sale once with the person who gets the credit: orders or, without orders, won deals.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders, opportunities, products.

    Returns
    -------
    pandas.DataFrame
        Columns date, person_id, account_id, product_id, product_line, quantity, amount (currency units, times
        the credit share), cost. A sale nobody is credited with has an empty person_id.
    """
    orders = tables["orders"]
    if len(orders):
        sales = orders.copy()
        sales["amount"] = sales.amount * sales.credit_share.fillna(1.0)
    else:
        won = tables["opportunities"]
        sales = won[won.status == "won"].rename(columns={"closed": "date"}).dropna(subset=["date"])
        sales = sales.assign(quantity=float("nan"), cost=float("nan"), amount=sales.amount.fillna(0.0))
    lines = tables["products"].drop_duplicates("product_id").set_index("product_id").product_line
    by_product = sales.product_id.map(lines).astype("str")
    sales = sales.assign(product_line=sales.product_line.fillna(by_product))
    columns = ["date", "person_id", "account_id", "product_id", "product_line", "quantity", "amount", "cost"]
    return sales[columns].reset_index(drop=True)


def monthly_sales(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Add up sales by month, person and product line: the table that goals start from.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    pandas.DataFrame
        Columns month (first day), person_id, product_line, amount (currency units). Sales without a
        person or product line are kept under an empty text, so that the sum is the sum of all sales.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.to_datetime(["2025-01-03", "2025-01-20"]), "person_id": ["7", "7"],
    ...     "product_line": ["pumps", "pumps"], "amount": [100.0, -20.0]}))
    >>> monthly_sales(tables).amount.tolist()
    [80.0]
    """
    sales = credited_sales(tables)
    sales = sales.assign(month=first_of_month(sales.date), person_id=sales.person_id.fillna(""),
                         product_line=sales.product_line.fillna(""))
    result = sales.groupby(["month", "person_id", "product_line"], as_index=False, sort=True).amount.sum()
    return result[HISTORY_COLUMNS]


def team_sales(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Add up sales by month, person, product line and the team the person was in on the day of the sale.

    Returns
    -------
    pandas.DataFrame
        Columns month, department, team, person_id, product_line, amount. A team keeps what was sold in
        it, also by people who have moved or left; unknown teams are an empty text.
    """
    sales = credited_sales(tables)
    where = team_on(tables, sales.person_id, sales.date)
    sales = sales.assign(month=first_of_month(sales.date), department=where.department, team=where.team)
    keys = ["department", "team", "person_id", "product_line"]
    sales[keys] = sales[keys].fillna("")
    return sales.groupby(["month", *keys], as_index=False).amount.sum()


def team_on(tables: Mapping[str, pd.DataFrame], person_id: pd.Series, date: pd.Series) -> pd.DataFrame:
    """Tell in which team each person was on each date; a move does not carry the past along.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses membership.
    person_id, date : pandas.Series
        One pair for each row, with the same index.

    Returns
    -------
    pandas.DataFrame
        Columns department, team, in the order and with the index of the input; empty where unknown.
    """
    asked = pd.DataFrame({"person_id": person_id, "date": date.astype("datetime64[us]")})
    asked["position"] = range(len(asked))
    spans = tables["membership"].dropna(subset=["person_id"]).copy()
    spans["valid_from"] = spans.valid_from.fillna(pd.Timestamp("1900-01-01")).astype("datetime64[us]")
    joined = pd.merge_asof(
        asked.dropna(subset=["person_id", "date"]).sort_values("date"), spans.sort_values("valid_from"),
        left_on="date", right_on="valid_from", by="person_id")
    joined = joined[joined.valid_to.isna() | (joined.date <= joined.valid_to)]
    found = joined.set_index("position")[["department", "team"]].reindex(range(len(asked)))
    return found.set_index(asked.index)


def believed_hire_dates(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Give the day each person joined, empty where the person sold in an earlier month: the date is wrong.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses people and orders (or won opportunities).

    Returns
    -------
    pandas.Series
        Dates by person_id, one for each person on the list of people.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["people"] = as_table("people", pd.DataFrame({
    ...     "person_id": ["7", "8"], "name": ["Li", "Wu"], "hire_date": pd.to_datetime(["2025-03-01"] * 2)}))
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "person_id": ["7", "8"], "date": pd.to_datetime(["2025-01-03", "2025-03-20"]), "amount": 1.0}))
    >>> believed_hire_dates(tables).notna().to_dict()
    {'7': False, '8': True}
    """
    hired = tables["people"].drop_duplicates("person_id").set_index("person_id").hire_date
    sales = credited_sales(tables)
    first = first_of_month(sales[sales.amount != 0].groupby("person_id").date.min()).reindex(hired.index)
    return hired.mask(first_of_month(hired) > first)


def roster(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """List who is employed on a day, or will join later, with department and team.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses people and membership. People who have sales but stand in no list of
        people belong to it under their id.
    day : pandas.Timestamp
        People who left before it are not listed.

    Returns
    -------
    pandas.DataFrame
        Columns person_id, person, department, team, hire_date, leave_date, sorted by department, team,
        person_id. A person who joins later stands in the team of the first membership.
    """
    people = tables["people"].rename(columns={"name": "person"})
    sellers = pd.Index(credited_sales(tables).person_id.dropna().unique())
    unlisted = sellers.difference(people.person_id)
    if len(people) == 0 and len(unlisted):
        people = pd.concat([people, pd.DataFrame({"person_id": unlisted, "person": unlisted})])
    people = people[people.leave_date.isna() | (people.leave_date >= day)].reset_index(drop=True)
    asked = people.hire_date.where(people.hire_date > day, day).fillna(day).astype("datetime64[us]")
    placed = people.join(team_on(tables, people.person_id, asked))
    latest = tables["membership"].sort_values("valid_from").drop_duplicates("person_id", keep="last")
    latest = latest.set_index("person_id")
    for column in ("department", "team"):
        elsewhere = placed.person_id.map(latest[column]).astype("str")
        placed[column] = placed[column].fillna(elsewhere)
    listed = placed.sort_values(["department", "team", "person_id"], na_position="last")
    return listed[ROSTER_COLUMNS].reset_index(drop=True)


def team_units(people: pd.DataFrame) -> pd.Series:
    """Name each row's team so that two departments may have a team of the same name.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns department and team.

    Returns
    -------
    pandas.Series
        ``department/team`` with the index of the input; an empty text where neither is known.

    Examples
    --------
    >>> team_units(pd.DataFrame({"department": ["east", None, None], "team": ["one", "two", None]})).tolist()
    ['east/one', '/two', '']
    """
    named = people[["department", "team"]].astype("object").fillna("")
    nowhere = (named.department == "") & (named.team == "")
    return (named.department + "/" + named.team).mask(nowhere, "").astype("str")


def as_known_on(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp | str) -> dict[str, pd.DataFrame]:
    """Give the records as they were known at the end of a day; nothing of what came later is in them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    day : Timestamp or str
        The last day that is known.

    Returns
    -------
    dict of str to DataFrame
        Orders, activities and market figures up to that day. Opportunities opened later are gone; those
        decided later are open again, with their stage and probability empty, for it is not known where they
        stood. Those open to this day keep the stage, probability and closing date of the newest export:
        exports hold no history of these. People hired later, and their teams, are gone; who left later is
        still there. Goals stay, for they are set beforehand; products and accounts carry no dates and stay.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["opportunities"] = as_table("opportunities", pd.DataFrame({
    ...     "opportunity_id": ["1", "2"], "created": pd.to_datetime(["2026-01-05", "2026-03-01"]),
    ...     "closed": pd.to_datetime(["2026-02-20", "2026-03-09"]), "status": "won"}))
    >>> as_known_on(tables, "2026-01-31")["opportunities"].status.tolist()
    ['open']
    """
    known, last = dict(tables), pd.Timestamp(day).normalize()
    end = last + pd.Timedelta(days=1)
    for name, column in (("orders", "date"), ("activities", "date"), ("market", "month")):
        known[name] = _rows(tables[name], ~(tables[name][column] >= end))
    deals = _rows(tables["opportunities"], ~(tables["opportunities"].created >= end))
    later = deals.status.isin(["won", "lost"]) & (deals.closed >= end)
    if later.any():
        deals = deals.assign(status=deals.status.mask(later, "open"), closed=deals.closed.mask(later),
                             stage=deals.stage.mask(later), probability=deals.probability.mask(later))
    # A deal won without a day of opening is known from the day on which it was decided.
    known["opportunities"] = _rows(deals, ~(later.to_numpy() & deals.created.isna().to_numpy()))
    people = tables["people"]
    known["people"] = _rows(people, ~(people.hire_date >= end))
    known["people"] = known["people"].assign(leave_date=known["people"].leave_date.where(
        known["people"].leave_date < end))
    member = _rows(tables["membership"], ~(tables["membership"].valid_from >= end))
    gone = set(people.person_id[people.hire_date >= end])
    member = member[~member.person_id.isin(gone)].reset_index(drop=True)
    known["membership"] = member.assign(valid_to=member.valid_to.where(member.valid_to < end))
    return known


def _rows(table: pd.DataFrame, keep: pd.Series | object) -> pd.DataFrame:
    return table[keep].reset_index(drop=True)


def own_amounts(deals: pd.DataFrame) -> pd.Series:
    """Give every opportunity an amount: its own, else the mean of won ones of the product, else of all.

    Parameters
    ----------
    deals : DataFrame
        Opportunities: status, amount, product_id. Many systems write the amount down only with the decision.

    Returns
    -------
    Series
        Amounts in currency units; NaN where no opportunity has one.

    Examples
    --------
    >>> own_amounts(pd.DataFrame({"status": ["won", "won", "open", "open"], "product_id": [*"ABA", None],
    ...                           "amount": [10., 30., None, None]})).tolist()
    [10.0, 30.0, 10.0, 20.0]
    """
    won = deals[(deals.status == "won") & (deals.amount > 0)]
    if won.empty:
        return deals.amount.fillna(deals.amount.mean())
    by_product = deals.product_id.map(won.groupby("product_id").amount.mean())
    return deals.amount.fillna(by_product).fillna(float(won.amount.mean()))
