"""The proof of every sum: recomputed from the long table of goals alone, by anyone who holds it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.allocation.finder import parse_month
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.words import say

GOAL_COLUMNS = ["version", "department", "team", "person_id", "person", "month", "product_line", "metric",
                "goal", "unit"]
PROOF_COLUMNS = ["level", "node", "parent", "goal", "sum_of_children", "difference"]
#: level -> (columns that name its nodes, columns of the parts it is the sum of, columns of its parent)
SUMS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "company": ([], ["department"], []),
    "company_months": ([], ["month"], []),
    "company_product_lines": ([], ["product_line"], []),
    "department": (["department"], ["department", "team"], []),
    "team": (["department", "team"], ["department", "team", "person_id"], ["department"]),
    "person": (["person_id"], ["person_id", "month"], ["department", "team"]),
    "month": (["month"], ["person_id", "month"], []),
    "product_line": (["product_line"], ["person_id", "product_line"], []),
    "team_month": (["department", "team", "month"], ["department", "team", "person_id", "month"],
                   ["department", "team"]),
    "person_month": (["person_id", "month"], [], ["person_id"]),
    "person_product_line": (["person_id", "product_line"], [], ["person_id"]),
}


def prove(goals: pd.DataFrame, decided: Mapping[str, pd.Series] | None = None) -> pd.DataFrame:
    """Add the goals up along every line of the plan and set each sum beside what it should be.

    Parameters
    ----------
    goals : DataFrame
        The long table of goals (columns version, department, team, person_id, person, month,
        product_line, metric, goal, unit).
    decided : mapping of level to Series (node -> amount), optional
        What was decided for all nodes of some levels before it was handed down, to be held against the
        sums. Without it, a node's goal is the sum of its own rows.

    Returns
    -------
    DataFrame
        Columns level, node, parent, goal, sum_of_children, difference (0 everywhere in a plan that adds
        up). Levels: company (by departments, by months, by product lines), department, team, person,
        month, product_line, team_month, person_month, person_product_line.

    Examples
    --------
    >>> goals = pd.DataFrame({"department": "d", "team": "t", "person_id": ["1", "2"], "goal": [3, 4],
    ...                       "month": pd.Timestamp("2026-01-01"), "product_line": "pumps"})
    >>> prove(goals).query("level == 'team'")[["node", "goal", "sum_of_children"]].values.tolist()
    [['d/t', 7, 7]]
    """
    company = say("decompose.company")
    codes, names = {}, {}
    for column in ("department", "team", "person_id", "month", "product_line"):
        codes[column], values = pd.factorize(goals[column], sort=True)
        names[column] = (pd.DatetimeIndex(values).strftime("%Y-%m") if column == "month"
                         else pd.Index(values)).astype(object)
    coded = pd.DataFrame({**codes, "goal": goals.goal.to_numpy("int64")})
    who = ["department", "team", "person_id"]
    sums = {place: coded.groupby([*who, place], as_index=False).goal.sum()
            for place in ("month", "product_line")}
    tables = []
    for level, (own, parts, above) in SUMS.items():
        source = sums["product_line" if "product_line" in (*own, *parts) else "month"]
        pieces = source.groupby(list(dict.fromkeys([*parts, *own])), as_index=False).goal.sum()
        if own:
            rows = source[list(dict.fromkeys([*own, *above]))].drop_duplicates(own).sort_values(own)
            whole, added = (table.groupby(own).goal.sum().to_numpy() for table in (source, pieces))
            node, parent = _label(rows, own, names), _label(rows, above, names) if above else company
        else:
            node, parent = np.array([company], object), ""
            whole, added = np.array([source.goal.sum()]), np.array([pieces.goal.sum()])
        table = pd.DataFrame({"level": level, "node": node, "parent": parent, "goal": whole,
                              "sum_of_children": added})
        if decided and level in decided:
            table = _hold_against(table, decided[level])
        tables.append(table)
    proof = pd.concat(tables, ignore_index=True)
    proof["difference"] = proof.sum_of_children - proof.goal
    return proof[PROOF_COLUMNS].astype({"level": "str", "node": "str", "parent": "str", "goal": "int64",
                                        "sum_of_children": "int64", "difference": "int64"})


def _hold_against(table: pd.DataFrame, decided: pd.Series) -> pd.DataFrame:
    """Put in what was decided; a node that was given something but has no rows is a row of its own."""
    table["goal"] = decided.reindex(table.node).to_numpy("int64")
    lost = decided[~decided.index.isin(table.node) & (decided != 0)]
    if lost.empty:
        return table
    rows = pd.DataFrame({"level": table.level.iloc[0], "node": lost.index, "parent": "",
                         "goal": lost.to_numpy(), "sum_of_children": 0})
    return pd.concat([table, rows])


def _label(rows: pd.DataFrame, columns: list[str], names: Mapping[str, pd.Index]) -> np.ndarray:
    text = names[columns[0]].to_numpy()[rows[columns[0]].to_numpy()]
    for column in columns[1:]:
        text = text + ("/" if column == "team" else " ") + names[column].to_numpy()[rows[column].to_numpy()]
    return np.asarray(text)


def verify_plan(goals: pd.DataFrame, total: int | None = None) -> pd.DataFrame:
    """Check a table of goals from its rows alone: whole, complete, unambiguous, and adding up to the total.

    Parameters
    ----------
    goals : DataFrame
        As read from the CSV file of a plan; one version and one metric at a time.
    total : int, optional
        The company's goal the rows must add up to.

    Returns
    -------
    DataFrame
        The proof, see :func:`prove`.

    Raises
    ------
    SalesgoalsError
        Naming everything found: missing columns, goals that are blank, negative or no multiple of the
        unit, rows that stand twice, a person in two teams, a sum that differs from the total.

    Examples
    --------
    >>> goals = pd.DataFrame({"version": "v", "department": "d", "team": "t", "person_id": ["1", "2"],
    ...                       "person": ["A", "B"], "month": "2026-01", "product_line": "pumps",
    ...                       "metric": "amount", "goal": [300, 400], "unit": 100})
    >>> int(verify_plan(goals, 700).difference.abs().sum())
    0
    """
    missing = [column for column in GOAL_COLUMNS if column not in goals]
    if missing:
        raise SalesgoalsError(Problem("decompose.proof_columns", found=", ".join(missing)))
    problems = []
    amounts = pd.to_numeric(goals.goal, errors="coerce")
    units = pd.to_numeric(goals.unit, errors="coerce")
    months = goals.month.map({value: parse_month(value) for value in goals.month.unique()})
    if len(goals) == 0:
        problems.append(Problem("decompose.proof_empty"))
    key = goals.assign(month=months)[["version", "person_id", "month", "product_line", "metric"]]
    checks = {"not_number": amounts.isna() | units.isna() | (units <= 0) | months.isna(),
              "negative": amounts < 0, "not_multiple": (amounts % units.where(units > 0)).fillna(0) != 0,
              "twice": key.duplicated()}
    for code, bad in checks.items():
        if bad.any():
            problems.append(Problem(f"decompose.proof_{code}", row=int(np.argmax(bad.to_numpy())) + 2,
                                    count=int(bad.sum())))
    mixed = goals[["version", "metric", "unit"]].nunique()
    problems += [Problem("decompose.proof_mixed", column=column, count=int(n))
                 for column, n in mixed.items() if n > 1]
    homes = goals[["person_id", "month", "department", "team"]].drop_duplicates()
    moved = homes.duplicated(["person_id", "month"])  # in different months it is a move
    if moved.any():
        twice = homes.person_id[moved].unique()
        problems.append(Problem("decompose.proof_two_teams", found=", ".join(twice[:5])))
    if not problems and total is not None and int(amounts.sum()) != int(total):
        problems.append(Problem("decompose.proof_total", found=int(amounts.sum()), total=int(total),
                                difference=int(amounts.sum()) - int(total)))
    raise_if_any(problems)
    return prove(goals.assign(goal=amounts.astype("int64"), month=months))
