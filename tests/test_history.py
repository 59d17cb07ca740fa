from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.history import credited_sales, monthly_sales, roster, team_on, team_sales
from salesgoals.tables import TABLES, as_table, empty_table


def tables_of(**frames: dict) -> dict[str, pd.DataFrame]:
    tables = {name: empty_table(name) for name in TABLES}
    tables.update({name: as_table(name, pd.DataFrame(frame)) for name, frame in frames.items()})
    return tables


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)))


MOVER = tables_of(
    people={"person_id": ["1", "2", "3"], "name": ["Ann", "Ben", "Ben"],
            "hire_date": days("2020-01-01", "2020-01-01", "2026-03-01"),
            "leave_date": days(None, "2025-05-31", None)},
    membership={"person_id": ["1", "1", "2", "3"], "department": ["D", "D", "D", "D"],
                "team": ["North", "South", "South", "North"],
                "valid_from": days(None, "2025-04-16", None, "2026-03-01"),
                "valid_to": days("2025-04-15", None, "2025-05-31", None)},
    orders={"date": days("2025-04-15", "2025-04-16", "2025-05-02"), "person_id": ["1", "1", "2"],
            "amount": [100.0, 10.0, 1.0]})


def test_a_move_does_not_carry_the_past_along() -> None:
    sold = team_sales(MOVER).groupby("team").amount.sum()
    assert sold.to_dict() == {"North": 100.0, "South": 11.0}


def test_leavers_are_off_the_roster_and_joiners_on_it() -> None:
    listed = roster(MOVER, pd.Timestamp("2026-01-01"))
    assert listed.person_id.tolist() == ["3", "1"]
    assert listed.team.tolist() == ["North", "South"]
    assert roster(MOVER, pd.Timestamp("2025-05-31")).person_id.tolist() == ["3", "1", "2"]


def test_credit_shares_count_once() -> None:
    """100 % of one order of 5 and 50 % of another of 10 are 10, not 15."""
    split = tables_of(orders={"date": days("2025-01-01", "2025-01-02"), "person_id": ["1", "1"],
                              "amount": [5.0, 10.0], "credit_share": [None, 0.5]})
    assert monthly_sales(split).amount.tolist() == [10.0]


def test_same_month_of_another_year_stays_apart() -> None:
    two = tables_of(orders={"date": days("2024-01-31", "2025-01-01"), "amount": [1.0, 2.0]})
    assert monthly_sales(two).month.dt.strftime("%Y-%m").tolist() == ["2024-01", "2025-01"]


def test_without_orders_won_deals_count_on_their_closing_day() -> None:
    deals = tables_of(opportunities={"opportunity_id": list("abcd"), "status": ["won", "lost", "open", "won"],
                                     "closed": days("2025-02-03", "2025-02-03", None, "2025-02-20"),
                                     "person_id": ["1"] * 4, "amount": [5.0, 9.0, 7.0, None]})
    assert monthly_sales(deals).amount.tolist() == [5.0]


def test_product_lines_come_from_the_product_list() -> None:
    sold = tables_of(products={"product_id": ["p"], "product_line": ["pumps"]},
                     orders={"date": days("2025-01-01", "2025-01-01"), "product_id": ["p", "q"],
                             "amount": [1.0, 2.0]})
    assert monthly_sales(sold).set_index("product_line").amount.to_dict() == {"pumps": 1.0, "": 2.0}


@given(st.lists(st.tuples(st.integers(0, 800), st.sampled_from(["1", "2", "3", None]),
                          st.sampled_from(["a", "b", None]), st.integers(-10**6, 10**6)), max_size=40))
@settings(deadline=None, max_examples=60)
def test_the_sum_of_all_sales_never_changes(rows: list[tuple]) -> None:
    orders = {"date": [pd.Timestamp("2024-06-01") + pd.Timedelta(days=r[0]) for r in rows],
              "person_id": [r[1] for r in rows], "product_line": [r[2] for r in rows],
              "amount": [float(r[3]) for r in rows]}
    tables = {**MOVER, "orders": as_table("orders", pd.DataFrame(orders))}
    whole = sum(r[3] for r in rows)
    assert credited_sales(tables).amount.sum() == whole
    assert monthly_sales(tables).amount.sum() == whole
    assert team_sales(tables).amount.sum() == whole


def test_team_on_keeps_order_and_index() -> None:
    asked = pd.DataFrame({"person_id": ["2", "9", "1", None], "date": days(
        "2025-06-01", "2025-01-01", "2024-01-01", "2024-01-01").to_numpy()}, index=[7, 3, 5, 1])
    found = team_on(MOVER, asked.person_id, asked.date)
    assert found.index.tolist() == [7, 3, 5, 1]
    assert found.team.fillna("").tolist() == ["", "", "North", ""]
