"""Charts of the retrospective: from goal to result, who was held back by what, goal or work, the forecast."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import (
    AxisUnit,
    choose_axis_unit,
    format_growth,
    format_money,
    format_share,
    name_month,
)
from salesgoals.show.process_parts import name_units
from salesgoals.show.render import FORECAST, GAIN, GOAL, INK, QUIET
from salesgoals.show.retro_parts import causes_of, measured_gap, name_cause, say_cause, say_gap
from salesgoals.words import say

SMALL = .005        # of the goal: a step nobody would see
FAINT = .02         # of the largest cell: left white
FURTHEST = 3.       # times the forecast: beyond it points are drawn at the edge
MOST_ROWS = 20
TINTS = {"goal_too_high": GOAL, "both": GOAL, "work": GOAL, "goal_too_low": GAIN, "better": GAIN}
BAND = "#C9D6E2"


def chart_gap(gap: pd.DataFrame, by: str = "all", unit: str = "all",
              currency: str = "") -> alt.LayerChart | None:
    """Walk from goal to result, one step for each cause.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.retro.gap_report`.
    by, unit : str
        Whose gap: all, a team ("department/team") or a person (person_id).
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where there is neither goal nor base. Causes that changed nothing are left out; steps too small
        to be seen are put together.
    """
    own = gap[(gap.by == by) & ((gap.unit == unit) | (by == "all"))]
    if own.empty or pd.isna(measured_gap(row := next(own.itertuples(index=False)))):
        return None
    if pd.isna(row.base):
        return None
    with_goal = pd.notna(row.goal)
    first = float(row.goal if with_goal else row.base)
    causes = [cause for cause in causes_of(gap) if with_goal or cause != "goal_error"]
    effects = {cause: float(getattr(row, cause)) for cause in causes}
    floor = SMALL * max(abs(first), abs(float(row.actual)), 1.)
    shown = [cause for cause in causes if abs(effects[cause]) > floor]
    rest = sum(effect for cause, effect in effects.items() if cause not in shown)
    steps = [(name_cause(cause, str(row.held or "")), effects[cause]) for cause in shown]
    if abs(rest) >= .005:
        steps.append((say("retro.other_steps"), rest))
    at, rows = first, []
    for name, effect in steps:
        rows.append((name, at, at + effect, effect))
        at += effect
    ends = [(say("retro_page.goal" if with_goal else "retro_page.base"), first),
            (say("retro_page.result"), float(row.actual))]
    order = [ends[0][0], *(name for name, *_ in rows), ends[1][0]]
    axis = choose_axis_unit(max(first, float(row.actual)), currency)
    finding = say_gap(row, currency)
    if shown:
        most = max(shown, key=lambda cause: effects[cause] * (1 if measured_gap(row) > 0 else -1))
        if effects[most] * measured_gap(row) > 0:
            finding = say("retro.chart_gap", said=finding, most=say_cause(
                most, effects[most], float("nan"), "", str(row.held or "")))
    return finish_chart(_waterfall(rows, ends, order, axis), finding, say(
        "retro.chart_gap_note" if with_goal else "retro.chart_gap_note_base"), height=30 * len(order))


def _waterfall(rows: list[tuple[str, float, float, float]], ends: list[tuple[str, float]], order: list[str],
               axis: AxisUnit) -> list[Any]:
    """Draw bars between where each step starts and ends; the axis starts near the steps, not at nothing."""
    size = axis.divisor
    reached = [value for _, start, end, _ in rows for value in (start, end)] + [value for _, value in ends]
    low, high = min(reached), max(reached)
    span = (high - low) or abs(high) or 1.
    left = 0. if low <= .35 * high or low - .6 * span <= 0 else low - .6 * span
    right = high + .28 * span
    left -= .25 * span if low < 0 else 0.
    bars = pd.DataFrame([(name, start / size, end / size, "up" if effect > 0 else "down")
                         for name, start, end, effect in rows], columns=["row", "from", "to", "kind"])
    texts = pd.DataFrame({"row": [name for name, *_ in rows],
                          "x": [max(start, end) / size for _, start, end, _ in rows],
                          "text": [_signed(effect) for *_, effect in rows]})
    whole = pd.DataFrame([(name, value / size, format_money(value)) for name, value in ends],
                         columns=["row", "to", "text"])
    y = alt.Y(field="row", type="nominal", sort=order, title=None, scale=alt.Scale(domain=order),
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False,
                            labelLimit=260))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=axis.title,
                     scale=alt.Scale(domain=[left / size, right / size], nice=False, zero=False),
                     axis=alt.Axis(values=round_ticks(left / size, high / size), format=",~f", domain=False,
                                   ticks=False))

    layers: list[Any] = [
        alt.Chart(chart_rows(whole)).mark_tick(color=INK, thickness=4, size=22).encode(y=y, x=x("to")),
        alt.Chart(chart_rows(whole)).mark_text(align="left", dx=6, color=INK, fontWeight="bold").encode(
            y=y, x=x("to"), text=alt.Text(field="text", type="nominal"))]
    if rows:
        layers += [
            alt.Chart(chart_rows(bars)).mark_bar(height=14).encode(
                y=y, x=x("from"), x2=alt.X2(field="to"),
                color=alt.Color(field="kind", type="nominal", legend=None,
                                scale=alt.Scale(domain=["up", "down"], range=[GAIN, GOAL]))),
            alt.Chart(chart_rows(texts)).mark_text(align="left", dx=6, color=INK).encode(
                y=y, x=x("x"), text=alt.Text(field="text", type="nominal"))]
    return layers


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−") + format_money(abs(value))


def chart_causes(gap: pd.DataFrame, currency: str = "",
                 people: pd.DataFrame | None = None) -> alt.LayerChart | None:
    """Show which cause held back or helped which person.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.retro.gap_report`.
    currency : str
        For the figures.
    people : pandas.DataFrame, optional
        Columns person_id and person or name.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two people who can be compared with base. Beyond 20 people those with the largest
        gaps (without goals: furthest from base) are shown.
    """
    single = gap[(gap.by == "person") & gap.base.notna()]
    if len(single) < 2:
        return None
    size = single.gap.where(single.gap.notna(), single.actual - single.base)
    causes = [cause for cause in causes_of(gap) if single[cause].abs().max() > .5]
    largest = max((float(single[cause].abs().max()) for cause in causes), default=0.)
    causes = [cause for cause in causes if single[cause].abs().max() >= FAINT * largest]
    if not causes:
        return None
    table = single[causes]
    # Only what nobody has on record is called by what is known: the columns are the same for all.
    held = ",".join(set.intersection(*(set(str(one or "").split(",")) for one in single.held)))
    worst = table.idxmin(axis=1)[table.min(axis=1) < 0]
    finding = say("retro.chart_causes_none")
    if len(worst):
        most = worst.value_counts()
        finding = say("retro.chart_causes", cause=name_cause(str(most.index[0]), held), n=int(most.iloc[0]),
                      people=len(single))
    kept = single.loc[size.abs().nlargest(MOST_ROWS).index]
    kept = kept.assign(size=size.reindex(kept.index)).sort_values("size")
    names = name_units(kept, people)
    unit = choose_axis_unit(float(kept[causes].abs().max().max()), currency)
    titles = {cause: name_cause(cause, held) for cause in causes}
    rows = pd.DataFrame([(name, titles[cause], effect / unit.divisor) for name, values in zip(
        names, kept[causes].to_numpy(), strict=True) for cause, effect in zip(causes, values, strict=True)],
        columns=["row", "cause", "effect"])
    most_money = float(rows.effect.abs().max())
    rows["text"] = [_cell(value, most_money) for value in rows.effect]
    rows["dark"] = rows.effect.abs() > .6 * most_money
    y = alt.Y(field="row", type="nominal", sort=names, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=6, grid=False))
    x = alt.X(field="cause", type="nominal", sort=list(titles.values()), title=None,
              axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelColor=INK,
                            labelLimit=130, labelOverlap=False))
    cells = chart_rows(rows)
    layers = [
        alt.Chart(cells).mark_rect(stroke="white", strokeWidth=1).encode(x=x, y=y, color=alt.Color(
            field="effect", type="quantitative", legend=None, scale=alt.Scale(
                domain=[-most_money, 0, most_money], range=[GOAL, "#F7F7F5", GAIN]))),
        alt.Chart(cells).mark_text(fontSize=11).encode(
            x=x, y=y, text=alt.Text(field="text", type="nominal"), color=alt.Color(
                field="dark", type="nominal", legend=None,
                scale=alt.Scale(domain=[False, True], range=[INK, "white"])))]
    note = say("retro.chart_causes_note", unit=unit.title)
    if len(single) > len(kept):
        note += say("retro.chart_causes_rest", n=len(kept))
    chart = finish_chart(layers, finding, note, height=22 * len(kept))
    return chart.resolve_scale(color="independent")


def _cell(value: float, largest: float) -> str:
    """Write a cell's figure; what is too small beside the largest is left white."""
    if abs(value) < FAINT * largest:
        return ""
    digits = 0 if largest >= 20 else 1 if largest >= 2 else 2
    return f"{value:+,.{digits}f}".replace("-", "−")


def chart_goal_or_work(verdicts: pd.DataFrame, currency: str = "",
                       people: pd.DataFrame | None = None) -> alt.LayerChart | None:
    """Set goal and result of everybody beside what could be expected when the period began.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        From :func:`salesgoals.retro.goal_or_work`.
    currency : str
        Not shown: all figures stand in relation to the forecast.
    people : pandas.DataFrame, optional
        Columns person_id and person or name.

    Returns
    -------
    altair.LayerChart or None
        None where nothing could be expected. Beyond 20 people those furthest from luck are shown.
    """
    known = verdicts[verdicts.forecast.notna() & (verdicts.forecast > 0) & (verdicts.verdict != "unknown")]
    single = known[known.by == "person"]
    shown = single if len(single) else known
    if shown.empty:
        return None
    loud = shown.verdict.isin(list(TINTS))
    if len(shown) > 1:
        finding = say("retro.chart_verdicts", n=len(shown), goal=int(shown.verdict.isin(
            ["goal_too_high", "both"]).sum()), work=int(shown.verdict.isin(["work", "both"]).sum()))
    else:
        finding = say(f"retro.chart_verdict_{shown.verdict.iloc[0]}")
    left_out = max(len(shown) - MOST_ROWS, 0)
    if left_out:
        far = shown.luck.fillna(1).where(~loud, -1) + shown.goal_chance.fillna(.5) * .01
        shown = shown.loc[far.nsmallest(MOST_ROWS).index]
    shown = shown.loc[(shown.actual / shown.forecast).sort_values().index]
    names = name_units(shown, people)
    base = shown.forecast
    rows = pd.DataFrame({"row": names, "low": shown.low / base, "high": shown.high / base,
                         "actual": shown.actual / base, "goal": shown.goal / base,
                         "tint": shown.verdict.map(TINTS).fillna(INK).to_numpy()})
    figures = rows[["low", "high", "actual", "goal"]]
    right = min(float(figures.max().max()) * 1.04, FURTHEST)
    beyond = bool((figures > FURTHEST).any(axis=None))
    figures = figures.clip(upper=right)
    rows[figures.columns] = figures
    left = min(0.5, float(figures.min().min()))
    left = max(left - .05, 0.) if left >= 0 else left * 1.05
    y = alt.Y(field="row", type="nominal", sort=names, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("retro.axis_of_forecast"),
                     scale=alt.Scale(domain=[left, right], nice=False, zero=False),
                     axis=alt.Axis(values=round_ticks(left, right), format=".0%", domain=False, ticks=False))

    points = chart_rows(rows.drop(columns="goal"))
    with_goal = rows.dropna(subset=["goal"])
    layers: list[Any] = [
        alt.Chart(points).mark_bar(height=10, color=BAND).encode(y=y, x=x("low"), x2=alt.X2(field="high")),
        alt.Chart(chart_rows(pd.DataFrame([{"at": 1.}]))).mark_rule(color=FORECAST).encode(x=x("at")),
        alt.Chart(points).mark_point(filled=True, size=70, opacity=1).encode(
            y=y, x=x("actual"), color=alt.Color(field="tint", type="nominal", scale=None))]
    if len(with_goal):
        layers.insert(1, alt.Chart(chart_rows(with_goal)).mark_tick(
            color=GOAL, thickness=3, size=16).encode(y=y, x=x("goal")))
    note = say("retro.chart_verdicts_note") + (say("retro.chart_verdicts_edge", share=format_share(FURTHEST))
                                               if beyond else "")
    if left_out:
        note += say("retro.chart_verdicts_rest", n=left_out)
    return finish_chart(layers, finding, note, height=max(24 * len(rows), 60))


def chart_forecast_grade(graded: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show month by month what was forecast at the start, its band, and what came.

    Parameters
    ----------
    graded : pandas.DataFrame
        From :func:`salesgoals.retro.grade_forecast`; shown is the largest unit in it.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None without months.
    """
    if graded.empty:
        return None
    by = next((name for name in ("all", "team", "person") if (graded.by == name).any()), "all")
    first = graded[graded.by == by].unit.iloc[0]
    own = graded[(graded.by == by) & (graded.unit == first)]
    months, whole = own[own.month.notna()], own[own.month.isna()]
    if len(months) < 2:
        return None
    unit = choose_axis_unit(float(months[["high", "actual"]].max().max()), currency)
    rows = pd.DataFrame({"month": [name_month(month, year=False) for month in months.month],
                         **{name: months[name].to_numpy() / unit.divisor
                            for name in ("forecast", "low", "high", "actual", "naive")}})
    top = float(rows[["high", "actual", "naive"]].max().max()) * 1.05
    x = alt.X(field="month", type="nominal", sort=rows.month.tolist(), title=None,
              axis=alt.Axis(labelAngle=0, ticks=False, labelColor=INK))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=unit.title,
                     scale=alt.Scale(domain=[min(0., float(rows[["low", "actual"]].min().min())), top],
                                     nice=False),
                     axis=alt.Axis(values=round_ticks(0, top), format=",~f", domain=False, ticks=False,
                                   titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    inside = int(months.inside.sum())
    finding = say("retro.chart_forecast_months", n=inside, months=len(months))
    if len(whole):
        row = whole.iloc[0]
        finding = say("retro.chart_forecast", forecast=format_money(row.forecast, currency),
                      actual=format_money(row.actual, currency), error=format_growth(row.share, 0),
                      n=inside, months=len(months))
    points = chart_rows(rows)
    kinds = [say(f"retro.line_{name}") for name in ("forecast", "actual", "naive")]
    marks = pd.DataFrame([(month, kind, value) for kind, name in zip(
        kinds, ("forecast", "actual", "naive"), strict=True)
        for month, value in zip(rows.month, rows[name], strict=True)], columns=["month", "kind", "value"])
    layers = [
        alt.Chart(points).mark_bar(color=BAND, width=26).encode(x=x, y=y("low"), y2=alt.Y2(field="high")),
        alt.Chart(chart_rows(marks)).mark_point(filled=True, size=80, opacity=1).encode(
            x=x, y=y("value"),
            color=alt.Color(field="kind", type="nominal", legend=alt.Legend(orient="bottom", title=None),
                            scale=alt.Scale(domain=kinds, range=[FORECAST, INK, QUIET])),
            shape=alt.Shape(field="kind", type="nominal", legend=alt.Legend(orient="bottom", title=None),
                            scale=alt.Scale(domain=kinds, range=["diamond", "circle", "cross"])))]
    return finish_chart(layers, finding, say("retro.chart_forecast_note", share=format_share(.8)), height=260)
