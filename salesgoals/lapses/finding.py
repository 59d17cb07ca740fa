"""What is said about one way of losing control: found or not, how grave, on what evidence, what helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import norm

from salesgoals.problems import Problem

YES, NO, UNKNOWN = "yes", "no", "unknown"
NONE, TALK, ACT = 0, 1, 2       # severity: nothing found, worth a talk, act now
SURE = .95


@dataclass
class Finding:
    """One of the five, with its evidence.

    Parameters
    ----------
    problem : str
        too_high, uneven, unwatched, rewards or habits.
    found : str
        yes, no or unknown (the records cannot tell).
    severity : int
        0 nothing found, 1 worth a talk, 2 act now.
    evidence : list of Problem
        Of level doubt what speaks for it, of level note what else is known; questions that the records
        cannot answer have codes that start with ``control.ask_``.
    remedies : tuple of str
        What helps: names of steps.
    """

    problem: str
    found: str = UNKNOWN
    severity: int = NONE
    evidence: list[Problem] = field(default_factory=list)
    remedies: tuple[str, ...] = ()

    def add(self, code: str, grave: int = NONE, **values: object) -> None:
        """Add evidence; with a severity it speaks for the problem."""
        self.evidence.append(Problem(f"control.{code}", level="doubt" if grave else "note",
                                     **{name: _plain(value) for name, value in values.items()}))
        self.severity = max(self.severity, grave)
        if grave:
            self.found = YES

    def clear(self) -> None:
        """Say that it was looked for: what is not found is "no"."""
        if self.found == UNKNOWN:
            self.found = NO


def _plain(value: object) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def share_interval(count: int, total: int, coverage: float = SURE) -> tuple[float, float]:
    """Return Wilson's interval of a share: what lies behind so many of so many.

    Examples
    --------
    >>> [round(end, 2) for end in share_interval(3, 10)]
    [0.11, 0.6]
    """
    z = float(norm.ppf((1 + coverage) / 2))
    middle = (count + z ** 2 / 2) / (total + z ** 2)
    half = z / (total + z ** 2) * float(np.sqrt(count * (total - count) / total + z ** 2 / 4))
    return max(middle - half, 0.), min(middle + half, 1.)


def longest_blanks(seen: Sequence[bool]) -> int:
    """Return the length of the longest run without anything seen.

    Examples
    --------
    >>> longest_blanks([True, False, False, True, False])
    2
    """
    longest = now = 0
    for there in seen:
        now = 0 if there else now + 1
        longest = max(longest, now)
    return longest
