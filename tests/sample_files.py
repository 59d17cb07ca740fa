"""The sample company's exports and truth, read with other means than salesgoals: csv, openpyxl."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd

from salesgoals.tables import read_table

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
INBOX, TRUTH = SAMPLES / "inbox", SAMPLES / "truth"


@cache
def truth(name: str) -> pd.DataFrame:
    return read_table(TRUTH, name)


@cache
def facts() -> dict:
    return tomllib.loads((TRUTH / "facts.toml").read_text(encoding="utf-8"))


@cache
def dirt(file: str, table: str) -> dict:
    books = tomllib.loads((TRUTH / "dirt.toml").read_text(encoding="utf-8"))["file"]
    return next(entry for entry in books if (entry["file"], entry["table"]) == (file, table))


@cache
def planted() -> pd.DataFrame:
    return pd.read_csv(TRUTH / "planted_rows.csv", dtype=str, keep_default_na=False).assign(
        row=lambda t: t.row.astype(int), kept=lambda t: t.kept == "True")


def number(text: str) -> Decimal:
    """Read a number as a person would: full-width digits, signs of money, thousands, parentheses."""
    plain = text.translate({0xFF10 + n: str(n) for n in range(10)} | {0xFF0E: "."})
    plain = plain.replace("\uffe5", "").replace(",", "")
    return -Decimal(plain[1:-1]) if plain.startswith("(") else Decimal(plain)


def number_or_none(value: object) -> Decimal | None:
    try:
        return number(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def day_or_none(value: object) -> date | None:
    """Read a day as it stands in the orders' exports."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int | float):
        return date(1899, 12, 30) + timedelta(days=int(value))
    try:
        return date(*(int(part) for part in str(value).replace("/", "-").split("-")))
    except (ValueError, TypeError):
        return None


def read_text_orders(file: str, encoding: str, names: dict[str, str], factor: int) -> pd.DataFrame:
    text = (INBOX / file).read_bytes().decode(encoding)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    end = next((n for n, line in enumerate(lines) if not line), len(lines))
    rows = pd.DataFrame(lines[1:end], columns=lines[0]).rename(columns=names)
    rows["row"], rows["sheet"] = range(2, end + 1), ""
    amount = rows.amount.map(number_or_none)
    return rows.assign(amount=[value if value is None else value * factor for value in amount],
                       cost=rows.cost.map(number), quantity=rows.quantity.map(number),
                       new_customer=rows.new_customer.isin(["新", "Yes"]), raw_date=rows.date,
                       date=rows.date.map(day_or_none))


@cache
def orders_of(file: str) -> pd.DataFrame:
    """Every data row of one export; person, account and product by id or, in the ERP's list, by name."""
    if file == "orders_2024.csv":
        names = {"订单编号": "order_id", "行号": "line", "下单日期": "date", "工号": "person",
                 "销售员": "person_name", "客户编号": "account", "产品编码": "product", "数量": "quantity",
                 "金额(万元)": "amount", "成本(元)": "cost", "新老客户": "new_customer"}
        return read_text_orders(file, "gbk", names, 10_000)
    if file == "orders_2026h1_salesforce.csv":
        names = {"Order Number": "order_id", "Line Number": "line", "Order Date": "date",
                 "Employee Number": "person", "Order Owner": "person_name", "Account Number": "account",
                 "Product Code": "product", "Quantity": "quantity", "Amount": "amount", "Cost": "cost",
                 "New Customer": "new_customer"}
        return read_text_orders(file, "utf-8", names, 1)
    book, rows = openpyxl.load_workbook(INBOX / file), []
    for sheet in book.worksheets:
        for place, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if cells and str(cells[0]).startswith("XS"):
                rows.append([sheet.title, place, *cells])
    columns = ["sheet", "row", "order_id", "line", "raw_date", "account", "team", "person", "product",
               "quantity", "price", "raw_amount", "cost", "new_customer"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return table.assign(amount=table.raw_amount.map(number_or_none), cost=table.cost.map(number_or_none),
                        line=table.line.astype(str), date=table.raw_date.map(day_or_none),
                        new_customer=table.new_customer == "是")


def lines_of_truth() -> pd.DataFrame:
    orders = truth("orders")
    return orders.assign(key=orders.order_id + "/" + orders.line)
