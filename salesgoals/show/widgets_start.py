"""The first things to choose: whose sales to draw, and which export to look into."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.history import team_sales
from salesgoals.lessons import read_export
from salesgoals.problems import SalesgoalsError
from salesgoals.show.charts_lessons import chart_sales
from salesgoals.show.html import Part, escape
from salesgoals.show.readable import readable
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.sources.explain import show_mapping
from salesgoals.sources.read import read_file
from salesgoals.sources.sheet import Sheet
from salesgoals.words import in_language, language, say
from salesgoals.workspace import Workspace

FIRST_ROWS, FIRST_ASIDE, MOST_SHEETS = 4, 6, 2
_STYLE = {"description_width": "initial"}


def choose_sales(workspace: Workspace) -> ipywidgets.VBox:
    """Give a list of the teams and product lines; below it stand the sales of the chosen one, month by month.

    Parameters
    ----------
    workspace : Workspace
        A workspace with sales.

    Returns
    -------
    ipywidgets.VBox
        List and picture.
    """
    spoken, settings, sales = language(), workspace.settings, team_sales(workspace.tables)
    parts: list[tuple[str, tuple[str, str]]] = [(say("own.everything"), ("", ""))]
    for field in ("team", "product_line"):
        names = sales.groupby(field).amount.sum().sort_values(ascending=False).index
        parts += [(say(f"own.{field}", name=name), (field, name)) for name in names if name]
    choice = ipywidgets.Dropdown(options=parts, value=parts[min(1, len(parts) - 1)][1],  # all stand above
                                 description=say("own.whose"), style=_STYLE)
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        field, name = choice.value
        chosen = sales[sales[field] == name] if field else sales
        with in_language(spoken):
            shown.value = draw_picture(chart_sales(chosen, settings.currency, settings.calendar_country))

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])


def show_export(workspace: Workspace, name: str = "", number: int = 1) -> Part:
    """Show an export as it lies there: what kind of file, its first rows, the rows that are no records.

    Parameters
    ----------
    workspace : Workspace
        A workspace with collected tables.
    name, number : str, int
        Which export, as :func:`salesgoals.lessons.read_export` takes it.
    """
    sheet = read_export(workspace, name, number)
    if not name and number > 1 and read_export(workspace, "", number - 1).file == sheet.file:
        return Part(f"<p>{escape(say('own.no_other', file=sheet.file))}</p>")
    return Part(_look_at(sheet))


def _look_at(sheet: Sheet) -> str:
    place = " / ".join(part for part in (sheet.file, sheet.sheet) if part)
    html = f"<p><strong>{escape(say('own.export', file=place, n=len(sheet.cells), header=sheet.header_row))}"
    html += escape(say("own.encoding", name=sheet.encoding)) if sheet.encoding else ""
    html += "</strong></p>" + readable(sheet.cells, rows=FIRST_ROWS).html
    if len(sheet.aside):
        aside = sheet.aside[["row", "reason", "text"]]
        html += f"<p>{escape(say('own.aside', n=len(aside)))}</p>" + readable(aside, rows=FIRST_ASIDE).html
    return html


def choose_export(workspace: Workspace) -> ipywidgets.VBox:
    """Give a list of the files in the inbox; below it stands the chosen one and what it is taken for.

    Parameters
    ----------
    workspace : Workspace
        A workspace with exports in its inbox.

    Returns
    -------
    ipywidgets.VBox
        List and tables; for a file that is refused, the sentence that says why.
    """
    spoken, inbox = language(), workspace.inbox
    files = sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*")
                   if path.is_file() and not path.name.startswith("."))
    choice = ipywidgets.Dropdown(options=files, value=files[0] if files else None,
                                 description=say("own.which"), style=_STYLE)
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        with in_language(spoken):
            shown.value = like_an_output(_explain(workspace, choice.value)) if choice.value else ""

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])


def _explain(workspace: Workspace, name: str) -> str:
    try:
        reading = read_file(workspace.inbox / name)
        if not reading.sheets:
            raise SalesgoalsError(reading.problems)
        means = show_mapping(reading, workspace.settings)
    except SalesgoalsError as refusal:
        return f"<p><strong>{escape(str(refusal))}</strong></p>"
    looks = "".join(_look_at(sheet) for sheet in reading.sheets[:MOST_SHEETS])
    return looks + f"<p>{escape(say('own.taken_for'))}</p>" + readable(_first_sheets(means)).html


def _first_sheets(means: pd.DataFrame) -> pd.DataFrame:
    """The columns of the first sheets, without the samples that stand above anyway."""
    kept = means[means.sheet.isin(means.sheet.drop_duplicates()[:MOST_SHEETS])]
    return kept[["source_column", "means", "why", "doubt"]].drop_duplicates()
