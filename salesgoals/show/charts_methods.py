"""The ways to split a goal side by side: who would get more, who less."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, name_people
from salesgoals.show.numbers import format_growth, format_share
from salesgoals.show.render import FORECAST, GOAL, INK
from salesgoals.words import say

METHODS = ("equal", "history", "potential", "capability", "equal_chance")
REFERENCE = "history"
MOST_PEOPLE = 12
STRONG = 0.5         # a difference from which the colour is full
SAME_TOTAL = 0.001   # columns whose sums differ by more belong to a part of the company


def share_moved(methods: pd.DataFrame) -> pd.Series:
    """Tell which share of the goal each method would move between people, against history.

    Parameters
    ----------
    methods : pandas.DataFrame
        Columns person_id and one goal column for each method that could be computed.

    Returns
    -------
    pandas.Series
        By method, between 0 and 1; methods without figures are left out.

    Examples
    --------
    >>> goals = pd.DataFrame({"person_id": ["1", "2"], "history": [80, 20], "equal": [50, 50]})
    >>> share_moved(goals).to_dict()
    {'equal': 0.3}
    """
    known = [name for name in METHODS
             if name != REFERENCE and name in methods and methods[name].notna().all()]
    total = float(methods[REFERENCE].sum())
    return pd.Series({name: float((methods[name] - methods[REFERENCE]).abs().sum()) / 2 / total
                      for name in known if total > 0}, dtype="float64")


def chart_methods(methods: pd.DataFrame) -> alt.LayerChart | None:
    """Show what each way of splitting would change for each person, against a split by history.

    Parameters
    ----------
    methods : pandas.DataFrame
        Columns person_id, person, history and other methods, in currency units.

    Returns
    -------
    altair.LayerChart or None
        None where there is nobody or nothing to compare with. The twelve people with the largest
        differences are shown.
    """
    if len(methods) < 2 or REFERENCE not in methods or methods[REFERENCE].isna().any():
        return None
    moved = share_moved(methods)
    base = methods[methods[REFERENCE] > 0].reset_index(drop=True)
    if moved.empty or base.empty:
        return None
    change = base[moved.index].div(base[REFERENCE], axis=0) - 1
    order = change.abs().max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_PEOPLE]
    shown = change.loc[order].assign(name=name_people(base)).sort_values(moved.index[0], ascending=False)
    cells = shown.melt(id_vars="name", var_name="method", value_name="change")
    heads = {name: say(f"chart.method_{name}") for name in moved.index}
    cells = pd.DataFrame({"name": cells.name, "method": cells.method.map(heads), "change": cells.change,
                          "text": [format_growth(value) for value in cells.change]})
    x = alt.X(field="method", type="nominal", sort=list(heads.values()), title=None,
              axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelColor=INK))
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))
    fill = alt.Color(field="change", type="quantitative", legend=None,
                     scale=alt.Scale(domain=[-STRONG, 0, STRONG], range=[FORECAST, "#F4F5F7", GOAL],
                                     interpolate="rgb", clamp=True))
    rows = chart_rows(cells)
    layers = [
        alt.Chart(rows).mark_rect(stroke="white", strokeWidth=2).encode(x=x, y=y, color=fill),
        alt.Chart(rows).mark_text().encode(
            x=x, y=y, text=alt.Text(field="text", type="nominal"),
            color=alt.condition(f"abs(datum.change) > {STRONG * 0.7}", alt.value("white"), alt.value(INK))),
    ]
    note = say("chart.methods_note")
    if len(base) > len(order):
        note += say("chart.methods_rest", n=len(order), people=len(base))
    return finish_chart(layers, _methods_words(methods, moved), note, height=24 * len(order))


def _methods_words(methods: pd.DataFrame, moved: pd.Series) -> str:
    most, least = moved.idxmax(), moved.idxmin()
    sums = methods[[*moved.index, REFERENCE]].sum()
    own = (sums / sums[REFERENCE] - 1)[moved.index]
    if own.abs().max() > SAME_TOTAL:
        return say("chart.methods_part", most=say(f"chart.method_{own.idxmax()}"),
                   up=format_growth(own.max()), least=say(f"chart.method_{own.idxmin()}"),
                   down=format_growth(own.min()))
    if len(moved) == 1:
        return say("chart.methods_one", method=say(f"chart.method_{most}"), share=format_share(moved[most]))
    return say("chart.methods_moved", most=say(f"chart.method_{most}"), share=format_share(moved[most]),
               least=say(f"chart.method_{least}"), small=format_share(moved[least]))
