"""The team model as people meet it: charts that draw the tables, a widget that answers, in both languages."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import salesgoals as sg
from salesgoals.cases import read_case
from salesgoals.show.charts_simulate import chart_cliff, chart_outcomes, chart_what_came_from_what
from salesgoals.show.widgets_simulate import TEAMS, levels_around, try_policies
from salesgoals.simulate import Team, TeamPolicy, explain_change, level_curve, outcome_table, simulate_teams
from salesgoals.words import in_language

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
SMALL = Team(10, 2, 2)
OLD, NEW = TeamPolicy("last_year", .11), TeamPolicy("equal_chance", .58, co_created=True, crm=True)


def finding(chart: Any) -> str:
    text = chart.to_dict()["title"]["text"]
    return "".join(text) if isinstance(text, list) else str(text)


def drawn(chart: Any, layer: int) -> pd.DataFrame:
    spec = chart.to_dict()
    return pd.DataFrame(spec["datasets"][spec["layer"][layer]["data"]["name"]])


def test_the_names_a_reader_uses_are_there() -> None:
    for name in ("Team", "TeamPolicy", "simulate_teams", "outcome_table", "explain_change", "level_curve",
                 "model_parameters", "play_years", "chart_cliff", "chart_what_came_from_what",
                 "chart_outcomes", "try_policies"):
        assert getattr(sg, name)


@LANGUAGES
def test_the_cliff_is_drawn_and_said(language: str) -> None:
    curve = level_curve(SMALL, NEW, [.8, .9, 1., 1.1, 1.2, 1.3], 200)
    with in_language(language):
        plain, marked = chart_cliff(curve), chart_cliff(curve, 1.)
        assert chart_cliff(curve.head(1)) is None
    at = curve.set_index("goal").share_at_goal
    steepest = max((.8, .9, 1., 1.1, 1.2), key=lambda goal: at[goal] - at[round(goal + .1, 1)])
    assert f"{steepest:.0%}" in finding(plain)
    assert f"{at[1.]:.0%}" in finding(marked)
    assert f"{at[1.1]:.0%}" in finding(marked)
    assert ("达标率" if language == "zh" else "share at goal") in finding(plain)
    lines = [drawn(plain, place) for place in (1, 3, 5)]
    for line, name in zip(lines, ("share_at_goal", "sales", "turnover"), strict=True):
        assert line[name].tolist() == pytest.approx(curve[name].tolist(), rel=1e-5)
    assert len(marked.layer) == len(plain.layer) + 2
    assert len(chart_cliff(curve, 2.).layer) == len(plain.layer)


@LANGUAGES
def test_what_came_from_what_is_drawn_factor_by_factor(language: str) -> None:
    parts = explain_change(SMALL, OLD, NEW, 200)
    with in_language(language):
        chart = chart_what_came_from_what(parts)
        assert chart_what_came_from_what(explain_change(SMALL, OLD, OLD, 20)) is None
    bars = drawn(chart, 0)
    assert len(bars) == 4 * 3                       # retrospectives did not change
    assert bars.groupby("kind").effect.sum().sort_values().tolist() == pytest.approx(
        sorted(parts[["share_at_goal", "sales", "turnover"]].sum()), abs=1e-4)
    first = parts.sort_values("share_at_goal").iloc[-1]
    assert f"+{100 * first.share_at_goal:.0f}" in finding(chart)


@LANGUAGES
def test_outcomes_stand_beside_what_was_published(language: str) -> None:
    case = read_case("company_a")
    told = pd.concat([outcome_table(simulate_teams(case.team, policy, 200)).assign(when=when)
                      for when, policy in (("before", case.before), ("after", case.after))])
    with in_language(language):
        chart = chart_outcomes(told, case.published)
        off = chart_outcomes(told, case.published.assign(value=[0., .85, .1]))
        with_team = chart_outcomes(told, case.published.assign(team=[.4, .9, .2]))
        alone = chart_outcomes(told[told.when == "after"].drop(columns="when"))
        assert chart_outcomes(told.head(0)) is None
    zh = language == "zh"
    assert ("不等于得到证明" if zh else "not proven") in finding(chart)
    assert ("3 个公开的数字里有 2 个" if zh else "2 of 3") in finding(off)
    points = drawn(chart, 1)
    vendor = points[points.kind.str.contains("厂商" if zh else "vendor")]
    assert sorted(vendor["at"]) == sorted(case.published.value)
    assert len(points) == 6
    assert len(drawn(with_team, 1)) == 9
    assert len(drawn(alone, 0)) == 6


def test_the_widget_answers_each_control_and_keeps_its_language() -> None:
    with in_language("zh"):
        box = try_policies(SMALL, OLD)
    split, level, chance, habits, shown = box.children
    assert (split.value, level.value, chance.disabled, level.disabled) == ("last_year", 11, True, False)
    at_first = simulate_teams(SMALL, OLD, TEAMS).mean()
    assert f"{at_first.share_at_goal:.0%} 的人达标" in shown.value
    seen = {shown.value}
    with in_language("en"):                         # the reader's language now, not the widget's
        level.value = -5
        lower = simulate_teams(SMALL, TeamPolicy("last_year", -.05), TEAMS).mean()
        assert (f"{lower.share_at_goal:.0%} 的人达标，卖出产能的 {lower.sales:.0%}，"
                f"{lower.turnover:.0%} 的人离职") in shown.value
        assert f">{at_first.share_at_goal:.0%}<" in shown.value         # what it is compared with
        seen.add(shown.value)
        split.value = "equal_chance"
        assert level.disabled
        assert not chance.disabled
        seen.add(shown.value)
        for control, value in ((chance, 80), *((one, True) for one in habits.children)):
            control.value = value
            seen.add(shown.value)
    assert len(seen) == 7
    now = simulate_teams(SMALL, TeamPolicy("equal_chance", .8, co_created=True, retro=True, crm=True), TEAMS)
    assert f"{now.share_at_goal.mean():.0%} 的人达标" in shown.value
    assert shown.value.count("<img") == 1


def test_the_goal_is_marked_on_the_cliff_wherever_it_stands() -> None:
    with in_language("en"):
        for goal in (.30004, .682361, .9, 1.40006, 3.333333):
            levels = levels_around(goal)
            assert levels[0] <= goal <= levels[-1]
            chart = chart_cliff(level_curve(SMALL, OLD, levels, 20), goal)
            assert any(f"{goal:.0%}" in text for text in drawn(chart, 2).name)


def test_the_widget_takes_any_start_and_an_unreachable_goal() -> None:
    with in_language("en"):
        box = try_policies(Team(5, 0, 0), TeamPolicy("equal_chance", .05))
        assert box.children[2].value == 5
        doubled = try_policies(Team(5, 5, 0), TeamPolicy("uniform", 1.5))
        beyond = try_policies(Team(5, 5, 0), TeamPolicy("uniform", 10.))
    assert "0% of the people reach theirs" in beyond.children[-1].value
    assert doubled.children[1].value == 150
    assert "0% of the people reach theirs" in doubled.children[-1].value
    assert "newcomers who leave" in doubled.children[-1].value
    assert "newcomers who leave" not in box.children[-1].value
