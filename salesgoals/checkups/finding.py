"""What one look at a laptop found: fine, to be looked at, or missing; and then what to do."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from salesgoals.words import say

OK, LOOK, MISSING = "ok", "look", "missing"
LEVELS = (OK, LOOK, MISSING)


@dataclass(frozen=True)
class Finding:
    """One line of the check-up.

    ``check`` names what was looked at, ``case`` what came out; the texts stand in words under
    ``doctor.<check>_<case>`` and, unless all is well, ``doctor.<check>_<case>_do``.
    """

    check: str
    level: str
    case: str = OK
    values: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Say what was found."""
        return say(f"doctor.{self.check}_{self.case}", **self.values)

    def to_do(self) -> str:
        """Say what to do about it; nothing where all is well."""
        return "" if self.level == OK else say(f"doctor.{self.check}_{self.case}_do", **self.values)


def fine(check: str, **values: Any) -> Finding:
    """Note that all is well; a list of a room's laptops need not hold what their owners are called."""
    return Finding(check, OK, OK, {name: _below_home(value) for name, value in values.items()})


def _below_home(value: Any) -> Any:
    """Write a folder of one's own as ``~/...``; anything else as it is."""
    text, home = str(value), os.path.join(os.path.expanduser("~"), "")
    return os.path.join("~", text[len(home):]) if text.startswith(home) else value


def look(check: str, case: str, **values: Any) -> Finding:
    """Note something that somebody should look at; the workshop can be held."""
    return Finding(check, LOOK, case, values)


def lacks(check: str, case: str, **values: Any) -> Finding:
    """Note something without which the workshop cannot be held on this laptop."""
    return Finding(check, MISSING, case, values)
