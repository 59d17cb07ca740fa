"""Exercises that check themselves: the right answers are worked out from the data, never written down."""

from __future__ import annotations

import difflib
import html
import math
import numbers
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesgoals.decompose import compare_methods
from salesgoals.forecast import Forecast
from salesgoals.goal import chance, chance_of_people
from salesgoals.history import monthly_sales
from salesgoals.lessons import newest_person, spelling_twins
from salesgoals.plans import estimate
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
    return list(_JUDGES)


def _word(number: str) -> str:
    return "n" + number.replace(".", "_")


def _judges(number: str, case: Case = lambda workspace: True) -> Callable[[Judge], Judge]:
    """Keep a judge, and what the data must hold for the exercise to make sense."""
    def keep(judge: Judge) -> Judge:
        _JUDGES[number], _CASES[number] = judge, case
        return judge
    return keep


def _number(answer: Any) -> float | None:
    """Read an answer as a number: 1200000, "1,200,000", "35%"; None where it is none."""
    if isinstance(answer, bool):
        return None
    if isinstance(answer, str):
        text = re.sub(r"[\s,\uff0c_]", "", answer).replace("\uff05", "%")
        share = text.endswith("%")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?%?", text):
            return None
        return float(text.rstrip("%")) / (100 if share else 1)
    if not isinstance(answer, numbers.Real) and not hasattr(answer, "dtype"):
        return None
    value = float(answer)
    return value if math.isfinite(value) else None


def _share(answer: Any) -> float | None:
    """Read an answer as a share: 0.35, 35 or "35%"."""
    value = _number(answer)
    if value is None or (isinstance(answer, str) and answer.strip()[-1] in "%\uff05"):
        return value
    return value / 100 if abs(value) > 1.5 else value


def _monthly_totals(workspace: Workspace) -> pd.Series:
    return monthly_sales(workspace.tables).groupby("month").amount.sum()


@_judges("0.1", case=lambda workspace: len(_monthly_totals(workspace)) > 1)
def _best_of_the_rest(workspace: Workspace, answer: Any) -> str:
    totals = _monthly_totals(workspace)
    given = answer if isinstance(answer, str | pd.Period) else pd.Timestamp(answer)
    month = pd.Period(given, "M").to_timestamp()
    if month not in totals.index:
        return "outside"
    if month == totals.idxmax():
        return "record"
    return RIGHT if totals[month] == totals.drop(totals.idxmax()).max() else "not_yet"


@_judges("0.2", case=lambda workspace: len(_monthly_totals(workspace)) >= 24)
def _year_on_year(workspace: Workspace, answer: Any) -> str:
    totals = _monthly_totals(workspace)
    growth = totals.iloc[-12:].sum() / totals.iloc[-24:-12].sum() - 1
    value = _share(answer)
    if value is None:
        return "needs_number"
    if abs(value - growth) <= 0.005:
        return RIGHT
    if abs(value - (1 + growth)) <= 0.005:
        return "ratio"
    if growth and abs(value + growth) <= 0.005:
        return "sign"
    return "not_yet"


def _aside(workspace: Workspace) -> pd.DataFrame:
    issues = workspace.issues
    return issues[(issues.level == "stop") & issues.row.notna()]


@_judges("1.1", case=lambda workspace: "collect.amount_unreadable" in set(_aside(workspace).code))
def _unreadable_row(workspace: Workspace, answer: Any) -> str:
    aside = _aside(workspace)
    amounts = aside[aside.code == "collect.amount_unreadable"]
    value = _number(answer)
    if value is None:
        return "needs_number"
    if int(value) in set(amounts.row.astype(int)):
        return RIGHT
    return "other_reason" if int(value) in set(aside.row.astype(int)) else "not_yet"


@_judges("1.2", case=lambda workspace: bool(spelling_twins(workspace)))
def _alias(workspace: Workspace, answer: Any) -> str:
    twins = spelling_twins(workspace)
    if not isinstance(answer, Mapping):
        return "needs_pair"
    given = {str(key): str(value) for key, value in answer.items()}
    if given and given == twins:
        return RIGHT
    return "turned" if given and {value: key for key, value in given.items()} == twins else "not_yet"


@_judges("4.1")
def _total_at_60(workspace: Workspace, answer: Any) -> str:
    value = _number(answer)
    if value is None:
        return "needs_number"
    if value <= 0:
        return "not_yet"
    reached = chance(estimate(workspace)[0], value)
    if abs(reached - 0.60) <= 0.01:
        return RIGHT
    return "too_high" if reached < 0.60 else "too_low"


def _market_total(workspace: Workspace) -> float:
    return float(estimate(workspace)[1].set_index("estimate").total["market"])


@_judges("4.2", case=lambda workspace: not math.isnan(_market_total(workspace)))
def _chance_with_market(workspace: Workspace, answer: Any) -> str:
    forecast = estimate(workspace)[0]
    value = _share(answer)
    if value is None:
        return "needs_number"
    if not 0 <= value <= 1:
        return "no_chance"
    wanted = chance(forecast, _market_total(workspace))
    if abs(value - wanted) <= 0.015:
        return RIGHT
    return "turned" if abs(value - (1 - wanted)) <= 0.015 else "not_yet"


def _people(workspace: Workspace) -> tuple[Forecast, pd.DataFrame]:
    forecast, _ = estimate(workspace)
    total = round(float(forecast.unit["last_12"]))
    start = f"{forecast.months.month.min():%Y-%m}"
    return forecast, compare_methods(workspace.tables, total, start)


@_judges("5.1")
def _hardest_equal_goal(workspace: Workspace, answer: Any) -> str:
    if not isinstance(answer, str):
        return "nobody"
    forecast, methods = _people(workspace)
    goals = methods.set_index("person_id").equal
    chances = chance_of_people(forecast, goals).reindex(goals.index)
    lowest = chances.index[chances <= max(chances.min() + 0.005, 0.01)]  # what no reader can tell apart
    names = methods.set_index("person_id").person
    given = answer.strip()
    if given in lowest or (given in set(names[lowest]) and (names == given).sum() == 1):
        return RIGHT
    if (names == given).sum() > 1:
        return "shared_name"
    if given not in names.index and given not in set(names):
        return "nobody"
    return "not_yet"


@_judges("5.2")
def _fair_newcomer_goal(workspace: Workspace, answer: Any) -> str:
    value = _number(answer)
    if value is None:
        return "needs_number"
    forecast, _ = estimate(workspace)
    newcomer = newest_person(workspace)
    reached = float(chance_of_people(forecast, pd.Series({newcomer: value}))[newcomer])
    if abs(reached - 0.50) <= 0.02:
        return RIGHT
    return "too_high" if reached < 0.50 else "too_low"
