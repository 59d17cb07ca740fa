"""Goals of equal chance: exact sums, equal chances, limits kept or refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesgoals.equal_chance import equal_chance_goals, equal_chance_note
from salesgoals.forecasting.probability import chances_of_each
from salesgoals.problems import SalesgoalsError

TEAMS = st.lists(st.tuples(st.floats(10, 1e6), st.floats(0.05, 0.9)), min_size=2, max_size=12)


def team_of(people: list[tuple[float, float]]) -> pd.DataFrame:
    mean = np.array([person[0] for person in people])
    return pd.DataFrame(
        {"mean": mean, "sd": mean * [person[1] for person in people]},
        index=[f"p{row}" for row in range(len(people))],
    )


@settings(deadline=None, max_examples=60)
@given(TEAMS, st.floats(0.5, 3))
def test_sum_is_the_total_and_chances_are_equal(people: list[tuple[float, float]], factor: float) -> None:
    team = team_of(people)
    total = team["mean"].sum() * factor
    goals = equal_chance_goals(team, total)
    assert goals.sum() == pytest.approx(total, rel=1e-9)
    chances = chances_of_each(team["mean"].to_numpy(), team.sd.to_numpy(), goals.to_numpy())
    assert chances.max() - chances.min() < 1e-6


@settings(deadline=None, max_examples=60)
@given(TEAMS, st.floats(0, 1))
def test_limits_hold_and_everybody_between_them_has_one_chance(
    people: list[tuple[float, float]], place: float
) -> None:
    team = team_of(people)
    floors, caps = team["mean"] * 0.8, team["mean"] * 1.3
    total = floors.sum() + place * (caps.sum() - floors.sum())
    goals = equal_chance_goals(team, total, floors, caps)
    assert goals.sum() == pytest.approx(total, rel=1e-9)
    assert (goals >= floors - 1e-6 * floors).all()
    assert (goals <= caps * (1 + 1e-9)).all()
    free = (goals > floors * 1.000001) & (goals < caps * 0.999999)
    assume(free.sum() > 1)
    chances = chances_of_each(team["mean"][free].to_numpy(), team.sd[free].to_numpy(), goals[free].to_numpy())
    assert chances.max() - chances.min() < 1e-6


def test_bolder_totals_ask_more_of_unsteady_people_and_timid_ones_less() -> None:
    team = pd.DataFrame({"mean": [100.0, 100.0], "sd": [10.0, 50.0]}, index=["steady", "unsteady"])
    bold, timid = equal_chance_goals(team, 250.0), equal_chance_goals(team, 170.0)
    assert bold["unsteady"] > bold["steady"]
    assert timid["unsteady"] < timid["steady"]
    assert equal_chance_note(team, 250.0) is None
    assert "unsteady" in equal_chance_note(team, 170.0).text()


def test_people_without_expected_sales_get_their_floor() -> None:
    team = pd.DataFrame({"mean": [100.0, 0.0], "sd": [10.0, 0.0]}, index=["a", "b"])
    assert equal_chance_goals(team, 110.0).to_dict() == pytest.approx({"a": 110.0, "b": 0.0})
    assert equal_chance_goals(team, 110.0, pd.Series({"b": 30.0})).to_dict() == pytest.approx(
        {"a": 80.0, "b": 30.0}
    )


@pytest.mark.parametrize(
    ("total", "floors", "caps", "code"),
    [
        (float("nan"), None, None, "goal.total_unusable"),
        (-5.0, None, None, "goal.total_unusable"),
        ("1000", None, None, "goal.total_unusable"),
        (100.0, 60.0, None, "goal.floors_above_total"),
        (100.0, None, 40.0, "goal.caps_below_total"),
        (100.0, 60.0, 40.0, "goal.floor_above_cap"),
        (100.0, pd.Series({"nobody": 1.0}), None, "goal.limit_of_unknown_person"),
    ],
)
def test_impossible_wishes_are_refused_by_name(total, floors, caps, code: str) -> None:
    team = pd.DataFrame({"mean": [50.0, 50.0], "sd": [10.0, 10.0]}, index=["a", "b"])
    with pytest.raises(SalesgoalsError) as caught:
        equal_chance_goals(team, total, floors, caps)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert str(caught.value)


def test_ten_thousand_people() -> None:
    random = np.random.default_rng(0)
    mean = random.lognormal(13, 0.5, 10_000)
    team = pd.DataFrame({"mean": mean, "sd": mean * random.uniform(0.15, 0.6, 10_000)})
    goals = equal_chance_goals(team, mean.sum() * 1.1, team["mean"] * 0.9, team["mean"] * 1.3)
    assert goals.sum() == pytest.approx(mean.sum() * 1.1, rel=1e-9)
