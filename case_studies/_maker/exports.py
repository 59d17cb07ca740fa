"""Each company's systems give their records away in their own way, dirt included."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .tables import FULL_WIDTH, write_ledger, write_sheets, write_text

EPOCH = pd.Timestamp("1970-01-01")
CHINA_TIME = pd.Timedelta(hours=8)


@dataclass(frozen=True)
class Books:
    """What one company really sold and asked for, and who worked there."""

    case: str
    people: pd.DataFrame
    orders: pd.DataFrame
    goals: pd.DataFrame
    opportunities: pd.DataFrame | None = None
    log: pd.DataFrame | None = None


class Dirt:
    """Which rows of one export get which dirt; only small orders lose their date or amount."""

    def __init__(self, orders: pd.DataFrame, draw: np.random.Generator) -> None:
        alone = orders[~((orders.date.dt.month == 12) & (orders.date.dt.day >= 25))]    # in one export only
        small = alone.amount.nsmallest(12).index.to_numpy()
        other = alone.index.difference(small).to_numpy()
        self.no_date = set(small[:2])
        self.no_amount = set(small[2:4])
        drawn = draw.permutation(other)
        self.by_name = set(drawn[:25])
        self.full_width = set(drawn[25:45])
        self.twice = set(drawn[45:50])


def _names(books: Books) -> dict[str, str]:
    return books.people.set_index("person_id").name.to_dict()


def _of_year(books: Books, year: int) -> pd.DataFrame:
    return books.orders[books.orders.date.dt.year == year]


def _milliseconds(day: pd.Timestamp) -> int:
    return int((day - CHINA_TIME - EPOCH) / pd.Timedelta(milliseconds=1))


def _world_time(day: pd.Timestamp) -> str:
    return f"{day - CHINA_TIME:%Y-%m-%dT%H:%M:%S.000Z}"


def gbk_in_wan(folder: Path, file: str, books: Books, year: int, draw: np.random.Generator) -> None:
    """Write a sheet saved as CSV on Chinese Windows: GBK, amounts in ten thousands of yuan."""
    orders, names = _of_year(books, year), _names(books)
    dirt, rows = Dirt(orders, draw), []
    for row in orders.itertuples():
        amount = f"{row.amount / 10000:,.4f}"
        amount = amount.translate(FULL_WIDTH) if row.Index in dirt.full_width else amount
        line = [row.order_id, "待补" if row.Index in dirt.no_date else f"{row.date:%Y}/{row.date.month}/{row.date.day}",
                "" if row.Index in dirt.by_name else row.person_id, names[row.person_id], row.account, row.product_id,
                row.product, row.line, f"{row.quantity:,}", "待定" if row.Index in dirt.no_amount else amount,
                f"{row.cost:,}", "新" if row.new else "老"]
        rows += [line] * (1 + (row.Index in dirt.twice))
    write_text(folder / file, ["订单编号", "下单日期", "工号", "销售员", "客户名称", "产品编码", "产品名称", "产品线",
                               "数量", "金额(万元)", "成本(元)", "新老客户"], rows, encoding="gbk")


def erp_ledger(folder: Path, file: str, books: Books, year: int, draw: np.random.Generator) -> None:
    """Write a list as an ERP prints it: title, subtotals, total, footer, names only."""
    orders, names = _of_year(books, year), _names(books)
    dirt, rows, months = Dirt(orders, draw), [], []
    for row in orders.itertuples():
        day = "未定" if row.Index in dirt.no_date else f"{row.date:%Y-%m-%d}" if row.Index in dirt.full_width else row.date
        amount = "待定" if row.Index in dirt.no_amount else int(row.amount)
        line = [row.order_id, day, row.account, names[row.person_id], row.product, row.line, row.quantity, amount,
                row.cost, "是" if row.new else "否"]
        for _ in range(1 + (row.Index in dirt.twice)):
            rows.append(line)
            months.append(row.date.month)
    write_ledger(folder / file, f"销售订单明细表 {year}年  币别：人民币  单位：元",
                 ["单据编号", "日期", "客户", "销售员", "物料", "产品线", "数量", "价税合计", "成本金额", "是否新客户"],
                 rows, months, 7, "制表人：财务部")


def crm_english(folder: Path, file: str, books: Books, year: int, draw: np.random.Generator,
                since: str = "01-01") -> None:
    """Write a report of an English CRM: ISO days, a footer, perhaps the last days of the year before once more."""
    orders, names = books.orders, _names(books)
    first = f"{year - (since > '06')}-{since}"
    orders = orders[(orders.date >= first) & (orders.date < f"{year + 1}-01-01")]
    dirt, rows = Dirt(orders[orders.date.dt.year == year], draw), []
    for row in orders.itertuples():
        line = [row.order_id, "TBC" if row.Index in dirt.no_date else f"{row.date:%Y-%m-%d}",
                "" if row.Index in dirt.by_name else row.person_id, names[row.person_id], row.account, row.product_id,
                row.product, row.line, row.quantity, "TBD" if row.Index in dirt.no_amount else f"{row.amount:.2f}",
                f"{row.cost:.2f}", "Yes" if row.new else "No"]
        rows += [line] * (1 + (row.Index in dirt.twice))
    write_text(folder / file, ["Order Number", "Order Date", "Employee Number", "Order Owner", "Account Name",
                               "Product Code", "Product Name", "Product Line", "Quantity", "Amount", "Cost",
                               "New Customer"], rows, footer=("Confidential Information - Do Not Distribute",))


def cloud_orders(folder: Path, file: str, books: Books, year: int, draw: np.random.Generator) -> None:
    """Write an export of a cloud form: tab-separated, days as world time, 16:00 of the day before."""
    orders, names = _of_year(books, year), _names(books)
    dirt, rows = Dirt(orders, draw), []
    for row in orders.itertuples():
        line = [row.order_id, "" if row.Index in dirt.no_date else _world_time(row.date), row.person_id,
                names[row.person_id], row.account, row.product_id, row.product, row.line, row.quantity,
                "—" if row.Index in dirt.no_amount else f"¥{row.amount:,}" if row.Index in dirt.full_width else row.amount,
                row.cost, "是" if row.new else "否"]
        rows += [line] * (1 + (row.Index in dirt.twice))
    write_text(folder / file, ["订单编号", "订单日期", "工号", "销售员", "客户名称", "产品编码", "产品名称", "产品线",
                               "数量", "订单金额(元)", "成本(元)", "是否新客户"], rows, sign="\t")


def opportunities(folder: Path, file: str, books: Books) -> None:
    """Write opportunities as the CRM gives them away: times in milliseconds since 1970."""
    names, rows = _names(books), []
    status = {"won": "赢单", "lost": "输单"}
    for row in books.opportunities.itertuples():
        rows.append([row.opportunity_id, row.account, row.person_id, names[row.person_id], row.product_id, row.product,
                     row.stage, row.amount, _milliseconds(row.created), _milliseconds(row.closed), status[row.status]])
    write_text(folder / file, ["商机编号", "客户名称", "负责人工号", "负责人", "产品编码", "产品名称", "销售阶段",
                               "预计金额(元)", "创建时间", "结单日期", "商机状态"], rows)


def activity_log(folder: Path, file: str, books: Books) -> None:
    """Write the weekly log with its days as world time."""
    rows = [[_world_time(row.date), row.person_id, row.type, row.count] for row in books.log.itertuples(name="Row")]
    write_text(folder / file, ["活动日期", "工号", "活动类型", "次数"], rows, sign="\t")


def roster_workbook(folder: Path, file: str, books: Books) -> None:
    """Write the roster as an Excel sheet with a title line and a second sheet of everybody's teams."""
    people = [[p.department, p.team, p.person_id, p.name, p.role, p.hire, p.leave] for p in books.people.itertuples()]
    teams = [[p.person_id, p.name, p.department, p.team, p.hire, p.leave] for p in books.people.itertuples()]
    write_sheets(folder / file, {
        "花名册": ("销售人员花名册", ["部门", "小组", "工号", "姓名", "岗位", "入职日期", "离职日期"], people),
        "调岗记录": ("", ["工号", "姓名", "部门", "小组", "开始日期", "结束日期"], teams)})


def roster_text(folder: Path, file: str, books: Books) -> None:
    """Write the roster as text with a byte order mark and days such as 2019.3.4."""
    def day(value: Any) -> str:
        return "" if pd.isna(value) else f"{value.year}.{value.month}.{value.day}"

    rows = [[p.person_id, p.name, p.role, p.department, p.team, day(p.hire), day(p.leave)]
            for p in books.people.itertuples()]
    write_text(folder / file, ["工号", "姓名", "岗位", "部门", "小组", "入职日期", "离职日期"], rows,
               encoding="utf-8-sig")


def goals_wide(folder: Path, file: str, books: Books) -> None:
    """Write goals as a sheet for each year: people by months, in ten thousands of yuan; blank is not set."""
    place, sheets = books.people.set_index("person_id"), {}
    months = [f"{month}月" for month in range(1, 13)]
    for year, goals in books.goals.groupby("year"):
        table = goals.pivot_table(index="person_id", columns="month", values="goal", aggfunc="sum")
        rows = [[place.department[who], place.team[who], who, place.name[who],
                 *(None if np.isnan(value) else value / 10000 for value in row)]
                for who, row in zip(table.index, table.reindex(columns=range(1, 13)).to_numpy(), strict=True)]
        sheets[f"{year}年"] = (f"{year}年销售目标分解表（万元）",
                              ["部门", "小组", "工号", "姓名", *(f"{month}（万元）" for month in months)], rows)
    write_sheets(folder / file, sheets)


def goals_long(folder: Path, file: str, books: Books) -> None:
    """Write goals as one row for each person and month."""
    names = _names(books)
    rows = [[f"{g.year}年{g.month}月", g.person_id, names[g.person_id], g.goal] for g in books.goals.itertuples()]
    write_text(folder / file, ["月份", "工号", "姓名", "目标金额(元)"], rows)
