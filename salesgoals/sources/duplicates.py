"""The same line twice: set aside once where it is certain, named where it only looks so."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.parts import Part, row_texts

ORDER_FIELDS = (
    "order_id",
    "line",
    "date",
    "person_id",
    "account_id",
    "product_id",
    "product_line",
    "quantity",
    "amount",
    "cost",
    "new_customer",
    "returned",
    "credit_share",
    "currency",
    "department",
    "team",
    "region",
)
#: what decides across files; the rest may be missing in one of them, or be unknown there
CERTAIN = ("order_id", "line", "date", "amount", "quantity", "credit_share")


def _texts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Values as comparable texts; a Decimal 10.0 and 10.00 are one value."""
    made = {}
    for name in columns:
        column = frame[name]
        if name in ("amount", "quantity", "cost", "credit_share"):
            made[name] = pd.to_numeric(
                column.map(lambda v: None if v is None else float(v)), errors="coerce"
            ).round(4)
        elif name == "date":
            made[name] = column
        else:
            made[name] = column.map(lambda v: "" if v is None or v is pd.NA or v != v else str(v))
    return pd.DataFrame(made, index=frame.index)


def set_duplicates_aside(parts: Sequence[Part]) -> None:
    """Set aside order lines that stand twice, inside a file and across files.

    A line is a duplicate when its order number is there already with the same line, date, money and
    quantity, and nothing that both say differs. Lines without an order number are kept.

    Parameters
    ----------
    parts : sequence of Part
        The sheets of orders; persons, products and accounts are ids already. Rows are marked in place.
    """
    for part in parts:
        _inside(part)
    for number, part in enumerate(parts):
        for earlier in parts[:number]:
            _across(earlier, part)


def _inside(part: Part) -> None:
    frame = part.frame[part.kept]
    columns = [name for name in ORDER_FIELDS if name in frame]
    if "order_id" not in frame:
        texts = _texts(frame, columns)
        twice = texts.duplicated() if len(columns) >= 4 else pd.Series(False, index=frame.index)
        part.tell(twice.reindex(part.frame.index, fill_value=False), "collect.alike_without_number")
        return
    known = frame.order_id.notna()
    texts = _texts(frame, columns)
    twice = texts.duplicated() & known
    part.set_aside(twice.reindex(part.frame.index, fill_value=False), "collect.duplicate", level="note",
                   column=part.mapping.columns.get("order_id"), found=part.frame.order_id)
    blind = texts.duplicated() & ~known
    part.tell(blind.reindex(part.frame.index, fill_value=False), "collect.alike_without_number")
    _same_number_other_content(part)


def _same_number_other_content(part: Part) -> None:
    """One order number and line (or product) twice with other money, date or person: kept, but said."""
    frame = part.frame[part.kept & part.frame.order_id.notna()]
    key = ["order_id", *(name for name in ("line", "product_id") if name in frame)][:2]
    if len(key) == 1 and frame.order_id.duplicated().mean() > 0.2:
        return  # lines of orders that name neither line nor product
    if "credit_share" in frame:
        key.append("person_id")
    if not set(key) <= set(frame):
        return
    twice = row_texts(frame[key]).duplicated(keep=False) & frame[key].notna().all(axis=1)
    part.tell(twice.reindex(part.frame.index, fill_value=False), "collect.number_twice",
              column=part.mapping.columns.get("order_id"), found=part.frame.order_id)


def _across(earlier: Part, part: Part) -> None:
    """Lines of a later file that an earlier one has: the same number, and nothing known that differs."""
    if "order_id" not in earlier.frame or "order_id" not in part.frame:
        return
    one, two = earlier.frame[earlier.kept], part.frame[part.kept]
    shared = pd.Index(one.order_id.dropna()).intersection(pd.Index(two.order_id.dropna()))
    if len(shared) == 0:
        return
    one, two = one[one.order_id.isin(shared)], two[two.order_id.isin(shared)]
    columns = [name for name in ORDER_FIELDS if name in one and name in two]
    first, second = _texts(one, columns), _texts(two, columns)
    certain = [name for name in CERTAIN if name in columns]
    other = [name for name in columns if name not in certain]
    pairs = second.reset_index(names="position").merge(first, on=certain, suffixes=("", " there"))
    same = pd.Series(True, index=pairs.index)
    for name in other:
        here, there = pairs[name], pairs[f"{name} there"]
        blank = here.isin(["", "nan"]) | here.isna() | there.isin(["", "nan"]) | there.isna()
        unknown = _not_sure(part, name, here) | _not_sure(earlier, name, there)
        same &= blank | unknown | (here == there)
    found = part.frame.index.to_series().isin(pairs.position[same])
    part.set_aside(
        found,
        "collect.duplicate_elsewhere",
        level="note",
        column=part.mapping.columns["order_id"],
        found=part.frame.order_id,
    )
    if "line" in columns:
        keyed = second.reset_index(names="position").merge(first[["order_id", "line"]].drop_duplicates(),
                                                           on=["order_id", "line"])
        different = part.frame.index.to_series().isin(keyed.position) & ~found
    else:
        different = part.frame.order_id.isin(shared) & ~found
    part.tell(different, "collect.number_elsewhere", column=part.mapping.columns["order_id"],
              found=part.frame.order_id, other=earlier.sheet.file)


def _not_sure(part: Part, name: str, values: pd.Series) -> pd.Series:
    """Texts that a list does not know (a misspelt product) cannot tell two lines apart."""
    unknown = part.unknown.get(name)
    if name in ("department", "team", "region", "product_line", "returned", "cost", "new_customer"):
        return pd.Series(True, index=values.index)
    return values.isin(unknown) if unknown else pd.Series(False, index=values.index)


def keep_one_of_each(parts: Sequence[Part], key: str) -> None:
    """Keep each product, account or deal once: repeats go aside, contradictions are decided and said.

    Of deals exported twice the one that is decided (won or lost) is kept, else the later one; of products and
    accounts the first.
    """
    if not parts:
        return
    rows = pd.concat([part.frame[part.kept].assign(part=n, position=part.frame.index[part.kept])
                      for n, part in enumerate(parts)], ignore_index=True)
    if key not in rows:
        return
    rows["weight"] = (rows.status != "open").astype(int) if "status" in rows else 0
    again = rows[rows[key].notna() & rows[key].duplicated(keep=False)].copy()
    if len(again) == 0:
        return
    again["text"] = row_texts(again.drop(columns=["part", "position", "weight"]))
    again["same"] = again.duplicated([key, "text"])
    different = again[~again.same]
    by = ["weight", "part", "position"]
    order = different.sort_values(by, ascending=False) if "status" in rows else different.sort_values(by)
    lost = again[~again.index.isin(order.drop_duplicates(key).index)]
    for number, part in enumerate(parts):
        for same, code, level in ((True, "collect.duplicate", "note"), (False, "collect.key_twice", "doubt")):
            positions = lost.position[(lost.part == number) & (lost.same == same)]
            part.set_aside(part.frame.index.to_series().isin(positions), code, level=level,
                           column=part.mapping.columns.get(key), found=part.frame[key])


def same_file_twice(names: Sequence[str], fingerprints: Sequence[str]) -> dict[str, str]:
    """Find files that are byte for byte copies: copy -> the one that is kept (the shortest name).

    Examples
    --------
    >>> same_file_twice(["a (1).csv", "a.csv", "b.csv"], ["x", "x", "y"])
    {'a (1).csv': 'a.csv'}
    """
    kept: dict[str, str] = {}
    for name, mark in sorted(zip(names, fingerprints, strict=True), key=lambda pair: (len(pair[0]), pair[0])):
        kept.setdefault(mark, name)
    return {name: kept[mark] for name, mark in zip(names, fingerprints, strict=True) if kept[mark] != name}


def over_credited(orders: pd.DataFrame) -> list[Problem]:
    """Name order lines whose credit shares add up to more than the whole."""
    shared = orders[orders.credit_share.notna() & orders.order_id.notna()]
    if len(shared) == 0:
        return []
    sums = shared.groupby(
        ["order_id", shared.line.fillna(""), shared.product_id.fillna(""), "amount"]
    ).credit_share.sum()
    over = sums[sums > 1 + 1e-9]
    if len(over) == 0:
        return []
    return [Problem("collect.over_credited", level="doubt", count=len(over),
                    found=", ".join(dict.fromkeys(str(key[0]) for key in over.index[:20])))]
