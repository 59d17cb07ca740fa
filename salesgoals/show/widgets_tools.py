"""Sliders for the weights of the criteria; below them the ranking, and how often each tool wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.choosing.scores import SCALE
from salesgoals.show.charts_tools import chart_ranking, chart_wins
from salesgoals.show.html import escape
from salesgoals.show.tools_parts import firmness_sentence
from salesgoals.show.widgets import draw_picture
from salesgoals.tools import score_tools, sensitivity
from salesgoals.words import in_language, language, say

MOST = 60        # points
DRAWS = 4000        # enough for whole percents, quick enough for a slider


def weigh_tools(scores: pd.DataFrame, weights: Mapping[str, float], knock_outs: pd.DataFrame | None = None,
                scale: tuple[float, float] = SCALE) -> ipywidgets.VBox:
    """Give a slider for each weight; below them stand the totals, and how often each tool wins.

    Parameters
    ----------
    scores, weights, knock_outs, scale
        As in :func:`salesgoals.tools.score_tools`.

    Returns
    -------
    ipywidgets.VBox
        A slider a criterion, and pictures.
    """
    spoken = language()
    whole = sum(weights.values())
    sliders = {name: ipywidgets.IntSlider(
        value=min(round(100 * weight / whole), MOST), min=0, max=MOST, step=1, continuous_update=False,
        description=name, style={"description_width": "260px"}, layout=ipywidgets.Layout(width="620px"))
        for name, weight in weights.items()}
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        now = {name: float(slider.value) for name, slider in sliders.items()}
        with in_language(spoken):
            if not any(now.values()):
                shown.value = f"<p>{escape(say('tools.weights_equal'))}</p>"
                return
            scoring = score_tools(scores, now, knock_outs, scale)
            firm = sensitivity(scoring, draws=DRAWS)
            shown.value = (f"<p><strong>{escape(firmness_sentence(scoring, firm))}</strong></p>"
                           + draw_picture(chart_ranking(scoring)) + draw_picture(chart_wins(firm)))

    for slider in sliders.values():
        slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([*sliders.values(), shown])
