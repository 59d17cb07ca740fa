"""The web server of a claiming session: every address, and who may open it."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from tornado import web

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.serving.answering import DAYS, Api, Base, open_to
from salesgoals.run.serving.door import Door
from salesgoals.run.serving.handouts import Handouts, policy_of
from salesgoals.run.serving.session import Session
from salesgoals.run.serving.sheet import write_claims
from salesgoals.words import LANGUAGES, in_language, say

MOST_BYTES = 16_000   # of anything sent to the server
PAUSE = 0.4           # seconds that a wrong password takes
FILES = {"session.css": "text/css", "parts.js": "text/javascript", "mine.js": "text/javascript",
         "board.js": "text/javascript", "trainer.js": "text/javascript"}


@cache
def _file(name: str) -> bytes:
    return (resources.files("salesgoals.run.serving") / "pages" / name).read_bytes()


class Start(Base):
    """The door: one page, one password; wherever one belongs comes next."""

    def get(self) -> None:
        """Show the door, or lead on who has come in before."""
        who = self.who()
        if who is None:
            self.page("door", problem="", wait=self.door.wait(str(self.request.remote_ip)))
        elif who[1] == "trainer":
            self.redirect("/trainer")
        else:
            self.redirect("/mine" if self.session.store.seat_of(who[0]) else "/seat")

    async def post(self) -> None:
        """Let in who knows the password; a wrong one takes a while, many take longer."""
        address = str(self.request.remote_ip)
        wait, problem = self.door.wait(address), ""
        if not wait:
            role = self.door.enter(self.get_body_argument("password", "")[:200], address)
            if role is not None:
                known = self.get_signed_cookie("device", max_age_days=DAYS)
                device = known.decode().split("|")[0] if known else secrets.token_hex(16)
                self.set_signed_cookie("device", f"{device}|{role}|{self.door.marks[role].decode()}",
                                       expires_days=DAYS, httponly=True, samesite="Lax")
                self.redirect("/trainer" if role == "trainer" else "/")
                return
            await asyncio.sleep(PAUSE)
            problem, wait = "serve.password_wrong", self.door.wait(address)
        self.set_status(429 if wait else 403)
        with in_language(self.spoken):
            self.page("door", problem=say("serve.password_wait", n=wait) if wait else say(problem), wait=wait)


class Language(Base):
    """Each participant's own language."""

    def get(self) -> None:
        """Keep the choice and go back to the page."""
        if (chosen := self.get_query_argument("to", "")) in LANGUAGES:
            self.set_cookie("language", chosen, expires_days=30, httponly=True, samesite="Lax")
        back = self.get_query_argument("back", "/")
        self.redirect(back if back in ("/", "/seat", "/mine", "/board", "/trainer", "/handouts/") else "/")


@open_to("seat")
class Seat(Base):
    """Choosing one's own name."""

    device: str

    def get(self) -> None:
        """Show the names; a taken one cannot be chosen."""
        if self.session.store.seat_of(self.device):
            self.redirect("/mine")
            return
        self._show("")

    def post(self) -> None:
        """Ask once whether it is really this person, then give the seat."""
        person = self.get_body_argument("person", "")
        with in_language(self.spoken):
            names = self.session.figures.names()
            if person in names and self.get_body_argument("sure", "") != "yes":
                team = str(self.session.figures.people.team[person])
                self.page("sure", person=person, name=names[person], team=team)
                return
            try:
                self.session.take_seat(person, self.device)
            except SalesgoalsError as error:
                self.set_status(409)
                self._show(str(error))
                return
        self.redirect("/mine")

    def _show(self, problem: str) -> None:
        with in_language(self.spoken):
            people, names = self.session.figures.people, self.session.figures.names()
            taken = self.session.store.seats()
            teams: dict[str, list[tuple[str, str, bool]]] = {}
            for row in people.itertuples():
                teams.setdefault(str(row.team), []).append(
                    (row.person_id, names[row.person_id], row.person_id in taken))
            self.page("seat", teams=teams, problem=problem)


def _plain_page(name: str, *roles: str) -> type[Base]:
    @open_to(*roles)
    class Page(Base):
        """A page that asks for its figures by script."""

        def get(self) -> None:
            """Show it."""
            if name == "mine" and not self.session.store.seat_of(self.device):  # type: ignore[attr-defined]
                self.redirect("/seat")
                return
            self.page(name)
    return Page


@open_to("trainer")
class Trainer(Base):
    """The trainer's page."""

    def get(self) -> None:
        """Show it, with what has to be written on the board."""
        self.page("trainer", addresses=self.addresses, password=self.password)


@open_to("seat")
class Mine(Api):
    """Own figures; a claim; taking it back."""

    def get(self) -> None:
        """Own figures only: whose they are says the seat, never the request."""
        person = self.mine()
        self.answer(lambda: self.session.mine(person))

    def post(self) -> None:
        """Claim."""
        person = self.mine()

        def claim() -> dict[str, Any]:
            sent = self.sent()
            doubts = self.session.claim(person, sent.get("amount"), sent.get("reason"))  # type: ignore[arg-type]
            return {"mine": self.session.mine(person), "doubts": [doubt.text() for doubt in doubts]}
        self.answer(claim)

    def delete(self) -> None:
        """Take the claim back."""
        person = self.mine()

        def withdraw() -> dict[str, Any]:
            self.session.withdraw(person)
            return {"mine": self.session.mine(person), "doubts": []}
        self.answer(withdraw)


@open_to("seat", "trainer")
class Board(Api):
    """The shared board; nothing where nothing has changed since it was last seen."""

    def get(self) -> None:
        """Show it."""
        if self.get_query_argument("seen", "") == f"{self.session.version}-{self.spoken}":
            self.set_status(204)
            return
        person = self.session.store.seat_of(self.device)
        if self.role == "seat" and person is None and self.get_query_argument("at", "") == "mine":
            raise web.HTTPError(409)
        self.answer(lambda: {**self.session.board(person), "seen": f"{self.session.version}-{self.spoken}"})


@open_to("trainer")
class Room(Api):
    """What only the trainer sees and does."""

    def get(self) -> None:
        """Everything, live."""
        if self.get_query_argument("seen", "") == f"{self.session.version}-{self.spoken}":
            self.set_status(204)
            return
        self.answer(lambda: {**self.session.room(), "seen": f"{self.session.version}-{self.spoken}"})

    def post(self) -> None:
        """Open, close, show, choose the rule, free a seat, or write the ledger."""
        def work() -> dict[str, Any]:
            sent, told = self.sent(), list[str]()
            match sent.get("do"):
                case "set":
                    self.session.set_state(str(sent.get("name")), sent.get("value"))
                case "free":
                    self.session.store.free_seat(str(sent.get("person")))
                    self.session.changed()
                case "sum":
                    self.session.show_whole_sum()
                case "ledger":
                    told = self.session.write_ledger(sent.get("who"), sent.get("why"))  # type: ignore[arg-type]
                case _:
                    raise SalesgoalsError(Problem("serve.not_understood"))
            return {**self.session.room(), "told": told, "seen": f"{self.session.version}-{self.spoken}"}
        self.answer(work)


@open_to("trainer")
class Export(Base):
    """All claims as a file."""

    def get(self) -> None:
        """Download it."""
        with in_language(self.spoken):
            name = quote(say("serve.export_name") + ".csv")
            self.set_header("Content-Type", "text/csv; charset=utf-8")
            self.set_header("Content-Disposition",
                            f"attachment; filename=\"claims.csv\"; filename*=UTF-8''{name}")
            self.finish(write_claims(self.session.figures, self.session.store))


@open_to("seat", "trainer")
class HandoutList(Base):
    """The hand-outs there are."""

    def get(self) -> None:
        """List them by their titles; the pages are made meanwhile."""
        with in_language(self.spoken):
            titles = self.handouts.titles()
        self.handouts.prepare(self.spoken)
        self.page("handouts", names=titles)


@open_to("seat", "trainer")
class Handout(Base):
    """One hand-out, under a policy that lets its own scripts run and nothing else."""

    async def get(self, name: str) -> None:
        """Show it."""
        if name not in self.handouts.names():
            raise web.HTTPError(404)
        page = await self.handouts.page(name, self.spoken)
        if not page:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", policy_of(page))
        self.finish(page)


class Files(Base):
    """The few files that pages need; there is no folder to look through."""

    def get(self, name: str) -> None:
        """Give one of them: scripts only to who has come in."""
        if name not in FILES or (name.endswith(".js") and self.who() is None):
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{FILES[name]}; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(_file(name))


class Nothing(Base):
    """Any other address."""

    def prepare(self) -> None:
        """There is nothing."""
        raise web.HTTPError(404)


def make_app(session: Session, door: Door, secret: str, addresses: list[str], password: str,
             spoken: str) -> web.Application:
    """Put the application together.

    Parameters
    ----------
    session : Session
        What is served.
    door : Door
        Who may come in.
    secret : str
        Signs the cookies.
    addresses, password : list of str, str
        What the trainer's page says to write on the board.
    spoken : str
        Language of a browser that asks for neither of the two.
    """
    shared = {"session": session, "door": door, "addresses": addresses, "password": password,
              "handouts": Handouts(), "spoken": spoken}
    routes: list[tuple[str, type[Base]]] = [
        ("/", Start), ("/language", Language), ("/seat", Seat), ("/mine", _plain_page("mine", "seat")),
        ("/board", _plain_page("board", "seat", "trainer")), ("/trainer", Trainer),
        ("/trainer/claims.csv", Export), ("/handouts/?", HandoutList),
        ("/handouts/([A-Za-z0-9_-]+)", Handout),
        ("/api/mine", Mine), ("/api/board", Board), ("/api/room", Room), ("/files/([a-z.]+)", Files)]
    return web.Application([(path, handler, shared) for path, handler in routes],
                           cookie_secret=secret, xsrf_cookies=True,
                           xsrf_cookie_kwargs={"httponly": True, "samesite": "Lax"},
                           default_handler_class=Nothing, default_handler_args=shared, log_function=_quiet)


def _quiet(handler: web.RequestHandler) -> None:
    """Write no log: who opened what is nobody's business."""


def body_limits() -> dict[str, Any]:
    """How much and how long anybody may send."""
    return {"max_body_size": MOST_BYTES, "max_header_size": MOST_BYTES, "idle_connection_timeout": 75,
            "body_timeout": 10, "decompress_request": False}


