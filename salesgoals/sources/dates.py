"""A column of dates: one reading for the whole column, or the question that has to be answered first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.date_order import ORDERS, Decision, decide_orders, read_parts
from salesgoals.sources.date_shapes import (
    FOUR,
    NOT_A_DATE,
    TWO,
    YEAR_FIRST,
    Written,
    read_figure,
    read_written,
)
from salesgoals.sources.numbers import is_empty_mark
from salesgoals.words import say

FIRST_DAY = np.datetime64("1901-01-01")  # Excel's day 0 and its neighbours are no dates of a business
LAST_DAY = np.datetime64("2098-12-31")   # 2099-12-31 and 9999-12-31 stand for "no end"
_TYPED = "datetime"
_NO_DAY = np.datetime64("NaT")


@dataclass(frozen=True, eq=False)
class ParsedDates:
    """A column of dates: what they are, which cells are none, and how sure the reading is."""

    values: pd.Series           # datetime64[us], midnight; NaT where empty, bad or not decided
    bad: pd.Series              # True where a cell holds something that is no (certain) date
    order: str | None           # ymd, dmy, mdy; None where nothing or nothing certain was read
    shapes: pd.DataFrame        # shape, count, example: the spellings found, most frequent first
    doubt: Problem | None       # what a person has to decide, if anything
    evidence: str               # one sentence: why this order


@dataclass(eq=False)
class _Column:
    """The cells of a column, recognised one by one."""

    name: str
    written: np.ndarray         # cells as text, for examples
    shapes: np.ndarray
    days: np.ndarray            # datetime64[D]; NaT where undecided or none
    parts: np.ndarray
    filled: np.ndarray
    zoned: np.ndarray           # True where an instant stood, so that the time zone matters
    typed: np.ndarray           # True where the file itself had made a date of it


def parse_dates(column: pd.Series, order: str | None = None, time_zone: str | None = None) -> ParsedDates:
    """Read a column of dates; where day and month cannot be told apart, ask instead of guessing.

    Parameters
    ----------
    column : Series of object
        Cells as read: text, datetimes, figures (20250102, 45000, epochs), None.
    order : str, optional
        ``"ymd"``, ``"dmy"`` or ``"mdy"`` where a person has said it; otherwise the column decides: a part
        over 12, rows that run in time under one order only, or the proof of the column's other spelling.
    time_zone : str, optional
        The company's zone, such as ``"Asia/Shanghai"``: instants (…Z, +05:30, epochs) become its own days.

    Returns
    -------
    ParsedDates
        ``values`` are midnights without zone. A column without evidence comes back empty (NaT, not bad) with
        ``doubt`` ``sources.dates_ambiguous``. Where a spelling proves both orders, only the rows certain in
        themselves are read and the others are bad.

    Raises
    ------
    SalesgoalsError
        If ``time_zone`` or ``order`` does not exist.

    Examples
    --------
    >>> parsed = parse_dates(pd.Series(["31/5/2018", "2/7/2018"], dtype=object))
    >>> parsed.order, parsed.values.dt.strftime("%Y-%m-%d").tolist()
    ('dmy', ['2018-05-31', '2018-07-02'])
    """
    if order is not None and order not in ORDERS:
        raise SalesgoalsError(Problem("sources.unknown_order", found=order))
    try:
        zone = ZoneInfo(time_zone) if time_zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SalesgoalsError(Problem("sources.unknown_time_zone", found=time_zone)) from error
    table = _recognise(column, zone)
    decisions = decide_orders(np.where(np.isin(table.shapes, (FOUR, TWO)), table.shapes, ""), table.parts,
                              table.written, table.days, order,
                              _example(table, YEAR_FIRST) if (table.shapes == YEAR_FIRST).any() else "")
    values, undecided = _apply(table, decisions)
    odd = ~np.isnat(values) & ((values < FIRST_DAY) | (values > LAST_DAY))
    values[odd] = _NO_DAY
    bad = table.filled & np.isnat(values) & ~undecided
    doubt = _find_doubt(table, decisions, undecided, zone, order)
    index = column.index
    return ParsedDates(pd.Series(values.astype("datetime64[us]"), index=index, name=column.name),
                       pd.Series(bad, index=index, name=column.name), _name_order(table, decisions, values),
                       _list_shapes(table), doubt, _tell_evidence(table, decisions))


def _recognise(column: pd.Series, zone: ZoneInfo | None) -> _Column:
    cells = column.to_numpy(dtype=object)
    keys = np.empty(len(cells), dtype=object)
    keys[:] = [_key(cell) for cell in cells]
    codes, unique = pd.factorize(keys)
    read = [_read_key(key, zone) for key in unique]
    typed = np.array([is_typed for _, is_typed in read] + [False])
    written = [found for found, _ in read]
    if not _believe_serials(written, np.bincount(codes[codes >= 0], minlength=len(read))):
        written = [NOT_A_DATE if found.serial else found for found in written]
    written.append(NOT_A_DATE)  # what the code -1 of an empty cell points to
    zone_matters = [zone is None and found.in_utc and (found.instant or 0) % 86_400 != 0 for found in written]
    filled = [not is_empty_mark(cell) and cell is not pd.NaT and cell == cell for cell in cells]
    return _Column(name=str(column.name or ""),
                   written=np.array([_show(cell) for cell in cells], dtype=object),
                   shapes=np.array([found.shape for found in written], dtype=object)[codes],
                   days=np.array([found.day for found in written], dtype="datetime64[D]")[codes],
                   parts=np.array([found.parts or (0, 0, 0) for found in written], dtype="int64")[codes],
                   filled=np.array(filled, dtype=bool), zoned=np.array(zone_matters)[codes],
                   typed=typed[codes])


def _show(cell: Any) -> str:
    return str(cell).removesuffix(" 00:00:00")


def _key(cell: Any) -> Any:
    """Make a cell a value that can be told apart from others: 1 and True and 1.0 must not be one."""
    if isinstance(cell, str):
        return None if is_empty_mark(cell) else cell
    if isinstance(cell, dt.datetime) and cell is not pd.NaT:
        return (_TYPED, cell)
    if isinstance(cell, dt.date) and cell is not pd.NaT:
        return (_TYPED, dt.datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, bool | np.bool_ | dt.time | dt.timedelta):
        return ("none", str(cell))
    if isinstance(cell, int | float | Decimal | np.integer | np.floating):
        return None if cell != cell else float(cell)
    return None if cell is None or cell is pd.NaT or cell is pd.NA else ("none", str(cell))


def _read_key(key: Any, zone: ZoneInfo | None) -> tuple[Written, bool]:
    if isinstance(key, str):
        found = read_written(key)
    elif isinstance(key, float):
        found = read_figure(key) if abs(key) < 1e14 else NOT_A_DATE
    elif key[0] == _TYPED:
        moment: dt.datetime = key[1]
        if moment.tzinfo is None:
            return Written(_TYPED, moment.date()), True
        utc = moment.utcoffset() == dt.timedelta()
        found = Written(_TYPED, moment.date(), instant=moment.timestamp(), in_utc=utc)
    else:
        return NOT_A_DATE, False
    if found.instant is not None and zone is not None:
        try:
            local = dt.datetime.fromtimestamp(found.instant, zone).date()
        except (OverflowError, ValueError, OSError):
            return NOT_A_DATE, False
        found = Written(found.shape, local, instant=found.instant, in_utc=found.in_utc)
    return found, False


def _believe_serials(read: list[Written], counts: np.ndarray) -> bool:
    """Take five-digit figures for Excel days only where nearly all filled cells are dates with them."""
    dates = sum(int(count) for found, count in zip(read, counts, strict=True) if found.shape)
    return dates >= 0.8 * max(1, int(counts.sum()))


def _apply(table: _Column, decisions: dict[str, Decision]) -> tuple[np.ndarray, np.ndarray]:
    values = table.days.copy()
    undecided = np.zeros(len(values), dtype=bool)
    for spelling, decision in decisions.items():
        here = table.shapes == spelling
        if decision.order:
            values[here] = read_parts(table.parts[here], decision.order)
            continue
        day_first, month_first = (read_parts(table.parts[here], name) for name in ("dmy", "mdy"))
        certain = np.where(np.isnat(month_first), day_first,
                           np.where(np.isnat(day_first) | (day_first == month_first), month_first, _NO_DAY))
        if decision.contradiction:
            values[here] = certain
        else:  # no evidence at all: nothing is read, and no cell is to blame
            undecided[here] = ~(np.isnat(day_first) & np.isnat(month_first))
    return values, undecided


def _name_order(table: _Column, decisions: dict[str, Decision], values: np.ndarray) -> str | None:
    orders = {decision.order for decision in decisions.values()}
    if len(orders) == 1:
        return orders.pop()
    return "ymd" if not orders and not np.isnat(values).all() else None


def _list_shapes(table: _Column) -> pd.DataFrame:
    counts: Counter[str] = Counter(table.shapes[table.filled & (table.shapes != "")])
    other = table.filled & (table.shapes == "")
    lines = [(shape, count, _example(table, shape)) for shape, count in counts.most_common()]
    if other.any():
        lines.append(("?", int(other.sum()), table.written[np.argmax(other)]))
    frame = pd.DataFrame(lines, columns=["shape", "count", "example"])
    return frame.astype({"shape": "str", "count": "int64", "example": "str"})


def _find_doubt(table: _Column, decisions: dict[str, Decision], undecided: np.ndarray, zone: ZoneInfo | None,
                order: str | None) -> Problem | None:
    name = table.name or None
    for decision in decisions.values():
        if decision.contradiction:
            return Problem("sources.dates_contradict", level="doubt", column=name, count=decision.count,
                           found=decision.contradiction[0], other=decision.contradiction[1])
    if undecided.any():
        return Problem("sources.dates_ambiguous", level="doubt", column=name, count=int(undecided.sum()),
                       found=table.written[np.argmax(undecided)])
    if order is None:
        found = [decision.order for decision in decisions.values()]
        if len(set(found)) > 1:
            return Problem("sources.dates_two_orders", level="doubt", column=name,
                           found=_example(table, FOUR), other=_example(table, TWO),
                           count=int(np.isin(table.shapes, (FOUR, TWO)).sum()))
        if doubt := _doubt_half_converted(table, name):
            return doubt
        if len(decisions) > 1:
            four, two = (int((table.shapes == spelling).sum()) for spelling in (FOUR, TWO))
            return Problem("sources.dates_mixed", level="doubt", column=name, count=min(four, two), four=four,
                           two=two, found=_example(table, FOUR), other=_example(table, TWO),
                           order=_say_order(found[0]))
        if any(decision.tie for decision in decisions.values()):
            return Problem("sources.dates_year_place", level="doubt", column=name, found=_example(table, TWO),
                           order=_say_order(found[0]))
    if table.zoned.any():
        return Problem("sources.dates_in_utc", level="doubt", column=name, count=int(table.zoned.sum()),
                       found=table.written[np.argmax(table.zoned)])
    return None


def _doubt_half_converted(table: _Column, name: str | None) -> Problem | None:
    """Spot a column of which a program has turned into dates what fitted its own order, and left the rest."""
    real = (table.typed | (table.shapes == "Excel 45000")) & ~np.isnat(table.days)
    texts = np.isin(table.shapes, (FOUR, TWO))
    if len(np.unique(table.days[real])) < 5 or not texts.any():
        return None
    in_month = (table.days[real] - table.days[real].astype("datetime64[M]")).astype("int64") + 1
    if (in_month <= 12).all() and (table.parts[texts][:, :2].max(axis=1) > 12).all():
        return Problem("sources.dates_half_converted", level="doubt", column=name, count=int(real.sum()),
                       found=table.written[np.argmax(real)], other=table.written[np.argmax(texts)])
    return None


def _example(table: _Column, spelling: str) -> str:
    return str(table.written[np.argmax(table.shapes == spelling)])


def _say_order(order: str | None) -> str:
    return say(f"sources.order_{order}") if order else ""


def _tell_evidence(table: _Column, decisions: dict[str, Decision]) -> str:
    if not decisions:
        dated = ~np.isnat(table.days)
        if not dated.any():
            return say("sources.evidence_no_date")
        return say("sources.evidence_typed" if table.typed[dated].all() else "sources.evidence_clear")
    sentences = []
    for decision in decisions.values():
        if decision.reason:
            sentences.append(say(f"sources.evidence_{decision.reason}", count=decision.count,
                                 found=decision.example, order=_say_order(decision.order)))
        else:
            key = "sources.evidence_both" if decision.contradiction else "sources.evidence_none"
            sentences.append(say(key))
    return say("sources.evidence_join").join(dict.fromkeys(sentences))
