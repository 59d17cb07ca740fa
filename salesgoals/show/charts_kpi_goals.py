"""Charts of KPI goals: what is needed a week beside what each person usually does and has ever kept up."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_money
from salesgoals.show.render import ACTUAL, FORECAST, GOAL, INK, QUIET
from salesgoals.words import say

BAND = "#DDE3E9"
ASKED = ("usual", "more", "beyond")
LONGEST = 2.5   # times the best weeks: an axis that shows more shows nothing else


def chart_kpi_goals(needed: pd.DataFrame, kpi: str = "") -> alt.LayerChart | None:
    """Show for each person what a week must bring, beside the usual week and the best stretch ever.

    Parameters
    ----------
    needed : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.set_kpi_goals`.
    kpi : str
        visits, follow_ups, quotes or deals; by default the first of visits, quotes, deals on record.

    Returns
    -------
    altair.LayerChart or None
        None where nobody needs anything that can be compared. Beyond 25 people those who lack most are shown.
    """
    known = set(needed.kpi) if len(needed) else set()
    chosen = kpi or next((name for name in ("visits", "quotes", "deals") if name in known), "")
    rows = needed[(needed.kpi == chosen) & needed.enough.isin(ASKED)] if len(needed) else needed
    rows = rows[rows.usual_a_week.notna() & rows.a_week.notna()] if len(rows) else rows
    if rows.empty:
        return None
    beyond = rows.enough == "beyond"
    what = say(f"kpi_goals.of_{chosen}")
    if beyond.any():
        finding = say("kpi_goals.chart_beyond", n=int(beyond.sum()), of=len(rows), what=what)
    else:
        finding = say("kpi_goals.chart_doable", of=len(rows), what=what)
    note = say("kpi_goals.chart_note")
    lack = rows.a_week / rows.usual_a_week.where(rows.usual_a_week > 0)
    rows = rows.assign(name=name_people(rows), lack=lack.fillna(float("inf")))
    rows = rows.sort_values(["lack", "person_id"], ascending=[False, True], kind="stable")
    if len(rows) > MOST_ROWS:
        note += say("kpi_goals.chart_rest", n=len(rows) - MOST_ROWS)
        rows = rows.head(MOST_ROWS)
    far = float(rows[["usual_a_week", "best_a_week"]].max().max())
    most = min(float(rows.a_week.max()), LONGEST * far) if far > 0 else float(rows.a_week.max())
    top = 1.12 * max(most, far)
    shown = pd.DataFrame({"name": rows.name, "needed": rows.a_week.clip(upper=top),
                          "usual": rows.usual_a_week, "best": rows.best_a_week.fillna(rows.usual_a_week),
                          "text": [f"{value:,.1f}" if value < 10 else f"{value:,.0f}"
                                   for value in rows.a_week]})
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=False))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("kpi_goals.axis_a_week", what=what),
                     scale=alt.Scale(domain=[0, top * 1.08], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(0, top)))

    kinds = [say("kpi_goals.usual_week"), say("kpi_goals.needed_week"), say("kpi_goals.needed_beyond")]
    dots = pd.DataFrame({
        "name": [*shown.name, *shown.name], "at": [*shown.usual, *shown.needed],
        "kind": [kinds[0]] * len(shown) + [kinds[2] if is_beyond else kinds[1]
                                           for is_beyond in rows.enough == "beyond"]})
    present = [kind for kind in kinds if kind in set(dots.kind)]
    shades = dict(zip(kinds, (ACTUAL, FORECAST, GOAL), strict=True))
    forms = dict(zip(kinds, ("circle", "diamond", "triangle-right"), strict=True))
    scale = alt.Scale(domain=present, range=[shades[kind] for kind in present])
    shape = alt.Scale(domain=present, range=[forms[kind] for kind in present])
    bars = chart_rows(shown[["name", "usual", "best"]].assign(none=0.))
    layers = [
        alt.Chart(bars).mark_bar(color=BAND, height=12).encode(x=x("none"), x2=alt.X2(field="best"), y=y),
        alt.Chart(chart_rows(dots)).mark_point(filled=True, size=80, opacity=1).encode(
            x=x("at"), y=y, color=alt.Color(field="kind", type="nominal", scale=scale, legend=alt.Legend()),
            shape=alt.Shape(field="kind", type="nominal", scale=shape, legend=alt.Legend())),
        alt.Chart(chart_rows(shown[["name", "needed", "text"]])).mark_text(
            align="left", dx=9, color=INK, fontSize=11).encode(
            x=x("needed"), y=y, text=alt.Text(field="text", type="nominal"))]
    return finish_chart(layers, finding, note, height=24 * len(shown))


def chart_milestones(weeks: pd.DataFrame, so_far: pd.DataFrame | None = None,
                     currency: str = "") -> alt.LayerChart | None:
    """Show the weekly milestones of one goal as steps, and what was sold by the end of each week.

    Parameters
    ----------
    weeks : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.weekly_milestones`; goals of several people are added up.
    so_far : pandas.DataFrame, optional
        Columns end (last day of a week, or the last known day) and sold (since the beginning, currency
        units).
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None without a goal.
    """
    if weeks.empty or not weeks.goal.sum() > 0:
        return None
    steps = weeks.groupby(["start", "end"], as_index=False)[["goal", "working_days"]].sum()
    steps["cumulative"] = steps.goal.cumsum()
    heaviest = steps.loc[steps.goal.idxmax()]
    finding = say("kpi_goals.chart_weeks", first=f"{heaviest.start:%m-%d}", last=f"{heaviest.end:%m-%d}",
                  share=f"{heaviest.goal / steps.goal.sum():.0%}")
    unit = choose_axis_unit(float(steps.cumulative.max()), currency)
    labels = [f"{row.start:%m-%d} – {row.end:%m-%d}" for row in steps.itertuples()]
    bars = pd.DataFrame({"week": labels, "from": (steps.cumulative - steps.goal) / unit.divisor,
                         "to": steps.cumulative / unit.divisor,
                         "text": [format_money(value, currency) for value in steps.goal]})
    top = float(steps.cumulative.max()) / unit.divisor
    known = so_far.sort_values("end") if so_far is not None and len(so_far) else pd.DataFrame()
    if len(known):
        place = steps.end.searchsorted(known.end).clip(max=len(steps) - 1)
        known = pd.DataFrame({"week": [labels[at] for at in place], "sold": known.sold / unit.divisor})
        top = max(top, float(known.sold.max()))
    x = alt.X(field="week", type="nominal", sort=labels, title=None,
              axis=alt.Axis(labelAngle=0, ticks=False, domain=False, labelColor=INK))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("kpi_goals.axis_sold", unit=unit.title),
                     scale=alt.Scale(domain=[0, top * 1.08], nice=False),
                     axis=alt.Axis(format=",~f", ticks=False, domain=False, values=round_ticks(0, top)))

    layers = [alt.Chart(chart_rows(bars)).mark_bar(color=BAND).encode(x=x, y=y("from"),
                                                                      y2=alt.Y2(field="to")),
              alt.Chart(chart_rows(bars)).mark_text(dy=-8, color=QUIET).encode(
                  x=x, y=y("to"), text=alt.Text(field="text", type="nominal"))]
    if len(known):
        layers.append(alt.Chart(chart_rows(known)).mark_line(
            color=ACTUAL, point=alt.OverlayMarkDef(filled=True, size=70, color=ACTUAL)).encode(
            x=x, y=y("sold")))
    note = say("kpi_goals.chart_weeks_note" if len(known) else "kpi_goals.chart_weeks_note_plan")
    return finish_chart(layers, finding, note, height=240)
