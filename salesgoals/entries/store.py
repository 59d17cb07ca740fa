"""Where entries lie: one SQLite file or a PostgreSQL database, the same code for both.

SQLite keeps a rollback journal and waits for the disk (one file to mail, safe on network drives); writers
take turns by ``BEGIN IMMEDIATE``, on PostgreSQL by an advisory lock that ends with the transaction.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from salesgoals.entries.chain import FIELDS, FORMAT, hash_of_head, hash_of_start
from salesgoals.entries.refusals import in_sentences
from salesgoals.entries.times import now
from salesgoals.problems import Problem, SalesgoalsError

PATIENCE = 60  # seconds a writer waits for its turn
LOCK = 0x5A1E560A15  # our own number among PostgreSQL's advisory locks

metadata = sa.MetaData()
_KINDS: dict[type, Any] = {int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"), str: sa.Text()}
entries = sa.Table(
    "salesgoals_entries", metadata,
    *(sa.Column(name, _KINDS[kinds[0]], primary_key=name == "entry", autoincrement=False,
                nullable=type(None) in kinds) for name, kinds in FIELDS.items()),
    sa.Column("payload", sa.LargeBinary, nullable=False), sa.Column("hash", sa.Text, nullable=False))
head = sa.Table(
    "salesgoals_ledger", metadata,
    sa.Column("ledger", sa.Text, primary_key=True), sa.Column("company", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False), sa.Column("format", sa.Integer, nullable=False),
    sa.Column("entries", _KINDS[int], nullable=False), sa.Column("hash", sa.Text, nullable=False),
    sa.Column("check", sa.Text, nullable=False))

_REFUSE = "entries of the ledger are never changed; undo one by a new entry"
FENCES = {
    "sqlite": [f"CREATE TRIGGER salesgoals_no_{what} BEFORE {what.upper()} ON salesgoals_entries "
               f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END" for what in ("update", "delete")],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION salesgoals_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$",
        "CREATE TRIGGER salesgoals_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON salesgoals_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION salesgoals_refuse()"]}


class Store:
    """The database of one ledger; nothing is made before something is written.

    Parameters
    ----------
    url : str or None
        A database by its address; None for the file.
    path : Path
        The SQLite file.
    company : str
        Whose ledger it is; another company's is refused.
    """

    def __init__(self, url: str | None, path: Path, company: str) -> None:
        self.path = None if url else path
        self.company = company
        self._engine: sa.Engine | None = None
        with in_sentences(url or str(path)):
            self.url = _read_url(url) if url else sa.URL.create("sqlite", database=str(path))
        if self.url.get_backend_name() == "sqlite":
            self.path = Path(self.url.database or "")
        self.name = str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        """Look at one state of the ledger, whatever others write meanwhile; None where there is none yet."""
        if self.path is not None and not self.path.is_file():
            yield None
            return
        with in_sentences(self.name), self._connect() as connection:
            if self.path is None:
                connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            else:
                connection.exec_driver_sql("BEGIN")
            try:
                yield connection if self._is_begun(connection) else None
            finally:
                with suppress(sa.exc.SQLAlchemyError):
                    connection.exec_driver_sql("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Take one's turn as the only writer; everything inside is kept as a whole or not at all."""
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with in_sentences(self.name), self._connect() as connection:
            if self.path is None:
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                if not self._is_begun(connection):
                    self._begin(connection)
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                with suppress(sa.exc.SQLAlchemyError):
                    connection.exec_driver_sql("ROLLBACK")
                raise

    def _connect(self) -> sa.Connection:
        if self._engine is None:
            self._engine = self._make_engine()
        return self._engine.connect()

    def _make_engine(self) -> sa.Engine:
        if self.path is None:
            return sa.create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        path = self.path.resolve()

        def open_file() -> sqlite3.Connection:
            # "rw": a file that is being written needs its journal played back even by those who only read
            mode = "rw" if not path.exists() or os.access(path, os.W_OK) else "ro"
            mode += "c" if mode == "rw" else ""
            raw = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=PATIENCE,
                                  isolation_level=None, check_same_thread=False)
            for setting in ("journal_mode = DELETE", "synchronous = EXTRA", "cell_size_check = ON",
                            "trusted_schema = OFF", "mmap_size = 0"):
                if mode == "rwc" or not setting.startswith("journal"):
                    raw.execute(f"PRAGMA {setting}").fetchall()
            return raw

        return sa.create_engine("sqlite://", creator=open_file, poolclass=NullPool)

    def _is_begun(self, connection: sa.Connection) -> bool:
        """Tell whether there is a ledger; refuses one of another company and one of a newer program."""
        if not sa.inspect(connection).has_table(head.name):
            if self.path is not None and sa.inspect(connection).get_table_names():
                raise SalesgoalsError(Problem("ledger.not_a_ledger", place=self.name))
            return False
        found = connection.execute(sa.select(head.c.format, head.c.company)).all()
        if not found:
            raise SalesgoalsError(Problem("ledger.no_head", place=self.name))
        written = found[0].format
        if isinstance(written, int) and written > FORMAT:
            raise SalesgoalsError(Problem("ledger.newer", place=self.name, found=written, known=FORMAT))
        if self.path is None and found[0].company != self.company:
            raise SalesgoalsError(Problem("ledger.other_company", place=self.name, found=found[0].company,
                                          company=self.company))
        return True

    def _begin(self, connection: sa.Connection) -> None:
        metadata.create_all(connection)
        for fence in FENCES[connection.dialect.name]:
            connection.exec_driver_sql(fence)
        start: dict[str, Any] = {"ledger": uuid.uuid4().hex, "company": self.company, "created": now(),
                                 "format": FORMAT}
        begin = hash_of_start(start)
        connection.execute(head.insert().values(**start, entries=0, hash=begin, check=hash_of_head(0, begin)))


def _read_url(text: str) -> sa.URL:
    """Read a database's address; the plain names of PostgreSQL mean the driver that we use."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError as error:
        raise SalesgoalsError(Problem("ledger.url", found=_hidden(text))) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in FENCES or not url.database:
        raise SalesgoalsError(Problem("ledger.url", found=url.render_as_string(hide_password=True)))
    return url


def _hidden(text: str) -> str:
    """What stands before an @ may be a password."""
    return "***@" + text.rpartition("@")[2] if "@" in text else text
