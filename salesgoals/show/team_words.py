"""How measures of people are named and written."""

from __future__ import annotations

from salesgoals.show.numbers import NOTHING, format_exact, format_money, format_share
from salesgoals.words import say

SHARES = ("won_rate", "new_share", "margin")


def name_measure(measure: str) -> str:
    """Return the displayed name of a measure."""
    return say(f"team.measure_{measure}")


def write_value(measure: str, value: float, currency: str = "") -> str:
    """Write a value as its measure asks for: money, share, days, visits.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     write_value("margin", .312), write_value("visits", 5.25), write_value("cycle_days", 38.2)
    ('31.2%', '5.2', '38 days')
    """
    if value != value or value is None:
        return NOTHING
    if measure in SHARES:
        return format_share(value, 1 if measure == "margin" else 0)
    if measure == "cycle_days":
        return say("team.days", n=format_exact(round(value)))
    return f"{value:.1f}" if measure == "visits" else format_money(value, currency)
