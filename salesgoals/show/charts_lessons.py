"""The first charts of the lessons: sales by month, and what collecting set aside."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.calendar import find_long_holidays
from salesgoals.show.charts_base import chart_rows, finish_chart
from salesgoals.show.numbers import choose_axis_unit, format_money, format_month, format_share, name_month
from salesgoals.show.render import ACTUAL, GOAL, INK, QUIET
from salesgoals.words import say


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
    shaded = chart_rows(holidays.assign(month=[format_month(month) for month in holidays.month]))
    x = alt.X(field="month", type="ordinal", title=None, scale=alt.Scale(domain=names, paddingInner=0.25),
              axis=alt.Axis(values=[name for name in names if name[-2:] in ("01", "04", "07", "10")],
                            labelAngle=0, ticks=False, labelPadding=6))
    y = alt.Y(field="amount", type="quantitative", title=unit.title,
              axis=alt.Axis(tickCount=6, domain=False, ticks=False, format=",~f", titleAngle=0,
                            titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))
    layers = [
        alt.Chart(shaded).mark_bar(color="#F1F3F5").encode(x=x, y=alt.value(0), y2=alt.value("height")),
        alt.Chart(shaded).mark_text(color=QUIET, fontSize=11, baseline="top", dy=2).encode(
            x=x, y=alt.value(0), text=alt.Text(field="holiday", type="nominal")),
        alt.Chart(rows).mark_bar().encode(
            x=x, y=y, color=alt.condition("datum.best", alt.value(GOAL), alt.value(ACTUAL)))]
    return finish_chart(layers, finding, say("lesson.sales_note", n=len(months)), height=280)


def chart_aside(files: pd.DataFrame) -> alt.LayerChart | None:
    """Show how many rows of each file collecting could not keep.

    Parameters
    ----------
    files : pandas.DataFrame
        Columns file, rows_read, rows_aside; one line for each sheet.

    Returns
    -------
    altair.LayerChart or None
        None where nothing was read.
    """
    sums = files.groupby("file", as_index=False)[["rows_read", "rows_aside"]].sum()
    total, aside = int(sums.rows_read.sum()), int(sums.rows_aside.sum())
    if not total:
        return None
    finding = say("lesson.aside_title", total=total, aside=aside,
                  share=format_share(aside / total, 1)) if aside else say("lesson.aside_none", total=total)
    shown = sums[sums.rows_read > 0].sort_values(["rows_aside", "rows_read"], ascending=False)
    rows = chart_rows(shown.astype({"rows_read": int, "rows_aside": int}))
    x = alt.X(field="rows_aside", type="quantitative", title=say("lesson.aside_axis"),
              axis=alt.Axis(tickMinStep=1, tickCount=5, domain=False))
    y = alt.Y(field="file", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelLimit=260))
    text = alt.Text(field="rows_aside", type="quantitative", format=",")
    layers = [alt.Chart(rows).mark_bar(color=GOAL).encode(x=x, y=y),
              alt.Chart(rows).mark_text(align="left", dx=6).encode(x=x, y=y, text=text)]
    return finish_chart(layers, finding, say("lesson.aside_note"), height=alt.Step(26))
