"""What is shown of the team: charts say what the figures show, cards hide nothing and leak nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert
from company_of_truth import make_true_company
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_files import facts
from small_company import small_company

import salesgoals as sg
from salesgoals.readers import open_report
from salesgoals.run.cli import main
from salesgoals.show.charts_base import text_width
from salesgoals.show.charts_team import shade_of
from salesgoals.show.labels import POINT, place_labels
from salesgoals.show.render import use_charts
from salesgoals.show.team_parts import show_person, team_section
from salesgoals.show.widgets import draw_picture
from salesgoals.words import in_language
from salesgoals.workspace import Workspace


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("team") / "w")


@pytest.fixture(scope="module")
def found(company: Workspace) -> dict[str, Any]:
    tables = company.tables
    forecast, _ = sg.estimate(company)
    return {"people": sg.describe_people(tables), "compared": sg.compare_with_peers(tables),
            "progress": sg.progress_of_newcomers(tables), "months": sg.months_of_newcomers(tables),
            "risk": sg.sales_at_risk(tables), "room": sg.capability_and_potential(tables),
            "cohorts": sg.ramp_cohorts(tables),
            "capacity": sg.plan_capacity(tables, forecast, [("2026-09", 2)])}


@pytest.fixture(autouse=True)
def our_look() -> Iterator[None]:
    theme = alt.theme.active
    use_charts(pictures=True)
    yield
    use_charts()
    alt.theme.enable(theme)


def draw_all(found: dict[str, Any]) -> dict[str, alt.LayerChart | None]:
    lucky = facts()["lucky_veteran"]["person_id"]
    return {"peers": sg.chart_peers(found["compared"], lucky, "CNY"),
            "newcomers": sg.chart_newcomers(found["months"], found["progress"]),
            "risk": sg.chart_risk(found["risk"], "CNY"), "room": sg.chart_capability(found["room"], "CNY"),
            "ramp": sg.chart_ramp(found["cohorts"]),
            "capacity": sg.chart_capacity(found["capacity"], None, "CNY")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_is_drawn_and_says_what_it_shows(found: dict[str, Any], language: str) -> None:
    with in_language(language):
        charts = draw_all(found)
        for name, chart in charts.items():
            spec = chart.to_dict()
            title = spec["title"]["text"]
            joiner = "" if language == "zh" else " "
            assert joiner.join(title) == spec["description"] or len(title) > 1, name
            assert any(letter.isdigit() for letter in json.dumps(spec["title"])), name
            drawn = vl_convert.vegalite_to_svg(spec)
            assert drawn.count("<path") > 5, name
            assert "NaN" not in drawn
            assert "undefined" not in drawn


def test_titles_name_the_planted_facts(found: dict[str, Any]) -> None:
    with in_language("zh"):
        said = {name: chart.to_dict()["description"] for name, chart in draw_all(found).items()}
    assert facts()["lucky_veteran"]["name"] in said["peers"]
    assert "低于同事" in said["peers"]
    assert facts()["bus_factor"]["name"] in said["risk"]
    for newcomer, word in zip(("林可欣", "何志远", "孙雨桐"), ("超前", "偏慢", "太早"), strict=True):
        assert newcomer in said["newcomers"]
        assert word in said["newcomers"]


def test_silent_where_nothing_can_be_said(found: dict[str, Any]) -> None:
    nothing = {name: table.iloc[:0] for name, table in found.items()}
    lucky = facts()["lucky_veteran"]["person_id"]
    assert sg.chart_peers(nothing["compared"], lucky) is None
    assert sg.chart_peers(found["compared"], "00054") is None  # a newcomer
    assert sg.chart_newcomers(nothing["months"], nothing["progress"]) is None
    assert sg.chart_risk(found["risk"].iloc[:1]) is None
    assert sg.chart_capability(found["room"].iloc[:2]) is None
    assert sg.chart_ramp(found["cohorts"].assign(hires=0)) is None
    assert sg.chart_capacity(nothing["capacity"]) is None
    assert "Nobody joined" in repr(sg.show_newcomers(nothing["progress"]))
    assert "Nobody" in repr(sg.show_windfalls(nothing["people"]))
    assert "Everything" in repr(sg.show_gaps([]))


def test_one_persons_chart_holds_nobody_elses_figures(found: dict[str, Any]) -> None:
    compared = found["compared"]
    text = json.dumps(sg.chart_peers(compared, "00021").to_dict(), ensure_ascii=False)
    others = set(compared.person) - {"姜红梅"}
    assert "姜红梅" in text
    assert not any(name in text for name in others)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 380), st.integers(1, 8)), min_size=1, max_size=40))
def test_labels_cover_neither_points_nor_each_other(points: list[tuple[float, float, int]]) -> None:
    spots = pd.DataFrame([(x, y, "名" * n) for x, y, n in points], columns=["x", "y", "text"])
    placed = place_labels(spots, 600, 380)
    boxes = []
    for spot, label in zip(spots.itertuples(), placed.itertuples(), strict=True):
        if not label.shown:
            continue
        wide = text_width(spot.text, 11)
        left = spot.x + label.dx if label.dx > 0 else (
            spot.x + label.dx - wide if label.dx < 0 else spot.x - wide / 2)
        box = (left, spot.y + label.dy - 5.5, left + wide, spot.y + label.dy + 5.5)
        assert box[0] >= 0
        assert box[2] <= 600
        for other in spots.itertuples():
            assert not (box[0] < other.x + POINT and other.x - POINT < box[2]
                        and box[1] < other.y + POINT and other.y - POINT < box[3])
        for other in boxes:
            assert not (box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3])
        boxes.append(box)


def test_shades_follow_what_is_better() -> None:
    assert [shade_of("above", 1), shade_of("below", 1), shade_of("above", -1)] == ["good", "bad", "bad"]
    assert [shade_of("above", 0), shade_of("like", 1), shade_of("unsure", 1)] == ["plain", "plain", "unsure"]


def test_cards_say_what_is_known_and_no_more(found: dict[str, Any]) -> None:
    people, compared = found["people"], found["compared"]
    lucky = repr(show_person(people, compared, facts()["lucky_veteran"]["person_id"], "CNY"))
    assert "79%" in lucky
    assert "ordinary large one" in lucky
    assert "growth curve" in repr(show_person(people, compared, "00053", "CNY"))
    bare = people.assign(potential=float("nan"), pipeline=float("nan"), role=None)
    assert "potential" not in repr(show_person(bare, compared, "00021"))
    script = people.assign(person="<script>alert(1)</script>")
    assert "<script>" not in show_person(script, compared, "00021").html
    assert "<script>" not in sg.show_people(script).html


def test_the_list_of_people_shows_the_card_and_the_chart_of_the_one_chosen(found: dict[str, Any]) -> None:
    with in_language("zh"):
        box = sg.choose_person(found["people"], found["compared"], found["progress"], found["months"], "CNY")
    choice, shown = box.children
    assert len(choice.options) == len(found["people"])
    choice.value = "00021"
    with in_language("zh"):
        card = show_person(found["people"], found["compared"], "00021", "CNY").html
        picture = draw_picture(sg.chart_peers(found["compared"], "00021", "CNY"))
    assert shown.value == card + picture
    before = shown.value
    choice.value = "00053"
    assert shown.value != before
    assert "偏慢" in shown.value


def test_a_report_shows_each_reader_the_own_people_only(tmp_path: Path) -> None:
    workspace = small_company(tmp_path / "w", people=16, names={4: "Zaphod Beeblebrox"})
    whole = open_report(workspace)
    contents = team_section(whole)
    assert any(isinstance(part, alt.LayerChart) for part in contents)
    assert "no visits" in repr(contents[-1])
    team = open_report(workspace, "team", "North/North 1")
    assert team.study("team_gaps").empty
    assert team.study("team_ramp").empty
    text = "".join(json.dumps(part.to_dict()) if isinstance(part, alt.LayerChart) else repr(part)
                   for part in team_section(team))
    assert "Person 5" in text
    assert "Zaphod" not in text
    person = open_report(workspace, "person", "P005")
    text = "".join(json.dumps(part.to_dict()) if isinstance(part, alt.LayerChart) else repr(part)
                   for part in team_section(person) if part is not None)
    assert "Person 5" in text
    assert not any(f"Person {n}\"" in text or f"Person {n}:" in text for n in (1, 3, 6, 7, 8))


def test_the_command_says_it_and_prints_json(company: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["team", str(company.folder), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "no ranking" in said
    assert "too early to say" in said
    assert main(["team", str(company.folder), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {"people", "peers", "newcomers", "risk", "gaps"} == set(data)
    assert len(data["people"]) == 34
