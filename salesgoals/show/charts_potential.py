"""Charts of what a team can carry: capability beside potential, the growth curve, capacity by month."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, name_people
from salesgoals.show.charts_team import LEGEND
from salesgoals.show.labels import place_labels
from salesgoals.show.numbers import choose_axis_unit, format_growth, format_money
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, LINE, NEWCOMER, QUIET, chart_width
from salesgoals.words import say


def chart_capability(placed: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show people by capability and by what their customers could buy: who can grow with whom.

    Parameters
    ----------
    placed : pandas.DataFrame
        From :func:`salesgoals.team.capability_and_potential`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than three people. Names stand where there is place for them.
    """
    if len(placed) < 3:
        return None
    placed = placed.assign(name=name_people(placed)).sort_values("room", ascending=False, kind="stable")
    unit = choose_axis_unit(float(placed.potential.max()), currency)
    width, height = chart_width() - 70, 380
    far = max(.15, float((placed.capability - 1).abs().max()) * 1.15)
    top = float(placed.potential.max()) * 1.08
    spots = pd.DataFrame({"x": (placed.capability - 1 + far) / (2 * far) * width,
                          "y": height * (1 - placed.potential / top), "text": placed.name})
    middle = float(placed.potential.median())
    labels = place_labels(spots.reset_index(drop=True), width, height, size=11)
    data = placed.reset_index(drop=True).assign(at=placed.potential.to_numpy() / unit.divisor, dx=labels.dx,
                                                dy=labels.dy, shown=labels.shown)
    data["label"] = data.name.where(data.shown, "")

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("team.capability_axis"),
                     scale=alt.Scale(domain=[1 - far, 1 + far], nice=False),
                     axis=alt.Axis(format=".0%", ticks=False, domain=False, grid=False, tickCount=6))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("team.potential_axis", unit=unit.title),
                     scale=alt.Scale(domain=[0, top / unit.divisor], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, grid=False, titleAngle=0,
                                   titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    corners = pd.DataFrame({"x": [1 + far, 1 - far, 1 + far, 1 - far],
                            "y": [top / unit.divisor] * 2 + [0.0] * 2,
                            "text": [say(f"team.corner_{name}") for name in
                                     ("strong_much", "growing_much", "strong_little", "growing_little")],
                            "right": [True, False, True, False], "up": [True, True, False, False]})
    layers = [
        alt.Chart(chart_rows(pd.DataFrame({"capability": [1.0]}))).mark_rule(color=LINE).encode(
            x=x("capability")),
        alt.Chart(chart_rows(pd.DataFrame({"at": [middle / unit.divisor]}))).mark_rule(color=LINE).encode(
            y=y("at"))]
    for right in (True, False):
        for up in (True, False):
            part = chart_rows(corners[(corners.right == right) & (corners.up == up)].rename(
                columns={"x": "capability", "y": "at"}))
            layers.append(alt.Chart(part).mark_text(
                align="right" if right else "left", baseline="top" if up else "bottom", color=QUIET,
                fontSize=12, dx=-4 if right else 4, dy=3 if up else -3).encode(
                x=x("capability"), y=y("at"), text=alt.Text(field="text", type="nominal")))
    steps = {"little": GAIN, "most": FORECAST, "all": GOAL}
    data["kind"] = [say(f"team.taken_{'little' if share < .5 else 'most' if share < 1 else 'all'}")
                    for share in data.taken]
    kinds = {say(f"team.taken_{step}"): shade for step, shade in steps.items()}
    kinds = {kind: shade for kind, shade in kinds.items() if kind in set(data.kind)}
    color = alt.Color(field="kind", type="nominal", legend=alt.Legend(offset=LEGEND),
                      scale=alt.Scale(domain=list(kinds), range=list(kinds.values())))
    ranges = data.assign(low=data.low.clip(lower=1 - far), high=data.high.clip(upper=1 + far))
    layers.append(alt.Chart(chart_rows(ranges[["low", "high", "at"]])).mark_rule(
        color=ACTUAL, opacity=.25).encode(x=x("low"), x2=alt.X2(field="high"), y=y("at")))
    layers.append(alt.Chart(chart_rows(data[["capability", "at", "kind"]])).mark_point(
        filled=True, size=95, opacity=1).encode(x=x("capability"), y=y("at"), color=color))
    for (dx, dy), part in data[data.shown].groupby(["dx", "dy"]):
        align: Any = "left" if dx > 0 else "right" if dx < 0 else "center"
        layers.append(alt.Chart(chart_rows(part[["capability", "at", "label"]])).mark_text(
            align=align, dx=float(dx), dy=float(dy), fontSize=11, color=INK).encode(
            x=x("capability"), y=y("at"), text=alt.Text(field="label", type="nominal")))
    return finish_chart(layers, capability_words(placed, currency), say("team.capability_note"),
                        height=height)


def capability_words(placed: pd.DataFrame, currency: str = "") -> str:
    """Say with how many people half of the room lies, and how many have none left."""
    room = placed.room.sort_values(ascending=False, kind="stable")
    used_up = int((placed.taken >= 1).sum())
    if not room.sum() > 0:
        return say("team.room_none", n=len(placed))
    half = int((room.cumsum() < room.sum() / 2).sum()) + 1
    words = say("team.room_half", n=half, people=len(placed), room=format_money(float(room.sum()), currency))
    return words + (say("team.room_used_up", n=used_up) if used_up else "")


def chart_ramp(cohorts: pd.DataFrame) -> alt.LayerChart | None:
    """Show the growth curve with its range, and what newcomers really sold by months since joining.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        From :func:`salesgoals.team.ramp_cohorts`.

    Returns
    -------
    altair.LayerChart or None
        None without anybody who joined within the records.
    """
    hires = int(cohorts.hires.max()) if len(cohorts) else 0
    if not hires:
        return None
    top = float(np.nanmax(cohorts[["share", "high"]].to_numpy())) * 1.05
    x = alt.X(field="tenure", type="quantitative", title=say("team.months_since"),
              scale=alt.Scale(domain=[0.5, 24.5], nice=False),
              axis=alt.Axis(values=list(range(3, 25, 3)), ticks=False, grid=False))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("team.of_grown"),
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(format=".0%", ticks=False, domain=False, titleAngle=0, titleAlign="left",
                                   titleAnchor="end", titleY=-8, titleX=0))

    data, seen = chart_rows(cohorts), chart_rows(cohorts[cohorts.people > 0])
    size = alt.Size(field="people", type="quantitative", legend=None,
                    scale=alt.Scale(domain=[1, max(2, hires)], range=[40, 160]))
    layers = [
        alt.Chart(data).mark_area(color=NEWCOMER, opacity=.18).encode(
            x=x, y=y("low"), y2=alt.Y2(field="high")),
        alt.Chart(data).mark_line(color=NEWCOMER, strokeWidth=2.5).encode(x=x, y=y("curve")),
        alt.Chart(seen).mark_point(filled=True, color=INK, opacity=.7).encode(x=x, y=y("share"), size=size)]
    months = float(cohorts.midpoint.iloc[0])
    key = "team.ramp_few" if hires < 10 else "team.ramp_many"
    return finish_chart(layers, say(key, n=hires, months=f"{months:.1f}"), say("team.ramp_note"), height=240)


def chart_capacity(capacity: pd.DataFrame, goals: pd.DataFrame | None = None,
                   currency: str = "") -> alt.LayerChart | None:
    """Show month by month what the people on board can carry, and what new posts would add.

    Parameters
    ----------
    capacity : pandas.DataFrame
        From :func:`salesgoals.team.plan_capacity`.
    goals : pandas.DataFrame, optional
        Columns month, goal: drawn beside it.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where nothing is known.
    """
    if not len(capacity) or not capacity.capacity.sum() > 0:
        return None
    by_month = capacity.groupby("month")[["capacity", "growing", "absent", "added"]].sum()
    unit = choose_axis_unit(float((by_month.capacity + by_month.added).max()), currency)
    names = [f"{month:%Y-%m}" for month in by_month.index]
    kinds = {"capacity": say("team.carried"), "added": say("team.added"), "missing": say("team.missing")}
    parts = {"capacity": by_month.capacity, "added": by_month.added,
             "missing": by_month.growing + by_month.absent}
    used = [name for name, values in parts.items() if values.sum() > .001 * by_month.capacity.sum()]
    stacked = pd.concat([pd.DataFrame({"month": names, "kind": kinds[name], "rank": place,
                                       "amount": parts[name].to_numpy() / unit.divisor})
                         for place, name in enumerate(used)])
    shades = {"capacity": ACTUAL, "added": NEWCOMER, "missing": LINE}
    x = alt.X(field="month", type="ordinal", sort=None, title=None,
              axis=alt.Axis(labelAngle=0, ticks=False, labelExpr="substring(datum.value, 2, 7)"))
    y = alt.Y(field="amount", type="quantitative", title=unit.title, stack="zero",
              axis=alt.Axis(format=",~f", ticks=False, domain=False, titleAngle=0, titleAlign="left",
                            titleAnchor="end", titleY=-8, titleX=0))
    layers = [alt.Chart(chart_rows(stacked)).mark_bar().encode(
        x=x, y=y, order=alt.Order(field="rank", type="quantitative"),
        color=alt.Color(field="kind", type="nominal", legend=alt.Legend(offset=LEGEND), scale=alt.Scale(
            domain=[kinds[name] for name in used], range=[shades[name] for name in used])))]
    total = float(by_month.capacity.sum())
    words = say("team.capacity_alone", total=format_money(total, currency), n=len(names))
    if by_month.added.sum() > 0:
        words = say("team.capacity_added", total=format_money(total, currency),
                    added=format_money(float(by_month.added.sum()), currency),
                    share=format_growth(float(by_month.added.sum()) / total))
    if goals is not None and len(goals):
        goal = goals.groupby("month").goal.sum().reindex(by_month.index)
        marks = chart_rows(pd.DataFrame({"month": names, "amount": goal.to_numpy() / unit.divisor}))
        layers.append(alt.Chart(marks).mark_tick(color=GOAL, thickness=3).encode(
            x=x, y=alt.Y(field="amount", type="quantitative")))
        words = say("team.capacity_goal", total=format_money(total, currency), goal=format_money(
            float(goal.sum()), currency), change=format_growth(float(goal.sum()) / total - 1))
    return finish_chart(layers, words, say("team.capacity_note"), height=240)
