"""Starting and ending the server of a claiming session."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.serving.app import body_limits, make_app
from salesgoals.run.serving.door import Door, check_passwords, local_addresses, make_password
from salesgoals.run.serving.figures import Figures
from salesgoals.run.serving.session import Session
from salesgoals.run.serving.store import FOLDER, Store, kept_secret, only_server
from salesgoals.words import language
from salesgoals.workspace import Workspace

EVERYWHERE = ("0.0.0.0", "::", "")
ONLY_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Running:
    """What to tell the trainer once the server listens."""

    addresses: list[str]
    own_address: str
    password: str
    trainer_password: str
    people: int
    goal: int
    folder: Path
    only_here: bool


def serve_session(workspace: Workspace, password: str | None, trainer_password: str | None, port: int,
                  host: str, tell: Callable[[Running], None]) -> None:
    """Serve a claiming session until the process is asked to end.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    password, trainer_password : str or None
        Made up where none is given, and the same again when the server is started again.
    port, host : int, str
        Where to listen; port 0 takes a free one.
    tell : callable
        Called once with what to write on the board.

    Raises
    ------
    SalesgoalsError
        If there is no plan, the passwords cannot be used, or the port is taken.
    """
    figures, folder = Figures(workspace), workspace.folder / FOLDER
    with only_server(folder):
        seat = password or kept_secret(folder, "password", make_password())
        trainer = trainer_password or kept_secret(folder, "trainer_password", make_password())
        check_passwords(seat, trainer)
        secret = kept_secret(folder, "secret")
        try:
            sockets = bind_sockets(port, host or None)
        except OSError as error:
            problem = Problem("serve.port", host=host, port=port, found=error.strerror)
            raise SalesgoalsError(problem) from error
        store = Store(folder / f"session_{figures.proposed.sheet.mark}.db")
        try:
            port = int(sockets[0].getsockname()[1])
            room = local_addresses() if host in EVERYWHERE else [host]
            addresses = [_address(one, port) for one in room]
            own = _address("127.0.0.1" if host in EVERYWHERE else host, port)
            app = make_app(Session(figures, store), Door(seat, trainer, secret), secret,
                           addresses or [own], seat, language())
            server = HTTPServer(app, **body_limits())
            asyncio.run(_serve(server, sockets, lambda: tell(Running(
                addresses or [own], own, seat, trainer, len(figures.people), figures.goal, store.path,
                not addresses or host in ONLY_HERE))))
        finally:
            store.close()


def _address(host: str, port: int) -> str:
    """What is typed into a browser; IPv6 stands in brackets there."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _serve(server: HTTPServer, sockets: list, ready: Callable[[], None]) -> None:
    if not os.environ.get("SALESGOALS_DEBUG"):  # whatever anybody sends is answered, not logged
        logging.getLogger("tornado").setLevel(logging.CRITICAL)
    end = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, ValueError):  # Windows: Ctrl+C ends the loop by itself
            asyncio.get_running_loop().add_signal_handler(name, end.set)
    server.add_sockets(sockets)
    ready()
    with suppress(asyncio.CancelledError):
        await end.wait()
    server.stop()
    await server.close_all_connections()
