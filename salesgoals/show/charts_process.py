"""Charts of the process: the course of a period, who is in danger; those of alarms stand beside them."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.charts_alarms import chart_alarm_rules, chart_kpi
from salesgoals.show.charts_base import MOST_ROWS, chart_rows, finish_chart, name_people, round_ticks
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_money, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK
from salesgoals.words import say

__all__ = ["chart_alarm_rules", "chart_board", "chart_kpi", "chart_pace"]

DANGER = ("alarm", "at_risk", "missed")
JUDGED = (*DANGER, "on_course", "reached")
LONGEST = 2.5     # times the goal: a bar beyond it is cut
BAND = "#E9EDF1"


def chart_pace(course: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show a period day by day: what has come, what is usual by then, where it will end, and the goal.

    Parameters
    ----------
    course : pandas.DataFrame
        From :func:`salesgoals.process.pace_course`, of one unit; of several, the first is shown.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where no goal is set.
    """
    if course.empty:
        return None
    one = course[(course.by == course.by.iloc[0]) & (course.unit == course.unit.iloc[0])]
    now = one.iloc[-1]
    if pd.isna(now.goal) or not now.working_days:
        return None
    unit = choose_axis_unit(float(max(one.so_far.max(), now.goal, now.fillna(0).high)), currency)
    money = ["so_far", "usual_so_far", "linear_so_far", "goal", "month_end", "low", "high"]
    rows = one[["position", "alarm"]].assign(**(one[money] / unit.divisor))
    top = float(rows[money].max().max()) * 1.06
    length = int(now.working_days)
    x = alt.X(field="position", type="quantitative", title=say("process.axis_day", n=length),
              scale=alt.Scale(domain=[0, length * 1.18], nice=False),
              axis=alt.Axis(values=round_ticks(0, length, 8), grid=False, format="d"))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=unit.title,
                     scale=alt.Scale(domain=[min(0., float(rows.so_far.min())), top], nice=False),
                     axis=alt.Axis(values=round_ticks(0, top), format=",~f", domain=False, ticks=False,
                                   titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    drawn = chart_rows(rows[["position", "so_far"]])
    usual = chart_rows(rows[["position", "usual_so_far"]].dropna())
    goal = rows.goal.iloc[-1]
    line = chart_rows(pd.DataFrame({"position": [0, length], "goal": [goal, goal], "even": [0., goal]}))
    layers: list[Any] = [
        alt.Chart(line).mark_line(color=ACTUAL, strokeDash=[2, 4], strokeWidth=1.5).encode(x=x, y=y("even")),
        alt.Chart(line).mark_line(color=GOAL, strokeWidth=1.5).encode(x=x, y=y("goal")),
        alt.Chart(usual).mark_line(color=FORECAST, strokeDash=[6, 3], strokeWidth=2).encode(
            x=x, y=y("usual_so_far")),
        alt.Chart(drawn).mark_line(color=INK, strokeWidth=2.5).encode(x=x, y=y("so_far"))]
    rung = rows[one.alarm.astype(bool)]
    if len(rung):
        layers.append(alt.Chart(chart_rows(rung[["position", "so_far"]])).mark_point(
            color=GOAL, filled=True, size=50, opacity=1).encode(x=x, y=y("so_far")))
    ended = now.position >= now.working_days
    known = pd.notna(now.month_end) and not ended
    if known:
        end = chart_rows(rows.iloc[[-1]].assign(position=length)[["position", "month_end", "low", "high"]])
        layers += [alt.Chart(end).mark_rule(color=FORECAST, strokeWidth=6, opacity=.35).encode(
                       x=x, y=y("low"), y2=alt.Y2(field="high")),
                   alt.Chart(end).mark_point(color=FORECAST, filled=True, size=90, opacity=1).encode(
                       x=x, y=y("month_end"))]
    layers += _names(rows, length, top, x, y, known)
    return finish_chart(layers, _pace_words(now), _pace_note(one, bool(known), currency), height=280)


def _names(rows: pd.DataFrame, length: int, top: float, x: alt.X, y: Any, known: bool) -> list[Any]:
    """Write the names of the lines at the right, apart from each other."""
    last = rows.iloc[-1]
    spots = [("goal", float(last.goal), GOAL)]
    if known:
        spots.append(("end", float(last.month_end), FORECAST))
    spots.sort(key=lambda spot: spot[1])
    layers = []
    lowest = -top
    for name, at, color in spots:
        lowest = max(at, lowest + .07 * top)
        words = say(f"process.line_{name}")
        data = chart_rows(pd.DataFrame([{"position": length, "at": lowest, "name": words}]))
        layers.append(alt.Chart(data).mark_text(align="left", dx=10, fontWeight=600, fontSize=12,
                                                color=color).encode(
            x=x, y=y("at"), text=alt.Text(field="name", type="nominal")))
    return layers


def _pace_words(now: pd.Series) -> str:
    name = now["name"] or say("process.company")
    words = {"name": name, "chance": format_chance(now.chance) if pd.notna(now.chance) else "",
             "day": int(now.position), "of": int(now.working_days),
             "share": format_share(now.so_far / now.goal) if now.goal else ""}
    return say(f"process.pace_{now.verdict}", **words)


def _pace_note(one: pd.DataFrame, known: bool, currency: str) -> str:
    now = one.iloc[-1]
    parts = [say("process.pace_so_far", so_far=format_money(now.so_far, currency),
                 goal=format_money(now.goal, currency),
                 usual=format_money(now.usual_so_far, currency) if pd.notna(now.usual_so_far) else "-")]
    if known:
        parts.append(say("process.pace_end", end=format_money(now.month_end, currency),
                         low=format_money(now.low, currency, like=now.month_end),
                         high=format_money(now.high, currency, like=now.month_end)))
    if one.alarm.any():
        first = one[one.alarm.astype(bool)].iloc[0]
        parts.append(say("process.pace_first", day=int(first.position), n=int(one.alarm.sum())))
    return say("process.joined").join(parts)


def chart_board(board: pd.DataFrame) -> alt.LayerChart | None:
    """Show where each team (or person) will probably end, as a share of the goal, with the band.

    Parameters
    ----------
    board : pandas.DataFrame
        From :func:`salesgoals.process.pace_board`: the rows to compare, teams or people.

    Returns
    -------
    altair.LayerChart or None
        None where nobody has a goal and a forecast. Beyond 25 rows those least likely to reach it are shown.
    """
    rows = board[(board.goal > 0) & board.month_end.notna()].reset_index(drop=True)
    if rows.empty:
        return None
    danger = rows.verdict.isin(DANGER)
    names = _unit_names(rows)
    worst = names[danger.to_numpy() & (rows.verdict != "at_risk").to_numpy()]
    if len(worst):
        finding = say("process.board_danger", n=len(worst), of=len(rows), names=_few(worst))
    else:
        judged = rows.verdict.isin(JUDGED).any()
        finding = say("process.board_quiet" if judged else "process.board_unknown", of=len(rows))
    order = rows.chance.fillna(1.).sort_values(kind="stable").index[:MOST_ROWS]
    note = say("process.board_note")
    if len(rows) > MOST_ROWS:
        note += say("process.board_more", n=MOST_ROWS)
    shown = rows.loc[order]
    kinds = [say(f"process.kind_{kind}") for kind in ("danger", "risk", "course", "small")]
    kind = shown.verdict.map({"alarm": kinds[0], "missed": kinds[0], "at_risk": kinds[1],
                              "on_course": kinds[2], "reached": kinds[2]}).fillna(kinds[3])
    data = pd.DataFrame({"row": names[order].to_numpy(), "kind": kind.to_numpy(), **{
        field: (shown[source] / shown.goal).clip(0, LONGEST).to_numpy()
        for field, source in (("at", "month_end"), ("low", "low"), ("high", "high"), ("now", "so_far"))}})
    top = max(1.15, float(data[["at", "high"]].max().max()) * 1.03)

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("process.axis_share_of_goal"),
                     scale=alt.Scale(domain=[0, top], nice=False),
                     axis=alt.Axis(format=".0%", values=round_ticks(0, top), ticks=False, domain=False))

    y = alt.Y(field="row", type="nominal", title=None, sort=data.row.tolist(),
              axis=alt.Axis(ticks=False, domain=False, labelLimit=180))
    there = [name for name in kinds if name in set(data.kind)]
    colors = dict(zip(kinds, (GOAL, "#E69F00", GAIN, ACTUAL), strict=True))
    color = alt.Color(field="kind", type="nominal", legend=alt.Legend() if len(there) > 1 else None,
                      scale=alt.Scale(domain=there, range=[colors[name] for name in there]))
    drawn = chart_rows(data)
    layers: list[Any] = [
        alt.Chart(drawn).mark_bar(color=BAND, height=alt.RelativeBandSize(.7)).encode(x=x("now"), y=y),
        alt.Chart(chart_rows(pd.DataFrame([{"at": 1.}]))).mark_rule(color=INK, strokeWidth=1.5).encode(
            x=x("at")),
        alt.Chart(drawn).mark_rule(strokeWidth=3, opacity=.55).encode(
            x=x("low"), x2=alt.X2(field="high"), y=y, color=color),
        alt.Chart(drawn).mark_point(filled=True, size=80, opacity=1).encode(x=x("at"), y=y, color=color)]
    return finish_chart(layers, finding, note, height=alt.Step(24))


def _unit_names(rows: pd.DataFrame) -> pd.Series:
    """Name the rows; people of one name by their ids, teams of one name with their department."""
    named = name_people(pd.DataFrame({"person_id": rows.unit, "person": rows["name"]}))
    team = (rows.by == "team").to_numpy()
    twice = rows["name"].duplicated(keep=False).to_numpy() & team
    whole = (rows.by == "all").to_numpy()
    return named.where(~team, rows["name"]).mask(twice, rows.unit).mask(whole, say("process.company"))


def _few(names: pd.Series) -> str:
    shown = say("chart.names_comma").join(names.iloc[:3])
    return shown if len(names) <= 3 else say("process.and_more", names=shown, n=len(names) - 3)
