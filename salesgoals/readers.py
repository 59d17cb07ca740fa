"""What each reader may see: the plan cut down to one team or one person, and nothing else in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from salesgoals.allocation.proof import prove
from salesgoals.claims import claim_tables
from salesgoals.decompose import Plan
from salesgoals.estimates import estimate_board
from salesgoals.forecast import Forecast
from salesgoals.payroll import PayView, view_pay
from salesgoals.plans import load_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.recorded import Trail, read_trail
from salesgoals.words import say
from salesgoals.workspace import Settings, Workspace

OF_THE_TEAM = ("team_sales", "team_people", "team_share")  # with one colleague they are that colleague's


@dataclass(frozen=True)
class Report:
    """What one reader may see, and nothing else: every table holds only that reader's people."""

    by: str
    name: str
    title: str
    company: str
    currency: str
    unit: int
    settings: Settings
    plan: Plan
    forecast: Forecast
    board: pd.DataFrame
    methods: pd.DataFrame
    history: pd.DataFrame
    attainment: pd.DataFrame
    studies: Mapping[str, pd.DataFrame]
    totals: pd.DataFrame
    issues: pd.DataFrame
    parameters: dict[str, Any]
    pay: PayView | None = None
    ledger: Trail = field(default_factory=Trail)

    def study(self, name: str) -> pd.DataFrame:
        """Return what a step found, cut to this reader; empty where there is nothing for this reader."""
        return self.studies.get(name, pd.DataFrame())


class OwnStudies(Mapping[str, pd.DataFrame]):
    """What the steps found, as one reader may see it: each table is cut to the reader's people when asked.

    Parameters
    ----------
    kept : mapping of str to DataFrame
        All of it.
    mine : collection of str or None
        The reader's people; None for the reader of the whole company, who alone sees tables without people.
    more : mapping of str to DataFrame
        Further tables, cut already.
    hidden : collection of str
        Columns that this reader does not get.
    """

    def __init__(self, kept: Mapping[str, pd.DataFrame], mine: Collection[str] | None,
                 more: Mapping[str, pd.DataFrame], hidden: Collection[str] = ()) -> None:
        self._kept, self._mine, self._cut, self._hidden = kept, mine, dict(more), list(hidden)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            table = self._kept[name]
            if self._mine is not None and "person_id" not in table:
                raise KeyError(name)
            own = table if self._mine is None else _own(table, self._mine)
            self._cut[name] = own.drop(columns=self._hidden, errors="ignore")
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in {**self._kept, **self._cut} if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def report_names(workspace: Workspace, by: str = "all") -> pd.DataFrame:
    """List the readers of a kind of report.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    by : str
        ``all`` (one report on the whole company), ``team`` or ``person``.

    Returns
    -------
    pandas.DataFrame
        Columns name (team as ``department/team``, person as id), title, department, people.
    """
    return _readers(load_plan(workspace).plan.people, by)


def _readers(people: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == "all":
        return pd.DataFrame({"name": ["all"], "title": [say("plans.whole_company")], "department": [""],
                             "people": [len(people)]})
    if by == "team":
        teams = people.groupby(["department", "team"], sort=False).size().reset_index(name="people")
        return pd.DataFrame({"name": teams.department + "/" + teams.team, "title": teams.team,
                             "department": teams.department, "people": teams.people})
    if by == "person":
        return pd.DataFrame({"name": people.person_id, "title": people.person,
                             "department": people.department, "people": 1})
    raise SalesgoalsError(Problem("plans.by", found=by))


def _title(readers: pd.DataFrame, by: str, name: str) -> str:
    """Name a reader; where several people share the name, by the id too."""
    title = str(readers.title[readers.name == name].iloc[0])
    shared = by == "person" and (readers.title == title).sum() > 1
    return say("smart.name_and_id", name=title, id=name) if shared else title


def open_report(workspace: Workspace, by: str = "all", name: str = "all") -> Report:
    """Open the plan as one reader may see it: a team sees its own rows, a person sees one.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    by, name : str
        The reader, as :func:`report_names` lists it.

    Returns
    -------
    Report
        Nothing in it concerns anybody outside the reader's own team or person; quality of the data and
        the company's totals stand only in the report on the whole company.
    """
    saved = load_plan(workspace)
    readers = _readers(saved.plan.people, by)
    name = name or str(readers.name.iloc[0])
    if name not in set(readers.name):
        raise SalesgoalsError(Problem("plans.no_reader", name=name, known=", ".join(readers.name[:20])))
    sold, goals_before = saved.history, saved.attainment
    whole = by == "all"
    people = saved.plan.people
    if by == "team":
        own_team = people.department + "/" + people.team == name
        people = people[own_team]
        sold = sold[sold.department + "/" + sold.team == name]
        sold = sold.assign(person_id=sold.person_id.where(sold.person_id.isin(people.person_id), ""))
    elif by == "person":
        people = people[people.person_id == name]
        sold = sold[sold.person_id == name]
    mine = set(people.person_id)
    settings = workspace.settings
    return Report(
        by=by, name=name, title=_title(readers, by, name),
        company=settings.company, currency=settings.currency, unit=saved.parameters["unit"],
        settings=settings,
        plan=saved.plan if whole else _own_plan(saved.plan, mine, by, name),
        forecast=saved.forecast if whole else saved.forecast.only(mine),
        board=estimate_board(workspace.tables, saved.forecast) if whole else saved.board.iloc[:0],
        methods=_own(saved.methods, mine) if not whole else saved.methods,
        history=_until(sold.groupby(["month", "person_id", "product_line"], as_index=False).amount.sum(),
                       saved.history.month.max()),
        attainment=goals_before if whole else _own(goals_before, mine),
        studies=OwnStudies(saved.studies, None if whole else mine,
                           claim_tables(workspace, saved, None if whole else mine),
                           OF_THE_TEAM if by == "person" else ()),
        totals=_read_totals(workspace) if whole else _read_totals(workspace).iloc[:0],
        issues=workspace.issues if whole else workspace.issues.iloc[:0],
        parameters=saved.parameters if whole else {k: v for k, v in saved.parameters.items() if k != "total"},
        pay=view_pay(workspace, saved, by, mine),
        ledger=read_trail(workspace) if whole else read_trail(workspace).only(mine))


def _until(history: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Let a reader's records end where the company's do: months without a sale are 0, not unknown."""
    if history.empty or history.month.max() == end:
        return history
    last = history.iloc[[-1]].assign(month=end, amount=0.0)
    return pd.concat([history, last], ignore_index=True)


def _own(table: pd.DataFrame, mine: Collection[str]) -> pd.DataFrame:
    return table[table.person_id.isin(list(mine))].reset_index(drop=True)


def _own_plan(plan: Plan, mine: Collection[str], by: str, name: str) -> Plan:
    """Cut a plan down to some people; only sums over these people alone are kept of the proof."""
    return replace(plan, goals=_own(plan.goals, mine), people=_own(plan.people, mine),
                   proof=prove(_own(plan.goals, mine)), notes=[], parameters={})


def _read_totals(workspace: Workspace) -> pd.DataFrame:
    path = workspace.folder / "tables" / "totals.csv"
    return pd.read_csv(path, dtype={"file": str, "sheet": str}) if path.exists() else pd.DataFrame()
