"""Reading what a learner typed: a number, a share, a month or a name, in whatever form it comes."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.limits import parse_amount

_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:月|[-/.]\d{1,2}|月\d{1,2}日)?")
_PERCENT = re.compile(r"(?i)(percent|per cent|pct)$")


def unpack(answer: Any) -> Any:
    """Take the one value out of a column, an index or an array that holds one; else change nothing."""
    if isinstance(answer, pd.Series | pd.Index | np.ndarray | np.generic) and answer.size == 1:
        return answer.item()
    return answer


def plain(text: str) -> str:
    """Write a text so that what people type differently is the same: full width, case, blanks, brackets.

    Examples
    --------
    >>> plain("王磊（０００１１）"), plain(" East / Team 1 ")
    ('王磊00011', 'eastteam1')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def read_number(answer: Any) -> float | None:
    """Read an answer as a number: 1200000, "1,200,000", "120万", "35%"; None where it is none.

    Examples
    --------
    >>> read_number("１２０万"), read_number("−3%"), read_number(Decimal("1.5")), read_number("soon")
    (1200000.0, -0.03, 1.5, None)
    """
    value = unpack(answer)
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, str):
        return _number_of(value)
    if not isinstance(value, numbers.Real | Decimal):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _number_of(typed: str) -> float | None:
    text = unicodedata.normalize("NFKC", typed).replace("\u2212", "-").strip()
    text = re.sub(r"[\s,_]", "", _PERCENT.sub("%", text))
    share = text.endswith("%")
    if re.fullmatch(r"[+-]?\d+(\.\d+)?%?", text):
        number = float(text.rstrip("%")) / (100 if share else 1)
    else:
        amount = parse_amount(text)
        number = math.nan if amount is None else amount
    return number if math.isfinite(number) else None


def read_share(answer: Any) -> float | None:
    """Read an answer as a share: 0.35, 35 or "35%"."""
    given, value = unpack(answer), read_number(answer)
    if value is None or (isinstance(given, str) and _PERCENT.sub("%", given.strip())[-1] in "%\uff05"):
        return value
    return value / 100 if abs(value) > 1.5 else value


def read_month(answer: Any) -> pd.Timestamp | None:
    """Read an answer as a month, its first day: "2025-05", "2025年5月", a date; None where it is none.

    Examples
    --------
    >>> [f"{read_month(given):%Y-%m}" for given in ("2025-05", "2025年5月", date(2025, 5, 31), 202505)]
    ['2025-05', '2025-05', '2025-05', '2025-05']
    >>> read_month("2025-13"), read_month("May")
    (None, None)
    """
    value = answer if isinstance(answer, np.datetime64) else unpack(answer)
    if isinstance(value, pd.Period):
        return value.to_timestamp() if value.freqstr == "M" else None
    if isinstance(value, date | np.datetime64):
        day = pd.Timestamp(value)
        return None if pd.isna(day) else day.to_period("M").to_timestamp()
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value)
    found = _MONTH.fullmatch(re.sub(r"\s", "", text))
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) > 0:
        return pd.Timestamp(int(found[1]), int(found[2]), 1)
    if re.search(r"[A-Za-z]{3}", text) and re.search(r"\b\d{4}\b", text):
        day = pd.to_datetime(text, errors="coerce")
        return None if pd.isna(day) else day.to_period("M").to_timestamp()
    return None


def read_choice(answer: Any, known: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    """Find what an answer names: the keys of which it is one of the spellings; None where it is no text.

    Parameters
    ----------
    answer : any
        A name, a key, or both as tables show them; a pair of texts, such as department and team.
    known : mapping
        Key -> what it may be called besides.
    """
    value = unpack(answer)
    if isinstance(value, tuple) and len(value) > 1 and all(isinstance(part, str) for part in value):
        value = "".join(value)
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not plain(value):
        return None
    said = plain(value)
    whole = [key for key in known if plain(key) == said]
    if not whole and said.isdecimal():      # a number without its leading zeros
        whole = [key for key in known if key.isdecimal() and key.lstrip("0") == said.lstrip("0")]
    return whole or [key for key, names in known.items()
                     if any(said in (plain(name), plain(name + key), plain(key + name)) for name in names)]
