"""The whole company at once: everything that truly happened, before any system wrote it down."""

from __future__ import annotations

from dataclasses import dataclass

from .customers import Account, make_accounts
from .pipeline import Activity, Opportunity, make_activities, make_opportunities
from .sales import Line, make_lines
from .yardsticks import Goal, MarketMonth, make_goals, make_market


@dataclass(frozen=True)
class Company:
    """The true records of the sample company."""

    accounts: list[Account]
    lines: list[Line]
    opportunities: list[Opportunity]
    activities: list[Activity]
    market: list[MarketMonth]
    goals: list[Goal]


def make_company() -> Company:
    """Let the company that is being played live through its thirty months."""
    accounts = make_accounts()
    lines = make_lines(accounts)
    return Company(accounts, lines, make_opportunities(accounts, lines), make_activities(accounts),
                   make_market(), make_goals(lines))
