"""Product lines of the company, each team and each person: pieces, mix and price since the base."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.hindsight.gap import base_span
from salesgoals.hindsight.work import DAY, name_node
from salesgoals.history import credited_sales, team_on
from salesgoals.markets.bridge import bridge_years
from salesgoals.markets.lines import Years, sales_lines
from salesgoals.periods import Period

CAUSES = ["volume", "mix", "price", "new", "lost", "returns", "unmeasured"]
COLUMNS = ["by", "unit", "part", "before", "now", "change", *CAUSES, "basis"]
APART = "\x1f"


def bridge_lines(tables: Mapping[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    """Say for each product line why its sales changed, for everybody, every team and all.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.line_changes`.
    """
    sold = credited_sales(tables)
    lines = sales_lines(tables).assign(person_id=sold.person_id.fillna("").to_numpy())
    lines["date"] = lines.date.dt.normalize()
    start, end, basis = _base(lines, period)
    now, before = (lines[lines.date.between(*span)] for span in ((period.start, period.end), (start, end)))
    empty = pd.DataFrame(columns=COLUMNS)
    if basis == "none" or (now.empty and before.empty):
        return empty
    parts = []
    for by in ("all", "team", "person"):
        sides = [_named(tables, side, by) for side in (before, now)]
        years = Years(before=sides[0], now=sides[1], months=pd.DatetimeIndex([period.start]), notes=[])
        found = bridge_years(years, "product_line")
        names = found.part.str.split(APART, n=1, expand=True)
        parts.append(found.assign(by=by, unit=names[0], part=names[1], basis=basis))
    table = pd.concat(parts, ignore_index=True)
    return table[table.unit != ""].reset_index(drop=True)[COLUMNS]


def _base(lines: pd.DataFrame, period: Period) -> tuple[pd.Timestamp, pd.Timestamp, str]:
    """Take the same days a year before; where records do not reach so far, as long a time before."""
    for basis in ("last_year", "before"):
        start, end = base_span(period, basis)
        if lines.date.min() <= start + 6 * DAY:
            break
    else:
        basis = "none"
    return start, end, basis


def _named(tables: Mapping[str, pd.DataFrame], lines: pd.DataFrame, by: str) -> pd.DataFrame:
    """Write the unit before the line, so that lines are only compared within it."""
    if by == "all":
        unit = pd.Series("all", index=lines.index)
    elif by == "person":
        unit = lines.person_id
    else:
        where = team_on(tables, lines.person_id.where(lines.person_id != ""), lines.date)
        unit = name_node(where.department, where.team)
    return lines.assign(product_line=unit.astype("str") + APART + lines.product_line)
