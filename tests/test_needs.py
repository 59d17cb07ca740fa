"""A lesson on data that cannot carry it: one sentence, no error, no empty chart; and it wakes up again."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import PROJECT
from nbclient import NotebookClient

import salesgoals as sg
from salesgoals.problems import SalesgoalsError
from salesgoals.run.parameters import run_notebook
from salesgoals.show.needs import lesson_needs_sales
from salesgoals.tables import as_table, write_table
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, new_workspace


@pytest.fixture
def no_sales(tmp_path: Path) -> Workspace:
    workspace = new_workspace(tmp_path / "w", language="en", company="nothing sold")
    goals = as_table("goals", pd.DataFrame({"period_start": ["2026-01-01"], "goal": [100.0]}))
    write_table(workspace.folder / "tables", "goals", goals)
    return workspace


def test_outside_a_notebook_the_sentence_is_an_error(no_sales: Workspace) -> None:
    with pytest.raises(SalesgoalsError, match="goals: 1 row"), in_language("en"):
        lesson_needs_sales(no_sales)
    lesson_needs_sales(sg.sample_workspace())


def test_the_cells_after_it_pass_until_the_data_can_carry_them(no_sales: Workspace) -> None:
    cells = ["import salesgoals as sg\nsg.use_language('en')",
             f"company = sg.open_workspace({str(no_sales.folder)!r})\nsg.lesson_needs_sales(company)",
             "print('not reached')\n1 / 0",
             "company = sg.sample_workspace()\nsg.lesson_needs_sales(company)",
             "print('awake')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    said = [repr(cell.outputs) for cell in notebook.cells]
    assert "this workspace has none" in said[1]
    assert said[2] == "[]"
    assert "awake" in said[4]


@pytest.mark.parametrize("lesson", ["04_goal", "07_incentives"])
def test_a_lesson_runs_to_its_end(no_sales: Workspace, tmp_path: Path, lesson: str) -> None:
    made = tmp_path / "out.ipynb"
    run_notebook(PROJECT / "notebooks" / "en" / f"{lesson}.ipynb", made, {"workspace": str(no_sales.folder)})
    outputs = [output for cell in nbformat.read(made, 4).cells if cell.cell_type == "code"
               for output in cell.outputs]
    assert len(outputs) == 1
    assert "this workspace has none" in repr(outputs)
