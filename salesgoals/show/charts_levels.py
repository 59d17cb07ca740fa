"""Base, target and stretch as three marks for each person or team."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, QUIET
from salesgoals.words import say

NAMES = ("base", "goal", "stretch")
SHAPES = ["triangle-right", "diamond", "triangle-up"]


def chart_levels(levels: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show where each person's target lies between base and stretch.

    Parameters
    ----------
    levels : pandas.DataFrame
        From :func:`salesgoals.levels.set_levels`, or its teams from :func:`salesgoals.levels.add_levels`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where fewer than two rows have a base and a stretch. Beyond 25 rows the largest goals are shown
        and the rest counted.
    """
    known = levels[levels.base.notna() & levels.stretch.notna()]
    if len(known) < 2:
        return None
    people = "person_id" in known
    table = known.assign(name=name_people(known) if people else known.team)
    table = table.sort_values("goal", ascending=False, kind="stable", ignore_index=True)
    rest = len(table) - MOST_ROWS
    note = say("levels.note", base=_usual(known.base_chance), stretch=_usual(known.stretch_chance))
    if rest > 0:
        note += say("levels.note_rest", n=rest)
    finding = _finding(known, people)
    table = table.head(MOST_ROWS)
    values = {name: table[name].astype(float) for name in NAMES}
    largest = max(float(column.max()) for column in values.values())
    unit = choose_axis_unit(largest, currency)
    top = largest / unit.divisor
    kinds = [say(f"levels.name_{name}") for name in NAMES]
    marks = pd.concat([pd.DataFrame({"name": table.name, "at": values[name] / unit.divisor, "kind": kind,
                                     "chance": [format_chance(v) for v in table[f"{name}_chance"]]})
                       for name, kind in zip(NAMES, kinds, strict=True)])
    spans = chart_rows(pd.DataFrame({"name": table.name, "low": values["base"] / unit.divisor,
                                     "high": values["stretch"] / unit.divisor,
                                     "chance": [format_chance(v) for v in table.goal_chance]}))
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=True))
    axis = alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(0, top))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", axis=axis,
                     title=say("chart.amount_in", unit=unit.title),
                     scale=alt.Scale(domain=[0, top * 1.16], nice=False))

    color = alt.Color(field="kind", type="nominal", legend=alt.Legend(),
                      scale=alt.Scale(domain=kinds, range=[ACTUAL, GOAL, FORECAST]))
    shape = alt.Shape(field="kind", type="nominal", legend=alt.Legend(),
                      scale=alt.Scale(domain=kinds, range=SHAPES))
    spot = alt.X(datum=top * 1.15, type="quantitative")
    layers = [
        alt.Chart(spans).mark_rule(color="#C3CAD2", strokeWidth=5).encode(
            x=x("low"), x2=alt.X2(field="high"), y=y),
        alt.Chart(chart_rows(marks)).mark_point(filled=True, size=95, opacity=1).encode(
            x=x("at"), y=y, color=color, shape=shape),
        alt.Chart(spans).mark_text(align="right", color=INK).encode(
            x=spot, y=y, text=alt.Text(field="chance", type="nominal")),
        alt.Chart(chart_rows(pd.DataFrame([{"head": say("chart.chance")}]))).mark_text(
            align="right", color=QUIET, baseline="bottom").encode(
            x=spot, y=alt.value(-4), text=alt.Text(field="head", type="nominal"))]
    return finish_chart(layers, finding, note, height=24 * len(table))


def _usual(chances: pd.Series) -> str:
    return format_share(float(chances.median()))


def _finding(known: pd.DataFrame, people: bool) -> str:
    """Say for how many the target asks more than a stretch should."""
    above, below = int((known.place == "above_stretch").sum()), int((known.place == "below_base").sum())
    who = "people" if people else "teams"
    if above:
        return say(f"levels.finding_above_{who}", n=above, of=len(known))
    if below:
        return say(f"levels.finding_below_{who}", n=below, of=len(known))
    return say(f"levels.finding_between_{who}", of=len(known))
