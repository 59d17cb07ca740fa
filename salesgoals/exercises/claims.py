"""Exercise of lesson 6 on claims: which number pays best when a rule is changed."""

from __future__ import annotations

from typing import Any

from salesgoals.claiming.practice import middle_person
from salesgoals.claiming.worth import with_chance
from salesgoals.exercises.checking import RIGHT, judges, read_number
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace

WEIGHT, FINE, REWARD, USUAL = 0.5, 0.5, 0.9, 0.7
NEAR = 0.01


def _outlook(workspace: Workspace) -> tuple[float, float]:
    forecast = estimate(workspace)[0]
    person = middle_person(forecast)
    return float(forecast.people["mean"][person]), float(forecast.people.sd[person])


@judges("6.2")
def _best_under_a_higher_reward(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    mean, sd = _outlook(workspace)
    wanted, usual, middle = (with_chance(mean, sd, share) for share in (
        WEIGHT * REWARD / FINE, WEIGHT * USUAL / FINE, .5))
    if abs(value / wanted - 1) <= NEAR:
        return RIGHT
    if abs(value / usual - 1) <= NEAR:
        return "usual"
    if abs(value / middle - 1) <= NEAR:
        return "middle"
    return "too_high" if value > wanted else "too_low"
