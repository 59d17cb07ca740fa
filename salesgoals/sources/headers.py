"""Header texts made comparable: the same word however it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_BRACKETS = re.compile(r"[(\[【{<][^)\]】}>]*[)\]】}>]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
_BETWEEN = re.compile(r"[\s_\-.·:*'\"“”,;&+=、的/|\\]+")
_CUSTOM = re.compile(r"(__c|__r|_r)$", re.IGNORECASE)

#: how sure a form of a header is: written exactly so, one half of two, one half inside brackets
EXACT, PART, INSIDE = 3, 2, 1


@dataclass(frozen=True)
class Form:
    """One way to read a header: its words, the words run together, and how sure this reading is."""

    words: tuple[str, ...]
    tier: int

    @property
    def compact(self) -> str:
        """The words without anything between them."""
        return "".join(self.words)


def normal(text: str) -> tuple[str, ...]:
    """Split a text into lower-case words: full width becomes half width, CamelCase and signs separate.

    Examples
    --------
    >>> normal("SalesAmountQuota"), normal(" Ｏｒｄｅｒ＿Date "), normal("_CustomerID"), normal("订单 Id")
    (('sales', 'amount', 'quota'), ('order', 'date'), ('customer', 'id'), ('订单', 'id'))
    """
    plain = _CUSTOM.sub("", unicodedata.normalize("NFKC", text).strip().lstrip("_*# "))
    parts = _BETWEEN.split(_CAMEL.sub(" ", plain.replace("IDs", "Ids")))
    return tuple(part.lower() for part in parts if part)


@lru_cache(maxsize=20_000)
def compact(text: str) -> str:
    """Return a text's words run together, brackets left out: the form in which synonyms are compared."""
    return "".join(normal(without_brackets(text)))


def without_brackets(text: str) -> str:
    """Leave out units and remarks in brackets, unless nothing else stands there."""
    plain = unicodedata.normalize("NFKC", text)
    return _BRACKETS.sub(" ", plain) if _BRACKETS.sub("", plain).strip() else plain


def forms(header: str, filler: frozenset[str] = frozenset()) -> list[Form]:
    """List the ways in which a header can be read, the surest first.

    Parameters
    ----------
    header : str
        As it stands in the file.
    filler : frozenset of str
        First words that add nothing, such as "english" in EnglishProductName.

    Examples
    --------
    >>> [form.compact for form in forms("Amount / 金额(万元)")]
    ['amount金额', '金额', 'amount', '万元']
    """
    plain = without_brackets(header)
    found = [Form(normal(plain), EXACT)]
    if found[0].words and found[0].words[0] in filler and len(found[0].words) > 1:
        found.append(Form(found[0].words[1:], PART))
    halves = [half for half in re.split(r"[/|\n\\]", plain) if half.strip()]
    if len(halves) > 1:
        found += [Form(normal(half), PART) for half in reversed(halves)]
    inside = _BRACKETS.findall(unicodedata.normalize("NFKC", header))
    found += [Form(normal(text[1:-1]), INSIDE) for text in inside]
    return [form for form in found if form.words]
