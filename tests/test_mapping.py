from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.collect import collect_folder, map_file, save_collected, show_mapping
from salesgoals.problems import SalesgoalsError
from salesgoals.sources.mapping import FileMapping, Join, Step, check_columns, read_mapping
from salesgoals.sources.mapping_text import append_mapping, mapping_text
from salesgoals.sources.sheet import Sheet, aside_table
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, new_workspace

ORDERS = ("订单编号,日期,发货日期,销售员,金额,回款金额\n1,2025-01-03,2025-02-01,张伟,100,90\n"
          "2,2025-01-04,2025-02-02,李娜,50,\n")


def one_sheet(columns: list[str], file: str = "a.csv", name: str | None = None) -> Sheet:
    cells = pd.DataFrame({column: pd.Series(["x", "y"], dtype=object) for column in columns})
    return Sheet(file, name, columns, cells, np.array([2, 3]), 1, aside_table([]))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "w", language="zh")
    (made.inbox / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return made


def write(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def edit(workspace: Workspace, before: str, after: str) -> None:
    path = workspace.folder / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_written_once_with_examples_and_doubts(workspace: Workspace) -> None:
    save_collected(workspace, collect_folder(workspace))
    path = workspace.folder / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    assert 'amount = "金额"   # 100 | 50' in text
    assert "checked = false" in text
    assert "回款金额" in text
    assert tomllib.loads(text)["sheet"][0]["columns"]["date"] == "日期"
    path.write_text("# mine\n" + text, encoding="utf-8")
    save_collected(workspace, collect_folder(workspace))
    assert path.read_text(encoding="utf-8") == "# mine\n" + text


def test_a_new_file_is_appended_and_the_old_lines_stay(workspace: Workspace) -> None:
    save_collected(workspace, collect_folder(workspace))
    path = workspace.folder / "mapping.toml"
    before = path.read_text(encoding="utf-8")
    (workspace.inbox / "people.csv").write_text(
        "工号,姓名,入职日期\n1,张伟,2020-01-01\n2,李娜,2020-01-01\n", encoding="utf-8"
    )
    save_collected(workspace, collect_folder(workspace))
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert [entry["file"] for entry in tomllib.loads(after)["sheet"]] == ["orders.csv", "people.csv"]


def test_an_edited_line_is_followed(workspace: Workspace) -> None:
    save_collected(workspace, collect_folder(workspace))
    edit(workspace, 'amount = "金额"', 'amount = "回款金额"')
    edit(workspace, 'date = "日期"', 'date = "发货日期"')
    collected = collect_folder(workspace)
    assert collected.tables["orders"].amount.tolist() == [90.0]
    assert collected.tables["orders"].date.dt.month.tolist() == [2]
    assert not [p for p in collected.problems if p.values.get("field") in ("amount", "date")]


def test_checked_doubts_are_not_repeated(workspace: Workspace) -> None:
    first = collect_folder(workspace)
    assert [p.code for p in first.problems if p.level == "doubt" and p.code.startswith("match.")] == [
        "match.chosen"
    ]
    save_collected(workspace, first)
    edit(workspace, "checked = false", "checked = true")
    assert not [p for p in collect_folder(workspace).problems if p.code.startswith("match.")]


def test_a_sheet_can_be_ignored_and_it_is_said(workspace: Workspace) -> None:
    (workspace.inbox / "more.csv").write_text(ORDERS.replace("100", "1"), encoding="utf-8")
    save_collected(workspace, collect_folder(workspace))
    edit(workspace, 'file = "more.csv"\ntable = "orders"', 'file = "more.csv"\ntable = "ignore"')
    collected = collect_folder(workspace)
    assert collected.tables["orders"].amount.sum() == 150
    assert [p.values["count"] for p in collected.problems if p.code == "collect.ignored"] == [2]


WRONG: list[tuple[str, list[str]]] = [
    ("[[sheets]]\nfile = 'a.csv'\n", ["sheets", "sheet"]),
    ("[[sheet]]\nfile = 'a.csv'\ntabel = 'orders'\n", ["tabel", "table"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'order'\n", ["'order'", "orders"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'orders'\n[sheet.columns]\namont = 'x'\n", ["amont", "amount"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'orders'\ndate_format = 'dayfirst'\n", ["dayfirst", "day-first"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'goals'\nyear = '2025'\n", ["year", "whole number"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'goals'\ntime_zone = 'Mars/Base'\n", ["Mars/Base"]),
    ("[[sheet]]\ntable = 'goals'\n", ["has no file"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'goals'\n[sheet.months]\n'1月' = 'Jan'\n", ["Jan", "2025-01"]),
    (
        "[[sheet]]\nfile = 'a.csv'\ntable = 'orders'\n[sheet.columns]\namount = 3\n",
        ["amount", "text in quotes"],
    ),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'ignore'\n[[sheet]]\nfile = 'a.csv'\ntable = 'ignore'\n", ["twice"]),
    ("[alias.products]\na = 'b'\n", ["alias.products", "alias.product"]),
    ("[rates]\nUSD = -7\n", ["USD", "above 0"]),
    ("rates = 7\nalias = 'x'\n", ["rates", "alias"]),
    ("[[sheet]]\nfile = 'a.csv'\ntable = 'orders'\n[[sheet.joins]]\nfield = 'person'\n", ["joins"]),
    ("[[sheet]\n", ["cannot be read"]),
]


@pytest.mark.parametrize(("text", "parts"), WRONG)
def test_mistakes_are_named_with_the_closest_word(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SalesgoalsError) as caught:
        read_mapping(path)
    for part in parts:
        assert part in str(caught.value)
    with in_language("zh"):
        assert str(caught.value) != ""


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(text for text, _ in WRONG[1:6]))
    with pytest.raises(SalesgoalsError) as caught:
        read_mapping(path)
    assert len(caught.value.problems) >= 5


def test_a_column_that_is_not_there_stops_with_the_closest(workspace: Workspace) -> None:
    save_collected(workspace, collect_folder(workspace))
    edit(workspace, 'amount = "金额"', 'amount = "回款"')
    with pytest.raises(SalesgoalsError, match=r"no column \"回款\".*回款金额"):
        collect_folder(workspace)


def test_nothing_in_the_file_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = f"[alias.product]\n\"__import__('os').system('touch {marker}')\" = \"{{0.__class__}}\"\n"
    known = read_mapping(write(tmp_path, text))
    assert list(known.aliases["product"].values()) == ["{0.__class__}"]
    assert not marker.exists()


names = st.text(min_size=1, max_size=12).filter(
    lambda text: (
        text.strip() != "" and "\ufeff" not in text and not any(0xD800 <= ord(c) <= 0xDFFF for c in text)
    )
)


@settings(deadline=None, max_examples=60)
@given(file=names, name=st.none() | names, columns=st.lists(names, min_size=2, max_size=4, unique=True))
def test_what_is_written_reads_back_whatever_the_names(file: str, name: str | None, columns: list[str],
                                                      tmp_path_factory: pytest.TempPathFactory) -> None:
    sheet = one_sheet(columns, file, name)
    mapping = FileMapping(
        file,
        name,
        "goals",
        {"person_id": columns[0]},
        months={columns[1]: "2025-01"},
        options={"year": 2025},
        joins=(Join("team", columns[0], (Step(columns[0], file, name, columns[1]),)),),
    )
    path = tmp_path_factory.mktemp("m") / "mapping.toml"
    assert append_mapping(path, [mapping], {mapping.place: sheet}) == [mapping.place]
    assert append_mapping(path, [mapping], {mapping.place: sheet}) == []
    back = read_mapping(path).sheets[mapping.place]
    assert (back.table, back.columns, back.months, back.options, back.joins) == (
        mapping.table, mapping.columns, mapping.months, mapping.options, mapping.joins)


def test_columns_are_checked_against_the_sheet() -> None:
    mapping = FileMapping("a.csv", None, "orders", {"date": "day"}, months={"Jann": "01"})
    problems = check_columns(mapping, one_sheet(["date", "Jan"]))
    assert [(p.values["name"], p.values["nearest"]) for p in problems] == [("day", "date"), ("Jann", "Jan")]


def test_remarks_cannot_break_the_file() -> None:
    sheet = one_sheet(["a"])
    sheet.cells.loc[0, "a"] = 'x\n[rates]\nUSD = 1 # "'
    text = mapping_text(FileMapping("a.csv", None, "orders", {"order_id": "a"}), sheet)
    assert tomllib.loads(text)["sheet"][0]["columns"] == {"order_id": "a"}
    assert "rates" not in tomllib.loads(text)


def test_show_mapping_has_a_line_for_every_column(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    shown = show_mapping(path).set_index("source_column")
    assert shown.index.tolist() == ["订单编号", "日期", "发货日期", "销售员", "金额", "回款金额"]
    assert shown.means.to_dict() == {
        "订单编号": "orders.order_id",
        "日期": "orders.date",
        "发货日期": "",
        "销售员": "orders.person",
        "金额": "orders.amount",
        "回款金额": "",
    }
    assert shown.loc["金额", ["example_1", "example_2", "example_3"]].tolist() == ["100", "50", ""]
    assert "回款金额" in shown.doubt["金额"]
    assert shown.why["金额"]
    with pytest.raises(SalesgoalsError, match="no such file"):
        show_mapping(tmp_path / "gone.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(SalesgoalsError):
        show_mapping(tmp_path / "empty.csv")


def test_map_keeps_its_answer_inside_a_workspace_only(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "orders.csv"
    outside.write_text(ORDERS, encoding="utf-8")
    assert map_file(outside).written is None
    mapped = map_file(workspace.inbox / "orders.csv")
    assert mapped.written == workspace.folder / "mapping.toml"
    assert [(sheet.file, sheet.table) for sheet in mapped.sheets] == [("orders.csv", "orders")]
    assert map_file(workspace.inbox / "orders.csv").written is None
    edit(workspace, 'amount = "金额"', 'amount = "回款金额"')
    again: Any = map_file(workspace.inbox / "orders.csv").sheets[0].columns.set_index("source_column")
    assert again.means["回款金额"] == "orders.amount"


def test_a_join_that_lost_its_file_is_said(workspace: Workspace) -> None:
    save_collected(workspace, collect_folder(workspace))
    edit(workspace, 'person = "销售员"', "# person")
    path = workspace.folder / "mapping.toml"
    path.write_text(
        path.read_text(encoding="utf-8") + '[[sheet.joins]]\nfield = "person"\ncolumn = "Person"\n'
        'steps = [{ here = "订单编号", file = "gone.csv", there = "x" }]\n',
        encoding="utf-8",
    )
    collected = collect_folder(workspace)
    assert "match.join_lost" in [p.code for p in collected.problems]
    assert len(collected.tables["orders"]) == 2


def test_a_file_without_a_header_is_read_by_the_names_given(workspace: Workspace) -> None:
    """Rows count as in the file, every row is a record, and the names work like any header."""
    (workspace.inbox / "orders.csv").write_text(
        "1\t2025-01-03\t张伟\t100\n2\t2025-01-04\t李娜\tx\n3\t2025-01-05\t张伟\t50\n", encoding="utf-8")
    with pytest.raises(SalesgoalsError, match="header"):
        collect_folder(workspace)
    header = '["订单编号", "日期", "销售员", "金额"]'
    write(workspace.folder, f'[[sheet]]\nfile = "orders.csv"\nheader = {header}\n')
    collected = collect_folder(workspace)
    assert collected.tables["orders"].amount.tolist() == [100.0, 50.0]
    assert collected.issues[collected.issues.code == "collect.amount_unreadable"].row.tolist() == [2]
    save_collected(workspace, collected)  # what it means is proposed beside, and read again without complaint
    assert collect_folder(workspace).tables["orders"].equals(collected.tables["orders"])


@pytest.mark.parametrize("header", ['"日期"', "[]", "[1, 2]", '["", ""]'])
def test_a_header_that_names_nothing_is_refused(workspace: Workspace, header: str) -> None:
    path = write(workspace.folder, f'[[sheet]]\nfile = "orders.csv"\nheader = {header}\n')
    with pytest.raises(SalesgoalsError, match="header"), in_language("en"):
        read_mapping(path)
