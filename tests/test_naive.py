"""Explanations that look right: what adds up, what does not, and how much the order decides."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.attribution.naive import WAYS, explain_in_four_ways

CHAIN = (("activity", "visits"), ("quote_rate", "quotes"), ("win_rate", "wins"), ("deal_size", "amount"))
LEVELS = [level for _, level in CHAIN]
counts = st.floats(.5, 1000.0)
rows = st.lists(st.tuples(*[counts] * 8), min_size=1, max_size=6)


def sides(values: list[tuple[float, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = np.array(values)
    return tuple(pd.DataFrame(part, columns=LEVELS) for part in (table[:, :4], table[:, 4:]))  # type: ignore


@settings(deadline=None, max_examples=60)
@given(rows)
def test_ordered_and_fair_explanations_add_up_and_one_at_a_time_does_not(values: list[tuple]) -> None:
    now, base = sides(values)
    ways = explain_in_four_ways(now, base, CHAIN)
    change = float((now.amount - base.amount).sum())
    size = 1e-9 * (now.amount.abs().sum() + base.amount.abs().sum()) * 1e4
    assert list(ways.columns) == ["factor", *WAYS]
    for way in ("forwards", "backwards", "fair"):
        assert ways[way].sum() == pytest.approx(change, abs=size)


@settings(deadline=None, max_examples=30)
@given(rows)
def test_each_column_is_what_it_says(values: list[tuple]) -> None:
    """By brute force from the rates: the two orders, one at a time, and the mean over all orders."""
    now, base = sides(values)
    rate = [frame.to_numpy() / np.c_[np.ones(len(frame)), frame.to_numpy()[:, :-1]] for frame in (now, base)]

    def in_order(order: tuple[int, ...]) -> np.ndarray:
        state, effects = rate[1].copy(), np.zeros(4)
        for step in order:
            before = state.prod(axis=1)
            state[:, step] = rate[0][:, step]
            effects[step] = (state.prod(axis=1) - before).sum()
        return effects

    orders = list(itertools.permutations(range(4)))
    ways = explain_in_four_ways(now, base, CHAIN)
    size = 1e-7 * float(np.abs(rate[0]).prod(axis=1).sum() + np.abs(rate[1]).prod(axis=1).sum()) * 1e3
    expected = {"forwards": in_order(orders[0]), "backwards": in_order(orders[-1]),
                "alone": np.array([in_order((step, *set(range(4)) - {step}))[step] for step in range(4)]),
                "fair": np.mean([in_order(order) for order in orders], axis=0)}
    for way, effects in expected.items():
        assert ways[way].to_numpy() == pytest.approx(effects, abs=size, rel=1e-7)


def test_the_order_decides_and_something_is_left_over() -> None:
    """Half the visits, half the yield: the first factor in the row gets twice what the last one gets."""
    base = pd.DataFrame({"visits": [10.0], "amount": [100.0]})
    now = pd.DataFrame({"visits": [5.0], "amount": [25.0]})
    ways = explain_in_four_ways(now, base, (("activity", "visits"), ("yield", "amount"))).set_index("factor")
    assert ways.loc["activity", ["forwards", "backwards"]].tolist() == [-50.0, -25.0]
    assert ways.alone.sum() == -100.0     # of a change of 75
    assert ways.fair.tolist() == [-37.5, -37.5]


def test_what_is_recorded_for_nobody_is_no_line() -> None:
    base = pd.DataFrame({"visits": [np.nan] * 2, "quotes": [np.nan] * 2, "wins": [4.0, 5.0],
                         "amount": [8.0, 9.0]})
    ways = explain_in_four_ways(base.assign(wins=[2.0, 5.0]), base, CHAIN)
    assert ways.factor.tolist() == ["win_rate", "deal_size"]
    assert explain_in_four_ways(base.iloc[:0], base.iloc[:0], CHAIN).empty
