"""What can happen to goals once they are set: joining, leaving, moving, the market, out of reach, wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import pandas as pd

Day: TypeAlias = "str | pd.Timestamp"


@dataclass(frozen=True)
class Join:
    """A person joins: a typical colleague's goal, times the growth curve of newcomers.

    Parameters
    ----------
    person : str
        Id of the newcomer; the name follows from the list of people or from ``name``.
    team : str
        ``department/team``, or a team's name where only one department has it.
    day : str or Timestamp
        First day.
    relieves : str
        Whose goals become lighter by it: ``team``, ``all``, a person or a vacancy; ``nobody``: the total
        rises.
    name : str
        What to call somebody who is not on the list of people yet.
    """

    person: str
    team: str
    day: Day
    relieves: str = "team"
    name: str = ""


@dataclass(frozen=True)
class Leave:
    """A person leaves: from that day on somebody else carries the goal, or nobody does.

    Parameters
    ----------
    person : str
        Id, or a name that only one person has.
    day : str or Timestamp
        First day without this person.
    to : str or sequence of str
        ``team`` or ``all`` (in proportion to what each can be expected to sell), names of people,
        ``vacancy`` (the goal waits for a successor), ``nobody`` (the total falls).
    keep : float
        Share of what the person would have sold that customers are assumed to buy from the successors. Nobody
        knows it; it moves only the chances, never the goals.
    """

    person: str
    day: Day
    to: str | Sequence[str] = "team"
    keep: float = .5


@dataclass(frozen=True)
class MovePerson:
    """A person moves to another team; from the next period on the goal counts there.

    Parameters
    ----------
    person, team, day
        Who, where to (as for :class:`Join`), first day there.
    with_goal : bool
        True: customers and goal move along. False: both teams keep their goals; the old team takes over the
        person's, the new one hands over a typical colleague's.
    """

    person: str
    team: str
    day: Day
    with_goal: bool = True


@dataclass(frozen=True)
class MoveCustomers:
    """Customers pass from one person to another; the goal moves with their share of sales.

    Parameters
    ----------
    giver, taker : str
        From whom, to whom.
    day : str or Timestamp
        First day.
    accounts : sequence of str
        Ids of customers; empty: all of the giver's.
    """

    giver: str
    taker: str
    day: Day
    accounts: Sequence[str] = ()


@dataclass(frozen=True)
class MarketShock:
    """The market rises or falls: expected sales and goals follow, each person's as far as it hits.

    Parameters
    ----------
    change : float
        Such as -0.2 for a fall of 20 %.
    day : str or Timestamp
        First day.
    by : str
        ``all``, ``segment`` or ``region`` (of customers), ``product_line``.
    of : str
        Which segment, region or product line.
    total : str
        ``moves`` (the total follows the market) or ``kept`` (everybody carries part of the rest).
    """

    change: float
    day: Day
    by: str = "all"
    of: str = ""
    total: str = "moves"


@dataclass(frozen=True)
class OutOfReach:
    """Goals proved out of reach are brought down to where they have a stated chance again.

    Parameters
    ----------
    day : str or Timestamp
        From when; what is missing from before stays missing.
    who : str
        ``all``, a department, team or person: whose goals are looked at.
    limit : float
        A goal is out of reach if the chance of the whole goal, sales so far counted, is below it.
    chance : float
        What the rest of the goal gets.
    total : str
        ``lowered``, or ``kept``: colleagues take over what they can carry with this same chance.
    counts : str
        ``rest``: from the day on the goal has this chance, earlier misses stand. ``whole``: the goal of the
        whole span has it, as far as it can without touching the past.
    """

    day: Day
    who: str = "all"
    limit: float = .1
    chance: float = .5
    total: str = "lowered"
    counts: str = "rest"


@dataclass(frozen=True)
class Wish:
    """Somebody wants another goal for a person, a team or everybody.

    Parameters
    ----------
    who : str
        ``all``, a department, team or person.
    amount : float or str
        The new goal of the whole span (``120万``), or a change of it (``"+10%"``).
    day : str or Timestamp
        From when; what lies before is not touched, so the rest carries the whole change.
    absorbed : str or sequence of str
        ``nobody`` (the total changes), ``peers`` (colleagues of the team; for a team, or without any, all
        others), ``all`` or names: they carry the difference in proportion to their goals.
    """

    who: str
    amount: float | str
    day: Day
    absorbed: str | Sequence[str] = "nobody"


Event: TypeAlias = Join | Leave | MovePerson | MoveCustomers | MarketShock | OutOfReach | Wish

#: code of the event, as words and ledger name it
CODES: dict[type, str] = {Join: "join", Leave: "leave", MovePerson: "move", MoveCustomers: "customers",
                          MarketShock: "shock", OutOfReach: "reach", Wish: "wish"}


def code_of(event: Event) -> str:
    """Give an event's code.

    Examples
    --------
    >>> code_of(Leave("7", "2026-09-01"))
    'leave'
    """
    return CODES[type(event)]


def asked_of(event: Event) -> dict[str, Any]:
    """Write an event as plain values, for a file."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    values["day"] = f"{pd.Timestamp(values['day']):%Y-%m-%d}"
    return {"event": code_of(event), **values}
