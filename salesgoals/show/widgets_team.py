"""A list of people; below it stands the card of the one who is chosen."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.show.charts_team import chart_newcomers, chart_peers
from salesgoals.show.team_parts import show_person
from salesgoals.show.widgets import draw_picture
from salesgoals.words import in_language, language, say


def choose_person(described: pd.DataFrame, compared: pd.DataFrame, progress: pd.DataFrame,
                  months: pd.DataFrame, currency: str = "") -> ipywidgets.VBox:
    """Give a list of people; below it stand what is known of the one chosen and a chart: peers or curve.

    Parameters
    ----------
    described, compared, progress, months : pandas.DataFrame
        From :func:`salesgoals.team.describe_people`, :func:`salesgoals.team.compare_with_peers`,
        :func:`salesgoals.team.progress_of_newcomers`, :func:`salesgoals.team.months_of_newcomers`.
    currency : str
        For the amounts.

    Returns
    -------
    ipywidgets.VBox
        List, card and picture.
    """
    spoken = language()
    people = described.drop_duplicates("person_id")
    names = [(say("chart.name_and_id", name=name, id=key) if name != key else name, key)
             for name, key in zip(people.person.fillna(people.person_id), people.person_id, strict=True)]
    choice = ipywidgets.Dropdown(options=names, description=say("team.widget_person"),
                                 style={"description_width": "initial"})
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        person = choice.value
        if person is None:
            return
        own = progress[progress.person_id == person]
        with in_language(spoken):
            if len(own):
                chart = chart_newcomers(months[months.person_id == person], own)
            else:
                chart = chart_peers(compared, person, currency)
            shown.value = show_person(described, compared, person, currency).html + draw_picture(chart)

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])
