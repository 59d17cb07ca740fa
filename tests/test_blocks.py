from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from salesgoals.sources.blocks import fill_blocks
from salesgoals.sources.sheet import Grid

HERE = Grid("a.csv", None, [])


def fill(columns: dict[str, list[Any]]) -> tuple[dict[str, Any], list[str]]:
    cells = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    before = cells.copy()
    filled, problems = fill_blocks(HERE, cells)
    pd.testing.assert_frame_equal(cells, before)
    doubts = [problem.values["column"] for problem in problems]
    return {name: filled[name].tolist() for name in filled}, doubts


NAMES = ["张伟", "李娜", "王磊", "陈静", "杨帆"]
AMOUNTS = ["1", "2", "3", "4", "5"]


def test_a_department_on_the_first_line_of_its_block_is_carried_down() -> None:
    filled, doubts = fill({"部门": ["一部", None, None, "二部", None], "姓名": NAMES, "金额": AMOUNTS})
    assert filled["部门"] == ["一部", "一部", "一部", "二部", "二部"]
    assert (filled["姓名"], filled["金额"], doubts) == (NAMES, AMOUNTS, ["部门"])


def test_the_lines_of_an_order_get_what_stands_on_its_first() -> None:
    filled, doubts = fill({"单据编号": ["S01", None, "S02", None, None],
                           "日期": ["1月2日", None] * 2 + [None],
                           "销售员": ["张伟", None, "张伟", None, None], "产品": NAMES, "金额": AMOUNTS})
    assert filled["单据编号"] == ["S01", "S01", "S02", "S02", "S02"]
    assert filled["销售员"] == ["张伟"] * 5
    assert doubts == ["单据编号, 日期, 销售员"]


@pytest.mark.parametrize("first", [
    ["S01", None, "S02", None, None],           # lines without a number may be orders without a number
    ["一部", None, "一部", None, None],          # a text that comes again begins no block
    [None, "一部", None, "二部", None],          # the first line is blank
    ["一部", "二部", "三部", None, "四部"],       # a gap
    ["100.5", None, "200.5", None, None],       # figures
])
def test_other_blanks_stay_blank(first: list[Any]) -> None:
    columns = {"x": first, "姓名": NAMES, "金额": AMOUNTS}
    assert fill(columns) == (columns, [])
