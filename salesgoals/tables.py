"""The canonical tables: the one place that says which columns there are and what must be true of them.

Every export ends in these tables, and every step starts from them. In memory money is a float in whole
currency units; on disk it is an exact decimal with four places, and totals are summed on the decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from salesgoals.problems import Problem

#: kind of a column -> (type in memory, type on disk)
KINDS: dict[str, tuple[str, pa.DataType]] = {
    "id": ("str", pa.string()),
    "text": ("str", pa.string()),
    "date": ("datetime64[us]", pa.date32()),
    "money": ("float64", pa.decimal128(18, 4)),
    "number": ("float64", pa.decimal128(18, 4)),
    "share": ("float64", pa.float64()),
    "flag": ("boolean", pa.bool_()),
    "count": ("Int64", pa.int64()),
}


@dataclass(frozen=True)
class Field:
    """One column: its name, its kind (see ``KINDS``) and whether every row must have it."""

    name: str
    kind: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns in order and the columns that make a row unique."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """Return one column's description."""
        return next(field for field in self.fields if field.name == name)


def _table(name: str, columns: str, key: str = "") -> Table:
    fields = []
    for word in columns.split():
        title, _, kind = word.partition(":")
        fields.append(Field(title, kind.rstrip("!"), kind.endswith("!")))
    return Table(name, tuple(fields), tuple(key.split()))


#: A "!" marks a column that every row must have.
TABLES: dict[str, Table] = {table.name: table for table in (
    _table("people", "person_id:id! name:text! role:text manager_id:id hire_date:date leave_date:date",
           key="person_id"),
    _table("membership", "person_id:id! department:text team:text valid_from:date valid_to:date",
           key="person_id valid_from"),
    _table("products", "product_id:id! product:text product_line:text! list_price:money unit_cost:money",
           key="product_id"),
    _table("accounts", "account_id:id! name:text segment:text region:text person_id:id potential:money",
           key="account_id"),
    _table("orders", "order_id:id line:id date:date! person_id:id account_id:id product_id:id"
           " product_line:text quantity:number amount:money! cost:money new_customer:flag returned:flag"
           " credit_share:share"),
    _table("opportunities", "opportunity_id:id person_id:id account_id:id product_id:id product_line:text"
           " stage:text status:text! amount:money created:date closed:date probability:share",
           key="opportunity_id"),
    _table("activities", "date:date! person_id:id account_id:id type:text count:count"),
    _table("market", "month:date! segment:text level:number growth:share source:text",
           key="month segment source"),
    _table("goals", "version:text department:text team:text person_id:id person:text period_start:date!"
           " period_end:date product_line:text metric:text goal:money! unit:text"),
)}


def empty_table(name: str) -> pd.DataFrame:
    """Return a table without rows but with the right columns: what "we have no such data" looks like.

    Examples
    --------
    >>> list(empty_table("activities"))
    ['date', 'person_id', 'account_id', 'type', 'count']
    """
    return as_table(name, pd.DataFrame())


def as_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with exactly the canonical columns and types; a column that is missing is empty.

    Parameters
    ----------
    name : str
        One of ``TABLES``.
    frame : pandas.DataFrame
        Any of the canonical columns, in any order; others are left out.
    """
    data = {}
    for field in TABLES[name].fields:
        nothing = pd.Series(None, index=frame.index, dtype=object)
        column = frame.get(field.name, nothing)
        if field.kind in ("money", "number", "share"):
            column = pd.to_numeric(column.astype(object).where(column.notna(), None)).astype("float64")
        elif field.kind in ("id", "text"):
            column = column.astype("str").where(column.notna())
        data[field.name] = column.astype(KINDS[field.kind][0])
    return pd.DataFrame(data, columns=TABLES[name].columns).reset_index(drop=True)


def total(column: pd.Series) -> Decimal:
    """Add up money exactly, as decimals with four places, whatever the order of the rows.

    Examples
    --------
    >>> total(pd.Series([0.1] * 10))
    Decimal('1.0000')
    """
    values = pa.array(column.dropna().astype("float64"), pa.float64()).cast(pa.decimal128(38, 4), safe=False)
    return pa.compute.sum(values).as_py() or Decimal("0.0000")


def write_table(folder: Path, name: str, frame: pd.DataFrame) -> Path:
    """Write one canonical table to ``folder/name.parquet``, money as exact decimals."""
    table = as_table(name, frame)
    arrays = []
    for field in TABLES[name].fields:
        kind = KINDS[field.kind][1]
        if pa.types.is_decimal(kind):
            floats = pa.array(table[field.name].round(4), pa.float64(), from_pandas=True)
            arrays.append(floats.cast(kind, safe=False))
        else:
            arrays.append(pa.array(table[field.name], kind, from_pandas=True))
    path = Path(folder) / f"{name}.parquet"
    pq.write_table(pa.table(arrays, names=TABLES[name].columns), path)
    return path


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one canonical table; an empty one with the right columns if the file is not there."""
    path = Path(folder) / f"{name}.parquet"
    if not path.exists():
        return empty_table(name)
    return as_table(name, pq.read_table(path).to_pandas(date_as_object=False))


def safe_for_excel(table: pd.DataFrame) -> pd.DataFrame:
    """Keep a name like ``=HYPERLINK(...)`` from becoming a formula when a spreadsheet opens the file."""
    safe = table.copy()
    for column in safe.columns[[str(kind) in ("str", "object") for kind in safe.dtypes]]:
        written = safe[column].map(lambda value: isinstance(value, str)).astype(bool)  # -5.00 is a number
        words = safe[column].astype("str")
        risky = written & words.str.match(r"^\s*[=+\-@\t\r＝＋－＠]").fillna(False).astype(bool)
        safe[column] = safe[column].where(~risky, "'" + words)
    return safe


def check_table(name: str, frame: pd.DataFrame) -> list[Problem]:
    """Name everything that breaks the rules of one canonical table, all at once.

    Parameters
    ----------
    name : str
        One of ``TABLES``.
    frame : pandas.DataFrame
        The table, already in its canonical form.

    Returns
    -------
    list of Problem
        Required values that are missing, keys that stand twice, dates that end before they start,
        shares outside 0 to 1.
    """
    table, found = TABLES[name], []
    for field in table.fields:
        empty = int(frame[field.name].isna().sum())
        if field.required and empty:
            found.append(Problem("tables.required_missing", table=name, column=field.name, count=empty))
        if field.kind == "share" and field.name != "growth":
            outside = int((~frame[field.name].dropna().between(0, 1)).sum())
            if outside:
                found.append(Problem("tables.share_outside", table=name, column=field.name, count=outside))
    if table.key:
        twice = frame[list(table.key)].duplicated()
        if twice.any():
            example = ", ".join(str(v) for v in frame.loc[twice, list(table.key)].iloc[0])
            found.append(Problem("tables.key_twice", table=name, count=int(twice.sum()), found=example,
                                 key=", ".join(table.key)))
    for start, end in (("hire_date", "leave_date"), ("valid_from", "valid_to"),
                       ("period_start", "period_end")):
        if start in frame and end in frame:
            backwards = int((frame[end] < frame[start]).sum())
            if backwards:
                found.append(Problem("tables.ends_before_start", table=name, start=start, end=end,
                                     count=backwards))
    return found


def check_relations(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Name what does not fit between tables: circles of managers or teams, two teams at one time.

    Returns
    -------
    list of Problem
        Circles are of level ``stop``: no goal can be handed down a tree that has none.
    """
    people, membership = tables["people"], tables["membership"]
    bosses = dict(zip(people.person_id, people.manager_id, strict=True))
    found = _circles({k: v for k, v in bosses.items() if isinstance(v, str)}, "tables.manager_circle")
    pairs = membership[["team", "department"]].dropna().drop_duplicates()
    pairs = pairs[pairs.team != pairs.department]
    teams = {team: group.department.tolist() for team, group in pairs.groupby("team")}
    found += _circles({team: parents[0] for team, parents in teams.items() if len(parents) == 1},
                      "tables.team_circle")
    spans = membership.sort_values(["person_id", "valid_from"], na_position="first")
    before = spans.groupby("person_id").valid_to.shift()
    first = ~spans.person_id.duplicated()
    overlap = ~first & (before.isna() | (spans.valid_from <= before))
    if overlap.any():
        found.append(Problem("tables.two_teams", level="stop", count=int(overlap.sum()),
                             found=", ".join(spans.person_id[overlap].unique()[:5])))
    return found


def _circles(parent: Mapping[str, str], code: str) -> list[Problem]:
    found, done = [], set()
    for start in parent:
        path, node = [], start
        while node in parent and node not in done and node not in path:
            path.append(node)
            node = parent[node]
        if node in path:
            circle = path[path.index(node):]
            found.append(Problem(code, found=" -> ".join([*circle, node])))
        done.update(path)
    return found
