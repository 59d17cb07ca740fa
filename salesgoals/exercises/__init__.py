"""Exercises that check themselves: the right answers are worked out from the data, never written down."""

from salesgoals.exercises import (
    adjust,
    claims,
    decompose,
    goal,
    incentives,
    market,
    process,
    records,
    retro,
    review,
    team,
    tools,
)
from salesgoals.exercises.checking import Verdict, check, exercise_numbers

__all__ = ["Verdict", "adjust", "check", "claims", "decompose", "exercise_numbers", "goal", "incentives",
           "market", "process", "records", "retro", "review", "team", "tools"]
