"""The quality of the data behind a report: what came in, what was kept, what was set aside and why."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import chart_rows, finish_chart, round_ticks
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_share
from salesgoals.show.render import FORECAST, GOAL, INK
from salesgoals.words import say

LEVELS = {"stop": 0, "doubt": 1, "note": 2}


def _sheets(totals: pd.DataFrame) -> pd.DataFrame:
    """One row for each sheet; totals hold one for each money column of it."""
    if not len(totals):
        return pd.DataFrame(columns=["file", "sheet", "rows_in", "rows_kept", "rows_aside"])
    return totals.drop_duplicates(["file", "sheet", "table"], ignore_index=True)


def chart_quality(totals: pd.DataFrame) -> alt.LayerChart | None:
    """Show how many rows of each file were kept and how many were set aside.

    Parameters
    ----------
    totals : pandas.DataFrame
        Columns file, sheet, table, rows_in, rows_kept, rows_aside, as collect writes them.

    Returns
    -------
    altair.LayerChart or None
        None where nothing was read or nothing was set aside.
    """
    files = _sheets(totals).groupby("file", as_index=False, sort=False)[
        ["rows_in", "rows_kept", "rows_aside"]].sum()
    if not len(files) or not files.rows_aside.sum():
        return None
    rows_in, aside = int(files.rows_in.sum()), int(files.rows_aside.sum())
    worst = files.loc[(files.rows_aside / files.rows_in.where(files.rows_in > 0)).fillna(0).idxmax()]
    finding = say("chart.quality_title", kept=format_share((rows_in - aside) / rows_in, 1), rows=rows_in,
                  aside=aside, file=worst.file, share=format_share(worst.rows_aside / worst.rows_in, 1))
    files = files.sort_values("rows_in", ascending=False, kind="stable").head(15)
    files["label"] = [say("chart.quality_aside", n=int(value)) if value else "" for value in files.rows_aside]
    most = float(files.rows_in.max())
    y = alt.Y(field="file", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("chart.quality_rows"),
                     scale=alt.Scale(domain=[0, most * 1.2], nice=False),
                     axis=alt.Axis(format=",d", values=round_ticks(0, most), ticks=False, domain=False))

    rows = chart_rows(files)
    layers = [
        alt.Chart(rows).mark_bar(color=FORECAST, opacity=0.55).encode(x=x("rows_kept"), y=y),
        alt.Chart(rows).mark_bar(color=GOAL).encode(x=x("rows_kept"), x2=alt.X2(field="rows_in"), y=y),
        alt.Chart(rows).mark_text(align="left", dx=6, color=INK).encode(
            x=x("rows_in"), y=y, text=alt.Text(field="label", type="nominal")),
    ]
    return finish_chart(layers, finding, say("chart.quality_note"), height=26 * len(files))


def totals_table(totals: pd.DataFrame) -> Part:
    """Show what every file brought in, and that kept plus set aside gives the same, in rows and in money."""
    if not len(totals):
        return Part("")
    has_amount = totals.column.notna().tolist()
    twice = totals.duplicated(["file", "sheet", "table"], keep=False).tolist()
    where = [" / ".join(part for part in (row.file, row.sheet, row.column if more else "") if _text(part))
             for row, more in zip(totals.itertuples(index=False), twice, strict=True)]
    columns = [Column(say("report.file"), where, number=False)]
    for name in ("in", "kept", "aside"):
        columns.append(Column(say(f"report.rows_{name}"),
                              [format_exact(value) for value in totals[f"rows_{name}"]]))
    for name in ("in", "kept", "aside"):
        amounts = totals[f"amount_{name}"].astype(float)
        columns.append(Column(say(f"report.amount_{name}"), [
            format_exact(round(value, 2)) if named else NOTHING
            for value, named in zip(amounts, has_amount, strict=True)]))
    return Part(write_table(columns, css="wide", small=True))


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def issues_table(issues: pd.DataFrame) -> Part:
    """Show what was found in the data, gravest first, one line for each kind of finding."""
    if not len(issues):
        return Part("")
    table = issues.assign(order=issues.level.map(LEVELS), rows=issues["count"].fillna(1).astype(int))
    kinds = table.groupby(["order", "level", "code"], sort=True).agg(
        first=("message", "first"), n=("message", "size"), rows=("rows", "sum")).reset_index()
    kinds = kinds.sort_values(["order", "rows"], ascending=[True, False], kind="stable")
    said = [str(row.first) if row.n == 1 else say("report.like_it", first=row.first, n=row.n)
            for row in kinds.itertuples(index=False)]
    html = write_table([
        Column(say("report.verdict"), [say(f"report.issue_{level}") for level in kinds.level], number=False,
               one_line=True),
        Column(say("report.issue"), said, number=False),
        Column(say("report.issue_rows"), [format_exact(value) for value in kinds.rows])])
    if len(kinds) < len(issues):
        html += f'<p class="quiet">{escape(say("report.issues_rest", n=len(issues)))}</p>'
    return Part(html)
