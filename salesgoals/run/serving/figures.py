"""What each participant is shown: own figures only, all worked out by the package's functions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.claiming.menus import make_rules
from salesgoals.claiming.rules import Rule
from salesgoals.claiming.worth import best_claim, expected_pay, with_chance
from salesgoals.claims import Proposed, proposal_of
from salesgoals.fairness.gap import top_down_against_bottom_up
from salesgoals.forecasting.probability import CERTAIN, chances_of_each
from salesgoals.goal import chance
from salesgoals.incentives import open_pay_plan
from salesgoals.paying.names import name_people
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.payroll import apply_pay_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Workspace

LEAST, MOST, STEPS = 0.4, 1.8, 100  # of the middle of the own forecast; a step is about 1 % of it
BESIDE = (0.8, 1.25)                # of the proposal, where it lies outside


@dataclass(frozen=True)
class Own:
    """The figures of one person.

    Parameters
    ----------
    person_id, team : str
        Who it is.
    last_12, proposed : float
        Sales of the last 12 months of the records, and the proposed goal, in currency units.
    chance : float
        Of reaching the proposal; NaN where no forecast exists.
    months : list of (Timestamp, float)
        Sales of each of the last 12 months of the records, or of as many as they have.
    step : int
        From one amount to the next; a multiple of the plan's unit.
    amounts, chances : list
        The chance curve as a table; chances are empty where no forecast exists.
    """

    person_id: str
    team: str
    last_12: float
    proposed: float
    chance: float
    months: list[tuple[pd.Timestamp, float]]
    step: int
    amounts: list[int]
    chances: list[float] = field(default_factory=list)


class Figures:
    """All that a session needs of a plan, read once.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan; without one the error says what to do first.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.proposed: Proposed = proposal_of(workspace)
        self.forecast = self.proposed.saved.forecast
        self.people = self.proposed.people.set_index("person_id", drop=False)
        self.currency = workspace.settings.currency
        self.goal = int(self.people.goal.sum())
        self._own: dict[str, Own] = {}
        self._chances: dict[float, float] = {}

    @property
    def unit(self) -> int:
        """Goals are whole multiples of it."""
        return self.proposed.unit

    def names(self) -> dict[str, str]:
        """The people of the plan by person_id, two of one name told apart, in the language in use."""
        return dict(name_people(self.people))

    def own(self, person: str) -> Own:
        """Return the figures of one person, and of nobody else."""
        if person not in self._own:
            self._own[person] = self._work_out(person)
        return self._own[person]

    def _work_out(self, person: str) -> Own:
        row = self.people.loc[person]
        sales = self.proposed.saved.history
        last = sales.month.max()
        first = max(sales.month.min(), last - pd.DateOffset(months=11))
        months = pd.date_range(first, last, freq="MS")
        own = sales[sales.person_id == person].groupby("month").amount.sum()
        step, amounts = self._amounts(person, float(row.goal))
        return Own(person, str(row.team), float(row.last_12), float(row.goal),
                   self.chance_of_claim(person, float(row.goal)),
                   [(month, float(own.get(month, 0.0))) for month in months], step, amounts,
                   [round(self.chance_of_claim(person, amount), 5) for amount in amounts]
                   if self.outlook(person) else [])

    def _amounts(self, person: str, proposed: float) -> tuple[int, list[int]]:
        known = self.outlook(person)
        middle = with_chance(*known, 0.5) if known else proposed
        if not middle > 0:
            return self.unit, []
        low, high = LEAST * middle, MOST * middle
        if proposed > 0:
            low, high = min(low, BESIDE[0] * proposed), max(high, BESIDE[1] * proposed)
        step = self.unit * _round_number((high - low) / STEPS / self.unit)
        return step, list(range(math.floor(low / step) * step, math.ceil(high / step) * step + 1, step))

    def outlook(self, person: str) -> tuple[float, float] | None:
        """Mean and standard deviation of what a person may sell; None where the records say nothing."""
        people = self.forecast.people
        if person not in people.index or not people["mean"][person] > 0:
            return None
        return float(people["mean"][person]), float(people.sd[person])

    def chance_of_claim(self, person: str, amount: float) -> float:
        """Say how likely a person is to reach an amount; NaN where no forecast exists."""
        if person not in self.forecast.people.index:
            return float("nan")
        mean, sd = (np.array([self.forecast.people[name][person]], float) for name in ("mean", "sd"))
        return float(chances_of_each(mean, sd, np.array([amount], float))[0])

    def chance_of_total(self, total: float) -> float:
        """Say how likely all together are to reach a total."""
        if total <= 0:
            return 1.0
        if total not in self._chances:
            self._chances[total] = chance(self.forecast, total)
        return self._chances[total]

    def rule(self, person: str, name: str) -> Rule | None:
        """Return the rule of pay laid on one person; None where it cannot be."""
        known, proposed = self.outlook(person), float(self.people.goal[person])
        if known is None or proposed <= 0 or known[1] <= CERTAIN * known[0]:
            return None
        return next((rule for rule in make_rules(*known, proposed, self.unit) if rule.name == name), None)

    def worth(self, person: str, name: str) -> dict[str, Any] | None:
        """Say what each claim pays on average under a rule, and which pays best.

        Returns
        -------
        dict or None
            pays (for each of :attr:`Own.amounts`, in the rule's points), best (claim, chance, expected) and,
            of a menu, its goals and rewards.
        """
        rule, known = self.rule(person, name), self.outlook(person)
        if rule is None or known is None:
            return None
        best = best_claim(rule, *known)
        pays = np.round(expected_pay(rule, *known, np.asarray(self.own(person).amounts, float)), 3)
        return {"pays": pays.tolist(), "best": best,
                "menu": list(zip(getattr(rule, "goals", ()), getattr(rule, "rewards", ()), strict=True))}

    @cached_property
    def target_pay(self) -> dict[str, Decimal]:
        """What each person's pay plan pays at 100 %; empty where the workspace has none that can be used."""
        if not (self.workspace.folder / PAY_FILE).is_file():
            return {}
        try:
            people = apply_pay_plan(self.workspace, self.proposed.saved, open_pay_plan(self.workspace)).people
        except SalesgoalsError:  # the session is about goals; the command "pay" says what is wrong
            return {}
        return dict(people.dropna(subset=["group", "target_pay"]).set_index("person_id").target_pay)

    def gap(self, claimed: dict[str, int]) -> pd.DataFrame:
        """Set proposed beside claimed at every node, as :func:`salesgoals.claims.claim_gap` does."""
        claims = pd.DataFrame({"person_id": pd.Series(list(claimed), dtype="str"),
                               "goal": pd.Series(list(claimed.values()), dtype="float64")})
        return top_down_against_bottom_up(self.people.reset_index(drop=True), claims)


def _round_number(least: float) -> int:
    """Find the largest of 1, 2, 5, 10, 20 ... that is no larger.

    Examples
    --------
    >>> [_round_number(value) for value in (0.3, 3, 7.9, 4711)]
    [1, 2, 5, 2000]
    """
    power = 10 ** max(math.floor(math.log10(max(least, 1.0))), 0)
    return max((factor * power for factor in (1, 2, 5) if factor * power <= least), default=1)
