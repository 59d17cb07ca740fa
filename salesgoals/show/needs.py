"""What a lesson needs of the data: where it is missing, one sentence instead of empty charts or an error."""

from __future__ import annotations

from typing import Any

from salesgoals.history import monthly_sales
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.html import Part, escape
from salesgoals.words import say
from salesgoals.workspace import Workspace

#: cells that still run after a lesson was ended: those in which a reader corrects the workspace
KEPT = ("sg.lesson_needs_sales(", "workspace: str")


class _Silence:
    """Lets the cells after the set-up pass without running, until a set-up finds what it needs."""

    def __call__(self, lines: list[str]) -> list[str]:
        cell = "".join(lines)
        return lines if any(word in cell for word in KEPT) else []


def lesson_needs_sales(workspace: Workspace) -> None:
    """End a lesson with one sentence where the data hold no sales that it could work with.

    Parameters
    ----------
    workspace : Workspace
        The company the lesson works with.

    Notes
    -----
    The sentence is shown, and the cells that follow do nothing, in Lab as in a batch run, until the set-up
    cell is run again with other data.

    Raises
    ------
    SalesgoalsError
        Outside a notebook, with the same sentence.
    """
    shell = _shell()
    if shell is not None:
        filters = shell.input_transformers_cleanup
        filters[:] = [known for known in filters if not isinstance(known, _Silence)]
    if len(monthly_sales(workspace.require_tables())):
        return
    held = [say("lesson.table_with_rows", table=say(f"lesson.table.{name}"), n=len(table))
            for name, table in workspace.tables.items() if len(table)]
    problem = Problem("lesson.no_sales", held=say("lesson.table_separator").join(held) or "-")
    if shell is None:
        raise SalesgoalsError(problem)
    shell.input_transformers_cleanup.insert(0, _Silence())
    from IPython.display import display

    display(Part(f"<p><strong>{escape(problem.text())}</strong></p>"))


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()
