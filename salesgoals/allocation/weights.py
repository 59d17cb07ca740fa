"""Who should carry which share of the goal: five answers side by side, none of them the only right one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.allocation.allocate import Array
from salesgoals.allocation.crew import YEAR, Crew
from salesgoals.equal_chance import equal_chance_goals, equal_chance_note
from salesgoals.problems import Problem, SalesgoalsError

METHODS = ("equal", "history", "potential", "capability", "equal_chance")
BORROWED_MONTHS = 6.0  # months of the team's level that stand in for what a newcomer has not shown yet
LEAST_DIFFERENCE = .1  # people's levels differ by this share at least, even where luck seems to explain all
POTENTIAL_SHARE = .5  # of the potential in a blend with history


@dataclass(frozen=True)
class Weights:
    """Weights of each person under each method, what they rest on, and what could not be had.

    Parameters
    ----------
    values : DataFrame
        Index person_id, one column a method, each adding up to 1; NaN where the data for it are missing.
    parts : DataFrame
        Index person_id: last_12, level (of a full month, newcomers' drawn to the team), months_grown (months
        of the plan times presence, season and ramp), potential, capability, faith (share of the own result
        in the capability), mean and sd of the forecast.
    missing : dict
        For each method that cannot be used: what is missing.
    notes : list of Problem
        What a reader should know before using a method.
    """

    values: pd.DataFrame
    parts: pd.DataFrame
    missing: dict[str, Problem]
    notes: dict[str, list[Problem]]


def weigh_people(crew: Crew, tables: Mapping[str, pd.DataFrame], total: float,
                 methods: Sequence[str] = METHODS) -> Weights:
    """Weigh each person by one or more methods: equal, history, potential, capability, equal_chance.

    Parameters
    ----------
    crew : Crew
        From :func:`salesgoals.allocation.crew.gather_crew`.
    tables : mapping of str to DataFrame
        Uses accounts and opportunities, for the potential.
    total : float
        The goal to be shared (currency units); equal chances depend on it.
    methods : sequence of str
        Which methods.

    Returns
    -------
    Weights
        See there.

    Raises
    ------
    SalesgoalsError
        If a method has an unknown name.

    Notes
    -----
    Source of method: methods 3.2 to 3.4. **equal** gives every month on board the same, newcomers
    included: the split the textbooks warn of. **history** follows the last 12 months; who has fewer grown
    months than that gets up to six months of the team's level added, then the ramp. **potential** blends
    history with the potential of accounts (or the weighted open pipeline), half and half. **capability**
    is the own result for a grown month, drawn to the peers as far as it may be luck, then the ramp.
    **equal_chance** gives everyone the same probability of reaching the goal (log-normal; measured
    spread of the probabilities 2e-5).
    """
    unknown = [method for method in methods if method not in METHODS]
    if unknown:
        raise SalesgoalsError([Problem("decompose.method_unknown", found=method, methods=", ".join(METHODS))
                               for method in unknown])
    ids = pd.Index(crew.people.person_id, name="person_id")
    parts = pd.DataFrame({"last_12": crew.last_12, "level": _levels(crew),
                          "months_grown": (crew.present * crew.ramp) @ crew.season}, index=ids)
    parts["potential"], source = _potential(tables, ids)
    parts["capability"], parts["faith"] = _capability(crew)
    expected = crew.forecast.people[["mean", "sd"]].reindex(ids)
    parts["mean"], parts["sd"] = expected["mean"], expected["sd"]
    history = (parts.level * parts.months_grown).clip(lower=0)
    raw: dict[str, pd.Series] = {}
    notes: dict[str, list[Problem]] = {method: [] for method in methods}
    missing: dict[str, Problem] = {}
    for method in methods:
        if method == "equal":
            raw[method] = pd.Series(crew.present.sum(1), index=ids)
        elif method == "history":
            raw[method] = history
        elif method == "capability":
            raw[method] = (parts.capability * parts.months_grown).clip(lower=0)
        elif method == "potential" and source is None:
            missing[method] = Problem("decompose.no_potential", level="note")
        elif method == "potential":
            raw[method], notes[method] = _blend(history, parts, source or "")
        else:
            raw[method], notes[method] = _equal_chance(parts, total)
    values = pd.DataFrame({method: _share(raw[method]) if method in raw else np.nan for method in methods},
                          index=ids)
    for method in raw:
        nothing = raw[method].index[(raw[method] <= 0) & (parts.months_grown > 0)]
        if len(nothing):
            notes[method].append(Problem("decompose.weight_zero", level="doubt", method=method,
                                         count=len(nothing), found=", ".join(nothing[:5])))
    return Weights(values, parts, missing, notes)


def _share(weights: pd.Series) -> pd.Series:
    known = weights.fillna(0.0).clip(lower=0)
    return known / known.sum() if known.sum() > 0 else known


def _levels(crew: Crew) -> Array:
    """Return sales of a full month in the last 12; missing grown months are filled from the team."""
    book = crew.past.book
    sales = crew.past_of_people(book.sales[:, -YEAR:]).sum(1)
    grown = crew.past_of_people((book.present * book.ramp)[:, -YEAR:]).sum(1)
    most = max(1.0, float(book.present[:, -YEAR:].any(0).sum()))
    settled = grown >= .9 * most
    team = _mean_by(sales, grown, settled, crew.people.department + "\n" + crew.people.team)
    team = np.where(np.isnan(team), _mean_by(sales, grown, settled, crew.people.department), team)
    counted = settled if settled.any() else np.ones(len(sales), bool)
    whole = sales[counted].sum() / max(grown[counted].sum(), 1e-9)
    team = np.clip(np.where(np.isnan(team), whole, team), 0, None)
    borrowed = BORROWED_MONTHS * np.clip(1 - grown / most, 0, 1)
    return np.clip((sales + borrowed * team) / np.maximum(grown + borrowed, 1e-9), 0, None)


def _mean_by(sales: Array, grown: Array, settled: Array, place: pd.Series) -> Array:
    frame = pd.DataFrame({"sales": np.where(settled, sales, 0), "grown": np.where(settled, grown, 0)})
    sums = frame.groupby(place.to_numpy()).transform("sum")
    return (sums.sales / sums.grown.where(sums.grown > 0)).to_numpy(float)


def _potential(tables: Mapping[str, pd.DataFrame], ids: pd.Index) -> tuple[pd.Series, str | None]:
    """Add up the potential of each person's accounts, or else the open pipeline by its probability."""
    accounts = tables["accounts"]
    if accounts.potential.gt(0).any():
        return accounts.groupby("person_id").potential.sum(min_count=1).reindex(ids), "accounts"
    deals = tables["opportunities"]
    ended = deals[deals.status.isin(["won", "lost"])]
    rate = float((ended.status == "won").mean()) if len(ended) else np.nan
    likely = deals[deals.status == "open"].assign(
        weighted=lambda d: d.amount * d.probability.fillna(rate))
    if likely.weighted.gt(0).any():
        return likely.groupby("person_id").weighted.sum(min_count=1).reindex(ids), "pipeline"
    return pd.Series(np.nan, index=ids), None


def _blend(history: pd.Series, parts: pd.DataFrame, source: str) -> tuple[pd.Series, list[Problem]]:
    known = parts.potential.where(parts.potential > 0)
    full_year = parts.months_grown.clip(lower=0) / max(float(parts.months_grown.max()), 1e-9)
    potential, past = _share(known * full_year), _share(history)
    covered = float(past[known.notna()].sum())  # whoever has no accounts keeps the share that history gives
    blend = (1 - POTENTIAL_SHARE) * past + POTENTIAL_SHARE * (potential * covered).where(known.notna(), past)
    notes = [Problem(f"decompose.potential_from_{source}", level="note", share=POTENTIAL_SHARE,
                     count=int(known.notna().sum()))]
    if known.isna().any():
        notes.append(Problem("decompose.potential_unknown", level="doubt", count=int(known.isna().sum()),
                             found=", ".join(known.index[known.isna()][:5])))
    return blend, notes


def _capability(crew: Crew) -> tuple[Array, Array]:
    """Draw everyone's grown month to the peers' as far as differences of this size are luck.

    Credibility in the manner of Buehlmann (1967): an own result over n months counts n t^2 / (n t^2 + s^2).
    """
    book = crew.past.book
    span = slice(-2 * YEAR, None)
    sales, active = book.sales[:, span], (book.present * book.ramp)[:, span]
    season = crew.forecast.season.to_numpy(float)[book.month[span]]
    information = active.sum(1)
    own = np.divide(sales.sum(1), information, out=np.zeros(len(sales)), where=information > 0)
    seen = (book.present[:, span] > 0) & (season > .05)
    expected = own[:, None] * active * season
    error = np.where(seen, sales - expected, 0.0)
    months = seen.sum(1)
    variance = np.divide((error ** 2).sum(1), np.maximum(months - 1, 1))
    enough = months >= 3
    at = crew.past.ids.get_indexer(crew.people.person_id)
    staying = np.zeros(len(own), bool)
    staying[at[at >= 0]] = True
    staying &= information > 0
    peers = staying & enough if (staying & enough).any() else staying
    if not peers.any():
        return np.zeros(len(crew.people)), np.zeros(len(crew.people))
    middle = float((own * information)[peers].sum() / information[peers].sum())
    noise = float(np.average(variance[peers], weights=np.maximum(months[peers] - 1, 1)))
    spread = float(np.var(own[peers], ddof=1)) if peers.sum() > 1 else 0.0
    between = max((LEAST_DIFFERENCE * middle) ** 2, spread - float(np.mean(noise / information[peers])))
    top = information * between
    faith = np.divide(top, top + noise, out=np.zeros(len(own)), where=top + noise > 0)
    drawn = faith * own + (1 - faith) * middle
    return (np.clip(np.where(at >= 0, drawn[at], middle), 0, None), np.where(at >= 0, faith[at], 0.0))


def _equal_chance(parts: pd.DataFrame, total: float) -> tuple[pd.Series, list[Problem]]:
    usable = (parts["mean"] > 0) & (parts.sd > 0)
    if not usable.any():
        return pd.Series(0.0, index=parts.index), []
    expected = parts.loc[usable, ["mean", "sd"]]
    note = equal_chance_note(expected, total)
    goals = equal_chance_goals(expected, total).reindex(parts.index).fillna(0.0)
    return goals, [] if note is None else [note]
