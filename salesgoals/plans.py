"""The plan as a whole: made from a workspace and kept in its ``plan/`` folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.allocation.proof import GOAL_COLUMNS
from salesgoals.decompose import Plan, compare_methods, plan_goals
from salesgoals.entries.rows import in_reader_words
from salesgoals.forecast import Forecast
from salesgoals.goal import attainment, estimate_board
from salesgoals.history import monthly_sales, team_sales
from salesgoals.looping.kept import learnt_from
from salesgoals.looping.learnt import Learnt, forecast_people
from salesgoals.metrics import read_milestones
from salesgoals.problems import Problem, SalesgoalsError, keep_problems, kept_problems
from salesgoals.recorded import GOALS_FILE, entry_words, mend_record, record_plan
from salesgoals.studies import make_studies
from salesgoals.tables import safe_for_excel
from salesgoals.words import say
from salesgoals.workspace import Workspace, mark_of_tables, writing, writing_folder

PLAN_FILE = "plan.json"
BESIDE = ("board", "methods", "weights", "history", "attainment")
STUDY = "studies"


@dataclass(frozen=True)
class SavedPlan:
    """A plan with everything it rests on.

    Parameters
    ----------
    plan, forecast, board, methods, weights
        What :func:`make_plan` decided, and from what.
    history : DataFrame
        Sales by month, department, team, person and product line, kept so that a hundred reports need not
        read all records a hundred times.
    attainment : DataFrame
        Earlier goals against actuals.
    studies : mapping of str to DataFrame
        What each step found, see :func:`salesgoals.studies.make_studies`; of a saved plan each table is read
        when it is asked for.
    parameters : dict
        What was asked for, when, from which data.
    """

    plan: Plan
    forecast: Forecast
    board: pd.DataFrame
    methods: pd.DataFrame
    weights: pd.DataFrame
    history: pd.DataFrame
    attainment: pd.DataFrame
    studies: Mapping[str, pd.DataFrame]
    parameters: dict[str, Any]


class KeptStudies(Mapping[str, pd.DataFrame]):
    """The studies of a saved plan; a report on one person needs few of them, so each is read when asked for.

    Parameters
    ----------
    folder : Path
        The folder of the plan.
    """

    def __init__(self, folder: Path) -> None:
        start = f"{STUDY}_"
        self._files = {path.stem.removeprefix(start): path for path in folder.glob(f"{start}*.parquet")}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return in_reader_words(pd.read_parquet(self._files[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)


def last_twelve_months(workspace: Workspace, start: str | None = None, months: int = 12) -> float:
    """Return what was sold in the last 12 months of the records, in currency units.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    start : str, optional
        First month of a plan, ``YYYY-MM``; by default the month after the records end.
    months : int
        How many months the plan has: of the last 12 months those of the same names are added up, so that a
        plan of half a year is measured by half a year of the same season.

    Raises
    ------
    SalesgoalsError
        If the records hold less than 12 months: "twice the last 12 months" is then not known.
    """
    history = monthly_sales(workspace.require_tables())
    span = pd.period_range(history.month.min(), history.month.max(), freq="M") if len(history) else []
    seen = len(span)
    if seen < 12:
        raise SalesgoalsError(Problem("plans.less_than_a_year", months=seen))
    recent = history[history.month > history.month.max() - pd.DateOffset(months=12)]
    by_name = recent.groupby(recent.month.dt.month).amount.sum()
    first = pd.Period(start, "M") if start else history.month.max().to_period("M") + 1
    return float(sum(by_name.get((first + month).month, 0.0) for month in range(months)))


def estimate(workspace: Workspace, start: str | None = None, months: int = 12, *,
             learn_from: str | Learnt | None = "last") -> tuple[Forecast, pd.DataFrame]:
    """Forecast the coming months and put the estimates of their total side by side.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    start : str, optional
        First month, ``YYYY-MM``; by default the month after the records end.
    months : int
        How many months.
    learn_from : str or Learnt, optional
        The retrospective whose findings are taken over: ``"last"``, the name of its period, or None. Without
        any retrospective in the workspace nothing is taken over; with one, a note of the forecast says what.

    Returns
    -------
    tuple of Forecast and DataFrame
        The forecast by person and month, and the board of estimates.
    """
    tables = workspace.require_tables()
    history = monthly_sales(tables)
    if history.empty:
        raise SalesgoalsError(Problem("plans.no_sales"))
    begin = history.month.max() + pd.DateOffset(months=1) if start is None else start
    forecast = forecast_people(tables, start, months, workspace.settings.calendar_country,
                               learnt_from(workspace, learn_from, begin))
    return forecast, estimate_board(tables, forecast)


def make_plan(workspace: Workspace, total: float, start: str, months: int = 12, method: str = "history",
              unit: int | None = None, limits: pd.DataFrame | None = None, version: str = "proposed",
              metrics: Mapping[str, float | str | None] | None = None,
              learn_from: str | Learnt | None = "last") -> SavedPlan:
    """Break a total down to people, months and product lines, with everything the decision rests on.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    total : float
        The goal of the whole unit, in currency units.
    start : str
        First month, ``YYYY-MM``.
    months : int
        How many months.
    method : str
        ``equal``, ``history``, ``potential``, ``capability`` or ``equal_chance``.
    unit : int, optional
        Goals are whole multiples of it; by default what ``workspace.toml`` says.
    limits : pandas.DataFrame, optional
        Floors, caps and pins, see :mod:`salesgoals.allocation.limits`.
    version : str
        Name of this version of the goals.
    metrics : mapping, optional
        Goals of further metrics, as in :func:`salesgoals.metrics.plan_metrics`; without it none are set,
        and the report shows which would go along with the amount.
    learn_from : str or Learnt, optional
        As in :func:`estimate`.

    Returns
    -------
    SavedPlan
        Nothing is written; see :func:`save_plan`.
    """
    tables = workspace.require_tables()
    if monthly_sales(tables).empty:
        raise SalesgoalsError(Problem("plans.no_sales"))
    unit = workspace.settings.unit if unit is None else unit
    learnt = learnt_from(workspace, learn_from, start)
    plan = plan_goals(tables, total, start, months, method=method, unit=unit, limits=limits,
                      version=version, country=workspace.settings.calendar_country, learnt=learnt)
    forecast, board = estimate(workspace, start, months, learn_from=learnt)
    asked = dict(plan.parameters)
    weights = asked.pop("weights")
    methods = compare_methods(tables, asked["total"], start, months, unit=unit,
                              country=workspace.settings.calendar_country, learnt=learnt)
    notes = list({note.text(): note for note in [*plan.notes, *methods.attrs.pop("notes", [])]}.values())
    parameters = {**asked, "made_on": date.today().isoformat(),
                  "data_fingerprint": workspace.fingerprint, "salesgoals": _own_version()}
    if metrics:
        parameters["metrics"] = dict(metrics)
    if learnt is not None:
        parameters["learnt"] = {"period": learnt.period, "factor": learnt.bias.factor,
                                "one_offs": len(learnt.counted_out())}
    wished = {"metrics": metrics, "milestones": read_milestones(workspace.folder).to_dict("records")}
    studies = make_studies(tables, workspace.settings, forecast,
                           replace(plan, parameters={**plan.parameters, **wished}), methods)
    return SavedPlan(replace(plan, notes=notes, parameters=asked), forecast, board, methods, weights,
                     team_sales(tables), attainment(tables), studies, parameters)


def write_goals(saved: SavedPlan, path: Path) -> Path:
    """Write the goals as CSV that Excel opens as it should, and the proof of every sum beside it.

    Goals of further metrics that were asked for follow below the amounts, told apart by the column metric,
    and have a proof of their own.
    """
    goals = all_goals(saved)
    goals["month"] = goals.month.dt.strftime("%Y-%m")
    files = [(goals, path), (saved.plan.proof, path.with_name(path.stem + "_proof.csv"))]
    if goals.metric.nunique() > 1:
        further = saved.studies["metrics_proof"]
        further = further[further.metric.isin(goals.metric)]
        files.append((further, path.with_name(path.stem + "_metrics_proof.csv")))
    for table, target in files:
        with writing(target) as draft:
            safe_for_excel(table).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
    return path


def all_goals(saved: SavedPlan) -> pd.DataFrame:
    """List a plan's amounts and, below them, the goals of the further metrics that were asked for.

    Parameters
    ----------
    saved : SavedPlan
        From :func:`make_plan` or :func:`load_plan`.

    Returns
    -------
    DataFrame
        Columns version, department, team, person_id, person, month, product_line, metric, goal, unit. Sums
        make sense within one metric only.
    """
    goals = saved.plan.goals[GOAL_COLUMNS]
    further = saved.studies.get("metrics_goals")
    asked = list(saved.parameters.get("metrics") or {})
    if not asked or further is None or further.empty:
        return goals.copy()
    further = further[further.metric.isin(asked)][GOAL_COLUMNS]
    further = further.assign(product_line=say("decompose.all_products"))
    return pd.concat([goals, further.astype(goals.dtypes.to_dict())], ignore_index=True)


def save_plan(workspace: Workspace, saved: SavedPlan, *, who: str | None = None, why: str | None = None,
              action: str | None = None, valid_from: str | None = None) -> Path:
    """Keep the plan in the workspace's ``plan/`` folder and record it in the ledger.

    Parameters
    ----------
    workspace : Workspace
        The plan in its folder is replaced as a whole.
    saved : SavedPlan
        From :func:`make_plan`.
    who, why : str, optional
        Who decided on it and for what reason, as the ledger keeps it; by default the name under which this
        computer's user has logged in, and a sentence with total and method.
    action, valid_from : str, optional
        What was done and from which day it holds, as :meth:`salesgoals.ledger.Ledger.record` takes them.

    Returns
    -------
    Path
        The folder. Saving the same goals twice adds nothing to the ledger.

    Raises
    ------
    SalesgoalsError
        If the ledger cannot be written. The plan is saved then, and recorded when it is next opened.
    """
    with writing_folder(workspace.folder / "plan") as folder:
        plain: dict[str, Any] = {"parameters": saved.parameters,
                                 "entry": entry_words(saved.parameters, who, why, action, valid_from)}
        for part, values in (("plan", vars(saved.plan)), ("forecast", vars(saved.forecast)),
                             ("beside", {name: getattr(saved, name) for name in BESIDE}),
                             (STUDY, dict(saved.studies))):
            plain[part] = {}
            for name, value in values.items():
                if isinstance(value, pd.Series):
                    value.to_frame("value").to_parquet(folder / f"{part}_{name}.series.parquet")
                elif isinstance(value, pd.DataFrame):
                    value.to_parquet(folder / f"{part}_{name}.parquet")
                elif name == "notes":
                    plain[part][name] = keep_problems(value)
                else:
                    plain[part][name] = value
        text = json.dumps(plain, ensure_ascii=False, indent=1, default=_plain)
        (folder / PLAN_FILE).write_text(text, encoding="utf-8")
        write_goals(saved, folder / "goals.csv")
        all_goals(saved).to_parquet(folder / GOALS_FILE)
    record_plan(workspace)
    return workspace.folder / "plan"


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def load_plan(workspace: Workspace, of_older_data: bool = False) -> SavedPlan:
    """Read the plan that was saved last; says so when there is none or when the data have changed since.

    Parameters
    ----------
    workspace : Workspace
        Its ``plan/`` folder is read.
    of_older_data : bool
        True: also a plan made from other data than the tables hold now, as every plan is once the next
        month's exports have come in. Its goals hold, its forecast is that of the day it was made.

    Raises
    ------
    SalesgoalsError
        If no plan was made, or (unless ``of_older_data``) if it was made from other data.
    """
    folder = workspace.folder / "plan"
    if not (folder / PLAN_FILE).exists():
        raise SalesgoalsError(Problem("plans.not_made", folder=str(workspace.folder)))
    plain = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
    before, now = plain["parameters"]["data_fingerprint"], mark_of_tables(workspace.folder / "tables")
    if before != now and not of_older_data:
        raise SalesgoalsError(Problem("plans.outdated", before=before, now=now))
    mend_record(workspace)
    for path in folder.glob("*.parquet"):
        part, name = path.name.removesuffix(".parquet").removesuffix(".series").split("_", 1)
        if part in (STUDY, "entry"):  # read when asked for; of use to the ledger alone
            continue
        table = pd.read_parquet(path)
        own = table["value"] if path.name.endswith(".series.parquet") else in_reader_words(table)
        plain[part][name] = own
    for part in ("plan", "forecast"):
        notes = kept_problems(plain[part]["notes"])
        plain[part]["notes"] = notes if part == "plan" else tuple(notes)
    return SavedPlan(Plan(**plain["plan"]), Forecast(**plain["forecast"]), parameters=plain["parameters"],
                     studies=KeptStudies(folder), **plain["beside"])


def _own_version() -> str:
    try:
        return package_version("salesgoals")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"
