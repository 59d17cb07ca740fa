"""Each person beside peers: what is believed after luck is taken out, and what may be said about it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.abilities.measures import MEASURES, Measure
from salesgoals.abilities.shrink import Shrunk, shrink_means, shrink_rates
from salesgoals.forecasting.season import Array

LEAST_PEERS = 5       # fewer would tell one colleague's figure to another
LEAST_IN_ROLE = 6     # below it a role is compared together with the other small ones
SURE = .95
ALIKE = .8
GROWN_ENOUGH = .9     # share of full sales from which a person is compared with grown colleagues
COMPARED = ["person_id", "person", "department", "team", "measure", "group", "peers", "n", "value", "shrunk",
            "low", "high", "center", "difference", "sure", "verdict", "better"]


def groups_of_peers(people: pd.DataFrame) -> pd.Series:
    """Say with whom each grown person is compared: the same role, small roles together.

    Parameters
    ----------
    people : DataFrame
        Index person_id; columns role, ramp.

    Returns
    -------
    Series
        Name of the group by person_id: a role, ``""`` for several roles together; missing for newcomers
        and where there are fewer than five peers in all.

    Examples
    --------
    >>> people = pd.DataFrame({"role": ["rep"] * 7 + ["boss"], "ramp": 1.0}, index=list("abcdefgh"))
    >>> groups_of_peers(people).value_counts().to_dict()
    {'': 8}
    """
    grown = people[~(people.ramp < GROWN_ENOUGH)]
    if len(grown) < LEAST_PEERS:
        return pd.Series(dtype="str")
    role = grown.role.fillna("")
    size = role.map(role.value_counts())
    group = role.where(size >= LEAST_IN_ROLE, "")
    alone = int((group == "").sum())
    return group if alone == 0 or alone >= LEAST_PEERS else pd.Series("", index=grown.index)


def compare_measured(seen: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Compare everything measured with the peers' and say only what can be said.

    Parameters
    ----------
    seen : DataFrame
        From :func:`salesgoals.abilities.measures.measure_people`.
    people : DataFrame
        Index person_id; columns person, department, team, role, ramp.

    Returns
    -------
    DataFrame
        Columns as :func:`salesgoals.team.compare_with_peers` describes them.
    """
    group = groups_of_peers(people)
    parts = []
    for name, measure in MEASURES.items():
        rows = seen[seen.measure == name].set_index("person_id")
        if len(rows):
            parts.append(_compare(name, measure, rows, group))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in (*COMPARED[:6], "verdict") else "float64")
                             for name in COMPARED})
    told = pd.concat(parts).rename_axis("person_id")
    told = told.join(people[["person", "department", "team"]]).reset_index()
    place = {person: number for number, person in enumerate(people.index)}
    order = told.person_id.map(place).to_numpy() * len(MEASURES) + told.measure.map(
        {name: number for number, name in enumerate(MEASURES)}).to_numpy()
    return told.iloc[np.argsort(order, kind="stable")][COMPARED].reset_index(drop=True)


def _compare(name: str, measure: Measure, rows: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    told = pd.DataFrame({"measure": name, "group": group.reindex(rows.index).astype("str"), "n": rows.n,
                         "value": rows.value, "better": float(measure.better)}, index=rows.index)
    nothing = ("shrunk", "low", "high", "center", "difference", "sure")
    told[list(nothing)] = np.nan
    # The two that follow are told apart by the reader: not yet grown, or nobody to compare with.
    told["verdict"] = np.where(rows.index.isin(group.index), "few", "newcomer" if len(group) else "few")
    enough = (rows.n >= measure.least) & rows.index.isin(group.index)
    enough &= rows[["hits" if measure.kind == "rate" else "error"]].notna().to_numpy().ravel()
    counts = told.group[enough].value_counts()
    enough &= told.group.map(counts).fillna(0).to_numpy() >= LEAST_PEERS
    told["peers"] = told.group.map(counts).where(enough)
    if not enough.any():
        return told
    codes = pd.factorize(told.group[enough])[0]
    used = rows[enough]
    if measure.kind == "rate":
        found = shrink_rates(used.hits.to_numpy(float), used.tries.to_numpy(float), codes, measure.small)
        small = measure.small
    else:
        small = float(np.log1p(measure.small)) if measure.kind == "amount" else measure.small
        found = shrink_means(used.estimate.to_numpy(float), used.error.to_numpy(float), codes,
                             measure.widest, small)
    back = np.exp if measure.kind == "amount" else np.asarray
    told.loc[enough, ["shrunk", "low", "high", "center"]] = np.c_[
        back(found.mean), back(found.low), back(found.high), back(found.center)]
    told.loc[enough, "difference"] = np.expm1(found.difference) if measure.kind == "amount" else (
        found.difference)
    told.loc[enough, "sure"] = np.maximum(found.above, found.below)
    told.loc[enough, "verdict"] = judge(found, small)
    return told


def judge(found: Shrunk, small: float) -> Array:
    """Say above, below, like the peers, or unsure: too little to say.

    Notes
    -----
    A difference is only named when it is real with 95 % and large enough to matter to anybody. So at most
    one in twenty of all differences that are named is expected to be none, however many people and measures
    are looked at (Bayesian false discovery rate; Efron, "Large-Scale Inference", ch. 2).
    """
    matters = np.abs(found.difference) >= small
    certain = np.maximum(found.above, found.below) >= SURE
    side = np.where(found.above > found.below, "above", "below")
    like = (found.near >= ALIKE) | (certain & ~matters)
    return np.where(certain & matters, side, np.where(like, "like", "unsure"))
