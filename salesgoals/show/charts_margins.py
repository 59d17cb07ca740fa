"""Margins over time, one line a part."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, say_change
from salesgoals.show.numbers import format_share, name_month
from salesgoals.show.render import ACTUAL, GOAL, QUIET
from salesgoals.words import say

MOST_LINES = 8
PAIR = 2
WORTH_A_WORD = .02      # points of margin


def chart_margins(course: pd.DataFrame) -> alt.LayerChart | None:
    """Draw each part's margin over time, the one that moved most in colour.

    Parameters
    ----------
    course : pandas.DataFrame
        From :func:`salesgoals.market.margin_course`.

    Returns
    -------
    altair.LayerChart or None
        None where no cost is known or there is only one stretch of time.
    """
    known = course[course.margin.notna() & (course.part != "")]
    if known.period_start.nunique() < PAIR:
        return None
    size = known.groupby("part").amount.sum().sort_values(ascending=False)
    known = known[known.part.isin(size.index[:MOST_LINES])].sort_values("period_start")
    ends = known.groupby("part").agg(first=("margin", "first"), last=("margin", "last"),
                                     start=("period_start", "min"), stretches=("margin", "size"))
    whole = ends[ends.start == known.period_start.min()]
    if not len(whole):
        return None
    moved = (whole["last"] - whole["first"]) * size.reindex(whole.index)
    focus = str(moved.abs().idxmax())
    points = float(whole["last"][focus] - whole["first"][focus])
    months = [name_month(day) for day in sorted(known.period_end.unique())]
    rows = known.assign(period=[name_month(day) for day in known.period_end],
                        focus=known.part == focus)[["part", "period", "margin", "focus"]]
    last = rows[rows.period == months[-1]].sort_values("margin").assign(at=lambda table: _apart(table.margin))
    low, high = min(0.0, float(rows.margin.min())), float(max(rows.margin.max(), last["at"].max()))
    x = alt.X(field="period", type="ordinal", sort=None, title=say("market.stretch_ends"),
              scale=alt.Scale(domain=[*months, " ", "  "], paddingInner=0.3),
              axis=alt.Axis(values=months, labelAngle=0, ticks=False, labelPadding=6))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("market.margin_axis"),
                     scale=alt.Scale(domain=[low, high * 1.05], nice=False),
                     axis=alt.Axis(format=".0%", domain=False, ticks=False, tickCount=6, titleAngle=0,
                                   titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    color: Any = alt.condition("datum.focus", alt.value(GOAL), alt.value(ACTUAL))
    part = alt.Detail(field="part", type="nominal")
    labels = chart_rows(last.assign(text=[f"{name} {format_share(share)}" for name, share in
                                          zip(last.part, last.margin, strict=True)]))
    layers = [
        alt.Chart(chart_rows(rows)).mark_line(strokeWidth=2).encode(
            x=x, y=y("margin"), detail=part, color=color),
        alt.Chart(chart_rows(rows[rows.focus])).mark_point(
            filled=True, size=60, opacity=1, color=GOAL).encode(x=x, y=y("margin")),
        alt.Chart(labels).mark_text(align="left", dx=10).encode(
            x=x, y=y("at"), text=alt.Text(field="text", type="nominal"),
            color=alt.condition("datum.focus", alt.value(GOAL), alt.value(QUIET)))]
    if abs(points) < WORTH_A_WORD:
        finding = say("market.margin_steady", part=focus)
    else:
        own = known[known.part == focus].amount
        key = ("market.margin_fell_grew" if own.iloc[-1] > own.iloc[0] else "market.margin_fell") \
            if points < 0 else "market.margin_rose"
        finding = say(key, part=focus, first=format_share(whole["first"][focus]),
                      last=format_share(whole["last"][focus]),
                      change=say_change(float(own.iloc[-1] / own.iloc[0] - 1)))
    return finish_chart(layers, finding, say("market.margin_note"), height=250)


def _apart(values: pd.Series) -> pd.Series:
    """Move labels apart where they would touch."""
    gap = max(float(values.max() - min(values.min(), 0.0)), 1e-9) * .062
    placed: list[float] = []
    for value in values:
        placed.append(max(float(value), placed[-1] + gap) if placed else float(value))
    return pd.Series(placed, index=values.index)
