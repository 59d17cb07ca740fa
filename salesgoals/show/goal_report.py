"""Opening a goal report in a notebook, and putting its sections on the page."""

from __future__ import annotations

from typing import Any

from salesgoals.plans import (
    Report,
    estimate,
    last_twelve_months,
    make_plan,
    open_report,
    save_plan,
)
from salesgoals.show.html import Part, escape, write_heading
from salesgoals.words import all_words, say
from salesgoals.workspace import open_workspace

EXAMPLE_GROWTH = 1.15
EXAMPLE_UNIT = 100


def open_goal_report(workspace: str = "", by: str = "all", name: str = "") -> Report:
    """Open what one reader may see of a workspace's plan.

    Parameters
    ----------
    workspace : str
        Folder of a workspace with a plan; empty for the sample company with an example plan that asks for
        15 % more than the last 12 months.
    by, name : str
        The reader, as :func:`salesgoals.plans.report_names` lists it.

    Returns
    -------
    Report
    """
    if workspace:
        return open_report(open_workspace(workspace), by, name)
    # Only here: the report on a real workspace never needs the readers of exports.
    from salesgoals.sample import practice_workspace, sample_workspace

    example = practice_workspace(sample_workspace())
    forecast, _ = estimate(example)
    total = round(last_twelve_months(example) * EXAMPLE_GROWTH / 100_000) * 100_000
    start = f"{forecast.unit_months.month.min():%Y-%m}"
    save_plan(example, make_plan(example, total, start, unit=EXAMPLE_UNIT))
    return open_report(example, by, name)


def show_section(name: str, *contents: Any, new_page: bool = False) -> None:
    """Show a section under its heading; where there is nothing to say, the heading does not appear either.

    Parameters
    ----------
    name : str
        Heading and opening sentence stand under ``report.section_NAME`` and ``report.opening_NAME``.
    *contents
        Charts, parts, texts; None and empty ones are left out.
    new_page : bool
        Start on a new page when printed.
    """
    from IPython.display import display

    shown = [Part(f"<p>{escape(content)}</p>") if isinstance(content, str) else content
             for content in contents if content is not None and content != ""
             and not (isinstance(content, Part) and not content.html)]
    if not shown:
        return
    opening = f"report.opening_{name}"
    text = f"<p>{escape(say(opening))}</p>" if opening in all_words() else ""
    heading = write_heading(say(f"report.section_{name}"), css="new-page" if new_page else "")
    display(Part(heading + text), *shown)
