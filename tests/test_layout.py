"""Titles, headers of several rows, totals and footers are told from records, and no row is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from exports import as_xlsx, put
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.problems import Problem
from salesgoals.sources.layout import arrange
from salesgoals.sources.read import Sheet, read_file
from salesgoals.sources.sheet import Grid, Merge, tidy_cell

HEADER = ["日期", "部门", "姓名", "数量", "金额"]


def lay_out(rows: list[list[Any]], merges: list[Merge] | None = None) -> Sheet:
    sheet, problems = arrange(
        Grid("a.xlsx", "一月", [[tidy_cell(c) for c in row] for row in rows], merges or [])
    )
    assert sheet is not None, problems
    assert len(sheet.cells) + len(sheet.aside) + sheet.header_rows == max(
        (n for n, row in enumerate(rows, 1) if any(tidy_cell(c) is not None for c in row)), default=0
    )
    return sheet


def refuse(rows: list[list[Any]]) -> Problem:
    sheet, problems = arrange(Grid("a.xlsx", "一月", [[tidy_cell(c) for c in row] for row in rows]))
    assert sheet is None
    assert len(problems) == 1
    return problems[0]


def records(count: int = 4) -> list[list[Any]]:
    return [
        [f"2025/1/{n + 1}", "华东" if n % 2 else "华北", f"员工{n}", n + 1, 100.5 * (n + 1)]
        for n in range(count)
    ]


def reasons(sheet: Sheet) -> list[tuple[int, str]]:
    return list(zip(sheet.aside["row"].tolist(), sheet.aside["reason"].tolist(), strict=True))


# ---- titles and headers


def test_titles_above_the_header() -> None:
    sheet = lay_out(
        [
            ["2025年1月销售明细表", None, None, None, None],
            ["编制部门:销售部", None, None, "单位:万元", None],
            [None] * 5,
            HEADER,
            *records(),
        ]
    )
    assert sheet.columns == HEADER
    assert sheet.header_row == 4
    assert sheet.rows.tolist() == [5, 6, 7, 8]
    assert reasons(sheet) == [(1, "title"), (2, "title"), (3, "blank")]
    assert sheet.aside["text"][0] == "2025年1月销售明细表"
    assert sheet.unit == "万元"
    assert [p.code for p in sheet.problems] == ["sources.unit_in_title"]


def test_the_unit_of_a_title_yields_to_the_header() -> None:
    sheet = lay_out([["单位:万元"], ["姓名", "部门", "金额(元)", "回款(千元)"], ["张三", "华东", 5, 6]])
    assert sheet.unit is None


def test_key_value_lines_above_the_table_are_titles() -> None:
    sheet = lay_out(
        [
            ["部门:", "华东", "日期:", "2025-01-02", None, None],
            [*HEADER, "备注"],
            *[[*row, None] for row in records()],
        ]
    )
    assert sheet.header_row == 2


@pytest.mark.parametrize("merged", [True, False])
def test_two_row_headers_are_joined(merged: bool) -> None:
    rows = [
        ["部门", "姓名", "销售额", None, "回款", None, "备注"],
        [None, None, "1月", "2月", "1月", "2月", None],
        ["华东", "张三", 1, 2, 3, 4, None],
        ["华东", "李四", 5, 6, 7, 8, "x"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 1, 6)] if merged else []
    sheet = lay_out(rows, merges)
    assert sheet.columns == [
        "部门",
        "姓名",
        "销售额 / 1月",
        "销售额 / 2月",
        "回款 / 1月",
        "回款 / 2月",
        "备注",
    ]
    assert (sheet.header_row, sheet.header_rows) == (2, 2)
    assert sheet.cells.iloc[0].tolist() == ["华东", "张三", 1, 2, 3, 4, None]


def test_group_names_above_a_full_header() -> None:
    sheet = lay_out(
        [
            ["员工业绩表"],
            [None, None, "销售额", None, "回款", None],
            ["部门", "姓名", "1月", "2月", "1月", "2月"],
            ["华东", "张三", 1, 2, 3, 4],
        ]
    )
    assert sheet.columns == ["部门", "姓名", "销售额 / 1月", "销售额 / 2月", "回款 / 1月", "回款 / 2月"]
    assert reasons(sheet) == [(1, "title")]


def test_a_merged_title_is_no_group_name() -> None:
    sheet = lay_out([["销售明细", None, None, None, None], HEADER, *records()], [(0, 0, 0, 4)])
    assert sheet.columns == HEADER
    assert sheet.header_rows == 1


def test_a_header_half_of_which_stands_below() -> None:
    rows = [
        ["部门", "姓名", "工号", "岗位", "销售额", None, None, None, None],
        [None, None, None, None, "一季度", "二季度", "三季度", "四季度", "全年"],
        ["华东", "张三", "001", "销售", 1, 2, 3, 4, 10],
    ]
    assert lay_out(rows).columns[3:6] == ["岗位", "销售额 / 一季度", "销售额 / 二季度"]


def test_a_row_of_units_joins_the_header() -> None:
    sheet = lay_out([["姓名", "金额", "占比"], [None, "万元", "%"], ["张三", 5, 10], ["李四", 6, 20]])
    assert sheet.columns == ["姓名", "金额(万元)", "占比(%)"]


def test_names_are_unique_and_clean() -> None:
    sheet = lay_out(
        [["姓名", "金额", "金额", "销售额\n(万元)", None, " Close  Date "], ["张三", 1, 2, 3, "x", "y"]]
    )
    assert sheet.columns == ["姓名", "金额", "金额 (2)", "销售额(万元)", "column 5", "Close Date"]


def test_blank_leading_columns_and_rows() -> None:
    sheet = lay_out([[None] * 7, [None] * 7, *[[None, None, *row] for row in [HEADER, *records()]]])
    assert sheet.columns == HEADER
    assert sheet.header_row == 3
    assert sheet.rows.tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize(
    "months",
    [
        [f"{n}月" for n in range(1, 13)],
        list(range(1, 13)),
        [dt.datetime(2025, n, 1) for n in range(1, 13)],
        [f"2025-{n:02d}" for n in range(1, 13)],
        [f"2025年{n}月" for n in range(1, 13)],
        [202500 + n for n in range(1, 13)],
    ],
)
def test_a_wide_month_table_is_a_sheet(months: list[Any]) -> None:
    sheet = lay_out(
        [
            ["姓名", "部门", *months, "合计"],
            ["张三", "华东", *range(12), 66],
            ["李四", "华北", *[None] * 11, 7, 7],
        ]
    )
    assert len(sheet.columns) == 15
    assert len(sheet.cells) == 2
    assert sheet.cells.iloc[1, 2] is None


def test_years_as_headers() -> None:
    assert lay_out([["产品", 2023, 2024, 2025], ["A", 1, 2, 3], ["B", 4, 5, 6]]).columns == [
        "产品",
        "2023",
        "2024",
        "2025",
    ]


def test_one_year_as_a_header() -> None:
    assert lay_out([["产品", 2024], ["A", 150], ["B", 4]]).columns == ["产品", "2024"]
    assert refuse([["张三", 2024], ["李四", 2025]]).code == "sources.refused_no_header"


def test_only_a_header() -> None:
    sheet = lay_out([["销售明细"], HEADER])
    assert len(sheet.cells) == 0
    assert sheet.columns == HEADER
    assert [(p.code, p.level) for p in sheet.problems] == [("sources.no_rows", "note")]


def test_one_column_is_a_list_too() -> None:
    assert lay_out([["姓名"], ["张三"], ["李四"]]).cells["姓名"].tolist() == ["张三", "李四"]


# ---- rows that are no records


def test_totals_anywhere() -> None:
    rows = records(4)
    table = [
        HEADER,
        rows[0],
        rows[1],
        ["小计", None, None, 3, 301.5],
        rows[2],
        rows[3],
        [None, None, "小 计:", 7, 703.5],
        ["合    计", None, None, 10, 1005],
    ]
    sheet = lay_out(table)
    assert reasons(sheet) == [(4, "subtotal"), (7, "subtotal"), (8, "subtotal")]
    assert sheet.rows.tolist() == [2, 3, 5, 6]
    assert sheet.problems == []


@pytest.mark.parametrize(
    "label",
    [
        "合计",
        "合计:",
        "合 计：",
        "总计(元)",
        "Total",
        "Grand Total",
        "Subtotal:",
        "Sub-total",
        "GRAND TOTAL",
        "本页小计",
        "累计",
        "华东小计",
        "East Total",
        "Grand Totals (4 records)",
        "平均",
    ],
)
def test_labels_of_totals(label: str) -> None:
    rows = records(4)
    total = [label, None, None, 10, 1005]
    sheet = lay_out([HEADER, *rows, total])
    assert reasons(sheet) == [(6, "subtotal")]


def test_totals_of_groups_after_their_name() -> None:
    sheet = lay_out(
        [
            ["部门", "姓名", "金额"],
            ["华东", "张三", 5],
            ["华东", "李四", 7],
            ["华东", "小计", 12],
            ["华北", "王五", 9],
            ["华北", "小计", 9],
            ["总计", None, 21],
        ]
    )
    assert reasons(sheet) == [(4, "subtotal"), (6, "subtotal"), (7, "subtotal")]
    assert sheet.problems == []


def test_names_that_sound_like_totals_are_records() -> None:
    table = [
        ["日期", "姓名", "产品", "金额"],
        ["2025/1/1", "合计通", "Total Care", 5],
        ["2025/1/2", "张三", "合计通", 7],
        ["2025/1/3", "李四", "Care Total", 9],
        ["2025/1/4", "总计有限公司", "小计器", 9],
    ]
    sheet = lay_out(table)
    assert len(sheet.cells) == 4
    assert len(sheet.aside) == 0


def test_a_row_that_may_be_a_total_is_kept_and_doubted() -> None:
    sheet = lay_out(
        [
            ["日期", "姓名", "产品", "金额"],
            ["2025/1/1", "张三", "A", 5],
            ["2025/1/2", "李四", "B", 7],
            ["2025/1/3", "王五", "小计", 1000],
        ]
    )
    assert len(sheet.cells) == 3
    assert [(p.code, p.level, p.values["row"]) for p in sheet.problems] == [
        ("sources.maybe_total", "doubt", 4)
    ]


def test_a_total_that_does_not_agree_is_doubted() -> None:
    sheet = lay_out([HEADER, *records(3), ["合计", None, None, 99, 9999]])
    problem = next(p for p in sheet.problems if p.code == "sources.total_disagrees")
    assert (problem.values["row"], problem.values["stated"], problem.values["summed"]) == (
        5,
        "9,999",
        "603.0",
    )


def test_a_last_row_of_sums_without_label() -> None:
    assert reasons(lay_out([HEADER, *records(4), [None, None, None, 10, 1005]])) == [(6, "subtotal")]
    assert reasons(lay_out([HEADER, *records(4), [None, None, None, 10, 1006]])) == []


def test_total_first() -> None:
    assert reasons(lay_out([HEADER, ["合计", None, None, 10, 1005], *records(4)])) == [(2, "subtotal")]


def test_footers() -> None:
    sheet = lay_out(
        [HEADER, *records(), ["制表人：张三", None, None, "审核：李四", None], ["导出时间:2025-02-01 10:00"]]
    )
    assert reasons(sheet) == [(6, "footer"), (7, "footer")]
    sheet = lay_out([HEADER, *records(), [None] * 5, ["澄川净水设备有限公司"]])
    assert reasons(sheet) == [(6, "blank"), (7, "footer")]


def test_footers_of_a_salesforce_report() -> None:
    sheet = lay_out(
        [
            ["Opportunity Name", "Amount", "Close Date"],
            ["A", "5", "1/31/2025"],
            ["B", "7", "2/1/2025"],
            [],
            ["Grand Totals (2 records)"],
            [],
            ["Confidential Information - Do Not Distribute"],
            ["Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved."],
            ["Generated By: Zhang San 2/3/2025 4:05 PM"],
            ["Acme Inc"],
        ]
    )
    assert reasons(sheet) == [
        (4, "blank"),
        (5, "subtotal"),
        (6, "blank"),
        (7, "footer"),
        (8, "footer"),
        (9, "footer"),
        (10, "footer"),
    ]
    assert len(sheet.cells) == 2


def test_a_customer_that_sounds_like_a_footer_is_a_record() -> None:
    sheet = lay_out(
        [["客户", "姓名", "金额"], ["统计局", "张三", 5], ["报表软件公司", None, 7], ["李四", None, None]]
    )
    assert len(sheet.cells) == 3


def test_a_sparse_last_record_stays() -> None:
    sheet = lay_out([["姓名", "部门", "1月", "2月"], ["张三", "华东", 1, 2], ["李四", None, None, None]])
    assert len(sheet.cells) == 2


def test_headers_and_titles_that_come_back_at_page_breaks() -> None:
    title = ["销售明细", None, None, None, None]
    sheet = lay_out([title, HEADER, *records(2), ["第 1 页 共 2 页"], title, HEADER, *records(2)])
    assert reasons(sheet) == [(1, "title"), (5, "footer"), (6, "title"), (7, "repeated_header")]
    assert len(sheet.cells) == 4


def test_blank_rows_between_records() -> None:
    rows = records(4)
    sheet = lay_out([HEADER, rows[0], [], ["", " ", None], rows[1], rows[2], [], rows[3]])
    assert reasons(sheet) == [(3, "blank"), (4, "blank"), (7, "blank")]


def test_a_second_table_below_is_doubted() -> None:
    sheet = lay_out(
        [
            HEADER,
            *records(4),
            [],
            ["客户", "电话", "地址", "联系人", "邮箱"],
            ["甲公司", "1", "上海", "张", "x"],
        ]
    )
    assert ("sources.second_table", 7) in [(p.code, p.values["row"]) for p in sheet.problems]


# ---- merged cells in the body


def test_merged_names_are_carried_down_and_amounts_are_not() -> None:
    sheet = lay_out(
        [
            ["部门", "订单号", "姓名", "总额", "金额"],
            ["华东", 1001, "张三", 12, 5],
            [None, None, "李四", None, 7],
            ["华北", 1002, "王五", 9, 9],
        ],
        [(1, 0, 2, 0), (1, 1, 2, 1), (1, 3, 2, 3)],
    )
    assert sheet.cells.to_numpy().tolist() == [
        ["华东", 1001, "张三", 12, 5],
        ["华东", 1001, "李四", None, 7],
        ["华北", 1002, "王五", 9, 9],
    ]
    found = {(p.code, p.values["column"]): p for p in sheet.problems}
    assert found["sources.filled_down", "部门"].values["count"] == 1
    assert found["sources.filled_down", "部门"].level == "note"
    assert found["sources.merged_number", "总额"].level == "doubt"


def test_merged_cells_of_a_real_workbook(tmp_path: Path) -> None:
    rows = [
        ["2025年花名册", None, None],
        ["部门", "姓名", "金额"],
        ["华东", "张三", 5],
        [None, "李四", 6],
        [None, "王五", 7],
        ["华北", "赵六", 8],
        ["合计", None, 26],
    ]
    path = put(tmp_path, "a.xlsx", as_xlsx(rows, ("A1:C1", "A3:A5", "A7:B7")))
    sheet = read_file(path).sheets[0]
    assert sheet.cells["部门"].tolist() == ["华东", "华东", "华东", "华北"]
    assert reasons(sheet) == [(1, "title"), (7, "subtotal")]


# ---- refusals


def test_pasted_pivots_are_refused() -> None:
    assert refuse([["行标签", "求和项:金额"], ["张三", 5], ["总计", 5]]).code == "sources.refused_pivot"
    assert (
        refuse([["求和项:金额", "列标签"], ["部门", "1月", "总计"], ["华东", 5, 5]]).code
        == "sources.refused_pivot"
    )
    assert (
        refuse([["Sum of Amount", "Month"], ["Team", "Jan", "Feb", "Grand Total"], ["East", 1, 2, 3]]).values[
            "found"
        ]
        == "Sum of Amount"
    )
    assert refuse([["Team", "Qtr1", "Grand Total"], ["Count of id", 5, 5]]).code == "sources.refused_pivot"


def test_plain_tables_are_no_pivots() -> None:
    for header in (
        ["Sum of discounts", "Person", "Amount"],
        ["Invoice", "Net", "Grand Total"],
        ["姓名", "1月", "总计"],
    ):
        assert len(lay_out([header, ["a", 5, 6], ["b", 7, 8]]).cells) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 272, 20101229, 28000.0], [2, 281, 20101229, 367000.0]],
        [["张三", "华东", "2025-01-02", "5"], ["李四", "华北", "2025-01-03", "7"]],
        [
            ["Anna", "Dustin", "Central"],
            ["Cecily", "Dustin", "Central"],
            ["Versie", "Dustin", "East"],
            ["Moses", "Cara", "East"],
        ],
        [["a", "b", None, 5], ["c", None, "d", 6]],
    ],
)
def test_records_without_header_are_refused(rows: list[list[Any]]) -> None:
    problem = refuse(rows)
    assert problem.code == "sources.refused_no_header"
    assert str(rows[0][0]) in problem.text()


def test_nothing_at_all() -> None:
    assert [p.level for p in [refuse([[None, "", " "], []])]] == ["note"]


# ---- laws

cell = st.one_of(
    st.none(),
    st.sampled_from(["张三", "合计", "小计", "Total", "制表人:李四", "2025-01-02", "12.5万", "备注:x", "-"]),
    st.integers(-5, 5),
    st.floats(-9, 9),
    st.booleans(),
    st.datetimes(dt.datetime(2020, 1, 1)),
)


@settings(deadline=None, max_examples=150)
@given(titles=st.integers(0, 3), body=st.lists(st.lists(cell, min_size=5, max_size=5), max_size=15))
def test_every_row_ends_in_one_place(titles: int, body: list[list[Any]]) -> None:
    rows = [["销售明细"]] * titles + [HEADER, *records(3), *body]
    before = [list(row) for row in rows]
    sheet = lay_out(rows)
    places = sorted(
        [
            *sheet.rows.tolist(),
            *sheet.aside["row"].tolist(),
            *range(sheet.header_row - sheet.header_rows + 1, sheet.header_row + 1),
        ]
    )
    assert places == list(range(1, len(places) + 1))
    assert rows == before
    for line, number in zip(sheet.cells.to_numpy().tolist(), sheet.rows, strict=True):
        source = [c for cell in rows[number - 1] if (c := tidy_cell(cell)) is not None]
        carried = any(p.code == "sources.blocks_filled" for p in sheet.problems)
        shown = [c for c in line if c is not None]
        assert (shown[len(shown) - len(source):] if carried else shown) == source


@settings(deadline=None, max_examples=100)
@given(rows=st.lists(st.lists(cell, max_size=6), max_size=12))
def test_any_cells_give_a_sheet_or_a_reason(rows: list[list[Any]]) -> None:
    sheet, problems = arrange(Grid("a.xlsx", None, [[tidy_cell(c) for c in row] for row in rows]))
    assert (sheet is None) == bool(problems)
    assert all(problem.text() for problem in problems)
