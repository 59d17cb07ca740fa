"""Hand-outs: their figures are the package's, and their sliders move without kernel and network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from browsing import Watched

from salesgoals.claiming.rules import gonik, joint_base
from salesgoals.decompose import compare_methods
from salesgoals.goal import chance, chance_of_people, totals_at
from salesgoals.incentives import example_pay_plan, pay_at
from salesgoals.payroll import practice_pay
from salesgoals.plans import estimate
from salesgoals.practice import practice_goals
from salesgoals.process import pace_course
from salesgoals.run.commands_handouts import make_handouts
from salesgoals.sample import sample_workspace
from salesgoals.show.handouts import choosing, cliff, company, handout_page, list_handouts, paying
from salesgoals.show.handouts.model import Axis, Bar, Control, Frame, Handout, View
from salesgoals.show.handouts.page import write_handout
from salesgoals.show.numbers import format_chance, format_share
from salesgoals.simulate import TeamPolicy, level_curve
from salesgoals.tools import example_scores, score_tools
from salesgoals.words import LANGUAGES, in_language
from salesgoals.workspace import Workspace, new_workspace, open_workspace

NAMES = list_handouts()


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return sample_workspace("en")


@pytest.fixture(scope="module")
def folder(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("handouts")
    assert len(make_handouts(made, workspace)) == len(LANGUAGES) * len(NAMES) >= 12
    return made


def numbers_at(handout: Handout, *positions: int) -> tuple[str, ...]:
    return tuple(handout.frame_at(positions).numbers)


def test_doubling_tells_the_chances_of_the_forecast(workspace: Workspace) -> None:
    handout, (forecast, _) = company.double(workspace), estimate(workspace)
    growths = [-30, 0, 10, 100]
    for growth in growths:
        total = float(forecast.unit["last_12"]) * (1 + growth / 100)
        assert numbers_at(handout, growth + 30)[1] == format_chance(chance(forecast, total))
    drawn = [(mark.x, mark.y) for mark in handout.views[0].marks if mark.y is not None]
    whole = totals_at(forecast)
    assert np.allclose([x / drawn[0][0] for x, _ in drawn], whole.total / whole.total[0])
    assert [y for _, y in drawn] == [.7, .5, .3]


def test_ways_to_split_tell_the_chances_of_people(workspace: Workspace) -> None:
    handout, (forecast, _) = company.split(workspace), estimate(workspace)
    total = int(totals_at(forecast, [.5]).total.round()[0])
    table = compare_methods(workspace.tables, total, f"{forecast.unit_months.month.min():%Y-%m}")
    lows = {}
    for place, method in enumerate(("equal", "history", "potential", "capability", "equal_chance")):
        chances = chance_of_people(forecast, table.set_index("person_id")[method].astype(float))
        lows[method] = numbers_at(handout, place, 2)
        assert lows[method] == (format_chance(chances.min()), format_chance(chances.max()),
                                str((chances < .2).sum()))
    assert lows["equal"] != lows["equal_chance"]
    people = set(workspace.tables["people"].name)
    assert not people & {bar.name for view in handout.views for bar in view.bars}


def test_no_bar_says_whose_it_is_by_its_place(workspace: Workspace) -> None:
    handout = company.split(workspace)
    bars = handout.views[handout.start.view].bars
    roles = [bar.role for bar in bars]
    assert len(bars) == company.MOST_PEOPLE < len(workspace.tables["people"])
    assert company.FEW <= roles.count("newcomer") < len(bars)
    assert roles == sorted(roles, key=lambda role: role != "newcomer")
    for role in ("newcomer", "forecast"):   # by chance, not by the day somebody joined
        values = [bar.value for bar in bars if bar.role == role]
        assert values == sorted(values)
    few, chances = pd.Series([False, True, True, False]), pd.Series([.4, .9, .1, float("nan")])
    order, new = company._without_names(few, chances)
    assert (list(order), new.any()) == ([2, 0, 1, 3], False)   # two newcomers are not told from the others
    order, new = company._without_names(pd.Series([True, False, True, True]), chances)
    assert (list(order), list(new)) == ([2, 0, 3, 1], [True, False, True, True])


def test_the_cliff_is_the_models() -> None:
    handout = cliff.cliff()
    level = list(np.round(cliff.LEVELS, 2)).index(1.10)
    for split, switches in ((0, (0, 0, 0)), (3, (1, 1, 1))):
        policy = TeamPolicy(list(cliff.SPLITS)[split], list(cliff.SPLITS.values())[split],
                            co_created=bool(switches[0]), retro=bool(switches[1]), crm=bool(switches[2]))
        told = level_curve(cliff.TEAM, policy, [1.10], cliff.TEAMS, cliff.SEED).iloc[0]
        shown = numbers_at(handout, split, *switches, level)
        assert (shown[0], shown[3]) == (format_share(told.share_at_goal), format_share(told.turnover))
    # What the page says to see: each change moves the edge to the right.
    steps = [(1, 0, 0, 0), (3, 0, 0, 0), (3, 1, 0, 0), (3, 1, 1, 0), (3, 1, 1, 1)]
    shares = [float(numbers_at(handout, *step, level - 4)[0].rstrip("%")) for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 30


def test_claims_are_paid_by_the_rules() -> None:
    handout = paying.claim()
    claims = list(paying.CLAIMS)
    for claimed, result in ((60, 100), (100, 60), (80, 80), (140, 100)):
        place = claims.index(claimed), claims.index(result)
        assert numbers_at(handout, 0, *place)[0] == f"{gonik(100, claimed, result):.1f}"
        assert numbers_at(handout, 1, *place)[0] == f"{joint_base(100, claimed, result):.1f}"
    for rule in (0, 1):     # the honest number pays best, whatever the result
        assert all(numbers_at(handout, rule, place, place)[2] == "0.0" for place in range(len(claims)))


def test_pay_is_what_a_statement_says(workspace: Workspace) -> None:
    handout = paying.pay(workspace)
    _, terms = practice_pay(workspace, example_pay_plan("before"))
    person = terms.people.dropna(subset=["group"]).iloc[0]
    old = len(handout.controls[0].texts) - 1
    for result in (50, 79, 80, 99, 100, 130):
        statement = pay_at(terms, person.person_id, f"{result / 100:.2f}")
        paid = float(statement.pay.sum()) / float(person.target_pay)
        assert numbers_at(handout, old, result)[1] == format_share(paid)
    assert "80%" in handout.frame_at((old, 78)).finding       # the cliff is named before it is reached
    assert sum(mark.role == "newcomer" for mark in handout.views[-1].marks) == 3


def test_pace_starts_where_the_board_starts(workspace: Workspace) -> None:
    period = company.month_to_show(workspace)
    shares = np.array([0., .5, 1.])
    goal, usual, chances = company.chances_of_month(workspace, period, shares)
    goals = practice_goals(workspace, period)
    course = pace_course(workspace.tables, goals, period, "all", "all",
                         period.start - pd.Timedelta(days=1))
    assert goal == goals.goal.sum() == course.goal[0]
    assert np.allclose(chances[0], course.chance[0], atol=1e-9)
    assert np.allclose(usual[:len(course)] * goal, course.usual_so_far, rtol=1e-9)
    assert (np.diff(chances[1:], axis=1) >= 0).all()
    assert (chances[1:, 2] == 1).all()
    assert (chances[-1, :2] == 0).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_slider_moves_without_network(name: str, spoken: str, folder: Path, watched: Watched) -> None:
    page, said = watched.page, list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": 390, "height": 844})
    watched.context.set_offline(True)
    page.goto((folder / f"{name}.{spoken}.html").as_uri())
    page.wait_for_selector("html[data-ready=yes]")
    look = ("() => [document.querySelector('#finding').textContent, "
            "document.querySelector('#numbers').textContent, document.querySelector('svg').outerHTML]")
    before = page.evaluate(look)
    slider = page.locator("input[type=range]").last
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    after = page.evaluate(look)
    assert before[0] != after[0] or before[1] != after[1]
    assert before[2] != after[2]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chinese = bool(re.search(r"[\u4e00-\u9fff]", page.locator("h1").inner_text()))
    assert chinese == (spoken == "zh")
    if chinese:     # a font without these letters draws the same box for both
        drawn = page.evaluate("""() => ['目', '标'].map(letter => {
            const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
            pen.font = getComputedStyle(document.body).font; pen.fillText(letter, 20, 60);
            return canvas.toDataURL(); })""")
        assert drawn[0] != drawn[1]
    page.emulate_media(media="print")
    assert page.locator("svg").is_visible()
    assert not page.locator("input[type=range]").first.is_visible()
    assert (watched.outside, watched.errors, said) == ([], [], [])


def test_weighted_scores_are_those_of_the_package(folder: Path, watched: Watched) -> None:
    example = example_scores()
    steps = list(range(0, choosing.MOST + 1, choosing.STEP))
    page = watched.page
    page.goto((folder / "weights.en.html").as_uri())
    page.wait_for_selector("html[data-ready=yes]")
    for positions in ([5, 4, 4, 3, 2, 2], [0, 0, 12, 0, 0, 0], [1, 0, 0, 9, 0, 3]):
        page.evaluate("""places => places.forEach((place, number) => {
            const input = document.getElementById('control-' + number);
            input.value = place; input.dispatchEvent(new Event('input')); })""", positions)
        weights = dict(zip(example.weights, (float(steps[place]) for place in positions), strict=True))
        ranking = score_tools(example.scores, weights, example.knock_outs).ranking.dropna(subset=["rank"])
        middle = (ranking.lowest + ranking.highest) / 2
        shown = page.locator("#numbers .value").all_inner_texts()
        assert shown[:2] == [ranking.tool[middle.idxmax()], f"{middle.max():.2f}"]
        assert page.locator("svg rect:not(.area)").count() == len(ranking) == 3


def test_text_of_data_stays_text() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    handout = Handout([Control(evil, [evil, evil])], [evil], [Frame(evil, [evil])] * 2,
                      [View(bars=[Bar(evil, 1., evil)])], Axis(evil, 0, 1, []), None, evil)
    page = write_handout("double", handout, evil)
    assert page.count("<script") == 2
    assert "<img" not in page
    told: dict[str, Any] = json.loads(re.search(r'id="told">(.*?)</script>', page, re.S)[1])  # type: ignore
    assert told["texts"] == [[evil, evil]]


def test_what_a_workspace_cannot_tell_is_left_out_and_said(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_workspace(tmp_path / "empty", language="en", company="Empty")
    made = make_handouts(tmp_path / "pages", open_workspace(tmp_path / "empty"))
    assert {path.name.split(".")[0] for path in made} == {"cliff", "claim", "weights", "pay"}
    said = capsys.readouterr().err
    assert all(f"{name} was not made" in said for name in ("double", "split", "pace"))
    index = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', index)
    assert sorted(links) == sorted(path.name for path in made)


def test_pages_ask_for_nothing_and_speak_one_language(folder: Path) -> None:
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path.name
        assert len(text.encode()) < 1_000_000
    with in_language("en"):
        assert handout_page("claim") == handout_page("claim")
