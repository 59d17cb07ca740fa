"""Small pieces of HTML whose text can never become a script: every text is escaped where it is put in."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

LEFT = "text-align:left"
TINTS = {"goal": "#F8DCC8", "chance": "#CFE3F1", "plain": "#E6EAEE"}


class Part:
    """A piece of a page: notebooks show its HTML, anything else its plain text."""

    def __init__(self, html_text: str) -> None:
        self.html = html_text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        rows = re.sub(r"</(tr|p|li|div|h\d)>", "\n", self.html)
        text = html.unescape(re.sub(r"<[^>]+>", " ", rows))
        return "\n".join(line for line in (" ".join(row.split()) for row in text.split("\n")) if line)


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, its texts and, if it is a number, a bar behind each cell."""

    head: str
    cells: Sequence[str]
    number: bool = True
    one_line: bool = False
    bars: Sequence[float] = field(default=())
    tint: str = "plain"


def escape(text: object) -> str:
    """Make a text safe to stand in a page.

    Examples
    --------
    >>> escape("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    """
    return html.escape(str(text), quote=True)


def write_table(columns: Sequence[Column], total: Sequence[str] = (), caption: str = "",
                css: str = "", small: bool = False) -> str:
    """Write a table: heads, rows, and a last row with the sums.

    Parameters
    ----------
    columns : sequence of Column
        All with as many cells.
    total : sequence of str, optional
        One text for each column.
    caption, css : str
        A line above it, and classes.
    small : bool
        In smaller letters, for tables of many columns.

    Examples
    --------
    >>> write_table([Column("who", ["Li & Wu"], number=False)])  # doctest: +ELLIPSIS
    '<table><thead><tr><th scope="col" style=...>who</th>...<th ...>Li &amp; Wu</th></tr></tbody></table>'
    """
    mark = [' class="number"' if column.number else f' style="{LEFT}"' for column in columns]
    wrap = "white-space:normal" if css == "wide" else ""  # long heads would push the sums away
    head = "".join(f'<th scope="col"{_marked(column, [wrap] if wrap else [])}>{escape(column.head)}</th>'
                   for column in columns)
    rows = []
    for number in range(len(columns[0].cells)):
        cells = [_cell(column, number, first=place == 0) for place, column in enumerate(columns)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    if total:
        cells = [f'<th scope="row"{mark[0]}>{escape(total[0])}</th>']
        cells += [f"<td{right}>{escape(text)}</td>" for text, right in zip(total[1:], mark[1:], strict=True)]
        rows.append(f'<tr class="total">{"".join(cells)}</tr>')
    given = (f' class="{css}"' if css else "") + (' style="font-size:.8rem"' if small else "")
    start = f"<table{given}>"
    told = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"{start}{told}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(column: Column, number: int, first: bool) -> str:
    text, styles = escape(column.cells[number]), list[str]()
    if column.one_line:
        styles.append("white-space:nowrap")
    if column.bars:
        share = column.bars[number]
        width = 100 * min(max(share, 0.0), 1.0) if share == share else 0.0  # no bar where it is unknown
        shade = TINTS[column.tint]
        styles.append(f"background:linear-gradient(to right,{shade} {width:.0f}%,transparent {width:.0f}%)")
    if first and not column.number:
        return f'<th scope="row"{_marked(column, styles)}>{text}</th>'
    return f"<td{_marked(column, styles)}>{text}</td>"


def _marked(column: Column, styles: list[str]) -> str:
    """Write class and style of a cell: notebooks push everything to the right unless told otherwise."""
    styles = styles if column.number else [LEFT, *styles]
    style = f' style="{";".join(styles)}"' if styles else ""
    return (' class="number"' if column.number else "") + style


def write_list(items: Sequence[str]) -> str:
    """Write a list of sentences."""
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>" if items else ""


def write_heading(text: str, level: int = 2, css: str = "") -> str:
    """Write a heading."""
    return f'<h{level}{f" class={chr(34)}{css}{chr(34)}" if css else ""}>{escape(text)}</h{level}>'
