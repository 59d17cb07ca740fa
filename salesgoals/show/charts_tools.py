"""Charts of choosing a tool: totals piece by piece, wins under other weights, what flips the winner."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, join_names, round_ticks
from salesgoals.show.numbers import format_share
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, LINE, QUIET
from salesgoals.tools import Scoring, Sensitivity, criterion_lines
from salesgoals.words import say

#: told apart by colour-blind readers (Okabe and Ito 2008); further pieces repeat them in a lighter shade
PIECES = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#98A4B0"]
NAMED = .05          # of the axis: names at the ends of lines nearer to each other would overlap
SURE = 1e-9


def chart_ranking(scoring: Scoring) -> alt.LayerChart | None:
    """Show every tool's total, piece by piece, with the span that missing scores leave open.

    Parameters
    ----------
    scoring : Scoring
        From :func:`salesgoals.tools.score_tools`.

    Returns
    -------
    altair.LayerChart or None
        None where no tool is left.
    """
    table = scoring.ranking
    stay = table[table["rank"].notna()].head(MOST_ROWS)
    if stay.empty:
        return None
    first = stay[stay["rank"] == 1].tool.tolist()
    rivals = stay[(stay["rank"] > 1) & (stay.rank_best == 1)]
    rest = stay[stay["rank"] > 1]
    if len(rivals) or len(stay) == 1:
        finding = say("tools.chart_ranking_open", tool=join_names(first)) if len(rivals) else say(
            "tools.one_left", tool=first[0])
    elif len(first) > 1:
        finding = say("tools.chart_ranking_tie", names=join_names(first))
    else:
        lead = float(stay.total.iloc[0] - rest.total.max())
        finding = say("tools.chart_ranking_sure", tool=first[0], second=rest.tool.iloc[0], lead=lead)
    note = say("tools.chart_ranking_note")
    out = table.tool[table["rank"].isna()].tolist()
    if out:
        note += say("tools.chart_ranking_out", names=join_names(out))
    low, high = scoring.scale
    added = (scoring.means * scoring.weights).loc[stay.tool]
    starts = added.fillna(0.).cumsum(axis=1) - added.fillna(0.)
    pieces = [{"tool": tool, "criterion": name, "from": starts.loc[tool, name],
               "to": starts.loc[tool, name] + added.loc[tool, name]}
              for tool in stay.tool for name in added.columns[added.loc[tool].notna()]]
    names = list(added.columns)
    colors = [PIECES[at % len(PIECES)] for at in range(len(names))]
    x: dict[str, Any] = {"type": "quantitative", "title": say("tools.axis_total", low=low, high=high),
         "scale": alt.Scale(domain=[0, high], nice=False),
         "axis": alt.Axis(ticks=False, domain=False, values=round_ticks(0, high))}
    y = alt.Y(field="tool", type="nominal", sort=stay.tool.tolist(), title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    legend = alt.Legend(columns=2 if len(names) > 3 else len(names), symbolType="square")
    spans = chart_rows(pd.DataFrame({
        "tool": stay.tool, "low": stay.lowest, "high": stay.highest,
        "text": [f"{row.total:.2f}" if row.total == row.total else
                 say("tools.range", low=f"{row.lowest:.2f}", high=f"{row.highest:.2f}")
                 for row in stay.itertuples()]}))
    layers: list[Any] = [
        alt.Chart(chart_rows(pd.DataFrame(pieces))).mark_bar(height=22, stroke="white", strokeWidth=1).encode(
            x=alt.X(field="from", **x), x2=alt.X2(field="to"), y=y,
            color=alt.Color(field="criterion", type="nominal", sort=names, legend=legend,
                            scale=alt.Scale(domain=names, range=colors))),
        alt.Chart(spans).mark_rule(color=INK, strokeWidth=2).encode(
            x=alt.X(field="low", **x), x2=alt.X2(field="high"), y=y),
        alt.Chart(spans).mark_text(align="left", dx=6, color=INK).encode(
            x=alt.X(field="high", **x), y=y, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, note, height=40 * len(stay))


def chart_wins(firm: Sensitivity) -> alt.LayerChart | None:
    """Show under which share of other weights each tool wins.

    Parameters
    ----------
    firm : Sensitivity
        From :func:`salesgoals.tools.sensitivity`.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two tools.
    """
    wins = firm.wins.head(MOST_ROWS)
    if len(wins) < 2:
        return None
    most = wins.loc[wins.near.idxmax()]
    finding = say("tools.chart_wins", tool=most.tool, near=format_share(most.near),
                  anyhow=format_share(most.anyhow))
    kinds = [say("tools.near_short"), say("tools.anyhow_short")]
    rows = pd.DataFrame([{"tool": row.tool, "kind": kind, "share": share, "text": format_share(share)}
                         for row in wins.itertuples()
                         for kind, share in zip(kinds, (row.near, row.anyhow), strict=True)])
    x = alt.X(field="share", type="quantitative", title=say("tools.axis_wins"),
              scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="~%", ticks=False, domain=False,
                                                            values=[0, .2, .4, .6, .8, 1]))
    y = alt.Y(field="tool", type="nominal", sort=wins.tool.tolist(), title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    beside = alt.YOffset(field="kind", type="nominal", sort=kinds)
    data = chart_rows(rows)
    layers: list[Any] = [
        alt.Chart(data).mark_bar(height=13).encode(
            x=x, y=y, yOffset=beside, color=alt.Color(
                field="kind", type="nominal", sort=kinds, legend=alt.Legend(symbolType="square"),
                scale=alt.Scale(domain=kinds, range=[FORECAST, ACTUAL]))),
        alt.Chart(data).mark_text(align="left", dx=5, color=INK).encode(
            x=x, y=y, yOffset=beside, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, say("tools.chart_wins_note", points=100 * firm.off_by),
                        height=46 * len(wins))


def chart_flip(scoring: Scoring, firm: Sensitivity, criterion: str) -> alt.LayerChart | None:
    """Show how every tool's total moves with the weight of one criterion, and where the winner changes.

    Parameters
    ----------
    scoring, firm
        From :func:`salesgoals.tools.score_tools` and :func:`salesgoals.tools.sensitivity`.
    criterion : str
        The one whose weight is varied; the others keep their proportions.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two tools or criteria.
    """
    tools = scoring.means.index
    if len(tools) < 2 or len(scoring.weights) < 2 or not scoring.weights.drop(criterion).sum() > 0:
        return None
    row = firm.breakpoints.set_index("criterion").loc[criterion]
    values = {"criterion": criterion, "lower": format_share(row.lower, 1),
              "upper": format_share(row.upper, 1), "lower_tool": row.lower_winner,
              "upper_tool": row.upper_winner}
    down, up = row.lower == row.lower, row.upper == row.upper
    if down and up:
        finding = say("tools.chart_flip_two", **values)
    elif down or up:
        finding = say("tools.chart_flip_lower" if down else "tools.chart_flip_upper", **values)
    else:
        finding = say("tools.chart_flip_never", criterion=criterion, tool=scoring.ranking.tool.iloc[0])
    start, slope = criterion_lines(scoring, scoring.weights.index.get_loc(criterion))
    best = scoring.ranking.tool.iloc[0]
    points = [{"tool": tool, "at": at, "total": start[place] + slope[place] * at,
               "kind": "best" if tool == best else "rest"}
              for place, tool in enumerate(tools) for at in (0., 1.)]
    totals = np.array([point["total"] for point in points])
    low, high = float(totals.min()) - .2, float(totals.max()) + .2
    ends = _apart(pd.DataFrame(points[1::2]), high - low)
    x = alt.X(field="at", type="quantitative", title=_plain(say("tools.axis_weight", criterion=criterion)),
              scale=alt.Scale(domain=[0, 1.18]),
              axis=alt.Axis(format="~%", ticks=False, domain=False, grid=False,
                            values=[0, .2, .4, .6, .8, 1]))
    y = alt.Y(field="total", type="quantitative", title=say("tools.column_total"),
              scale=alt.Scale(domain=[low, high], nice=False),
              axis=alt.Axis(ticks=False, domain=False, values=round_ticks(low, high)))
    color = alt.Color(field="kind", type="nominal", legend=None,
                      scale=alt.Scale(domain=["best", "rest"], range=[FORECAST, QUIET]))
    layers: list[Any] = [
        alt.Chart(chart_rows(pd.DataFrame([{"at": float(row.weight)}]))).mark_rule(
            color=LINE, strokeWidth=3).encode(x=x),
        alt.Chart(chart_rows(pd.DataFrame(points))).mark_line(strokeWidth=2.5).encode(
            x=x, y=y, color=color, detail=alt.Detail(field="tool", type="nominal")),
        alt.Chart(chart_rows(ends)).mark_text(align="left", dx=6).encode(
            x=x, y=alt.Y(field="label", type="quantitative", scale=alt.Scale(domain=[low, high], nice=False)),
            color=color, text=alt.Text(field="tool", type="nominal"))]
    flips = [at for at in (row.lower, row.upper) if at == at]
    if flips:
        at_flip = pd.DataFrame({"at": flips, "total": [float((start + slope * at).max()) for at in flips]})
        layers.append(alt.Chart(chart_rows(at_flip)).mark_point(
            filled=True, size=110, color=GOAL, opacity=1).encode(x=x, y=y))
    return finish_chart(layers, finding, say("tools.chart_flip_note", weight=format_share(row.weight, 1)),
                        height=300)


def _plain(title: str) -> str:
    """Take straight quotes and backslashes out: Vega puts an axis title into an expression as it is."""
    opened = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", title)
    return opened.replace('"', "\u201d").replace("\\", "/")


def _apart(ends: pd.DataFrame, height: float) -> pd.DataFrame:
    """Move names at the ends of lines so far apart that they can be read."""
    ends = ends.sort_values("total", kind="stable", ignore_index=True)
    labels = ends.total.to_numpy(float).copy()
    for place in range(1, len(labels)):
        labels[place] = max(labels[place], labels[place - 1] + NAMED * height)
    return ends.assign(label=labels - max(0., labels[-1] - ends.total.max() - SURE))
