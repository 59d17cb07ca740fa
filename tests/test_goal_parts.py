"""Levels, further metrics and milestones as readers see them: both languages, own rows only."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from company import true_workspace

from salesgoals.plans import load_plan, make_plan, save_plan
from salesgoals.readers import open_report
from salesgoals.show import goal_parts
from salesgoals.show.charts_levels import chart_levels
from salesgoals.show.charts_metrics import chart_metrics
from salesgoals.show.html import Part
from salesgoals.show.render import use_charts
from salesgoals.show.widgets import beyond_stretch, slide_total
from salesgoals.words import in_language
from salesgoals.workspace import Workspace

NEWCOMER = "00054"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    use_charts()
    made = true_workspace(tmp_path_factory.mktemp("goal_parts") / "w")
    save_plan(made, make_plan(made, 180_000_000, "2026-07", unit=100,
                              metrics={"margin": "", "new_customers": 160}))
    return made


def texts(items: list[object]) -> str:
    return "\n".join(repr(item) if isinstance(item, Part) else item if isinstance(item, str)
                     else str(item.to_dict()["description"]) for item in items if item is not None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_company_sees_levels_and_metrics(workspace: Workspace, language: str) -> None:
    with in_language(language):
        report = open_report(workspace)
        levels, metrics = texts(goal_parts.levels_section(report)), texts(goal_parts.metrics_section(report))
        table = repr(goal_parts.milestones_section(report))
    words = {"zh": ("保底", "新客户", "里程碑"), "en": ("stretch", "new customers", "milestone")}
    for text, word in zip((levels, metrics, table), words[language], strict=True):
        assert word in text
        assert not re.search(r"\bnan\b|NaN|None|NaT|\{", text)
    assert "180,000,000" in levels
    assert "70%" in levels
    assert "160" in metrics
    assert table.count("孙雨桐") == 4


def test_a_team_sees_only_its_own_people_and_only_what_was_asked_for(workspace: Workspace) -> None:
    report = open_report(workspace, "team", "北方销售部/北方二组")
    shown = texts([*goal_parts.levels_section(report), *goal_parts.metrics_section(report),
                   goal_parts.milestones_section(report)])
    everybody = load_plan(workspace).plan.people
    assert all(name in shown for name in report.plan.people.person)
    assert not [name for name in set(everybody.person) - set(report.plan.people.person) if name in shown]
    assert "gross margin" in shown
    assert "product mix" not in shown           # only a suggestion to the company
    own = report.study("metrics_people").query("metric == 'new_customers'").goal.sum()
    assert f" {own}\n" in shown


def test_a_newcomer_sees_levels_goals_and_milestones(workspace: Workspace) -> None:
    report = open_report(workspace, "person", NEWCOMER)
    levels = repr(goal_parts.levels_section(report)[0])
    assert "70%" in levels
    assert "30%" in levels
    assert "4 of 3" not in repr(goal_parts.milestones_section(report))
    assert "9 of 10" in repr(goal_parts.milestones_section(report))
    veteran = open_report(workspace, "person", "00003")
    assert goal_parts.milestones_section(veteran).html == ""


def test_charts_say_what_they_show_and_are_silent_without_data(workspace: Workspace) -> None:
    saved = load_plan(workspace)
    levels, totals = saved.studies["levels_people"], saved.studies["metrics_totals"]
    above = int((levels.place == "above_stretch").sum())
    assert f"{above} of 34" in chart_levels(levels, "CNY").to_dict()["description"]
    assert chart_levels(levels.head(1)) is None
    assert chart_levels(levels.assign(base=pd.NA)) is None
    low = levels.assign(place="below_base")
    assert "below their own base" in chart_levels(low).to_dict()["description"]
    drawn = chart_metrics(saved.studies["metrics_months"], totals, "CNY").to_dict()
    hardest = totals.loc[totals.chance.idxmin(), "metric"]
    assert hardest == "new_customers"
    assert "new customers" in drawn["description"]
    assert len(drawn["vconcat"]) == len(totals) == 4
    assert chart_metrics(saved.studies["metrics_months"], totals.iloc[:0]) is None


def test_the_slider_counts_people_beyond_their_stretch(workspace: Workspace) -> None:
    saved = load_plan(workspace)
    widget = slide_total(saved.forecast, "CNY", saved.plan)
    slider, shown = widget.children
    counts = []
    for growth in (-30, 0, 40):
        slider.value = growth
        counts.append(int(re.search(r"target of (\d+) of 34", shown.value).group(1)))
    assert counts[0] < counts[1] < counts[2]
    assert counts[0] == 0
    with in_language("zh"):
        slider.value = 2
    assert "target of" in shown.value           # it keeps the language it was made in
    assert beyond_stretch(saved.forecast, None, 1.0) == ""


def test_a_company_without_records_says_what_is_missing(workspace: Workspace) -> None:
    report = open_report(workspace)
    bare = dict(report.studies)
    bare["metrics_totals"] = bare["metrics_totals"].iloc[:0]
    bare["metrics_known"] = bare["metrics_known"].assign(known=False, reason="no_sales")
    bare["levels_people"] = bare["levels_people"].assign(base=pd.array([pd.NA] * 34, "Int64"))
    empty = replace(report, studies=bare)
    assert "too short" in texts(goal_parts.levels_section(empty))
    assert "no orders and no won deals" in texts(goal_parts.metrics_section(empty))


def test_the_example_of_milestones_is_packed() -> None:
    folder = Path(goal_parts.__file__).parents[1]
    assert (folder / "measuring" / "milestones.toml").exists()
