"""The retrospective in a notebook: whose gap it is, and the session that agrees on causes and actions."""

from __future__ import annotations

from typing import Any

import altair as alt
import ipywidgets
import pandas as pd

from salesgoals.cycle import Session, open_actions, save_session
from salesgoals.entries.places import login_name
from salesgoals.looping.actions import check_action
from salesgoals.problems import SalesgoalsError
from salesgoals.show.charts_retro import chart_gap
from salesgoals.show.html import escape
from salesgoals.show.process_parts import name_units
from salesgoals.show.retro_parts import causes_of, gap_words, say_gap
from salesgoals.show.session_parts import actions_table, for_discussion, held_by_unit, say_session_cause
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say
from salesgoals.workspace import Workspace

MOST_CAUSES = 6
WIDE = ipywidgets.Layout(width="480px")
STYLE = {"description_width": "110px"}
KINDS = ("stop", "improve", "test")
ANSWERS = ("yes", "unsure", "no")


def choose_gap(gap: pd.DataFrame, people: pd.DataFrame | None = None, currency: str = "") -> ipywidgets.VBox:
    """Give lists for team and person; below stands what that gap is made of.

    Parameters
    ----------
    gap : pandas.DataFrame
        From :func:`salesgoals.retro.gap_report`.
    people : pandas.DataFrame, optional
        Columns person_id, name: how people are called.
    currency : str
        Currency code to name beside amounts.

    Returns
    -------
    ipywidgets.VBox
        A list, a sentence and a picture.
    """
    spoken, causes = language(), causes_of(gap)
    order = {"all": 0, "team": 1, "person": 2}
    listed = gap.sort_values("by", key=lambda by: by.map(order), kind="stable")
    options = list(zip(name_units(listed, people), zip(listed.by, listed.unit, strict=True), strict=True))
    choice = ipywidgets.Dropdown(options=options, value=options[0][1], description=say("retro_page.whose"),
                                 layout=WIDE, style=STYLE)
    choice.add_class("retro-unit")
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        by, unit = choice.value
        row = next(gap[(gap.by == by) & (gap.unit == unit)].itertuples(index=False))
        with in_language(spoken):
            picture = draw_picture(chart_gap(gap, by, unit, currency))
            shown.value = (f"<p><strong>{escape(say_gap(row, currency))}</strong></p>"
                           + gap_words(row, causes, currency).html + picture)

    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, shown])


def chart_gap_steps(gap: pd.DataFrame, by: str = "all", unit: str = "all",
                    currency: str = "") -> alt.LayerChart | None:
    """Walk from goal to result, one step for each cause: the chart of the report, for lessons."""
    return chart_gap(gap, by, unit, currency)


class RetroSession(ipywidgets.VBox):
    """The session: agree on causes, decide, give every action an owner and a date; all is kept at once.

    Parameters
    ----------
    workspace : Workspace
        Where the session is kept.
    session : Session
        From :func:`salesgoals.cycle.open_session`.
    gap : pandas.DataFrame, optional
        From :func:`salesgoals.retro.gap_report`: what is not on record is then called by what is.
    who : str, optional
        Who writes; by default the name of the login.
    """

    def __init__(self, workspace: Workspace, session: Session, gap: pd.DataFrame | None = None,
                 who: str = "") -> None:
        self.workspace, self.session, self.spoken = workspace, session, language()
        self.held = held_by_unit(gap) if gap is not None else {}
        self.who = who or login_name()
        people = workspace.tables["people"].drop_duplicates("person_id")
        here = people[people.leave_date.isna() | (people.leave_date > pd.Timestamp(session.day))]
        self.people = here if len(here) else people
        self.answers = [self._ask(cause) for cause in for_discussion(session.causes, MOST_CAUSES)]
        self.kind = ipywidgets.Dropdown(options=[(say(f"retro_page.kind_{name}"), name) for name in KINDS],
                                        description=say("retro_page.decide"), layout=WIDE, style=STYLE)
        self.text = self._field("retro_page.decision", "retro_page.decision_hint")
        self.decide = ipywidgets.Button(description=say("retro_page.add_decision"))
        self.what = self._field("retro_page.what", "retro_page.what_hint")
        names = name_units(pd.DataFrame({"by": "person", "unit": self.people.person_id}), people)
        self.owner = ipywidgets.Dropdown(options=[("", ""), *zip(names, self.people.person_id, strict=True)],
                                         description=say("retro_page.owner"), layout=WIDE, style=STYLE)
        self.due = self._field("retro_page.due", "retro_page.due_hint")
        self.measure = self._field("retro_page.measure", "retro_page.measure_hint")
        self.add = ipywidgets.Button(description=say("retro_page.add_action"), button_style="primary")
        self.message, self.shown = ipywidgets.HTML(), ipywidgets.HTML()
        for name in ("kind", "text", "decide", "what", "owner", "due", "measure", "add"):
            getattr(self, name).add_class(f"retro-{name}")
        self.decide.on_click(lambda _: self._say(self._decide))
        self.add.on_click(lambda _: self._say(self._add))
        heads = [ipywidgets.HTML(f"<strong>{escape(say(f'retro_page.head_{name}'))}</strong>")
                 for name in ("causes", "decisions", "actions")]
        super().__init__([heads[0], *self.answers, heads[1], self.kind, self.text, self.decide, heads[2],
                          self.what, self.owner, self.due, self.measure, self.add, self.message, self.shown])
        self._draw()

    def _field(self, key: str, hint: str) -> ipywidgets.Text:
        return ipywidgets.Text(description=say(key), placeholder=say(hint), layout=WIDE, style=STYLE)

    def _ask(self, cause: Any) -> ipywidgets.VBox:
        """Put a cause before the group: a sentence and three answers."""
        currency = self.workspace.settings.currency
        sentence = ipywidgets.HTML(escape(say_session_cause(cause, currency, self.workspace.tables["people"],
                                                            self.held)))
        answer = ipywidgets.ToggleButtons(
            options=[(say(f"retro_page.agreed_{name}"), name) for name in ANSWERS], value=cause.agreed,
            style={"button_width": "90px"})
        answer.add_class("retro-agree")
        key = (cause.code, cause.unit)

        def keep(change: Any) -> None:
            def work() -> str:
                self.session = self.session.agree(key[0], change["new"], key[1])
                self._keep()
                return say("retro_page.kept_cause")
            self._say(work)

        answer.observe(keep, "value")
        return ipywidgets.VBox([sentence, answer])

    def _keep(self) -> None:
        self.session = save_session(self.workspace, self.session, who=self.who)

    def _say(self, work: Any) -> None:
        """Do something and say what came of it: a button never ends in lines of code."""
        with in_language(self.spoken):
            try:
                text, color = work(), "#00664b"
            except SalesgoalsError as error:
                text, color = str(error), "#b00020"
            self.message.value = (f'<p class="retro-message" style="color:{color};line-height:1.4">'
                                  f"{escape(text)}</p>".replace("\n", "<br>"))
            self._draw()

    def _decide(self) -> str:
        if not self.text.value.strip():
            return say("retro_page.decision_missing")
        self.session = self.session.decide(self.kind.value, self.text.value.strip())
        self._keep()
        self.text.value = ""
        return say("retro_page.kept_decision")

    def _add(self) -> str:
        row = {"what": self.what.value, "owner": self.owner.value, "due": self.due.value,
               "measure": self.measure.value}
        action, problems = check_action(row, self.people, pd.Timestamp(self.session.day))
        if action is None:
            raise SalesgoalsError(problems)
        self.session = self.session.add(action)
        self._keep()
        self.what.value = self.due.value = self.measure.value = ""
        return say("retro_page.kept_action", day=action.due)

    def _draw(self) -> None:
        """List what was decided and what is open."""
        with in_language(self.spoken):
            decided = "".join(f"<li>{escape(say(f'retro_page.kind_{one.kind}'))}: {escape(one.text)}</li>"
                              for one in self.session.decisions)
            actions = open_actions(self.workspace, self.session.day)
            table = actions_table(actions).html if len(actions) else ""
            self.shown.value = (f"<ul>{decided}</ul>" if decided else "") + like_an_output(table)


def retro_session(workspace: Workspace, session: Session, gap: pd.DataFrame | None = None,
                  who: str = "") -> RetroSession:
    """Hold a retrospective: agree on causes, decide what to stop, improve and test, hand out actions.

    Parameters
    ----------
    workspace : Workspace
        Where the session is kept: ``retro/<period>``.
    session : Session
        From :func:`salesgoals.cycle.open_session`.
    gap : pandas.DataFrame, optional
        From :func:`salesgoals.retro.gap_report`: what is not on record is then called by what is.
    who : str, optional
        Who writes; by default the name of the login.

    Returns
    -------
    RetroSession
        Answers for each cause, fields for decisions and actions, the list of open actions.
    """
    return RetroSession(workspace, session, gap, who)


