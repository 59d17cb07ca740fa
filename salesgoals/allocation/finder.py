"""Whom or what a name means: people, teams, departments, months and product lines of one plan."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.words import all_words, say

SOME = 6  # names shown as examples when none is close
SCOPES = ("department", "team", "person", "month", "product_line")

#: level (company, department, team, person), node, number of the month, number of the product line
Place = tuple[str, Any, int | None, int | None]


def parse_month(value: Any) -> pd.Timestamp | None:
    """Read a month as people write it, 2026-03, 2026/3 or 2026年3月; None if it is not one.

    Examples
    --------
    >>> parse_month("2026年3月")
    Timestamp('2026-03-01 00:00:00')
    >>> parse_month("2026-13") is None
    True
    """
    if isinstance(value, (pd.Timestamp, pd.Period)) or hasattr(value, "year"):
        return None if pd.isna(value) else pd.Timestamp(year=value.year, month=value.month, day=1)
    text = re.sub(r"\s+", "", str(value))
    found = re.fullmatch(r"(\d{4})\D?(\d{1,2})(?:\D|\D0?1(?:T?00:00:00)?)?", text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1900:
        return None
    return pd.Timestamp(year=int(found[1]), month=int(found[2]), day=1)


def is_blank(value: Any) -> bool:
    """Tell whether a cell of the limits table says nothing; zero says something."""
    return value is None or (isinstance(value, str) and not value.strip()) or (
        not isinstance(value, (list, tuple)) and bool(pd.isna(value)))


class Finder:
    """Finds out whom a name means: ids first, then names, never guessing between two."""

    def __init__(self, people: pd.DataFrame, months: Sequence[pd.Timestamp],
                 product_lines: Sequence[str]) -> None:
        self.months = {month: at for at, month in enumerate(months)}
        self.products = {line: at for at, line in enumerate(product_lines)}
        self.people = dict(zip(people.person_id, people.person, strict=True))
        self.departments = dict.fromkeys(people.department)
        self.teams = dict.fromkeys(zip(people.department, people.team, strict=True))
        self.scopes: dict[str, str] = {}
        for scope in SCOPES:
            self.scopes[scope] = scope
            for texts in all_words()[f"decompose.scope.{scope}"].values():
                self.scopes.update(dict.fromkeys(texts.lower().split("|"), scope))

    def label(self, target: Place) -> str:
        """Write a place the way it is typed: name@month/product line."""
        level, node, month, product = target
        if level == "company":
            names = [f"{list(self.months)[month]:%Y-%m}"] if month is not None else []
            return "/".join(names + ([list(self.products)[product]] if product is not None else []))
        name = "/".join(node) if level == "team" else str(node)
        if level == "person" and self.people[node] != node:
            name = say("decompose.person_named", person=self.people[node], person_id=node)
        at = f"@{list(self.months)[month]:%Y-%m}" if month is not None else ""
        return name + at + (f"/{list(self.products)[product]}" if product is not None else "")

    def find(self, row: dict[str, Any], number: int | None) -> tuple[Place | None, list[Problem]]:
        """Find the place one row of limits is about, or say why it cannot be found."""
        problems: list[Problem] = []
        scope = None
        if not is_blank(row["scope"]):
            scope = self.scopes.get(str(row["scope"]).strip().lower())
            if scope is None:
                problems.append(Problem("decompose.scope_unknown", row=number, found=row["scope"],
                                        scopes=", ".join(say(f"decompose.scope.{s}").split("|")[0]
                                                         for s in SCOPES)))
        name = row["name"]
        if is_blank(name) and scope in ("month", "product_line"):
            name, row = row[scope], {**row, scope: None}
        month = self._month(row["month"], number, problems)
        product = self._product(row["product_line"], number, problems)
        if problems:
            return None, problems
        if is_blank(name):
            return None, [Problem("decompose.limit_no_name", row=number)]
        text = str(name).strip() if not hasattr(name, "year") else name
        found = self._all(text, scope)
        if not found and isinstance(text, str) and "/" in text and product is None:
            head, _, tail = text.rpartition("/")
            if tail.strip() in self.products:
                found, product = self._all(head.strip(), scope), self.products[tail.strip()]
        if len(found) == 1:
            level, node, own_month, own_product = found[0]
            if (own_month, own_product) != (None, None) and (month, product) != (None, None):
                return None, [Problem("decompose.limit_crosses", row=number, node=self.label(
                    ("company", None, month if own_month is None else own_month,
                     product if own_product is None else own_product)))]
            return (level, node, month if own_month is None else own_month,
                    product if own_product is None else own_product), []
        return None, [self._why_not(text, scope, found, number)]

    def _all(self, text: Any, scope: str | None) -> list[Place]:
        """Return everything a name can mean, people by id before people by name."""
        found: list[Place] = []
        if scope in (None, "person"):
            ids = [text] if text in self.people else [i for i, name in self.people.items() if name == text]
            found += [("person", one, None, None) for one in ids]
        if scope in (None, "team"):
            found += [("team", pair, None, None) for pair in self.teams if text in (pair[1], "/".join(pair))]
        if scope in (None, "department") and text in self.departments:
            found.append(("department", text, None, None))
        if scope in (None, "product_line") and text in self.products:
            found.append(("company", None, None, self.products[text]))
        if scope in (None, "month") and parse_month(text) in self.months:
            found.append(("company", None, self.months[parse_month(text)], None))
        if scope is None and {target[0] for target in found} == {"department", "team"}:
            departments = [target for target in found if target[0] == "department"]
            if len(found) == 2 and found[0][1][0] == departments[0][1]:
                return departments  # a department with one team of the same name: the same people
        return found

    def _why_not(self, text: Any, scope: str | None, found: list[Any], number: int | None) -> Problem:
        if found and all(target[0] == "person" for target in found):
            return Problem("decompose.name_shared", row=number, name=text, count=len(found),
                           ids=", ".join(target[1] for target in found))
        if found:
            return Problem("decompose.name_ambiguous", row=number, name=text, choices=", ".join(
                f"{say('decompose.scope.' + self._scope(t)).split('|')[0]} {self.label(t)}" for t in found))
        choices = {
            "person": [*self.people, *self.people.values()], "department": [*self.departments],
            "team": [pair[1] for pair in self.teams] + ["/".join(pair) for pair in self.teams],
            "product_line": [*self.products], "month": [f"{month:%Y-%m}" for month in self.months]}
        known = choices[scope] if scope else [name for names in choices.values() for name in names]
        return self._unknown(scope or "any", str(text), known, number)

    @staticmethod
    def _scope(target: Place) -> str:
        return target[0] if target[0] != "company" else "month" if target[2] is not None else "product_line"

    @staticmethod
    def _unknown(scope: str, text: str, known: Sequence[str], number: int | None) -> Problem:
        known = list(dict.fromkeys(known))
        near = difflib.get_close_matches(text, known, 1, cutoff=.5)
        hint = say("decompose.nearest", nearest=near[0]) if near else say(
            "decompose.some_known", known=", ".join([*known[:SOME], "..."] if len(known) > SOME else known))
        return Problem(f"decompose.unknown.{scope}", row=number, name=text, hint=hint)

    def _month(self, value: Any, number: int | None, problems: list[Problem]) -> int | None:
        if is_blank(value):
            return None
        month = parse_month(value)
        if month in self.months:
            return self.months[month]
        problems.append(self._unknown("month", str(value), [f"{m:%Y-%m}" for m in self.months], number))
        return None

    def _product(self, value: Any, number: int | None, problems: list[Problem]) -> int | None:
        if is_blank(value):
            return None
        if str(value).strip() in self.products:
            return self.products[str(value).strip()]
        problems.append(self._unknown("product_line", str(value), list(self.products), number))
        return None
