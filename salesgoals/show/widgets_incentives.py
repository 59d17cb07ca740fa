"""Sliders on pay: what a result pays, and what a change of the rules costs."""

from __future__ import annotations

from typing import Any

import ipywidgets

from salesgoals.forecast import Forecast
from salesgoals.incentives import PayTerms, change_curves, cost_of_plan, pay_at
from salesgoals.show.charts_base import name_people
from salesgoals.show.charts_incentives import chart_pay_cost
from salesgoals.show.html import escape
from salesgoals.show.incentives_parts import show_statement
from salesgoals.show.numbers import format_chance, format_exact, format_money, format_share
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say

LEAST, MOST, STEP = 0, 200, 5              # percent of the goal
LEAST_FASTER, MOST_FASTER, STEP_FASTER = -2., 3., .25  # points of pay for each point above 100 %
WIDE = ipywidgets.Layout(width="560px")


def pay_slider(terms: PayTerms, currency: str = "", person_id: str = "") -> ipywidgets.VBox:
    """Give a slider for a person's result; below it stands the pay statement, line by line.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.payroll.apply_pay_plan`.
    currency : str
        Currency code of the amounts.
    person_id : str, optional
        Who is shown first.

    Returns
    -------
    ipywidgets.VBox
        List of people, slider, sentence and statement.
    """
    spoken = language()
    paid = terms.people.dropna(subset=["group"])
    first = person_id if person_id in set(paid.person_id) else paid.person_id.iloc[0]
    who = ipywidgets.Dropdown(options=list(zip(name_people(paid), paid.person_id, strict=True)), value=first,
                              description=say("widget.pay_person"), style={"description_width": "initial"})
    slider = ipywidgets.IntSlider(value=100, min=LEAST, max=MOST, step=STEP, continuous_update=False,
                                  description=say("widget.pay_result"), layout=WIDE,
                                  style={"description_width": "initial"})
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        with in_language(spoken):
            statement = pay_at(terms, who.value, f"{slider.value / 100:.2f}")
            told = say("widget.pay_gets", result=format_share(slider.value / 100),
                       pay=format_exact(float(statement.pay.sum()), currency))
            shown.value = like_an_output(f"<p><strong>{escape(told)}</strong></p>"
                                         + show_statement(terms, statement, currency).html)

    for control in (who, slider):
        control.observe(draw, "value")
    draw()
    return ipywidgets.VBox([who, slider, shown])


def plan_slider(terms: PayTerms, forecast: Forecast, currency: str = "") -> ipywidgets.VBox:
    """Give sliders for the threshold and more speed above 100 %; below stands the cost with its range.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.payroll.apply_pay_plan`.
    forecast : Forecast
        Of the plan's months.
    currency : str
        Currency code of the amounts.

    Returns
    -------
    ipywidgets.VBox
        Two sliders, a sentence and a picture.
    """
    spoken = language()
    curves = list(terms.plan.curves.values())
    starts = [float(curve.threshold) for curve in curves if curve.threshold > 0]
    tiers = any(curve.kind == "marginal" and curve.tiers for curve in curves)
    first = round(100 * starts[0]) if starts else 0
    threshold = ipywidgets.IntSlider(value=first, min=min(first, 5), max=95, step=5, disabled=not starts,
                                     continuous_update=False,
                                     layout=WIDE,
                                     description=say("widget.pay_threshold"),
                                     style={"description_width": "initial"})
    faster = ipywidgets.FloatSlider(value=0., min=LEAST_FASTER, max=MOST_FASTER, step=STEP_FASTER,
                                    disabled=not tiers, continuous_update=False, layout=WIDE,
                                    readout_format="+.2f", description=say("widget.pay_faster"),
                                    style={"description_width": "initial"})
    shown = ipywidgets.HTML()
    before = cost_of_plan(terms, forecast).total.expected

    def draw(_: Any = None) -> None:
        moved = starts and threshold.value != first
        changed = change_curves(terms, threshold.value / 100 if moved else None, faster.value)
        cost = cost_of_plan(changed, forecast)
        with in_language(spoken):
            told = say("widget.pay_cost", cost=format_money(cost.total.expected, currency),
                       change=_signed(cost.total.expected - before, cost.total.expected),
                       low=format_money(cost.total.low, like=cost.total.expected),
                       high=format_money(cost.total.high, like=cost.total.expected),
                       share=format_share(cost.total.share, 1), over=format_chance(cost.total.chance_over))
            picture = draw_picture(chart_pay_cost(cost, currency))
            shown.value = f"<p><strong>{escape(told)}</strong></p>{picture}"

    for control in (threshold, faster):
        control.observe(draw, "value")
    draw()
    return ipywidgets.VBox([threshold, faster, shown])


def _signed(change: float, like: float) -> str:
    """Write a change with its sign, and none where nothing moved."""
    text = format_money(change, like=like)
    if not any(digit in text for digit in "123456789"):
        return "±0"
    return text if change < 0 else f"+{text}"
