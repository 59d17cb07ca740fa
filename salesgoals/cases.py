"""The three case studies: their teams, policies and published figures, and their exports as workspaces."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from salesgoals.collect import collect_folder, save_collected
from salesgoals.goal import attainment
from salesgoals.history import as_known_on, monthly_sales
from salesgoals.lessons import attainment_by_year
from salesgoals.marks import mark
from salesgoals.paying.scheme_file import write_example_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sample import mark_of_exports, practice_workspace, ready_workspace, writable_root
from salesgoals.simulate import Team, TeamPolicy, outcome_table, sensitivity, simulate_teams
from salesgoals.sources.mapping import MAPPING_FILE
from salesgoals.tables import write_table
from salesgoals.words import LANGUAGES, in_language, language
from salesgoals.workspace import (
    LEDGER_FILE,
    SETTINGS_FILE,
    Workspace,
    new_workspace,
    open_workspace,
    read_settings,
)

CASE_FILE = "case.toml"
BRIEFS = {"zh": "brief.zh.md", "en": "brief.md"}
FIGURES = ("share_at_goal", "turnover", "turnover_newcomers")
NEAR = .05
LEAD = 1.25
WHEN = ("before", "after")
YEAR_COLUMNS = ["year", "people", "goal", "actual", "attainment", "share_at_goal", "newcomers",
                "share_newcomers", "turnover", "turnover_newcomers"]
PUBLISHED_COLUMNS = ["when", "figure", "value", "quote", "quote_en"]
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Case:
    """One case: who the team is, what was changed, and what has been published about it.

    Parameters
    ----------
    name, title : str
        Name of its folder, and of the company in the language in use.
    folder : Path
        Where it lies.
    years : tuple of int
        The usual year, the year of the old policy, the year of the new one.
    seed : int
        What its team was drawn with.
    team : Team
        Its size and who is in it.
    before, after : TeamPolicy
        How goals were set, and how they were set afterwards.
    published : DataFrame
        Columns when (before, after), figure, value, quote, quote_en (what it says in English): a vendor's
        figures, unverified.
    """

    name: str
    title: str
    folder: Path
    years: tuple[int, int, int]
    seed: int
    team: Team
    before: TeamPolicy
    after: TeamPolicy
    published: pd.DataFrame


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Team(_Strict):
    people: int = Field(ge=1)
    newcomers: int = Field(ge=0)
    leaders: int = Field(ge=0)


class _Policy(_Strict):
    split: str
    level: float
    leaders: float = .2
    newcomers: float = -.2
    co_created: bool = False
    retro: bool = False
    crm: bool = False


class _Published(_Strict):
    when: str
    figure: str
    value: float
    quote: str
    quote_en: str = ""


class _File(_Strict):
    zh: str
    en: str
    years: list[int]
    seed: int = 1
    team: _Team
    before: _Policy
    after: _Policy
    published: list[_Published] = []


def cases_folder() -> Path:
    """Find ``case_studies``: beside the package in a checkout, inside it when installed."""
    places = [_PACKAGE.parent / "case_studies", _PACKAGE / "_project" / "case_studies"]
    found = next((place for place in places if any(place.glob(f"*/{CASE_FILE}"))), None)
    if found is None:
        raise SalesgoalsError(Problem("cases.no_folder", folder=str(places[0])))
    return found


def list_cases() -> list[str]:
    """List the case studies that come with the workbook.

    Returns
    -------
    list of str

    Examples
    --------
    >>> list_cases()
    ['company_a', 'company_b', 'company_c']
    """
    return sorted(path.parent.name for path in cases_folder().glob(f"*/{CASE_FILE}")
                  if not path.parent.name.startswith("_"))


def read_case(case: str | os.PathLike[str] | Workspace) -> Case:
    """Read who the team of a case is, how its goals were set before and after, and what was published.

    Parameters
    ----------
    case : str, Path or Workspace
        Name of a case, or a folder or workspace that holds a ``case.toml``.

    Returns
    -------
    Case

    Raises
    ------
    SalesgoalsError
        If there is no such case, or its file has a mistake; all are named.

    Examples
    --------
    >>> read_case("company_a").team.people
    20
    """
    folder = case.folder if isinstance(case, Workspace) else _folder_of(case)
    path = folder / CASE_FILE
    if not path.is_file():
        raise SalesgoalsError(Problem("cases.unknown", found=str(case), known=", ".join(list_cases())))
    return _read(path.read_bytes(), folder)


def case_of(workspace: Workspace) -> Case:
    """Read the case of any workspace; without a ``case.toml``, one with the team as its records show it.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.

    Returns
    -------
    Case
        As from :func:`read_case`; what was not filled in is the template's: a decreed rise before, the same
        chance for all, set together, after.
    """
    if (workspace.folder / CASE_FILE).is_file():
        return read_case(workspace)
    return _read(_fill_in(workspace).encode(), workspace.folder)


def _read(content: bytes, folder: Path) -> Case:
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SalesgoalsError(Problem("cases.unreadable", file=CASE_FILE, found=str(error))) from error
    read = read_settings(_File, raw, CASE_FILE)
    if len(read.years) != 3:
        raise SalesgoalsError(Problem("cases.years", file=CASE_FILE, found=str(read.years)))
    published = pd.DataFrame([row.model_dump() for row in read.published], columns=PUBLISHED_COLUMNS)
    wrong = published[~published.when.isin(WHEN) | ~published.figure.isin(FIGURES)]
    if len(wrong):
        raise SalesgoalsError([Problem("cases.figure", file=CASE_FILE, found=f"{row.when}, {row.figure}",
                                       allowed=", ".join(FIGURES)) for row in wrong.itertuples()])
    usual, before, after = read.years
    return Case(folder.name, getattr(read, language()), folder, (usual, before, after), read.seed,
                Team(**read.team.model_dump()), TeamPolicy(**read.before.model_dump()),
                TeamPolicy(**read.after.model_dump()), published)


def _folder_of(case: str | os.PathLike[str]) -> Path:
    own = cases_folder() / str(case)
    return own if str(case) in list_cases() else Path(case)


def open_case(case: str | os.PathLike[str], in_words: str | None = None,
              folder: str | os.PathLike[str] | None = None) -> Workspace:
    """Open a case as a workspace with its exports collected; the case's own folder stays as it is.

    Parameters
    ----------
    case : str or Path
        Such as ``"company_a"``, see :func:`list_cases`; or a folder. A folder whose exports have been
        collected is opened as it is.
    in_words : str, optional
        Language of its settings and of its list of issues, ``"zh"`` or ``"en"``; by default the one in use.
    folder : str or Path, optional
        Where the collected copies are kept, as for :func:`salesgoals.sample.sample_workspace`.

    Returns
    -------
    Workspace
    """
    source = read_case(case).folder
    if any((source / "tables").glob("*.parquet")):
        return open_workspace(source)
    chosen = in_words or language()
    kept = [source / CASE_FILE, source / SETTINGS_FILE]
    own = source.parent == cases_folder()
    name = source.name if own else f"{source.name}-{mark(str(source.resolve()))}"

    def put(draft: Path) -> Workspace:
        shutil.copytree(source / "inbox", draft / "inbox")
        for path in [*kept, *(source / brief for brief in BRIEFS.values())]:
            if path.is_file():
                shutil.copyfile(path, draft / path.name)
        with in_language(chosen):
            _set_settings(draft / SETTINGS_FILE, {"company": read_case(source).title, "language": chosen})
        write_example_plan(open_workspace(draft))
        return open_workspace(draft)

    root = Path(folder) if folder else writable_root("cases")
    return ready_workspace(root, f"{name}-{chosen}", mark_of_exports(source / "inbox", *kept), put)


def _set_settings(path: Path, values: Mapping[str, str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    named = {line.split("=")[0].strip(): place for place, line in enumerate(lines) if "=" in line}
    for name, value in values.items():
        lines[named[name]] = f'{name} = "{value}"'
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def year_figures(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Measure each year with goals: attainment, share at goal, who left, and the same of newcomers.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals, sales and people.

    Returns
    -------
    DataFrame
        One row a year: year, people (with a goal), goal, actual (currency units), attainment (actual / goal),
        share_at_goal (of the people, who reached 100 % over the year), newcomers (hired in that year),
        share_newcomers (of them, who reached theirs), turnover and turnover_newcomers (of the people, who
        left in that year; NaN where no day of leaving is on record at all). Empty without goals.

    Examples
    --------
    >>> figures = year_figures(open_case("company_a").tables)
    >>> figures.year.tolist()
    ['2021', '2022']
    """
    years = attainment_by_year(tables)[YEAR_COLUMNS[:6]]
    rows = attainment(tables)
    each = rows.assign(year=rows.period_start.dt.year.astype("str"))
    each = each.groupby(["year", "person_id"], as_index=False)[["goal", "actual"]].sum()
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")
    each["reached"] = each.actual >= each.goal
    each["newcomer"] = each.person_id.map(people.hire_date.dt.year).astype("Int64").astype("str") == each.year
    each["left"] = each.person_id.map(people.leave_date.dt.year).astype("Int64").astype("str") == each.year
    found = []
    for year in years.year:
        mine = each[each.year == year]
        new = mine[mine.newcomer]
        found.append((len(new), new.reached.mean(), mine.left.mean(), new.left.mean()))
    years[YEAR_COLUMNS[6:]] = pd.DataFrame(found, columns=YEAR_COLUMNS[6:], index=years.index)
    if people.leave_date.isna().all():
        years[["turnover", "turnover_newcomers"]] = float("nan")
    return years


def simulate_case(case: Case, teams: int = 4000, seed: int = 1) -> pd.DataFrame:
    """Play both years of a case with thousands of equal teams: what the old and the new policy lead to.

    Parameters
    ----------
    case : Case
        From :func:`read_case`. Its published figures are not looked at.
    teams, seed : int
        As for :func:`salesgoals.simulate.simulate_teams`.

    Returns
    -------
    DataFrame
        Columns when (before, after), measure, mean, low, high: the mean and between what 90 % of single teams
        lie.
    """
    played = {"before": case.before, "after": case.after}
    return pd.concat([outcome_table(simulate_teams(case.team, policy, teams, seed)).assign(when=when)
                      for when, policy in played.items()], ignore_index=True)[
                          ["when", "measure", "mean", "low", "high"]]


def what_it_hangs_on(case: Case, teams: int = 400, seed: int = 1) -> pd.DataFrame:
    """Ask what the share at goal of a case hangs on: each assumption of the model at its low and high end.

    Parameters
    ----------
    case : Case
        From :func:`read_case`.
    teams, seed : int
        As for :func:`salesgoals.simulate.sensitivity`, whose columns are returned.
    """
    runs = {"before": (case.team, case.before), "after": (case.team, case.after)}
    return sensitivity(runs, ("share_at_goal",), teams, seed)


def beside_published(case: Case, outcomes: pd.DataFrame,
                     figures: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay the published figures beside the model's, and beside what this one team did.

    Parameters
    ----------
    case : Case
        From :func:`read_case`.
    outcomes : DataFrame
        From :func:`simulate_case`.
    figures : DataFrame, optional
        From :func:`year_figures`, of the case's own team.

    Returns
    -------
    DataFrame
        One row a published figure: when, figure, published, mean, low, high, team (NaN if not given), inside
        (between low and high), near (within .05 of the mean).
    """
    told = case.published.rename(columns={"value": "published", "figure": "measure"})
    table = told.merge(outcomes, on=["when", "measure"], how="left")
    years = dict(zip(WHEN, map(str, case.years[1:]), strict=True))
    own = pd.DataFrame(columns=["year"]) if figures is None else figures
    own = own.set_index("year")
    table["team"] = [float(own[row.measure].get(years[row.when], float("nan"))) if row.measure in own else
                     float("nan") for row in table.itertuples()]
    table["inside"] = (table.published >= table.low) & (table.published <= table.high)
    table["near"] = (table.published - table["mean"]).abs() <= NEAR
    return table.rename(columns={"measure": "figure"})[
        ["when", "figure", "published", "mean", "low", "high", "team", "inside", "near"]]


def workspace_on(workspace: Workspace, day: str) -> Workspace:
    """Copy a workspace as it was known at the end of a day, to plan from then with what was known then.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    day : str
        The last day that is known, ``YYYY-MM-DD``.

    Returns
    -------
    Workspace
        In a temporary folder, see :func:`salesgoals.history.as_known_on`; without plan and ledger.
    """
    copied = practice_workspace(workspace)
    for name in ("plan", LEDGER_FILE):
        path = copied.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    for name, table in as_known_on(workspace.require_tables(), day).items():
        write_table(copied.folder / "tables", name, table)
    return open_workspace(copied.folder)


def team_of(tables: Mapping[str, pd.DataFrame]) -> Team:
    """Describe a team as the model sees it: how many people, how many of them new, how many far ahead.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.

    Returns
    -------
    Team
        People who sold something in the last 12 months of the records; newcomers were hired within them,
        leaders sold a quarter more than the middle of the others.

    Raises
    ------
    SalesgoalsError
        If the records hold no sales with a person.

    Examples
    --------
    >>> team_of(open_case("company_b").tables).people
    25
    """
    sales = monthly_sales(tables)
    sales = sales[(sales.person_id != "") & (sales.month > sales.month.max() - pd.DateOffset(months=12))]
    sold = sales.groupby("person_id").amount.sum()
    sold = sold[sold > 0]
    if sold.empty:
        raise SalesgoalsError(Problem("plans.no_sales"))
    hired = tables["people"].drop_duplicates("person_id").set_index("person_id").hire_date.reindex(sold.index)
    new = hired > sales.month.max() - pd.DateOffset(months=11, days=1)
    ahead = (sold > LEAD * sold[~new].median()) & ~new
    return Team(len(sold), int(new.sum()), int(ahead.sum()))


def new_case(folder: str | os.PathLike[str], exports: str | os.PathLike[str],
             in_words: str | None = None) -> Workspace:
    """Turn a client's folder of exports into a case: a workspace, its notebook, a brief and what to fill in.

    Parameters
    ----------
    folder : str or Path
        The new case; a folder that holds anything is refused.
    exports : str or Path
        The client's files as they came, and a ``mapping.toml`` if there is one; a workspace's own folder is
        taken by its inbox. They are copied.
    in_words : str, optional
        Language of its settings, ``"zh"`` or ``"en"``; by default the one in use.

    Returns
    -------
    Workspace
        Collected. In its folder stand ``case.toml`` with the team as the records show it, ``brief.md`` and
        ``brief.zh.md`` to fill in, and the notebook in both languages.

    Raises
    ------
    SalesgoalsError
        If the folder is in use, there are no files to take or none can be used; then nothing is left.
    """
    target, source, chosen = Path(folder), Path(exports), in_words or language()
    mapping = source / MAPPING_FILE
    source = source / "inbox" if (source / "inbox").is_dir() else source
    files = sorted(path for path in source.iterdir() if path.is_file() and not path.name.startswith(".")
                   and path != mapping) if source.is_dir() else []
    if not files:
        raise SalesgoalsError(Problem("cases.no_exports", folder=str(source)))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SalesgoalsError(Problem("cases.folder_in_use", folder=str(target)))
    there = target.exists()
    try:
        with in_language(chosen):
            workspace = new_workspace(target, language=chosen)
            for path in files:
                shutil.copyfile(path, workspace.inbox / path.name)
            if mapping.is_file():
                shutil.copyfile(mapping, target / MAPPING_FILE)
            save_collected(workspace, collect_folder(workspace))
        workspace = open_workspace(target)
        template = cases_folder() / "_template"
        for brief in BRIEFS.values():
            shutil.copyfile(template / brief, target / brief)
        for spoken in LANGUAGES:
            shutil.copyfile(template / f"company_x.{spoken}.ipynb", target / f"case.{spoken}.ipynb")
        (target / CASE_FILE).write_text(_fill_in(workspace), encoding="utf-8")
    except BaseException:  # half a case would refuse the next try; the client's files stay where they are
        shutil.rmtree(target, ignore_errors=True)
        if there:
            target.mkdir(exist_ok=True)
        raise
    return workspace


def _fill_in(workspace: Workspace) -> str:
    text = (cases_folder() / "_template" / CASE_FILE).read_text(encoding="utf-8")
    lines = text.splitlines()
    known = _what_is_known(workspace)
    for place, line in enumerate(lines):
        found = re.match(r"(\w+) = [^#]*", line)
        if found and found[1] in known:     # the first of that name; further down stand the policies'
            lines[place] = f"{found[1]} = {known.pop(found[1])} {line[found.end():]}"
    return "\n".join([*lines, ""])


def _what_is_known(workspace: Workspace) -> dict[str, str]:
    """Fill in what the records tell: the team's size, the last years, the company's name."""
    title = json.dumps(workspace.settings.company, ensure_ascii=False)
    known = {"zh": title, "en": title}
    history = monthly_sales(workspace.tables)
    if len(history):
        team, last = team_of(workspace.tables), history.month.max().year
        known |= {"people": str(team.people), "newcomers": str(team.newcomers),
                  "leaders": str(team.leaders), "years": f"[{last - 2}, {last - 1}, {last}]"}
    return known
