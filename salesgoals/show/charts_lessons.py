"""The first chart of the lessons: sales by month, before there is any forecast or goal."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.calendar import find_long_holidays
from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_money, format_month, name_month
from salesgoals.show.render import ACTUAL, GOAL, QUIET
from salesgoals.words import say

MOST_QUARTERS = 36  # months that leave room for a label each quarter


def chart_sales(history: pd.DataFrame, currency: str = "", country: str = "CN") -> alt.LayerChart | None:
    """Show what was sold in each month, with the long holidays marked.

    Parameters
    ----------
    history : pandas.DataFrame
        Columns month, amount; other columns are summed over.
    currency, country : str
        For the axis and for the holidays.

    Returns
    -------
    altair.LayerChart or None
        None where nothing was sold yet.
    """
    sales = history.groupby("month").amount.sum()
    if not len(sales) or sales.max() <= 0:
        return None
    months = pd.date_range(sales.index.min(), sales.index.max(), freq="MS")
    sales = sales.reindex(months, fill_value=0.0)
    unit = choose_axis_unit(float(sales.max()), currency)
    names = [format_month(month) for month in months]
    rows = chart_rows(pd.DataFrame({"month": names, "amount": sales.to_numpy() / unit.divisor,
                                    "best": (sales == sales.max()).tolist()}))
    best, worst = sales.idxmax(), sales.idxmin()
    words = {"best": name_month(best), "amount": format_money(sales.max(), currency)}
    finding = (say("lesson.sales_best", worst=name_month(worst), times=sales.max() / sales.min(), **words)
               if sales.min() > 0 and best != worst else say("lesson.sales_best_only", **words))
    holidays = find_long_holidays(country, months)
    # Names of holidays in turn one line lower, above the bars: neighbours must not run into each other.
    shaded = chart_rows(holidays.assign(month=[format_month(month) for month in holidays.month],
                                        at=[16 * (place % 2) for place in range(len(holidays))]))
    labelled = ("01", "04", "07", "10") if len(names) <= MOST_QUARTERS else ("01",)
    x = alt.X(field="month", type="ordinal", title=None, scale=alt.Scale(domain=names, paddingInner=0.25),
              axis=alt.Axis(values=[name for name in names if name[-2:] in labelled],
                            labelAngle=0, ticks=False, labelPadding=6))
    top = float(sales.max()) / unit.divisor
    y = alt.Y(field="amount", type="quantitative", title=unit.title,
              axis=alt.Axis(values=round_ticks(0.0, top), domain=False, ticks=False, format=",~f",
                            titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0),
              scale=alt.Scale(domainMax=top * (1.18 if len(holidays) else 1.03), nice=False))
    layers = [
        alt.Chart(shaded).mark_bar(color="#F1F3F5").encode(x=x, y=alt.value(0), y2=alt.value("height")),
        alt.Chart(shaded).mark_text(color=QUIET, fontSize=11, baseline="top", dy=2).encode(
            x=x, y=alt.Y(field="at", type="quantitative", scale=None),
            text=alt.Text(field="holiday", type="nominal")),
        alt.Chart(rows).mark_bar().encode(
            x=x, y=y, color=alt.condition("datum.best", alt.value(GOAL), alt.value(ACTUAL)))]
    return finish_chart(layers, finding, say("lesson.sales_note", n=len(months)), height=280)
