from __future__ import annotations

import json
from collections.abc import Iterator

import altair as alt
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, output_from_msg

from salesgoals.show.render import FONT, MIMETYPE, use_charts


@pytest.fixture(autouse=True)
def leave_altair_as_it_was() -> Iterator[None]:
    renderer, options, theme = alt.renderers.active, alt.renderers.options, alt.theme.active
    yield
    alt.renderers.enable(renderer, **options)
    alt.theme.enable(theme)


def bars() -> alt.Chart:
    rows = alt.InlineData(values=[{"who": "张伟", "goal": 3}, {"who": "李娜", "goal": 5}])
    return alt.Chart(rows).mark_bar().encode(
        x=alt.X(field="goal", type="quantitative"), y=alt.Y(field="who", type="nominal")).properties(
        title="两个人", description="两个人的目标", width=300)


def bundle(chart: alt.Chart) -> dict[str, object]:
    shown = chart._repr_mimebundle_(None, None)
    return shown[0] if isinstance(shown, tuple) else shown


def test_a_report_chart_is_its_description_and_one_sentence() -> None:
    use_charts()
    shown = bundle(bars())
    assert set(shown) == {MIMETYPE, "text/plain"}
    assert shown["text/plain"] == "两个人的目标"


def test_a_lesson_chart_has_a_picture_too_with_its_words_as_text() -> None:
    use_charts(pictures=True)
    picture = str(bundle(bars())["image/svg+xml"])
    assert picture.startswith("<svg")
    assert "张伟" in picture
    assert "Microsoft YaHei" in picture


def test_the_description_is_the_version_that_lab_draws_without_a_network() -> None:
    use_charts()
    spec = bundle(bars())[MIMETYPE]
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert spec["config"]["font"] == FONT
    rest = json.dumps({key: value for key, value in spec.items() if key != "$schema"})
    assert "http" not in rest


def test_a_notebook_with_a_chart_is_valid() -> None:
    use_charts(pictures=True)
    message = {"header": {"msg_type": "display_data"}, "content": {"data": bundle(bars()), "metadata": {}}}
    message["msg_type"] = "display_data"
    cell = new_code_cell("chart", outputs=[output_from_msg(message)])
    nbformat.validate(new_notebook(cells=[cell]))


def test_pictures_can_be_switched_off_again() -> None:
    use_charts(pictures=True)
    use_charts()
    assert "image/svg+xml" not in bundle(bars())
