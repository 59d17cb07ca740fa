"""A running month from day to day, what one person has to do a week, and how good a rule of alarm is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.history import as_known_on
from salesgoals.periods import Period
from salesgoals.process import pace_board, pace_course
from salesgoals.show.charts_alarms import chart_alarm_rules
from salesgoals.show.charts_process import chart_pace
from salesgoals.show.coaching_parts import needs_in_order, show_kpi_goals, show_person_goals
from salesgoals.show.process_parts import name_rule, person_names, show_board, show_rule
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say
from salesgoals.workdays import working_days

STYLE = {"description_width": "initial"}


def slide_day(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
              today: pd.Timestamp | None = None, country: str = "CN", currency: str = "") -> ipywidgets.VBox:
    """Give a slider for the day; below it the pace of the company and the board as they stood that day.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        All canonical tables; each day is shown as it was known then.
    goals : pandas.DataFrame
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        The period to slide through.
    today : Timestamp, optional
        Where the slider stands at first.
    country : str
        Two letters, for the working days.
    currency : str
        Currency code to name beside amounts.

    Returns
    -------
    ipywidgets.VBox
        Slider, picture and table.
    """
    spoken = language()
    days = working_days(period.start, period.end, country)
    worked = list(days.date[days.working]) or [period.end]
    first = max((day for day in worked if today is not None and day <= today), default=worked[-1])
    slider = ipywidgets.SelectionSlider(options=[(f"{day:%m-%d}", day) for day in worked], value=first,
                                        description=say("progress.slider_day"), continuous_update=False,
                                        style=STYLE, layout=ipywidgets.Layout(width="620px"))
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        known = as_known_on(tables, slider.value)
        board = pace_board(known, goals, period, slider.value, country)
        course = pace_course(known, goals, period, "all", "all", slider.value, country)
        with in_language(spoken):
            shown.value = (draw_picture(chart_pace(course, currency))
                           + like_an_output(show_board(board[board.by != "person"], currency).html))

    slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([slider, shown])


def choose_rule(quality: pd.DataFrame) -> ipywidgets.VBox:
    """Give a list of the rules of alarm; below it how often the chosen one is wrong, and how often right.

    Parameters
    ----------
    quality : pandas.DataFrame
        From :func:`salesgoals.process.alarm_quality`.
    """
    spoken = language()
    rules = list(dict.fromkeys(quality.rule))
    choice = ipywidgets.Dropdown(options=[(name_rule(rule), rule) for rule in rules], value=rules[0],
                                 description=say("progress.choose_rule"), style=STYLE,
                                 layout=ipywidgets.Layout(width="420px"))
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        with in_language(spoken):
            shown.value = (show_rule(quality, choice.value).html
                           + draw_picture(chart_alarm_rules(quality[quality.rule == choice.value])))

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])


def choose_kpi_person(needs: pd.DataFrame, currency: str = "") -> ipywidgets.VBox:
    """Give a list of the people and a slider for the goal; below it what the chosen one has to do a week.

    Parameters
    ----------
    needs : pandas.DataFrame
        From :func:`salesgoals.kpi_goals.set_kpi_goals`.
    currency : str
        Currency code to name beside amounts.

    Returns
    -------
    ipywidgets.VBox
        List and table; a sentence where nobody has KPI goals.
    """
    spoken = language()
    people = needs_in_order(needs[needs.enough != "no_goal"]) if len(needs) else needs
    shown = ipywidgets.HTML()
    if people.empty:
        shown.value = show_kpi_goals(needs).html
        return ipywidgets.VBox([shown])
    names = person_names(needs)
    choice = ipywidgets.Dropdown(options=[(names[key], key) for key in people.person_id],
                                 description=say("progress.choose_person"), style=STYLE,
                                 layout=ipywidgets.Layout(width="420px"))

    def draw(_: Any = None) -> None:
        with in_language(spoken):
            shown.value = like_an_output(
                show_person_goals(needs[needs.person_id == choice.value], currency).html)

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])
