"""On how many customers the year rests."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.markets.customers import FEW_CUSTOMERS, measure_concentration
from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import format_share
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK
from salesgoals.words import say


def chart_customers(ranks: pd.DataFrame) -> alt.LayerChart | None:
    """Draw which share of the year the first so many customers make.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From :func:`salesgoals.market.customer_shares`.

    Returns
    -------
    altair.LayerChart or None
        None with fewer than 10 customers: too few to say.
    """
    count = len(ranks)
    if count < FEW_CUSTOMERS:
        return None
    measured = measure_concentration(ranks)
    for_80 = int(measured.for_80)
    kept = np.unique(np.r_[0, 4, 9, for_80 - 1, np.linspace(0, count - 1, 80).round()].astype(int))
    curve = ranks.iloc[kept[kept < count]][["rank", "cumulative"]]
    curve = pd.concat([pd.DataFrame({"rank": [0], "cumulative": [0.0]}), curve])
    marks = pd.DataFrame([
        {"rank": place, "cumulative": float(ranks.cumulative.iloc[place - 1]),
         "text": say("market.customers_mark", n=place, share=format_share(ranks.cumulative.iloc[place - 1]))}
        for place in sorted({1, min(10, count), for_80})])
    x = alt.X(field="rank", type="quantitative", title=say("market.customers_axis"),
              scale=alt.Scale(domain=[0, count], nice=False),
              axis=alt.Axis(values=round_ticks(0, count), format=",~f", ticks=False, domain=False))
    y = alt.Y(field="cumulative", type="quantitative", title=say("market.share_axis"),
              scale=alt.Scale(domain=[0, 1.04], nice=False),
              axis=alt.Axis(values=[0, .2, .4, .6, .8, 1], format=".0%", ticks=False, domain=False,
                            titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))
    even = chart_rows(pd.DataFrame({"rank": [0, count], "cumulative": [0.0, 1.0]}))
    points = chart_rows(marks)
    layers = [
        alt.Chart(even).mark_line(color=ACTUAL, strokeDash=[3, 3], strokeWidth=1).encode(x=x, y=y),
        alt.Chart(chart_rows(curve)).mark_line(color=FORECAST, strokeWidth=2).encode(x=x, y=y),
        alt.Chart(points).mark_point(filled=True, size=60, opacity=1, color=GOAL).encode(x=x, y=y),
        alt.Chart(points).mark_text(align="left", dx=9, dy=9, color=INK).encode(
            x=x, y=y, text=alt.Text(field="text", type="nominal"))]
    finding = say("market.customers_title", n=for_80, count=count,
                  share=format_share(measured.for_80 / count), top=format_share(measured.top_1, 1))
    return finish_chart(layers, finding, say("market.customers_note"), height=240)
