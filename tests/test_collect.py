from __future__ import annotations

import datetime as dt
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import salesgoals.collect as collect_module
from salesgoals.collect import Collected, collect_folder, save_collected
from salesgoals.history import credited_sales, team_on
from salesgoals.problems import SalesgoalsError
from salesgoals.sources.read import read_file
from salesgoals.tables import TABLES, total
from salesgoals.words import all_words, in_language
from salesgoals.workspace import Workspace, new_workspace, open_workspace

TODAY = dt.date(2026, 7, 1)
ORDERS = "订单编号,下单日期,工号,金额\n"


def make(folder: Path, files: dict[str, str], **changes: str) -> Workspace:
    """A workspace with these files in its inbox; changes are settings."""
    workspace = new_workspace(folder, language="zh", company="测试")
    for name, text in files.items():
        path = workspace.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    settings_file = folder / "workspace.toml"
    text = settings_file.read_text(encoding="utf-8")
    for name, value in changes.items():
        text = re.sub(rf'^{name} = "[^"]*"', f'{name} = "{value}"', text, flags=re.M)
    settings_file.write_text(text, encoding="utf-8")
    return open_workspace(folder)


def run(folder: Path, files: dict[str, str], **changes: str) -> Collected:
    return collect_folder(make(folder, files, **changes), TODAY)


def codes(collected: Collected, level: str | None = None) -> list[str]:
    return [p.code for p in collected.problems if level is None or p.level == level]


def found(collected: Collected, code: str) -> list[dict[str, object]]:
    return [p.values for p in collected.problems if p.code == code]


# ---- files

def test_no_file_no_tables(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", {})
    for language, words in (("zh", "里没有文件"), ("en", "holds no files")):
        with in_language(language), pytest.raises(SalesgoalsError, match=words):
            collect_folder(workspace)


def test_nothing_usable_names_every_file(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", {"空.csv": "", "notes.csv": "colour,taste\nred,sweet\nblue,sour\n"})
    (workspace.inbox / "picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(SalesgoalsError) as caught:
        collect_folder(workspace)
    text = str(caught.value)
    assert all(name in text for name in ("空.csv", "notes.csv", "picture.xlsx", "nothing was written"))
    assert not list((tmp_path / "w" / "tables").iterdir())


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    collected = run(tmp_path / "w", {"orders.csv": ORDERS + "1,2025-01-03,7,100\n", "empty.csv": "",
                                     "notes.csv": "colour,taste\nred,sweet\nblue,sour\n"})
    assert total(collected.tables["orders"].amount) == Decimal(100)
    status = collected.files.set_index("file").status
    assert status.to_dict() == {"orders.csv": "all kept", "empty.csv": "refused", "notes.csv": "not used"}
    assert "match.not_used" in codes(collected, "note")
    assert [p.values["file"] for p in collected.problems if p.level == "stop"] == ["empty.csv"]


def test_a_copy_of_a_file_counts_once(tmp_path: Path) -> None:
    text = "日期,销售员,金额\n2025-01-03,张伟,100\n2025-01-04,李娜,50\n"
    collected = run(tmp_path / "w", {"orders.csv": text, "orders (1).csv": text, "old/orders.csv": text})
    assert total(collected.tables["orders"].amount) == Decimal(150)
    assert {v["file"]: v["other"] for v in found(collected, "collect.copy_of_file")} == {
        "orders (1).csv": "orders.csv", "old/orders.csv": "orders.csv"}
    assert set(collected.files.status) == {"all kept", "a copy"}


# ---- rows that cannot be kept

def test_bad_rows_go_aside_with_place_and_reason_and_the_totals_agree(tmp_path: Path) -> None:
    collected = run(tmp_path / "w", {"orders.csv": ORDERS + (
        "1,2025-01-03,7,100.10\n2,2025-02-30,7,40\n3,2025-01-05,7,待定\n4,2025-01-06,7,\n5,,7,1.05\n6,2025-01-09,8,-20\n")})
    line = collected.totals.iloc[0]
    assert (line.rows_in, line.rows_kept, line.rows_aside) == (6, 2, 4)
    assert (line.amount_in, line.amount_kept, line.amount_aside) == (
        Decimal("121.15"), Decimal("80.10"), Decimal("41.05"))
    aside = collected.aside.set_index("row")
    assert aside.code.to_dict() == {3: "collect.date_unreadable", 4: "collect.amount_unreadable",
                                    5: "collect.amount_missing", 6: "collect.date_missing"}
    assert aside.found[4] == "待定"
    assert aside.text[3] == "2 | 2025-02-30 | 7 | 40"
    stops = collected.issues[collected.issues.level == "stop"].set_index("row")
    assert stops.column[4] == "金额"
    assert "待定" in stops.message[4]
    assert "Set aside" in stops.message[4]
    assert collected.tables["orders"].returned.tolist()[1]
    assert found(collected, "collect.negative")[0]["amount"] == Decimal(-20)


def test_many_equal_findings_become_one_line_and_the_list_of_rows_stays_whole(tmp_path: Path) -> None:
    bad = "".join(f"{n},2025-01-03,7,待定\n" for n in range(500))
    collected = run(
        tmp_path / "w", {"orders.csv": ORDERS + "x,2025-01-03,7,5\ny,2025-01-03,7,6\n" * 300 + bad}
    )
    issues = collected.issues[collected.issues.code == "collect.amount_unreadable"]
    assert issues["count"].tolist() == [500]
    assert (collected.aside.code == "collect.amount_unreadable").sum() == 500


def test_every_message_exists_in_both_languages(tmp_path: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for folder in ("sources", ".") for path in
                     (Path(collect_module.__file__).parent / folder).glob("*.py"))
    used = set(re.findall(r'"((?:collect|match|mapping)\.[a-z_]+)"', text)) - {"mapping.toml", "collect.py"}
    assert len(used) > 80
    assert used <= set(all_words())


def test_the_word_none_stays_a_word(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {"orders.csv": "订单编号,下单日期,工号,客户,金额\n1,2025-01-03,7,None,100\n2,2025-01-03,007,NA,5\n"},
    )
    assert collected.tables["orders"].account_id.tolist() == ["None", "NA"]
    assert collected.tables["orders"].person_id.tolist() == ["7", "007"]


# ---- the same thing twice

def test_exact_repeats_count_once_and_other_content_is_said(tmp_path: Path) -> None:
    head = "订单编号,行号,下单日期,工号,金额\n"
    collected = run(
        tmp_path / "w",
        {
            "a.csv": head
            + "1,1,2025-01-03,7,100\n1,1,2025-01-03,7,100\n1,2,2025-01-03,7,100\n2,1,2025-01-04,7,30\n",
            "b.csv": "Order Number,Line,Order Date,Owner,Amount,Cost\n1,2,2025-01-03,7,100.00,60\n"
            "2,1,2025-01-04,7,31,9\n3,1,2025-01-05,7,9,1\n",
        },
    )
    assert total(collected.tables["orders"].amount) == Decimal(100 + 100 + 30 + 31 + 9)
    assert [v["count"] for v in found(collected, "collect.duplicate")] == [1]
    assert [v["file"] for v in found(collected, "collect.duplicate_elsewhere")] == ["b.csv"]
    assert [v["found"] for v in found(collected, "collect.number_elsewhere")] == ["2"]


def test_alike_lines_without_a_number_are_kept_with_a_doubt(tmp_path: Path) -> None:
    row = "2025-01-03,张伟,净水器,100\n"
    collected = run(tmp_path / "w", {"orders.csv": "日期,销售员,产品,金额\n" + row + row})
    assert total(collected.tables["orders"].amount) == Decimal(200)
    assert "collect.alike_without_number" in codes(collected, "doubt")


def test_credit_shares_are_respected(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "orders.csv": "订单编号,下单日期,工号,金额,业绩分成\n1,2025-01-03,7,5,100%\n"
            "2,2025-01-03,7,10,50%\n"
            "2,2025-01-03,8,10,50%\n3,2025-01-03,9,10,150%\n"
        },
    )
    credited = credited_sales(collected.tables).groupby("person_id").amount.sum()
    assert credited.to_dict() == {"7": 10.0, "8": 5.0}
    assert codes(collected, "stop") == ["collect.share_outside"]
    assert "collect.over_credited" not in codes(collected)


def test_more_than_the_whole_credited_is_said(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "orders.csv": "订单编号,下单日期,工号,金额,业绩分成\n2,2025-01-03,7,10,60%\n"
            "2,2025-01-03,8,10,50%\n"
        },
    )
    assert found(collected, "collect.over_credited")[0]["found"] == "2"


def test_a_deal_exported_twice_is_the_decided_one(tmp_path: Path) -> None:
    head = "商机编号,负责人,销售阶段,金额,创建日期,结单日期\n"
    collected = run(
        tmp_path / "w",
        {
            "june.csv": head
            + "A,张伟,赢单,100,2025-01-03,2025-03-04\nB,张伟,报价,80,2025-01-03,2025-03-04\n",
            "may.csv": head + "A,张伟,报价,90,2025-01-03,2025-03-04\nB,张伟,报价,80,2025-01-03,2025-03-04\n",
        },
    )
    deals = collected.tables["opportunities"].set_index("opportunity_id")
    assert deals.status.to_dict() == {"A": "won", "B": "open"}
    assert deals.amount["A"] == 100
    assert codes(collected, "doubt") == ["collect.key_twice"]


# ---- people

PEOPLE = ("工号,姓名,部门,小组,直属上级工号,入职日期,离职日期\n00011,王磊,华东部,一组,,2020-01-01,\n"
          "00045,王磊,华东部,二组,00011,2021-01-01,\n00017,张伟,华东部,一组,00011,2024-05-01,2025-06-30\n")


def test_two_people_of_one_name_are_told_apart_by_team_or_left_open(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "people.csv": PEOPLE,
            "orders.csv": (
                "订单编号,日期,销售员,团队,金额\n1,2025-01-03,王磊,二组,100\n2,2025-01-03,王磊,,30\n"
                "3,2025-01-04,张 伟（离职）,一组,7\n"
                "4,2025-01-05,张伟(00017),,1\n5,2025-01-06,赵六,,2\n6,2025-01-06,,,4\n"
            ),
        },
    )
    orders = collected.tables["orders"]
    assert orders.person_id.fillna("").tolist() == ["00045", "", "00017", "00017", "赵六", ""]
    ambiguous = found(collected, "collect.person_ambiguous")[0]
    assert (ambiguous["count"], ambiguous["ids"], ambiguous["amount"]) == (1, "00011, 00045", Decimal(30))
    assert found(collected, "collect.person_unknown")[0]["found"] == "赵六"
    assert found(collected, "collect.person_empty")[0]["amount"] == Decimal(4)
    assert total(orders.amount) == Decimal(144)


def test_a_circle_of_managers_stops_and_nothing_is_written(tmp_path: Path) -> None:
    text = "工号,姓名,上级\n1,甲,2\n2,乙,1\n"
    workspace = make(tmp_path / "w", {"people.csv": text, "orders.csv": ORDERS + "1,2025-01-03,1,5\n"})
    for language, words in (("zh", "绕成了圈"), ("en", "circle")):
        with in_language(language), pytest.raises(SalesgoalsError, match=words):
            collect_folder(workspace)
    assert not list((tmp_path / "w" / "tables").iterdir())
    assert not (tmp_path / "w" / "mapping.toml").exists()


def test_one_number_for_two_people_stops(tmp_path: Path) -> None:
    workspace = make(
        tmp_path / "w",
        {
            "people.csv": "工号,姓名,入职日期\n1,甲,2020-01-01\n1,乙,2021-01-01\n"
            + "".join(f"{n},人{n},2020-01-01\n" for n in range(2, 40)),
            "orders.csv": ORDERS + "1,2025-01-03,1,5\n",
        },
    )
    with pytest.raises(SalesgoalsError, match="repeat the same person_id"):
        collect_folder(workspace)


def test_same_names_without_numbers_get_their_team(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "people.csv": "姓名,团队,入职日期\n王磊,一组,2020-01-01\n王磊,二组,2020-01-01\n"
            "李娜,二组,2020-01-01\n"
            "赵一,一组,2020-01-01\n钱二,一组,2020-01-01\n",
            "orders.csv": "订单编号,日期,销售员,团队,金额\n1,2025-01-03,王磊,二组,100\n",
        },
    )
    assert collected.tables["people"].person_id.tolist()[:3] == ["王磊 (一组)", "王磊 (二组)", "李娜"]
    assert collected.tables["orders"].person_id.tolist() == ["王磊 (二组)"]


def test_without_a_list_people_come_from_the_orders(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "a.csv": "订单编号,日期,工号,销售员,团队,金额\n1,2025-01-03,7,张伟,一组,100\n"
            "2,2025-05-03,7,张伟,二组,100\n",
            "b.csv": "订单编号,日期,业务员,金额\n3,2025-01-03,张伟,1\n4,2025-01-03,李娜(9),1\n",
        },
    )
    people = collected.tables["people"]
    assert dict(zip(people.person_id, people.name, strict=True)) == {"7": "张伟", "9": "李娜"}
    assert collected.tables["orders"].person_id.tolist() == ["7", "7", "7", "9"]
    placed = team_on(
        collected.tables, pd.Series(["7", "7"]), pd.Series(pd.to_datetime(["2024-01-01", "2025-05-03"]))
    )
    assert placed.team.tolist() == ["一组", "二组"]


def test_moves_end_one_membership_and_begin_the_next(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w",
        {
            "people.csv": PEOPLE,
            "orders.csv": ORDERS + "1,2025-01-03,00011,5\n",
            "调岗记录.csv": "工号,姓名,调岗日期,调前团队,调后团队\n00011,王磊,2025-03-01,二组,一组\n",
        },
    )
    spans = collected.tables["membership"]
    mine = spans[spans.person_id == "00011"]
    assert mine.team.tolist() == ["二组", "一组"]
    assert mine.valid_to.dt.strftime("%Y-%m-%d").tolist()[0] == "2025-02-28"
    assert mine.department.tolist() == ["华东部", "华东部"]
    assert len(spans) == 4


def test_sales_of_people_not_employed_and_odd_days_are_said(tmp_path: Path) -> None:
    collected = run(tmp_path / "w", {"people.csv": PEOPLE, "orders.csv": ORDERS + (
        "1,2024-01-03,00017,5\n2,2025-07-03,00017,6\n3,2027-01-01,00011,7\n4,1998-01-01,00011,8\n5,2025-01-01,00011,0\n")})
    amounts = {code: found(collected, f"collect.{code}")[0]["amount"] for code in
               ("before_hire", "after_leaving", "future", "long_ago", "zero")}
    assert amounts == {"before_hire": Decimal(13), "after_leaving": Decimal(6), "future": Decimal(7),
                       "long_ago": Decimal(8), "zero": Decimal(0)}
    assert len(collected.tables["orders"]) == 5


def test_the_region_stands_in_for_the_person_and_it_is_said(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "w", {"a.csv": "订单编号,日期,区域,金额\n1,2025-01-03,华东,5\n2,2025-01-03,华北,5\n"}
    )
    assert collected.tables["people"].name.tolist() == ["华东", "华北"] or set(
        collected.tables["people"].name
    ) == {"华东", "华北"}
    assert "collect.person_stand_in" in codes(collected, "doubt")
    nobody = run(tmp_path / "v", {"a.csv": "订单编号,日期,金额\n1,2025-01-03,5\n"})
    assert "collect.no_person" in codes(nobody, "doubt")
    assert nobody.tables["orders"].person_id.isna().all()


# ---- what counts, by the settings

def test_settings_choose_the_date_and_the_person(tmp_path: Path) -> None:
    text = ("订单编号,订单日期,发货日期,回款日期,负责人,创建人,金额,回款金额\n"
            "1,2025-01-03,2025-02-03,2025-03-03,张伟,李娜,100,90\n")
    usual = run(tmp_path / "a", {"o.csv": text})
    assert usual.tables["orders"].date[0] == pd.Timestamp("2025-01-03")
    assert usual.tables["orders"].person_id.tolist() == ["张伟"]
    assert usual.tables["orders"].amount.tolist() == [100]
    chosen = next(v for v in found(usual, "match.chosen") if v["field"] == "date")
    assert "发货日期" in str(chosen["others"])
    assert "回款日期" in str(chosen["others"])
    other = run(tmp_path / "b", {"o.csv": text}, date_that_counts="payment", person_that_counts="creator")
    assert other.tables["orders"].date[0] == pd.Timestamp("2025-03-03")
    assert other.tables["orders"].person_id.tolist() == ["李娜"]
    assert other.tables["orders"].amount.tolist() == [90]
    lacking = run(tmp_path / "c", {"o.csv": "订单编号,发货日期,创建人,金额\n1,2025-02-03,李娜,100\n"})
    assert {v["field"] for v in found(lacking, "match.only_this_kind")} >= {"date"}
    assert codes(lacking, "doubt").count("match.only_this_kind") == 2


def test_returns_mark_orders_and_never_multiply_them(tmp_path: Path) -> None:
    files = {
        "orders.csv": ORDERS + "1,2025-01-03,7,100\n2,2025-01-03,7,30\n",
        "退货.csv": "订单编号,是否退货\n1,是\n1,是\n",
    }
    kept = run(tmp_path / "a", files)
    assert total(kept.tables["orders"].amount) == Decimal(130)
    assert kept.tables["orders"].returned.fillna(False).tolist() == [True, False]
    out = run(tmp_path / "b", files, returned_orders="subtract")
    assert total(out.tables["orders"].amount) == Decimal(30)
    assert out.totals.set_index("table").amount_aside["orders"] == Decimal(100)


def test_currencies_are_never_added_up(tmp_path: Path) -> None:
    files = {"orders.csv": "订单编号,日期,工号,币种,金额\n1,2025-01-03,7,人民币,100\n2,2025-01-03,7,USD,10\n"}
    mixed = run(tmp_path / "a", files)
    assert total(mixed.tables["orders"].amount) == Decimal(100)
    assert codes(mixed, "stop") == ["collect.other_currency"]
    workspace = make(tmp_path / "b", files)
    (workspace.folder / "mapping.toml").write_text("[rates]\nUSD = 7.1\n", encoding="utf-8")
    converted = collect_folder(workspace, TODAY)
    assert total(converted.tables["orders"].amount) == Decimal(171)
    one = run(tmp_path / "c", {"orders.csv": files["orders.csv"].replace("人民币", "USD")})
    assert total(one.tables["orders"].amount) == Decimal(110)
    assert "collect.other_currency_all" in codes(one, "doubt")


def test_currency_signs_in_one_column_are_told_apart(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a", {"o.csv": ORDERS + "1,2025-01-03,1,$5\n2,2025-01-03,1,￥6\n3,2025-01-03,1,7\n"}
    )
    assert total(collected.tables["orders"].amount) == Decimal(13)
    assert [v["found"] for v in found(collected, "collect.other_currency")] == ["USD"]


def test_orders_and_payments_of_the_same_sales_do_not_count_twice(tmp_path: Path) -> None:
    files = {"订单.csv": "订单编号,下单日期,业务员,金额\n1,2025-01-03,张伟,100\n",
             "回款.csv": "回款编号,回款日期,客户,负责人,回款金额\nH1,2025-02-03,甲,张伟,90\n"}
    orders = run(tmp_path / "a", files)
    assert total(orders.tables["orders"].amount) == Decimal(100)
    assert [v["file"] for v in found(orders, "match.other_basis_order")] == ["回款.csv"]
    payments = run(tmp_path / "b", files, date_that_counts="payment")
    assert total(payments.tables["orders"].amount) == Decimal(90)
    assert [v["file"] for v in found(payments, "match.other_basis_payment")] == ["订单.csv"]
    alone = run(tmp_path / "c", {"回款.csv": files["回款.csv"]})
    assert total(alone.tables["orders"].amount) == Decimal(90)


def test_a_list_of_returns_is_not_added_to_sales_in_silence(tmp_path: Path) -> None:
    files = {
        "o.csv": ORDERS + "1,2025-01-03,1,50\n",
        "退货单.csv": "退货单号,日期,业务员,金额\nT1,2025-02-01,1,5\n",
    }
    workspace = make(tmp_path / "a", files)
    collected = collect_folder(workspace, TODAY)
    assert [v["file"] for v in found(collected, "match.maybe_returns")] == ["退货单.csv"]
    save_collected(workspace, collected)
    path = workspace.folder / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    place = text.index("退货单.csv")
    path.write_text(text[:place] + text[place:].replace("checked = false", "checked = true\nmultiplier = -1"),
                    encoding="utf-8")
    again = collect_folder(workspace, TODAY)
    assert total(again.tables["orders"].amount) == Decimal(45)
    assert "match.maybe_returns" not in codes(again)


def test_money_beyond_what_can_be_kept_exactly_goes_aside(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a", {"o.csv": ORDERS + "1,2025-01-03,1,99999999999999999999\n2,2025-01-03,1,1\n"}
    )
    assert codes(collected, "stop") == ["collect.too_large"]
    assert collected.totals.amount_aside.tolist() == [Decimal("99999999999999999999")]


# ---- look-ups

def test_the_person_comes_from_another_sheet_unless_rows_would_multiply(tmp_path: Path) -> None:
    orders = (
        "Order ID,Order Date,Region,Sales\n1,2025-01-03,West,100\n2,2025-01-03,East,30\n3,2025-01-04,West,1\n"
    )
    good = run(tmp_path / "a", {"orders.csv": orders, "people.csv": "Person,Region\nAnna,West\nChuck,East\n"})
    assert good.tables["orders"].person_id.tolist() == ["Anna", "Chuck", "Anna"]
    refused = run(
        tmp_path / "b",
        {"orders.csv": orders, "people.csv": "Person,Region\nAnna,West\nBen,West\nChuck,East\n"},
    )
    assert len(refused.tables["orders"]) == 3
    problem = found(refused, "match.join_refused")[0]
    assert (problem["count"], problem["found"]) == (1, "West")
    assert refused.tables["orders"].person_id.isna().all()


def test_a_misspelt_product_is_said_and_an_alias_mends_it(tmp_path: Path) -> None:
    files = {
        "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
        "orders.csv": "order_id,order_date,sales_agent,product,amount\n1,2025-01-03,Ann,GTXPro,5\n"
        "2,2025-01-03,Ann,MG Special,6\n",
    }
    workspace = make(tmp_path / "a", files)
    collected = collect_folder(workspace, TODAY)
    problem = found(collected, "collect.product_unknown")[0]
    assert (problem["found"], problem["nearest"], problem["count"]) == ("GTXPro", "GTX Pro", 1)
    assert collected.tables["orders"].product_line.fillna("").tolist() == ["", "MG"]
    save_collected(workspace, collected)
    path = workspace.folder / "mapping.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "[alias.product]", '[alias.product]\n"GTXPro" = "GTX Pro"\n#'
        ),
        encoding="utf-8",
    )
    again = collect_folder(workspace, TODAY)
    assert again.tables["orders"].product_line.tolist() == ["GTX", "MG"]
    assert "collect.product_unknown" not in codes(again)
    path.write_text(path.read_text(encoding="utf-8").replace('"GTX Pro"\n', '"GTX Prow"\n'), encoding="utf-8")
    assert found(collect_folder(workspace, TODAY), "mapping.alias_lost")[0]["nearest"] == "GTX Pro"


def test_an_amount_is_computed_where_there_is_none(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a",
        {
            "o.csv": "OrderNumber,OrderDate,Owner,Quantity,Unit Price,Discount Applied,Unit Cost\n"
            "1,2025-01-03,Ann,3,$10.10,0.05,6\n2,2025-01-03,Ann,,$5.00,0,1\n"
        },
    )
    assert total(collected.tables["orders"].amount) == Decimal("28.785")
    assert collected.tables["orders"].cost.tolist() == [18.0]
    note = found(collected, "collect.amount_computed_net")[0]
    assert (note["gross"], note["net"]) == (Decimal("30.30"), Decimal("28.785"))
    assert collected.aside.code.tolist() == ["collect.amount_missing"]


# ---- goals

def wide_goals(
    path: Path, title: str, head: list[str], rows: list[list[object]], sheet: str = "目标"
) -> None:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, [title])
    page.write_row(1, 0, head)
    for number, row in enumerate(rows, 2):
        page.write_row(number, 0, row)
    book.close()


def test_a_wide_sheet_of_goals_becomes_rows_and_blank_is_not_zero(tmp_path: Path) -> None:
    workspace = make(tmp_path / "a", {"orders.csv": ORDERS + "1,2025-01-03,7,5\n"})
    wide_goals(
        workspace.inbox / "销售目标.xlsx",
        "2025年销售目标(单位:万元)",
        ["工号", "姓名", "1月", "2月", "3月", "4月", "合计"],
        [
            ["7", "张伟", 10, None, 0, 1.5, 11.5],
            ["8", "李娜", 3, 4, "待定", 2, 9],
            ["9", "赵六", 1, 1, 1, 1, 4],
        ],
    )
    collected = collect_folder(workspace, TODAY)
    goals = collected.tables["goals"]
    mine = goals[goals.person_id == "7"].set_index(goals.period_start[goals.person_id == "7"].dt.month).goal
    assert mine.to_dict() == {1: 100000.0, 3: 0.0, 4: 15000.0}
    assert set(goals.period_end.dt.strftime("%m-%d")) == {"01-31", "02-28", "03-31", "04-30"}
    assert set(goals.period_start.dt.year) == {2025}
    assert found(collected, "collect.goals_not_set")[0]["count"] == 1
    line = collected.totals.set_index("table").loc["goals"]
    assert (line.rows_in, line.rows_kept, line.rows_aside) == (11, 10, 1)
    assert line.amount_kept == Decimal(245000)
    assert collected.aside[collected.aside.code == "collect.amount_unreadable"].found.tolist() == ["待定"]


def test_months_without_a_year_wait_for_one(tmp_path: Path) -> None:
    workspace = make(tmp_path / "a", {"orders.csv": ORDERS + "1,2025-01-03,7,5\n", "目标.csv":
                                      "工号,姓名,1月,2月,3月\n7,张伟,10,20,30\n8,李娜,10,,30\n"})
    collected = collect_folder(workspace, TODAY)
    assert len(collected.tables["goals"]) == 0
    assert "match.no_year" in codes(collected, "stop")
    assert (collected.aside.code == "collect.date_missing").sum() == 5
    save_collected(workspace, collected)
    path = workspace.folder / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('table = "goals"', 'table = "goals"\nyear = 2025'), encoding="utf-8")
    again = collect_folder(workspace, TODAY)
    assert again.tables["goals"].goal.sum() == 100
    assert "match.no_year" not in codes(again)


def test_goals_in_a_list_get_their_windows(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a",
        {
            "quota.csv": "employee,quota date,quota amount\n7,2024-12-29,10\n7,2025-03-31,20\n"
            "7,2025-07-01,\n8,2025-07-01,5\n",
            "目标2025.csv": "年度,月,工号,目标金额\n2025,1,7,100\n2025,2,7,\n",
        },
    )
    goals = collected.tables["goals"]
    listed = goals[goals.version == "quota"]
    assert listed.period_end.dt.strftime("%Y-%m-%d").tolist()[:2] == ["2025-03-30", "2025-06-30"]
    monthly = goals[goals.version == "目标2025"]
    assert monthly.period_end.dt.strftime("%Y-%m-%d").tolist() == ["2025-01-31"]
    assert (collected.aside.code == "collect.goal_blank").sum() == 2
    assert set(goals.metric) == {"amount"}


def test_last_years_sales_with_a_column_for_each_month(tmp_path: Path) -> None:
    workspace = make(tmp_path / "a", {})
    wide_goals(
        workspace.inbox / "2024年销售额.xlsx",
        "2024年销售额(万元)",
        ["工号", "姓名", "1月", "2月", "3月"],
        [["7", "张伟", 10, None, -2.5], ["8", "李娜", 3, 4, "x"]],
        sheet="Sheet1",
    )
    collected = collect_folder(workspace, TODAY)
    orders = collected.tables["orders"].sort_values(["person_id", "date"])
    assert orders.date.dt.strftime("%Y-%m-%d").tolist() == [
        "2024-01-01",
        "2024-03-01",
        "2024-01-01",
        "2024-02-01",
    ]
    assert orders.amount.tolist() == [100_000, -25_000, 30_000, 40_000]
    assert collected.aside[collected.aside.code == "collect.amount_unreadable"].found.tolist() == ["x"]


# ---- dates, market

def test_an_ambiguous_date_is_a_question_and_the_answer_is_followed(tmp_path: Path) -> None:
    workspace = make(
        tmp_path / "a",
        {"orders.csv": "订单编号,日期,工号,金额\n1,3/4/2025,7,100\n2,1/2/2025,7,50\n3,5/3/2025,7,50\n"},
    )
    collected = collect_folder(workspace, TODAY)
    assert len(collected.tables["orders"]) == 0
    assert codes(collected, "stop") == ["collect.date_ambiguous"] * 3
    assert collected.totals.amount_aside.tolist() == [Decimal(200)]
    save_collected(workspace, collected)
    path = workspace.folder / "mapping.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'table = "orders"', 'table = "orders"\ndate_format = "day-first"'
        ),
        encoding="utf-8",
    )
    again = collect_folder(workspace, TODAY)
    assert again.tables["orders"].date.dt.strftime("%Y-%m-%d").tolist() == [
        "2025-04-03",
        "2025-02-01",
        "2025-03-05",
    ]


def test_a_column_beside_it_can_prove_the_order(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a",
        {
            "deals.csv": "opportunity_id,owner,stage,amount,created,close date\n"
            "1,Ann,won,100,3/4/2025,25/4/2025\n"
            "2,Ann,won,50,7/2/2025,13/2/2025\n3,Bo,lost,50,5/3/2025,6/3/2025\n"
        },
    )
    assert collected.tables["opportunities"].created.dt.month.tolist() == [4, 2, 3]
    assert "collect.date_as_sibling" in codes(collected, "doubt")


def test_market_growth_in_percent_and_two_months_in_one(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a",
        {"市场.csv": "月份,零售额,同比增速\n2025年1-2月,100,14.7\n2025年3月,60,0.8\n2025年4月,61,-3\n"},
    )
    market = collected.tables["market"]
    assert market.growth.round(6).tolist() == [0.147, 0.008, -0.03]
    assert market.month.dt.strftime("%Y-%m").tolist() == ["2025-01", "2025-03", "2025-04"]
    assert found(collected, "collect.two_months")[0]["count"] == 1
    shares = run(
        tmp_path / "b", {"市场.csv": "月份,零售额,同比增速\n2025年1月,100,14.7%\n2025年3月,60,0.8%\n"}
    )
    assert shares.tables["market"].growth.round(6).tolist() == [0.147, 0.008]
    plain = run(
        tmp_path / "c", {"市场.csv": "月份,零售额,同比增速\n2025年1月,100,0.147\n2025年3月,60,-0.03\n"}
    )
    assert plain.tables["market"].growth.round(6).tolist() == [0.147, -0.03]


def test_activities_one_column_for_each_kind(tmp_path: Path) -> None:
    collected = run(
        tmp_path / "a",
        {"周报.csv": "周起始,工号,姓名,拜访数,电话数\n2025-01-06,7,张伟,3,12\n2025-01-13,7,张伟,,0\n"},
    )
    log = collected.tables["activities"]
    assert log[["type", "count"]].to_numpy().tolist() == [["拜访", 3], ["电话", 12], ["电话", 0]]


def test_a_missing_date_column_is_named(tmp_path: Path) -> None:
    workspace = make(
        tmp_path / "a",
        {"orders.csv": "订单编号,销售员,产品,数量,金额\n1,张伟,净水器,2,100\n2,李娜,净水器,1,50\n"},
    )
    for language, words in (("zh", "日期或月份列"), ("en", "date or month")):
        with in_language(language), pytest.raises(SalesgoalsError, match=words):
            collect_folder(workspace)


# ---- writing

def test_tables_change_all_at_once_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make(tmp_path / "w", {"orders.csv": ORDERS + "1,2025-01-03,7,100\n"})
    save_collected(workspace, collect_folder(workspace, TODAY))
    before = {path.name: path.read_bytes() for path in (workspace.folder / "tables").iterdir()}
    assert {f"{name}.parquet" for name in TABLES} | {"issues.json", "issues.csv", "totals.csv"} <= set(
        before
    )
    (workspace.inbox / "more.csv").write_text(ORDERS + "2,2025-01-04,7,5\n", encoding="utf-8")
    calls = []

    def break_down(*_: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(collect_module, "write_table", break_down)
    with pytest.raises(KeyboardInterrupt):
        save_collected(workspace, collect_folder(workspace, TODAY))
    assert {path.name: path.read_bytes() for path in (workspace.folder / "tables").iterdir()} == before
    assert (workspace.folder / "tables" / "issues.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_was_written_reads_back(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", {"orders.csv": ORDERS + "1,2025-01-03,7,100.1234\n2,2025-01-03,7,x\n"})
    collected = collect_folder(workspace, TODAY)
    save_collected(workspace, collected)
    fresh = open_workspace(workspace.folder)
    pd.testing.assert_frame_equal(fresh.tables["orders"], collected.tables["orders"])
    assert fresh.issues.code.tolist() == collected.issues.code.tolist()
    assert total(fresh.tables["orders"].amount) == Decimal("100.1234")


def test_collecting_twice_gives_the_same(tmp_path: Path) -> None:
    workspace = make(
        tmp_path / "w",
        {
            "people.csv": PEOPLE,
            "orders.csv": "订单编号,订单日期,发货日期,销售员,金额\n1,2025-01-03,2025-01-04,王磊,5\n",
        },
    )
    first = collect_folder(workspace, TODAY)
    save_collected(workspace, first)
    second = collect_folder(workspace, TODAY)
    assert second.issues.message.tolist() == first.issues.message.tolist()
    for name in TABLES:
        pd.testing.assert_frame_equal(second.tables[name], first.tables[name])


# ---- laws on random inputs

cell = st.sampled_from(
    ["100", "12.5万", "(3.25)", "-7", "0", "", "待定", "1,234.56", "0.0001", "￥8", "n/a", "５０"]
)
day = st.sampled_from(["2025-01-03", "2025/2/4", "2025年3月5日", "", "2025-02-30", "soon", "20250607"])
who = st.sampled_from(["7", "8", "张伟", "", "王磊"])
row = st.tuples(st.sampled_from("ABCDEF"), day, who, cell)


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(row, min_size=1, max_size=30), more=st.lists(row, max_size=10))
def test_nothing_is_lost_whatever_comes_in(rows: list[tuple[str, ...]], more: list[tuple[str, ...]],
                                           tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("law")
    sure = [("Z", "2025-01-01", "7", "1")]
    files = {
        "a.csv": ORDERS + "".join(",".join(f'"{c}"' for c in r) + "\n" for r in [*sure, *rows]),
        "b.csv": ORDERS
        + "".join(",".join(f'"{c}"' for c in r) + "\n" for r in [("Y", "2025-01-02", "8", "2"), *more]),
        "people.csv": PEOPLE,
    }
    workspace = make(folder / "w", files)
    sheets = {name: read_file(workspace.inbox / name).sheets[0] for name in ("a.csv", "b.csv")}
    collected = collect_folder(workspace, TODAY)
    lines = collected.totals[collected.totals.table == "orders"]
    assert lines.agree.all()
    assert (lines.amount_in == lines.amount_kept + lines.amount_aside).all()
    assert lines.amount_kept.sum() == total(collected.tables["orders"].amount)
    assert lines.rows_kept.sum() == len(collected.tables["orders"])
    for name, sheet in sheets.items():
        line = lines.set_index("file").loc[name]
        out = collected.aside[
            (collected.aside.file == name) & ~collected.aside.code.str.startswith("layout.")
        ]
        assert line.rows_in == len(sheet.cells) == line.rows_kept + len(out)
        assert set(out.row) <= set(sheet.rows.tolist())
        assert not out.row.duplicated().any()
        pd.testing.assert_frame_equal(sheet.cells, collected.sheets[name, None].cells)
    shutil.rmtree(folder)


# ---- kept by hand: quarters, months as titles, dates that nobody can tell

def test_goals_by_quarter_end_with_their_quarter(tmp_path: Path) -> None:
    text = "姓名,季度,销售目标(万元)\n张伟,2025Q1,10\n李娜,2025年第3季度,20\n"
    goals = run(tmp_path / "w", {"目标.csv": text}).tables["goals"]
    assert goals.goal.tolist() == [100_000, 200_000]
    assert goals.period_start.dt.strftime("%Y-%m-%d").tolist() == ["2025-01-01", "2025-07-01"]
    assert goals.period_end.dt.strftime("%Y-%m-%d").tolist() == ["2025-03-31", "2025-09-30"]


def test_sales_by_quarter_stand_in_its_first_month_and_say_so(tmp_path: Path) -> None:
    collected = run(tmp_path / "w", {"销售额.csv": "姓名,日期,销售额\n张伟,2025Q2,10\n李娜,2025Q3,20\n"})
    assert collected.tables["orders"].date.dt.month.tolist() == [4, 7]
    assert [p["count"] for p in found(collected, "collect.two_months")] == [2]


def test_a_month_in_the_title_dates_the_whole_sheet(tmp_path: Path) -> None:
    text = "2025年3月业绩（万元）,,\n部门,姓名,业绩\n一部,张伟,1.5\n一部,李娜,2\n合计,,3.5\n"
    collected = run(tmp_path / "w", {"a.csv": text})
    orders = collected.tables["orders"]
    assert orders.amount.tolist() == [15_000, 20_000]
    assert set(orders.date.dt.strftime("%Y-%m")) == {"2025-03"}
    assert [p["found"] for p in found(collected, "match.month_of_sheet")] == ["2025-03"]


def test_an_ambiguous_date_is_said_once(tmp_path: Path) -> None:
    rows = "".join(f"{n},0{n}/0{n + 1}/2025,7,10\n" for n in range(1, 6))
    collected = run(tmp_path / "w", {"orders.csv": ORDERS + rows})
    assert set(codes(collected)) == {"collect.date_ambiguous"}


def test_several_people_in_one_cell_are_named_not_taken_for_one(tmp_path: Path) -> None:
    people = "工号,姓名\n1,张伟\n2,王芳\n3,李和平\n"
    orders = ("订单编号,下单日期,业务员,金额\n1,2025-01-01,\"张伟,王芳\",100\n2,2025-01-02,张伟、王芳,50\n"
              "3,2025-01-03,李和平,10\n4,2025-01-04,张伟和王芳,5\n5,2025-01-05,\"赵六,钱七\",1\n")
    collected = run(tmp_path / "w", {"人员.csv": people, "订单.csv": orders})
    [doubt] = found(collected, "collect.people_in_one_cell")
    assert (doubt["count"], float(doubt["amount"])) == (3, 155.0)
    assert "collect.people_in_one_cell" in codes(collected, "doubt")
    assert found(collected, "collect.person_unknown")[0]["found"] == "赵六,钱七"
    assert collected.tables["orders"].amount.sum() == 166
    without = run(tmp_path / "v", {"订单.csv": orders + "6,2025-01-06,张伟,1\n7,2025-01-06,王芳,1\n"})
    assert found(without, "collect.people_in_one_cell")[0]["count"] == 3
