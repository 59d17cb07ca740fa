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
from salesgoals.exercises.checking import (
    Planned,
    Verdict,
    check,
    exercise_numbers,
    planned_answers,
    say_mistake,
)

__all__ = ["Planned", "Verdict", "adjust", "check", "claims", "decompose", "exercise_numbers", "goal",
           "incentives", "market", "planned_answers", "process", "records", "retro", "review", "say_mistake",
           "team", "tools"]
