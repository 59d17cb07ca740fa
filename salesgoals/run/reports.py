"""Reports for everybody in one command: one self-contained page each, and a list of them all."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.marks import mark
from salesgoals.period_reports import folder_of, open_period_report, period_readers
from salesgoals.periods import Period
from salesgoals.plans import load_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.readers import report_names
from salesgoals.run.engine import TIME_LIMIT, run_batch
from salesgoals.run.export import page_facts
from salesgoals.run.fingerprint import mark_of_inputs
from salesgoals.run.index import write_index
from salesgoals.run.jobs import Job, Outcome
from salesgoals.run.names import different, file_name
from salesgoals.run.parameters import CHOICES, check_parameters
from salesgoals.run.places import notebook_path
from salesgoals.words import LANGUAGES, in_language, say
from salesgoals.workspace import Workspace

COLUMNS = ["by", "name", "title", "language", "file", "status", "seconds", "reason"]
NOTEBOOKS = {"goal": "90_goal_report", "progress": "91_progress_report", "retro": "92_retrospective"}
_OLD_DRAFTS = 24 * 3600


def make_reports(workspace: Workspace, language: str | Sequence[str] | None = None,
                 by: str | Sequence[str] = "all", jobs: int = 2, notebook: str = "",
                 progress: bool = True, *, kind: str = "goal", period: str | Period = "",
                 day: str | pd.Timestamp | None = None, time_limit: float = TIME_LIMIT,
                 engine: str = "auto") -> pd.DataFrame:
    """Make a report for the company, for each team or for each person, and the page that lists them.

    A report whose inputs have not changed since it was made (plan, tables, settings, notebook, this package)
    is kept as it is: an interrupted run goes on where it stopped. A report that fails does not stop the
    others.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    language : str or sequence of str, optional
        ``"zh"``, ``"en"`` or both; by default the workspace's own.
    by : str or sequence of str
        ``"all"`` (one report on the whole company), ``"team"``, ``"person"``, or several of these; several
        in one call are faster than one call for each.
    jobs : int
        How many are made at the same time.
    notebook : str
        Another notebook than the kind's own; it takes the same parameters: workspace, language, by and
        name, those of a period also period and day.
    progress : bool
        Show a progress bar on standard error.
    kind : str
        ``goal`` (the plan), ``progress`` (a period that is running) or ``retro`` (one that is over).
    period, day
        Of progress and retrospective, see :func:`salesgoals.period_reports.make_period_report`.
    time_limit : float
        Seconds that one report may take.
    engine : str
        See :func:`salesgoals.run.engine.run_batch`.

    Returns
    -------
    pandas.DataFrame
        One line for each report: by, name, title, language, file, status (made, reused or failed),
        seconds, reason (why it failed; its file is empty then). ``reports/index.html`` lists all reports
        made so far.

    Raises
    ------
    SalesgoalsError
        If there is no plan (or period), or the wish itself makes no sense. What goes wrong inside a report
        stands in its line; see :func:`report_problems`.
    """
    languages = _several(language or workspace.settings.language)
    subject = _plan_subject(workspace) if kind == "goal" else _period_subject(workspace, kind, period, day)
    wanted = _list_reports(workspace, subject, _several(by), languages, notebook or NOTEBOOKS[kind])
    inputs = subject.inputs
    folder = workspace.folder / "reports"
    todo = {str(place): report for place, report in enumerate(wanted) if not report.is_fresh(inputs)}
    outcomes: dict[str, Outcome] = {}
    with _drafts(folder) as drafts, _bar(len(todo), progress) as step:

        def keep(outcome: Outcome) -> None:
            """Give a report its real name the moment it is whole."""
            outcomes[outcome.key] = outcome
            if outcome.made:
                target = todo[outcome.key].file
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(drafts / f"{outcome.key}.html", target)
            step()

        try:
            run_batch([report.job(key, inputs, drafts) for key, report in todo.items()], at_a_time=jobs,
                      time_limit=time_limit, engine=engine, when_done=keep)
        finally:
            write_index(workspace, inputs, subject.start, kind)  # also after Ctrl-C: it lists what is there
    return pd.DataFrame([report.line(outcomes.get(str(place))) for place, report in enumerate(wanted)],
                        columns=COLUMNS)


def report_problems(reports: pd.DataFrame) -> list[Problem]:
    """List the reports that were not made, each with its reason.

    Parameters
    ----------
    reports : pandas.DataFrame
        What :func:`make_reports` returned.
    """
    failed = reports[reports.status == "failed"]
    return [Problem("run.report_failed", title=title, reason=reason)
            for title, reason in zip(failed.title, failed.reason, strict=True)]


@dataclass(frozen=True)
class _Subject:
    """What reports are about: the plan or a period, who may read about it, what it is made from."""

    kind: str
    start: str
    inputs: str
    readers: pd.DataFrame
    given: dict[str, Any]


def _plan_subject(workspace: Workspace) -> _Subject:
    plan = load_plan(workspace)
    team_of = plan.plan.people.set_index("person_id").team.to_dict()
    readers = pd.concat([report_names(workspace, by).assign(by=by) for by in CHOICES["by"]],
                        ignore_index=True)
    readers["team"] = [title if by == "team" else team_of.get(name, "") if by == "person" else ""
                       for by, name, title in zip(readers.by, readers["name"], readers.title, strict=True)]
    return _Subject("goal", str(plan.parameters["start"]), mark_of_inputs(workspace), readers, {})


def _period_subject(workspace: Workspace, kind: str, period: str | Period,
                    day: str | pd.Timestamp | None) -> _Subject:
    report = open_period_report(workspace, kind, period, day=day)
    readers = pd.concat([period_readers(workspace, kind, report.period, by, report.day).assign(by=by)
                         for by in CHOICES["by"]], ignore_index=True)
    start = folder_of(workspace, kind, report.period, report.day).name
    given = {"period": report.period.name} | ({"day": f"{report.day:%Y-%m-%d}"} if kind == "progress" else {})
    inputs = mark(mark_of_inputs(workspace, ()), report.parameters["made_from"])
    return _Subject(kind, start, inputs, readers, given)


@dataclass(frozen=True)
class _Report:
    """One report that is to be there: whom it is for, where it goes, what it is made from."""

    kind: str
    by: str
    name: str
    title: str
    department: str
    team: str
    language: str
    start: str
    file: Path
    notebook: Path
    given: dict[str, Any]

    def made_from(self, inputs: str) -> str:
        mine = json.dumps([self.language, self.by, self.name, self.title])
        return mark(inputs, self.notebook.read_bytes(), mine)

    def is_fresh(self, inputs: str) -> bool:
        facts = page_facts(self.file)
        return facts is not None and facts.get("made_from") == self.made_from(inputs)

    def job(self, key: str, inputs: str, drafts: Path) -> Job:
        facts = {name: getattr(self, name)
                 for name in ("kind", "by", "name", "title", "department", "team", "language", "start")}
        facts |= {"made": datetime.now().isoformat(sep=" ", timespec="minutes"), "inputs": inputs,
                  "made_from": self.made_from(inputs)}
        with in_language(self.language):
            title = say(f"run.report_title_{self.kind}", title=self.title, start=self.start)
        return Job(key, str(self.notebook), self.given, page=str(drafts / f"{key}.html"), title=title,
                   language=self.language, facts=facts)

    def line(self, outcome: Outcome | None) -> list[Any]:
        """Give the line of the table; without an outcome the report was there already."""
        made = outcome is None or outcome.made
        status = "reused" if outcome is None else "made" if made else "failed"
        return [self.by, self.name, self.title, self.language, str(self.file) if made else "", status,
                round(outcome.seconds, 3) if outcome else 0.0, outcome.reason if outcome else ""]


def _list_reports(workspace: Workspace, subject: _Subject, kinds: list[str], languages: list[str],
                  notebook: str) -> list[_Report]:
    problems = [Problem("plans.by", found=kind) for kind in kinds if kind not in CHOICES["by"]]
    problems += [Problem("run.language", found=name) for name in languages if name not in LANGUAGES]
    if problems:
        raise SalesgoalsError(problems)
    readers = _with_files(workspace, subject.readers)
    readers = readers[readers.by.isin(kinds)]
    if readers.empty:
        raise SalesgoalsError(Problem("run.nobody"))
    start, name_of_kind = subject.start, re.sub(r"^\d+_", "", notebook)
    reports: list[_Report] = []
    for language in languages:
        path, folder = notebook_path(notebook, language), workspace.folder / "reports" / language
        for row in readers.to_dict("records"):
            given = {"workspace": str(workspace.folder.resolve()), "language": language, "by": row["by"],
                     "name": row["name"], **subject.given}
            if not reports or reports[-1].notebook != path:
                check_parameters(path, given)
            reports.append(_Report(
                subject.kind, row["by"], row["name"], row["title"], row["department"], row["team"],
                language, start, folder / f"{name_of_kind}__{row['file']}__{start}.html", path, given))
    return reports


def _with_files(workspace: Workspace, readers: pd.DataFrame) -> pd.DataFrame:
    """Give everybody who may have a report the name of the file; the company stands under its own name."""
    readers = readers.assign(title=readers.title.mask(readers.by == "all", workspace.settings.company))
    # The company by its name, a team with its department, a person with the id: two may share a name.
    plain = [file_name(title) if by == "all" else file_name(name) if by == "team" else file_name(title, name)
             for by, name, title in zip(readers.by, readers["name"], readers.title, strict=True)]
    return readers.assign(file=different(plain, list(readers.by + "/" + readers["name"])))


def _several(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(dict.fromkeys(value))


@contextmanager
def _drafts(folder: Path) -> Iterator[Path]:
    """Give a folder for what is not whole yet; it goes when the work ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".drafts-*"):  # by a machine that was switched off
        if time.time() - left.stat().st_mtime > _OLD_DRAFTS:
            shutil.rmtree(left, ignore_errors=True)
    drafts = Path(tempfile.mkdtemp(prefix=".drafts-", dir=folder))
    try:
        yield drafts
    finally:
        shutil.rmtree(drafts, ignore_errors=True)


@contextmanager
def _bar(total: int, progress: bool) -> Iterator[Callable[[], Any]]:
    from tqdm import tqdm

    with tqdm(total=total, desc=say("run.progress"), file=sys.stderr,
              disable=not progress or not total) as bar:
        yield lambda: bar.update(1)
