from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from salesgoals.allocation.allocate import (
    round_groups,
    round_to_total,
    round_units,
    share_within,
    split_tree,
    tree_limits,
)
from salesgoals.problems import SalesgoalsError

amounts = st.lists(st.floats(0, 1e7, allow_nan=False), min_size=1, max_size=12)


@settings(deadline=None, max_examples=150)
@given(amounts, st.sampled_from([1, 100, 1000]), st.integers(0, 10 ** 7))
def test_rounding_adds_up_in_whole_units(x: list[float], unit: int, units: int) -> None:
    result = round_to_total(x, units * unit, unit)
    assert result.dtype == np.int64
    assert int(result.sum()) == units * unit
    assert (result % unit == 0).all()
    assert (result >= 0).all()


@settings(deadline=None, max_examples=100)
@given(amounts, st.integers(0, 10 ** 6))
def test_amounts_that_add_up_move_by_less_than_one_unit(x: list[float], total: int) -> None:
    shares = share_within(total, np.array(x), np.zeros(len(x)), np.full(len(x), np.inf))
    assert (np.abs(round_to_total(shares, total) - shares) < 1 + 1e-6).all()


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.floats(0, 4), st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=4),
       st.integers(0, 12))
def test_rounding_within_limits_is_the_best_of_all(parts: list[tuple[float, int, int]], total: int) -> None:
    x = np.array([part[0] for part in parts])
    low = np.array([part[1] for part in parts])
    high = low + np.array([part[2] for part in parts])
    every = [c for c in itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
             if sum(c) == total]
    if not every:
        with pytest.raises(SalesgoalsError):
            round_to_total(x, total, lower=low, upper=high)
        return
    best = min(float(((np.array(c) - x) ** 2).sum()) for c in every)
    result = round_to_total(x, total, lower=low, upper=high)
    assert (result >= low).all()
    assert (result <= high).all()
    assert float(((result - x) ** 2).sum()) == pytest.approx(best, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(6)), st.integers(0, 1000))
def test_order_of_the_rows_does_not_matter(order: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    x = draw.gamma(1, 100, 6)
    total = round(x.sum())
    assert (round_to_total(x[order], total) == round_to_total(x, total)[order]).all()


def test_ties_go_to_the_first_and_always_the_same() -> None:
    assert round_to_total([1.5, 1.5, 1.5, 1.5], 6).tolist() == [2, 2, 1, 1]


def test_twelve_months_of_8_33_percent() -> None:
    months = round_to_total([8.33] * 12, 100)
    assert months.sum() == 100
    assert sorted(set(months.tolist())) == [8, 9]


def test_a_total_that_is_no_multiple_offers_the_two_nearest() -> None:
    with pytest.raises(SalesgoalsError, match="1,000 and 1,100"):
        round_to_total([1, 2], 1050, unit=100)


def test_limits_without_room_are_refused() -> None:
    with pytest.raises(SalesgoalsError, match="between 0 and 5"):
        round_to_total([1, 2], 9, upper=[2, 3])


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10_000))
def test_groups_are_rounded_like_each_group_alone(seed: int) -> None:
    draw = np.random.default_rng(seed)
    group = np.sort(draw.integers(0, 4, 20))
    group = np.concatenate([group, np.arange(4)])
    x = draw.gamma(.5, 3, len(group))
    sums = np.bincount(group, x, 4)
    totals = np.maximum(np.rint(sums + draw.integers(-2, 3, 4)), 0).astype(int)
    result = round_groups(x, group, totals)
    for number in range(4):
        inside = group == number
        size = int(inside.sum())
        alone = round_units(x[inside], int(totals[number]), np.zeros(size), np.full(size, np.inf))
        assert result[inside].tolist() == alone.tolist()


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10_000))
def test_sharing_within_limits_is_one_level_for_all(seed: int) -> None:
    draw = np.random.default_rng(seed)
    weight = draw.gamma(1, 1, 6) * (draw.random(6) > .2)
    low = draw.integers(0, 20, 6) * (draw.random(6) > .5).astype(float)
    high = np.where(draw.random(6) > .5, np.inf, low + draw.integers(0, 50, 6))
    most = high.sum() if np.isfinite(high.sum()) else low.sum() + 200
    total = float(low.sum() + draw.random() * (most - low.sum()))
    shares = share_within(total, weight, low, high)
    assert shares.sum() == pytest.approx(total, abs=1e-6)
    assert (shares >= low - 1e-9).all()
    assert (shares <= high + 1e-9).all()
    full = high[weight > 0].sum() + low[weight == 0].sum()
    if weight.any() and low.sum() < total < full - 1e-6:
        level = brentq(lambda k: np.clip(k * weight, low, high).sum() - total, 0, 1e9, xtol=1e-12, rtol=1e-14)
        assert shares == pytest.approx(np.clip(level * weight, low, high), rel=1e-5, abs=1e-5)


def test_nobody_gets_above_a_floor_of_weight_zero_until_the_others_are_full() -> None:
    low, high = np.zeros(3), np.array([10., np.inf, np.inf])
    assert share_within(8, np.array([1., 0, 0]), low, high).tolist() == [8, 0, 0]
    assert share_within(16, np.array([1., 0, 0]), low, high).tolist() == [10, 3, 3]
    assert share_within(9, np.zeros(3), low, np.full(3, np.inf)).tolist() == [3, 3, 3]


def random_tree(draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    size = int(draw.integers(2, 25))
    parent = np.array([-1] + [int(draw.integers(0, node)) for node in range(1, size)])
    low = np.where(draw.random(size) < .2, draw.integers(0, 30, size), 0).astype(float)
    high = np.where(draw.random(size) < .2, low + draw.integers(0, 60, size), np.inf)
    return parent, draw.gamma(1, 1, size) * (draw.random(size) > .1), low, high


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 100_000))
def test_every_parent_is_the_sum_of_its_children_inside_all_limits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    parent, weight, low, high = random_tree(draw)
    least, most = tree_limits(parent, low, high)
    total = int(least[0] + draw.integers(0, 200))
    if (least > most).any() or total > most[0]:
        with pytest.raises(SalesgoalsError):
            split_tree(total, parent, weight, low, high)
        return
    result = split_tree(total, parent, weight, low, high)
    assert result[0] == total
    assert (result >= low).all()
    assert (result <= high).all()
    for node in range(len(parent)):
        children = result[parent == node]
        assert len(children) == 0 or children.sum() == result[node]


def test_without_limits_people_are_within_a_unit_of_their_share_at_each_level() -> None:
    parent = [-1, 0, 0, 1, 1, 2, 2]
    result = split_tree(1001, parent, [0, 0, 0, 1, 2, 3, 4])
    assert result.tolist() == [1001, 300, 701, 100, 200, 300, 401]


def test_a_contradiction_names_the_node() -> None:
    with pytest.raises(SalesgoalsError, match='"east"'):
        split_tree(100, [-1, 0, 1, 1], np.ones(4), low=[0, 0, 30, 30], high=[np.inf, 50, np.inf, np.inf],
                   names=["all", "east", "a", "b"])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([10, 1000]))
def test_a_larger_unit_gives_the_same_plan_in_larger_steps(seed: int, unit: int) -> None:
    x = np.random.default_rng(seed).gamma(1, 50, 8)
    assert (round_to_total(x * unit, 500 * unit, unit) == round_to_total(x, 500) * unit).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10 ** 6), st.sampled_from([10 ** 9, 10 ** 11, 10 ** 12, 10 ** 13]))
def test_groups_of_very_large_amounts_stay_apart(seed: int, total: int) -> None:
    draw = np.random.default_rng(seed)
    group = np.sort(draw.integers(0, 5, 40))
    totals = np.where(np.bincount(group, minlength=5) > 0, draw.integers(1, total, 5), 0)
    share = draw.random(40)
    x = share / np.bincount(group, share, 5)[group] * totals[group]
    rounded = round_groups(x, group, totals)
    assert np.bincount(group, rounded, 5).tolist() == totals.tolist()
    assert (np.abs(rounded - x) < 1.01).all()
