"""Which columns could be which field: by their names first, then by what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from salesgoals.sources.facts import ColumnFacts
from salesgoals.sources.headers import EXACT, PART, Form, compact, forms
from salesgoals.sources.vocabulary import FIELDS, Meaning, vocabulary
from salesgoals.workspace import Settings

#: a name contained at the end of a header ("合同签订日期" ends with 签订日期), or at its beginning
ENDS, BEGINS = 0.6, 0.4
#: last words of a rate or share, whatever it is a rate of
_RATES = ("率", "比", "比例", "占比", "系数")
_TIERS = {EXACT: 1.0, PART: 0.95}

#: which kind of date, amount and person is taken first; the setting's own kind stands before them all
DATES = ("plain", "order", "signing", "close", "delivery", "invoice", "payment", "created", "due", "changed")
AMOUNTS = ("plain", "net", "taxed", "contract", "shipped", "invoiced", "gross", "received")
_AMOUNT_OF_DATE = {"payment": "received", "signing": "contract", "delivery": "shipped"}


@dataclass(frozen=True)
class Candidate:
    """One column that could be one field."""

    field: str
    column: str
    meaning: Meaning
    sure: float        # 1 the very name, .95 half of a two-language header, .6 contained, .4 begins so
    preference: int    # smaller is taken first among columns that are equally sure
    fill: float
    position: int
    fits: float        # bonus from the values: codes for an id, words for a name, real dates for a date

    @property
    def order(self) -> tuple[float, ...]:
        """The smaller, the sooner it is taken."""
        named = 0 if self.sure >= 0.9 else 1
        return (named, self.preference, -self.fits, -round(self.fill, 1), -self.sure, self.position)


def preference(table: str, meaning: Meaning, settings: Settings) -> int:
    """Rank the kinds of one field: what workspace.toml asks for first, then the documented order."""
    if meaning.thing == "person":
        return 0 if meaning.kind in (settings.person_that_counts, "own") else 1
    if table == "orders" and meaning.field == "date":
        wanted = (settings.date_that_counts, *DATES)
        return wanted.index(meaning.kind)
    if table == "orders" and meaning.field == "amount":
        first = _AMOUNT_OF_DATE.get(settings.date_that_counts, "plain")
        return (first, *AMOUNTS).index(meaning.kind)
    return meaning.rank


@lru_cache(maxsize=20_000)
def _meanings(table: str, header: str) -> tuple[float, Sequence[Meaning]]:
    index, known = vocabulary().headers[table], vocabulary()
    readings = forms(header, known.filler)
    for form in readings:
        if form.compact in index:
            return _TIERS.get(form.tier, 0.9), index[form.compact]
    lowered = readings[0].compact if readings else ""
    if not lowered or any(word in lowered for word in known.never):
        return 0.0, ()
    for form in readings:
        for start in range(1, len(form.words)):
            tail = "".join(form.words[start:])
            if len(tail) > 2 and tail in index and not _alone(index[tail]):
                return ENDS, index[tail]
        found = _inside_chinese(form, index)
        if found:
            return found
    return 0.0, ()


def _alone(meanings: Sequence[Meaning]) -> bool:
    """A word such as "number" that means the table's own thing only when nothing else stands there."""
    return all(meaning.kind == "own" for meaning in meanings)


def _inside_chinese(form: Form, index: Mapping[str, list[Meaning]]) -> tuple[float, Sequence[Meaning]] | None:
    text = form.compact
    if text.isascii():
        return None
    for start in range(1, len(text) - 1):
        tail = text[start:]
        if not tail.isascii() and tail in index and not _alone(index[tail]):
            return ENDS, index[tail]
    if text.endswith(_RATES):
        return None  # 毛利率 is no 毛利
    for end in range(len(text) - 1, 1, -1):
        head = text[:end]
        if len(text) - end <= 3 and head in index and all(meaning.thing is None for meaning in index[head]):
            return BEGINS, index[head]
    return None


def _fits(kind: str, meaning: Meaning, facts: ColumnFacts, sure: float) -> float | None:
    """How well the values suit the field; None where they cannot be it."""
    if facts.fill == 0:
        return 0.0
    if kind == "date":
        enough = 0.05 if sure >= 0.9 else 0.6
        return None if facts.date < enough else (0.4 if facts.typed_date else 0.0) + 0.3 * facts.date
    if kind == "number":
        enough = 0.05 if sure >= 0.9 else 0.7
        return None if facts.number < enough or facts.typed_date else 0.3 * facts.number
    if kind == "flag":
        return 0.1 if facts.flag > 0.5 or facts.values <= 3 else None
    if facts.typed_date:
        return None
    if meaning.thing and meaning.aspect is None:
        return 0.5 if (facts.code >= 0.8) == (kind == "id") else 0.0
    if meaning.thing:
        return 0.6
    if kind == "text" and facts.number > 0.9 and facts.distinct > 0.5 and facts.values > 30:
        return None
    return 0.2


def find_candidates(table: str, columns: Sequence[str], facts: Mapping[str, ColumnFacts], settings: Settings,
                    ) -> list[Candidate]:
    """List every column that could be a field of one table, the likeliest first.

    Parameters
    ----------
    table : str
        One of ``vocabulary.FIELDS``.
    columns, facts
        A sheet's columns and what they hold.
    settings : Settings
        Which date and which person count.
    """
    found = []
    for position, column in enumerate(columns):
        sure, meanings = _meanings(table, column)
        for meaning in meanings:
            fits = _fits(FIELDS[table][meaning.field], meaning, facts[column], sure)
            if fits is not None:
                found.append(
                    Candidate(
                        meaning.field,
                        column,
                        meaning,
                        sure,
                        preference(table, meaning, settings),
                        facts[column].fill,
                        position,
                        fits,
                    )
                )
    return sorted(found, key=lambda candidate: candidate.order)


def assign(candidates: Sequence[Candidate], cells: pd.DataFrame) -> dict[str, Candidate]:
    """Give each field one column and each column one field, the likeliest pairs first.

    The number and the name of one thing must belong together (one number, one name); of two kinds of
    person, owner and creator, only one is taken.
    """
    chosen: dict[str, Candidate] = {}
    taken: set[str] = set()
    for candidate in candidates:
        if candidate.field in chosen or candidate.column in taken:
            continue
        partner = next(
            (
                c
                for c in chosen.values()
                if c.meaning.thing
                and c.meaning.thing == candidate.meaning.thing
                and c.field != candidate.field
            ),
            None,
        )
        if partner is not None:
            if partner.meaning.kind != candidate.meaning.kind and candidate.meaning.thing == "person" \
                    and "own" not in (partner.meaning.kind, candidate.meaning.kind):
                continue
            if not _belong_together(cells, candidate, partner):
                continue
        chosen[candidate.field] = candidate
        taken.add(candidate.column)
    return chosen


def _belong_together(cells: pd.DataFrame, one: Candidate, other: Candidate) -> bool:
    number, name = (one, other) if one.field.endswith("_id") else (other, one)
    pairs = cells[[number.column, name.column]].head(5000).dropna().astype(str)
    pairs = pairs.assign(**{name.column: pairs[name.column].map(compact)}).drop_duplicates()
    ids = pairs[number.column].nunique()
    return ids == 0 or len(pairs) <= 1.1 * ids + 1
