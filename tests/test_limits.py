from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.allocation.bounds import Bounds, Organisation, work_out_bounds
from salesgoals.allocation.finder import parse_month
from salesgoals.allocation.limits import LIMIT_COLUMNS, Wish, parse_amount, parse_limit, read_limits
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import in_language

PEOPLE = pd.DataFrame({
    "person_id": ["P1", "P2", "P3", "P4"], "person": ["Ann", "Wang Wei", "Wang Wei", "Dai"],
    "department": ["East", "East", "West", "West"], "team": ["A", "A", "A", "B"]})
MONTHS = list(pd.date_range("2026-01-01", periods=3, freq="MS"))
LINES = ["pumps", "valves"]


def read(*rows: dict[str, object], unit: int = 100) -> tuple[list[Wish], list[Problem]]:
    return read_limits(pd.DataFrame(list(rows)), PEOPLE, MONTHS, LINES, unit)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def bounds_of(*rows: dict[str, object], total: int = 10_000, present: np.ndarray | None = None) -> Bounds:
    wishes, problems = read(*rows)
    assert not problems
    there = np.ones((4, 3), bool) if present is None else present
    return work_out_bounds(Organisation.from_people(PEOPLE), wishes, there, 2, total // 100, 100)


@pytest.mark.parametrize("text", ["2026-03", "2026/3", "2026年3月", "202603", "2026-03-01",
                                  "2026-03-01 00:00:00", pd.Timestamp("2026-03-01"), pd.Period("2026-03"),
                                  " 2026 年 3 月 "])
def test_months_as_people_write_them(text: object) -> None:
    assert parse_month(text) == pd.Timestamp("2026-03-01")


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "March", "", "03-2026", None, 2026, "2026-03-15",
                                  pd.NaT])
def test_what_is_no_month(text: object) -> None:
    assert parse_month(text) is None


def test_typed_limits() -> None:
    assert parse_limit("P007=120000", "floor")["floor"] == "120000"
    row = parse_limit("华东一组@2026-03=50000", "cap")
    assert (row["name"], row["month"], row["cap"], row["pin"]) == ("华东一组", "2026-03", "50000", None)
    assert parse_limit("P007/净水器=30000")["name"] == "P007/净水器"
    assert set(LIMIT_COLUMNS) <= set(row)


@pytest.mark.parametrize("text", ["P007", "=5", "P007=", "", "@2026-03"])
def test_typed_limits_that_cannot_be_read(text: str) -> None:
    with pytest.raises(SalesgoalsError, match="Write name=amount"):
        parse_limit(text)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10 ** 9))
def test_amounts_are_read_with_or_without_commas(amount: int) -> None:
    assert parse_amount(amount) == parse_amount(str(amount)) == parse_amount(f"{amount:,}") == amount
    assert parse_amount(f"{amount} yuan") is None
    assert parse_amount(True) is None


@pytest.mark.parametrize(("form", "level", "node", "month", "product"), [
    ("P1=100", "person", "P1", None, None), ("Ann=100", "person", "P1", None, None),
    ("B=100", "team", ("West", "B"), None, None), ("East/A=100", "team", ("East", "A"), None, None),
    ("West=100", "department", "West", None, None), ("2026-02=100", "company", None, 1, None),
    ("valves=100", "company", None, None, 1), ("P1@2026-03=100", "person", "P1", 2, None),
    ("P1/pumps=100", "person", "P1", None, 0), ("P1@2026-01/pumps=100", "person", "P1", 0, 0),
    ("East/A@2026-02=100", "team", ("East", "A"), 1, None),
    ("East/A/pumps=100", "team", ("East", "A"), None, 0)])
def test_whom_a_typed_name_means(form: str, level: str, node: object, month: int | None,
                                 product: int | None) -> None:
    wishes, problems = read(parse_limit(form))
    assert not problems
    assert wishes[0].place == (level, node, month, product)
    assert (wishes[0].low, wishes[0].high) == (1, 1)


def test_blank_is_not_zero() -> None:
    wishes, problems = read({"scope": "person", "name": "P1", "floor": "", "cap": 0, "pin": None},
                            {"scope": "person", "name": "P4", "floor": float("nan"), "cap": None, "pin": " "})
    assert (wishes[0].low, wishes[0].high) == (0, 0)
    assert len(wishes) == 1
    assert [(problem.code, problem.level) for problem in problems] == [("decompose.limit_empty", "note")]


def test_floors_go_up_and_caps_down_to_a_unit() -> None:
    wishes, _ = read({"name": "P1", "floor": 101, "cap": 399})
    assert (wishes[0].low, wishes[0].high) == (2, 3)


def test_rows_about_the_same_place_count_together() -> None:
    wishes, problems = read({"name": "P1", "floor": 200}, {"name": "Ann", "cap": 500})
    assert [(wish.low, wish.high) for wish in wishes] == [(2, 5)]
    assert not problems


def test_chinese_headings_and_scopes() -> None:
    wishes, problems = read({"范围": "人员", "姓名": "P1", "上限": "1,000", "备注": "产假"})
    assert not problems
    assert wishes[0].place == ("person", "P1", None, None)
    assert wishes[0].high == 10


@pytest.mark.parametrize(("row", "code"), [
    ({"name": "P1", "floor": 500, "cap": 400}, "decompose.floor_above_cap"),
    ({"name": "P9", "pin": 100}, "decompose.unknown.any"),
    ({"scope": "person", "name": "An", "pin": 100}, "decompose.unknown.person"),
    ({"scope": "team", "name": "C", "pin": 100}, "decompose.unknown.team"),
    ({"scope": "department", "name": "North", "pin": 100}, "decompose.unknown.department"),
    ({"scope": "month", "name": "2027-01", "pin": 100}, "decompose.unknown.month"),
    ({"scope": "product_line", "name": "pump", "pin": 100}, "decompose.unknown.product_line"),
    ({"scope": "person", "name": "P1", "month": "2027-01", "pin": 100}, "decompose.unknown.month"),
    ({"scope": "person", "name": "P1", "product_line": "pump", "pin": 100}, "decompose.unknown.product_line"),
    ({"scope": "region", "name": "P1", "pin": 100}, "decompose.scope_unknown"),
    ({"name": "Wang Wei", "pin": 100}, "decompose.name_shared"),
    ({"name": "A", "pin": 100}, "decompose.name_ambiguous"),
    ({"name": "P1", "pin": 150}, "decompose.pin_not_multiple"),
    ({"name": "P1", "pin": 900, "cap": 400}, "decompose.pin_outside"),
    ({"name": "P1", "floor": 110, "cap": 190}, "decompose.no_multiple_between"),
    ({"name": "P1", "pin": -100}, "decompose.limit_negative"),
    ({"name": "P1", "pin": "soon"}, "decompose.limit_not_number"),
    ({"name": "P1", "pin": float("inf")}, "decompose.limit_not_number"),
    ({"name": "P1", "pin": "nan"}, "decompose.limit_not_number"),
    ({"name": None, "pin": 100}, "decompose.limit_no_name"),
    ({"name": "East", "month": "2026-01", "product_line": "pumps", "pin": 100}, "decompose.limit_crosses"),
    ({"scope": "month", "name": "2026-01", "product_line": "pumps", "pin": 100}, "decompose.limit_crosses"),
    ({"name": "P1", "month": "2026-01", "product_line": "pumps", "floor": 100}, "decompose.cell_pin_only"),
    ({"name": "P1", "pin": 100, "ceiling": 5}, "decompose.limit_column_unknown")])
def test_what_cannot_be_meant_is_named(row: dict[str, object], code: str) -> None:
    wishes, problems = read(row)
    assert not wishes
    assert codes(problems) == [code]
    for language in ("zh", "en"):
        with in_language(language):
            assert "{" not in problems[0].text()


def test_all_problems_come_at_once_with_their_rows() -> None:
    _, problems = read({"name": "P9", "pin": 100}, {"name": "P1", "pin": 100}, {"name": "P4", "pin": -5})
    assert [(problem.code, problem.values["row"]) for problem in problems] == [
        ("decompose.unknown.any", 2), ("decompose.limit_negative", 4)]


def test_messages_say_what_to_do() -> None:
    _, problems = read({"name": "Wang Wei", "pin": 100}, {"name": "Dia", "pin": 100},
                       {"name": "P1", "pin": 150})
    shared, unknown, multiple = (problem.text() for problem in problems)
    assert "P2, P3" in shared
    assert '"Dai"' in unknown
    assert "100 and 200" in multiple


def test_two_pins_that_differ_disagree() -> None:
    _, problems = read({"name": "P1", "pin": 100}, {"name": "Ann", "pin": 200})
    assert codes(problems) == ["decompose.limits_disagree"]


@pytest.mark.parametrize(("rows", "node", "low", "high", "named"), [
    ([{"name": "East", "floor": 7000}, {"name": "West", "floor": 4000}], "whole company", 11_000, 10_000,
     ["floor of East: 7,000", "floor of West: 4,000", "total of 10,000"]),
    ([{"name": "East", "cap": 3000}, {"name": "West", "cap": 4000}], "whole company", 10_000, 7000,
     ["cap of East: 3,000", "cap of West: 4,000"]),
    ([{"name": "P1", "floor": 800}, {"name": "P2", "pin": 900}, {"name": "East/A", "cap": 1500}], "East/A",
     1700, 1500, ["floor of Ann (P1): 800", "pin of Wang Wei (P2): 900", "cap of East/A: 1,500"]),
    ([{"name": "P1", "month": "2026-01", "pin": 600}, {"name": "P1", "month": "2026-02", "floor": 600},
      {"name": "P1", "cap": 1000}], "Ann (P1)", 1200, 1000, ["Ann (P1)@2026-01", "Ann (P1)@2026-02"]),
    ([{"name": "P1", "month": "2026-01", "pin": 600}, {"scope": "month", "name": "2026-01", "pin": 500}],
     "2026-01", 600, 500, ["pin of Ann (P1)@2026-01: 600", "pin of 2026-01: 500"]),
    ([{"name": "P1", "month": "2026-01", "product_line": "pumps", "pin": 600}, {"name": "pumps", "cap": 500}],
     "pumps", 600, 500, ["Ann (P1)@2026-01/pumps: 600"]),
    ([{"name": "pumps", "cap": 3000}, {"name": "valves", "cap": 3000}], "whole company", 10_000, 6000,
     ["cap of pumps: 3,000", "cap of valves: 3,000"]),
    ([{"name": "East", "month": "2026-02", "floor": 900}, {"scope": "month", "name": "2026-02", "cap": 800}],
     "2026-02", 900, 800, ["floor of East@2026-02: 900"])])
def test_contradictions_are_named_with_amounts(rows: list[dict[str, object]], node: str, low: int, high: int,
                                               named: list[str]) -> None:
    problem, = bounds_of(*rows).problems
    assert problem.code == "decompose.wishes_clash"
    assert (problem.values["node"], problem.values["low"], problem.values["high"]) == (node, low, high)
    text = problem.text()
    assert all(part in text for part in named)
    assert f"{low - high:,} apart" in text


def test_nobody_there_is_a_reason() -> None:
    present = np.ones((4, 3), bool)
    present[0, 0] = False
    problem, = bounds_of({"name": "P1", "month": "2026-01", "floor": 100}, present=present).problems
    assert "nobody on board" in problem.text()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 100_000))
def test_bounds_without_contradiction_are_what_brute_sums_say(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = [{"name": name, "floor": int(draw.integers(0, 15)) * 100, "cap": int(draw.integers(15, 60)) * 100}
            for name in ["P1", "P2", "P3", "P4", "East/A", "West/A", "B", "East", "West"]
            if draw.random() < .5]
    if not rows:
        return
    bounds = bounds_of(*rows)
    limits = {row["name"]: (row["floor"] / 100, row["cap"] / 100) for row in rows}
    free = (0.0, np.inf)
    people = [limits.get(name, free) for name in ("P1", "P2", "P3", "P4")]

    def node(name: str, parts: list[tuple[float, float]]) -> tuple[float, float]:
        own = limits.get(name, free)
        return max(own[0], sum(part[0] for part in parts)), min(own[1], sum(part[1] for part in parts))

    teams = [node("East/A", people[:2]), node("West/A", people[2:3]), node("B", people[3:])]
    departments = [node("East", teams[:1]), node("West", teams[1:])]
    low, high = sum(part[0] for part in departments), sum(part[1] for part in departments)
    impossible = any(part[0] > part[1] for part in [*teams, *departments]) or not low <= 100 <= high
    assert bool(bounds.problems) == impossible
    if not impossible:
        assert bounds.total["department"][0].tolist() == [part[0] for part in departments]
        assert bounds.total["department"][1].tolist() == [part[1] for part in departments]


def test_what_follows_from_a_clash_is_not_called_absence() -> None:
    """A pinned department below its person's floor: the total, too, no longer fits, but somebody is there."""
    problems = bounds_of({"name": "East", "pin": 0}, {"name": "West", "pin": 0},
                         {"name": "P1", "floor": 2000}, {"name": "P4", "floor": 1000}).problems
    assert problems
    assert not any("on board" in problem.text() for problem in problems)
