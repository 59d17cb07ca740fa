"""Tables for people: words for headers, figures as people read them, nothing that could run."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from salesgoals.show.readable import header, readable
from salesgoals.words import in_language

TABLE = pd.DataFrame({
    "month": pd.to_datetime(["2026-01-01", None]), "team": ["A", ""],
    "goal": pd.array([1_234_567, None], "Int64"),
    "last_12": [122_999_999.75, float("nan")], "chance": [0.5, 0.001], "row": [1154.0, None],
    "amount_in": [Decimal("10.50"), None], "agree": [True, None], "level": ["stop", "whatever"]})


def test_figures_are_written_as_people_read_them() -> None:
    first, second = repr(readable(TABLE)).splitlines()[1:]
    assert first.startswith("2026-01 A 1,234,567 123,000,000 50% 1154 10.50 yes ")
    assert not first.endswith("stop")
    assert second == "– – – – <1% – – – whatever"


def test_headers_and_words_follow_the_language() -> None:
    with in_language("zh"):
        chinese = repr(readable(TABLE))
    assert chinese.splitlines()[0] == "月份 团队 目标 最近 12 个月 达成概率 行号 读入金额 两边相符 层级"
    assert " 123,000,000 " in chinese  # beside a goal sales are as exact as the goal
    with in_language("zh"):
        assert "1.23 亿" in repr(readable(TABLE.drop(columns="goal")))
    assert repr(readable(TABLE)).startswith("month team goal")
    assert header("unknown_column") == "unknown_column"


def test_short_cells_are_not_broken_by_a_long_one() -> None:
    table = pd.DataFrame({"total": [163_000_000.0], "basis": ["long " * 30]})
    html = readable(table)._repr_html_()
    assert '<td style="text-align:right;white-space:nowrap">163M</td>' in html
    assert '<td style="text-align:left">long' in html


def test_nothing_in_a_table_can_run() -> None:
    table = pd.DataFrame({"person": ["<script>alert(1)</script>"], "<b>": ['"><img src=x>']})
    html = readable(table)._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_rows_are_cut_and_the_input_is_left_alone() -> None:
    table = pd.DataFrame({"goal": range(30)})
    before = table.copy()
    assert len(repr(readable(table, rows=5)).splitlines()) == 6
    pd.testing.assert_frame_equal(table, before)
    assert repr(readable(table.head(0))) == "goal"


def test_chances_under_the_names_of_the_ways_to_split() -> None:
    table = pd.DataFrame({"equal": [0.25], "history": [0.75]})
    assert repr(readable(table, chances=True)).splitlines()[1] == "25% 75%"


def test_a_few_wide_records_are_turned_on_their_side() -> None:
    wide = pd.DataFrame({f"column {i}": [f"<{i}>", "b"] for i in range(11)})
    html = readable(wide).html
    assert html.count("<tr>") == 11
    assert "&lt;10&gt;" in html
    assert readable(pd.concat([wide] * 4)).html.count("<tr>") == 9
