"""What an event is held against, and what it asks for: open goals in fractions, and which sums are fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.adjusting.base import VACANT, Base
from salesgoals.adjusting.prospect import Prospect
from salesgoals.allocation.allocate import Array
from salesgoals.claiming.agreeing import find_absorbers
from salesgoals.claiming.amounts import find_person
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

TEAM, NOBODY, PEERS, VACANCY = "team", "nobody", "peers", "vacancy"


def together(*questions: Callable[[], Any]) -> list[Any]:
    """Answer several questions; whatever is wrong with any of them is said at once.

    Examples
    --------
    >>> together(lambda: 1, lambda: 2)
    [1, 2]
    """
    answers, problems = [], []
    for question in questions:
        try:
            answers.append(question())
        except SalesgoalsError as error:
            problems += error.problems
    raise_if_any(problems)
    return answers


@dataclass(frozen=True)
class Case:
    """Everything that an event is held against."""

    base: Base
    prospect: Prospect
    tables: Mapping[str, pd.DataFrame]

    @property
    def people(self) -> pd.DataFrame:
        """Who has a goal."""
        return self.base.people

    def place(self, person: str) -> int:
        """Find a person by id or name."""
        found = find_person(self.people, person, self.tables["people"])
        if isinstance(found, Problem):
            raise SalesgoalsError(found)
        return self.base.person(found)

    def places(self, who: str | Sequence[str], near: int | None = None,
               without: Sequence[int] = ()) -> list[int]:
        """Find several: names, ``all``, or ``team`` (that of the person at ``near``)."""
        named: list[int] = []
        if who == TEAM and near is not None:
            home = self.people.loc[near, ["department", "team"]]
            found = list(self.people.index[(self.people[["department", "team"]].fillna("")
                                            == home.fillna("")).all(axis=1)])
        else:
            names = [who] if isinstance(who, str) else list(who)
            ids, problems = find_absorbers(self.people, names)
            raise_if_any(problems)
            found = [self.base.person(one) for one in ids]
            called = {str(name).strip() for name in names}
            named = [at for at in found if {self.people.person_id[at], self.people.person[at]} & called]
        going_on = np.asarray(self.base.there.any((1, 2)))  # who has left keeps past goals only
        return [at for at in found if at not in without and not self.is_vacant(at)
                and (going_on[at] or at in named)]

    def check_named(self, who: str | Sequence[str], *codes: str) -> None:
        """Refuse names that nobody has; codes such as ``team`` need none."""
        if who not in codes:
            self.places(who)

    def is_vacant(self, at: int) -> bool:
        """Whether nobody sits there."""
        return str(self.people.person_id[at]).startswith(VACANT)

    def team(self, wanted: str) -> tuple[Any, Any]:
        """Find a team by name."""
        known = self.people[["department", "team"]].dropna().drop_duplicates()
        text = str(wanted).strip()
        found = known[(known.team == text) | (known.department + "/" + known.team == text)]
        if len(found) != 1:
            listed = ", ".join((known.department + "/" + known.team).sort_values()[:20])
            raise SalesgoalsError(Problem("adjust.team_unknown" if found.empty else "adjust.team_twice",
                                          found=text, known=listed or "-"))
        return found.iloc[0].department, found.iloc[0].team

    def capacity(self, places: Sequence[int]) -> Array:
        """Shares in proportion to what each can be expected to sell; to the goals where nobody knows."""
        rest = self.prospect.people.rest.fillna(0.).to_numpy(float)[list(places)].clip(0)
        own = self.base.cells[list(places)].sum((1, 2)).astype(float)
        weight = rest if rest.any() else own if own.any() else np.ones(len(places))
        return np.asarray(weight / weight.sum())


@dataclass
class Asked:
    """What is wished for: open units by person, window and line, in fractions, and which sums are fixed."""

    people: pd.DataFrame
    wished: Array
    prospect: Prospect
    groups: list[tuple[list[int], int]]  # people, and what they carry together
    gone: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def unchanged(case: Case) -> Asked:
    """Start from the goals as they are."""
    return Asked(case.people.copy(), case.base.cells.astype(float), case.prospect, [])
