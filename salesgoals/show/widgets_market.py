"""Two lists of the lesson on the market: what to divide by and which months; below them the chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.market import growth_against_market
from salesgoals.markets.lines import DIMENSIONS
from salesgoals.show.charts_market import chart_growth_parts
from salesgoals.show.html import write_list
from salesgoals.show.market_parts import say_notes
from salesgoals.show.widgets import draw_picture
from salesgoals.words import in_language, language, say

STRETCHES = (12, 6, 3)


def choose_market(tables: Mapping[str, pd.DataFrame], currency: str = "") -> ipywidgets.VBox:
    """Give a list of dimensions and one of periods; below them stands own growth beside the market's.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    currency : str
        Currency code for the axis.

    Returns
    -------
    ipywidgets.VBox
        Two lists and a picture; where nothing can be compared, the sentence that says why.
    """
    spoken = language()
    width = {"description_width": "initial"}
    by = ipywidgets.Dropdown(options=[(say(f"market.by_{name}"), name) for name in DIMENSIONS],
                             value=DIMENSIONS[0], description=say("market.divide_by"), style=width)
    months = ipywidgets.Dropdown(options=[(say("market.last_months", n=n), n) for n in STRETCHES],
                                 value=STRETCHES[0], description=say("market.period"), style=width)
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        with in_language(spoken):
            growth = growth_against_market(tables, by.value, months.value)
            shown.value = (draw_picture(chart_growth_parts(growth, currency))
                           or write_list(say_notes(growth.attrs["notes"])))

    for choice in (by, months):
        choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([ipywidgets.HBox([by, months]), shown])
