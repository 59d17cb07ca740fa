"""Exercises that check themselves: the right answers are worked out from the data, never written down."""

from salesgoals.exercises import decompose, goal, records
from salesgoals.exercises.checking import Verdict, check, exercise_numbers

__all__ = ["Verdict", "check", "decompose", "exercise_numbers", "goal", "records"]
