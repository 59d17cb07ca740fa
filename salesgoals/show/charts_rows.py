"""Two ways to draw people or teams in rows: from then to next, and chances as dots."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import GROWN, MOST_ROWS, chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_growth, format_money
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, NEWCOMER, QUIET
from salesgoals.words import say

EVEN = 0.10          # chances, or growths, that differ by less are the same to any reader


def say_growth(share: float) -> str:
    """Write a growth, or say "new" where there is nothing to compare with."""
    return say("chart.new") if pd.isna(share) else format_growth(share)


def then_and_next(table: pd.DataFrame, finding: str, currency: str, more: str = "") -> alt.LayerChart:
    """Draw one line a row from the last 12 months to the goal, with growth and chance written beside."""
    rest = len(table) - MOST_ROWS
    note = say("chart.then_next_note") + more
    if rest > 0:
        note += say("chart.then_next_rest", n=rest,
                    goal=format_money(float(table.goal.iloc[MOST_ROWS:].sum())))
    table = table.head(MOST_ROWS).reset_index(drop=True)
    largest = float(table[["last_12", "goal"]].max().max())
    unit = choose_axis_unit(largest, currency)
    shown = pd.DataFrame({"name": table.name, "then": table.last_12.fillna(0) / unit.divisor,
                          "next": table.goal / unit.divisor,
                          "growth": [say_growth(value) for value in table.growth]})
    top, low = largest / unit.divisor, min(0.0, float(shown.then.min()))
    columns = {"growth": (top * 1.16, say("chart.growth"))} if table.growth.notna().any() else {}
    if "chance" in table:
        shown["chance"] = [format_chance(value) for value in table.chance]
        columns["chance"] = (top * 1.30, say("chart.chance"))
    ticks = round_ticks(low, top)
    rows = chart_rows(shown)
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=True))

    def x(field: str, **more: Any) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("chart.amount_in", unit=unit.title),
                     scale=alt.Scale(domain=[low, top * 1.33], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, values=ticks), **more)

    kinds = [say("chart.last_12"), say("chart.goal")]
    color = alt.Color(field="kind", type="nominal",
                      scale=alt.Scale(domain=kinds, range=[ACTUAL, GOAL]), legend=alt.Legend())
    dots = chart_rows(pd.DataFrame({
        "name": [*shown.name, *shown.name], "at": [*shown.then, *shown.next],
        "kind": [kinds[0]] * len(shown) + [kinds[1]] * len(shown)}))
    layers = [
        alt.Chart(rows).mark_rule(color="#C3CAD2", strokeWidth=3).encode(
            x=x("then"), x2=alt.X2(field="next"), y=y),
        alt.Chart(dots).mark_point(filled=True, size=95, opacity=1).encode(x=x("at"), y=y, color=color),
    ]
    for field, (place, head) in columns.items():
        spot = alt.X(datum=place, type="quantitative")
        layers.append(alt.Chart(rows).mark_text(align="right", color=INK).encode(
            x=spot, y=y, text=alt.Text(field=field, type="nominal")))
        layers.append(alt.Chart(chart_rows(pd.DataFrame([{"head": head}]))).mark_text(
            align="right", color=QUIET, baseline="bottom").encode(
            x=spot, y=alt.value(-4), text=alt.Text(field="head", type="nominal")))
    return finish_chart(layers, finding, note, height=24 * len(table))


def chance_dots(known: pd.DataFrame, finding: str, note: str, sort: bool = True) -> alt.LayerChart:
    """Draw one dot for each person's chance in the row it belongs to, and a bar at each row's median."""
    medians = known.groupby("row", sort=False).chance.median()
    if sort:
        medians = medians.sort_values(ascending=False, kind="stable")
    counts = known.groupby("row").size()
    label = {row: say("chart.row_count", row=row, n=int(counts[row])) for row in medians.index}
    order = list(label.values())
    grown = known.ramp.fillna(1.0) >= GROWN
    kinds = [say("chart.grown"), say("chart.growing")]
    dots = pd.DataFrame({"row": known.row.map(label), "chance": known.chance.round(2),
                         "kind": [kinds[0] if full else kinds[1] for full in grown]})
    dots = dots.groupby(["row", "chance", "kind"], as_index=False).size()
    middle = pd.DataFrame({"row": order, "chance": medians.to_numpy()})
    y = alt.Y(field="row", type="nominal", sort=order, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=True))
    x = alt.X(field="chance", type="quantitative", title=say("chart.chance_of_goal"),
              scale=alt.Scale(domain=[0, 1]),
              axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", ticks=False, domain=False))
    shades = [FORECAST, NEWCOMER] if not grown.all() else [FORECAST]
    color = alt.Color(field="kind", type="nominal", scale=alt.Scale(domain=kinds[:len(shades)], range=shades),
                      legend=alt.Legend() if len(shades) > 1 else None)
    size = alt.Size(field="size", type="quantitative", legend=None,
                    scale=alt.Scale(domain=[1, max(2, int(dots["size"].max()))], range=[70, 260]))
    forms = ["circle", "triangle-up"][:len(shades)]
    shape = alt.Shape(field="kind", type="nominal", legend=alt.Legend() if len(shades) > 1 else None,
                      scale=alt.Scale(domain=kinds[:len(shades)], range=forms))
    layers = [
        alt.Chart(chart_rows(middle)).mark_tick(color=INK, thickness=2, size=20).encode(x=x, y=y),
        alt.Chart(chart_rows(dots)).mark_point(filled=True, opacity=0.75).encode(
            x=x, y=y, color=color, size=size, shape=shape),
    ]
    ends = known.loc[[known.chance.idxmin(), known.chance.idxmax()]]
    if sort and ends.chance.iloc[1] - ends.chance.iloc[0] >= EVEN:
        named = chart_rows(pd.DataFrame({"row": ends.row.map(label), "chance": ends.chance,
                                         "name": ends["name"]}))
        layers.append(alt.Chart(named).mark_text(dy=-11, color=INK, fontSize=11).encode(
            x=x, y=y, text=alt.Text(field="name", type="nominal")))
    return finish_chart(layers, finding, note, height=34 * len(order))


