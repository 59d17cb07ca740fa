"""Base, target and stretch: quantiles by brute force, sums exact, targets that lie beyond."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sales_team import last_year, make_team

from salesgoals.decompose import Plan, plan_goals
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.goal import chance, chance_of_people
from salesgoals.history import monthly_sales
from salesgoals.levels import add_levels, set_levels, study_levels, unit_levels
from salesgoals.problems import SalesgoalsError

START, UNIT = "2026-01", 100


@pytest.fixture(scope="module")
def planned() -> tuple[Forecast, Plan]:
    tables = make_team(people=14)
    plan = plan_goals(tables, last_year(tables, 1.05), START, unit=UNIT)
    return forecast_sales(monthly_sales(tables), START, people=tables["people"]), plan


def with_goals(plan: Plan, goals: pd.Series) -> Plan:
    return replace(plan, people=plan.people.assign(goal=goals.to_numpy("int64")))


def test_each_level_is_as_likely_as_it_says(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    levels = set_levels(forecast, plan)
    assert (levels.base % UNIT == 0).all()
    assert (levels.stretch % UNIT == 0).all()
    for name, share in (("base", .7), ("stretch", .3)):
        at = chance_of_people(forecast, levels.set_index("person_id")[name].astype(float))
        more = chance_of_people(forecast, levels.set_index("person_id")[name].astype(float) + UNIT)
        assert (at >= share - 1e-9).all()   # rounded down, so never less likely
        assert (more < share).all()         # and no higher multiple would do
        assert np.allclose(levels[f"{name}_chance"], at)


def test_sums_are_exact_at_every_level(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    levels = set_levels(forecast, plan)
    sums = add_levels(levels, forecast)
    for name in ("base", "goal", "stretch"):
        company = int(sums[sums.level == "company"][name].iloc[0])
        assert company == levels[name].sum()
        for level in ("department", "team"):
            assert company == sums[sums.level == level][name].sum()
    assert sums[sums.level == "company"].goal.iloc[0] == plan.goals.goal.sum()
    assert sums.people[sums.level == "team"].sum() == len(levels)


def test_bases_together_are_safer_and_stretches_rarer(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    company = add_levels(set_levels(forecast, plan), forecast).iloc[0]
    assert company.base_chance > .7
    assert company.stretch_chance < .3
    assert company.goal_chance == pytest.approx(chance(forecast, float(plan.goals.goal.sum())))


def test_simulated_years_reach_the_sum_of_bases_as_often_as_it_says() -> None:
    """Two independent people, log-normal: brute force on the sum."""
    draw = np.random.default_rng(3)
    tables = make_team(people=2, teams=1, special=False)
    plan = plan_goals(tables, last_year(tables), START, unit=1)
    forecast = replace(forecast_sales(monthly_sales(tables), START), people_correlation=0.)
    levels = set_levels(forecast, plan)
    mean, sd = (forecast.people[name].reindex(levels.person_id).to_numpy() for name in ("mean", "sd"))
    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    years = np.exp(np.log(mean) - spread ** 2 / 2 + spread * draw.standard_normal((200_000, 2)))
    said = add_levels(levels, forecast).iloc[0].base_chance
    assert (years.sum(1) >= levels.base.sum()).mean() == pytest.approx(said, abs=.01)


def test_where_the_target_lies_is_said(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    levels = set_levels(forecast, plan)
    above = set_levels(forecast, with_goals(plan, levels.stretch + UNIT))
    assert set(above.place) == {"above_stretch"}
    assert (above.goal_chance < above.stretch_chance).all()
    assert set(set_levels(forecast, with_goals(plan, levels.stretch)).place) == {"between"}
    assert set(set_levels(forecast, with_goals(plan, levels.base)).place) == {"between"}
    assert set(set_levels(forecast, with_goals(plan, levels.base - UNIT)).place) == {"below_base"}


def test_people_without_a_forecast_stay_blank_and_are_counted(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    gone = plan.people.person_id.iloc[0]
    levels = set_levels(replace(forecast, people=forecast.people.drop(gone)), plan)
    row = levels[levels.person_id == gone].iloc[0]
    assert pd.isna(row.base)
    assert row.place == "unknown"
    assert row.goal == plan.people.goal.iloc[0]
    sums = add_levels(levels, forecast)
    assert sums.unknown.iloc[0] == 1
    assert sums.base.iloc[0] == levels.base.sum()


@given(safe=st.floats(.02, .98), bold=st.floats(.02, .98))
@settings(deadline=None, max_examples=25)
def test_any_two_chances_in_order_will_do(planned: tuple[Forecast, Plan], safe: float, bold: float) -> None:
    forecast, plan = planned
    if safe <= bold:
        with pytest.raises(SalesgoalsError, match=r"\(0\.7, None, 0\.3\)"):
            set_levels(forecast, plan, (safe, None, bold))
        return
    levels = set_levels(forecast, plan, (safe, None, bold))
    assert (levels.base <= levels.stretch).all()


@pytest.mark.parametrize("chances", [(.7, .5, .3), (.7, .3), (1.2, None, .3), ("a", None, .1), ()])
def test_other_chances_are_refused(planned: tuple[Forecast, Plan], chances: tuple[object, ...]) -> None:
    with pytest.raises(SalesgoalsError):
        set_levels(*planned, chances)


def test_the_unit_has_levels_of_its_own(planned: tuple[Forecast, Plan]) -> None:
    forecast, plan = planned
    table = unit_levels(forecast, int(plan.goals.goal.sum()), UNIT).set_index("name")
    assert table.chance["base"] == pytest.approx(.7, abs=.002)
    assert table.chance["stretch"] == pytest.approx(.3, abs=.002)
    assert table.total["goal"] == plan.goals.goal.sum()
    assert (table.total[["base", "stretch"]] % UNIT == 0).all()
    assert set(study_levels(forecast, plan)) == {"levels_people", "levels_sums", "levels_unit"}
