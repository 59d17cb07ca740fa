"""The desk on which goals are adjusted in a notebook: choose what happens, see the proposal, approve it."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.adjust import (
    Adjustment,
    Leave,
    MarketShock,
    OutOfReach,
    Wish,
    approve_adjustment,
    propose_adjustment,
    undo_adjustment,
)
from salesgoals.entries.places import login_name
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.adjust_parts import show_adjustment
from salesgoals.show.charts_adjust import chart_absorbers, chart_chances_change
from salesgoals.show.charts_base import name_people
from salesgoals.show.html import escape
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say
from salesgoals.workspace import Workspace

EVERYBODY = "all"
EVENTS = ("leave", "shock", "reach", "wish")
TAKERS = ("team", "all", "vacancy", "nobody")
LEAST, MOST, STEP, FIRST = -50, 50, 5, 10     # percent
WIDE = ipywidgets.Layout(width="420px")
STYLE = {"description_width": "110px"}


class AdjustDesk(ipywidgets.VBox):
    """What happens, to whom, from which day: the proposal follows at once, the ledger only on approval.

    Parameters
    ----------
    workspace : Workspace
        Its goals are changed when a proposal is approved.
    day : str or Timestamp
        From which day.
    """

    def __init__(self, workspace: Workspace, day: str | pd.Timestamp) -> None:
        self.workspace, self.day, self.spoken = workspace, pd.Timestamp(day), language()
        self.found: Adjustment | None = None
        self.entries: list[int] = []
        self.event = ipywidgets.Dropdown(options=[(say(f"adjust.widget_{name}"), name) for name in EVENTS],
                                         description=say("adjust.widget_event"), layout=WIDE, style=STYLE)
        self.person = ipywidgets.Dropdown(options=self._people(), description=say("adjust.widget_person"),
                                          layout=WIDE, style=STYLE)
        self.to = ipywidgets.Dropdown(options=[(say(f"adjust.to_{name}"), name) for name in TAKERS],
                                      description=say("adjust.widget_to"), layout=WIDE, style=STYLE)
        self.percent = ipywidgets.IntSlider(
            value=FIRST, min=LEAST, max=MOST, step=STEP, readout_format="+d", continuous_update=False,
            description=say("adjust.widget_percent"), layout=WIDE, style=STYLE)
        self.who = ipywidgets.Text(value=login_name(), description=say("adjust.widget_who"), layout=WIDE,
                                   style=STYLE)
        self.why = ipywidgets.Text(description=say("adjust.widget_why"), layout=WIDE, style=STYLE,
                                   placeholder=say("adjust.widget_why_hint"))
        self.approve = ipywidgets.Button(description=say("adjust.widget_approve"), button_style="primary")
        self.undo = ipywidgets.Button(description=say("adjust.widget_undo"))
        self.message, self.shown = ipywidgets.HTML(), ipywidgets.HTML()
        for name in ("event", "person", "to", "percent", "who", "why", "approve", "undo"):
            getattr(self, name).add_class(f"adjust-{name}")
        for control in (self.event, self.person, self.to, self.percent):
            control.observe(self._propose, "value")
        self.approve.on_click(lambda _: self._do(self._approve))
        self.undo.on_click(lambda _: self._do(self._undo))
        buttons = ipywidgets.HBox([self.approve, self.undo])
        super().__init__([self.event, self.person, self.to, self.percent, self.shown, self.who, self.why,
                          buttons, self.message])
        self._propose()

    def _people(self) -> list[tuple[str, str]]:
        found = propose_adjustment(self.workspace, Wish(EVERYBODY, "+0%", self.day))
        open_ones = found.chances[(found.chances.by == "person") & (found.chances.open_before > 0)]
        people = open_ones.rename(columns={"unit": "person_id", "name": "person"}).sort_values(
            "open_before", ascending=False, kind="stable")
        return [*zip(name_people(people), people.person_id, strict=True),
                (say("adjust.widget_everybody"), EVERYBODY)]

    def _asked(self) -> Any:
        person, percent = self.person.value, self.percent.value
        if self.event.value == "leave":
            if person == EVERYBODY:
                raise SalesgoalsError(Problem("adjust.widget_one_person"))
            return Leave(person, self.day, self.to.value)
        if self.event.value == "shock":
            return MarketShock(percent / 100, self.day)
        if self.event.value == "reach":
            return OutOfReach(self.day, person)
        absorbed = {"team": "peers", "vacancy": "nobody"}.get(self.to.value, self.to.value)
        return Wish(person, f"{percent:+d}%", self.day, "nobody" if person == EVERYBODY else absorbed)

    def _propose(self, _: Any = None) -> None:
        """Draw the proposal; what cannot be is said, in one place with what can."""
        with in_language(self.spoken):
            self.message.value = ""
            try:
                self.found = propose_adjustment(self.workspace, self._asked())
            except SalesgoalsError as error:
                self.found = None
                self.shown.value = f'<p class="adjust-refused">{escape(str(error))}</p>'.replace("\n", "<br>")
                return
            currency = self.workspace.settings.currency
            rest = self.event.value == "reach"
            self.shown.value = (
                like_an_output(show_adjustment(self.found).html)
                + draw_picture(chart_absorbers(self.found.who_absorbs, currency))
                + draw_picture(chart_chances_change(self.found.chances, rest)))

    def _do(self, work: Any) -> None:
        """Do something and say what came of it: a button never ends in lines of code."""
        with in_language(self.spoken):
            try:
                text, color = work(), "#00664b"
            except SalesgoalsError as error:
                text, color = str(error), "#b00020"
            said = f'<p class="adjust-message" style="color:{color};line-height:1.4">{escape(text)}</p>'
            self.message.value = said.replace("\n", "<br>")

    def _refresh(self) -> None:
        """List who can be chosen now, and keep the choice where it still makes sense."""
        people, chosen = self._people(), self.person.value
        self.person.options = people
        self.person.value = chosen if chosen in {key for _, key in people} else people[0][1]
        self._propose()

    def _approve(self) -> str:
        if self.found is None:
            raise SalesgoalsError(Problem("adjust.nothing_changes"))
        entry = approve_adjustment(self.workspace, self.found, self.who.value, self.why.value)
        self.entries.append(entry.entry)
        self.why.value = ""
        self._refresh()
        return say("adjust.widget_approved", entry=entry.entry)

    def _undo(self) -> str:
        if not self.entries:
            return say("adjust.widget_nothing")
        entry = undo_adjustment(self.workspace, self.entries[-1], self.who.value,
                                self.why.value or say("adjust.widget_undo"))
        self.entries.pop()
        self._refresh()
        return say("adjust.widget_undone", entry=entry.entry)


def adjust_desk(workspace: Workspace, day: str | pd.Timestamp) -> AdjustDesk:
    """Adjust goals in a notebook: choose an event, see who takes on what, approve it or take it back.

    Parameters
    ----------
    workspace : Workspace
        A workspace with goals; approved changes go into its ledger and plan.
    day : str or Timestamp
        From which day.

    Returns
    -------
    AdjustDesk
        Lists for event, person and who takes it on, a slider, the proposal with two charts, two buttons.
    """
    return AdjustDesk(workspace, day)
