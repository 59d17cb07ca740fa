"""Floors, caps and pins: what a person wrote, with every doubt named, as wishes in whole units."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesgoals.allocation.finder import Finder, Place, is_blank
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.values import parse_numbers
from salesgoals.words import all_words

LIMIT_COLUMNS = ["scope", "name", "month", "product_line", "floor", "cap", "pin", "reason"]
KINDS = ("floor", "cap", "pin")


@dataclass(frozen=True)
class Wish:
    """One limit in whole units: on a node of the organisation, maybe only in one month or product line."""

    level: str  # company, department, team or person
    node: Any  # department, (department, team) or person_id; None for the company
    name: str
    month: int | None
    product: int | None
    low: float
    high: float
    row: int | None = None

    @property
    def place(self) -> Place:
        """What the wish is about; two wishes about the same place add up to one."""
        return self.level, self.node, self.month, self.product


def parse_limit(text: str, kind: str = "pin") -> dict[str, Any]:
    """Read one limit as it is typed: ``P007=120000``, ``华东一组@2026-03=50000`` or ``P007/净水器=30000``.

    Parameters
    ----------
    text : str
        Name, then ``@month`` and ``/product line`` if the limit is only about these, then ``=amount``.
        The name is a person (id or name), a team, ``department/team``, a department, a product line or a
        month.
    kind : str
        ``"floor"``, ``"cap"`` or ``"pin"``.

    Returns
    -------
    dict
        One row for the limits table (columns ``LIMIT_COLUMNS``); the scope is left open and found out from
        the name later.

    Raises
    ------
    SalesgoalsError
        If there is no name, no amount or no "=".

    Examples
    --------
    >>> row = parse_limit("Ann@2026-03/pumps=5e4", "cap")
    >>> row["name"], row["month"], row["product_line"], row["cap"]
    ('Ann', '2026-03', 'pumps', '5e4')
    >>> parse_limit("P007/pumps=30000")["name"]
    'P007/pumps'
    """
    name, equals, amount = (part.strip() for part in str(text).rpartition("="))
    if not (name and equals and amount) or kind not in KINDS:
        raise SalesgoalsError(Problem("decompose.limit_form", found=text))
    row: dict[str, Any] = {**dict.fromkeys(LIMIT_COLUMNS), kind: amount, "row": None}
    name, at, rest = name.partition("@")
    if at:
        month, _, product = rest.partition("/")
        row["month"], row["product_line"] = month.strip(), product.strip() or None
    row["name"] = name.strip()
    return row


def parse_amount(value: Any) -> float | None:
    """Read one amount as people write it; None if it is no number (a blank is not asked for here).

    Examples
    --------
    >>> parse_amount("120,000"), parse_amount("1.5亿"), parse_amount("soon")
    (120000.0, 150000000.0, None)
    """
    if isinstance(value, bool):
        return None
    try:
        return float(value)  # nearly all are plain numbers: the full reader is for the rest
    except (TypeError, ValueError):
        parsed = parse_numbers(pd.Series([value], dtype=object), "")
        number = parsed.values.iloc[0]
        return None if number is None or parsed.bad.iloc[0] or parsed.percent else float(number)


def name_columns(limits: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Find the columns of a limits table under their Chinese or English headings.

    Returns
    -------
    tuple of (pandas.DataFrame, list of Problem)
        The table with the columns ``LIMIT_COLUMNS`` and "row", and what is wrong with the headings.
    """
    known = {}
    for column in LIMIT_COLUMNS:
        known[column] = column
        for texts in all_words()[f"decompose.limit_column.{column}"].values():
            known.update(dict.fromkeys(texts.lower().split("|"), column))
    known["row"] = "row"
    problems, renamed = [], {}
    for column in limits.columns:
        meant = known.get(str(column).strip().lower())
        if meant is None:
            near = difflib.get_close_matches(str(column).lower(), known, 1)
            problems.append(Problem("decompose.limit_column_unknown", found=str(column),
                                    nearest=near[0] if near else "name"))
        else:
            renamed[column] = meant
    table = limits[list(renamed)].rename(columns=renamed)
    if "row" not in table:
        table = table.assign(row=range(2, len(table) + 2))
    if "name" not in table:
        problems.append(Problem("decompose.limit_no_name"))
    return table.reindex(columns=[*LIMIT_COLUMNS, "row"]).astype(object), problems


def read_limits(limits: pd.DataFrame | None, people: pd.DataFrame, months: Sequence[pd.Timestamp],
                product_lines: Sequence[str], unit: int) -> tuple[list[Wish], list[Problem]]:
    """Read a table of floors, caps and pins, and name everything in it that cannot be meant.

    Parameters
    ----------
    limits : pandas.DataFrame or None
        One limit a row: scope (department, team, person, month, product_line; blank: found out from the
        name), name, month, product_line (blank: all of them), floor, cap, pin (blank: not set), reason.
    people : pandas.DataFrame
        Everyone in the plan: person_id, person, department, team.
    months : sequence of pandas.Timestamp
        The months of the plan.
    product_lines : sequence of str
        The product lines of the plan.
    unit : int
        Pins are multiples of it; floors are taken up, caps down to one.

    Returns
    -------
    tuple of (list of Wish, list of Problem)
        Amounts of wishes in units. The problems are all that were found, not only the first.
    """
    if limits is None or not len(limits):
        return [], []
    table, problems = name_columns(limits)
    finder = Finder(people, months, product_lines)
    wishes: dict[tuple[Any, ...], Wish] = {}
    for row in table.to_dict("records") if not problems else []:
        wish, found = _read_row(row, finder, unit)
        problems += found
        if wish is None:
            continue
        before = wishes.get(wish.place)
        if before is not None:
            low, high = max(wish.low, before.low), min(wish.high, before.high)
            if low > high:
                problems.append(Problem("decompose.limits_disagree", row=wish.row, node=wish.name,
                                        floor=low * unit, cap=high * unit))
                continue
            wish = Wish(*wish.place[:2], wish.name, *wish.place[2:], low, high, wish.row)
        wishes[wish.place] = wish
    return list(wishes.values()), problems


def _read_row(row: dict[str, Any], finder: Finder, unit: int) -> tuple[Wish | None, list[Problem]]:
    number = None if is_blank(row["row"]) else int(row["row"])
    target, problems = finder.find(row, number)
    name = finder.label(target) if target else str(row["name"])
    amounts: dict[str, float] = {}
    for kind in KINDS:
        if is_blank(row[kind]):
            continue
        amount = parse_amount(row[kind])
        if amount is None or not math.isfinite(amount):
            problems.append(Problem("decompose.limit_not_number", row=number, column=kind,
                                    found=row[kind], node=name))
        elif amount < 0:
            problems.append(Problem("decompose.limit_negative", row=number, column=kind,
                                    found=row[kind], node=name))
        else:
            amounts[kind] = amount / unit
    if not amounts and not problems:
        return None, [Problem("decompose.limit_empty", level="note", row=number, node=name)]
    low, high = amounts.get("floor", 0.0), amounts.get("cap", math.inf)
    if low > high:
        problems.append(Problem("decompose.floor_above_cap", row=number, node=name, floor=low * unit,
                                cap=high * unit))
    pin = amounts.get("pin")
    if pin is not None:
        below = math.floor(pin + 1e-9)
        if abs(pin - round(pin)) > 1e-9:
            problems.append(Problem("decompose.pin_not_multiple", row=number, node=name,
                                    pin=amounts["pin"] * unit, unit=unit, below=below * unit,
                                    above=(below + 1) * unit))
        if not low <= pin <= high:
            problems.append(Problem("decompose.pin_outside", row=number, node=name, pin=pin * unit,
                                    floor=low * unit, cap=high * unit))
        low = high = float(round(pin))
    else:
        low, high = math.ceil(low - 1e-9), high if math.isinf(high) else math.floor(high + 1e-9)
        if low > high and not problems:
            problems.append(Problem("decompose.no_multiple_between", row=number, node=name, unit=unit,
                                    floor=amounts["floor"] * unit, cap=amounts["cap"] * unit))
    if target is not None and target[2] is not None and target[3] is not None:
        if target[0] != "person":
            problems.append(Problem("decompose.limit_crosses", row=number, node=name))
        elif pin is None:
            problems.append(Problem("decompose.cell_pin_only", row=number, node=name))
    if target is None or any(problem.level == "stop" for problem in problems):
        return None, problems
    return Wish(target[0], target[1], name, target[2], target[3], low, high, number), problems
