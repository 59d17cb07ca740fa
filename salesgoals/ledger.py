"""The goal ledger: who changed which goal, when and why, from what to what; nothing is ever overwritten.

Entries are only added, each linked to the one before by a hash. Any past state can be rebuilt, two states
can be compared, a change is taken back by a new entry.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import pandas as pd

from salesgoals.entries.chain import Entry
from salesgoals.entries.places import ledger_place, login_name
from salesgoals.entries.rows import plain_rows, rows_of_plan
from salesgoals.entries.times import read_point, zone_of
from salesgoals.entries.views import as_goals, compare_goals, compare_people, follow_people, list_entries
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.workspace import LEDGER_FILE, Workspace

if TYPE_CHECKING:  # the database library is loaded when a ledger is opened
    from salesgoals.entries.verify import Verification

__all__ = ["Entry", "Ledger", "Point", "login_name", "open_ledger", "rows_of_plan"]

Point = int | str | date | datetime


def open_ledger(workspace: Workspace, url: str | None = None) -> Ledger:
    """Open the ledger of a workspace; the file is made when the first goals are recorded.

    Parameters
    ----------
    workspace : Workspace
        Its folder holds ``ledger.db``.
    url : str, optional
        Another place, such as ``postgresql+psycopg://user@host/database``. Without it, the place that the
        environment variable ``SALESGOALS_LEDGER`` names (the one for addresses with a password), else
        ``ledger`` in ``workspace.toml``, else ``ledger.db``. Where ``workspace.toml`` names a file, this
        file is meant, whatever the variable says.

    Returns
    -------
    Ledger
        To be closed after use, or used in a ``with`` block.
    """
    return Ledger(ledger_place(workspace, url), workspace.folder / LEDGER_FILE, workspace.settings.company,
                  workspace.settings.time_zone)


class Ledger:
    """The ledger of one company.

    Parameters
    ----------
    place : str or Path
        A file, or the address of a database.
    default : Path
        The workspace's own file.
    company : str
        Whose ledger it is.
    time_zone : str
        The company's clock: days end by it.
    """

    def __init__(self, place: str | Path, default: Path, company: str, time_zone: str) -> None:
        from salesgoals.entries.store import Store

        zone_of(time_zone)
        self.time_zone = time_zone
        address = place if isinstance(place, str) else None
        self._store = Store(address, default if address else Path(place), company)

    def __repr__(self) -> str:
        return f"Ledger({self.url!r})"

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    @property
    def url(self) -> str:
        """Where it lies, without the password."""
        return self._store.name

    @property
    def head(self) -> Entry | None:
        """The last entry: note its number and hash elsewhere, and nobody can cut the end off unseen."""
        from salesgoals.entries.book import last_entry

        with self._store.reading() as connection:
            return None if connection is None else last_entry(connection)

    def record(self, version: str, goals: pd.DataFrame, *, who: str, why: str, action: str | None = None,
               valid_from: date | str | None = None, replaces: str = "same_keys",
               based_on: Entry | int | str | None = None, mark: str | None = None,
               only_if: Callable[[], bool] | None = None) -> Entry:
        """Write down goals that were proposed, claimed, agreed or changed.

        Parameters
        ----------
        version : str
            ``proposed``, ``claimed``, ``agreed`` or a name of your own; versions do not touch each other.
        goals : pandas.DataFrame
            Columns department, team, person_id, person, period_start, period_end (or month), product_line,
            metric, goal, unit; only goal and period_start (or month) are needed. A blank goal takes the goal
            back: blank is not zero. Amounts are kept to four decimals.
        who, why : str
            Who changed the goals and for what reason; neither may be empty.
        action : str, optional
            ``proposed``, ``claimed``, ``agreed`` or ``adjusted``; by default what the version is called,
            and ``adjusted`` where goals change that were agreed before.
        valid_from : date or str, optional
            From which day the change holds; by default the first day of the goals changed.
        replaces : str
            What the rows take the place of: ``same_keys`` only goals of the same person (or team), period,
            product line and metric; ``same_period`` every goal of the version within the days that the rows
            span; ``all`` every goal of the version.
        based_on : Entry, int or str, optional
            The last entry (its number or hash) that the person saw when deciding. If one of the same goals
            has been changed since, nothing is written.
        mark : str, optional
            A name for what the goals come from. Goals with a mark are recorded once only.
        only_if : callable, optional
            Asked once this writer has its turn; if the answer is no, nothing is written.

        Returns
        -------
        Entry
            The new entry. Where everything is already as given, no entry is written and the last one is
            returned with ``recorded=False``: an entry means that something changed.

        Raises
        ------
        SalesgoalsError
            If who or why is missing, the goals cannot be read, or somebody changed them meanwhile.
        """
        from salesgoals.entries.book import Change, last_entry, unrecorded, write_entry

        change = Change(version=version, rows=plain_rows(goals), who=who, why=why, action=action,
                        valid_from=_day(valid_from), replaces=replaces, based_on=based_on, mark=mark)
        with self._store.writing() as connection:
            if only_if is not None and not only_if():
                return unrecorded(last_entry(connection))
            return write_entry(connection, change)

    def undo(self, entry: int, who: str, why: str) -> Entry:
        """Take an entry back by a new one: its goals are again what they were before it.

        Parameters
        ----------
        entry : int
            Its number. An undo can itself be undone.
        who, why : str
            As in :meth:`record`.

        Raises
        ------
        SalesgoalsError
            If there is no such entry, or if later entries changed the same goals: these come first.
        """
        from salesgoals.entries.book import write_undo

        self._require(entry)
        with self._store.writing() as connection:
            return write_undo(connection, entry, who, why)

    def history(self) -> pd.DataFrame:
        """List all entries, oldest first.

        Returns
        -------
        pandas.DataFrame
            Columns entry, at (the company's own time), who, why, action, version, valid_from, rows (how many
            goals were set, changed or taken back), metric, before and after (sum of these goals; nothing
            where none was set), total (of the whole version after the entry), undoes, hash.
        """
        from salesgoals.entries.book import read_entries

        with self._store.reading() as connection:
            found = [] if connection is None else read_entries(connection)
        return list_entries(found, self.time_zone)

    def as_of(self, when: Point | None = None, version: str | None = None) -> pd.DataFrame:
        """Rebuild the goals as they were known at a moment.

        Parameters
        ----------
        when : int, str, date or datetime, optional
            The number of an entry, a day (to its end, by the company's clock) or a full time; by default now.
        version : str, optional
            Only this version; by default all.

        Returns
        -------
        pandas.DataFrame
            Columns version, department, team, person_id, person, period_start, period_end, product_line,
            metric, goal, unit. Goals that are not set have no row.
        """
        from salesgoals.entries.book import last_entry, read_state

        until = None if when is None else read_point(when, self.time_zone)
        with self._store.reading() as connection:
            if connection is None:
                raise SalesgoalsError(Problem("ledger.none_yet", place=self.url))
            if isinstance(until, int):
                _refuse_unknown(until, last_entry(connection).entry)
            return as_goals(read_state(connection, until, version))

    def diff(self, a: Point, b: Point | None = None, version: str | None = None) -> pd.DataFrame:
        """Compare the goals of two moments, or of two versions.

        Parameters
        ----------
        a, b : int, str, date or datetime
            Two moments as in :meth:`as_of` (b by default now); or the names of two versions, such as
            ``"proposed"`` and ``"agreed"``, as they are now.
        version : str, optional
            Only this version.

        Returns
        -------
        pandas.DataFrame
            One row for each goal that differs: version, department, team, person_id, person, period_start,
            period_end, product_line, metric, unit, before, after, change. Nothing stands where a goal was
            not set, and then there is no change either.
        """
        return compare_goals(*self._two_states(a, b, version))

    def diff_people(self, a: Point, b: Point | None = None, version: str | None = None) -> pd.DataFrame:
        """Compare the goals of two moments, or of two versions, person by person.

        Parameters
        ----------
        a, b, version
            As in :meth:`diff`.

        Returns
        -------
        pandas.DataFrame
            One row for each person (or team) and metric of whom any goal differs, the largest change first:
            version, department, team, person_id, person, metric, rows (goals that differ), before and after
            (sums of all goals), change.
        """
        return compare_people(*self._two_states(a, b, version))

    def _two_states(self, a: Point, b: Point | None,
                    version: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
        known = self.versions()
        if isinstance(a, str) and isinstance(b, str) and a in known and b in known:
            return self.as_of(version=a).assign(version=b), self.as_of(version=b)
        return self.as_of(a, version), self.as_of(b, version)

    def changes(self, version: str | None = None) -> pd.DataFrame:
        """List what each entry changed, in order: first the goals as they were, then as they became.

        Returns
        -------
        pandas.DataFrame
            Columns entry, version, added (False: as it was), then the columns of a goal as exact texts.
        """
        from salesgoals.entries.book import NO_CHANGES, read_changes

        with self._store.reading() as connection:
            return NO_CHANGES if connection is None else read_changes(connection, version=version)

    def trail(self, first: str = "0000-01-01", last: str = "9999-12-31") -> pd.DataFrame:
        """List for each entry whose goals it changed, from which sum to which.

        Parameters
        ----------
        first, last : str
            Only goals of periods within these days, ``YYYY-MM-DD``.

        Returns
        -------
        pandas.DataFrame
            Columns entry, at, who, why, action, version, department, team, person_id, person, metric, rows,
            before, after; one row for each person (or team) and metric.
        """
        changes = self.changes()
        ends = changes.period_end.fillna(changes.period_start)
        return follow_people(self.history(), changes[(changes.period_start >= first) & (ends <= last)])

    def versions(self) -> list[str]:
        """List the versions that goals were recorded in, oldest first."""
        from salesgoals.entries.book import read_entries

        with self._store.reading() as connection:
            found = [] if connection is None else read_entries(connection)
        return list(dict.fromkeys(entry.version for entry in found))

    def verify(self, expected_head: str | None = None) -> Verification:
        """Check the whole ledger: every hash, every link, every before and after, the file itself.

        Parameters
        ----------
        expected_head : str, optional
            A hash (or its beginning, at least 8 letters) that was noted elsewhere; it must be one of the
            entries. This finds an end that was cut off with everything else put in order.

        Returns
        -------
        Verification
            ok, entries (how many), head (hash of the last), problems (each with the place). Never raises for
            a damaged ledger.
        """
        from salesgoals.entries.verify import verify_ledger

        return verify_ledger(self._store, expected_head)

    def _require(self, entry: int) -> None:
        """Ask before the writer's turn: who undoes in an empty ledger must not make one."""
        last = self.head
        if last is None:
            raise SalesgoalsError(Problem("ledger.none_yet", place=self.url))
        _refuse_unknown(entry, last.entry, least=1)


def _refuse_unknown(entry: int, last: int, least: int = 0) -> None:
    if not least <= entry <= last:
        raise SalesgoalsError(Problem("ledger.no_entry", entry=entry, last=last))


def _day(value: date | str | None) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else f"{value:%Y-%m-%d}"
    except ValueError as error:
        raise SalesgoalsError(Problem("ledger.no_date", found=str(value))) from error
