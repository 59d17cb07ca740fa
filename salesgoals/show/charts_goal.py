"""The goal against what was and what is to be expected: two charts."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.forecasting.probability import chance_of_total, outlook
from salesgoals.goal import chance, totals_at
from salesgoals.show.calendar import find_long_holidays
from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks, say_change
from salesgoals.show.numbers import (
    choose_axis_unit,
    format_chance,
    format_money,
    format_month,
    format_share,
)
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, QUIET
from salesgoals.words import say

HISTORY_MONTHS = 36
CURVE_POINTS = 50


def chart_history(history: pd.DataFrame, forecast: Forecast, goals: pd.DataFrame, currency: str = "",
                  country: str = "CN") -> alt.LayerChart | None:
    """Show the months so far, what is to be expected, and what the goals ask, with the long holidays marked.

    Parameters
    ----------
    history : pandas.DataFrame
        Columns month, amount; other columns are summed over.
    forecast : Forecast
        Of the same people.
    goals : pandas.DataFrame
        Columns month, goal; other columns are summed over.
    currency, country : str
        For the axis and for the holidays.

    Returns
    -------
    altair.LayerChart or None
        None where there was no sale yet, since nothing can be compared.
    """
    actual = history.groupby("month").amount.sum()
    expected = forecast.unit_months.set_index("month")
    goal = goals.groupby("month").goal.sum()
    if not len(actual) or not actual.any() or not len(goal):
        return None
    last = actual.index.max()
    actual = actual.reindex(pd.date_range(actual.index.min(), last, freq="MS"), fill_value=0.0)
    actual = actual.iloc[-HISTORY_MONTHS:]
    shown = pd.date_range(actual.index[0], max(goal.index.max(), expected.index.max()), freq="MS")
    unit = choose_axis_unit(max(actual.max(), goal.max(), expected.mean().max()), currency)
    table = pd.DataFrame({"actual": actual, "mean": expected["mean"], "low": expected.low.clip(lower=0),
                          "high": expected.high, "goal": goal}, index=shown) / unit.divisor
    table.insert(0, "month", [format_month(month) for month in shown])
    room = [" " * count for count in range(1, 5)]  # empty months at the right, for the names of the lines
    holidays = _holiday_rows(country, shown)
    finding, note = _history_words(actual, forecast, goal, len(holidays) > 0)
    x = alt.X(field="month", type="ordinal", sort=None, title=None,
              scale=alt.Scale(domain=[*table.month, *room], paddingInner=0.25),
              axis=alt.Axis(values=[month for month in table.month if month[-2:] in ("01", "04", "07", "10")],
                            labelExpr=_month_labels(str(table.month.iloc[0])), labelAngle=0, ticks=False,
                            labelOverlap=False, domain=True, labelPadding=6))
    top = float(table[["actual", "mean", "goal", "high"]].max().max())
    bottom, room_above = min(0.0, float(table.actual.min())), 1.18 if len(holidays) else 1.03
    y_scale = alt.Scale(domain=[bottom, top * room_above], nice=False)
    ticks = round_ticks(bottom, top)

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", scale=y_scale, title=unit.title,
                     axis=alt.Axis(values=ticks, domain=False, ticks=False, format=",~f", titleAngle=0,
                                   titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    past, ahead = table.dropna(subset=["actual"]), table.dropna(subset=["mean"])
    past_rows, ahead_rows = chart_rows(past[["month", "actual"]]), chart_rows(
        ahead[["month", "mean", "low", "high"]])
    goal_rows = chart_rows(table.dropna(subset=["goal"])[["month", "goal"]])
    layers = [
        alt.Chart(chart_rows(holidays)).mark_bar(color="#F1F3F5", clip=True).encode(
            x=x, y=alt.value(0), y2=alt.value("height")),
        alt.Chart(chart_rows(holidays)).mark_text(color=QUIET, fontSize=11, baseline="top").encode(
            x=x, y=alt.Y(field="at", type="quantitative", scale=None),
            text=alt.Text(field="holiday", type="nominal")),
        alt.Chart(past_rows).mark_bar(color=ACTUAL).encode(x=x, y=y("actual")),
        alt.Chart(ahead_rows).mark_area(color=FORECAST, opacity=0.2).encode(
            x=x, y=y("low"), y2=alt.Y2(field="high")),
        alt.Chart(ahead_rows).mark_line(color=FORECAST, strokeWidth=2).encode(x=x, y=y("mean")),
        alt.Chart(goal_rows).mark_line(color=GOAL, strokeWidth=1, strokeDash=[3, 3]).encode(x=x, y=y("goal")),
        alt.Chart(goal_rows).mark_point(color=GOAL, shape="diamond", filled=True, size=55, opacity=1).encode(
            x=x, y=y("goal")),
        *_line_names(ahead, table.dropna(subset=["goal"]), top, x, y),
    ]
    return finish_chart(layers, finding, note, height=230)


def _holiday_rows(country: str, shown: pd.DatetimeIndex) -> pd.DataFrame:
    """List the months to shade; names that would touch are written one below the other."""
    found = find_long_holidays(country, shown).sort_values("month")
    level = [14 * (list(dict.fromkeys(found.holiday)).index(name) % 2) for name in found.holiday]
    return pd.DataFrame({"month": [format_month(month) for month in found.month],
                         "holiday": found.holiday.tolist(), "at": level})


def _line_names(ahead: pd.DataFrame, goal: pd.DataFrame, top: float, x: alt.X,
                y: Callable[[str], alt.Y]) -> list[alt.Chart]:
    """Write the name of each line beside its last point, apart from each other."""
    ends = {"goal": float(goal.goal.iloc[-1])}
    months = {"goal": str(goal.month.iloc[-1])}
    if len(ahead):
        ends["forecast"], months["forecast"] = float(ahead["mean"].iloc[-1]), str(ahead.month.iloc[-1])
        apart, middle = top * 0.075, sum(ends.values()) / 2
        if abs(ends["goal"] - ends["forecast"]) < apart:
            up = 1 if ends["goal"] >= ends["forecast"] else -1
            ends = {"goal": middle + up * apart / 2, "forecast": middle - up * apart / 2}
    layers = []
    for name, at in ends.items():
        rows = chart_rows(pd.DataFrame([{"month": months[name], "at": at, "name": say(f"chart.{name}")}]))
        layers.append(alt.Chart(rows).mark_text(
            align="left", dx=11, fontWeight=600, fontSize=13,
            color=GOAL if name == "goal" else FORECAST).encode(
            x=x, y=y("at"), text=alt.Text(field="name", type="nominal")))
    return layers


def _month_labels(first: str) -> str:
    """Write the axis expression: the month, and the year under each January and under the first label."""
    quarters = range(1, 13, 3)
    names = say("number.months").split()
    table = ",".join(f"'{month:02d}':'{names[month - 1]}'" for month in quarters)
    start = int(first[5:])
    opening = next((month for month in quarters if month >= start), 1)
    year = int(first[:4]) + (opening == 1 and start > 1)
    return (f"[({{{table}}})[slice(datum.value,5)], slice(datum.value,5)=='01' || datum.value=="
            f"'{year}-{opening:02d}' ? slice(datum.value,0,4) : '']")


def _history_words(actual: pd.Series, forecast: Forecast, goal: pd.Series,
                   holidays: bool) -> tuple[str, str]:
    last_12 = float(actual.iloc[-12:].sum())
    months = len(goal)
    year = last_12 * months / 12 if len(actual) >= 12 else float("nan")
    expected = float(forecast.unit_months.set_index("month")["mean"].reindex(goal.index).sum())
    wanted = float(goal.sum())
    if year > 0:
        finding = say("chart.history_title", asks=say_change(wanted / year - 1),
                      sees=say_change(expected / year - 1))
    else:
        finding = say("chart.history_short", goal=format_money(wanted), forecast=format_money(expected))
    band = forecast.unit_months.set_index("month").reindex(goal.index)
    above = int((goal > band.high).sum())
    below = int((goal < band.low).sum())
    note = say("chart.history_note", coverage=format_share(forecast.coverage))
    if holidays:
        note += say("chart.history_holidays")
    if above:
        note += say("chart.history_above", n=above, months=months)
    elif not below and band.high.notna().all():
        note += say("chart.history_inside", months=months)
    return finding, note


def chart_chance(forecast: Forecast, goal: float, currency: str = "",
                 baseline: float | None = None) -> alt.LayerChart | None:
    """Show the chance of reaching any total, with the goal, last 12 months and three fair totals marked.

    Parameters
    ----------
    forecast : Forecast
        Of the people who carry the goal.
    goal : float
        The total asked for.
    currency : str
        For the axis.
    baseline : float, optional
        What "as in the last 12 months" would give; by default the last 12 months of these people, and no
        mark where none of them has been on record for a year.

    Returns
    -------
    altair.LayerChart or None
        None where there is no goal, or the forecast expects nothing.
    """
    whole_year = (forecast.people.months_seen >= 12).any()  # part of a year would look like a fall
    last_12 = float(forecast.unit["last_12"]) if baseline is None else baseline
    whole_year = whole_year and last_12 > 0
    last_12 = last_12 if whole_year else goal
    if not goal > 0 or not float(forecast.unit["mean"]) > 0:
        return None
    ends = totals_at(forecast, chances=(0.99, 0.70, 0.50, 0.30, 0.01)).total.tolist()
    marks = ends[1:4]
    lowest, highest = min(ends[0], last_12, goal) * 0.97, max(ends[4], last_12, goal) * 1.03
    if goal > 3 * ends[4]:  # far outside: the curve would shrink to nothing, the title says it all
        highest = ends[4] * 1.1
    unit = choose_axis_unit(2 * goal, currency)  # the unit that the title is written in
    step = (highest - lowest) / CURVE_POINTS
    totals = [lowest + step * number for number in range(CURVE_POINTS + 1)]
    people = forecast.people  # looked at once for all points, which counts with thousands of people
    view = outlook(people["mean"].to_numpy(), people.sd.to_numpy(), forecast.people_correlation)
    curve = pd.DataFrame({"total": totals, "chance": [chance_of_total(view, total) for total in totals]})
    p_goal = chance(forecast, goal)
    curve["total"] /= unit.divisor
    points = pd.DataFrame({"total": [mark / unit.divisor for mark in marks], "chance": [0.7, 0.5, 0.3]})
    points["label"] = [
        say("chart.chance_mark", chance=format_share(share), total=format_money(mark, like=goal))
        for share, mark in zip(points.chance, marks, strict=True)]
    domain = [lowest / unit.divisor, highest / unit.divisor]
    x = alt.X(field="total", type="quantitative", title=say("chart.total_in", unit=unit.title),
              scale=alt.Scale(domain=domain, nice=False, zero=False),
              axis=alt.Axis(format=",~f", grid=False, tickCount=8))
    y = alt.Y(field="chance", type="quantitative", title=say("chart.chance_of_total"),
              scale=alt.Scale(domain=[0, 1.22]),
              axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", domain=False, ticks=False))
    curve_rows, point_rows = chart_rows(curve), chart_rows(points)
    before = _upright(last_12 / unit.divisor, say("chart.last_12"), ACTUAL, 1.19, x, domain)
    layers = [
        alt.Chart(curve_rows).mark_area(color=FORECAST, opacity=0.12).encode(x=x, y=y),
        *(before if whole_year else []),
        *_upright(goal / unit.divisor, say("chart.goal_chance", chance=format_chance(p_goal)), GOAL, 1.06,
                  x, domain),
        alt.Chart(curve_rows).mark_line(color=FORECAST, strokeWidth=2.5).encode(x=x, y=y),
        alt.Chart(point_rows).mark_point(color=FORECAST, filled=True, size=80, opacity=1).encode(x=x, y=y),
        *[alt.Chart(point_rows).mark_text(align="left", dx=10, dy=-6, fontWeight=600, **ink).encode(
            x=x, y=y, text=alt.Text(field="label", type="nominal"))
          for ink in ({"color": "white", "stroke": "white", "strokeWidth": 4}, {"color": FORECAST})],
    ]
    finding = say("chart.chance_title", goal=format_money(goal, currency), chance=format_chance(p_goal),
                  even=format_money(marks[1], currency, like=goal))
    return finish_chart(layers, finding, say("chart.chance_note"), height=200)


def _upright(total: float, label: str, color: str, height: float, x: alt.X,
             domain: list[float]) -> list[alt.Chart]:
    """Draw a line upwards at a total, its name at the side where there is room."""
    lowest, highest = domain
    if not lowest <= total <= highest:
        return []
    right = total < (lowest + highest) / 2
    rows = chart_rows(pd.DataFrame([{"total": total, "at": height, "label": label}]))
    y = alt.Y(field="at", type="quantitative")
    return [
        alt.Chart(rows).mark_rule(color=color, strokeWidth=2,
                                  strokeDash=[1, 0] if color == GOAL else [4, 3]).encode(
            x=x, y=y, y2=alt.datum(0)),
        alt.Chart(rows).mark_text(color=color if color == GOAL else INK, fontWeight=600,
                                  align="left" if right else "right", dx=6 if right else -6).encode(
            x=x, y=y, text=alt.Text(field="label", type="nominal")),
    ]

