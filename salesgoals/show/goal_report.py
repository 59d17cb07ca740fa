"""Opening a goal report in a notebook, and putting its sections on the page."""

from __future__ import annotations

from typing import Any

from salesgoals.plans import estimate, last_twelve_months, make_plan, save_plan
from salesgoals.readers import Report, open_report
from salesgoals.show.charts_people import MOST_IN_A_TEAM, chart_carriers, who_carries
from salesgoals.show.facts import Facts
from salesgoals.show.html import Part, escape, write_heading
from salesgoals.show.report_tables import teams_table
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
        The reader, as :func:`salesgoals.readers.report_names` lists it.

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


def carriers(report: Report, facts: Facts) -> Any:
    """Say who carries the growth: in a chart of few people, in a sentence where a chart shows teams."""
    people = report.plan.people
    if not facts.baseline > 0 or len(people) < 2:
        return None  # without a full year behind them there is no growth to speak of
    if people.team.nunique() < 2 or len(people) <= MOST_IN_A_TEAM:
        return chart_carriers(people, report.currency, report.forecast.people.months_seen)
    return who_carries(people)


def teams(report: Report, facts: Facts) -> list[Any]:
    """Show the teams, then and next: a chart and a table; nothing where there is only one team."""
    if report.plan.people.team.nunique() < 2:
        return []
    by_team = facts.baseline > 0 and len(report.plan.people) > MOST_IN_A_TEAM
    return [chart_carriers(report.plan.people, report.currency) if by_team else None,
            teams_table(report, facts)]
