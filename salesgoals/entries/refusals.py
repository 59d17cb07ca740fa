"""What databases say when something is wrong, in sentences that tell what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from salesgoals.problems import Problem, SalesgoalsError

_LOCKED = ("locked", "lock timeout", "busy")
_NO_ACCESS = ("readonly", "read-only", "unable to open", "permission denied", "access denied")
_DISK = ("disk is full", "disk i/o error")  # not the ledger's fault: what was there is still whole


@contextmanager
def in_sentences(place: str) -> Iterator[None]:
    """Turn a database's errors into sentences; ``place`` names the database without its password."""
    try:
        yield
    except (ModuleNotFoundError, sa.exc.NoSuchModuleError) as error:
        raise SalesgoalsError(Problem("ledger.no_driver", found=str(error))) from error
    except sa.exc.DBAPIError as error:
        raise SalesgoalsError(_problem_of(error.orig or error, place)) from error
    except sqlite3.Error as error:
        raise SalesgoalsError(_problem_of(error, place)) from error
    except UnicodeDecodeError as error:  # letters of the file's structure that were never written
        raise SalesgoalsError(Problem("ledger.unreadable", place=place, found=error.reason)) from error
    except sa.exc.SQLAlchemyError as error:
        raise SalesgoalsError(Problem("ledger.database", place=place, found=_first_line(error))) from error


def _problem_of(error: BaseException, place: str) -> Problem:
    found = _first_line(error)
    words = found.lower()
    if any(word in words for word in _LOCKED):
        return Problem("ledger.locked", place=place)
    if isinstance(error, sqlite3.Error):
        if "not a database" in words:
            return Problem("ledger.not_a_ledger", place=place)
        if any(word in words for word in _NO_ACCESS):
            return Problem("ledger.no_access", place=place, found=found)
        if any(word in words for word in _DISK):
            return Problem("ledger.disk", place=place, found=found)
        if isinstance(error, sqlite3.DatabaseError):
            return Problem("ledger.unreadable", place=place, found=found)
    elif isinstance(error, Exception) and type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
        return Problem("ledger.no_connection", place=place, found=found)
    return Problem("ledger.database", place=place, found=found)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
