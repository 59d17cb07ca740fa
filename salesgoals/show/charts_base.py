"""What all charts share: widths that fit a page, a title that is the finding, rows of data."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from salesgoals.show.numbers import format_share
from salesgoals.show.numbers import round_ticks as round_ticks
from salesgoals.show.render import chart_width
from salesgoals.words import say

GROWN = 0.995      # from this share of the growth curve on nobody is a newcomer
MOST_ROWS = 25     # beyond it a chart of people is read by nobody
#: how an axis writes changes: a zero has no sign
SIGNED = "datum.value === 0 ? '0%' : format(datum.value, '+.0%')"


def chart_rows(frame: pd.DataFrame) -> alt.InlineData:
    """Hand the rows to a chart: six figures are enough for the eye and keep the page small."""
    columns = {}
    for name in frame.columns:
        values = frame[name].tolist()
        columns[name] = [_plain(value) for value in values]
    return alt.InlineData(values=[dict(zip(columns, row, strict=True))
                                  for row in zip(*columns.values(), strict=True)])


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return None if value is None or value is pd.NaT or value is pd.NA else value


WIDE_MARKS = "“”‘’—…"  # as wide as a letter in Chinese fonts


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is in pixels: a Chinese character is as wide as it is high."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" or letter in WIDE_MARKS for letter in text)
    return size * (wide + 0.54 * (len(text) - wide))


def wrap_text(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines that fit; charts do not do it themselves."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Split where a line may break: after a space, and between Chinese characters but not before a comma."""
    pieces: list[str] = []
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        mark = unicodedata.category(letter).startswith("P")
        last = pieces[-1][-1] if pieces else ""
        may_break = bool(pieces) and not mark and (
            last == " " or wide or unicodedata.east_asian_width(last) in "WF")
        if may_break or not pieces:
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def finish_chart(layers: Sequence[Any], finding: str, note: str = "", *,
                 height: float | alt.Step = 300) -> alt.LayerChart:
    """Put layers together under a title that says what they show; the same sentence is the alt text."""
    width = chart_width()
    title = alt.TitleParams(text=wrap_text(finding, 16, width), subtitle=wrap_text(note, 12, width))
    return alt.LayerChart(
        layer=list(layers), title=title, width=width, height=height, description=finding,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))


def name_people(people: pd.DataFrame) -> pd.Series:
    """Name each person so that two of one name can be told apart: by their id, only where it is needed.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person.

    Returns
    -------
    pandas.Series
        With the index of the input.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     name_people(pd.DataFrame({"person_id": ["1", "2", "3"], "person": ["Li", "Li", "Wu"]})).tolist()
    ['Li (1)', 'Li (2)', 'Wu']
    """
    names = people.person.fillna(people.person_id).astype(str)
    twice = names.duplicated(keep=False)
    told = [say("chart.name_and_id", name=name, id=key)
            for name, key in zip(names, people.person_id, strict=True)]
    return names.where(~twice, pd.Series(told, index=people.index, dtype=names.dtype))


def join_names(names: Sequence[str]) -> str:
    """Join names as one says them: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return say("chart.names_and", first=say("chart.names_comma").join(names[:-1]), last=names[-1])


def say_change(share: float) -> str:
    """Say a change in words: up 18%, down 2%, unchanged.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     say_change(0.18), say_change(-0.02), say_change(0.001)
    ('up 18%', 'down 2%', 'unchanged')
    """
    if abs(share) < 0.005:
        return say("chart.change_none")
    return say("chart.change_up" if share > 0 else "chart.change_down", share=format_share(abs(share)))
