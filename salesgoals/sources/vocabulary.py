"""What columns are called: the synonyms of all profiles, ready to look up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from salesgoals.sources.headers import compact, normal

#: what each table may be made from; canonical columns and the helpers that lead to them, with their kind
FIELDS: dict[str, dict[str, str]] = {
    name: dict(word.split(":") for word in text.split())
    for name, text in {
        "people": "person_id:id name:name role:text manager_id:name hire_date:date leave_date:date"
        " department:text team:text region:text",
        "membership": "person_id:id person:name from_department:text from_team:text department:text team:text"
        " valid_from:date valid_to:date",
        "products": "product_id:id product:name product_line:text list_price:number unit_cost:number",
        "accounts": "account_id:id name:name segment:text region:text person_id:id person:name"
        " potential:number",
        "orders": "order_id:id line:id date:date person_id:id person:name account_id:id account:name"
        " product_id:id product:name product_line:text quantity:number price:number discount:number"
        " amount:number cost:number unit_cost:number profit:number new_customer:flag returned:flag"
        " credit_share:number department:text team:text region:text segment:text currency:text",
        "opportunities": "opportunity_id:id person_id:id person:name account_id:id account:name product_id:id"
        " product:name product_line:text stage:text status:text won:flag lost:flag finished:flag"
        " amount:number created:date closed:date probability:number department:text team:text"
        " region:text currency:text",
        "activities": "date:date person_id:id person:name account_id:id account:name type:text count:number"
        " department:text team:text",
        "market": "month:date segment:text level:number growth:number source:text",
        "goals": "version:text department:text team:text person_id:id person:name period_start:date"
        " period_end:date product_line:text metric:text goal:number unit:text year:number month:number"
        " quarter:number",
        "returns": "order_id:id returned:flag",
    }.items()
}

#: thing -> (field that holds its id, field that holds its name), unless a table says otherwise
THINGS = {"person": ("person_id", "person"), "account": ("account_id", "account"),
          "product": ("product_id", "product"), "manager": ("manager_id", "manager_id"),
          "order": ("order_id", None), "opportunity": ("opportunity_id", None)}
#: what may follow the word of a field that is no thing: a team may have a number, a line only a name
_TAILS: dict[str, tuple[str, ...]] = {"product_line": ("name", "名称"), "segment": ("name", "名称")}
for _name in ("department", "team", "region"):
    _TAILS[_name] = ("name", "名称", "id", "key", "code", "编码", "编号")
#: the thing that a table lists: "name" or "编号" alone means its own
OWN = {"people": "person", "products": "product", "accounts": "account", "orders": "order",
       "opportunities": "opportunity", "returns": "order"}


@dataclass(frozen=True)
class Meaning:
    """One possible meaning of a header: a field, or a thing whose id or name it is, and of which kind."""

    field: str
    kind: str
    rank: int
    thing: str | None = None
    aspect: str | None = None


@dataclass
class Vocabulary:
    """All synonyms: for each table, header run together -> meanings; and the words found in cells."""

    headers: dict[str, dict[str, list[Meaning]]] = field(default_factory=dict)
    signals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    filler: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()
    systems: dict[str, frozenset[str]] = field(default_factory=dict)


def _kinds(value: list[str] | Mapping[str, list[str]]) -> Iterator[tuple[str, int, str]]:
    """(kind, its rank, synonym) of one entry, which is a list or a table of lists."""
    table = value if isinstance(value, Mapping) else {"plain": value}
    for rank, (kind, synonyms) in enumerate(table.items()):
        for synonym in synonyms:
            yield kind, rank, synonym


def _profiles() -> list[dict[str, Any]]:
    folder = resources.files("salesgoals.sources") / "profiles"
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    files.sort(key=lambda entry: (entry.name != "excel.toml", entry.name))
    return [tomllib.loads(entry.read_text(encoding="utf-8")) for entry in files]


@cache
def vocabulary() -> Vocabulary:
    """Read every profile once."""
    profiles = _profiles()
    base = profiles[0]
    found = Vocabulary(
        signals={name: tuple(word.lower() for word in words) for name, words in base["signal"].items()
                 if name != "never"},
        words={name: frozenset(compact(word) for word in words) for name, words in base["words"].items()},
        filler=frozenset(base["filler"]), never=tuple(base["signal"]["never"]))
    ranks: dict[tuple[str, str, str], int] = {}
    for table, fields in FIELDS.items():
        index: dict[str, list[Meaning]] = {}
        for profile in profiles:
            for name in fields:
                for section in (table, "any"):
                    for kind, rank, synonym in _kinds(profile.get(section, {}).get(name, [])):
                        known = ranks.setdefault((table, name, kind), rank)
                        _add(index, compact(synonym), Meaning(name, kind, known))
                        for tail in _TAILS.get(name, ()):
                            _add(index, compact(synonym) + compact(tail), Meaning(name, kind, known))
            for thing, ends in THINGS.items():
                for kind, rank, synonym in _kinds(profile.get("thing", {}).get(thing, [])):
                    known = ranks.setdefault((table, thing, kind), rank)
                    _add_thing(index, table, thing, ends, kind, known, compact(synonym), base["aspect"])
        own = OWN.get(table)
        for aspect, words in base["aspect"].items():
            for word in words:
                if own and (own == "person" or "工" not in word):
                    _add_thing(index, table, own, THINGS[own], "own", 0, compact(word), {}, aspect)
        found.headers[table] = index
    found.systems = {profile["system"]: frozenset(_names(profile)) for profile in profiles[1:]}
    return found


def _add(index: dict[str, list[Meaning]], key: str, meaning: Meaning) -> None:
    entries = index.setdefault(key, [])
    if not any((m.field, m.aspect) == (meaning.field, meaning.aspect) for m in entries):
        entries.append(meaning)


def _add_thing(
    index: dict[str, list[Meaning]],
    table: str,
    thing: str,
    ends: tuple[str, str | None],
    kind: str,
    rank: int,
    word: str,
    aspects: Mapping[str, list[str]],
    aspect: str | None = None,
) -> None:
    fields = FIELDS[table]
    id_field, name_field = ends
    if table in ("people", "accounts") and OWN[table] == thing:
        name_field = "name"
    readings = [(word, aspect)]
    readings += [(word + compact(end), which) for which, endings in aspects.items() for end in endings]
    for text, which in readings:
        if which != "name" and id_field in fields:
            _add(index, text, Meaning(id_field, kind, rank, thing, which))
        if which != "id" and name_field and name_field in fields:
            _add(index, text, Meaning(name_field, kind, rank, thing, which))


def _names(profile: Mapping[str, Any]) -> Iterator[str]:
    """Every synonym of a profile, run together."""
    for value in profile.values():
        if isinstance(value, Mapping):
            yield from _names(value)
        elif isinstance(value, list):
            yield from (compact(text) for text in value)


def has_signal(table: str, text: str) -> bool:
    """Tell whether a header, title or file name speaks of what this table holds."""
    lowered = " ".join(normal(text))
    return any(word in lowered or word in lowered.replace(" ", "") for word in vocabulary().signals[table])
