from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.allocation.proof import prove, verify_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.words import in_language

rows = st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["2026-01", "2026-02"]),
                          st.sampled_from(["pumps", "valves"]), st.integers(0, 10 ** 9)),
                min_size=1, max_size=15, unique_by=lambda row: row[:3])


def table(cells: list[tuple[str, str, str, int]], unit: int = 1) -> pd.DataFrame:
    goals = pd.DataFrame(cells, columns=["person_id", "month", "product_line", "goal"])
    team = goals.person_id.map({"A": "T1", "B": "T1", "C": "T2", "D": "T3"})
    department = team.map({"T1": "D1", "T2": "D1", "T3": "D2"})
    return goals.assign(version="v", department=department, team=team, person=goals.person_id,
                        metric="amount", goal=goals.goal * unit, unit=unit)


@settings(deadline=None, max_examples=25)
@given(rows, st.sampled_from([1, 100]))
def test_every_sum_is_the_plain_sum_of_its_rows(cells: list[tuple[str, str, str, int]], unit: int) -> None:
    goals = table(cells, unit)
    total = int(goals.goal.sum())
    proof = verify_plan(goals, total)
    assert (proof.difference == 0).all()
    assert proof.dtypes[["goal", "sum_of_children", "difference"]].eq("int64").all()
    company = proof[proof.level.isin(["company", "company_months", "company_product_lines"])]
    assert company.goal.tolist() == [total] * 3
    for level, own in [("department", ["department"]), ("person", ["person_id"]), ("month", ["month"]),
                       ("product_line", ["product_line"]), ("person_month", ["person_id", "month"]),
                       ("person_product_line", ["person_id", "product_line"])]:
        plain: dict[str, int] = {}
        for row in goals.to_dict("records"):
            name = " ".join(row[column] for column in own)
            plain[name] = plain.get(name, 0) + row["goal"]
        part = proof[proof.level == level]
        assert dict(zip(part.node, part.goal, strict=True)) == plain
    person = proof[proof.level == "person"].set_index("node").parent
    homes = {"A": "D1/T1", "B": "D1/T1", "C": "D1/T2", "D": "D2/T3"}
    assert all(person[one] == homes[one] for one in person.index)


def test_a_changed_cell_shows_in_every_sum_it_belongs_to() -> None:
    goals = table([("A", "2026-01", "pumps", 5), ("B", "2026-02", "valves", 7)])
    decided = {level: proof.set_index("node").goal for level, proof in prove(goals).groupby("level")}
    goals.loc[0, "goal"] = 6
    wrong = prove(goals, decided)
    wrong = wrong[wrong.difference != 0]
    assert set(wrong.difference) == {1}
    assert set(wrong.level) == {"company", "company_months", "company_product_lines", "department", "team",
                                "person", "month", "product_line", "team_month", "person_month",
                                "person_product_line"}


def test_a_node_that_lost_all_its_rows_shows() -> None:
    goals = table([("A", "2026-01", "pumps", 5), ("D", "2026-01", "pumps", 7)])
    decided = {level: proof.set_index("node").goal for level, proof in prove(goals).groupby("level")}
    wrong = prove(goals[goals.person_id != "D"], decided)
    assert ("person", "D", 7, 0) in set(wrong[["level", "node", "goal", "sum_of_children"]].itertuples(
        index=False, name=None))


def test_large_amounts_stay_exact() -> None:
    goals = table([("A", "2026-01", "pumps", 2 ** 61), ("B", "2026-01", "pumps", 1)])
    assert verify_plan(goals, 2 ** 61 + 1).goal.max() == 2 ** 61 + 1


@pytest.mark.parametrize(("change", "message"), [
    (lambda g: g.drop(columns="unit"), "lack these columns: unit"),
    (lambda g: g.assign(goal=[None, 700]), "Blank is not zero"),
    (lambda g: g.assign(goal=["many", 700]), "no usable goal"),
    (lambda g: g.assign(goal=[-100, 700]), "below 0"),
    (lambda g: g.assign(goal=[550, 700]), "no multiple"),
    (lambda g: pd.concat([g, g]), "2 rows repeat"),
    (lambda g: g.assign(version=["a", "b"]), "2 different values"),
    (lambda g: g.assign(person_id="A", month="2026-01", team=["T1", "T9"]), "two teams"),
    (lambda g: g.assign(month=["2026-01", "soon"]), "no usable goal"),
    (lambda g: g.iloc[:0], "no rows")])
def test_tables_that_prove_nothing_are_refused(change: object, message: str) -> None:
    goals = table([("A", "2026-01", "pumps", 5), ("B", "2026-02", "valves", 7)], unit=100)
    with pytest.raises(SalesgoalsError, match=message) as error:
        verify_plan(change(goals))  # type: ignore[operator]
    with in_language("zh"):
        assert "{" not in str(error.value)


def test_a_wrong_total_is_said_with_the_difference() -> None:
    goals = table([("A", "2026-01", "pumps", 5), ("B", "2026-02", "valves", 7)], unit=100)
    with pytest.raises(SalesgoalsError, match="100 off"):
        verify_plan(goals, 1100)


def test_the_row_to_look_at_is_named() -> None:
    goals = table([("A", "2026-01", "pumps", 5), ("B", "2026-02", "valves", 7)], unit=100)
    with pytest.raises(SalesgoalsError, match="row 3"):
        verify_plan(goals.assign(goal=[500, -700]))
