"""Top down against bottom up: what was proposed and what people claim, at every node of the organisation."""

from __future__ import annotations

import pandas as pd

WHO = ["department", "team", "person_id", "person"]
GAP_COLUMNS = ["level", "department", "team", "person_id", "person", "proposed", "claimed",
               "proposed_to_claimers", "gap", "share", "people", "claimed_people", "unclaimed"]
LEVELS: tuple[tuple[str, list[str]], ...] = (
    ("company", []), ("department", ["department"]), ("team", ["department", "team"]),
          ("person", WHO))


def top_down_against_bottom_up(proposed: pd.DataFrame, claims: pd.DataFrame,
                               by: str | None = None) -> pd.DataFrame:
    """Set what is proposed beside what people claim, at every node; who has not claimed yet counts apart.

    Parameters
    ----------
    proposed : DataFrame
        Columns department, team, person_id, person, goal (currency units): a plan's goals or people.
    claims : DataFrame
        Columns person_id, goal, and ``by`` if that is asked for. An empty goal, or no row, is "not claimed
        yet", never 0.
    by : str, optional
        ``month`` or ``product_line``: the same again for each of them, where claims say it.

    Returns
    -------
    DataFrame
        Columns level (company, department, team, person), department, team, person_id, person (empty above
        their level), [by], proposed (of everybody), claimed (NaN where nobody has), proposed_to_claimers
        (of those who have claimed), gap (claimed - proposed_to_claimers: below 0, people offer less), share
        (gap of what was proposed to them), people, claimed_people, unclaimed (proposed to those who have
        not claimed). proposed = proposed_to_claimers + unclaimed at every node. Claims of people who have no
        proposed goal stand in the rows of the company and of the person, with nothing proposed.

    Notes
    -----
    Source of method: top-down and bottom-up kept side by side, the gap published at each node (methods 3.1).

    Examples
    --------
    >>> proposed = pd.DataFrame({"department": "d", "team": "t", "person_id": ["1", "2"],
    ...                          "person": ["A", "B"], "goal": [100, 60]})
    >>> claims = pd.DataFrame({"person_id": ["1"], "goal": [90.]})
    >>> gap = top_down_against_bottom_up(proposed, claims)
    >>> [int(value) for value in gap.loc[0, ["proposed", "claimed", "gap", "claimed_people", "unclaimed"]]]
    [160, 90, -10, 1, 60]
    """
    extra = [] if by is None else [by]
    top = proposed.groupby([*WHO, *extra], dropna=False, as_index=False, sort=False).goal.sum()
    said = claims.dropna(subset=["goal"])
    said = said.groupby(["person_id", *extra], as_index=False).goal.sum()
    both = top.rename(columns={"goal": "proposed"}).merge(
        said.rename(columns={"goal": "claimed"}), on=["person_id", *extra], how="outer", sort=False)
    named = top.drop_duplicates("person_id").set_index("person_id")
    for column in ("department", "team", "person"):
        both[column] = both[column].fillna(both.person_id.map(named[column])).fillna("")
    both.loc[both.person == "", "person"] = both.person_id
    if "person" in claims:
        names = claims.dropna(subset=["person"]).drop_duplicates("person_id").set_index("person_id").person
        both["person"] = both.person.where(both.person != both.person_id,
                                           both.person_id.map(names).fillna(both.person_id))
    has = both.claimed.notna()
    both["proposed"] = both.proposed.fillna(0)
    both["asked"] = both.proposed.where(has, 0)
    both["unclaimed"] = both.proposed.where(~has, 0)
    both["claimer"] = both.person_id.where(has)
    rows = []
    for level, keys in LEVELS:
        groups = both.assign(_all="").groupby(["_all", *keys, *extra], sort=False, dropna=False)
        table = groups.agg(proposed=("proposed", "sum"), proposed_to_claimers=("asked", "sum"),
                           unclaimed=("unclaimed", "sum"), people=("person_id", "nunique"),
                           claimed_people=("claimer", "nunique")).reset_index()
        table["claimed"] = groups.claimed.sum(min_count=1).to_numpy(float)
        rows.append(table.assign(level=level))
    found = pd.concat(rows, ignore_index=True)
    found["gap"] = found.claimed - found.proposed_to_claimers
    found["share"] = found.gap / found.proposed_to_claimers.where(found.proposed_to_claimers > 0)
    found[WHO] = found.reindex(columns=WHO).fillna("")
    columns = [*GAP_COLUMNS[:5], *extra, *GAP_COLUMNS[5:]]
    return found[columns]
