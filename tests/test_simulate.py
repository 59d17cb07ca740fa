"""The team model: its laws on random teams and policies, its page, one team through the years."""

from __future__ import annotations

import math
import re
import statistics
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paths import PROJECT

from salesgoals.cases import list_cases, read_case
from salesgoals.modelling.engine import draw_luck, meet_teams, play_year
from salesgoals.modelling.parameters import choose_parameters, parameter_table
from salesgoals.modelling.policies import set_goals
from salesgoals.problems import SalesgoalsError
from salesgoals.simulate import (
    MEASURES,
    Team,
    TeamPolicy,
    explain_change,
    level_curve,
    model_parameters,
    outcome_table,
    play_years,
    sensitivity,
    simulate_teams,
)
from salesgoals.words import in_language

A = Team(20, 3, 4)
DECREE, FAIR = TeamPolicy("last_year", .11), TeamPolicy("equal_chance", .58, co_created=True)
EXACT = 1e-12


@st.composite
def teams_(draw: Any) -> Team:
    people = draw(st.integers(1, 12))
    newcomers = draw(st.integers(0, people))
    return Team(people, newcomers, draw(st.integers(0, people - newcomers)))


@st.composite
def policies(draw: Any) -> TeamPolicy:
    split = draw(st.sampled_from(["last_year", "uniform", "tiered", "equal_chance"]))
    level = draw(st.floats(.05, .95) if split == "equal_chance" else st.floats(-.5, .5))
    return TeamPolicy(split, level, draw(st.floats(-.5, .5)), draw(st.floats(-.5, .5)),
                      *(draw(st.booleans()) for _ in range(3)))


@settings(deadline=None, max_examples=40)
@given(teams_(), policies(), st.integers(0, 10_000))
def test_every_team_obeys_the_identities(team: Team, policy: TeamPolicy, seed: int) -> None:
    table = simulate_teams(team, policy, 60, seed)
    again = simulate_teams(team, policy, 60, seed)
    pd.testing.assert_frame_equal(table, again)
    assert list(table) == list(MEASURES)
    assert np.allclose(table.sales, table.attainment * table.goal, rtol=1e-12)
    for name in ("share_at_goal", "turnover"):
        assert table[name].between(0, 1).all()
        heads = table[name] * team.people
        assert np.allclose(heads, heads.round())
    for name, of in (("share_newcomers", team.newcomers), ("turnover_newcomers", team.newcomers),
                     ("share_leaders", team.leaders)):
        assert table[name].isna().all() if of == 0 else table[name].between(0, 1).all()
    if team.newcomers == team.people:
        assert table.share_newcomers.equals(table.share_at_goal.rename("share_newcomers"))
        assert table.turnover_newcomers.equals(table.turnover.rename("turnover_newcomers"))
    assert (table[["sales", "goal", "attainment"]] > 0).all(axis=None)


@settings(deadline=None, max_examples=25)
@given(teams_(), policies(), st.integers(0, 10_000))
def test_a_person_never_sells_less_for_a_goal_set_together_nor_reaches_more_of_a_higher_one(
        team: Team, policy: TeamPolicy, seed: int) -> None:
    numbers, luck = choose_parameters(), draw_luck(team.people, 60, seed)
    met = meet_teams(team, luck, numbers)
    goals = set_goals(policy, met.known, numbers)

    def play(goals: Any, policy: TeamPolicy) -> Any:
        return play_year(goals, met, policy, luck, numbers)

    imposed, own = (play(goals, replace(policy, co_created=together)) for together in (False, True))
    assert (own.amount >= imposed.amount * (1 - EXACT)).all()
    assert (own.out_of_reach <= imposed.out_of_reach + EXACT).all()
    higher = play(goals * 1.1, policy)
    usual = own if policy.co_created else imposed
    assert not ((higher.amount >= goals * 1.1) & ~(usual.amount >= goals)).any()
    assert (higher.out_of_reach >= usual.out_of_reach - EXACT).all()
    for habit in ("crm", "retro"):
        with_it = play(goals, replace(policy, **{habit: True})).amount.sum()
        assert with_it >= play(goals, replace(policy, **{habit: False})).amount.sum() * (1 - EXACT)


@example(Team(1, 1, 0), TeamPolicy("uniform", 0.), TeamPolicy("uniform", 1e-9), 0)
@settings(deadline=None, max_examples=20)
@given(teams_(), policies(), policies(), st.integers(0, 100))
def test_what_came_from_what_adds_up(team: Team, before: TeamPolicy, after: TeamPolicy, seed: int) -> None:
    parts = explain_change(team, before, after, 40, seed)
    change = simulate_teams(team, after, 40, seed).mean() - simulate_teams(team, before, 40, seed).mean()
    for name in parts.columns.drop("factor"):
        if team.newcomers or name != "turnover_newcomers":
            assert parts[name].sum() == pytest.approx(change[name], abs=1e-10)
        else:
            assert parts[name].isna().all()
    same = parts.set_index("factor").share_at_goal
    for factor, habit in (("co_creation", "co_created"), ("crm", "crm"), ("retro", "retro")):
        if getattr(before, habit) == getattr(after, habit):
            assert same[factor] == 0


def test_without_an_answer_of_effort_the_goal_moves_nothing_that_is_sold() -> None:
    deaf = {"effort_gain": 0, "effort_loss": 0}
    sold = [simulate_teams(A, policy, 300, 3, deaf).sales for policy in (
        DECREE, FAIR, TeamPolicy("uniform", 1.), TeamPolicy("tiered", -.5, co_created=True))]
    for other in sold[1:]:
        assert np.allclose(other, sold[0], rtol=1e-12)
    steady = {"ability_spread": 0, "month_noise": 0, "market_shock": 0, "slump_depth": 0}
    assert np.allclose(simulate_teams(A, DECREE, 50, 1, deaf | steady).sales, 1)
    assert simulate_teams(A, DECREE, 4000, 1, deaf).sales.mean() == pytest.approx(1, abs=.004)


def test_an_equal_chance_is_the_planned_one_where_effort_does_not_answer() -> None:
    deaf = {"effort_gain": 0, "effort_loss": 0}
    for planned in (.3, .58, .8):
        table = simulate_teams(A, TeamPolicy("equal_chance", planned), 3000, 1, deaf)
        assert table.share_at_goal.mean() == pytest.approx(planned, abs=.03)
        assert table.share_newcomers.mean() == pytest.approx(planned, abs=.05)


def test_the_cliff_falls_in_every_step_and_sales_have_one_hill() -> None:
    levels = [.5, .8, .9, 1., 1.1, 1.3, 2., 5.]
    for policy in (DECREE, FAIR):
        curve = level_curve(A, policy, levels, 500)
        assert curve.goal.tolist() == levels
        assert curve.share_at_goal.is_monotonic_decreasing
        assert curve.turnover.is_monotonic_increasing
        assert (curve.low <= curve.high).all()
        middle = curve[curve.share_at_goal.between(.1, .9)]
        assert len(middle) >= 2
        assert ((middle.low < middle.share_at_goal) & (middle.share_at_goal < middle.high)).all()
        steps = np.sign(np.diff(curve.sales))
        assert (np.diff(steps) <= 0).all()
        assert curve.sales.iloc[-1] < .9
        at_own = simulate_teams(A, policy, 500)
        near = level_curve(A, policy, [float(at_own.goal.mean())], 500)
        assert near.share_at_goal.iloc[0] == pytest.approx(at_own.share_at_goal.mean(), abs=.03)


def test_levels_splits_and_newcomers_goals_are_what_the_policy_says() -> None:
    numbers, luck = choose_parameters(), draw_luck(20, 30, 1)
    met = meet_teams(A, luck, numbers)
    last = met.known.last_year
    decree = set_goals(DECREE, met.known, numbers)
    assert np.allclose(decree[:, 3:], last[:, 3:] * 1.11)
    assert np.allclose(decree[:, :3], .8 * 1.11 * np.median(last[:, 3:], axis=1, keepdims=True))
    one = set_goals(TeamPolicy("uniform", .1), met.known, numbers)
    assert (one == one[:, :1]).all()
    tiers = set_goals(TeamPolicy("tiered", .1, leaders=.3, newcomers=-.4), met.known, numbers)
    assert np.allclose(tiers / one, np.where(A.is_leader, 1.3, np.where(A.is_newcomer, .6, 1.)))


def test_outcomes_sum_up_and_parameters_can_be_changed_one_at_a_time() -> None:
    table = simulate_teams(A, FAIR, 400)
    told = outcome_table(table, .5).set_index("measure")
    assert told.loc["sales", "mean"] == pytest.approx(table.sales.mean())
    assert told.loc["sales", "low"] == pytest.approx(table.sales.quantile(.25))
    assert "share_leaders" not in outcome_table(simulate_teams(Team(5, 1, 0), FAIR, 50)).measure.tolist()
    changed = sensitivity({"now": (A, FAIR)}, ["share_at_goal", "sales"], teams=60)
    assert len(changed) == 2 * 2 * len(parameter_table())
    one = changed[(changed.parameter == "growth") & (changed.bound == "low") & (changed.measure == "sales")]
    direct = simulate_teams(A, FAIR, 60, 1, {"growth": parameter_table()["growth"]["low"]}).sales.mean()
    assert one["mean"].iloc[0] == direct
    assert one.change.iloc[0] == direct - simulate_teams(A, FAIR, 60).sales.mean()
    for language in ("zh", "en"):
        with in_language(language):
            listed = model_parameters()
        assert (listed.low < listed.value).all()
        assert (listed.value < listed.high).all()
        assert listed.kind.isin(["evidence", "assumption", "fitted"]).all()
        assert (listed.meaning.str.len() > 5).all()
        assert (listed.source.str.len() > 3).all()


WRONG: list[tuple[Any, str]] = [
    (lambda: Team(0, 0, 0), "people"), (lambda: Team(5.5, 0, 0), "5.5"),
    (lambda: Team(5, -1, 0), "newcomers"), (lambda: Team(5, 3, 3), "5"), (lambda: Team(True, 0, 0), "True"),
    (lambda: TeamPolicy("fair", .1), "equal_chance"), (lambda: TeamPolicy("equal_chance", 1.2), "1.2"),
    (lambda: TeamPolicy("uniform", float("nan")), "nan"), (lambda: TeamPolicy("uniform", "10%"), "10%"),
    (lambda: TeamPolicy("tiered", 0., leaders=-2), "leaders"),
    (lambda: TeamPolicy("uniform", 0., crm="yes"), "crm"),
    (lambda: simulate_teams("A", FAIR), "str"), (lambda: simulate_teams(A, None), "NoneType"),
    (lambda: simulate_teams(A, FAIR, 0), "teams"), (lambda: simulate_teams(A, FAIR, 10 ** 9), "250,000"),
    (lambda: simulate_teams(A, FAIR, 10, -1), "-1"),
    (lambda: simulate_teams(A, FAIR, 10, 1, {"efort_gain": 1}), "effort_gain"),
    (lambda: simulate_teams(A, FAIR, 10, 1, {"slump_months": 0}), "slump_months"),
    (lambda: simulate_teams(A, FAIR, 10, 1, {"growth": float("inf")}), "inf"),
    (lambda: outcome_table(pd.DataFrame({"sales": [1.]}), 1.), "interval"),
    (lambda: level_curve(A, FAIR, [1.], 10, interval=90), "90"),
    (lambda: level_curve(A, FAIR, [0.]), "0"), (lambda: sensitivity({"x": (A, FAIR)}, ["money"]), "money"),
    (lambda: play_years(A, ["old"]), "str"), (lambda: play_years(A, [FAIR], core_sales=0), "core_sales"),
    (lambda: play_years(A, [(FAIR, [1., 2.])]), "20"), (lambda: play_years(A, [(FAIR, [0.] * 20)]), "0.0"),
    (lambda: play_years(A, [(FAIR, pd.Series({"X": 1.}))]), "P001"),
]


@pytest.mark.parametrize("place", range(len(WRONG)))
def test_wrong_input_is_refused_in_a_sentence(place: int) -> None:
    do, word = WRONG[place]
    said = {}
    for language in ("zh", "en"):
        with in_language(language), pytest.raises(SalesgoalsError) as caught:
            do()
        with in_language(language):
            said[language] = str(caught.value)
        assert word in said[language]
    assert said["zh"] != said["en"]


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(SalesgoalsError) as caught:
        TeamPolicy("uniform", 99., leaders=-5, crm=None)
    assert len(caught.value.problems) == 3


# --- one team through the years -----------------------------------------------------------------------

@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.integers(0, 3))
def test_a_team_keeps_its_people_and_its_books(seed: int, newcomers: int) -> None:
    team = Team(12, newcomers, 3)
    played = play_years(team, [DECREE, FAIR, TeamPolicy("tiered", 0.)], seed)
    years, months = played.years, played.months
    assert (years.groupby("year").size() == 12).all()
    sums = months.groupby(["year", "person_id"])[["amount", "goal"]].sum(min_count=12)
    kept = years.set_index(["year", "person_id"])
    assert np.allclose(sums.amount.reindex(kept.index), kept.amount)
    assert np.allclose(sums.goal.reindex(kept.index), kept.goal.to_numpy(float), equal_nan=True)
    assert kept.goal.isna().equals((years.year == 0).set_axis(kept.index))
    held = years[years.year > 0]
    assert (held.at_goal.astype(bool) == (held.amount >= held.goal)).all()
    assert int(years[years.year == 0].leaves.sum()) == newcomers
    for year in range(1, 4):
        here, before = (set(years.person_id[years.year == at]) for at in (year, year - 1))
        gone = set(played.leavers.person_id[played.leavers.year == year - 1])
        assert here & before == before - gone
        new = set(years.person_id[(years.year == year) & years.newcomer])
        assert new == here - before
        assert len(new) == len(gone)
    people = played.people.set_index("person_id")
    assert set(people.index) == set(years.person_id)
    assert (years.groupby("person_id").year.min() == people.first_year.reindex(sorted(people.index))).all()
    assert people.last_year.dropna().to_dict() == played.leavers.set_index("person_id").year.to_dict()


def test_a_year_does_not_know_the_years_after_it_and_takes_goals_from_elsewhere() -> None:
    one, two = play_years(A, [DECREE], 5), play_years(A, [DECREE, FAIR], 5)
    pd.testing.assert_frame_equal(one.years, two.years[two.years.year < 2].reset_index(drop=True))
    pd.testing.assert_frame_equal(one.months, two.months[two.months.year < 2].reset_index(drop=True))
    last = two.years[two.years.year == 2].set_index("person_id")
    own = last.goal.sample(frac=1, random_state=1)
    again = play_years(A, [DECREE, (FAIR, own)], 5)
    pd.testing.assert_frame_equal(two.years, again.years)
    higher = play_years(A, [DECREE, (FAIR, last.goal.to_numpy() * 1.3)], 5).years
    after = higher[higher.year == 2].set_index("person_id")
    assert np.allclose(after.goal, last.goal * 1.3)
    assert after.at_goal.sum() < last.at_goal.sum()
    with pytest.raises(SalesgoalsError) as caught:
        play_years(A, [DECREE, (FAIR, pd.concat([own.iloc[1:], pd.Series({"X9": 5., "X8": 5.})]))], 5)
    assert [problem.code for problem in caught.value.problems] == ["simulate.goals_missing",
                                                                   "simulate.goals_extra"]


def test_one_team_played_often_lies_where_the_model_says() -> None:
    shares = [play_years(A, [DECREE], seed).years.query("year == 1").at_goal.mean() for seed in range(60)]
    model = simulate_teams(A, DECREE, 2000).share_at_goal
    assert np.mean(shares) == pytest.approx(model.mean(), abs=4 * model.std() / 60 ** .5)


# --- what docs/model.md states ------------------------------------------------------------------------

def page_rows(heading: str) -> list[list[str]]:
    page = (PROJECT / "docs" / "model.md").read_text(encoding="utf-8")
    part = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in part.splitlines() if line.startswith("| ")]
    assert len(rows) > 2
    return rows[1:]


def test_the_page_lists_the_parameters_that_ship() -> None:
    with in_language("en"):
        shipped = model_parameters()
    listed = [tuple(row) for row in page_rows("The numbers")]
    assert listed == [(row.parameter, f"{row.value:g}", f"{row.low:g}", f"{row.high:g}", row.kind,
                       row.meaning, row.source) for row in shipped.itertuples()]


@pytest.mark.parametrize("policy", [
    TeamPolicy("last_year", .11), TeamPolicy("uniform", -.1), TeamPolicy("tiered", -.1, crm=True),
    TeamPolicy("equal_chance", .58, co_created=True, retro=True)])
def test_the_formulas_of_the_page_written_out_person_by_person_give_the_model(policy: TeamPolicy) -> None:
    """Plain loops from docs/model.md; only the luck is the model's own, so that figures agree exactly."""
    team, luck = Team(7, 2, 2), draw_luck(7, 3, 5)
    p = {row.parameter: row.value for row in model_parameters().itertuples()}
    usual_share = p["slump_chance"] / (p["slump_chance"] + 1 / p["slump_months"])
    own_luck, normal = choose_parameters().own_luck, NormalDist()
    assert own_luck == pytest.approx(.067, abs=.0005)
    rising = [p["ramp_start"] + (1 - p["ramp_start"]) * month / 11 for month in range(12)]
    ramps = [rising] * 2 + [[1.] * 12] * 5
    stays = 1 - 1 / p["slump_months_retro" if policy.retro else "slump_months"]
    commitment = 1. if policy.co_created else p["imposed_commitment"]
    spread = math.sqrt(p["forecast_error"] ** 2 + own_luck ** 2 + p["market_shock"] ** 2)
    told = simulate_teams(team, policy, 3, 5)
    for number, row in enumerate(told.itertuples()):
        able = [(p["leader_tier"] if who in (2, 3) else 1.)
                * math.exp(p["ability_spread"] * z - p["ability_spread"] ** 2 / 2)
                for who, z in enumerate(luck.ability[number])]
        last = [a * math.exp(own_luck * z) for a, z in zip(able, luck.last_year[number], strict=True)]
        last[:2] = [statistics.median(last[2:])] * 2
        able = [a * (1 + p["growth"]) for a in able]
        capacity = [a * statistics.mean(ramp) for a, ramp in zip(able, ramps, strict=True)]
        tiers = [.8] * 2 + [1.2 if policy.split == "tiered" else 1.] * 2 + [1.] * 3
        if policy.split == "equal_chance":
            below = math.exp(-normal.inv_cdf(policy.level) * spread)
            goals = [can * math.exp(p["forecast_error"] * z) * below
                     for can, z in zip(capacity, luck.forecast[number], strict=True)]
        else:
            table = last if policy.split == "last_year" else [statistics.mean(last)] * 7
            goals = [sold * (1 + policy.level) * (1. if policy.split == "uniform" else tier)
                     for sold, tier in zip(table, tiers, strict=True)]
        market = math.exp(p["market_shock"] * luck.market[number, 0] - p["market_shock"] ** 2 / 2)
        sums, leaves = [], []
        for who, (a, ramp, goal) in enumerate(zip(able, ramps, goals, strict=True)):
            sold, lost, slump = 0., 0, luck.in_slump[number, who] < usual_share
            for month in range(12):
                needed = (goal - sold) / (a / 12 * sum(ramp[month:]))
                chance = normal.cdf(-math.log(needed) / p["belief_width"]) if needed > 0 else 1.
                effort = (1 + commitment * p["effort_gain"] * 4 * chance * (1 - chance)
                          - p["effort_loss"] * (1 - chance) ** 2)
                lost += chance < p["out_of_reach"]
                z = luck.month[month, number, who]
                noise = math.exp(p["month_noise"] * z - p["month_noise"] ** 2 / 2)
                sold += (a / 12 * ramp[month] * effort * noise * market * (1 - p["slump_depth"] * slump)
                         * (1 + p["crm_gain"] * policy.crm) / (1 - p["slump_depth"] * usual_share))
                slump = luck.slump[month, number, who] < (stays if slump else p["slump_chance"])
            sums.append(sold)
            hazard = p["leaving_base"] + p["leaving_out_of_reach"] * lost / 12
            leaves.append(int(luck.leaving[number, who] < 1 - math.exp(-hazard)))
        reached = [int(sold >= goal) for sold, goal in zip(sums, goals, strict=True)]
        assert [row.share_at_goal, row.attainment, row.turnover, row.share_newcomers, row.turnover_newcomers,
                row.share_leaders, row.sales, row.goal] == pytest.approx([
                    statistics.mean(reached), sum(sums) / sum(goals), statistics.mean(leaves),
                    statistics.mean(reached[:2]), statistics.mean(leaves[:2]), statistics.mean(reached[2:4]),
                    sum(sums) / sum(capacity), sum(goals) / sum(capacity)])


def test_the_seven_figures_are_as_the_page_says_and_near_what_was_published() -> None:
    rows = {row[0]: row[1:] for row in page_rows("The seven published figures")}
    seen = 0
    for name in list_cases():
        case, letter = read_case(name), name[-1].upper()
        for figure in case.published.itertuples():
            said = {"share_at_goal": "share at goal", "turnover": "turnover",
                    "turnover_newcomers": "newcomers' turnover"}[figure.figure]
            row = rows[f"{letter} {figure.when}: {said}"]
            policy = case.before if figure.when == "before" else case.after
            for seed in (1, 6):
                told = outcome_table(simulate_teams(case.team, policy, 4000, seed)).set_index("measure")
                mean, low, high = told.loc[figure.figure]
                assert low <= figure.value <= high
                assert abs(mean - figure.value) <= .05
                if seed == 1:
                    assert float(row[0]) == figure.value
                    assert float(row[1]) == pytest.approx(mean, abs=.0015)
                    assert [float(number) for number in re.findall(r"[\d.]+", row[2])] == pytest.approx(
                        [low, high], abs=.006)
            seen += 1
    assert seen == len(rows) == 7


def test_the_page_tells_the_shapley_values_of_the_cases() -> None:
    rows = page_rows("What came from what")
    for name in list_cases():
        case, letter = read_case(name), name[-1].upper()
        parts = explain_change(case.team, case.before, case.after, 4000)
        mine = [row for row in rows if row[0] == letter]
        moving = parts[(parts.drop(columns="factor") != 0).any(axis=1)]
        assert len(mine) == len(moving) + 1
        for row, part in zip(mine, moving.itertuples(), strict=False):
            assert [float(cell) for cell in row[2:]] == pytest.approx(
                [part.share_at_goal, part.sales, part.turnover, part.turnover_newcomers], abs=.0015)
        whole = moving[["share_at_goal", "sales"]].sum()
        assert [float(cell) for cell in mine[-1][2:4]] == pytest.approx(whole.tolist(), abs=.0015)


def test_no_share_that_was_published_stands_in_the_model() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [
        *(PROJECT / "salesgoals" / "modelling").glob("*.*"), PROJECT / "salesgoals" / "simulate.py"]]
    assert len(texts) >= 6
    for text in texts:
        assert not re.search(r"read_case|case\.toml|case_studies|salesgoals\.cases", text)
        assert not re.search(r"(?<![\d.])0?\.(85|92|88|45)0*(?!\d)|(?<!\d)(85|92|88|45) ?%", text)
