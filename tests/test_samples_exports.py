"""The sample company's exports, read row by row with other means than salesgoals, say what the truth says."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from sample_files import (
    INBOX,
    day_or_none,
    dirt,
    facts,
    lines_of_truth,
    number_or_none,
    orders_of,
    planted,
    truth,
)

ORDER_FILES = ["orders_2024.csv", "orders_2025_kingdee.xlsx", "orders_2026h1_salesforce.csv"]
ORDER_COLUMNS = ["order_id", "line", "date", "person", "account", "product", "quantity", "amount", "cost",
                 "new_customer"]


@pytest.mark.parametrize("file", ORDER_FILES)
def test_order_export_agrees_with_its_books(file: str) -> None:
    rows, books = orders_of(file), dirt(file, "orders")
    marks = planted()[planted().file == file]
    aside = marks[~marks.kept]
    assert len(rows) == books["rows_in"]
    assert sum(rows.amount.dropna()) == Decimal(books["amount_in"])
    places = rows.set_index(["sheet", "row"]).index
    kept = rows[~places.isin(list(zip(aside.sheet, aside.row, strict=True)))]
    assert len(kept) == books["rows_kept"]
    assert sum(kept.amount) == Decimal(books["amount_kept"])
    assert Counter(aside.kind) == {kind: entry["rows"] for kind, entry in books["aside"].items()}
    for kind, entry in books["aside"].items():
        amounts = aside.amount[(aside.kind == kind) & (aside.amount != "")]
        assert sum(map(Decimal, amounts)) == Decimal(entry["amount"])
    assert Decimal(books["amount_in"]) - Decimal(books["amount_kept"]) == sum(
        Decimal(entry["amount"]) for entry in books["aside"].values())
    # a strict reader finds exactly these rows unreadable
    unreadable = rows[rows.amount.isna() | rows.date.isna()]
    assert set(zip(unreadable.sheet, unreadable.row, strict=True)) == set(
        aside[~aside.kind.str.startswith("duplicate")][["sheet", "row"]].itertuples(index=False, name=None))
    repeated = rows[rows.duplicated(["order_id", "line"])]
    assert set(repeated.row) == set(aside.row[aside.kind == "duplicate"])


def test_kept_rows_are_the_truth_without_what_nobody_could_read() -> None:
    names = truth("people").set_index("person_id").name
    accounts, products = truth("accounts").set_index("name"), truth("products").set_index("product")
    assert accounts.index.is_unique
    found = []
    for file in ORDER_FILES:
        marks = planted()[planted().file == file]
        rows = orders_of(file)
        places = rows.set_index(["sheet", "row"]).index
        aside = marks[~marks.kept]
        rows = rows[~places.isin(list(zip(aside.sheet, aside.row, strict=True)))].copy()
        if "kingdee" in file:
            rows["account"] = accounts.account_id.reindex(rows.account).to_numpy()
            spelt = rows["product"].replace({"RO800Pro": "RO800 Pro"})
            rows["product"] = products.product_id.reindex(spelt).to_numpy()
        found.append(rows[ORDER_COLUMNS])
    kept = pd.concat(found).assign(key=lambda t: t.order_id + "/" + t.line).set_index("key")
    marks = planted()
    lost = marks.key[marks.kind.isin(["date_unreadable", "amount_text", "amount_empty"])]
    assert not lost.duplicated().any()
    true = lines_of_truth()
    true = true[~true.key.isin(lost)].set_index("key")
    assert len(lost) == 26
    assert set(kept.index) == set(true.index)
    assert kept.index.is_unique
    kept = kept.loc[true.index]
    assert (pd.to_datetime(kept.date) == true.date).all()
    assert (kept.account == true.account_id).all()
    assert (kept["product"] == true.product_id).all()
    assert (kept.quantity.astype(float) == true.quantity).all()
    assert (kept.amount.astype(float) == true.amount).all()
    assert (kept.cost.astype(float) == true.cost).all()
    assert (kept.new_customer == true.new_customer.astype(bool)).all()
    known = kept.person.notna() & (kept.person != "")
    by_name = kept.person == names.reindex(true.person_id).to_numpy()
    assert ((kept.person == true.person_id) | by_name)[known].all()
    missing = marks.key[marks.kind.str.startswith("person")]
    assert set(kept.index[~known]) == set(missing)


def test_team_tells_the_two_people_of_one_name_apart() -> None:
    rows = orders_of("orders_2025_kingdee.xlsx")
    both = rows[rows.person == facts()["same_name"]["name"]]
    teams = truth("membership").set_index("person_id").team
    true = lines_of_truth().drop_duplicates("key").set_index("key").person_id
    assert set(both.team) == set(teams[facts()["same_name"]["person_ids"]])
    assert (teams[true[both.order_id + "/" + both.line]].to_numpy() == both.team).all()
    assert dirt("orders_2025_kingdee.xlsx", "orders")["written"]["same_name"] == len(both)


def test_overlap_of_two_exports_is_identical() -> None:
    marks = planted()[lambda t: t.kind == "duplicate_of_other_file"]
    assert len(marks) > 100
    later = orders_of("orders_2026h1_salesforce.csv")
    later = later[later.row.isin(marks.row)].set_index(["order_id", "line"])
    earlier = orders_of("orders_2025_kingdee.xlsx").drop_duplicates(["order_id", "line"])
    earlier = earlier.set_index(["order_id", "line"]).loc[later.index]
    for column in ("date", "quantity", "amount", "cost", "new_customer"):
        if column in ("amount", "cost", "quantity"):
            assert (earlier[column].astype(float) == later[column].astype(float)).all()
        else:
            assert (earlier[column] == later[column]).all()
    assert not earlier["product"].str.contains("RO800Pro").any()


def test_written_dirt_is_counted() -> None:
    first, erp = orders_of("orders_2024.csv"), orders_of("orders_2025_kingdee.xlsx")
    text = (INBOX / "orders_2024.csv").read_bytes().decode("gbk")
    written = dirt("orders_2024.csv", "orders")["written"]
    assert text.count("\uffe5") == written["currency_sign"] == 80
    full_width = [line for line in text.splitlines() if any("\uff10" <= sign <= "\uff19" for sign in line)]
    assert len(full_width) == written["full_width"]
    assert text.count("(") - 3 == written["parentheses"] == written["returns"]
    assert (first["客户名称"] == "None").sum() == written["customer_called_None"] > 0
    assert (first["备注"] == "无").sum() > 1000
    assert first.account.str.startswith("0").mean() > 0.5
    written = dirt("orders_2025_kingdee.xlsx", "orders")["written"]
    kinds = Counter(type(value) for value in erp.raw_date)
    assert kinds[int] == written["date_as_serial"] > 100
    assert kinds[str] == written["date_as_text"] + 3
    assert kinds[datetime] > 7000
    misspelt = erp["product"] == "RO800Pro"
    assert misspelt.sum() == dirt("orders_2025_kingdee.xlsx", "orders")["doubts"]["product_misspelt"]
    assert 120 <= misspelt.sum() <= 180


def test_layout_rows_of_the_order_exports() -> None:
    book, subtotals = openpyxl.load_workbook(INBOX / "orders_2025_kingdee.xlsx"), 0
    assert [sheet.title for sheet in book.worksheets] == ["2025年1-6月", "2025年7-12月", "Sheet3"]
    assert book["Sheet3"].max_row == 1
    assert book["Sheet3"]["A1"].value is None
    for sheet in book.worksheets[:2]:
        assert {str(area) for area in sheet.merged_cells.ranges} >= {"A1:K1", "E3:F3", "H3:J3", "A3:A4"}
        month, half = Decimal(0), Decimal(0)
        for cells in sheet.iter_rows(min_row=5, values_only=True):
            amount = number_or_none(cells[9])
            if cells[0] == "小计":
                assert amount == month
                month, subtotals = Decimal(0), subtotals + 1
            elif cells[0] == "合计":
                assert amount == half
                subtotals += 1
            elif str(cells[0]).startswith("XS"):
                month, half = month + (amount or 0), half + (amount or 0)
        assert str(cells[0]).startswith("制表人")
    assert subtotals == dirt("orders_2025_kingdee.xlsx", "orders")["layout"]["subtotal"] == 14
    tail = (INBOX / "orders_2026h1_salesforce.csv").read_text(encoding="utf-8").splitlines()[-6:]
    assert tail[0] == ""
    assert "Confidential Information - Do Not Distribute" in tail[3]


def test_roster_and_teams() -> None:
    book = openpyxl.load_workbook(INBOX / "花名册.xlsx")
    sheet, people = book["花名册"], truth("people").set_index("person_id")
    merged = [area for area in sheet.merged_cells.ranges if area.min_row > 1]
    assert len(merged) == 9
    rows = [cells for cells in sheet.iter_rows(min_row=3, values_only=True) if cells[2]]
    assert len(rows) == len(people) == dirt("花名册.xlsx", "people")["rows_kept"]
    for _, _, person_id, name, role, manager, hired, left in rows:
        true = people.loc[person_id]
        assert (name, role) == (true["name"], true.role)
        assert manager == (None if pd.isna(true.manager_id) else true.manager_id)
        hired = hired.replace(".", "-") if isinstance(hired, str) else hired
        assert day_or_none(hired) == true.hire_date.date()
        assert (left is None and pd.isna(true.leave_date)) or left == true.leave_date
    spans = list(book["调岗记录"].iter_rows(min_row=2, values_only=True))
    true = truth("membership")
    assert [(a, c, d) for a, _, c, d, _, _ in spans] == list(
        true.sort_values(["person_id", "valid_from"])[["person_id", "department", "team"]].itertuples(
            index=False, name=None))


def test_products_and_accounts() -> None:
    rows = CalamineWorkbook.from_path(str(INBOX / "products.xls")).get_sheet_by_index(0).to_python()
    assert (INBOX / "products.xls").read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    true = truth("products")
    assert [row[0] for row in rows[1:]] == true.product_id.tolist()
    assert [row[1] for row in rows[1:]] == true["product"].tolist()
    assert [row[5] for row in rows[1:]] == true.unit_cost.tolist()
    raw = (INBOX / "accounts.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    true = truth("accounts")
    assert [row["客户编号"] for row in table] == true.account_id.tolist()
    for row, potential in zip(table, true.potential, strict=True):
        text = row["年采购潜力（元）"].replace(",", "").removesuffix("元")
        value = None if text in ("", "-", "—") else (
            int(text[:-1]) * 10_000 if text.endswith("万") else int(text))
        assert (value is None and pd.isna(potential)) or value == potential
    assert "None" in true.name.tolist()


def test_opportunities_fall_on_the_right_day_only_in_china_time() -> None:
    with (INBOX / "opportunities_fxiaoke.csv").open(encoding="utf-8", newline="") as file:
        rows = pd.DataFrame(list(csv.DictReader(file)))
    assert len(rows) == dirt("opportunities_fxiaoke.csv", "opportunities")["rows_in"]
    rows = rows.drop_duplicates().set_index("商机编号")
    true = truth("opportunities").set_index("opportunity_id").loc[rows.index]
    china = timezone(timedelta(hours=8))
    for column, name in (("结单日期", "closed"), ("创建时间", "created")):
        seconds = rows[column].astype("int64") / 1000
        here = [datetime.fromtimestamp(s, china).date() for s in seconds]
        world = [datetime.fromtimestamp(s, UTC).date() for s in seconds]
        assert here == list(true[name].dt.date)
        assert world != here
    status = rows["商机状态"].map({"进行中": "open", "赢单": "won", "输单": "lost"})
    assert (status == true.status).all()
    assert {"open", "won", "lost"} == set(status)
    amounts = pd.to_numeric(rows["预计金额(元)"])
    assert amounts.isna().sum() == true.amount.isna().sum() > 0
    books = dirt("opportunities_fxiaoke.csv", "opportunities")
    assert amounts.sum() == true.amount.sum() == float(books["amount_kept"])


def test_activities_and_market() -> None:
    with (INBOX / "activities_jiandaoyun.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    true = truth("activities")
    days = [(datetime.fromisoformat(row["活动日期"]) + timedelta(hours=8)).date() for row in rows]
    assert days == list(true.date.dt.date)
    assert [int(row["次数"]) for row in rows] == true["count"].tolist()
    assert [row["客户编号"] for row in rows] == true.account_id.fillna("").tolist()
    with (INBOX / "market_index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    true = truth("market")
    assert [row["月份"] for row in rows] == [f"{m.year}年{m.month}月" for m in true.month]
    assert [Decimal(row["市场规模（亿元）"]) * 10**8 for row in rows] == [Decimal(x) for x in true.level]
    assert [float(row["同比增速"].rstrip("%")) for row in rows] == pytest.approx((true.growth * 100).tolist())


def test_goals_are_strict_xlsx_and_blank_is_not_zero() -> None:
    path = INBOX / "销售目标.xlsx"
    with zipfile.ZipFile(path) as parts:
        assert b"purl.oclc.org/ooxml/spreadsheetml/main" in parts.read("xl/workbook.xml")
        assert not any(b"schemas.openxmlformats.org/spreadsheetml" in parts.read(n) for n in parts.namelist()
                       if n.startswith("xl/"))
    book, found, blanks = CalamineWorkbook.from_path(str(path)), {}, 0
    for name in book.sheet_names:
        for cells in book.get_sheet_by_name(name).to_python():
            if str(cells[2]).startswith("000"):
                for month, value in enumerate(cells[4:16], 1):
                    if value == "":
                        blanks += 1
                    else:
                        found[name[:4], month, cells[1], cells[2]] = Decimal(repr(value)) * 10_000
    goals = truth("goals")
    true = {(str(row.period_start.year), row.period_start.month, row.team, row.person_id): Decimal(row.goal)
            for row in goals.itertuples()}
    assert found == true
    books = dirt("销售目标.xlsx", "goals")
    assert sum(found.values()) == Decimal(books["amount_kept"])
    assert (len(found), blanks) == (books["rows_kept"], books["written"]["blank_goals"])


def test_two_files_are_to_be_refused() -> None:
    assert (INBOX / "看板截图.xlsx").read_bytes().startswith(b"\x89PNG")
    sheet = openpyxl.load_workbook(INBOX / "各组月度透视.xlsx").active
    assert sheet["A3"].value.startswith("求和项:")
    assert sheet["A4"].value == "行标签"
    assert sheet.cell(4, 14).value == "总计"
