"""Exercise of lesson 6 on claims: which number pays best when a rule is changed."""

from __future__ import annotations

from typing import Any

from salesgoals.claiming.practice import middle_person
from salesgoals.claiming.worth import with_chance
from salesgoals.exercises.checking import RIGHT, Planned, judges, plans, unlike
from salesgoals.exercises.keeping import kept
from salesgoals.exercises.reading import read_number
from salesgoals.plans import estimate
from salesgoals.workspace import Workspace

WEIGHT, FINE, REWARD, USUAL = 0.5, 0.5, 0.9, 0.7
NEAR = 0.01


@kept
def _claims(workspace: Workspace) -> dict[str, float]:
    """The best claim of the person in the middle, and what is taken for it."""
    forecast = estimate(workspace)[0]
    person = middle_person(forecast)
    mean, sd = float(forecast.people["mean"][person]), float(forecast.people.sd[person])
    return {name: with_chance(mean, sd, share) for name, share in (
        (RIGHT, WEIGHT * REWARD / FINE), ("usual", WEIGHT * USUAL / FINE), ("middle", .5))}


@judges("6.2", case=lambda workspace: _claims(workspace)[RIGHT] > 0)
def _best_under_a_higher_reward(workspace: Workspace, answer: Any) -> str:
    value = read_number(answer)
    if value is None:
        return "needs_number"
    claims = _claims(workspace)
    found = next((name for name, claim in claims.items() if abs(value / claim - 1) <= NEAR), None)
    return found or ("too_high" if value > claims[RIGHT] else "too_low")


@plans("6.2")
def _claims_planned(workspace: Workspace) -> Planned:
    claims = _claims(workspace)
    right = claims[RIGHT]
    return Planned((right, f"{right:,.0f}"), unlike(NEAR * right, claims) | {
        "too_high": (right * 3,), "too_low": (right / 3,), "needs_number": ("low",)})
