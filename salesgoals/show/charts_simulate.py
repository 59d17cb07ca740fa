"""The team model in pictures: the cliff, what came from what, outcomes beside published figures."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import format_growth, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, LINE, QUIET
from salesgoals.words import say

LINES = {"share_at_goal": FORECAST, "sales": GAIN, "turnover": GOAL}
EFFECTS = ("share_at_goal", "sales", "turnover")
STEP_OF_CLIFF = .1      # a goal that is a tenth of capacity higher
SAME = .0005            # of capacity or of the people: nothing that a chart could show
SIGNED_POINTS = "datum.value === 0 ? '0' : format(100 * datum.value, '+.0f')"


def chart_cliff(curve: pd.DataFrame, goal: float | None = None) -> alt.LayerChart | None:
    """Show the cliff: a little more goal, and the share at goal falls steeply while sales hardly move.

    Parameters
    ----------
    curve : DataFrame
        From :func:`salesgoals.simulate.level_curve`.
    goal : float, optional
        Where a goal stands now, as a share of capacity: marked by a line, and the title starts from it.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two levels.
    """
    curve = curve.sort_values("goal")
    if len(curve) < 2:
        return None
    low, high = float(curve.goal.iloc[0]), float(curve.goal.iloc[-1])
    top = max(1.15, float(curve[[*LINES, "high"]].max().max()) * 1.12)
    x = alt.X(field="goal", type="quantitative", title=say("simulate.axis_goal"),
              scale=alt.Scale(domain=[low, high + .16 * (high - low)], nice=False),
              axis=alt.Axis(format=".0%", grid=False, ticks=False, values=round_ticks(low, high, 8)))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=None,
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(format=".0%", ticks=False, domain=False, values=round_ticks(0, top)))

    layers: list[Any] = [alt.Chart(chart_rows(curve[["goal", "low", "high"]])).mark_area(
        color=FORECAST, opacity=.14).encode(x=x, y=y("low"), y2=alt.Y2(field="high"))]
    if goal is not None and low <= goal <= high:
        marked = pd.DataFrame([{"goal": goal, "at": top, "name": say("simulate.now",
                                                                     goal=format_share(goal))}])
        right = goal > (low + high) / 2
        layers += [alt.Chart(chart_rows(marked)).mark_rule(color=LINE, strokeWidth=3).encode(x=x),
                   alt.Chart(chart_rows(marked)).mark_text(
                       align="right" if right else "left", dx=-6 if right else 6, dy=8, color=QUIET).encode(
                       x=x, y=y("at"), text=alt.Text(field="name", type="nominal"))]
    ends = _apart([(name, float(curve[name].iloc[-1])) for name in LINES], .065 * top)
    for name, color in LINES.items():
        layers.append(alt.Chart(chart_rows(curve[["goal", name]])).mark_line(
            color=color, strokeWidth=2.5).encode(x=x, y=y(name)))
        label = pd.DataFrame([{"goal": high, "at": ends[name], "name": say(f"simulate.short.{name}")}])
        layers.append(alt.Chart(chart_rows(label)).mark_text(
            align="left", dx=6, color=color, fontWeight=600).encode(
            x=x, y=y("at"), text=alt.Text(field="name", type="nominal")))
    return finish_chart(layers, _say_cliff(curve, goal), say("simulate.cliff_note"), height=300)


def _say_cliff(curve: pd.DataFrame, goal: float | None) -> str:
    """Say what a tenth more does from where the goal stands, or else where it does most."""
    places = curve.goal.to_numpy(float)
    starts = places[places <= places[-1] - STEP_OF_CLIFF + 1e-9]
    if not len(starts):
        starts = places[:1]
    step = min(STEP_OF_CLIFF, places[-1] - places[0])

    def at(name: str, goals: Any) -> Any:
        return np.interp(goals, places, curve[name].to_numpy(float))

    if goal is not None and places[0] <= goal <= starts[-1]:
        starts = np.array([goal])
    falls = at("share_at_goal", starts) - at("share_at_goal", starts + step)
    start = float(starts[int(np.argmax(falls))])
    ends = start + step
    sales = float(at("sales", ends) / at("sales", start) - 1)
    return say("simulate.cliff_title", low=format_share(start), high=format_share(ends),
               share_low=format_share(float(at("share_at_goal", start))),
               share_high=format_share(float(at("share_at_goal", ends))), sales=format_growth(sales))


def _apart(ends: list[tuple[str, float]], least: float) -> dict[str, float]:
    """Move the names at the ends of lines so far apart that they can be read."""
    placed: dict[str, float] = {}
    last = -least / 2       # not below the axis, where its labels stand
    for name, value in sorted(ends, key=lambda end: end[1]):
        last = max(value, last + least)
        placed[name] = last
    return placed


def chart_what_came_from_what(explained: pd.DataFrame) -> alt.LayerChart | None:
    """Show what each factor added to the share at goal, to sales and to turnover.

    Parameters
    ----------
    explained : DataFrame
        From :func:`salesgoals.simulate.explain_change`.

    Returns
    -------
    altair.LayerChart or None
        None where nothing has changed.
    """
    moved = explained[(explained[list(EFFECTS)].abs() > SAME).any(axis=1)]
    if moved.empty:
        return None
    moved = moved.sort_values("share_at_goal", ascending=False)
    names = [say(f"simulate.factor.{factor}") for factor in moved.factor]
    kinds = [say(f"simulate.short.{name}") for name in EFFECTS]
    rows = pd.DataFrame([
        {"factor": said, "kind": kind, "effect": getattr(row, name),
         "text": _signed(getattr(row, name))}
        for row, said in zip(moved.itertuples(), names, strict=True)
        for name, kind in zip(EFFECTS, kinds, strict=True)])
    reach = max(float(rows.effect.max()), 0.), min(float(rows.effect.min()), 0.)
    room = .14 * (reach[0] - reach[1])
    domain = [reach[1] - room, reach[0] + room]
    total = explained[list(EFFECTS)].sum()
    first = moved.iloc[0]
    finding = say("simulate.shapley_title", share=_signed(total.share_at_goal), sales=_signed(total.sales),
                  factor=names[0], part=_signed(first.share_at_goal))
    x = alt.X(field="effect", type="quantitative", title=say("simulate.axis_points"),
              scale=alt.Scale(domain=domain, nice=False),
              axis=alt.Axis(ticks=False, domain=False, values=round_ticks(domain[0], domain[1]),
                            labelExpr=SIGNED_POINTS))
    y = alt.Y(field="factor", type="nominal", sort=names, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    beside = alt.YOffset(field="kind", type="nominal", sort=kinds)
    layers: list[Any] = [
        alt.Chart(chart_rows(rows)).mark_bar(height=14).encode(
            x=x, y=y, yOffset=beside, color=alt.Color(
                field="kind", type="nominal", sort=kinds, legend=alt.Legend(symbolType="square"),
                scale=alt.Scale(domain=kinds, range=[LINES[name] for name in EFFECTS])))]
    for positive in (True, False):
        part = rows[(rows.effect >= 0) == positive]
        if len(part):
            layers.append(alt.Chart(chart_rows(part)).mark_text(
                align="left" if positive else "right", dx=5 if positive else -5, color=INK).encode(
                x=x, y=y, yOffset=beside, text=alt.Text(field="text", type="nominal")))
    return finish_chart(layers, finding, say("simulate.shapley_note"), height=62 * len(names))


def _signed(share: float) -> str:
    """Write a change in points of a hundred, with its sign."""
    points = 100 * share
    if abs(points) < .05:
        return "0"
    text = f"{abs(points):.0f}" if abs(points) >= 9.95 else f"{abs(points):.1f}"
    return ("+" if points > 0 else "\u2212") + text


def chart_outcomes(outcomes: pd.DataFrame, published: pd.DataFrame | None = None) -> alt.LayerChart | None:
    """Show the model's outcomes, between what single teams lie, and the published figures beside them.

    Parameters
    ----------
    outcomes : DataFrame
        From :func:`salesgoals.simulate.outcome_table`, and if there are several years a column ``when``
        (before, after).
    published : DataFrame, optional
        Columns figure, value (or published), and when if the outcomes have it; a column ``team`` is drawn as
        what one team did. With it only these figures are shown.

    Returns
    -------
    altair.LayerChart or None
        None where there is nothing to show.
    """
    rows = outcomes.copy()
    rows["when"] = rows.get("when", "")
    if published is None:
        rows = rows[~rows.measure.isin(("goal", "attainment"))].assign(value=np.nan, team=np.nan)
    else:
        told = published.rename(columns={"figure": "measure", "published": "value"})
        told["when"] = told.get("when", "")
        told["team"] = told.get("team", np.nan)
        rows = told[["when", "measure", "value", "team"]].merge(rows, on=["when", "measure"])
    if rows.empty:
        return None
    names = [say(f"simulate.when.{row.when}", figure=say(f"simulate.measure.{row.measure}")) if row.when
             else say(f"simulate.measure.{row.measure}") for row in rows.itertuples()]
    rows["name"] = names
    top = max(1., float(rows.high.max()), float(np.nanmax([0., *rows.value, *rows.team]))) * 1.02
    x_of: dict[str, Any] = {"type": "quantitative", "title": None,
                            "scale": alt.Scale(domain=[0, top], nice=False),
                            "axis": alt.Axis(format=".0%", ticks=False, domain=False,
                                             values=round_ticks(0, top))}
    y = alt.Y(field="name", type="nominal", sort=names, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False,
                            labelLimit=260))
    kinds = [say(f"simulate.{kind}") for kind in ("model_mean", "one_team", "published")]
    points = _points(rows, kinds)
    shown = [kind for kind in kinds if kind in set(points.kind)]
    look = dict(zip(kinds, (("circle", FORECAST), ("square", ACTUAL), ("diamond", GOAL)), strict=True))
    layers: list[Any] = [
        alt.Chart(chart_rows(rows[["name", "low", "high"]])).mark_rule(
            color=FORECAST, strokeWidth=7, opacity=.28).encode(
            x=alt.X(field="low", **x_of), x2=alt.X2(field="high"), y=y),
        alt.Chart(chart_rows(points)).mark_point(filled=True, size=110, opacity=1).encode(
            x=alt.X(field="at", **x_of), y=y,
            color=alt.Color(field="kind", type="nominal", sort=shown, legend=alt.Legend(),
                            scale=alt.Scale(domain=shown, range=[look[kind][1] for kind in shown])),
            shape=alt.Shape(field="kind", type="nominal", sort=shown,
                            scale=alt.Scale(domain=shown, range=[look[kind][0] for kind in shown])))]
    return finish_chart(layers, _say_outcomes(rows), say("simulate.outcomes_note"), height=46 * len(rows))


def _points(rows: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    long = [pd.DataFrame({"name": rows["name"], "kind": kind, "at": rows[column]})
            for kind, column in zip(kinds, ("mean", "team", "value"), strict=True)]
    return pd.concat(long).dropna(subset=["at"])


def _say_outcomes(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["value"])
    if known.empty:
        first = rows.iloc[0]
        return say("simulate.outcomes_title", figure=first["name"], mean=format_share(first["mean"]),
                   low=format_share(first.low), high=format_share(first.high))
    inside = int(((known.value >= known.low) & (known.value <= known.high)).sum())
    key = "simulate.outcomes_all" if inside == len(known) else "simulate.outcomes_some"
    return say(key, n=inside, of=len(known))
