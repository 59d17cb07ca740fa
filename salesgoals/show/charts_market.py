"""Charts of the market step: growth against the market, and the causes of the change."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.markets.bridge import CAUSES
from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks, say_change
from salesgoals.show.numbers import (
    choose_axis_unit,
    format_growth,
    format_money,
)
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK
from salesgoals.words import say

MOST_PARTS = 12         # a chart of more rows is read by nobody
PAIR = 2


def name_part(part: str) -> str:
    """Name a part; the whole company and sales of no known part in words."""
    if part == "company":
        return say("market.whole")
    return part or say("market.part_unnamed")


def chart_growth_parts(growth: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show each part's change: what came with its market, and what was won or lost beside it.

    Parameters
    ----------
    growth : pandas.DataFrame
        From :func:`salesgoals.market.growth_against_market`.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where no two years can be compared. Without market figures the whole change is shown.
    """
    shown = growth.head(MOST_PARTS)
    if not len(shown) or not (shown.change.abs() > 0).any():
        return None
    known = bool(shown.share.notna().any())
    unit = choose_axis_unit(float(shown.change.abs().max()), currency)
    names = [name_part(part) for part in shown.part]
    pieces = {"change": shown.change}
    if known:
        pieces = {"with": shown.market + shown.mix, "won": shown.share.clip(lower=0),
                  "lost": shown.share.clip(upper=0)}
    kinds = {name: say(f"market.chart_{name}") for name in pieces}
    rows: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        at = {True: 0.0, False: 0.0}
        for kind, values in pieces.items():
            value = float(values.iloc[place]) / unit.divisor
            if not value:
                continue
            start = at[value >= 0]
            at[value >= 0] = start + value
            rows.append({"name": name, "kind": kinds[kind], "from": start, "to": start + value})
        row = shown.iloc[place]
        ends.append({"name": name, "at": float(row.change) / unit.divisor, "right": at[True],
                     "text": _growth_text(row.growth, row.market_growth)})
    reach = [0.0, *(float(row[end]) for row in rows for end in ("from", "to"))]
    low, high = min(reach), max(reach)
    span = (high - low) or 1.0
    x_scale = alt.Scale(domain=[low - span * .02, high + span * .34], nice=False)

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", scale=x_scale,
                     title=say("market.axis_change", unit=unit.title),
                     axis=alt.Axis(values=round_ticks(low, high), format=",~f", ticks=False, domain=False))

    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))
    shades = [ACTUAL, GAIN, GOAL] if known else [FORECAST]
    color = alt.Color(field="kind", type="nominal",
                      scale=alt.Scale(domain=list(kinds.values()), range=shades),
                      legend=alt.Legend() if known else None)
    dots = chart_rows(pd.DataFrame(ends))
    layers = [
        alt.Chart(chart_rows(pd.DataFrame(rows))).mark_bar(height=14).encode(
            x=x("from"), x2=alt.X2(field="to"), y=y, color=color),
        alt.Chart(dots).mark_tick(color=INK, thickness=2, size=20).encode(x=x("at"), y=y),
        alt.Chart(dots).mark_text(align="left", dx=8, color=INK).encode(
            x=x("right"), y=y, text=alt.Text(field="text", type="nominal")),
    ]
    return finish_chart(layers, _growth_words(growth, currency), _growth_note(growth, known),
                        height=26 * len(shown))


def _growth_text(own: float, market: float) -> str:
    if own != own:
        return say("chart.new")
    if market != market:
        return format_growth(own)
    return say("market.chart_against", own=format_growth(own), market=format_growth(market))


def _growth_words(growth: pd.DataFrame, currency: str) -> str:
    """Say the finding: what the market gave or, where that is not known, which part moved the whole."""
    change = float(growth.change.sum())
    named = growth[(growth.part != "") & growth.growth.notna()]
    if growth.share.notna().any():
        gave = float((growth.market + growth.mix).sum())
        words = {"change": format_money(change, currency), "market": format_money(gave, like=change),
                 "share": format_money(abs(change - gave), like=change)}
        return say("market.growth_won" if change >= gave else "market.growth_lost", **words)
    if len(named) < PAIR:
        return say("market.chart_grew", change=say_change(change / float(growth.before.sum())))
    most = named.loc[(named.change if change >= 0 else -named.change).idxmax()]
    return say("market.chart_most", change=say_change(change / float(growth.before.sum())),
               part=name_part(most.part), amount=_signed(float(most.change), change),
               whole=_signed(change, change))


def _growth_note(growth: pd.DataFrame, known: bool) -> str:
    months = int(growth.months.iloc[0])
    note = say("market.chart_months", n=months)
    if (large := float(growth.large.sum())) > 0:
        note += say("market.chart_large", amount=format_money(large))
    if not known:
        return note + say("market.chart_no_market")
    if (growth.basis == "total").all() and growth["by"].iloc[0]:
        note += say("market.chart_total")
    if len(growth) > MOST_PARTS:
        note += say("market.chart_rest", n=len(growth) - MOST_PARTS)
    return note


def chart_bridge(bridge: pd.DataFrame, currency: str = "", part: str | None = None) -> alt.LayerChart | None:
    """Walk from the sales of the year before to those of this year, cause by cause.

    Parameters
    ----------
    bridge : pandas.DataFrame
        From :func:`salesgoals.market.price_volume_mix`.
    currency : str
        For the axis.
    part : str, optional
        Only this part; by default all together.

    Returns
    -------
    altair.LayerChart or None
        None where no two years can be compared, or no line has quantity and product.
    """
    table = bridge if part is None else bridge[bridge.part == part]
    sums = table[["before", "now", *CAUSES]].sum()
    if not len(table) or not sums[["volume", "mix", "price", "new", "lost"]].abs().any():
        return None
    causes = [name for name in CAUSES if abs(sums[name]) >= .5]
    unit = choose_axis_unit(float(max(sums.before, sums.now)), currency)
    steps, at = [], float(sums.before)
    for name in causes:
        steps.append((say(f"market.cause_{name}"), at, at + sums[name], sums[name]))
        at += float(sums[name])
    ends = [(say(f"market.year_{name}"), 0.0, sums[name], None) for name in ("before", "now")]
    rows = pd.DataFrame([ends[0], *steps, ends[1]], columns=["name", "from", "to", "change"])
    levels = rows[["from", "to"]].to_numpy(dtype="float64")
    walked = levels[1:-1]
    # The walk is what matters: the axis leaves out what neither year goes below, and says so by its labels.
    low = max(0.0, float(walked.min()) - 0.6 * float(np.ptp(walked)))
    rows["from"] = rows["from"].clip(lower=low)
    largest = float(sums[causes].abs().max())
    rows["text"] = [format_money(float(to)) if change is None or change != change
                    else _signed(float(change), largest) for to, change in
                    zip(rows.to, rows.change, strict=True)]
    whole, more, less = (say(f"market.chart_{name}") for name in ("year", "more", "less"))
    rows["kind"] = [whole if change is None or change != change else more if change >= 0 else less
                    for change in rows.change]
    rows["top"] = rows[["from", "to"]].max(axis=1)
    for name in ("from", "to", "top"):
        rows[name] = rows[name].astype("float64") / unit.divisor
    high = float(rows.top.max())
    room = (high - low / unit.divisor) * .1
    y_scale = alt.Scale(domain=[low / unit.divisor, high + room], nice=False, zero=False)
    x = alt.X(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(labelAngle=0, ticks=False, labelColor=INK, labelLimit=110))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", scale=y_scale, title=unit.title,
                     axis=alt.Axis(values=round_ticks(low / unit.divisor, high), format=",~f", domain=False,
                                   ticks=False, titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8,
                                   titleX=0))

    data = chart_rows(rows.drop(columns="change"))
    color = alt.Color(field="kind", type="nominal", legend=None,
                      scale=alt.Scale(domain=[whole, more, less], range=[ACTUAL, GAIN, GOAL]))
    layers = [
        alt.Chart(data).mark_bar(size=38).encode(x=x, y=y("from"), y2=alt.Y2(field="to"), color=color),
        alt.Chart(data).mark_text(dy=-8, color=INK).encode(
            x=x, y=y("top"), text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, _bridge_words(sums, causes, currency),
                        say("market.bridge_note" if low > 0 else "market.bridge_note_full"), height=240)


def _signed(value: float, like: float) -> str:
    return ("+" if value >= 0 else "") + format_money(value, like=like)


def _bridge_words(sums: pd.Series, causes: list[str], currency: str) -> str:
    change = float(sums.now - sums.before)
    ranked = sorted(causes, key=lambda name: -abs(sums[name]))[:PAIR]
    told = say("market.list_comma").join(
        say("market.cause_amount", cause=say(f"market.cause_{name}"),
            amount=_signed(float(sums[name]), change))
        for name in ranked)
    key = "market.bridge_rose" if change >= 0 else "market.bridge_fell"
    return say(key, change=format_money(abs(change), currency), causes=told)
