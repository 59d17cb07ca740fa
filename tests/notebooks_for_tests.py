"""Small notebooks that tests write and run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

Cell = str | tuple[str, list[str]]


def make_notebook(cells: Sequence[Cell]) -> Any:
    """Make a notebook of code cells: a source, or a source with its tags."""
    new = []
    for number, cell in enumerate(cells):
        source, tags = cell if isinstance(cell, tuple) else (cell, [])
        new.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}, id=f"cell-{number:03d}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=new, metadata={"kernelspec": kernel,
                                                         "language_info": {"name": "python"}})


def write_notebook(path: Path, cells: Sequence[Cell]) -> Path:
    """Write such a notebook to a file."""
    nbformat.write(make_notebook(cells), str(path))
    return path
