"""Sliders and lists of the lessons. Each calls the functions of the cells around it and draws anew.

No ``interact`` and no Output widget: in a batch they can make a notebook hang. The drawing is a picture, so
it needs no network and looks the same in a saved notebook.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import altair as alt
import ipywidgets
import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.goal import chance_of_people
from salesgoals.lessons import METHODS
from salesgoals.levels import set_levels
from salesgoals.show.charts import chart_chance, chart_fairness
from salesgoals.show.html import escape
from salesgoals.show.readable import header, say_chance
from salesgoals.words import in_language, language, say

LEAST, MOST, STEP, FIRST = -30, 120, 2, 10     # percent


def draw_picture(chart: alt.LayerChart | None) -> str:
    """Return a chart as HTML that shows it anywhere; nothing where there is no chart."""
    import vl_convert  # only here: it is heavy, and nothing else in this module needs it

    if chart is None:
        return ""
    spec = chart.to_dict()
    drawn = base64.b64encode(vl_convert.vegalite_to_svg(spec).encode()).decode()
    return f'<img alt="{escape(spec.get("description", ""))}" src="data:image/svg+xml;base64,{drawn}">'


def like_an_output(html_text: str) -> str:
    """Give tables inside a widget the look of tables that stand under a cell."""
    return f'<div class="jp-RenderedHTMLCommon" style="width:fit-content">{html_text}</div>'


def slide_total(forecast: Forecast, currency: str = "", plan: Plan | None = None) -> ipywidgets.VBox:
    """Give a slider for the total; below it stand the chance and where it lies on the curve.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.plans.estimate`.
    currency : str
        Currency code to name beside the total.
    plan : Plan, optional
        A split of some total: the widget then also says for how many people this split of the chosen total
        would ask more than their stretch.

    Returns
    -------
    ipywidgets.VBox
        Slider and picture.
    """
    spoken, full_year = language(), forecast.history_months >= 12
    base = float(forecast.unit["last_12" if full_year else "mean"])
    against = say("widget.growth" if full_year else "widget.growth_on_forecast")
    slider = ipywidgets.IntSlider(value=FIRST, min=LEAST, max=MOST, step=STEP, readout_format="+d",
                                  description=against, continuous_update=False,
                                  style={"description_width": "initial"},
                                  layout=ipywidgets.Layout(width="620px"))
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        total = base * (1 + slider.value / 100)
        with in_language(spoken):
            shown.value = (say_chance(forecast, total, currency).html + beyond_stretch(forecast, plan, total)
                           + draw_picture(chart_chance(forecast, total, currency)))

    slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([slider, shown])


def beyond_stretch(forecast: Forecast, plan: Plan | None, total: float) -> str:
    """Say for how many people a total, split as a plan splits its own, lies beyond their stretch."""
    if plan is None or not plan.goals.goal.sum() > 0:
        return ""
    scaled = (plan.people.goal * (total / float(plan.goals.goal.sum()))).round().astype("int64")
    levels = set_levels(forecast, replace(plan, people=plan.people.assign(goal=scaled)))
    known = levels[levels.place != "unknown"]
    text = say("levels.at_this_total", n=int((known.place == "above_stretch").sum()), of=len(known))
    return f"<p>{escape(text)}</p>" if len(known) else ""


def choose_method(forecast: Forecast, methods: pd.DataFrame) -> ipywidgets.VBox:
    """Give a list of the ways to split; below it stands each person's chance under the chosen one.

    Parameters
    ----------
    forecast : Forecast
        Of the same people.
    methods : pandas.DataFrame
        From :func:`salesgoals.decompose.compare_methods`.

    Returns
    -------
    ipywidgets.VBox
        List and picture.
    """
    spoken = language()
    known = [name for name in METHODS if name in methods and methods[name].notna().any()]
    choice = ipywidgets.Dropdown(options=[(header(name), name) for name in known], value=known[0],
                                 description=say("widget.method"), style={"description_width": "initial"})
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        goals = methods.set_index("person_id")[choice.value].astype("float64")
        chances = chance_of_people(forecast, goals).reindex(goals.index).to_numpy()
        people = methods.assign(goal=goals.to_numpy(), chance=chances)
        if "ramp" not in people:
            people["ramp"] = 1.0
        with in_language(spoken):
            shown.value = draw_picture(chart_fairness(people))

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])
