from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.attribution.chain import CHAIN, MONEY, find_rates, split_gap
from salesgoals.attribution.fen import close_sums, to_the_fen
from salesgoals.attribution.groups import MIX, rank_causes, split_gap_by
from salesgoals.attribution.prices import value_at_base_prices
from salesgoals.attribution.shapley import share_change
from salesgoals.problems import SalesgoalsError
from salesgoals.words import in_language

FACTORS = [factor for factor, _ in CHAIN]
LEVELS = [level for _, level in CHAIN]
FUNNEL = (("activity", "visits"), ("quote_rate", "quotes"), ("win_rate", "wins"), ("deal_size", "amount"))
factor = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))


def by_all_orders(now: np.ndarray, base: np.ndarray) -> np.ndarray:
    """The definition: the mean over all orders of what each factor changes when its turn comes."""
    effects = np.zeros(len(now))
    orders = list(itertools.permutations(range(len(now))))
    for order in orders:
        state = base.copy()
        for place in order:
            was = math.prod(state)
            state[place] = now[place]
            effects[place] += math.prod(state) - was
    return effects / len(orders)


@given(pairs=st.lists(st.tuples(factor, factor), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_shares_are_the_mean_over_all_orders(pairs: list[tuple[float, float]]) -> None:
    now, base = (np.array(values) for values in zip(*pairs, strict=True))
    scale = np.maximum(np.abs(now), np.abs(base)).prod() + 1e-300
    assert np.abs(share_change(now[None], base[None])[0] - by_all_orders(now, base)).max() <= 1e-12 * scale


def random_team(draw: np.random.Generator, people: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A team whose people may have no time, visits, quotes, wins or sales, or no record of some step."""
    index = [f"{row}" for row in range(people)]
    tables = []
    for _ in range(2):
        rates = np.c_[draw.uniform(.1, 12, people), draw.uniform(.2, 1, people), draw.poisson(20, people),
                      draw.uniform(0, 1, (people, 2)), draw.poisson(2, people), draw.lognormal(9, 1, people),
                      draw.uniform(.7, 1.2, people)]
        rates[draw.random((people, 8)) < .08] = 0
        levels = np.cumprod(rates, axis=1)
        levels[:, 7] += np.where(draw.random(people) < .1, draw.normal(0, 1e4, people), 0)  # off the record
        levels[:, :7][draw.random((people, 7)) < .1] = np.nan
        tables.append(pd.DataFrame(levels, index=index, columns=LEVELS))
    goal = pd.Series(draw.lognormal(11, 1, people).round(-2), index=index)
    return tables[0], tables[1], goal


def test_a_thousand_random_teams_add_up_to_their_gaps() -> None:
    draw = np.random.default_rng(11)
    sizes = draw.integers(1, 9, 1000)
    actual, base, goal = random_team(draw, int(sizes.sum()))
    rows = split_gap(actual, base, goal)
    gap = actual.amount - goal
    assert (np.abs(rows[["goal_error", *FACTORS]].sum(axis=1) - gap) <= 1e-9 * np.abs(gap)).all()
    teams = split_gap_by(pd.Series(np.repeat(np.arange(1000), sizes), index=actual.index), actual, base, goal)
    gap = gap.groupby(np.repeat(np.arange(1000), sizes)).sum()
    total = teams[["goal_error", *FACTORS, MIX]].sum(axis=1)
    assert (np.abs(total - gap) <= 1e-9 * np.abs(gap)).all()
    assert np.isfinite(rows[["gap", "goal_error", *FACTORS]].to_numpy()).all()
    assert (actual[["time", "visits", "wins"]] == 0).sum().min() > 100
    assert (rows.held != "").sum() > 500
    assert (teams.units == sizes).all()


def test_rates_multiply_to_the_amount_whatever_is_missing() -> None:
    draw = np.random.default_rng(12)
    for _ in range(200):
        actual, base, _ = random_team(draw, 20)
        rates = find_rates(actual, base)
        assert np.allclose(rates.now.prod(axis=1), actual.amount, rtol=1e-12, atol=1e-9)
        assert np.allclose(rates.base.prod(axis=1), base.amount, rtol=1e-12, atol=1e-9)
        assert np.isfinite(rates.now).all()


def test_nothing_done_is_charged_to_the_first_step_only() -> None:
    base = pd.DataFrame({"visits": [20.0], "quotes": [10.0], "wins": [4.0], "amount": [800.0]}, index=["7"])
    found = split_gap(base * 0, base, chain=FUNNEL).iloc[0]
    assert (found.activity, found.quote_rate, found.win_rate, found.deal_size) == (-800, 0, 0, 0)
    assert found.held == "quote_rate,win_rate,deal_size"
    no_wins = base.assign(wins=0.0, amount=0.0)
    found = split_gap(no_wins, base, chain=FUNNEL).iloc[0]
    assert (found.activity, found.quote_rate, found.win_rate, found.deal_size) == (0, 0, -800, 0)


def test_a_vacant_seat_is_capacity_and_a_newcomer_without_a_plan_too() -> None:
    index = ["seat", "new"]
    full = dict(zip(LEVELS, [12.0, 12, 200, 80, 20, 40, 4000, 3900], strict=True))
    none = dict.fromkeys(LEVELS, 0.0)
    actual = pd.DataFrame([none, full], index=index)
    base = pd.DataFrame([full, none], index=index)
    rows = split_gap(actual, base)
    assert rows.capacity.tolist() == [-3900, 3900]
    assert (rows[FACTORS[1:]] == 0).all(axis=None)


def test_a_step_that_is_not_recorded_passes_on_to_the_next() -> None:
    base = pd.DataFrame({"visits": [20.0], "quotes": [10.0], "wins": [4.0], "amount": [800.0]}, index=["7"])
    fewer = pd.DataFrame({"visits": [10.0], "quotes": [np.nan], "wins": [2.0], "amount": [400.0]},
                         index=["7"])
    found = split_gap(fewer, base, chain=FUNNEL).iloc[0]
    assert (found.activity, found.win_rate, found.held) == (-400, 0, "quote_rate")
    unseen = fewer.assign(visits=0.0)  # sales out of no visits: the visits were not written down
    found = split_gap(unseen, base, chain=FUNNEL).iloc[0]
    assert found.activity == 0
    assert found.win_rate == -400
    assert found.held == "activity,quote_rate"


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_a_cause_planted_alone_is_found_alone(seed: int) -> None:
    draw = np.random.default_rng(seed)
    place = int(draw.integers(0, len(CHAIN)))
    rates = np.abs(draw.normal(3, 1, (5, len(CHAIN)))) + .1
    base = pd.DataFrame(np.cumprod(rates, axis=1), columns=LEVELS)
    rates[:, place] *= .7
    actual = pd.DataFrame(np.cumprod(rates, axis=1), columns=LEVELS)
    rows = split_gap(actual, base, base.amount * 1.1)
    assert np.allclose(rows[FACTORS[place]], -.3 * base.amount)
    assert np.allclose(rows.goal_error, -.1 * base.amount)
    assert np.allclose(rows[FACTORS].sum(axis=1), rows[FACTORS[place]])
    team = split_gap_by(pd.Series("T", index=base.index), actual, base)
    assert math.isclose(team[FACTORS[place]].iloc[0], -.3 * base.amount.sum(), rel_tol=1e-9)
    assert abs(team[MIX].iloc[0]) <= 1e-9 * base.amount.sum()


def test_work_that_moved_to_weaker_hands_is_mix_between_people() -> None:
    chain = (("activity", "visits"), ("win_rate", "wins"), ("deal_size", "amount"))
    base = pd.DataFrame({"visits": [10.0, 10], "wins": [5.0, 1], "amount": [500.0, 100]}, index=["a", "b"])
    actual = pd.DataFrame({"visits": [4.0, 16], "wins": [2.0, 1.6], "amount": [200.0, 160]}, index=["a", "b"])
    groups = pd.Series("T", index=["a", "b"])
    team = split_gap_by(groups, actual, base, chain=chain).iloc[0]
    assert [round(team[name], 9) for name in ("activity", "win_rate", "deal_size", MIX)] == [0, 0, 0, -240]
    apart = split_gap_by(pd.Series(["A", "B"], index=["a", "b"]), actual, base, chain=chain)
    assert apart[MIX].tolist() == [0, 0]
    assert apart.activity.round(9).tolist() == [-300, 60]


def test_a_goal_that_is_not_set_leaves_the_gap_empty_and_the_causes_known() -> None:
    actual, base, goal = random_team(np.random.default_rng(3), 4)
    goal.iloc[1] = np.nan
    rows = split_gap(actual, base, goal)
    assert rows.gap.isna().tolist() == [False, True, False, False]
    assert math.isclose(rows[FACTORS].iloc[1].sum(), actual.amount.iloc[1] - base.amount.iloc[1])
    team = split_gap_by(pd.Series(list("aabb"), index=actual.index), actual, base, goal)
    assert team.gap.isna().tolist() == [True, False]
    assert team[[*FACTORS, MIX]].notna().all(axis=None)


def test_no_people_no_rows() -> None:
    empty = pd.DataFrame(columns=LEVELS, dtype=float)
    rows = split_gap(empty, empty)
    assert rows.empty
    assert list(rows.columns) == [*MONEY, *FACTORS, "held"]
    assert split_gap_by(pd.Series(dtype="str"), empty, empty).empty


def test_everything_wrong_is_said_at_once() -> None:
    actual = pd.DataFrame({"visits": [1.0, 2, 3], "amount": [1.0, np.nan, 3]}, index=["a", "b", "b"])
    base = pd.DataFrame({"visits": [1.0]}, index=["c"])
    with in_language("en"), pytest.raises(SalesgoalsError) as raised:
        split_gap(actual, base, chain=FUNNEL)
    assert [problem.code for problem in raised.value.problems] == [
        "attribution.result_missing", "attribution.unit_twice", "attribution.no_result",
        "attribution.units_differ"]


def test_inputs_stay_as_they_are() -> None:
    actual, base, goal = random_team(np.random.default_rng(5), 6)
    before = [table.copy(deep=True) for table in (actual, base)]
    split_gap_by(pd.Series("T", index=actual.index), actual, base, goal)
    pd.testing.assert_frame_equal(actual, before[0])
    pd.testing.assert_frame_equal(base, before[1])


def test_the_heaviest_cause_comes_first() -> None:
    split = pd.DataFrame({"gap": [-10.0, 5.0], "a": [-12.0, 1.0], "b": [2.0, 4.0]}, index=["x", "y"])
    ranked = rank_causes(split, ["a", "b"])
    assert ranked.cause.tolist() == ["a", "b", "b", "a"]
    assert ranked.unit.tolist() == ["x", "x", "y", "y"]
    assert ranked.share.round(3).tolist() == [1.2, -.2, .8, .2]


@given(values=st.lists(st.lists(st.floats(-1e7, 1e7), min_size=3, max_size=3), min_size=1, max_size=20))
@settings(deadline=None, max_examples=40)
def test_whole_fen_add_up(values: list[list[float]]) -> None:
    table = pd.DataFrame(values, columns=["a", "b", "c"])
    table["gap"] = table.sum(axis=1)
    fen = (to_the_fen(table, ["a", "b", "c"], "gap") * 100).round().astype("int64")
    assert (fen[["a", "b", "c"]].sum(axis=1) == fen.gap).all()
    assert (np.abs(fen - table * 100) <= 2.01).all(axis=None)


def test_closing_leaves_unknown_totals_alone() -> None:
    assert close_sums(np.array([[1.0, 2.0]]), np.array([np.nan])).tolist() == [[1, 2]]


def lines(rows: list[tuple[str, str | None, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["who", "product_id", "quantity", "amount"])


def test_price_alone_and_mix_alone_are_told_apart() -> None:
    base = lines([("7", "a", 10, 100), ("7", "b", 10, 400)])
    dearer = lines([("7", "a", 10, 110), ("7", "b", 10, 440)])
    chain = (("pieces", "pieces"), ("product_mix", "list"), ("price", "amount"))
    found = split_gap(*reversed(value_at_base_prices(base, dearer, "who")), chain=chain).iloc[0]
    assert [round(found[name], 9) for name in ("pieces", "product_mix", "price")] == [0, 0, 50]
    cheaper_goods = lines([("7", "a", 15, 150), ("7", "b", 5, 200)])
    found = split_gap(*reversed(value_at_base_prices(base, cheaper_goods, "who")), chain=chain).iloc[0]
    assert [round(found[name], 9) for name in ("pieces", "product_mix", "price")] == [0, -150, 0]


def test_new_products_returns_and_lines_without_a_quantity_are_valued() -> None:
    base = lines([("7", "a", 10, 100), ("8", "a", 10, 100)])
    now = lines([("7", "a", 10, 100), ("7", "new", 2, 60), ("7", "a", -1, -10), ("8", "a", 5, 50),
                 ("8", None, np.nan, 50), ("9", None, np.nan, 70)])
    was, value = value_at_base_prices(base, now, "who")
    assert value.loc["7"].tolist() == [11, 150, 150, 1]
    assert value.loc["8"].tolist() == [10, 100, 100, .5]
    assert value.loc["9", ["pieces", "list"]].isna().all()
    assert value.amount.sum() == now.amount.sum()
    assert was.amount.sum() == base.amount.sum()
