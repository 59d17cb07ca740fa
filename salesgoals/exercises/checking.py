"""Checking an answer: right or not yet, with a hint, and never an error."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salesgoals.problems import SalesgoalsError
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


@dataclass(frozen=True)
class Planned:
    """Answers thought of beforehand: the right ones in several forms, and the typical mistakes.

    Parameters
    ----------
    right : tuple
        Each is the right answer.
    wrong : mapping
        Name of the mistake -> answers that make it; ``check`` says of each what went wrong. A mistake that
        the data cannot tell from the right answer is not among them.
    """

    right: tuple[Any, ...]
    wrong: Mapping[str, tuple[Any, ...]]


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))


Judge = Callable[[Workspace, Any], str]
_JUDGES: dict[str, Judge] = {}
Case = Callable[[Workspace], bool]
_CASES: dict[str, Case] = {}
Plan = Callable[[Workspace], Planned]
_PLANS: dict[str, Plan] = {}


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
    key = _text_of(number)
    if key not in _JUDGES:
        near = difflib.get_close_matches(key, _JUDGES, 1, cutoff=0.0)
        return Verdict(key, False, say("exercise.unknown", number=key, nearest=near[0]))
    hints = tuple(say(f"exercise.{_word(key)}.hint_{level}") for level in range(1, HINTS + 1))
    shown = min(max(hint, 1), HINTS) if isinstance(hint, int) else 1
    company = workspace or sample_workspace()
    if not _has_case(key, company):
        return Verdict(key, True, say("exercise.no_case", number=key))
    try:
        found = ("nothing_yet" if answer is ... or answer is None or _is_blank(answer)
                 else _JUDGES[key](company, answer))
    except SalesgoalsError:
        if not _can_be_worked_out(key, company):
            return Verdict(key, True, say("exercise.no_case", number=key))
        found = "not_understood"
    except Exception:  # a learner's answer can be anything; whatever it breaks, it is not the right one
        found = "not_understood"
    message = say(_key_of(key, found), number=key)
    return Verdict(key, True, message) if found == RIGHT else Verdict(key, False, message, hints, shown)


def exercise_numbers() -> list[str]:
    """List the exercises there are."""
    return sorted(_JUDGES, key=lambda number: [int(part) for part in number.split(".")])


def planned_answers(number: str, workspace: Workspace | None = None) -> Planned:
    """Show what is planned to be answered: the right answer, and the mistakes that learners make.

    Parameters
    ----------
    number : str
        The exercise, such as ``"4.1"``.
    workspace : Workspace, optional
        The company the lesson works with; by default the sample company.

    Returns
    -------
    Planned
        Worked out from the data of the workspace; :func:`say_mistake` says what each mistake is.

    Raises
    ------
    SalesgoalsError
        If the data hold no case of the exercise.

    Examples
    --------
    >>> sorted(planned_answers("11.1").wrong)
    ['difference', 'needs_number', 'present', 'turned']
    """
    return _PLANS[number](workspace or sample_workspace())


def say_mistake(number: str, mistake: str) -> str:
    """Say what ``check`` answers to one of the planned mistakes, in the language in use."""
    return say(_key_of(number, mistake), number=number)


def judges(number: str, case: Case = lambda workspace: True) -> Callable[[Judge], Judge]:
    """Keep a judge, and what the data must hold for the exercise to make sense."""
    def keep(judge: Judge) -> Judge:
        _JUDGES[number], _CASES[number] = judge, case
        return judge
    return keep


def plans(number: str) -> Callable[[Plan], Plan]:
    """Keep the planned answers of an exercise."""
    def keep(plan: Plan) -> Plan:
        _PLANS[number] = plan
        return plan
    return keep


def unlike(near: float, values: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """Keep the mistakes that can be told from the right number and from the mistakes before them.

    ``values`` holds the right one as well. They have to lie twice as far off as counts as near.
    """
    told = {RIGHT: values[RIGHT]}
    for name, value in values.items():
        if all(abs(value - other) > 2 * near for other in told.values()):
            told[name] = value
    return {name: (value,) for name, value in told.items() if name != RIGHT}


def _word(number: str) -> str:
    return "n" + number.replace(".", "_")


def _key_of(number: str, found: str) -> str:
    """Find the words of a finding: the exercise's own if there are any, else those for all."""
    own = f"exercise.{_word(number)}.{found}"
    return own if own in all_words() else f"exercise.{found}"


def _text_of(number: Any) -> str:
    try:
        return str(number)
    except Exception:
        return ""


def _is_blank(answer: Any) -> bool:
    return isinstance(answer, str) and not answer.strip()


def _has_case(key: str, company: Workspace) -> bool:
    try:
        return _CASES[key](company)
    except SalesgoalsError:
        return False


def _can_be_worked_out(key: str, company: Workspace) -> bool:
    try:
        _PLANS[key](company)
    except SalesgoalsError:
        return False
    return True
