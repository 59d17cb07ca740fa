"""Checking an answer: right or not yet, with a hint, and never an error."""

from __future__ import annotations

import difflib
import html
import math
import numbers
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from salesgoals.allocation.limits import parse_amount
from salesgoals.sample import sample_workspace
from salesgoals.words import all_words, say
from salesgoals.workspace import Workspace

HINTS = 3
RIGHT = "right"


@dataclass(frozen=True)
class Verdict:
    """What ``check`` says: right (or nothing to solve) or not yet, why, and hints up to nearly the answer."""

    number: str
    right: bool
    message: str
    hints: tuple[str, ...] = ()
    shown: int = 1

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        lines = [self.message, *(f"{say('exercise.hint', level=level)} · {hint}" for level, hint
                                 in enumerate(self.hints[:self.shown], 1))]
        if self.hints[self.shown:]:
            lines.append(say("exercise.more_hints", next=self.shown + 1))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show the same in a notebook, each hint behind a click."""
        folded = "".join(
            f"<details><summary>{html.escape(say('exercise.hint', level=level))}</summary>"
            f"{_with_code(hint)}</details>" for level, hint in enumerate(self.hints, 1))
        return f"<p><strong>{_with_code(self.message)}</strong></p>{folded}"


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))


Judge = Callable[[Workspace, Any], str]
_JUDGES: dict[str, Judge] = {}
Case = Callable[[Workspace], bool]
_CASES: dict[str, Case] = {}


def check(number: str, answer: Any, workspace: Workspace | None = None, hint: int = 1) -> Verdict:
    """Tell whether an answer is right; if it is not yet, say what to think about next.

    Parameters
    ----------
    number : str
        The exercise, such as ``"4.1"``.
    answer : any
        Whatever was typed; nothing makes this fail.
    workspace : Workspace, optional
        The company the lesson works with; by default the sample company.
    hint : int, default 1
        How many of the three hints a plain text shows; in a notebook all three can be opened.

    Returns
    -------
    Verdict
        True or false in an ``if`` or ``assert``; says the rest in the language in use. Where the data hold
        no case of the exercise, such as no market figures, there is nothing to solve: it says so and is true.

    Examples
    --------
    >>> bool(check("4.1", ...))
    False
    """
    key = str(number)
    if key not in _JUDGES:
        near = difflib.get_close_matches(key, _JUDGES, 1, cutoff=0.0)
        return Verdict(key, False, say("exercise.unknown", number=key, nearest=near[0]))
    hints = tuple(say(f"exercise.{_word(key)}.hint_{level}") for level in range(1, HINTS + 1))
    shown = min(max(hint, 1), HINTS) if isinstance(hint, int) else 1
    company = workspace or sample_workspace()
    if not _CASES[key](company):
        return Verdict(key, True, say("exercise.no_case", number=key))
    try:
        if answer is ... or answer is None or (isinstance(answer, str) and not answer.strip()):
            return Verdict(key, False, say("exercise.nothing_yet", number=key), hints, shown)
        found = _JUDGES[key](company, answer)
    except Exception:  # a learner's answer can be anything; whatever it breaks, it is not the right one
        return Verdict(key, False, say("exercise.not_understood", number=key), hints, shown)
    if found == RIGHT:
        return Verdict(key, True, say(f"exercise.{_word(key)}.right", number=key))
    special = f"exercise.{_word(key)}.{found}"
    return Verdict(key, False, say(special if special in all_words() else f"exercise.{found}", number=key),
                   hints, shown)


def exercise_numbers() -> list[str]:
    """List the exercises there are."""
    return sorted(_JUDGES, key=lambda number: [int(part) for part in number.split(".")])


def _word(number: str) -> str:
    return "n" + number.replace(".", "_")


def judges(number: str, case: Case = lambda workspace: True) -> Callable[[Judge], Judge]:
    """Keep a judge, and what the data must hold for the exercise to make sense."""
    def keep(judge: Judge) -> Judge:
        _JUDGES[number], _CASES[number] = judge, case
        return judge
    return keep


def read_number(answer: Any) -> float | None:
    """Read an answer as a number: 1200000, "1,200,000", "1.2M", "35%"; None where it is none."""
    if isinstance(answer, bool):
        return None
    if isinstance(answer, str):
        text = re.sub(r"[\s,\uff0c_]", "", answer).replace("\uff05", "%")
        share = text.endswith("%")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?%?", text):
            amount = parse_amount(text)
            return amount if amount is not None and math.isfinite(amount) else None
        return float(text.rstrip("%")) / (100 if share else 1)
    if not isinstance(answer, numbers.Real) and not hasattr(answer, "dtype"):
        return None
    value = float(answer)
    return value if math.isfinite(value) else None


def read_share(answer: Any) -> float | None:
    """Read an answer as a share: 0.35, 35 or "35%"."""
    value = read_number(answer)
    if value is None or (isinstance(answer, str) and answer.strip()[-1] in "%\uff05"):
        return value
    return value / 100 if abs(value) > 1.5 else value
