"""Charts of the review: who carries too much, proposed beside claimed, what is put on top."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.hedge import Hedged, effect_of_hedge
from salesgoals.show.charts_base import MOST_ROWS, SIGNED, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_money, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, NEWCOMER, QUIET
from salesgoals.words import say

MATTERS = .10
MOST_DOTS = 400
NAMED = 6
FEW_GROUPS = 2
BAND = "#E9EDF1"
APART = .06      # of the axis: names nearer to each other would overlap


def chart_load(people: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show how heavy each goal is beside what can be expected, against the size of the job.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person, fair_goal, load, load_low, load_high, newcomer, one_order.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than five people.
    """
    if len(people) < 5:
        return None
    heavy = people.load_low >= MATTERS
    finding = say("review.chart_load", n=int(heavy.sum())) if heavy.any() else say("review.chart_load_fair")
    note = say("review.chart_load_note")
    shown = people.assign(name=name_people(people))
    if len(shown) > MOST_DOTS:
        shown = shown.nlargest(MOST_DOTS, "goal")
        note += say("review.chart_load_rest", n=MOST_DOTS)
    unit = choose_axis_unit(float(shown.fair_goal.max()), currency)
    kinds = [say("review.kind_grown"), say("review.kind_new")]
    rows = pd.DataFrame({
        "name": shown.name, "x": shown.fair_goal / unit.divisor, "y": shown.load, "low": shown.load_low,
        "high": shown.load_high, "kind": [kinds[int(new)] for new in shown.newcomer.astype(bool)]})
    low, high = min(-.3, float(rows.low.min()) * 1.08), max(.3, float(rows.high.max()) * 1.08)
    far = rows[((shown.load_low >= MATTERS) | (shown.load_high <= -MATTERS) | shown.one_order.notna()).array]
    named = _apart(far.assign(far=far.y.abs()).sort_values("far", ascending=False), rows, high - low)
    both = rows.kind.nunique() > 1
    x = alt.X(field="x", type="quantitative", title=say("review.axis_fair_goal", unit=unit.title),
              scale=alt.Scale(zero=False, nice=True, padding=12),
              axis=alt.Axis(format=",~f", ticks=False, domain=False, grid=False,
                            values=round_ticks(float(rows.x.min()), float(rows.x.max()))))
    y = _load_axis("y", low, high)
    color = alt.Color(field="kind", type="nominal", legend=alt.Legend() if both else None,
                      scale=alt.Scale(domain=kinds, range=[FORECAST, NEWCOMER]))
    shape = alt.Shape(field="kind", type="nominal", legend=alt.Legend() if both else None,
                      scale=alt.Scale(domain=kinds, range=["circle", "triangle-up"]))
    points = chart_rows(rows)
    layers: list[Any] = [
        alt.Chart(chart_rows(pd.DataFrame([{"low": -MATTERS, "high": MATTERS}]))).mark_rect(
            color=BAND).encode(y=_load_axis("low", low, high), y2=alt.Y2(field="high")),
        alt.Chart(chart_rows(pd.DataFrame([{"at": 0.0}]))).mark_rule(color=INK).encode(
            y=_load_axis("at", low, high)),
        alt.Chart(points).mark_rule(color=ACTUAL, strokeWidth=1.5).encode(
            x=x, y=_load_axis("low", low, high), y2=alt.Y2(field="high")),
        alt.Chart(points).mark_point(filled=True, size=70, opacity=.9).encode(
            x=x, y=y, color=color, shape=shape)]
    if len(named):
        layers.append(alt.Chart(chart_rows(named.drop(columns="far"))).mark_text(
            align="left", dx=8, color=INK, fontSize=11).encode(
            x=x, y=y, text=alt.Text(field="name", type="nominal")))
    return finish_chart(layers, finding, note, height=320)


def _apart(named: pd.DataFrame, rows: pd.DataFrame, height: float) -> pd.DataFrame:
    """Keep the names that have room, those furthest out first."""
    width = float(rows.x.max() - rows.x.min()) or 1.
    kept: list[int] = []
    for at in named.index:
        x, y = named.x[at], named.y[at]
        if all(abs(x - named.x[other]) > 2 * APART * width or abs(y - named.y[other]) > APART * height
               for other in kept):
            kept.append(at)
        if len(kept) == NAMED:
            break
    return named.loc[kept]


def _load_axis(field: str, low: float, high: float) -> alt.Y:
    return alt.Y(field=field, type="quantitative", title=say("review.axis_load"),
                 scale=alt.Scale(domain=[low, high], nice=False),
                 axis=alt.Axis(labelExpr=SIGNED, ticks=False, domain=False,
                              values=round_ticks(low, high)))


def chart_groups(groups: pd.DataFrame) -> alt.LayerChart | None:
    """Show how much heavier or lighter each group's goals are than the others'.

    Parameters
    ----------
    groups : pandas.DataFrame
        Of :class:`salesgoals.review.Fairness`.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two groups that can be judged. Beyond 25 rows those furthest out are shown.
    """
    judged = groups[groups.load.notna()]
    if len(judged) < FEW_GROUPS:
        return None
    if len(judged) > MOST_ROWS:
        judged = judged.loc[judged.load.abs().nlargest(MOST_ROWS).index.sort_values()]
    names = [_group_name(row.question, row.node) for row in judged.itertuples()]
    bad = judged.verdict == "unfair"
    if bad.any():
        worst = judged[bad].sort_values("p", kind="stable").index[0]
        load = float(judged.load[worst])
        words = say("review.heavier" if load > 0 else "review.lighter", share=format_share(abs(load)))
        if judged.question[worst] == "size":
            finding = say("review.chart_groups_size", load=words)
        else:
            finding = say("review.chart_groups_unfair", node=names[judged.index.get_loc(worst)], load=words)
    else:
        finding = say("review.chart_groups_fair")
    labels = [say("review.group_count", name=name, n=int(count))
              for name, count in zip(names, judged.people, strict=True)]
    rows = pd.DataFrame({"row": labels, "x": judged.load.to_numpy(), "low": judged.load_low.to_numpy(),
                         "high": judged.load_high.to_numpy(), "bad": bad.to_numpy()})
    low = min(-.3, float(rows.low.min()) * 1.08)
    high = max(.3, float(rows.high.max()) * 1.08)

    def across(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("review.axis_load"),
                     scale=alt.Scale(domain=[low, high], nice=False),
                     axis=alt.Axis(labelExpr=SIGNED, ticks=False, domain=False,
                                   values=round_ticks(low, high)))

    y = alt.Y(field="row", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))
    color = alt.Color(field="bad", type="nominal", legend=None,
                      scale=alt.Scale(domain=[False, True], range=[FORECAST, GOAL]))
    points = chart_rows(rows)
    layers = [
        alt.Chart(chart_rows(pd.DataFrame([{"low": -MATTERS, "high": MATTERS}]))).mark_rect(
            color=BAND).encode(x=across("low"), x2=alt.X2(field="high")),
        alt.Chart(chart_rows(pd.DataFrame([{"at": 0.0}]))).mark_rule(color=INK).encode(x=across("at")),
        alt.Chart(points).mark_rule(strokeWidth=3).encode(x=across("low"), x2=alt.X2(field="high"), y=y,
                                                          color=color),
        alt.Chart(points).mark_point(filled=True, size=90, opacity=1).encode(x=across("x"), y=y, color=color)]
    return finish_chart(layers, finding, say("review.chart_groups_note"), height=26 * len(rows))


def _group_name(question: str, node: str) -> str:
    return say(f"review.group_{question}") if question in ("size", "newcomers") else node.split("/")[-1]


def chart_gap(gap: pd.DataFrame, level: str = "team", currency: str = "") -> alt.LayerChart | None:
    """Show proposed beside claimed at every node of a level, of those who have claimed.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.review.top_down_against_bottom_up`.
    level : str
        ``department``, ``team`` or ``person``.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where nobody has claimed yet. Beyond 25 rows those with the largest gap are shown.
    """
    whole = gap[gap.level == "company"].iloc[0]
    rows = gap[(gap.level == level) & gap.claimed.notna()]
    if rows.empty:
        return None
    names = name_people(rows) if level == "person" else rows[level]
    rows = rows.assign(name=names.replace("", say("chart.no_team")))
    if len(rows) > MOST_ROWS:
        rows = rows.loc[rows.gap.abs().nlargest(MOST_ROWS).index]
    rows = rows.sort_values("gap", kind="stable")
    share = float(whole.share)
    if share < -.005:
        finding = say("review.chart_gap_less", share=format_share(-share), node=rows.name.iloc[0])
    elif share > .005:
        finding = say("review.chart_gap_more", share=format_share(share))
    else:
        finding = say("review.chart_gap_same")
    note = say("review.chart_gap_note", claimed=int(whole.claimed_people),
               open=int(whole.people - whole.claimed_people), unclaimed=format_money(whole.unclaimed))
    largest = float(rows[["proposed_to_claimers", "claimed"]].max().max())
    unit = choose_axis_unit(largest, currency)
    kinds = [say("review.proposed"), say("review.claimed")]
    bars = pd.DataFrame({
        "row": [*rows.name, *rows.name], "kind": [kinds[0]] * len(rows) + [kinds[1]] * len(rows),
        "x": [*(rows.proposed_to_claimers / unit.divisor), *(rows.claimed / unit.divisor)]})
    texts = pd.DataFrame({"row": rows.name, "x": rows[["proposed_to_claimers", "claimed"]].max(axis=1)
                          / unit.divisor, "text": [_signed(value) for value in rows.share]})
    y = alt.Y(field="row", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))
    x = alt.X(field="x", type="quantitative", title=say("review.axis_amount", unit=unit.title),
              scale=alt.Scale(domain=[0, largest / unit.divisor * 1.15], nice=False),
              axis=alt.Axis(format=",~f", ticks=False, domain=False,
                            values=round_ticks(0, largest / unit.divisor)))
    layers = [
        alt.Chart(chart_rows(bars)).mark_bar(height=9).encode(
            x=x, y=y, yOffset=alt.YOffset(field="kind", type="nominal", sort=kinds),
            color=alt.Color(field="kind", type="nominal", legend=alt.Legend(),
                            scale=alt.Scale(domain=kinds, range=[GOAL, FORECAST]))),
        alt.Chart(chart_rows(texts)).mark_text(align="left", dx=6, color=INK).encode(
            x=x, y=y, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, note, height=34 * len(rows))


def _signed(share: float) -> str:
    if share != share or abs(share) < .005:
        return ""
    return ("+" if share > 0 else "−") + format_share(abs(share))


def chart_hedge(hedged: Hedged, forecast: Forecast, currency: str = "") -> alt.LayerChart:
    """Show how goals grow level by level, and how many people are expected to reach theirs after each.

    Parameters
    ----------
    hedged : Hedged
        From :func:`salesgoals.hedge.add_hedge`.
    forecast : Forecast
        Of the same people and months.
    currency : str
        For the axis.
    """
    effect = effect_of_hedge(hedged, forecast)
    first, last = effect.iloc[0], effect.iloc[-1]
    if last.total == first.total:
        finding = say("review.chart_hedge_none")
    else:
        finding = say("review.chart_hedge", share=format_share(last.on_top, 1),
                      before=format_share(first.share_at_goal), after=format_share(last.share_at_goal))
    note = say("review.chart_hedge_note", chance=format_chance(first.chance))
    unit = choose_axis_unit(float(last.total), currency)
    order = [say(f"review.layer_{name}") for name in effect.layer]
    kinds = dict(zip(effect.layer, order, strict=True))
    parts = []
    for at, row in enumerate(effect.itertuples(index=False)):
        before = 0.
        for layer, total in zip(effect.layer[:at + 1], effect.total[:at + 1], strict=True):
            parts.append((say(f"review.layer_{row.layer}"), kinds[layer], before / unit.divisor,
                          total / unit.divisor))
            before = total
    bars = pd.DataFrame(parts, columns=["row", "kind", "from", "to"])
    texts = pd.DataFrame({
        "row": order, "x": [0.] * len(order),
        "text": [say("review.after_layer", total=format_money(row.total, currency),
                     share=format_share(row.share_at_goal)) for row in effect.itertuples(index=False)]})
    shades = {"base": ACTUAL, "company": QUIET, "department": FORECAST, "team": GAIN, "person": GOAL}
    top = float(last.total) / unit.divisor
    y = alt.Y(field="row", type="nominal", sort=order, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("review.axis_amount", unit=unit.title),
                     scale=alt.Scale(domain=[0, top * 1.02], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(0, top)))

    layers = [
        alt.Chart(chart_rows(bars)).mark_bar(height=22).encode(
            x=x("from"), x2=alt.X2(field="to"), y=y,
            color=alt.Color(field="kind", type="nominal", legend=None, scale=alt.Scale(
                domain=list(kinds.values()), range=[shades[name] for name in kinds]))),
        alt.Chart(chart_rows(texts)).mark_text(align="left", dx=8, color=INK).encode(
            x=x("x"), y=y, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, note, height=38 * len(order))
