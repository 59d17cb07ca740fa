"""Exercises that check themselves: the right answers are worked out from the data, never written down."""

from salesgoals.exercises import claims, decompose, goal, incentives, market, records, review, team, tools
from salesgoals.exercises.checking import Verdict, check, exercise_numbers

__all__ = ["Verdict", "check", "claims", "decompose", "exercise_numbers", "goal", "incentives", "market",
           "records", "review", "team", "tools"]
