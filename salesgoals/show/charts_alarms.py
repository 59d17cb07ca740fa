"""Charts of alarms: one weekly figure with its natural limits, and rules of alarm side by side."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.labels import place_labels
from salesgoals.show.numbers import choose_axis_unit, format_growth, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, QUIET, chart_width
from salesgoals.words import say

BAND = "#E9EDF1"
RATES = ("win_rate", "quotes_a_visit", "deals_a_quote")
SHAPES = ("circle", "square", "triangle-up", "diamond")
LATELY = 4


def chart_kpi(weeks: pd.DataFrame) -> alt.LayerChart | None:
    """Show a figure week by week, its usual height, its natural limits and the weeks in alarm.

    Parameters
    ----------
    weeks : pandas.DataFrame
        One chart of :func:`salesgoals.process.kpi_alarms`.

    Returns
    -------
    altair.LayerChart or None
        None where no week is known.
    """
    known = weeks[weeks.value.notna() & (weeks.of > 0)].reset_index(drop=True)
    if known.empty:
        return None
    kpi, rate = str(known.kpi.iloc[0]), str(known.kpi.iloc[0]) in RATES
    scale = 1. / known.of if rate else 1.
    unit = choose_axis_unit(float(known.value.max())) if kpi == "amount" else None
    divisor = unit.divisor if unit else 1.
    rows = pd.DataFrame({
        "week": [f"{day:%m-%d}" for day in known.period], "value": known.value * scale / divisor,
        "expected": known.expected * scale / divisor, "low": known.low * scale / divisor,
        "high": known.high * scale / divisor, "alarm": known.alarm.astype(bool)})
    top = float(rows[["value", "expected", "high"]].max().max()) * 1.08
    every = max(1, len(rows) // 12)
    x = alt.X(field="week", type="ordinal", sort=None, title=say("process.axis_week"),
              axis=alt.Axis(labelAngle=0, values=rows.week.iloc[::every].tolist(), ticks=False))

    def y(field: str) -> alt.Y:
        title = unit.title if unit else say(f"progress.kpi_{kpi}")
        return alt.Y(field=field, type="quantitative", title=title,
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(values=round_ticks(0, top), domain=False, ticks=False,
                                   format=".0%" if kpi == "win_rate" else ",~f", titleAngle=0,
                                   titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    drawn = chart_rows(rows.drop(columns="alarm"))
    layers: list[Any] = [
        alt.Chart(drawn).mark_area(color=BAND, interpolate="step").encode(
            x=x, y=y("low"), y2=alt.Y2(field="high")),
        alt.Chart(drawn).mark_line(color=FORECAST, strokeDash=[6, 3], strokeWidth=2).encode(
            x=x, y=y("expected")),
        alt.Chart(drawn).mark_line(color=QUIET, strokeWidth=1.5, point={"color": QUIET, "size": 30}).encode(
            x=x, y=y("value"))]
    rung = rows[rows.alarm]
    if len(rung):
        layers.append(alt.Chart(chart_rows(rung[["week", "value"]])).mark_point(
            color=GOAL, filled=True, size=80, opacity=1).encode(x=x, y=y("value")))
    return finish_chart(layers, _kpi_words(weeks, known), _kpi_note(known), height=230)


def _kpi_words(weeks: pd.DataFrame, known: pd.DataFrame) -> str:
    last = weeks.iloc[-1]
    late = known.tail(LATELY)
    change = late.value.sum() / late.expected.sum() - 1 if late.expected.sum() > 0 else float("nan")
    words = {"name": last["name"] or say("process.company"), "kpi": say(f"progress.kpi_{last.kpi}"),
             "change": format_growth(change) if pd.notna(change) else "-"}
    if last.state == "alarm":
        quiet = weeks[~weeks.alarm.astype(bool)]
        since = weeks.period[weeks.index > quiet.index[-1]].iloc[0] if len(quiet) else weeks.period.iloc[0]
        return say("process.kpi_alarm", since=f"{since:%Y-%m-%d}", **words)
    if last.state == "no_records":
        return say("process.kpi_no_records", **words, since=f"{known.period.iloc[-1]:%Y-%m-%d}")
    gone = weeks.alarm.any() and last.state in ("ok", "better")
    return say("process.kpi_over" if gone else f"process.kpi_{last.state}", **words)


def _kpi_note(known: pd.DataFrame) -> str:
    last = known.iloc[-1]
    parts = [say("process.kpi_note")]
    if pd.notna(last.smallest_fall):
        parts.append(say("process.kpi_finds", fall=format_share(last.smallest_fall)))
    if pd.notna(last.false_alarms):
        parts.append(say("process.kpi_false", chance=format_share(last.false_alarms)))
    return say("process.joined").join(parts)


def chart_alarm_rules(quality: pd.DataFrame) -> alt.LayerChart | None:
    """Show rules of alarm by how often they cry wolf and how much they find.

    Parameters
    ----------
    quality : pandas.DataFrame
        From :func:`salesgoals.process.alarm_quality`; the rules of a month's pace are shown, else those of
        weekly figures.

    Returns
    -------
    altair.LayerChart or None
        None where nothing was measured.
    """
    pace = quality[quality.watched == "pace"]
    rows = pace if len(pace) else quality[~quality.watched.astype(str).str.startswith("pace")]
    if rows.empty:
        return None
    weekly = not len(pace)
    names = [say(f"process.rule_{rule}") for rule in rows.rule]
    groups = ([say(f"process.case_{case}") for case in rows.watched] if weekly
              else [say("process.deals_a_month", n=int(deals)) for deals in rows.deals])
    data = pd.DataFrame({"x": rows.false_alarms.to_numpy(float), "y": rows.detected.to_numpy(float),
                         "name": names, "group": groups})
    whose = [say("process.rule_others"), say("process.rule_ours")]
    data["whose"] = [whose[int(ours)] for ours in rows.ours]
    top = max(.1, float(data.x.max()) * 1.05) if not weekly else max(10., float(data.x.max()) * 1.05)
    width, height = chart_width(), 320
    labelled = data.assign(text=data.name.mask(~_named(data), "")).sort_values("text", ascending=False)
    spots = place_labels(pd.DataFrame({"x": labelled.x / top * (width - 60), "text": labelled.text,
                                       "y": height * (1.05 - labelled.y) / 1.05}), width - 60, height)
    x = alt.X(field="x", type="quantitative",
              title=say("process.axis_weekly_false" if weekly else "process.axis_false"),
              scale=alt.Scale(domain=[0, top], nice=False),
              axis=alt.Axis(format=",~f" if weekly else ".0%", values=round_ticks(0, top), ticks=False,
                            domain=False))
    y = alt.Y(field="y", type="quantitative", title=say("process.axis_found"),
              scale=alt.Scale(domain=[0, 1.05], nice=False),
              axis=alt.Axis(format=".0%", values=round_ticks(0, 1), ticks=False, domain=False))
    order = list(dict.fromkeys(groups))
    shape = alt.Shape(field="group", type="nominal",
                      legend=alt.Legend(columns=2 if weekly else 4) if len(order) > 1 else None,
                      scale=alt.Scale(domain=order, range=list(SHAPES[:len(order)])))
    color = alt.Color(field="whose", type="nominal",
                      legend=alt.Legend(symbolType="square") if rows.ours.nunique() > 1 else None,
                      scale=alt.Scale(domain=whose, range=[ACTUAL, FORECAST]))
    drawn = chart_rows(data)
    layers: list[Any] = [
        alt.Chart(drawn).mark_line(strokeWidth=1, opacity=.5).encode(
            x=x, y=y, color=color, detail=alt.Detail(field="name", type="nominal")),
        alt.Chart(drawn).mark_point(filled=True, size=90, opacity=.95).encode(
            x=x, y=y, color=color, shape=shape)]
    if weekly:  # the same rule on unlike figures: a line would join what does not belong together
        layers = layers[1:]
    for spot, place in zip(labelled.itertuples(), spots.itertuples(), strict=True):
        if place.shown and spot.text:
            align: Any = "left" if place.dx > 0 else "right" if place.dx < 0 else "center"
            one = chart_rows(pd.DataFrame([{"x": spot.x, "y": spot.y, "name": spot.name}]))
            layers.append(alt.Chart(one).mark_text(
                align=align, dx=place.dx, dy=place.dy, fontSize=11, color=QUIET).encode(
                x=x, y=y, text=alt.Text(field="name", type="nominal")))
    note = say("process.rules_note_weekly" if weekly else "process.rules_note")
    return finish_chart(layers, _rule_words(rows, weekly), note, height=height)


def _named(data: pd.DataFrame) -> pd.Series:
    """Choose the point of each rule that bears its name, the middle one; ours are told by their colour."""
    place = data.groupby("name", sort=False).cumcount()
    many = data.groupby("name", sort=False).x.transform("size")
    return (place == many // 2) & (data.name.nunique() > 1) & (data.whose == say("process.rule_others"))


def _rule_words(rows: pd.DataFrame, weekly: bool) -> str:
    """Say what a rule is worth, ours beside the plain one where both are there."""
    plain = rows[rows.rule == ("below" if weekly else "linear")]
    ours = rows[rows.ours]
    if weekly:
        one = (ours if len(ours) else rows).iloc[0]
        return say("process.rules_weekly", case=say(f"process.case_{one.watched}"),
                   rule=say(f"process.rule_{one.rule}"), n=float(one.false_alarms),
                   found=format_share(one.detected))
    if len(plain) and len(ours):
        return say("process.rules_both", plain=format_share(plain.false_alarms.min()),
                   ours=format_share(ours.false_alarms.max()), found=format_share(ours.detected.max()),
                   least=format_share(ours.detected.min()))
    one = rows.iloc[0]
    return say("process.rules_one", rule=say(f"process.rule_{one.rule}"),
               low=format_share(rows.false_alarms.min()), high=format_share(rows.false_alarms.max()),
               found=format_share(rows.detected.min()))
