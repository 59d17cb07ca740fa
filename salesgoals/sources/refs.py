"""Who and what a row means: numbers and names in exports brought to one id, never by guessing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.parts import Part

_NAME_AND_ID = re.compile(r"^(?P<name>.+?)\s*[(（\[【/|-]\s*(?P<id>[A-Za-z]{0,4}\d[\w-]*)\s*[)）\]】]?$")
_LEFT = re.compile(r"\s*[(（\[【](?:已?离职|停用|已停用|inactive|left|former)[)）\]】]\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What became of the references of some rows: the id, and how it was found."""

    ids: pd.Series      # id, or the text itself where it is unknown; None where empty or not told apart
    how: pd.Series      # id | name | unknown | twice | empty
    options: pd.Series  # for "twice": the ids that it could be


def bare_name(name: str) -> str:
    """Write a name for comparison: no spaces between Chinese characters, no （离职） behind it.

    Examples
    --------
    >>> bare_name("张 伟（离职）"), bare_name("Moses  Frase")
    ('张伟', 'moses frase')
    """
    text = " ".join(_LEFT.sub("", name).split()).lower()
    return text if text.isascii() else text.replace(" ", "")


def split_name_and_id(text: str) -> tuple[str, str] | None:
    """Take "张伟(00017)" apart.

    Examples
    --------
    >>> split_name_and_id("张伟(00017)"), split_name_and_id("张伟")
    (('张伟', '00017'), None)
    """
    match = _NAME_AND_ID.match(text)
    return (match["name"].strip(), match["id"]) if match and not match["name"].isdigit() else None


def _loose(number: str) -> str:
    """An id without leading zeros: 00017 and 17 are one number when nobody else has it."""
    return number.lstrip("0") if number.isdigit() and number.strip("0") else number


class Directory:
    """The ids and names of one kind of thing, ready to be looked up.

    Parameters
    ----------
    ids, names : Series
        One pair for each thing; names may repeat.
    aliases : mapping, optional
        Other spelling -> right name or id, as the consultant wrote it.
    """

    def __init__(self, ids: pd.Series, names: pd.Series, aliases: Mapping[str, str] | None = None) -> None:
        self.aliases = {bare_name(key): value for key, value in (aliases or {}).items()}
        self.ids = {str(value) for value in ids.dropna()}
        self.names: dict[str, list[str]] = {}
        self.loose: dict[str, list[str]] = {}
        self.shown: dict[str, str] = {}
        for number, name in zip(ids, names, strict=True):
            if number is None or number != number:
                continue
            self.loose.setdefault(_loose(str(number)), []).append(str(number))
            if isinstance(name, str):
                known = self.names.setdefault(bare_name(name), [])
                if str(number) not in known:
                    known.append(str(number))
                self.shown.setdefault(bare_name(name), name)

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, number: str | None, name: str | None) -> tuple[str | None, str, list[str]]:
        """Find one reference by number, else by name: (id, how, options)."""
        for text in (number, name):
            if text is None:
                continue
            known = self._find_text(self.aliases.get(bare_name(text), text))
            if known is not None:
                return known
        for text in (number, name):
            pair = split_name_and_id(text) if text is not None else None
            if pair is not None and (known := self._find_text(pair[1])) is not None:
                return known
        text = number if number is not None else name
        return (text, "unknown", []) if text is not None else (None, "empty", [])

    def _find_text(self, text: str) -> tuple[str | None, str, list[str]] | None:
        if text in self.ids:
            return text, "id", []
        named = self.names.get(bare_name(text), [])
        if len(named) == 1:
            return named[0], "name", []
        if named:
            return None, "twice", named
        loose = self.loose.get(_loose(text), []) if text.isdigit() else []
        return (loose[0], "id", []) if len(loose) == 1 else None

    def nearest(self, text: str) -> str | None:
        """The known name that is written most alike, if any is alike."""
        near = difflib.get_close_matches(bare_name(text), list(self.names), 1, cutoff=0.6)
        return self.shown[near[0]] if near else None


def find_all(
    directory: Directory, numbers: pd.Series | None, names: pd.Series | None, index: pd.Index
) -> Found:
    """Look up a whole column; every distinct pair of number and name once."""
    nothing = pd.Series([None] * len(index), index=index, dtype=object)
    pairs = pd.DataFrame({"number": nothing if numbers is None else numbers.astype(object),
                          "name": nothing if names is None else names.astype(object)}, index=index)
    codes, unique = pd.factorize(pd.Series(list(zip(pairs.number, pairs["name"], strict=True)), dtype=object))
    looked = [directory.find(*pair) for pair in unique]

    def spread(position: int) -> pd.Series:
        values = np.empty(len(looked), dtype=object)
        values[:] = [found[position] for found in looked]
        return pd.Series(values[codes], index=index, dtype=object)

    return Found(spread(0), spread(1), spread(2))


def refer_to(part: Part, directory: Directory, thing: str) -> None:
    """Bring a part's products or accounts to the ids of their list, and say what the list does not have.

    Parameters
    ----------
    part : Part
        Its ``<thing>_id`` column is filled in place, with the text itself where it is unknown.
    directory : Directory
        Ids and names of the list; empty where there is none, then the texts are the ids.
    thing : str
        ``"product"`` or ``"account"``.
    """
    frame = part.frame
    number, name = frame.get(f"{thing}_id"), frame.get(thing)
    if number is None and name is None:
        return
    found = find_all(directory, number, name, frame.index)
    frame[f"{thing}_id"] = found.ids
    if len(directory) == 0:
        return
    column = part.mapping.columns.get(f"{thing}_id") or part.mapping.columns.get(thing)
    shown = number if number is not None else name
    if name is not None and number is not None:
        shown = number.where(number.notna(), name)
    twice = found.how == "twice"
    if twice.any() and shown is not None:
        frame.loc[twice, f"{thing}_id"] = shown[twice]
        part.tell(twice, "collect.name_twice", column=column, found=shown, thing=thing)
    unknown = (found.how == "unknown") & part.kept
    texts = frame.loc[unknown, f"{thing}_id"]
    counts = texts.value_counts()
    if thing == "account" or len(counts) > 12:
        part.tell(unknown, f"collect.{thing}_unknown", column=column, found=texts.reindex(frame.index),
                  level="note" if thing == "account" else "doubt", nearest="-")
        return
    for text in counts.index:
        part.tell(unknown & (frame[f"{thing}_id"] == text), f"collect.{thing}_unknown", column=column,
                  found=texts.reindex(frame.index), nearest=directory.nearest(text) or "-")


def unresolved(part: Part, directory: Directory, thing: str) -> pd.Series:
    """Tell which rows name a thing that its list does not have."""
    ids = part.frame.get(f"{thing}_id")
    if ids is None:
        return pd.Series(True, index=part.frame.index)
    return ids.isna() | (~ids.isin(directory.ids) if len(directory) else False)


def alias_problem(
    aliases: Mapping[str, Mapping[str, str]], directories: Mapping[str, Directory]
) -> list[Problem]:
    """Name every alias of mapping.toml that leads to nothing the lists have."""
    found = []
    for thing, pairs in aliases.items():
        directory = directories.get(thing)
        if directory is None or len(directory) == 0:
            continue
        for alias, target in pairs.items():
            if target not in directory.ids and not directory.names.get(bare_name(target)):
                found.append(
                    Problem(
                        "mapping.alias_lost",
                        file="mapping.toml",
                        name=f"alias.{thing}: {alias}",
                        found=target,
                        nearest=directory.nearest(target) or "-",
                    )
                )
    return found
