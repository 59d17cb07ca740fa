from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sales_team import last_year, make_team

from salesgoals.allocation.crew import Crew, gather_crew
from salesgoals.allocation.pattern import product_lines, product_mix, sales_pattern
from salesgoals.allocation.weights import METHODS, Weights, weigh_people
from salesgoals.goal import chance_of_people
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import as_table

START = pd.Timestamp("2026-01-01")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_team()


@pytest.fixture(scope="module")
def crew(tables: dict[str, pd.DataFrame]) -> Crew:
    return gather_crew(tables, START, 12)


@pytest.fixture(scope="module")
def weights(crew: Crew, tables: dict[str, pd.DataFrame]) -> Weights:
    return weigh_people(crew, tables, last_year(tables))


def place(crew: Crew, person: str) -> int:
    return int(np.nonzero(crew.people.person_id == person)[0][0])


def test_who_is_in_the_plan_and_when(crew: Crew) -> None:
    assert "P006" not in set(crew.people.person_id)  # left before
    joins, leaves = place(crew, "P004"), place(crew, "P005")
    assert crew.present[joins].tolist() == [0, 0, pytest.approx(17 / 31), *[1] * 9]
    assert crew.present[leaves].tolist() == [*[1] * 5, pytest.approx(20 / 30), *[0] * 6]
    assert (np.diff(crew.ramp[place(crew, "P003")]) >= 0).all()
    assert crew.ramp[place(crew, "P003"), 0] < .7
    assert (crew.ramp[place(crew, "P000")] == 1).all()


def test_each_method_adds_up_to_one_and_covers_everybody(weights: Weights) -> None:
    known = weights.values.drop(columns="potential")
    assert known.sum().to_list() == pytest.approx([1.0] * 4)
    assert (known > 0).all().all()
    assert set(weights.missing) == {"potential"}
    assert weights.values.potential.isna().all()


def test_equal_counts_months_on_board_and_spares_no_newcomer(crew: Crew, weights: Weights) -> None:
    equal = weights.values.equal / weights.values.equal["P000"]
    assert equal["P003"] == pytest.approx(1)
    assert equal["P004"] == pytest.approx((9 + 17 / 31) / 12)
    assert equal["P005"] == pytest.approx((5 + 20 / 30) / 12)


def test_history_follows_the_last_12_months_of_those_who_have_them(weights: Weights) -> None:
    old = [f"P{number:03d}" for number in (0, 1, 2, 7, 8, 9, 10, 11)]
    ratio = weights.values.history[old] / weights.parts.last_12[old]
    assert ratio.to_numpy() == pytest.approx(ratio.iloc[0])


def test_newcomers_get_the_teams_level_times_ramp(crew: Crew, weights: Weights) -> None:
    parts = weights.parts
    team = crew.people.set_index("person_id").team
    peers = [person for person in parts.index if team[person] == team["P004"] and person != "P004"]
    assert parts.level["P004"] == pytest.approx(parts.last_12[peers].sum() / 12 / len(peers), rel=1e-6)
    assert parts.months_grown["P004"] < parts.months_grown["P000"] * 10 / 12
    own, borrowed = parts.last_12["P003"] / 3, parts.level["P003"]
    mates = [person for person in parts.index if team[person] == team["P003"] and person != "P003"]
    level = parts.last_12[mates].sum() / 12 / len(mates)
    assert borrowed != pytest.approx(own)
    assert borrowed > min(own, level)


def test_leavers_count_only_until_their_last_day(weights: Weights) -> None:
    assert weights.parts.months_grown["P005"] == pytest.approx(
        weights.parts.months_grown["P000"] * .5, rel=.25)


def test_capability_is_nearer_the_truth_than_the_own_result() -> None:
    """Simulated oracle: levels that differ by 20 %, months that differ by 80 %."""
    draw = np.random.default_rng(5)
    tables = make_team(people=40, special=False)
    ids = np.array([f"P{number:03d}" for number in range(40)])
    level = draw.lognormal(10, .2, 40)
    sales = level[:, None] * draw.lognormal(-.32, .8, (40, 12))
    dates = pd.date_range("2025-01-10", periods=12, freq="MS") + pd.Timedelta(days=9)
    tables["orders"] = as_table("orders", pd.DataFrame({
        "date": np.tile(dates.to_numpy(), 40), "person_id": ids.repeat(12), "product_line": "L0",
        "amount": sales.ravel()}))
    crew = gather_crew(tables, START, 12)
    parts = weigh_people(crew, tables, 1e6, ["capability"]).parts.loc[ids]
    assert ((parts.faith > 0) & (parts.faith < .9)).all()
    own_error = np.abs(parts.last_12 / 12 - level).mean()
    assert np.abs(parts.capability - level).mean() < .85 * own_error


def test_less_seen_is_less_believed(weights: Weights) -> None:
    faith = weights.parts.faith
    assert faith["P004"] == 0
    assert 0 < faith["P003"] < faith["P000"] < 1


def test_capability_is_the_own_result_where_there_is_no_noise() -> None:
    tables = make_team(special=False)
    months = pd.date_range("2024-01-10", periods=24, freq="MS") + pd.Timedelta(days=9)
    ids = [f"P{number:03d}" for number in range(12)]
    tables["orders"] = as_table("orders", pd.DataFrame(
        [(day, person, "L0", 1000.0 * (at + 1)) for day in months for at, person in enumerate(ids)],
        columns=["date", "person_id", "product_line", "amount"]))
    crew = gather_crew(tables, START, 12)
    parts = weigh_people(crew, tables, 1_000_000, ["capability"]).parts
    assert parts.capability.to_list() == pytest.approx((parts.last_12 / 12).to_list(), rel=1e-6)


def test_equal_chances_are_equal(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    total = float(crew.forecast.people["mean"].sum() * 1.1)
    weights = weigh_people(crew, tables, total, ["equal_chance"])
    chances = chance_of_people(crew.forecast, weights.values.equal_chance * total)
    assert chances.max() - chances.min() < 1e-3
    assert 0 < chances.mean() < .5
    assert not weights.notes["equal_chance"]
    low = weigh_people(crew, tables, total / 2, ["equal_chance"])
    assert [note.code for note in low.notes["equal_chance"]] == ["goal.equal_chance_below_mean"]


def test_potential_of_accounts_is_blended_with_history(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    ids = [f"P{number:03d}" for number in range(12)]
    accounts = as_table("accounts", pd.DataFrame({
        "account_id": [f"A{i}" for i in range(12)], "name": "x", "person_id": ids,
        "potential": [100.0] * 11 + [None]}))
    result = weigh_people(crew, {**tables, "accounts": accounts}, 1e6, ["history", "potential"])
    history, blend = result.values.history, result.values.potential
    assert blend.sum() == pytest.approx(1)
    assert blend["P011"] == pytest.approx(history["P011"])  # unknown potential: history alone
    full = [person for person in blend.index if person not in ("P003", "P004", "P005", "P011")]
    assert (2 * blend[full] - history[full]).std() == pytest.approx(0, abs=1e-6)  # same potential
    assert [note.code for note in result.notes["potential"]] == [
        "decompose.potential_from_accounts", "decompose.potential_unknown"]


def test_without_accounts_the_weighted_pipeline_counts(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    deals = as_table("opportunities", pd.DataFrame({
        "opportunity_id": ["1", "2", "3", "4"], "person_id": ["P000", "P001", "P000", "P001"],
        "status": ["open", "open", "won", "lost"], "amount": [100.0, 100.0, 5.0, 5.0],
        "probability": [.25, None, None, None]}))
    result = weigh_people(crew, {**tables, "opportunities": deals}, 1e6, ["potential"])
    assert result.parts.potential.dropna().to_dict() == {"P000": 25, "P001": 50}  # half of ended deals won
    assert result.notes["potential"][0].code == "decompose.potential_from_pipeline"


def test_an_unknown_method_lists_the_five(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(SalesgoalsError, match=", ".join(METHODS)):
        weigh_people(crew, tables, 1e6, ["fair"])


def test_people_without_sales_are_named(tables: dict[str, pd.DataFrame]) -> None:
    silent = {**tables, "orders": tables["orders"][tables["orders"].person_id != "P007"]}
    crew = gather_crew(silent, START, 12)
    result = weigh_people(crew, silent, 1e6, ["history"])
    assert result.values.history["P007"] > 0  # a blank is not zero: no record at all is filled from the team
    zero = tables["orders"].copy()
    zero.loc[zero.person_id == "P007", "amount"] *= -1
    result = weigh_people(gather_crew({**tables, "orders": zero}, START, 12), tables, 1e6, ["history"])
    assert result.values.history["P007"] == 0
    assert "P007" in result.notes["history"][0].text()


def test_pattern_is_zero_where_no_goal_belongs(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    lines, keys = product_lines(crew, tables)
    assert lines == ["L0", "L1", "L2"]
    pattern, openable = sales_pattern(crew, keys)
    absent = crew.present == 0
    assert (pattern[absent] == 0).all()
    assert (openable[absent] == 0).all()
    assert (pattern[~absent].sum(1) > 0).all()
    assert pattern.sum((1, 2)) == pytest.approx(np.ones(len(pattern)), rel=.2)
    experienced = place(crew, "P001")
    assert (pattern[experienced, :, 2] == 0).all()  # never sold that line
    assert (openable[experienced, :, 2] > 0).all()
    assert (pattern[place(crew, "P000"), :, 2] > 0).all()


def test_newcomers_borrow_the_teams_mix(crew: Crew, tables: dict[str, pd.DataFrame]) -> None:
    _, keys = product_lines(crew, tables)
    mix, _ = product_mix(crew, keys)
    assert mix.sum(1) == pytest.approx(np.ones(len(mix)))
    new = place(crew, "P004")
    mates = (crew.people.team == crew.people.team[new]).to_numpy() & (np.arange(len(mix)) != new)
    assert mix[new, 0] == pytest.approx(mix[mates, 0].mean(), abs=.15)


def test_a_line_only_in_the_price_list_is_closed_until_needed(tables: dict[str, pd.DataFrame]) -> None:
    products = as_table("products", pd.DataFrame({"product_id": ["1"], "product": ["new"],
                                                  "product_line": ["L9"]}))
    more = {**tables, "products": products}
    crew = gather_crew(more, START, 12)
    lines, keys = product_lines(crew, more)
    assert lines[-1] == "L9"
    pattern, openable = sales_pattern(crew, keys)
    assert pattern[:, :, -1].sum() == 0
    assert openable[:, :, -1].sum() > 0
