"""Charts of meetings: the top of a contest, and the pulse of the team."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.coaching.pulse import HIGHEST, LOWEST, QUESTIONS
from salesgoals.show.charts_base import chart_rows, finish_chart, name_people
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, NEWCOMER, QUIET
from salesgoals.words import say


def chart_contest(standing: pd.DataFrame) -> alt.LayerChart | None:
    """Show the top of a contest: points for the fair goal, for own progress and for the work.

    Parameters
    ----------
    standing : pandas.DataFrame
        From :func:`salesgoals.meetings.contest`; only its public part is drawn.

    Returns
    -------
    altair.LayerChart or None
        None where there is no contest.
    """
    rows = standing[standing.public.astype(bool)] if len(standing) else standing
    if rows.empty:
        return None
    first = rows[rows["rank"] == rows["rank"].min()]
    finding = say("meetings.chart_contest", names=say("chart.names_comma").join(name_people(first)),
                  points=int(first.points.iloc[0]))
    table = pd.DataFrame({
        "row": [say("meetings.place", rank=int(row.rank), name=name) for row, name in
                zip(rows.itertuples(), name_people(rows), strict=True)],
        "points": rows.points.to_numpy(float), "none": 0.})
    y = alt.Y(field="row", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("meetings.axis_points"),
                     scale=alt.Scale(domain=[0, 100]),
                     axis=alt.Axis(values=[0, 25, 50, 75, 100], ticks=False, domain=False))

    data = chart_rows(table)
    layers = [alt.Chart(data).mark_bar(height=14, color=FORECAST).encode(
                  x=x("none"), x2=alt.X2(field="points"), y=y),
              alt.Chart(chart_rows(pd.DataFrame([{"at": 50.}]))).mark_rule(
                  color=QUIET, strokeDash=[4, 3]).encode(x=x("at")),
              alt.Chart(data).mark_text(align="left", dx=6, color=INK).encode(
                  x=x("points"), y=y, text=alt.Text(field="points", type="quantitative", format=".0f"))]
    return finish_chart(layers, finding, say("meetings.chart_contest_note"), height=26 * len(table))


def chart_pulse(trend: pd.DataFrame, team: str = "") -> alt.LayerChart | None:
    """Show the answers to the pulse from week to week, with their doubt.

    Parameters
    ----------
    trend : pandas.DataFrame
        From :func:`salesgoals.meetings.pulse_trend`.
    team : str
        A team; empty: everybody.

    Returns
    -------
    altair.LayerChart or None
        None where there are too few answers to show any.
    """
    rows = trend[(trend.team == team) & trend["mean"].notna()] if len(trend) else trend
    if rows.empty:
        return None
    last = rows[rows.week == rows.week.max()]
    lowest = last.loc[last["mean"].idxmin()]
    fell = last[last.clear & (last.change < 0)]
    if len(fell):
        worst = fell.loc[fell.change.idxmin()]
        finding = say("meetings.chart_pulse_fell", question=say(f"meetings.pulse_{worst.question}"),
                      value=f"{worst['mean']:.1f}")
    else:
        finding = say("meetings.chart_pulse", question=say(f"meetings.pulse_{lowest.question}"),
                      value=f"{lowest['mean']:.1f}")
    order = [say(f"meetings.pulse_{name}") for name in QUESTIONS if name in set(rows.question)]
    table = pd.DataFrame({"week": rows.week.dt.strftime("%Y-%m-%d"), "at": rows["mean"], "low": rows.low,
                          "high": rows.high, "question": [say(f"meetings.pulse_{name}")
                                                          for name in rows.question]})
    shades = [FORECAST, ACTUAL, NEWCOMER, GOAL, QUIET][:len(order)]
    color = alt.Color(field="question", type="nominal", legend=alt.Legend(columns=1, title=None),
                      scale=alt.Scale(domain=order, range=shades))
    x = alt.X(field="week", type="nominal", title=say("meetings.axis_week"),
              axis=alt.Axis(labelAngle=0, ticks=False, domain=False))
    offset = alt.XOffset(field="question", type="nominal", sort=order)

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("meetings.axis_pulse"),
                     scale=alt.Scale(domain=[LOWEST, HIGHEST]),
                     axis=alt.Axis(values=list(range(LOWEST, HIGHEST + 1)), ticks=False, domain=False))

    data = chart_rows(table)
    layers = [alt.Chart(data).mark_rule(strokeWidth=2, opacity=.6).encode(
                  x=x, xOffset=offset, y=y("low"), y2=alt.Y2(field="high"), color=color),
              alt.Chart(data).mark_point(filled=True, size=80, opacity=1).encode(
                  x=x, xOffset=offset, y=y("at"), color=color)]
    return finish_chart(layers, finding, say("meetings.chart_pulse_note"), height=240)
