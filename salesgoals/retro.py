"""The retro step: why goal and result differ, whether the goal or the work was wrong, and what to learn."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.hindsight.clear import weigh_causes
from salesgoals.hindsight.expected import look_before
from salesgoals.hindsight.gap import set_goals, set_sides, take_apart
from salesgoals.periods import Period

Tables = Mapping[str, pd.DataFrame]


def gap_report(tables: Tables, goals: pd.DataFrame | None, period: Period, base: str = "forecast",
               country: str | None = "CN") -> pd.DataFrame:
    """Take the gap between goal and result apart, for everybody, every team and all, to the last fen.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders (or won opportunities), activities, people, membership.
    goals : DataFrame or None
        From :func:`salesgoals.in_force.goals_in_force`; without goals the result is compared with the base.
    period : Period
        From :func:`salesgoals.periods.read_period`.
    base : str
        What was to be expected: ``forecast`` (made from what was known the day before, broken down by each
        person's own usual rates), ``last_year`` (the same days a year before) or ``before`` (as long a time
        before). Where records do not reach back, the next one is taken; ``basis`` says which.
    country : str or None
        For the Spring Festival in the forecast.

    Returns
    -------
    DataFrame
        One row for all, each team, each person: by (``all``, ``team``, ``person``), unit (``all``,
        "department/team", person_id), goal, base, actual, gap (actual - goal), and the causes that add up to
        it (currency units): goal_error (base - goal), capacity (time present: joins, leaves, absences),
        activity (visits for that time), quote_rate, ramp (growing into the job), win_rate, product_mix
        (deals in products that bring more or less), deal_size (for these products), price, people_mix (work that moved to people with other rates),
        no_person (sales nobody is credited with). held: causes that the records do not tell, as codes;
        they stand at 0 and what they did is in the next known one. basis; without_goal (people who sold and
        had no goal: in a group they count in goal_error).

    Notes
    -----
    Source of method: exact Shapley value of the product of rates (methods 3.15); the same whatever the
    order. Orders far out of the ordinary are not expected again. How often a planted cause comes first is
    measured by benchmarks/retro.py, see docs/retro.md.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.to_datetime(["2025-05-02", "2026-05-02"]), "person_id": "7", "order_id": ["a", "b"],
    ...     "product_id": "p", "quantity": [10.0, 12.0], "amount": [100.0, 108.0]}))
    >>> found = gap_report(tables, None, read_period("2026-05"), "last_year").set_index("by").loc["person"]
    >>> found[["base", "actual", "deal_size", "price"]].astype(int).tolist()  # 12 pieces for 10, at 9 for 10
    [100, 108, 19, -11]
    """
    before = look_before(tables, period, country, _planned(goals))
    sides = set_sides(tables, period, before, base)
    return take_apart(sides, set_goals(goals, period, sides.people))


def rank_gap(tables: Tables, goals: pd.DataFrame | None, period: Period, base: str = "forecast",
             country: str | None = "CN") -> pd.DataFrame:
    """List the causes of every gap, the heaviest first, and mark those that are more than luck.

    Parameters
    ----------
    tables, goals, period, base, country
        As for :func:`gap_report`.

    Returns
    -------
    DataFrame
        Columns by, unit, cause, effect (currency units), share (of the gap), rank (1 = pushed most towards
        the gap), base_rate, rate (of one person), p (chance of so large a change by luck), clear.

    Notes
    -----
    Luck is learnt from how far each month of the year before was off; of the causes of one unit only those
    that hold after Holm's correction are clear. Capacity is a matter of dates, not of luck.
    """
    before = look_before(tables, period, country, _planned(goals))
    sides = set_sides(tables, period, before, base)
    gap = take_apart(sides, set_goals(goals, period, sides.people))
    return weigh_causes(gap, sides, before)


def _planned(goals: pd.DataFrame | None) -> set[str]:
    return set() if goals is None or goals.empty else set(goals.person_id.dropna())
