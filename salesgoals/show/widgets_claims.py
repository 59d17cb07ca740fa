"""The claiming session in a notebook, and the simulator that shows which claim pays.

Both call the functions of the cells around them. What is claimed goes into the workspace's ledger at once;
the button "refresh" shows what others have claimed meanwhile.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.claiming.menus import make_rules
from salesgoals.claiming.rules import Rule
from salesgoals.claiming.worth import best_claim, chance_of, expected_pay, with_chance
from salesgoals.claims import Claimed, board_of, claim_gap, claim_goal, levels_of, proposal_of, withdraw_claim
from salesgoals.entries.places import login_name
from salesgoals.forecast import Forecast
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.charts_base import name_people
from salesgoals.show.charts_claims import chart_claim_pay, chart_claim_worth
from salesgoals.show.charts_review import chart_gap
from salesgoals.show.claims_parts import claims_table, gap_table, say_gap
from salesgoals.show.html import escape
from salesgoals.show.numbers import format_chance, format_exact, format_money, say_points
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.words import in_language, language, say
from salesgoals.workspace import Workspace

LEAST, MOST, STEP = 40, 180, 5     # percent of the middle of the own forecast
ROWS = 6        # people of the whole company below the gap; a team is shown whole
EVERYBODY = ""
WIDE = ipywidgets.Layout(width="420px")
STYLE = {"description_width": "110px"}


class ClaimingSession(ipywidgets.VBox):
    """Who claims what: choose a person, enter claim and reason, record it; the gap follows at once.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan; claims are recorded in its ledger.
    who : str, optional
        Who records; can be changed in the field. By default the name of the login.
    """

    def __init__(self, workspace: Workspace, who: str = "") -> None:
        self.workspace, self.spoken = workspace, language()
        self.proposed = proposal_of(workspace)
        self.levels = levels_of(workspace).set_index("person_id")
        self.board = board_of(workspace, self.proposed)
        teams = self.board[["department", "team"]].drop_duplicates()
        named = [(f"{department} / {team}" if department != team else team, f"{department}\n{team}")
                 for department, team in teams.itertuples(index=False)]
        self.team = ipywidgets.Dropdown(options=[(say("claims.widget_all"), EVERYBODY), *named],
                                        description=say("claims.widget_team"), layout=WIDE, style=STYLE)
        self.person = ipywidgets.Dropdown(description=say("claims.widget_person"), layout=WIDE, style=STYLE)
        self.amount = ipywidgets.Text(description=say("claims.widget_amount"), layout=WIDE, style=STYLE,
                                      placeholder=say("claims.widget_amount_hint"))
        self.reason = ipywidgets.Text(description=say("claims.widget_reason"), layout=WIDE, style=STYLE,
                                      placeholder=say("claims.widget_reason_hint"))
        self.who = ipywidgets.Text(value=who or login_name(), description=say("claims.widget_who"),
                                   layout=WIDE, style=STYLE)
        self.record = ipywidgets.Button(description=say("claims.widget_record"), button_style="primary")
        self.withdraw = ipywidgets.Button(description=say("claims.widget_withdraw"))
        self.refresh = ipywidgets.Button(description=say("claims.widget_refresh"))
        self.about, self.message, self.shown = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        for name in ("team", "person", "amount", "reason", "who", "record", "withdraw", "refresh"):
            getattr(self, name).add_class(f"claim-{name}")
        self.team.observe(self._choose_team, "value")
        self.person.observe(self._choose_person, "value")
        self.record.on_click(lambda _: self._say(self._claim))
        self.withdraw.on_click(lambda _: self._say(self._take_back))
        self.refresh.on_click(lambda _: self._say(self._look_again))
        buttons = ipywidgets.HBox([self.record, self.withdraw, self.refresh])
        super().__init__([self.team, self.person, self.about, self.amount, self.reason, self.who, buttons,
                          self.message, self.shown])
        self._choose_team()

    def _mine(self) -> pd.DataFrame:
        """The people of the chosen team."""
        if self.team.value == EVERYBODY:
            return self.board
        department, team = self.team.value.split("\n")
        return self.board[(self.board.department == department) & (self.board.team == team)]

    def _choose_team(self, _: Any = None) -> None:
        mine, before = self._mine(), self.person.value
        names = name_people(mine)
        self.person.options = list(zip(names, mine.person_id, strict=True))
        self.person.value = before if before in set(mine.person_id) else mine.person_id.iloc[0]
        with in_language(self.spoken):
            self._draw()
            self._draw_person()

    def _choose_person(self, change: Any = None) -> None:
        if self.person.value is not None:
            with in_language(self.spoken):
                self._draw_person()

    def _draw_person(self) -> None:
        row = self.board.set_index("person_id").loc[self.person.value]
        lines = [say("claims.widget_about", name=row.person, last_12=format_exact(round(float(row.last_12))),
                     proposed=format_exact(float(row.proposed)), chance=format_chance(row.chance))]
        if row.name in self.levels.index and self.levels.loc[row.name, ["base", "stretch"]].notna().all():
            own = self.levels.loc[row.name]
            lines.append(say("claims.widget_levels", base=format_exact(float(own.base)),
                             stretch=format_exact(float(own.stretch))))
        if pd.notna(row.claimed):
            lines.append(say("claims.widget_claimed", claimed=format_exact(float(row.claimed)), who=row.who,
                             chance=format_chance(row.claimed_chance), at=f"{row['at']:%Y-%m-%d %H:%M}"))
        else:
            lines.append(say("claims.widget_not_claimed"))
        self.about.value = "<br>".join(escape(line) for line in lines)

    def _draw(self) -> None:
        gap, mine = claim_gap(self.workspace, self.board), self._mine()
        own = claim_gap(self.workspace, mine) if len(mine) < len(self.board) else gap
        level = "team" if self.team.value == EVERYBODY and self.board.team.nunique() > 1 else "person"
        currency = self.workspace.settings.currency
        picture = draw_picture(chart_gap(own, level, currency)) if own.claimed.notna().any() else ""
        claimed = mine[mine.claimed.notna()]
        whole = self.team.value == EVERYBODY
        table = claims_table(claimed, ROWS if whole else None, times=not whole)
        people = like_an_output(table.html) if len(claimed) else ""
        self.shown.value = (f'<p class="claim-gap"><strong>{escape(say_gap(gap, currency))}</strong></p>'
                            f"{like_an_output(gap_table(gap).html)}{picture}{people}")

    def _say(self, work: Any) -> None:
        """Do something and say what came of it: a button never ends in lines of code."""
        with in_language(self.spoken):
            try:
                text, color = work(), "#00664b"
            except SalesgoalsError as error:
                text, color = str(error), "#b00020"
            self.message.value = (f'<p class="claim-message" style="color:{color};line-height:1.4">'
                                  f"{escape(text)}</p>".replace("\n", "<br>"))

    def _words(self) -> dict[str, str]:
        return {"who": self.who.value, "why": self.reason.value or say("claims.widget_why")}

    def _claim(self) -> str:
        words = self._words()
        done = claim_goal(self.workspace, self.person.value, self.amount.value, who=words["who"],
                          why=words["why"], based_on=self.board.attrs["entry"])
        return self._done(done)

    def _take_back(self) -> str:
        words = self._words()
        done = withdraw_claim(self.workspace, self.person.value, who=words["who"], why=words["why"],
                              based_on=self.board.attrs["entry"])
        return self._done(done)

    def _done(self, done: Claimed) -> str:
        self._look_again()
        self.amount.value = self.reason.value = ""
        notes = [note.text() for note in done.notes]
        head = [say("claims.widget_recorded", entry=done.entry)] if done.recorded else []
        return "\n".join([*head, *notes])

    def _look_again(self) -> str:
        """Read the ledger anew; a plan that was replaced meanwhile is said, not mixed with this one."""
        now = proposal_of(self.workspace)
        if now.sheet.mark != self.proposed.sheet.mark:
            raise SalesgoalsError(Problem("claims.widget_other_plan"))
        before = int(self.board.attrs["entry"])
        self.proposed, self.board = now, board_of(self.workspace, now)
        self._draw()
        self._draw_person()
        new = int((self.board.entry > before).sum())
        return say("claims.widget_refreshed", n=new)


def claiming_session(workspace: Workspace, who: str = "") -> ClaimingSession:
    """Hold a claiming session (目标认领会): claims go into the ledger, the gap follows at once.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    who : str, optional
        Who records the claims; by default the name of the login.

    Returns
    -------
    ClaimingSession
        Lists for team and person, fields for claim and reason, three buttons, the gap and a chart.
    """
    return ClaimingSession(workspace, who)


def claim_simulator(forecast: Forecast, person: str, proposal: float | None = None, currency: str = "",
                    unit: int = 1) -> ipywidgets.VBox:
    """Give sliders for a claim and a result; below stands what each rule pays, and which claim pays best.

    Parameters
    ----------
    forecast : Forecast
        From :func:`salesgoals.plans.estimate`.
    person : str
        A person_id of the forecast.
    proposal : float, optional
        What the company proposes; by default the middle of the person's forecast.
    currency : str
        Currency code to name beside amounts.
    unit : int
        The goals of the menu are multiples of it.

    Returns
    -------
    ipywidgets.VBox
        A list of rules, two sliders, two pictures.
    """
    spoken = language()
    if person not in forecast.people.index or not forecast.people["mean"][person] > 0:
        raise SalesgoalsError(Problem("claims.no_outlook", found=person))
    mean, sd = (float(forecast.people[name][person]) for name in ("mean", "sd"))
    middle = with_chance(mean, sd, .5)
    rules = {rule.name: rule for rule in make_rules(mean, sd, float(proposal or middle), unit)}
    choice = ipywidgets.Dropdown(options=[(say(f"claims.rule_{name}"), name) for name in rules],
                                 description=say("claims.widget_rule"), layout=WIDE, style=STYLE)
    layout = ipywidgets.Layout(width="560px")
    claim, actual = (ipywidgets.IntSlider(
        value=value, min=LEAST, max=MOST, step=STEP, continuous_update=False, description=say(key),
        layout=layout, style={"description_width": "initial"})
        for value, key in ((70, "claims.widget_claim"), (105, "claims.widget_actual")))
    shown = ipywidgets.HTML()

    def draw(_: Any = None) -> None:
        rule, said, sold = rules[choice.value], middle * claim.value / 100, middle * actual.value / 100
        if rule.name == "menu":
            said = float(rule.goals[int(rule.option(said))])  # type: ignore[attr-defined]
        best = best_claim(rule, mean, sd)
        with in_language(spoken):
            text = say("claims.widget_paid", claim=format_money(said, currency),
                       sold=format_money(sold, currency), pay=_paid(rule, rule.pay(said, sold)),
                       best=format_money(best.claim, currency),
                       best_pay=_paid(rule, rule.pay(best.claim, sold)))
            average = float(expected_pay(rule, mean, sd, said))
            text += say("claims.widget_average", average=_paid(rule, average),
                        best_average=_paid(rule, best.expected),
                        chance=format_chance(chance_of(mean, sd, said)))
            shown.value = (f"<p>{escape(text)}</p>"
                           + draw_picture(chart_claim_worth(rule, mean, sd, currency, said))
                           + draw_picture(chart_claim_pay(rule, mean, sd, currency, sold)))

    for control in (choice, claim, actual):
        control.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, claim, actual, shown])


def _paid(rule: Rule, points: float) -> str:
    """Write what is paid in the rule's own points."""
    return say(f"claims.paid_{rule.name}", points=say_points(float(points)))
