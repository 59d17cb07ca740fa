"""The object of the progress report and of the retrospective: one period, as one reader may see it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.entries.rows import in_reader_words, without_own_places
from salesgoals.history import as_known_on, credited_sales, roster, team_on, team_units
from salesgoals.in_force import goals_in_force, only_partly
from salesgoals.marks import contents, mark, mark_of_code
from salesgoals.meetings import PULSE_FOLDER
from salesgoals.period_studies import study_progress, study_retro
from salesgoals.periods import Period, read_period
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.recorded import PLAN_FILE, ledger_mark
from salesgoals.words import say
from salesgoals.workspace import SETTINGS_FILE, Settings, Workspace, writing_folder

KINDS = ("progress", "retro")
FRAMES, FACTS_FILE = "frames", "facts.json"
READERS = ("all", "team", "person")
PEOPLE = ["person_id", "person", "department", "team"]


@dataclass(frozen=True)
class PeriodReport:
    """One period as one reader may see it; every table holds only what concerns that reader.

    Parameters
    ----------
    kind : str
        ``progress`` or ``retro``.
    by, name, title : str
        The reader: all, team or person; its key; how it is called.
    company, currency, settings
        Of the workspace.
    period, day
        The period, and the last day that was known.
    people, goals : DataFrame
        The reader's people, and their goals within the period.
    studies : mapping of str to DataFrame
        What the steps found, see :mod:`salesgoals.period_studies`.
    parameters : dict
        source (of the goals: ledger, plan, export, or empty), left_out (goals whose window lies only partly
        in the period), data_fingerprint, made_from.
    """

    kind: str
    by: str
    name: str
    title: str
    company: str
    currency: str
    settings: Settings
    period: Period
    day: pd.Timestamp
    people: pd.DataFrame
    goals: pd.DataFrame
    studies: Mapping[str, pd.DataFrame]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether days of the period are still to come."""
        return self.day < self.period.end

    def study(self, name: str) -> pd.DataFrame:
        """Return what a step found, cut to this reader; empty where there is nothing for this reader."""
        return self.studies.get(name, pd.DataFrame())


class CutStudies(Mapping[str, pd.DataFrame]):
    """Tables as one reader may see them, each read and cut when it is asked for.

    Parameters
    ----------
    files : mapping of str to Path
        Where each table lies.
    by, name : str
        The reader.
    mine : collection of str
        The people of the reader.

    Notes
    -----
    A table with the columns ``by`` and ``unit`` (all; department/team; person_id) gives the reader of the
    company everything, a team its own line and its people's, a person the own lines. Else one with
    person_id is cut to the reader's people. Any other table is for the reader of the company alone.
    """

    def __init__(self, files: Mapping[str, Path], by: str, name: str, mine: Collection[str]) -> None:
        self._files, self._by, self._name, self._mine = files, by, name, list(mine)
        self._cut: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            self._cut[name] = self._own(in_reader_words(pd.read_parquet(self._files[name])), name)
        return self._cut[name]

    def _own(self, table: pd.DataFrame, name: str) -> pd.DataFrame:
        if self._by == "all":
            return table
        if {"by", "unit"} <= set(table):
            own = table.by.eq("person") & table.unit.isin(self._mine)
            if self._by == "team":
                own |= table.by.eq("team") & table.unit.eq(self._name)
        elif "person_id" in table:
            own = table.person_id.isin(self._mine)
        else:
            raise KeyError(name)
        return table[own].reset_index(drop=True)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._files if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def make_period_report(workspace: Workspace, kind: str, period: str | Period = "",
                       day: str | pd.Timestamp | None = None) -> Path:
    """Look at a period once, for all its readers, and keep what was found; what is fresh stays as it is.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    kind : str
        ``progress`` or ``retro``.
    period : str or Period
        As :func:`salesgoals.periods.read_period` takes it.
    day : str or Timestamp, optional
        The last day that is known; by default the last day of the period, or of the records if these end
        earlier. A retrospective always knows all records.

    Returns
    -------
    Path
        The folder, ``<kind>/<period>/frames`` in the workspace.

    Raises
    ------
    SalesgoalsError
        If the period cannot be read, the records do not reach it, or the day does not lie within it.
    """
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is none of {KINDS}")
    tables = workspace.require_tables()
    asked = period if isinstance(period, Period) else read_period(period, tables)
    last = _last_day(tables, asked, None if kind == "retro" else day)
    folder = folder_of(workspace, kind, asked, last) / FRAMES
    goals = without_own_places(goals_in_force(workspace, asked))
    made_from = _made_from(workspace, kind, asked, last, goals)
    if (_facts(folder) or {}).get("made_from") == made_from:
        return folder
    known = tables if kind == "retro" else as_known_on(tables, last)
    people = people_of(known, goals, asked, last)
    frames = (study_retro(workspace, tables, goals, asked) if kind == "retro"
              else study_progress(workspace, known, goals, asked, last))
    facts = {"kind": kind, "period": asked.name, "start": f"{asked.start:%Y-%m-%d}",
             "end": f"{asked.end:%Y-%m-%d}", "day": f"{last:%Y-%m-%d}", "made_from": made_from,
             "source": str(goals.source.iloc[0]) if len(goals) else "",
             "left_out": len(only_partly(tables["goals"], asked)), "data_fingerprint": workspace.fingerprint}
    with writing_folder(folder) as draft:
        for name, table in {**frames, "people": people, "goals": goals}.items():
            table.to_parquet(draft / f"{name}.parquet")
        (draft / FACTS_FILE).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def folder_of(workspace: Workspace, kind: str, period: Period, day: pd.Timestamp | None = None) -> Path:
    """Name the folder in which a workspace keeps what belongs to a period."""
    running = day is not None and day < period.end
    return workspace.folder / kind / (f"{period.name}@{day:%Y-%m-%d}" if running else period.name)


def open_period_report(workspace: Workspace, kind: str, period: str | Period = "", by: str = "all",
                       name: str = "", day: str | pd.Timestamp | None = None) -> PeriodReport:
    """Open a period as one reader may see it; it is looked at anew where anything has changed since.

    Parameters
    ----------
    workspace, kind, period, day
        As for :func:`make_period_report`.
    by, name : str
        The reader, as :func:`period_readers` lists it.
    """
    folder = make_period_report(workspace, kind, period, day)
    facts = _facts(folder) or {}
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    people = pd.read_parquet(files.pop("people"))
    goals = pd.read_parquet(files.pop("goals"))
    readers = _readers(people, by)
    name = name or (str(readers.name.iloc[0]) if len(readers) else "")
    if name not in set(readers.name):
        raise SalesgoalsError(Problem("plans.no_reader", name=name, known=", ".join(readers.name[:20])))
    if by == "team":
        people = people[team_units(people) == name]
    elif by == "person":
        people = people[people.person_id == name]
    mine = set(people.person_id)
    settings = workspace.settings
    return PeriodReport(
        kind=kind, by=by, name=name, title=str(readers.title[readers.name == name].iloc[0]),
        company=settings.company, currency=settings.currency, settings=settings,
        period=Period(facts["period"], pd.Timestamp(facts["start"]), pd.Timestamp(facts["end"])),
        day=pd.Timestamp(facts["day"]), people=people.reset_index(drop=True),
        goals=goals if by == "all" else goals[goals.person_id.isin(mine)].reset_index(drop=True),
        studies=CutStudies(files, by, name, mine), parameters=facts)


def period_readers(workspace: Workspace, kind: str, period: str | Period = "", by: str = "all",
                   day: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """List the readers of a period's reports: columns name, title, department, team, people."""
    folder = make_period_report(workspace, kind, period, day)
    return _readers(pd.read_parquet(folder / "people.parquet"), by)


def people_of(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
              day: pd.Timestamp) -> pd.DataFrame:
    """List the people of a period: employed in it, with sales in it or with a goal for it.

    Returns
    -------
    pandas.DataFrame
        Columns person_id, person, department, team (on that day, or the last one the person was in).
    """
    listed = roster(tables, period.start)
    listed = listed[~(listed.hire_date > day)]
    sales = credited_sales(tables)
    sold = sales.person_id[(sales.date >= period.start) & (sales.date <= day)].dropna()
    asked = pd.Index([*listed.person_id, *sold, *goals.person_id.dropna()]).unique()
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")
    named = goals.dropna(subset=["person_id"]).drop_duplicates("person_id").set_index("person_id")
    found = pd.DataFrame({"person_id": asked[asked != ""].astype("str")})
    found["person"] = found.person_id.map(people.name).fillna(found.person_id.map(named.person)).fillna(
        found.person_id)
    then = team_on(tables, found.person_id, pd.Series(day, index=found.index))
    before = listed.set_index("person_id")
    for column in ("department", "team"):
        known = then[column].fillna(found.person_id.map(before[column]))
        found[column] = known.fillna(found.person_id.map(named[column])).astype("str")
    return found.sort_values(["department", "team", "person_id"], na_position="last")[PEOPLE].reset_index(
        drop=True)


def _readers(people: pd.DataFrame, by: str) -> pd.DataFrame:
    if by not in READERS:
        raise SalesgoalsError(Problem("plans.by", found=by))
    known = people.assign(unit=team_units(people), team=people.team.fillna(""),
                          department=people.department.fillna(""))
    if by == "all":
        return pd.DataFrame({"name": ["all"], "title": [say("plans.whole_company")], "department": [""],
                             "team": [""], "people": [len(people)]})
    if by == "team":
        teams = known[known.unit != ""].groupby(["unit", "department", "team"], sort=False).size()
        teams = teams.reset_index(name="people")
        return teams.assign(name=teams.unit, title=teams.team.mask(teams.team == "", teams.department))[
            ["name", "title", "department", "team", "people"]]
    shared = known.person.duplicated(keep=False)
    titles = [say("smart.name_and_id", name=name, id=key) if twice else name
              for name, key, twice in zip(known.person, known.person_id, shared, strict=True)]
    return pd.DataFrame({"name": known.person_id, "title": titles, "department": known.department,
                         "team": known.team, "people": 1})


def _last_day(tables: Mapping[str, pd.DataFrame], period: Period,
              day: str | pd.Timestamp | None) -> pd.Timestamp:
    days = pd.concat([credited_sales(tables).date, tables["activities"].date]).dropna()
    known = days.max()
    if days.empty or known < period.start or days.min() > period.end:
        raise SalesgoalsError(Problem(
            "period.not_reached", period=period.name, first="-" if days.empty else f"{days.min():%Y-%m-%d}",
            last="-" if days.empty else f"{known:%Y-%m-%d}"))
    if day is None or day == "":
        return min(period.end, known.normalize())
    try:
        last = pd.Timestamp(day).normalize()
    except ValueError:
        last = pd.NaT
    if pd.isna(last) or not period.contains(last):
        raise SalesgoalsError(Problem("period.day_outside", found=str(day), period=period.name,
                                      first=f"{period.start:%Y-%m-%d}", last=f"{period.end:%Y-%m-%d}"))
    return last


def _made_from(workspace: Workspace, kind: str, period: Period, day: pd.Timestamp,
               goals: pd.DataFrame) -> str:
    """Mark all that the studies are made from; of the folder of the period also what people wrote into it."""
    files = [workspace.folder / SETTINGS_FILE, workspace.folder / "plan" / PLAN_FILE,
             *(path for path in workspace.folder.glob("*.toml") if path.name != SETTINGS_FILE)]
    for folder in (workspace.folder / name for name in KINDS):
        files += sorted(path for path in folder.glob("*/*") if path.is_file())
    files += sorted(path for path in (workspace.folder / PULSE_FOLDER).glob("*") if path.is_file())
    return mark(mark_of_code(), kind, period.name, str(day), workspace.fingerprint, ledger_mark(workspace),
                str(len(goals)), *contents(files, workspace.folder))


def _facts(folder: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads((folder / FACTS_FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


