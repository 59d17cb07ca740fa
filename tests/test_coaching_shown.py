"""Charts of coaching: the title says what the figures say, nothing is drawn where nothing is known."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
import vl_convert
from coaching_team import PEOPLE, coaching_team, goals_of

from salesgoals.follow_up import COVERAGE, neglected_customers, pipeline_coverage
from salesgoals.kpi_goals import NEEDED, set_kpi_goals, weekly_milestones
from salesgoals.meetings import contest, pulse_trend
from salesgoals.periods import read_period
from salesgoals.show.charts_follow_up import chart_coverage, chart_neglected
from salesgoals.show.charts_kpi_goals import chart_kpi_goals, chart_milestones
from salesgoals.show.charts_meetings import chart_contest, chart_pulse
from salesgoals.show.coaching_parts import show_person_goals
from salesgoals.words import in_language

JUNE, DAY = read_period("2026-06"), "2026-06-12"


@pytest.fixture(scope="module")
def team() -> dict[str, pd.DataFrame]:
    return coaching_team()


def title(chart: Any) -> str:
    text = chart.to_dict()["title"]["text"]
    return " ".join(text) if isinstance(text, list) else text


def drawn(chart: Any) -> str:
    """Draw it for real, and return all that it holds."""
    spec = chart.to_dict()
    assert "<svg" in vl_convert.vegalite_to_svg(spec)
    return json.dumps(spec, ensure_ascii=False)


def test_kpi_goals_name_how_many_cannot_do_it(team: dict[str, pd.DataFrame]) -> None:
    goals = goals_of(JUNE, 40_000.)
    goals.loc[goals.person_id == "P2", "goal"] = 3e6
    needed = set_kpi_goals(team, goals, JUNE, DAY)
    visits = needed[(needed.kpi == "visits") & needed.enough.isin(["usual", "more", "beyond"])]
    assert (visits.enough == "beyond").sum() >= 1
    for words in ("zh", "en"):
        with in_language(words):
            chart = chart_kpi_goals(needed)
            assert chart is not None
            assert str((visits.enough == "beyond").sum()) in title(chart)
            assert "Name P2" in drawn(chart)
    doable = chart_kpi_goals(needed[needed.person_id != "P2"])
    assert doable is None or "beyond" not in title(doable).lower()
    assert chart_kpi_goals(needed, "deals") is not None
    assert chart_kpi_goals(pd.DataFrame(columns=NEEDED)) is None
    assert chart_kpi_goals(set_kpi_goals(team, goals_of(JUNE, 1.), JUNE, DAY)) is None  # all are there


def test_nothing_is_taken_off_for_whoever_is_there_already(team: dict[str, pd.DataFrame]) -> None:
    needed = set_kpi_goals(team, goals_of(JUNE, 1.), JUNE, DAY).assign(pipeline=9_000., usual_pipeline=100.)
    one = needed[needed.person_id == "P2"]
    with in_language("zh"):
        assert "扣掉" in show_person_goals(one.assign(still=5_000.)).html
        assert "扣掉" not in show_person_goals(one).html


def test_milestones_are_steps_to_the_goal(team: dict[str, pd.DataFrame]) -> None:
    weeks = weekly_milestones(goals_of(JUNE, 90_000.), JUNE, tables=team)
    heaviest = weeks.groupby("start").goal.sum().idxmax()
    chart = chart_milestones(weeks, pd.DataFrame({"end": pd.to_datetime(["2026-06-07", "2026-06-12"]),
                                                  "sold": [1e5, 2e5]}), "CNY")
    assert f"{heaviest:%m-%d}" in title(chart)
    drawn(chart)
    assert chart_milestones(weeks.iloc[:0]) is None
    drawn(chart_milestones(weeks))


def test_coverage_counts_the_thin(team: dict[str, pd.DataFrame]) -> None:
    found = pipeline_coverage(team, goals_of(JUNE, 90_000.), JUNE, DAY)
    people = found[(found.by == "person") & found.coverage.notna()]
    thin = int((people.coverage < people.usual_coverage).sum())
    assert thin > 0
    chart = chart_coverage(found, "person")
    assert title(chart).startswith(f"{thin} of {len(people)} ")
    with in_language("zh"):
        drawn(chart_coverage(found, "team"))
    assert chart_coverage(pd.DataFrame(columns=COVERAGE)) is None
    reached = pipeline_coverage(team, goals_of(JUNE, 1.), JUNE, DAY)
    assert chart_coverage(reached, "person") is None


def test_neglected_customers_are_drawn_with_their_money(team: dict[str, pd.DataFrame]) -> None:
    log = team["activities"]
    best = team["orders"].groupby("account_id").amount.sum().idxmax()
    left = team | {"activities": log[~((log.account_id == best) & (log.date > "2026-03-01"))]}
    found = neglected_customers(left, "2026-06-30")
    assert best in set(found.account_id)
    chart = chart_neglected(found, "CNY")
    assert title(chart).startswith(f"{(found.state == 'neglected').sum()} ")
    assert f"Customer {best.replace('-', ' ')}" in drawn(chart)
    assert chart_neglected(found.iloc[:0]) is None


def test_the_wall_shows_only_the_top(team: dict[str, pd.DataFrame]) -> None:
    found = contest(team, goals_of(JUNE, 60_000.), JUNE, DAY)
    chart = chart_contest(found)
    text = drawn(chart)
    for row in found.itertuples():
        assert (row.person in text) == row.public
    assert found.person[0] in title(chart)
    assert chart_contest(found.iloc[:0]) is None
    assert 0 < found.public.sum() < len(PEOPLE)


def test_the_pulse_says_what_fell(team: dict[str, pd.DataFrame]) -> None:
    said = (4, 4, 5, 4, 4, 5)
    rows = [(pd.Timestamp(week), "A", question, answer + (shift if question == "energy" else 0))
            for week, shift in (("2026-06-01", 0), ("2026-06-08", -2))
            for question in ("belief", "energy") for answer in said]
    trend = pulse_trend(pd.DataFrame(rows, columns=["week", "team", "question", "answer"]))
    chart = chart_pulse(trend)
    assert "I have energy for this work" in title(chart)
    assert "clearly fallen" in title(chart)
    with in_language("zh"):
        assert "我干得有劲" in drawn(chart_pulse(trend, "A"))
    few = pulse_trend(pd.DataFrame(rows[:3], columns=["week", "team", "question", "answer"]))
    assert chart_pulse(few) is None
