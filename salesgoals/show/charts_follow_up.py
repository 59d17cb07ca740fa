"""Charts of follow-up: open deals against what is missing, and customers left alone."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import format_money, format_share
from salesgoals.show.render import FORECAST, GOAL, INK
from salesgoals.words import say

BAND = "#DDE3E9"
MOST_CUSTOMERS = 15


def chart_coverage(coverage: pd.DataFrame, by: str = "team") -> alt.LayerChart | None:
    """Show how far weighted open opportunities cover what is missing, beside the usual cover.

    Parameters
    ----------
    coverage : pandas.DataFrame
        From :func:`salesgoals.follow_up.pipeline_coverage`.
    by : str
        ``team`` or ``person``.

    Returns
    -------
    altair.LayerChart or None
        None where nobody misses anything, or opportunities are not recorded.
    """
    rows = coverage[(coverage.by == by) & coverage.coverage.notna()] if len(coverage) else coverage
    if rows.empty:
        return None
    thin = rows.coverage < rows.usual_coverage
    if thin.any():
        finding = say("follow_up.chart_thin", n=int(thin.sum()), of=len(rows))
    else:
        finding = say("follow_up.chart_covered", of=len(rows))
    names = name_people(rows.rename(columns={"unit": "person_id", "name": "person"}))
    rows = rows.assign(label=names, lack=rows.coverage - rows.usual_coverage.fillna(0)).sort_values(
        ["lack", "unit"], kind="stable").head(MOST_ROWS)
    top = 1.15 * float(rows[["coverage", "usual_coverage"]].max().max())
    top = min(top, 3.)  # beyond three times what is missing more says nothing
    shown = pd.DataFrame({"name": rows.label, "now": rows.coverage.clip(upper=top),
                          "usual": rows.usual_coverage.clip(upper=top), "none": 0.,
                          "end": rows[["coverage", "usual_coverage"]].max(axis=1).clip(upper=top),
                          "kind": [say("follow_up.cover_thin") if low else say("follow_up.cover_now")
                                   for low in rows.coverage < rows.usual_coverage],
                          "text": [format_share(value) for value in rows.coverage]})
    order = [kind for kind in (say("follow_up.cover_now"), say("follow_up.cover_thin"))
             if kind in set(shown.kind)]
    shades = {say("follow_up.cover_now"): FORECAST, say("follow_up.cover_thin"): GOAL}
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("follow_up.axis_cover"),
                     scale=alt.Scale(domain=[0, top * 1.1], nice=False),
                     axis=alt.Axis(format=".0%", ticks=False, domain=False, values=round_ticks(0, top)))

    data = chart_rows(shown)
    layers = [alt.Chart(data).mark_bar(height=12).encode(
                  x=x("none"), x2=alt.X2(field="now"), y=y,
                  color=alt.Color(field="kind", type="nominal", legend=alt.Legend(),
                                  scale=alt.Scale(domain=order, range=[shades[kind] for kind in order]))),
              alt.Chart(data).mark_tick(color=INK, thickness=3, size=20).encode(x=x("usual"), y=y),
              alt.Chart(data).mark_text(align="left", dx=6, color=INK).encode(
                  x=x("end"), y=y, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, say("follow_up.chart_cover_note"), height=26 * len(shown))


def chart_neglected(neglected: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show the customers left alone: how long, against their usual interval, and the money at stake.

    Parameters
    ----------
    neglected : pandas.DataFrame
        From :func:`salesgoals.follow_up.neglected_customers`.
    currency : str
        For the amounts.

    Returns
    -------
    altair.LayerChart or None
        None where nobody is neglected. The 15 with most money at stake are shown.
    """
    rows = neglected[neglected.state == "neglected"] if len(neglected) else neglected
    if rows.empty:
        return None
    finding = say("follow_up.chart_neglected", n=len(rows),
                  amount=format_money(rows.sales_12.sum(), currency))
    shown = rows.head(MOST_CUSTOMERS)
    labels = [say("follow_up.customer_amount", name=row.name if isinstance(row.name, str) else row.account_id,
                  amount=format_money(row.sales_12, currency)) for row in shown.itertuples()]
    table = pd.DataFrame({"row": labels, "usual": shown.usual, "waiting": shown.waiting.astype(float),
                          "none": 0., "text": [say("follow_up.days", n=int(days)) for days in shown.waiting]})
    top = 1.15 * float(table.waiting.max())
    y = alt.Y(field="row", type="nominal", sort=None, title=None, axis=alt.Axis(
        ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False, labelLimit=320))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("follow_up.axis_days"),
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(0, top)))

    data = chart_rows(table)
    layers = [alt.Chart(data).mark_bar(height=12, color=BAND).encode(
                  x=x("none"), x2=alt.X2(field="usual"), y=y),
              alt.Chart(data).mark_rule(color=GOAL, strokeWidth=2).encode(
                  x=x("usual"), x2=alt.X2(field="waiting"), y=y),
              alt.Chart(data).mark_point(filled=True, size=80, color=GOAL, opacity=1).encode(
                  x=x("waiting"), y=y),
              alt.Chart(data).mark_text(align="left", dx=8, color=INK).encode(
                  x=x("waiting"), y=y, text=alt.Text(field="text", type="nominal"))]
    note = say("follow_up.chart_neglected_note" if rows.basis.iloc[0] == "activities"
               else "follow_up.chart_neglected_orders")
    return finish_chart(layers, finding, note, height=26 * len(table))
