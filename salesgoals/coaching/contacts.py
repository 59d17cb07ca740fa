"""Who was in touch with which customer, and who two sellers are in touch with."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.coaching.rates import GRACE
from salesgoals.coaching.rhythm import judge_silence
from salesgoals.history import credited_sales

SILENT = .01        # share of ordinary pauses that last as long: beyond it a customer counts as neglected
VALUABLE = .80      # customers that make this share of the sales count as valuable
WINDOW = 91         # days in which two sellers may be working on one customer
SWITCHES = 3        # A B A B: a hand-over has one change, standing in for a holiday two
JOINT = .5          # share of the days on which both were there together that makes it teamwork
LEAST_DAYS = 2      # on which each of two sellers was in touch
WEEKLY = .6         # share of entries on one day of the week from which a log is written once a week
NEGLECTED = ["account_id", "name", "person_id", "sales_12", "potential", "last_contact", "waiting", "usual",
             "contacts", "last_order", "p", "state", "basis", "rank"]
DOUBLY = ["account_id", "name", "person_id", "other_id", "contacts", "other_contacts", "joint_days",
          "switches", "first", "last", "amount", "other_amount", "kind"]


def customers_of(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """List every customer with its owner, what it bought in the last 12 months and when it bought last.

    Returns
    -------
    DataFrame
        Columns account_id, name, person_id (the recorded owner, else who sold last; empty where that person
        is not employed on the day), sales_12, potential, last_order.
    """
    sales = credited_sales(tables)
    sales = sales[sales.account_id.notna() & (sales.date < day + pd.Timedelta(days=1))].sort_values("date")
    listed = tables["accounts"].drop_duplicates("account_id").set_index("account_id")
    accounts = pd.Index([*listed.index, *sales.account_id.unique()], name="account_id").unique()
    recent = sales[sales.date > day - pd.DateOffset(months=12)]
    found = listed[["name", "person_id", "potential"]].reindex(accounts)
    seller = sales.dropna(subset=["person_id"]).groupby("account_id").person_id.last().reindex(accounts)
    found["person_id"] = found.person_id.fillna(seller)
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")
    left = people.index[people.leave_date <= day]
    found["person_id"] = found.person_id.where(~found.person_id.isin(left))
    found["sales_12"] = recent.groupby("account_id").amount.sum().reindex(accounts).fillna(0.)
    found["last_order"] = sales.groupby("account_id").date.max().reindex(accounts)
    return found.reset_index()[["account_id", "name", "person_id", "sales_12", "potential", "last_order"]]


def contacts_of(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> tuple[pd.DataFrame, str]:
    """List who was in touch with whom on which day: by the log or, where it names no customer, by sales.

    Returns
    -------
    tuple of DataFrame and str
        Columns date, person_id, account_id; and ``activities``, ``orders`` or, without either, ``none``.
    """
    columns = ["date", "person_id", "account_id"]
    for rows, basis in ((tables["activities"], "activities"), (credited_sales(tables), "orders")):
        known = rows[rows.account_id.notna() & rows.date.notna() & (rows.date < day + pd.Timedelta(days=1))]
        if len(known):
            return known[columns].assign(date=known.date.dt.normalize()), basis
    return pd.DataFrame(columns=columns), "none"


def find_neglected(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """Find valuable customers that nobody has been in touch with for longer than they are used to.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.follow_up.neglected_customers` describes them.
    """
    customers = customers_of(tables, day)
    contacts, basis = contacts_of(tables, day)
    bought = customers.sales_12.sort_values(ascending=False)
    least = bought[bought.cumsum().shift(fill_value=0.) < VALUABLE * bought.clip(lower=0).sum()]
    valuable = customers[customers.index.isin(least.index) & (customers.sales_12 > 0)]
    if contacts.empty or valuable.empty:
        return pd.DataFrame(columns=NEGLECTED)
    first = contacts.date.min()
    found = judge_silence(contacts.account_id, (contacts.date - first).dt.days, (day - first).days)
    table = valuable.join(found, on="account_id")
    table["last_contact"] = first + pd.to_timedelta(table["last"].astype(float), unit="D")
    table["state"] = "ok"
    table.loc[table.p < SILENT, "state"] = "neglected"
    log = contacts.groupby("person_id").date.max()
    stopped = set(log.index[log < day - pd.Timedelta(days=GRACE)]) if basis == "activities" else set()
    table.loc[(table.state == "neglected") & table.person_id.isin(stopped), "state"] = "unlogged"
    if basis == "activities" and (day - first).days >= WINDOW:
        table.loc[table.n.isna(), "state"] = "never"
    table.loc[table.person_id.isna(), "state"] = "no_owner"
    table = table[table.state != "ok"]
    table = table.assign(basis=basis, contacts=table.n.fillna(-1).astype("int64") + 1)
    table = table.sort_values(["sales_12", "account_id"], ascending=[False, True], kind="stable")
    return table.assign(rank=range(1, len(table) + 1)).reset_index(drop=True)[NEGLECTED]


def find_doubly_worked(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """Find customers whom two sellers see in the same weeks, each on days of one's own.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.follow_up.doubly_worked` describes them.
    """
    contacts, basis = contacts_of(tables, day)
    if basis != "activities":
        return pd.DataFrame(columns=DOUBLY)
    recent = contacts[(contacts.date > day - pd.Timedelta(days=WINDOW)) & contacts.person_id.notna()]
    days = recent.drop_duplicates()
    count = days.groupby(["account_id", "person_id"]).size().rename("count").reset_index()
    count = count[count["count"] >= LEAST_DAYS]
    count = count[count.account_id.duplicated(keep=False)]
    if count.empty:
        return pd.DataFrame(columns=DOUBLY)
    customers = customers_of(tables, day).set_index("account_id")
    count["owns"] = count.person_id == count.account_id.map(customers.person_id)
    count = count.sort_values(["account_id", "owns", "count", "person_id"],
                              ascending=[True, False, False, True])
    main = count.drop_duplicates("account_id")
    pairs = main.merge(count[count.index.isin(count.index.difference(main.index))], on="account_id",
                       suffixes=("", "_other"))
    weekly = bool(recent.date.dt.day_of_week.value_counts(normalize=True).max() >= WEEKLY)
    rows = [_look_at_pair(days, pair.account_id, pair.person_id, pair.person_id_other, weekly)
            for pair in pairs.itertuples(index=False)]
    table = pd.DataFrame(rows)
    table["name"] = table.account_id.map(customers.name)
    sold = credited_sales(tables)
    sold = sold[(sold.date > day - pd.Timedelta(days=WINDOW)) & (sold.date < day + pd.Timedelta(days=1))]
    amount = sold.groupby(["account_id", "person_id"]).amount.sum()
    for column, who in (("amount", "person_id"), ("other_amount", "other_id")):
        keys = pd.MultiIndex.from_frame(table[["account_id", who]])
        table[column] = amount.reindex(keys).fillna(0.).to_numpy()
    shared = _shared_accounts(tables)
    side_by_side = table.joint_days >= JOINT * table[["contacts", "other_contacts"]].min(axis=1)
    together = table.account_id.isin(shared) | (side_by_side & (not weekly))
    table["kind"] = "handed_over"
    table.loc[table.switches >= SWITCHES, "kind"] = "double"
    table.loc[together, "kind"] = "team"
    order = table.kind.map({"double": 0, "team": 1, "handed_over": 2})
    return table.assign(order=order, worth=table.amount + table.other_amount).sort_values(
        ["order", "switches", "worth"], ascending=[True, False, False], ignore_index=True)[DOUBLY]


def _look_at_pair(days: pd.DataFrame, account: str, one: str, other: str, weekly: bool) -> dict[str, object]:
    """Follow two sellers through the days of one customer.

    In a log that is written once a week, two entries on one day are two visits in one week, in an order
    that is not known: the one with fewer changes is taken.
    """
    own = days[(days.account_id == account) & days.person_id.isin([one, other])]
    dates = own.groupby("date").person_id.agg(["size", "first"]).sort_index()
    changes, before = -1, None
    for both, name in zip(dates["size"] > 1, dates["first"], strict=True):
        if not both:
            changes, before = changes + (name != before), name
        elif weekly:
            changes += 1 + (before is None)
            before = one if before == other else other
    return {"account_id": account, "person_id": one, "other_id": other,
            "contacts": int((own.person_id == one).sum()),
            "other_contacts": int((own.person_id == other).sum()),
            "joint_days": int((dates["size"] > 1).sum()), "switches": max(changes, 0),
            "first": own.date.min(), "last": own.date.max()}


def _shared_accounts(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Customers whose orders are credited to several people by shares: a team on record."""
    orders = tables["orders"]
    split = orders[(orders.credit_share > 0) & (orders.credit_share < 1) & orders.account_id.notna()]
    return set(split.account_id)
