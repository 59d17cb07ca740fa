"""A workspace: one client, one folder, everything in it can be mailed."""

from __future__ import annotations

import difflib
import hashlib
import os
import shutil
import sqlite3
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from salesgoals.problems import Problem, SalesgoalsError, issue_table, kept_problems
from salesgoals.tables import TABLES, read_table
from salesgoals.words import in_language, say

SETTINGS_FILE = "workspace.toml"
ISSUES_FILE = "issues.json"
LEDGER_FILE = "ledger.db"
Model = TypeVar("Model", bound=BaseModel)
FOLDERS = ("inbox", "tables", "plan", "reports")
OLD_DRAFTS = 24 * 3600  # seconds after which nobody can still be writing one


class Settings(BaseModel):
    """What ``workspace.toml`` says about a company; unknown or mistyped settings are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    company: str = Field(min_length=1)
    language: Literal["zh", "en"] = "zh"
    currency: str = Field("CNY", min_length=1)
    unit: int = Field(1, ge=1)
    fiscal_year_start: int = Field(1, ge=1, le=12)
    calendar_country: str = Field("CN", min_length=2, max_length=2)
    time_zone: str = "Asia/Shanghai"
    date_that_counts: Literal["order", "signing", "delivery", "payment", "close"] = "order"
    person_that_counts: Literal["owner", "creator"] = "owner"
    returned_orders: Literal["keep", "subtract"] = "keep"
    ledger: str = ""


class Workspace:
    """One client's folder: settings, inbox, canonical tables, issues, plan and reports.

    Parameters
    ----------
    folder : Path
        The folder that holds ``workspace.toml``.
    settings : Settings
        What that file says.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = Path(folder), settings

    def __repr__(self) -> str:
        return f"Workspace({self.folder.name!r}, company={self.settings.company!r})"

    @cached_property
    def _read(self) -> tuple[str, Mapping[str, pd.DataFrame]]:
        """The tables and their mark, of one and the same state: a collect in between means reading again."""
        folder = self.folder / "tables"
        mark = mark_of_tables(folder)
        while True:
            tables = {name: read_table(folder, name) for name in TABLES}
            before, mark = mark, mark_of_tables(folder)
            if mark == before:
                return mark, tables

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The canonical tables by name; a table without data is empty."""
        return self._read[1]

    @property
    def fingerprint(self) -> str:
        """A short mark of the tables as they were read: any change of the data gives another."""
        return self._read[0]

    def forget_tables(self) -> None:
        """Read the tables anew when they are next asked for."""
        self.__dict__.pop("_read", None)

    @property
    def issues(self) -> pd.DataFrame:
        """What collect found doubtful or could not keep, one line each, in the language in use."""
        path = self.folder / "tables" / ISSUES_FILE
        return issue_table(kept_problems(path.read_text(encoding="utf-8")) if path.exists() else [])

    @property
    def inbox(self) -> Path:
        """Where exports are put."""
        return self.folder / "inbox"

    def require_tables(self) -> Mapping[str, pd.DataFrame]:
        """Return the tables, or say that ``collect`` has to run first."""
        if not (self.folder / "tables").is_dir() or not any((self.folder / "tables").glob("*.parquet")):
            raise SalesgoalsError(Problem("workspace.not_collected", folder=str(self.folder)))
        return self.tables


def mark_of_tables(folder: Path) -> str:
    """Return a short mark of the tables on disk: the same data have the same mark, any change another."""
    digest = hashlib.sha256()
    for name in TABLES:
        path = folder / f"{name}.parquet"
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()[:12]


def new_workspace(folder: str | os.PathLike[str], *, language: str = "zh", company: str | None = None,
                  currency: str | None = None) -> Workspace:
    """Make a workspace: a folder with a commented settings file and a place for exports.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there; a folder that is a workspace already is refused, nothing is overwritten.
    language : str
        Language of its reports, ``"zh"`` or ``"en"``.
    company : str, optional
        The company's name; by default the name of the folder.
    currency : str, optional
        Currency code; by default CNY in Chinese, USD in English.

    Returns
    -------
    Workspace
    """
    folder = Path(folder)
    if (folder / SETTINGS_FILE).exists():
        raise SalesgoalsError(Problem("workspace.exists", folder=str(folder)))
    if folder.exists() and not folder.is_dir():
        raise SalesgoalsError(Problem("workspace.not_a_folder", folder=str(folder)))
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    with in_language(language):
        text = say("workspace.template", company=_quoted(company or folder.resolve().name), language=language,
                   currency=_quoted(currency or {"zh": "CNY", "en": "USD"}[language]),
                   country={"zh": "CN", "en": "US"}[language],
                   time_zone={"zh": "Asia/Shanghai", "en": "UTC"}[language])
    with writing(folder / SETTINGS_FILE) as path:
        path.write_text(text, encoding="utf-8")
    return open_workspace(folder)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def open_workspace(folder: str | os.PathLike[str]) -> Workspace:
    """Open a workspace and check its settings; every mistake in them is named at once.

    Parameters
    ----------
    folder : str or Path
        A folder made by ``salesgoals new``.

    Returns
    -------
    Workspace

    Raises
    ------
    SalesgoalsError
        If the folder is no workspace, or ``workspace.toml`` has unknown, missing or mistyped settings.
    """
    folder = Path(folder)
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise SalesgoalsError(Problem("workspace.missing", folder=str(folder)))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem("workspace.unreadable", file=SETTINGS_FILE, found=str(error))
        raise SalesgoalsError(problem) from error
    settings = read_settings(Settings, raw, SETTINGS_FILE)
    for name in ("tables", "plan"):
        _finish_swap(folder / name)
    return Workspace(folder, settings)


def read_settings(model: type[Model], raw: dict[str, Any], file: str) -> Model:
    """Check settings against their model and say every mistake in the reader's language.

    Parameters
    ----------
    model : type
        A pydantic model with strict types that forbids unknown names.
    raw : dict
        What the file says.
    file : str
        Its name, for the messages.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            name = ".".join(str(part) for part in detail["loc"])
            if detail["type"] == "extra_forbidden":
                near = difflib.get_close_matches(name, model.model_fields, 1, cutoff=0.0)
                problems.append(Problem("settings.unknown", file=file, name=name, nearest=near[0]))
            elif detail["type"] == "missing":
                problems.append(Problem("settings.missing", file=file, name=name))
            else:
                problems.append(Problem("settings.wrong", file=file, name=name, found=detail["input"],
                                        allowed=_allowed(model, detail)))
        raise SalesgoalsError(problems) from error


def _allowed(model: type[BaseModel], detail: Any) -> str:
    context = detail.get("ctx", {})
    if "expected" in context:
        return str(context["expected"])
    if "ge" in context:
        return f">= {context['ge']}"
    if "le" in context:
        return f"<= {context['le']}"
    kind = getattr(model.model_fields[detail["loc"][0]].annotation, "__name__", "")
    return say({"int": "settings.whole_number", "str": "settings.text"}.get(kind, "settings.other"))


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a path to write to; the file takes its real name only when it is whole.

    Whatever happens in between, readers see the old file or the new one, never half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def taking_turns(path: Path, patience: float = 60.) -> Iterator[None]:
    """Let one after the other do what must not be done at once; who is killed lets go.

    Parameters
    ----------
    path : Path
        A file made for nothing else: a database without tables, locked while the turn lasts.
    patience : float
        Seconds to wait for the others.
    """
    turn = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        turn.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        turn.close()


@contextmanager
def writing_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it replaces the old one only when everything is in it.

    Two that write at once do not meet: each fills a draft of its own, and what is finished last stays.
    """
    _clear_left(folder)
    draft = _beside(folder, "part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f".{folder.name}.{os.getpid()}.{kind}")


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in the folder's place; who opens the workspace in between may take the old one back."""
    old = _beside(folder, "old")
    while True:
        with suppress(FileNotFoundError):
            os.replace(folder, old)
        try:
            os.replace(draft, folder)
            break
        except OSError:
            if not folder.exists():
                _finish_swap(folder)
                raise
    for left in folder.parent.glob(f".{folder.name}.*.old"):
        gone = left.with_suffix(".gone")  # what is called old is whole: it may be taken back
        with suppress(OSError):
            os.replace(left, gone)
        shutil.rmtree(gone, ignore_errors=True)


def _finish_swap(folder: Path) -> None:
    """A stop between the two renames of ``writing_folder`` leaves only the old folder: take it back."""
    if not folder.exists():
        for old in sorted(folder.parent.glob(f".{folder.name}.*.old"), key=_age)[:1]:
            with suppress(OSError):  # somebody else took it back, or the new one is there
                os.replace(old, folder)


def _age(path: Path) -> float:
    """Seconds since something was last written there; none when it has just gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _clear_left(folder: Path) -> None:
    """Remove drafts that a run left behind which was killed, or by a machine that was switched off."""
    for kind in ("part", "gone"):
        for left in folder.parent.glob(f".{folder.name}.*.{kind}"):
            if _age(left) > OLD_DRAFTS:
                shutil.rmtree(left, ignore_errors=True)
