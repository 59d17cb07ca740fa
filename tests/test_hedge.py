"""The hedge: three levels of 5 % are 15.7625 %, the base never moves, every sum is exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.forecast import forecast_sales
from salesgoals.goal import chance, chance_of_people
from salesgoals.hedge import HEDGE_LEVELS, add_hedge, effect_of_hedge, read_rates
from salesgoals.problems import SalesgoalsError

THREE = {"department": .05, "team": .05, "person": .05}


def organisation(goals: list[int], unit: int = 1, months: int = 1) -> pd.DataFrame:
    count = len(goals)
    people = pd.DataFrame({
        "department": [f"d{at % 2}" for at in range(count)], "team": [f"t{at % 3}" for at in range(count)],
        "person_id": [str(at) for at in range(count)], "goal": [goal * unit for goal in goals]})
    if months == 1:
        return people
    rows = people.loc[people.index.repeat(months)].reset_index(drop=True)
    return rows.assign(month=list(pd.date_range("2026-01-01", periods=months, freq="MS")) * count)


def test_three_levels_of_five_percent_are_the_published_15_8_percent() -> None:
    hedged = add_hedge(organisation([250_000] * 4), THREE)
    assert hedged.compounded == pytest.approx(.157625)
    assert round(100 * hedged.compounded, 1) == 15.8
    sums = hedged.goals[["goal", "hedge_department", "hedge_team", "hedge_person", "street"]].sum()
    assert sums.tolist() == [1_000_000, 50_000, 52_500, 55_125, 1_157_625]


rates = st.dictionaries(st.sampled_from(HEDGE_LEVELS), st.floats(0, .5), max_size=4)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=14), rates, st.sampled_from([1, 7, 100]),
       st.sampled_from([1, 3]))
def test_base_untouched_and_every_node_exact(goals: list[int], asked: dict[str, float], unit: int,
                                             months: int) -> None:
    rows = organisation(goals, unit, months)
    before = rows.copy(deep=True)
    hedged = add_hedge(rows, asked, unit)
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(hedged.goals[list(before.columns)], before)
    assert (hedged.proof.difference == 0).all()
    layers = [name for name in hedged.goals if name.startswith("hedge_")]
    assert len(layers) == len(asked)
    whole = hedged.goals[[*layers, "hedge", "street"]]
    assert (whole % unit == 0).all().all()
    assert (whole >= 0).all().all()
    assert (hedged.goals.street == hedged.goals.goal + hedged.goals[layers].sum(axis=1)).all()
    for level, columns in (("department", ["department"]), ("team", ["department", "team"]),
                           ("person", ["department", "team", "person_id"])):
        by_hand = hedged.goals.groupby(columns).street.sum()
        assert sorted(hedged.nodes.street[hedged.nodes.level == level]) == sorted(by_hand)
    total = before.goal.sum()
    wished = total * np.prod([1 + rate for rate in asked.values()])
    assert abs(hedged.goals.street.sum() - wished) <= unit * 4 * 1.5 ** 3


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=12), st.floats(.01, .5))
def test_only_the_named_node_adds(goals: list[int], rate: float) -> None:
    rows = organisation(goals)
    hedged = add_hedge(rows, {"team": {"d0/t0": rate}})
    inside = (rows.department == "d0") & (rows.team == "t0")
    assert (hedged.goals.hedge[~inside] == 0).all()
    assert hedged.goals.hedge[inside].sum() == int(rows.goal[inside].sum() * rate + .5)


def test_a_hedge_sells_nothing_and_costs_people_their_goal() -> None:
    draw = np.random.default_rng(4)
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    history = pd.DataFrame({"month": np.tile(months, 6), "person_id": np.repeat([*"012345"], 24),
                            "amount": draw.lognormal(6, .3, 144)})
    forecast = forecast_sales(history)
    people = organisation([int(value) for value in forecast.people["mean"]])
    hedged = add_hedge(people, {"department": .05, "team": .05})
    effect = effect_of_hedge(hedged, forecast)
    assert effect.layer.tolist() == ["base", "department", "team"]
    assert effect.chance.iloc[0] == chance(forecast, float(people.goal.sum()))
    street = hedged.goals.set_index("person_id").street.astype(float)
    assert effect.share_at_goal.iloc[-1] == pytest.approx(chance_of_people(forecast, street).mean())
    assert effect.share_at_goal.is_monotonic_decreasing
    assert effect.chance.is_monotonic_decreasing
    assert effect.on_top.iloc[-1] == pytest.approx(hedged.compounded)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SalesgoalsError) as caught:
        add_hedge(organisation([10, 20]),
                  {"region": .05, "team": {"d0/t9": .1}, "person": -.1, "company": 1.5})
    assert [problem.code for problem in caught.value.problems] == [
        "hedge.level_unknown", "hedge.node_unknown", "hedge.rate_outside", "hedge.rate_outside"]
    for goals in ([], [15]):
        with pytest.raises(SalesgoalsError):
            add_hedge(organisation(goals), {"team": .05}, unit=10)


def test_rates_are_read_as_typed_in_both_languages() -> None:
    assert read_rates("department=5%，team=3\uff05") == {"department": .05, "team": .03}
    with pytest.raises(SalesgoalsError) as caught:
        read_rates("department, team=five, region=5%")
    assert len(caught.value.problems) == 3
