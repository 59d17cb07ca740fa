"""Units and currencies in words and headers: 金额(万元), Amount ($K), 单位:千元, RMB."""

from __future__ import annotations

import re
from dataclasses import dataclass

CURRENCIES = {
    "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY", "￥": "CNY", "元": "CNY", "圆": "CNY",
    "US$": "USD", "USD": "USD", "美元": "USD", "$": "USD", "HK$": "HKD", "HKD": "HKD",
    "港币": "HKD", "港元": "HKD",
    "€": "EUR", "EUR": "EUR", "欧元": "EUR", "£": "GBP", "GBP": "GBP", "英镑": "GBP",
    "JPY": "JPY", "日元": "JPY",
}
_FIND = re.compile("|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True)), re.IGNORECASE)
_WORDS = {name.upper(): code for name, code in CURRENCIES.items()}
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_LETTERS = re.compile(r"[A-Z]+\Z", re.IGNORECASE)

_SCALES = [
    ("亿", 8), ("千万", 7), ("百万", 6), ("十万", 5), ("万", 4), ("千", 3),
    ("billions?|bn", 9), ("millions?|mn|mio|mm|m", 6), ("thousands?|'?000'?s?|k", 3),
]
_MONEY = r"(?:人民币|RMB|CNY|US\$|USD|HK\$|HKD|EUR|GBP|JPY|美元|港币|港元|欧元|英镑|日元|元|圆|[$¥￥€£])"
_PIECES = "(?:台|件|个|套|箱|支|只|瓶|盒|桶|吨|人|次|户|单|pcs|units?)"
_INSIDE = re.compile(
    rf"(?:(?:金额|货币)?单位\s*[:：]?)?\s*(?:in\s+)?(?P<before>{_MONEY})?\s*"
    rf"(?P<scale>{'|'.join(words for words, _ in _SCALES)})?\s*(?:of\s+)?(?P<after>{_MONEY}|{_PIECES})?s?",
    re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_TAIL = re.compile(r"[/_\-,:;|\s]\s*([^/_\-,:;|\s]+)\Z")
_PLAIN_MEASURES = {"m", "mm", "MM"}  # metres and millimetres, unless a currency stands beside them
_UNIT_LINE = re.compile(r"(?:金额|货币|计量)?单位\s*[:：]?\s*(?:人民币)?\s*([亿千百十万]{0,2}元)"
                        r"|(?:amounts?|figures?|unit)\s*(?:are\s+)?(?:in|:)\s*([$¥€£]?\s*(?:RMB|CNY|USD)?\s*"
                        r"(?:thousands?|millions?|k|m)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class HeaderUnit:
    """What a header says about its numbers: power of ten (None: nothing), and whether they are per cent."""

    power: int | None = None
    percent: bool = False


def header_unit(header: str, fallback: HeaderUnit | None = None) -> HeaderUnit:
    """Tell the unit that a header names.

    Parameters
    ----------
    header : str
        The column's name.
    fallback : HeaderUnit, optional
        What is known already; its percent flag is kept.

    Returns
    -------
    HeaderUnit
        ``power`` 4 for 万元, 8 for 亿元, 3 for K; 0 for plain 元 or $; None where no unit is named.

    Examples
    --------
    >>> header_unit("金额（万元）").power, header_unit("Amount ($K)").power, header_unit("金额").power
    (4, 3, None)
    """
    plain = header.replace("（", "(").replace("）", ")").replace("：", ":").replace("％", "%").strip()
    percent = bool(fallback and fallback.percent) or plain.endswith("%")
    bracketed = [part.strip() for part in _BRACKETS.findall(plain)]
    percent = percent or "%" in bracketed
    for words in [*bracketed, *_TAIL.findall(plain)]:
        found = _INSIDE.fullmatch(words)
        if not found or not found[0].strip():
            continue
        money, scale = found["before"] or found["after"], found["scale"] or ""
        if not money and (words not in bracketed or words in _PLAIN_MEASURES):
            continue  # a last word such as K or M may be anything
        if money or scale:
            power = next((p for word, p in _SCALES if scale and re.fullmatch(word, scale, re.IGNORECASE)), 0)
            return HeaderUnit(power, percent)
    return HeaderUnit(None, percent)


def unit_of_title(text: str) -> str | None:
    """Find the unit that a title row states for the whole table.

    Examples
    --------
    >>> unit_of_title("编制部门:销售部   单位：万元")
    '万元'
    """
    found = _UNIT_LINE.search(text.replace("：", ":").replace("﹕", ":"))
    return None if not found else (found[1] or found[2]).strip()


def find_currency(text: str) -> str | None:
    """Tell which currency a text names by its sign or code: ``"¥12"`` and ``"12元"`` are CNY."""
    found = _FIND.search(text)
    while found:
        before, after = text[max(0, found.start() - 1):found.start()], text[found.end():found.end() + 1]
        inside_word = _LETTERS.match(found[0]) and ((before.isascii() and before.isalpha())
                                                    or (after.isascii() and after.isalpha()))
        other_word = found[0] in "元圆" and _HANZI.match(before) and before not in "亿千百十万"  # 单元
        if not inside_word and not other_word:
            return _WORDS.get(found[0].upper())
        found = _FIND.search(text, found.end())
    return None
