"""``salesgoals doctor``: is this laptop ready for the workshop?"""

from __future__ import annotations

from salesgoals.doctor import report


def doctor(json: bool) -> int:
    """Examine this laptop and say what to do."""
    return report(json)
