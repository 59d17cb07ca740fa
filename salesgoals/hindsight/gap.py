"""The gap between goal and result of everybody, every team and all, taken apart and still adding up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.attribution.chain import find_rates, name_held, split_gap
from salesgoals.attribution.fen import to_the_fen
from salesgoals.attribution.groups import MIX, split_gap_by
from salesgoals.hindsight.expected import Before, expected_levels
from salesgoals.hindsight.levels import (
    FACTORS,
    STEPS,
    VOLUME,
    add_up,
    lines_between,
    name_stays,
    split_stays,
)
from salesgoals.hindsight.spread import spread_of_units
from salesgoals.hindsight.work import Work, name_node, read_work
from salesgoals.in_force import goals_by_person, within
from salesgoals.periods import Period

CAUSES = ["goal_error", *FACTORS, MIX, "no_person"]
COLUMNS = ["by", "unit", "goal", "base", "actual", "gap", *CAUSES, "held", "basis", "without_goal"]
LEVELS = [level for _, level in STEPS]


@dataclass(frozen=True)
class Sides:
    """Levels of every stay in the period and in the base, made comparable.

    Parameters
    ----------
    now, base : DataFrame
        Index stay (person and team), the levels of the chain.
    people : DataFrame
        Same index; person_id, node.
    held : array of bool
        (stays, factors) what is not recorded on one of the sides.
    nobody : tuple of float
        Sales without a person, in the period and in the base.
    basis : str
        ``forecast``, ``last_year``, ``before`` or ``none``.
    work : Work
        All records of work.
    span : tuple of Timestamp
        First and last day of the period.
    spread : DataFrame
        From :func:`salesgoals.hindsight.spread.spread_of_units`.
    """

    now: pd.DataFrame
    base: pd.DataFrame
    people: pd.DataFrame
    held: np.ndarray
    nobody: tuple[float, float]
    basis: str
    work: Work
    span: tuple[pd.Timestamp, pd.Timestamp]
    spread: pd.DataFrame


def set_sides(tables: Mapping[str, pd.DataFrame], period: Period, before: Before, basis: str) -> Sides:
    """Put what was done beside what was to be expected.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    period : Period
        The period looked back at.
    before : Before
        From :func:`salesgoals.hindsight.expected.look_before`.
    basis : str
        ``forecast``, ``last_year`` or ``before``.
    """
    work = read_work(tables)
    months = before.months.length
    span = base_span(period, basis)
    basis = choose_basis(work.lines, before, period, basis)
    if basis in ("last_year", "before"):
        prices = lines_between(work, *span)
        base = add_up(work, *span, prices, before.ramp, months)
        nobody = _nobody(work.lines, *span)
    elif basis == "forecast":
        prices = before.lines
        found = expected_levels(before)
        base = found.set_index(name_stays(found.person_id, found.node).to_numpy())
        nobody = _nobody(work.lines, *before.year) * months / 12
    else:
        prices, base, nobody = before.lines, None, np.nan
    now = add_up(work, period.start, period.end, prices, before.ramp, months)
    missing = _nobody(work.lines, period.start, period.end)
    if base is None:
        base = now
    stays = now.index.union(base.index)
    people = pd.concat([now, base])[["person_id", "node"]]
    people = people[~people.index.duplicated()].reindex(stays)
    sides = [table.drop(columns=["person_id", "node"]).reindex(stays) for table in (now, base)]
    now, base, held = _comparable(*sides)
    doers = people.person_id.isin(work.counts.person_id) & (now.time.ne(0) | base.time.ne(0))
    busy = (doers | now.amount.ne(0) | base.amount.ne(0)).to_numpy()
    return Sides(now[busy], base[busy], people[busy], held[busy], (missing, nobody), basis, work,
                 (period.start, period.end), spread_of_units(before, people))


def base_span(period: Period, basis: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the same days a year before, or of as long a time before."""
    if basis == "last_year":
        start = period.start - pd.DateOffset(years=1)
        return start, period.end + pd.Timedelta(days=1) - pd.DateOffset(years=1) - pd.Timedelta(days=1)
    if period.whole_months:
        start = period.start - pd.DateOffset(months=len(period.months))
    else:
        start = period.start - (period.end - period.start) - pd.Timedelta(days=1)
    return start, period.start - pd.Timedelta(days=1)


def choose_basis(lines: pd.DataFrame, before: Before, period: Period, asked: str) -> str:
    """Take another yardstick where the records do not reach back far enough for the one asked for."""
    first = lines.date.min()
    order = {"forecast": ("forecast", "last_year", "before"), "last_year": ("last_year", "before"),
             "before": ("before",)}[asked]
    for basis in order:
        if basis == "forecast":
            if before.forecast is not None:
                return basis
        elif first <= base_span(period, basis)[0] + pd.Timedelta(days=6):
            return basis
    return "none"


def _nobody(lines: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    inside = (lines.date >= start) & (lines.date <= end) & (lines.person_id == "")
    return float(lines.amount[inside].sum())


def _comparable(now: pd.DataFrame, base: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Hold what is not recorded on one side: the work at the usual work for that time, sizes as money."""
    sides = [now.copy(), base.copy()]
    absent = [side.time.isna() for side in sides]
    for side, gone in zip(sides, absent, strict=True):
        side.loc[gone, :] = 0.0
    shares = [side.ramp.where(~gone) for side, gone in zip(sides, absent, strict=True)]
    shares = [shares[0].fillna(shares[1]).fillna(1.0), shares[1].fillna(shares[0]).fillna(1.0)]
    held = np.zeros((len(now), len(FACTORS)), dtype=bool)
    for factor, level, below in (("activity", "visits", "time"), ("quote_rate", "quotes", "visits")):
        unknown = pd.Series(False, index=now.index)
        for side, gone in zip(sides, absent, strict=True):
            unknown |= not side[level][~gone].notna().any()
            unknown |= side[level].isna() | ((side[level] == 0) & (side[below] > 0) & (side.amount != 0))
        known = sides[1][~unknown]
        usual = known[level].sum() / known[below].sum() if known[below].sum() > 0 else 1.0
        for side in sides:
            side[level] = side[level].where(~unknown, side[below] * (usual or 1.0))
        held[:, FACTORS.index(factor)] = unknown
    for side, share in zip(sides, shares, strict=True):
        side["grown"] = side.quotes * share
    unmeasured = sides[0]["list"].isna() | sides[1]["list"].isna()
    for side in sides:
        side["list"] = side["list"].where(~unmeasured, side.amount)
    held[:, FACTORS.index("price")] = unmeasured
    return sides[0][LEVELS], sides[1][LEVELS], held


def set_goals(goals: pd.DataFrame | None, period: Period, people: pd.DataFrame) -> dict[str, pd.Series]:
    """Add goals up for each person, team and all.

    Parameters
    ----------
    goals : DataFrame or None
        From :func:`salesgoals.in_force.goals_in_force`.
    period : Period
        Only goals within it count.
    people : DataFrame
        Columns person_id, node: stays in the base come first.

    Returns
    -------
    dict of str to Series
        person (by person_id), team (by node), all. A goal set for a team and nobody in it is the team's.
    """
    empty = pd.Series(dtype=float, index=pd.Index([], dtype="str"))
    if goals is None or goals.empty:
        return {"person": empty, "team": empty, "all": empty}
    inside = within(goals, period)
    person = goals_by_person(inside)
    home = people.drop_duplicates("person_id").set_index("person_id").node
    own = inside[inside.person_id.notna() & (inside.person_id != "")]
    node = name_node(own.department, own.team)
    node = node.where(node != "", own.person_id.map(home).astype(object).fillna("").astype("str"))
    stays = goals_by_person(own.assign(person_id=name_stays(own.person_id, node)))
    parts = stays.groupby(split_stays(stays.index).node.to_numpy()).sum().to_dict()
    of_teams = inside[(inside.person_id.isna() | (inside.person_id == "")) & inside.team.notna()]
    for name, rows in of_teams.groupby(name_node(of_teams.department, of_teams.team)):
        parts.setdefault(str(name), float(rows.goal.sum()))
    team = pd.Series(parts, dtype=float)
    if team.empty:
        return {"person": empty, "team": empty, "all": empty}
    return {"person": person, "team": team, "all": pd.Series({"all": team.sum()})}


def take_apart(sides: Sides, goals: dict[str, pd.Series]) -> pd.DataFrame:
    """Split the gap of everybody, every team and all.

    Returns
    -------
    DataFrame
        The columns of :func:`salesgoals.retro.gap_report`.
    """
    lines = sides.work.lines
    if lines.empty or lines.date.max() < sides.span[0] or lines.date.min() > sides.span[1]:
        return pd.DataFrame(columns=COLUMNS)  # nothing on record is not nothing sold
    person_of = sides.people.person_id
    now, base = (table.groupby(person_of).sum() for table in (sides.now, sides.base))
    extra = pd.Index(goals["person"].index).difference(now.index)
    if len(extra):
        now, base = (pd.concat([table, pd.DataFrame(0.0, index=extra, columns=LEVELS)]).sort_index()
                     for table in (now, base))
    held = _held_of(sides, now, base)
    parts = []
    rows = split_gap(now, base, chain=STEPS)
    rows = rows[["base", "actual", *FACTORS]].assign(**{MIX: 0.0, "no_person": 0.0, "held": held})
    parts.append(_with_goal(rows, goals["person"], "person", sides.basis))
    nodes = sides.people.node
    if (nodes != "").any():
        teams = split_gap_by(nodes, sides.now, sides.base, chain=STEPS, volume=VOLUME)
        more = goals["team"].index.difference(teams.index)
        teams = teams.reindex(teams.index.union(more)).fillna(0.0)
        home = sides.people.drop_duplicates("person_id").set_index("person_id").node.reindex(held.index)
        teams = teams[["base", "actual", *FACTORS, MIX]].assign(
            no_person=0.0, held=_join(held, home, teams.index))
        parts.append(_with_goal(teams, goals["team"], "team", sides.basis))
    whole = split_gap_by(pd.Series("all", index=now.index), now, base, chain=STEPS, volume=VOLUME)
    whole = whole.reindex(["all"]).fillna(0.0)
    beside = sides.nobody[0] - np.nan_to_num(sides.nobody[1])
    whole = whole[["base", "actual", *FACTORS, MIX]].assign(no_person=beside)
    whole["base"] += np.nan_to_num(sides.nobody[1])
    whole["actual"] += sides.nobody[0]
    whole["held"] = _join(held, pd.Series("all", index=held.index), whole.index)
    parts.append(_with_goal(whole, goals["all"], "all", sides.basis))
    table = pd.concat(parts[::-1], ignore_index=True)
    without = parts[0][parts[0].goal.isna() & (parts[0].base.fillna(0) + parts[0].actual != 0)]
    table["without_goal"] = 0
    if len(goals["person"]):
        home = sides.people.drop_duplicates("person_id").set_index("person_id").node
        counts = without.unit.map(home).value_counts()
        table["without_goal"] = np.where(table.by == "team", table.unit.map(counts).fillna(0), 0).astype(int)
        table.loc[table.by == "all", "without_goal"] = len(without)
    return table[COLUMNS]


def _held_of(sides: Sides, now: pd.DataFrame, base: pd.DataFrame) -> pd.Series:
    """Name for each person what could not be known."""
    found = pd.DataFrame(sides.held, index=sides.people.person_id).groupby(level=0).any().reindex(
        now.index).fillna(False).to_numpy(dtype=bool)
    return pd.Series(name_held(found | find_rates(now, base, STEPS).held, FACTORS), index=now.index)


def _join(held: pd.Series, groups: pd.Series, index: pd.Index) -> list[str]:
    """Name for each group what could not be known for anybody in it who did something."""
    table = held.str.get_dummies(",").reindex(columns=FACTORS, fill_value=0).groupby(
        groups.reindex(held.index).fillna("")).min().reindex(index).fillna(0)
    return [",".join(table.columns[row > 0]) for row in table.to_numpy()]


def _with_goal(rows: pd.DataFrame, goal: pd.Series, by: str, basis: str) -> pd.DataFrame:
    """Add the goal and close everything to the last hundredth."""
    table = rows.rename_axis("unit").reset_index().assign(by=by, basis=basis)
    table["goal"] = table.unit.map(goal).astype(float)
    moved = [*FACTORS, MIX, "no_person"]
    if basis == "none":
        table[["base", *moved]] = np.nan
        table["held"] = ",".join(FACTORS)
    fen = table[["goal", "base", "actual"]].mul(100).round().div(100)
    table[["goal", "base", "actual"]] = fen
    table["change"] = table.actual - table.base
    table = to_the_fen(table, moved, "change") if basis != "none" else table
    table["gap"] = (table.actual - table.goal).mul(100).round().div(100)
    table["goal_error"] = (table.base - table.goal).mul(100).round().div(100)
    return table.drop(columns="change")
