"""The review as people meet it: sentences, charts, slider, report section and command, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from company_of_truth import make_true_company

import salesgoals as sg
from salesgoals.hedge import add_hedge
from salesgoals.readers import Report, open_report
from salesgoals.review import judge_fairness, judge_past_goals
from salesgoals.run.cli import main
from salesgoals.show import review_parts
from salesgoals.show.charts_review import chart_gap, chart_groups, chart_hedge, chart_load
from salesgoals.show.html import Part
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.show.widgets_review import slide_hedge
from salesgoals.words import in_language
from salesgoals.workspace import Workspace

THREE = {"department": .05, "team": .05, "person": .05}
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    company = make_true_company(tmp_path_factory.mktemp("review") / "w")
    sg.save_plan(company, sg.make_plan(company, 176_000_000, "2026-07", unit=100))
    return company


@pytest.fixture(scope="module")
def equal(workspace: Workspace) -> Any:
    saved = sg.make_plan(workspace, 176_000_000, "2026-07", method="equal", unit=100)
    return judge_fairness(saved.plan, saved.forecast, workspace.tables, saved.weights)


@pytest.fixture(scope="module")
def report(workspace: Workspace) -> Report:
    return open_report(workspace)


def finding(chart: Any) -> str:
    text = chart.to_dict()["title"]["text"]
    return " ".join(text) if isinstance(text, list) else str(text)


@LANGUAGES
def test_the_verdict_is_said_with_its_evidence(workspace: Workspace, report: Report, equal: Any,
                                               language: str) -> None:
    with in_language(language):
        proposed, spoilt = (repr(part) for part in (
            next(part for part in review_parts.fairness_section(report) if isinstance(part, Part)),
            review_parts.show_fairness(equal, "CNY")))
        past = repr(review_parts.show_past_fairness(judge_past_goals(workspace.tables)))
    assert "79%" in proposed
    assert "2025-11-20" in proposed
    assert {"zh": "这个分法不公平", "en": "This split is not fair"}[language] in spoilt
    assert {"zh": "卖得最多的 11 人", "en": "the 11 who sell most"}[language] in spoilt
    assert "104%" in past
    assert "+18%" in past
    for text in (proposed, spoilt, past):
        assert not re.search(r"\bnan\b|\{|review\.", text)


@LANGUAGES
def test_charts_say_what_they_show(workspace: Workspace, report: Report, equal: Any, language: str) -> None:
    people, forecast = report.plan.people, report.forecast
    hedged = add_hedge(people, THREE, 100)
    claims = people[["person_id"]].assign(goal=(people.goal * .9).where(people.index % 3 > 0))
    gap = sg.top_down_against_bottom_up(people, claims)
    with in_language(language):
        charts = [chart_load(equal.people), chart_groups(equal.groups), chart_gap(gap, "team"),
                  chart_gap(gap, "person"), chart_hedge(hedged, forecast, "CNY")]
        said = [finding(chart) for chart in charts]
        quiet = finding(chart_hedge(add_hedge(people, {}), forecast))
    assert len(set(said)) == 5
    heavy = int((equal.people.load_low >= .1).sum())
    assert str(heavy) in said[0]
    worst = equal.groups[equal.groups.verdict == "unfair"].load.iloc[0]
    assert f"{abs(worst):.0%}" in said[1]
    assert "10%" in said[2]
    assert "15.8%" in said[4]
    assert "15.8%" not in quiet
    assert all(draw_picture(chart).startswith("<img") for chart in charts)


def test_charts_are_silent_where_nothing_can_be_said(equal: Any) -> None:
    assert chart_load(equal.people.head(4)) is None
    assert chart_groups(equal.groups.head(1)) is None
    nobody = equal.people[["person_id"]].assign(goal=np.nan)
    gap = sg.top_down_against_bottom_up(equal.people, nobody)
    assert chart_gap(gap) is None
    assert len(review_parts.gap_lines(gap)[0]) == 1


def test_many_people_do_not_make_an_endless_chart(equal: Any) -> None:
    crowd = pd.concat([equal.people] * 30, ignore_index=True).assign(person_id=lambda t: t.index.astype(str))
    assert len(json.dumps(chart_load(crowd).to_dict())) < 200_000


def test_the_sliders_call_the_function_of_the_cell_above(report: Report) -> None:
    people, forecast = report.plan.people, report.forecast
    box = slide_hedge(people, forecast, "CNY", 100)
    *sliders, shown = box.children
    hedged = add_hedge(people, THREE, 100)
    assert shown.value.endswith(like_an_output(review_parts.show_hedge(hedged, forecast).html))
    seen = {shown.value}
    for slider in sliders:
        slider.value = 0
        seen.add(shown.value)
    assert len(seen) == 4
    none = add_hedge(people, dict.fromkeys(THREE, 0.))
    assert shown.value.endswith(like_an_output(review_parts.show_hedge(none, forecast).html))
    with in_language("zh"):
        sliders[0].value = 7
    assert "Level by level" in shown.value       # it keeps the language it was made in


def test_readers_see_of_fairness_what_is_theirs(workspace: Workspace, report: Report) -> None:
    whole = review_parts.fairness_section(report)
    assert sum(isinstance(part, Part) for part in whole) >= 3
    first = report.plan.people.iloc[0]
    team = open_report(workspace, "team", f"{first.department}/{first.team}")
    shown = review_parts.fairness_section(team)
    assert not any(isinstance(part, Part) for part in shown)
    others = set(report.plan.people.person) - set(team.plan.people.person)
    texts = " ".join(json.dumps(chart.to_dict(), ensure_ascii=False) for chart in shown if chart is not None)
    assert not [name for name in others if name in texts]


@LANGUAGES
def test_the_command_says_all_three(workspace: Workspace, capsys: pytest.CaptureFixture[str],
                                    language: str) -> None:
    code = main(["review", str(workspace.folder), "--hedge", "department=5%,team=5%,person=5%",
                 "--lang", language])
    text = capsys.readouterr().out
    assert code == 3
    for part in ("79%", "+15.76%", {"zh": "还没有认领", "en": "Nobody has claimed"}[language]):
        assert part in text


def test_the_command_gives_programs_the_figures(workspace: Workspace, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    claimed = tmp_path / "w"
    shutil.copytree(workspace.folder, claimed)
    claim = ["claim", str(claimed), "--person", "00003", "--amount", "8000000", "--why", "agreed"]
    assert main(claim) in (0, 3)
    capsys.readouterr()
    main(["review", str(claimed), "--hedge", "team=10%", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["past_verdict"]) == ("people", "unfair")
    assert found["hedge"]["compounded"] == pytest.approx(.1)
    assert found["hedge"]["nodes_off"] == 0
    whole = found["gap"][0]
    assert (whole["claimed"], whole["claimed_people"]) == (8_000_000, 1)
    assert main(["review", str(claimed), "--hedge", "team"]) == 1
    assert "team" in capsys.readouterr().err
