"""Every word a reader sees, in Chinese and English, and the one setting that chooses between them.

The texts stand in the ``*.toml`` files of this folder, both languages of an entry side by side::

    [collect.rows_read]
    zh = "读入 {n:,} 行"
    en = "read {n:#row|rows}"

``{n:#row|rows}`` writes "1 row" or "3 rows"; everything else is :meth:`str.format`.
"""

from __future__ import annotations

import difflib
import locale
import os
import string
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("zh", "en")
_current = {"language": "zh" if os.environ.get("SALESGOALS_LANG", "en").lower().startswith("zh") else "en"}


class _Formatter(string.Formatter):
    """str.format plus ``{n:#one|many}``; a missing value is an error of ours, never shown as braces."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("#"):
            one, _, many = format_spec[1:].partition("|")
            return f"{value:,} {one if value == 1 else many or one + 's'}"
        if value is None:
            return "-"
        return str(super().format_field(value, format_spec))


_formatter = _Formatter()


def _flatten(node: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    for key, value in node.items():
        if set(value) == set(LANGUAGES) and all(isinstance(text, str) for text in value.values()):
            yield prefix + key, value
        else:
            yield from _flatten(value, f"{prefix}{key}.")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Read every text once: key -> {"zh": ..., "en": ...}."""
    found: dict[str, dict[str, str]] = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            for key, texts in _flatten(tomllib.loads(entry.read_text(encoding="utf-8"))):
                if key in found:
                    raise ValueError(f"{entry.name}: the key {key} stands in two files")
                found[key] = texts
    return found


def use_language(language: str) -> str:
    """Choose the language of every table, chart, message and report from here on.

    Parameters
    ----------
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    str
        The language now in use.

    Raises
    ------
    ValueError
        If the language is another one; the message names both that exist.

    Examples
    --------
    >>> use_language("en")
    'en'
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"language = {language!r}: 只有 zh 和 en 两种语言 / there are two languages, zh and en")
    _current["language"] = language
    return language


def language() -> str:
    """Return the language in use, ``"zh"`` or ``"en"``."""
    return _current["language"]


def system_language() -> str:
    """Return the language that this user's system speaks, ``"zh"`` or, whatever else it is, ``"en"``."""
    named = os.environ.get("SALESGOALS_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    if not named and sys.platform == "win32":
        named = locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """Speak another language inside a ``with`` block only."""
    before = language()
    use_language(name)
    try:
        yield
    finally:
        use_language(before)


def say(key: str, /, **values: Any) -> str:
    """Return one displayed text in the language in use.

    Parameters
    ----------
    key : str
        Where the text stands, such as ``"common.month"``.
    **values
        What goes into its braces.

    Examples
    --------
    >>> with in_language("en"):
    ...     say("common.month")
    'month'
    """
    texts = all_words().get(key)
    if texts is None:
        near = difflib.get_close_matches(key, all_words(), 1)
        raise KeyError(f"no text under {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return _formatter.vformat(texts[language()], (), values)
