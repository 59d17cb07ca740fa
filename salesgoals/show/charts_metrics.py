"""Further metrics beside the amount: one small chart each, then and next."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, wrap_text
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_exact, format_money, format_month
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, chart_width
from salesgoals.show.smart_parts import name_metric
from salesgoals.words import say

PAST = 24   # months drawn
PANEL_HEIGHT = 92
AXIS = 44   # pixels for the labels of the values, the same in all panels


def chart_metrics(months: pd.DataFrame, totals: pd.DataFrame, currency: str = "") -> Any:
    """Show each metric's months so far and its goals, one panel a metric.

    Parameters
    ----------
    months : pandas.DataFrame
        Columns metric, month, actual, goal: the study metrics_months.
    totals : pandas.DataFrame
        From :class:`salesgoals.metrics.MetricPlan`.
    currency : str
        For amounts.

    Returns
    -------
    altair.VConcatChart or None
        None where no metric has goals.
    """
    if totals.empty:
        return None
    panels = [_panel(months[months.metric == row.metric], row, currency) for row in totals.itertuples()]
    finding = _finding(totals)
    width = chart_width()
    return alt.VConcatChart(
        vconcat=panels, spacing=14, description=finding,
        title=alt.TitleParams(text=wrap_text(finding, 16, width),
                              subtitle=wrap_text(say("metrics.chart_note"), 12, width)))


def _panel(table: pd.DataFrame, total: Any, currency: str) -> alt.LayerChart:
    table = table.sort_values("month")
    first_goal = table.month[table.goal.notna()].min()
    table = table[table.month >= first_goal - pd.DateOffset(months=PAST)]
    money = total.kind == "money"
    largest = float(max(table.actual.max(), table.goal.max()))
    unit = choose_axis_unit(largest, currency) if money else None
    divisor = unit.divisor if unit else 1.0
    rows = pd.DataFrame({"month": [format_month(month) for month in table.month],
                         "actual": (table.actual / divisor).to_numpy(float),
                         "goal": (table.goal.astype(float) / divisor).to_numpy()})
    labels = [month for month in rows.month if month[-2:] in ("01", "07")]
    x = alt.X(field="month", type="ordinal", sort=None, title=None,
              axis=alt.Axis(values=labels, labelAngle=0, ticks=False, domain=True, labelPadding=7))
    title = unit.title if unit else say("metrics.axis_count")

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=None,
                     axis=alt.Axis(tickCount=3, domain=False, ticks=False, format=",~f",
                                   minExtent=AXIS, maxExtent=AXIS))

    goal = format_money(total.goal, currency) if money else format_exact(total.goal)
    last = format_money(total.last_12, currency) if money else format_exact(round(total.last_12))
    told = say("metrics.panel_title", metric=name_metric(total.metric), unit=title, last=last, goal=goal,
               chance=format_chance(total.chance))
    past, ahead = rows.dropna(subset=["actual"]), rows.dropna(subset=["goal"])
    layers = [
        alt.Chart(chart_rows(past[["month", "actual"]])).mark_bar(color=ACTUAL).encode(x=x, y=y("actual")),
        alt.Chart(chart_rows(ahead[["month", "goal"]])).mark_bar(
            color=GOAL if total.origin == "wished" else FORECAST, opacity=.75).encode(x=x, y=y("goal"))]
    head = alt.TitleParams(text=told, fontSize=12, fontWeight="normal", color=INK, anchor="start",
                           frame="group", offset=6)
    return alt.LayerChart(layer=layers, width=chart_width() - AXIS - 10, height=PANEL_HEIGHT, title=head)


def _finding(totals: pd.DataFrame) -> str:
    """Say which metric is the hardest to reach."""
    known = totals[totals.chance.notna()]
    names = say("smart.comma").join(name_metric(metric) for metric in totals.metric)
    if known.empty:
        return say("metrics.finding_unknown", names=names)
    hardest = known.loc[known.chance.idxmin()]
    if len(known) == 1:
        return say("metrics.finding_one", metric=name_metric(hardest.metric),
                   chance=format_chance(hardest.chance))
    return say("metrics.finding", n=len(totals), metric=name_metric(hardest.metric),
               chance=format_chance(hardest.chance))
