"""Which question each event puts to the goals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salesgoals.adjusting.case import Asked, Case
from salesgoals.adjusting.events import (
    Event,
    Join,
    Leave,
    MarketShock,
    MoveCustomers,
    MovePerson,
    OutOfReach,
    Wish,
)
from salesgoals.adjusting.handing import ask_customers, ask_join, ask_leave, ask_move
from salesgoals.adjusting.levelling import ask_reach, ask_shock, ask_wish
from salesgoals.problems import raise_if_any

_ASK: dict[type, Callable[[Case, Any], Asked]] = {
    Join: ask_join, Leave: ask_leave, MovePerson: ask_move, MoveCustomers: ask_customers,
    MarketShock: ask_shock, OutOfReach: ask_reach, Wish: ask_wish}


def ask(case: Case, event: Event) -> Asked:
    """Work out what an event asks for.

    Raises
    ------
    SalesgoalsError
        With all the reasons why it cannot be.
    """
    asked = _ASK[type(event)](case, event)
    raise_if_any(asked.problems)
    return asked
