"""What a claim pays: on average for every claim, and for every result after a low, a good and a high one."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.claiming.rules import Menu, Rule
from salesgoals.claiming.worth import best_claim, expected_pay, with_chance
from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.numbers import (
    AxisUnit,
    choose_axis_unit,
    format_chance,
    format_money,
    format_share,
    say_points,
)
from salesgoals.show.render import FORECAST, GAIN, GOAL, INK, NEWCOMER
from salesgoals.words import say

POINTS = 60
LEAST, MOST = 0.5, 1.6      # claims shown, of the honest one
BESIDE = 0.3                # the low and the high claim lie so far from the honest one
FAR = 0.01                  # results shown: all but the rarest


def chart_claim_worth(rule: Rule, mean: float, sd: float, currency: str = "",
                      claim: float | None = None) -> alt.LayerChart | None:
    """Show what each claim pays on average: the honest one stands on top.

    Parameters
    ----------
    rule : Rule
        Gonik, joint base or menu.
    mean, sd : float
        The person's expected sales and standard deviation.
    currency : str
        For the axis.
    claim : float, optional
        A claim to mark beside the honest one.

    Returns
    -------
    altair.LayerChart or None
        None without a forecast.
    """
    if not mean > 0:
        return None
    honest = best_claim(rule, mean, sd)
    unit = choose_axis_unit(2 * honest.claim, currency)
    ends = [honest.claim * LEAST, honest.claim * MOST]
    if claim is not None:
        ends = [min(ends[0], claim), max(ends[1], claim)]
    menu = isinstance(rule, Menu)
    claims = np.asarray(rule.goals) if isinstance(rule, Menu) else np.linspace(ends[0], ends[1], POINTS + 1)
    paid = np.asarray(expected_pay(rule, mean, sd, claims), float)
    curve = pd.DataFrame({"x": claims / unit.divisor, "y": paid})
    marks = [{"x": honest.claim / unit.divisor, "y": honest.expected, "kind": "honest",
              "label": say("claims.chart_honest", claim=format_money(honest.claim, like=honest.claim),
                           chance=format_chance(honest.chance))}]
    if claim is not None and abs(claim - honest.claim) > 0.01 * honest.claim and not menu:
        marks.append({"x": claim / unit.divisor, "y": float(expected_pay(rule, mean, sd, claim)),
                      "kind": "own",
                      "label": say("claims.chart_own", claim=format_money(claim, like=honest.claim))})
    low, high = float(curve.y.min()), float(curve.y.max())
    room = 0.18 * (high if menu else high - low or abs(high) or 1.0)
    x = _money_axis("x", unit, "claims.axis_claim", ends[0] / unit.divisor, ends[1] / unit.divisor)
    y = _pay_axis("y", rule, "average", low - room / 3, high + room)
    layers: list[Any] = [alt.Chart(chart_rows(curve)).mark_bar(color=FORECAST, size=34, opacity=.55).encode(
        x=x, y=_pay_axis("y", rule, "average", 0.0, high + room))] if menu else [
        alt.Chart(chart_rows(curve)).mark_line(color=FORECAST, strokeWidth=2.5).encode(x=x, y=y)]
    if menu:
        y = _pay_axis("y", rule, "average", 0.0, high + room)
    for mark in marks:
        best, right = mark["kind"] == "honest", claim is not None and claim > honest.claim
        place: dict[str, Any] = {"dy": -14, "align": "center"} if best else {
            "dy": 16, "align": "right" if right else "left", "dx": -4 if right else 4}
        color, rows = GAIN if best else GOAL, chart_rows(pd.DataFrame([mark]))
        layers += [alt.Chart(rows).mark_point(color=color, filled=True, size=110, opacity=1).encode(x=x, y=y),
                   alt.Chart(rows).mark_text(color=color, fontWeight=600, **place).encode(
                       x=x, y=y, text=alt.Text(field="label", type="nominal"))]
    return finish_chart(layers, _worth_words(rule, mean, sd, honest.claim, honest.expected, currency),
                        say(f"claims.note_{rule.name}"), height=230)


def _worth_words(rule: Rule, mean: float, sd: float, honest: float, best: float, currency: str) -> str:
    claim = format_money(honest, currency)
    if isinstance(rule, Menu):
        return say("claims.chart_worth_menu", claim=claim)
    lost = [best - float(expected_pay(rule, mean, sd, honest * (1 + side * BESIDE))) for side in (-1, 1)]
    return say("claims.chart_worth", claim=claim, share=format_share(BESIDE), low=say_points(lost[0]),
               high=say_points(lost[1]))


def chart_claim_pay(rule: Rule, mean: float, sd: float, currency: str = "",
                    actual: float | None = None) -> alt.LayerChart | None:
    """Show what is paid for every result, after a low, the honest and a high claim.

    Parameters
    ----------
    rule : Rule
        Gonik, joint base or menu.
    mean, sd : float
        The person's expected sales and standard deviation.
    currency : str
        For the axis.
    actual : float, optional
        A result to mark.

    Returns
    -------
    altair.LayerChart or None
        None without a forecast.
    """
    if not mean > 0:
        return None
    honest = best_claim(rule, mean, sd).claim
    unit = choose_axis_unit(2 * honest, currency)
    claims = [honest * (1 - BESIDE), honest, honest * (1 + BESIDE)]
    if isinstance(rule, Menu):
        claims = list(rule.goals)
    ends = [min(with_chance(mean, sd, 1 - FAR), claims[0] * .9),
            max(with_chance(mean, sd, FAR), claims[-1] * 1.1)]
    if actual is not None:
        ends = [min(ends[0], actual), max(ends[1], actual)]
    results = np.unique(np.concatenate([np.linspace(ends[0], ends[1], POINTS + 1), claims,
                                        [claim * (1 - 1e-9) for claim in claims]]))
    colors = [NEWCOMER, GAIN, GOAL]
    pays = [np.asarray(rule.pay(np.full(len(results), claim), results), float) for claim in claims]
    low, high = min(float(pay.min()) for pay in pays), max(float(pay.max()) for pay in pays)
    room = 0.06 * (high - low)
    x = _money_axis("x", unit, "claims.axis_actual", ends[0] / unit.divisor,
                    (ends[1] + .3 * (ends[1] - ends[0])) / unit.divisor, ends[1] / unit.divisor)
    y = _pay_axis("y", rule, "pay", low - room, high + room)
    names = _apart([float(pay[-1]) for pay in pays], (high - low) * .075)
    layers: list[Any] = []
    for claim, pay, color, at in zip(claims, pays, colors, names, strict=False):
        rows = chart_rows(pd.DataFrame({"x": results / unit.divisor, "y": pay}))
        name = say("claims.chart_line", claim=format_money(claim, like=honest))
        end = chart_rows(pd.DataFrame([{"x": ends[1] / unit.divisor, "y": at, "name": name}]))
        width = 2.5 if color == GAIN else 1.8
        layers += [alt.Chart(rows).mark_line(color=color, strokeWidth=width).encode(x=x, y=y),
                   alt.Chart(end).mark_text(align="left", dx=6, color=color, fontWeight=600).encode(
                       x=x, y=y, text=alt.Text(field="name", type="nominal"))]
    if actual is not None:
        mark = {"x": actual / unit.divisor, "label": say("claims.chart_sold")}
        rule_rows = chart_rows(pd.DataFrame([mark]))
        layers += [alt.Chart(rule_rows).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x),
                   alt.Chart(rule_rows).mark_text(color=INK, align="left", dx=5, baseline="top").encode(
                       x=x, y=alt.value(2), text=alt.Text(field="label", type="nominal"))]
    key = "claims.chart_pay_menu" if isinstance(rule, Menu) else "claims.chart_pay"
    return finish_chart(layers, say(key), say(f"claims.note_pay_{rule.name}"), height=230)


def _apart(wanted: list[float], least: float) -> list[float]:
    """Keep names of lines at least so far from each other, in the same order."""
    order = np.argsort(wanted)
    placed = [wanted[place] for place in order]
    for at in range(1, len(placed)):
        placed[at] = max(placed[at], placed[at - 1] + least)
    shift = (sum(placed) - sum(wanted)) / len(wanted)
    result = [0.0] * len(wanted)
    for place, value in zip(order, placed, strict=True):
        result[int(place)] = value - shift
    return result


def _money_axis(field: str, unit: AxisUnit, title: str, low: float, high: float,
                last: float | None = None) -> alt.X:
    return alt.X(field=field, type="quantitative", title=say(title, unit=unit.title),
                 scale=alt.Scale(domain=[low, high], nice=False, zero=False),
                 axis=alt.Axis(values=round_ticks(low, high if last is None else last, 7), format=",~f",
                               grid=False))


def _pay_axis(field: str, rule: Rule, kind: str, low: float, high: float) -> alt.Y:
    return alt.Y(field=field, type="quantitative", title=say(f"claims.axis_{kind}_{rule.name}"),
                 scale=alt.Scale(domain=[low, high], nice=False, zero=False),
                 axis=alt.Axis(values=round_ticks(low, high, 5), format=",~f", domain=False, ticks=False,
                               titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))


