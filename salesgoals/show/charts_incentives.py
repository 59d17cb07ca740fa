"""Pay in pictures: one person's curve, the cost of a plan with its range, who gains by another plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from scipy.special import ndtr

from salesgoals.forecast import Forecast
from salesgoals.incentives import PayCost, PayTerms, pay_at
from salesgoals.paying.curve import exact_lines
from salesgoals.paying.expected import expected_results
from salesgoals.paying.scheme import parts_of
from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_money, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, QUIET
from salesgoals.words import say

LEAST_END, MOST_END = 1.5, 2.2   # how far the axis of results reaches, of the goal
CURVE_POINTS = 60
HUMP = .28                       # share of the height that the forecast below the curve takes
EDGE = 1e-6                      # just before a corner
HEIGHTS = (1.33, 1.22, 1.11)     # of the names in the picture of the cost, from left to right
ROOM = .24                       # of the width, for the name of the last
LABEL_ROOM = .55                 # of the span, on both sides, for what each gets
SAME = .005                      # of the pay before: nobody calls this a gain or a loss


def chart_pay_curve(terms: PayTerms, person_id: str, forecast: Forecast | None = None,
                    currency: str = "") -> alt.LayerChart | None:
    """Show what a person earns at any result, and how likely each result is.

    Parameters
    ----------
    terms : PayTerms
        With this person in it.
    person_id : str
        Whose curve; all metrics and the team are taken to be reached to the same share.
    forecast : Forecast, optional
        Draws where the person will probably end, below the curve.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where the person has no goal or no group.
    """
    group = terms.group_of(person_id)
    own = terms.only([person_id])
    if group is None or not len(own.goals) or not (own.people.target_pay > 0).any():
        return None
    corners = sorted({float(line.start) for part in parts_of(group)
                      for line in exact_lines(own.plan.curves[part.curve]) if line.start > 0})
    end = min(max([LEAST_END, *(corner * 1.08 for corner in corners)]), MOST_END)
    # Between its corners pay runs straight, so no other points are needed.
    places = sorted({0., end, 1.,
                     *(at for corner in corners if corner <= end for at in (corner - EDGE, corner))})
    paid = [float(sum(pay_at(own, person_id, f"{at:.7f}").pay, Decimal(0))) for at in places]
    unit = choose_axis_unit(max(paid), currency)
    curve = pd.DataFrame({"result": places, "pay": [value / unit.divisor for value in paid]})
    top = float(curve.pay.max()) * 1.12
    x = alt.X(field="result", type="quantitative", title=say("chart.pay_result"),
              scale=alt.Scale(domain=[0, end], nice=False),
              axis=alt.Axis(format=".0%", grid=False, values=round_ticks(0, end, 8)))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("chart.pay_in", unit=unit.title),
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(values=round_ticks(0, top), format=",~f", domain=False, ticks=False,
                                   titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    hump, chance = _hump(own, forecast, end, top)
    layers: list[Any] = []
    if len(hump):
        rows = chart_rows(hump)
        layers.append(alt.Chart(rows).mark_area(color=ACTUAL, opacity=.35).encode(x=x, y=y("height")))
        peak = hump.loc[[hump.height.idxmax()]].assign(name=say("chart.pay_likely"))
        peak["height"] *= .3
        layers.append(alt.Chart(chart_rows(peak)).mark_text(color=QUIET).encode(
            x=x, y=y("height"), text=alt.Text(field="name", type="nominal")))
    curve_rows = chart_rows(curve)
    layers.append(alt.Chart(curve_rows).mark_line(color=FORECAST, strokeWidth=2.5).encode(x=x, y=y("pay")))
    marks = _marks([corner for corner in {*corners, 1.} if corner <= end], curve, unit.divisor)
    if len(marks):
        rows = chart_rows(marks)
        layers.append(alt.Chart(rows).mark_point(color=GOAL, filled=True, size=70, opacity=1).encode(
            x=x, y=y("pay")))
        layers += [alt.Chart(rows).mark_text(align="right", dx=-9, dy=-7, fontWeight=600, **ink).encode(
            x=x, y=y("pay"), text=alt.Text(field="label", type="nominal"))
            for ink in ({"color": "white", "stroke": "white", "strokeWidth": 4}, {"color": INK})]
    at_goal, beyond = paid[places.index(1.)], _after_goal(own, person_id)
    finding = say("chart.pay_title", pay=format_money(at_goal, currency),
                  point=format_money(beyond, currency))
    if chance == chance:
        finding += say("chart.pay_title_chance", chance=format_chance(chance))
    return finish_chart(layers, finding, say("chart.pay_note" if len(hump) else "chart.pay_note_plain"),
                        height=230)


def _hump(terms: PayTerms, forecast: Forecast | None, end: float, top: float) -> tuple[pd.DataFrame, float]:
    """Draw the likely results as a hump; nothing where each period starts anew or no forecast is known."""
    nothing = pd.DataFrame(columns=["result", "height"])
    rows = None if forecast is None else expected_results(terms, forecast)
    if rows is None or len(rows) != 1 or not bool(rows.known.iloc[0]) or not rows.goal.iloc[0] > 0:
        return nothing, float("nan")
    centre = float(rows.centre.iloc[0] - np.log(rows.goal.iloc[0]))
    spread = float(rows.spread.iloc[0])
    places = np.linspace(end / CURVE_POINTS, end, CURVE_POINTS)
    height = np.exp(-((np.log(places) - centre) / spread) ** 2 / 2) / places
    return (pd.DataFrame({"result": places, "height": height / height.max() * top * HUMP}),
            float(ndtr(centre / spread)))


def _marks(corners: list[float], curve: pd.DataFrame, divisor: float) -> pd.DataFrame:
    """Name the corners of the curve, those too close to each other only once."""
    rows: list[dict[str, Any]] = []
    for corner in sorted(corners):
        pay = float(curve.pay[(curve.result - corner).abs() < EDGE / 2].iloc[0])
        if rows and corner - rows[-1]["result"] < .04:
            continue
        label = say("chart.pay_mark", result=format_share(corner), pay=format_money(pay * divisor))
        rows.append({"result": corner, "pay": pay, "label": label})
    return pd.DataFrame(rows)


def _after_goal(terms: PayTerms, person_id: str) -> float:
    """What one more point of result brings right above the goal."""
    two = [sum(pay_at(terms, person_id, at).pay, Decimal(0)) for at in ("1", "1.01")]
    return float(two[1] - two[0])


def chart_pay_cost(cost: PayCost, currency: str = "") -> alt.LayerChart | None:
    """Show what a pay plan may cost: the likely range, everybody at 100 %, and the budget.

    Parameters
    ----------
    cost : PayCost
        From :func:`salesgoals.incentives.cost_of_plan`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where nothing is to be paid.
    """
    total = cost.total
    if not total.expected > 0 or not len(cost.distribution) or not total.high > total.low:
        return None
    table = cost.distribution
    unit = choose_axis_unit(total.high, currency)
    middle = (table.cost[:-1].to_numpy() + table.cost[1:].to_numpy()) / 2
    height = np.diff(table.chance) / np.maximum(np.diff(table.cost), 1e-9)
    height = np.convolve(np.pad(height, 1, mode="edge"), [.25, .5, .25], mode="valid")
    curve = pd.DataFrame({"cost": middle / unit.divisor, "height": height / height.max()})
    inside = curve[(middle >= total.low) & (middle <= total.high)]
    marks = [("expected", total.expected, FORECAST), ("at_goal", total.at_goal, INK)]
    if total.budget == total.budget:
        marks.append(("budget", total.budget, GOAL))
    marks.sort(key=lambda mark: mark[1])  # the leftmost is the highest, so that no line crosses a name
    last = marks[-1][1] / unit.divisor
    least = min(curve.cost.min(), marks[0][1] / unit.divisor) * .97
    most = max(curve.cost.max(), last) * 1.03
    most = max(most, last + ROOM * (most - least))
    x = alt.X(field="cost", type="quantitative", title=say("chart.cost_in", unit=unit.title),
              scale=alt.Scale(domain=[least, most], nice=False, zero=False),
              axis=alt.Axis(format=",~f", grid=False, tickCount=8))
    y = alt.Y(field="height", type="quantitative", axis=None, scale=alt.Scale(domain=[0, 1.4]))
    layers: list[Any] = [
        alt.Chart(chart_rows(curve)).mark_area(color=FORECAST, opacity=.12).encode(x=x, y=y),
        alt.Chart(chart_rows(inside)).mark_area(color=FORECAST, opacity=.25).encode(x=x, y=y),
        alt.Chart(chart_rows(curve)).mark_line(color=FORECAST, strokeWidth=2).encode(x=x, y=y)]
    for (name, value, color), at in zip(marks, HEIGHTS, strict=False):
        row = chart_rows(pd.DataFrame([{"cost": value / unit.divisor, "height": at,
                                        "label": say(f"chart.cost_{name}", amount=format_money(value))}]))
        layers += [
            alt.Chart(row).mark_rule(color=color, strokeWidth=2).encode(x=x, y=y, y2=alt.datum(0)),
            alt.Chart(row).mark_text(color=color, fontWeight=600, align="left", dx=6).encode(
                x=x, y=y, text=alt.Text(field="label", type="nominal"))]
    finding = say("chart.cost_title", expected=format_money(total.expected, currency),
                  share=format_share(total.share, 1), low=format_money(total.low),
                  high=format_money(total.high))
    if total.budget == total.budget:
        finding += say("chart.cost_title_budget", chance=format_chance(total.chance_over))
    return finish_chart(layers, finding, say("chart.cost_note", low=format_money(total.without_shock_low),
                                             high=format_money(total.without_shock_high)), height=210)


def chart_pay_gain(compared: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show who would get more and who less under another pay plan.

    Parameters
    ----------
    compared : pandas.DataFrame
        From :func:`salesgoals.incentives.compare_pay`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where nothing changes. Beyond 25 people the largest gains and losses are drawn.
    """
    table = compared.dropna(subset=["gain"]).assign(name=name_people)
    if not len(table) or not (table.gain.abs() > SAME * table.before.clip(lower=1)).any():
        return None
    gains, losses = table.gain > SAME * table.before, table.gain < -SAME * table.before
    shown = table
    if len(table) > MOST_ROWS:
        half = MOST_ROWS // 2
        shown = pd.concat([table.head(half), table.tail(half)])
    unit = choose_axis_unit(float(shown.gain.abs().max()) * 2, currency)
    rows = pd.DataFrame({
        "name": shown.name, "gain": shown.gain / unit.divisor, "zero": 0.,
        "label": [say("chart.gain_label", change=_signed(gain), after=format_money(after))
                  for gain, after in zip(shown.gain, shown.after, strict=True)]})
    low, high = min(float(rows.gain.min()), 0.), max(float(rows.gain.max()), 0.)
    room = LABEL_ROOM * (high - low)
    low, high = low - room, high + room
    x = alt.X(field="gain", type="quantitative", title=say("chart.gain_in", unit=unit.title),
              scale=alt.Scale(domain=[low, high], nice=False),
              axis=alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(
                  float(rows.gain.min()), float(rows.gain.max()))))
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))
    layers: list[Any] = []
    sides: list[tuple[pd.DataFrame, str, Any]] = [(rows[rows.gain >= 0], GAIN, "left"),
                                                 (rows[rows.gain < 0], GOAL, "right")]
    for side, color, align in sides:
        if len(side):
            data = chart_rows(side)
            layers += [alt.Chart(data).mark_bar(color=color, height=12).encode(
                x=x, x2=alt.X2(field="zero"), y=y),
                alt.Chart(data).mark_text(align=align, dx=5 if align == "left" else -5, color=INK).encode(
                    x=x, y=y, text=alt.Text(field="label", type="nominal"))]
    finding = say("chart.gain_title", up=int(gains.sum()), down=int(losses.sum()),
                  before=format_money(float(table.before.sum()), currency),
                  after=format_money(float(table.after.sum()), like=float(table.before.sum())))
    rest = len(table) - len(shown)
    note = say("chart.gain_note") + (say("chart.gain_rest", n=rest) if rest else "")
    order = alt.Chart(chart_rows(rows[["name"]])).mark_point(opacity=0).encode(y=y)
    return finish_chart([order, *layers], finding, note, height=22 * len(rows))


def _signed(amount: float) -> str:
    return ("+" if amount >= 0 else "") + format_money(amount)

