"""File names that every system takes and a reader recognises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from salesgoals.marks import mark

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_LONGEST = 60


def file_name(title: str, name: str = "") -> str:
    """Make a file name of a title; Chinese stays Chinese, what Windows forbids becomes ``_``.

    Parameters
    ----------
    title : str
        Name of the company, team or person.
    name : str, optional
        An id, to tell apart two of one title.

    Examples
    --------
    >>> file_name("华东/一组"), file_name("张伟", "P007"), file_name('A: "best" <team>?')
    ('华东_一组', '张伟_P007', 'A_best_team')
    """
    parts = [_FORBIDDEN.sub("_", part) for part in (title, name) if part]
    text = re.sub(r"[\s_]+", "_", "_".join(parts)).strip("._ ")
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST - 13].rstrip('._ ')}_{mark(title, name)}"
    return text or mark(title, name)


def different(names: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Tell equal file names apart by a mark of their ids; Windows and macOS do not tell A from a.

    Examples
    --------
    >>> first, second, third = different(["Ann", "ann", "Bo"], ["1", "2", "3"])
    >>> first == second, third
    (False, 'Bo')
    """
    plain = [name.casefold() for name in names]
    return [f"{name}_{mark(one)}" if plain.count(name.casefold()) > 1 else name
            for name, one in zip(names, ids, strict=True)]
