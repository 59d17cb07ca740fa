"""Charts of an adjustment: who takes on how much, and how chances change."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import (
    MOST_ROWS,
    chart_rows,
    finish_chart,
    join_names,
    name_people,
    round_ticks,
)
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_money
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, QUIET
from salesgoals.words import say

FEW = 3             # people whom a finding names
SAME = .005         # chances that differ by less are the same
OUT_OF_REACH = .1
PLUS = "datum.value === 0 ? '0' : format(datum.value, '+,~f')"  # a zero has no sign


def chart_absorbers(who_absorbs: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show who takes on how much and who carries less, after an event.

    Parameters
    ----------
    who_absorbs : pandas.DataFrame
        Of :class:`salesgoals.adjust.Adjustment`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where no goal changes. Beyond 25 rows the largest changes are shown, the others counted.
    """
    if who_absorbs.empty:
        return None
    shown = who_absorbs.assign(name=name_people(who_absorbs))
    note = say("adjust.chart_absorb_note")
    if len(shown) > MOST_ROWS:
        note += say("adjust.chart_more", n=len(shown) - MOST_ROWS)
        shown = shown.loc[shown.change.abs().nlargest(MOST_ROWS).index].sort_values(
            "change", ascending=False, kind="stable")
    unit = choose_axis_unit(float(shown.change.abs().max()), currency)
    rows = pd.DataFrame({"row": shown.name, "x": shown.change / unit.divisor,
                         "more": shown.change > 0, "text": [_signed(value) for value in shown.change]})
    low, high = min(0., float(rows.x.min())), max(0., float(rows.x.max()))
    room = .22 * (high - low)
    y = alt.Y(field="row", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    x = alt.X(field="x", type="quantitative", title=say("adjust.axis_change", unit=unit.title),
              scale=alt.Scale(domain=[low - room * (low < 0), high + room * (high > 0)], nice=False),
              axis=alt.Axis(labelExpr=PLUS, ticks=False, domain=False, values=round_ticks(low, high)))
    color = alt.Color(field="more", type="nominal", legend=None,
                      scale=alt.Scale(domain=[True, False], range=[GOAL, FORECAST]))
    layers: list[Any] = [alt.Chart(chart_rows(rows)).mark_bar(height=13).encode(x=x, y=y, color=color)]
    text = alt.Text(field="text", type="nominal")
    more, less = (alt.Chart(chart_rows(rows[rows.more == side])) for side in (True, False))
    layers += [more.mark_text(align="left", dx=6, color=INK).encode(x=x, y=y, text=text),
               less.mark_text(align="right", dx=-6, color=INK).encode(x=x, y=y, text=text)]
    layers.append(alt.Chart(chart_rows(pd.DataFrame([{"x": 0.}]))).mark_rule(color=INK).encode(x=x))
    return finish_chart(layers, _absorb_finding(who_absorbs), note, height=24 * len(rows))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "\u2212") + format_money(abs(value))


def _absorb_finding(changed: pd.DataFrame) -> str:
    more, less = changed[changed.change > 0], changed[changed.change < 0]
    taken, given = float(more.change.sum()), float(-less.change.sum())
    if less.empty:
        return say("adjust.finding_more", n=len(more), amount=format_money(taken))
    if more.empty:
        return say("adjust.finding_less", n=len(less), amount=format_money(given))
    if len(more) <= FEW:
        return say("adjust.finding_few", names=join_names(name_people(changed)[more.index].tolist()),
                   amount=format_money(taken))
    return say("adjust.finding_many", n=len(more), amount=format_money(taken),
               most=format_money(float(more.change.max())), name=str(name_people(changed)[more.index[0]]))


def chart_chances_change(chances: pd.DataFrame, rest: bool = False) -> alt.LayerChart | None:
    """Show each person's chance before and after.

    Parameters
    ----------
    chances : pandas.DataFrame
        Of :class:`salesgoals.adjust.Adjustment`.
    rest : bool
        The chance of what is left from the day on, instead of the chance of the whole goal.

    Returns
    -------
    altair.LayerChart or None
        None where no chance is known or none changes. Beyond 25 rows the largest changes are shown.
    """
    kind = "rest_chance" if rest else "chance"
    chances = chances.assign(before=chances[f"{kind}_before"], after=chances[f"{kind}_after"])
    known = chances[(chances.by == "person") & chances.before.notna() & chances.after.notna()]
    # Who leaves has nothing ahead: the chance of what is past says nothing.
    moved = known[((known.after - known.before).abs() >= SAME) & (known.open_after > 0)]
    if moved.empty:
        return None
    whole = chances[chances.by == "all"].iloc[0]
    note = say("adjust.chart_chance_note") + say(
        "adjust.chart_chance_rest" if rest else "adjust.chart_chance_whole")
    if len(moved) > MOST_ROWS:
        note += say("adjust.chart_more", n=len(moved) - MOST_ROWS)
        moved = moved.loc[(moved.after - moved.before).abs().nlargest(MOST_ROWS).index]
    moved = moved.sort_values("after", ascending=False, kind="stable")
    names = name_people(moved.rename(columns={"unit": "person_id", "name": "person"}))
    rows = pd.DataFrame({"row": names, "before": moved.before, "after": moved.after,
                         "up": moved.after > moved.before,
                         "text": [format_chance(value) for value in moved.after]})

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative",
                     title=say("adjust.axis_rest_chance" if rest else "adjust.axis_chance"),
                     scale=alt.Scale(domain=[-.06, 1.1], nice=False),
                     axis=alt.Axis(format=".0%", ticks=False, domain=False, values=[0, .25, .5, .75, 1]))

    y = alt.Y(field="row", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    color = alt.Color(field="up", type="nominal", legend=None,
                      scale=alt.Scale(domain=[True, False], range=[GAIN, GOAL]))
    points = chart_rows(rows)
    limit = alt.Chart(chart_rows(pd.DataFrame([{"at": OUT_OF_REACH}]))).mark_rule(
        color=QUIET, strokeDash=[4, 3]).encode(x=x("at"))
    layers = [
        *([] if rest else [limit]),  # out of reach is judged by the whole goal
        alt.Chart(points).mark_rule(strokeWidth=3).encode(x=x("before"), x2=alt.X2(field="after"), y=y,
                                                          color=color),
        alt.Chart(points).mark_point(filled=True, size=55, opacity=1, color=ACTUAL).encode(
            x=x("before"), y=y),
        alt.Chart(points).mark_point(filled=True, size=80, opacity=1).encode(x=x("after"), y=y, color=color),
        *(alt.Chart(chart_rows(rows[rows.up == up])).mark_text(
            align="left" if up else "right", dx=9 if up else -9, color=INK).encode(
                x=x("after"), y=y, text=alt.Text(field="text", type="nominal")) for up in (True, False))]
    return finish_chart(layers, _chance_finding(whole, len(moved), rest), note, height=24 * len(rows))


def _chance_finding(whole: pd.Series, moved: int, rest: bool) -> str:
    if pd.isna(whole.before) or pd.isna(whole.after):
        return say("adjust.finding_chance_people", n=moved)
    before, after = format_chance(whole.before), format_chance(whole.after)
    part = "_rest" if rest else ""
    if before == after:
        return say(f"adjust.finding_chance_stays{part}", after=after)
    return say(f"adjust.finding_chance{part}", before=before, after=after)
