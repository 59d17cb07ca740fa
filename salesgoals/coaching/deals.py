"""Open opportunities that need a word: past their closing day, or open longer than won ones ever take."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.coaching.pipeline import days_to_win, rates_of, relative_chances
from salesgoals.history import own_amounts

SLOW = .90      # share of won opportunities that were won in fewer days: beyond it one is stale
COLUMNS = ["person_id", "opportunity_id", "account_id", "product_line", "stage", "amount", "created", "due",
           "days_open", "days_late", "slow_from", "problem", "chance"]


def name_open_deals(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp,
                    win_rates: pd.Series) -> pd.DataFrame:
    """List every open opportunity with its age, what is wrong with it, and its chance.

    Returns
    -------
    DataFrame
        Columns person_id, opportunity_id, account_id, product_line, stage, amount (its own or the mean of
        won ones), created, due (expected closing day), days_open, days_late, slow_from (days that nine of
        ten won ones took at most), problem (overdue, stale, or empty), chance (own win rate times the
        relative probability); the largest first.
    """
    deals = tables["opportunities"]
    deals = deals[deals.person_id.notna()].assign(amount=own_amounts(deals))
    now = deals[deals.status == "open"]
    slow = days_to_win(deals, SLOW)
    rate = rates_of(now, win_rates)
    table = now.assign(due=now.closed, days_open=(day - now.created).dt.days.astype(float),
                       days_late=(day - now.closed).dt.days.clip(lower=0).astype(float), slow_from=slow,
                       chance=(relative_chances(now) * rate).clip(upper=.95), problem="")
    table.loc[table.days_open > slow, "problem"] = "stale"
    table.loc[table.days_late > 0, "problem"] = "overdue"
    return table.sort_values(["amount", "opportunity_id"], ascending=[False, True], kind="stable",
                             ignore_index=True)[COLUMNS]
