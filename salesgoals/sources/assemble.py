"""All sheets together: who is who, what is what, each line once, and the canonical tables that result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.checks import check_currency, check_orders, check_stages, set_aside_too_large
from salesgoals.sources.duplicates import keep_one_of_each, over_credited, set_duplicates_aside
from salesgoals.sources.parts import Part, as_floats, row_texts
from salesgoals.sources.people import PEOPLE, Staff, list_people, people_from_rows, refer_to_people
from salesgoals.sources.products import complete_lines, derive_accounts
from salesgoals.sources.refs import Directory, alias_problem, find_all, refer_to, unresolved
from salesgoals.sources.teams import MEMBERSHIP, build_membership, spans_from_sales
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workspace import Settings

#: who sells, where no column names a person: team, then region, then department
STAND_INS = ("team", "region", "department")


@dataclass
class Assembled:
    """The canonical tables, where each of their rows came from, and what was found on the way."""

    tables: dict[str, pd.DataFrame]
    origins: dict[str, pd.DataFrame]     # table -> part (number) of each of its rows
    problems: list[Problem] = field(default_factory=list)


def assemble(parts: list[Part], settings: Settings, aliases: Mapping[str, Mapping[str, str]],
             rates: Mapping[str, float], today: pd.Timestamp) -> Assembled:
    """Bring the sheets together into the canonical tables.

    Parameters
    ----------
    parts : list of Part
        Every sheet that is a table; what is set aside is marked in place.
    settings : Settings
        The company's currency and choices.
    aliases, rates : mapping
        Other spellings, and exchange rates, from mapping.toml.
    today : Timestamp
        Days after it are in the future.
    """
    by_table: dict[str, list[Part]] = {
        name: [p for p in parts if p.table == name] for name in (*TABLES, "returns")
    }
    problems = check_currency(by_table["orders"] + by_table["opportunities"], settings, rates)
    set_aside_too_large(parts)
    staff = _staff(by_table, aliases.get("person", {}), problems)
    for name in ("orders", "opportunities", "activities", "goals", "accounts"):
        for part in by_table[name]:
            refer_to_people(part, staff)
    products = _products(by_table, aliases.get("product", {}))
    accounts = _accounts(by_table, aliases.get("account", {}))
    problems += alias_problem(aliases, {"person": staff.directory, "product": products, "account": accounts})
    set_duplicates_aside(by_table["orders"])
    keep_one_of_each(by_table["opportunities"], "opportunity_id")
    check_stages(by_table["opportunities"])
    _keep_goals_once(by_table["goals"])
    for part in by_table["market"]:
        part.frame["key"] = row_texts(part.frame[["month", "segment", "source"]])
    keep_one_of_each(by_table["market"], "key")
    _mark_returns(by_table, settings)
    membership = staff.membership
    if len(membership) == 0:
        membership, found = spans_from_sales(by_table["orders"] + by_table["opportunities"])
        problems += found
    staff = Staff(staff.people, membership, staff.directory, staff.listed)
    for part in by_table["orders"]:
        check_orders(part, staff.people if staff.listed else staff.people.iloc[:0], today)
    complete_lines(by_table, products)
    tables: dict[str, pd.DataFrame] = {}
    origins: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        tables[name], origins[name] = _stack(name, by_table[name])
    tables["people"] = as_table("people", staff.people)
    tables["membership"] = as_table("membership", membership.reindex(columns=MEMBERSHIP))
    if len(tables["accounts"]) == 0:
        tables["accounts"] = derive_accounts(by_table["orders"])
    problems += over_credited(tables["orders"])
    return Assembled(tables, origins, problems)


def _stack(name: str, parts: list[Part]) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = TABLES[name].columns
    frames, origins = [], []
    for number, part in enumerate(parts):
        kept = part.frame[part.kept]
        frame = kept[[column for column in columns if column in kept]].copy()
        for column in frame.columns:
            if (
                TABLES[name].field(column).kind in ("money", "number", "share")
                and frame[column].dtype == object
            ):
                frame[column] = as_floats(frame[column])
        frames.append(frame)
        origins.append(pd.DataFrame({"part": number, "position": kept.index}))
    if not frames:
        return empty_table(name), pd.DataFrame(columns=["part", "position"])
    return as_table(name, pd.concat(frames, ignore_index=True)), pd.concat(origins, ignore_index=True)


def _staff(by_table: Mapping[str, list[Part]], aliases: Mapping[str, str], problems: list[Problem]) -> Staff:
    people, found = list_people(by_table["people"])
    problems += found
    listed = len(people) > 0
    working = [p for name in ("orders", "opportunities", "activities", "goals") for p in by_table[name]]
    if not listed:
        for part in working[:]:
            _stand_in(part)
        people = people_from_rows(by_table["membership"] + working, people)
    else:
        for part in by_table["orders"] + by_table["opportunities"]:
            if not {"person_id", "person"} & set(part.frame):
                part.tell(part.kept, "collect.no_person", column=None)
    directory = Directory(people.person_id, people.name, aliases)
    if listed and "manager_id" in people:
        bosses = find_all(
            directory, people.manager_id.where(people.manager_id.notna(), None), None, people.index
        )
        people = people.assign(manager_id=bosses.ids)
    membership, found = build_membership(by_table["people"], by_table["membership"], people, directory)
    problems += found
    return Staff(people.reindex(columns=PEOPLE), membership, directory, listed)


def _stand_in(part: Part) -> None:
    """Without any person column the team or region stands in for the person; without that nobody does."""
    if part.table not in ("orders", "opportunities") or {"person_id", "person"} & set(part.frame):
        return
    name = next((name for name in STAND_INS if name in part.frame), None)
    if name is None:
        part.tell(part.kept, "collect.no_person")
        return
    part.frame["person_id"] = part.frame[name]
    part.stand_in = name
    part.tell(part.kept, "collect.person_stand_in", column=part.mapping.columns.get(name))


def _directory(parts: list[Part], thing: str, aliases: Mapping[str, str]) -> Directory:
    rows = [part.frame[part.kept] for part in parts]
    name = {"product": "product", "account": "name"}[thing]
    pairs = [pd.DataFrame({"id": frame[f"{thing}_id"], "name": frame.get(name)})
             for frame in rows]
    table = (
        pd.concat(pairs, ignore_index=True) if pairs else pd.DataFrame({"id": [], "name": []}, dtype=object)
    )
    return Directory(table.id, table.name, aliases)


def _ids_of_list(part: Part, thing: str, name: str) -> None:
    frame = part.frame
    texts = frame[name] if name in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
    number = frame.get(f"{thing}_id", texts)
    frame[f"{thing}_id"] = number.where(number.notna(), texts)
    column = part.mapping.columns.get(f"{thing}_id") or part.mapping.columns.get(name)
    part.set_aside(frame[f"{thing}_id"].isna(), "collect.key_missing", column=column)


def _products(by_table: Mapping[str, list[Part]], aliases: Mapping[str, str]) -> Directory:
    for part in by_table["products"]:
        _ids_of_list(part, "product", "product")
    keep_one_of_each(by_table["products"], "product_id")
    directory = _directory(by_table["products"], "product", aliases)
    for name in ("orders", "opportunities"):
        for part in by_table[name]:
            refer_to(part, directory, "product")
            _note_unknown(part, directory, "product")
    return directory


def _accounts(by_table: Mapping[str, list[Part]], aliases: Mapping[str, str]) -> Directory:
    for part in by_table["accounts"]:
        _ids_of_list(part, "account", "name")
    keep_one_of_each(by_table["accounts"], "account_id")
    directory = _directory(by_table["accounts"], "account", aliases)
    for name in ("orders", "opportunities", "activities"):
        for part in by_table[name]:
            refer_to(part, directory, "account")
            _note_unknown(part, directory, "account")
    return directory


def _note_unknown(part: Part, directory: Directory, thing: str) -> None:
    ids = part.frame.get(f"{thing}_id")
    if ids is not None and len(directory):
        part.unknown[f"{thing}_id"] = set(ids[unresolved(part, directory, thing)].dropna())


def _mark_returns(by_table: Mapping[str, list[Part]], settings: Settings) -> None:
    """Orders that a list of returns names are marked; one order stays as many rows as it has."""
    numbers: set[str] = set()
    for part in by_table["returns"]:
        yes = part.frame.returned.map(lambda value: value is not False)
        numbers |= set(part.frame.order_id[yes & part.kept].dropna())
    if not numbers:
        return
    for part in by_table["orders"]:
        if "order_id" not in part.frame:
            continue
        marked = part.frame.order_id.isin(numbers)
        part.frame["returned"] = part.frame.returned.where(~marked, True)
        if settings.returned_orders == "subtract":
            part.set_aside(marked & (as_floats(part.frame.amount) > 0), "collect.returned_out", level="note",
                           column=part.mapping.columns.get("order_id"), found=part.frame.order_id)
        else:
            part.tell(
                marked, "collect.returned_kept", level="note", column=part.mapping.columns.get("order_id")
            )


def _keep_goals_once(parts: list[Part]) -> None:
    """The same goal in two files counts once; two different goals for one person and month are said."""
    names = ("department", "team", "person_id", "period_start", "period_end", "product_line", "metric")
    seen: dict[tuple[str, ...], float] = {}
    for part in parts:
        stated = ("version", *names) if "version" in part.mapping.columns else names
        frame = part.frame
        keys = [tuple(map(str, row)) for row in zip(*(
            frame[name] if name in frame else [None] * len(frame) for name in stated), strict=True)]
        values = as_floats(frame.goal)
        again, other = [], []
        for key, value, kept in zip(keys, values, part.kept, strict=True):
            again.append(kept and key in seen and seen[key] == value)
            other.append(kept and key in seen and seen[key] != value)
            if kept:
                seen.setdefault(key, value)
        shown = frame.person_id if "person_id" in frame else None
        part.set_aside(pd.Series(again, index=frame.index), "collect.duplicate", level="note", found=shown)
        part.tell(pd.Series(other, index=frame.index), "collect.goal_twice", found=shown)
