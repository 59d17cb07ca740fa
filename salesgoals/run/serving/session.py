"""The claiming session itself: who may do what, what each may see, and what goes into the ledger."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import pandas as pd

from salesgoals.claiming.amounts import read_amount
from salesgoals.claiming.rules import RULES
from salesgoals.claims import board_of, proposal_of, record_claims, withdraw_claim
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.run.serving.figures import Figures
from salesgoals.run.serving.sheet import list_claims
from salesgoals.run.serving.store import Said, Store
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_money,
    format_month,
    name_span,
    round_ticks,
    say_points,
)
from salesgoals.words import say

LONGEST_REASON, LONGEST_AMOUNT = 200, 40
TOGETHER = 3  # so many people's claims come into the shared sum at once: none can be read from the step


class Session:
    """One claiming session: its figures, its claims, and a number that changes with every change.

    Parameters
    ----------
    figures : Figures
        Of the plan that is claimed against.
    store : Store
        Where seats and claims are kept; an empty one starts with the claims that the ledger holds.
    """

    def __init__(self, figures: Figures, store: Store) -> None:
        self.figures, self.store = figures, store
        self._start, self._changes = secrets.token_hex(4), 0
        if not store.said() and not store.seats():
            self._take_over()

    def _take_over(self) -> None:
        board = board_of(self.figures.workspace, self.figures.proposed)
        for row in board[board.claimed.notna()].itertuples():
            self.store.claim(row.person_id, int(row.claimed), plain(row.why if row.own_words else "", ""))
        self.store.set_state(written=max((said.number for said in self.store.said().values()), default=0))
        self._publish()

    @property
    def version(self) -> str:
        """Changes with every change, also across a restart."""
        return f"{self._start}-{self._changes}"

    def changed(self) -> None:
        """Let every page know that there is something new."""
        self._changes += 1
        self._publish()

    def take_seat(self, person: str, holder: str) -> None:
        """Give a seat to a device; a taken seat or an unknown person is said."""
        if person not in self.figures.people.index:
            raise SalesgoalsError(Problem("serve.no_such_person"))
        if not self.store.take_seat(person, holder):
            raise SalesgoalsError(Problem("serve.seat_taken", name=self.figures.names()[person]))
        self.changed()

    def claim(self, person: str, amount: str, reason: str) -> list[Problem]:
        """Keep a claim, or say what is wrong with it; the doubts that remain are returned."""
        self._must_be_open()
        row = self.figures.people.loc[person]
        claimed, problems = read_amount(plain(amount, say("serve.amount")), float(row.goal),
                                        self.figures.unit, node=str(row.person))
        if claimed is None and not problems:
            problems = [Problem("serve.amount_blank")]
        reason = plain(reason, say("serve.reason"), LONGEST_REASON)
        if not reason:
            problems.append(Problem("serve.reason_blank"))
        raise_if_any(problems)
        self.store.claim(person, claimed, reason)
        self.changed()
        return problems

    def withdraw(self, person: str) -> None:
        """Take a claim back: not claimed, which is not 0."""
        self._must_be_open()
        if (said := self.store.said().get(person)) and said.amount is not None:
            self.store.claim(person, None, "")
            self.changed()

    def _must_be_open(self) -> None:
        if not self.store.state()["open"]:
            raise SalesgoalsError(Problem("serve.round_closed"))

    def set_state(self, name: str, value: Any) -> None:
        """Open or close the round, show or hide amounts, choose the rule of pay."""
        allowed: dict[str, tuple[Any, ...]] = {"open": (True, False), "amounts": (True, False),
                                               "rule": ("", *RULES)}
        if name not in allowed or not any(value is one or (value == one and isinstance(value, str))
                                          for one in allowed[name]):
            raise SalesgoalsError(Problem("serve.not_understood"))
        self.store.set_state(**{name: value})
        self.changed()

    def show_whole_sum(self) -> None:
        """Put every claim into the shared sum: the trainer's decision, as a step then shows what is new."""
        self.store.set_state(published=max((one.number for one in self.store.said().values()), default=0))
        self.changed()

    def _publish(self) -> None:
        """Move the shared sum on, several people at a time; see :data:`TOGETHER`."""
        state, said = self.store.state(), self.store.said()
        new = [one.number for one in said.values() if one.number > state["published"]]
        waiting = [person for person in self.store.seats()
                   if person not in said or said[person].amount is None]
        last_few = state["open"] and 0 < len(waiting) < TOGETHER  # they would come alone: wait for them
        if len(new) >= TOGETHER and not last_few:
            self.store.set_state(published=max(new))

    def mine(self, person: str) -> dict[str, Any]:
        """Return what one participant sees: own figures, the own claim, and nothing of anybody else."""
        own, figures, state = self.figures.own(person), self.figures, self.store.state()
        said = self.store.said().get(person)
        months = own.months
        about = say("serve.own_months", n=len(months), span=name_span(months[0][0], months[-1][0]))
        if own.chances:
            first, last = self.figures.proposed.span
            told = say("serve.own_assumes", span=name_span(first, last))
        else:
            told = say("serve.own_no_chance")
        return {
            "version": self.version, "open": state["open"], "name": figures.names()[person], "team": own.team,
            "cards": [[say("serve.card_last", n=len(months)), format_exact(round(own.last_12))],
                      [say("serve.card_proposed"), format_exact(own.proposed)],
                      [say("serve.card_chance"), format_chance(own.chance)]],
            "marks": [[say("serve.card_last", n=len(months)), round(own.last_12)],
                      [say("serve.mark_proposed"), round(own.proposed)]],
            "months": [[format_month(month), round(amount), format_money(amount)]
                       for month, amount in months],
            "months_title": about, "assumes": told, "step": own.step, "unit": figures.unit,
            "amounts": own.amounts, "chances": own.chances,
            "ticks": [[amount, format_money(amount)] for amount in _ticks(own.amounts)],
            "claim": self._claim_words(person, said), "pay": self._pay_words(person, state["rule"])}

    def _claim_words(self, person: str, said: Said | None) -> dict[str, Any] | None:
        if said is None or said.amount is None:
            return None
        chance = self.figures.chance_of_claim(person, said.amount)
        may_change = "serve.own_open" if self.store.state()["open"] else "serve.own_closed"
        return {"amount": said.amount, "reason": said.reason,
                "text": say("serve.own_claimed", amount=format_exact(said.amount, self.figures.currency),
                            chance=format_chance(chance), at=_clock(said.at)) + say(may_change)}

    def _pay_words(self, person: str, name: str) -> dict[str, Any] | None:
        worth = self.figures.worth(person, name) if name else None
        if worth is None:
            return None
        best, currency = worth["best"], self.figures.currency
        lines = [say("serve.pay_best", claim=format_money(best.claim, currency),
                     chance=format_chance(best.chance), points=say_points(best.expected))]
        lines += [say("serve.pay_menu", goal=format_exact(goal, currency), points=say_points(reward))
                  for goal, reward in worth["menu"]]
        lines.append(say(f"claims.note_{name}"))
        target = self.figures.target_pay.get(person)
        if target is not None and name != "joint_base":
            lines.append(say("serve.pay_target", target=format_money(float(target), currency)))
        return {"rule": say(f"claims.rule_{name}"), "pays": worth["pays"], "best": round(best.claim),
                "lines": lines, "axis": say(f"claims.axis_average_{name}")}

    def board(self, person: str | None, trainer: bool = False) -> dict[str, Any]:
        """Return the shared board: who has claimed, the sum against the goal; amounts only when opened."""
        state, said, seats = self.store.state(), self.store.said(), self.store.seats()
        names = self.figures.names()
        claimed = {key: one.amount for key, one in said.items() if one.amount is not None}
        everything = trainer or bool(state["amounts"])
        shown = claimed if everything else {
            key: one.amount for key, one in self.store.said(state["published"]).items()
            if one.amount is not None} if state["published"] else {}
        later = sum(one.number > state["published"] for one in said.values())
        note = say("serve.board_together", n=len(shown), least=TOGETHER)
        if later:
            note += say("serve.board_later", n=later)
        people = [{"name": names[row.person_id], "team": str(row.team), "claimed": row.person_id in claimed,
                   "seated": row.person_id in seats, "mine": row.person_id == person,
                   "amount": format_exact(claimed.get(row.person_id)) if everything else ""}
                  for row in self.figures.people.itertuples()]
        return {"version": self.version, "open": state["open"], "amounts": everything, "people": people,
                "counted": say("serve.board_counted", claimed=len(claimed), seats=len(seats),
                               people=len(people)),
                "rule": state["rule"], "claimed": len(claimed), "of": len(people),
                "note": "" if everything else note,
                "sum": self._sum(shown, everything) if shown else None}

    def _sum(self, claimed: dict[str, int], teams: bool) -> dict[str, Any]:
        figures, currency, goal = self.figures, self.figures.currency, float(self.figures.goal)
        gap = figures.gap(claimed)
        whole = gap[gap.level == "company"].iloc[0]
        asked, total = float(whole.proposed_to_claimers), float(whole.claimed + whole.unclaimed)
        like = asked or float(whole.claimed)
        written = {"proposed": format_money(asked, currency, like=like),
                   "claimed": format_money(whole.claimed, currency, like=like)}
        difference = format_money(whole.gap, like=like) if whole.gap else "0"
        told = say("serve.board_told", n=int(whole.claimed_people), **written,
                   gap=f"+{difference}" if whole.gap > 0 else difference)
        order = {team: place for place, team in enumerate(dict.fromkeys(figures.people.team))}
        rows = gap[(gap.level == "team") & teams].sort_values("team", key=lambda names: names.map(order))
        return {
            "claimed": float(whole.claimed), "proposed": asked, "told": told,
            "bars": [[say(f"serve.bar_{name}"), float(value), written[name]]
                     for name, value in (("proposed", asked), ("claimed", whole.claimed))],
            "total": say("serve.board_total", total=format_money(total, currency, like=goal),
                         goal=format_money(goal, currency),
                         chance=format_chance(figures.chance_of_total(total)),
                         goal_chance=format_chance(figures.chance_of_total(goal))),
            "teams": [[row.team or NOTHING, format_exact(row.proposed_to_claimers),
                       format_exact(_number(row.claimed)), _signed(row.gap),
                       say("claims.of_people", n=int(row.claimed_people), people=int(row.people))]
                      for row in rows.itertuples()]}

    def room(self) -> dict[str, Any]:
        """Return what the trainer sees: everything."""
        state, seats = self.store.state(), self.store.seats()
        table = list_claims(self.figures, self.store)
        since = {person: _clock(at) for person, at in seats.items()}
        rows = [{"id": row.person_id, "name": row.name, "team": row.team,
                 "since": since.get(row.person_id, ""), "proposed": format_exact(row.proposed),
                 "chance": format_chance(row.chance),
                 "claimed": format_exact(_number(row.claimed)), "claimed_chance": format_chance(
                     row.claimed_chance), "gap": _signed(_number(row.gap)), "reason": row.reason,
                 "at": "" if pd.isna(row.at) else _clock(row.at)}
                for row in table.rename(columns={"person": "name"}).itertuples()]
        new, apart = self._not_written(), [one for one in self.store.said().values()
                                           if one.number > state["published"]]
        return {"apart": len(apart), "board": self.board(None, trainer=True), "state": state, "rows": rows,
                "rules": [["", say("serve.rule_none")],
                          *[[name, say(f"claims.rule_{name}")] for name in RULES]],
                "unwritten": len(new), "written": say("serve.ledger_waiting", n=len(new)) if new else
                say("serve.ledger_nothing")}

    def _not_written(self) -> dict[str, Said]:
        written = self.store.state()["written"]
        return {person: one for person, one in self.store.said().items() if one.number > written}

    def write_ledger(self, who: str, why: str) -> list[str]:
        """Record all claims that are not in the ledger yet, and say what came of it."""
        who, why = plain(who, say("serve.ledger_who"), 60), plain(why, say("serve.ledger_why"), 200)
        raise_if_any([Problem("serve.ledger_blank", name=say(f"serve.ledger_{name}"))
                      for name, text in (("who", who), ("why", why)) if not text])
        workspace = self.figures.workspace
        workspace.forget_tables()
        if proposal_of(workspace).sheet.mark != self.figures.proposed.sheet.mark:
            raise SalesgoalsError(Problem("serve.other_plan"))
        new, told = self._not_written(), list[str]()
        claims = pd.DataFrame([(person, one.amount, one.reason) for person, one in new.items()
                               if one.amount is not None], columns=["person_id", "claim", "reason"])
        if len(claims):
            done = record_claims(workspace, claims, who=who, why=why)
            if done.recorded:
                told.append(say("claims.cli_recorded", n=len(claims), entry=done.entry))
            told += [note.text() for note in done.notes]
        for person in (person for person, one in new.items() if one.amount is None):
            done = withdraw_claim(workspace, person, who=who, why=why)
            if done.recorded:
                name = self.figures.names()[person]
                told.append(say("serve.ledger_withdrawn", name=name, entry=done.entry))
        if new:
            self.store.set_state(written=max(one.number for one in new.values()))
        self._changes += 1
        return told or [say("serve.ledger_nothing")]


def plain(text: Any, name: str, longest: int = LONGEST_AMOUNT) -> str:
    """Take one line of text as it is meant; anything but text of a bearable length is refused.

    Examples
    --------
    >>> plain(" new\\ncustomer\\x00 ", "reason", 20)
    'new customer'
    """
    if not isinstance(text, str):
        raise SalesgoalsError(Problem("serve.not_understood"))
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if len(line) > longest:
        raise SalesgoalsError(Problem("serve.too_long", name=name, n=len(line), most=longest))
    return line


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _signed(value: Any) -> str:
    if value is None or pd.isna(value):
        return NOTHING
    return ("+" if value > 0 else "") + format_exact(float(value))


def _clock(at: datetime) -> str:
    """The time of day on the clock of this computer."""
    return f"{datetime.fromtimestamp(at.timestamp()):%H:%M}"


def _ticks(amounts: list[int]) -> list[float]:
    """A few round amounts to write under the curve."""
    return round_ticks(amounts[0], amounts[-1], 4) if len(amounts) > 1 else []
