"""A PostgreSQL to test on: the one that SALESGOALS_POSTGRES_URL names, or a server of the test's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMS = ("initdb", "pg_ctl")
URL, REQUIRED = "SALESGOALS_POSTGRES_URL", "SALESGOALS_REQUIRE_POSTGRES"


def find_programs() -> Path | None:
    """Where initdb and pg_ctl lie; the newest version if there are several."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if all((place / name).exists() for name in PROGRAMS)), None)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def not_root() -> dict[str, int]:
    """The server refuses to run as root: then the user is the one that its package made, or nobody."""
    if os.getuid() != 0:
        return {}
    import pwd  # there is none on Windows

    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid}
    raise RuntimeError("no user to run PostgreSQL as")


def start_server(programs: Path, folder: Path) -> str:
    """Make a database in the folder and serve it on a free port; returns its address."""
    who, port = not_root(), free_port()
    folder.chmod(0o700)
    if who:
        os.chown(folder, who["user"], who["group"])
    run = {"check": True, "capture_output": True, "text": True, "cwd": folder, **who}
    subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "salesgoals", "-A", "trust",
                    "-E", "UTF8", "--no-locale", "--no-sync"], **run)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    # pg_ctl's own output goes to a file: a pipe would stay open as long as the server lives
    with (folder / "start.log").open("w") as log:
        started = subprocess.run(
            [programs / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "server.log", "-w",
             "start"], stdout=log, stderr=log, cwd=folder, check=False, **who)
    if started.returncode:
        raise RuntimeError((folder / "start.log").read_text() + (folder / "server.log").read_text())
    return f"postgresql+psycopg://salesgoals@127.0.0.1:{port}/postgres"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server; skipped with a reason where there is none."""
    if os.environ.get(URL):
        yield os.environ[URL]
        return
    programs = find_programs() if os.name == "posix" else None
    if programs is None:
        reason = f"no PostgreSQL: {URL} is not set and initdb is not installed"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="salesgoals-postgres-"))
    try:
        yield start_server(programs, folder)
    finally:
        subprocess.run([programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"],
                       capture_output=True, cwd=folder, check=False, **not_root())
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty database of the test's own."""
    import sqlalchemy as sa

    name = f"salesgoals_{uuid.uuid4().hex}"
    server = sa.create_engine(postgres, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    try:
        yield sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
