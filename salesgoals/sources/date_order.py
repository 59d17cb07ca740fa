"""Day first or month first: decided by the whole column, never by a guess."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from salesgoals.sources.date_shapes import FOUR, TWO, full_year, make_day

ORDERS = ("ymd", "dmy", "mdy")
_SORTED_AT_LEAST = 6       # distinct days that rise (or fall) under one order only: chance under 1 in 300
_SMOOTH_AT_LEAST = 30      # rows from which the zigzag of both orders is compared
_SMOOTHER = 0.4            # random dates give 1; records kept roughly in time well under this


@dataclass
class Decision:
    """How the undecided parts of one spelling (n/n/yyyy or n/n/yy) are to be read."""

    order: str | None = None               # None: no evidence, or evidence for both
    reason: str = ""                       # part | sorted | other | given | year | "" (none)
    count: int = 0                         # rows that prove it
    example: str = ""
    contradiction: tuple[str, str] | None = None
    tie: bool = False                      # a year first would fit as well
    firsts: dict[str, int] = field(default_factory=dict)


def read_parts(parts: np.ndarray, order: str) -> np.ndarray:
    """Turn parts (n x 3) into days under an order; NaT where there is no such day.

    Examples
    --------
    >>> read_parts(np.array([[31, 5, 18], [5, 31, 18]]), "dmy")
    array(['2018-05-31',        'NaT'], dtype='datetime64[D]')
    """
    place = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}[order]
    unique, back = np.unique(parts, axis=0, return_inverse=True)
    days = [make_day(int(row[place[0]]), int(row[place[1]]), int(row[place[2]])) for row in unique]
    return np.array(days, dtype="datetime64[D]")[back.reshape(-1)] if days else np.array([], "datetime64[D]")


def decide_orders(spellings: np.ndarray, parts: np.ndarray, written: np.ndarray, known: np.ndarray,
                  order: str | None, year_first: str = "") -> dict[str, Decision]:
    """Decide how each spelling of the column is read.

    Parameters
    ----------
    spellings : array of str
        For each row ``n/n/yyyy``, ``n/n/yy`` or "" (anything else).
    parts : int array, n x 3
        The three parts where ``spellings`` is set.
    written : array of object
        The cells, for examples.
    known : array of datetime64[D]
        Days of the other rows, NaT where none; used as neighbours in time.
    order : str or None
        An order that a person stated; then nothing is decided.
    year_first : str
        A cell of the column in which the year of two digits must come first (25/1/2), "" where there is none.

    Returns
    -------
    dict
        Spelling -> Decision.
    """
    decisions: dict[str, Decision] = {}
    for spelling in (FOUR, TWO):
        here = spellings == spelling
        if here.any():
            if order or (year_first and spelling == TWO):
                decisions[spelling] = Decision(order or "ymd", "given" if order else "year", int(here.sum()),
                                               year_first)
            else:
                decisions[spelling] = _by_parts(parts[here], written[here], spelling)
    if order:
        return decisions
    for spelling, decision in decisions.items():
        if decision.order or decision.contradiction:
            continue
        here = spellings == spelling
        others = [other for name, other in decisions.items()
                  if name != spelling and other.order in ("dmy", "mdy") and other.reason == "part"]
        sequence = known.copy()
        for name, other in decisions.items():
            if other.order:
                sequence[spellings == name] = read_parts(parts[spellings == name], other.order)
        by_time = _by_time(here, parts, sequence)
        if others and by_time in (None, others[0].order):
            decision.order, decision.reason = others[0].order, "other"
            decision.count, decision.example = others[0].count, others[0].example
        elif not others and by_time:
            decision.order, decision.reason, decision.count = by_time, "sorted", int(here.sum())
    return decisions


def _by_parts(parts: np.ndarray, written: np.ndarray, spelling: str) -> Decision:
    first, second, third = parts.T
    day_first = (first > 12) & (first <= 31) & (second <= 12) & (second >= 1)
    month_first = (second > 12) & (second <= 31) & (first <= 12) & (first >= 1)
    tie = False
    if spelling == TWO:
        year_first = (second >= 1) & (second <= 12) & (third >= 1) & (third <= 31)
        if (year_first & (first > 31)).any() and not (third > 31).any():
            return Decision("ymd", "year", int((first > 31).sum()), str(written[first > 31][0]))
        if year_first.all() and not month_first.any():
            tie = bool((first > 12).all())
            spread_first, spread_third = _spread(first), _spread(third)
            if len(parts) >= 3 and spread_first < spread_third and spread_first <= 10 and tie:
                return Decision("ymd", "year", len(parts), str(written[0]))
            tie = tie and spread_first == spread_third
    if day_first.any() and month_first.any():
        pair = str(written[day_first][0]), str(written[month_first][0])
        return Decision(None, "", int(day_first.sum() + month_first.sum()), contradiction=pair)
    for proof, name in ((day_first, "dmy"), (month_first, "mdy")):
        if proof.any():
            return Decision(name, "part", int(proof.sum()), str(written[proof][0]), tie=tie)
    return Decision()


def _spread(years: np.ndarray) -> int:
    full = [full_year(int(year)) for year in np.unique(years)]
    return max(full) - min(full)


def _by_time(here: np.ndarray, parts: np.ndarray, sequence: np.ndarray) -> str | None:
    """Tell the order under which the rows run in time while under the other they do not."""
    lines: dict[str, np.ndarray] = {}
    both = np.ones(int(here.sum()), dtype=bool)
    for order in ("dmy", "mdy"):
        lines[order] = read_parts(parts[here], order)
        both &= ~np.isnat(lines[order])
    telling = both & (lines["dmy"] != lines["mdy"])
    if len(np.unique(lines["dmy"][telling])) < _SORTED_AT_LEAST:
        return None
    steps: dict[str, np.ndarray] = {}
    for order, days in lines.items():
        whole = sequence.copy()
        whole[here] = np.where(both, days, np.datetime64("NaT"))
        whole = whole[~np.isnat(whole)]
        steps[order] = np.diff(whole).astype("int64")
    runs = {order for order, step in steps.items() if (step >= 0).all() or (step <= 0).all()}
    if len(runs) == 1:
        return runs.pop()
    if runs or int(telling.sum()) < _SMOOTH_AT_LEAST:
        return None
    zigzag = {order: int(np.abs(step).sum()) for order, step in steps.items()}
    better = min(zigzag, key=lambda order: zigzag[order])
    return better if zigzag[better] < _SMOOTHER * max(zigzag.values()) else None
