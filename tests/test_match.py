from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.sources.facts import look_at
from salesgoals.sources.headers import compact, forms, normal
from salesgoals.sources.joins import apply_join, find_join, key_text
from salesgoals.sources.mapping import FileMapping, Join, Step
from salesgoals.sources.match import propose_sheet
from salesgoals.sources.sheet import Sheet, aside_table
from salesgoals.sources.vocabulary import FIELDS, vocabulary
from salesgoals.sources.wide import Period, period_of, read_period, year_from_texts
from salesgoals.workspace import Settings

USUAL = Settings.model_validate({"company": "test"})
DAY = dt.datetime(2025, 1, 3)


def sheet(
    columns: dict[str, list[Any]], file: str = "export.csv", title: str = "", name: str | None = None
) -> Sheet:
    cells = pd.DataFrame({column: pd.Series(values, dtype=object) for column, values in columns.items()})
    titles = [(1, "title", [title])] if title else []
    return Sheet(file, name, list(columns), cells, np.arange(2, 2 + len(cells)), 1, aside_table(titles))


def means(columns: dict[str, list[Any]], settings: Settings = USUAL, **more: Any) -> FileMapping:
    return propose_sheet(sheet(columns, **more), settings)


def numbered(prefix: str, count: int = 4) -> list[Any]:
    return [f"{prefix}{n:03d}" for n in range(count)]


DAYS, AMOUNTS = ["2025-01-03", "2025-01-04", "2025-02-05", "2025-03-06"], ["100", "2,000.50", "¥30", "-5"]
NAMES = ["张伟", "李娜", "张伟", "王磊"]

SYSTEMS: dict[str, tuple[str, dict[str, list[Any]], dict[str, str]]] = {
    "kingdee list": (
        "orders",
        {
            "单据编号": numbered("XSDD"),
            "日期": DAYS,
            "客户": NAMES,
            "销售部门": ["一部"] * 4,
            "销售员": NAMES,
            "物料编码": numbered("01."),
            "物料名称": ["水泵"] * 4,
            "销售数量": ["1", "2", "3", "4"],
            "含税单价": AMOUNTS,
            "价税合计": AMOUNTS,
            "单据状态": ["已审核"] * 4,
        },
        {
            "order_id": "单据编号",
            "date": "日期",
            "account": "客户",
            "department": "销售部门",
            "person": "销售员",
            "product_id": "物料编码",
            "product": "物料名称",
            "quantity": "销售数量",
            "amount": "价税合计",
        },
    ),
    "kingdee api": (
        "orders",
        {
            "FBillNo": numbered("XSDD"),
            "FDate": ["2025-01-02T00:00:00"] * 4,
            "FCustId.FName": NAMES,
            "FSaleDeptId.FName": ["一部"] * 4,
            "FSalerId.FName": NAMES,
            "FMaterialId.FNumber": numbered("01."),
            "FQty": [1, 2, 3, 4],
            "FPrice": [1.5, 2, 3, 4],
            "FAmount": [1.5, 4, 9, 16],
            "FAllAmount": [2, 5, 10, 18],
        },
        {
            "order_id": "FBillNo",
            "date": "FDate",
            "account": "FCustId.FName",
            "department": "FSaleDeptId.FName",
            "person": "FSalerId.FName",
            "product_id": "FMaterialId.FNumber",
            "quantity": "FQty",
            "amount": "FAmount",
        },
    ),
    "salesforce deals": (
        "opportunities",
        {
            "Opportunity ID": ["006A0000001", "006A0000002", "006A0000003", "006A0000004"],
            "Opportunity Name": NAMES,
            "Account Name": NAMES,
            "Opportunity Owner": ["Ann Lee", "Bo Li", "Ann Lee", "Cy Fu"],
            "Stage": ["Closed Won", "Closed Lost", "Proposal", "Proposal"],
            "Probability (%)": ["100%", "0%", "30%", "30%"],
            "Amount": AMOUNTS,
            "Created Date": DAYS,
            "Close Date": DAYS,
            "Expected Revenue": AMOUNTS,
            "Lead Source": ["Web"] * 4,
        },
        {
            "opportunity_id": "Opportunity ID",
            "account": "Account Name",
            "person": "Opportunity Owner",
            "stage": "Stage",
            "probability": "Probability (%)",
            "amount": "Amount",
            "created": "Created Date",
            "closed": "Close Date",
        },
    ),
    "salesforce 中文": (
        "opportunities",
        {
            "业务机会名称": NAMES,
            "客户名": NAMES,
            "金额": AMOUNTS,
            "结束日期": DAYS,
            "阶段": ["已结束赢单"] * 4,
            "可能性(%)": ["30"] * 4,
            "业务机会所有人": NAMES,
            "创建日期": DAYS,
        },
        {
            "account": "客户名",
            "amount": "金额",
            "closed": "结束日期",
            "stage": "阶段",
            "probability": "可能性(%)",
            "person": "业务机会所有人",
            "created": "创建日期",
        },
    ),
    "zoho deals": (
        "opportunities",
        {
            "Record Id": numbered("zcrm_"),
            "Deal_Name": NAMES,
            "Deal Owner": ["Ann Lee", "Bo Li", "Ann Lee", "Cy Fu"],
            "Amount": AMOUNTS,
            "Closing_Date": DAYS,
            "Stage": ["Qualification"] * 4,
            "Account_Name": NAMES,
            "Created Time": ["2018-12-07T15:11:53+05:30"] * 4,
            "Expected_Revenue": AMOUNTS,
        },
        {
            "opportunity_id": "Record Id",
            "person": "Deal Owner",
            "amount": "Amount",
            "closed": "Closing_Date",
            "stage": "Stage",
            "account": "Account_Name",
            "created": "Created Time",
        },
    ),
    "zoho 中文": (
        "opportunities",
        {
            "商机名称": NAMES,
            "商机所有者": NAMES,
            "金额": AMOUNTS,
            "预计成交日期": DAYS,
            "阶段": ["洽谈"] * 4,
            "客户名称": NAMES,
        },
        {
            "person": "商机所有者",
            "amount": "金额",
            "closed": "预计成交日期",
            "stage": "阶段",
            "account": "客户名称",
        },
    ),
    "fxiaoke deals": (
        "opportunities",
        {
            "商机编号": numbered("OPP-"),
            "客户名称": NAMES,
            "负责人": NAMES,
            "负责人所在部门": ["一部"] * 4,
            "创建人": ["系统"] * 4,
            "销售阶段": ["报价"] * 4,
            "赢率(%)": ["30"] * 4,
            "预计成交金额": AMOUNTS,
            "创建时间": [1693523564000] * 4,
            "预计成交日期": [1704816000000] * 4,
        },
        {
            "opportunity_id": "商机编号",
            "account": "客户名称",
            "person": "负责人",
            "department": "负责人所在部门",
            "stage": "销售阶段",
            "probability": "赢率(%)",
            "amount": "预计成交金额",
            "created": "创建时间",
            "closed": "预计成交日期",
        },
    ),
    "neocrm deals": (
        "opportunities",
        {
            "opportunityName": NAMES,
            "accountId": [11, 12, 13, 14],
            "money": AMOUNTS,
            "closeDate": [1704816000000] * 4,
            "saleStageId": ["赢单"] * 4,
            "winRate": [100] * 4,
            "ownerId": [7, 8, 7, 9],
            "dimDepart": ["一部"] * 4,
        },
        {
            "account_id": "accountId",
            "amount": "money",
            "closed": "closeDate",
            "stage": "saleStageId",
            "probability": "winRate",
            "person_id": "ownerId",
            "department": "dimDepart",
        },
    ),
    "jiandaoyun orders": (
        "orders",
        {
            "订单流水号": numbered("DD"),
            "下单时间": ["2025-01-02T16:00:00.000Z"] * 4,
            "销售负责人": NAMES,
            "客户": NAMES,
            "订单总金额": AMOUNTS,
            "提交人": ["系统"] * 4,
            "提交时间": ["2025-01-02T16:00:00.000Z"] * 4,
        },
        {
            "order_id": "订单流水号",
            "date": "下单时间",
            "person": "销售负责人",
            "account": "客户",
            "amount": "订单总金额",
        },
    ),
    "feishu orders": (
        "orders",
        {
            "订单号": numbered("DD"),
            "签约日期": [1704816000000] * 4,
            "跟进人": NAMES,
            "合同金额": AMOUNTS,
            "创建人": ["系统"] * 4,
        },
        {"order_id": "订单号", "date": "签约日期", "person": "跟进人", "amount": "合同金额"},
    ),
    "people": (
        "people",
        {
            "工号": numbered("00"),
            "姓名": NAMES,
            "所属部门": ["一部"] * 4,
            "岗位": ["销售"] * 4,
            "入职日期": DAYS,
            "直属上级": NAMES,
        },
        {
            "person_id": "工号",
            "name": "姓名",
            "department": "所属部门",
            "role": "岗位",
            "hire_date": "入职日期",
            "manager_id": "直属上级",
        },
    ),
    "products": (
        "products",
        {
            "产品编码": numbered("P"),
            "产品名称": ["甲", "乙", "丙", "丁"],
            "产品线": ["泵"] * 4,
            "目录价": AMOUNTS,
            "成本价": AMOUNTS,
        },
        {
            "product_id": "产品编码",
            "product": "产品名称",
            "product_line": "产品线",
            "list_price": "目录价",
            "unit_cost": "成本价",
        },
    ),
    "accounts": (
        "accounts",
        {
            "客户编号": numbered("C"),
            "客户名称": ["甲", "乙", "丙", "丁"],
            "所属行业": ["餐饮"] * 4,
            "负责人": NAMES,
            "年采购潜力（元）": AMOUNTS,
        },
        {
            "account_id": "客户编号",
            "name": "客户名称",
            "segment": "所属行业",
            "person": "负责人",
            "potential": "年采购潜力（元）",
        },
    ),
    "quotas": (
        "goals",
        {
            "User ID": numbered("005"),
            "Quota Amount": AMOUNTS,
            "Currency Code": ["USD"] * 4,
            "Period Start Date": DAYS,
        },
        {"person_id": "User ID", "goal": "Quota Amount", "period_start": "Period Start Date"},
    ),
    "varicent": (
        "goals",
        {
            "Quota component": ["Revenue"] * 4,
            "Territory ID": numbered("T"),
            "Value": AMOUNTS,
            "Quota": AMOUNTS,
            "Period": DAYS,
        },
        {"metric": "Quota component", "goal": "Quota", "period_start": "Period"},
    ),
    "two languages": (
        "orders",
        {
            "Order No / 订单号": numbered("S"),
            "Date / 日期": DAYS,
            "Salesperson（业务员）": NAMES,
            "Amount / 金额(万元)": AMOUNTS,
        },
        {
            "order_id": "Order No / 订单号",
            "date": "Date / 日期",
            "person": "Salesperson（业务员）",
            "amount": "Amount / 金额(万元)",
        },
    ),
    "activities": (
        "activities",
        {
            "活动日期": DAYS,
            "工号": numbered("00"),
            "客户名称": NAMES,
            "跟进方式": ["拜访"] * 4,
            "次数": [1, 2, 1, 1],
        },
        {"date": "活动日期", "person_id": "工号", "account": "客户名称", "type": "跟进方式", "count": "次数"},
    ),
}


@pytest.mark.parametrize("name", list(SYSTEMS))
def test_exports_of_each_system_are_recognised(name: str) -> None:
    table, columns, wanted = SYSTEMS[name]
    mapping = means(columns)
    assert mapping.table == table
    assert {field: mapping.columns.get(field) for field in wanted} == wanted
    assert len(set(mapping.columns.values())) == len(mapping.columns)


def test_owner_and_creator_are_two_things() -> None:
    columns = {
        "订单编号": numbered("D"),
        "日期": DAYS,
        "负责人": NAMES,
        "创建人": ["王磊"] * 4,
        "金额": AMOUNTS,
    }
    owner = means(columns)
    assert (owner.columns["person"], "person_id" in owner.columns) == ("负责人", False)
    note = next(doubt for doubt in owner.doubts if doubt.values["field"] == "person")
    assert (note.level, note.values["others"]) == ("note", "创建人")
    creator = means(columns, Settings.model_validate({"company": "t", "person_that_counts": "creator"}))
    assert creator.columns["person"] == "创建人"
    only = means({name: values for name, values in columns.items() if name != "负责人"})
    assert only.columns["person"] == "创建人"
    assert [doubt.level for doubt in only.doubts if doubt.values["field"] == "person"] == ["doubt"]


def test_an_amount_is_chosen_by_a_stated_order_and_the_others_are_named() -> None:
    columns = {
        "订单编号": numbered("D"),
        "日期": DAYS,
        "负责人": NAMES,
        "回款金额": AMOUNTS,
        "含税金额": AMOUNTS,
        "金额": ["1", "2", "3", "4"],
    }
    mapping = means(columns)
    assert mapping.columns["amount"] == "金额"
    doubt = next(doubt for doubt in mapping.doubts if doubt.values["field"] == "amount")
    assert doubt.level == "doubt"
    assert set(str(doubt.values["others"]).split(", ")) == {"回款金额", "含税金额"}


def test_the_number_of_one_person_and_the_name_of_another_do_not_mix() -> None:
    columns = {
        "订单编号": numbered("D"),
        "日期": DAYS,
        "金额": AMOUNTS,
        "业务员工号": ["7", "8", "7", "8"],
        "客户经理": ["甲", "乙", "丙", "丁"],
    }
    assert "person" not in means(columns).columns
    columns["客户经理"] = ["甲", "乙", "甲", "乙"]
    assert means(columns).columns["person"] == "客户经理"


def test_values_decide_between_number_and_name() -> None:
    base = {"订单编号": numbered("D"), "日期": DAYS, "金额": AMOUNTS}
    assert means({**base, "业务员": ["00017", "00018", "00017", "00019"]}).columns["person_id"] == "业务员"
    assert means({**base, "业务员": NAMES}).columns["person"] == "业务员"


def test_a_column_of_words_is_no_amount_and_no_date() -> None:
    mapping = means(
        {
            "订单编号": numbered("D"),
            "日期": DAYS,
            "业务员": NAMES,
            "金额大写": ["壹佰元整"] * 4,
            "销售额": AMOUNTS,
        }
    )
    assert mapping.columns["amount"] == "销售额"
    lost = means(
        {
            "订单编号": numbered("D"),
            "日期": ["甲", "乙", "丙", "丁"],
            "业务员": NAMES,
            "产品": NAMES,
            "数量": ["1"] * 4,
            "金额": AMOUNTS,
        }
    )
    assert (lost.table, lost.doubts[0].code) == ("ignore", "match.incomplete_date")


def test_sheets_that_are_none_of_ours_are_left_alone() -> None:
    for columns in (
        {"colour": ["red"] * 4, "taste": ["sweet"] * 4},
        {"GeographyKey": [1, 2, 3, 4], "City": NAMES, "PostalCode": ["1"] * 4},
        {
            "DateKey": [20250101] * 4,
            "Shift": ["AM"] * 4,
            "Calls": [5] * 4,
            "Orders": [3] * 4,
            "Date": [DAY] * 4,
        },
    ):
        mapping = means(columns)
        assert mapping.table == "ignore", columns
        assert [doubt.level for doubt in mapping.doubts] == ["note"]


def test_wide_sheets_need_a_word_that_says_what_they_hold() -> None:
    months = {f"{n}月": ["1", "2", "3", "4"] for n in range(1, 13)}
    goals = means({"姓名": NAMES, **months}, title="2025年销售目标")
    assert (goals.table, goals.options, goals.months["12月"]) == ("goals", {"year": 2025}, "12")
    assert means({"姓名": NAMES, **months}, title="2025年销售额").table == "orders"
    assert means({"姓名": NAMES, **months}, file="x.csv").table == "ignore"
    both = {f"{n}月 / {kind}": ["1", "2", "3", "4"] for n in range(1, 5) for kind in ("目标", "实际")}
    assert list(means({"姓名": NAMES, **both}, file="2025.csv").months) == [
        f"{n}月 / 目标" for n in range(1, 5)
    ]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1月", Period(None, 1)),
        ("十二月", Period(None, 12)),
        ("2025年3月", Period(2025, 3)),
        ("2025-03", Period(2025, 3)),
        ("202503", Period(2025, 3)),
        ("目标 / 3月", Period(None, 3)),
        ("2025年 / 3月", Period(2025, 3)),
        ("Mar", Period(None, 3)),
        ("March 2025", Period(2025, 3)),
        ("Sept-25", Period(2025, 9)),
        ("3月目标(万元)", Period(None, 3)),
        ("Q4", Period(None, 10, 3)),
        ("2025年第一季度", Period(2025, 1, 3)),
        ("三季度", Period(None, 7, 3)),
        ("25年3月", Period(2025, 3)),
        ("目标 / 2025-01-01 00:00:00", Period(2025, 1)),
    ],
)
def test_periods_in_headers(text: str, period: Period) -> None:
    assert period_of(text) == period
    assert read_period(period.text()) == period


@pytest.mark.parametrize(
    "text",
    [
        "姓名",
        "合计",
        "1-2月",
        "1月累计",
        "2025",
        "Marketing",
        "May Lee",
        "Decision",
        "月",
        "工号",
        "1-3月合计",
    ],
)
def test_headers_without_a_period(text: str) -> None:
    assert period_of(text) is None


def test_the_year_of_a_title() -> None:
    assert year_from_texts(["", "销售目标2026.xlsx"]) == 2026
    assert year_from_texts(["第20251号"]) is None


def test_every_synonym_is_found_and_leads_to_a_known_field() -> None:
    known = vocabulary()
    assert set(known.systems) >= {
        "简道云",
        "Salesforce",
        "Zoho CRM",
        "金蝶云星空",
        "飞书多维表格",
        "销售易",
        "纷享销客",
    }
    for table, index in known.headers.items():
        assert len(index) > 100, table
        for key, entries in index.items():
            assert key == compact(key), key
            assert {entry.field for entry in entries} <= set(FIELDS[table])


letters = st.sampled_from(
    [
        "SalesAmount",
        "sales_amount",
        "Sales Amount",
        "SALES AMOUNT",
        "_salesAmount",
        "Sales-Amount(USD)",
        "sales amount__c",
        "Ｓａｌｅｓ Ａｍｏｕｎｔ",
        "*Sales Amount",
        "\ufeffSales Amount".lstrip("\ufeff"),
        "Sales Amount / 销售额",
        "sales.amount",
    ]
)


@settings(deadline=None, max_examples=30)
@given(header=letters, position=st.integers(0, 3))
def test_one_word_however_it_is_written(header: str, position: int) -> None:
    columns: dict[str, list[Any]] = {"订单编号": numbered("D"), "日期": DAYS, "业务员": NAMES}
    items = list(columns.items())
    items.insert(position, (header, AMOUNTS))
    mapping = means(dict(items))
    assert mapping.columns["amount"] == header


@given(st.text(max_size=20))
def test_any_text_can_be_a_header(text: str) -> None:
    assert all(form.words for form in forms(text))
    assert normal(text) == normal(text)
    period_of(text)


def test_facts_of_columns() -> None:
    codes = look_at(pd.Series(["A-01", "A-02", None, "A-02"], dtype=object))
    assert (codes.code, codes.fill, round(codes.distinct, 3), codes.number) == (1.0, 0.75, 0.667, 0.0)
    money = look_at(pd.Series(["¥1,200", "(500)", "12.5万", 3], dtype=object))
    assert money.number == 1.0
    days = look_at(pd.Series([DAY, DAY], dtype=object))
    assert (days.date, days.typed_date) == (1.0, True)


def orders_and_people(regions: list[str]) -> dict[tuple[str, str | None], Sheet]:
    one = sheet({"Order ID": numbered("D"), "Region": ["West", "East", "West", None]}, file="orders.csv")
    two = sheet({"Person": NAMES[: len(regions)], "Region": regions}, file="people.csv")
    return {(one.file, None): one, (two.file, None): two}


def test_a_look_up_is_many_to_one_or_refused() -> None:
    sheets = orders_and_people(["West", "East"])
    join, refused = find_join(("orders.csv", None), "orders", "person", sheets, USUAL)
    assert join == Join("person", "Person", (Step("Region", "people.csv", None, "Region"),))
    assert refused == []
    values, problems = apply_join(
        sheets["orders.csv", None].cells, join, sheets, FileMapping("orders.csv", None, "orders")
    )
    assert values.tolist() == ["张伟", "李娜", "张伟", None]
    assert problems == []
    double = orders_and_people(["West", "East", "West"])
    join_there, refused = find_join(("orders.csv", None), "orders", "person", double, USUAL)
    assert join_there is None
    assert refused[0].values["found"] == "West"
    values, problems = apply_join(
        double["orders.csv", None].cells, join, double, FileMapping("orders.csv", None, "orders")
    )
    assert len(values) == 4
    assert values.isna().all()
    assert problems[0].code == "match.join_refused"


def test_keys_are_compared_as_people_read_them() -> None:
    assert key_text(pd.Series([17, 17.0, " 17 ", "017", None, 1.5], dtype=object)).tolist() == [
        "17",
        "17",
        "17",
        "017",
        None,
        "1.5",
    ]


# ---- kept by hand: months as sheets, quarters in cells, rates beside amounts

BY_MONTH: dict[str, list[Any]] = {"部门": ["一部"] * 4, "姓名": ["张伟", "李娜", "王磊", "陈静"],
                                  "销售额": [1, 2, 3, 4]}


def test_a_sheet_named_after_its_month_gives_the_date() -> None:
    found = means(BY_MONTH, file="2025年销售.xlsx", name="3月")
    assert (found.table, found.months, found.options) == ("orders", {"销售额": "03"}, {"year": 2025})
    assert [(d.code, d.values["found"]) for d in found.doubts] == [("match.month_of_sheet", "2025-03")]
    with_date = means({**BY_MONTH, "日期": DAYS}, file="2025年销售.xlsx", name="3月")
    assert (with_date.months, with_date.columns["date"]) == ({}, "日期")


def test_amounts_without_any_month_are_not_left_out_in_silence() -> None:
    found = means(BY_MONTH, file="3月15日导出.xlsx", name="Sheet1")
    assert (found.table, [d.code for d in found.doubts]) == ("people", ["match.amounts_left_out"])
    assert found.doubts[0].values["column"] == "销售额"


def test_quarters_in_cells_are_the_period_of_goals() -> None:
    rest: dict[str, list[Any]] = {"销售员": NAMES, "销售目标": ["1", "2", "3", "4"]}
    for cells in (["2025Q1", "2025Q2", "2025Q3", "2025Q4"],
                  ["2025年第一季度", "2025年2季度", "2025年第3季度", "2025年Q4"]):
        found = means({"季度": cells, **rest})
        assert (found.table, found.columns["period_start"]) == ("goals", "季度")
    apart = means({"年度": [2025] * 4, "季度": [1, 2, 3, 4], **rest}).columns
    assert (apart["quarter"], apart.get("period_start")) == ("季度", None)


def test_a_rate_is_no_amount() -> None:
    found = means({"订单号": numbered("S"), "日期": DAYS, "金额": AMOUNTS,
                   "毛利率": ["12%", "20%", "5%", "8%"], "成本占比": ["88%", "80%", "95%", "92%"]})
    assert not {"profit", "cost"} & set(found.columns)


def test_a_name_spelt_in_two_ways_still_belongs_to_its_number() -> None:
    found = means({"订单号": numbered("S"), "日期": DAYS, "金额": AMOUNTS, "员工编号": ["001"] * 3 + ["002"],
                   "业务员": ["张\u3000伟", "张伟 ", " 张伟", "Tom"]})
    assert (found.columns["person_id"], found.columns["person"]) == ("员工编号", "业务员")


def test_a_date_may_begin_with_its_weekday() -> None:
    days = pd.Series(["Saturday, March 02, 2024", "Mon, Jan 15, 2024"], dtype=object)
    assert look_at(days).date == 1.0
