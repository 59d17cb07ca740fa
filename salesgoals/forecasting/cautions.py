"""What a reader should know before using a forecast."""

from __future__ import annotations

from collections.abc import Sequence

from salesgoals.forecasting.book import FULL_YEAR, Array, Staffed
from salesgoals.forecasting.season import LEAST_FOR_TREND
from salesgoals.forecasting.smoothing import Trial
from salesgoals.forecasting.uncertainty import FEW_PEOPLE
from salesgoals.problems import Problem

INCOMPLETE = .5  # a last month below this share of what was to be expected may not be finished


def find_cautions(staffed: Staffed, level: Array, trials: Sequence[Trial],
                  season_given: bool) -> list[Problem]:
    """Say what the forecast cannot know, and what looks wrong in its records.

    Parameters
    ----------
    staffed : Staffed
        Who sold what, who was there.
    level : array (people,)
        Settled levels; 0 = sold nothing in the last 12 months.
    trials : sequence of Trial
        Past forecasts, the latest last.
    season_given : bool
        Whether the month indices came from outside.

    Returns
    -------
    list of Problem
        Notes and doubts: short history, few people, returns, newcomers, leavers with their sales, silent
        people, a last month that may be incomplete.
    """
    book, notes = staffed.book, []
    months = book.sales.shape[1]
    if months < FULL_YEAR:
        code = "forecast.short_history_season_given" if season_given else "forecast.short_history"
        notes.append(Problem(code, level="note", months=months))
    elif months < LEAST_FOR_TREND:
        notes.append(Problem("forecast.one_year", level="note", months=months))
    if len(book.sales) <= FEW_PEOPLE and months < LEAST_FOR_TREND and not season_given:
        notes.append(Problem("forecast.few_people", level="note", count=len(book.sales)))
    negative = (book.sales < 0) & (book.present > 0)
    if negative.any():
        notes.append(Problem("forecast.negative_months", level="note", count=int(negative.sum()),
                             amount=float(book.sales[negative].sum())))
    recent = book.sales[:, -FULL_YEAR:].sum(1)
    new = ~book.established() & ~staffed.left & (staffed.future_present.sum(1) > 0)
    if new.any():
        notes.append(Problem("forecast.newcomers", level="note", count=int(new.sum()),
                             found=", ".join(staffed.ids[new][:5])))
    if staffed.left.any() and recent[staffed.left].sum() > 0:
        gone = staffed.left & (recent != 0)
        notes.append(Problem("forecast.left_people", level="doubt", count=int(gone.sum()),
                             amount=float(recent[gone].sum())))
    silent = book.established() & (level == 0) & ~staffed.left
    if silent.any():
        notes.append(Problem("forecast.silent_people", level="doubt", count=int(silent.sum()),
                             found=", ".join(staffed.ids[silent][:5])))
    if trials and months >= FULL_YEAR:
        expected, came = trials[-1].forecast[:, -1].sum(), trials[-1].actual[:, -1].sum()
        if came < INCOMPLETE * expected and len(book.sales) >= 3:
            notes.append(Problem("forecast.last_month_low", level="doubt", share=float(came / expected),
                                 month=staffed.months[-1].strftime("%Y-%m")))
    return notes
