"""What every address of a session shares: who is asking, in which language, and how mistakes are said."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
from tornado import web

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.serving.door import Door
from salesgoals.run.serving.handouts import Handouts
from salesgoals.run.serving.session import Session
from salesgoals.words import LANGUAGES, all_words, in_language, language, say

DAYS = 2  # how long a device is known
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          " form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(loader=jinja2.PackageLoader("salesgoals.run.serving", "pages"), autoescape=True,
                              undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(say=say)
    return made


class Base(web.RequestHandler):
    """What all addresses share: language, who is asking, headers that keep a page to itself."""

    def initialize(self, session: Session, door: Door, addresses: list[str], password: str,
                   handouts: Handouts, spoken: str) -> None:
        """Take what the application hands to each request."""
        self.session, self.door, self.addresses = session, door, addresses
        self.password, self.handouts, self.default_language = password, handouts, spoken

    def set_default_headers(self) -> None:
        """Nothing is framed, guessed, kept, or fetched from elsewhere."""
        self.clear_header("Server")
        for name, value in (("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"),
                            ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
                            ("Cache-Control", "no-store")):
            self.set_header(name, value)

    @property
    def spoken(self) -> str:
        """The participant's own language: chosen, else the browser's, else the server's."""
        chosen = self.get_cookie("language", "")
        if chosen in LANGUAGES:
            return str(chosen)
        asked = self.request.headers.get("Accept-Language", "").lower().split(",")
        wanted = (part.strip()[:2] for part in asked)
        return next((name for name in wanted if name in LANGUAGES), self.default_language)

    def who(self) -> tuple[str, str] | None:
        """The device and its role; None without a login. A cookie that this session did not sign is none."""
        kept = self.get_signed_cookie("device", max_age_days=DAYS)
        parts = kept.decode("ascii", "replace").split("|") if kept else []
        if len(parts) != 3 or not self.door.knows(parts[1], parts[2]):
            return None
        return parts[0], parts[1]

    def page(self, template: str, /, **values: Any) -> None:
        """Write a page."""
        with in_language(self.spoken):
            who = self.who()
            role = who[1] if who else ""
            self.xsrf_token  # noqa: B018  (asking for it sets its cookie)
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(_templates().get_template(f"{template}.html").render(
                language=language(), other="en" if language() == "zh" else "zh",
                token=self.xsrf_token.decode(),
                company=self.session.figures.workspace.settings.company, role=role, here=self.request.path,
                seated=bool(who and self.session.store.seat_of(who[0])),
                handouts=bool(self.handouts.names()), **values))

    def json(self, data: Any, status: int = 200) -> None:
        """Write data for a page's script."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(data, ensure_ascii=True, allow_nan=False))

    def write_error(self, status_code: int, **values: Any) -> None:
        """Say in a sentence what went wrong; never a line of code."""
        self.set_default_headers()
        with in_language(self.spoken):
            error = values.get("exc_info", (None, None))[1]
            key = f"serve.error_{status_code}"
            text = str(error) if isinstance(error, SalesgoalsError) else say(
                key if key in all_words() else "serve.error_other")
            if self.request.path.startswith("/api/"):
                self.json({"problem": text}, status_code)
            else:
                self.page("error", text=text)

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        """Keep quiet about what was answered in a sentence."""
        if not isinstance(value, SalesgoalsError):
            super().log_exception(kind, value, trace)


def open_to(*roles: str) -> Callable[[type[Base]], type[Base]]:
    """Open an address to some roles only, before anything else is looked at."""
    def closed(handler: type[Base]) -> type[Base]:
        def prepare(self: Base) -> None:
            who = self.who()
            if who is None or who[1] not in roles:
                if self.request.path.startswith("/api/") or who is not None or self.request.method != "GET":
                    raise web.HTTPError(401 if who is None else 403)
                self.redirect("/")
                return
            self.device, self.role = who  # type: ignore[attr-defined]

        handler.prepare = prepare  # type: ignore[method-assign, assignment]
        return handler
    return closed


class Api(Base):
    """An address that a page's script calls: data in, data out, mistakes as sentences."""

    device: str
    role: str

    def sent(self) -> dict[str, Any]:
        """Read what was sent; anything but one JSON object is refused."""
        try:
            data = json.loads(self.request.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise SalesgoalsError(Problem("serve.not_understood"))
        return data

    def answer(self, work: Callable[[], Any]) -> None:
        """Do something in the asker's language and say what came of it."""
        with in_language(self.spoken):
            try:
                self.json(work())
            except SalesgoalsError as error:
                kept = error.problems[0].code == "serve.not_kept"
                self.json({"problem": str(error)}, 500 if kept else 400)

    def mine(self) -> str:
        """Whose seat this device has; without one there is nothing of anybody to see."""
        person = self.session.store.seat_of(self.device)
        if person is None or person not in self.session.figures.people.index:
            raise web.HTTPError(409)
        return person
