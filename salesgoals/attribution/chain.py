"""From working time to money, step by step: what each step's rate did to a person's gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.attribution.fen import close_sums
from salesgoals.attribution.shapley import share_change
from salesgoals.problems import Problem, SalesgoalsError

# Factor and the level it leads to: each level is the one before times the factor.
CHAIN = (("capacity", "time"), ("ramp", "ramped"), ("activity", "visits"), ("quote_rate", "quotes"),
         ("win_rate", "wins"), ("deal_size", "pieces"), ("product_mix", "list"), ("price", "amount"))
MONEY = ("goal", "base", "actual", "gap", "goal_error")

Chain = Sequence[tuple[str, str]]


class Rates(NamedTuple):
    """Factors of each unit now and in the base, with every level known."""

    now: np.ndarray  # (units, factors)
    base: np.ndarray
    levels_now: np.ndarray  # (units, factors): the level each factor leads to
    levels_base: np.ndarray
    held: np.ndarray  # (units, factors) bool: a rate that could not be known


def check_levels(actual: pd.DataFrame, base: pd.DataFrame, goal: pd.Series | None, chain: Chain) -> None:
    """Refuse tables that do not fit together."""
    problems = []
    for name, table in (("actual", actual), ("base", base)):
        known = [level for _, level in chain if level in table]
        if chain[-1][1] not in known:
            problems.append(Problem("attribution.no_result", table=name, column=chain[-1][1]))
        elif (missing := table[chain[-1][1]].isna()).any():
            problems.append(Problem("attribution.result_missing", table=name, column=chain[-1][1],
                                    count=int(missing.sum()), found=str(table.index[missing][0])))
        if table.index.has_duplicates:
            problems.append(Problem("attribution.unit_twice", table=name,
                                    found=str(table.index[table.index.duplicated()][0])))
    for name, index in (("base", base.index), ("goal", actual.index if goal is None else goal.index)):
        if len(odd := actual.index.symmetric_difference(index)):
            problems.append(Problem("attribution.units_differ", table=name, count=len(odd),
                                    found=str(odd[0])))
    if problems:
        raise SalesgoalsError(problems)


def _levels(table: pd.DataFrame, chain: Chain) -> np.ndarray:
    """Read the levels; what is not recorded is missing, and so is a nothing out of which something came."""
    wide = table.reindex(columns=[level for _, level in chain]).to_numpy(dtype=float).copy()
    something = np.zeros(len(wide), dtype=bool)
    for step in reversed(range(wide.shape[1])):
        wide[:, step] = np.where((wide[:, step] == 0) & something, np.nan, wide[:, step])
        something |= np.nan_to_num(wide[:, step]) != 0
    return wide


def _next_known(levels: np.ndarray) -> np.ndarray:
    """Return for each level the first known one from it on."""
    known = levels.copy()
    for step in reversed(range(known.shape[1] - 1)):
        known[:, step] = np.where(np.isnan(known[:, step]), known[:, step + 1], known[:, step])
    return known


def find_rates(actual: pd.DataFrame, base: pd.DataFrame, chain: Chain = CHAIN) -> Rates:
    """Work out the rate of every step, now and in the base; a rate that cannot be known is held.

    Parameters
    ----------
    actual, base : pandas.DataFrame
        One line a unit, the levels of the chain as columns; a level that is missing is not recorded.
    chain : sequence of (factor, level)
        The steps; the last level is money.

    Returns
    -------
    Rates
        The products of the factors are the amounts. A rate is held where the step before is zero (nothing
        to convert) or a level is not recorded: it then equals the other side's rate and has no effect of its
        own; what changed beyond it stands in the next known step.
    """
    given = [_levels(table, chain) for table in (actual, base.reindex(actual.index))]
    later = [_next_known(levels) for levels in given]
    rates = [np.ones(levels.shape) for levels in given]
    filled = [levels.copy() for levels in given]
    held = np.zeros(given[0].shape, dtype=bool)
    before = [np.ones(len(actual)), np.ones(len(actual))]
    for step in range(len(chain)):
        found = [np.divide(levels[:, step], last, out=np.full(len(last), np.nan), where=last != 0)
                 for levels, last in zip(given, before, strict=True)]
        held[:, step] = np.isnan(found[0]) | np.isnan(found[1])
        for side in (0, 1):
            other = np.where(np.isnan(found[1 - side]), 1.0, found[1 - side])
            rate = np.where(np.isnan(found[side]), other, found[side])
            level = np.where(np.isnan(given[side][:, step]), before[side] * rate, given[side][:, step])
            # A rate of nothing must not be held where something came of it: take the next known level then.
            lost = (level == 0) & (later[side][:, step] != 0)
            level = np.where(lost, later[side][:, step], level)
            rates[side][:, step] = np.divide(level, before[side], out=rate.copy(), where=before[side] != 0)
            filled[side][:, step] = level
        before = [levels[:, step] for levels in filled]
    return Rates(rates[0], rates[1], filled[0], filled[1], held)


def split_gap(actual: pd.DataFrame, base: pd.DataFrame, goal: pd.Series | None = None,
              chain: Chain = CHAIN) -> pd.DataFrame:
    """Say for each person or team what the gap between goal and result consists of, to the last fen.

    Parameters
    ----------
    actual : pandas.DataFrame
        What happened: one line a unit (index), the levels of the chain as columns. By default time (working
        time present, in months), ramped (the same times the growth curve), visits, quotes, wins, pieces,
        list (the pieces at base prices), amount. Only amount must be there; a level that is missing, or
        empty for a unit, is not recorded: its rate is held.
    base : pandas.DataFrame
        The same units and levels as they were to be expected: the plan's, last year's or the usual rates. A
        vacant seat is a unit with time in the base and none in actual.
    goal : pandas.Series, optional
        Goal of each unit; by default the base's amount. Empty: not set.
    chain : sequence of (factor, level)
        Other steps, such as the stages of another funnel.

    Returns
    -------
    pandas.DataFrame
        Index of actual. Columns goal, base, actual, gap (actual - goal), goal_error (base - goal: the goal
        was not what the expected rates give), the factors of the chain (money; they add up with goal_error
        to the gap), held (factors that could not be known, as codes with commas; where a unit had nothing to
        convert, its later rates are held).

    Raises
    ------
    SalesgoalsError
        No amount, a unit twice, different units.

    Notes
    -----
    Source of method: exact Shapley value of the product of rates. Rates after a step with nothing are held
    at base: taken as zero, they would share a loss that belongs to the first step.

    Examples
    --------
    >>> actual = pd.DataFrame({"visits": [0.0], "wins": [0.0], "amount": [0.0]}, index=["7"])
    >>> base = pd.DataFrame({"visits": [20.0], "wins": [4.0], "amount": [800.0]}, index=["7"])
    >>> found = split_gap(actual, base, pd.Series({"7": 1000.0}),
    ...                   (("activity", "visits"), ("win_rate", "wins"), ("deal_size", "amount")))
    >>> found[["gap", "goal_error", "activity", "win_rate", "deal_size"]].values.tolist()
    [[-1000.0, -200.0, -800.0, 0.0, 0.0]]
    >>> found.held.item()
    'win_rate,deal_size'
    """
    check_levels(actual, base, goal, chain)
    base = base.reindex(actual.index)
    rates = find_rates(actual, base, chain)
    factors = [factor for factor, _ in chain]
    came, expected = (table[chain[-1][1]].to_numpy(dtype=float) for table in (actual, base))
    wanted = expected if goal is None else goal.reindex(actual.index).to_numpy(dtype=float)
    effects = close_sums(share_change(rates.now, rates.base), came - expected)
    table = pd.DataFrame({"goal": wanted, "base": expected, "actual": came, "gap": came - wanted,
                          "goal_error": expected - wanted}, index=actual.index)
    both = np.c_[table.goal_error, effects]
    closed = close_sums(both, np.where(np.isnan(wanted), both.sum(axis=1), came - wanted))
    table[["goal_error", *factors]] = closed
    return table.assign(held=name_held(rates.held, factors))


def name_held(held: np.ndarray, factors: Sequence[str]) -> list[str]:
    """Write the codes of the factors that were held, one text a unit."""
    names = np.array(factors, dtype=object)
    patterns, first, place = np.unique(held @ (1 << np.arange(held.shape[1])), return_index=True,
                                       return_inverse=True)
    texts = [",".join(names[held[row]]) for row in first]
    return [texts[pattern] for pattern in place] if len(patterns) else []
