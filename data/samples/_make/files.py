"""The files of the company that is being played: its exports, and the truth behind them."""

from __future__ import annotations

from pathlib import Path

from .company import Company
from .export_crm import export_accounts, export_activities, export_market, export_opportunities
from .export_orders import export_2024, export_2025, export_2026
from .export_people import export_goals, export_products, export_roster
from .export_refused import export_picture, export_pivot
from .facts import write_facts
from .setting import setting
from .tally import Tally
from .truth import write_dirt, write_tables


def write_exports(inbox: Path, company: Company, products: str = "products.xls") -> list[Tally]:
    """Write the exports, dirt included, into a folder that is there; return the books of each file."""
    planted = setting().dirt
    tallies = [export_2024(inbox, company.lines), export_2025(inbox, company.lines),
               export_2026(inbox, company.lines), *export_roster(inbox), export_products(inbox, products),
               export_accounts(inbox, company.accounts), export_opportunities(inbox, company.opportunities),
               export_activities(inbox, company.activities), export_market(inbox, company.market),
               export_goals(inbox, company.goals)]
    if planted.pivot:
        tallies.append(export_pivot(inbox, company.lines))
    return [*tallies, export_picture(inbox)] if planted.picture else tallies


def write_truth(folder: Path, company: Company, tallies: list[Tally]) -> None:
    """Write what really happened and what was dirtied into a folder that is there."""
    write_tables(folder, company)
    write_dirt(folder, tallies)
    write_facts(folder, company)
