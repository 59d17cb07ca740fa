"""Sliders for what each level puts on top; below them the goals, and how many people will reach theirs."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.hedge import add_hedge
from salesgoals.show.charts_review import chart_hedge
from salesgoals.show.review_parts import show_hedge
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say

LEVELS = ("department", "team", "person")
MOST = 25       # percent


def slide_hedge(people: pd.DataFrame, forecast: Forecast, currency: str = "", unit: int | None = None,
                first: int = 5) -> ipywidgets.VBox:
    """Give a slider for each level's hedge; below them stand the sums, the chances and the people at goal.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns department, team, person_id, goal: the plan's people.
    forecast : Forecast
        Of the same people.
    currency : str
        Currency code to name beside amounts.
    unit : int, optional
        Goals are whole multiples of it.
    first : int
        Where the sliders stand at first, in percent.

    Returns
    -------
    ipywidgets.VBox
        Three sliders, a picture and a table.
    """
    spoken = language()
    sliders = {level: ipywidgets.IntSlider(
        value=first, min=0, max=MOST, step=1, continuous_update=False,
        description=say("review.slider", level=say(f"review.layer_{level}")),
        style={"description_width": "initial"}, layout=ipywidgets.Layout(width="420px")) for level in LEVELS}
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        hedged = add_hedge(people, {level: slider.value / 100 for level, slider in sliders.items()}, unit)
        with in_language(spoken):
            shown.value = (draw_picture(chart_hedge(hedged, forecast, currency))
                           + like_an_output(show_hedge(hedged, forecast).html))

    for slider in sliders.values():
        slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([*sliders.values(), shown])
