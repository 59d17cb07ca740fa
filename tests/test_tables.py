from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.tables import (
    TABLES,
    as_table,
    check_relations,
    check_table,
    empty_table,
    read_table,
    safe_for_excel,
    total,
    write_table,
)

MONEY = st.decimals(min_value=-10**9, max_value=10**9, places=4)


@given(st.lists(MONEY, min_size=1, max_size=50))
@settings(deadline=None, max_examples=100)
def test_money_on_disk_is_exact(tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    dates = pd.to_datetime(["2025-01-01"] * len(amounts))
    frame = as_table("orders", pd.DataFrame({"date": dates, "amount": [float(a) for a in amounts]}))
    path = write_table(folder, "orders", frame)
    on_disk = [value.as_py() for value in pq.read_table(path)["amount"]]
    assert on_disk == amounts
    assert total(frame.amount) == sum(amounts)
    pd.testing.assert_frame_equal(read_table(folder, "orders"), frame)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_survives_writing(tmp_path: Path, name: str) -> None:
    write_table(tmp_path, name, empty_table(name))
    pd.testing.assert_frame_equal(read_table(tmp_path, name), empty_table(name))
    assert check_table(name, empty_table(name)) == []


def test_a_text_stays_a_text_and_blank_stays_blank() -> None:
    frame = as_table("accounts", pd.DataFrame({"account_id": ["00012", "7"], "name": ["None", None]}))
    assert frame.account_id.tolist() == ["00012", "7"]
    assert frame.name.tolist()[0] == "None"
    assert frame.name.isna().tolist() == [False, True]
    assert frame.potential.isna().all()


def test_every_broken_rule_is_named() -> None:
    people = as_table("people", pd.DataFrame({
        "person_id": ["1", "1", "2"], "name": ["a", "b", None],
        "hire_date": pd.to_datetime(["2025-03-01", None, None]),
        "leave_date": pd.to_datetime(["2025-02-01", None, None])}))
    codes = {problem.code for problem in check_table("people", people)}
    assert codes == {"tables.required_missing", "tables.key_twice", "tables.ends_before_start"}
    orders = as_table("orders", pd.DataFrame({"date": pd.to_datetime(["2025-01-01"]), "amount": [1.0],
                                              "credit_share": [1.5]}))
    assert [p.code for p in check_table("orders", orders)] == ["tables.share_outside"]


def relations(people: dict | None = None, membership: dict | None = None) -> list[str]:
    tables = {name: empty_table(name) for name in TABLES}
    if people:
        tables["people"] = as_table("people", pd.DataFrame(people))
    if membership:
        tables["membership"] = as_table("membership", pd.DataFrame(membership))
    return [problem.code for problem in check_relations(tables)]


def test_circles_and_overlaps_are_found() -> None:
    assert relations({"person_id": list("abc"), "name": list("abc"), "manager_id": ["b", "c", "a"]}) == [
        "tables.manager_circle"]
    assert relations({"person_id": list("abc"), "name": list("abc"), "manager_id": ["b", "c", None]}) == []
    assert relations(membership={"person_id": ["1", "2"], "team": ["X", "Y"], "department": ["Y", "X"]}) == [
        "tables.team_circle"]
    overlapping = {"person_id": ["1", "1"], "team": ["X", "Y"], "department": ["D", "D"],
                   "valid_from": pd.to_datetime(["2025-01-01", "2025-03-01"]),
                   "valid_to": pd.to_datetime(["2025-06-30", None])}
    assert relations(membership=overlapping) == ["tables.two_teams"]
    overlapping["valid_to"] = pd.to_datetime(["2025-02-28", None])
    assert relations(membership=overlapping) == []


def test_a_negative_amount_stays_a_number_for_excel() -> None:
    mixed = pd.DataFrame({"amount": pd.Series([Decimal("-5.00"), "=1+1", None, "-x"], dtype=object)})
    assert safe_for_excel(mixed).amount.tolist() == [Decimal("-5.00"), "'=1+1", None, "'-x"]


def test_a_wide_sign_is_no_formula_either() -> None:
    names = pd.DataFrame({"name": ["＝cmd()", "＠sum", " ＋1", "李＝一"]})
    assert safe_for_excel(names).name.tolist() == ["'＝cmd()", "'＠sum", "' ＋1", "李＝一"]
