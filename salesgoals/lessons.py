"""Small tables that lessons show and exercises judge by; each comes from the steps' own results."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.goal import attainment, chance_of_people
from salesgoals.history import believed_hire_dates, monthly_sales
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sources.read import read_file
from salesgoals.sources.sheet import Sheet
from salesgoals.words import say
from salesgoals.workspace import Workspace, writing

METHODS = ("equal", "history", "potential", "capability", "equal_chance")
HARDLY = 0.2


def count_tables(workspace: Workspace) -> pd.DataFrame:
    """Count what is on record: one line for each kind of records that there is.

    Returns
    -------
    pandas.DataFrame
        Columns table, rows.
    """
    counts = {name: len(table) for name, table in workspace.require_tables().items() if len(table)}
    return pd.DataFrame({"table": list(counts), "rows": list(counts.values())})


def attainment_by_year(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put goals beside results year by year: how much was reached, and by how many people.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals and sales.

    Returns
    -------
    pandas.DataFrame
        Columns year, goal, actual (currency units), attainment (actual / goal), people (with a goal in
        that year), share_at_goal (of them, who reached 100 % over the year). Empty without goals.
    """
    rows = attainment(tables)
    rows = rows.assign(year=rows.period_start.dt.year)
    people = rows.groupby(["year", "person_id"], as_index=False)[["goal", "actual"]].sum()
    people["at_goal"] = people.actual >= people.goal
    years = people.groupby("year", as_index=False).agg(
        goal=("goal", "sum"), actual=("actual", "sum"), people=("person_id", "count"),
        share_at_goal=("at_goal", "mean"))
    years["attainment"] = years.actual / years.goal
    years["year"] = years.year.astype("str")
    return years[["year", "goal", "actual", "attainment", "people", "share_at_goal"]]


def list_assumptions(forecast: Forecast) -> pd.DataFrame:
    """Say in words what the chance of a total rests on, with its figures.

    Returns
    -------
    pandas.DataFrame
        Columns assumption, value.
    """
    values = {"history_months": f"{forecast.history_months}", "coverage": f"{forecast.coverage:.0%}",
              "people_correlation": f"{forecast.people_correlation:.2f}",
              "month_correlation": f"{forecast.month_correlation:.2f}",
              "level_floor": f"{forecast.level_floor:.0%}"}
    return pd.DataFrame({"assumption": [say(f"lesson.assumption.{name}") for name in values],
                         "value": list(values.values())})


def growth_on_last_year(forecast: Forecast, total: float | pd.Series) -> float | pd.Series:
    """Say how far a total lies above the last 12 months; not known where the records hold less than that.

    Returns
    -------
    float or Series
        A share such as 0.08; NaN with less than 12 months of records.
    """
    seen = float(forecast.unit["last_12"])
    known = forecast.history_months >= 12 and seen > 0
    return total / (seen if known else float("nan")) - 1


def read_export(workspace: Workspace, name: str = "", number: int = 1) -> Sheet:
    """Read the first sheet of one export in the inbox, as it stands there.

    Parameters
    ----------
    workspace : Workspace
        A workspace with collected tables.
    name : str
        A file of its inbox; empty for the export with this number.
    number : int, default 1
        Counts first orders, then opportunities, then others, each by name; beyond the last, the last.

    Raises
    ------
    SalesgoalsError
        If nothing can be read under this name; says which files can.
    """
    totals = pd.read_csv(workspace.folder / "tables" / "totals.csv", encoding="utf-8-sig")
    rank = totals.table.map({"orders": 0, "opportunities": 1}).fillna(2)
    files = totals.assign(rank=rank).sort_values(["rank", "file"]).file.unique().tolist()
    wanted = name or files[min(number, len(files)) - 1]
    sheets = read_file(workspace.inbox / wanted).sheets if (workspace.inbox / wanted).is_file() else []
    if not sheets:
        raise SalesgoalsError(Problem("lesson.no_such_export", found=wanted,
                                      names=say("problem.comma").join(files)))
    return sheets[0]


def chances_by_method(forecast: Forecast, methods: pd.DataFrame) -> pd.DataFrame:
    """Give each person's chance under each way to split the same total.

    Parameters
    ----------
    forecast : Forecast
        Of the same people.
    methods : pandas.DataFrame
        From :func:`salesgoals.decompose.compare_methods`.

    Returns
    -------
    pandas.DataFrame
        Columns person_id, person and one column of chances for each way that could be computed.
    """
    found = methods[["person_id", "person"]].copy()
    for name in METHODS:
        if name in methods and methods[name].notna().any():
            goals = methods.set_index("person_id")[name].astype("float64")
            found[name] = chance_of_people(forecast, goals).reindex(goals.index).to_numpy()
    return found


def summarise_chances(chances: pd.DataFrame) -> pd.DataFrame:
    """Say for each way to split how even the chances are, and how many people hardly have one.

    Parameters
    ----------
    chances : pandas.DataFrame
        From :func:`chances_by_method`.

    Returns
    -------
    pandas.DataFrame
        Columns method, lowest, median, highest (chances), people (how many), hardly (people with a chance
        below 20 %).

    Examples
    --------
    >>> chances = pd.DataFrame({"person_id": ["1", "2"], "person": ["Li", "Wu"], "equal": [0.1, 0.9]})
    >>> summarise_chances(chances).to_dict("records")
    [{'method': 'equal', 'lowest': 0.1, 'median': 0.5, 'highest': 0.9, 'people': 2, 'hardly': 1}]
    """
    rows = [[name, float(chances[name].min()), float(chances[name].median()), float(chances[name].max()),
             int(chances[name].notna().sum()), int((chances[name] < HARDLY).sum())]
            for name in METHODS if name in chances]
    return pd.DataFrame(rows, columns=["method", "lowest", "median", "highest", "people", "hardly"])


def round_total(wanted: float, unit: int = 1) -> int:
    """Round a wished total to three figures, in whole units, so that it can be said in a meeting.

    Parameters
    ----------
    wanted : float
        In currency units.
    unit : int
        Goals are whole multiples of it.

    Examples
    --------
    >>> round_total(176_412_900.5, 100), round_total(87.4, 5)
    (176000000, 85)
    """
    units = wanted / unit
    step = 10 ** max(len(f"{units:.0f}") - 3, 0)
    return round(units / step) * step * unit


def moved_people(before: Plan, after: Plan) -> pd.DataFrame:
    """List whose goal is another one in the second plan, and by how much.

    Parameters
    ----------
    before, after : Plan
        Two splits among the same people, from :func:`salesgoals.decompose.plan_goals`.

    Returns
    -------
    pandas.DataFrame
        Columns team, person, goal, difference (both in currency units); nobody else is in it.
    """
    old = before.people.set_index("person_id").goal
    moved = after.people.assign(difference=after.people.goal - after.people.person_id.map(old))
    return moved.loc[moved.difference != 0, ["team", "person", "goal", "difference"]].reset_index(drop=True)


def newest_person(workspace: Workspace) -> str:
    """Return the id of whoever joined last and still works here; without dates, of the fewest months."""
    people = workspace.tables["people"]
    hired = believed_hire_dates(workspace.tables).reindex(people.person_id)
    people = people.assign(hire_date=hired.to_numpy())
    here = people[people.leave_date.isna() & people.hire_date.notna()]
    if len(here):
        return str(here.sort_values(["hire_date", "person_id"]).person_id.iloc[-1])
    history = monthly_sales(workspace.tables)
    months = history[history.person_id != ""].groupby("person_id").month.nunique()
    return str(months.sort_values(kind="stable").index[0])


def spelling_twins(workspace: Workspace) -> dict[str, str]:
    """List product names in the sales that differ from the product list only in how they are spelt.

    Returns
    -------
    dict
        Name as written in the sales -> name in the product list.
    """
    issues, products = workspace.issues, workspace.tables["products"]["product"].dropna()
    unknown = issues[issues.code == "collect.product_unknown"].found.dropna().unique()
    listed = {_plain(name): name for name in products}
    return {name: listed[_plain(name)] for name in unknown if _plain(name) in listed}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def add_aliases(workspace: Workspace, kind: str, names: object) -> None:
    """Write pairs of names into ``mapping.toml``, as one would by hand; anything else than pairs is left out.

    Parameters
    ----------
    workspace : Workspace
        Whose mapping is changed.
    kind : str
        ``"product"``, ``"person"`` or ``"account"``.
    names : dict
        Name as the exports write it -> name in the list.
    """
    if not isinstance(names, Mapping):
        return
    path, title = workspace.folder / "mapping.toml", f"[alias.{kind}]"
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    lines = [f"{_quoted(key)} = {_quoted(value)}" for key, value in names.items()]
    head = re.search(rf"^{re.escape(title)}[^\n]*$", text, re.MULTILINE)
    if head:
        text = "\n".join([text[:head.end()], *lines]) + text[head.end():]
    else:
        text = "\n".join([text.rstrip("\n"), "", title, *lines, ""])
    with writing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)
