"""Widgets: they show what the cells beside them show, and change when they are moved."""

from __future__ import annotations

import base64
import re

import pytest
from company_of_truth import make_true_company

import salesgoals as sg
from salesgoals.lessons import METHODS
from salesgoals.show.charts import chart_chance
from salesgoals.show.widgets import LEAST, MOST, choose_method, draw_picture, slide_total
from salesgoals.words import in_language
from salesgoals.workspace import Workspace


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("widgets") / "w")


def test_the_slider_shows_what_the_cells_show_and_moves(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    box = slide_total(forecast, "CNY")
    slider, shown = box.children
    last_12 = forecast.unit["last_12"]
    seen = []
    for percent in (0, 20, LEAST, MOST):
        slider.value = percent
        total = last_12 * (1 + percent / 100)
        assert shown.value.startswith(sg.say_chance(forecast, total, "CNY").html)
        assert shown.value.endswith(draw_picture(chart_chance(forecast, total, "CNY")))
        seen.append(shown.value)
    assert len(set(seen)) == 4


def test_the_widget_keeps_the_language_it_was_made_in(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    with in_language("zh"):
        box = slide_total(forecast, "CNY")
    box.children[0].value = 10
    assert "总目标" in box.children[1].value


def test_the_list_offers_every_way_that_can_be_computed(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    methods = sg.compare_methods(company.tables, 150_000_000, "2026-07")
    choice, shown = choose_method(forecast, methods).children
    assert [name for _, name in choice.options] == list(METHODS)
    seen = set()
    for _, name in choice.options:
        choice.value = name
        seen.add(shown.value)
    assert len(seen) == 5
    fewer = methods.assign(potential=float("nan"))
    assert "potential" not in [name for _, name in choose_method(forecast, fewer).children[0].options]


def test_a_picture_needs_no_network_and_has_words_for_who_cannot_see_it(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    picture = draw_picture(chart_chance(forecast, 150_000_000, "CNY"))
    source = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', picture).group(1)
    drawn = base64.b64decode(source).decode()
    assert drawn.lstrip().startswith("<svg")
    assert "href=\"http" not in drawn
    assert re.search(r'alt="[^"]{10,}"', picture)
    assert draw_picture(None) == ""
