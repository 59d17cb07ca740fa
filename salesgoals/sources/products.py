"""Product lines of products and orders, and accounts where only the orders name them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.sources.parts import Part
from salesgoals.sources.refs import Directory
from salesgoals.tables import as_table, empty_table
from salesgoals.words import say

#: up to so many products each may be its own line where nobody says lines
FEW = 30


def complete_lines(by_table: Mapping[str, list[Part]], directory: Directory) -> None:
    """Give every product its line, and every order and deal the line of its product.

    A product without a line is set aside (its orders stay); a list without any lines makes each product its
    own line, or all of them one.
    """
    orders = [part for name in ("orders", "opportunities") for part in by_table[name]]
    sold = (
        set().union(
            *(part.frame.product_id[part.kept].dropna() for part in orders if "product_id" in part.frame)
        )
        if orders
        else set()
    )
    for part in by_table["products"]:
        _lines_of_products(part, sold)
    lines = {product: line for part in by_table["products"] for product, line in
             zip(part.frame.product_id[part.kept], part.frame.product_line[part.kept], strict=True)}
    for part in orders:
        frame = part.frame
        if "product_id" not in frame or not lines:
            continue
        own = (
            frame.product_line
            if "product_line" in frame
            else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        )
        from_list = frame.product_id.map(lines)
        frame["product_line"] = own.where(own.notna(), from_list.where(from_list.notna(), None))


def _lines_of_products(part: Part, sold: set[str]) -> None:
    frame = part.frame
    column = part.mapping.columns.get("product_line")
    if "product_line" not in frame or not frame.product_line[part.kept].notna().any():
        names = frame.product if "product" in frame else frame.product_id
        few = int(part.kept.sum()) <= FEW
        frame["product_line"] = names if few else say("collect.all_products")
        part.tell(part.kept, "collect.lines_from_products" if few else "collect.one_line", column=column)
        return
    without = frame.product_line.isna()
    used = frame.product_id.isin(sold)
    part.set_aside(without & used, "collect.product_without_line", level="doubt", column=column,
                   found=frame.product_id)
    part.set_aside(
        without, "collect.product_without_line", level="note", column=column, found=frame.product_id
    )


def derive_accounts(orders: list[Part]) -> pd.DataFrame:
    """List the accounts that orders describe (name, segment or region), where there is no list of accounts.

    What an account's orders contradict each other about stays empty.
    """
    frames = []
    for part in orders:
        frame = part.frame[part.kept]
        if "account_id" in frame and {"account", "segment"} & set(frame.columns):
            texts = {name: frame[name] if name in frame else pd.Series([None] * len(frame), index=frame.index,
                                                                       dtype=object)
                     for name in ("account", "segment", "region")}
            frames.append(pd.DataFrame({"account_id": frame.account_id, **texts}))
    rows = pd.concat(frames, ignore_index=True).dropna(subset=["account_id"]) if frames else pd.DataFrame()
    if len(rows) == 0:
        return empty_table("accounts")
    groups = rows.groupby("account_id", sort=True)
    first, kinds = groups.first(), groups.nunique()
    table = first.where(kinds == 1).rename(columns={"account": "name"}).reset_index()
    return as_table("accounts", table)
