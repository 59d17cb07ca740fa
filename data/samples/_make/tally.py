"""Counts, while an export is written, what is wrong in it and what a careful reader must keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


@dataclass
class Tally:
    """One file's books: rows and money in, kept, set aside by reason; kept with a doubt; layout rows.

    Money is in fen. A row whose amount cannot be read counts with no money.
    """

    file: str
    table: str
    rows_in: int = 0
    rows_kept: int = 0
    amount_in: int = 0
    amount_kept: int = 0
    aside: dict[str, list[int]] = field(default_factory=dict)
    doubts: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    layout: Counter[str] = field(default_factory=Counter)
    rows: list[dict[str, object]] = field(default_factory=list)

    def keep(self, fen: int = 0) -> None:
        """Count a row that must end in a table."""
        self.rows_in += 1
        self.rows_kept += 1
        self.amount_in += fen
        self.amount_kept += fen

    def set_aside(self, reason: str, row: int, key: str, *, sheet: str = "", fen: int | None = 0) -> None:
        """Count a row that must be set aside, and remember where it stands."""
        self.rows_in += 1
        self.amount_in += fen or 0
        books = self.aside.setdefault(reason, [0, 0])
        books[0] += 1
        books[1] += fen or 0
        self._remember(reason, row, key, sheet, fen, kept=False)

    def doubt(self, kind: str, row: int, key: str, *, sheet: str = "", fen: int | None = None) -> None:
        """Count something doubtful in a row that is kept nevertheless."""
        self.doubts[kind] += 1
        self._remember(kind, row, key, sheet, fen, kept=True)

    def _remember(self, kind: str, row: int, key: str, sheet: str, fen: int | None, *, kept: bool) -> None:
        self.rows.append({"file": self.file, "sheet": sheet, "row": row, "kind": kind, "kept": kept,
                          "key": key, "amount": "" if fen is None else str(yuan(fen))})


def yuan(fen: int) -> Decimal:
    """Turn fen into yuan with two decimals, exactly."""
    return Decimal(fen).scaleb(-2)


def draw_out(chance: Random, pool: list[Item], count: int) -> list[Item]:
    """Take some items out of a pool by chance, so that no row is dirtied twice."""
    taken = [pool.pop(chance.randrange(len(pool))) for _ in range(min(count, len(pool)))]
    return taken


def repeat_some(chance: Random, items: Iterable[Item], chosen: list[Item]) -> list[tuple[Item, bool]]:
    """Repeat the chosen items a little later in the list; the flag tells the repetition."""
    listed = [(item, False) for item in items]
    for item in chosen:
        place = listed.index((item, False)) + chance.randint(1, 40)
        listed.insert(min(place, len(listed)), (item, True))
    return listed
